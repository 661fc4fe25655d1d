"""UAI, formerly RNE (unité administrative immatriculée): the code of an establishment (nomenclatures 1).

Seven digits and a check letter: the number modulo 23, in the alphabet without I, O and Q. A wrong letter means a typing
error or a test code: `is_checked` tells, `parse` accepts.
"""

from __future__ import annotations

import re
from typing import NewType

from entformats.errors import InvalidValue

__all__ = ["CHECK_LETTERS", "Uai", "check_letter", "compact", "format", "is_checked", "is_valid", "parse"]

Uai = NewType("Uai", str)

CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""Lettres de contrôle: the letter of each remainder modulo 23, in order."""


def compact(text: str) -> str:
    """Strip and fold to capitals.

    >>> compact(" 0749999s ")
    '0749999S'
    """
    return text.strip().upper()


def parse(text: str) -> Uai:
    """Read seven digits and a letter; the check letter is not judged. Raises `InvalidValue`.

    >>> parse("0749999s")
    '0749999S'
    """
    code = compact(text)
    if not re.fullmatch("[0-9]{7}[A-Z]", code):
        raise InvalidValue(f"expected a UAI, seven digits and a letter, found {text!r}")
    return Uai(code)


def is_valid(text: str) -> bool:
    """Tell whether `parse` reads it.

    >>> is_valid("0749999S"), is_valid("749999S")
    (True, False)
    """
    return bool(re.fullmatch("[0-9]{7}[A-Z]", compact(text)))


def check_letter(digits: str) -> str:
    """Give the check letter of the first seven digits.

    >>> check_letter("0740000")
    'Y'
    """
    return CHECK_LETTERS[int(digits[:7]) % 23]


def is_checked(uai: Uai) -> bool:
    """Tell whether the check letter is right.

    >>> is_checked(parse("0749999S")), is_checked(parse("0134567A"))
    (True, False)
    """
    return uai[-1] == check_letter(uai)


def format(value: Uai) -> str:  # noqa: A001 - the four verbs of every code
    """Render as it is.

    >>> format(parse("0749999S"))
    '0749999S'
    """
    return value
