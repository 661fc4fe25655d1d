"""The plain values of AAF: dates, booleans, flags and names (aaf 3.6, 3.7.9)."""

from __future__ import annotations

from datetime import date
from typing import Final

from entformats.errors import InvalidValue
from entformats.identity import read_date

__all__ = [
    "fields_of",
    "format_bool",
    "format_date",
    "format_flag",
    "parse_bool",
    "parse_date",
    "parse_digit",
    "parse_flag",
    "parse_name",
]

FRENCH_DATE: Final = 10


def parse_date(text: str) -> date:
    """Lire une date `jj/mm/aaaa`, the only shape of AAF. Raises `InvalidValue`.

    >>> parse_date("29/02/2012")
    datetime.date(2012, 2, 29)
    """
    if len(text) != FRENCH_DATE or text[2] != "/":
        raise InvalidValue("expected a date DD/MM/YYYY")
    return read_date(text)


def format_date(day: date) -> str:
    """Écrire une date `jj/mm/aaaa`.

    >>> format_date(date(2012, 2, 9))
    '09/02/2012'
    """
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def parse_bool(text: str) -> bool:
    """Lire un booléen: `O` or `N`, nothing else (aaf 3.7.9). Raises `InvalidValue`.

    >>> parse_bool("O"), parse_bool("N")
    (True, False)
    """
    try:
        return _BOOLEANS[text]
    except KeyError:
        raise InvalidValue("expected O or N") from None


def format_bool(value: bool) -> str:  # noqa: FBT001 - the value to render
    """Écrire un booléen.

    >>> format_bool(True)
    'O'
    """
    return "O" if value else "N"


_BOOLEANS = {"O": True, "N": False}
_FLAGS = {"0": False, "1": True}


def parse_flag(text: str) -> bool:
    """Lire un indicateur: `0` or `1` (aaf 3.6.3). Raises `InvalidValue`.

    >>> parse_flag("1")
    True
    """
    try:
        return _FLAGS[text]
    except KeyError:
        raise InvalidValue("expected 0 or 1") from None


def format_flag(value: bool) -> str:  # noqa: FBT001 - the value to render
    """Écrire un indicateur.

    >>> format_flag(True)
    '1'
    """
    return "1" if value else "0"


def parse_digit(text: str) -> int:
    """Lire un chiffre. Raises `InvalidValue`.

    >>> parse_digit("2")
    2
    """
    if len(text) == 1 and text in "0123456789":
        return int(text)
    raise InvalidValue("expected one digit")


def parse_name(text: str) -> str:
    """Lire un nom, verbatim: not empty. Raises `InvalidValue`.

    >>> parse_name("6E 2")
    '6E 2'
    """
    if not text:
        raise InvalidValue("expected a name")
    return text


def fields_of(text: str, width: int) -> list[str]:
    """Split a composite into its fields, exactly `width`; raises `InvalidValue`.

    >>> fields_of("61001$5 C", 2)
    ['61001', '5 C']
    """
    fields = text.split("$")
    if len(fields) != width:
        msg = f"expected {width} fields separated by '$', found {len(fields)}"
        raise InvalidValue(msg)
    return fields
