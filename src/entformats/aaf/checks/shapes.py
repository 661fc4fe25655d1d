"""Checks of the shapes of values, all notes: nothing is refused for its shape (aaf 6.1, 7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs

from entformats.aaf.checks.context import Context, attribute_of
from entformats.aaf.models import Record
from entformats.aaf.scope import MAILS, PHONES
from entformats.aaf.table import TABLES, Category
from entformats.codes import uai
from entformats.problems import Problem, problem

__all__ = ["contacts", "is_mail", "is_phone", "is_postal_code", "uai_letters"]

_PHONE: Final = re.compile(r"(?:\+|00)?[0-9]{6,15}")
_SEPARATORS: Final = re.compile(r"[ .()\-/]")
_MAIL: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>.]+(?:\.[^\s@,;<>.]+)+")
_FRENCH: Final = re.compile("[0-9]{5}")
_FOREIGN: Final = re.compile("[A-Za-z0-9][A-Za-z0-9 -]{1,9}")


def uai_letters(context: Context) -> Iterator[Problem]:
    """La lettre d'un UAI est sa clé (aaf 6.1, rule 15): it fails for the codes of replacement zones."""
    for key, school in context.directory.schools.items():
        for name, code in (("uai", school.uai), ("establishment_uai", school.establishment_uai)):
            if code is not None and not uai.is_checked(code):
                at = context.at(Category.SCHOOLS, key, attribute_of(school, name))
                yield problem("school_uai_letter", at, uai=code)


def contacts(context: Context) -> Iterator[Problem]:
    """Téléphones, adresses électroniques et codes postaux ont leur forme (aaf 6.1, rule 16)."""
    for category, table in context.directory.tables.items():
        for name in sorted(SHAPES.keys() & {one.name for one in attrs.fields(TABLES[category].record)}):
            slug, is_good = SHAPES[name]
            for key, record in table.items():
                for text in _texts(record, name):
                    if not is_good(text, record):
                        yield problem(slug, context.at(category, key, attribute_of(record, name)), text=text)


def _texts(record: Record, name: str) -> tuple[str, ...]:
    value = getattr(record, name)
    return value if isinstance(value, tuple) else (value,) if value else ()


def is_phone(text: str) -> bool:
    """Tell whether a text looks like a telephone number: 6 to 15 digits, not all the same (aaf 4.1).

    >>> is_phone("+33 4 99 12 34 56"), is_phone("0000000000"), is_phone("le soir")
    (True, False, False)
    """
    digits = _SEPARATORS.sub("", text)
    return bool(_PHONE.fullmatch(digits)) and len(set(digits.removeprefix("+"))) > 1


def is_mail(text: str) -> bool:
    """Tell whether a text looks like a mail address.

    >>> is_mail("prenom.nom@ac-exemple.fr"), is_mail("prenom.nom@ac-exemple")
    (True, False)
    """
    return bool(_MAIL.fullmatch(text))


def is_postal_code(text: str, country: str = "") -> bool:
    """Tell whether a text looks like a postcode: five digits in France, 2 to 10 characters elsewhere (aaf 3.3).

    >>> is_postal_code("13990"), is_postal_code("B-1000"), is_postal_code("B-1000", "BELGIQUE")
    (True, False, True)
    """
    return bool((_FRENCH if country in {"", "FRANCE"} else _FOREIGN).fullmatch(text))


SHAPES: Final[Mapping[str, tuple[str, Callable[[str, Record], bool]]]] = {
    **dict.fromkeys(PHONES, ("phone_shape", lambda text, _: is_phone(text))),
    **dict.fromkeys(MAILS, ("mail_shape", lambda text, _: is_mail(text))),
    "postal_code": ("postal_code_shape", lambda text, record: is_postal_code(text, getattr(record, "country", ""))),
}
"""Field -> the finding, and what tells whether a text has the shape."""
