"""Who of a timetable is which account, and why: the people of real files against a delivery, nothing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

from attrs import evolve, frozen

from entformats import Format, aaf, edt, identify, pronote, rules
from entformats.cli import ExitCode
from entformats.cli.screen import Screen, agreed, counted, hidden, watched
from entformats.cli.whole import read_text
from entformats.errors import UsageError
from entformats.identity import Identity, Profile
from entformats.problems import CATALOGUE, Report, Severity
from entformats.rules import (
    Ambiguous,
    Conflict,
    Dismissed,
    Level,
    Matched,
    Matching,
    NameOnly,
    Policy,
    State,
    Unmatched,
)
from entformats.rules.matching.findings import finding
from entformats.rules.matching.words import DIFFERENCES
from entformats.rules.state import merged_decisions

__all__ = ["MatchOrder", "match"]

_NOUNS = {
    Profile.TEACHER: "enseignant",
    Profile.STAFF: "personnel",
    Profile.PUPIL: "élève",
    Profile.GUARDIAN: "responsable",
}
_OF_TIMETABLES = (Profile.TEACHER, Profile.STAFF, Profile.PUPIL)
"""Profiles that an import of a timetable matches; guardians are AAF's affair (rules 1.1)."""
_LEVELS = {
    Level.IDENTIFIER: "identifiant commun",
    Level.EXACT: "même code source",
    Level.REMEMBERED: "décision mémorisée",
    Level.NORMALISED: "mêmes noms écrits autrement",
    Level.VARIANT: "autres noms, même date",
    Level.CLASS: "mêmes noms, même classe",
    Level.NAME: "noms uniques, sans date",
}
_SURE = frozenset({Level.IDENTIFIER, Level.EXACT})


@frozen
class MatchOrder:
    """What `entformats match` was asked."""

    aaf: Path
    timetables: tuple[Path, ...]
    decisions: Path | None
    state: Path | None
    school: str | None
    accept_names: bool
    everybody: bool
    show_names: bool
    decrypt: edt.Decryptor | None = None
    profile: Profile | None = None


@frozen
class _Sources:
    """People of the file to match, and how."""

    title: str
    people: tuple[Identity, ...]
    school: str
    report: Report
    policy: Policy
    uncategorised: int = 0


def _of_timetable(order: MatchOrder) -> _Sources:
    paths = order.timetables
    source = watched(paths[0]) if len(paths) == 1 else list(paths)
    export = edt.read(source, uai=order.school, decrypt=order.decrypt)
    people = tuple(one for profile in _OF_TIMETABLES for one in export.timetable.identities(profile))
    policy = Policy(name_only=NameOnly.ACCEPT_UNIQUE if order.accept_names else NameOnly.PROPOSE)
    return _Sources("Emploi du temps", people, order.school or export.timetable.uai, export.report, policy)


def _of_identifiers(order: MatchOrder) -> _Sources:
    """Take the people of an export of Pronote identifiers; those of unknown category are only counted."""
    if len(order.timetables) != 1:
        raise UsageError("one export of identifiers is expected")
    export = pronote.read(watched(order.timetables[0]), default_profile=order.profile)
    school = order.school or export.uai
    if not school:
        raise UsageError("this file does not name its school: give --school UAI")
    known = evolve(export, identifiers=tuple(row for row in export.identifiers if row.profile))
    people = known.identities(school=school)
    without = len(export.identifiers) - len(known.identifiers)
    return _Sources("Identifiants Pronote", people, school, export.report, Policy(table=rules.PRONOTE), without)


