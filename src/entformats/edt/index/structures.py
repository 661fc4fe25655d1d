"""Subjects, rooms, equipment, classes with their parts, groups, establishments (edt 2.3, 2.6, 2.9 to 2.11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from entformats.edt.index.record import Record
from entformats.identity import Ref
from entformats.timetable import (
    ClassPart,
    Equipment,
    Establishment,
    Kind,
    OptionGroup,
    Room,
    SchoolClass,
    Subject,
    ref,
)

__all__ = ["read_class", "read_equipment", "read_establishment", "read_group", "read_room", "read_subject", "table"]

T = TypeVar("T")


def table(records: Iterable[Record], kind: Kind, build: Callable[[Record, Ref], T]) -> Iterator[tuple[Ref, Record, T]]:
    """Build the entities of one kind; the first of two with one `Ident` is kept.

    Problems: `ident_unreadable`, `ident_duplicate`; in both cases the element is dropped (edt 7.1).
    """
    seen: set[str] = set()
    for record in records:
        ident = record.ident()
        if ident is not None and ident in seen:
            record.found("ident_duplicate", "Ident")
        elif ident is not None:
            seen.add(ident)
            name = ref(kind, ident)
            yield name, record, build(record, name)


def read_subject(record: Record, name: Ref) -> Subject:
    """Read `Matieres/Matiere`."""
    return Subject(name, record.text("Code"), record.text("Libelle"), extra=record.rest())


def read_room(record: Record, name: Ref) -> Room:
    """Read `Salles/Salle`."""
    return Room(name, record.text("Nom"), record.rest())


def read_equipment(record: Record, name: Ref) -> Equipment:
    """Read `Materiels/Materiel`."""
    return Equipment(name, record.text("Nom"), record.rest())


def read_establishment(record: Record, ident: str) -> Establishment:
    """Read `Etablissements/Etablissement`; what is left of it stays in `record`."""
    return Establishment(ident, record.text("Numero").strip().upper(), record.text("Nom"))


def read_class(record: Record, name: Ref, parts: dict[Ref, ClassPart]) -> SchoolClass:
    """Read `Classes/Classe` and add the parts that it defines to `parts`."""
    label = record.text("Nom")
    own = tuple(_parts(record, name, parts))
    heads = tuple(references(record, "ProfesseurPrincipal", Kind.TEACHER))
    schools = tuple(ident.partition(":")[2] for ident in references(record, "Etablissement", Kind.CLASS))
    return SchoolClass(name, label, own, heads, schools, record.rest())


def _parts(owner: Record, school_class: Ref, parts: dict[Ref, ClassPart]) -> Iterator[Ref]:
    for record in owner.each("PartieDeClasse"):
        ident = record.ident()
        if ident is None:
            continue
        name = ref(Kind.PART, ident)
        if name in parts:
            record.found("ident_duplicate", "Ident")
            continue
        parts[name] = ClassPart(name, school_class, record.optional("Nom"))
        owner.keep(record)
        yield name


def references(owner: Record, tag: str, kind: Kind) -> Iterator[Ref]:
    """Read the children that are references by `Ident`; they are kept, whatever they point to."""
    for record in owner.each(tag):
        ident = record.ident()
        if ident is not None:
            owner.keep(record)
            yield ref(kind, ident)


def read_group(record: Record, name: Ref) -> OptionGroup:
    """Read `Groupes/Groupe`: its classes, class parts and pupils."""
    label = record.text("Nom")
    classes = tuple(references(record, "Classe", Kind.CLASS))
    parts = tuple(references(record, "PartieDeClasse", Kind.PART))
    pupils = tuple(references(record, "Eleve", Kind.PUPIL))
    return OptionGroup(name, label, classes, parts, pupils, extra=record.rest())
