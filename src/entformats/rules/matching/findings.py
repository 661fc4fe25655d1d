"""Findings of a match: one for each source that is not matched, one for each stale decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entformats.identity import Identity
from entformats.problems import Location, Problem, problem
from entformats.rules.matching.outcomes import Ambiguous, Conflict, ConflictReason, Matched, Outcome, Unmatched, UnmatchedReason

__all__ = ["findings", "slug"]

_UNMATCHED = {
    UnmatchedReason.MALFORMED: "malformed_source_key",
    UnmatchedReason.NO_BIRTH_DATE: "person_without_birth_date",
    UnmatchedReason.NO_CANDIDATE: "person_without_account",
}
_CONFLICTS = {
    ConflictReason.DATE_CONTRADICTION: "date_contradiction",
    ConflictReason.DECISION_CONTRADICTS_IDENTIFIER: "decision_contradicts_identifier",
    ConflictReason.DECISION_CONTRADICTS_EXACT_KEY: "decision_contradicts_exact_key",
    ConflictReason.ACCOUNT_TAKEN: "account_taken",
    ConflictReason.DUPLICATE_SOURCE: "duplicate_source",
}


def slug(outcome: Outcome) -> str | None:
    """Give the slug of the finding that an outcome is; None for what is no problem."""
    match outcome:
        case Ambiguous():
            return "person_ambiguous"
        case Unmatched(reason=reason):
            return _UNMATCHED[reason]
        case Conflict(reason=clash):
            return _CONFLICTS[clash]
        case _:
            return None


def findings(sources: Mapping[str, Identity], outcomes: Mapping[str, Outcome]) -> Iterator[Problem]:
    """Constater: problems of the sources, in the order of their refs. Names are private parameters."""
    for ref in sorted(outcomes):
        person, outcome = sources[ref], outcomes[ref]
        where = Location(kind=person.profile.value, key=ref)
        name = f"{person.family} {person.given}"
        if found := slug(outcome):
            yield problem(found, where, person=name)
        if isinstance(outcome, Matched | Ambiguous | Unmatched) and outcome.stale_decision:
            yield problem("stale_decision", where, person=name)
