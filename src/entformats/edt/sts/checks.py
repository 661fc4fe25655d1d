"""What the joined files show: the state of the remontée, services that lack something, files that are missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from entformats.codes import uai as uais
from entformats.edt.sts.document import Item, StsFile
from entformats.edt.sts.grammar import Source
from entformats.edt.sts.services import Line
from entformats.edt.sts.structures import code_of
from entformats.identity import Ref
from entformats.problems import Findings, Location
from entformats.timetable import Kind

__all__ = ["check_files", "check_school", "check_services"]

SERVICED = (Source.STS_EMP, Source.EMP_STS)


def check_school(uai: str, wanted: str | None, findings: Findings, file: str) -> None:
    """Judge the UAI of the files.

    Problems: `unexpected_uai` (error) where another school was asked for, `timetable_uai_invalid` (error),
    `timetable_uai_letter`.
    """
    where = Location(file)
    if wanted is not None and uais.compact(wanted) != uai:
        findings.found("unexpected_uai", where, expected=uais.compact(wanted), found=uai)
    if not uais.is_valid(uai):
        findings.found("timetable_uai_invalid", where, uai=uai)
    elif not uais.is_checked(uais.parse(uai)):
        findings.found("timetable_uai_letter", where, uai=uai, expected=uais.check_letter(uai))


def check_files(files: Mapping[Source, StsFile], findings: Findings) -> None:
    """Say what is missing: a lone file is a partial timetable.

    Problems: `sts_names_missing`, `sts_lessons_missing`, `sts_timetable_missing`, `sts_pupils_missing`.
    """
    where = Location(next(iter(files.values())).name)
    if Source.STS_EMP not in files and Source.EMP_STS not in files:
        findings.found("sts_timetable_missing", where)
    elif Source.STS_EMP not in files:
        findings.found("sts_names_missing", where)
    elif Source.EMP_STS not in files:
        findings.found("sts_lessons_missing", where)
    if Source.PUPILS not in files:
        findings.found("sts_pupils_missing", where)


def check_services(
    files: Mapping[Source, StsFile], lines: Sequence[Line], subjects: Iterable[Ref], rooms: Iterable[Ref]
) -> None:
    """Judge the services, each at its element.

    Where no division and no group has any, the remontée was not done, and nothing more is said (sts 2.5).

    Problems: `sts_before_remontee`, `sts_service_without_teacher`, `sts_subject_unknown`, `sts_class_without_service`,
    `sts_group_without_subject`, `sts_group_several_subjects`, `sts_room_unknown`.
    """
    structures = [(kind, item) for file in _serviced(files) for kind, item in _structures(file)]
    if structures and not lines:
        structures[0][1].found("sts_before_remontee")
        return
    known = frozenset(subjects)
    for line in lines:
        code = line.subject.partition(":")[2]
        if not line.assignments:
            line.item.found("sts_service_without_teacher", code, structure=line.structure.partition(":")[2])
        if line.subject not in known and Source.STS_EMP in files:
            line.item.found("sts_subject_unknown", code)
    _check_subjects(structures, lines)
    _check_rooms(lines, frozenset(rooms))


def _serviced(files: Mapping[Source, StsFile]) -> Iterable[StsFile]:
    return (files[source] for source in SERVICED if source in files)


def _structures(file: StsFile) -> Iterable[tuple[Kind, Item]]:
    kinds = (("DIVISION", Kind.CLASS), ("GROUPE", Kind.GROUP))
    return ((kind, item) for tag, kind in kinds for item in file.every(tag))


def _check_subjects(structures: Iterable[tuple[Kind, Item]], lines: Iterable[Line]) -> None:
    taught: defaultdict[Ref, set[Ref]] = defaultdict(set)
    for line in lines:
        taught[line.structure].add(line.subject)
    judged: set[Ref] = set()
    for kind, item in structures:
        code = code_of(item)
        name = Ref(f"{kind}:{code}")
        if name in judged:
            continue
        judged.add(name)
        if not taught[name]:
            slug = "sts_class_without_service" if kind is Kind.CLASS else "sts_group_without_subject"
            item.found(slug, code)
        elif kind is Kind.GROUP and len(taught[name]) > 1:
            item.found("sts_group_several_subjects", code, count=len(taught[name]))


def _check_rooms(lines: Iterable[Line], known: frozenset[Ref]) -> None:
    """Report the rooms that no element declares, each once, where the file declares any."""
    told: set[Ref] = set()
    for line, room in ((one, room) for one in lines for room in one.rooms()):
        if known and room not in known and room not in told:
            told.add(room)
            line.item.found("sts_room_unknown", line.subject.partition(":")[2], code=room.partition(":")[2])
