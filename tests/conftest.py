"""What every test shares: the profiles of hypothesis and the sample files that lie beside the repository."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

settings.register_profile(
    "ci", derandomize=True, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("quick", settings.get_profile("ci"), max_examples=20)
settings.register_profile("deep", deadline=None, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def corpus() -> Callable[[str], Path]:
    """Give the path of a sample file or folder, or skip the test where the samples are not beside the repository."""

    def find(name: str) -> Path:
        path = CORPUS / name
        if not path.exists():
            pytest.skip(f"the sample {name} is not beside the repository")
        return path

    return find


@pytest.fixture(scope="session")
def naive() -> ModuleType:
    """Give the independent count of the bilan, `tests/testing/naive.py`."""
    spec = importlib.util.spec_from_file_location("naive", Path(__file__).parent / "testing" / "naive.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
