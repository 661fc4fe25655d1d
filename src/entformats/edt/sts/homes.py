"""Where a pupil is, as SIECLE can say it: one entry, one exit, and the structures of the last day (sts 5.1, 5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import frozen

from entformats.identity import Ref
from entformats.timetable import Membership, OptionGroup, Pupil, Timetable

__all__ = ["Stay", "stay_of"]

Window = tuple[date | None, date | None]
LAST_DAY = timedelta(days=6)


@frozen
class Stay:
    """Séjour d'un élève: classes and groups of the last day, in the order of the file, between an entry and an exit."""

    homes: tuple[Ref, ...]
    entry: date | None = None
    exit: date | None = None


def stay_of(timetable: Timetable, name: Ref, pupil: Pupil) -> Stay:
    """Give the stay of a pupil, who belongs to a group also by one of its classes or class parts, or by its list.

    The entry is that of the first membership; those that ended before the others are no more.
    """
    windows = {one: _window(timetable, one) for one in pupil.memberships}
    real = {one: window for one, window in windows.items() if not _void(window)} or windows
    last = max((_end(timetable, window) for window in real.values()), default=date.max)
    kept = {one: window for one, window in real.items() if _end(timetable, window) == last}
    starts = [start for start, _ in real.values() if start is not None]
    ends = [end for _, end in kept.values() if end is not None]
    return Stay(
        tuple(dict.fromkeys(_homes(timetable, name, [one.of for one in kept]))),
        min(starts) if starts and len(starts) == len(real) else None,
        max(ends) if ends and len(ends) == len(kept) else None,
    )


def _window(timetable: Timetable, membership: Membership) -> Window:
    """Give the days of a membership; weeks are from the first to the last."""
    if membership.weeks is None or timetable.first_monday is None:
        return membership.start, membership.end
    days = membership.weeks.dates(timetable.first_monday, 1)
    if not days:
        return date.max, date.min
    start = max(days[0], membership.start or date.min, timetable.start or date.min)
    return start, min(days[-1] + LAST_DAY, membership.end or date.max, timetable.end or date.max)


def _void(window: Window) -> bool:
    start, end = window
    return start is not None and end is not None and start > end


def _end(timetable: Timetable, window: Window) -> date:
    """Give the last day, that of the year where it is later or open."""
    return min(window[1] or date.max, timetable.end or date.max)


def _homes(timetable: Timetable, name: Ref, direct: list[Ref]) -> Iterator[Ref]:
    yield from (one for one in direct if one in timetable.classes or one in timetable.option_groups)
    yield from (one.ref for one in timetable.option_groups.values() if _takes(one, name, direct))


def _takes(group: OptionGroup, pupil: Ref, homes: list[Ref]) -> bool:
    return pupil in group.pupils or not {*group.classes, *group.parts}.isdisjoint(homes)
