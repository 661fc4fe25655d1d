"""Teaching services and events of the week, derived from lessons in keys (rules 3.2, 3.2bis)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from enum import StrEnum
from operator import attrgetter

from attrs import frozen

from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.timetable.keyed import KeyedLesson, ServiceKey
from entformats.timetable.models import Kind

__all__ = ["Event", "EventKind", "Pattern", "Service", "derived_services", "weekly_events"]


@frozen(order=True)
class Pattern:
    """Créneau d'un service: weekday, wall times, weeks (cancellations not applied). Places where there are no times.

    >>> Pattern(1, "08:00", "09:00", WeekSet.of([1, 2])) < Pattern(2, "08:00", "09:00", WeekSet.of([1, 2]))
    True
    """

    weekday: int
    start: str
    end: str
    weeks: WeekSet

    @classmethod
    def of(cls, lesson: KeyedLesson) -> Pattern:
        """Take the slot of a lesson."""
        if lesson.slots is not None:
            return cls(lesson.weekday, f"#{lesson.slots[0]}", f"+{lesson.slots[1]}", lesson.weeks)
        return cls(lesson.weekday, _text(lesson.start), _text(lesson.end), lesson.weeks)


_slot = attrgetter("weekday", "start", "end", "weeks")


def _text(value: time | None) -> str:
    return "" if value is None else value.isoformat("minutes")


@frozen
class Service:
    """Service d'enseignement: subject, regular teachers and audience, with the lessons that give it.

    `minutes`, `alternation`, `modality` and `co_teaching` are what the program states (STS); None or empty elsewhere.

    >>> key = ServiceKey(Key("subject:MATHS"), (), (Key("class:6A"),))
    >>> Service(key, (Pattern(1, "08:00", "09:00", WeekSet.of([1, 2])),)).co_teaching is None
    True
    """

    key: ServiceKey
    patterns: tuple[Pattern, ...]
    minutes: int | None = None
    alternation: str = ""
    modality: tuple[str, ...] = ()
    co_teaching: bool | None = None


def derived_services(lessons: Iterable[KeyedLesson]) -> FrozenMap[ServiceKey, Service]:
    """Services déduits: one a distinct key among the annual lessons that have at least one week (rules 3.2bis)."""
    patterns: defaultdict[ServiceKey, list[Pattern]] = defaultdict(list)
    for lesson in lessons:
        if lesson.annual and lesson.weeks:
            patterns[lesson.service].append(Pattern.of(lesson))
    # Comparing tuples made once is several times faster than comparing keys one by one
    ordered = sorted(patterns, key=attrgetter("subject", "teachers", "audience"))
    return FrozenMap((key, Service(key, tuple(sorted(patterns[key], key=_slot)))) for key in ordered)


class EventKind(StrEnum):
    """Événement de la semaine: the three lines of the weekly bilan."""

    SUBSTITUTION = "substitution"
    CANCELLATION = "cancellation"
    EXCEPTIONAL = "exceptional"


@frozen(repr=False)
class Event:
    """Remplacement, annulation ou cours exceptionnel, daté. `service` holds the regular teachers (rules 3.2).

    >>> key = ServiceKey(Key("subject:MATHS"), (), (Key("class:6A"),))
    >>> Event(EventKind.CANCELLATION, date(2022, 9, 5), time(8), time(9), key, frozenset()).kind
    <EventKind.CANCELLATION: 'cancellation'>
    """

    kind: EventKind
    date: date
    start: time | None
    end: time | None
    service: ServiceKey
    teachers: frozenset[Key]
    """Who gives the lesson that day; who would have, for a cancellation."""

    def __repr__(self) -> str:
        """Show what, when and to whom, not by whom."""
        return f"<Event {self.kind} {self.date} {self.start} {self.service!r}>"


def weekly_events(
    lessons: Iterable[KeyedLesson], opened: Mapping[int, WeekSet], *, first_monday: date
) -> tuple[Event, ...]:
    """Événements de l'emploi du temps à la semaine: one a dated lesson, ordered by date (rules 3.2bis)."""
    known = tuple(lessons)
    annual: defaultdict[tuple[object, ...], list[KeyedLesson]] = defaultdict(list)
    for lesson in known:
        if lesson.annual:
            annual[_place(lesson)].append(lesson)
    events = (event for lesson in known for event in _events(lesson, annual[_place(lesson)], opened, first_monday))
    return tuple(sorted(events, key=_order))


def _events(
    lesson: KeyedLesson, rivals: Sequence[KeyedLesson], opened: Mapping[int, WeekSet], first_monday: date
) -> Iterator[Event]:
    replaced = _replaced(lesson, rivals, opened.get(lesson.weekday, WeekSet()))
    usual = lesson.annual and replaced is None and len(lesson.of(Kind.TEACHER)) <= 1
    for week, day in _dated(lesson.cancelled_weeks, lesson, first_monday):
        yield _event(EventKind.CANCELLATION, lesson, lesson, week, day)
    for week, day in () if usual else _dated(lesson.active_weeks, lesson, first_monday):
        if replaced is not None:
            yield _event(EventKind.SUBSTITUTION, lesson, replaced, week, day)
        elif _is_substituted(lesson, week):
            yield _event(EventKind.SUBSTITUTION, lesson, lesson, week, day)
        elif not lesson.annual:
            yield _event(EventKind.EXCEPTIONAL, lesson, lesson, week, day)


def _dated(weeks: WeekSet, lesson: KeyedLesson, first_monday: date) -> Iterator[tuple[int, date]]:
    return zip(weeks, weeks.dates(first_monday, lesson.weekday), strict=True)


def _event(kind: EventKind, lesson: KeyedLesson, regular: KeyedLesson, week: int, day: date) -> Event:
    present = frozenset(who for who, weeks in lesson.of(Kind.TEACHER) if week in weeks)
    return Event(kind, day, lesson.start, lesson.end, regular.service, present)


def _is_substituted(lesson: KeyedLesson, week: int) -> bool:
    """Tell whether a regular teacher is absent that week and a substitute present."""
    teachers = lesson.of(Kind.TEACHER)
    absent = any(week not in weeks for who, weeks in teachers if who in lesson.regular_teachers)
    return absent and any(week in weeks for who, weeks in teachers if who not in lesson.regular_teachers)


def _replaced(lesson: KeyedLesson, rivals: Sequence[KeyedLesson], opened: WeekSet) -> KeyedLesson | None:
    """Give the annual lesson replaced by this one: same slot, subject, audience; other teachers, in its missing weeks.

    As inside one lesson, the replaced one has at least twice as many weeks: teachers sharing odd and even weeks are
    regular.
    """
    mine = {who for who, _ in lesson.of(Kind.TEACHER)}
    weeks = lesson.active_weeks
    if not mine or not weeks or weeks - opened:
        return None
    replaced = (
        other
        for other in rivals
        if mine.isdisjoint(other.regular_teachers)
        and weeks.isdisjoint(other.active_weeks)
        and len(other.weeks) >= 2 * len(weeks)
    )
    return min(replaced, key=lambda other: other.service, default=None)


def _place(lesson: KeyedLesson) -> tuple[object, ...]:
    return lesson.weekday, lesson.start, lesson.end, lesson.slots, lesson.subject, lesson.audience


def _order(event: Event) -> tuple[object, ...]:
    return event.date, event.start or time.min, event.kind, event.service, sorted(event.teachers)
