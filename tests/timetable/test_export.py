"""A timetable as JSON lines and as tables: nothing that it says is lost."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping

import attrs
from hypothesis import given, settings

from entformats.codes import weeks
from entformats.codes.weeks import WeekSet
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import Timetable, export

FEW = settings(max_examples=settings().max_examples // 4)
DERIVED = {"closures", "alternations", "services", "lessons"}


def leaves(value: object) -> Iterator[str]:
    """Give the texts, numbers and days that a value holds, as texts, but for the references of entities."""
    kind = type(value)
    if isinstance(value, WeekSet):
        yield weeks.format(value) or "0"
    elif attrs.has(kind):
        for one in attrs.fields(kind):
            if one.name != "ref":
                yield from leaves(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list | tuple | frozenset):
        for inner in value:
            yield from leaves(inner)
    elif value is not None and value != "":
        yield value.isoformat() if hasattr(value, "isoformat") else str(value)


@FEW
@given(timetables(dated=True))
def test_json_loses_nothing(timetable: Timetable) -> None:
    """Every filled field of every entity is in its line, as many times."""
    for table, key, entity in export.entities(timetable):
        told = json.loads(json.dumps(export.to_json(table, key, entity)))
        assert (told.pop("table"), told.pop("key")) == (table, key)
        assert Counter(leaves(told)) == Counter(leaves(entity))


@FEW
@given(timetables(dated=True))
def test_rows_fit_their_tables_and_lose_nothing(timetable: Timetable) -> None:
    """Each row has the columns of its table; each filled field of an entity is in a cell of its rows."""
    for table, key, entity in export.entities(timetable):
        columns = export.columns(table)
        rows = list(export.as_rows(table, key, entity))
        assert rows[0][0] == table
        text = "|".join("|".join(row) for _, row in rows)
        for name, row in rows:
            assert len(row) == len(columns[name])
            assert row[0] == key
        for leaf in leaves(entity):
            assert {"True": "1", "False": "0"}.get(leaf, leaf) in text


@FEW
@given(timetables())
def test_every_entity_has_its_line(timetable: Timetable) -> None:
    """Entities come table by table, each with its own key; two timetables that differ are told differently."""
    told = list(export.entities(timetable))
    assert len({(table, key) for table, key, _ in told}) == len(told)
    assert list(dict.fromkeys(table for table, _, _ in told)) == [
        table for table in export.TABLES if any(table == one for one, _, _ in told)
    ]
    for name in export.TABLES.keys() - DERIVED - {"timetable"}:
        assert sum(1 for table, _, _ in told if table == name) == len(getattr(timetable, name))
