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
