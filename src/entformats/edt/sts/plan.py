"""What is to be written: codes of entities, services by structure, lessons by teacher, alternations (sts 2.3, 3)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time, timedelta

from attrs import define, field, frozen

from entformats.codes.weeks import WeekSet
from entformats.edt.sts import values
from entformats.errors import InvalidValue
from entformats.identity import IdentifierKind, Identity, Key, Ref
from entformats.timetable import (
    KeyedLesson,
    Kind,
    OptionGroup,
    Pattern,
    Presence,
    SchoolClass,
    Service,
    Timetable,
    WeeklyLesson,
)
from entformats.timetable.models import Extra

__all__ = ["Codes", "Plan", "WrittenCourse", "WrittenLine"]

DEFAULT_MODALITY = "CG"
"""Modality of a service of which no program states one (sts 3)."""
HOUR = 60
_INDIVIDUAL = re.compile(r"(epp|local|[a-z]+)([0-9]+)")


class Codes:
    """Codes des entités: what each is written under; individuals without an STS number become `local` ones."""

    def __init__(self, timetable: Timetable) -> None:
        """Name everything of a timetable."""
        teachers, staff = timetable.teachers.values(), timetable.staff.values()
        self._people = _numbered([*(one.identity for one in teachers), *(one.identity for one in staff)])
        self._codes = {name: one.code or one.label for name, one in timetable.subjects.items()}
        self._codes |= {name: one.name for name, one in timetable.classes.items()}
        self._codes |= {name: one.code or one.name for name, one in timetable.option_groups.items()}
        self._codes |= {name: one.name for name, one in timetable.rooms.items()}

    def __getitem__(self, name: Ref) -> str:
        """Give the code of a subject, class, group or room."""
        return self._codes[name]

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a subject, class, group or room."""
        return name in self._codes

    def individual(self, name: Ref) -> tuple[str, str]:
        """Give the type and the number of an individual."""
        return self._people[name]

    def knows(self, name: Ref) -> bool:
        """Tell whether there is such an individual."""
        return name in self._people


def _numbered(people: Iterable[Identity]) -> dict[str, tuple[str, str]]:
    named: dict[str, tuple[str, str]] = {}
    others: list[str] = []
    for person in people:
        number = person.identifier(IdentifierKind.STS) or ""
        found = _INDIVIDUAL.fullmatch(number)
        pair = (found[1], found[2]) if found else ("epp", number)
        if number and pair not in named.values():
            named[person.ref] = pair
        else:
            others.append(person.ref)
    taken = {int(number) for _, number in named.values() if number.isdecimal()}
    first = max(taken, default=0) + 1
    return named | {name: ("local", str(number)) for number, name in enumerate(others, first)}


@frozen
class WrittenCourse:
    """Cours à écrire: its elements, in order."""

    texts: Mapping[str, str]


@define
class WrittenLine:
    """Ligne `SERVICE` à écrire."""

    subject: str
    modality: str
    co_teaching: bool | None
    teachers: tuple[Ref, ...]
    hours: str = ""
    stated: str = ""
    """Hours of the whole line, as the file wrote them."""
    texts: dict[Ref, dict[str, str]] = field(factory=dict)
    courses: defaultdict[Ref, list[WrittenCourse]] = field(factory=lambda: defaultdict(list))
    patterns: list[Pattern] = field(factory=list)
    """Slots of its lessons that are still to be attached."""


