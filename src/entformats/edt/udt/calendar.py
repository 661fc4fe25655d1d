"""Year, closures, published weeks and half-sequences: what gives lessons their dates and times (udt 3, 4.1)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from functools import cached_property

from attrs import field, frozen

from entformats.codes import weeks
from entformats.codes.weeks import WeekSet
from entformats.edt.index import values
from entformats.edt.index.calendar import minutes_later
from entformats.edt.udt.document import Document
from entformats.edt.udt.record import Reading, Record
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.problems import Location
from entformats.timetable import Closure
from entformats.timetable.models import WEEKDAYS

__all__ = ["Calendar", "HalfSequence", "SlotKey", "Year", "iso_mask", "read_calendar"]

NO_CLOSURE = "fermeture"
"""Key of `Timetable.extra` that says that nothing is closed: closures are not to be deduced from the lessons."""
EVERY_WEEK = WeekSet.of(range(1, 54))
"""Weeks of a lesson where there is no calendar."""
LONGEST_MINUTES = 240
"""A longer séquence is given in seconds (udt 3.2, inferred)."""
MASK_DIGITS = 40
TURNS = 2
"""Times that a holiday week takes the membership of its neighbours (rules 2.3)."""
YEARS = range(1900, 3000)

SlotKey = tuple[int, int, str]
"""Créneau: weekday, number of the half-sequence from 1, site."""


@frozen
class HalfSequence:
    """Demi-séquence: its wall times, None where the archive gives none."""

    start: time | None
    end: time | None


@frozen
class Year:
    """Année scolaire: its bounds, the Monday of week 1 and the closed periods; None where the archive does not say.

    >>> closed = Closure(date(2022, 9, 6), date(2022, 9, 6))
    >>> year = Year(date(2022, 9, 1), date(2022, 9, 30), date(2022, 8, 29), (closed,))
    >>> str(year.open_weeks(2)), str(year.open_weeks(4))
    ('3..5', '1..5')
    """

    start: date | None = None
    end: date | None = None
    first_monday: date | None = None
    closures: tuple[Closure, ...] = ()

    @cached_property
    def _closed(self) -> tuple[tuple[date, ...], tuple[date, ...]]:
        """Closed periods without overlap: their first days, their last days."""
        merged: list[list[date]] = []
        for one in sorted(self.closures, key=lambda closure: (closure.first, closure.last)):
            if merged and one.first.toordinal() <= merged[-1][1].toordinal() + 1:
                merged[-1][1] = max(merged[-1][1], one.last)
            else:
                merged.append([one.first, one.last])
        return tuple(first for first, _ in merged), tuple(last for _, last in merged)

    def is_closed(self, day: date) -> bool:
        """Tell whether a day is in a closed period."""
        firsts, lasts = self._closed
        at = bisect_right(firsts, day) - 1
        return at >= 0 and day <= lasts[at]

    def open_weeks(self, weekday: int) -> WeekSet:
        """Semaines ouvertes: those whose day of this number is in the year and not closed; all, without a calendar."""
        if self.first_monday is None:
            return EVERY_WEEK
        if weekday not in WEEKDAYS:
            return WeekSet.of(range(1, weeks.weeks_of_year(self.first_monday) + 1))
        start, end = self.start or date.min, self.end or date.max
        return WeekSet.of(week for week, day in self._days(weekday) if start <= day <= end and not self.is_closed(day))

    def _days(self, weekday: int) -> Iterator[tuple[int, date]]:
        first = self.first_monday
        assert first is not None
        for week in range(1, weeks.weeks_of_year(first) + 1):
            yield week, first + timedelta(days=7 * (week - 1) + weekday - 1)

    @cached_property
    def holidays(self) -> WeekSet:
        """Semaines de vacances: those closed from Monday to Sunday (udt 4.6)."""
        if self.first_monday is None:
            return WeekSet()
        by_week = zip(*(self._days(weekday) for weekday in WEEKDAYS), strict=True)
        return WeekSet.of(days[0][0] for days in by_week if all(self.is_closed(day) for _, day in days))

    def through_holidays(self, of: WeekSet) -> WeekSet:
        """Let a holiday week inherit the membership of a neighbour, twice over, so that nobody leaves in between.

        >>> year = Year(first_monday=date(2022, 8, 29), closures=(Closure(date(2022, 10, 22), date(2022, 11, 6)),))
        >>> str(year.through_holidays(WeekSet.of([1, 8]))), str(year.through_holidays(WeekSet.of([1])))
        ('1,8..10', '1')
        """
        mask = of.mask
        for _ in range(TURNS):
            mask |= (mask << 1 | mask >> 1) & self.holidays.mask
        return WeekSet(mask)

    def of_iso_mask(self, mask: int) -> tuple[WeekSet, list[int]]:
        """Give the weeks of a mask whose bit *i* is ISO week *i* + 1, and the ISO weeks that the year does not have."""
        found: list[int] = []
        wrong: list[int] = []
        for number in (bit + 1 for bit in range(mask.bit_length()) if mask >> bit & 1):
            week = self.of_iso(number)
            if week is None:
                wrong.append(number)
            else:
                found.append(week)
        return WeekSet.of(found), wrong

    def of_iso(self, number: int) -> int | None:
        """Give the week of an ISO number; None where the year does not have it, or is not known."""
        if self.first_monday is None:
            return None
        try:
            return weeks.of_iso(number, self.first_monday)
        except InvalidValue:
            return None


def iso_mask(of: WeekSet, first_monday: date) -> int:
    """Write weeks as a mask of ISO weeks: bit *i* is ISO week *i* + 1 (udt 4.6).

    >>> iso_mask(WeekSet.of([1, 19]), date(2022, 8, 29)) == 1 << 34 | 1
    True
    """
    return sum(1 << number - 1 for number in {weeks.iso_number(week, first_monday) for week in of})


@frozen
class Calendar:
    """Calendrier de l'archive: the year, the half-sequences, and which weeks are published."""

    year: Year = Year()
    slots: FrozenMap[SlotKey, HalfSequence] = field(factory=FrozenMap)
    slot_minutes: int | None = None
    published: frozenset[int] | None = None
    """ISO weeks; None where the archive does not say: every actual week then counts."""
    raw: FrozenMap[str, tuple[str, ...]] = field(factory=FrozenMap)
    """What the headers say and the model does not."""

    def end_of(self, slot: SlotKey) -> tuple[time | None, bool]:
        """Give the end of a half-sequence, and whether it had to be computed (udt 3.2)."""
        known = self.slots[slot]
        if known.end is not None or known.start is None or self.slot_minutes is None:
            return known.end, False
        return minutes_later(known.start, self.slot_minutes), True


