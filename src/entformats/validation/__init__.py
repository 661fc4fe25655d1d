"""Check files before they are sent or imported: whatever is wrong is a finding, never an exception."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from entformats import aaf, edt
from entformats._files import Source
from entformats.codes import school_year
from entformats.errors import UnreadableInput
from entformats.limits import Limits
from entformats.problems import Findings, Location, Problem, Report, problem
from entformats.reading import Reading, read

__all__ = ["check"]


def check(*sources: Source, today: date, limits: Limits = Limits()) -> Report:  # noqa: B008 - frozen
    """Contrôler des fichiers: everything that reading them finds, and whether they are of the school year of `today`.

    It never raises on data: what cannot be read is a finding, with its place. `report.verdict` sums up. Problems:
    those of each reader, and `not_this_school_year`. Rules that compare several sources are not part of it.

    >>> report = check(b"<ExportEmploiDuTemps", today=date(2022, 9, 1))
    >>> report.verdict, [found.slug for found in report.problems]
    (<Verdict.UNUSABLE: 'unusable'>, ['xml_truncated'])
    """
    found = Findings(stored_per_code=limits.stored_per_code)
    for source in sources:
        try:
            reading = read(source, limits=limits)
        except UnreadableInput as error:
            found.add(error.problem)
        else:
            found.merge(reading.report)
            for one in _of_another_year(reading, today):
                found.add(one)
    return found.report()


def _of_another_year(reading: Reading, today: date) -> Iterator[Problem]:
    """Compare the school year that a file is of with that of the day (rules 1.6, aaf 6.4)."""
    now = school_year.of(today)
    match reading:
        case edt.Export():
            year = reading.timetable.school_year
            if year is not None and year != now:
                yield problem("not_this_school_year", Location(kind="AnneeScolaire"), found=year, now=now)
        case aaf.Delivery():
            for day in reading.manifest.dates:
                if school_year.of(day) != now:
                    yield problem("not_this_school_year", found=school_year.of(day), now=now)
