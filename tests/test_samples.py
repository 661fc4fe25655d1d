"""Each finding of the catalogue has a sample that shows it, and one, as close as can be, that does not."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from entformats.errors import UnreadableInput
from entformats.problems import Report, entry

HERE = Path(__file__).parent / "samples"
Make = Callable[[], Report]


def _load(path: Path) -> dict[str, tuple[Make, Make]]:
    spec = importlib.util.spec_from_file_location(f"samples_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, tuple[Make, Make]] = module.SAMPLES
    return found


MADE = [(slug, pair) for path in sorted(HERE.glob("*.py")) for slug, pair in _load(path).items()]


def found(make: Make) -> set[str]:
    """Give the codes that a sample shows, whether it can be read or not."""
    try:
        return set(make().counts)
    except UnreadableInput as error:
        return {error.problem.code}


@pytest.mark.parametrize(("slug", "pair"), MADE, ids=[slug for slug, _ in MADE])
def test_a_sample_that_is_made(slug: str, pair: tuple[Make, Make]) -> None:
    """The first shows the finding, the second does not."""
    code = entry(slug).code
    assert code in found(pair[0])
    assert code not in found(pair[1])
