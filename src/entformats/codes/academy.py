"""Academy (académie): a number, written with three digits by STS, two or none by others (nomenclatures 8)."""

from __future__ import annotations

import re
from typing import NewType

from entformats.codes import department
from entformats.codes.department import Department
from entformats.codes.uai import Uai
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap

__all__ = ["NAMES", "Academy", "compact", "current", "format", "is_valid", "of_department", "of_uai", "parse"]

Academy = NewType("Academy", int)

_ROWS: tuple[tuple[int, str, str], ...] = (
    (1, "Paris", "75"),
    (2, "Aix-Marseille", "04 05 13 84"),
    (3, "Besançon", "25 39 70 90"),
    (4, "Bordeaux", "24 33 40 47 64"),
    (5, "Caen", ""),
    (6, "Clermont-Ferrand", "03 15 43 63"),
    (7, "Dijon", "21 58 71 89"),
    (8, "Grenoble", "07 26 38 73 74"),
    (9, "Lille", "59 62"),
    (10, "Lyon", "01 42 69"),
    (11, "Montpellier", "11 30 34 48 66"),
    (12, "Nancy-Metz", "54 55 57 88"),
    (13, "Poitiers", "16 17 79 86"),
    (14, "Rennes", "22 29 35 56"),
    (15, "Strasbourg", "67 68"),
    (16, "Toulouse", "09 12 31 32 46 65 81 82"),
    (17, "Nantes", "44 49 53 72 85"),
    (18, "Orléans-Tours", "18 28 36 37 41 45"),
    (19, "Reims", "08 10 51 52"),
    (20, "Amiens", "02 60 80"),
    (21, "Rouen", ""),
    (22, "Limoges", "19 23 87"),
    (23, "Nice", "06 83"),
    (24, "Créteil", "77 93 94"),
    (25, "Versailles", "78 91 92 95"),
    (27, "Corse", "2A 2B"),
    (28, "La Réunion", "974"),
    (31, "Martinique", "972"),
    (32, "Guadeloupe", "971 977 978"),
    (33, "Guyane", "973"),
    (40, "Nouvelle-Calédonie", "988"),
    (41, "Polynésie française", "987"),
    (42, "Wallis-et-Futuna", "986"),
    (43, "Mayotte", "976"),
    (44, "Saint-Pierre-et-Miquelon", "975"),
    (70, "Normandie", "14 27 50 61 76"),
)

NAMES: FrozenMap[Academy, str] = FrozenMap((Academy(number), name) for number, name, _ in _ROWS)
"""Académies: number -> name. 5 and 21 became 70 in 2020; 40 to 42 and 44 are inferred."""

_OF_DEPARTMENT: FrozenMap[Department, Academy] = FrozenMap(
    (department.parse(code), Academy(number)) for number, _, codes in _ROWS for code in codes.split()
)
_MERGED = FrozenMap({Academy(5): Academy(70), Academy(21): Academy(70)})


def compact(text: str) -> str:
    """Strip the blanks and the zeros before the number.

    >>> compact(" 024 ")
    '24'
    """
    return text.strip().lstrip("0")


def parse(text: str) -> Academy:
    """Read one to three digits; an unknown number is a number. Raises `InvalidValue`.

    >>> parse("008"), parse("24")
    (8, 24)
    """
    if not is_valid(text):
        raise InvalidValue(f"expected an academy, one to three digits, found {text!r}")
    return Academy(int(text.strip()))


def is_valid(text: str) -> bool:
    """Tell whether `parse` reads it.

    >>> is_valid("024"), is_valid("000"), is_valid("Lyon")
    (True, False, False)
    """
    return bool(re.fullmatch("[0-9]{1,3}", text.strip())) and bool(compact(text))


def current(academy: Academy) -> Academy:
    """Give the academy that a merged one belongs to now, or itself.

    >>> NAMES[current(parse("021"))]
    'Normandie'
    """
    return _MERGED.get(academy, academy)


def of_department(code: Department) -> Academy | None:
    """Give the academy of a department; None where none is known.

    >>> of_department(department.parse("74")), of_department(department.parse("2A"))
    (8, 27)
    """
    return _OF_DEPARTMENT.get(code)


def of_uai(uai: Uai) -> Academy | None:
    """Give the academy of a school through its department; None abroad and for test codes.

    >>> from entformats.codes import uai
    >>> of_uai(uai.parse("7200727C")), of_uai(uai.parse("9999990A"))
    (27, None)
    """
    code = department.of_uai(uai)
    return of_department(code) if code else None


def format(value: Academy) -> str:  # noqa: A001 - the four verbs of every code
    """Render with three digits, as STS writes it.

    >>> format(parse("8"))
    '008'
    """
    return f"{value:03}"
