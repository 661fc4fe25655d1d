"""The changes of clocks of a zone over some years, exactly: what a calendar must carry about its zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

__all__ = ["Observance", "observances"]

STEP = timedelta(days=1)
EXACT = timedelta(minutes=1)


@frozen
class Observance:
    """Heure légale observée: from which wall time, read with the offset before, and what it is then."""

    since: datetime
    """Wall time without zone."""
    before: timedelta
    offset: timedelta
    name: str
    daylight: bool


def observances(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[Observance]:
    """Give what a zone observes from the beginning of a year to the end of another: at least one, in order.

    >>> [one.since.isoformat() for one in observances(ZoneInfo("Europe/Paris"), 2022, 2022)]
    ['2022-01-01T00:00:00', '2022-03-27T02:00:00', '2022-10-30T03:00:00']
    >>> len(list(observances(ZoneInfo("Indian/Reunion"), 2022, 2023)))
    1
    """
    now = datetime(first_year, 1, 1, tzinfo=UTC)
    before = _offset(now, zone)
    now -= before
    yield _observance(now, before, zone)
    while now.year <= last_year:
        then = now + STEP
        if _offset(then, zone) != before:
            then = _change(now, then, zone)
            yield _observance(then, before, zone)
            before = _offset(then, zone)
        now = then


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Find the first minute after a change, by halves."""
    before = _offset(low, zone)
    while high - low > EXACT:
        middle = low + (high - low) // 2 // EXACT * EXACT
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


def _observance(since: datetime, before: timedelta, zone: ZoneInfo) -> Observance:
    local = since.astimezone(zone)
    wall = (since + before).replace(tzinfo=None)
    return Observance(wall, before, _offset(since, zone), local.tzname() or "", bool(local.dst()))
