"""Version 1.1 of the export: the grammar that the vendor published, and nothing of what came after (edt 1.4, 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from attrs import evolve

from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.timetable import (
    ClassPart,
    Guardian,
    Kind,
    Membership,
    OptionGroup,
    Pupil,
    SchoolClass,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    kind_of,
)
from entformats.timetable.models import WEEKDAYS, Extra

__all__ = ["VERSION", "core_of"]

T = TypeVar("T")

VERSION = "1.1"
PERSON = ("CodePostal",)
GUARDIAN = ("Civilite", "Adresse1", "Adresse2", "Adresse3", "Adresse4", "CodePostal", "Ville")
RESOURCES = frozenset({Kind.TEACHER, Kind.CLASS, Kind.PART, Kind.GROUP, Kind.ROOM})
RANKS = (1, 2)
HOMES = frozenset({Kind.CLASS, Kind.PART})


def core_of(timetable: Timetable) -> Timetable:
    """Garder ce que dit la version 1.1: what its readers, the strictest ones, are able to take.

    Staff, equipment, head teachers, pupils listed in groups and everything of unknown programs are left out; cancelled
    weeks are taken out of the masks, as 1.1 has no word for them; memberships without bounds get those of the year.

    >>> core_of(Timetable("0749999S")).version
    '1.1'
    """
    return evolve(
        timetable,
        establishments=(),
        subjects=_each(timetable.subjects, _subject),
        teachers=_each(timetable.teachers, _teacher),
        staff=FrozenMap(),
        classes=_each(timetable.classes, _class),
        class_parts=_each(timetable.class_parts, _part),
        option_groups=_each(timetable.option_groups, _group),
        rooms=_each(timetable.rooms, lambda room: evolve(room, extra=FrozenMap())),
        equipment=FrozenMap(),
        guardians=_each(timetable.guardians, _guardian),
        pupils=_each(timetable.pupils, lambda pupil: _pupil(pupil, timetable)),
        weekly_lessons=tuple(_lessons(timetable)),
        version=VERSION,
        extra=FrozenMap(),
        silent_on=frozenset(),
    )


def _each(entities: Mapping[Ref, T], change: Callable[[T], T]) -> FrozenMap[Ref, T]:
    return FrozenMap((name, change(one)) for name, one in entities.items())


def _kept(extra: Extra, names: tuple[str, ...]) -> Extra:
    return FrozenMap((name, extra[name]) for name in names if name in extra)


def _subject(subject: Subject) -> Subject:
    return evolve(subject, code=subject.code or subject.label, extra=FrozenMap())


def _teacher(teacher: Teacher) -> Teacher:
    return evolve(teacher, extra=_kept(teacher.extra, PERSON))


def _class(one: SchoolClass) -> SchoolClass:
    return evolve(one, head_teachers=(), establishments=(), extra=FrozenMap())


def _part(part: ClassPart) -> ClassPart:
    return evolve(part, name="")


def _group(group: OptionGroup) -> OptionGroup:
    return evolve(group, pupils=(), extra=FrozenMap())


def _guardian(guardian: Guardian) -> Guardian:
    extra = FrozenMap({"Adresse1": ("",), **_kept(guardian.extra, GUARDIAN)})
    return evolve(guardian, identity=evolve(guardian.identity, birth_date=None), extra=extra)


def _pupil(pupil: Pupil, timetable: Timetable) -> Pupil:
    links = [link for link in pupil.guardians if link.rank in RANKS and link.guardian in timetable.guardians]
    return evolve(
        pupil,
        guardians=tuple(links[: len(RANKS)]),
        memberships=tuple(_bounded(one, timetable) for one in pupil.memberships if kind_of(one.of) in HOMES),
        extra=_kept(pupil.extra, PERSON),
    )


def _bounded(one: Membership, timetable: Timetable) -> Membership:
    return evolve(one, start=one.start or timetable.start, end=one.end or timetable.end)


def _lessons(timetable: Timetable) -> Iterator[WeeklyLesson]:
    """Give the lessons that have a place of the grid and one subject, the first, with the resources of 1.1."""
    for lesson in timetable.weekly_lessons:
        if lesson.weekday in WEEKDAYS and lesson.first_slot is not None and lesson.slot_count and lesson.subjects:
            presences = (
                evolve(one, weeks=one.weeks - lesson.cancelled)
                for one in lesson.presences
                if kind_of(one.who) in RESOURCES
            )
            yield evolve(
                lesson,
                subjects=lesson.subjects[:1],
                presences=tuple(presences),
                cancelled=type(lesson.cancelled)(),
                annual=None,
                extra=FrozenMap(),
            )
