"""Checks of one timetable, beyond what its reader finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, TypeAlias

from entformats import edt
from entformats.codes import school_year
from entformats.problems import Location, Problem, problem

__all__ = ["EXPORT_CHECKS", "ExportCheck"]

ExportCheck: TypeAlias = Callable[[edt.Export, date], Iterator[Problem]]
"""Contrôle d'un emploi du temps: a pure function of the export and of the day."""


def this_school_year(export: edt.Export, today: date) -> Iterator[Problem]:
    """L'emploi du temps est de l'année scolaire du jour (rules 1.6)."""
    now, year = school_year.of(today), export.timetable.school_year
    if year is not None and year != now:
        yield problem("not_this_school_year", Location(kind="AnneeScolaire"), found=year, now=now)


EXPORT_CHECKS: Final[tuple[ExportCheck, ...]] = (this_school_year,)
"""Every check of one timetable; none depends on another."""
