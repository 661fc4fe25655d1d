"""Findings of a match: one for each source that is not matched, one for each stale decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from entformats.identity import Identity
from entformats.problems import Location, Problem, problem
from entformats.rules.matching.outcomes import (
    Ambiguous,
    Conflict,
    ConflictReason,
    Dismissed,
    Matched,
    Outcome,
    Unmatched,
    UnmatchedReason,
)

__all__ = ["finding", "findings"]

UNMATCHED = {
    UnmatchedReason.MALFORMED: "malformed_source_key",
    UnmatchedReason.NO_BIRTH_DATE: "person_without_birth_date",
    UnmatchedReason.NO_CANDIDATE: "person_without_account",
    UnmatchedReason.DATE_MISMATCH: "birth_date_mismatch",
}
CONFLICTS = {
    ConflictReason.DATE_CONTRADICTION: "date_contradiction",
    ConflictReason.IDENTITY_CHANGED: "identity_changed",
    ConflictReason.DECISION_CONTRADICTS_IDENTIFIER: "decision_contradicts_identifier",
    ConflictReason.DECISION_CONTRADICTS_EXACT_KEY: "decision_contradicts_exact_key",
    ConflictReason.ACCOUNT_TAKEN: "account_taken",
    ConflictReason.DUPLICATE_SOURCE: "duplicate_source",
}


def findings(sources: Mapping[str, Identity], outcomes: Mapping[str, Outcome]) -> Iterator[Problem]:
    """Constater: problems of the sources, in the order of their refs. Names are private parameters.

    Emits the codes `MATCH-510` to `MATCH-530`.
    """
    for ref in sorted(outcomes):
        person, outcome = sources[ref], outcomes[ref]
        if found := finding(person, outcome):
            yield found
        if isinstance(outcome, Matched | Ambiguous | Unmatched) and outcome.stale_decision:
            yield problem("stale_decision", place(person), person=name(person))


def finding(person: Identity, outcome: Outcome) -> Problem | None:
    """Constat: the problem that an outcome is; None for a match and for a dismissed person."""
    where, who = place(person), name(person)
    match outcome:
        case Matched() | Dismissed():
            return None
        case Ambiguous(candidates=candidates):
            listed = ", ".join(candidate.account for candidate in candidates)
            return problem("person_ambiguous", where, person=who, accounts=listed)
        case Unmatched(reason=UnmatchedReason.MALFORMED):
            return problem("malformed_source_key", where, person=who)
        case Unmatched(reason=reason, suggestions=suggestions):
            return problem(UNMATCHED[reason], where, person=who, suggestions=len(suggestions))
        case Conflict(reason=clash, accounts=accounts, sources=(_,)):
            return problem(CONFLICTS[clash], where, person=who, accounts=", ".join(accounts))
        case Conflict(reason=clash, accounts=accounts, sources=sources):
            listed = ", ".join(accounts)
            return problem(CONFLICTS[clash], where, person=who, accounts=listed, sources=len(sources))
        case _:
            assert_never(outcome)


def place(person: Identity) -> Location:
    """Endroit: the profile and the ref of a source."""
    return Location(kind=person.profile.value, key=person.ref)


def name(person: Identity) -> str:
    """Nom Prénom, as the screen of an import shows them."""
    return f"{person.family} {person.given}"
