"""The two exports of one fictitious school: every figure of the page that comes with them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from entformats import edt
from entformats.changes import Diff
from entformats.codes.weeks import WeekSet
from entformats.timetable import Kind, Timetable
from entformats.timetable.services import EventKind, weekly_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from entformats.timetable.keyed import KeyedLesson, LessonKey
    from entformats.timetable.services import Event

TURN = date(2023, 2, 20)
FIRST = date(2022, 8, 29)
OPEN_DAYS = {1: 69037253065212, 2: 70342923647484, 3: 70342923647484, 4: 70068045740542, 5: 70068045738494}
CLOSURES = [
    (date(2022, 10, 24), date(2022, 11, 4)),
    (date(2022, 11, 11), date(2022, 11, 11)),
    (date(2022, 12, 19), date(2023, 1, 2)),
    (date(2023, 2, 6), date(2023, 2, 17)),
    (date(2023, 4, 10), date(2023, 4, 21)),
    (date(2023, 5, 1), date(2023, 5, 1)),
    (date(2023, 5, 8), date(2023, 5, 8)),
    (date(2023, 5, 18), date(2023, 5, 19)),
    (date(2023, 5, 29), date(2023, 5, 29)),
]


@pytest.fixture(scope="module")
def first(corpus: Callable[[str], Path]) -> Timetable:
    """Read the first export once."""
    return edt.read(corpus("edt/college.xml"), uai="0749999S").timetable


@pytest.fixture(scope="module")
def second(corpus: Callable[[str], Path]) -> Timetable:
    """Read its successor once."""
    return edt.read(corpus("edt/college-s2.xml"), uai="0749999S").timetable


def importable(timetable: Timetable) -> list[KeyedLesson]:
    """Give the lessons that are not on class parts alone, in keys."""
    both = zip(timetable.weekly_lessons, timetable.keyed_lessons, strict=True)
    return [keyed for lesson, keyed in both if not lesson.on_class_part_only]


def occurrences(timetable: Timetable) -> Counter[LessonKey]:
    """Give the dated lessons that can be imported, cancellations taken out."""
    return Counter(one for lesson in importable(timetable) for one in lesson.occurrences(FIRST))


def events(timetable: Timetable) -> tuple[Event, ...]:
    """Give the events of the week."""
    return weekly_events(timetable.keyed_lessons, timetable.opened, first_monday=FIRST)


def counts(timetable: Timetable) -> Iterator[tuple[str, int]]:
    """Count as the page counts."""
    lessons = timetable.weekly_lessons
    taught = {presence.who for lesson in lessons for presence in lesson.of(Kind.TEACHER)}
    grouped = {part for group in timetable.option_groups.values() for part in group.parts}
    reached = {presence.who for lesson in lessons for presence in lesson.of(Kind.CLASS)}
    reached |= {timetable.class_parts[part].school_class for part in grouped}
    found = occurrences(timetable)
    yield "subjects", len(timetable.subjects)
    yield "teachers", len(timetable.teachers)
    yield "teachers with lessons", len(taught)
    yield "staff", len(timetable.staff)
    yield "classes", len(timetable.classes)
    yield "classes reached", len(reached)
    yield "parts", len(timetable.class_parts)
    yield "parts of no group", len(set(timetable.class_parts) - grouped)
    yield "groups", len(timetable.option_groups)
    yield "rooms", len(timetable.rooms)
    yield "equipment", len(timetable.equipment)
    yield "guardians", len(timetable.guardians)
    yield "pupils", len(timetable.pupils)
    yield "lessons", len(lessons)
    yield "resources", sum(len(lesson.presences) for lesson in lessons)
    yield "subject only", sum(1 for lesson in lessons if not lesson.presences)
    yield "staff only", sum(1 for x in lessons if x.of(Kind.STAFF) and not x.of(Kind.TEACHER))
    yield "on parts only", sum(1 for lesson in lessons if lesson.on_class_part_only)
    yield "dated, on parts only", sum(len(lesson.active_weeks) for lesson in lessons if lesson.on_class_part_only)
    yield "not annual", sum(1 for lesson in lessons if lesson.annual is False)
    yield "with cancellations", sum(1 for lesson in lessons if lesson.cancelled)
    yield "different masks", sum(1 for lesson in lessons if len({p.weeks for p in lesson.presences}) > 1)
    yield "masks of resources", len({(x.weekday, p.weeks) for x in lessons for p in x.presences})
    yield "masks of lessons", len({(x.weekday, x.weeks) for x in lessons if x.weeks})
    yield "dated", sum(found.values())
    yield "dated, from the turn", sum(n for one, n in found.items() if one.date >= TURN)
    yield "most of one", max(found.values())
    yield "cancelled", sum(len(lesson.cancelled_weeks) for lesson in lessons)
    yield "services", len(timetable.services)
    yield "closures", len(timetable.closures)
    yield "alternations", len(timetable.alternations)


EXPECTED = {
    "subjects": (23, 23),
    "teachers": (35, 38),
    "teachers with lessons": (34, 37),
    "staff": (5, 5),
    "classes": (17, 17),
    "classes reached": (16, 16),
    "parts": (176, 176),
    "parts of no group": (4, 4),
    "groups": (89, 89),
    "rooms": (34, 34),
    "equipment": (3, 3),
    "guardians": (788, 790),
    "pupils": (420, 421),
    "lessons": (465, 462),
    "resources": (1389, 1386),
    "subject only": (3, 3),
    "staff only": (2, 2),
    "on parts only": (3, 3),
    "dated, on parts only": (96, 96),
    "not annual": (9, 10),
    "with cancellations": (0, 3),
    "different masks": (0, 6),
    "masks of resources": (20, 29),
    "masks of lessons": (20, 21),
    "dated": (14330, 14199),
    "dated, from the turn": (6931, 6871),
    "most of one": (1, 1),
    "cancelled": (0, 4),
    "services": (311, 309),
    "closures": (9, 9),
    "alternations": (2, 2),
}


def test_every_count_of_the_page(first: Timetable, second: Timetable) -> None:
    """All figures of both files, among them 14,330 and 14,199 dated lessons, 311 and 309 services."""
    both = dict(counts(first)), dict(counts(second))
    assert {name: (both[0][name], both[1][name]) for name in both[0]} == EXPECTED


def test_two_teachers_on_one_mask(first: Timetable) -> None:
    """Three lessons are given by two teachers together, in both files; substitutes are not co-teachers."""
    together = [
        lesson
        for lesson in first.weekly_lessons
        if len(teachers := lesson.of(Kind.TEACHER)) == 2 and teachers[0].weeks == teachers[1].weeks
    ]
    assert len(together) == 3


def test_closures_are_deduced_from_the_masks(first: Timetable, second: Timetable) -> None:
    """Nine periods, bounded by teaching days, in both files."""
    assert [(closure.first, closure.last) for closure in first.closures] == CLOSURES
    assert first.closures == second.closures


def test_open_weeks_of_each_weekday(first: Timetable) -> None:
    """The full masks of the page."""
    assert first.opened == {day: WeekSet(mask) for day, mask in OPEN_DAYS.items()}


def test_two_alternations_are_replaced_by_two_others(first: Timetable, second: Timetable) -> None:
    """The fortnights swap at week 26: nothing in common, every week being no alternation."""
    before, after = ({one.key for one in timetable.alternations} for timetable in (first, second))
    assert (len(before), len(after), before & after) == (2, 2, set())


def test_services_that_change(first: Timetable, second: Timetable) -> None:
    """None added, 85 modified, and two removed: AP of teacher 10."""
    diff = Diff.between(first.services, second.services)
    assert (len(diff.added), len(diff.modified), len(diff.removed)) == (0, 85, 2)
    assert {key.audience for key in diff.removed} == {("group:3E1 APA",), ("group:6E2 APB",)}


def test_services_without_teacher(first: Timetable, second: Timetable) -> None:
    """Two: DEVFA for a group and PERM for a class."""
    for timetable in (first, second):
        alone = [key for key in timetable.services if not key.teachers]
        assert {key.subject for key in alone} == {"subject:DEVFA", "subject:PERM"}


def test_dated_lessons_removed_and_added(first: Timetable, second: Timetable) -> None:
    """862 removed, 731 added, 13,468 unchanged; applied, the difference gives the second export (edt 7.2)."""
    before, after = occurrences(first), occurrences(second)
    removed, added = before - after, after - before
    assert (removed.total(), added.total(), (before & after).total()) == (862, 731, 13468)
    assert sum(n for one, n in removed.items() if one.date >= TURN) == 791
    assert sum(n for one, n in added.items() if one.date >= TURN) == 731
    assert before - removed + added == after


def test_events_of_the_week(first: Timetable, second: Timetable) -> None:
    """0, 0 and 6 events, then 24 substitutions, 4 cancellations and 7 exceptional lessons."""
    kinds = [Counter(event.kind for event in events(timetable)) for timetable in (first, second)]
    assert kinds == [
        {EventKind.EXCEPTIONAL: 6},
        {EventKind.SUBSTITUTION: 24, EventKind.CANCELLATION: 4, EventKind.EXCEPTIONAL: 7},
    ]


def test_the_new_exceptional_lesson(first: Timetable, second: Timetable) -> None:
    """English of 6E3 on 27 April."""
    [event] = {e for e in events(second) if e.kind is EventKind.EXCEPTIONAL} - set(events(first))
    assert (event.date, event.service.subject, event.service.audience) == (
        date(2023, 4, 27),
        "subject:AGL1",
        ("class:6E3",),
    )


def test_times_come_from_the_labels(first: Timetable) -> None:
    """Places of 30 and 25 minutes make hours of 55: no lesson lasts a multiple of the length of a place."""
    assert first.grid.slot_minutes == 30
    lasting = {
        (lesson.end.hour - lesson.start.hour) * 60 + lesson.end.minute - lesson.start.minute
        for lesson in first.weekly_lessons
        if lesson.start is not None and lesson.end is not None
    }
    assert 55 in lasting
    assert 60 not in lasting


@pytest.mark.parametrize(("day", "school_class"), [(date(2023, 1, 29), "5E1"), (date(2023, 1, 30), "5E2")])
def test_a_pupil_moves(second: Timetable, day: date, school_class: str) -> None:
    """Pupil 115 leaves one class on a Sunday and is in the next on the Monday; the parts follow."""
    names = [one.name for one in second.groups_of("pupil:115", on=day)]
    assert names[0] == school_class
    assert {f"{school_class} APB", f"{school_class} SC1"} <= set(names)
    assert {name[:3] for name in names if name[2].isdigit()} == {school_class}


def test_a_pupil_leaves(second: Timetable) -> None:
    """Pupil 241 is in a class on 3 February, in nothing the day after."""
    assert "4E2" in [one.name for one in second.groups_of("pupil:241", on=date(2023, 2, 3))]
    assert second.groups_of("pupil:241", on=date(2023, 2, 4)) == ()


@pytest.mark.parametrize("name", ["example", "college", "college-s2"])
def test_reading_writing_reading_is_the_identity(corpus: Callable[[str], Path], name: str) -> None:
    """Everything that was read is written back, by the same bytes each time."""
    timetable = edt.read(corpus(f"edt/{name}.xml")).timetable
    [(file, chunks)] = edt.write(timetable)
    content = b"".join(chunks)
    assert file == "Edt_To_ENT_0749999S.xml"
    assert edt.read(content).timetable == timetable
    assert b"".join(next(iter(edt.write(edt.read(content).timetable)))[1]) == content


@pytest.mark.parametrize("name", ["college", "college-s2"])
def test_the_writer_has_the_layout_of_the_exports(corpus: Callable[[str], Path], name: str) -> None:
    """Line for line what was read, but for comments, blanks and the order of resources of a lesson."""
    path = corpus(f"edt/{name}.xml")
    [(_, chunks)] = edt.write(edt.read(path).timetable)
    written, given = (Counter(_tags(text)) for text in (b"".join(chunks).decode(), path.read_text(encoding="utf-8")))
    assert written == given


def _tags(text: str) -> Iterator[str]:
    """Give the start tags of a document, attributes sorted, empty or not."""
    for name, attributes in re.findall(r"<([A-Za-z]+)([^<>]*?)/?>", text):
        yield " ".join((name, *sorted(re.findall('[A-Za-z0-9:]+="[^"]*"', attributes))))
