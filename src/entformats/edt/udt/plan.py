"""What is held in each week, so as to tell the theoretical week and the weeks that differ from it (udt 5.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import time

from attrs import field, frozen

from entformats.codes.weeks import WeekSet
from entformats.edt.udt.calendar import NO_CLOSURE, HalfSequence, SlotKey, Year
from entformats.edt.udt.lessons import DEFAULT_SITE
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.timetable import Kind, Timetable, WeeklyLesson, kind_of
from entformats.timetable.models import WEEKDAYS, Extra

__all__ = ["Plan", "Planned"]

HALF_SEQUENCES = "demi_seq"
"""Key of `Timetable.extra` that holds half-sequences which one grid cannot say."""
MONDAY = 1
AUDIENCE = frozenset({Kind.CLASS, Kind.PART, Kind.GROUP})


@frozen
class Planned:
    """Cours d'une semaine: a slot and who takes part."""

    weekday: int
    first: int
    """Number of the first half-sequence, from 1."""
    count: int
    site: str
    subjects: tuple[Ref, ...]
    audience: tuple[Ref, ...]
    teachers: tuple[Ref, ...]
    rooms: tuple[Ref, ...]
    extra: Extra = field(factory=FrozenMap)

    @property
    def keys(self) -> Iterator[SlotKey]:
        """Half-sequences, in order."""
        return ((self.weekday, number, self.site) for number in range(self.first, self.first + self.count))


class Plan:
    """Plan de l'année: the year, its half-sequences, the theoretical week and the weeks that differ from it."""

    __slots__ = ("_fiche_of", "_states", "different", "fiches", "open_weeks", "slots", "theory", "year")

    def __init__(self, timetable: Timetable) -> None:
        self.year = _year(timetable)
        days = {*WEEKDAYS, *(lesson.weekday for lesson in timetable.weekly_lessons)}
        opened = {weekday: self.year.open_weeks(weekday) for weekday in days}
        carried = [
            (lesson, keyed.annual)
            for lesson, keyed in zip(timetable.weekly_lessons, timetable.keyed_lessons, strict=True)
            if _is_carried(lesson)
        ]
        known = _Known(timetable)
        theoretical = [(known.theory(one, opened), opened[one.weekday]) for one, annual in carried if annual]
        self.theory = tuple(one for one, _ in theoretical)
        every = WeekSet() if self.year.first_monday is None else union(opened[weekday] for weekday in WEEKDAYS)
        self.open_weeks = tuple(every)
        self._states: dict[int, tuple[Planned, ...]] = {}
        for week in every:
            usual = [one for one, weeks in theoretical if week in weeks]
            actual = [known.state(one, week) for one, _ in carried if week in one.active_weeks & opened[one.weekday]]
            if Counter(usual) != Counter(actual):
                self._states[week] = tuple(actual)
        self.different = tuple(self._states)
        self.slots = _slots(timetable, [lesson for lesson, _ in carried])
        used = sorted({key for one in (*self.theory, *self._all()) for key in one.keys})
        self.fiches = {f"{rank:03d}": key for rank, key in enumerate(used, start=1)}
        self._fiche_of = {key: code for code, key in self.fiches.items()}

    def _all(self) -> Iterator[Planned]:
        return (one for held in self._states.values() for one in held)

    def of(self, week: int) -> tuple[Planned, ...]:
        """Give what is held in a week that differs."""
        return self._states[week]

    def fiches_of(self, lesson: Planned) -> list[str]:
        """Give the fiches of a lesson, one a half-sequence."""
        return [self._fiche_of[key] for key in lesson.keys]


