"""Changement d'année: what is purged, archived, binned or kept, and the state with which a year begins (rules 4.3).

As for an import, nothing is applied here: the plan is written by the caller, with the state, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from attrs import evolve, frozen
from dateutil.relativedelta import relativedelta

from entformats.changes import Diff
from entformats.codes.school_year import SchoolYear
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.problems import Problem
from entformats.rules.bilan_counts import Weekly
from entformats.rules.lifecycle import Run, obstacles
from entformats.rules.rosters import (
    MembershipKey,
    Provenance,
    Roster,
    RosterClass,
    RosterGroup,
    RosterMembership,
)
from entformats.rules.snapshot import PlannedLesson, Snapshot, SubjectContent
from entformats.rules.state import State
from entformats.timetable import LessonKey

K = TypeVar("K")
V = TypeVar("V")

__all__ = ["FATES", "Fate", "FateKind", "Rollover", "prepare", "render"]


class FateKind(StrEnum):
    """Sort d'une donnée au changement d'année."""

    PURGED = "purged"
    ARCHIVED = "archived"
    BINNED = "binned"
    """Moved to a bin, still readable there for a time."""
    KEPT = "kept"


_LABELS: Final = {
    FateKind.PURGED: "Supprimé",
    FateKind.ARCHIVED: "Archivé",
    FateKind.BINNED: "Mis à la corbeille",
    FateKind.KEPT: "Conservé",
}


@frozen
class Fate:
    """Ce que devient une sorte de donnée: its name in French, its fate, and for how many years a bin keeps it.

    >>> Fate("rubriques de classe", FateKind.BINNED, years=1).until(date(2023, 7, 10))
    datetime.date(2024, 7, 10)
    """

    what: str
    kind: FateKind
    years: int = 0

    def until(self, day: date) -> date | None:
        """Dernier jour où la corbeille la garde, from the day of the rollover; None where it is in no bin."""
        return day + relativedelta(years=self.years) if self.kind is FateKind.BINNED else None


FATES: Final = (
    Fate("séances de l'année passée", FateKind.PURGED),
    Fate("matières, services et correspondances venus de l'emploi du temps", FateKind.PURGED),
    Fate("classes, groupes importés et leurs membres", FateKind.PURGED),
    Fate("totaux cumulés de l'emploi du temps à la semaine", FateKind.PURGED),
    Fate("rubriques limitées à l'année scolaire", FateKind.PURGED),
    Fate("cahiers de textes, dans un dossier dédié", FateKind.ARCHIVED),
    Fate("documents d'assiduité et d'évaluation, exports", FateKind.ARCHIVED),
    Fate("rubriques de classe, pour leur responsable et l'administrateur", FateKind.BINNED, years=1),
    Fate("services personnels et préférences", FateKind.KEPT),
    Fate("rubriques sans limite de durée", FateKind.KEPT),
    Fate("droits d'administration", FateKind.KEPT),
    Fate("groupes créés à la main et leurs membres ajoutés à la main", FateKind.KEPT),
    Fate("rapprochements de personnes faits à la main", FateKind.KEPT),
    Fate("historique des imports et leurs bilans", FateKind.KEPT),
    Fate("comptes de dépôt des imports automatiques", FateKind.KEPT),
)
"""What becomes of each kind of data (rules 4.3). An ENT does it; `Rollover` plans the part that imports wrote."""


@frozen(repr=False)
class Rollover:
    """Changement d'année préparé: what to remove, key -> (before, None), and the state of the new year.

    `base` is the `id` of the state it was prepared on: compare it under the lock, as for an import. `blockers` forbid
    to write it.

    >>> prepare(State.new("0749999S", 2022), Roster("0749999S")).state.school_year
    2023
    """

    base: str
    state: State
    subjects: Diff[Key, SubjectContent]
    classes: Diff[Key, RosterClass]
    groups: Diff[Key, RosterGroup]
    memberships: Diff[MembershipKey, RosterMembership]
    lessons: Diff[LessonKey, PlannedLesson]
    blockers: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        """Show the school, the year that begins and the sizes."""
        sizes = f"{len(self.classes)} classes, {len(self.groups)} groups, {len(self.lessons)} lessons"
        return f"<Rollover of {self.state.school} to {self.state.school_year}: {sizes}>"


def prepare(
    state: State, roster: Roster, *, year: SchoolYear | int | None = None, runs: Iterable[Run] = ()
) -> Rollover:
    """Préparer le changement d'année d'une école (rules 4.3).

    `year` is that of the autumn that comes, the next one by default. Snapshot, running totals and correspondences begin
    again from nothing; decisions about people and the history stay. Subjects and dated lessons of the last import,
    classes, imported groups and their members are to be removed; groups made by hand stay, with the members that were
    added by hand. An import of the school that is still open gives the blocker `import_already_open`.

    Raises `UsageError` where the year is not a later one, or where the roster is of another school.

    >>> held = Roster("0749999S", classes=[RosterClass("6A")])
    >>> prepare(State.new("0749999S", 2022), held)
    <Rollover of 0749999S to 2023: 1 classes, 0 groups, 0 lessons>
    """
    following = SchoolYear(state.school_year + 1 if year is None else year)
    if following <= state.school_year:
        raise UsageError(f"the year {following} does not come after {state.school_year}")
    if roster.school != state.school:
        raise UsageError("the roster and the state are of two schools")
    past = state.snapshot
    begun = evolve(state, school_year=following, snapshot=Snapshot(), totals=Weekly(), correspondences=FrozenMap())
    groups = {who: group for who, group in roster.known_groups.items() if group.provenance is not Provenance.MANUAL}
    kept = roster.known_groups.keys() - groups.keys()
    rows = (
        RosterMembership(key.audience, key.account, min(provenances))
        for key, provenances in roster.members.items()
        if key.audience not in kept or Provenance.MANUAL not in provenances
    )
    return Rollover(
        base=state.id,
        state=begun,
        subjects=_removed(past.subjects.items()),
        classes=_removed(roster.known_classes.items()),
        groups=_removed(groups.items()),
        memberships=_removed((row.key, row) for row in rows),
        lessons=_removed((lesson, past.planned(lesson)) for lesson in past.lesson_keys),
        blockers=obstacles(state, runs=runs),
    )


def _removed(rows: Iterable[tuple[K, V]]) -> Diff[K, V]:
    return Diff({key: (row, None) for key, row in rows})


def render(rollover: Rollover, *, day: date) -> str:
    """Écrire ce que fera le changement d'année, in French, as its screen shows it; `day` is that of the rollover.

    >>> held = Roster("0749999S", classes=[RosterClass("6A")])
    >>> print(render(prepare(State.new("0749999S", 2022), held), day=date(2023, 7, 10)).partition("Supprimé")[0])
    Passage à l'année scolaire 2023-2024
    À retirer : 0 séance, 0 matière, 1 classe, 0 groupe, 0 appartenance
    <BLANKLINE>
    """
    year = rollover.state.school_year
    told = [f"Passage à l'année scolaire {year}-{year + 1}"]
    sizes = (
        (len(rollover.lessons), "séance"),
        (len(rollover.subjects), "matière"),
        (len(rollover.classes), "classe"),
        (len(rollover.groups), "groupe"),
        (len(rollover.memberships), "appartenance"),
    )
    told.append("À retirer : " + ", ".join(f"{size} {noun}{'s' if size > 1 else ''}" for size, noun in sizes))
    for kind, label in _LABELS.items():
        told.append(f"{label} :")
        for fate in FATES:
            if fate.kind is kind:
                until = fate.until(day)
                told.append(f"- {fate.what}" + (f", jusqu'au {until:%d/%m/%Y}" if until else ""))
    told.extend(f"{found.code} {found.message('fr')}" for found in rollover.blockers)
    return "\n".join(told) + "\n"
