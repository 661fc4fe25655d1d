"""Hours given, against those planned: one line a teaching service."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, time
from functools import reduce
from operator import or_

from attrs import frozen

from entformats.codes.weeks import LAST_WEEK, WeekSet
from entformats.timetable.keyed import KeyedLesson, ServiceKey
from entformats.timetable.services import Service
from entformats.timetable.timetable import Timetable

__all__ = ["ServiceHours", "service_hours"]

ALL_WEEKS = WeekSet.of(range(1, LAST_WEEK + 1))


@frozen
class ServiceHours:
    """Heures d'un service d'enseignement over a period, in minutes.

    >>> from entformats.identity import Key
    >>> maths = ServiceKey(Key("subject:MATHS"), (), ())
    >>> hours = ServiceHours(maths, weeks=2, planned=110, cancelled=55, extra=0)
    >>> hours.given, hours.expected, hours.missing
    (55, 110, 55)
    >>> ServiceHours(maths, weeks=2, planned=110, cancelled=55, extra=0, declared=60).missing
    65
    """

    key: ServiceKey
    weeks: int
    """Weeks of the period in which the school has any lesson."""
    planned: int
    """Annual lessons of the service, cancelled or not."""
    cancelled: int
    """Annual lessons that do not take place."""
    extra: int
    """Other lessons that take place: exceptional ones, and those of an adjusted week."""
    declared: int | None = None
    """Minutes a week that the program states (STS), None where it states nothing."""
    untimed: int = 0
    """Dated lessons left out of the sums because their length is unknown."""

    @property
    def given(self) -> int:
        """Donné: what takes place."""
        return self.planned - self.cancelled + self.extra

    @property
    def expected(self) -> int:
        """Attendu: declared minutes a week over the weeks of the period, else what is planned."""
        return self.planned if self.declared is None else self.declared * self.weeks

    @property
    def missing(self) -> int:
        """Manque: expected and not given; negative where more is given."""
        return self.expected - self.given


def service_hours(timetable: Timetable, start: date | None = None, end: date | None = None) -> tuple[ServiceHours, ...]:
    """Heures par service between two days, both included: services in the order of their keys.

    A lesson counts for the service of its subject, regular teachers and audience (rules 3.2bis); a substitute inside
    the lesson changes nothing, a substitution written as a lesson of its own is a service of its own. A lesson whose
    service is not among `Timetable.services` is listed too. Lessons on class parts alone are left out (rules 2.2).
    Without `first_monday` nothing has a date: all weeks count, whatever the days.

    >>> service_hours(Timetable("0749999S"))
    ()
    """
    opened = {day: weeks & _within(timetable, day, start, end) for day, weeks in timetable.opened.items()}
    services = defaultdict(_Sums, {key: _Sums() for key in timetable.services})
    for lesson, keyed in zip(timetable.weekly_lessons, timetable.keyed_lessons, strict=True):
        if not lesson.on_class_part_only and keyed.weeks:
            period = opened[keyed.weekday]
            services[keyed.service].add(keyed, period, _length(keyed, timetable.grid.slot_minutes))
    weeks = len(reduce(or_, opened.values(), WeekSet()))
    return tuple(services[key].hours(key, weeks, timetable.services.get(key)) for key in sorted(services))


def _within(timetable: Timetable, weekday: int, start: date | None, end: date | None) -> WeekSet:
    """Give the weeks whose day lies in the period; all of them where nothing is dated."""
    if timetable.first_monday is None:
        return ALL_WEEKS
    dated = zip(ALL_WEEKS, ALL_WEEKS.dates(timetable.first_monday, weekday), strict=True)
    return WeekSet.of(week for week, day in dated if (start or day) <= day <= (end or day))


def _length(lesson: KeyedLesson, slot_minutes: int | None) -> int | None:
    """Give the minutes of a lesson: from its start to its end, else its places; None where neither is known."""
    if lesson.start is not None and lesson.end is not None:
        return (_minutes(lesson.end) - _minutes(lesson.start)) % (24 * 60)
    count = lesson.slots[1] if lesson.slots else None
    return None if count is None or slot_minutes is None else count * slot_minutes


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


class _Sums:
    """Sommes en cours: what the lessons of one service add up to."""

    __slots__ = ("cancelled", "extra", "planned", "untimed")

    def __init__(self) -> None:
        self.planned = self.cancelled = self.extra = self.untimed = 0

    def add(self, lesson: KeyedLesson, period: WeekSet, minutes: int | None) -> None:
        """Add the dated lessons of one weekly lesson."""
        held, cancelled = len(lesson.active_weeks & period), len(lesson.cancelled_weeks & period)
        if minutes is None:
            self.untimed += held + cancelled
        elif lesson.annual:
            self.planned += (held + cancelled) * minutes
            self.cancelled += cancelled * minutes
        else:
            self.extra += held * minutes

    def hours(self, key: ServiceKey, weeks: int, service: Service | None) -> ServiceHours:
        """Give the line of the service."""
        declared = None if service is None else service.minutes
        return ServiceHours(key, weeks, self.planned, self.cancelled, self.extra, declared, self.untimed)