class Plan:
    """Plan d'écriture of one timetable."""

    def __init__(self, timetable: Timetable) -> None:
        """Arrange services and lessons by structure."""
        self._timetable = timetable
        self.codes = Codes(timetable)
        self._lines: defaultdict[Ref, list[WrittenLine]] = defaultdict(list)
        self.alternations: dict[str, frozenset[date]] = {
            one.code or f"A{number}": one.mondays for number, one in enumerate(timetable.declared_alternations, 1)
        }
        self.declared = frozenset(one.code for one in timetable.declared_alternations if one.code)
        self._structures = _by_key(timetable)
        self._teachers: dict[Key, Ref] = {}
        for name in (*timetable.teachers, *timetable.staff):
            self._teachers.setdefault(timetable.keys[name], name)
        self._subjects: dict[Key, Ref] = {}
        for name in timetable.subjects:
            self._subjects.setdefault(timetable.keys[name], name)
        for service in timetable.services.values():
            self._add_service(service)
        for structure, found in self._lines.items():
            self._lines[structure] = list(_one_line(found))
        for lesson, keyed in zip(timetable.weekly_lessons, timetable.keyed_lessons, strict=True):
            self._add_lesson(lesson, keyed)

    def lines_of(self, structure: Ref) -> list[WrittenLine]:
        """Give the services of a structure."""
        return self._lines[structure]

    def homes(self, group: OptionGroup) -> Iterator[str]:
        """Give the codes of the divisions that a group takes its pupils from, each once."""
        parts = (self._timetable.class_parts.get(part) for part in group.parts)
        names = (*group.classes, *(part.school_class for part in parts if part is not None))
        yield from dict.fromkeys(self.codes[name] for name in names if name in self.codes)

    def heads(self, teacher: Ref, written: Mapping[str, str]) -> dict[str, str]:
        """Give what makes a teacher the head teacher of classes, where the texts of the file do not say it."""
        said = {text for path, text in written.items() if path.startswith("PROFS_PRINC/") and "CODE_STR" in path}
        number = sum(1 for path in written if path.startswith("PROFS_PRINC/") and "CODE_STR" in path)
        found: dict[str, str] = {}
        for one in self._timetable.classes.values():
            if teacher in one.head_teachers and one.name not in said:
                number += 1
                step = "PROF_PRINC" if number == 1 else f"PROF_PRINC[{number}]"
                found[f"PROFS_PRINC/{step}/CODE_STRUCTURE"] = one.name
        return found

    def hours(self) -> dict[str, str]:
        """Give the opening times of each day: from the first lesson to the end of the last."""
        bounds: defaultdict[int, list[time]] = defaultdict(list)
        for lesson in self._timetable.weekly_lessons:
            bounds[lesson.weekday] += [moment for moment in (lesson.start, lesson.end) if moment is not None]
        texts: dict[str, str] = {}
        for number, (day, moments) in enumerate(sorted((day, found) for day, found in bounds.items() if found), 1):
            step = "HORAIRE" if number == 1 else f"HORAIRE[{number}]"
            times = {"DEBUT_COURS": _hhmm(min(moments)), "FIN_COURS": _hhmm(max(moments))}
            texts |= {f"{step}/@JOUR": str(day), **{f"{step}/{tag}": text for tag, text in times.items()}}
        return texts

    def _add_service(self, service: Service) -> None:
        subject = self._subjects.get(service.key.subject)
        if subject is None:
            return
        stated = bool(self._timetable.declared_services)
        teachers = tuple(sorted(self._teachers[who] for who in service.key.teachers if who in self._teachers))
        together = service.co_teaching if stated else (len(teachers) > 1 or None)
        for audience in service.key.audience:
            for modality in service.modality or ("" if stated else DEFAULT_MODALITY,):
                for structure in self._structures.get(audience, ()):
                    slots = list(service.patterns)
                    bare = WrittenLine(self.codes[subject], modality, together, teachers, patterns=slots)
                    self._lines[structure.ref].append(_complete(bare, service.minutes, structure.extra))

    def _add_lesson(self, lesson: WeeklyLesson, keyed: KeyedLesson) -> None:
        """Attach a lesson to a service of each of its structures, under each of its teachers.

        A lesson whose teachers change is several, each of the weeks of some teachers together.
        """
        subjects = [name for name in lesson.subjects if name in self.codes]
        for audience in (*lesson.of(Kind.CLASS), *lesson.of(Kind.GROUP)):
            if subjects and audience.who in self.codes:
                own = self._own_line(audience.who, self.codes[subjects[0]], lesson, keyed)
                parts = self._by_teachers(lesson, audience)
                for teachers, weeks in parts:
                    course = self._course(lesson, weeks, whole=len(parts) == 1)
                    if teachers and course:
                        line = own(teachers)
                        for who in teachers:
                            line.courses[who].append(course)

    def _by_teachers(self, lesson: WeeklyLesson, audience: Presence) -> list[tuple[tuple[Ref, ...], WeekSet]]:
        """Divide the weeks of an audience by who teaches; a lesson of no week at all has all its teachers."""
        teachers = [one for one in lesson.of(Kind.TEACHER) if self.codes.knows(one.who)]
        if not lesson.weeks:
            return [(tuple(sorted(one.who for one in teachers)), WeekSet())]
        parts: defaultdict[tuple[Ref, ...], list[int]] = defaultdict(list)
        for week in audience.weeks - lesson.cancelled:
            parts[tuple(sorted(one.who for one in teachers if week in one.weeks))].append(week)
        return [(who, WeekSet.of(weeks)) for who, weeks in parts.items()]

    def _own_line(
        self, structure: Ref, subject: str, lesson: WeeklyLesson, keyed: KeyedLesson
    ) -> Callable[[tuple[Ref, ...]], WrittenLine]:
        """Give the service of a lesson for any of its teachers: the one that has its slot, else the smallest.

        A line is made where no service has these teachers, as those who replace another for some weeks.
        """
        modality = _first(lesson.extra, "CODE_MOD_COURS")
        known = [one for one in self._lines[structure] if one.subject == subject]
        own = [one for one in known if one.modality == modality] or known
        slot = Pattern.of(keyed)
        stated = next((one for one in own if slot in one.patterns), None)
        if stated is not None:
            stated.patterns.remove(slot)

        def line(teachers: tuple[Ref, ...]) -> WrittenLine:
            able = [one for one in own if set(one.teachers) >= set(teachers)]
            if able:
                return min(able, key=lambda one: (one is not stated, len(one.teachers)))
            made = WrittenLine(subject, modality or DEFAULT_MODALITY, len(teachers) > 1 or None, teachers)
            self._lines[structure].append(made)
            own.append(made)
            return made

        return line

    def _course(self, lesson: WeeklyLesson, weeks: WeekSet, *, whole: bool) -> WrittenCourse | None:
        """Write a lesson in some weeks, or in all; None where it is on no day, or at no time."""
        code, day = self._rhythm(lesson, weeks, whole=whole)
        start = "" if lesson.start is None else _hhmm(lesson.start)
        length = "" if lesson.start is None or lesson.end is None else _length(lesson.start, lesson.end)
        texts = {
            "CODE_ALTERNANCE": code,
            "JOUR": day or _first(lesson.extra, "JOUR"),
            "HEURE_DEBUT": start or _first(lesson.extra, "HEURE_DEBUT"),
            "DUREE": length or _first(lesson.extra, "DUREE"),
        }
        rooms = [self.codes[one.who] for one in lesson.of(Kind.ROOM) if one.who in self.codes]
        if not texts["JOUR"] or not texts["HEURE_DEBUT"]:
            return None
        return WrittenCourse({**texts, "CODE_SALLE": rooms[0] if rooms else ""})

    def _rhythm(self, lesson: WeeklyLesson, weeks: WeekSet, *, whole: bool) -> tuple[str, str]:
        """Give the code of the alternation and the weekday; an alternation is made where none has these weeks."""
        stated = _first(lesson.extra, "CODE_ALTERNANCE")
        if stated and whole and weeks == lesson.weeks:
            return stated, str(lesson.weekday or "")
        if self._timetable.first_monday is None or not weeks:
            return "", ""
        days = weeks.dates(self._timetable.first_monday, lesson.weekday)
        mondays = frozenset(day - timedelta(days=day.isoweekday() - 1) for day in days)
        code = next((code for code, known in self.alternations.items() if known == mondays), "")
        if not code:
            number = len(self.alternations) + 1
            while f"A{number}" in self.alternations:
                number += 1
            code = f"A{number}"
            self.alternations[code] = mondays
        return code, str(days[0].isoweekday())


