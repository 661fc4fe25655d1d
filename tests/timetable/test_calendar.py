"""What the masks say of the calendar: open weeks, closures, alternations."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.codes.weeks import WeekSet
from entformats.identity import Key
from entformats.timetable.calendar import deduced_alternations, deduced_closures, open_weeks
from entformats.timetable.keyed import KeyedLesson

FIRST = date(2022, 8, 29)
EVERY = WeekSet.of(range(1, 13))
ODD = WeekSet.of(range(1, 13, 2))
EVEN = EVERY - ODD


def on(weekday: int, weeks: WeekSet) -> KeyedLesson:
    """Make a lesson of one room."""
    return KeyedLesson(weekday, None, None, Key(""), ((Key("room:1"), weeks),))


def rhythms(*lessons: KeyedLesson) -> list[list[date]]:
    """Deduce the alternations, as sorted Mondays."""
    found = deduced_alternations(lessons, open_weeks(lessons), first_monday=FIRST)
    return [sorted(one.mondays) for one in found]


def test_open_weeks_are_those_of_any_lesson() -> None:
    """By weekday; days without any week are not there."""
    assert open_weeks([on(1, ODD), on(1, EVEN), on(3, ODD), on(4, WeekSet())]) == {1: EVERY, 3: ODD}


def test_a_closure_ends_on_teaching_days() -> None:
    """Closed on Tuesday of week 2, all of week 3, Monday of week 4: one period, from that Tuesday to that Monday."""
    opened = {1: WeekSet.of([1, 2, 5]), 2: WeekSet.of([1, 4, 5])}
    [closure] = deduced_closures(opened, first_monday=FIRST, start=FIRST)
    assert (closure.first, closure.last) == (date(2022, 9, 6), date(2022, 9, 19))


def test_closures_begin_with_the_year_and_end_with_the_last_lesson() -> None:
    """What is before the first day or after the last lesson is no closure."""
    opened = {2: WeekSet.of([2, 4])}
    [closure] = deduced_closures(opened, first_monday=FIRST, start=date(2022, 9, 1))
    assert (closure.first, closure.last) == (date(2022, 9, 13), date(2022, 9, 13))
    assert deduced_closures({}, first_monday=FIRST, start=FIRST) == ()


def test_an_alternation_is_shared_by_weekdays() -> None:
    """Odd Mondays and odd Tuesdays are one alternation, even ones another; every week is none."""
    lessons = [on(1, EVERY), on(2, EVERY), on(1, ODD), on(2, ODD), on(1, EVEN)]
    assert len(rhythms(*lessons)) == 2


def test_an_odd_rhythm_of_one_weekday_is_kept_only_if_it_is_odd_or_even() -> None:
    """Anything else needs a second weekday."""
    strange = WeekSet.of([1, 2, 5, 6])
    assert len(rhythms(on(1, EVERY), on(1, ODD))) == 1
    assert rhythms(on(1, EVERY), on(1, strange)) == []
    assert len(rhythms(on(1, EVERY), on(1, strange), on(2, EVERY), on(2, strange))) == 1


def test_single_weeks_make_no_alternation() -> None:
    """An exceptional lesson is not a rhythm, even on two weekdays."""
    once = WeekSet.of([3])
    assert rhythms(on(1, EVERY), on(2, EVERY), on(1, once), on(2, once)) == []


def test_weeks_of_an_alternation_are_those_of_its_members() -> None:
    """Where the days of a week are not all open, the pattern is the union."""
    lessons = [on(1, EVERY - WeekSet.of([3])), on(2, EVERY), on(1, ODD - WeekSet.of([3])), on(2, ODD)]
    [mondays] = rhythms(*lessons)
    assert len(mondays) == len(ODD)


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from([EVERY, ODD, EVEN, WeekSet.of([2, 3])]))), st.randoms())
def test_order_does_not_matter(rows: list[tuple[int, WeekSet]], random: Random) -> None:
    """Closures and alternations of the same lessons in another order are the same."""
    lessons = [on(*row) for row in rows]
    mixed = random.sample(lessons, len(lessons))
    assert rhythms(*lessons) == rhythms(*mixed)


@pytest.mark.parametrize("weeks", [ODD, EVERY, WeekSet.of([1, 12])])
def test_days_between_closures_are_open(weeks: WeekSet) -> None:
    """Each teaching day up to the last is either open or in one closure."""
    opened = {1: weeks, 2: weeks | WeekSet.of([2])}
    closures = deduced_closures(opened, first_monday=FIRST, start=FIRST)
    last = max(day for weekday, open_in in opened.items() for day in open_in.dates(FIRST, weekday))
    for weekday, open_in in opened.items():
        for day in WeekSet.of(range(1, 13)).dates(FIRST, weekday):
            closed = any(closure.first <= day <= closure.last for closure in closures)
            assert closed == (day not in open_in.dates(FIRST, weekday) and day <= last)
