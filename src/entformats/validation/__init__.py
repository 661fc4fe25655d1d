"""Check files before they are sent or imported: whatever is wrong is a finding, never an exception."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from entformats import aaf, edt
from entformats._files import Source
from entformats.codes import school_year
from entformats.errors import UnreadableInput
from entformats.limits import Limits
from entformats.problems import Findings, Location, Problem, Report, problem
from entformats.reading import Reading, read

__all__ = ["check"]


def check(*sources: Source, today: date, limits: Limits = Limits()) -> Report:  # noqa: B008 - frozen
    """Contrôler des fichiers: everything that reading them finds, then the checks of what was read, on the day `today`.

    It never raises on data: what cannot be read is a finding, with its place. `report.verdict` sums up. Problems:
    those of each reader, those of `aaf.check` for a delivery, and `not_this_school_year`. Rules that compare several
    sources are not part of it.

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
            found.merge(_checked(reading, today, limits))
    return found.report()


def _checked(reading: Reading, today: date, limits: Limits) -> Report:
    """Run the checks of what was read; the school year of a timetable is that of the day (rules 1.6)."""
    match reading:
        case aaf.Delivery():
            return aaf.check(reading, today=today, limits=limits)
        case edt.Export():
            return Report.of(_of_another_year(reading, today))
        case _:
            assert_never(reading)


def _of_another_year(export: edt.Export, today: date) -> Iterator[Problem]:
    """Compare the school year of a timetable with that of the day (rules 1.6)."""
    now, year = school_year.of(today), export.timetable.school_year
    if year is not None and year != now:
        yield problem("not_this_school_year", Location(kind="AnneeScolaire"), found=year, now=now)
