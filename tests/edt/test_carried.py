"""The table of what each dialect does not carry: true, and on its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given, settings

from entformats import edt, identity
from entformats import timetable as model
from entformats.edt.carried import NOT_CARRIED
from entformats.testing.strategies.timetables import timetables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW = settings(max_examples=settings().max_examples // 5)
DIALECTS = sorted({name for losses in NOT_CARRIED.values() for name in losses})
SAMPLES = {"edt": "edt/college.xml", "udt": "udt/college"}


def walked(value: object) -> Iterator[object]:
    """Give a value and all that it holds."""
    yield value
    kind = type(value)
    if attrs.has(kind):
        for one in attrs.fields(kind):
            yield from walked(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from walked(inner)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for inner in value:
            yield from walked(inner)


def filled(read: model.Timetable, dialect: str) -> set[str]:
    """Give the fields that the table says are never filled by a dialect, and that are."""
    whole = {field for field, losses in NOT_CARRIED.items() if dialect in losses and losses[dialect].whole}
    found: set[str] = set()
    for value in walked(read):
        kind = type(value)
        if attrs.has(kind):
            names = {f"{kind.__name__}.{one.name}" for one in attrs.fields(kind)}
            found |= {name for name in names & whole if getattr(value, name.partition(".")[2])}
    return found


@pytest.mark.parametrize("field", NOT_CARRIED)
def test_the_fields_exist(field: str) -> None:
    """Each row names a field of the model, and each cell a dialect and a reason."""
    owner, _, name = field.partition(".")
    kind = getattr(model, owner, None) or getattr(identity, owner)
    assert name in {one.name for one in attrs.fields(kind)}
    assert NOT_CARRIED[field]
    assert set(NOT_CARRIED[field]) <= set(edt.DIALECTS)
    assert all(loss.reason for loss in NOT_CARRIED[field].values())


@pytest.mark.parametrize("dialect", sorted(SAMPLES))
def test_no_reader_fills_what_is_not_carried(corpus: Callable[[str], Path], dialect: str) -> None:
    """The samples of each program leave those fields empty."""
    export = edt.read(corpus(SAMPLES[dialect]), uai=None)
    assert filled(export.timetable, dialect) == set()


@pytest.mark.parametrize("dialect", sorted(SAMPLES))
@FEW
@given(timetables(dated=True).filter(lambda one: one.first_monday is None or one.first_monday.isoweekday() == 1))
def test_nothing_of_it_comes_back(dialect: str, timetable: model.Timetable) -> None:
    """What is written of any timetable and read back leaves them empty too."""
    written = {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect=dialect)}
    assert filled(edt.read(written, uai=timetable.uai).timetable, dialect) == set()
