"""The algebra of week sets and their dates (edt 3.1, 3.2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.codes import weeks
from entformats.codes.weeks import WeekSet
from entformats.errors import InvalidValue

MONDAY = date(2022, 8, 29)
SETS = st.sets(st.integers(1, weeks.LAST_WEEK))


@given(SETS, SETS)
def test_it_behaves_as_a_set(a: set[int], b: set[int]) -> None:
    """Union, intersection, difference, length, membership and order agree with Python's sets."""
    x, y = WeekSet.of(a), WeekSet.of(b)
    assert set(x | y) == a | b
    assert set(x & y) == a & b
    assert set(x - y) == a - b
    assert x.isdisjoint(y) == a.isdisjoint(b)
    assert (len(x), bool(x), list(x)) == (len(a), bool(a), sorted(a))
    assert all((week in x) == (week in a) for week in range(-1, 66))


@given(SETS)
def test_the_mask_is_the_sum_of_powers(numbers: set[int]) -> None:
    """Bit w is week w, and the mask alone makes the same value."""
    assert WeekSet.of(numbers).mask == sum(2**week for week in numbers)
    assert WeekSet(WeekSet.of(numbers).mask) == WeekSet.of(numbers)


@given(SETS)
def test_written_weeks_read_back(numbers: set[int]) -> None:
    """`parse` reads what `format` and `str` write."""
    value = WeekSet.of(numbers)
    assert weeks.parse(weeks.format(value)) == weeks.parse(str(value)) == value


@given(SETS, st.integers(1, 7))
def test_dates_are_a_week_apart(numbers: set[int], weekday: int) -> None:
    """Each week gives one date: 7 days a week, one day a weekday, ascending."""
    dates = WeekSet.of(numbers).dates(MONDAY, weekday)
    assert dates == tuple(MONDAY + timedelta(weeks=w - 1, days=weekday - 1) for w in sorted(numbers))


def test_a_text_or_a_truth_is_no_week() -> None:
    """Membership asks for a number."""
    assert "1" not in WeekSet.of([1])


@pytest.mark.parametrize("numbers", [[0], [64], [-1], [1, 99]])
def test_weeks_outside_the_year_are_refused(numbers: list[int]) -> None:
    """Only 1 to 63 are weeks."""
    with pytest.raises(InvalidValue):
        WeekSet.of(numbers)


@pytest.mark.parametrize("mask", [1, 3, 1 << 64, -1])
def test_masks_outside_the_year_are_refused(mask: int) -> None:
    """Bit 0 is unused and bits above 63 do not exist."""
    with pytest.raises(InvalidValue):
        WeekSet(mask)


FIRST_MONDAYS = st.builds(date.fromisocalendar, st.integers(1990, 2090), st.integers(1, 52), st.just(1))


@given(FIRST_MONDAYS, st.integers(1, 53), st.integers(0, 6))
def test_iso_numbers_go_there_and_back(monday: date, week: int, later: int) -> None:
    """Over New Year, in years of 52 and 53 weeks, whatever the day of week 1 that is given."""
    if week <= weeks.weeks_of_year(monday):
        number = weeks.iso_number(week, monday)
        assert number == (monday + timedelta(weeks=week - 1)).isocalendar().week
        assert weeks.of_iso(number, monday + timedelta(days=later)) == week


@pytest.mark.parametrize(("year", "count"), [(2020, 53), (2022, 52), (2026, 53)])
def test_years_of_53_weeks(year: int, count: int) -> None:
    """Week 53 follows week 52 in 2020 and 2026; it is no week of other years."""
    monday = date.fromisocalendar(year, 35, 1)
    assert weeks.weeks_of_year(monday) == count
    if count == 53:
        assert weeks.of_iso(53, monday) == weeks.of_iso(52, monday) + 1 == weeks.of_iso(1, monday) - 1
    else:
        with pytest.raises(InvalidValue):
            weeks.of_iso(53, monday)


@pytest.mark.parametrize("number", [0, -1, 54, 10**9])
def test_numbers_that_no_year_has(number: int) -> None:
    """They are refused, also where the calendar ends."""
    with pytest.raises(InvalidValue):
        weeks.of_iso(number, MONDAY)
    with pytest.raises(InvalidValue):
        weeks.of_iso(1, date(9999, 9, 6))
