"""MEF (module élémentaire de formation): what a pupil is enrolled in, eleven characters (nomenclatures 4, aaf 3.5)."""

from __future__ import annotations

import re

from attrs import field, frozen

from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap

__all__ = ["LEVELS", "VARIANTS", "Mef", "compact", "format", "is_valid", "level", "parse"]

VARIANTS = FrozenMap(
    {
        "0": "base",
        "1": "internationale",
        "2": "européenne",
        "3": "bilingue",
        "6": "sport de haut niveau",
        "7": "section sportive",
        "A": "académique",
        "C": "académique",
    }
)
"""Type: the last character of a MEF and what it means (inferred from the labels); other characters occur."""

LEVELS = FrozenMap({"2111": "6e", "2112": "5e", "2115": "4e", "2116": "3e"})
"""MEFSTAT4: the first four characters of a statistical MEF and the level of collège they mean; other codes occur."""


def _checked(_: object, __: object, code: str) -> None:
    if not re.fullmatch("[0-9A-Z]{11}", code):
        raise InvalidValue(f"expected a MEF, eleven digits and capitals, found {code!r}")


@frozen(order=True)
class Mef:
    """Module élémentaire de formation: one code and its parts. Raises `InvalidValue` for another shape.

    >>> mef = Mef("10310019117")
    >>> mef.programme, mef.year, VARIANTS[mef.variant]
    ('103', 1, 'section sportive')
    """

    code: str = field(validator=_checked)

    @property
    def programme(self) -> str:
        """Dispositif de formation: `100` 6e, `101` 5e, `102` 4e, `103` 3e, `001` to `003` first degree, `200` 2de."""
        return self.code[:3]

    @property
    def category(self) -> str:
        """Catégorie: the first character of the speciality group."""
        return self.code[3]

    @property
    def domain(self) -> str:
        """Domaine: the first two characters of the speciality group."""
        return self.code[3:5]

    @property
    def speciality(self) -> str:
        """Groupe de spécialité: three characters."""
        return self.code[3:6]

    @property
    def serial(self) -> str:
        """Numéro d'ordre: two characters."""
        return self.code[6:8]

    @property
    def duration(self) -> int | None:
        """Durée: the years of the whole course; None where the character is a letter."""
        return _digit(self.code[8])

    @property
    def year(self) -> int | None:
        """Année dans le cycle: which year of the course; None where the character is a letter."""
        return _digit(self.code[9])

    @property
    def variant(self) -> str:
        """Type: the last character, a key of `VARIANTS` where its meaning is known."""
        return self.code[10]

    @property
    def is_local(self) -> bool:
        """MEF local: a letter in eighth or last position, a variant of a school or academy (inferred).

        >>> Mef("1001000E11A").is_local, Mef("10010012110").is_local
        (True, False)
        """
        return self.code[7].isalpha() or self.code[10].isalpha()

    def __str__(self) -> str:
        """Render the code."""
        return self.code


def _digit(character: str) -> int | None:
    return int(character) if character.isdigit() else None


def level(mefstat11: str) -> str | None:
    """Niveau: the level of collège that a statistical MEF means, None for any other; the label is no guide.

    >>> level("21110010012"), level("24330010002")
    ('6e', None)
    """
    return LEVELS.get(compact(mefstat11)[:4])


def compact(text: str) -> str:
    """Strip and fold to capitals.

    >>> compact(" 1001000e11a ")
    '1001000E11A'
    """
    return text.strip().upper()


def parse(text: str) -> Mef:
    """Read eleven letters and digits; an unknown code is a code. Raises `InvalidValue`.

    >>> parse("10010012110").programme
    '100'
    """
    return Mef(compact(text))


def is_valid(text: str) -> bool:
    """Tell whether `parse` reads it.

    >>> is_valid("10010012110"), is_valid("1001001211")
    (True, False)
    """
    return bool(re.fullmatch("[0-9A-Z]{11}", compact(text)))


def format(value: Mef) -> str:  # noqa: A001 - the four verbs of every code
    """Render the code.

    >>> format(Mef("10010012110"))
    '10010012110'
    """
    return value.code
