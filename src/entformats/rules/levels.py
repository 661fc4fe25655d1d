"""Levels of evidence between a source person and an account: a table that is a value (rules 1.6, Evidence levels)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from enum import IntEnum, StrEnum
from itertools import accumulate, product

from attrs import frozen

from entformats.identity import IdentifierKind, Identity
from entformats.names import clean, compact
from entformats.rules.reasons import ConflictReason, Hint

__all__ = ["TIMETABLE", "Level", "LevelTable", "Rung", "Strength"]


class Level(StrEnum):
    """Niveau: what a match rests on, from the strongest evidence to the weakest."""

    IDENTIFIER = "identifier"
    """Identifiant partagé: the same identifier of the same type."""
    EXACT = "exact"
    """Code source identique: same names once cleaned, same birth date."""
    REMEMBERED = "remembered"
    """Rapprochement mémorisé: a human decision."""
    NORMALISED = "normalised"
    """Same compact names, same birth date: case, accents or hyphens differ."""
    VARIANT = "variant"
    """Same birth date, and a birth name or several given names in place of the usual ones."""
    CLASS = "class"
    """Same names and same class, where a birth date is missing; only in tables that say so."""
    NAME = "name"
    """Same names and no birth date; only where the policy or the table allows it."""


class Strength(IntEnum):
    """Force: who keeps an account that several sources claim (rules 1.6, stage D)."""

    NAME = 0
    CLASS = 1
    VARIANT = 2
    NORMALISED = 3
    STRONG = 4


Keys = Callable[[Identity], Iterable[Hashable]]


def anyone(_source: Identity, _account: Identity) -> bool:
    """Accepter: equal keys are all the evidence that is needed."""
    return True


def other_date(source: Identity, account: Identity) -> ConflictReason | None:
    """Objecter une autre date: both birth dates are known and differ."""
    here, there = source.birth_date, account.birth_date
    return ConflictReason.DATE_CONTRADICTION if here and there and here != there else None


@frozen
class Rung:
    """Échelon: one level of a table. A source and an account are candidates if they share a key and `agrees` holds.

    `contradicts` gives the reason for which the one candidate of an identifier is a conflict. `unique` asks for names
    that one source and one account have, unless a hint of the table tells namesakes apart.
    """

    level: Level
    strength: Strength
    source_keys: Keys
    account_keys: Keys
    agrees: Callable[[Identity, Identity], bool] = anyone
    contradicts: Callable[[Identity, Identity], ConflictReason | None] = other_date
    unique: bool = False
    dated: bool = False
    """Every key holds the birth date: accounts born on no day of the sources need not be asked for theirs."""


@frozen
class LevelTable:
    """Table des niveaux: the rungs, strongest first, and those that use names without a birth date.

    The matcher is one; the table says which population of which format it serves (`Policy.table`).

    >>> [rung.level.value for rung in TIMETABLE.rungs]
    ['identifier', 'exact', 'normalised', 'variant']
    """

    rungs: tuple[Rung, ...]
    names_only: tuple[Rung, ...] = ()
    hints: tuple[Hint, ...] = ()
    """What narrows several candidates, in order; the first that leaves one ends it."""
    own_profile_first: bool = False
    """Accounts of the other profile of the population only count where those of the person's own give nothing."""
    undated: bool = False
    """People without a birth date match too; then an account with the same names and another date is told."""


def identifier_keys(person: Identity) -> Iterator[Hashable]:
    """Level 0: type and value; a SIECLE number also needs the birth date, since it may be one of several numbers."""
    for known in person.identifiers:
        if known.kind is not IdentifierKind.SIECLE:
            yield known
        elif person.birth_date:
            yield known, person.birth_date


def exact_keys(person: Identity) -> Iterator[Hashable]:
    """Level 1: `clean` names and birth date."""
    given, family = clean(person.given), clean(person.family)
    if person.birth_date and given and family:
        yield given, family, person.birth_date


def normalised_keys(person: Identity) -> Iterator[Hashable]:
    """Level 2: `compact` names and birth date; an empty compact form is no evidence."""
    for names in name_keys(person):
        if person.birth_date:
            yield names, person.birth_date


def variant_keys(person: Identity) -> Iterator[Hashable]:
    """Level 3: usual or birth family name, with the usual given name or any prefix of all given names joined."""
    if person.birth_date:
        for names in product(family_forms(person), given_forms(person)):
            yield names, person.birth_date


def family_forms(person: Identity) -> set[str]:
    """Noms possibles: compact forms of the usual name and of the birth name, where not empty."""
    return {compact(person.family), compact(person.birth_family)} - {""}


def given_forms(person: Identity) -> set[str]:
    """Prénoms possibles: compact forms of the usual given name and of every prefix of the other given names joined.

    >>> from entformats.identity import Profile
    >>> agathe = Identity("a1", Profile.PUPIL, "0749999S", "Agathe", "TILLEUL", other_given=("Agathe", "Rose"))
    >>> sorted(given_forms(agathe))
    ['agathe', 'agatherose']
    """
    return {compact(person.given), *accumulate(map(compact, person.other_given))} - {""}


def name_keys(person: Identity) -> Iterator[Hashable]:
    """Names alone: both compact forms."""
    given, family = compact(person.given), compact(person.family)
    if given and family:
        yield given, family


CUT = 10
"""Length at which EDT cuts a teacher's given name (edt 3.10, rung 5)."""


def cut_source_keys(person: Identity) -> Iterator[Hashable]:
    """Family name of a source whose given name fills the ten characters that EDT keeps, hence may be cut."""
    if len(clean(person.given)) == CUT and compact(person.given):
        yield from cut_account_keys(person)


def cut_account_keys(person: Identity) -> Iterator[Hashable]:
    """Family name."""
    if family := compact(person.family):
        yield family


def starts_alike(source: Identity, account: Identity) -> bool:
    """Préfixe: the account's given name begins with the source's."""
    return compact(account.given).startswith(compact(source.given))


TIMETABLE = LevelTable(
    rungs=(
        Rung(Level.IDENTIFIER, Strength.STRONG, identifier_keys, identifier_keys),
        Rung(Level.EXACT, Strength.STRONG, exact_keys, exact_keys, dated=True),
        Rung(Level.NORMALISED, Strength.NORMALISED, normalised_keys, normalised_keys, dated=True),
        Rung(Level.VARIANT, Strength.VARIANT, variant_keys, variant_keys, dated=True),
    ),
    names_only=(
        Rung(Level.NAME, Strength.NAME, name_keys, name_keys),
        Rung(Level.NAME, Strength.NAME, cut_source_keys, cut_account_keys, starts_alike),
    ),
)
"""Table des emplois du temps: pupils and teachers of EDT, UDT and STS (rules 1.6; edt 3.10)."""
