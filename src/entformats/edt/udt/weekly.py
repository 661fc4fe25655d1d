"""The theoretical week against the actual ones: presences, cancellations, substitutions, exceptional lessons.

An actual week is the whole timetable of that week and marks nothing: what changed is what differs (udt 5.5; rules
3.2bis).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from entformats.codes.weeks import WeekSet
from entformats.edt.udt.lessons import Held
from entformats.identity import Ref
from entformats.timetable import Kind, Presence, WeeklyLesson, kind_of

__all__ = ["weekly_lessons"]

ORDER = {kind: at for at, kind in enumerate((Kind.TEACHER, Kind.STAFF, Kind.CLASS, Kind.PART, Kind.GROUP, Kind.ROOM))}
"""Order of the resources of a lesson."""
Place = tuple[object, ...]


class _Theoretical:
    """Cours théorique: who takes part in which weeks, as the actual weeks say it."""

    __slots__ = ("cancelled", "held", "open", "present")

    def __init__(self, held: Held, opened: WeekSet, actual: Iterable[int]) -> None:
        self.held = held
        self.open = opened
        self.cancelled: set[int] = set()
        self.present: defaultdict[Ref, set[int]] = defaultdict(set)
        self.take_part(held, opened - WeekSet.of(actual))

    def take_part(self, held: Held, weeks: Iterable[int]) -> None:
        """Have the resources of a lesson take part in some weeks."""
        found = list(weeks)
        for who in _resources(held):
            self.present[who].update(found)

    def cancel(self, week: int) -> None:
        """Say that the lesson would have been held in this week."""
        self.take_part(self.held, [week])
        self.cancelled.add(week)

    def lesson(self) -> WeeklyLesson:
        """Give the lesson."""
        return _lesson(self.held, self.present, self.cancelled, annual=True)


def weekly_lessons(
    theory: Sequence[Held], actual: Mapping[int, Sequence[Held]], opened: Mapping[int, WeekSet]
) -> tuple[WeeklyLesson, ...]:
    """Compare the theoretical week with the actual ones.

    `actual` goes from a week to its lessons, `opened` from a weekday to its open weeks: nothing is held on a closed
    day. The lessons of the theoretical week come first, then the exceptional ones, by slot.
    """
    known = [_Theoretical(held, opened[held.weekday], actual) for held in theory]
    by_place: defaultdict[Place, list[_Theoretical]] = defaultdict(list)
    for one in known:
        by_place[one.held.place].append(one)
    exceptional: defaultdict[Held, set[int]] = defaultdict(set)
    for week, lessons in sorted(actual.items()):
        held = [one for one in lessons if week in opened[one.weekday]]
        for extra in _compare(week, held, known, by_place):
            exceptional[extra].add(week)
    return (*(one.lesson() for one in known), *(_exceptional(*found) for found in sorted(exceptional.items())))


def _compare(
    week: int, held: Sequence[Held], known: Sequence[_Theoretical], by_place: Mapping[Place, list[_Theoretical]]
) -> Iterator[Held]:
    """Take one actual week into account; give the lessons that the theoretical week does not have."""
    places: defaultdict[Place, list[Held]] = defaultdict(list)
    for one in held:
        places[one.place].append(one)
    for place, found in places.items():
        if place in by_place:
            for one, theoretical in _paired(found, by_place[place]):
                theoretical.take_part(one, [week])
        else:
            yield from found
    taken = {turn for one in known if one.held.place in places for turn in _turns(one.held)}
    for theoretical in known:
        absent = week in theoretical.open and theoretical.held.place not in places
        if absent and taken.isdisjoint(_turns(theoretical.held)):
            theoretical.cancel(week)


def _paired(found: Sequence[Held], known: Sequence[_Theoretical]) -> Iterator[tuple[Held, _Theoretical]]:
    """Pair lessons of one slot, subject and audience: by teachers, then in order; those left over go to the first."""
    left = list(known)
    others: list[Held] = []
    for one in found:
        same = next((t for t in left if t.held.teachers == one.teachers), None)
        if same is None:
            others.append(one)
        else:
            left.remove(same)
            yield one, same
    for one in others:
        yield one, left.pop(0) if left else known[0]


def _turns(held: Held) -> Iterator[tuple[object, ...]]:
    """Give each half-sequence of each teacher: lessons that share one take turns, so none is cancelled (udt 5.5)."""
    return (
        (held.weekday, held.site, number, who)
        for number in range(held.first, held.first + held.count)
        for who in held.teachers
    )


def _resources(held: Held) -> tuple[Ref, ...]:
    return (*held.teachers, *held.audience, *held.rooms)


def _exceptional(held: Held, weeks: set[int]) -> WeeklyLesson:
    return _lesson(held, dict.fromkeys(_resources(held), weeks), set(), annual=False)


def _lesson(held: Held, present: Mapping[Ref, set[int]], cancelled: set[int], *, annual: bool) -> WeeklyLesson:
    taking_part = [who for who in present if present[who]] or list(present)
    return WeeklyLesson(
        held.weekday,
        held.first - 1,
        held.count,
        held.start,
        held.end,
        held.subjects,
        tuple(Presence(who, WeekSet.of(present[who])) for who in sorted(taking_part, key=_by_kind)),
        WeekSet.of(cancelled),
        annual,
        held.extra,
    )


def _by_kind(who: Ref) -> tuple[int, Ref]:
    return ORDER[kind_of(who)], who
