"""Levels of evidence for the people of Pronote, many of whom have no birth date in any source (pronote 13.2)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import accumulate, product

from entformats.identity import IdentifierKind, Identity, Profile
from entformats.names import clean, compact
from entformats.rules.levels import Level, LevelTable, Rung, Strength, exact_keys, identifier_keys
from entformats.rules.reasons import ConflictReason, Hint

__all__ = ["PRONOTE", "folded"]


def folded(name: str) -> str:
    """Plier: the compact form; for a name in another script, which has none, the cleaned one without case.

    >>> folded("LE GOUÉZEC"), folded("Ана") == folded("АНА")
    ('legouezec', True)
    """
    return compact(name) or clean(name).casefold()


def stored_keys(person: Identity) -> Iterator[Hashable]:
    """Level 1: Pronote's identifier, stored on the account by an earlier import."""
    yield from (known for known in person.identifiers if known.kind is IdentifierKind.IDPN)


def changed(source: Identity, account: Identity) -> ConflictReason | None:
    """Objecter une autre identité: neither a family name nor the birth date is the one of the account."""
    if families(source) & families(account) or (source.birth_date and source.birth_date == account.birth_date):
        return None
    return ConflictReason.IDENTITY_CHANGED


def national_keys(person: Identity) -> Iterator[Hashable]:
    """Level 2: the national number, and any other identifier that both sides know."""
    stored = set(stored_keys(person))
    yield from (key for key in identifier_keys(person) if key not in stored)


def dated_keys(person: Identity) -> Iterator[Hashable]:
    """Level 4: folded names and birth date."""
    if person.birth_date:
        yield from ((names, person.birth_date) for names in names_of(person))


def names_of(person: Identity) -> Iterator[Hashable]:
    """Names alone, folded."""
    given, family = folded(person.given), folded(person.family)
    if given and family:
        yield given, family


def families(person: Identity) -> frozenset[str]:
    """Noms possibles: usual name and birth name, folded."""
    return frozenset({folded(person.family), folded(person.birth_family)} - {""})


def wholes(person: Identity) -> frozenset[str]:
    """Prénoms entiers: the usual given name, and every prefix of the other given names joined."""
    return frozenset({folded(person.given), *accumulate(map(folded, person.other_given))} - {""})


def firsts(person: Identity) -> frozenset[str]:
    """Premiers prénoms: every prefix, by words, of what is typed as the given name. A hyphen does not end a word."""
    return frozenset(accumulate(folded(word) for word in clean(person.given).split())) - {""}


def other_names_keys(person: Identity) -> Iterator[Hashable]:
    """Level 5: usual or birth family name, the given names or the first of them, and the birth date."""
    if person.birth_date:
        for names in product(families(person), wholes(person) | firsts(person)):
            yield names, person.birth_date


def same_first_names(source: Identity, account: Identity) -> bool:
    """Premiers prénoms: all the given names of one are the first ones of the other."""
    here, there = wholes(source), wholes(account)
    return bool(here & (there | firsts(account)) or there & firsts(source))


def undated(source: Identity, account: Identity) -> bool:
    """Sans date: a birth date is missing; two different dates never match on names."""
    return source.birth_date is None or account.birth_date is None


def class_keys(person: Identity) -> Iterator[Hashable]:
    """Level 6: folded names and class of a pupil."""
    if person.profile is Profile.PUPIL:
        yield from product(names_of(person), {folded(name) for name in person.classes} - {""})


def adult_keys(person: Identity) -> Iterator[Hashable]:
    """Levels 7 and 8: folded names of a guardian, of a teacher, of other staff."""
    if person.profile is not Profile.PUPIL:
        yield from names_of(person)


PRONOTE = LevelTable(
    rungs=(
        Rung(Level.IDENTIFIER, Strength.STRONG, stored_keys, stored_keys, contradicts=changed),
        Rung(Level.IDENTIFIER, Strength.STRONG, national_keys, national_keys),
        Rung(Level.EXACT, Strength.STRONG, exact_keys, exact_keys, dated=True),
        Rung(Level.NORMALISED, Strength.NORMALISED, dated_keys, dated_keys, dated=True),
        Rung(Level.VARIANT, Strength.VARIANT, other_names_keys, other_names_keys, same_first_names, dated=True),
        Rung(Level.CLASS, Strength.CLASS, class_keys, class_keys, undated, unique=True),
        Rung(Level.NAME, Strength.NAME, adult_keys, adult_keys, undated, unique=True),
    ),
    hints=tuple(Hint),
    own_profile_first=True,
    undated=True,
)
"""Table de Pronote: pupils, guardians, teachers and staff of an export of identifiers (pronote 13.2)."""
