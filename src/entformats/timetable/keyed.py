"""Lessons in keys: what one import says, in names that hold across imports (rules 3.2).

References local to the file are replaced by keys, class parts (which have none) are left out, everything is sorted: two
files that say the same give equal values, whatever their order and their `Ident` numbers (rules 3.4, B14).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from functools import cached_property

from attrs import field, frozen

from entformats.codes.weeks import WeekSet
from entformats.identity import Key
from entformats.timetable.models import WEEKDAYS, Kind, WeeklyLesson, kind_of

__all__ = ["KeyedLesson", "LessonKey", "ServiceKey", "keyed_lesson"]


@frozen(order=True, repr=False)
class ServiceKey:
    """Clé d'un service d'enseignement: subject, regular teachers, audience of classes and groups (rules 3.2).

    >>> maths = ServiceKey(Key("subject:MATHS"), (Key("source:Odile$VALMOND$"),), (Key("class:6A"),))
    >>> maths.audience
    ('class:6A',)
    """

    subject: Key
    """Empty where the lesson has no known subject."""
    teachers: tuple[Key, ...]
    audience: tuple[Key, ...]

    def __repr__(self) -> str:
        """Show what is taught to whom, not by whom."""
        return f"<ServiceKey {self.subject} {', '.join(self.audience)}, {len(self.teachers)} teachers>"


@frozen(repr=False)
class LessonKey:
    """Clé d'une séance: a dated lesson is what it says, so any change is one removed and one added (rules 3.2).

    >>> LessonKey(date(2022, 9, 5), time(8), time(9), Key("subject:MATHS"), frozenset({Key("class:6A")})).subject
    'subject:MATHS'
    """

    date: date
    start: time | None
    end: time | None
    subject: Key
    participants: frozenset[Key]

    def __repr__(self) -> str:
        """Show when and what, not who."""
        return f"<LessonKey {self.date} {self.start} {self.subject}>"


@frozen(repr=False)
class KeyedLesson:
    """Cours, en clés. `presences` are (key, weeks), one a key, sorted; `slots` only where the grid gives no times.

    >>> weeks = WeekSet.of([1, 2])
    >>> lesson = KeyedLesson(1, time(8), time(9), Key("subject:MATHS"), ((Key("class:6A"), weeks),))
    >>> [one.date.isoformat() for one in lesson.occurrences(date(2022, 8, 29))]
    ['2022-08-29', '2022-09-05']
    """

    weekday: int
    start: time | None
    end: time | None
    subject: Key
    presences: tuple[tuple[Key, WeekSet], ...]
    cancelled: WeekSet = WeekSet()  # noqa: RUF009 - frozen
    annual: bool = True
    slots: tuple[int | None, int | None] | None = field(default=None)

    @cached_property
    def weeks(self) -> WeekSet:
        """Semaines: those of any resource, cancelled ones included."""
        mask = 0
        for _, weeks in self.presences:
            mask |= weeks.mask
        return WeekSet(mask)

    @property
    def active_weeks(self) -> WeekSet:
        """Semaines actives: cancellations taken out."""
        return self.weeks - self.cancelled

    @property
    def cancelled_weeks(self) -> WeekSet:
        """Semaines annulées: those in which it would otherwise take place."""
        return self.weeks & self.cancelled

    def of(self, *kinds: Kind) -> tuple[tuple[Key, WeekSet], ...]:
        """Give the presences of some kinds."""
        return tuple(p for p in self.presences if kind_of(p[0]) in kinds)

    @cached_property
    def audience(self) -> tuple[Key, ...]:
        """Public: classes and groups of any week, sorted."""
        return tuple(who for who, _ in self.of(Kind.CLASS, Kind.GROUP))

    @cached_property
    def regular_teachers(self) -> tuple[Key, ...]:
        """Enseignants titulaires: all teachers but the substitutes, sorted (rules 3.2bis)."""
        teachers = self.of(Kind.TEACHER)
        return tuple(who for who, weeks in teachers if not _substitutes(weeks, teachers))

    @cached_property
    def service(self) -> ServiceKey:
        """Clé du service that this lesson belongs to."""
        return ServiceKey(self.subject, self.regular_teachers, self.audience)

    def participants(self, week: int) -> frozenset[Key]:
        """Participants d'une semaine."""
        return frozenset(who for who, weeks in self.presences if week in weeks)

    def occurrences(self, first_monday: date) -> Iterator[LessonKey]:
        """Séances: the dated occurrences, cancellations taken out."""
        known: dict[tuple[bool, ...], frozenset[Key]] = {}
        weeks = self.active_weeks
        for week, day in zip(weeks, weeks.dates(first_monday, self.weekday), strict=True):
            present = tuple(week in mask for _, mask in self.presences)
            if present not in known:
                known[present] = self.participants(week)
            yield LessonKey(day, self.start, self.end, self.subject, known[present])

    def __repr__(self) -> str:
        """Show when, what and to whom, not by whom."""
        where = ", ".join(self.audience)
        return f"<KeyedLesson {self.weekday} {self.start} {self.subject} {where} {self.weeks}>"


def _substitutes(weeks: WeekSet, teachers: Iterable[tuple[Key, WeekSet]]) -> bool:
    """Tell whether a teacher of these weeks is a substitute: disjoint from one who has at least twice as many."""
    return bool(weeks) and any(weeks.isdisjoint(other) and len(other) >= 2 * len(weeks) for _, other in teachers)


def keyed_lesson(lesson: WeeklyLesson, names: Mapping[str, Key], *, marked: bool) -> KeyedLesson:
    """Put a weekly lesson in keys.

    `names` gives the key of each reference; one without a key (a class part) is left out. `marked` tells whether any
    lesson of the file says that it is annual or not: without marks, annual means more than one active week (rules
    3.2bis). A lesson on no day of the week is held in no week: it has no presences (edt 7.1).
    """
    placeable = lesson.weekday in WEEKDAYS
    presences: dict[Key, WeekSet] = {}
    for presence in lesson.presences:
        who = names.get(presence.who)
        if who is not None and presence.weeks and placeable:
            presences[who] = presences.get(who, WeekSet()) | presence.weeks
    return KeyedLesson(
        weekday=lesson.weekday,
        start=lesson.start,
        end=lesson.end,
        subject=min((names[subject] for subject in lesson.subjects if subject in names), default=Key("")),
        presences=tuple(sorted(presences.items())),
        cancelled=lesson.cancelled_weeks,
        annual=lesson.annual is True if marked else len(lesson.active_weeks) > 1,
        slots=(lesson.first_slot, lesson.slot_count) if lesson.start is None else None,
    )
