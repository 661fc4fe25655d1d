"""Two exports of one fictitious college, imported one after the other: every line of the page that comes with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from attrs import frozen

from entformats import edt, rules
from entformats.identity import Decision, Profile, Ref
from entformats.rules import DropReason, GroupMode, Policy, Preview, Roster, State
from entformats.rules.bilan_counts import (
    AddedModified,
    AddedModifiedRemoved,
    AddedRemoved,
    Counts,
    Delta,
    Imported,
    Management,
    Preliminary,
    Running,
    ServiceCount,
    Services,
    Weekly,
)
from entformats.testing.school import account_of, directory_of
from entformats.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

UAI = "0749999S"
PARIS = ZoneInfo("Europe/Paris")
OPTION_2 = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
AUTUMN, WINTER, TURN = datetime(2022, 11, 7, 9, tzinfo=PARIS), datetime(2023, 2, 19, 9, tzinfo=PARIS), date(2023, 2, 20)

FIRST = Counts(
    Preliminary(
        subjects=AddedModified(23, 0),
        closure_periods=AddedRemoved(9, 0),
        week_alternations=AddedModifiedRemoved(2, 0, 0),
        teaching_services=Services(added=ServiceCount(311, 2)),
        lessons=Delta(14330),
        classes=Imported(16, 1),
        option_groups=Imported(89, 0),
        teachers=Imported(34, 0),
        group_management=Management(0, 0, 0, 0),
    ),
    Weekly(Running(0, 0), Running(0, 0), Running(6, 6)),
)
SECOND = Counts(
    Preliminary(
        subjects=AddedModified(0, 0),
        closure_periods=AddedRemoved(0, 0),
        week_alternations=AddedModifiedRemoved(2, 0, 2),
        teaching_services=Services(ServiceCount(0, 0), ServiceCount(85, 0), ServiceCount(2, 0)),
        lessons=Delta(-131),
        classes=Imported(16, 1),
        option_groups=Imported(89, 0),
        teachers=Imported(34, 3),
        group_management=Management(0, 0, 0, 3),
    ),
    Weekly(Running(24, 24), Running(4, 4), Running(1, 7)),
)
"""The bilan of the second export, as the page of the samples gives it."""
STALE = {
    ("3100115", "class:5E1"),
    ("3100115", "group:5E1 APB"),
    ("3100115", "group:5E1 SC1"),
    ("3100241", "class:4E2"),
    ("3100241", "group:4E2 SC1"),
    ("3100241", "group:4E2 APA"),
    ("3100241", "group:4E ALL"),
    ("3100241", "group:ATELIER ROBOTIQUE"),
    ("2700010", "group:3E1 APA"),
    ("2700010", "group:6E2 APB"),
}


@frozen(repr=False)
class Story:
    """Everything that happened to the school that year."""

    timetables: tuple[Timetable, Timetable]
    roster: Roster
    first: Preview
    state: State
    second: Preview


def by_hand(timetable: Timetable, preview: Preview) -> tuple[Decision, ...]:
    """Identify the staff whom the export names without a birth date."""
    staff = (one.ref for profile in (Profile.TEACHER, Profile.STAFF) for one in timetable.identities(profile))
    lost = (ref for ref in staff if preview.matching.account(ref) is None)
    return tuple(preview.matching.decide(ref, account_of(timetable, Ref(ref)), at=AUTUMN) for ref in lost)


def prepare(
    timetable: Timetable,
    roster: Roster,
    state: State,
    at: datetime,
    *,
    decisions: tuple[Decision, ...] = (),
    policy: Policy | None = None,
) -> Preview:
    """Prepare an import in the mode of the presentation."""
    chosen = policy or Policy()
    return rules.prepare(timetable, roster, state=state, mode=OPTION_2, decisions=decisions, policy=chosen, at=at)


@pytest.fixture(scope="module")
def story(corpus: Callable[[str], Path]) -> Story:
    """Import the autumn export, validate it, write it, import the winter export."""
    autumn = edt.read(corpus("edt/college.xml"), uai=UAI).timetable
    winter = edt.read(corpus("edt/college-s2.xml"), uai=UAI).timetable
    roster = rules.roster(directory_of(autumn), school=UAI)
    state = State.new(UAI, 2022)
    decisions = by_hand(autumn, prepare(autumn, roster, state, AUTUMN))
    first = prepare(autumn, roster, state, AUTUMN, decisions=decisions)
    kept = State.from_json(first.validate(state, at=AUTUMN, by="principal").to_json())
    held = rules.roster_after(roster, kept.snapshot)
    return Story((autumn, winter), held, first, kept, prepare(winter, held, kept, WINTER))


def test_everybody_of_the_first_export_is_known(story: Story) -> None:
    """The 35 teachers, the 5 other staff and the 420 pupils are matched, some staff by hand."""
    counts = {profile: story.first.matching.only(profile=profile).counts for profile in Profile}
    assert [(profile.value, found.matched, found.total) for profile, found in counts.items()] == [
        ("pupil", 420, 420),
        ("guardian", 0, 0),
        ("teacher", 35, 35),
        ("staff", 5, 5),
    ]


def test_strangers_of_the_second_export_are_unknown(story: Story) -> None:
    """The three substitutes and the pupil who arrived are in no directory; all others are."""
    assert set(story.second.matching.unmatched) == {"pupil:421", "teacher:60", "teacher:61", "teacher:62"}
    assert story.second.matching.counts.matched == 460


def test_first_bilan(story: Story) -> None:
    """Every figure given for the first import; its lines on groups are those of a directory that knows them all."""
    assert story.first.bilan.counts == FIRST
    assert story.first.blockers == story.first.warnings == ()


def test_first_incomplete_services(story: Story) -> None:
    """DEVFA for one group and PERM for one class have no teacher."""
    found = {(service.subject, service.audience) for service in story.first.bilan.incomplete}
    assert {subject for subject, _ in found} == {"subject:DEVFA", "subject:PERM"}
    assert all(not service.teachers for service in story.first.bilan.incomplete)


def test_second_bilan(story: Story) -> None:
    """Every line of the expected bilan of the second import."""
    assert story.second.bilan.counts == SECOND


def test_second_bilan_as_text(story: Story) -> None:
    """The text says the same as the numbers, and is in the history once validated."""
    text = rules.bilan.render(story.second.bilan)
    assert "  - 131 séances en moins depuis l'import précédent" in text.splitlines()
    assert rules.bilan.parse(text) == SECOND
    assert story.second.validate(story.state, at=WINTER).history[-1].bilan == text


def test_lessons_removed_and_added(story: Story) -> None:
    """862 dated lessons go, 731 come, 13468 stay."""
    lessons = story.second.bilan.lessons
    stay = story.first.snapshot.lesson_keys & story.second.snapshot.lesson_keys
    assert (len(lessons.removed), len(lessons.added), len(stay)) == (862, 731, 13468)


def test_lessons_from_the_turn_on(story: Story) -> None:
    """A bilan that leaves the past alone counts 791 lessons removed and 731 added; so does its plan."""
    preview = prepare(story.timetables[1], story.roster, story.state, WINTER, policy=Policy(since=TURN))
    lessons, written = preview.bilan.lessons, preview.plan.lessons
    assert (len(lessons.removed), len(lessons.added)) == (791, 731)
    assert (len(written.removed), len(written.added), len(written.modified)) == (791, 731, 0)
    gone = [one for one in preview.selection.dropped if one.reason is DropReason.IN_THE_PAST]
    assert [one.occurrences for one in gone] == [1, 1, 1, 1]


def test_pupils_to_add(story: Story) -> None:
    """Pupil 115 alone is to be added, to a class and two groups; the unknown pupil 421 to none."""
    assert dict(story.second.bilan.group_management.pupils_to_add) == dict.fromkeys(
        ("class:5E2", "group:5E2 APB", "group:5E2 SC1"), frozenset({"3100115"})
    )


def test_services_removed(story: Story) -> None:
    """The two services that vanish are those of teacher 10 for two groups."""
    gone = story.second.bilan.teaching_services.removed
    assert {service.audience for service in gone} == {("group:3E1 APA",), ("group:6E2 APB",)}
    assert {service.subject for service in gone} == {"subject:AP"}


def test_stale_members_apart(story: Story) -> None:
    """Who left a class or a group is proposed for removal, never counted and never written."""
    found = {(row.account, row.audience) for row in story.second.grouping.stale_members}
    proposed = story.second.plan.proposed_removals
    assert found == STALE
    assert {(one.account, one.audience) for one in proposed.memberships.removed} == STALE
    assert not proposed.groups
    assert not story.second.plan.memberships.removed


def test_lessons_left_out(story: Story) -> None:
    """Only the three lessons on class parts are left out, with their 96 dated lessons; `ULIS` is without services."""
    for preview in (story.first, story.second):
        assert {one.reason for one in preview.selection.dropped} == {DropReason.CLASS_PART_ONLY}
        assert sum(one.occurrences for one in preview.selection.dropped) == 96
        assert preview.bilan.classes.not_imported == {"class:ULIS"}


def test_same_file_again_changes_nothing(story: Story) -> None:
    """The first export again, once validated and written: nothing is counted but the populations and the totals."""
    again = prepare(story.timetables[0], story.roster, story.state, AUTUMN)
    assert again.bilan.counts == Counts(
        Preliminary(classes=Imported(16, 1), option_groups=Imported(89, 0), teachers=Imported(34, 0)),
        Weekly(exceptional_lessons=Running(0, 6)),
    )
    written = (again.plan.subjects, again.plan.groups, again.plan.memberships, again.plan.lessons)
    assert [len(one) for one in written] == [0, 0, 0, 0]
    assert not again.plan.proposed_removals.memberships
