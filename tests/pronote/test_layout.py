"""The tables of the layouts: the page of the format shows them whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from entformats._sniff import fold
from entformats.identity import Profile
from entformats.pronote import layout

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats" / "pronote.md"


def shown(section: str) -> dict[str, set[str]]:
    """Give the rows of the table of a section: first cell, then the words between backticks."""
    if not PAGE.exists():
        pytest.skip("the documentation is not beside the tests")
    text = PAGE.read_text(encoding="utf-8").partition(f"### {section} ")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| `?(\w+)`? \| (`.*) \|$", text, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", words)) for name, words in rows}


def test_the_page_shows_every_synonym() -> None:
    """What a user reads is what is read."""
    second = {word: f"other_{name}" for word, name in layout.OTHERS.items()}
    known = {**layout.FIELD_OF, **second}
    assert {word: name for name, words in shown("3.7").items() for word in words} == known


def test_the_page_shows_every_category() -> None:
    """The same for the words of categories."""
    assert {word: Profile(name) for name, words in shown("3.5").items() for word in words} == dict(layout.CATEGORIES)


def test_the_tables_are_folded_and_apart() -> None:
    """Every word is in its folded form, and no title means two things."""
    words = [*layout.FIELD_OF, *layout.OTHERS, *layout.PASSWORDS, layout.LAST_RESORT]
    assert [fold(word) for word in words] == words
    assert len(set(words)) == len(words)
