"""School year and grid: what turns week numbers into dates and places into times (edt 2.4, 2.5, 3.1, 3.3)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from attrs import field, frozen

from entformats.codes.weeks import LAST_WEEK
from entformats.edt.index import values
from entformats.edt.index.record import Record
from entformats.errors import InvalidValue
from entformats.timetable import Grid, Slot
from entformats.timetable.models import WEEKDAYS

__all__ = ["Calendar", "SchoolDates", "minutes_later", "read_grid", "read_school_dates"]

MONDAY = 1
ALL_WEEKS = (1 << (LAST_WEEK + 1)) - 2
OTHER_COUNTS = ("NombreJoursParCycle", "NombreSequencesParJour", "NombrePlacesParSequence")


@frozen
class SchoolDates:
    """Dates de l'année: first and last day, first day of week 1; None where the file does not say."""

    start: date | None = None
    end: date | None = None
    first_monday: date | None = None

    def legal_weeks(self, weekday: int) -> int:
        """Give, as a mask, the weeks whose day of that number is inside the school year; all of them where unknown.

        >>> dates = SchoolDates(date(2022, 9, 1), date(2022, 9, 13), date(2022, 8, 29))
        >>> dates.legal_weeks(1), dates.legal_weeks(4)
        (12, 6)
        """
        return _legal_weeks(self, weekday)


@lru_cache(256)
def _legal_weeks(dates: SchoolDates, weekday: int) -> int:
    if dates.first_monday is None or weekday not in WEEKDAYS:
        return ALL_WEEKS
    first = dates.first_monday.toordinal() + weekday - 8
    low = (dates.start or date.min).toordinal()
    high = (dates.end or date.max).toordinal()
    return sum(1 << week for week in range(1, LAST_WEEK + 1) if low <= first + 7 * week <= high)


@frozen
class Calendar:
    """Calendrier de l'export: dates, grid, and the places by number."""

    dates: SchoolDates = SchoolDates()
    grid: Grid = Grid()  # noqa: RUF009 - frozen
    _slots: dict[int, Slot] = field(init=False, eq=False, repr=False)

    @_slots.default
    def _by_number(self) -> dict[int, Slot]:
        return {slot.number: slot for slot in self.grid.slots}

    def slot(self, number: int | None) -> Slot | None:
        """Give a place of the grid; None where there is none of that number."""
        return None if number is None else self._slots.get(number)


def minutes_later(start: time, minutes: int) -> time | None:
    """Add minutes to a wall time; None past midnight.

    >>> minutes_later(time(9, 50), 55), minutes_later(time(23, 0), 60)
    (datetime.time(10, 45), None)
    """
    begin = datetime.combine(date.min, start)
    end = begin + timedelta(minutes=minutes)
    return end.time() if end.date() == begin.date() else None


def read_school_dates(record: Record) -> SchoolDates:
    """Read `AnneeScolaire`.

    Problems: `date_unreadable`, `week1_not_monday` (EDT lets a school change the first weekday; dates still hold).
    """
    first = record.value("DatePremierJourSemaine1", values.first_day, "date_unreadable")
    if first is not None and first.isoweekday() != MONDAY:
        record.found("week1_not_monday", "DatePremierJourSemaine1", day=first.isoformat())
    return SchoolDates(record.date("DateDebut"), record.date("DateFin"), first)


def read_grid(record: Record) -> Grid:
    """Read `GrilleHoraire`.

    `NombrePlacesParJour` may be given as sequences a day × places a sequence, as the vendor's import schema does.
    Problems: `number_unreadable`, `time_unreadable`, `slot_duplicate`, `grid_missing`, `grid_incomplete`.
    """
    minutes = record.number("DureePlace")
    days = tuple(_days(record))
    slots = tuple(_slots(record, minutes))
    count = _slots_per_day(record)
    if not slots:
        record.found("grid_missing")
    elif count is not None and len(slots) < count:
        record.found("grid_incomplete", slots=len(slots), expected=count)
    return Grid(days, slots, minutes, count)


def _slots_per_day(record: Record) -> int | None:
    count = record.number("NombrePlacesParJour")
    others = [record.peek(name) or "" for name in OTHER_COUNTS]
    for name in OTHER_COUNTS:
        record.retained(name)
    if count is not None:
        return count
    try:
        return values.number(others[1]) * values.number(others[2])
    except InvalidValue:
        return None


def _days(grid: Record) -> list[int]:
    days: list[int] = []
    for holder in grid.each("JoursOuvres"):
        for record in holder.each("Jour"):
            try:
                days.append(values.number(record.node.text))
            except InvalidValue:
                record.found("number_unreadable", attribute="Jour", value=record.node.text)
        grid.keep(holder, "JoursOuvres")
    return days


def _slots(grid: Record, minutes: int | None) -> list[Slot]:
    slots: dict[int, Slot] = {}
    for holder in grid.each("PlacesParJour"):
        for record in holder.each("Place"):
            slot = _slot(record, minutes)
            if slot is not None and slot.number in slots:
                record.found("slot_duplicate", "Numero", number=slot.number)
            elif slot is not None:
                slots[slot.number] = slot
                grid.keep(record)
        grid.keep(holder, "PlacesParJour")
    return list(slots.values())


def _slot(record: Record, minutes: int | None) -> Slot | None:
    number = record.required_number("Numero")
    if number is None:
        return None
    start = record.value("LibelleHeureDebut", values.clock, "time_unreadable")
    end = record.value("LibelleHeureFin", values.clock, "time_unreadable")
    empty = not (record.peek("LibelleHeureFin") or "").strip()
    if end is None and empty and start is not None and minutes is not None:
        end = minutes_later(start, minutes)
    return Slot(number, start, end)
