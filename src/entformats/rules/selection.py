"""Which lessons of a file an import keeps, and why it drops the others (rules 3.6)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from enum import StrEnum

from attrs import field, frozen

from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.rules.matching import Matching
from entformats.rules.policy import Policy
from entformats.rules.wizard import GroupMode
from entformats.timetable import KeyedLesson, Kind, ServiceKey, Timetable, WeeklyLesson
from entformats.timetable.models import WEEKDAYS

__all__ = ["DropReason", "Dropped", "Selection", "select"]


class DropReason(StrEnum):
    """Motif: why a weekly lesson is not imported."""

    NO_MATCHED_TEACHER = "no_matched_teacher"
    """It has teachers, and none of them is known to the ENT."""
    UNKNOWN_SUBJECT = "unknown_subject"
    """Its subject is absent or undefined, and the policy drops such lessons."""
    UNKNOWN_AUDIENCE = "unknown_audience"
    """None of its classes and groups is in the ENT, in the modes that create no group."""
    CLASS_PART_ONLY = "class_part_only"
    """Partie sans groupe: it is placed on class parts alone."""
    OUTSIDE_SLOTS = "outside_slots"
    """Its day or its start is not in the grid."""
    IN_THE_PAST = "in_the_past"
    """Its last lesson is before the day given by the policy."""

    @property
    def label(self) -> str:
        """Motif en français, in a few words.

        >>> DropReason.NO_MATCHED_TEACHER.label
        'aucun enseignant reconnu'
        """
        return _LABELS[self]


_LABELS: Mapping[DropReason, str] = FrozenMap(
    {
        DropReason.NO_MATCHED_TEACHER: "aucun enseignant reconnu",
        DropReason.UNKNOWN_SUBJECT: "matière inconnue",
        DropReason.UNKNOWN_AUDIENCE: "classe ou groupe inconnu de l'ENT",
        DropReason.CLASS_PART_ONLY: "sur des parties de classe sans groupe",
        DropReason.OUTSIDE_SLOTS: "hors de la grille horaire",
        DropReason.IN_THE_PAST: "avant la date demandée",
    }
)


@frozen
class Dropped:
    """Cours non importé: its place in `timetable.weekly_lessons`, and the reason.

    >>> Dropped(3, DropReason.NO_MATCHED_TEACHER, occurrences=34).index
    3
    """

    index: int
    reason: DropReason
    occurrences: int
    """Dated lessons that are lost with it."""
    lesson: KeyedLesson | None = field(default=None, eq=False, repr=False)
    """The lesson itself, in keys."""


@frozen(repr=False)
class Selection:
    """Sélection: the lessons kept, in keys, and those dropped.

    `known` are the classes and groups that the ENT has or will have.

    >>> from entformats.identity import Key
    >>> selection = Selection((), (), known=frozenset({Key("class:6A")}))
    >>> selection.is_incomplete(ServiceKey(Key("subject:SVT"), (), (Key("class:6A"),)))
    True
    """

    kept: tuple[KeyedLesson, ...]
    dropped: tuple[Dropped, ...]
    known: frozenset[Key]

    @property
    def past(self) -> tuple[KeyedLesson, ...]:
        """Cours passés: dropped for being over, and for nothing else; what happened in them still counts (rules 3.3).

        >>> Selection((), (), known=frozenset()).past
        ()
        """
        return tuple(
            one.lesson for one in self.dropped if one.reason is DropReason.IN_THE_PAST and one.lesson is not None
        )

    def is_incomplete(self, service: ServiceKey) -> bool:
        """Service incomplet: it lacks a subject, a teacher, or part of an audience known to the ENT (rules 3.3)."""
        audience = service.audience
        return not (service.subject and service.teachers and audience and all(who in self.known for who in audience))

    def __repr__(self) -> str:
        """Show the sizes."""
        return f"<Selection {len(self.kept)} kept, {len(self.dropped)} dropped>"


def select(
    timetable: Timetable,
    matching: Matching,
    *,
    known: AbstractSet[Key],
    mode: GroupMode,
    policy: Policy = Policy(),  # noqa: B008 - frozen
) -> Selection:
    """Choisir les cours importés: each weekly lesson is judged as a whole, its teachers over all weeks (rules 3.6).

    `known` are the keys of the file's classes and groups that have a counterpart in the ENT, or will be created there.

    >>> from entformats.timetable import Timetable
    >>> select(Timetable("0749999S"), Matching(), known=set(), mode=GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS)
    <Selection 0 kept, 0 dropped>
    """
    kept: list[KeyedLesson] = []
    dropped: list[Dropped] = []
    for index, (weekly, lesson) in enumerate(zip(timetable.weekly_lessons, timetable.keyed_lessons, strict=True)):
        reason = _reason(timetable, weekly, lesson, matching, known, mode, policy)
        if reason is None:
            kept.append(lesson)
        else:
            dropped.append(Dropped(index, reason, len(weekly.active_weeks), lesson))
    return Selection(tuple(kept), tuple(dropped), frozenset(known))


def _reason(
    timetable: Timetable,
    weekly: WeeklyLesson,
    lesson: KeyedLesson,
    matching: Matching,
    known: AbstractSet[Key],
    mode: GroupMode,
    policy: Policy,
) -> DropReason | None:
    teachers = weekly.of(Kind.TEACHER)
    audience = lesson.audience
    strangers = bool(teachers) and not any(matching.account(presence.who) for presence in teachers)
    nowhere = bool(audience) and not mode.creates_groups and known.isdisjoint(audience)
    reasons = {
        DropReason.CLASS_PART_ONLY: weekly.on_class_part_only,
        DropReason.OUTSIDE_SLOTS: _is_outside(timetable, weekly),
        DropReason.NO_MATCHED_TEACHER: strangers,
        DropReason.UNKNOWN_AUDIENCE: nowhere,
        DropReason.UNKNOWN_SUBJECT: policy.drop_unknown_subjects and not lesson.subject,
        DropReason.IN_THE_PAST: is_over(lesson, timetable.first_monday, policy.since),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _is_outside(timetable: Timetable, weekly: WeeklyLesson) -> bool:
    return weekly.weekday not in WEEKDAYS or (weekly.start is None and bool(timetable.grid.slots))


def is_over(lesson: KeyedLesson, first_monday: date | None, since: date | None) -> bool:
    """Cours terminé: its last date, cancelled or not, is before a day.

    >>> from datetime import time
    >>> from entformats.codes.weeks import WeekSet
    >>> lesson = KeyedLesson(1, time(8), time(9), Key("subject:SVT"), ((Key("class:6A"), WeekSet.of([2])),))
    >>> is_over(lesson, date(2022, 8, 29), date(2022, 9, 6)), is_over(lesson, date(2022, 8, 29), date(2022, 9, 5))
    (True, False)
    """
    if since is None or first_monday is None or not lesson.weeks:
        return False
    return lesson.weeks.dates(first_monday, lesson.weekday)[-1] < since
