"""What the tests of imports share: the naive count, and a small school written by hand."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

NAIVE = Path(__file__).parents[1] / "testing" / "naive.py"


@pytest.fixture(scope="session")
def naive() -> ModuleType:
    """Load the naive count of a bilan, which is written apart from the rules."""
    spec = spec_from_file_location("naive_bilan", NAIVE)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["naive_bilan"] = module
    spec.loader.exec_module(module)
    return module
