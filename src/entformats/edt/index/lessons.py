"""Lessons: `Cours/Cours` (edt 2.14, 3.1, 3.3, 3.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import time

from attrs import frozen

from entformats.codes.weeks import WeekSet
from entformats.codes.weeks import format as weeks_text
from entformats.edt.index import values
from entformats.edt.index.calendar import Calendar, minutes_later
from entformats.edt.index.record import Record
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.timetable import Kind, Presence, WeeklyLesson, ref
from entformats.timetable.models import WEEKDAYS

__all__ = ["LABELS", "MASKS", "RESOURCES", "LessonReader"]

RESOURCES = {
    "Professeur": Kind.TEACHER,
    "Classe": Kind.CLASS,
    "PartieDeClasse": Kind.PART,
    "Groupe": Kind.GROUP,
    "Salle": Kind.ROOM,
    "Materiel": Kind.EQUIPMENT,
    "Personnel": Kind.STAFF,
    "Eleve": Kind.PUPIL,
}
"""Children of a lesson that carry weeks, in the order of the schema, then of later versions."""
LABELS = ("Etiquette", "Periode")
"""Children of a lesson whose content is not known: kept as text."""
MASKS = ("Semaines", "SemainesInclusion")
EXCLUSION = "SemainesExclusion"
"""Kept as it is: its name only suggests what it means (edt 3.6)."""


@frozen
class LessonReader:
    """Lecteur des cours: knows the calendar and everything that a lesson may refer to."""

    calendar: Calendar
    known: Collection[Ref]
    subjects: FrozenMap[Ref, str]
    """Subject -> its code, for reports."""
    homes: FrozenMap[Ref, str]
    """Class part -> the name of its class, for reports."""

    def lesson(self, record: Record) -> WeeklyLesson:
        """Read one lesson.

        Problems: `number_unreadable`, `weekday_invalid`, `weekday_not_worked`, `lesson_without_duration`,
        `lesson_outside_grid`, `lesson_end_outside_grid`, `mask_unreadable`, `mask_missing`, `mask_bit_zero`,
        `mask_outside_year`, `lesson_reference_unknown`, `lesson_subject_count`, `lesson_without_weeks`,
        `cancelled_weeks_unscheduled`, `lesson_on_class_part_only`.
        """
        weekday = self._weekday(record)
        first, count = record.required_number("NumeroPlaceDebut"), record.required_number("NombrePlaces")
        start, end = self._times(record, first, count)
        annual = _annual(record)
        cancelled = self._weeks(record, "SemainesAnnulation", weekday) or WeekSet()
        subjects, unknown = self._subjects(record)
        presences = tuple(self._presences(record, weekday))
        labels = dict(_labels(record))
        extra = FrozenMap({**record.rest(), **unknown, **labels})
        lesson = WeeklyLesson(weekday, first, count, start, end, subjects, presences, cancelled, annual, extra)
        self._judge(record, lesson)
        return lesson

    def _weekday(self, record: Record) -> int:
        weekday = record.required_number("Jour") or 0
        if weekday not in WEEKDAYS:
            record.found("weekday_invalid", "Jour", weekday=weekday)
        elif self.calendar.grid.days and weekday not in self.calendar.grid.days:
            record.found("weekday_not_worked", "Jour", weekday=weekday)
        return weekday

    def _times(self, record: Record, first: int | None, count: int | None) -> tuple[time | None, time | None]:
        """Take the labels of the first and the last place, never a multiplication where there is a label (edt 3.3)."""
        if count == 0:
            record.found("lesson_without_duration", "NombrePlaces")
            return None, None
        if first is None or count is None or not self.calendar.grid.slots:
            return None, None
        begin = self.calendar.slot(first)
        if begin is None or begin.start is None:
            record.found("lesson_outside_grid", "NumeroPlaceDebut", slot=first)
            return None, None
        last = self.calendar.slot(first + count - 1)
        if last is not None and last.end is not None:
            return begin.start, last.end
        record.found("lesson_end_outside_grid", "NombrePlaces", slot=first + count - 1)
        minutes = self.calendar.grid.slot_minutes
        return begin.start, None if minutes is None else minutes_later(begin.start, count * minutes)

    def _subjects(self, record: Record) -> tuple[tuple[Ref, ...], dict[str, tuple[str, ...]]]:
        """Read the subjects; the `Ident` of unknown ones is kept in `extra`."""
        found: list[Ref] = []
        unknown: list[str] = []
        for child in record.each("Matiere"):
            ident = child.ident()
            if ident is None:
                continue
            name = ref(Kind.SUBJECT, ident)
            if name in self.subjects:
                found.append(name)
                record.keep(child)
            else:
                child.found("lesson_reference_unknown", "Ident", of="Matiere", ident=ident)
                unknown.append(ident)
        if len(found) + len(unknown) != 1:
            record.found("lesson_subject_count", count=len(found) + len(unknown))
        return tuple(found), {"Matiere": tuple(unknown)} if unknown else {}

    def _presences(self, record: Record, weekday: int) -> Iterator[Presence]:
        for tag, kind in RESOURCES.items():
            for child in record.each(tag):
                presence = self._presence(child, tag, kind, weekday)
                if presence is not None:
                    record.keep(child)
                    yield presence

    def _presence(self, record: Record, tag: str, kind: Kind, weekday: int) -> Presence | None:
        """Read a resource; None, reported, where it points nowhere or its weeks are missing or unreadable."""
        ident = record.ident()
        if ident is None:
            return None
        name = ref(kind, ident)
        if name not in self.known:
            record.found("lesson_reference_unknown", "Ident", of=tag, ident=ident)
            return None
        names = MASKS if kind is Kind.PUPIL else MASKS[:1]
        present = [attribute for attribute in names if (record.peek(attribute) or "").strip()]
        weeks = [self._weeks(record, attribute, weekday) for attribute in present]
        read = [one for one in weeks if one is not None]
        if len(read) < len(present):
            return None
        if len(present) > 1:
            record.take_back(MASKS[0])
            record.take_back(MASKS[1])
        if not present and not (kind is Kind.PUPIL and record.retained(EXCLUSION)):
            record.found("mask_missing", "Semaines")
            return None
        return Presence(name, WeekSet(_union(read)))

    def _weeks(self, record: Record, attribute: str, weekday: int) -> WeekSet | None:
        """Read a mask; weeks that cannot be are left out, and the text is then kept (edt 7.1)."""
        mask = record.value(attribute, values.mask, "mask_unreadable")
        if mask is None:
            return None
        if mask & 1:
            record.found("mask_bit_zero", attribute)
        legal = mask & self.calendar.dates.legal_weeks(weekday)
        if outside := mask & ~legal & ~1:
            record.found("mask_outside_year", attribute, weeks=weeks_text(WeekSet(outside)))
        if legal != mask:
            record.leave(attribute, str(mask))
        return WeekSet(legal)

    def _judge(self, record: Record, lesson: WeeklyLesson) -> None:
        if not lesson.weeks:
            record.found("lesson_without_weeks")
        if alone := lesson.cancelled - lesson.weeks:
            record.found("cancelled_weeks_unscheduled", "SemainesAnnulation", weeks=weeks_text(alone))
        if lesson.on_class_part_only:
            record.found(
                "lesson_on_class_part_only",
                school_class=", ".join(sorted({self.homes.get(p.who, "?") for p in lesson.of(Kind.PART)})),
                subject=", ".join(self.subjects[subject] for subject in lesson.subjects),
                slot=_slot_text(lesson),
                teachers=", ".join(p.who for p in lesson.of(Kind.TEACHER)),
            )


def _slot_text(lesson: WeeklyLesson) -> str:
    when = "" if lesson.start is None else lesson.start.isoformat("minutes")
    return f"{lesson.weekday}/{when or lesson.first_slot}"


def _union(weeks: list[WeekSet]) -> int:
    mask = 0
    for one in weeks:
        mask |= one.mask
    return mask


def _annual(record: Record) -> bool | None:
    text = record.peek("Annuel")
    if text is None:
        return None
    if text.strip() in {"0", "1"}:
        record.text("Annuel")
    else:
        record.leave("Annuel", text)
    return text.strip() == "1"


def _labels(record: Record) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Keep elements whose content is unknown: their texts by name, their attributes as `Etiquette[1]/Ident`."""
    for tag in LABELS:
        texts: list[str] = []
        for child in record.each(tag):
            for name in child.node.attributes:
                child.retained(name)
            record.keep(child)
            texts.append(child.node.text)
        if texts:
            yield tag, tuple(texts)
