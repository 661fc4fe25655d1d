"""What the week masks say of the school's calendar: open weeks, closures, alternations (edt 3.4, 3.5; rules 3.2bis)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from entformats.codes.weeks import LAST_WEEK, WeekSet
from entformats.timetable.keyed import KeyedLesson
from entformats.timetable.models import Alternation, Closure

__all__ = ["deduced_alternations", "deduced_closures", "open_weeks"]

_ODD = WeekSet.of(range(1, LAST_WEEK + 1, 2))
Rhythm = tuple[int, WeekSet]


def open_weeks(lessons: Iterable[KeyedLesson]) -> dict[int, WeekSet]:
    """Semaines ouvertes: weekday -> the weeks in which any lesson of the file is held that day (edt 3.4).

    The export cuts closed weeks out of every mask, so this is what is known of the opening; cancelled weeks count.
    """
    masks: defaultdict[int, int] = defaultdict(int)
    for lesson in lessons:
        masks[lesson.weekday] |= lesson.weeks.mask
    return {day: WeekSet(mask) for day, mask in sorted(masks.items()) if mask}


def deduced_closures(opened: Mapping[int, WeekSet], *, first_monday: date, start: date) -> tuple[Closure, ...]:
    """Périodes de fermeture déduites: runs of closed teaching days, from `start` to the last lesson (rules 3.2bis).

    `opened` is what `open_weeks` gives. Days of the week without any lesson neither close nor open anything.

    >>> opened = {1: WeekSet.of([1, 3]), 2: WeekSet.of([1, 3])}
    >>> deduced_closures(opened, first_monday=date(2022, 8, 29), start=date(2022, 8, 29))
    (Closure(first=datetime.date(2022, 9, 5), last=datetime.date(2022, 9, 6), label=''),)
    """
    teaching = sorted(
        (first_monday + timedelta(days=7 * (week - 1) + weekday - 1), week in weeks)
        for weekday, weeks in opened.items()
        for week in range(1, LAST_WEEK + 1)
    )
    last = max((day for day, is_open in teaching if is_open), default=start)
    return tuple(_runs((day, is_open) for day, is_open in teaching if start <= day <= last))


def _runs(days: Iterable[tuple[date, bool]]) -> Iterator[Closure]:
    closed: list[date] = []
    for day, is_open in days:
        if not is_open:
            closed.append(day)
        elif closed:
            yield Closure(closed[0], closed[-1])
            closed = []


def deduced_alternations(
    lessons: Iterable[KeyedLesson], opened: Mapping[int, WeekSet], *, first_monday: date
) -> tuple[Alternation, ...]:
    """Alternances déduites: weeks shared by several weekdays, or the odd or even weeks of one (rules 3.2bis).

    Every-week lessons and single weeks make none. Their order is that of their weeks.
    """
    rhythms = sorted({(lesson.weekday, lesson.weeks) for lesson in lessons})
    patterns: list[list[Rhythm]] = []
    for rhythm in rhythms:
        weekday, weeks = rhythm
        if len(weeks) > 1 and weeks != opened[weekday]:
            home = next((p for p in patterns if all(_agree(rhythm, other, opened) for other in p)), None)
            if home is None:
                patterns.append([rhythm])
            else:
                home.append(rhythm)
    kept = sorted(_weeks_of(p) for p in patterns if _is_pattern(p, opened))
    return tuple(Alternation("", frozenset(weeks.dates(first_monday, 1))) for weeks in kept)


def _agree(one: Rhythm, other: Rhythm, opened: Mapping[int, WeekSet]) -> bool:
    both = opened[one[0]] & opened[other[0]]
    return one[1] & both == other[1] & both


def _is_pattern(members: list[Rhythm], opened: Mapping[int, WeekSet]) -> bool:
    return len({weekday for weekday, _ in members}) > 1 or any(
        weeks in (opened[weekday] & _ODD, opened[weekday] - _ODD) for weekday, weeks in members
    )


def _weeks_of(members: list[Rhythm]) -> WeekSet:
    mask = 0
    for _, weeks in members:
        mask |= weeks.mask
    return WeekSet(mask)
