"""School year (année scolaire): named by the year of its autumn, 2022 for 2022-2023 (glossary: rules 8)."""

from __future__ import annotations

import re
from datetime import date
from typing import NewType

from entformats.errors import InvalidValue

__all__ = ["SchoolYear", "compact", "format", "is_valid", "of", "parse"]

SchoolYear = NewType("SchoolYear", int)

FIRST_MONTH = 8


def of(day: date) -> SchoolYear:
    """Give the school year of a day; it turns on 1 August (aaf 6.4, inferred).

    >>> of(date(2023, 7, 31)), of(date(2023, 8, 1))
    (2022, 2023)
    """
    return SchoolYear(day.year if day.month >= FIRST_MONTH else day.year - 1)


def compact(text: str) -> str:
    """Drop the blanks.

    >>> compact(" 2022 - 2023 ")
    '2022-2023'
    """
    return re.sub(r"\s", "", text)


def parse(text: str) -> SchoolYear:
    """Read `2022`, `2022-2023` or `2022/2023`, years 1900 to 2099; raises `InvalidValue`.

    >>> parse("2022-2023")
    2022
    """
    found = re.fullmatch(r"((?:19|20)[0-9]{2})(?:[-/]([0-9]{4}))?", compact(text))
    if not found or (found[2] and int(found[2]) != int(found[1]) + 1):
        raise InvalidValue(f"expected a school year such as 2022 or 2022-2023, found {text!r}")
    return SchoolYear(int(found[1]))


def is_valid(text: str) -> bool:
    """Tell whether `parse` reads it.

    >>> is_valid("2022-2023"), is_valid("2022-2024")
    (True, False)
    """
    try:
        parse(text)
    except InvalidValue:
        return False
    return True


def format(value: SchoolYear) -> str:  # noqa: A001 - the four verbs of every code
    """Render as `2022-2023`.

    >>> format(SchoolYear(2022))
    '2022-2023'
    """
    return f"{value}-{value + 1}"
