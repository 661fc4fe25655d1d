"""From the texts of the export to values: each function raises `InvalidValue`, and nothing else (edt 2)."""

from __future__ import annotations

import re
from datetime import date, time

from entformats.errors import InvalidValue
from entformats.identity import read_date

__all__ = ["clock", "first_day", "ident", "mask", "number"]

MAX_IDENT = (1 << 32) - 1
MAX_MASK = (1 << 64) - 1
MAX_SHORT = (1 << 16) - 1
YEARS = range(1900, 3000)
_CLOCK = re.compile(r"([0-9]{1,2})[hH:]([0-9]{2})(?:[mM:]([0-9]{2})(?:\.[0-9]+)?)?")


def number(text: str, maximum: int = MAX_SHORT) -> int:
    """Read a whole number from 0 to `maximum`.

    >>> number("20")
    20
    """
    digits = text.strip()
    if not re.fullmatch("[0-9]{1,20}", digits) or int(digits) > maximum:
        raise InvalidValue(f"expected a whole number up to {maximum}")
    return int(digits)


def ident(text: str) -> str:
    """Read an `Ident`, a number under 2**32; leading zeros do not count.

    >>> ident("0036")
    '36'
    """
    return str(number(text, MAX_IDENT))


def mask(text: str) -> int:
    """Read a `SEMAINES` mask, a number under 2**64 (edt 3.1).

    >>> mask("268435456") == 1 << 28
    True
    """
    return number(text, MAX_MASK)


def first_day(text: str) -> date:
    """Read `DatePremierJourSemaine1`: a date from 1900 to 2999, so that 63 weeks later is still a date.

    >>> first_day("2022-08-29")
    datetime.date(2022, 8, 29)
    """
    day = read_date(text)
    if day.year not in YEARS:
        raise InvalidValue("expected a year from 1900 to 2999")
    return day


def clock(text: str) -> time:
    """Read a label of the grid: two or three numbers, between `:` or `h` (edt 2.5).

    >>> clock("08:00:00"), clock("8h05")
    (datetime.time(8, 0), datetime.time(8, 5))
    """
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise InvalidValue("expected a time such as 08:00:00 or 8h00")
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError as error:
        raise InvalidValue("expected a time of the day") from error
