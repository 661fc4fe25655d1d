"""The table export `TABLE nom="Cours"`: weekly lessons with a frequency, people by their names, no dates (edt 5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import time
from itertools import zip_longest
from typing import TypeVar

from attrs import evolve

from entformats._files import Part
from entformats._sniff import fold
from entformats._xml import Root, XmlReader, XmlSpec
from entformats.codes.weeks import WeekSet
from entformats.edt.export import Export
from entformats.edt.index import values
from entformats.edt.index.calendar import minutes_later
from entformats.edt.index.node import Node
from entformats.edt.index.record import Reading
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Profile, Ref
from entformats.limits import Limits
from entformats.problems import Findings
from entformats.timetable import (
    ClassPart,
    Domain,
    Kind,
    Presence,
    Room,
    SchoolClass,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    ref,
)

__all__ = ["is_lesson_table", "read_table"]

ROW = "Cours"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKS = range(1, 53)
FREQUENCIES = {"H": WeekSet.of(_WEEKS), "Q1": WeekSet.of(_WEEKS[::2]), "Q2": WeekSet.of(_WEEKS[1::2])}
"""Weeks of a year without dates: every one, those of the first fortnight, those of the second [inferred]."""
COLUMNS = {
    "FREQUENCE",
    "MAT_CODE",
    "MAT_LIBELLE",
    "PROF_NOM",
    "PROF_PRENOM",
    "CLASSE",
    "SALLE",
    "JOUR",
    "H.DEBUT",
    "DUREE",
}
"""Columns that have a place in the model; the others stay in the `extra` of the lesson."""
SILENT = frozenset({Domain.GROUPS, Domain.PUPILS})
"""What the table export has no column for (edt 5)."""
_PART = re.compile(r"<([^<>]+)>\s*(.*)")
T = TypeVar("T")


def is_lesson_table(root: Root) -> bool:
    """Tell whether a root is that of a table of lessons: `TABLE` alone does not say it."""
    return root.name == "TABLE" and fold(root.attributes.get("nom", "")) == "cours"


def read_table(part: Part, *, uai: str | None, limits: Limits) -> Export:
    """Read the table of the lessons, as far as it goes: a timetable that cannot be dated and has no pupils.

    Problems: `lesson_table_partial`, `frequency_unknown`, `weekday_invalid`, `time_unreadable`,
    `lesson_on_class_part_only`, `edt_content_skipped`. Raises what `XmlReader` raises.
    """
    findings = Findings(stored_per_code=limits.stored_per_code)
    reading = Reading(part.name, findings, limits)
    reader = XmlReader(part.chunks(), XmlSpec(), file=part.name, limits=limits, findings=findings)
    reading.found("lesson_table_partial", None)
    table = _Table(uai or "", reading)
    for element in reader.records():
        node = Node.of(element, reader.line)
        if node.tag == ROW:
            table.add(node)
        else:
            reading.counted("edt_content_skipped", f"TABLE/{node.tag}", node.line)
    reading.tell()
    return Export("edt", table.timetable(), findings.report())


class _Table:
    """Table en cours de lecture: what is met for the first time gets a number."""

    __slots__ = ("_lessons", "_names", "_reading", "_school")

    def __init__(self, school: str, reading: Reading) -> None:
        self._school = school
        self._reading = reading
        self._names: dict[Kind, dict[tuple[str, str], Ref]] = {kind: {} for kind in Kind}
        self._lessons: list[WeeklyLesson] = []

    def _named(self, kind: Kind, name: tuple[str, str]) -> Ref:
        known = self._names[kind]
        return known.setdefault(name, ref(kind, str(len(known) + 1)))

    def add(self, node: Node) -> None:
        """Read one row."""
        cells = _cells(node)
        weekday = self._weekday(cells, node)
        start, end = self._times(cells, node)
        weeks = self._weeks(cells, node)
        code, label = cells.get("MAT_CODE", ""), cells.get("MAT_LIBELLE", "")
        subjects = (self._named(Kind.SUBJECT, (code, label)),) if code or label else ()
        presences = tuple(Presence(who, weeks) for who in dict.fromkeys(self._resources(cells)))
        extra = FrozenMap(
            (name, (text,)) for name, text in cells.items() if name not in COLUMNS or (name == "FREQUENCE" and text)
        )
        lesson = WeeklyLesson(weekday, None, None, start, end, subjects, presences, extra=extra)
        if lesson.on_class_part_only:
            self._tell_part(lesson, cells, node)
        self._lessons.append(lesson)

    def _weekday(self, cells: dict[str, str], node: Node) -> int:
        day = fold(cells.get("JOUR", ""))
        if day in DAYS:
            return DAYS.index(day) + 1
        self._reading.found("weekday_invalid", node, "JOUR", weekday=0)
        return 0

    def _times(self, cells: dict[str, str], node: Node) -> tuple[time | None, time | None]:
        start = self._time(cells, node, "H.DEBUT")
        duration = self._time(cells, node, "DUREE")
        if start is None or duration is None:
            return start, None
        return start, minutes_later(start, duration.hour * 60 + duration.minute)

    def _time(self, cells: dict[str, str], node: Node, column: str) -> time | None:
        text = cells.get(column, "")
        try:
            return values.clock(text)
        except InvalidValue:
            self._reading.found("time_unreadable", node, column, attribute=column, value=text)
            return None

    def _weeks(self, cells: dict[str, str], node: Node) -> WeekSet:
        """Give the weeks of a frequency; `ALTERNANCE` says the same and stands in where it is missing."""
        text = cells.get("FREQUENCE") or cells.get("ALTERNANCE", "")
        if text.upper() not in FREQUENCIES:
            self._reading.found("frequency_unknown", node, "FREQUENCE", value=text)
        return FREQUENCIES.get(text.upper(), WeekSet())

    def _resources(self, cells: dict[str, str]) -> Iterator[Ref]:
        people = zip_longest(_items(cells, "PROF_NOM"), _items(cells, "PROF_PRENOM"), fillvalue="")
        yield from (self._named(Kind.TEACHER, name) for name in people)
        for item in _items(cells, "CLASSE"):
            of_class = _PART.fullmatch(item)
            if of_class:
                self._named(Kind.CLASS, (of_class[1], ""))
                yield self._named(Kind.PART, (of_class[1], of_class[2]))
            else:
                yield self._named(Kind.CLASS, (item, ""))
        yield from (self._named(Kind.ROOM, (item, "")) for item in _items(cells, "SALLE"))

    def _tell_part(self, lesson: WeeklyLesson, cells: dict[str, str], node: Node) -> None:
        homes = {name for (name, _), who in self._names[Kind.PART].items() if who in {p.who for p in lesson.presences}}
        self._reading.found(
            "lesson_on_class_part_only",
            node,
            school_class=", ".join(sorted(homes)),
            subject=cells.get("MAT_CODE", ""),
            slot=f"{lesson.weekday}/{'' if lesson.start is None else lesson.start.isoformat('minutes')}",
            teachers=", ".join(presence.who for presence in lesson.of(Kind.TEACHER)),
        )

    def timetable(self) -> Timetable:
        """Build the entities that were named."""
        return evolve(
            Timetable(self._school, weekly_lessons=tuple(self._lessons), silent_on=SILENT),
            subjects=self._built(Kind.SUBJECT, Subject),
            teachers=self._built(Kind.TEACHER, self._teacher),
            classes=self._built(Kind.CLASS, lambda name, text, _: SchoolClass(name, text, self._parts(text))),
            class_parts=self._built(
                Kind.PART, lambda name, home, text: ClassPart(name, self._names[Kind.CLASS][home, ""], text)
            ),
            rooms=self._built(Kind.ROOM, lambda name, text, _: Room(name, text)),
        )

    def _built(self, kind: Kind, build: Callable[[Ref, str, str], T]) -> FrozenMap[Ref, T]:
        return FrozenMap((name, build(name, *texts)) for texts, name in self._names[kind].items())

    def _teacher(self, name: Ref, family: str, given: str) -> Teacher:
        return Teacher(Identity(name, Profile.TEACHER, self._school, given, family))

    def _parts(self, school_class: str) -> tuple[Ref, ...]:
        return tuple(name for (home, _), name in self._names[Kind.PART].items() if home == school_class)


def _cells(node: Node) -> dict[str, str]:
    """Give the columns of a row by name, blanks around taken off; the first of a name counts."""
    cells: dict[str, str] = {}
    for child in node.children:
        cells.setdefault(child.tag, child.text)
    return cells


def _items(cells: dict[str, str], column: str) -> Iterator[str]:
    """Split a cell that may list several."""
    return (item.strip() for item in cells.get(column, "").split(",") if item.strip())
