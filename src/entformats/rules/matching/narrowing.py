"""Namesakes told apart: own profile first, then the hints of the table, in order (pronote 13.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from attrs import evolve

from entformats.identity import Account, IdentifierKind, Identity
from entformats.names import compact
from entformats.rules.levels import LevelTable, Rung
from entformats.rules.matching.candidates import Evidence
from entformats.rules.reasons import Hint

__all__ = ["narrow"]

Children = Mapping[str, Account]
"""Ref of a source pupil -> account with which it is matched."""
Agrees = Callable[[Identity, Identity, Children], bool]


def same_number(source: Identity, account: Identity, _children: Children) -> bool:
    """Même numéro national."""
    found = source.identifier(IdentifierKind.INE)
    return found is not None and found == account.identifier(IdentifierKind.INE)


def same_class(source: Identity, account: Identity, _children: Children) -> bool:
    """Même classe, by its folded name."""
    return bool({compact(name) for name in source.classes} & {compact(name) for name in account.classes} - {""})


def same_child(source: Identity, account: Identity, children: Children) -> bool:
    """Enfant commun: a child of the source is matched with a child of the account."""
    return any(children.get(ref) in account.children for ref in source.children)


def same_postal_code(source: Identity, account: Identity, _children: Children) -> bool:
    """Même code postal."""
    return bool(source.postal_code) and source.postal_code.strip() == account.postal_code.strip()


HINTS: Mapping[Hint, Agrees] = {
    Hint.INE: same_number,
    Hint.CLASS: same_class,
    Hint.CHILD: same_child,
    Hint.POSTAL_CODE: same_postal_code,
}


def narrow(
    evidence: Mapping[str, Evidence],
    sources: Collection[Identity],
    accounts: Mapping[Account, Identity],
    table: LevelTable,
    children: Children,
) -> dict[str, Evidence]:
    """Départager: keep one account where the profile or a hint designates it; else leave the question open.

    Only tables that ask for it are concerned. A source stays at the level it has reached.
    """
    if not (table.hints or table.own_profile_first):
        return dict(evidence)
    people = {source.ref: source for source in sources}
    if table.own_profile_first:
        evidence = {ref: own_first(people[ref], found, accounts) for ref, found in evidence.items()}
    owners = {rung: Counter(keys_of(rung, sources)) for rung in table.rungs if rung.unique}
    return {
        ref: found
        if len(found.accounts) == 1 and not shared(people[ref], found.rung, owners)
        else hinted(people[ref], found, accounts, table.hints, children)
        for ref, found in evidence.items()
    }


def own_first(source: Identity, found: Evidence, accounts: Mapping[Account, Identity]) -> Evidence:
    """Prefer the accounts of the person's own profile, where there are any."""
    own = frozenset(ref for ref in found.accounts if accounts[ref].profile is source.profile)
    return evolve(found, accounts=own) if own else found


def keys_of(rung: Rung, sources: Iterable[Identity]) -> Iterable[object]:
    """Give every key of every source, once a source."""
    return (key for source in sources for key in set(rung.source_keys(source)))


def shared(source: Identity, rung: Rung | None, owners: Mapping[Rung, Counter[object]]) -> bool:
    """Tell whether another source has the names of this one, at a level that asks for unique names."""
    return rung is not None and rung in owners and any(owners[rung][key] > 1 for key in rung.source_keys(source))


def hinted(
    source: Identity,
    found: Evidence,
    accounts: Mapping[Account, Identity],
    hints: Iterable[Hint],
    children: Children,
) -> Evidence:
    """Narrow by each hint that leaves somebody; where none leaves exactly one, the question stays open."""
    left = found.accounts
    for hint in hints:
        agreeing = frozenset(ref for ref in left if HINTS[hint](source, accounts[ref], children))
        left = agreeing or left
        if len(agreeing) == 1:
            return evolve(found, accounts=agreeing, hint=hint)
    return evolve(found, accounts=left, open=True)
