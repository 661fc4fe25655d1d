"""What the tests of the generator share: some schools, drawn once."""

from __future__ import annotations

import pytest

from entformats.codes.school_year import SchoolYear
from entformats.testing.school import FictitiousSchool, generate

SIZES = (24, 90, 240)


@pytest.fixture(scope="session")
def schools() -> list[FictitiousSchool]:
    """Draw schools of three sizes and six years."""
    return [generate(seed, pupils=SIZES[seed % 3], year=SchoolYear(2022 + seed % 6)) for seed in range(18)]
