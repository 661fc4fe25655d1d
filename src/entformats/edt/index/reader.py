"""Reading the export of Index Éducation: collect all records, then resolve them; no order is relied on (edt 2.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from attrs import evolve

from entformats._envelope import ENVELOPE, Decryptor
from entformats._files import Part
from entformats.edt.export import Export
from entformats.edt.index import checks, schools, structures
from entformats.edt.index.calendar import Calendar, SchoolDates, read_grid, read_school_dates
from entformats.edt.index.document import SAID_BY, Document, open_document, read_document
from entformats.edt.index.lessons import LessonReader
from entformats.edt.index.people import PersonReader
from entformats.edt.index.record import Reading, Record
from entformats.edt.index.sealed import begun, read_sealed
from entformats.edt.index.structures import table
from entformats.edt.index.table import is_lesson_table, read_table
from entformats.edt.sources import Files
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.limits import Limits
from entformats.problems import Findings
from entformats.timetable import ClassPart, Establishment, Grid, Kind, Timetable, WeeklyLesson

__all__ = ["read_index"]

T = TypeVar("T")


def read_index(files: Files, *, uai: str | None, limits: Limits, decrypt: Decryptor | None = None) -> Export:
    """Read one `ExportEmploiDuTemps`, in clear or in its encrypted envelope, or a `TABLE` of lessons.

    Problems: those of section 7.1 of the format page. Raises `UnreadableInput` and its subclasses where there is no
    such document, or not all of it, and `Encrypted` for an envelope that `decrypt` does not open.
    """
    root, part = begun(files.one(), limits)
    if root.name == ENVELOPE:
        return read_sealed(part, decrypt, limits, lambda inside: _read_clear(inside, uai, limits))
    if is_lesson_table(root):
        return read_table(part, uai=uai, limits=limits)
    return _read_clear(part, uai, limits)


def _read_clear(part: Part, uai: str | None, limits: Limits) -> Export:
    findings = Findings(stored_per_code=limits.stored_per_code)
    reader = open_document(part, findings, limits)
    reading = Reading(part.name, findings, limits)
    timetable = _Resolver(read_document(reader, reading), reading).timetable(uai)
    reading.tell()
    return Export("edt", timetable, findings.report())


class _Resolver:
    """Deuxième passe: builds the entities of a collected document."""

    __slots__ = ("_document", "_reading", "_records")

    def __init__(self, document: Document, reading: Reading) -> None:
        self._document = document
        self._reading = reading
        self._records: dict[Ref, Record] = {}

    def timetable(self, uai: str | None) -> Timetable:
        """Build everything, choose the school, check."""
        root = Record(self._reading, self._document.root, self._document.root.tag)
        version, written = root.text("Version"), root.text("UAI")
        establishments = self._establishments(root)
        school = schools.choose_uai(written, establishments, uai, self._reading)
        calendar = self._calendar(root)
        bare = Timetable(
            school,
            calendar.dates.start,
            calendar.dates.end,
            calendar.dates.first_monday,
            calendar.grid,
            establishments,
            version=version,
            silent_on=frozenset(one for one, name in SAID_BY.items() if name not in self._document.containers),
        )
        whole = self._with_people(self._with_structures(bare))
        full = evolve(whole, weekly_lessons=tuple(self._lessons(whole, calendar)), extra=root.rest())
        checks.check(full, self._records)
        return schools.only_school(full, wanted=uai)

    def _read(self, path: str, kind: Kind, build: Callable[[Record, Ref], T]) -> dict[Ref, T]:
        """Build the entities of one path; their records are remembered, for the findings of later checks."""
        built: dict[Ref, T] = {}
        for name, record, entity in table(self._at(path), kind, build):
            built[name] = entity
            self._records[name] = record
        return built

    def _at(self, path: str) -> Iterator[Record]:
        return (Record(self._reading, node, path) for node in self._document.records.get(path, ()))

    def _establishments(self, root: Record) -> tuple[Establishment, ...]:
        found: list[Establishment] = []
        for name, record, _ in table(self._at("Etablissements/Etablissement"), Kind.CLASS, lambda _, name: name):
            found.append(structures.read_establishment(record, name.partition(":")[2]))
            root.keep(record)
        return tuple(found)

    def _calendar(self, root: Record) -> Calendar:
        year = self._header(root, "AnneeScolaire")
        dates = SchoolDates() if year is None else read_school_dates(year)
        if dates.first_monday is None:
            self._reading.found("school_year_missing", None if year is None else year.node)
        grid = self._header(root, "GrilleHoraire")
        if grid is None:
            self._reading.found("grid_missing", None)
        return Calendar(dates, Grid() if grid is None else read_grid(grid))

    def _header(self, root: Record, name: str) -> Record | None:
        node = self._document.headers.get(name)
        if node is None:
            return None
        record = Record(self._reading, node, name)
        root.keep(record, name)
        return record

    def _with_structures(self, timetable: Timetable) -> Timetable:
        parts: dict[Ref, ClassPart] = {}
        classes = self._read(
            "Classes/Classe", Kind.CLASS, lambda record, name: structures.read_class(record, name, parts)
        )
        return evolve(
            timetable,
            subjects=FrozenMap(self._read("Matieres/Matiere", Kind.SUBJECT, structures.read_subject)),
            classes=FrozenMap(classes),
            class_parts=FrozenMap(parts),
            option_groups=FrozenMap(self._read("Groupes/Groupe", Kind.GROUP, structures.read_group)),
            rooms=FrozenMap(self._read("Salles/Salle", Kind.ROOM, structures.read_room)),
            equipment=FrozenMap(self._read("Materiels/Materiel", Kind.EQUIPMENT, structures.read_equipment)),
        )

    def _with_people(self, timetable: Timetable) -> Timetable:
        people = PersonReader(timetable.uai)
        people.guardians.update(self._read("Responsables/Responsable", Kind.GUARDIAN, people.guardian))
        pupils = self._read("Eleves/Eleve", Kind.PUPIL, people.pupil)
        return evolve(
            timetable,
            teachers=FrozenMap(self._read("Professeurs/Professeur", Kind.TEACHER, people.teacher)),
            staff=FrozenMap(self._read("Personnels/Personnel", Kind.STAFF, people.staff)),
            guardians=FrozenMap(people.guardians),
            pupils=FrozenMap(pupils),
        )

    def _lessons(self, timetable: Timetable, calendar: Calendar) -> Iterator[WeeklyLesson]:
        classes = timetable.classes
        reader = LessonReader(
            calendar,
            frozenset(name for names in _resources(timetable) for name in names),
            FrozenMap((name, subject.code or subject.label) for name, subject in timetable.subjects.items()),
            FrozenMap((name, classes[part.school_class].name) for name, part in timetable.class_parts.items()),
        )
        return (reader.lesson(record) for record in self._at("Cours/Cours"))


def _resources(timetable: Timetable) -> tuple[Mapping[Ref, object], ...]:
    """Give everything that a lesson may hold besides its subject."""
    return (
        timetable.teachers,
        timetable.staff,
        timetable.classes,
        timetable.class_parts,
        timetable.option_groups,
        timetable.rooms,
        timetable.equipment,
        timetable.pupils,
    )
