"""A timetable as JSON values and as rows of flat tables, for tools that know nothing of it.

Everything follows the model: a new field is a new column, a new list a new table. What is written is what the timetable
holds, personal data included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from functools import cache
from typing import TypeAlias, get_args, get_origin, get_type_hints

import attrs
from attrs import field, frozen

from entformats.codes import weeks
from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Identifier, Identity
from entformats.timetable import models
from entformats.timetable.keyed import ServiceKey
from entformats.timetable.models import Domain, Extra, Slot
from entformats.timetable.services import Pattern, Service
from entformats.timetable.timetable import Timetable

__all__ = ["TABLES", "Heading", "JsonValue", "Row", "as_rows", "columns", "entities", "to_json"]

JsonValue: TypeAlias = str | int | bool | list["JsonValue"] | dict[str, "JsonValue"] | None
Row: TypeAlias = tuple[str, ...]

SEPARATOR = "|"
"""Between the values of a list inside a composite, in a cell."""
INNER = ":"
"""Between the parts of a composite inside a list, in a cell."""
NO_WEEK = "0"
"""What stands for no week at all, where an empty text is every week."""
FLAT = "identity"
"""Composite whose parts are columns under their own names; so are those of the key of a service."""
SERVICE = "service"
"""Name in JSON of the key of a service: its subject, teachers and audience."""


@frozen
class Heading:
    """En-tête d'un emploi du temps: what is said of the whole of it.

    >>> Heading.of(Timetable("0749999S")).uai
    '0749999S'
    """

    uai: str
    start: date | None
    end: date | None
    first_monday: date | None
    version: str
    slot_minutes: int | None
    slots_per_day: int | None
    days: tuple[int, ...]
    slots: tuple[Slot, ...]
    silent_on: tuple[Domain, ...]
    extra: Extra = field(repr=False)

    @classmethod
    def of(cls, timetable: Timetable) -> Heading:
        """Take it from a timetable."""
        grid = timetable.grid
        return cls(
            *(timetable.uai, timetable.start, timetable.end, timetable.first_monday, timetable.version),
            *(grid.slot_minutes, grid.slots_per_day, grid.days, grid.slots),
            tuple(sorted(timetable.silent_on)),
            timetable.extra,
        )


TABLES: Mapping[str, type] = FrozenMap(
    {
        "timetable": Heading,
        "establishments": models.Establishment,
        "subjects": models.Subject,
        "teachers": models.Teacher,
        "staff": models.StaffMember,
        "classes": models.SchoolClass,
        "class_parts": models.ClassPart,
        "option_groups": models.OptionGroup,
        "rooms": models.Room,
        "equipment": models.Equipment,
        "guardians": models.Guardian,
        "pupils": models.Pupil,
        "weekly_lessons": models.WeeklyLesson,
        "closures": models.Closure,
        "alternations": models.Alternation,
        "services": Service,
        "lessons": models.Lesson,
    }
)
"""Name of a table -> what its rows are.

Closures, alternations and services are deduced where the program declares none; `lessons` are the dated ones, which
follow from the others.
"""


def entities(timetable: Timetable) -> Iterator[tuple[str, str, object]]:
    """Donner tout ce que dit un emploi du temps: table, key and entity; the key is the reference, or a rank from 0.

    >>> [table for table, _, _ in entities(Timetable("0749999S"))]
    ['timetable']
    """
    yield "timetable", timetable.uai, Heading.of(timetable)
    for table in TABLES:
        if table not in {"timetable", "lessons"}:
            held: object = getattr(timetable, table)
            values = held.values() if isinstance(held, Mapping) else held
            assert isinstance(values, Iterable)
            for rank, value in enumerate(values):
                yield table, _key(value, rank), value
    for rank, lesson in enumerate(timetable.lessons()):
        yield "lessons", str(rank), lesson


def _key(entity: object, rank: int) -> str:
    """Give the reference of an entity, or of the person who it is."""
    who: object = getattr(entity, FLAT, entity)
    return str(getattr(who, "ref", rank))


def to_json(table: str, key: str, entity: object) -> dict[str, JsonValue]:
    """Mettre une entité en JSON: `table`, `key`, the fields that are filled; weeks as `1..7,10`, dates as ISO.

    >>> to_json("rooms", "room:1", models.Room(models.ref(models.Kind.ROOM, "1"), "B 204"))
    {'table': 'rooms', 'key': 'room:1', 'name': 'B 204'}
    """
    names = [name for name in _fields(type(entity)) if name != "ref"]
    filled = {name: value for name in names if _is_filled(value := getattr(entity, name))}
    told = {SERVICE if name == "key" else name: _value(value) for name, value in filled.items()}
    return {"table": table, "key": key, **told}


def _fields(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in attrs.fields(kind))


def _is_filled(value: object) -> bool:
    return value is False or value == 0 or isinstance(value, WeekSet) or bool(value)


def _value(value: object) -> JsonValue:
    match value:
        case frozenset():
            return sorted((_value(one) for one in value), key=str)
        case tuple():
            return [_value(one) for one in value]
        case FrozenMap():
            return {str(name): _value(one) for name, one in value.items()}
        case _ if attrs.has(type(value)) and not isinstance(value, WeekSet):
            inside = ((name, getattr(value, name)) for name in _fields(type(value)) if name != "ref")
            return {name: _value(inner) for name, inner in inside if _is_filled(inner)}
        case _:
            return _scalar(value)


def _scalar(value: object) -> str | int | None:
    if isinstance(value, WeekSet):
        return weeks.format(value) or NO_WEEK
    if isinstance(value, date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)


@frozen
class _Layout:
    """Disposition d'une table: lone fields, in it; lists, each in a table of its own."""

    lone: FrozenMap[str, tuple[str, ...]]
    """Field -> names of the parts of a composite, empty for a plain value."""
    lists: FrozenMap[str, tuple[str, ...]]


