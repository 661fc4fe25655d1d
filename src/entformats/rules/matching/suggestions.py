"""Ranked suggestions for the unmatched, found by blocks instead of by comparing everybody (rules 1.6, Suggestions)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

from entformats.frozen import FrozenMap
from entformats.identity import Account, Identity
from entformats.names import compact
from entformats.rules.matching.outcomes import Suggestion
from entformats.rules.matching.scoring import family_names, family_points, points, swapped
from entformats.rules.policy import Policy

__all__ = ["COMPLETE_FROM", "Suggester"]

COMPLETE_FROM = 6
"""Score from which the blocks lose nobody. Without equal dates it takes six points of names, or four and a date slip:
then the dates are near, or the family names are equal, or the given names are, or family and given name are swapped."""


class Suggester:
    """Suggère: looks among the accounts of one school and population for those that look like a person."""

    def __init__(
        self,
        accounts: Mapping[Account, Identity],
        taken: Mapping[Account, str],
        policy: Policy,
        refused: Mapping[str, Collection[Account]] = FrozenMap(),
    ) -> None:
        """Keep the accounts; nothing is indexed before the first question."""
        self._refused = refused
        self._accounts = accounts
        self._taken = taken
        self._policy = policy

    @cached_property
    def _blocks(self) -> Mapping[Hashable, list[Account]]:
        blocks: defaultdict[Hashable, list[Account]] = defaultdict(list)
        for ref, account in self._accounts.items():
            for block in account_blocks(account):
                blocks[block].append(ref)
        return dict(blocks)

    def _near(self, source: Identity) -> Iterable[Account]:
        """Give every account that may reach the threshold."""
        if self._policy.suggestion_threshold < COMPLETE_FROM:
            return self._accounts
        same_date = set(self._blocks.get(source.birth_date, ())) if source.birth_date else set()
        others = {ref for block in source_blocks(source) for ref in self._blocks.get(block, ())} - same_date
        return same_date | {ref for ref in others if same_names(source, self._accounts[ref])}

    def suggest(self, source: Identity) -> tuple[Suggestion, ...]:
        """Suggérer: the accounts of enough points: best score first, then free before taken, then by account."""
        refused = self._refused.get(source.ref, ())
        found = (self._suggestion(source, ref) for ref in self._near(source) if ref not in refused)
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


def account_blocks(account: Identity) -> Iterator[Hashable]:
    """Blocs: where an account is filed: its date, each family name, each given name."""
    if account.birth_date:
        yield account.birth_date
    yield from {("family", compact(name)) for name in family_names(account)}
    yield from {("given", compact(name)) for name in (account.given, *account.other_given)}


def source_blocks(source: Identity) -> Iterator[Hashable]:
    """Blocs: where to look for a person whose date is another: near dates, equal names, swapped names."""
    if source.birth_date:
        yield from near_dates(source.birth_date)
    yield "family", compact(source.family)
    yield "given", compact(source.given)
    yield "family", compact(source.given)


def same_names(source: Identity, account: Identity) -> bool:
    """Noms proches: without equal dates, the family names must be alike, or family and given name swapped."""
    return family_points(source.family, account) > 0 or swapped(source, account)


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
