"""An import shown as an ENT shows it: people, lessons left out, bilan; and the command that does it on real files."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import assert_never

from attrs import frozen

from entformats import aaf, edt, rules
from entformats.cli import ExitCode
from entformats.cli.screen import Screen, agreed, counted, hidden, watched
from entformats.cli.timetables import read_timetable
from entformats.cli.whole import read_text, write_whole
from entformats.codes import school_year
from entformats.errors import UsageError
from entformats.identity import Profile
from entformats.problems import CATALOGUE, Severity
from entformats.reports.bilan import Form, render
from entformats.rules import (
    Ambiguous,
    Conflict,
    Dismissed,
    DropReason,
    GroupMode,
    Matched,
    Matching,
    Outcome,
    Preview,
    State,
    Unmatched,
)
from entformats.timetable import Timetable

__all__ = ["Order", "bilan", "show_bilan", "show_import", "show_matching"]

_NOUNS = {Profile.TEACHER: "enseignant", Profile.STAFF: "personnel", Profile.PUPIL: "élève"}


def show_matching(screen: Screen, matching: Matching, profile: Profile, *, show_names: bool) -> None:
    """Show the screen of rules 1.1 for one profile: the counts, then a table of those who are not matched."""
    part = matching.only(profile=profile)
    counts = part.counts
    noun = _NOUNS[profile]
    screen.line(f"{agreed(counts.matched, noun, 'reconnu')} dans l'établissement")
    if counts.unrecognised:
        screen.line(f"{agreed(counts.unrecognised, noun, 'non reconnu')} dans l'établissement", "yellow")
        refs = (*part.unmatched, *part.ambiguous, *part.conflicts)
        rows = [(*hidden(part.source(ref), show_names=show_names), _hint(part[ref])) for ref in refs]
        screen.table(("Nom Prénom", "Code source", "Date de naissance", "Proposition"), rows)
    if counts.dismissed:
        screen.line(f"{agreed(counts.dismissed, noun, 'écarté')} sur décision")


def _hint(outcome: Outcome) -> str:
    """Say in a few words what a person could do about an outcome."""
    match outcome:
        case Unmatched(suggestions=(best, *_)):
            return f"compte {best.account} ? ({best.score} points sur 11)"
        case Unmatched():
            return "aucune"
        case Ambiguous(candidates=candidates):
            return "à choisir entre " + ", ".join(candidate.account for candidate in candidates)
        case Conflict(accounts=accounts):
            return "conflit sur " + ", ".join(accounts)
        case Matched() | Dismissed():
            return ""
        case _ as never:
            assert_never(never)


def show_import(screen: Screen, preview: Preview, *, show_names: bool) -> None:
    """Show what an import does: people, lessons left out, bilan, proposals apart, blockers."""
    for profile in (Profile.TEACHER, Profile.PUPIL):
        show_matching(screen, preview.matching, profile, show_names=show_names)
    staff = preview.matching.only(profile=Profile.STAFF).counts
    if staff.unrecognised:
        screen.line(f"{agreed(staff.unrecognised, 'personnel', 'non reconnu')}, sans effet sur les cours importés")
    show_bilan(screen, preview)


def show_bilan(screen: Screen, preview: Preview) -> None:
    """Show what an import changes, lessons left out first; then what it proposes apart, and what forbids it."""
    _show_dropped(screen, preview)
    screen.line(rules.bilan.render(preview.bilan))
    _show_proposals(screen, preview)
    for found in (*preview.blockers, *preview.warnings):
        screen.line(f"{found.code} {found.message('fr')}", "red" if found.severity is Severity.ERROR else "yellow")
        screen.line(f"  {CATALOGUE[found.code].fr.repair}")


def _show_dropped(screen: Screen, preview: Preview) -> None:
    for reason in DropReason:
        dropped = [one for one in preview.selection.dropped if one.reason is reason]
        if dropped:
            lessons = sum(one.occurrences for one in dropped)
            title = agreed(len(dropped), "cours", "non importé", plural="cours")
            screen.line(f"{title} ({counted(lessons, 'séance')}) : {reason.label}", "yellow")


def _show_proposals(screen: Screen, preview: Preview) -> None:
    removals = preview.plan.proposed_removals
    if removals.groups or removals.memberships:
        screen.line("Propositions de retrait, à confirmer à part (rien n'est retiré par la validation) :")
        sizes = counted(len(removals.groups), "groupe"), counted(len(removals.memberships), "appartenance")
        screen.line("  - " + ", ".join(sizes))


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
    decrypt: edt.Decryptor | None = None
    form: Form = Form.TEXT


def bilan(order: Order) -> int:
    """Prepare an import of real files, show it, and validate it when asked; a form other than text stands alone."""
    screen = Screen(errors=order.form is not Form.TEXT)
    preview, state, found = _prepared(screen, order)
    if order.form is Form.TEXT:
        show_import(screen, preview, show_names=order.show_names)
    else:
        sys.stdout.write(render(preview, order.form, show_names=order.show_names))
    if preview.blockers or found:
        return ExitCode.PROBLEMS
    if order.validate:
        if order.state is None:
            raise UsageError("--validate needs --state FILE, to write the new state in")
        write_whole(order.state, preview.validate(state, at=preview.at).to_json())
        screen.line()
        screen.line(f"Import validé, état écrit dans {order.state.name}", "green")
    return ExitCode.OK


def _prepared(screen: Screen, order: Order) -> tuple[Preview, State, int]:
    """Read everything and prepare; also count the errors found in the files."""
    export = read_timetable(order.timetables, school=order.school, decrypt=order.decrypt)
    delivery = aaf.read(watched(order.aaf))
    for name, report in (("AAF", delivery.report), ("Emploi du temps", export.report)):
        if report.counts:
            screen.line(f"{name} :")
            screen.report(report)
    timetable = export.timetable
    at = order.at or datetime.now().astimezone()
    state = _state(order, timetable, at)
    roster = rules.roster_after(rules.roster(delivery.directory, school=state.school), state.snapshot)
    decisions = rules.decisions_from_json(read_text(order.decisions)) if order.decisions else ()
    preview = rules.prepare(timetable, roster, state=state, mode=order.mode, decisions=decisions, at=at)
    return preview, state, export.report.count(Severity.ERROR) + delivery.report.count(Severity.ERROR)


def _state(order: Order, timetable: Timetable, at: datetime) -> State:
    if order.state and order.state.exists():
        return State.from_json(read_text(order.state))
    return State.new(order.school or timetable.uai, timetable.school_year or school_year.of(at.date()))
