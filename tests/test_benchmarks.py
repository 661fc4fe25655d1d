"""The input of the benchmarks is a delivery without any fault; nothing here is timed."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from entformats import aaf, edt
from entformats.problems import Problem
from entformats.testing import school

ROOT = Path(__file__).parents[1]
SIZE = 1_500_000


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """The generator, which is a script beside the package."""
    spec = importlib.util.spec_from_file_location("delivery", ROOT / "benchmarks" / "delivery.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_input_is_a_delivery_without_fault(generator: ModuleType) -> None:
    """All six categories, no finding of any kind, about the size asked; the same bytes for the same seed."""
    content = b"".join(generator.chunks(SIZE))
    assert SIZE <= len(content) < SIZE + 10_000
    assert content == b"".join(generator.chunks(SIZE))
    delivery = aaf.read(content)
    assert delivery.report.problems == ()
    assert all(len(table) > 10 for table in delivery.directory.tables.values())


def test_the_successor_differs_in_a_few_people(generator: ModuleType) -> None:
    """Of a successor, the incremental lane parses what changed, and little more; it finds no fault either."""
    reading = aaf.Successor(b"".join(generator.chunks(SIZE)))
    first = {item.key: item for item in reading if isinstance(item, aaf.Add)}
    later = aaf.Successor(b"".join(generator.chunks(SIZE, changed=0.02)), reading.index)
    items = list(later)
    assert not any(isinstance(item, Problem) for item in items)
    changed = [item for item in items if isinstance(item, aaf.Add) and item.record != first[item.key].record]
    blocks = SIZE // (1 << 17) + 1
    assert 0 < len(changed) <= later.typed <= len(changed) + 2 * blocks
    assert later.stopped == ""


def test_every_step_of_a_timetable_gives_something() -> None:
    """The steps that are timed run on two exports of a small school; the last one is a bilan."""
    spec = importlib.util.spec_from_file_location("timetable", ROOT / "benchmarks" / "timetable.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = school.generate(seed=1, pupils=24)
    first, second = (b"".join(chunks) for one in (made.first, made.second) for _, chunks in edt.write(one))
    given = {name: step() for name, step in module.steps(first, second).items()}
    assert all(value is not None for value in given.values())
    assert str(given["read, matched, compared, rendered"]).startswith("Bilan")
