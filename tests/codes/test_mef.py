"""The parts of a MEF and the level of collège (nomenclatures 4)."""

from __future__ import annotations

import pytest

from entformats.codes import mef
from entformats.codes.mef import Mef
from entformats.errors import InvalidValue


def test_parts_of_a_code() -> None:
    """Each part is read at its position."""
    value = Mef("16610002110")
    parts = (value.programme, value.category, value.domain, value.speciality, value.serial, value.variant)
    assert parts == ("166", "1", "10", "100", "02", "0")
    assert (value.duration, value.year) == (1, 1)
    assert str(value) == "16610002110"


def test_a_letter_is_no_duration() -> None:
    """Where an academy wrote a letter there is no number of years."""
    value = Mef("100100121AB")
    assert (value.duration, value.year) == (1, None)
    assert Mef("10010012XX0").duration is None


@pytest.mark.parametrize(
    ("code", "local"), [("10010012110", False), ("1001000E11A", True), ("1001000E110", True), ("1001000011C", True)]
)
def test_local_codes_have_letters(code: str, local: bool) -> None:
    """A letter in eighth or last position makes a local MEF."""
    assert Mef(code).is_local is local


@pytest.mark.parametrize(
    ("mefstat", "level"),
    [("21110010012", "6e"), ("21120010001", "5e"), ("21150010001", "4e"), ("21160010019", "3e"), ("24330010002", None)],
)
def test_level_comes_from_the_statistical_code(mefstat: str, level: str | None) -> None:
    """The first four characters of MEFSTAT11 tell the level."""
    assert mef.level(mefstat) == level


def test_a_value_cannot_be_made_unchecked() -> None:
    """The class itself refuses a text that is no MEF, lower case included."""
    with pytest.raises(InvalidValue):
        Mef("1001000e11a")


def test_codes_are_ordered_as_text() -> None:
    """Lists of MEF have one order."""
    assert min(Mef("10310019110"), Mef("10010012110")) == Mef("10010012110")
