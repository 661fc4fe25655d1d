"""What one import says, in keys: the value that two successive imports are compared by (rules 3.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, time
from functools import cached_property
from typing import TypeAlias

from attrs import field, frozen

from entformats.codes.school_year import SchoolYear
from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Account, Key
from entformats.timetable import Closure, Event, KeyedLesson, Kind, LessonKey, Service, ServiceKey, kind_of
from entformats.timetable.services import derived_services, weekly_events

__all__ = ["Audience", "PlannedLesson", "Reach", "Snapshot", "SubjectContent"]

Places: TypeAlias = tuple[frozenset[Key], frozenset[Account], frozenset[Key]]
PLACES = frozenset({Kind.ROOM, Kind.EQUIPMENT})


@frozen(order=True)
class SubjectContent:
    """Contenu d'une matière: what makes it « modifiée » when it changes (rules 3.2).

    >>> SubjectContent("MATHEMATIQUES") == SubjectContent("MATHS")
    False
    """

    label: str
    national_code: str = ""


@frozen(repr=False)
class Audience:
    """Classe ou groupe d'option, as the file describes it, on the reference day of the import.

    `classes` are the classes it concerns: itself for a class, whole classes and owners of class parts for a group.

    >>> Audience("6A", pupils=frozenset({Key("ine:090412000FB")}))
    <Audience 6A: 0 teachers, 1 pupils>
    """

    name: str
    classes: frozenset[Key] = frozenset()
    subjects: frozenset[Key] = frozenset()
    teachers: frozenset[Key] = frozenset()
    pupils: frozenset[Key] = frozenset()

    def __repr__(self) -> str:
        """Show the sizes."""
        return f"<Audience {self.name}: {len(self.teachers)} teachers, {len(self.pupils)} pupils>"


@frozen(repr=False)
class Reach:
    """Importés, non importés: a population in two disjoint parts (rules 3.4, B3).

    >>> len(Reach(imported=frozenset({Key("class:6A")})).imported)
    1
    """

    imported: frozenset[Key] = frozenset()
    not_imported: frozenset[Key] = frozenset()

    def __repr__(self) -> str:
        """Show the sizes: a key may be that of a person."""
        return f"<Reach {len(self.imported)} imported, {len(self.not_imported)} not>"


@frozen(repr=False)
class PlannedLesson:
    """Séance à écrire: a dated lesson with the accounts, classes and groups of the ENT.

    >>> nobody, nowhere, audience = frozenset(), frozenset(), frozenset({Key("class:6A")})
    >>> PlannedLesson(date(2022, 9, 5), time(8), time(9), Key("subject:SVT"), audience, nobody, nowhere)
    <PlannedLesson 2022-09-05 08:00:00 subject:SVT>
    """

    date: date
    start: time | None
    end: time | None
    subject: Key
    audience: frozenset[Key]
    accounts: frozenset[Account]
    rooms: frozenset[Key]

    def __repr__(self) -> str:
        """Show when and what."""
        return f"<PlannedLesson {self.date} {self.start} {self.subject}>"


@frozen(repr=False)
class Snapshot:
    """Instantané d'un import validé. `Snapshot()` is "no import yet"; dated lessons are derived from the rest.

    Equal files give equal snapshots, whatever their order and their `Ident` numbers. It holds source keys, hence
    personal data.

    >>> len(Snapshot().services), len(Snapshot().lesson_keys)
    (0, 0)
    """

    school: str = ""
    school_year: SchoolYear | None = None
    first_monday: date | None = None
    subjects: FrozenMap[Key, SubjectContent] = field(factory=FrozenMap)
    closures: frozenset[Closure] = frozenset()
    alternations: FrozenMap[Key, frozenset[date]] = field(factory=FrozenMap)
    lessons: tuple[KeyedLesson, ...] = ()
    """Cours importés, sorted; with those that the policy left in the past."""
    opened: FrozenMap[int, WeekSet] = field(factory=FrozenMap)
    """Weekday -> weeks in which the file holds any lesson that day."""
    declared_services: FrozenMap[ServiceKey, Service] = field(factory=FrozenMap)
    incomplete: frozenset[ServiceKey] = frozenset()
    """Services incomplets."""
    audiences: FrozenMap[Key, Audience] = field(factory=FrozenMap)
    homes: FrozenMap[Key, Key] = field(factory=FrozenMap)
    """Class or group of the file -> class or group of the ENT."""
    people: FrozenMap[Key, Account] = field(factory=FrozenMap)
    """Matched people: key of a participant -> account."""
    classes: Reach = Reach()
    option_groups: Reach = Reach()
    teachers: Reach = Reach()

    @cached_property
    def services(self) -> FrozenMap[ServiceKey, Service]:
        """Services d'enseignement: declared by the program, or derived from the annual lessons (rules 3.2bis)."""
        return self.declared_services or derived_services(self.lessons)

    @cached_property
    def lesson_keys(self) -> frozenset[LessonKey]:
        """Séances: every dated occurrence, cancelled ones left out (rules 3.2bis)."""
        if self.first_monday is None:
            return frozenset()
        return frozenset(key for lesson in self.lessons for key in lesson.occurrences(self.first_monday))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Remplacements, annulations et cours exceptionnels, by date (rules 3.2bis)."""
        if self.first_monday is None:
            return ()
        return weekly_events(self.lessons, self.opened, first_monday=self.first_monday)

    def planned(self, lesson: LessonKey) -> PlannedLesson:
        """Séance telle que l'ENT l'écrit: participants become its accounts, classes and groups; others are left out."""
        return PlannedLesson(lesson.date, lesson.start, lesson.end, lesson.subject, *self.places(lesson))

    def places(self, lesson: LessonKey) -> Places:
        """Give what the participants of a dated lesson are in the ENT: audience, accounts, rooms and equipment."""
        return self._known_as.get(lesson.participants) or self._in_the_ent(lesson.participants)

    @cached_property
    def _known_as(self) -> FrozenMap[frozenset[Key], Places]:
        """What participants are in the ENT, once for all the dated lessons that share them."""
        sets = {lesson.participants for lesson in self.lesson_keys}
        return FrozenMap((participants, self._in_the_ent(participants)) for participants in sets)

    def _in_the_ent(self, participants: frozenset[Key]) -> Places:
        audience = frozenset(self.homes[who] for who in participants if who in self.homes)
        accounts = frozenset(self.people[who] for who in participants if who in self.people)
        return audience, accounts, frozenset(who for who in participants if kind_of(who) in PLACES)

    def __repr__(self) -> str:
        """Show the school and the size."""
        return f"<Snapshot {self.school} {self.school_year}, {len(self.lessons)} lessons>"


def sort_lessons(lessons: Iterable[KeyedLesson]) -> tuple[KeyedLesson, ...]:
    """Trier: one order for one set of lessons, whatever the order of the file.

    >>> monday, tuesday = (KeyedLesson(day, None, None, Key("subject:SVT"), ()) for day in (1, 2))
    >>> sort_lessons([tuesday, monday]) == sort_lessons([monday, tuesday]) == (monday, tuesday)
    True
    """
    return tuple(sorted(lessons, key=_order))


def _order(lesson: KeyedLesson) -> tuple[object, ...]:
    first, count = lesson.slots or (None, None)
    numbers = (-1 if number is None else number for number in (first, count))
    times = ((moment is not None, moment or time.min) for moment in (lesson.start, lesson.end))
    return (
        lesson.weekday,
        *times,
        *numbers,
        lesson.subject,
        lesson.presences,
        lesson.cancelled,
        lesson.annual,
    )


def teachers_and_subjects(
    lessons: Iterable[KeyedLesson],
) -> tuple[Mapping[Key, frozenset[Key]], Mapping[Key, frozenset[Key]]]:
    """Enseignants et matières de chaque classe et groupe, any week (rules 2.3).

    >>> present = tuple((Key(who), WeekSet.of([3])) for who in ("class:6A", "teacher:idpn:K7WQ2ZTB9XNHJ4CV"))
    >>> teachers, subjects = teachers_and_subjects([KeyedLesson(1, None, None, Key("subject:SVT"), present)])
    >>> len(teachers[Key("class:6A")]), subjects
    (1, {'class:6A': frozenset({'subject:SVT'})})
    """
    teachers: defaultdict[Key, set[Key]] = defaultdict(set)
    subjects: defaultdict[Key, set[Key]] = defaultdict(set)
    for lesson in lessons:
        given_by = {who for who, _ in lesson.of(Kind.TEACHER)}
        for audience in lesson.audience:
            teachers[audience] |= given_by
            subjects[audience] |= {lesson.subject} - {""}
    return (
        {audience: frozenset(found) for audience, found in teachers.items()},
        {audience: frozenset(found) for audience, found in subjects.items()},
    )
