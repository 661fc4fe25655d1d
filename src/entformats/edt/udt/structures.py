"""Subjects, rooms, divisions, their parts and the groups made of them (udt 4.2, 4.4, 4.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from attrs import evolve, frozen

from entformats.edt.udt.document import Document
from entformats.edt.udt.record import Reading, Record, Row
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.timetable import ClassPart, Kind, OptionGroup, Room, SchoolClass, Subject, ref

__all__ = ["OWN_PARTS", "PLACEHOLDER", "Structures", "part_ref", "read_structures", "table"]

T = TypeVar("T")
OWN_PARTS = "code_sts"
"""Key of `OptionGroup.extra`: the parts that bear its code, where they are also in another group that has one."""
PLACEHOLDER = "***"
"""Code of a subject that is none (udt 4.2)."""


@frozen
class Structures:
    """Structures de l'archive. `homes` gives the group of a class part that has one; `groupings` those of UDCal_13."""

    subjects: FrozenMap[Ref, Subject]
    rooms: FrozenMap[Ref, Room]
    classes: FrozenMap[Ref, SchoolClass]
    parts: FrozenMap[Ref, ClassPart]
    groups: FrozenMap[Ref, OptionGroup]
    homes: FrozenMap[Ref, Ref]
    groupings: FrozenMap[str, Ref]


def part_ref(division: str, code: str) -> Ref:
    """Name a part of a division: its code is unique inside the division only (udt 4.4).

    >>> part_ref("5A", "E")
    'part:5A/E'
    """
    return ref(Kind.PART, f"{division}/{code}")


def table(
    rows: Iterable[Row], kind: Kind, reading: Reading, build: Callable[[Record, Ref, str], T]
) -> Iterator[tuple[Ref, Record, T]]:
    """Build the entities of one kind; the first of two with one code is kept.

    Problems: `udt_key_missing`, `udt_key_duplicate`; in both cases the record is dropped.
    """
    seen: set[str] = set()
    for row in rows:
        record = Record(reading, row)
        code = record.key("code")
        if code in seen:
            record.found("udt_key_duplicate", "code")
        elif code:
            seen.add(code)
            name = ref(kind, code)
            yield name, record, build(record, name, code)


def read_structures(document: Document, reading: Reading) -> Structures:
    """Read the members 03, 05, 08, 19 and 13.

    Problems: those of `table`, `udt_reference_unknown`, `udt_group_skipped`, `udt_grouping_member_dropped`.
    """
    subjects = _entities(document, "05", Kind.SUBJECT, reading, _subject)
    subjects.pop(ref(Kind.SUBJECT, PLACEHOLDER), None)
    classes = _entities(document, "08", Kind.CLASS, reading, _class)
    groups = _Groups(classes, reading)
    for row in document.of("19"):
        groups.part(Record(reading, row))
    for row in document.of("13"):
        groups.grouping(Record(reading, row))
    owned: dict[Ref, list[Ref]] = {}
    for part in groups.parts.values():
        owned.setdefault(part.school_class, []).append(part.ref)
    whole = {name: evolve(one, parts=tuple(owned.get(name, ()))) for name, one in classes.items()}
    return Structures(
        FrozenMap(subjects),
        FrozenMap(_entities(document, "03", Kind.ROOM, reading, _room)),
        FrozenMap(whole),
        FrozenMap(groups.parts),
        FrozenMap(groups.told()),
        FrozenMap(groups.homes),
        FrozenMap(groups.groupings),
    )


def _entities(
    document: Document, number: str, kind: Kind, reading: Reading, build: Callable[[Record, Ref, str], T]
) -> dict[Ref, T]:
    return {name: one for name, _, one in table(document.of(number), kind, reading, build)}


def _subject(record: Record, name: Ref, code: str) -> Subject:
    """Read a subject; `code_gep1` says what it corresponds to, itself where it is empty (udt 4.2)."""
    label, national = record.raw("libelle"), record.optional("code_gep1")
    return Subject(name, code, label, national, record.rest())


