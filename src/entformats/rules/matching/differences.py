"""What is not equal between two people that match all the same: data for the screen, never evidence."""

from __future__ import annotations

from entformats.identity import IdentifierKind, Identity
from entformats.names import clean, compact, tokens
from entformats.rules.levels import Level
from entformats.rules.matching.outcomes import Difference

__all__ = ["differences", "shared_identifier", "spelling"]


def shared_identifier(source: Identity, account: Identity) -> IdentifierKind | None:
    """Identifiant partagé: the type of the first identifier that both have, in the order of `IdentifierKind`."""
    kinds = {known.kind for known in source.identifiers & account.identifiers}
    return next((kind for kind in IdentifierKind if kind in kinds), None)


def differences(source: Identity, account: Identity, level: Level) -> frozenset[Difference]:
    """Différences: what a match at this level rests on in spite of; empty for the levels that leave no doubt."""
    if level in {Level.IDENTIFIER, Level.EXACT}:
        return frozenset()
    family = differs_by(source.family, account.family, otherwise=Difference.BIRTH_FAMILY)
    cut = Difference.CUT_GIVEN if level is Level.NAME else Difference.GIVEN_NAMES
    given = differs_by(source.given, account.given, otherwise=cut)
    return frozenset(family | given | (missing_date(source) if level in {Level.CLASS, Level.NAME} else set()))


def missing_date(source: Identity) -> set[Difference]:
    """Tell which side gives no birth date; the source, where neither does."""
    return {Difference.ACCOUNT_UNDATED if source.birth_date else Difference.NO_BIRTH_DATE}


def differs_by(one: str, other: str, *, otherwise: Difference) -> set[Difference]:
    """Differences of spelling where the compact forms are equal, else the one difference given."""
    return set(spelling(one, other)) if compact(one) == compact(other) else {otherwise}


def spelling(one: str, other: str) -> frozenset[Difference]:
    """Graphie: how two names of one compact form are written differently.

    >>> [difference.value for difference in sorted(spelling("Jean-Marc", "JEAN MARC"))]
    ['case', 'separators']
    >>> [difference.value for difference in sorted(spelling("LEBŒUF", "Leboeuf"))]
    ['accents', 'case']
    """
    (signs, letters), (other_signs, other_letters) = split(one), split(other)
    checks = {
        Difference.CASE: bare(letters) != bare(other_letters),
        Difference.ACCENTS: letters.casefold() != other_letters.casefold(),
        Difference.SEPARATORS: signs != other_signs or tokens(one) != tokens(other),
    }
    return frozenset(difference for difference, found in checks.items() if found)


def split(name: str) -> tuple[str, str]:
    """Separate the signs of a cleaned name from its letters."""
    cleaned = clean(name)
    return "".join(c for c in cleaned if not c.isalnum()), "".join(c for c in cleaned if c.isalnum())


def bare(letters: str) -> str:
    """Fold everything but case."""
    return "".join(compact(c).upper() if c.isupper() else compact(c) for c in letters)
