"""Week sets (ensembles de semaines): the weeks of a school year in which something takes place (edt 3.1).

Weeks count from 1, the week of `DatePremierJourSemaine1`. As a number, bit *w* (value 2**w) is week *w*; bit 0 is
unused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from attrs import field, frozen

from entformats.errors import InvalidValue

__all__ = ["LAST_WEEK", "WeekSet", "compact", "format", "is_valid", "iso_number", "of_iso", "parse", "weeks_of_year"]

LAST_WEEK = 63
_ALL = (1 << (LAST_WEEK + 1)) - 2


def _checked(_: object, __: object, mask: int) -> None:
    if mask & ~_ALL:
        raise InvalidValue("expected weeks 1 to 63: an even number under 2**64")


@frozen(order=True)
class WeekSet:
    """Ensemble de semaines: an immutable set of week numbers 1 to 63, ordered as its mask.

    >>> odd = WeekSet.of([3, 5, 7])
    >>> odd.mask, len(odd), 5 in odd, list(odd - WeekSet.of([5]))
    (168, 3, True, [3, 7])
    >>> str(WeekSet.of([1, 2, 3, 10, 12, 13]))
    '1..3,10,12..13'
    """

    mask: int = field(default=0, validator=_checked)

    @classmethod
    def of(cls, weeks: Iterable[int]) -> WeekSet:
        """Build from week numbers; raises `InvalidValue` for one outside 1..63."""
        mask = 0
        for week in weeks:
            if not 1 <= week <= LAST_WEEK:
                raise InvalidValue(f"expected a week 1 to {LAST_WEEK}, found {week}")
            mask |= 1 << week
        return cls(mask)

    def __iter__(self) -> Iterator[int]:
        """Iterate over the week numbers, ascending."""
        return iter(_weeks(self.mask))

    def __len__(self) -> int:
        """Count the weeks."""
        return self.mask.bit_count()

    def __bool__(self) -> bool:
        """Tell whether there is a week."""
        return self.mask != 0

    def __contains__(self, week: object) -> bool:
        """Tell whether a week number is in the set."""
        return isinstance(week, int) and 1 <= week <= LAST_WEEK and bool(self.mask >> week & 1)

    def __or__(self, other: WeekSet) -> WeekSet:
        """Give the weeks of either."""
        return WeekSet(self.mask | other.mask)

    def __and__(self, other: WeekSet) -> WeekSet:
        """Give the weeks of both."""
        return WeekSet(self.mask & other.mask)

    def __sub__(self, other: WeekSet) -> WeekSet:
        """Give the weeks of this one that are not in the other."""
        return WeekSet(self.mask & ~other.mask)

    def isdisjoint(self, other: WeekSet) -> bool:
        """Tell whether no week is in both."""
        return not self.mask & other.mask

    def dates(self, first_monday: date, weekday: int) -> tuple[date, ...]:
        """Give the dates of one weekday in these weeks: first day + 7·(w − 1) + (weekday − 1) days (edt 3.1).

        `first_monday` is the first day of week 1, `weekday` counts from 1, that very day.

        >>> WeekSet.of([1, 3]).dates(date(2022, 8, 29), 2)
        (datetime.date(2022, 8, 30), datetime.date(2022, 9, 13))
        """
        return _dates(self.mask, first_monday, weekday)

    def __str__(self) -> str:
        """Render as `1..7,10`, the vendor's own notation (edt 3.2)."""
        return format(self)


@lru_cache(4096)
def _weeks(mask: int) -> tuple[int, ...]:
    return tuple(week for week in range(1, mask.bit_length()) if mask >> week & 1)


@lru_cache(4096)
def _dates(mask: int, first_monday: date, weekday: int) -> tuple[date, ...]:
    return tuple(first_monday + timedelta(days=7 * (week - 1) + weekday - 1) for week in _weeks(mask))


def compact(text: str) -> str:
    """Drop the blanks and the brackets of a written week set.

    >>> compact(" [1..7, 10] ")
    '1..7,10'
    """
    return re.sub(r"[\s\[\]]", "", text)


def parse(text: str) -> WeekSet:
    """Read `1..7,10,16..19` (brackets and blanks allowed), or the empty text; raises `InvalidValue`.

    >>> parse("[1..3,10]") == WeekSet.of([1, 2, 3, 10])
    True
    """
    weeks: list[int] = []
    for part in filter(None, compact(text).split(",")):
        found = re.fullmatch(r"([0-9]{1,2})(?:\.\.([0-9]{1,2}))?", part)
        if not found:
            raise InvalidValue(f"expected a week or a range of weeks, found {part!r}")
        first = int(found[1])
        weeks.extend(range(first, int(found[2] or first) + 1))
    return WeekSet.of(weeks)


def is_valid(text: str) -> bool:
    """Tell whether `parse` reads it.

    >>> is_valid("1..7"), is_valid("0..7")
    (True, False)
    """
    try:
        parse(text)
    except InvalidValue:
        return False
    return True


def format(value: WeekSet) -> str:  # noqa: A001 - the four verbs of every code
    """Render as ascending numbers and ranges; `parse` reads it back.

    >>> format(WeekSet.of([1, 2, 3, 10]))
    '1..3,10'
    """
    runs: list[list[int]] = []
    for week in value:
        if runs and week == runs[-1][1] + 1:
            runs[-1][1] = week
        else:
            runs.append([week, week])
    return ",".join(str(a) if a == b else f"{a}..{b}" for a, b in runs)


def of_iso(number: int, first_monday: date) -> int:
    """Give the week, from 1, of an ISO week number; one before that of the first week is of the next year (udt 3.4).

    `first_monday` is a day of week 1. Raises `InvalidValue` for a number that the year does not have, 53 in most years.

    >>> of_iso(35, date(2022, 8, 29)), of_iso(1, date(2022, 8, 29)), of_iso(53, date(2020, 8, 31))
    (1, 19, 18)
    """
    year, first, weekday = first_monday.isocalendar()
    try:
        monday = date.fromisocalendar(year + (number < first), number, 1)
    except ValueError as error:
        raise InvalidValue(f"expected a week of the year, found {number}") from error
    return (monday - first_monday + timedelta(days=weekday - 1)) // timedelta(days=7) + 1


def iso_number(week: int, first_monday: date) -> int:
    """Give the ISO number of a week that is counted from 1: the inverse of `of_iso` (udt 3.4).

    >>> iso_number(1, date(2022, 8, 29)), iso_number(19, date(2022, 8, 29))
    (35, 1)
    """
    return (first_monday + timedelta(days=7 * (week - 1))).isocalendar().week


def weeks_of_year(first_monday: date) -> int:
    """Count the weeks from a first one to that of the same ISO number, a year later: 52 or 53 (udt 3.4).

    >>> weeks_of_year(date(2022, 8, 29)), weeks_of_year(date(2020, 8, 31))
    (52, 53)
    """
    return date(first_monday.isocalendar().year, 12, 28).isocalendar().week
