"""Dates as weekly rules: a rule is used only where expanding it gives the dates back exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import reduce
from math import gcd

from attrs import frozen

__all__ = ["Series", "series_of"]

WEEK = timedelta(days=7)


@frozen
class Series:
    """Série de séances: `count` dates, one every `interval` weeks from `first`, but for `exceptions`.

    >>> Series(date(2022, 9, 5), interval=2, count=3, exceptions=(date(2022, 9, 19),)).dates
    (datetime.date(2022, 9, 5), datetime.date(2022, 10, 3))
    """

    first: date
    interval: int = 1
    count: int = 1
    exceptions: tuple[date, ...] = ()

    @property
    def dates(self) -> tuple[date, ...]:
        """Dates: those of the rule, exceptions taken out."""
        every = (self.first + number * self.interval * WEEK for number in range(self.count))
        return tuple(day for day in every if day not in self.exceptions)


def series_of(dates: Iterable[date]) -> Iterator[Series]:
    """Mettre en séries: dates of one weekday as one weekly rule, else each by itself; repeated dates count once.

    A rule has the widest step that all dates follow, and fewer exceptions than dates. Dates that are too scattered for
    that are given one by one rather than as a list of dates, which many calendars do not read.

    >>> weeks = [date(2022, 9, 5) + number * WEEK for number in (0, 1, 3, 4)]
    >>> [(one.count, len(one.exceptions)) for one in series_of(weeks)]
    [(5, 1)]
    """
    known = sorted(set(dates))
    steps = [(day - known[0]) // WEEK for day in known]
    step = reduce(gcd, steps, 0)
    if step:
        rule = Series(known[0], step, steps[-1] // step + 1)
        exceptions = tuple(day for day in rule.dates if day not in known)
        if len(exceptions) < len(known):
            yield Series(rule.first, rule.interval, rule.count, exceptions)
            return
    yield from (Series(day) for day in known)
