"""The four verbs that every code shares, over all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.codes import academy, department, ine, jointure, mef, school_year, subject, subject_key, uai, weeks
from entformats.errors import InvalidValue

if TYPE_CHECKING:
    from types import ModuleType


class Code(Protocol):
    """What every module of codes offers."""

    def compact(self, text: str) -> str:
        """Give the form that is compared."""

    def parse(self, text: str) -> object:
        """Read, or raise InvalidValue."""

    def is_valid(self, text: str) -> bool:
        """Tell whether parse reads it."""

    def format(self, value: object) -> str:
        """Write."""


SAMPLES: dict[ModuleType, tuple[tuple[str, ...], tuple[str, ...]]] = {
    academy: (("8", "08", "008", " 024 ", "70", "999"), ("", "0", "000", "1000", "-8", "٨", "A", "8.0")),
    department: (
        ("74", "074", "2A", "02b", "620", "720", "974", "1", " 13 "),
        ("", "  ", "2C", "0074", "A", "02AB", "٧٤"),
    ),
    ine: (
        ("090412000FB", "090412000fb", "0108004417F", "2018A01234B", "ABCDEFGHIJ0", " 090412137BB "),
        ("", "090412000F", "090412000FBB", "09041 000FB", "09041200éFB", "090412000F_"),
    ),
    jointure: (("3100456", "030A01", "GR-061300"), ("", " 3100456", "31 00456", "3100456$2", "a\tb")),
    mef: (("10010012110", "1001000e11a", " 10310019117 "), ("", "1001001211", "100100121100", "1001001211É")),
    school_year: (
        ("2022", "2022-2023", "2022/2023", " 2022 - 2023 ", "2099"),
        ("", "22", "0000", "9999", "2022-2024", "2022-2022", "٢٠٢٢"),
    ),
    subject: (("061300", "030a01", "GR-061300", " 020D00 "), ("", "MATHS", "0613000", "GR-030A01", "06130é")),
    subject_key: (("AGL1", "LV 1", "agl 8", "HI-GE", "EDMUS", "TP"), ("", "A", " A ", "MATHEMATIQUES", "      ")),
    uai: (("0749999S", "0749999s", " 0134567A "), ("", "749999S", "07499990", "0749999SS", "٠٧٤٩٩٩٩S", "0749999É")),
    weeks: (("", "1", "1..7,10", "[1..3, 10]", "63", "3,1"), ("0", "64", "1..64", "1.7", "a", "1..b", "1;2", "-1")),
}
VALID = [(cast("Code", module), text) for module, (good, _) in SAMPLES.items() for text in good]
INVALID = [(cast("Code", module), text) for module, (_, bad) in SAMPLES.items() for text in bad]
MODULES = [cast("Code", module) for module in SAMPLES]


@pytest.mark.parametrize(("code", "text"), VALID)
def test_a_valid_text_is_read_and_comes_back(code: Code, text: str) -> None:
    """What is read, written and read again is the same value; the written form is stable."""
    value = code.parse(text)
    assert code.is_valid(text)
    assert code.parse(code.format(value)) == value
    assert code.format(code.parse(code.format(value))) == code.format(value)


@pytest.mark.parametrize(("code", "text"), INVALID)
def test_an_invalid_text_is_refused(code: Code, text: str) -> None:
    """A text of another shape raises InvalidValue, which is a ValueError; digits of other scripts are no digits."""
    assert not code.is_valid(text)
    with pytest.raises(InvalidValue):
        code.parse(text)


@pytest.mark.parametrize("code", MODULES)
@given(text=st.one_of(st.text(max_size=14), st.text("0123456789ABab-$. ", max_size=12)))
def test_any_text_is_read_or_refused_and_nothing_else(code: Code, text: str) -> None:
    """`parse` succeeds exactly where `is_valid` says so, and `compact` of a compact text is itself."""
    assert code.compact(code.compact(text)) == code.compact(text)
    if code.is_valid(text):
        value = code.parse(text)
        assert code.parse(code.format(value)) == value
    else:
        with pytest.raises(InvalidValue):
            code.parse(text)


def test_every_module_of_codes_is_here() -> None:
    """A new code joins this table, so that it keeps the four verbs."""
    from importlib.resources import files  # noqa: PLC0415 - used here only

    names = {path.name.removesuffix(".py") for path in files("entformats.codes").iterdir() if path.name.endswith(".py")}
    assert names - {"__init__"} == {module.__name__.rpartition(".")[2] for module in SAMPLES}
