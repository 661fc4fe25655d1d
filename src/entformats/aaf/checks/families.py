"""Checks of pupils and of those responsible for them (aaf 3.6.3, 3.7, 6.1, 6.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from entformats.aaf.checks.context import Context, attribute_of, is_told
from entformats.aaf.codelists import Responsibility
from entformats.aaf.models import Pupil
from entformats.aaf.relations import ParentalAuthority
from entformats.aaf.table import Category
from entformats.codes.jointure import Jointure
from entformats.problems import Location, Problem, problem

__all__ = ["financial_guardians", "link_codings", "minors", "shared_ine", "shared_siecle_numbers"]

RELATIONS: Final = "ENTElevePersRelEleve"
LEGAL_FIELDS: Final = ("relations", "parental_authority")
LEGAL: Final = frozenset({Responsibility.LEGAL, Responsibility.SECOND_LEGAL})
MAJORITY: Final = 18


def minors(context: Context) -> Iterator[Problem]:
    """Un mineur a un responsable légal: one at least; adults may have none (aaf 6.1, rule 10).

    Judged on the day of the export, else today. A pupil without birth date, or whose relations were not delivered, is
    not judged.

    >>> from entformats.aaf.checks.context import context_of
    >>> from entformats.aaf.directory import Directory
    >>> pupils = [Pupil(Jointure(str(year)), birth_date=date(year, 3, 14)) for year in (2008, 2009)]
    >>> found = minors(context_of(Directory.of(pupils), today=date(2026, 9, 1)))
    >>> [one.where.key for one in found]
    ['2009']
    """
    if context.on is None:
        return
    for key, pupil in context.directory.pupils.items():
        if _is_minor(pupil.birth_date, context.on) and not _has_legal(pupil) and is_told(pupil, *LEGAL_FIELDS):
            at = context.at(Category.PUPILS, key, attribute_of(pupil, "relations"))
            yield problem("minor_without_legal_guardian", at)


def _is_minor(birth: date | None, day: date) -> bool:
    return birth is not None and (birth.year + MAJORITY, birth.month, birth.day) > (day.year, day.month, day.day)


def _has_legal(pupil: Pupil) -> bool:
    return bool(pupil.parental_authority) or any(one.responsibility in LEGAL for one in pupil.relations)


def financial_guardians(context: Context) -> Iterator[Problem]:
    """Un seul responsable financier par élève: exactly one in the old coding of links (aaf 6.1, rule 11).

    A directory that holds a link of the new coding is not judged, nor is the 1er degré, which does not say who pays.
    """
    links = _links(context)
    if not links or any(len(link) > 1 for link in links):
        return
    for key, pupil in context.directory.pupils.items():
        count = sum(relation.financial for relation in pupil.relations)
        if count != 1 and (not pupil.shape or RELATIONS in pupil.shape):
            yield problem("financial_guardian_count", context.at(Category.PUPILS, key, RELATIONS), count=count)


def link_codings(context: Context) -> Iterator[Problem]:
    """Une seule génération de liens: both in one delivery come from two extractions (aaf 3.7.1, 3.7.2)."""
    lengths: Counter[bool] = Counter()
    for link, count in _links(context).items():
        lengths[len(link) > 1] += count
    if lengths[True] and lengths[False]:
        where = Location(kind=Category.PUPILS.value, attribute=RELATIONS)
        yield problem("mixed_link_codings", where, old=lengths[False], new=lengths[True])


def _links(context: Context) -> Counter[str]:
    """Count the codes of links of the 2nd degré."""
    relations = (relation for pupil in context.directory.pupils.values() for relation in pupil.relations)
    return Counter(relation.link for relation in relations if not isinstance(relation, ParentalAuthority))


def shared_ine(context: Context) -> Iterator[Problem]:
    """Un INE n'a qu'un élève (aaf 6.2)."""
    first: dict[str, Jointure] = {}
    for key, pupil in sorted(context.directory.pupils.items()):
        if pupil.ine and first.setdefault(pupil.ine, key) != key:
            yield problem("shared_ine", context.at(Category.PUPILS, key, "ENTEleveINE"), other=first[pupil.ine])


def shared_siecle_numbers(context: Context) -> Iterator[Problem]:
    """Un numéro SIECLE n'a qu'un élève dans sa structure (aaf 3.2, 6.2)."""
    first: dict[tuple[str, str], Jointure] = {}
    for key, pupil in sorted(context.directory.pupils.items()):
        if pupil.siecle_number and pupil.school:
            school = context.schools.get(pupil.school, pupil.school)
            other = first.setdefault((school, pupil.siecle_number), key)
            if other != key:
                at = context.at(Category.PUPILS, key, "ENTEleveStructRattachId")
                yield problem("shared_siecle_number", at, other=other)
