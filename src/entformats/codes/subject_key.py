"""Management key of a subject (clé de gestion, `CODE_GESTION`): the short name beside its code (nomenclatures 5).

Two to five characters; a hyphen and inner spaces are part of it (`LV 1`, `AGL 8`): only the ends are trimmed.
"""

from __future__ import annotations

import re
from typing import NewType

from entformats.errors import InvalidValue

__all__ = ["SubjectKey", "compact", "format", "is_valid", "parse"]

SubjectKey = NewType("SubjectKey", str)

_SHAPE = re.compile("[^ ](?:.{0,3}[^ ])")


def compact(text: str) -> str:
    """Strip the ends and fold to capitals; inner spaces stay.

    >>> compact(" agl 8 ")
    'AGL 8'
    """
    return text.strip().upper()


def parse(text: str) -> SubjectKey:
    """Read two to five characters; raises `InvalidValue`.

    >>> parse("HI-GE")
    'HI-GE'
    """
    key = compact(text)
    if not _SHAPE.fullmatch(key):
        raise InvalidValue(f"expected a management key, two to five characters, found {text!r}")
    return SubjectKey(key)


def is_valid(text: str) -> bool:
    """Tell whether `parse` reads it.

    >>> is_valid("LV 1"), is_valid("MATHEMATIQUES")
    (True, False)
    """
    return bool(_SHAPE.fullmatch(compact(text)))


def format(value: SubjectKey) -> str:  # noqa: A001 - the four verbs of every code
    """Render as it is.

    >>> format(parse("AGL 8"))
    'AGL 8'
    """
    return value
