"""INE (identifiant national élève): eleven characters, in several generations (nomenclatures 2).

Personal data: no message of this module repeats the identifier. `parse` reads every generation; a wrong check key is a
typing error or an invention, never a reason to refuse a pupil: `is_checked` tells.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NewType

from entformats.codes.uai import CHECK_LETTERS
from entformats.errors import InvalidValue

__all__ = [
    "Generation",
    "Ine",
    "bea_letter",
    "compact",
    "format",
    "generation",
    "is_checked",
    "is_valid",
    "parse",
    "rnie_letters",
]

Ine = NewType("Ine", str)


class Generation(StrEnum):
    """Génération d'INE: which register gave the identifier.

    >>> generation(parse("090412000FB"))
    <Generation.RNIE: 'rnie'>
    """

    RNIE = "rnie"
    """Register of all pupils since about 2018: nine digits, two letters of key."""
    BEA = "bea"
    """Secondary schools, 1995 to 2018: ten digits, one letter of key."""
    APPRENTICE = "apprentice"
    """Apprentices: an `A` in fifth position; the key is unknown."""
    UNIVERSITY = "university"
    """Higher education: the last character is a digit (inferred); the key is unknown."""
    OTHER = "other"
    """Agricultural schools, temporary numbers, anything else of eleven characters."""


_DIGITS_OF_KEY = "ABCDEFGHJK"
_SHAPES = (
    (Generation.RNIE, re.compile("[0-9]{9}[A-HJK]{2}")),
    (Generation.BEA, re.compile("[0-9]{10}[A-HJ-NPR-Z]")),
    (Generation.APPRENTICE, re.compile("[0-9]{4}A[0-9]{5}[A-Z]")),
    (Generation.UNIVERSITY, re.compile("[0-9A-Z]{10}[0-9]")),
)


def compact(text: str) -> str:
    """Strip and fold to capitals.

    >>> compact(" 090412000fb ")
    '090412000FB'
    """
    return text.strip().upper()


def parse(text: str) -> Ine:
    """Read eleven letters and digits of any generation; the key is not judged. Raises `InvalidValue`.

    >>> parse("090412000fb")
    '090412000FB'
    """
    code = compact(text)
    if not re.fullmatch("[0-9A-Z]{11}", code):
        raise InvalidValue("expected an INE: eleven letters and digits")
    return Ine(code)


def is_valid(text: str) -> bool:
    """Tell whether `parse` reads it.

    >>> is_valid("090412000FB"), is_valid("090412000F")
    (True, False)
    """
    return bool(re.fullmatch("[0-9A-Z]{11}", compact(text)))


def generation(ine: Ine) -> Generation:
    """Génération: classify by shape alone.

    >>> generation(parse("0108004417F")), generation(parse("2018A01234B"))
    (<Generation.BEA: 'bea'>, <Generation.APPRENTICE: 'apprentice'>)
    """
    return next((kind for kind, shape in _SHAPES if shape.fullmatch(ine)), Generation.OTHER)


def rnie_letters(digits: str) -> str:
    """Give the two letters that follow the nine digits of an INE-RNIE: 97 minus the remainder, `A` 0 to `K` 9.

    >>> rnie_letters("090412000")
    'FB'
    """
    tens, units = divmod(97 - int(digits[:9]) % 97, 10)
    return _DIGITS_OF_KEY[tens] + _DIGITS_OF_KEY[units]


def bea_letter(digits: str) -> str:
    """Give the letter that follows the ten digits of an INE-BEA: their remainder modulo 23 (seen on few samples).

    >>> bea_letter("0108004417")
    'F'
    """
    return CHECK_LETTERS[int(digits[:10]) % 23]


def is_checked(ine: Ine) -> bool | None:
    """Tell whether the key is right; None for a generation whose key is unknown.

    >>> is_checked(parse("090412000FB")), is_checked(parse("090412000FC")), is_checked(parse("2018A01234B"))
    (True, False, None)
    """
    match generation(ine):
        case Generation.RNIE:
            return ine[9:] == rnie_letters(ine)
        case Generation.BEA:
            return ine[10:] == bea_letter(ine)
        case _:
            return None


def format(value: Ine) -> str:  # noqa: A001 - the four verbs of every code
    """Render as it is.

    >>> format(parse("090412000FB"))
    '090412000FB'
    """
    return value
