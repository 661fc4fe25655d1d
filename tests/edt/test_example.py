"""The hand-made example of the format page: eleven lessons walked through, pupils on dates (edt 6)."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from entformats import edt
from entformats.identity import IdentifierKind, Profile
from entformats.timetable import Kind, Lesson, Timetable, WeeklyLesson, ref
from entformats.timetable.services import EventKind, weekly_events

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ODD_TUESDAYS = [
    date(2022, 9, 13),
    date(2022, 9, 27),
    date(2022, 10, 11),
    date(2022, 11, 8),
    date(2022, 11, 22),
    date(2022, 12, 6),
    date(2023, 1, 3),
    date(2023, 1, 17),
    date(2023, 1, 31),
    date(2023, 2, 28),
    date(2023, 3, 14),
    date(2023, 3, 28),
    date(2023, 4, 25),
    date(2023, 5, 9),
    date(2023, 5, 23),
    date(2023, 6, 6),
    date(2023, 6, 20),
    date(2023, 7, 4),
]


@pytest.fixture(scope="module")
def export(corpus: Callable[[str], Path]) -> edt.Export:
    """Read the example once."""
    return edt.read(corpus("edt/example.xml"), uai="0749999S")


@pytest.fixture(scope="module")
def timetable(export: edt.Export) -> Timetable:
    """Give its timetable."""
    return export.timetable


def weekly(timetable: Timetable, number: int) -> WeeklyLesson:
    """Give lesson C1 to C11 by its number."""
    return timetable.weekly_lessons[number - 1]


def dated(timetable: Timetable, number: int) -> list[Lesson]:
    """Give the dated lessons of one weekly lesson, by reading a timetable that has no other."""
    lesson = weekly(timetable, number)
    keys = (lesson.weekday, lesson.start, lesson.subjects, {p.who for p in lesson.presences})
    return [
        one
        for one in timetable.lessons()
        if (one.date.isoweekday(), one.start, one.subjects) == keys[:3]
        and one.participants
        and one.participants <= keys[3]
    ]


def test_c1_takes_place_every_open_monday(timetable: Timetable) -> None:
    """32 Mondays from 08:00 to 08:55, the first on 5 September."""
    lessons = dated(timetable, 1)
    assert len(lessons) == 32
    assert lessons[0].date == date(2022, 9, 5)
    assert {(one.start, one.end) for one in lessons} == {(time(8, 0), time(8, 55))}


def test_c2_by_hand(timetable: Timetable) -> None:
    """The eighteen Tuesdays of the page, with the end label of the last place and not a multiplication."""
    lessons = dated(timetable, 2)
    assert [one.date for one in lessons] == ODD_TUESDAYS
    assert {(one.start, one.end) for one in lessons} == {(time(10, 5), time(11, 55))}
    assert {one.participants for one in lessons} == {frozenset({"teacher:3", "group:2", "room:15503"})}


def test_c3_alternates_with_c2(timetable: Timetable) -> None:
    """Eighteen Tuesdays too, none in common."""
    days = [one.date for one in dated(timetable, 3)]
    assert len(days) == 18
    assert not set(days) & set(ODD_TUESDAYS)
    assert weekly(timetable, 2).weeks.isdisjoint(weekly(timetable, 3).weeks)


def test_c4_is_given_by_two_teachers_with_equipment(timetable: Timetable) -> None:
    """36 Thursdays from 13:45 to 14:40."""
    lessons = dated(timetable, 4)
    assert len(lessons) == 36
    assert {(one.date.isoweekday(), one.start, one.end) for one in lessons} == {(4, time(13, 45), time(14, 40))}
    assert lessons[0].of(Kind.TEACHER) == {"teacher:4", "teacher:5"}
    assert lessons[0].of(Kind.EQUIPMENT) == {"equipment:2"}


def test_c5_is_cancelled_once(timetable: Timetable) -> None:
    """35 Fridays, the one of 10 March cancelled: kept and marked, not dropped."""
    lessons = dated(timetable, 5)
    assert len(lessons) == 35
    assert [one.date for one in lessons if one.cancelled] == [date(2023, 3, 10)]
    assert len(weekly(timetable, 5).active_weeks) == 34


def test_c6_has_a_substitute_in_four_weeks(timetable: Timetable) -> None:
    """36 Wednesdays: teacher 4 in 32, teacher 6 in the four others."""
    days = {
        ref: [one.date for one in dated(timetable, 6) if ref in one.participants] for ref in ("teacher:4", "teacher:6")
    }
    assert len(days["teacher:4"]) == 32
    assert days["teacher:6"] == [date(2023, 3, 1), date(2023, 3, 8), date(2023, 3, 15), date(2023, 3, 22)]
    assert len(dated(timetable, 6)) == 36


def test_c7_is_one_lesson_for_two_classes(timetable: Timetable) -> None:
    """27 March, 12:50 to 14:40, both classes; not annual."""
    [lesson] = dated(timetable, 7)
    assert (lesson.date, lesson.start, lesson.end) == (date(2023, 3, 27), time(12, 50), time(14, 40))
    assert lesson.of(Kind.CLASS) == {"class:2", "class:3"}
    assert weekly(timetable, 7).annual is False


def test_c8_cannot_be_imported(export: edt.Export) -> None:
    """36 Thursdays on a class part without a group, reported with class, subject, slot and the teacher's reference."""
    lesson = weekly(export.timetable, 8)
    assert lesson.on_class_part_only
    assert len(lesson.weeks) == 36
    [found] = export.report.of_slug("lesson_on_class_part_only")
    assert dict(found.params) == {"school_class": "6B", "subject": "AP", "slot": "4/08:55", "teachers": "teacher:5"}
    assert found.where.line == 152