def match(order: MatchOrder) -> int:
    """Match the people of real files and show them, profile by profile."""
    screen = Screen()
    of_pronote = identify(order.timetables[0]).format is Format.PRONOTE
    sources = _of_identifiers(order) if of_pronote else _of_timetable(order)
    delivery = aaf.read(watched(order.aaf))
    state = State.from_json(read_text(order.state)) if order.state else None
    if state and state.school != sources.school:
        raise UsageError("the state and the timetable are of two schools")
    given = rules.decisions_from_json(read_text(order.decisions)) if order.decisions else ()
    matching = rules.match(
        sources.people,
        delivery.directory.identities(school=sources.school),
        decisions=merged_decisions(state.decisions if state else (), given),
        policy=sources.policy,
    )
    errors = 0
    for name, report in (("AAF", delivery.report), (sources.title, sources.report)):
        errors += report.count(Severity.ERROR)
        if report.counts:
            screen.line(f"{name} :")
            screen.report(report)
    for profile in _NOUNS:
        _show(screen, matching.only(profile=profile), profile, order)
    if sources.uncategorised:
        noun = counted(sources.uncategorised, "personne")
        screen.line(f"{noun} sans catégorie connue : non rapprochées ici, préciser --profile", "yellow")
    return ExitCode.PROBLEMS if errors or matching.counts.unrecognised else ExitCode.OK


def _show(screen: Screen, part: Matching, profile: Profile, order: MatchOrder) -> None:
    """Show one profile: counts, levels, those whose match deserves a look, those who are not matched."""
    counts, noun = part.counts, _NOUNS[profile]
    if not counts.total:
        return
    screen.title(f"{agreed(counts.matched, noun, 'reconnu')} sur {counts.total}")
    levels = Counter(found.level for found in part.matched.values())
    for level in Level:
        if levels[level]:
            screen.line(f"  {levels[level]} : {_LEVELS[level]}")
    shown = {ref: found for ref, found in part.matched.items() if order.everybody or found.level not in _SURE}
    if shown:
        rows = [(*_who(part.source(ref), order), found.account, _how(found)) for ref, found in shown.items()]
        screen.table(("Personne", "Code source", "Compte", "Rapprochement"), rows)
    if counts.unrecognised:
        screen.line(f"{agreed(counts.unrecognised, noun, 'non reconnu')}", "yellow")
        for ref in (*part.unmatched, *part.ambiguous, *part.conflicts):
            for line in _reasons(part, ref, order):
                screen.line(f"  {line}")
    if counts.dismissed:
        screen.line(f"{agreed(counts.dismissed, noun, 'écarté')} sur décision")


def _who(person: Identity, order: MatchOrder) -> tuple[str, str]:
    name, code, _ = hidden(person, show_names=order.show_names)
    return name, code


def _how(found: Matched) -> str:
    """Say what a match rests on, and what differs."""
    differs = ", ".join(DIFFERENCES["fr"][one] for one in sorted(found.differs))
    return _LEVELS[found.level] + (f" ({differs})" if differs else "")


def _reasons(part: Matching, ref: str, order: MatchOrder) -> Iterator[str]:
    """Say why a person is not matched, and who it could be: in full where names may be seen."""
    person, outcome = part.source(ref), part[ref]
    if order.show_names:
        first, *others = part.why(ref).splitlines()
        yield first
        yield from (f"  {line}" for line in others)
        return
    found = finding(person, outcome)
    title = f" : {CATALOGUE[found.code].fr.title} ({found.code})" if found else ""
    yield f"{ref}{title}"
    match outcome:
        case Unmatched(suggestions=suggestions):
            for one in suggestions:
                taken = " ; déjà attribué" if one.taken_by else ""
                points = f"nom {one.family}, prénom {one.given}, date {one.date}"
                yield f"  compte {one.account} ? {one.score} points sur 11 ({points}){taken}"
        case Ambiguous(candidates=candidates):
            for candidate in candidates:
                yield f"  compte {candidate.account}" + (" ; déjà attribué" if candidate.taken_by else "")
        case Conflict(accounts=accounts):
            yield from (f"  compte {account}" for account in accounts)
        case Matched() | Dismissed():
            return
        case _ as never:
            assert_never(never)
