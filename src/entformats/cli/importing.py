"""An import shown as an ENT shows it: people, lessons left out, bilan; and the command that does it on real files."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from attrs import frozen

from entformats import aaf, edt, rules
from entformats.cli import ExitCode
from entformats.cli.screen import Screen, counted, hidden, watched
from entformats.codes import school_year
from entformats.errors import UsageError
from entformats.identity import Profile
from entformats.problems import CATALOGUE, Severity
from entformats.rules import DropReason, GroupMode, Matching, Preview, State, Unmatched
from entformats.timetable import Timetable

__all__ = ["Order", "bilan", "show_import", "show_matching"]

_PEOPLE = {
    Profile.TEACHER: ("enseignant", "Nom Prénom"),
    Profile.STAFF: ("personnel", "Nom Prénom"),
    Profile.PUPIL: ("élève", "Nom Prénom"),
}
_REASONS = {
    DropReason.NO_MATCHED_TEACHER: "aucun de leurs enseignants n'est reconnu",
    DropReason.UNKNOWN_SUBJECT: "matière inconnue",
    DropReason.UNKNOWN_AUDIENCE: "classe ou groupe inconnu de l'ENT",
    DropReason.CLASS_PART_ONLY: "placés sur des parties de classe sans groupe",
    DropReason.OUTSIDE_SLOTS: "hors de la grille horaire",
    DropReason.IN_THE_PAST: "passés",
}


def show_matching(screen: Screen, matching: Matching, profile: Profile, *, show_names: bool) -> None:
    """Show the screen of rules 1.1 for one profile: the counts, then a table of the unmatched."""
    part = matching.only(profile=profile)
    noun, head = _PEOPLE[profile]
    counts = part.counts
    known = f"reconnu{'s' if counts.matched > 1 else ''}"
    screen.line(f"{counted(counts.matched, noun)} {known} dans l'établissement")
    if counts.unrecognised:
        lost = f"non reconnu{'s' if counts.unrecognised > 1 else ''}"
        screen.line(f"{counted(counts.unrecognised, noun)} {lost} dans l'établissement", "yellow")
        refs = (*part.unmatched, *part.ambiguous, *part.conflicts)
        rows = [(*hidden(part.source(ref), show_names=show_names), _hint(part, ref, show_names=show_names)) for ref in refs]
        screen.table((head, "Code source", "Date de naissance", "Proposition"), rows)


def _hint(matching: Matching, ref: str, *, show_names: bool) -> str:
    outcome = matching[ref]
    if isinstance(outcome, Unmatched):
        best = outcome.suggestions[:1]
        return f"compte {best[0].account} ({best[0].score}/11)" if best else "aucune"
    return matching.why(ref).splitlines()[0] if show_names else type(outcome).__name__.lower()


def show_import(screen: Screen, preview: Preview, *, show_names: bool) -> None:
    """Show what an import does: people, lessons left out, bilan, proposals apart, blockers."""
    for profile in _PEOPLE:
        if preview.matching.only(profile=profile):
            show_matching(screen, preview.matching, profile, show_names=show_names)
    _show_dropped(screen, preview)
    screen.line()
    screen.line(rules.bilan.render(preview.bilan))
    _show_proposals(screen, preview)
    for found in (*preview.blockers, *preview.warnings):
        screen.line(f"{found.code} {found.message('fr')}", "red" if found.severity is Severity.ERROR else "yellow")
        screen.line(f"  {CATALOGUE[found.code].fr.repair}")


def _show_dropped(screen: Screen, preview: Preview) -> None:
    for reason, words in _REASONS.items():
        dropped = [one for one in preview.selection.dropped if one.reason is reason]
        if dropped:
            lessons = sum(one.occurrences for one in dropped)
            screen.line(f"{counted(len(dropped), 'cours', 'cours')} non importés ({counted(lessons, 'séance')}) : {words}", "yellow")


def _show_proposals(screen: Screen, preview: Preview) -> None:
    removals = preview.plan.proposed_removals
    if removals.groups or removals.memberships:
        screen.line()
        screen.line("Propositions de retrait, à confirmer à part (rien n'est retiré par la validation) :")
        screen.line(f"  - {counted(len(removals.groups), 'groupe')}, {counted(len(removals.memberships), 'appartenance')}")


@frozen
class Order:
    """What `entformats bilan` was asked."""

    aaf: Path
    timetables: tuple[Path, ...]
    state: Path | None
    decisions: Path | None
    mode: GroupMode
    at: datetime | None
    school: str | None
    validate: bool
    show_names: bool


def bilan(order: Order) -> int:
    """Prepare an import of real files, show it, and validate it when asked."""
    screen = Screen()
    preview, state, found = _prepared(screen, order)
    show_import(screen, preview, show_names=order.show_names)
    if preview.blockers or found:
        return ExitCode.PROBLEMS
    if order.validate:
        if order.state is None:
            raise UsageError("--validate needs --state FILE, to write the new state in")
        _write(order.state, preview.validate(state, at=preview.at).to_json())
        screen.line()
        screen.line(f"Import validé, état écrit dans {order.state.name}", "green")
    return ExitCode.OK


def _prepared(screen: Screen, order: Order) -> tuple[Preview, State, int]:
    """Read everything and prepare; also count the errors found in the files."""
    if len(order.timetables) != 1:
        raise UsageError("one timetable export is expected")
    export = edt.read(watched(order.timetables[0]), uai=order.school)
    delivery = aaf.read(watched(order.aaf))
    for name, report in (("AAF", delivery.report), ("Emploi du temps", export.report)):
        if report.counts:
            screen.line(f"{name} :")
            screen.report(report)
    timetable = export.timetable
    at = order.at or datetime.now().astimezone()
    state = _state(order, timetable, at)
    roster = rules.roster_after(rules.roster(delivery.directory, school=state.school), state.snapshot)
    decisions = rules.decisions_from_json(order.decisions.read_text("utf-8")) if order.decisions else ()
    preview = rules.prepare(timetable, roster, state=state, mode=order.mode, decisions=decisions, at=at)
    return preview, state, export.report.count(Severity.ERROR) + delivery.report.count(Severity.ERROR)


def _state(order: Order, timetable: Timetable, at: datetime) -> State:
    if order.state and order.state.exists():
        return State.from_json(order.state.read_text("utf-8"))
    return State.new(order.school or timetable.uai, timetable.school_year or school_year.of(at.date()))


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
