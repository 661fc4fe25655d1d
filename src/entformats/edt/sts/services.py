"""Services as the files state them, and the lessons that `emp_sts` attaches to them (sts 2.3, 3; rules 3.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import time
from typing import TypeVar

from attrs import evolve, field, frozen

from entformats.codes.weeks import WeekSet
from entformats.edt.sts import values
from entformats.edt.sts.document import Item, StsFile
from entformats.edt.sts.people import Individuals
from entformats.edt.sts.structures import code_of
from entformats.edt.sts.years import Year
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import Key, Ref
from entformats.timetable import Kind, Pattern, Presence, Service, ServiceKey, Timetable, WeeklyLesson, ref

__all__ = ["Assignment", "Course", "Given", "Line", "declared_services", "kept_lines", "read_lines", "weekly_lessons"]

T = TypeVar("T")


@frozen
class Course:
    """Cours rattaché à un enseignant."""

    alternation: str
    weekday: int
    start: int | None
    """Minutes after midnight."""
    duration: int | None
    rooms: tuple[Ref, ...]
    texts: FrozenMap[str, tuple[str, ...]] = field(repr=False)
    """What the model has no field for: the alternation, the modality, texts that are no time."""

    @property
    def slot(self) -> tuple[object, ...]:
        """Créneau: what the lessons of co-teachers have in common."""
        return self.alternation, self.weekday, self.start, self.duration


@frozen
class Assignment:
    """Enseignant d'un service."""

    teacher: Ref
    minutes: int | None
    courses: tuple[Course, ...]


@frozen
class Line:
    """Ligne `SERVICE` of a structure."""

    structure: Ref
    subject: Ref
    modality: str
    minutes: int | None
    co_teaching: bool | None
    assignments: tuple[Assignment, ...]
    texts: FrozenMap[str, tuple[str, ...]] = field(repr=False)
    """Hours and weightings as the file writes them, for the `extra` of the structure."""
    item: Item = field(repr=False)

    @property
    def place(self) -> tuple[Ref, Ref, str]:
        """What two files must agree on to speak of one line."""
        return self.structure, self.subject, self.modality

    def rooms(self) -> Iterator[Ref]:
        """Give the rooms of its lessons."""
        return (room for one in self.assignments for course in one.courses for room in course.rooms)

    def units(self) -> Iterator[tuple[tuple[Assignment, ...], int | None]]:
        """Give the services of a line: one where its teachers teach together, else one a teacher (sts 2.3)."""
        if self.co_teaching or len(self.assignments) < 2:  # noqa: PLR2004 - several
            yield self.assignments, self.minutes
        else:
            yield from (((one,), one.minutes) for one in self.assignments)


def read_lines(file: StsFile, people: Individuals, *, named: bool) -> Iterator[Line]:
    """Read the services of every division and group of a file.

    Problems: `sts_id_missing`, `sts_hours_unreadable`, `sts_boolean_unreadable`, `sts_teacher_unknown`, and those of
    `_course`.
    """
    for tag, kind in (("DIVISION", Kind.CLASS), ("GROUPE", Kind.GROUP)):
        for structure in file.every(tag):
            code = code_of(structure)
            for services in structure.each("SERVICES"):
                for item in services.each("SERVICE"):
                    subject = item.attribute("CODE_MATIERE")
                    if code and subject:
                        yield _line(item, ref(kind, code), subject, people, named=named)
                    else:
                        item.found("sts_id_missing", code)


