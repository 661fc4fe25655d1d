"""A timetable that is still being made: the generator writes in it, then freezes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import date, time
from typing import Final

from attrs import define, field

from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Key, Ref
from entformats.testing.school.calendar import WORKING_DAYS, SchoolCalendar
from entformats.testing.school.people import Civil
from entformats.timetable import (
    ClassPart,
    Equipment,
    Establishment,
    Grid,
    Guardian,
    KeyedLesson,
    Kind,
    OptionGroup,
    Presence,
    Pupil,
    Room,
    SchoolClass,
    Slot,
    StaffMember,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    kind_of,
    ref,
)
from entformats.timetable.keyed import keyed_lesson

__all__ = ["HOURS", "Draft", "in_file_order"]

HOURS: Final = (0, 2, 4, 6, 11, 13, 15, 17)
"""First place of each of the eight hours of a day."""
_STARTS: Final = (
    *("08:00", "08:30", "08:55", "09:25", "10:05", "10:35", "11:00", "11:30", "11:55", "12:25", "12:55"),
    *("13:25", "13:55", "14:20", "14:50", "15:30", "16:00", "16:25", "16:55", "17:20"),
)
_ENDS: Final = {3: "09:50", 14: "15:15", 19: "17:50"}
_FIRST_IDENT: Final = {Kind.PUPIL: 1, Kind.GUARDIAN: 14001, Kind.ROOM: 15502}

GRID: Final = Grid(
    days=WORKING_DAYS,
    slots=tuple(
        Slot(n, time.fromisoformat(start), time.fromisoformat(_ENDS.get(n) or _STARTS[n + 1]))
        for n, start in enumerate(_STARTS)
    ),
    slot_minutes=30,
    slots_per_day=20,
)
"""Grille: hours of 55 minutes, cut in places of 30 and 25, with two breaks: start + n places gives wrong times."""


@define
class Draft:
    """Brouillon: the entities of a timetable by reference, and what a file does not say of them."""

    uai: str
    name: str
    calendar: SchoolCalendar
    subjects: dict[Ref, Subject] = field(factory=dict)
    teachers: dict[Ref, Teacher] = field(factory=dict)
    staff: dict[Ref, StaffMember] = field(factory=dict)
    classes: dict[Ref, SchoolClass] = field(factory=dict)
    parts: dict[Ref, ClassPart] = field(factory=dict)
    groups: dict[Ref, OptionGroup] = field(factory=dict)
    rooms: dict[Ref, Room] = field(factory=dict)
    equipment: dict[Ref, Equipment] = field(factory=dict)
    guardians: dict[Ref, Guardian] = field(factory=dict)
    pupils: dict[Ref, Pupil] = field(factory=dict)
    lessons: list[WeeklyLesson] = field(factory=list)
    civil: dict[Ref, Civil] = field(factory=dict)
    by_hand: set[Ref] = field(factory=set)
    """People that only a person can match."""
    strangers: set[Ref] = field(factory=set)
    """People of no directory."""
    labels: dict[Ref, str] = field(factory=dict)
    """What a class part is for; files do not say it."""
    levels: dict[Ref, str] = field(factory=dict)
    """Level of each class."""
    _count: Counter[Kind] = field(factory=Counter)

    def new_ref(self, kind: Kind) -> Ref:
        """Give the next free reference of a kind."""
        self._count[kind] += 1
        return ref(kind, str(_FIRST_IDENT.get(kind, 2) + self._count[kind] - 1))

    def copy(self) -> Draft:
        """Give a draft of its own with the same content."""
        return Draft(**{name.lstrip("_"): copy(getattr(self, name)) for name in self.__slots__ if name[:2] != "__"})

    def subject(self, code: str) -> Ref:
        """Find a subject by its code."""
        return next(name for name, subject in self.subjects.items() if subject.code == code)

    def keyed(self, lessons: Iterable[WeeklyLesson]) -> tuple[KeyedLesson, ...]:
        """Put lessons in keys, as the timetable will."""
        names: dict[str, Key] = {}
        for people in (self.teachers, self.staff):
            names |= {name: Key(f"{kind_of(name)}:{person.identity.key}") for name, person in people.items()}
        for things in (self.subjects, self.classes, self.groups, self.rooms, self.equipment):
            names |= {name: thing.key for name, thing in things.items()}
        return tuple(keyed_lesson(lesson, names, marked=True) for lesson in lessons)

    def members(self, home: Ref, on: date) -> Iterator[Ref]:
        """Find the pupils of a class or class part on a day."""
        for name, pupil in self.pupils.items():
            if any(m.of == home and m.start <= on <= m.end for m in pupil.memberships if m.start and m.end):
                yield name

    def homes(self, name: Ref) -> tuple[Ref, ...]:
        """Give the classes that a group takes pupils from; none for those chosen one by one."""
        group = self.groups[name]
        return tuple(dict.fromkeys((*group.classes, *(self.parts[part].school_class for part in group.parts))))

    def lesson(
        self, weekday: int, hour: int, hours: int, subject: Ref, who: list[Ref], weeks: WeekSet, *, annual: bool = True
    ) -> WeeklyLesson:
        """Build a lesson all of whose resources are there in the same weeks."""
        first, count = HOURS[hour], 2 * hours
        return WeeklyLesson(
            weekday=weekday,
            first_slot=first,
            slot_count=count,
            start=GRID.slots[first].start,
            end=GRID.slots[first + count - 1].end,
            subjects=(subject,),
            presences=tuple(Presence(name, weeks) for name in in_file_order(who)),
            annual=annual,
        )

    def freeze(self) -> Timetable:
        """Give the timetable, people and lessons in a settled order."""
        return Timetable(
            uai=self.uai,
            start=self.calendar.start,
            end=self.calendar.end,
            first_monday=self.calendar.first_monday,
            grid=GRID,
            establishments=(Establishment("1", self.uai, self.name),),
            subjects=FrozenMap(self.subjects),
            teachers=FrozenMap(self.teachers),
            staff=FrozenMap(self.staff),
            classes=FrozenMap(self.classes),
            class_parts=FrozenMap(self.parts),
            option_groups=FrozenMap(self.groups),
            rooms=FrozenMap(self.rooms),
            equipment=FrozenMap(self.equipment),
            guardians=FrozenMap(self.guardians),
            pupils=FrozenMap(self.pupils),
            weekly_lessons=tuple(sorted(self.lessons, key=_place)),
            version="2.0",
        )


_ORDER: Final = (Kind.TEACHER, Kind.CLASS, Kind.PART, Kind.GROUP, Kind.ROOM, Kind.EQUIPMENT, Kind.STAFF, Kind.PUPIL)


def in_file_order(who: Iterable[Ref]) -> list[Ref]:
    """Sort the resources of a lesson as a file writes them."""
    return sorted(who, key=lambda name: _ORDER.index(kind_of(name)))


def _place(lesson: WeeklyLesson) -> tuple[int, int]:
    return lesson.weekday, lesson.first_slot or 0
