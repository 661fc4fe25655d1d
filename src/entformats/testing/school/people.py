"""Fictitious people: who they are, and how a timetable program and a directory each spell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from itertools import count
from random import Random
from typing import Final

from attrs import define, evolve, field, frozen

from entformats.codes import ine
from entformats.identity import Identifier, IdentifierKind, Identity, Profile, Ref
from entformats.testing.school.names import GIVEN, family_name, plain

__all__ = ["PUPIL_SPELLINGS", "TEACHER_SPELLINGS", "Civil", "Registry", "Spelling", "identity"]

_IDPN: Final = "23456789ABCDEFHJKMNPQRSTUVWXYZ"
CUT: Final = 10
"""Length at which EDT cuts the given name of a teacher (edt 2.7)."""


class Spelling(StrEnum):
    """Saisie: how somebody typed a person in the timetable program, and so how matching can find the account."""

    SHARED_ID = "shared_id"
    """With the national identifier that the directory has too."""
    EXACT = "exact"
    """As the directory spells."""
    NORMALISED = "normalised"
    """Other case, accents or hyphens."""
    BIRTH_NAME = "birth_name"
    """Under the birth name, the directory having another usual name."""
    ALL_GIVEN = "all_given"
    """With two given names."""
    UNDATED = "undated"
    """In capitals, the given name cut, without a birth date: found by hand only."""
    MISTYPED = "mistyped"
    """With a wrong letter: found by hand only."""

    @property
    def by_hand(self) -> bool:
        """Tell whether only a person can tell who this is."""
        return self in {Spelling.UNDATED, Spelling.MISTYPED}


TEACHER_SPELLINGS: Final = (
    *(Spelling.EXACT,) * 6,
    *(Spelling.NORMALISED,) * 8,
    *(Spelling.BIRTH_NAME,) * 2,
    Spelling.ALL_GIVEN,
    *(Spelling.UNDATED,) * 2,
    Spelling.MISTYPED,
)
PUPIL_SPELLINGS: Final = (
    *(Spelling.SHARED_ID,) * 76,
    *(Spelling.EXACT,) * 12,
    *(Spelling.NORMALISED,) * 7,
    *(Spelling.BIRTH_NAME,) * 2,
    *(Spelling.ALL_GIVEN,) * 2,
    Spelling.MISTYPED,
)


@frozen(repr=False)
class Civil:
    """État civil: a person as the directory has to know them. `other_given` begins with `given`."""

    title: str
    given: str
    family: str
    birth_date: date | None = None
    birth_family: str = ""
    """Nom patronymique; empty when it is the usual name."""
    other_given: tuple[str, ...] = ()
    ine: str = ""

    def __repr__(self) -> str:
        """Hide the person."""
        return "<Civil>"


@define
class Registry:
    """Registre: draws people, no two of whom share a given name and a birth date, and their identifiers."""

    rng: Random
    _born: set[tuple[str, date]] = field(factory=set, init=False)
    _numbers: set[str] = field(factory=set, init=False)
    _decks: dict[tuple[Spelling, ...], list[Spelling]] = field(factory=dict, init=False)

    def civil(self, first_day: date, days: int, *, family: str = "", like: Civil | None = None) -> Civil:
        """Draw a person born on one of `days` days from `first_day`; `like` gives the name of a homonym."""
        title = like.title if like else self.rng.choice(("M.", "Mme"))
        births = ((self._given(title, like), first_day + timedelta(days=self.rng.randrange(days))) for _ in count())
        given, born = next(birth for birth in births if birth not in self._born)
        self._born.add((given, born))
        second = self.rng.choice([name for name in GIVEN[title] if name != given])
        name = like.family if like else family or family_name(self.rng)
        return Civil(title, given, name, born, other_given=(given, second))

    def _given(self, title: str, like: Civil | None) -> str:
        return like.given if like else self.rng.choice(GIVEN[title])

    def renamed(self, civil: Civil) -> Civil:
        """Give another birth name to a person."""
        drawn = (family_name(self.rng) for _ in count())
        return evolve(civil, birth_family=next(name for name in drawn if name != civil.family))

    def spelling(self, deck: tuple[Spelling, ...]) -> Spelling:
        """Deal the next card of a shuffled deck, so that every spelling comes up in every school of some size."""
        cards = self._decks.setdefault(deck, [])
        if not cards:
            cards.extend(deck)
            self.rng.shuffle(cards)
        return cards.pop()

    def idpn(self) -> str:
        """Draw an identifier of Pronote: sixteen characters (edt 2.7)."""
        return self._new(lambda: "".join(self.rng.choice(_IDPN) for _ in range(16)))

    def ine(self) -> str:
        """Draw a national identifier with its key (nomenclatures 2)."""
        digits = self._new(lambda: f"{self.rng.randrange(10**8):09}")
        return digits + ine.rnie_letters(digits)

    def _new(self, draw: Callable[[], str]) -> str:
        number = next(found for found in (draw() for _ in count()) if found not in self._numbers)
        self._numbers.add(number)
        return number


def identity(civil: Civil, spelling: Spelling, *, ref: Ref, profile: Profile, school: str, idpn: str) -> Identity:
    """Give a person as the timetable program knows them.

    >>> zoe = Civil("Mme", "Zoé", "GUÉRIN", date(2014, 2, 3), other_given=("Zoé", "Rose"))
    >>> known = identity(zoe, Spelling.UNDATED, ref=Ref("teacher:2"), profile=Profile.TEACHER, school="", idpn="")
    >>> str(known.source_key)
    'ZOE$GUERIN$'
    """
    given, family, born = typed(civil, spelling, staff=profile is not Profile.PUPIL)
    shared = {IdentifierKind.IDPN: idpn, IdentifierKind.INE: civil.ine if spelling is Spelling.SHARED_ID else ""}
    numbers = frozenset(Identifier(kind, value) for kind, value in shared.items() if value)
    return Identity(ref, profile, school, given, family, birth_date=born, identifiers=numbers)


def typed(civil: Civil, spelling: Spelling, *, staff: bool) -> tuple[str, str, date | None]:
    """Give the given name, the family name and the birth date as somebody typed them.

    >>> typed(Civil("M.", "Léo", "MÉRIN", date(2014, 2, 3)), Spelling.EXACT, staff=True)[:2]
    ('LEO', 'MERIN')
    """
    given, family = (plain(civil.given), plain(civil.family)) if staff else (civil.given, civil.family)
    if spelling is Spelling.NORMALISED:
        given, family = (
            (civil.given, civil.family) if staff else (plain(given).title(), plain(family).replace("-", " "))
        )
    elif spelling is Spelling.BIRTH_NAME:
        family = civil.birth_family
    elif spelling is Spelling.ALL_GIVEN:
        given = " ".join(civil.other_given[:2])
    elif spelling is Spelling.UNDATED:
        return plain(civil.given)[:CUT], family, None
    elif spelling is Spelling.MISTYPED:
        family = family[:-1] + ("X" if family[-1] != "X" else "S")
    return given, family, civil.birth_date
