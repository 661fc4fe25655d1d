"""Years, weeks and holidays of an archive, over any year (udt 3, 4.6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.codes.weeks import WeekSet, weeks_of_year
from entformats.edt.udt.calendar import Year, iso_mask
from entformats.identity import Ref
from entformats.timetable import Closure, Timetable

if TYPE_CHECKING:
    from collections.abc import Callable

    from entformats import edt

YEARS = range(1990, 2090)


@st.composite
def years(draw: st.DrawFn) -> Year:
    """Draw a year that begins in ISO week 31 to 40, with closures that may overlap."""
    monday = date.fromisocalendar(draw(st.sampled_from(YEARS)), draw(st.integers(31, 40)), 1)
    days = st.integers(-10, 380).map(lambda count: monday + timedelta(days=count))
    bounds = [sorted(draw(st.tuples(days, days))) for _ in range(draw(st.integers(0, 4)))]
    return Year(
        draw(st.one_of(st.none(), days)),
        draw(st.one_of(st.none(), days)),
        monday,
        tuple(Closure(first, min(last, first + timedelta(days=40))) for first, last in bounds),
    )


@given(years(), st.integers(1, 7))
def test_open_weeks_are_those_whose_day_is_open(year: Year, weekday: int) -> None:
    """Each week of the year, 52 or 53 of them, by its day of that number."""
    assert year.first_monday is not None
    last = weeks_of_year(year.first_monday)
    for week in range(1, 64):
        day = year.first_monday + timedelta(days=7 * (week - 1) + weekday - 1)
        inside = (year.start or day) <= day <= (year.end or day)
        closed = any(one.first <= day <= one.last for one in year.closures)
        assert (week in year.open_weeks(weekday)) == (week <= last and inside and not closed)


@given(years(), st.sets(st.integers(1, 52)))
def test_masks_of_iso_weeks_go_there_and_back(year: Year, found: set[int]) -> None:
    """Any set of weeks, over New Year, in years of 52 and 53 weeks."""
    assert year.first_monday is not None
    weeks = WeekSet.of(found)
    assert year.of_iso_mask(iso_mask(weeks, year.first_monday)) == (weeks, [])


@given(years(), st.sets(st.integers(1, 52)))
def test_holidays_inherit_from_their_neighbours(year: Year, found: set[int]) -> None:
    """Twice over, and holidays only: what is added is closed, and within two weeks of what was there."""
    weeks = WeekSet.of(found)
    through = year.through_holidays(weeks)
    assert not weeks - through
    assert not (through - weeks) - year.holidays
    assert all({week - 2, week - 1, week + 1, week + 2} & found for week in through - weeks)
    for week in year.holidays:
        assert week in through or not {week - 1, week + 1} & found


def test_holidays_around_the_new_year() -> None:
    """Two closed weeks: both are inherited from the week before, and from the week after."""
    year = Year(first_monday=date(2022, 8, 29), closures=(Closure(date(2022, 12, 17), date(2023, 1, 2)),))
    assert list(year.holidays) == [17, 18]
    assert list(year.through_holidays(WeekSet.of([16]))) == [16, 17, 18]
    assert list(year.through_holidays(WeekSet.of([19]))) == [17, 18, 19]


def test_closed_days_make_no_holiday_week() -> None:
    """A week that is closed but for its Sunday is no week of holidays, nor is a day of May."""
    year = Year(first_monday=date(2022, 8, 29), closures=(Closure(date(2022, 9, 5), date(2022, 9, 10)),))
    assert not year.holidays
    assert Year().through_holidays(WeekSet.of([1])) == WeekSet.of([1])


@pytest.mark.parametrize(
    ("start", "first", "week53"), [("31/08/2020", 36, 18), ("01/09/2026", 36, 18), ("01/09/2022", 35, None)]
)
def test_years_of_53_weeks(variant: Callable[..., edt.Export], start: str, first: int, week53: int | None) -> None:
    """2020 and 2026 have a week 53, between weeks 52 and 1; 2022 has none."""
    year = start[-4:]
    following = str(int(year) + 1)
    export = variant(
        ("UDCal_24.xml", "<annee>2022</annee>", f"<annee>{year}</annee>"),
        ("UDCal_24.xml", "01/09/2022", start),
        ("UDCal_24.xml", "18/11/2022", f"02/07/{following}"),
        ("UDCal_24.xml", '"22/10/2022" fin="06/11/2022"', f'"24/10/{year}" fin="25/10/{year}"'),
        ("UDCal_24.xml", '"11/11/2022" fin="11/11/2022"', f'"11/11/{year}" fin="11/11/{year}"'),
        ("UDCal_00.xml", '"35"', f'"{first}"'),
        ("semaines.xml", "<s>", '<s><semaine num="53"/>'),
        ("semaines.xml", '<semaine num="35"/>', ""),
        ("UDCal_21.xml", 'gpe="L" semaines="0"', f'gpe="L" semaines="{1 << 52}"'),
    )
    slugs = [problem.slug for problem in export.report.problems]
    memberships = export.timetable.pupils[Ref("pupil:1")].memberships
    [latin] = [one for one in memberships if one.of == "part:6A/L"]
    if week53 is None:
        assert slugs == ["udt_iso_week_invalid", "udt_iso_week_invalid"]
        assert latin.weeks == WeekSet()
    else:
        assert slugs == []
        assert latin.weeks == WeekSet.of([week53])
        assert dated(export.timetable, latin.weeks) == [int(following), int(year)]


def dated(timetable: Timetable, weeks: WeekSet) -> list[int]:
    """Give the years of the Sunday and the Monday of a week."""
    assert timetable.first_monday is not None
    return [weeks.dates(timetable.first_monday, day)[0].year for day in (7, 1)]


def test_without_dates_every_week_counts(variant: Callable[..., edt.Export]) -> None:
    """Nothing is dated, and memberships hold all year: their weeks mean nothing."""
    export = variant(("UDCal_24.xml", "", "<c/>"), ("UDCal_21.xml", 'gpe="L" semaines="0"', 'gpe="L" semaines="7"'))
    assert not list(export.timetable.lessons())
    assert {len(one.weeks) for one in export.timetable.weekly_lessons} == {53}
    assert all(one.weeks is None for one in export.timetable.pupils[Ref("pupil:1")].memberships)


def test_seconds(variant: Callable[..., edt.Export]) -> None:
    """A length that no séquence has in minutes is in seconds."""
    assert variant(("UDCal_00.xml", '"110"', '"6600"')).timetable.grid.slot_minutes == 55
    assert variant(("UDCal_00.xml", 'duree_seq="110"', "")).timetable.grid.slot_minutes is None
