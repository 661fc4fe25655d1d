"""`entformats demo`: a whole school, from the AAF delivery to two validated imports; every figure is computed."""

from __future__ import annotations

import sys
from datetime import datetime
from time import perf_counter

from entformats import aaf, edt, rules
from entformats.cli import ExitCode
from entformats.cli.importing import show_import, show_matching
from entformats.cli.screen import Screen, counted
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


def demo(seed: int, pupils: int) -> int:
    """Generate a school, write its files in memory, read those bytes back, and run the whole chain on them."""
    if pupils < FEWEST:
        raise UsageError(f"--pupils: at least {FEWEST}")
    begun = perf_counter()
    screen = Screen()
    fictitious = school.generate(seed, pupils=pupils)
    screen.title(f"{fictitious.name} (fictif), UAI {fictitious.uai}")
    directory = _read_delivery(screen, fictitious)
    roster = rules.roster(directory, school=fictitious.uai)

    first = _read_export(screen, "Premier export EDT", fictitious.first, fictitious.first_at)
    year = first.school_year
    state = State.new(fictitious.uai, year or school_year.of(fictitious.first_at.date()))
    decisions = _identify_by_hand(screen, fictitious, first, roster)
    state = _import(screen, first, roster, state, decisions, fictitious.first_at)

    second = _read_export(screen, "Second export EDT", fictitious.second, fictitious.second_at)
    roster = rules.roster_after(roster, state.snapshot)
    state = _import(screen, second, roster, state, (), fictitious.second_at)
    _show_history(screen, state)
    print(f"{perf_counter() - begun:.1f} s", file=sys.stderr)
    return ExitCode.OK


def _read_delivery(screen: Screen, fictitious: FictitiousSchool) -> aaf.Directory:
    day = fictitious.first_at.date()
    written = aaf.write(fictitious.directory, exported=day)
    files = {name: b"".join(chunks) for name, chunks in written}
    screen.title("1. Livraison AAF, relue depuis ses octets")
    delivery = aaf.read(files)
    screen.table(("Fichier", "Octets"), [(name, str(len(data))) for name, data in files.items()])
    directory = delivery.directory
    people = (
        (len(directory.pupils), "élève"),
        (len(directory.guardians), "responsable"),
        (len(directory.staff), "personnel"),
        (len(directory.subjects), "matière"),
    )
    screen.line("Annuaire : " + ", ".join(counted(number, noun) for number, noun in people))
    screen.report(delivery.report)
    return directory


def _read_export(screen: Screen, title: str, timetable: Timetable, at: datetime) -> Timetable:
    ((name, chunks),) = edt.write(timetable)
    data = b"".join(chunks)
    export = edt.read(data)
    screen.title(f"{title}, {at:%d/%m/%Y}")
    read = export.timetable
    screen.line(f"{name}, {len(data)} octets : {counted(len(read.weekly_lessons), 'cours', 'cours')}, "
                f"{counted(len(read.classes), 'classe')}, {counted(len(read.option_groups), 'groupe')}")
    screen.report(export.report)
    return read


def _identify_by_hand(
    screen: Screen, fictitious: FictitiousSchool, timetable: Timetable, roster: Roster
) -> tuple[Decision, ...]:
    """Play the person who looks at the unmatched teachers, and finds those that the directory holds."""
    people = timetable.identities(Profile.TEACHER)
    matching = rules.match(people, roster.people)
    screen.title("2. Rapprochement des enseignants")
    show_matching(screen, matching, Profile.TEACHER, show_names=True)
    decisions = tuple(_decisions(fictitious, matching))
    screen.line(f"→ {counted(len(decisions), 'personne')} identifiée{'s' if len(decisions) > 1 else ''} à la main")
    return decisions


def _decisions(fictitious: FictitiousSchool, matching: Matching) -> list[Decision]:
    return [
        matching.decide(ref, fictitious.accounts[ref], by="demo", at=fictitious.first_at)
        for ref in sorted(fictitious.by_hand)
        if ref in matching
    ]


def _import(  # noqa: PLR0913 - the inputs of an import
    screen: Screen,
    timetable: Timetable,
    roster: Roster,
    state: State,
    decisions: tuple[Decision, ...],
    at: datetime,
) -> State:
    preview = rules.prepare(timetable, roster, state=state, mode=MODE, decisions=decisions, at=at)
    screen.title("Aperçu de l'import")
    show_import(screen, preview, show_names=True)
    return _validate(screen, preview, state, at)


def _validate(screen: Screen, preview: Preview, state: State, at: datetime) -> State:
    new = preview.validate(state, at=at, by="demo")
    plan = preview.plan
    screen.line()
    screen.line(
        f"→ import validé : {counted(len(plan.lessons), 'séance')}, {counted(len(plan.groups), 'groupe')} et "
        f"{counted(len(plan.memberships), 'appartenance')} à écrire",
        "green",
    )
    return new


def _show_history(screen: Screen, state: State) -> None:
    screen.title("Bilans d'import")
    rows = [(f"{a.at:%d/%m/%Y %H:%M}", a.trigger.value, a.outcome.value, a.id[:8]) for a in state.history]
    screen.table(("Instant", "Déclenchement", "Issue", "Import"), rows)
