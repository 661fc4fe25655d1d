"""The same timetable said otherwise: other numbers, another order. Nothing that matters may change (rules 3.4, B14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import TypeVar

from attrs import evolve

from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.timetable import (
    ClassPart,
    Equipment,
    Guardian,
    GuardianLink,
    Kind,
    OptionGroup,
    Presence,
    Pupil,
    Room,
    SchoolClass,
    StaffMember,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    kind_of,
    ref,
)

__all__ = ["renumbered", "shuffled"]

T = TypeVar("T")
Thing = TypeVar("Thing", Subject, SchoolClass, ClassPart, OptionGroup, Room, Equipment)
Person = TypeVar("Person", Teacher, StaffMember, Guardian, Pupil)
Rename = Callable[[str], Ref]


def renumbered(timetable: Timetable, random: Random) -> Timetable:
    """Renuméroter: the same timetable with other `Ident`, as a new base of EDT would give them.

    >>> from entformats.timetable import Room
    >>> room = Room(ref(Kind.ROOM, "7"), "12")
    >>> other = renumbered(Timetable("0749999S", rooms=FrozenMap({room.ref: room})), Random(1))
    >>> [(name != room.ref, one.name) for name, one in other.rooms.items()]
    [(True, '12')]
    """
    start = {kind: random.randrange(100, 10_000) for kind in Kind}
    given: dict[str, Ref] = {}

    def rename(name: str) -> Ref:
        kind = kind_of(name)
        start[kind] += 1
        return given.setdefault(name, ref(kind, str(start[kind])))

    return _Renaming(rename).timetable(timetable)


class _Renaming:
    """Renommage: puts another reference in every place that holds one."""

    __slots__ = ("_rename",)

    def __init__(self, rename: Rename) -> None:
        self._rename = rename

    def timetable(self, one: Timetable) -> Timetable:
        return evolve(
            one,
            subjects=self._map(one.subjects, self._thing),
            teachers=self._map(one.teachers, self._person),
            staff=self._map(one.staff, self._person),
            guardians=self._map(one.guardians, self._person),
            pupils=self._map(one.pupils, self._pupil),
            classes=self._map(one.classes, self._class),
            class_parts=self._map(
                one.class_parts, lambda part: evolve(self._thing(part), school_class=self._rename(part.school_class))
            ),
            option_groups=self._map(one.option_groups, self._group),
            rooms=self._map(one.rooms, self._thing),
            equipment=self._map(one.equipment, self._thing),
            weekly_lessons=tuple(self._lesson(lesson) for lesson in one.weekly_lessons),
        )

    def _map(self, names: Mapping[Ref, T], change: Callable[[T], T]) -> FrozenMap[Ref, T]:
        return FrozenMap((self._rename(name), change(entity)) for name, entity in names.items())

    def _all(self, names: tuple[Ref, ...]) -> tuple[Ref, ...]:
        return tuple(self._rename(name) for name in names)

    def _thing(self, thing: Thing) -> Thing:
        return evolve(thing, ref=self._rename(thing.ref))

    def _person(self, person: Person) -> Person:
        return evolve(person, identity=evolve(person.identity, ref=self._rename(person.identity.ref)))

    def _pupil(self, pupil: Pupil) -> Pupil:
        return evolve(
            self._person(pupil),
            memberships=tuple(evolve(one, of=self._rename(one.of)) for one in pupil.memberships),
            guardians=tuple(GuardianLink(self._rename(link.guardian), link.rank) for link in pupil.guardians),
        )

    def _class(self, one: SchoolClass) -> SchoolClass:
        return evolve(self._thing(one), parts=self._all(one.parts), head_teachers=self._all(one.head_teachers))

    def _group(self, one: OptionGroup) -> OptionGroup:
        return evolve(
            self._thing(one), classes=self._all(one.classes), parts=self._all(one.parts), pupils=self._all(one.pupils)
        )

    def _lesson(self, one: WeeklyLesson) -> WeeklyLesson:
        presences = tuple(Presence(self._rename(presence.who), presence.weeks) for presence in one.presences)
        return evolve(one, subjects=self._all(one.subjects), presences=presences)


def shuffled(timetable: Timetable, random: Random) -> Timetable:
    """Mélanger: the same timetable with its entities, lessons and resources in another order.

    >>> shuffled(Timetable("0749999S"), Random(1)) == Timetable("0749999S")
    True
    """

    def mixed(items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(random.sample(items, len(items)))

    def reordered(names: Mapping[Ref, T]) -> FrozenMap[Ref, T]:
        return FrozenMap(mixed(tuple(names.items())))

    return evolve(
        timetable,
        subjects=reordered(timetable.subjects),
        teachers=reordered(timetable.teachers),
        staff=reordered(timetable.staff),
        guardians=reordered(timetable.guardians),
        pupils=reordered(timetable.pupils),
        classes=reordered(timetable.classes),
        class_parts=reordered(timetable.class_parts),
        option_groups=reordered(timetable.option_groups),
        rooms=reordered(timetable.rooms),
        equipment=reordered(timetable.equipment),
        weekly_lessons=mixed(
            tuple(evolve(lesson, presences=mixed(lesson.presences)) for lesson in timetable.weekly_lessons)
        ),
    )
