"""Stages A and B: which sources can be matched, and which accounts each level gives them (rules 1.6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Final

from attrs import frozen

from entformats.frozen import FrozenMap
from entformats.identity import Account, Identity
from entformats.rules.levels import Level, Rung
from entformats.rules.policy import NameOnly, Policy
from entformats.rules.reasons import Hint

__all__ = ["NOTHING", "Evidence", "Found", "candidates", "names_only"]

Found = Mapping[str, frozenset[Account]]
"""Ref of a source -> accounts; a source without accounts is absent."""
NO_REFUSAL: Final[Found] = FrozenMap()


@frozen
class Evidence:
    """Indices: the accounts that the first level to give any gives to one source."""

    rung: Rung | None = None
    accounts: frozenset[Account] = frozenset()
    hint: Hint | None = None
    """What told the account apart, where there were several."""
    open: bool = False
    """Even one account is a question: another source has the same names."""

    def at(self, level: Level) -> frozenset[Account]:
        """Give the accounts of this level; empty where a stronger one, or none, gave some."""
        return self.accounts if self.rung and self.rung.level is level else frozenset()


NOTHING = Evidence()


def candidates(
    sources: Collection[Identity],
    accounts: Collection[Identity],
    policy: Policy,
    refused: Found = NO_REFUSAL,
) -> dict[str, Evidence]:
    """Stage B: for each source of one scope, the set of accounts at its first level; sets, never "the first".

    A malformed source (stage A) has none. An account that somebody `refused` for a source is none of its candidates.
    """
    well_formed = [source for source in sources if not source.source_key.malformed]
    evidence: dict[str, Evidence] = {}
    for rung in policy.table.rungs:
        waiting = [source for source in well_formed if source.ref not in evidence]
        evidence |= {ref: Evidence(rung, found) for ref, found in join(rung, waiting, accounts, refused).items()}
    if policy.name_only is NameOnly.ACCEPT_UNIQUE:
        named = names_only(well_formed, accounts, policy.table.names_only, refused)
        undated = {source.ref for source in well_formed if source.birth_date is None}
        evidence = {ref: found for ref, found in named.items() if ref in undated} | evidence
    return evidence


def join(rung: Rung, sources: Collection[Identity], accounts: Iterable[Identity], refused: Found = NO_REFUSAL) -> Found:
    """Joindre: the accounts that share a key of this rung with each source, and agree with it."""
    asked: defaultdict[Hashable, list[Identity]] = defaultdict(list)
    for source in sources:
        for key in rung.source_keys(source):
            asked[key].append(source)
    found: defaultdict[str, set[Account]] = defaultdict(set)
    days = {source.birth_date for source in sources} if rung.dated else None
    for account in accounts if asked else ():
        if days is not None and account.birth_date not in days:
            continue
        for key in rung.account_keys(account):
            for source in asked.get(key, ()):
                if rung.agrees(source, account) and account.ref not in refused.get(source.ref, ()):
                    found[source.ref].add(account.ref)
    return {ref: frozenset(refs) for ref, refs in found.items()}


def names_only(
    sources: Collection[Identity], accounts: Collection[Identity], rungs: Iterable[Rung], refused: Found = NO_REFUSAL
) -> dict[str, Evidence]:
    """Noms seuls: the account that a source's names alone designate, where it is unique on both sides (edt 3.10).

    A source stops at the first rung that gives it any account, unique or not. Every source counts as a claim, those
    with a birth date included.
    """
    evidence: dict[str, Evidence] = {}
    claims: defaultdict[Account, set[str]] = defaultdict(set)
    for rung in rungs:
        for ref, found in join(rung, sources, accounts, refused).items():
            evidence.setdefault(ref, Evidence(rung, found))
            for account in found:
                claims[account].add(ref)
    return {
        ref: found
        for ref, found in evidence.items()
        if len(found.accounts) == 1 and all(len(claims[account]) == 1 for account in found.accounts)
    }
