"""Rapprochements: remembered answers about people reviewed, undone and added outside an import (rules 1.1, 1.6).

Pure functions over a `State`: each gives the state to store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import TypeAlias

from attrs import evolve, field, frozen

from entformats.errors import UsageError
from entformats.identity import Account, Decision, Identity, Population
from entformats.problems import Lang, Location, Problem, Report, entry, problem
from entformats.rules.levels import Level
from entformats.rules.matching.candidates import Evidence, candidates
from entformats.rules.matching.why import account_shown, decided, shown
from entformats.rules.policy import Policy
from entformats.rules.rosters import Roster
from entformats.rules.state import State

__all__ = ["Reviewed", "Standing", "add", "report", "review", "undo"]

Known: TypeAlias = Mapping[Account, Identity]
Scope: TypeAlias = tuple[str, Population]


class Standing(StrEnum):
    """Situation: what a remembered answer is worth today, against the accounts of the school."""

    IN_USE = "in_use"
    """En usage: nothing says otherwise."""
    REDUNDANT = "redundant"
    """Inutile: the same account is found without it."""
    STALE = "stale"
    """Périmée: its account is gone."""
    CONTRADICTED = "contradicted"
    """Contredite: the source code is now that of another account."""
    SHARED = "shared"
    """En double: other answers name the same account."""
    CHANGED = "changed"
    """Compte modifié: the account had other names, or another birth date, when the answer was given."""
    APPEARED = "appeared"
    """Compte apparu: the person was dismissed, and an account agrees now."""
    UNUSABLE = "unusable"
    """Inutilisable: a name is empty or holds `$`, so that nobody is ever matched by it."""


_SLUGS = {
    Standing.STALE: "stale_decision",
    Standing.CONTRADICTED: "decision_contradicts_exact_key",
    Standing.SHARED: "decision_shares_account",
    Standing.CHANGED: "decided_account_changed",
    Standing.APPEARED: "dismissed_person_found",
    Standing.REDUNDANT: "decision_redundant",
    Standing.UNUSABLE: "malformed_source_key",
}


@frozen(repr=False)
class Reviewed:
    """Décision revue: one line of the screen « Rapprochements ».

    `accounts` are those that the answer and its standing speak of. `repr` names nobody.

    >>> from entformats.identity import Profile, SourceKey
    >>> gone = Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", "VALMOND"), "27", by="secretary")
    >>> (reviewed,) = review(State.new("0749999S", 2026).with_decisions([gone]), Roster("0749999S"))
    >>> print(reviewed.why("en"))
    VALMOND Odile, no birth date
    Answer: account 27, by secretary.
    Stale remembered decision (MATCH-530).
    A match made by hand named an account that has left the school. It is ignored, and the search goes on without it.
    To do: Remove this remembered decision, or choose another account.
    """

    decision: Decision
    standing: Standing
    accounts: tuple[Account, ...]
    _known: Mapping[Account, Identity] = field(eq=False)

    @property
    def problem(self) -> Problem | None:
        """Constat: what deserves a look; None for an answer in use."""
        if self.standing is Standing.IN_USE:
            return None
        who = self.decision.source_key
        where = Location(kind=self.decision.profile.value)
        person = f"{who.family} {who.given}"
        slug = _SLUGS[self.standing]
        if self.standing in {Standing.STALE, Standing.UNUSABLE}:
            return problem(slug, where, person=person)
        return problem(slug, where, person=person, accounts=", ".join(self.accounts))

    def why(self, lang: Lang = "fr") -> str:
        """Pourquoi: who, what was answered, by whom, when, and what it is worth. For someone who may see names."""
        one, words = self.decision, _WORDS[lang]
        said = words["dismissed"] if one.account is None else words["refused" if one.refused else "matched"]
        account = account_shown(one.account, self._known, lang) if one.account else ""
        lines = [shown(_person(one), lang), said.format(account) + decided(one.at, one.by, lang)]
        if found := self.problem:
            text = entry(found.code).text(lang)
            lines += [f"{text.title} ({found.code}).", text.explanation, words["repair"].format(text.repair)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Show the standing only."""
        return f"<Reviewed {self.decision.profile} {self.standing}>"


_WORDS: dict[Lang, dict[str, str]] = {
    "fr": {
        "dismissed": "Réponse : absente de l'ENT, ne plus demander",
        "refused": "Réponse : n'est pas le compte {}",
        "matched": "Réponse : compte {}",
        "repair": "À faire : {}",
    },
    "en": {
        "dismissed": "Answer: not in the ENT, do not ask again",
        "refused": "Answer: is not account {}",
        "matched": "Answer: account {}",
        "repair": "To do: {}",
    },
}


