"""The identifier of AAF records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.codes import jointure
from entformats.errors import InvalidValue


@given(st.text())
def test_parse_accepts_exactly_what_is_valid(text: str) -> None:
    """A text is read unchanged, or refused with `InvalidValue`, as `is_valid` says."""
    if jointure.is_valid(text):
        assert jointure.format(jointure.parse(text)) == text
    else:
        with pytest.raises(InvalidValue):
            jointure.parse(text)


@pytest.mark.parametrize("text", ["", " ", "12 3", "12$3", "12\n", "\u00a012"])
def test_white_space_and_separator_are_refused(text: str) -> None:
    """An empty text, any white space and `$` make no identifier."""
    assert not jointure.is_valid(text)


def test_compact_strips() -> None:
    """A copied identifier with blanks around becomes valid."""
    assert jointure.is_valid(jointure.compact("\t3100456\n"))