def _line(item: Item, structure: Ref, subject: str, people: Individuals, *, named: bool) -> Line:
    modality = item.attribute("CODE_MOD_COURS")
    prefix = f"SERVICES/{subject}.{modality}"
    texts: dict[str, tuple[str, ...]] = {}
    assignments = []
    for teacher in item.every("ENSEIGNANT"):
        if not teacher.attribute("ID"):
            teacher.found("sts_id_missing", subject)
            continue
        who = people.teacher(teacher, named=named)
        for tag in ("HEURES_AGENT", "TAUX_PONDERATION"):
            if teacher.text(tag):
                texts.setdefault(f"{prefix}/{who}/{tag}", (teacher.text(tag),))
        minutes = _value(teacher, subject, "HEURES_AGENT", values.hours, "sts_hours_unreadable")
        courses = tuple(_course(one, modality) for one in teacher.every("COURS"))
        assignments.append(Assignment(ref(Kind.TEACHER, who), minutes, courses))
    if item.text("HEURES_STRUCTURE"):
        texts[f"{prefix}/HEURES_STRUCTURE"] = (item.text("HEURES_STRUCTURE"),)
    return Line(
        structure,
        ref(Kind.SUBJECT, subject),
        modality,
        _value(item, subject, "HEURES_STRUCTURE", values.hours, "sts_hours_unreadable"),
        _value(item, subject, "CO_ENS", values.boolean, "sts_boolean_unreadable"),
        tuple(assignments),
        FrozenMap(texts),
        item,
    )


def _value(item: Item, key: str, tag: str, convert: Callable[[str], T], slug: str) -> T | None:
    text = item.text(tag)
    try:
        return convert(text) if text else None
    except InvalidValue:
        item.found(slug, key, tag, value=text)
        return None


def _course(item: Item, modality: str) -> Course:
    """Read `COURS`. Problems: `sts_weekday_unreadable`, `sts_time_unreadable`."""
    alternation = item.text("CODE_ALTERNANCE")
    weekday = _value(item, "", "JOUR", values.weekday, "sts_weekday_unreadable")
    if weekday is None and not item.text("JOUR"):
        item.found("sts_weekday_unreadable", "", "JOUR", value="")
    start, duration = (
        _value(item, "", tag, values.minutes_of, "sts_time_unreadable") for tag in ("HEURE_DEBUT", "DUREE")
    )
    if start is not None and duration is not None and values.ends(start, duration) is None:
        item.found("sts_time_unreadable", "", "DUREE", value=item.text("DUREE"))
    known = {"JOUR": weekday, "HEURE_DEBUT": start, "DUREE": values.ends(start, duration)}
    texts = {tag: (item.text(tag),) for tag, value in known.items() if value is None and item.text(tag)}
    texts |= {tag: (text,) for tag, text in (("CODE_ALTERNANCE", alternation), ("CODE_MOD_COURS", modality)) if text}
    rooms = tuple(ref(Kind.ROOM, room.node.text) for room in item.each("CODE_SALLE") if room.node.text)
    return Course(alternation, weekday or 0, start, duration, rooms, FrozenMap(texts))


def kept_lines(sts_emp: Sequence[Line], emp_sts: Sequence[Line]) -> tuple[Line, ...]:
    """Put the lines of both files together: where both speak of a line, `emp_sts` has the lessons, and wins [inferred].

    Lines that only `sts_emp` has stay (sts 2.5); hours that `emp_sts` does not give are those of `sts_emp`.
    """
    built = {line.place for line in emp_sts}
    stated = {line.place: line for line in reversed(sts_emp)}
    whole = (_completed(line, stated.get(line.place)) for line in emp_sts)
    return (*(line for line in sts_emp if line.place not in built), *whole)


def _completed(line: Line, other: Line | None) -> Line:
    """Take from the line of `sts_emp` the hours that `emp_sts` does not give."""
    if other is None:
        return line
    minutes = other.minutes if line.minutes is None else line.minutes
    return evolve(line, minutes=minutes, texts=FrozenMap({**other.texts, **line.texts}))


@frozen
class Given:
    """Cours hebdomadaire et service dont il relève: the lesson, and which unit of which line it belongs to."""

    lesson: WeeklyLesson
    line: Line
    unit: int


def weekly_lessons(lines: Iterable[Line], year: Year) -> tuple[Given, ...]:
    """Give the lessons of all lines, dated by the Mondays of their alternation; co-teachers share theirs (sts 3).

    Problems: `sts_alternation_unknown`.
    """
    given = (
        Given(_lesson(together, line, year), line, number)
        for line in lines
        for number, (assignments, _) in enumerate(line.units())
        for together in _together(assignments)
    )
    return tuple(sorted(given, key=lambda one: _order(one.lesson)))


