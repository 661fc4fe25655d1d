"""The one matcher: sources and accounts in, one outcome a source out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from attrs import evolve

from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Account, Decision, Identity, Population
from entformats.rules.matching import candidates, stages
from entformats.rules.matching.narrowing import narrow
from entformats.rules.matching.outcomes import Matched, Outcome, Suggestion, Unmatched, UnmatchedReason
from entformats.rules.matching.remembered import Remembered
from entformats.rules.matching.result import Matching
from entformats.rules.matching.suggestions import Suggester
from entformats.rules.policy import Policy

__all__ = ["match"]

Scope: TypeAlias = tuple[str, Population]


def match(
    sources: Iterable[Identity],
    accounts: Iterable[Identity],
    *,
    decisions: Iterable[Decision] = (),
    policy: Policy = Policy(),  # noqa: B008 - frozen
) -> Matching:
    """Rapprocher: find the account of each source person (rules 1.6).

    People are compared inside one school and one population only, so that one call may mix teachers and pupils of
    several schools. The order of the three collections never matters. Of several decisions about one source code, the
    latest counts.

    Raises `UsageError` where two sources have one ref, or two different accounts of one scope do.

    >>> from datetime import date
    >>> from entformats.identity import Profile
    >>> person = Identity("teacher:2", Profile.TEACHER, "0749999S", "nolwenn", "KERVADEC", birth_date=date(1981, 3, 14))
    >>> account = Identity("a1", Profile.TEACHER, "0749999S", "Nolwenn", "Kervadec", birth_date=date(1981, 3, 14))
    >>> match([person], [account])["teacher:2"].level
    <Level.NORMALISED: 'normalised'>
    """
    people = by_ref(sources)
    scopes = by_scope(people.values())
    directories = directory(accounts, scopes)
    remembered = Remembered.of(decisions)
    outcomes: dict[str, Outcome] = {}
    for scope, group in sorted(scopes.items(), key=children_first):
        children = {ref: found.account for ref, found in outcomes.items() if isinstance(found, Matched)}
        outcomes |= match_scope(group, directories[scope], remembered, policy, children)
    refused = ((ref, found) for ref, person in people.items() if (found := remembered.refusals(person)))
    listed = FrozenMap((ref, outcomes[ref]) for ref in people)
    return Matching(listed, FrozenMap(people), FrozenMap(directories), FrozenMap(refused))


def by_ref(sources: Iterable[Identity]) -> dict[str, Identity]:
    """Index the sources by ref, sorted."""
    listed = sorted(sources, key=lambda person: person.ref)
    people = {person.ref: person for person in listed}
    if len(people) < len(listed):
        raise UsageError("two sources have the same ref: a ref names one source person")
    return people


def by_scope(sources: Iterable[Identity]) -> dict[Scope, dict[str, Identity]]:
    """Group the sources by school and population."""
    scopes: defaultdict[Scope, dict[str, Identity]] = defaultdict(dict)
    for person in sources:
        scopes[person.scope][person.ref] = person
    return dict(scopes)


def children_first(item: tuple[Scope, object]) -> tuple[bool, Scope]:
    """Order the scopes: pupils come before the guardians who are known by them."""
    scope, _ = item
    return scope[1] is not Population.PUPILS, scope


def directory(accounts: Iterable[Identity], scopes: Iterable[Scope]) -> dict[Scope, FrozenMap[Account, Identity]]:
    """Index the accounts of the scopes that have sources."""
    found: dict[Scope, dict[Account, Identity]] = {scope: {} for scope in scopes}
    for account in accounts:
        if (known := found.get(account.scope)) is None:
            continue
        first = known.setdefault(account.ref, account)
        if first is not account and first != account:
            raise UsageError("two different accounts of one school and population have the same ref")
    return {scope: FrozenMap(known) for scope, known in found.items()}


def match_scope(
    sources: Mapping[str, Identity],
    accounts: Mapping[Account, Identity],
    remembered: Remembered,
    policy: Policy,
    children: Mapping[str, Account],
) -> dict[str, Outcome]:
    """Match the people of one school and population: stages A to E, then suggestions."""
    refused = {ref: not_them for ref, source in sources.items() if (not_them := remembered.refusals(source))}
    candidacies = candidates.candidates(sources.values(), accounts.values(), policy, refused)
    evidence = narrow(candidacies, sources.values(), accounts, policy.table, children)
    tentatives = {
        ref: stages.tentative(
            stages.Case(
                source,
                accounts,
                evidence.get(ref, candidates.NOTHING),
                remembered.answer(source),
                policy.table.undated,
            )
        )
        for ref, source in sources.items()
    }
    outcomes, taken = stages.flag_taken(stages.resolve(tentatives, sources))
    suggester = Suggester(accounts, taken, policy, refused)
    asking = {
        ref: sources[ref]
        for ref, outcome in outcomes.items()
        if isinstance(outcome, Unmatched) and outcome.reason is not UnmatchedReason.MALFORMED
    }
    found = suggester.suggest(asking.values())
    return outcomes | {
        ref: with_suggestions(source, outcomes[ref], found[ref], suggester, undated=policy.table.undated)
        for ref, source in asking.items()
    }


def with_suggestions(
    source: Identity, outcome: Outcome, found: tuple[Suggestion, ...], suggester: Suggester, *, undated: bool
) -> Outcome:
    """Add the suggestions of an unmatched source; a malformed one has none, since no decision could be kept."""
    assert isinstance(outcome, Unmatched)
    mismatch = undated and source.birth_date and any(map(suggester.only_the_date_differs, found))
    return evolve(outcome, suggestions=found, reason=UnmatchedReason.DATE_MISMATCH if mismatch else outcome.reason)
