"""Generations and keys of the INE (nomenclatures 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.codes import ine
from entformats.codes.ine import Generation
from entformats.errors import InvalidValue

TABLE = [
    ("090412000FB", Generation.RNIE, True),
    ("090412137BB", Generation.RNIE, True),
    ("074500001HD", Generation.RNIE, True),
    ("074500001HC", Generation.RNIE, False),
    ("0108004417F", Generation.BEA, True),
    ("0108004417G", Generation.BEA, False),
    ("2018A01234B", Generation.APPRENTICE, None),
    ("AB34567890C", Generation.OTHER, None),
    ("090412000IO", Generation.OTHER, None),
    ("0108004417I", Generation.OTHER, None),
    ("ABCDE678901", Generation.UNIVERSITY, None),
]


@pytest.mark.parametrize(("text", "generation", "checked"), TABLE)
def test_table_of_the_sheet(text: str, generation: Generation, checked: bool | None) -> None:
    """Shape decides the generation; the key is judged where it is known."""
    value = ine.parse(text)
    assert ine.generation(value) is generation
    assert ine.is_checked(value) is checked


@given(st.integers(0, 999_999_999))
def test_the_number_and_its_key_are_a_multiple_of_97(number: int) -> None:
    """`(n + k) mod 97 = 0` with k in 1..97, for every number, and the letters read back as k."""
    letters = ine.rnie_letters(f"{number:09}")
    key = "ABCDEFGHJK".index(letters[0]) * 10 + "ABCDEFGHJK".index(letters[1])
    assert 1 <= key <= 97
    assert (number + key) % 97 == 0
    assert ine.is_checked(ine.parse(f"{number:09}{letters}"))


@given(st.integers(0, 9_999_999_999))
def test_the_letter_of_an_older_number_is_its_remainder(number: int) -> None:
    """The letter of a BEA number is that of its remainder modulo 23."""
    letter = ine.bea_letter(f"{number:010}")
    assert "ABCDEFGHJKLMNPRSTUVWXYZ".index(letter) == number % 23
    assert ine.is_checked(ine.parse(f"{number:010}{letter}"))


def test_an_error_never_repeats_the_identifier() -> None:
    """An INE is personal data: the message of a refusal does not hold it."""
    with pytest.raises(InvalidValue) as refusal:
        ine.parse("090412000F")
    assert "090412" not in str(refusal.value)
