"""Values of a row: dates, identifiers, classes, numbers; what cannot be read is told by a slug (pronote 3.6)."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["DAMAGED", "USUAL", "only_classes", "read_birth_date", "read_uai"]

USUAL = re.compile(r"[A-Z0-9]{16}")
"""Presumed shape of an identifier; another is only told."""
DAMAGED = re.compile(r"#.*|[0-9]+[.,][0-9]+[eE][+-]?[0-9]+")
"""What a spreadsheet makes of an identifier that it takes for a number or a formula."""
EMPTY_DATES = frozenset({"", "0000-00-00", "00/00/0000", "1899-12-30", "30/12/1899"})
ISO = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})(?:[T ].*)?")
FRENCH = re.compile(r"(?P<d>[0-9]{1,2})(?P<sign>[/.-])(?P<m>[0-9]{1,2})(?P=sign)(?P<y>[0-9]{4})(?: 00:00(?::00)?)?")
SHORT = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}")
DIGITS = re.compile(r"[0-9]{8}")
UAI = re.compile(r"[0-9]{7}[A-Za-z]")
FIRST_YEAR = 1900


def read_birth_date(text: str, latest: date | None) -> tuple[date | None, str]:
    """Lire une date de naissance: the date, or None and the slug of what is wrong with it, "" where nothing is.

    `latest` is the day after which no birth date can be: that of the export, where it is known.

    >>> read_birth_date("14/03/2009", None), read_birth_date("1/9/10", None)
    ((datetime.date(2009, 3, 14), ''), (None, 'ambiguous_date'))
    """
    text = text.strip()
    if text in EMPTY_DATES:
        return None, ""
    if SHORT.fullmatch(text):
        return None, "ambiguous_date"
    found = _read(text)
    if found is None:
        return None, "bad_date"
    if found.year < FIRST_YEAR or (latest and found > latest):
        return None, "implausible_date"
    return found, ""


def _read(text: str) -> date | None:
    """Read any of the accepted shapes; eight digits are year first, else day first."""
    if DIGITS.fullmatch(text):
        return _day(text[:4], text[4:6], text[6:]) or _day(text[4:], text[2:4], text[:2])
    shape = ISO.fullmatch(text) or FRENCH.fullmatch(text)
    return _day(shape["y"], shape["m"], shape["d"]) if shape else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def only_classes(text: str) -> tuple[str, ...]:
    """Classes d'une cellule, without the parts of class, which begin with `<`.

    >>> only_classes("3D, <3D> <LATIN> LAT"), only_classes("4A;4B")
    (('3D',), ('4A', '4B'))
    """
    items = (item.strip() for item in re.split(r",\s+|;", text))
    return tuple(item for item in items if item and not item.startswith("<"))


def read_uai(text: str) -> str | None:
    """Lire un UAI; None for anything else, such as the name of the school.

    >>> read_uai("0749999s"), read_uai("Collège des Vergers")
    ('0749999S', None)
    """
    return text.strip().upper() if UAI.fullmatch(text.strip()) else None
