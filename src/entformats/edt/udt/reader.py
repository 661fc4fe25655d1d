"""Reading the export of UDT: collect all members, then resolve them in the order of their references (udt 2.2)."""

from __future__ import annotations

from collections import defaultdict

from attrs import evolve

from entformats.codes import uai as uais
from entformats.edt.export import Export
from entformats.edt.sources import Files
from entformats.edt.udt import checks
from entformats.edt.udt.calendar import Calendar, HalfSequence, SlotKey, read_calendar
from entformats.edt.udt.document import Document, read_document
from entformats.edt.udt.lessons import DEFAULT_SITE, Held, LineReader, by_content, held_lessons
from entformats.edt.udt.naming import Member, made_at, uai_in
from entformats.edt.udt.people import read_people
from entformats.edt.udt.record import Reading
from entformats.edt.udt.search import read_search
from entformats.edt.udt.structures import Structures, read_structures
from entformats.edt.udt.weekly import weekly_lessons
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.limits import Limits
from entformats.problems import Findings, Location
from entformats.timetable import ClassPart, Grid, SchoolClass, Slot, Timetable
from entformats.timetable.models import WEEKDAYS, Extra

__all__ = ["HALF_SEQUENCES", "read_udt"]

HALF_SEQUENCES = "demi_seq"
"""Key of `Timetable.extra` under which half-sequences are kept that a grid of one week cannot say."""


def read_udt(files: Files, *, uai: str | None, limits: Limits) -> Export:
    """Read the archive of an ENT, or the search export as a table.

    Problems: those of section 8 of the format page. Raises `UnreadableInput` and its subclasses where no member can be
    read.
    """
    findings = Findings(stored_per_code=limits.stored_per_code)
    reading = Reading(findings, limits)
    school = _school(files, uai, reading)
    if files.kind.dialect == "search":
        timetable = read_search(files.one(), school, reading, limits)
    else:
        timetable = _read_archive(read_document(files.parts, reading, limits), school, reading)
    reading.tell()
    return Export("udt", timetable, findings.report(), produced_at=made_at(files.name))


def _school(files: Files, wanted: str | None, reading: Reading) -> str:
    """Tell the UAI: that of the caller, else that of the name, since the archive does not say it (udt 2.1).

    Problems: `udt_uai_unknown`, `udt_name_differs`, `timetable_uai_invalid` (error), `timetable_uai_letter`.
    """
    names = (files.name, *(part.path for part in files.parts))
    named = next(filter(None, map(uai_in, names)), "")
    chosen = named if wanted is None else uais.compact(wanted)
    where = Location(files.name)
    if not chosen:
        reading.found("udt_uai_unknown", where)
    elif not uais.is_valid(chosen):
        reading.found("timetable_uai_invalid", where, uai=chosen)
    elif not uais.is_checked(uais.parse(chosen)):
        reading.found("timetable_uai_letter", where, uai=chosen, expected=uais.check_letter(chosen))
    if named and chosen and named != chosen:
        reading.found("udt_name_differs", where, uai=chosen, named=named)
    return chosen


def _read_archive(document: Document, school: str, reading: Reading) -> Timetable:
    calendar = read_calendar(document, reading)
    structures = read_structures(document, reading)
    people = read_people(document, school, calendar.year, structures, reading)
    lines = LineReader(calendar, structures, people, document.of("11"), reading)
    theory, actual = _weeks(document, calendar, lines, reading)
    opened = {weekday: calendar.year.open_weeks(weekday) for weekday in {*WEEKDAYS, *_weekdays(theory, actual)}}
    timetable = Timetable(
        school,
        calendar.year.start,
        calendar.year.end,
        calendar.year.first_monday,
        _grid(calendar),
        subjects=structures.subjects,
        teachers=people.teachers,
        staff=people.staff,
        classes=FrozenMap(_classes(structures, lines.parts)),
        class_parts=FrozenMap(lines.parts),
        option_groups=structures.groups,
        rooms=structures.rooms,
        pupils=people.pupils,
        weekly_lessons=weekly_lessons(theory, actual, opened),
        declared_closures=calendar.year.closures,
        extra=_extra(calendar),
        silent_on=document.silent_on,
    )
    checks.check(timetable, reading)
    return timetable


def _weekdays(theory: tuple[Held, ...], actual: dict[int, tuple[Held, ...]]) -> set[int]:
    return {one.weekday for held in (theory, *actual.values()) for one in held}


def _weeks(
    document: Document, calendar: Calendar, reader: LineReader, reading: Reading
) -> tuple[tuple[Held, ...], dict[int, tuple[Held, ...]]]:
    """Rebuild the theoretical week, and the actual weeks that are published, by week from 1.

    Problems: `udt_iso_week_invalid`, `udt_week_unpublished`.
    """
    lines = reader.lines(document.of("12"))
    helpers = reader.helpers(document.of("23"), lines)
    theory = held_lessons(reader, lines, helpers)
    usual = by_content(lines, helpers)
    actual: dict[int, tuple[Held, ...]] = {}
    for number in document.weeks():
        member = Member("12", number)
        week = calendar.year.of_iso(number)
        where = Location(f"UDCal_12_{number:02d}.xml")
        if week is None:
            reading.found("udt_iso_week_invalid", where, weeks=str(number))
        elif calendar.published is not None and number not in calendar.published:
            reading.found("udt_week_unpublished", where, week=number)
        else:
            found = reader.lines(document.rows[member])
            own = document.rows.get(Member("23", number))
            if own is None:
                theirs = {line.code: usual.get(line.content, ()) for line in found}
            else:
                theirs = dict(reader.helpers(own, found))
            actual[week] = held_lessons(reader, found, theirs)
    return theory, actual


def _classes(structures: Structures, parts: dict[Ref, ClassPart]) -> dict[Ref, SchoolClass]:
    owned: defaultdict[Ref, list[Ref]] = defaultdict(list)
    for part in parts.values():
        owned[part.school_class].append(part.ref)
    return {name: evolve(one, parts=tuple(sorted(owned[name]))) for name, one in structures.classes.items()}


def _grid(calendar: Calendar) -> Grid:
    """Make one grid for all days: the first times that are met of each half-sequence."""
    times: dict[int, HalfSequence] = {}
    for (_, number, _), one in sorted(calendar.slots.items(), key=lambda item: item[0]):
        if number not in times or times[number].start is None:
            times[number] = one
    slots = tuple(Slot(number - 1, times[number].start, times[number].end) for number in sorted(times))
    days = tuple(sorted({day for day, _, _ in calendar.slots}))
    return Grid(days, slots, calendar.slot_minutes, len(slots) or None)


def _extra(calendar: Calendar) -> Extra:
    """Keep what the headers say and the model does not; the half-sequences too, where days or sites differ."""
    kept = dict(calendar.raw)
    days = {day for day, _, _ in calendar.slots}
    numbers: dict[int, HalfSequence] = {}
    for (_, number, _), one in calendar.slots.items():
        numbers.setdefault(number, one)
    plain = {(day, number, DEFAULT_SITE): one for day in days for number, one in numbers.items()}
    if calendar.slots != plain:
        kept[HALF_SEQUENCES] = tuple(_text(key, one) for key, one in sorted(calendar.slots.items(), key=lambda x: x[0]))
    return FrozenMap(kept)


def _text(key: SlotKey, one: HalfSequence) -> str:
    day, number, site = key
    times = (value.isoformat() if value else "" for value in (one.start, one.end))
    return ";".join((str(day), str(number), *times, site))
