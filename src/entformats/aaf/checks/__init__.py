"""Checks of a delivery, once it is read: small rules, each a pure function, in one table (aaf 6.1, 6.3, 6.4, 7).

What can be seen while reading is found by the reader: identifiers, categories, repetitions, references (aaf 6.1,
numbers 1 to 9 and 14). The checks find the rest, and nothing twice.
"""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import Final

from entformats.aaf.checks.classes import declared_twice, head_teachers, mefs_outside_classes, shared_names
from entformats.aaf.checks.context import Check, Context, context_of
from entformats.aaf.checks.families import (
    financial_guardians,
    link_codings,
    minors,
    shared_ine,
    shared_siecle_numbers,
)
from entformats.aaf.checks.notes import empty_titles, mobiles_at_home, no_functions, unusual_names, unusual_towns
from entformats.aaf.checks.perimeter import expected_school, nothing_delivered, volumes
from entformats.aaf.checks.shapes import contacts, uai_letters
from entformats.aaf.checks.years import class_entries, expected_year, one_year
from entformats.aaf.delivery import Delivery
from entformats.aaf.directory import Directory
from entformats.aaf.scope import ALL
from entformats.codes import uai
from entformats.codes.school_year import SchoolYear
from entformats.errors import InvalidValue, UsageError
from entformats.limits import Limits
from entformats.problems import Report

__all__ = ["CHECKS", "Check", "Context", "check"]

CHECKS: Final[tuple[Check, ...]] = (
    expected_school,
    nothing_delivered,
    volumes,
    expected_year,
    one_year,
    class_entries,
    minors,
    financial_guardians,
    link_codings,
    shared_ine,
    shared_siecle_numbers,
    shared_names,
    declared_twice,
    mefs_outside_classes,
    head_teachers,
    uai_letters,
    contacts,
    unusual_names,
    empty_titles,
    unusual_towns,
    mobiles_at_home,
    no_functions,
)
"""Every check, in the order in which their findings are given; none depends on another."""


def check(
    checked: Delivery | Directory,
    *,
    today: date | None = None,
    school_year: SchoolYear | None = None,
    previous: Directory | None = None,
    expected_school: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Report:
    """Contrôler une livraison lue, ou un annuaire: what holds in a delivery (aaf 6.1), and signs of a wrong file.

    The findings are those that reading did not give: `delivery.report` holds the others. Of a delta, the records that
    it adds are checked. A delivery read with a scope lacks what the scope leaves out: check it whole.

    `today` says which school year is expected, unless `school_year` does; it is the day on which ages are judged when
    no file is dated. `previous` is what was known before: losses that look like a missing file are errors. With
    `expected_school`, a UAI, a delivery without this school is an error. What is not given is not checked.

    Raises `UsageError` when `expected_school` is no UAI, and when `previous` is given with a delivery that was read
    with a scope: what was left out would look lost.

    >>> from entformats.aaf.models import Pupil
    >>> from entformats.codes.jointure import Jointure
    >>> directory = Directory.of([Pupil(Jointure("310"), birth_date=date(2012, 2, 29), title="Mme")])
    >>> [found.slug for found in check(directory, today=date(2026, 9, 1)).problems]
    ['minor_without_legal_guardian']
    """
    if previous is not None and isinstance(checked, Delivery) and checked.manifest.scope != ALL:
        raise UsageError("a delivery read with a scope cannot be compared with the previous one: read it whole")
    context = context_of(
        checked,
        today=today,
        year=school_year,
        previous=previous,
        expected_school=_uai(expected_school),
    )
    found = chain.from_iterable(one(context) for one in CHECKS)
    return Report.of(found, stored_per_code=limits.stored_per_code)


def _uai(text: str | None) -> uai.Uai | None:
    try:
        return None if text is None else uai.parse(text)
    except InvalidValue as error:
        message = f"expected_school must be a UAI, not {text!r}"
        raise UsageError(message) from error
