"""Jointure: the identifier of a record in the academic directory, key of every reference of AAF (aaf 6.1, 6.2).

Opaque: digits for people and structures, a subject or MEF code in the nomenclatures, a prefix where an ENT joins
several academies. Only white space and `$`, which separates the fields of a composite value, cannot be part of one.
"""

from __future__ import annotations

import re
from typing import NewType

from entformats.errors import InvalidValue

__all__ = ["Jointure", "compact", "format", "is_valid", "parse"]

Jointure = NewType("Jointure", str)

_SHAPE = re.compile(r"[^\s$]+").fullmatch


def compact(text: str) -> str:
    """Strip the white space around.

    >>> compact(" 3100456 ")
    '3100456'
    """
    return text.strip()


def parse(text: str) -> Jointure:
    """Read an identifier as it is: not empty, no white space, no `$`. Raises `InvalidValue`.

    >>> parse("3100456")
    '3100456'
    >>> parse("3100456$2")
    Traceback (most recent call last):
    entformats.errors.InvalidValue: expected an identifier without white space or '$'
    """
    if not text.isalnum() and _SHAPE(text) is None:
        raise InvalidValue("expected an identifier without white space or '$'")
    return Jointure(text)


def is_valid(text: str) -> bool:
    """Tell whether `parse` reads it.

    >>> is_valid("030A01"), is_valid("")
    (True, False)
    """
    return _SHAPE(text) is not None


def format(value: Jointure) -> str:  # noqa: A001 - the four verbs of every code
    """Render as it is.

    >>> format(parse("3100456"))
    '3100456'
    """
    return value
