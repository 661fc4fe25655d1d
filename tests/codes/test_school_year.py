"""The school year of a day (aaf 6.4)."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from entformats.codes import school_year


@given(st.dates())
def test_a_year_turns_on_the_first_of_august(day: date) -> None:
    """A day belongs to the year that began on the last 1 August."""
    year = school_year.of(day)
    assert (year, 8, 1) <= (day.year, day.month, day.day) < (year + 1, 8, 1)


def test_both_spellings_are_one_year() -> None:
    """STS writes the first year, others both."""
    assert school_year.parse("2022") == school_year.parse("2022/2023") == 2022
