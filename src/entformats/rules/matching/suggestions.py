"""Ranked suggestions for the unmatched, found in one pass instead of by comparing everybody (rules 1.6, Suggestions).

An account can only reach the threshold through what it shares with a person: a date, equal or near, a family name,
a given name. The pass asks each account for these, against what the unmatched look for; the accounts are not indexed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import TypeAlias

from entformats.frozen import FrozenMap
from entformats.identity import Account, Identity
from entformats.names import compact
from entformats.rules.matching.outcomes import Suggestion
from entformats.rules.matching.scoring import alike, family_names, points
from entformats.rules.policy import Policy

__all__ = ["COMPLETE_FROM", "Suggester"]

COMPLETE_FROM = 6
"""Score from which the pass loses nobody. Without equal dates it takes six points of names, or four and a date slip:
then the dates are near, or the family names are equal, or the given names are, or family and given name are swapped."""
Found: TypeAlias = dict[str, list[Account]]
"""Ref of a source -> accounts that may reach the threshold."""


class Suggester:
    """Suggère: looks among the accounts of one school and population for those that look like people."""

    def __init__(
        self,
        accounts: Mapping[Account, Identity],
        taken: Mapping[Account, str],
        policy: Policy,
        refused: Mapping[str, Collection[Account]] = FrozenMap(),
    ) -> None:
        """Keep the accounts; nothing is looked at before the first question."""
        self._accounts = accounts
        self._taken = taken
        self._policy = policy
        self._refused = refused

    def suggest(self, sources: Collection[Identity]) -> dict[str, tuple[Suggestion, ...]]:
        """Suggérer, ref by ref: the accounts of enough points, best score first, then free before taken."""
        if self._policy.suggestion_threshold < COMPLETE_FROM:
            near: Mapping[str, Iterable[Account]] = {source.ref: self._accounts for source in sources}
        else:
            near = near_accounts(sources, self._accounts)
        return {source.ref: self._best(source, near.get(source.ref, ())) for source in sources}

    def _best(self, source: Identity, near: Iterable[Account]) -> tuple[Suggestion, ...]:
        refused = self._refused.get(source.ref, ())
        found = (self._suggestion(source, ref) for ref in near if ref not in refused)
        enough = [one for one in found if one.score >= self._policy.suggestion_threshold]
        enough.sort(key=lambda one: (-one.score, one.taken_by is not None, one.account))
        return tuple(enough[: self._policy.max_suggestions])

    def only_the_date_differs(self, suggestion: Suggestion) -> bool:
        """Tell whether the account has both names of the person, and another birth date."""
        same_names = (suggestion.family, suggestion.given) == (4, 3)
        return same_names and self._accounts[suggestion.account].birth_date is not None and suggestion.date < 4  # noqa: PLR2004 - points of rules 1.6

    def _suggestion(self, source: Identity, ref: Account) -> Suggestion:
        found = points(source, self._accounts[ref])
        known_as = self._accounts[ref].source_key.cleaned
        return Suggestion(ref, found.family, found.given, found.date, source, self._taken.get(ref), known_as)


class Wanted:
    """Recherché: what one unmatched person looks for, folded once, and what was found of each family name met."""

    __slots__ = ("family", "given", "last", "passes", "ref", "typed")

    def __init__(self, source: Identity) -> None:
        """Fold the names of a source."""
        self.ref = source.ref
        self.typed = source.family
        self.family = compact(source.family)
        self.given = compact(source.given)
        self.passes: dict[str, bool] = {}
        self.last: Account | None = None
        """Last account kept, so that none is kept twice."""

    def may_be(self, account: Identity) -> bool:
        """Tell whether a family name of the account is near this one, or is this given name (names swapped)."""
        return any(map(self.may_have, family_names(account)))

    def may_have(self, name: str) -> bool:
        """Tell it of one name; each is compared once."""
        if (found := self.passes.get(name)) is None:
            folded = compact(name)
            found = bool(folded) and folded in {self.family, self.given}
            found = self.passes[name] = found or alike(self.typed, name)
        return found


class Looked:
    """Recherches: what all the unmatched look for, so that one pass over the accounts answers them all."""

    def __init__(self, sources: Iterable[Identity]) -> None:
        """Note the dates and names that the sources look for."""
        self.same_date: defaultdict[date | None, list[Wanted]] = defaultdict(list)
        self.near_date: defaultdict[date | None, list[Wanted]] = defaultdict(list)
        self.families: defaultdict[str, list[Wanted]] = defaultdict(list)
        self.givens: defaultdict[str, list[Wanted]] = defaultdict(list)
        for source in sources:
            wanted = Wanted(source)
            if source.birth_date:
                self.same_date[source.birth_date].append(wanted)
                for day in near_dates(source.birth_date):
                    self.near_date[day].append(wanted)
            for name in {wanted.family, wanted.given} - {""}:
                self.families[name].append(wanted)
            if wanted.given:
                self.givens[wanted.given].append(wanted)
        self._by_family: dict[str, tuple[str, list[Wanted]]] = {}
        self._by_given: dict[str, list[Wanted]] = {}

    def family(self, name: str) -> tuple[str, list[Wanted]]:
        """Give the folded form of a family name, and who looks for it; each spelling is folded once."""
        if (found := self._by_family.get(name)) is None:
            folded = compact(name)
            found = self._by_family[name] = folded, self.families.get(folded, [])
        return found

    def given(self, name: str) -> list[Wanted]:
        """Give who looks for a given name."""
        if (found := self._by_given.get(name)) is None:
            found = self._by_given[name] = self.givens.get(compact(name), [])
        return found

    def names_of(self, account: Identity) -> list[Wanted]:
        """Give who looks for a name of the account: a family name, two joined, a given name."""
        usual, found = self.family(account.family)
        found = found + self.given(account.given)
        if account.birth_family:
            birth, others = self.family(account.birth_family)
            found += others
            found += self.families.get(usual + birth, [])
            found += self.families.get(birth + usual, [])
        for other in account.other_given:
            found += self.given(other)
        return found


def near_accounts(sources: Iterable[Identity], accounts: Mapping[Account, Identity]) -> Found:
    """Comptes proches: for each source, the accounts that may reach the threshold; each account is seen once."""
    looked = Looked(sources)
    near: Found = defaultdict(list)
    if not looked.families and not looked.same_date:
        return near
    for ref, account in accounts.items():
        day, family = account.birth_date, account.family
        for wanted in looked.same_date.get(day, ()):
            near[wanted.ref].append(ref)
            wanted.last = ref
        others = looked.names_of(account)
        if day in looked.near_date:
            others += looked.near_date[day]
        for wanted in others:
            far = wanted.passes.get(family) is False and not account.birth_family
            if not far and wanted.last != ref and wanted.may_be(account):
                near[wanted.ref].append(ref)
                wanted.last = ref
    return near


def near_dates(day: date) -> Iterator[date]:
    """Dates proches: day and month exchanged, or one digit of the eight changed; those of the calendar only."""
    text = day.isoformat().replace("-", "")
    forms = {text[:4] + text[6:] + text[4:6]}
    forms |= {text[:i] + digit + text[i + 1 :] for i in range(8) for digit in "0123456789"}
    for form in forms - {text}:
        try:
            yield date(int(form[:4]), int(form[4:6]), int(form[6:]))
        except ValueError:
            continue