def _by_key(timetable: Timetable) -> Mapping[Key, list[SchoolClass | OptionGroup]]:
    found: defaultdict[Key, list[SchoolClass | OptionGroup]] = defaultdict(list)
    everything: list[SchoolClass | OptionGroup] = [*timetable.classes.values(), *timetable.option_groups.values()]
    for one in everything:
        found[one.key].append(one)
    return found


def _complete(line: WrittenLine, minutes: int | None, extra: Extra) -> WrittenLine:
    """Complete a line with hours and weightings, as the file wrote them where they still say the same."""
    prefix = f"SERVICES/{line.subject}.{line.modality}"
    written = _first(extra, f"{prefix}/HEURES_STRUCTURE")
    line.stated = written
    line.hours = written if written and _minutes(written) == minutes else _decimal(minutes)
    for who in line.teachers:
        number = who.partition(":")[2]
        texts = {tag: _first(extra, f"{prefix}/{number}/{tag}") for tag in ("HEURES_AGENT", "TAUX_PONDERATION")}
        line.texts[who] = {tag: text for tag, text in texts.items() if text}
    return line


def _one_line(found: list[WrittenLine]) -> Iterator[WrittenLine]:
    """Put together the lines of teachers who teach apart one subject of one modality, where each has hours."""
    apart: defaultdict[tuple[str, str], list[WrittenLine]] = defaultdict(list)
    for line in found:
        if not line.co_teaching and line.hours and line.teachers and _minutes(line.hours) == _agent(line):
            apart[line.subject, line.modality].append(line)
    for line in found:
        twins = apart[line.subject, line.modality]
        if len(twins) > 1 and line is twins[0]:
            texts = {who: text for twin in twins for who, text in twin.texts.items()}
            hours = line.stated or _decimal(sum(_agent(twin) or 0 for twin in twins))
            teachers = tuple(who for twin in twins for who in twin.teachers)
            slots = [slot for twin in twins for slot in twin.patterns]
            yield WrittenLine(
                line.subject, line.modality, line.co_teaching, teachers, hours, texts=texts, patterns=slots
            )
        elif len(twins) < 2 or line not in twins:  # noqa: PLR2004 - several
            yield line


def _agent(line: WrittenLine) -> int | None:
    return _minutes(line.texts.get(line.teachers[0], {}).get("HEURES_AGENT", ""))


def _minutes(text: str) -> int | None:
    try:
        return values.hours(text) if text else None
    except InvalidValue:
        return None


def _first(extra: Extra, path: str) -> str:
    return next(iter(extra.get(path, ())), "")


def _decimal(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes / HOUR:.2f}"


def _hhmm(moment: time) -> str:
    return f"{moment.hour:02}{moment.minute:02}"


def _length(start: time, end: time) -> str:
    minutes = (end.hour - start.hour) * HOUR + end.minute - start.minute
    return f"{minutes // HOUR:02}{minutes % HOUR:02}"
