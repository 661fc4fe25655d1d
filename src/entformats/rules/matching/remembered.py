"""Answers that people gave, settled: what each says of a source once later answers have been heard (rules 1.6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from attrs import frozen

from entformats.identity import Account, Decision, Identity, Population, SourceKey

__all__ = ["Remembered", "age", "settle"]

About: TypeAlias = tuple[str, Population, SourceKey]


@frozen
class Remembered:
    """Mémoire: the answer about each source code, and the accounts that somebody said it is not."""

    answers: Mapping[About, Decision]
    refused: Mapping[About, frozenset[Account]]

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Remembered:
        """Retenir the latest answers.

        >>> Remembered.of([]).answers
        {}
        """
        refused: defaultdict[About, set[Account]] = defaultdict(set)
        answers: dict[About, Decision] = {}
        for decision in settle(sorted(decisions, key=age)):
            if decision.refused and decision.account is not None:
                refused[decision.scope].add(decision.account)
            else:
                answers[decision.scope] = decision
        return cls(answers, {about: frozenset(accounts) for about, accounts in refused.items()})

    def answer(self, source: Identity) -> Decision | None:
        """Réponse: the account of a source, or its dismissal."""
        return self.answers.get((*source.scope, source.source_key.cleaned)) if self.answers else None

    def refusals(self, source: Identity) -> frozenset[Account]:
        """Refus: the accounts that a source is not."""
        return (
            self.refused.get((*source.scope, source.source_key.cleaned), frozenset()) if self.refused else frozenset()
        )


def settle(decisions: Iterable[Decision]) -> list[Decision]:
    """Arrêter les décisions, from the first given to the last: each takes back what it contradicts.

    One account or dismissal a source code, the last; a refusal takes back the account that it names, and is taken back
    by it.

    >>> from entformats.identity import Profile
    >>> yes = Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", "VALMOND"), "27")
    >>> no = Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", "VALMOND"), "27", refused=True)
    >>> settle([yes, no]) == [no], settle([no, yes]) == [yes]
    (True, True)
    """
    answers: dict[About, Decision] = {}
    refusals: dict[tuple[About, Account | None], Decision] = {}
    for decision in decisions:
        about = decision.scope
        if not decision.refused:
            answers[about] = decision
            refusals.pop((about, decision.account), None)
            continue
        refusals[about, decision.account] = decision
        if about in answers and answers[about].account == decision.account:
            del answers[about]
    return [*answers.values(), *refusals.values()]


def age(decision: Decision) -> tuple[datetime, tuple[tuple[bool, str], ...]]:
    """Order decisions; an instant without a zone is taken for UTC, so that any two compare; none is the oldest.

    Two that differ in anything do not compare as equal: the order in which they come never matters.
    """
    at = decision.at or datetime.min.replace(tzinfo=UTC)
    told = (decision.account, "refused" if decision.refused else None, decision.by, decision.known_as)
    return at if at.tzinfo else at.replace(tzinfo=UTC), tuple((one is not None, str(one or "")) for one in told)