def review(
    state: State,
    roster: Roster,
    *,
    policy: Policy = Policy(),  # noqa: B008 - frozen
) -> tuple[Reviewed, ...]:
    """Revoir les décisions d'un état, without any file: each with its standing, sorted as the state keeps them.

    Raises `UsageError` where the state and the roster are of two schools.

    >>> from entformats.identity import Profile, SourceKey
    >>> gone = Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", "VALMOND"), "27")
    >>> state = State.new("0749999S", 2026).with_decisions([gone])
    >>> review(state, Roster("0749999S"))
    (<Reviewed teacher stale>,)
    """
    if state.school != roster.school:
        raise UsageError("the roster and the state are of two schools")
    people = {str(number): _person(one, str(number)) for number, one in enumerate(state.decisions)}
    found: list[Reviewed] = []
    evidence: dict[str, Evidence] = {}
    known: dict[Scope, dict[Account, Identity]] = {}
    for scope in {person.scope for person in people.values()}:
        accounts = known[scope] = {one.ref: one for one in roster.people if one.scope == scope}
        asked = [person for person in people.values() if person.scope == scope]
        evidence |= candidates(asked, list(accounts.values()), policy)
    claims: Counter[tuple[Scope, Account | None]] = Counter(
        (one.scope[:2], one.account) for one in state.decisions if one.account and not one.refused
    )
    for number, decision in enumerate(state.decisions):
        accounts, agreeing = known[decision.scope[:2]], evidence.get(str(number), Evidence())
        shared = claims[decision.scope[:2], decision.account] > 1
        standing, named = _standing(decision, agreeing, accounts, shared=shared)
        found.append(Reviewed(decision, standing, tuple(sorted(named)), accounts))
    return tuple(found)


def _standing(
    decision: Decision, evidence: Evidence, accounts: Known, *, shared: bool
) -> tuple[Standing, Collection[Account]]:
    """Give the most serious thing to say of an answer, and the accounts that it is about."""
    if decision.source_key.malformed:
        return Standing.UNUSABLE, ()
    if decision.account is None:
        return (Standing.APPEARED, evidence.accounts) if evidence.accounts else (Standing.IN_USE, ())
    mine = {decision.account}
    if decision.account not in accounts:
        return Standing.STALE, mine
    if decision.refused:
        return Standing.IN_USE, mine
    exact = evidence.at(Level.EXACT)
    checks = (
        (Standing.CONTRADICTED, bool(exact) and decision.account not in exact, mine | exact),
        (Standing.SHARED, shared, mine),
        (Standing.CHANGED, _changed(decision, accounts[decision.account]), mine),
        (Standing.REDUNDANT, evidence.accounts == mine, mine),
    )
    return next(((standing, named) for standing, holds, named in checks if holds), (Standing.IN_USE, mine))


def _changed(decision: Decision, account: Identity) -> bool:
    return decision.known_as is not None and decision.known_as != account.source_key.cleaned


def _person(decision: Decision, ref: str = "") -> Identity:
    """Give the person that an answer is about, as far as it tells."""
    who = decision.source_key
    return Identity(ref, decision.profile, decision.school, who.given, who.family, birth_date=who.birth_date)


def report(reviewed: Iterable[Reviewed]) -> Report:
    """Rapport: one finding for each answer that deserves a look. Emits `MATCH-510`, `MATCH-522`, `MATCH-530` to `534`.

    >>> report(()).problems
    ()
    """
    return Report.of(found for one in reviewed if (found := one.problem))


def add(state: State, roster: Roster, decisions: Iterable[Decision]) -> tuple[State, Report]:
    """Ajouter des décisions hors import: the state that holds them, and what they clash with.

    Nothing is refused: a finding says what an answer will not do. Raises `UsageError` for another school.

    >>> from entformats.identity import Profile, SourceKey
    >>> unknown = Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", "VALMOND"), "27")
    >>> state, found = add(State.new("0749999S", 2026), Roster("0749999S"), [unknown])
    >>> len(state.decisions), [one.slug for one in found.problems]
    (1, ['stale_decision'])
    """
    given = list(decisions)
    if any(one.school != state.school for one in given):
        raise UsageError("a decision is about another school than the state")
    after = state.with_decisions(given)
    new = set(after.decisions) - set(state.decisions)
    told = (one for one in review(after, roster) if one.decision in new and one.standing is not Standing.REDUNDANT)
    return after, report(told)


def undo(state: State, decisions: Iterable[Decision]) -> State:
    """Défaire des décisions: the state without them; the next import asks again.

    Raises `UsageError` for an answer that the state does not hold.

    >>> from entformats.identity import Profile, SourceKey
    >>> known = Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", "VALMOND"), "27")
    >>> state = State.new("0749999S", 2026)
    >>> undo(state.with_decisions([known]), [known]) == state
    True
    """
    gone = {evolve(one, source_key=one.source_key.cleaned) for one in decisions}
    if gone - set(state.decisions):
        raise UsageError("the state does not hold one of these decisions")
    return evolve(state, decisions=tuple(one for one in state.decisions if one not in gone))
