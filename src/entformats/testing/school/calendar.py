"""The calendar of a school year in zone A: weeks, holidays, public holidays, one day that the school closes itself."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Final

from attrs import frozen
from dateutil.easter import easter

from entformats.codes.school_year import SchoolYear
from entformats.codes.weeks import LAST_WEEK, WeekSet

__all__ = ["SchoolCalendar", "school_calendar"]

_MONDAY, _WEDNESDAY, _THURSDAY, _FRIDAY, _SATURDAY = 0, 2, 3, 4, 5
_ODD: Final = WeekSet.of(range(1, LAST_WEEK + 1, 2))
WORKING_DAYS: Final = (1, 2, 3, 4, 5)


@frozen
class SchoolCalendar:
    """Calendrier scolaire: `closed` are days without lessons between `start` and `last_day`, week-ends aside."""

    start: date
    last_day: date
    end: date
    closed: frozenset[date]
    autumn_break: date
    """First Monday after the autumn holidays."""
    winter_break: date
    """First Monday after the winter holidays."""
    bridge: date
    """A lone working day that the school closes by its own choice, after the winter holidays."""
    swapped_from: int = LAST_WEEK + 1
    """Week from which odd and even weeks change places."""

    @property
    def first_monday(self) -> date:
        """Premier jour de la semaine 1."""
        return self.start - timedelta(days=self.start.weekday())

    @cached_property
    def opened(self) -> dict[int, WeekSet]:
        """Semaines ouvertes of each working day."""
        weeks: dict[int, list[int]] = {day: [] for day in WORKING_DAYS}
        for offset in range((self.last_day - self.first_monday).days + 1):
            day = self.first_monday + timedelta(days=offset)
            if day >= self.start and day.isoweekday() in weeks and day not in self.closed:
                weeks[day.isoweekday()].append(offset // 7 + 1)
        return {day: WeekSet.of(found) for day, found in weeks.items()}

    def week(self, day: date) -> int:
        """Semaine of a day."""
        return (day - self.first_monday).days // 7 + 1

    def rhythm(self, weekday: int, parity: int) -> WeekSet:
        """Rythme: the open weeks of a weekday that are odd (1), even (2), or both (3)."""
        late = WeekSet.of(range(self.swapped_from, LAST_WEEK + 1))
        first = (_ODD - late) | (late - _ODD)
        opened = self.opened[weekday]
        return {1: opened & first, 2: opened - first, 3: opened}[parity]


def school_calendar(year: SchoolYear, rng: Random) -> SchoolCalendar:
    """Build the calendar of a school year; dates follow the rules that the ministry mostly applies.

    >>> calendar = school_calendar(SchoolYear(2022), Random(0))
    >>> calendar.start, calendar.last_day, len(calendar.opened[1])
    (datetime.date(2022, 9, 1), datetime.date(2023, 7, 7), 32)
    """
    start = date(year, 9, 1)
    if start.weekday() >= _FRIDAY:
        start = _next(start, _MONDAY)
    last_day = _next(date(year + 1, 7, 1), _FRIDAY)
    autumn, winter = _next(date(year, 10, 17), _SATURDAY), _next(date(year + 1, 2, 4), _SATURDAY)
    winter += timedelta(weeks=(year - 2022) % 3)
    spring = winter + timedelta(weeks=8)
    christmas = _next(date(year, 12, 17), _SATURDAY)
    closed = {day for first in (autumn, christmas, winter, spring) for day in _days(first, 16)} | _public_holidays(year)
    closed |= set(_days(date(year + 1, 1, 1), 2))
    bridge = _bridge(spring, closed, rng)
    return SchoolCalendar(
        start=start,
        last_day=last_day,
        end=date(year + 1, 8, 31),
        closed=frozenset(closed | {bridge}),
        autumn_break=autumn + timedelta(days=16),
        winter_break=winter + timedelta(days=16),
        bridge=bridge,
    )


def _next(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def _public_holidays(year: int) -> set[date]:
    sunday = easter(year + 1)
    offsets = (1, 39, 40, 50)  # Easter Monday, Ascension and the day after, Whit Monday
    fixed = {date(year, 11, 11), date(year + 1, 5, 1), date(year + 1, 5, 8)}
    return fixed | {sunday + timedelta(days=offset) for offset in offsets}


def _bridge(spring: date, closed: set[date], rng: Random) -> date:
    """Pick a Tuesday to Thursday between the winter and the spring holidays, with open days around."""
    days = [spring - timedelta(days=7 * week + rest) for week in range(1, 5) for rest in (2, 3, 4)]
    return rng.choice([day for day in days if closed.isdisjoint(_days(day - timedelta(days=1), 3))])
