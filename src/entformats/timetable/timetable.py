"""The timetable of one school and year, whatever program it came from (emploi du temps)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import cached_property

from attrs import field, frozen

from entformats.codes import school_year
from entformats.codes.school_year import SchoolYear
from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Key, Profile, Ref
from entformats.timetable import calendar, keyed, services
from entformats.timetable.keyed import KeyedLesson, ServiceKey
from entformats.timetable.models import (
    WEEKDAYS,
    Alternation,
    ClassPart,
    Closure,
    Domain,
    Equipment,
    Establishment,
    Extra,
    Grid,
    Guardian,
    Kind,
    Lesson,
    Membership,
    OptionGroup,
    Pupil,
    Room,
    SchoolClass,
    StaffMember,
    Subject,
    Teacher,
    WeeklyLesson,
    kind_of,
)
from entformats.timetable.services import Service

__all__ = ["Timetable"]


@frozen(repr=False)
class Timetable:
    """Emploi du temps: everything one export says of one school and year.

    `start` and `end` are the first and last day of the school year, `first_monday` the first day of week 1; without it
    lessons cannot be dated. Mappings go from `Ref` to entity, in file order. `declared_*` hold what the program states
    itself; where it states nothing, `closures`, `alternations` and `services` are deduced from the lessons.

    >>> timetable = Timetable("0749999S")
    >>> timetable.closures, list(timetable.lessons()), timetable
    ((), [], <Timetable 0749999S, 0 weekly lessons>)
    """

    uai: str
    start: date | None = None
    end: date | None = None
    first_monday: date | None = None
    grid: Grid = Grid()  # noqa: RUF009 - frozen
    establishments: tuple[Establishment, ...] = ()
    subjects: FrozenMap[Ref, Subject] = field(factory=FrozenMap)
    teachers: FrozenMap[Ref, Teacher] = field(factory=FrozenMap)
    staff: FrozenMap[Ref, StaffMember] = field(factory=FrozenMap)
    classes: FrozenMap[Ref, SchoolClass] = field(factory=FrozenMap)
    class_parts: FrozenMap[Ref, ClassPart] = field(factory=FrozenMap)
    option_groups: FrozenMap[Ref, OptionGroup] = field(factory=FrozenMap)
    rooms: FrozenMap[Ref, Room] = field(factory=FrozenMap)
    equipment: FrozenMap[Ref, Equipment] = field(factory=FrozenMap)
    guardians: FrozenMap[Ref, Guardian] = field(factory=FrozenMap)
    pupils: FrozenMap[Ref, Pupil] = field(factory=FrozenMap)
    weekly_lessons: tuple[WeeklyLesson, ...] = ()
    declared_closures: tuple[Closure, ...] = ()
    declared_alternations: tuple[Alternation, ...] = ()
    declared_services: FrozenMap[ServiceKey, Service] = field(factory=FrozenMap)
    version: str = ""
    extra: Extra = field(factory=FrozenMap)
    silent_on: frozenset[Domain] = frozenset()
    """What the files do not speak of: an import keeps what an earlier one said of it (sts 2.5)."""

    @property
    def school_year(self) -> SchoolYear | None:
        """Année scolaire: that of the first day; None where the file does not say."""
        first = self.start or self.first_monday
        return None if first is None else school_year.of(first)

    @cached_property
    def keys(self) -> FrozenMap[str, Key]:
        """Clés: the key of each reference; class parts have none (rules 3.2)."""
        named: dict[str, Key] = {}
        for people in (self.teachers, self.staff, self.pupils, self.guardians):
            named |= {name: Key(f"{kind_of(name)}:{person.identity.key}") for name, person in people.items()}
        for things in (self.subjects, self.classes, self.option_groups, self.rooms, self.equipment):
            named |= {name: thing.key for name, thing in things.items()}
        return FrozenMap(named)

    @cached_property
    def keyed_lessons(self) -> tuple[KeyedLesson, ...]:
        """Cours, en clés: one for each of `weekly_lessons`, in the same order."""
        marked = any(lesson.annual is not None for lesson in self.weekly_lessons)
        return tuple(keyed.keyed_lesson(lesson, self.keys, marked=marked) for lesson in self.weekly_lessons)

    @cached_property
    def opened(self) -> FrozenMap[int, WeekSet]:
        """Semaines ouvertes: weekday -> weeks in which any lesson is held that day (edt 3.4)."""
        return FrozenMap(calendar.open_weeks(self.keyed_lessons))

    @cached_property
    def closures(self) -> tuple[Closure, ...]:
        """Périodes de fermeture: declared ones, else deduced from the masks (rules 3.2bis)."""
        if self.declared_closures or self.first_monday is None:
            return self.declared_closures
        start = self.start or self.first_monday
        return calendar.deduced_closures(self.opened, first_monday=self.first_monday, start=start)

    @cached_property
    def alternations(self) -> tuple[Alternation, ...]:
        """Alternances: declared ones, else deduced from lessons that are not on class parts alone (rules 3.2bis)."""
        if self.declared_alternations or self.first_monday is None:
            return self.declared_alternations
        return calendar.deduced_alternations(self._importable, self.opened, first_monday=self.first_monday)

    @cached_property
    def services(self) -> FrozenMap[ServiceKey, Service]:
        """Services d'enseignement: declared ones, else derived from the lessons that are not on class parts alone."""
        return self.declared_services or services.derived_services(self._importable)

    @property
    def _importable(self) -> tuple[KeyedLesson, ...]:
        both = zip(self.weekly_lessons, self.keyed_lessons, strict=True)
        return tuple(keyed for lesson, keyed in both if not lesson.on_class_part_only)

    def lessons(self, start: date | None = None, end: date | None = None) -> Iterator[Lesson]:
        """Séances: the dated lessons between two days, both included, in order of date and time.

        Cancelled ones are there, marked. Without `first_monday` there are none.
        """
        dated = (lesson for weekly in self.weekly_lessons for lesson in self._dated(weekly))
        wanted = (x for x in dated if (start is None or x.date >= start) and (end is None or x.date <= end))
        return iter(sorted(wanted, key=lambda x: (x.date, x.start or time.min, x.end or time.min)))

    def _dated(self, weekly: WeeklyLesson) -> Iterator[Lesson]:
        if self.first_monday is None or weekly.weekday not in WEEKDAYS:
            return
        weeks = weekly.weeks
        for week, day in zip(weeks, weeks.dates(self.first_monday, weekly.weekday), strict=True):
            present = frozenset(presence.who for presence in weekly.presences if week in presence.weeks)
            yield Lesson(day, weekly.start, weekly.end, weekly.subjects, present, cancelled=week in weekly.cancelled)

    def members(self, group: OptionGroup | SchoolClass | Ref | str, *, on: date) -> tuple[Pupil, ...]:
        """Élèves d'un groupe ou d'une classe, un jour donné: both ends of a membership count (edt 3.9; rules 2.3).

        A pupil is a member of a group directly, or by one of its classes or class parts. Raises KeyError for an unknown
        reference.
        """
        entity = group if isinstance(group, OptionGroup | SchoolClass) else self._audience(Ref(group))
        homes = [entity.ref]
        listed: frozenset[Ref] = frozenset()
        if isinstance(entity, OptionGroup):
            homes += [*entity.classes, *entity.parts]
            listed = frozenset(entity.pupils)
        found = {
            pupil for home in homes for pupil, membership in self._by_home.get(home, ()) if self._holds(membership, on)
        }
        return tuple(pupil for name, pupil in self.pupils.items() if name in found or name in listed)

    def groups_of(self, pupil: Ref | str, *, on: date) -> tuple[SchoolClass | OptionGroup, ...]:
        """Classes et groupes d'un élève, un jour donné: the reverse of `members` (edt 3.9).

        Raises KeyError for an unknown pupil.
        """
        homes = self.homes_of(pupil, on=on)
        classes = (one for name, one in self.classes.items() if name in homes)
        groups = (
            one
            for name, one in self.option_groups.items()
            if name in homes or pupil in one.pupils or not homes.isdisjoint((*one.classes, *one.parts))
        )
        return (*classes, *groups)

    def homes_of(self, pupil: Ref | str, *, on: date) -> frozenset[Ref]:
        """Appartenances d'un élève, un jour donné: classes, class parts and groups as the file lists them.

        Raises KeyError for an unknown pupil.
        """
        memberships = self.pupils[Ref(pupil)].memberships
        return frozenset(membership.of for membership in memberships if self._holds(membership, on))

    def _audience(self, name: Ref) -> OptionGroup | SchoolClass:
        return self.option_groups[name] if kind_of(name) is Kind.GROUP else self.classes[name]

    @cached_property
    def _by_home(self) -> FrozenMap[Ref, tuple[tuple[Ref, Membership], ...]]:
        homes: defaultdict[Ref, list[tuple[Ref, Membership]]] = defaultdict(list)
        for name, pupil in self.pupils.items():
            for membership in pupil.memberships:
                homes[membership.of].append((name, membership))
        return FrozenMap((home, tuple(rows)) for home, rows in homes.items())

    def _holds(self, membership: Membership, on: date) -> bool:
        if not (membership.start or on) <= on <= (membership.end or on):
            return False
        return membership.weeks is None or self.week_of(on) in membership.weeks

    def week_of(self, day: date) -> int:
        """Semaine: the number of the week of a day, 1 for the first; 0 without `first_monday`."""
        return 0 if self.first_monday is None else (day - self.first_monday) // timedelta(days=7) + 1

    def identities(self, profile: Profile | None = None) -> tuple[Identity, ...]:
        """Identités: the people of one profile, or all of them, as matching takes them."""
        everyone: dict[Profile, tuple[Identity, ...]] = {
            Profile.TEACHER: tuple(p.identity for p in self.teachers.values()),
            Profile.STAFF: tuple(p.identity for p in self.staff.values()),
            Profile.PUPIL: tuple(p.identity for p in self.pupils.values()),
            Profile.GUARDIAN: tuple(p.identity for p in self.guardians.values()),
        }
        return everyone[profile] if profile else tuple(person for people in everyone.values() for person in people)

    def __repr__(self) -> str:
        """Show the school and the size."""
        return f"<Timetable {self.uai}, {len(self.weekly_lessons)} weekly lessons>"
