"""A school on its way from the first timetable to the second: what every change needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from attrs import define, evolve, field

from entformats.codes.weeks import WeekSet
from entformats.identity import Ref
from entformats.testing.school.draft import Draft
from entformats.testing.school.events import later, ordinary
from entformats.testing.school.family import Families
from entformats.testing.school.models import Change, ChangeKind
from entformats.testing.school.occupancy import Occupancy
from entformats.testing.school.people import Registry
from entformats.testing.school.planner import Planner
from entformats.testing.school.structure import ULIS
from entformats.testing.school.teachers import Staffroom
from entformats.timetable import Kind, WeeklyLesson

__all__ = ["Evolution", "service_of"]


@define
class Evolution:
    """Évolution: the draft of the second timetable, and what already changed in it."""

    draft: Draft
    registry: Registry
    rng: Random
    planner: Planner = field(init=False)
    families: Families = field(init=False)
    touched: set[Ref] = field(factory=set, init=False)
    """Groups, pupils and subjects that a change is about: no other change is."""
    services: set[tuple[Ref, Ref, Ref]] = field(factory=set, init=False)
    """Services that a change is about."""
    renamed: set[Ref] = field(factory=set, init=False)
    """Classes one of whose groups got another name."""

    def __attrs_post_init__(self) -> None:
        staffroom = Staffroom(self.draft, self.registry)
        self.planner = Planner(self.draft, staffroom, self.rng, Occupancy.of(self.draft))
        self.families = Families(self.draft, self.registry)

    @property
    def arrival(self) -> date:
        """Day on which pupils move or arrive: the Monday of the last week but one before the holidays."""
        return self.draft.calendar.winter_break - timedelta(days=28)

    @property
    def window(self) -> WeekSet:
        """Weeks after the second export."""
        return later(self.draft.calendar.week(self.draft.calendar.winter_break))

    @property
    def homes(self) -> list[Ref]:
        """Classes that have lessons of their own."""
        return [home for home, level in self.draft.levels.items() if level not in {ULIS, ""}]

    @property
    def known_teachers(self) -> list[Ref]:
        """Teachers whom matching finds."""
        return [name for name in self.draft.teachers if name not in self.draft.by_hand | self.draft.strangers]

    def lessons(self, *, weekly: bool = False) -> list[int]:
        """Find ordinary lessons that no change is about, in a drawn order; `weekly`, those of every week."""
        draft = self.draft
        found = [index for index in ordinary(draft) if self._untouched(draft.lessons[index])]
        if weekly:
            opened = draft.calendar.opened
            found = [index for index in found if draft.lessons[index].weeks == opened[draft.lessons[index].weekday]]
        return self.rng.sample(found, len(found))

    def whole_services(self, *, at_least: int = 1) -> list[list[int]]:
        """Find the services that no change is about and all of whose lessons are ordinary, in a drawn order."""
        draft = self.draft
        found: defaultdict[tuple[Ref, Ref, Ref], list[int]] = defaultdict(list)
        for index in (plain := ordinary(draft)):
            found[service_of(draft.lessons[index])].append(index)
        for index in set(range(len(draft.lessons))).difference(plain):
            for service in _services_of(draft.lessons[index]):
                found.pop(service, None)
        whole = [rows for rows in found.values() if len(rows) >= at_least and self._untouched(draft.lessons[rows[0]])]
        return self.rng.sample(whole, len(whole))

    def _untouched(self, lesson: WeeklyLesson) -> bool:
        service = service_of(lesson)
        return service not in self.services and service[2] not in self.touched

    def replace(self, kind: ChangeKind, index: int, *after: WeeklyLesson, people: tuple[Ref, ...] = ()) -> Change:
        """Put other lessons in the place of one."""
        before = self.draft.lessons.pop(index)
        self.draft.lessons.extend(after)
        self.services.add(service_of(before))
        return self.change(kind, [before], after, people=people)

    def change(
        self,
        kind: ChangeKind,
        before: Iterable[WeeklyLesson] = (),
        after: Iterable[WeeklyLesson] = (),
        *,
        names: tuple[str, ...] = (),
        people: tuple[Ref, ...] = (),
    ) -> Change:
        """Describe a change; the table of who is taken is made again."""
        self.planner.table = Occupancy.of(self.draft)
        return Change(kind, self.draft.keyed(before), self.draft.keyed(after), names, people)

    def weeks(self, change: Change, weeks: WeekSet) -> Change:
        """Say in which weeks a change takes place."""
        return evolve(change, weeks=weeks)


def service_of(lesson: WeeklyLesson) -> tuple[Ref, Ref, Ref]:
    """Give subject, teacher and audience of an ordinary lesson."""
    audience = (*lesson.of(Kind.CLASS), *lesson.of(Kind.GROUP))[0]
    return lesson.subjects[0], lesson.of(Kind.TEACHER)[0].who, audience.who


def _services_of(lesson: WeeklyLesson) -> Iterator[tuple[Ref, Ref, Ref]]:
    audience = (*lesson.of(Kind.CLASS), *lesson.of(Kind.GROUP))
    return ((lesson.subjects[0], teacher.who, one.who) for teacher in lesson.of(Kind.TEACHER) for one in audience)
