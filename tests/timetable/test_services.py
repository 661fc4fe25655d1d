"""Services and events of the week, derived from lessons in keys (rules 3.2bis)."""

from __future__ import annotations

from datetime import date, time

import pytest
from attrs import evolve

from entformats.codes.weeks import WeekSet
from entformats.identity import Key
from entformats.timetable.keyed import KeyedLesson
from entformats.timetable.services import Event, EventKind, Pattern, derived_services, weekly_events

FIRST = date(2022, 8, 29)
OPENED = {1: WeekSet.of(range(1, 11)), 2: WeekSet.of(range(1, 11))}


def lesson(
    weekday: int = 1, *, annual: bool = True, cancelled: tuple[int, ...] = (), **weeks: list[int]
) -> KeyedLesson:
    """Make a lesson of class 6A at eight, given by the teachers named, in their weeks."""
    every = WeekSet.of({week for some in weeks.values() for week in some})
    teachers = ((Key(f"teacher:{name}"), WeekSet.of(some)) for name, some in weeks.items())
    return KeyedLesson(
        weekday,
        time(8),
        time(9),
        Key("subject:MATHS"),
        ((Key("class:6A"), every), *sorted(teachers)),
        WeekSet.of(cancelled),
        annual,
    )


def events(*lessons: KeyedLesson) -> list[tuple[EventKind, int]]:
    """Give the kind and the week of each event."""
    found = weekly_events(lessons, OPENED, first_monday=FIRST)
    return [(event.kind, (event.date - FIRST).days // 7 + 1) for event in found]


ANNUAL = lesson(a=[1, 2, 3, 4, 5, 6])


def test_a_service_has_the_slots_of_its_lessons() -> None:
    """One a distinct key; its content is the sorted slots, cancellations not applied."""
    [(key, service)] = derived_services([lesson(2, a=[1, 2]), evolve(ANNUAL, cancelled=WeekSet.of([2]))]).items()
    assert (key.subject, key.teachers, key.audience) == ("subject:MATHS", ("teacher:a",), ("class:6A",))
    assert service.patterns == (
        Pattern(1, "08:00", "09:00", WeekSet.of(range(1, 7))),
        Pattern(2, "08:00", "09:00", WeekSet.of([1, 2])),
    )


def test_a_slot_without_times_is_its_place() -> None:
    """Where the grid says nothing, the place and the number of places stand for the times."""
    bare = evolve(ANNUAL, start=None, end=None, slots=(4, 2))
    assert (Pattern.of(bare).start, Pattern.of(bare).end) == ("#4", "+2")
    assert Pattern.of(evolve(ANNUAL, end=None)).end == ""


def test_exceptional_and_empty_lessons_make_no_service() -> None:
    """Only annual lessons with at least one week do."""
    assert not derived_services([lesson(annual=False, a=[1]), lesson()])


def test_each_dated_lesson_that_is_not_annual_is_exceptional() -> None:
    """One event a date."""
    assert events(lesson(annual=False, a=[3, 7])) == [(EventKind.EXCEPTIONAL, 3), (EventKind.EXCEPTIONAL, 7)]


def test_a_cancelled_week_is_an_event_if_the_lesson_was_to_be_held() -> None:
    """Cancelled weeks of the file that are no weeks of the lesson count for nothing."""
    assert events(evolve(ANNUAL, cancelled=WeekSet.of([2, 9]))) == [(EventKind.CANCELLATION, 2)]


def test_a_cancelled_lesson_was_to_be_given_by_its_teachers() -> None:
    """The event names who would have been there."""
    [event] = weekly_events([evolve(ANNUAL, cancelled=WeekSet.of([2]))], OPENED, first_monday=FIRST)
    assert event == Event(
        EventKind.CANCELLATION,
        date(2022, 9, 5),
        time(8),
        time(9),
        ANNUAL.service,
        frozenset({Key("teacher:a")}),
    )


def test_a_substitute_inside_the_lesson() -> None:
    """A regular teacher absent and a substitute present; odd and even weeks are no substitution."""
    assert events(lesson(a=[1, 2, 3, 4], b=[5, 6])) == [(EventKind.SUBSTITUTION, 5), (EventKind.SUBSTITUTION, 6)]
    assert events(lesson(a=[1, 3, 5], b=[2, 4, 6])) == []


def test_a_substitute_in_a_lesson_of_its_own() -> None:
    """Same slot, subject and audience, other teacher, in weeks that the annual lesson misses: no exceptional lesson."""
    assert events(ANNUAL, lesson(annual=False, b=[7, 8])) == [(EventKind.SUBSTITUTION, 7), (EventKind.SUBSTITUTION, 8)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lesson(annual=False, b=[6]), id="the annual lesson takes place that week"),
        pytest.param(lesson(annual=False, b=[11]), id="the day is closed"),
        pytest.param(lesson(annual=False, a=[7]), id="the same teacher"),
        pytest.param(lesson(2, annual=False, b=[7]), id="another day"),
        pytest.param(evolve(lesson(annual=False, b=[7]), subject=Key("subject:SVT")), id="another subject"),
        pytest.param(evolve(lesson(annual=False, b=[7]), start=time(9)), id="another time"),
        pytest.param(lesson(annual=False, b=[7, 8, 9, 10]), id="more than half of its weeks"),
    ],
)
def test_what_is_no_substitution(other: KeyedLesson) -> None:
    """It is then an exceptional lesson in each of its weeks."""
    assert {kind for kind, _ in events(ANNUAL, other)} == {EventKind.EXCEPTIONAL}


def test_a_lesson_without_teacher_replaces_nobody() -> None:
    """There must be someone to replace."""
    alone = evolve(lesson(annual=False, b=[7]), presences=((Key("class:6A"), WeekSet.of([7])),))
    assert events(ANNUAL, alone) == [(EventKind.EXCEPTIONAL, 7)]


def test_events_are_in_order_of_date() -> None:
    """Whatever the order of the lessons, and also without times."""
    lessons = [
        lesson(annual=False, a=[7]),
        evolve(lesson(annual=False, b=[3]), start=None),
        evolve(ANNUAL, cancelled=WeekSet.of([2])),
    ]
    assert events(*lessons) == events(*reversed(lessons))
    assert [week for _, week in events(*lessons)] == [2, 3, 7]


def test_events_do_not_name_teachers() -> None:
    """The text of an event shows what happens, when and to whom."""
    [event] = weekly_events([lesson(annual=False, a=[7])], OPENED, first_monday=FIRST)
    assert repr(event).startswith("<Event exceptional 2022-10-10 08:00:00 ")
    assert "teacher:a" not in repr(event)
