"""Lessons in keys: the same whatever the numbers and the order of the file."""

from __future__ import annotations

from datetime import date, time

import pytest
from attrs import evolve

from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Key, Ref
from entformats.timetable import Kind, Presence, WeeklyLesson, ref
from entformats.timetable.keyed import KeyedLesson, ServiceKey, keyed_lesson

FIRST = date(2022, 8, 29)
NAMES: FrozenMap[str, Key] = FrozenMap(
    {
        "teacher:1": Key("teacher:a"),
        "teacher:2": Key("teacher:b"),
        "class:2": Key("class:6A"),
        "class:3": Key("class:6A"),
        "group:2": Key("group:G1"),
        "subject:3": Key("subject:MATHS"),
        "subject:4": Key("subject:ART"),
    }
)


def lesson(*presences: tuple[str, list[int]], weekday: int = 1) -> WeeklyLesson:
    """Make a weekly lesson at eight."""
    shown = tuple(Presence(Ref(who), WeekSet.of(weeks)) for who, weeks in presences)
    return WeeklyLesson(weekday, 0, 1, time(8), time(9), (ref(Kind.SUBJECT, "3"),), shown)


def keyed(one: WeeklyLesson, *, marked: bool = True) -> KeyedLesson:
    """Put it in keys."""
    return keyed_lesson(one, NAMES, marked=marked)


def test_references_become_keys() -> None:
    """Sorted, class parts left out, resources without week too, two references of one key together."""
    one = keyed(lesson(("class:3", [2]), ("class:2", [1]), ("teacher:1", [1, 2]), ("part:7", [1]), ("group:2", [])))
    assert one.presences == (
        ("class:6A", WeekSet.of([1, 2])),
        ("teacher:a", WeekSet.of([1, 2])),
    )
    assert (one.subject, one.audience) == ("subject:MATHS", ("class:6A",))
    assert one.service == ServiceKey(Key("subject:MATHS"), (Key("teacher:a"),), (Key("class:6A"),))


def test_a_lesson_on_no_day_of_the_week_is_never_held() -> None:
    """Its weeks would fall on a day of another week."""
    one = keyed(lesson(("teacher:1", [1, 2]), weekday=9))
    assert (one.presences, list(one.occurrences(FIRST))) == ((), [])


def test_an_unknown_subject_has_an_empty_key() -> None:
    """The least of several subjects is taken, so that their order does not matter."""
    one = lesson(("teacher:1", [1]))
    assert keyed(evolve(one, subjects=(ref(Kind.SUBJECT, "99"),))).subject == ""
    assert keyed(evolve(one, subjects=(ref(Kind.SUBJECT, "3"), ref(Kind.SUBJECT, "4")))).subject == "subject:ART"


@pytest.mark.parametrize(
    ("annual", "weeks", "marked", "expected"),
    [
        (True, [1], True, True),
        (False, [1, 2], True, False),
        (None, [1, 2], True, False),
        (None, [1, 2], False, True),
        (None, [1], False, False),
    ],
)
def test_which_lessons_are_annual(weeks: list[int], *, annual: bool | None, marked: bool, expected: bool) -> None:
    """What the file says; where it says it of no lesson, more than one week (rules 3.2bis)."""
    assert keyed(evolve(lesson(("teacher:1", weeks)), annual=annual), marked=marked).annual is expected


def test_places_stand_in_for_times() -> None:
    """Only where the grid gives no start."""
    assert keyed(lesson()).slots is None
    assert keyed(evolve(lesson(), start=None, end=None)).slots == (0, 1)


@pytest.mark.parametrize(
    ("first", "second", "regular"),
    [
        ([1, 2, 3, 4], [5, 6], ["teacher:a"]),
        ([1, 2, 3], [5, 6], ["teacher:a", "teacher:b"]),
        ([1, 2, 3, 4], [4], ["teacher:a", "teacher:b"]),
        ([1, 3], [2, 4], ["teacher:a", "teacher:b"]),
        ([1, 2], [1, 2], ["teacher:a", "teacher:b"]),
    ],
)
def test_who_is_a_substitute(first: list[int], second: list[int], regular: list[str]) -> None:
    """Weeks disjoint from those of a teacher who has at least twice as many; all others are regular (rules 3.2bis)."""
    one = keyed(lesson(("teacher:1", first), ("teacher:2", second)))
    assert list(one.regular_teachers) == regular


def test_occurrences_name_those_present() -> None:
    """Cancelled weeks are left out; each week has its own participants."""
    one = evolve(
        lesson(("teacher:1", [1, 2, 3]), ("teacher:2", [4]), ("class:2", [1, 2, 3, 4])), cancelled=WeekSet.of([2, 9])
    )
    found = list(keyed(one).occurrences(FIRST))
    assert [(x.date, sorted(x.participants)) for x in found] == [
        (date(2022, 8, 29), ["class:6A", "teacher:a"]),
        (date(2022, 9, 12), ["class:6A", "teacher:a"]),
        (date(2022, 9, 19), ["class:6A", "teacher:b"]),
    ]
    assert keyed(one).cancelled == WeekSet.of([2])


def test_lessons_in_keys_do_not_name_teachers() -> None:
    """A key may be a name: texts show what is taught, when and to whom, never by whom."""
    one = keyed(lesson(("teacher:1", [1, 2]), ("class:2", [1, 2])))
    [occurrence, _] = one.occurrences(FIRST)
    texts = f"{one!r} {one.service!r} {occurrence!r}"
    assert "teacher:a" not in texts
    assert "subject:MATHS" in texts