def read_calendar(document: Document, reading: Reading) -> Calendar:
    """Read the members 24, 00, `semaines` and 07.

    Problems: `date_unreadable`, `number_unreadable`, `time_unreadable`, `udt_calendar_missing`,
    `udt_first_week_missing`, `udt_closure_void`, `udt_iso_week_invalid`, `udt_key_missing`, `udt_key_duplicate`.
    """
    raw: dict[str, tuple[str, ...]] = {}
    init = next((Record(reading, row) for row in document.of("00")), None)
    first_week = init.number("premiere_semaine_ISO") if init else None
    length = init.number("duree_seq") if init else None
    if init is not None:
        raw |= {f"init/{name}": texts for name, texts in init.rest().items()}
    year = _year(document, first_week, reading, raw)
    minutes = _half(length)
    if length is not None and minutes is not None and minutes * 2 != length:
        raw["init/duree_seq"] = (str(length),)
    return Calendar(
        year, FrozenMap(_slots(document, reading)), minutes, _published(document, year, reading), FrozenMap(raw)
    )


def _half(length: int | None) -> int | None:
    """Give the minutes of a half-sequence: the length is in minutes, or in seconds where it is too long for that."""
    if length is None:
        return None
    return (length if length <= LONGEST_MINUTES else length // 60) // 2


def _year(document: Document, first_week: int | None, reading: Reading, raw: dict[str, tuple[str, ...]]) -> Year:
    start, end = (_day(document, name, reading, raw) for name in ("debut_eleve", "fin_eleve"))
    autumn = _autumn(document, reading)
    closures = tuple(_closures(document, reading))
    if not closures:
        raw[NO_CLOSURE] = ()
    first_monday = _first_monday(start, autumn, first_week)
    if first_monday is None:
        reading.found("udt_calendar_missing", Location("UDCal_24.xml"))
    elif first_week is None or first_monday.isocalendar().week != first_week:
        reading.found("udt_first_week_missing", Location("UDCal_00.xml"), week=first_monday.isocalendar().week)
    return Year(start, end, first_monday, closures)


def _day(document: Document, tag: str, reading: Reading, raw: dict[str, tuple[str, ...]]) -> date | None:
    for row in document.of("24", tag):
        text = row.node.text
        try:
            day = values.first_day(text)
        except InvalidValue:
            raw[tag] = (text,)
            reading.found("date_unreadable", row.where, attribute=tag, value=text)
        else:
            return day
    return None


def _autumn(document: Document, reading: Reading) -> int | None:
    """Read `annee`, of which only the first one counts."""
    for row in document.of("24", "annee")[:1]:
        text = row.node.text
        if text.isdecimal() and text.isascii() and int(text[:5]) in YEARS:
            return int(text)
        reading.found("number_unreadable", row.where, attribute="annee", value=text)
    return None


def _first_monday(start: date | None, autumn: int | None, first_week: int | None) -> date | None:
    """Give the Monday of the first ISO week in the year of `debut_eleve`; that of `debut_eleve` without such a week."""
    year = start.year if start else autumn
    if year is not None and first_week is not None:
        try:
            return date.fromisocalendar(year, first_week, 1)
        except ValueError:
            pass
    return None if start is None else start - timedelta(days=start.weekday())


def _closures(document: Document, reading: Reading) -> Iterator[Closure]:
    for row in document.of("24", "fermeture"):
        record = Record(reading, row)
        first, last = record.date("debut"), record.date("fin")
        label = record.text("libelle")
        if first is None or last is None or first > last:
            record.found("udt_closure_void")
        else:
            yield Closure(first, last, label)
        record.skip_rest()


def _published(document: Document, year: Year, reading: Reading) -> frozenset[int] | None:
    """Read the weeks that are published: the first one of the timetable always is (udt 3.3)."""
    rows = document.of("semaines")
    if not rows:
        return None
    found: set[int] = set()
    for row in rows:
        record = Record(reading, row)
        number = record.number("num")
        if number is None or (year.first_monday is not None and year.of_iso(number) is None):
            record.found("udt_iso_week_invalid", "num", weeks=row.node.attributes.get("num", ""))
        else:
            found.add(number)
        record.skip_rest()
    if year.first_monday is not None:
        found.add(year.first_monday.isocalendar().week)
    return frozenset(found)


def _slots(document: Document, reading: Reading) -> Iterable[tuple[SlotKey, HalfSequence]]:
    found: dict[SlotKey, HalfSequence] = {}
    for row in document.of("07"):
        record = Record(reading, row)
        day, number = record.number("code_jour"), record.number("code")
        site = record.text("code_site")
        start = record.value("hre_deb", values.clock, "time_unreadable")
        end = record.value("hre_fin", values.clock, "time_unreadable")
        record.skip_rest()
        if day is None or number is None:
            record.found("udt_key_missing", attribute="code_jour, code")
        elif (day, number, site) in found:
            record.found("udt_key_duplicate", "code")
        else:
            found[day, number, site] = HalfSequence(start, end)
    return found.items()
