"""The search export, a table of slots: what it says of a timetable, which is only a part (udt 9)."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import time

from attrs import frozen

from entformats._files import Part
from entformats._sniff import fold
from entformats.edt.index import values
from entformats.edt.udt.calendar import EVERY_WEEK
from entformats.edt.udt.record import Reading
from entformats.edt.udt.structures import part_ref
from entformats.errors import InvalidValue, LimitExceeded, UnreadableInput
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Profile, Ref
from entformats.limits import Limits
from entformats.names import clean
from entformats.problems import Location, problem
from entformats.timetable import (
    ClassPart,
    Domain,
    Kind,
    OptionGroup,
    Presence,
    Room,
    SchoolClass,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    ref,
)

__all__ = ["read_search"]

COLUMNS = ("jour", "heure", "div", "matiere", "professeur", "salle", "groupe", "regroup", "eff", "mo", "freq", "aire")
"""Columns in their usual order, folded."""
NEEDED = frozenset(COLUMNS[:6])
DAYS = {
    name: number
    for number, name in enumerate(["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"], 1)
}
KEPT = {"eff": "Eff", "mo": "Mo", "freq": "Freq", "aire": "Aire"}
"""Columns that the model has no field for -> their key in `extra`."""
FIRST_ROWS = 6
UNDEFINED = {0x81: "\x81", 0x8D: "\x8d", 0x8F: "\x8f", 0x90: "\x90", 0x9D: "\x9d"}
"""Bytes that windows-1252 leaves undefined."""


@frozen
class _Row:
    """Ligne du tableau: a slot of one division."""

    weekday: int
    start: time | None
    cells: FrozenMap[str, str]


def read_search(part: Part, school: str, reading: Reading, limits: Limits) -> Timetable:
    """Read the table: weekly lessons without end and without dates, people by name, no pupil (udt 9).

    Problems: `udt_search_partial`, `udt_search_row`, `time_unreadable`. Raises `UnreadableInput`
    (`udt_search_unreadable`) for what is no table, `LimitExceeded` (`record_too_long`).
    """
    reading.found("udt_search_partial", Location(part.name))
    rows = tuple(_rows(_text(_content(part, limits)), part.name, reading))
    names = sorted({row.cells["professeur"] for row in rows} - {""})
    teachers = {name: ref(Kind.TEACHER, str(number)) for number, name in enumerate(names, start=1)}
    tables = _Tables()
    lessons: dict[tuple[object, ...], WeeklyLesson] = {}
    for row in rows:
        lesson = tables.lesson(row, teachers)
        lessons.setdefault((lesson.weekday, lesson.start, lesson.subjects, lesson.presences), lesson)
    return Timetable(
        school,
        subjects=FrozenMap(tables.subjects),
        teachers=FrozenMap((name, Teacher(_identity(label, name, school))) for label, name in teachers.items()),
        classes=FrozenMap(tables.whole_classes()),
        class_parts=FrozenMap(tables.parts),
        option_groups=FrozenMap(tables.groups()),
        rooms=FrozenMap(tables.rooms),
        weekly_lessons=tuple(lessons.values()),
        silent_on=frozenset({Domain.PUPILS}),
    )


def _content(part: Part, limits: Limits) -> bytes:
    held: list[bytes] = []
    size = 0
    for chunk in part.chunks():
        size += len(chunk)
        if size > limits.record_bytes:
            raise LimitExceeded(problem("record_too_long", Location(part.name), limit=limits.record_bytes))
        held.append(chunk)
    return b"".join(held)


def _text(content: bytes) -> str:
    """Decode: a byte order mark, else UTF-8, else windows-1252 (udt 9)."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[2:].decode(encoding, "replace")
    try:
        return content.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        return "".join(UNDEFINED.get(byte) or bytes([byte]).decode("cp1252") for byte in content)


def _rows(text: str, file: str, reading: Reading) -> Iterator[_Row]:
    first = text[: text.find("\n")] if "\n" in text else text
    separator = "\t" if first.count("\t") > first.count(";") else ";"
    columns: Sequence[str] = COLUMNS
    table = csv.reader(io.StringIO(text, newline=None), delimiter=separator)
    try:
        for number, cells in enumerate(table):
            folded = [fold(cell) for cell in cells] if number < FIRST_ROWS else []
            if set(folded) >= NEEDED:
                columns = folded
            elif any(cell.strip() for cell in cells):
                row = _row(cells, columns, Location(file, table.line_num), reading)
                if row is not None:
                    yield row
    except csv.Error as error:
        raise UnreadableInput(problem("udt_search_unreadable", Location(file, table.line_num))) from error


