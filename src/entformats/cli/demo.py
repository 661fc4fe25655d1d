"""`entformats demo`: a whole school, from the AAF delivery to two validated imports; every figure is computed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from time import perf_counter

from attrs import field, frozen

from entformats import aaf, edt, rules
from entformats.cli import ExitCode
from entformats.cli.importing import show_bilan, show_matching
from entformats.cli.screen import Screen, agreed, counted
from entformats.codes import school_year
from entformats.errors import UsageError
from entformats.identity import Decision, Profile
from entformats.rules import GroupMode, Matching, Preview, Roster, State
from entformats.testing import school
from entformats.testing.school import FictitiousSchool
from entformats.timetable import Timetable

__all__ = ["demo"]

FEWEST = 20
MODE = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
OPERATOR = "administrateur"
_OUTCOMES = {"applied": "validé", "cancelled": "annulé", "rejected": "refusé", "failed": "échoué"}


def demo(seed: int, pupils: int) -> int:
    """Generate a school, write its files in memory, read those bytes back, and run the whole chain on them."""
    if pupils < FEWEST:
        raise UsageError(f"--pupils: at least {FEWEST}")
    begun = perf_counter()
    show = _Show(school.generate(seed, pupils=pupils))
    show.introduction()
    roster = rules.roster(show.delivery(), school=show.school.uai)
    first, second = show.school.first, show.school.second
    state = State.new(first.uai, first.school_year or school_year.of(show.school.first_at.date()))
    state = show.import_of("Premier import de l'année", first, roster, state, show.school.first_at)
    roster = rules.roster_after(roster, state.snapshot)
    state = show.import_of("Deuxième import", second, roster, state, show.school.second_at)
    show.history(state)
    print(f"\n({perf_counter() - begun:.1f} s)", file=sys.stderr)
    return ExitCode.OK


@frozen
class _Show:
    """Démonstration: the screens of an ENT, one after the other."""

    school: FictitiousSchool
    screen: Screen = field(factory=Screen)

    def introduction(self) -> None:
        """Say what will be seen."""
        self.screen.title(f"{self.school.name} (établissement fictif), UAI {self.school.uai}")
        self.screen.line(
            "Une livraison AAF et deux exports EDT, écrits en mémoire, relus et importés comme de vrais fichiers."
        )

    def delivery(self) -> aaf.Directory:
        """Write the AAF delivery, and read it back."""
        written = aaf.write(self.school.directory, exported=self.school.first_at.date())
        files = {name: b"".join(chunks) for name, chunks in written}
        delivery = aaf.read(files)
        self.screen.title("Alimentation AAF")
        self.screen.table(("Fichier", "Octets"), [(name, str(len(data))) for name, data in files.items()])
        directory = delivery.directory
        people = (
            (len(directory.pupils), "élève"),
            (len(directory.guardians), "responsable"),
            (len(directory.staff), "personnel"),
            (len(directory.subjects), "matière"),
        )
        self.screen.line("Annuaire : " + ", ".join(counted(number, noun) for number, noun in people))
        self.screen.report(delivery.report)
        return directory

    def import_of(self, title: str, timetable: Timetable, roster: Roster, state: State, at: datetime) -> State:
        """Import one export: read it, match people, show the bilan, validate."""
        self.screen.title(f"{title}, {at:%d/%m/%Y} : le fichier")
        read = self._export(timetable)
        preview = self._prepare(read, roster, state, (), at)
        self.screen.title("Rapprochement des enseignants")
        show_matching(self.screen, preview.matching, Profile.TEACHER, show_names=True)
        decisions = self._by_hand(preview.matching, Profile.TEACHER, at)
        self.screen.title("Rapprochement des élèves")
        show_matching(self.screen, preview.matching, Profile.PUPIL, show_names=True)
        decisions += self._by_hand(preview.matching, Profile.PUPIL, at)
        preview = self._prepare(read, roster, state, decisions, at)
        self.screen.title("Bilan préliminaire")
        show_bilan(self.screen, preview)
        return self._validate(preview, state, at)

    def _export(self, timetable: Timetable) -> Timetable:
        files = {name: b"".join(chunks) for name, chunks in edt.write(timetable)}
        export = edt.read(files)
        read = export.timetable
        contents = (
            counted(len(read.weekly_lessons), "cours", "cours"),
            counted(len(read.teachers), "enseignant"),
            counted(len(read.pupils), "élève"),
            counted(len(read.classes), "classe"),
            counted(len(read.option_groups), "groupe"),
        )
        self.screen.table(("Fichier", "Octets"), [(name, str(len(data))) for name, data in files.items()])
        self.screen.line("Emploi du temps : " + ", ".join(contents))
        self.screen.report(export.report)
        return read

    def _prepare(
        self, timetable: Timetable, roster: Roster, state: State, decisions: tuple[Decision, ...], at: datetime
    ) -> Preview:
        return rules.prepare(timetable, roster, state=state, mode=MODE, decisions=decisions, at=at)

    def _by_hand(self, matching: Matching, profile: Profile, at: datetime) -> tuple[Decision, ...]:
        """Play the person who finds in the directory those whom the file spells otherwise."""
        found = tuple(self._decisions(matching.only(profile=profile), at))
        if found:
            self.screen.line(f"→ {agreed(len(found), 'compte', 'identifié')} à la main", "green")
        return found

    def _decisions(self, matching: Matching, at: datetime) -> Iterator[Decision]:
        for ref in sorted(self.school.by_hand):
            if ref in matching and matching.account(ref) is None:
                yield matching.decide(ref, self.school.accounts[ref], by=OPERATOR, at=at)

    def _validate(self, preview: Preview, state: State, at: datetime) -> State:
        new = preview.validate(state, at=at, by=OPERATOR)
        plan = preview.plan
        writes = ", ".join(
            (
                counted(len(plan.subjects), "matière"),
                counted(len(plan.groups), "groupe"),
                counted(len(plan.memberships), "appartenance"),
                counted(len(plan.lessons), "séance"),
            )
        )
        self.screen.line(f"→ Import validé. À écrire dans l'ENT : {writes}", "green")
        return new

    def history(self, state: State) -> None:
        """Show the list of imports."""
        self.screen.title("Bilans d'import")
        rows = [(f"{a.at:%d/%m/%Y %H:%M}", _OUTCOMES[a.outcome], a.by or "", a.id[:8]) for a in state.history]
        self.screen.table(("Instant", "Issue", "Par", "Import"), rows)
