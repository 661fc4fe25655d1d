"""Lines of fiches, one a half-sequence, made into lessons (udt 5.1 to 5.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import time

from attrs import field, frozen

from entformats.edt.udt.calendar import Calendar, SlotKey
from entformats.edt.udt.people import People
from entformats.edt.udt.record import Reading, Record, Row
from entformats.edt.udt.structures import PLACEHOLDER, Structures, part_ref
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.timetable import ClassPart, Kind, ref
from entformats.timetable.models import WEEKDAYS, Extra

__all__ = ["DEFAULT_SITE", "Held", "Helpers", "Line", "LineReader", "by_content", "held_lessons", "runs"]

NONE = frozenset({"", "0"})
"""What says that there is no regroupement."""
DEFAULT_SITE = "1"
"""Site of the schools that have but one."""
Content = tuple[str, str, str, str, str]
"""What names a line apart from its code: fiche, division, subject, regroupement, part."""
Helpers = Mapping[str, tuple[Ref, ...]]
"""Code of a line -> its co-teachers."""


@frozen
class Line:
    """Ligne de fiche-T: one half-sequence of one division with one teacher. `key` is what its lesson shares."""

    code: str
    content: Content
    key: tuple[object, ...]
    slot: SlotKey
    subjects: tuple[Ref, ...]
    audience: tuple[Ref, ...]
    teachers: tuple[Ref, ...]
    rooms: tuple[Ref, ...]
    row: Row
    extra: Extra = field(factory=FrozenMap)


@frozen(order=True)
class Held:
    """Cours rebuilt: a slot of some half-sequences, what is taught there, by whom, to whom and where."""

    weekday: int
    first: int
    """Number of the first half-sequence, from 1."""
    count: int
    site: str
    start: time | None = field(order=False)
    end: time | None = field(order=False)
    subjects: tuple[Ref, ...]
    audience: tuple[Ref, ...]
    teachers: tuple[Ref, ...]
    rooms: tuple[Ref, ...]
    extra: Extra = field(factory=FrozenMap, eq=False, order=False)

    @property
    def place(self) -> tuple[object, ...]:
        """Slot, subject and audience: what a theoretical and an actual lesson have in common (rules 3.2bis)."""
        return (self.weekday, self.first, self.count, self.site, self.subjects, self.audience)


class LineReader:
    """Lecteur des lignes: knows everything that a line may refer to. `parts` also holds those met in lines alone."""

    __slots__ = ("_calendar", "_fiches", "_people", "_reading", "_structures", "parts")

    def __init__(
        self,
        calendar: Calendar,
        structures: Structures,
        people: People,
        fiches: Iterable[Row],
        reading: Reading,
    ) -> None:
        """Read the fiches.

        Problems: `udt_key_missing`, `udt_key_duplicate`, `number_unreadable`, `udt_slot_unknown`, `weekday_invalid`.
        """
        self._calendar = calendar
        self._structures = structures
        self._people = people
        self._reading = reading
        self._fiches = dict(self._read_fiches(fiches))
        self.parts: dict[Ref, ClassPart] = dict(structures.parts)

    def _read_fiches(self, rows: Iterable[Row]) -> Iterator[tuple[str, SlotKey | None]]:
        seen: set[str] = set()
        for row in rows:
            record = Record(self._reading, row)
            code, site = record.key("code"), record.text("site")
            day, number = record.number("jour"), record.number("demi_seq")
            record.skip_rest()
            if not code:
                continue
            if code in seen:
                record.found("udt_key_duplicate", "code")
                continue
            seen.add(code)
            if day is None or number is None or (day, number, site) not in self._calendar.slots:
                record.found("udt_slot_unknown", day=str(day or "?"), number=str(number or "?"), site=site)
                yield code, None
            else:
                if day not in WEEKDAYS:
                    record.found("weekday_invalid", "jour", weekday=day)
                yield code, (day, number, site)

    def lines(self, rows: Iterable[Row]) -> tuple[Line, ...]:
        """Read the lines of one week; one without division, or without a slot, is left out.

        Problems: `udt_line_without_class`, `udt_line_without_fiche`, `udt_reference_unknown`, `udt_person_unknown`.
        """
        read = (self._line(Record(self._reading, row)) for row in rows)
        return tuple(line for line in read if line is not None)

    def _line(self, record: Record) -> Line | None:
        code, fiche, division = record.text("code"), record.text("fic"), record.text("div")
        subject, teacher, room = record.text("mat"), record.text("prof"), record.text("salle")
        grouping, part = record.text("rgpmt"), record.text("gpe")
        record.keep("idgpe")
        record.skip_rest()
        if not division:
            record.found("udt_line_without_class", "div")
            return None
        slot = self._slot(record, fiche)
        if slot is None:
            return None
        unknown: dict[str, tuple[str, ...]] = {}
        subjects = self._known(record, "mat", "" if subject == PLACEHOLDER else subject, unknown)
        rooms = self._known(record, "salle", room, unknown)
        teachers = self._teacher(record, teacher, unknown)
        audience = self._audience(record, division, grouping, part, unknown)
        content = (fiche, division, subject, grouping, part)
        key = (subject, teacher, audience or division)
        return Line(code, content, key, slot, subjects, audience, teachers, rooms, record.row, FrozenMap(unknown))

    def _slot(self, record: Record, fiche: str) -> SlotKey | None:
        """Find the half-sequence of a line; None, reported, where its fiche is missing, unknown or unplaced."""
        if not fiche:
            record.found("udt_line_without_fiche", "fic")
        elif fiche not in self._fiches:
            record.found("udt_reference_unknown", "fic", of="fiche", ident=fiche)
        else:
            return self._fiches[fiche]
        return None

    def _known(self, record: Record, of: str, code: str, unknown: dict[str, tuple[str, ...]]) -> tuple[Ref, ...]:
        """Give the subject or room of a line; the code of an unknown one is kept in `unknown`."""
        kind, tables = {
            "mat": (Kind.SUBJECT, self._structures.subjects),
            "salle": (Kind.ROOM, self._structures.rooms),
        }[of]
        name = ref(kind, code)
        if not code:
            return ()
        if name in tables:
            return (name,)
        record.found("udt_reference_unknown", of, of=of, ident=code)
        unknown[of] = (code,)
        return ()

    def _teacher(self, record: Record, code: str, unknown: dict[str, tuple[str, ...]]) -> tuple[Ref, ...]:
        if not code:
            return ()
        if code in self._people.by_code:
            return (self._people.by_code[code],)
        record.found("udt_person_unknown", "prof", of="prof", ident=code)
        unknown["prof"] = (code,)
        return ()

    def _audience(
        self, record: Record, division: str, grouping: str, part: str, unknown: dict[str, tuple[str, ...]]
    ) -> tuple[Ref, ...]:
        """Give the regroupement if it is known, else the part, else the whole division (udt 5.2)."""
        if grouping not in NONE:
            if grouping in self._structures.groupings:
                return (self._structures.groupings[grouping],)
            record.found("udt_reference_unknown", "rgpmt", of="rgpmt", ident=grouping)
        owner = ref(Kind.CLASS, division)
        if owner not in self._structures.classes:
            record.found("udt_reference_unknown", "div", of="div", ident=division)
            unknown["div"] = (division,)
            return ()
        if not part:
            return (owner,)
        name = part_ref(division, part)
        if name not in self.parts:
            record.found("udt_reference_unknown", "gpe", of="gpe", ident=f"{division}/{part}")
            self.parts[name] = ClassPart(name, owner, part)
        return (self._structures.homes.get(name, name),)

    def helpers(self, rows: Iterable[Row], lines: Sequence[Line]) -> Helpers:
        """Read the co-teachers of the lines of one week: `epj` first, then the code (udt 5.4).

        Problems: `udt_key_missing`, `udt_reference_unknown`, `udt_person_unknown`.
        """
        known = {line.code for line in lines}
        found: defaultdict[str, tuple[Ref, ...]] = defaultdict(tuple)
        for row in rows:
            record = Record(self._reading, row)
            line, code, epj = record.key("lignefic"), record.text("prof"), record.text("epj")
            record.skip_rest()
            if not line:
                continue
            if line not in known:
                record.found("udt_reference_unknown", "lignefic", of="ligfiche", ident=line)
                continue
            who = self._people.by_epj.get(epj) or self._people.by_code.get(code)
            if who is None:
                record.found("udt_person_unknown", "prof", of="prof", ident=code or epj)
            else:
                found[line] = (*found[line], who)
        return found

    def times(self, record_of: Row, weekday: int, first: int, last: int, site: str) -> tuple[time | None, time | None]:
        """Give the start of the first half-sequence and the end of the last (udt 5.3).

        Problems: `lesson_outside_grid`, `lesson_end_outside_grid`.
        """
        start = self._calendar.slots[weekday, first, site].start
        if start is None:
            self._reading.found("lesson_outside_grid", record_of.where, slot=first)
            return None, None
        end, computed = self._calendar.end_of((weekday, last, site))
        if computed or end is None:
            self._reading.found("lesson_end_outside_grid", record_of.where, slot=last)
        return start, end


def by_content(lines: Iterable[Line], helpers: Helpers) -> dict[Content, tuple[Ref, ...]]:
    """Give the co-teachers by what a line says: codes of lines change from one week to another."""
    return {line.content: helpers[line.code] for line in lines if helpers.get(line.code)}


def held_lessons(reader: LineReader, lines: Iterable[Line], helpers: Helpers) -> tuple[Held, ...]:
    """Rebuild the lessons of one week, ordered by slot.

    Lines of one subject, teacher and audience at consecutive half-sequences of a day and site are one lesson, whatever
    the rooms: those that the divisions of a group have for it are the same lesson (udt 5.3).
    """
    return tuple(sorted((_held(reader, run, helpers) for run in runs(lines)), key=_order))


def _order(one: Held) -> tuple[object, ...]:
    return one, tuple(sorted(one.extra.items()))


def runs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Join the lines of one key at consecutive half-sequences."""
    kept: defaultdict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        day, _, site = line.slot
        kept[(*line.key, day, site)].append(line)
    for same in kept.values():
        run: list[Line] = []
        for line in sorted(same, key=lambda line: (line.slot, line.code, line.rooms)):
            if run and line.slot[1] > run[-1].slot[1] + 1:
                yield run
                run = []
            run.append(line)
        yield run


def _held(reader: LineReader, run: list[Line], helpers: Helpers) -> Held:
    first, last = run[0], run[-1]
    day, number, site = first.slot
    start, end = reader.times(first.row, day, number, last.slot[1], site)
    co_teachers = tuple(who for line in run for who in helpers.get(line.code, ()))
    extra: dict[str, tuple[str, ...]] = {}
    for line in run:
        for name, texts in line.extra.items():
            extra[name] = tuple(sorted({*extra.get(name, ()), *texts}))
    if site != DEFAULT_SITE:
        extra["site"] = (site,)
    return Held(
        day,
        number,
        last.slot[1] - number + 1,
        site,
        start,
        end,
        first.subjects,
        first.audience,
        tuple(sorted({*first.teachers, *co_teachers})),
        tuple(sorted({room for line in run for room in line.rooms})),
        FrozenMap(extra),
    )