def test_c9_is_held_by_staff(timetable: Timetable) -> None:
    """35 Fridays without teacher."""
    lessons = dated(timetable, 9)
    assert len(lessons) == 35
    assert all(one.of(Kind.STAFF) == {"staff:2"} and not one.of(Kind.TEACHER) for one in lessons)


def test_c10_has_one_more_pupil_once(timetable: Timetable) -> None:
    """36 Thursdays, pupil 5 on 23 March only; its label is kept."""
    lessons = dated(timetable, 10)
    assert len(lessons) == 36
    assert [one.date for one in lessons if "pupil:5" in one.participants] == [date(2023, 3, 23)]
    assert dict(weekly(timetable, 10).extra) == {"Etiquette": ("",), "Etiquette[1]/Ident": ("1",)}


def test_c11_is_never_held(timetable: Timetable) -> None:
    """A subject and nothing else: no dated lesson, no failure."""
    assert dated(timetable, 11) == []
    assert not weekly(timetable, 11).weeks


def test_all_dated_lessons_are_those_of_the_eleven(timetable: Timetable) -> None:
    """The walk-through adds up, C8 included."""
    assert len(list(timetable.lessons())) == 32 + 18 + 18 + 36 + 35 + 36 + 1 + 36 + 35 + 36


def test_the_week_of_the_substitution(timetable: Timetable) -> None:
    """Events of the week: four substitutions of C6, the cancellation of C5, the exceptional C7."""
    assert timetable.first_monday is not None
    events = weekly_events(timetable.keyed_lessons, timetable.opened, first_monday=timetable.first_monday)
    assert [(event.kind, event.date) for event in events] == [
        (EventKind.SUBSTITUTION, date(2023, 3, 1)),
        (EventKind.SUBSTITUTION, date(2023, 3, 8)),
        (EventKind.CANCELLATION, date(2023, 3, 10)),
        (EventKind.SUBSTITUTION, date(2023, 3, 15)),
        (EventKind.SUBSTITUTION, date(2023, 3, 22)),
        (EventKind.EXCEPTIONAL, date(2023, 3, 27)),
    ]
    assert events[0].teachers == {"teacher:idpn:A4XEVUJ8S5YKRQ9C"}
    assert events[0].service.teachers == ("teacher:idpn:P8RJ4MYC3VEWXQ7A",)


