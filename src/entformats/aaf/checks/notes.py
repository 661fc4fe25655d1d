"""Notes on what is met and kept as it is: one a category, with its number (aaf 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from entformats.aaf.checks.context import Context, is_told
from entformats.aaf.models import Guardian, Person, Pupil
from entformats.aaf.table import Category
from entformats.problems import Location, Problem, problem

__all__ = ["empty_titles", "mobiles_at_home", "no_functions", "unusual_names", "unusual_towns"]

_MOBILE: Final = re.compile(r"(?:(?:\+|00)33|0)0?[67]")
_UNUSUAL: Final = re.compile(r"  |[0-9.]")
_TOWN: Final = re.compile(r"[0-9]|\bCEDEX\b", re.IGNORECASE)


def _counted(slug: str, category: Category, count: int) -> Iterator[Problem]:
    if count:
        yield problem(slug, Location(kind=category.value), count=count)


def unusual_names(context: Context) -> Iterator[Problem]:
    """Noms d'une lettre, à deux espaces, à chiffre ou à point: kept as they are (aaf 7)."""
    for category, table in _people(context):
        count = sum(map(_has_unusual_name, table))
        yield from _counted("unusual_name", category, count)


def _people(context: Context) -> Iterator[tuple[Category, list[Person]]]:
    directory = context.directory
    yield Category.PUPILS, [*directory.pupils.values()]
    yield Category.GUARDIANS, [*directory.guardians.values()]
    yield Category.STAFF, [*directory.staff.values()]


def _has_unusual_name(person: Person) -> bool:
    names = filter(None, (person.family, person.given, person.birth_family))
    return any(len(name) == 1 or _UNUSUAL.search(name) for name in names)


def empty_titles(context: Context) -> Iterator[Problem]:
    """Civilité vide: unknown; so it is for bodies (aaf 7, 3.7.4)."""
    for category, table in _people(context):
        count = sum(not person.title and is_told(person, "title") for person in table)
        yield from _counted("empty_title", category, count)


def unusual_towns(context: Context) -> Iterator[Problem]:
    """Ville à code postal étranger ou `CEDEX`, ville sans code postal: kept as they are (aaf 7)."""
    directory = context.directory
    for category, table in ((Category.PUPILS, directory.pupils), (Category.GUARDIANS, directory.guardians)):
        count = sum(map(_has_unusual_town, table.values()))
        yield from _counted("unusual_town", category, count)


def _has_unusual_town(person: Pupil | Guardian) -> bool:
    if _TOWN.search(person.town):
        return True
    return bool(person.town) and not person.postal_code and is_told(person, "postal_code")


def mobiles_at_home(context: Context) -> Iterator[Problem]:
    """Numéro de mobile dans le téléphone du domicile: kept there (aaf 7, 4.3)."""
    guardians = context.directory.guardians.values()
    count = sum(is_mobile(guardian.home_phone) for guardian in guardians)
    yield from _counted("mobile_in_home_phone", Category.GUARDIANS, count)


def is_mobile(text: str) -> bool:
    """Tell whether a number is that of a French mobile: `06`, `07`, `+33 6`, `+33 7` (aaf 7).

    >>> is_mobile("+33 6 99 12 34 56"), is_mobile("06.99.12.34.56"), is_mobile("+33 4 99 12 34 56")
    (True, True, False)
    """
    return bool(_MOBILE.match(re.sub(r"[ .()\-/]", "", text)))


def no_functions(context: Context) -> Iterator[Problem]:
    """Fonction `-` ou vide: no function (aaf 7, 3.6.7)."""
    staff = context.directory.staff.values()
    count = sum(function.is_none for person in staff for function in person.functions)
    yield from _counted("no_function", Category.STAFF, count)