class _Known:
    """Ce que l'archive peut dire: teachers, audiences and rooms that are in the timetable."""

    __slots__ = ("_tables",)

    def __init__(self, timetable: Timetable) -> None:
        self._tables = {
            Kind.TEACHER: timetable.teachers,
            Kind.CLASS: timetable.classes,
            Kind.PART: timetable.class_parts,
            Kind.GROUP: timetable.option_groups,
            Kind.ROOM: timetable.rooms,
        }

    def state(self, lesson: WeeklyLesson, week: int) -> Planned:
        """Give a lesson as it is held in one week."""
        return self._planned(lesson, frozenset(one.who for one in lesson.presences if week in one.weeks))

    def theory(self, lesson: WeeklyLesson, opened: dict[int, WeekSet]) -> Planned:
        """Give a lesson as the theoretical week has it: as in the weeks of cancellation, else as it mostly is."""
        weeks = lesson.cancelled_weeks or lesson.active_weeks & opened[lesson.weekday] or lesson.active_weeks
        states = Counter(self.state(lesson, week) for week in weeks)
        if not states:
            return self._planned(lesson, frozenset(one.who for one in lesson.presences))
        most = max(states.values())
        return min((one for one, count in states.items() if count == most), key=lambda one: (one.teachers, one.rooms))

    def _planned(self, lesson: WeeklyLesson, present: frozenset[Ref]) -> Planned:
        def of(*kinds: Kind) -> tuple[Ref, ...]:
            return tuple(
                sorted(who for who in present if (kind := kind_of(who)) in kinds and who in self._tables[kind])
            )

        assert lesson.first_slot is not None
        assert lesson.slot_count is not None
        return Planned(
            lesson.weekday,
            lesson.first_slot + 1,
            lesson.slot_count,
            "".join(lesson.extra.get("site", (DEFAULT_SITE,))),
            lesson.subjects[:1],
            of(*AUDIENCE),
            of(Kind.TEACHER),
            of(Kind.ROOM),
            lesson.extra,
        )


def _is_carried(lesson: WeeklyLesson) -> bool:
    return lesson.weekday >= 0 and lesson.first_slot is not None and bool(lesson.slot_count)


def union(sets: Iterable[WeekSet]) -> WeekSet:
    """Give the weeks of any."""
    mask = 0
    for one in sets:
        mask |= one.mask
    return WeekSet(mask)


def _year(timetable: Timetable) -> Year:
    """Give the year: closures that are deduced hold up to the last lesson, which is then its end."""
    monday, end, closures = timetable.first_monday, timetable.end, timetable.closures
    if monday is not None and monday.isoweekday() != MONDAY:
        raise UsageError("UDT counts weeks from Monday: a timetable whose weeks begin on another day cannot be written")
    if NO_CLOSURE in timetable.extra:
        closures = timetable.declared_closures
    elif monday is not None and not timetable.declared_closures and timetable.weekly_lessons:
        last = max((day for one in timetable.opened.items() for day in one[1].dates(monday, one[0])), default=end)
        end = last if end is None else min(end, last or end)
    return Year(timetable.start, end, monday, closures)


def _slots(timetable: Timetable, lessons: list[WeeklyLesson]) -> dict[SlotKey, HalfSequence]:
    """Give the half-sequences of the grid, and those that lessons need besides."""
    found: dict[SlotKey, HalfSequence] = {}
    for text in timetable.extra.get(HALF_SEQUENCES, ()):
        day, number, start, end, site = text.split(";", 4)
        found[int(day), int(number), site] = HalfSequence(_time(start), _time(end))
    if not found:
        grid = timetable.grid
        found = {
            (day, slot.number + 1, DEFAULT_SITE): HalfSequence(slot.start, slot.end)
            for day in grid.days
            for slot in grid.slots
        }
    for lesson in lessons:
        _add_slots(lesson, found)
    return found


def _add_slots(lesson: WeeklyLesson, found: dict[SlotKey, HalfSequence]) -> None:
    """Add the half-sequences that a lesson needs and the grid does not have."""
    assert lesson.first_slot is not None
    assert lesson.slot_count is not None
    site = "".join(lesson.extra.get("site", (DEFAULT_SITE,)))
    first, last = lesson.first_slot + 1, lesson.first_slot + lesson.slot_count
    for number in range(first, last + 1):
        start = lesson.start if number == first else None
        end = lesson.end if number == last else None
        found.setdefault((lesson.weekday, number, site), HalfSequence(start, end))


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None
