"""The check letter of a UAI (nomenclatures 1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.codes import uai

PUBLIC = ["0771991W", "0752387M", "0750680G", "0660864F", "0140070A", "0590181B", "0442286W", "7200727C", "0740000Y"]
FAKE = ["0123456A", "9999990A", "0750001A", "0740000X", "0999999Z"]


@pytest.mark.parametrize("text", PUBLIC)
def test_a_real_code_has_the_right_letter(text: str) -> None:
    """Codes of the table of the page are checked."""
    assert uai.is_checked(uai.parse(text))


@pytest.mark.parametrize("text", FAKE)
def test_a_test_code_is_read_but_not_checked(text: str) -> None:
    """Test platforms use wrong letters: they are read, and told apart."""
    assert not uai.is_checked(uai.parse(text))


@given(st.integers(0, 9_999_999))
def test_one_letter_fits_a_number(number: int) -> None:
    """Of the 26 letters exactly one is right, and it is never I, O or Q."""
    digits = f"{number:07}"
    right = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if uai.is_checked(uai.parse(digits + letter))]
    assert right == [uai.check_letter(digits)]
    assert right[0] not in "IOQ"