def _row(cells: Sequence[str], columns: Sequence[str], where: Location, reading: Reading) -> _Row | None:
    """Read a row; None, reported, where it has no day, or neither division nor regroupement."""
    named = dict.fromkeys(COLUMNS, "") | dict(zip(columns, map(clean, cells), strict=False))
    weekday = DAYS.get(fold(named["jour"]))
    if weekday is None or not (named["div"] or named["regroup"]):
        reading.found("udt_search_row", where)
        return None
    start: time | None = None
    try:
        start = values.clock(named["heure"])
    except InvalidValue:
        reading.found("time_unreadable", where, attribute="Heure", value=named["heure"])
    return _Row(weekday, start, FrozenMap(named))


def _identity(label: str, name: Ref, school: str) -> Identity:
    """Split `NOM Prénom`: the words in capitals are the family name, the first word where none is."""
    words = label.split()
    count = next((at for at, word in enumerate(words) if word != word.upper()), len(words)) or 1
    return Identity(name, Profile.TEACHER, school, " ".join(words[count:]), " ".join(words[:count]))


class _Tables:
    """Tables tirées des lignes: whatever they name."""

    __slots__ = ("_classes", "_members", "parts", "rooms", "subjects")

    def __init__(self) -> None:
        self.subjects: dict[Ref, Subject] = {}
        self.rooms: dict[Ref, Room] = {}
        self.parts: dict[Ref, ClassPart] = {}
        self._classes: dict[Ref, SchoolClass] = {}
        self._members: dict[Ref, tuple[str, dict[Ref, None]]] = {}

    def lesson(self, row: _Row, teachers: Mapping[str, Ref]) -> WeeklyLesson:
        """Make the lesson of a row, and remember what it names."""
        cells = row.cells
        subject, room, teacher = cells["matiere"], cells["salle"], cells["professeur"]
        if subject:
            name = ref(Kind.SUBJECT, subject)
            self.subjects.setdefault(name, Subject(name, subject, ""))
        if room:
            place = ref(Kind.ROOM, room)
            self.rooms.setdefault(place, Room(place, room))
        who = [teachers[teacher]] if teacher else []
        who.append(self._audience(cells["div"], cells["groupe"], cells["regroup"]))
        who += [ref(Kind.ROOM, room)] if room else []
        return WeeklyLesson(
            row.weekday,
            None,
            None,
            row.start,
            None,
            (ref(Kind.SUBJECT, subject),) if subject else (),
            tuple(Presence(one, EVERY_WEEK) for one in who),
            annual=True,
            extra=FrozenMap((key, (cells[name],)) for name, key in KEPT.items() if cells[name]),
        )

    def _audience(self, division: str, part: str, grouping: str) -> Ref:
        """Give the regroupement, else the part under the name of a group without `code_sts`, else the class."""
        member: Ref | None = None
        if division:
            member = owner = ref(Kind.CLASS, division)
            self._classes.setdefault(owner, SchoolClass(owner, division))
            if part:
                member = part_ref(division, part)
                self.parts.setdefault(member, ClassPart(member, owner, part))
        label = grouping or (division + part if part else "")
        if not label:
            assert member is not None
            return member
        group = ref(Kind.GROUP, label)
        _, members = self._members.setdefault(group, (label, {}))
        if member is not None:
            members[member] = None
        return group

    def whole_classes(self) -> Iterator[tuple[Ref, SchoolClass]]:
        """Give the classes with their parts."""
        owned: defaultdict[Ref, list[Ref]] = defaultdict(list)
        for part in self.parts.values():
            owned[part.school_class].append(part.ref)
        for name, one in self._classes.items():
            yield name, SchoolClass(name, one.name, tuple(owned[name]))

    def groups(self) -> Iterator[tuple[Ref, OptionGroup]]:
        """Give the groups with their members."""
        for name, (label, members) in self._members.items():
            parts = tuple(member for member in members if member in self.parts)
            classes = tuple(member for member in members if member in self._classes)
            yield name, OptionGroup(name, label, classes, parts)
