"""The result of a match: one outcome a source, counted, filtered and explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from attrs import evolve, field, frozen

from entformats.frozen import FrozenMap
from entformats.identity import Account, Decision, Identity, Population, Profile
from entformats.names import clean, compact
from entformats.problems import Lang, Report
from entformats.rules.matching.findings import findings
from entformats.rules.matching.outcomes import Ambiguous, Conflict, Dismissed, Matched, Outcome, Unmatched, decide
from entformats.rules.matching.why import why

__all__ = ["MatchCounts", "Matching"]

T = TypeVar("T", Matched, Ambiguous, Unmatched, Conflict, Dismissed)


@frozen
class MatchCounts:
    """Décompte: how many sources have each outcome (rules 1.6, M10).

    >>> MatchCounts(matched=32, unmatched=2, conflict=1).unrecognised
    3
    """

    matched: int = 0
    ambiguous: int = 0
    unmatched: int = 0
    conflict: int = 0
    dismissed: int = 0

    @property
    def total(self) -> int:
        """Number of sources."""
        return self.matched + self.unrecognised + self.dismissed

    @property
    def unrecognised(self) -> int:
        """Non reconnus: ambiguous, unmatched and in conflict; dismissed people are shown apart."""
        return self.ambiguous + self.unmatched + self.conflict


@frozen(eq=False, repr=False)
class Matching(Mapping[str, Outcome]):
    """Rapprochement: a read-only mapping, ref of a source -> `Outcome`, sorted by ref.

    Two matchings are equal when their outcomes are. `.matched`, `.ambiguous`, `.unmatched`, `.conflicts` and
    `.dismissed` are parts of it, sorted by family name as a school reads them.

    >>> from entformats.identity import Profile
    >>> from entformats.rules import match
    >>> odile = Identity("teacher:2", Profile.TEACHER, "0749999S", "Odile", "VALMOND")
    >>> matching = match([odile], [Identity("a1", Profile.TEACHER, "0749999S", "Odile", "VALMOND")])
    >>> matching
    <Matching MatchCounts(matched=0, ambiguous=0, unmatched=1, conflict=0, dismissed=0)>
    >>> print(matching.why("teacher:2").splitlines()[1])
    Personne sans date de naissance (MATCH-511).
    >>> decision = matching.unmatched["teacher:2"].suggestions[0].decide(by="secretary", at=datetime(2025, 9, 1))
    >>> match([odile], [Identity("a1", Profile.TEACHER, "0749999S", "Odile", "VALMOND")], decisions=[decision])
    <Matching MatchCounts(matched=1, ambiguous=0, unmatched=0, conflict=0, dismissed=0)>
    """

    _outcomes: FrozenMap[str, Outcome] = field(factory=FrozenMap)
    _sources: FrozenMap[str, Identity] = field(factory=FrozenMap)
    _accounts: FrozenMap[tuple[str, Population], FrozenMap[Account, Identity]] = field(factory=FrozenMap)
    _refused: FrozenMap[str, frozenset[Account]] = field(factory=FrozenMap)

    def __getitem__(self, ref: str) -> Outcome:
        return self._outcomes[ref]

    def __iter__(self) -> Iterator[str]:
        return iter(self._outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)

    def __hash__(self) -> int:
        return hash(self._outcomes)

    def __repr__(self) -> str:
        return f"<Matching {self.counts}>"

    def _part(self, kind: type[T]) -> FrozenMap[str, T]:
        """Give the outcomes of one kind, sorted by name."""
        found = {ref: outcome for ref, outcome in self._outcomes.items() if isinstance(outcome, kind)}
        return FrozenMap((ref, found[ref]) for ref in sorted(found, key=self._reading_order))

    def _reading_order(self, ref: str) -> tuple[str, str, str, str, str]:
        person = self._sources[ref]
        return compact(person.family), clean(person.family), compact(person.given), clean(person.given), ref

    @property
    def matched(self) -> FrozenMap[str, Matched]:
        """Reconnus."""
        return self._part(Matched)

    @property
    def ambiguous(self) -> FrozenMap[str, Ambiguous]:
        """Ambigus."""
        return self._part(Ambiguous)

    @property
    def unmatched(self) -> FrozenMap[str, Unmatched]:
        """Non reconnus."""
        return self._part(Unmatched)

    @property
    def conflicts(self) -> FrozenMap[str, Conflict]:
        """En conflit."""
        return self._part(Conflict)

    @property
    def dismissed(self) -> FrozenMap[str, Dismissed]:
        """Écartés."""
        return self._part(Dismissed)

    def account(self, ref: str) -> Account | None:
        """Compte: the account of a matched source; None for any other ref, known or not."""
        outcome = self._outcomes.get(ref)
        return outcome.account if isinstance(outcome, Matched) else None

    def source(self, ref: str) -> Identity:
        """Give the source person of a ref; raises KeyError."""
        return self._sources[ref]

    @property
    def counts(self) -> MatchCounts:
        """Décompte: exact numbers."""
        kinds = Counter(type(outcome) for outcome in self._outcomes.values())
        return MatchCounts(*(kinds[kind] for kind in (Matched, Ambiguous, Unmatched, Conflict, Dismissed)))

    @property
    def unmatched_ratio(self) -> float:
        """Part de non reconnus, 0 to 1, dismissed people left out; 0 where there is nobody (rules 1.6, Thresholds).

        Over 0.1 with more than three people deserves a warning; over 0.3, or nobody matched, an automatic import should
        stop.
        """
        counts = self.counts
        asked = counts.total - counts.dismissed
        return counts.unrecognised / asked if asked else 0.0

    def only(
        self, *, profile: Profile | None = None, population: Population | None = None, school: str | None = None
    ) -> Matching:
        """Restreindre: the part of the matching about one profile, population or school, for one screen."""
        kept = {
            ref: person
            for ref, person in self._sources.items()
            if profile in {None, person.profile}
            and population in {None, person.profile.population}
            and school in {None, person.school}
        }
        return Matching(
            FrozenMap((ref, self._outcomes[ref]) for ref in kept), FrozenMap(kept), self._accounts, self._refused
        )

    def decide(self, ref: str, account: Account | None, *, by: str | None = None, at: datetime) -> Decision:
        """Décider: the answer of somebody who picked `account` for source `ref`; None dismisses. Raises KeyError."""
        person = self._sources[ref]
        known = self._accounts.get(person.scope, FrozenMap[Account, Identity]())
        known_as = known[account].source_key.cleaned if account is not None and account in known else None
        return decide(person, account, known_as, by=by, at=at)

    def refuse(self, ref: str, account: Account, *, by: str | None = None, at: datetime) -> Decision:
        """Refuser: source `ref` is not `account`, which is no candidate nor suggestion any more. Raises KeyError."""
        return evolve(self.decide(ref, account, by=by, at=at), refused=True)

    @property
    def report(self) -> Report:
        """Rapport: one finding (`MATCH-…`) for each source that is not matched, and for each stale decision."""
        return Report.of(findings(self._sources, self._outcomes))

    def why(self, ref: str, lang: Lang = "fr") -> str:
        """Pourquoi: explain one outcome: on which evidence, what differs, what to do. Raises KeyError.

        The text names the person and the accounts: it is for someone who may see them.
        """
        person = self._sources[ref]
        accounts = self._accounts.get(person.scope, FrozenMap())
        refused = self._refused.get(ref, frozenset())
        return why(person, self._outcomes[ref], self._sources, accounts, refused, lang)
