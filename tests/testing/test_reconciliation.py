"""The generated reconciliation file."""

from __future__ import annotations

from datetime import datetime

from entformats import pronote
from entformats.identity import Profile
from entformats.testing import school
from entformats.testing.reconciliation import reconciliation


def test_the_file_of_a_school_comes_back() -> None:
    """Every pupil is there with guardians that are in the file, and what is written is read back."""
    first = school.generate(seed=7, pupils=20).first
    whole, _ = pronote.writable(reconciliation(first, at=datetime(2026, 9, 5, 6)))  # noqa: DTZ001 - wall time
    back = pronote.read_reconciliation(b"".join(pronote.write_reconciliation(whole)))
    assert back == whole
    assert back.report.problems == ()
    assert len(back.of(Profile.PUPIL)) == len(first.pupils) > 0
