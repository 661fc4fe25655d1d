"""How much an account looks like a person: points for the names and the date (rules 1.6, Suggestions)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, reduce
from operator import or_

from attrs import frozen

from entformats.identity import Identity
from entformats.names import clean, compact, tokens
from entformats.rules.levels import CUT

__all__ = ["Points", "alike", "counted_within", "distance_within", "fast_within", "points"]

SWAPPED = 3
"""Points of each name where family and given name are exactly swapped: six in all."""


@frozen
class Points:
    """Points of one account for one person."""

    family: int
    given: int
    date: int

    @property
    def score(self) -> int:
        """Score: points in all, of eleven."""
        return self.family + self.given + self.date


def points(source: Identity, account: Identity) -> Points:
    """Noter: how much an account looks like a source person.

    >>> from entformats.identity import Profile
    >>> paul = Identity("t1", Profile.TEACHER, "0749999S", "M. Paul", "AUBRAC", birth_date=date(1969, 9, 29))
    >>> points(paul, Identity("a1", Profile.TEACHER, "0749999S", "Paul", "AUBRAC", birth_date=date(1969, 9, 29)))
    Points(family=4, given=2, date=4)
    """
    family, given = family_points(source.family, account), given_points(source.given, account)
    if family + given < 2 * SWAPPED and swapped(source, account):
        family = given = SWAPPED
    return Points(family, given, date_points(source.birth_date, account.birth_date))


def family_names(account: Identity) -> tuple[str, ...]:
    """Noms de famille: usual, birth, and both joined in either order."""
    usual, birth = account.family, account.birth_family
    return (usual, birth, f"{usual} {birth}", f"{birth} {usual}") if birth else (usual,)


def family_points(name: str, account: Identity) -> int:
    """Nom: 4 for equal compact forms, 3 for names alike, else 0."""
    names = family_names(account)
    if equal_to_one(name, names):
        return 4
    return 3 if any(alike(name, other) for other in names) else 0


def given_points(name: str, account: Identity) -> int:
    """Prénom: 3 for equal compact forms, 2 for names alike or cut, 1 for the same first letter, else 0."""
    names = (account.given, *account.other_given)
    if equal_to_one(name, names):
        return 3
    if any(alike(name, other) or cut(name, other) for other in names):
        return 2
    return int(compact(name)[:1] in {compact(other)[:1] for other in names} - {""})


def cut(name: str, other: str) -> bool:
    """Coupé: a given name of the ten characters that EDT keeps begins the other one (edt 3.10, rung 5).

    >>> cut("JEAN-CHRIS", "Jean-Christophe"), cut("Jean", "Jean-Christophe")
    (True, False)
    """
    return len(clean(name)) == CUT and bool(compact(name)) and compact(other).startswith(compact(name))


def equal_to_one(name: str, names: Iterable[str]) -> bool:
    """Tell whether a name has the compact form of one of `names`; an empty form equals nothing."""
    folded = compact(name)
    return bool(folded) and any(compact(other) == folded for other in names)


def swapped(source: Identity, account: Identity) -> bool:
    """Inversés: the family name stands for the given name, and the given name for the family name."""
    return equal_to_one(source.given, (account.family,)) and equal_to_one(source.family, (account.given,))


def alike(one: str, other: str) -> bool:
    """Ressemblants: the longer words of one are words of the other, or a typing slip or two apart.

    One slip where the shorter name has four letters or more, two where it has eight or more.

    >>> alike("LA FOURNIERE", "de la Fournière"), alike("ZELLAMI", "ZELLAMY"), alike("LEE", "LEA")
    (True, True, False)
    """
    words, others = long_words(one), long_words(other)
    if words and others and (words <= others or others <= words):
        return True
    short, long = sorted((compact(one), compact(other)), key=len)
    allowed = slips(len(short))
    return allowed > 0 and unlike_letters(short, long) <= allowed and distance_within(short, long, allowed)


LONG = 3
MEMO = 1 << 16


@lru_cache(MEMO)
def long_words(name: str) -> frozenset[str]:
    """Mots longs: the words of three letters or more."""
    return frozenset(word for word in tokens(name) if len(word) >= LONG)


def unlike_letters(one: str, other: str) -> int:
    """Lettres sans pendant: a lower bound of the edit distance that costs nearly nothing."""
    letters, others = letter_set(one), letter_set(other)
    return max((letters & ~others).bit_count(), (others & ~letters).bit_count(), abs(len(one) - len(other)))


@lru_cache(MEMO)
def letter_set(folded: str) -> int:
    """Ensemble de lettres, one bit each."""
    return reduce(or_, (1 << ord(letter) - ord("0") for letter in folded), 0)


def slips(letters: int) -> int:
    """Fautes admises: how many slips a name of this length may hold."""
    return (letters >= 4) + (letters >= 8)  # noqa: PLR2004 - the two lengths of rules 1.6


def counted_within(one: str, other: str, limit: int) -> bool:
    """Distance d'édition: tell whether the optimal string alignment distance is at most `limit`.

    An insertion, a deletion, a substitution or the exchange of two neighbours counts one; no part is edited twice.

    >>> counted_within("zellami", "zellaim", 1), counted_within("ca", "abc", 2)
    (True, False)
    """
    if abs(len(one) - len(other)) > limit:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        previous, row = row, [i]
        for j, against in enumerate(other, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and min(previous) > limit:
            return False
        before = previous
    return row[-1] <= limit


def fast_within() -> Callable[[str, str, int], bool]:
    """Distance d'édition of rapidfuzz where it is installed (extra `match`), else our own: the same answers."""
    try:
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - an extra
    except ImportError:
        return counted_within
    distance = OSA.distance
    return lambda one, other, limit: distance(one, other, score_cutoff=limit) <= limit


distance_within = fast_within()
"""Which of the two it is."""


def date_points(one: date | None, other: date | None) -> int:
    """Date: 4 for equal dates, 2 for a slip (day and month exchanged, or one digit), 0 otherwise or without a date."""
    if one is None or other is None:
        return 0
    if one == other:
        return 4
    exchanged = (one.year, one.day, one.month) == (other.year, other.month, other.day)
    digits = sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True))
    return 2 if exchanged or digits == 1 else 0