@cache
def _layout(kind: type) -> _Layout:
    known = {"WeekSet": WeekSet, "Identity": Identity, "Identifier": Identifier, "Pattern": Pattern}
    hints = get_type_hints(kind, localns={**known, "ServiceKey": ServiceKey})
    lone: dict[str, tuple[str, ...]] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for name in _fields(kind):
        hint = hints[name]
        if get_origin(hint) in {tuple, frozenset}:
            lists[name] = _parts(get_args(hint)[0])
        elif name not in {"ref", "extra"}:
            lone[name] = _parts(hint)
    return _Layout(FrozenMap(lone), FrozenMap(lists))


def _parts(kind: type) -> tuple[str, ...]:
    composite = attrs.has(kind) and kind is not WeekSet
    return tuple(name for name in _fields(kind) if name != "ref") if composite else ()


def columns(table: str) -> FrozenMap[str, Row]:
    """Donner une table, celles de ses listes, et leurs colonnes: `key` first, and `position` in a list, from 0.

    >>> columns("closures")["closures"]
    ('key', 'first', 'last', 'label')
    >>> list(columns("pupils"))
    ['pupils', 'pupils_memberships', 'pupils_guardians', 'pupils_extra']
    """
    kind = TABLES[table]
    layout = _layout(kind)
    main = ["key"]
    for name, parts in layout.lone.items():
        prefix = "" if name in {FLAT, "key"} else f"{name}_"
        main += [f"{prefix}{part}" for part in parts] or [name]
    tables: dict[str, Row] = {table: tuple(main)}
    for name, parts in layout.lists.items():
        tables[f"{table}_{name}"] = ("key", "position", *(parts or ("value",)))
    if "extra" in _fields(kind):
        tables[f"{table}_extra"] = ("key", "position", "name", "value")
    return FrozenMap(tables)


def as_rows(table: str, key: str, entity: object) -> Iterator[tuple[str, Row]]:
    """Mettre une entité en lignes: (table, cells), the cells in the order of `columns`; empty text for no value.

    >>> list(as_rows("rooms", "room:1", models.Room(models.ref(models.Kind.ROOM, "1"), "B 204")))
    [('rooms', ('room:1', 'B 204'))]
    """
    layout = _layout(TABLES[table])
    main = [key]
    for name, parts in layout.lone.items():
        main += _cells(getattr(entity, name), parts)
    yield table, tuple(main)
    for name, parts in layout.lists.items():
        listed = getattr(entity, name)
        for rank, value in enumerate(sorted(listed) if isinstance(listed, frozenset) else listed):
            yield f"{table}_{name}", (key, str(rank), *_cells(value, parts))
    extra: Extra = getattr(entity, "extra", FrozenMap())
    for name, texts in extra.items():
        for rank, text in enumerate(texts):
            yield f"{table}_extra", (key, str(rank), name, text)


def _cells(value: object, parts: tuple[str, ...]) -> Row:
    if not parts:
        return (_cell(value),)
    return tuple(_cell(getattr(value, part)) for part in parts)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case frozenset() | tuple():
            texts = [_cell(one) for one in value]
            return SEPARATOR.join(sorted(texts) if isinstance(value, frozenset) else texts)
        case Identifier():
            return f"{value.kind}{INNER}{value.value}"
        case _:
            return str(_scalar(value))
