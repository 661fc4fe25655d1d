"""What the generator gives: a school, two timetables, and every change between them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from attrs import frozen

from entformats.aaf.directory import Directory
from entformats.codes.jointure import Jointure
from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.timetable import Closure, KeyedLesson, Timetable

__all__ = ["Change", "ChangeKind", "FictitiousSchool"]


class ChangeKind(StrEnum):
    """Sorte de changement between two exports."""

    SUBJECT_ADDED = "subject_added"
    SUBJECT_RELABELLED = "subject_relabelled"
    CLOSURE_ADDED = "closure_added"
    CLOSURE_REMOVED = "closure_removed"
    ALTERNATION_REPLACED = "alternation_replaced"
    """The odd and even weeks change places from a week on."""
    SERVICE_ADDED = "service_added"
    SERVICE_MODIFIED = "service_modified"
    """A lesson moves to another slot."""
    SERVICE_REMOVED = "service_removed"
    LESSON_ADDED = "lesson_added"
    """One lesson more in an existing service."""
    LESSON_REMOVED = "lesson_removed"
    """One lesson less in a service that keeps others."""
    LESSON_CANCELLED = "lesson_cancelled"
    SUBSTITUTION = "substitution"
    SUBSTITUTION_UNKNOWN = "substitution_unknown"
    """By a teacher whom the directory does not know."""
    SUBSTITUTION_APART = "substitution_apart"
    """As a separate lesson, in weeks that leave the annual one."""
    EXCEPTIONAL_ADDED = "exceptional_added"
    TEACHER_UNKNOWN = "teacher_unknown"
    """A teacher whom the directory does not know, with a lesson of their own."""
    TEACHER_ADDED = "teacher_added"
    """A second teacher in a lesson."""
    GROUP_CREATED = "group_created"
    GROUP_RENAMED = "group_renamed"
    PUPIL_MOVED = "pupil_moved"
    PUPIL_LEFT = "pupil_left"
    PUPIL_ARRIVED = "pupil_arrived"
    """Known to the directory."""
    PUPIL_UNKNOWN = "pupil_unknown"
    """Arrived, not known to the directory."""
    CLASS_ADDED = "class_added"
    """A class without any lesson."""

    @property
    def label(self) -> str:
        """Libellé: the change in a few French words, to list what happened to a school.

        >>> ChangeKind.PUPIL_MOVED.label
        'élève changé de classe'
        """
        return _LABELS[self]


_LABELS: Final = {
    ChangeKind.SUBJECT_ADDED: "matière ajoutée",
    ChangeKind.SUBJECT_RELABELLED: "matière au nouveau libellé",
    ChangeKind.CLOSURE_ADDED: "jour fermé",
    ChangeKind.CLOSURE_REMOVED: "jour rouvert",
    ChangeKind.ALTERNATION_REPLACED: "semaines A et B interverties",
    ChangeKind.SERVICE_ADDED: "service ajouté",
    ChangeKind.SERVICE_MODIFIED: "cours déplacé",
    ChangeKind.SERVICE_REMOVED: "service supprimé",
    ChangeKind.LESSON_ADDED: "cours ajouté à un service",
    ChangeKind.LESSON_REMOVED: "cours retiré d'un service",
    ChangeKind.LESSON_CANCELLED: "cours annulé certaines semaines",
    ChangeKind.SUBSTITUTION: "enseignant remplacé par un collègue",
    ChangeKind.SUBSTITUTION_UNKNOWN: "enseignant remplacé par un inconnu de l'annuaire",
    ChangeKind.SUBSTITUTION_APART: "enseignant remplacé, dans un cours à part",
    ChangeKind.EXCEPTIONAL_ADDED: "cours exceptionnel ajouté",
    ChangeKind.TEACHER_UNKNOWN: "enseignant inconnu de l'annuaire, avec son cours",
    ChangeKind.TEACHER_ADDED: "second enseignant dans un cours",
    ChangeKind.GROUP_CREATED: "groupe créé",
    ChangeKind.GROUP_RENAMED: "groupe renommé",
    ChangeKind.PUPIL_MOVED: "élève changé de classe",
    ChangeKind.PUPIL_LEFT: "élève parti",
    ChangeKind.PUPIL_ARRIVED: "élève arrivé, connu de l'annuaire",
    ChangeKind.PUPIL_UNKNOWN: "élève arrivé, inconnu de l'annuaire",
    ChangeKind.CLASS_ADDED: "classe ajoutée, sans cours",
}


@frozen(repr=False)
class Change:
    """Changement: one thing that happened to the school between the two exports.

    `before` and `after` are the lessons that it touched, as they were just before and just after: taking `before` out
    of the lessons and putting `after` in, change by change, leads from the first timetable to the second.
    """

    kind: ChangeKind
    before: tuple[KeyedLesson, ...] = ()
    after: tuple[KeyedLesson, ...] = ()
    names: tuple[str, ...] = ()
    """Subject code, group or class names concerned: the old one first where there are two."""
    people: tuple[Ref, ...] = ()
    """Teachers or pupils concerned: who leaves a lesson first, who enters it second."""
    weeks: WeekSet = WeekSet()  # noqa: RUF009 - frozen
    closure: Closure | None = None

    def __repr__(self) -> str:
        """Show the kind only."""
        return f"<Change {self.kind}>"


@frozen(repr=False)
class FictitiousSchool:
    """Collège fictif: an AAF delivery, two exports of the timetable program, what changed between them.

    `directory` is that of the beginning, with the pupils who are about to arrive; `accounts` tells which account each
    person of the timetables is; `by_hand` are those whom matching cannot find without a decision. Instants are aware.
    """

    name: str
    directory: Directory
    first: Timetable
    second: Timetable
    first_at: datetime
    second_at: datetime
    changes: tuple[Change, ...]
    accounts: FrozenMap[Ref, Jointure]
    by_hand: frozenset[Ref]

    @property
    def uai(self) -> str:
        """UAI: department 074, with its check letter."""
        return self.first.uai

    def __repr__(self) -> str:
        """Show the school and the sizes."""
        return f"<FictitiousSchool {self.uai}, {len(self.first.pupils)} pupils, {len(self.changes)} changes>"
