"""Who is taken when: the table that keeps teachers, classes, groups and rooms from being in two places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from attrs import define, field

from entformats.codes.weeks import WeekSet
from entformats.identity import Ref
from entformats.testing.school.draft import HOURS, Draft
from entformats.timetable import Kind, WeeklyLesson, kind_of

__all__ = ["Occupancy", "hours_of"]


@define
class Occupancy:
    """Occupation: the weeks in which each resource is taken, by weekday and hour.

    The classes of a group are taken with it, workshops aside, which meet while other lessons are held.
    """

    draft: Draft
    _taken: defaultdict[tuple[Ref, int, int], int] = field(factory=lambda: defaultdict(int), init=False)

    @classmethod
    def of(cls, draft: Draft) -> Occupancy:
        """Read the lessons of a draft."""
        table = cls(draft)
        for lesson in draft.lessons:
            table.add(lesson)
        return table

    def add(self, lesson: WeeklyLesson) -> None:
        """Take the resources of a lesson."""
        for presence in lesson.presences:
            for who in self._with_classes(presence.who):
                for hour in hours_of(lesson):
                    self._taken[who, lesson.weekday, hour] |= presence.weeks.mask

    def free(self, who: Iterable[Ref], weekday: int, hours: Iterable[int], weeks: WeekSet) -> bool:
        """Tell whether nobody of these is taken at these hours in any of these weeks."""
        span = tuple(hours)
        return not any(self._taken.get((one, weekday, hour), 0) & weeks.mask for one in who for hour in span)

    def needs(self, audience: Ref) -> Iterator[Ref]:
        """Give what must be free for a class or group to have a lesson."""
        return self._with_classes(audience)

    def _with_classes(self, who: Ref) -> Iterator[Ref]:
        yield who
        if kind_of(who) is Kind.GROUP and self.draft.labels[who] not in {"ATEL", "THEATRE"}:
            yield from self.draft.homes(who)
        elif kind_of(who) is Kind.PART:
            yield self.draft.parts[who].school_class


def hours_of(lesson: WeeklyLesson) -> Iterator[int]:
    """Give the hours of the day that a lesson takes, from 0."""
    first = HOURS.index(lesson.first_slot or 0)
    return iter(range(first, first + (lesson.slot_count or 0) // 2))