def _room(record: Record, name: Ref, code: str) -> Room:
    return Room(name, record.optional("nom") or code, record.rest())


def _class(record: Record, name: Ref, code: str) -> SchoolClass:
    return SchoolClass(name, code, extra=record.rest(["libelle", "code_gep"]))


class _Groups:
    """Groupes: parts of divisions and sets of them, under the names by which an ENT knows them.

    All that bears one name is one group: parts that share a `code_sts`, and the regroupement of that name.
    """

    __slots__ = ("_classes", "_reading", "_skipped", "found", "groupings", "homes", "parts")

    def __init__(self, classes: dict[Ref, SchoolClass], reading: Reading) -> None:
        self._classes = classes
        self._reading = reading
        self._skipped: set[Ref] = set()
        self.parts: dict[Ref, ClassPart] = {}
        self.homes: dict[Ref, Ref] = {}
        self.found: dict[Ref, OptionGroup] = {}
        self.groupings: dict[str, Ref] = {}

    def part(self, record: Record) -> None:
        """Read `gpe`: `code_sts` filled names the group, empty skips it, absent leaves division + code (udt 4.4)."""
        division, code = record.key("code_div"), record.key("code")
        if not division or not code:
            return
        name, owner = part_ref(division, code), ref(Kind.CLASS, division)
        if name in self.parts:
            record.found("udt_key_duplicate", "code")
            return
        if owner not in self._classes:
            record.found("udt_reference_unknown", "code_div", of="div", ident=division)
            return
        self.parts[name] = ClassPart(name, owner, code)
        sts = record.text("code_sts")
        record.keep("id")
        if sts or not record.has("code_sts"):
            group = self._add(sts or division + code, sts)
            self._grow(group, parts=(name,))
            self.homes[name] = group
        else:
            record.found("udt_group_skipped", "code_sts", part=f"{division}/{code}")
        record.skip_rest()

    def _add(self, label: str, code: str) -> Ref:
        name = ref(Kind.GROUP, label)
        if name not in self.found:
            self.found[name] = OptionGroup(name, label, code=code)
        elif code:
            self.found[name] = evolve(self.found[name], code=code)
        return name

    def _grow(self, group: Ref, *, parts: tuple[Ref, ...] = (), classes: tuple[Ref, ...] = ()) -> None:
        """Add parts and classes; their order is that of their references."""
        known = self.found[group]
        self.found[group] = evolve(
            known,
            parts=tuple(sorted({*known.parts, *parts})),
            classes=tuple(sorted({*known.classes, *classes})),
        )

    def grouping(self, record: Record) -> None:
        """Read one member of a regroupement: a part, or a whole division where `code_gpe` is empty (udt 4.5)."""
        code, division = record.key("code"), record.key("code_div")
        label, part = record.text("nom"), record.text("code_gpe")
        record.keep("id")
        record.skip_rest()
        if not code or not division:
            return
        known = self.homes if part else self._classes
        member = part_ref(division, part) if part else ref(Kind.CLASS, division)
        if member not in known:
            record.found("udt_grouping_member_dropped", "code_gpe", member=member, grouping=label or code)
            return
        group = self.groupings.get(code) or self._add(label or code, "")
        self.groupings[code] = group
        self._grow(group, parts=(member,) if part else (), classes=() if part else (member,))

    def told(self) -> Iterator[tuple[Ref, OptionGroup]]:
        """Give the groups; a part of two groups that have codes bears that of one only, which then says so."""
        coded = Counter(part for group in self.found.values() if group.code for part in group.parts)
        for name, group in self.found.items():
            own = tuple(part for part in group.parts if coded[part] > 1 and self.homes.get(part) == name)
            yield name, evolve(group, extra=FrozenMap({OWN_PARTS: own})) if own else group
