"""Signs of another school year, or of two: no file says its own (aaf 6.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from entformats.aaf.checks.context import Context
from entformats.aaf.scalars import parse_date
from entformats.aaf.table import Category
from entformats.codes import school_year
from entformats.codes.jointure import Jointure
from entformats.codes.school_year import SchoolYear
from entformats.errors import InvalidValue
from entformats.problems import Problem, problem

__all__ = ["class_entries", "expected_year", "one_year"]

EXPORTED = "dateGenerationExport"
YEAR = "GPEIAnneeScolaire"


def expected_year(context: Context) -> Iterator[Problem]:
    """La livraison est de l'année scolaire attendue: every date of its files is (aaf 6.4)."""
    if context.school_year is not None:
        for year in sorted(_years(context) - {context.school_year}):
            yield problem("not_this_school_year", found=year, now=context.school_year)


def one_year(context: Context) -> Iterator[Problem]:
    """Une livraison n'est que d'une année scolaire: by the dates of its files, and what it says of itself (aaf 6.4)."""
    years = sorted(_years(context))
    if len(years) > 1:
        yield problem("two_school_years", first=years[0], last=years[-1])


def _years(context: Context) -> set[SchoolYear]:
    """Give the school years of the names of the files, of their headers and of the metadata."""
    days = {*context.manifest.dates}
    days |= {day for part in context.manifest.parts if (day := _day(part.headers.get(EXPORTED, "")))}
    told = {text for text in context.manifest.infos.get(YEAR, ()) if school_year.is_valid(text)}
    return {school_year.of(day) for day in days} | {school_year.parse(text) for text in told}


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except InvalidValue:
        return None


def class_entries(context: Context) -> Iterator[Problem]:
    """Les élèves d'une structure sont entrés dans leurs classes la même année scolaire: one note a structure (aaf 6.4).

    Only the classes in which pupils still are count. Where some entered this year and others before, the classes of
    some pupils may be those of the past year.
    """
    years: dict[Jointure, dict[SchoolYear, int]] = defaultdict(dict)
    for pupil in context.directory.pupils.values():
        present = {(ref.school, ref.name) for ref in pupil.classes}
        for entry in pupil.class_entries:
            if (entry.school, entry.name) in present:
                known = years[context.schools.get(entry.school, entry.school)]
                year = school_year.of(entry.on)
                known[year] = known.get(year, 0) + 1
    for school, counts in sorted(years.items()):
        if len(counts) > 1:
            last = max(counts)
            before = sum(count for year, count in counts.items() if year != last)
            yield problem(
                "classes_of_two_years",
                context.at(Category.SCHOOLS, school),
                count=before,
                total=sum(counts.values()),
                last=last,
            )
