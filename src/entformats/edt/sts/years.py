"""The school year and its weeks: alternations as sets of Mondays, weeks numbered from the first (sts 2.1, 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from attrs import frozen

from entformats.codes.school_year import SchoolYear
from entformats.codes.weeks import LAST_WEEK, WeekSet
from entformats.edt.sts import values
from entformats.edt.sts.document import Item, StsFile
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.timetable import Alternation

__all__ = ["Year", "labels", "read_year"]

WEEK = timedelta(days=7)
EARLY = 10
"""Weeks before September in which lessons may begin, where no file gives the first day of the year."""


@frozen
class Year:
    """Année scolaire: its bounds, the first day of week 1, and the weeks of each alternation, by code."""

    start: date | None = None
    end: date | None = None
    first_monday: date | None = None
    alternations: FrozenMap[str, Alternation] = FrozenMap()  # noqa: RUF009 - frozen

    def weeks(self, code: str, weekday: int) -> WeekSet | None:
        """Give the weeks in which an alternation has this day inside the year; None for an unknown code."""
        known = self.alternations.get(code)
        if known is None:
            return None
        days = ((day, day + timedelta(days=weekday - 1)) for day in known.mondays)
        return WeekSet.of(self._number(monday) for monday, day in days if self._holds(day))

    def _number(self, monday: date) -> int:
        assert self.first_monday is not None, "an alternation has a week"
        return (monday - self.first_monday) // WEEK + 1

    def _holds(self, day: date) -> bool:
        return (self.start or day) <= day <= (self.end or day)


def read_year(sts_emp: StsFile | None, emp_sts: StsFile | None, year: SchoolYear | None) -> Year:
    """Read the bounds of the year and the alternations.

    Without `sts_emp` the year goes from 1 September to 31 August, or from the first week of an alternation where that
    is earlier [inferred].

    Problems: `sts_date_unreadable`, `sts_year_void`, `sts_week_not_monday`, `sts_week_outside_year`, `sts_id_missing`,
    `sts_id_duplicate`.
    """
    start, end = _bounds(sts_emp)
    written = () if emp_sts is None else tuple(_alternations(emp_sts))
    if start is None and year is not None:
        start, end = date(year, 9, 1), date(year + 1, 8, 31)
        days = (day for _, found in written for day, _ in found)
        early = [day for day in days if values.monday(start) - EARLY * WEEK <= day < start]
        start = min([*early, start])
    first = start or min((day for _, found in written for day, _ in found), default=None)
    if first is None:
        return Year()
    first_monday = first - timedelta(days=first.isoweekday() - 1)
    last = min(end or date.max, first_monday + LAST_WEEK * WEEK - timedelta(days=1))
    return Year(start, end, first_monday, FrozenMap(_placed(written, first_monday, last)))


def _bounds(sts_emp: StsFile | None) -> tuple[date | None, date | None]:
    """Read the first and last day in `sts_emp`, the only file that has them."""
    if sts_emp is None:
        return None, None
    item = next(sts_emp.every("ANNEE_SCOLAIRE"), None)
    if item is None:
        return None, None
    start, end = (_date(item, tag) for tag in ("DATE_DEBUT", "DATE_FIN"))
    if start is not None and end is not None and start > end:
        item.found("sts_year_void")
        return None, None
    return start, end


def _date(item: Item, tag: str) -> date | None:
    text = item.text(tag)
    try:
        return values.year_date(text) if text else None
    except InvalidValue:
        item.found("sts_date_unreadable", "", tag, value=text)
        return None


Days = list[tuple[date, Item]]


def _alternations(emp_sts: StsFile) -> Iterator[tuple[Item, Days]]:
    """Read the alternations, wherever they are, and the Mondays of their weeks."""
    seen: set[str] = set()
    for item in emp_sts.every("ALTERNANCE"):
        code = item.attribute("CODE")
        if not code or code in seen:
            item.found("sts_id_duplicate" if code else "sts_id_missing", code)
            continue
        seen.add(code)
        yield item, list(_mondays(item, code))


def _mondays(alternation: Item, code: str) -> Iterator[tuple[date, Item]]:
    for week in alternation.every("DATE_DEBUT_SEMAINE"):
        try:
            day = values.year_date(week.node.text)
        except InvalidValue:
            week.found("sts_date_unreadable", code, value=week.node.text)
            continue
        monday = values.monday(day)
        if monday != day:
            week.found("sts_week_not_monday", code, day=day.isoformat(), read_as=monday.isoformat())
        yield monday, week


def _placed(
    written: tuple[tuple[Item, Days], ...], first_monday: date, last: date
) -> Iterator[tuple[str, Alternation]]:
    """Keep the weeks of the year."""
    for item, found in written:
        code = item.attribute("CODE")
        for day, week in found:
            if not first_monday <= day <= last:
                week.found("sts_week_outside_year", code, day=day.isoformat())
        yield code, Alternation(code, frozenset(day for day, _ in found if first_monday <= day <= last))


def labels(emp_sts: StsFile) -> Mapping[str, tuple[str, ...]]:
    """Give the labels of the alternations, for `extra`."""
    tags = ("LIBELLE_COURT", "LIBELLE_LONG", "LIBELLE_EDITION")
    return {
        f"EDT_STS/ALTERNANCE/{item.attribute('CODE')}/{tag}": (item.text(tag),)
        for item in emp_sts.every("ALTERNANCE")
        for tag in tags
        if item.text(tag)
    }
