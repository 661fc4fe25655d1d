"""Subjects, rooms, classes and groups, of all the files that speak of them (sts 2.2, 2.3, 3, 7, 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from attrs import evolve, field, frozen

from entformats.edt.sts.document import Item, StsFile
from entformats.edt.sts.flat import flat
from entformats.edt.sts.grammar import Source
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.timetable import ClassPart, Kind, OptionGroup, Room, SchoolClass, Subject, ref

__all__ = ["CODES", "Structures", "class_ref", "code_of", "group_ref", "read_structures", "read_subjects", "rooms_of"]

T = TypeVar("T", SchoolClass, OptionGroup, Subject, Room)

CODES = ("CODE", "CODE_STRUCTURE", "CODE_MATIERE")
"""Where the code of a structure or subject is, as an attribute or as a child (sts 8)."""
CODED = (*(f"@{name}" for name in CODES), *CODES)
TAKEN = (*CODED, "SERVICES", "DIVISIONS_APPARTENANCE")
LABELS = ("LIBELLE_LONG", "LIBELLE_EDITION", "LIBELLE_COURT", "CODE_GESTION")
STRUCTURED = (Source.STS_EMP, Source.EMP_STS, Source.STRUCTURES)


def code_of(item: Item) -> str:
    """Give the code of a structure or subject, as it stands but for the blanks around it."""
    return item.attribute(*CODES)


def class_ref(code: str) -> Ref:
    """Name a division by its code."""
    return ref(Kind.CLASS, code)


def group_ref(code: str) -> Ref:
    """Name a group by its code."""
    return ref(Kind.GROUP, code)


@frozen
class Structures:
    """Divisions, parties et groupes. A group is made of a part of each division that its pupils come from."""

    classes: dict[Ref, SchoolClass] = field(factory=dict)
    parts: dict[Ref, ClassPart] = field(factory=dict)
    groups: dict[Ref, OptionGroup] = field(factory=dict)

    def add_class(self, code: str) -> Ref:
        """Give the class of a code; it is made where no file declares it."""
        name = class_ref(code)
        self.classes.setdefault(name, SchoolClass(name, code))
        return name

    def add_group(self, code: str) -> Ref:
        """Give the group of a code; it is made where no file declares it."""
        name = group_ref(code)
        self.groups.setdefault(name, OptionGroup(name, code, code=code))
        return name


def read_structures(files: Mapping[Source, StsFile]) -> Structures:
    """Read the divisions and groups of all files; what a second file says goes to `extra`, below the name of its root.

    Problems: `sts_id_missing`, `sts_id_duplicate`, `sts_division_unknown`, `sts_groups_nested`.
    """
    found = Structures()
    for source in STRUCTURED:
        if source in files:
            for _, item in _once(files[source], "DIVISION"):
                _add_extra(found.classes, found.add_class(code_of(item)), item, source)
    for source in STRUCTURED:
        if source in files:
            _check_nesting(files[source])
            for _, item in _once(files[source], "GROUPE"):
                name = found.add_group(code_of(item))
                _add_extra(found.groups, name, item, source)
                for division in item.every("DIVISION_APPARTENANCE"):
                    _add_part(found, name, division)
                    _add_extra(found.groups, name, division, source, CODED, f"DIVISION/{code_of(division)}/")
    return found


def _once(file: StsFile, tag: str) -> Iterator[tuple[str, Item]]:
    """Give the elements of one name with their code, each code once (sts 3: groups at any depth)."""
    seen: set[str] = set()
    for item in file.every(tag):
        code = code_of(item)
        if not code or code in seen:
            item.found("sts_id_duplicate" if code else "sts_id_missing", code)
        else:
            seen.add(code)
            yield code, item


def _add_extra(
    into: dict[Ref, T],
    name: Ref,
    item: Item,
    source: Source,
    taken: tuple[str, ...] = TAKEN,
    below: str = "",
) -> None:
    prefix = below if source is Source.STS_EMP else f"{source.value}/{below}"
    entity = into[name]
    into[name] = evolve(entity, extra=FrozenMap({**entity.extra, **dict(flat(item.node, taken, prefix))}))


def _check_nesting(file: StsFile) -> None:
    nested = next((one for divisions in file.every("DIVISIONS") for one in divisions.every("GROUPE")), None)
    if nested is not None:
        nested.found("sts_groups_nested", code_of(nested))


def _add_part(found: Structures, group: Ref, division: Item) -> None:
    """Add the part of a division that goes to a group."""
    code, taught = code_of(division), found.groups[group]
    home = class_ref(code)
    part = ref(Kind.PART, f"{code}/{taught.code}")
    if home not in found.classes:
        division.found("sts_division_unknown", taught.code, code=code)
    elif part not in found.parts:
        found.parts[part] = ClassPart(part, home, taught.code)
        found.classes[home] = evolve(found.classes[home], parts=(*found.classes[home].parts, part))
        found.groups[group] = evolve(taught, parts=(*taught.parts, part))


def read_subjects(files: Mapping[Source, StsFile]) -> dict[Ref, Subject]:
    """Read the subjects of `sts_emp`, then those that only `BEE_NOMENCLATURES` has.

    Problems: `sts_id_missing`, `sts_id_duplicate`.
    """
    subjects: dict[Ref, Subject] = {}
    for source in (Source.STS_EMP, Source.NOMENCLATURES):
        if source in files:
            for code, item in _once(files[source], "MATIERE"):
                name = ref(Kind.SUBJECT, code)
                label = next(filter(None, (item.text(tag) for tag in LABELS)), "")
                subjects.setdefault(name, Subject(name, code, label, code))
                _add_extra(subjects, name, item, source)
    return subjects


def rooms_of(file: StsFile) -> dict[Ref, Room]:
    """Read the rooms of `emp_sts`. Problems: `sts_id_missing`, `sts_id_duplicate`."""
    rooms: dict[Ref, Room] = {}
    for code, item in _once(file, "SALLE_COURS"):
        name = ref(Kind.ROOM, code)
        rooms[name] = Room(name, code, FrozenMap(flat(item.node, TAKEN)))
    return rooms
