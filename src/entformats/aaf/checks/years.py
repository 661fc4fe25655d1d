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
from entformats.problems import Location, Problem, problem

__all__ = ["class_entries", "expected_year", "one_year"]

EXPORTED = "dateGenerationExport"
YEAR = "GPEIAnneeScolaire"


def expected_year(context: Context) -> Iterator[Problem]:
    """La livraison est de l'année scolaire attendue: every date of its files is (aaf 6.4)."""
    for year, where in sorted(_years(context).items()):
        if context.school_year not in {None, year}:
            yield problem("not_this_school_year", where, found=year, now=context.school_year)


def one_year(context: Context) -> Iterator[Problem]:
    """Une livraison n'est que d'une année scolaire: by the dates of its files, and what it says of itself (aaf 6.4)."""
    years = _years(context)
    if len(years) > 1:
        yield problem("two_school_years", years[min(years)], first=min(years), last=max(years))


def _years(context: Context) -> dict[SchoolYear, Location]:
    """Give the school years of the metadata, of the names of the files and of their headers, each with a first file."""
    told = context.manifest.infos.get(YEAR, ())
    found = {school_year.parse(text): Location(attribute=YEAR) for text in told if school_year.is_valid(text)}
    for part in context.manifest.parts:
        days = (part.name.date if part.name else None, _day(part.headers.get(EXPORTED, "")))
        for year in (school_year.of(day) for day in days if day):
            found.setdefault(year, Location(part.path.rpartition("/")[2]))
    return found


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
