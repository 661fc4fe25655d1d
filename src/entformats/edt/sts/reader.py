"""Reading the files of STS-Web and SIECLE of one school and year into one timetable (sts 1, 10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from attrs import evolve

from entformats.edt.export import Export
from entformats.edt.sources import Files
from entformats.edt.sts import checks, values
from entformats.edt.sts.document import StsFile
from entformats.edt.sts.flat import flat
from entformats.edt.sts.grammar import Source
from entformats.edt.sts.joining import join, read_all
from entformats.edt.sts.people import Individuals, read_individuals
from entformats.edt.sts.pupils import read_guardians, read_pupils
from entformats.edt.sts.services import Line, declared_services, kept_lines, read_lines, weekly_lessons
from entformats.edt.sts.structures import Structures, read_structures, read_subjects, rooms_of
from entformats.edt.sts.years import labels, read_year
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.limits import Limits
from entformats.problems import Findings
from entformats.timetable import Domain, Establishment, Grid, Kind, Room, SchoolClass, Subject, Timetable, ref
from entformats.timetable.models import Extra

__all__ = ["read_sts"]

DAYS = frozenset("1234567")
ELSEWHERE = frozenset(
    {
        *("MATIERES", "INDIVIDUS", "STRUCTURE", "ALTERNANCES", "SALLES_COURS", "DIVISIONS", "GROUPES"),
        *("ELEVES", "OPTIONS", "STRUCTURES", "PERSONNES", "RESPONSABLES", "ADRESSES", "UAJ", "ANNEE_SCOLAIRE"),
    }
)
"""Elements whose content has its place in the model; what is beside them goes to `Timetable.extra`."""


def read_sts(files: Files, *, uai: str | None, limits: Limits) -> Export:
    """Read files of STS-Web and SIECLE: those of one school and year make one timetable, a lone one a part of it.

    Problems: those of `catalogue/sts.toml`. Raises `UnreadableInput` and its subclasses where no file can be read.
    """
    findings = Findings(stored_per_code=limits.stored_per_code)
    joined = join(read_all(files, findings, limits), findings, uai)
    timetable = _Resolver(joined).timetable()
    first = next(iter(joined.values()))
    checks.check_school(timetable.uai, uai, findings, first.name)
    checks.check_files(joined, findings)
    made = _produced_at(joined)
    return Export("sts", timetable, findings.report(), _software(joined), made)


def _software(files: Mapping[Source, StsFile]) -> str:
    """Give the program that wrote `emp_sts`, as it names itself."""
    if Source.EMP_STS not in files:
        return ""
    return next((item.node.text for item in files[Source.EMP_STS].every("APPLICATION_SOURCE")), "")


def _produced_at(files: Mapping[Source, StsFile]) -> datetime | None:
    """Give when the last of the files of SIECLE was made. Problems: `sts_date_unreadable`."""
    found: list[datetime] = []
    for item in (item for file in files.values() for item in file.every("HORODATAGE")):
        try:
            found.append(values.moment(item.node.text))
        except InvalidValue:
            item.found("sts_date_unreadable", "", "HORODATAGE", value=item.node.text)
    return max(found, default=None)


def _days(emp_sts: StsFile | None) -> list[int]:
    """Give the days for which `emp_sts` has opening times."""
    found = () if emp_sts is None else (item.attribute("JOUR") for item in emp_sts.every("HORAIRE"))
    return sorted({int(day) for day in found if day in DAYS})


class _Resolver:
    """Builds the timetable of joined files."""

    __slots__ = ("_files", "_school")

    def __init__(self, files: Mapping[Source, StsFile]) -> None:
        self._files = files
        self._school = next((file.uai for file in files.values() if file.uai), "")

    def timetable(self) -> Timetable:
        """Build everything."""
        sts_emp, emp_sts = self._files.get(Source.STS_EMP), self._files.get(Source.EMP_STS)
        people = read_individuals(self._school, sts_emp, emp_sts)
        lines = self._lines(people)
        structures = read_structures(self._files)
        subjects = read_subjects(self._files)
        rooms = {} if emp_sts is None else rooms_of(emp_sts)
        checks.check_services(self._files, lines, subjects, rooms)
        _complete(lines, structures, subjects, rooms)
        pupils, guardians = {}, {}
        if Source.PUPILS in self._files:
            declared = bool(structures.classes or structures.groups)
            pupils = read_pupils(self._files[Source.PUPILS], self._school, structures, declared=declared)
        if Source.GUARDIANS in self._files:
            known = Source.PUPILS in self._files
            guardians = read_guardians(self._files[Source.GUARDIANS], self._school, pupils, known=known)
        numbers = (file.year for file in self._files.values() if file.year is not None)
        year = read_year(sts_emp, emp_sts, next(numbers, None))
        given = weekly_lessons(lines, year)
        _add_heads(people, structures.classes)
        bare = Timetable(
            self._school,
            year.start,
            year.end,
            year.first_monday,
            Grid(tuple(_days(emp_sts))),
            tuple(_establishments(sts_emp)),
            FrozenMap(subjects),
            FrozenMap(people.teachers()),
            FrozenMap(people.staff()),
            FrozenMap(structures.classes),
            FrozenMap(structures.parts),
            FrozenMap(structures.groups),
            FrozenMap(rooms),
            guardians=FrozenMap(guardians),
            pupils=FrozenMap(pupils),
            weekly_lessons=tuple(one.lesson for one in given),
            declared_alternations=tuple(year.alternations.values()),
            extra=self._extra(),
            silent_on=frozenset(self._silent(lines, structures)),
        )
        return evolve(bare, declared_services=declared_services(lines, given, bare))

    def _silent(self, lines: tuple[Line, ...], structures: Structures) -> Iterator[Domain]:
        """Give what the files cannot say, or do not yet: before the remontée no service is a state (sts 2.5)."""
        files = self._files.keys()
        silent = {
            Domain.SUBJECTS: files.isdisjoint({Source.STS_EMP, Source.NOMENCLATURES}),
            Domain.NAMES: Source.STS_EMP not in files,
            Domain.GROUPS: not lines and not structures.groups,
            Domain.SERVICES: not lines,
            Domain.LESSONS: Source.EMP_STS not in files,
            Domain.PUPILS: Source.PUPILS not in files,
        }
        return (domain for domain, holds in silent.items() if holds)

    def _lines(self, people: Individuals) -> tuple[Line, ...]:
        named = Source.STS_EMP in self._files
        read = {
            source: tuple(read_lines(self._files[source], people, named=named))
            for source in (Source.STS_EMP, Source.EMP_STS)
            if source in self._files
        }
        return kept_lines(read.get(Source.STS_EMP, ()), read.get(Source.EMP_STS, ()))

    def _extra(self) -> Extra:
        """Keep what is beside the entities of each file, by path below its root."""
        texts: dict[str, tuple[str, ...]] = {}
        for source, file in self._files.items():
            for section in file.root.children():
                for item in section.children():
                    if item.node.tag not in ELSEWHERE:
                        above = f"{source.value}/{section.node.tag}/"
                        wrapped = evolve(section.node, children=(item.node,))
                        texts.update(flat(wrapped, (), above))
            texts.update((f"{source.value}/@{name}", (text,)) for name, text in file.root.node.attributes.items())
        if Source.EMP_STS in self._files:
            texts.update(labels(self._files[Source.EMP_STS]))
        if Source.STS_EMP in self._files:
            for item in self._files[Source.STS_EMP].every("UAJ"):
                texts.update(flat(item.node, ("@CODE",), "STS_EDT/PARAMETRES/UAJ/"))
        return FrozenMap(texts)


def _establishments(sts_emp: StsFile | None) -> Iterator[Establishment]:
    if sts_emp is not None:
        for item in sts_emp.every("UAJ"):
            name = " ".join(filter(None, (item.text("DENOM_PRINC"), item.text("DENOM_COMPL"))))
            yield Establishment("1", sts_emp.uai, name)


def _complete(
    lines: Iterable[Line], structures: Structures, subjects: dict[Ref, Subject], rooms: dict[Ref, Room]
) -> None:
    """Make the entities that services refer to and no file declares; put the texts of services with their structure."""
    for line in lines:
        code = line.subject.partition(":")[2]
        subjects.setdefault(line.subject, Subject(line.subject, code, "", code))
        for room in line.rooms():
            rooms.setdefault(room, Room(room, room.partition(":")[2]))
        if line.structure in structures.classes:
            one = structures.classes[line.structure]
            structures.classes[line.structure] = evolve(one, extra=FrozenMap({**line.texts, **one.extra}))
        else:
            group = structures.groups[line.structure]
            structures.groups[line.structure] = evolve(group, extra=FrozenMap({**line.texts, **group.extra}))


def _add_heads(people: Individuals, classes: dict[Ref, SchoolClass]) -> None:
    """Give the classes their head teachers. Problems: `sts_division_unknown`."""
    for who, item in people.heads:
        code = item.text("CODE_STRUCTURE")
        name, teacher = ref(Kind.CLASS, code), ref(Kind.TEACHER, who)
        if name not in classes:
            item.found("sts_division_unknown", who, code=code)
        elif who in people.teaching and teacher not in classes[name].head_teachers:
            classes[name] = evolve(classes[name], head_teachers=(*classes[name].head_teachers, teacher))
