"""The generated school: always the same, of any size, coherent, and truthful about what changed."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from entformats import aaf
from entformats.codes import ine, uai
from entformats.codes.school_year import SchoolYear
from entformats.testing.school import ChangeKind, generate
from entformats.timetable import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from entformats.identity import Ref
    from entformats.testing.school import Change, FictitiousSchool
    from entformats.timetable import KeyedLesson, Timetable

OPEN_GROUPS = ("ATELIER",)
"""Groups that meet while the classes of their pupils have other lessons."""
GOLDEN = "2671e2b4914feab36f008ad24c3f999ed409ebf6d9b64841f08d987cc0d5b171"


def told(school: FictitiousSchool) -> Iterator[str]:
    """Write down what a school is, in words that do not depend on how the models are made."""
    yield f"{school.uai} {school.name} {school.first_at.isoformat()} {school.second_at.isoformat()}"
    for timetable in (school.first, school.second):
        for person in timetable.identities():
            yield f"{person.ref} {person.source_key} {sorted(one.value for one in person.identifiers)}"
        for name, pupil in timetable.pupils.items():
            yield f"{name} {[(m.of, str(m.start), str(m.end)) for m in pupil.memberships]}"
        for group in timetable.option_groups.values():
            yield f"{group.ref} {group.name} {group.classes} {group.parts} {group.pupils}"
        for lesson in timetable.weekly_lessons:
            who = [(presence.who, presence.weeks.mask) for presence in lesson.presences]
            yield f"{lesson.weekday} {lesson.start} {lesson.end} {lesson.subjects} {who} {lesson.cancelled.mask}"
    accounts: list[aaf.Pupil | aaf.Staff] = [*school.directory.pupils.values(), *school.directory.staff.values()]
    for account in accounts:
        yield f"{account.key} {account.given} {account.family} {account.birth_family} {account.birth_date}"
    for change in school.changes:
        yield f"{change.kind} {change.names} {change.people} {change.weeks}"


def test_same_seed_gives_the_same_school_on_every_version() -> None:
    """The digest of a small school does not change from one Python, one machine, one run to the next."""
    text = "\n".join(told(generate(3, pupils=24)))
    assert hashlib.sha256(text.encode()).hexdigest() == GOLDEN


def test_another_seed_gives_another_school() -> None:
    """The seed decides."""
    assert list(told(generate(3, pupils=24))) != list(told(generate(4, pupils=24)))
    assert generate(3, pupils=24) != generate(4, pupils=24)


def test_changes_do_not_touch_the_first_export() -> None:
    """The first timetable is the same whatever is drawn afterwards."""
    assert generate(5, pupils=40, changes=0).first == generate(5, pupils=40, changes=30).first


def test_no_change_no_difference() -> None:
    """Without changes the second export says the same as the first."""
    still = generate(5, pupils=40, changes=0)
    assert still.first == still.second
    assert still.changes == ()


@pytest.mark.parametrize(("pupils", "classes"), [(20, 3), (24, 3), (90, 5), (240, 10), (420, 17), (1500, 61)])
def test_size(pupils: int, classes: int) -> None:
    """Any number of pupils is honoured, in classes of about 25 and one class `ULIS`."""
    school = generate(1, pupils=pupils)
    sizes = [len(school.first.members(home, on=school.first_at.date())) for home in school.first.classes]
    assert len(school.first.pupils) == sum(sizes) == pupils
    assert len(sizes) == classes
    assert max(sizes) <= 30


def test_exports_fall_inside_the_year(schools: list[FictitiousSchool]) -> None:
    """Both exports are made at an aware instant of the school year, the second after the first."""
    for school in schools:
        assert school.first.start is not None
        assert school.first.end is not None
        assert school.first.start < school.first_at.date() < school.second_at.date() < school.first.end
        assert school.first_at.utcoffset() == school.second_at.utcoffset() == timedelta(hours=1)


def test_year_decides_the_calendar(schools: list[FictitiousSchool]) -> None:
    """A year has the holidays of zone A, and about 36 weeks of lessons, all on the days of its grid."""
    for school in schools:
        first = school.first
        assert first.first_monday is not None
        assert first.first_monday.isoweekday() == 1
        assert all(30 <= len(weeks) <= 37 for weeks in first.opened.values())
        assert set(first.opened) == {1, 2, 3, 4, 5}
        assert any(gap.last - gap.first >= timedelta(days=11) for gap in first.closures)
        assert len(first.alternations) == 2


def test_holidays_of_a_known_year() -> None:
    """The holidays of 2022-2023 in zone A are found, and the closed Monday to Friday around them."""
    closures = {(gap.first, gap.last) for gap in generate(2, pupils=40, year=SchoolYear(2022)).first.closures}
    assert {
        (date(2022, 10, 24), date(2022, 11, 4)),
        (date(2022, 12, 19), date(2023, 1, 2)),
        (date(2023, 2, 6), date(2023, 2, 17)),
        (date(2023, 5, 18), date(2023, 5, 19)),
        (date(2023, 5, 29), date(2023, 5, 29)),
    } <= closures


def taken(timetable: Timetable) -> Iterator[tuple[Ref, int, int, int]]:
    """Give who is where, week by week and place by place; classes with their groups."""
    for lesson in timetable.weekly_lessons:
        assert lesson.first_slot is not None
        assert lesson.slot_count is not None
        places = range(lesson.first_slot, lesson.first_slot + lesson.slot_count)
        for presence in lesson.presences:
            for week in presence.weeks:
                for place in places:
                    yield presence.who, lesson.weekday, week, place


@pytest.mark.parametrize("which", ["first", "second"])
def test_nobody_is_in_two_places(schools: list[FictitiousSchool], which: str) -> None:
    """No teacher, class, part, group or room has two lessons at once."""
    for school in schools:
        rows = Counter(taken(getattr(school, which)))
        assert [row for row, count in rows.items() if count > 1] == []


@pytest.mark.parametrize("which", ["first", "second"])
def test_classes_and_their_groups_do_not_clash(schools: list[FictitiousSchool], which: str) -> None:
    """While a group has a lesson, its classes have none, workshops aside."""
    for school in schools:
        timetable: Timetable = getattr(school, which)
        of_classes = {row for row in taken(timetable) if kind_of(row[0]) is Kind.CLASS}
        for who, *when in taken(timetable):
            if kind_of(who) is Kind.GROUP and not timetable.option_groups[who].name.startswith(OPEN_GROUPS):
                group = timetable.option_groups[who]
                homes = {*group.classes, *(timetable.class_parts[part].school_class for part in group.parts)}
                assert not {(home, *when) for home in homes} & of_classes


def test_what_real_files_hold(schools: list[FictitiousSchool]) -> None:
    """Every trap of the sample files is there: see `corpus/edt/README.md`."""
    for school in schools:
        first = school.first
        lessons = first.weekly_lessons
        teaching = {p.who for lesson in lessons for p in lesson.of(Kind.TEACHER)}
        assert set(first.teachers) - teaching, "a teacher without lesson"
        assert sum(not lesson.presences for lesson in lessons) == 3, "lessons with a subject only"
        assert any(lesson.of(Kind.STAFF) and not lesson.of(Kind.TEACHER) for lesson in lessons), "supervised lessons"
        assert any(lesson.on_class_part_only for lesson in lessons), "class parts without group"
        assert any(lesson.annual is False and len(lesson.weeks) == 1 for lesson in lessons), "exceptional lessons"
        assert any(lesson.of(Kind.EQUIPMENT) for lesson in lessons)
        assert any(len({p.weeks for p in lesson.of(Kind.TEACHER)}) == 2 for lesson in lessons), "shared by weeks"
        groups = first.option_groups.values()
        assert any(group.pupils for group in groups)
        assert any(group.classes for group in groups)
        assert all(first.members(group, on=school.first_at.date()) for group in groups)
        names = Counter((p.given, p.family) for p in school.directory.pupils.values())
        assert max(names.values()) > 1, "homonyms, told apart by birth date"


def test_homonyms_have_other_birth_dates(schools: list[FictitiousSchool]) -> None:
    """No two accounts share a given name, a family name and a birth date."""
    for school in schools:
        for people in (school.directory.pupils, school.directory.staff):
            keys = Counter((p.given, p.family, p.birth_date) for p in people.values())
            assert max(keys.values()) == 1


def test_directory_is_coherent(schools: list[FictitiousSchool]) -> None:
    """Every reference of the directory resolves, every code has its key."""
    for school in schools:
        d = school.directory
        (record,) = d.schools.values()
        assert record.uai == school.uai
        assert uai.is_checked(record.uai)
        classes, groups = {one.name for one in record.classes}, {one.code for one in record.groups}
        assert all(set(one.classes) <= classes and one.classes for one in record.groups)
        assert all(mef in d.mefs for one in record.classes for mef in one.mefs)
        for pupil in d.pupils.values():
            assert ine.is_checked(ine.parse(pupil.ine))
            assert {one.name for one in pupil.classes} <= classes
            assert {one.name for one in pupil.groups} <= groups
            assert len(pupil.classes) == 1
            assert pupil.mef is None or pupil.mef in d.mefs
            assert all(pupil.key in d.guardians[link.person].children for link in pupil.relations)
            assert sum(link.financial for link in pupil.relations) == 1
        for staff in d.staff.values():
            assert staff.family.isascii()
            assert staff.given.isascii()
            assert {one.name for one in (*staff.classes, *staff.head_teacher_of)} <= classes
            assert {one.name for one in staff.groups} <= groups
            assert all(one.subject in d.subjects for one in (*staff.class_subjects, *staff.group_subjects))
        assert {child for guardian in d.guardians.values() for child in guardian.children} <= set(d.pupils)


def test_accounts_are_those_of_the_directory(schools: list[FictitiousSchool]) -> None:
    """Everybody of the directory is somebody of the timetables; the others are strangers, named by a change."""
    for school in schools:
        d = school.directory
        assert sorted(school.accounts.values()) == sorted({**d.pupils, **d.guardians, **d.staff})
        people = {**school.second.teachers, **school.second.pupils}
        strangers = {who for who in people if who not in school.accounts}
        unknown = {ChangeKind.SUBSTITUTION_UNKNOWN, ChangeKind.TEACHER_UNKNOWN, ChangeKind.PUPIL_UNKNOWN}
        assert strangers == {change.people[-1] for change in school.changes if change.kind in unknown}
        assert not strangers & school.by_hand


def test_every_kind_of_change_occurs() -> None:
    """Every kind is at least one in a hundred of the changes drawn, in small schools as in larger ones."""
    for pupils in (24, 90):
        counts = Counter(c.kind for seed in range(20) for c in generate(seed, pupils=pupils, changes=12).changes)
        assert {kind: count for kind in ChangeKind if (count := counts[kind]) < 0.01 * counts.total()} == {}


def test_every_kind_of_change_has_a_label() -> None:
    """No two kinds are said in the same words."""
    assert len({kind.label for kind in ChangeKind}) == len(ChangeKind)


def test_more_changes_than_a_school_can_bear() -> None:
    """What cannot be done, or not twice, is left out: there may be fewer changes than asked for."""
    school = generate(8, pupils=24, changes=300)
    counts = Counter(change.kind for change in school.changes)
    assert counts[ChangeKind.ALTERNATION_REPLACED] == counts[ChangeKind.CLOSURE_REMOVED] == 1
    assert 24 <= counts.total() < 300
    assert not [row for row, count in Counter(taken(school.second)).items() if count > 1]


def dated(lessons: tuple[KeyedLesson, ...]) -> Counter[object]:
    """Count the dated occurrences of lessons, by brute force: week, times, subject, who is there, cancelled."""
    return Counter(
        (
            lesson.weekday,
            week,
            lesson.start,
            lesson.end,
            lesson.subject,
            frozenset(who for who, weeks in lesson.presences if week in weeks),
            week in lesson.cancelled,
            lesson.annual,
        )
        for lesson in lessons
        for week in range(1, 64)
        if any(week in weeks for _, weeks in lesson.presences)
    )


def test_changes_lead_from_the_first_export_to_the_second(schools: list[FictitiousSchool]) -> None:
    """Occurrence by occurrence, the second export is the first one with each change made, and nothing else."""
    for school in schools:
        found = dated(school.first.keyed_lessons)
        for change in school.changes:
            gone = dated(change.before)
            assert gone <= found, change
            found = found - gone + dated(change.after)
        assert found == dated(school.second.keyed_lessons)


def test_what_is_not_a_lesson_changes_only_as_said(schools: list[FictitiousSchool]) -> None:
    """Subjects, classes, groups and pupils differ by the changes that name them, and by nothing else."""
    for school in schools:
        kinds = by_kind(school)
        first, second = school.first, school.second
        assert codes(second) - codes(first) == {c.names[0] for c in kinds[ChangeKind.SUBJECT_ADDED]}
        assert codes(first) <= codes(second)
        labels = {s.code for r, s in first.subjects.items() if second.subjects[r].label != s.label}
        assert labels == {c.names[0] for c in kinds[ChangeKind.SUBJECT_RELABELLED]}
        new = {c.name for c in second.classes.values()} - {c.name for c in first.classes.values()}
        assert new == {c.names[0] for c in kinds[ChangeKind.CLASS_ADDED]}
        groups = {g.name for g in second.option_groups.values()} ^ {g.name for g in first.option_groups.values()}
        named = (*kinds[ChangeKind.GROUP_CREATED], *kinds[ChangeKind.GROUP_RENAMED])
        assert groups == {name for change in named for name in change.names}
        new_teachers = set(second.teachers) - set(first.teachers)
        unknown = (*kinds[ChangeKind.SUBSTITUTION_UNKNOWN], *kinds[ChangeKind.TEACHER_UNKNOWN])
        assert new_teachers == {change.people[-1] for change in unknown}


def codes(timetable: Timetable) -> set[str]:
    """Give the codes of the subjects."""
    return {subject.code for subject in timetable.subjects.values()}


def by_kind(school: FictitiousSchool) -> Mapping[ChangeKind, list[Change]]:
    """Sort the changes of a school."""
    found: defaultdict[ChangeKind, list[Change]] = defaultdict(list)
    for change in school.changes:
        found[change.kind].append(change)
    return found


def homes(timetable: Timetable, pupil: Ref, on: date) -> set[str]:
    """Give the names of the classes of a pupil on a day."""
    return {
        timetable.classes[m.of].name
        for m in timetable.pupils[pupil].memberships
        if m.of in timetable.classes and m.start and m.end and m.start <= on <= m.end
    }


def test_pupils_move_leave_and_arrive_as_said(schools: list[FictitiousSchool]) -> None:
    """Before the second export pupils are where they were, after the holidays where the change says."""
    for school in schools:
        kinds = by_kind(school)
        early, late = school.first_at.date(), school.second_at.date() + timedelta(days=1)
        moving = (ChangeKind.PUPIL_MOVED, ChangeKind.PUPIL_LEFT, ChangeKind.PUPIL_ARRIVED, ChangeKind.PUPIL_UNKNOWN)
        concerned = {change.people[0]: change for kind in moving for change in kinds[kind]}
        for name in school.second.pupils:
            was = homes(school.second, name, early)
            now = homes(school.second, name, late)
            if name not in concerned:
                assert was == now == homes(school.first, name, early)
            elif (change := concerned[name]).kind is ChangeKind.PUPIL_MOVED:
                assert (was, now) == ({change.names[0]}, {change.names[1]})
            elif change.kind is ChangeKind.PUPIL_LEFT:
                assert (was, now) == ({change.names[0]}, set())
            else:
                assert (was, now) == (set(), {change.names[0]})


def test_calendar_changes_as_said(schools: list[FictitiousSchool]) -> None:
    """A closure added is one more, a closure removed one less; alternations are replaced from the return on."""
    for school in schools:
        kinds = by_kind(school)
        first, second = set(school.first.closures), set(school.second.closures)
        assert second - first == {change.closure for change in kinds[ChangeKind.CLOSURE_ADDED]}
        assert first - second == {change.closure for change in kinds[ChangeKind.CLOSURE_REMOVED]}
        before, after = ({a.mondays for a in t.alternations} for t in (school.first, school.second))
        assert bool(kinds[ChangeKind.ALTERNATION_REPLACED]) == before.isdisjoint(after)


def test_events_of_single_weeks_as_said(schools: list[FictitiousSchool]) -> None:
    """Cancellations, substitutions and exceptional lessons bear on the weeks that their change names, all to come."""
    for school in schools:
        kinds = by_kind(school)
        back = school.second.week_of(school.second_at.date()) + 1
        for kind in (
            ChangeKind.LESSON_CANCELLED,
            ChangeKind.SUBSTITUTION,
            ChangeKind.SUBSTITUTION_UNKNOWN,
            ChangeKind.SUBSTITUTION_APART,
            ChangeKind.EXCEPTIONAL_ADDED,
        ):
            for change in kinds[kind]:
                assert change.weeks
                assert min(change.weeks) >= back
                gone, come = dated(change.before) - dated(change.after), dated(change.after) - dated(change.before)
                assert come.total() == len(change.weeks)
                assert gone.total() == (0 if kind is ChangeKind.EXCEPTIONAL_ADDED else len(change.weeks))


def test_services_change_as_said(schools: list[FictitiousSchool]) -> None:
    """A service is added, modified or removed, or keeps others of its lessons, as its change says."""
    for school in schools:
        first, second = ({lesson.service for lesson in t.keyed_lessons} for t in (school.first, school.second))
        for kind, changes in by_kind(school).items():
            for change in changes:
                before, after = ({lesson.service for lesson in rows} for rows in (change.before, change.after))
                if kind is ChangeKind.SERVICE_ADDED:
                    assert not after & first
                elif kind is ChangeKind.SERVICE_REMOVED:
                    assert not before & second
                elif kind in {ChangeKind.LESSON_ADDED, ChangeKind.LESSON_REMOVED, ChangeKind.SERVICE_MODIFIED}:
                    assert before | after <= second
                    assert len(before | after) == 1
                elif kind in {ChangeKind.TEACHER_ADDED, ChangeKind.GROUP_RENAMED}:
                    assert before.isdisjoint(after)


def test_nothing_personal_is_shown(schools: list[FictitiousSchool]) -> None:
    """No `repr` says who anyone is."""
    names = {p.family for school in schools for p in school.directory.pupils.values()}
    for school in schools:
        shown = f"{school!r} {school.changes!r} {school.directory!r} {school.first!r}"
        assert not any(name in shown for name in names)