def _order(lesson: WeeklyLesson) -> tuple[object, ...]:
    """Order lessons by what they say, whatever the order of the file."""
    texts = sorted(lesson.extra.items())
    who = [(presence.who, presence.weeks) for presence in lesson.presences]
    return lesson.weekday, lesson.start or time.min, lesson.end or time.min, lesson.subjects, who, texts


def _together(assignments: Iterable[Assignment]) -> Iterator[list[tuple[Ref, Course]]]:
    """Put together the courses of one slot, each teacher once."""
    found: dict[tuple[object, ...], list[tuple[Ref, Course]]] = {}
    for one in assignments:
        met: defaultdict[tuple[object, ...], int] = defaultdict(int)
        for course in one.courses:
            met[course.slot] += 1
            found.setdefault((*course.slot, met[course.slot]), []).append((one.teacher, course))
    yield from found.values()


def _lesson(together: Sequence[tuple[Ref, Course]], line: Line, year: Year) -> WeeklyLesson:
    course = together[0][1]
    weeks = year.weeks(course.alternation, course.weekday) if course.weekday else WeekSet()
    if weeks is None:
        line.item.found("sts_alternation_unknown", code_of(line.item), code=course.alternation)
    rooms = {room for _, one in together for room in one.rooms}
    resources = (*sorted(teacher for teacher, _ in together), line.structure, *sorted(rooms))
    return WeeklyLesson(
        course.weekday,
        None,
        None,
        None if course.start is None else values.clock(course.start),
        values.ends(course.start, course.duration),
        (line.subject,),
        tuple(Presence(who, weeks or WeekSet()) for who in resources),
        annual=True,
        extra=course.texts,
    )


def declared_services(
    lines: Iterable[Line], given: Sequence[Given], timetable: Timetable
) -> FrozenMap[ServiceKey, Service]:
    """Give the services as stated, under the keys of derived ones; lines of one key are gathered (rules 3.2).

    Hours add up, modalities are listed, the patterns are those of the lessons attached.
    """
    patterns: defaultdict[tuple[int, int], list[Pattern]] = defaultdict(list)
    codes: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for one, lesson in zip(given, timetable.keyed_lessons, strict=True):
        place = id(one.line), one.unit
        codes[place] |= set(one.lesson.extra.get("CODE_ALTERNANCE", ()))
        if lesson.weeks:
            patterns[place].append(Pattern.of(lesson))
    services: dict[ServiceKey, Service] = {}
    for line in lines:
        for number, (assignments, minutes) in enumerate(line.units()):
            place = id(line), number
            key = _key(line, assignments, timetable.keys)
            stated = Service(
                key,
                tuple(sorted(patterns[place])),
                minutes,
                ",".join(sorted(codes[place])),
                (line.modality,) if line.modality else (),
                line.co_teaching,
            )
            services[key] = _gathered(services[key], stated) if key in services else stated
    return FrozenMap((key, services[key]) for key in sorted(services))


def _key(line: Line, assignments: Iterable[Assignment], keys: Mapping[str, Key]) -> ServiceKey:
    teachers = tuple(sorted({keys[one.teacher] for one in assignments}))
    return ServiceKey(keys[line.subject], teachers, (keys[line.structure],))


def _gathered(one: Service, other: Service) -> Service:
    """Gather two lines of one key: what they state, in an order that is not that of the file."""
    known = [minutes for minutes in (one.minutes, other.minutes) if minutes is not None]
    codes = {code for code in (*one.alternation.split(","), *other.alternation.split(",")) if code}
    together = {flag for flag in (one.co_teaching, other.co_teaching) if flag is not None}
    return Service(
        one.key,
        tuple(sorted((*one.patterns, *other.patterns))),
        sum(known) if known else None,
        ",".join(sorted(codes)),
        tuple(sorted({*one.modality, *other.modality})),
        max(together, default=None),
    )
