"""Checks of what a delivery covers: the right school, no category forgotten, no sudden loss (aaf 6.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from entformats.aaf.applied import apply
from entformats.aaf.checks.context import Context
from entformats.aaf.diff import compare
from entformats.aaf.losses import review
from entformats.aaf.table import Category
from entformats.problems import Location, Problem, problem

__all__ = ["expected_school", "nothing_delivered", "volumes"]

EXPECTED: Final = (Category.SCHOOLS, Category.PUPILS, Category.GUARDIANS, Category.STAFF)
"""Categories without which an ENT cannot be fed."""
SEVERAL: Final = 2


def expected_school(context: Context) -> Iterator[Problem]:
    """L'établissement attendu est dans la livraison: by the UAI of structures and names of files (aaf 6.5).

    A delta does not describe every school, and is judged by the names of its files alone. Where no UAI is found at all,
    nothing is known.
    """
    expected = context.expected_school
    found = {part.name.uai for part in context.manifest.parts if part.name and part.name.uai}
    if context.complete or context.delivery is None:
        schools = context.directory.schools.values()
        found |= {code for one in schools for code in (one.uai, one.establishment_uai) if code}
    if expected and found and expected not in found:
        yield problem("expected_school_absent", expected=expected, found=min(found), count=len(found))


def nothing_delivered(context: Context) -> Iterator[Problem]:
    """Une livraison complète a des structures, des élèves, des responsables et des personnels (aaf 4.4, 6.3).

    Two of them make a delivery of people: a lone file and the nomenclatures are not judged. Nor is a category whose
    files could not be read (that is an error already), or that the caller left out.
    """
    delivered = context.manifest.categories.intersection(EXPECTED)
    if context.complete and len(delivered) >= SEVERAL:
        for category in EXPECTED:
            unknown = category in context.manifest.incomplete or category not in context.manifest.scope
            if not context.directory.tables[category] and not unknown:
                yield problem("nothing_delivered", Location(kind=category.value), category=category.value)


def volumes(context: Context) -> Iterator[Problem]:
    """Les effectifs ne s'effondrent pas: what vanishes since `previous` is believable (aaf 6.3, rules 4.4).

    Findings: `suspicious_loss`, `vanished_structure` and `emptied_category`.
    """
    before = context.previous
    if before is not None:
        delta = context.delivery if context.delivery and not context.complete else None
        changes = apply(before, delta).changes if delta else compare(before, context.directory)
        yield from review(before, changes).blockers
