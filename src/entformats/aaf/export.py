"""Records of AAF as JSON values and as rows of flat tables, for tools that know nothing of AAF.

Everything follows the record classes: a new field is a new column, a new list a new table. What is written is what
the records hold, personal data included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import TypeAlias, assert_never, get_args, get_origin, get_type_hints

import attrs
from attrs import frozen

from entformats.aaf.models import Record
from entformats.aaf.requests import Add, Delete, Modify, Request
from entformats.aaf.table import TABLES, Category
from entformats.frozen import FrozenMap

__all__ = ["JsonValue", "Row", "as_json", "as_rows", "as_value", "columns"]

JsonValue: TypeAlias = str | int | bool | list["JsonValue"] | dict[str, "JsonValue"] | None
Row: TypeAlias = tuple[str, ...]

SKIPPED = {"key", "shape", "extra"}
SEPARATOR = "|"
"""Between the values of a list inside a composite, in a cell."""


def as_json(request: Request) -> dict[str, JsonValue]:
    """Mettre une requête en JSON: `request`, `category`, `key`, then the fields that are filled; dates in ISO form.

    >>> from entformats.aaf.models import Subject
    >>> from entformats.codes import jointure
    >>> as_json(Add(Subject(jointure.parse("030201"), label="ANGLAIS LV1")))
    {'request': 'add', 'category': 'MatiereEducNat', 'key': '030201', 'label': 'ANGLAIS LV1'}
    """
    head: dict[str, JsonValue] = {"category": request.category.value, "key": request.key}
    match request:
        case Add(record=record):
            filled = {name: getattr(record, name) for name in _names(type(record))}
            return {"request": "add", **head, **_filled(filled), **_filled({"extra": record.extra})}
        case Modify(changes=changes, extra=extra):
            replaced = {name: as_value(value) for name, value in changes.items()}
            return {"request": "modify", **head, "changes": replaced, **_filled({"extra": extra})}
        case Delete():
            return {"request": "delete", **head}
        case _ as never:
            assert_never(never)


def _names(kind: type[Record]) -> tuple[str, ...]:
    return tuple(one.name for one in attrs.fields(kind) if one.name not in SKIPPED)


def _filled(values: Mapping[str, object]) -> dict[str, JsonValue]:
    return {name: as_value(value) for name, value in values.items() if value not in (None, "", (), FrozenMap())}


def as_value(value: object) -> JsonValue:
    """Mettre en JSON la valeur d'un champ: dates in ISO form, composites by the names of their parts.

    >>> from entformats.aaf.values import ClassRef
    >>> as_value((ClassRef.parse("61001$5 C"),))
    [{'school': '61001', 'name': '5 C'}]
    """
    match value:
        case None | bool() | int() | str():
            return value
        case date():
            return value.isoformat()
        case tuple():
            return [as_value(one) for one in value]
        case FrozenMap():
            return {str(name): as_value(one) for name, one in value.items()}
        case _:
            return {name: as_value(inner) for name, inner in _parts(value)}


def _parts(composite: object) -> Iterator[tuple[str, object]]:
    for name in _part_names(type(composite)):
        yield name, getattr(composite, name)


@frozen
class _Layout:
    """Disposition d'une catégorie: lone fields, in the main table; lists, each in a table of its own."""

    lone: FrozenMap[str, tuple[str, ...]]
    """Field -> names of the parts of a composite, empty for a plain value."""
    lists: FrozenMap[str, tuple[str, ...]]


@cache
def _layout(category: Category) -> _Layout:
    kind = TABLES[category].record
    hints = get_type_hints(kind)
    lone: dict[str, tuple[str, ...]] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for name in _names(kind):
        hint = hints[name]
        if get_origin(hint) is tuple:
            lists[name] = _part_names(get_args(hint)[0])
        else:
            lone[name] = _part_names(next(iter(get_args(hint)), hint))
    return _Layout(FrozenMap(lone), FrozenMap(lists))


def _part_names(kind: type) -> tuple[str, ...]:
    """Give the fields of a composite, or of any of several."""
    composites = [one for one in get_args(kind) or (kind,) if attrs.has(one)]
    return tuple(dict.fromkeys(part.name for one in composites for part in attrs.fields(one)))


def columns(category: Category) -> FrozenMap[str, Row]:
    """Donner les tables d'une catégorie et leurs colonnes: the main one, then one a list, with `key` and `rank`.

    >>> columns(Category.SUBJECTS)["MatiereEducNat"]
    ('key', 'label', 'attached_to')
    >>> columns(Category.PUPILS)["Eleve_classes"]
    ('key', 'rank', 'school', 'name', 'id', 'second', 'third')
    """
    layout = _layout(category)
    main = ["key"]
    for name, parts in layout.lone.items():
        main += [f"{name}_{part}" for part in parts] or [name]
    tables = {category.value: tuple(main)}
    for name, parts in layout.lists.items():
        tables[f"{category.value}_{name}"] = ("key", "rank", *(parts or ("value",)))
    tables[f"{category.value}_extra"] = ("key", "rank", "attribute", "value")
    return FrozenMap(tables)


def as_rows(record: Record) -> Iterator[tuple[str, Row]]:
    """Mettre un enregistrement en lignes: (table, cells), the cells in the order of `columns`; empty text for no value.

    >>> from entformats.aaf.models import Subject
    >>> from entformats.codes import jointure
    >>> list(as_rows(Subject(jointure.parse("030201"), label="ANGLAIS LV1")))
    [('MatiereEducNat', ('030201', 'ANGLAIS LV1', ''))]
    """
    category = Category.of(record)
    layout = _layout(category)
    main: list[str] = [record.key]
    for name, parts in layout.lone.items():
        main += _cells(getattr(record, name), parts)
    yield category.value, tuple(main)
    for name, parts in layout.lists.items():
        for rank, value in enumerate(getattr(record, name)):
            yield f"{category.value}_{name}", (record.key, str(rank), *_cells(value, parts))
    for attribute, texts in record.extra.items():
        for rank, text in enumerate(texts):
            yield f"{category.value}_extra", (record.key, str(rank), attribute, text)


def _cells(value: object, parts: tuple[str, ...]) -> Row:
    if not parts:
        return (_cell(value),)
    return tuple(_cell(getattr(value, part, None)) for part in parts)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case tuple():
            return SEPARATOR.join(_cell(one) for one in value)
        case date():
            return value.isoformat()
        case _:
            return str(value)
