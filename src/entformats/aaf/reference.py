"""References of a directory: what each record names, and what of it is not there (aaf 5.2, 6.1, 7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from attrs import frozen

from entformats.aaf.convert import read_all
from entformats.aaf.directory import Directory
from entformats.aaf.models import Record
from entformats.aaf.rows import rows_of
from entformats.aaf.table import Attribute, Category, Type
from entformats.codes.jointure import Jointure
from entformats.problems import Location, Problem, problem

__all__ = ["Reference", "dangling", "references", "unresolved"]

Place: TypeAlias = Callable[[Category, Jointure], Location]

TARGETS: Final = {
    "school": Category.SCHOOLS,
    "person": Category.GUARDIANS,
    "mef": Category.MEFS,
    "mefs": Category.MEFS,
    "subject": Category.SUBJECTS,
}
"""Field of a composite value -> the category that it refers to."""
PEOPLE: Final = (Category.PUPILS, Category.GUARDIANS, Category.STAFF)


@frozen
class Reference:
    """Renvoi d'un enregistrement à un autre.

    >>> Reference(Category.PUPILS, Jointure("3100456"), "ENTEleveMEF", Jointure("10010012110"), Category.MEFS).target
    '10010012110'
    """

    category: Category
    """Category of the record that refers."""
    key: Jointure
    attribute: str
    target: Jointure
    target_category: Category


def references(directory: Directory) -> Iterator[Reference]:
    """Give every reference that the records hold, one for each value delivered, repeated ones included.

    >>> from entformats.aaf.models import Mef
    >>> from entformats.codes import jointure
    >>> mef = Mef(jointure.parse("10110001110"), attached_to=jointure.parse("10110001110"))
    >>> [one.attribute for one in references(Directory.of([mef]))]
    ['ENTMEFRattach']
    """
    for category, table in directory.tables.items():
        alike: dict[int, tuple[tuple[Attribute, ...], list[Record]]] = {}
        for record in table.values():
            rows = rows_of(record)
            alike.setdefault(id(rows), (rows, []))[1].append(record)
        for rows, records in alike.values():
            for attribute in rows:
                if attribute.type not in _PLAIN:
                    for record in records:
                        yield from _of(category, attribute, record)


_PLAIN: Final = {Type.KEY, Type.TEXT, Type.DATE, Type.BOOL, Type.UAI, Type.LINES}


def _of(category: Category, attribute: Attribute, record: Record) -> Iterator[Reference]:
    delivered = record.extra.get(attribute.name)
    value = read_all(attribute, delivered) if delivered else getattr(record, attribute.field)
    for one in value if isinstance(value, tuple) else (value,):
        if attribute.target is not None and isinstance(one, str) and one:
            yield Reference(category, record.key, attribute.name, Jointure(one), attribute.target)
        elif one is not None:
            for name, target in _inside(one):
                yield Reference(category, record.key, attribute.name, target, TARGETS[name])


def _inside(composite: object) -> Iterator[tuple[str, Jointure]]:
    for name in TARGETS:
        held = getattr(composite, name, None)
        for target in held if isinstance(held, tuple) else (held,):
            if target:
                yield name, target


def dangling(directory: Directory) -> Iterator[Reference]:
    """Give the references to records that the directory does not hold.

    A category that is not there at all is not judged: it was not delivered.

    >>> from entformats.aaf.models import Mef
    >>> from entformats.codes import jointure
    >>> mef = Mef(jointure.parse("10310019117"), attached_to=jointure.parse("10310019110"))
    >>> [one.target for one in dangling(Directory.of([mef]))]
    ['10310019110']
    """
    tables = directory.tables
    for one in references(directory):
        if tables[one.target_category] and one.target not in tables[one.target_category]:
            yield one


def unresolved(directory: Directory, place: Place, judged: frozenset[Category]) -> Iterator[Problem]:
    """Report the references that lead nowhere, to the categories that were delivered whole.

    Findings: `dangling_reference`, one a reference; `external_structure`, one an attribute of the staff, with the exact
    number; `undeclared_class`; `identifier_in_two_categories`; `school_alias`.
    """
    outside: Counter[str] = Counter()
    total: Counter[str] = Counter()
    first: dict[str, Location] = {}
    tables = directory.tables
    for one in references(directory):
        if one.target_category not in judged:
            continue
        missing = one.target not in tables[one.target_category]
        if one.category is Category.STAFF and one.target_category is Category.SCHOOLS:
            total[one.attribute] += 1
            outside[one.attribute] += missing
            if missing:
                first.setdefault(one.attribute, place(one.category, one.key))
        elif missing:
            yield _dangling(one, place)
    for attribute, where in first.items():
        yield problem(
            "external_structure", where, attribute=attribute, count=outside[attribute], total=total[attribute]
        )
    yield from _undeclared(directory, place)
    yield from _shared_identifiers(directory, place)
    yield from _aliases(directory, place)


def _dangling(one: Reference, place: Place) -> Problem:
    where = place(one.category, one.key)
    at = Location(where.file, where.line, 0, "", where.kind, where.key, one.attribute)
    return problem("dangling_reference", at, target=one.target, category=one.target_category.value)


def _undeclared(directory: Directory, place: Place) -> Iterator[Problem]:
    """A class of a pupil is declared by the structure, when it declares any (aaf 6.1, rule 14)."""
    declared = {school.key: {one.name for one in school.classes} for school in directory.schools.values()}
    for pupil in directory.pupils.values():
        for ref in pupil.classes:
            names = declared.get(ref.school)
            if names and ref.name not in names:
                yield problem("undeclared_class", place(Category.PUPILS, pupil.key), name=ref.name)


def _shared_identifiers(directory: Directory, place: Place) -> Iterator[Problem]:
    """The three categories of people share one space of identifiers (aaf 6.1, rule 3)."""
    tables = directory.tables
    for number, category in enumerate(PEOPLE):
        for other in PEOPLE[:number]:
            for key in sorted(tables[category].keys() & tables[other].keys()):
                yield problem("identifier_in_two_categories", place(category, key), category=other.value)


def _aliases(directory: Directory, place: Place) -> Iterator[Problem]:
    """Two structures with one UAI are one establishment with two identifiers (aaf 4.1, 7)."""
    schools: dict[str, list[Jointure]] = defaultdict(list)
    for key, school in sorted(directory.schools.items()):
        if school.uai:
            schools[school.uai].append(key)
    for uai, keys in schools.items():
        for key in keys[1:]:
            yield problem("school_alias", place(Category.SCHOOLS, key), uai=uai, other=keys[0])