@pytest.mark.parametrize(
    ("day", "groups"),
    [
        (date(2022, 9, 1), ["6A", "6A SVT G2"]),
        (date(2022, 12, 11), ["6A", "6A SVT G2"]),
        (date(2022, 12, 12), ["6B", "6AB ESP", "ATELIER THEATRE"]),
        (date(2023, 8, 31), ["6B", "6AB ESP", "ATELIER THEATRE"]),
    ],
)
def test_jean_baptiste_changes_class(timetable: Timetable, day: date, groups: list[str]) -> None:
    """Both ends of his memberships count; through 6B he is in the theatre group."""
    assert [one.name for one in timetable.groups_of("pupil:2", on=day)] == groups
    names = {name: one.name for name, one in timetable.classes.items()}
    names |= {name: one.name for name, one in timetable.option_groups.items()}
    assert [label for name, label in names.items() if "pupil:2" in refs(timetable, name, day)] == groups


def refs(timetable: Timetable, group: str, day: date) -> list[str]:
    """Give the references of the members of a group."""
    return [pupil.identity.ref for pupil in timetable.members(group, on=day)]


def test_maelys_is_in_a_group_directly(timetable: Timetable) -> None:
    """In the theatre group by `Groupe/Eleve`, though she is not in 6B; alone in 6A SVT G1."""
    assert refs(timetable, "group:5", date(2022, 10, 3)) == ["pupil:1", "pupil:5"]
    assert refs(timetable, "group:5", date(2023, 1, 9)) == ["pupil:1", "pupil:2", "pupil:5"]
    assert refs(timetable, "group:2", date(2022, 10, 3)) == ["pupil:1"]


def test_people_are_identities(timetable: Timetable) -> None:
    """Names as the file has them, dates, and the identifiers that two systems may share."""
    [maelys, _, ilyes] = timetable.identities(Profile.PUPIL)
    assert str(maelys.source_key) == "Maëlys$MORTELLE$2011-03-14"
    assert maelys.identifier(IdentifierKind.INE) == "012345678AB"
    assert maelys.identifier(IdentifierKind.SIECLE) == "700007"
    assert str(ilyes.source_key) == "Ilyes$GRIBOIS$"
    [odile, *_] = timetable.identities(Profile.TEACHER)
    assert (odile.identifier(IdentifierKind.STS), odile.key) == ("1204567", "idpn:K7WQ2ZTB9XNHJ4CV")
    assert [len(timetable.identities(profile)) for profile in Profile] == [3, 1, 5, 1]
    assert {person.school for person in timetable.identities()} == {"0749999S"}


def test_what_has_no_field_is_kept(timetable: Timetable) -> None:
    """Postal codes and addresses are in `extra`, the guardian is first in rank."""
    assert timetable.teachers[ref(Kind.TEACHER, "2")].extra == {"CodePostal": ("74130",)}
    guardian = timetable.guardians[ref(Kind.GUARDIAN, "14001")]
    assert guardian.extra["Adresse1"] == ("3 route des Aravis",)
    assert [(link.guardian, link.rank) for link in timetable.pupils[ref(Kind.PUPIL, "1")].guardians] == [
        ("guardian:14001", 1)
    ]


def test_nested_homonyms_are_not_entities(timetable: Timetable) -> None:
    """`Mefs/Mef/Matiere` and `Absences/Absence/Professeur` are neither subjects nor teachers."""
    assert list(timetable.subjects) == [f"subject:{number}" for number in range(3, 9)]
    assert len(timetable.teachers) == 5


def test_findings_of_the_example(export: edt.Export) -> None:
    """What is skipped is told by path; the rest are the birth date and the two lessons."""
    assert {problem.slug for problem in export.report.problems} == {
        "birth_date_empty",
        "lesson_on_class_part_only",
        "lesson_without_weeks",
        "edt_content_skipped",
    }
    skipped = export.report.of_slug("edt_content_skipped")
    assert [problem.params["path"] for problem in skipped] == ["Absences/Absence", "Etiquettes/Etiquette", "Mefs/Mef"]


def test_classes_and_groups(timetable: Timetable) -> None:
    """Parts belong to their class; head teachers; groups are made of classes, parts and pupils."""
    sixth = timetable.classes[ref(Kind.CLASS, "2")]
    assert (sixth.name, sixth.parts, sixth.head_teachers) == ("6A", ("part:2", "part:3", "part:4"), ("teacher:2",))
    assert timetable.class_parts[ref(Kind.PART, "7")].school_class == "class:3"
    theatre = timetable.option_groups[ref(Kind.GROUP, "5")]
    assert (theatre.classes, theatre.parts, theatre.pupils) == (("class:3",), (), ("pupil:1",))
