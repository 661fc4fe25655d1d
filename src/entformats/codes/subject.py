"""Subject code (code matière, nomenclature N_MATIERE_ENSEIGNEE of the BCN): six characters (nomenclatures 5).

Labels change with the years, codes do not; an academy adds codes with letters. Languages have a grammar of their own:
`language` reads it. The short name that goes with a code is in `subject_key`.
"""

from __future__ import annotations

import re
from typing import NewType

from attrs import frozen

from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap

__all__ = ["LANGUAGES", "Language", "SubjectCode", "compact", "format", "is_valid", "language", "parse"]

SubjectCode = NewType("SubjectCode", str)

LANGUAGES = FrozenMap(
    {
        "01": "allemand",
        "02": "anglais",
        "03": "arabe",
        "04": "chinois",
        "05": "danois",
        "06": "espagnol",
        "07": "grec moderne",
        "08": "hébreu",
        "09": "italien",
        "10": "japonais",
        "11": "portugais",
        "12": "néerlandais",
        "13": "polonais",
        "14": "russe",
        "15": "arménien",
        "20": "cambodgien",
    }
)
"""Langues: third and fourth characters of a language's code; others occur."""

_SHAPE = re.compile("[0-9A-Z]{6}")
_LANGUAGE = re.compile("03([0-9]{2})([012])([0-9])")


@frozen
class Language:
    """Langue vivante: what the code of a language says.

    >>> language(parse("030602"))
    Language(code='06', rank=2, by_correspondence=False, outside=False)
    """

    code: str
    """A key of `LANGUAGES` where the language is known."""
    rank: int
    """0 the language, 1 to 3 LV1 to LV3, 4 advanced, 5 beginners, 8 literature, 9 the language of a section."""
    by_correspondence: bool = False
    """Followed by correspondence (CNED)."""
    outside: bool = False
    """Followed outside the school."""

    @property
    def name(self) -> str | None:
        """Nom: the French name of the language; None where it is not known."""
        return LANGUAGES.get(self.code)


def compact(text: str) -> str:
    """Strip, fold to capitals, drop the prefix by which an ENT of several academies tells them apart.

    >>> compact(" 030a01 "), compact("GR-061300")
    ('030A01', '061300')
    """
    return re.sub("^[A-Z]+-(?=[0-9]+$)", "", text.strip().upper())


def parse(text: str) -> SubjectCode:
    """Read six letters and digits; an unknown code is a code. Raises `InvalidValue`.

    >>> parse("061300")
    '061300'
    """
    code = compact(text)
    if not _SHAPE.fullmatch(code):
        raise InvalidValue(f"expected a subject code, six letters and digits, found {text!r}")
    return SubjectCode(code)


def is_valid(text: str) -> bool:
    """Tell whether `parse` reads it.

    >>> is_valid("030A01"), is_valid("MATHS")
    (True, False)
    """
    return bool(_SHAPE.fullmatch(compact(text)))


def language(code: SubjectCode) -> Language | None:
    """Langue: read `03LLRR`, language and rank; plus 10 is by correspondence, plus 20 outside the school.

    >>> language(parse("030211")), language(parse("061300"))
    (Language(code='02', rank=1, by_correspondence=True, outside=False), None)
    """
    found = _LANGUAGE.fullmatch(code)
    return Language(found[1], int(found[3]), found[2] == "1", found[2] == "2") if found else None


def format(value: SubjectCode) -> str:  # noqa: A001 - the four verbs of every code
    """Render as it is.

    >>> format(parse("061300"))
    '061300'
    """
    return value
