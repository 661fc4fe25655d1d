"""The input of the benchmarks is a delivery without any fault; nothing here is timed."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from entformats import aaf
from entformats.problems import Problem

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
