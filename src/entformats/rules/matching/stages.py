"""Stages C to E: a tentative link for each source, one account for one source, no deduction (rules 1.6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeAlias

from attrs import evolve, frozen

from entformats.identity import Account, Decision, Identity
from entformats.rules.levels import Level, Strength
from entformats.rules.matching.candidates import Evidence
from entformats.rules.matching.differences import differences, shared_identifier
from entformats.rules.matching.outcomes import (
    Ambiguous,
    Candidate,
    Conflict,
    ConflictReason,
    Dismissed,
    Matched,
    Outcome,
    Unmatched,
    UnmatchedReason,
)

__all__ = ["Case", "Link", "flag_taken", "resolve", "tentative"]


@frozen
class Link:
    """Lien provisoire: what a source would be if no other source claims the account."""

    strength: Strength
    matched: Matched


Tentative: TypeAlias = Link | Ambiguous | Unmatched | Conflict | Dismissed


@frozen
class Case:
    """Cas: all that is known of one source when its link is chosen."""

    source: Identity
    accounts: Mapping[Account, Identity]
    """Accounts of the school and population of the source."""
    evidence: Evidence
    decision: Decision | None
    undated: bool = False
    """People without a birth date match too."""

    @property
    def remembered(self) -> Account | None:
        """Compte mémorisé: the account of the decision, where it still exists in this scope."""
        account = self.decision.account if self.decision else None
        return account if account in self.accounts else None

    @property
    def stale(self) -> bool:
        """Décision périmée: the account of the decision is gone."""
        return self.decision is not None and not self.decision.dismissed and self.remembered is None

    def link(self, account: Account) -> Link:
        """Lier: the match that the evidence gives."""
        rung = self.evidence.rung
        assert rung is not None
        other = self.accounts[account]
        identifier = shared_identifier(self.source, other) if rung.level is Level.IDENTIFIER else None
        differs = differences(self.source, other, rung.level)
        hint = self.evidence.hint
        return Link(rung.strength, Matched(account, rung.level, identifier, differs, hint, stale_decision=self.stale))

    def link_remembered(self, account: Account) -> Link:
        """Lier: the match that a person decided."""
        assert self.decision is not None
        decided = Matched(account, Level.REMEMBERED, decided_at=self.decision.at, decided_by=self.decision.by)
        return Link(Strength.STRONG, decided)

    def one_of(self, accounts: frozenset[Account]) -> Link | Ambiguous:
        """Un seul ou ambigu: one account is a link, several are a question."""
        if len(accounts) == 1 and not self.evidence.open:
            return self.link(*accounts)
        return Ambiguous(tuple(map(Candidate, sorted(accounts))), stale_decision=self.stale)

    def conflict(self, reason: ConflictReason, accounts: frozenset[Account]) -> Conflict:
        """Contradiction about this source alone."""
        return Conflict(reason, (self.source.ref,), tuple(sorted(accounts)))

    def contradiction(self, account: Account) -> ConflictReason | None:
        """Contradiction: why the account that an identifier names cannot be the source."""
        assert self.evidence.rung is not None
        return self.evidence.rung.contradicts(self.source, self.accounts[account])


def tentative(case: Case) -> Tentative:  # noqa: C901, PLR0911 - the nine steps of rules 1.6, one after another
    """Stage C: the first of nine steps that answers; stage A has left malformed sources without evidence."""
    if case.source.source_key.malformed:
        return Unmatched(UnmatchedReason.MALFORMED)

    # 1. a person said that this one is not in the ENT
    if case.decision and case.decision.dismissed:
        return Dismissed(case.decision.at, case.decision.by)

    remembered = case.remembered

    # 2. an identifier
    if same_identifier := case.evidence.at(Level.IDENTIFIER):
        if len(same_identifier) > 1:
            return case.one_of(same_identifier)
        if contradiction := case.contradiction(*same_identifier):
            return case.conflict(contradiction, same_identifier)
        if remembered and remembered not in same_identifier:
            reason = ConflictReason.DECISION_CONTRADICTS_IDENTIFIER
            return case.conflict(reason, same_identifier | {remembered})
        return case.one_of(same_identifier)

    exact = case.evidence.at(Level.EXACT)

    # 3. a decision, and the source code of somebody else
    if remembered and exact and remembered not in exact:
        return case.conflict(ConflictReason.DECISION_CONTRADICTS_EXACT_KEY, exact | {remembered})

    # 4. the source code of exactly one account
    if len(exact) == 1:
        return case.one_of(exact)

    # 5. a decision, which also settles homonyms
    if remembered:
        return case.link_remembered(remembered)

    # 6. the source code of several accounts
    if exact:
        return case.one_of(exact)

    # 7 and 8. the same names written otherwise, other names; then, where they are allowed, names without a date
    if case.evidence.accounts:
        return case.one_of(case.evidence.accounts)

    # 9. nothing
    dated = case.source.birth_date or case.undated
    reason_ = UnmatchedReason.NO_CANDIDATE if dated else UnmatchedReason.NO_BIRTH_DATE
    return Unmatched(reason_, stale_decision=case.stale)


def resolve(tentatives: Mapping[str, Tentative], sources: Mapping[str, Identity]) -> dict[str, Outcome]:
    """Stage D: an account goes to the one source with the strongest link, or to nobody."""
    outcomes: dict[str, Outcome] = {}
    claims: defaultdict[Account, dict[str, Link]] = defaultdict(dict)
    for ref, found in tentatives.items():
        if isinstance(found, Link):
            claims[found.matched.account][ref] = found
        else:
            outcomes[ref] = found
    for account, links in claims.items():
        outcomes |= share_out(account, links, sources)
    return outcomes


def share_out(account: Account, links: Mapping[str, Link], sources: Mapping[str, Identity]) -> dict[str, Outcome]:
    """Départager: who keeps an account that these sources claim."""
    if len(links) == 1:
        return {ref: link.matched for ref, link in links.items()}
    best = max(link.strength for link in links.values())
    winners = [ref for ref, link in links.items() if link.strength is best]
    won: dict[str, Outcome] = {ref: links[ref].matched for ref in winners} if len(winners) == 1 else {}
    claimants = tuple(sorted(links))
    return won | {
        ref: Conflict(clash(ref, links, sources, tied=not won), claimants, (account,))
        for ref in links
        if ref not in won
    }


def clash(ref: str, links: Mapping[str, Link], sources: Mapping[str, Identity], *, tied: bool) -> ConflictReason:
    """Motif: the same source code twice, else an account already taken."""
    key = sources[ref].source_key.cleaned
    twins = [other for other in links if sources[other].source_key.cleaned == key]
    return ConflictReason.DUPLICATE_SOURCE if tied and len(twins) > 1 else ConflictReason.ACCOUNT_TAKEN


def flag_taken(outcomes: Mapping[str, Outcome]) -> tuple[dict[str, Outcome], dict[Account, str]]:
    """Stage E: candidates tell who took them, and nothing is deduced from it; also account -> ref of its source."""
    taken = {found.account: ref for ref, found in outcomes.items() if isinstance(found, Matched)}
    return {ref: flagged(found, taken) for ref, found in outcomes.items()}, taken


def flagged(outcome: Outcome, taken: Mapping[Account, str]) -> Outcome:
    """Write `taken_by` on the candidates of an ambiguous outcome."""
    if not isinstance(outcome, Ambiguous):
        return outcome
    return evolve(outcome, candidates=tuple(Candidate(c.account, taken.get(c.account)) for c in outcome.candidates))
