"""The normalisation of names: its tables, and the properties that matching rests on (rules 1.4)."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.names import clean, compact, tokens
from entformats.testing.strategies.people import names


@pytest.mark.parametrize("sign", "\u2018\u2019\u02bc\u02b9\u0060\u00b4\uff07'")
def test_apostrophes_are_one(sign: str) -> None:
    """Each apostrophe-like character of the page is cleaned to U+0027."""
    assert clean(f"D{sign}ARCY") == "D'ARCY"


@pytest.mark.parametrize("sign", "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d-")
def test_hyphens_are_one(sign: str) -> None:
    """Each hyphen-like character of the page is cleaned to U+002D."""
    assert clean(f"Jean{sign}Marc") == "Jean-Marc"


@pytest.mark.parametrize("sign", "\u2015\u2032\u00b7_")
def test_other_signs_are_kept(sign: str) -> None:
    """Signs that the page does not list are left as they are."""
    assert clean(f"Jean{sign}Marc") == f"Jean{sign}Marc"


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\t", "\r\n", "\u3000", "  \u00a0 "])
def test_white_space_is_one_space(space: str) -> None:
    """Any run of Unicode white space is one space, and none is left at the ends."""
    assert clean(f"{space}DE{space}LA TOUR{space}") == "DE LA TOUR"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jean-Pierre", "jeanpierre"),
        ("JEANPIERRE", "jeanpierre"),
        ("d\u2019Arcy", "darcy"),
        ("LEBŒUF", "leboeuf"),
        ("Æsir", "aesir"),
        ("STRAẞE", "strasse"),
        ("STRØM", "strom"),
        ("Đorđe", "dorde"),
        ("Ðóra", "dora"),
        ("Łukasz", "lukasz"),
        ("Işıl", "isil"),
        ("İnci", "inci"),
        ("Þór", "thor"),
        ("NGUYÊN", "nguyen"),
        ("Nguye\u0302n", "nguyen"),
        ("\uff21\uff22", "ab"),
        ("Zoé 2", "zoe2"),
        ("Ана", ""),
        ("Ἀθηνᾶ", ""),
        ("-'.$", ""),
        ("", ""),
    ],
)
def test_compact(name: str, expected: str) -> None:
    """Names of one person in several spellings have one compact form; other scripts have none."""
    assert compact(name) == expected


@given(names())
def test_clean_is_idempotent(name: str) -> None:
    """Cleaning twice is cleaning once, and gives NFC without white space at the ends."""
    cleaned = clean(name)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()


@given(names())
def test_clean_keeps_case_and_accents(name: str) -> None:
    """What is cleaned away is neither a letter nor a mark nor a digit."""

    def kept(text: str) -> list[str]:
        return [c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) in {"Lu", "Ll", "Mn", "Nd"}]

    assert kept(clean(name)) == kept(name)


@given(names())
def test_compact_is_idempotent(name: str) -> None:
    """The compact form of a compact form is itself, and is made of `a-z0-9` only."""
    assert compact(compact(name)) == compact(name)
    assert re.fullmatch("[a-z0-9]*", compact(name))


@given(names())
def test_compact_depends_on_tokens_only(name: str) -> None:
    """The compact form is the words joined, and the words survive any separator between them."""
    words = tokens(name)
    assert compact(name) == "".join(words)
    for separator in (" ", "-", "'", ". "):
        assert tokens(separator.join(words)) == words


@given(names(), names())
def test_equal_when_cleaned_is_equal_when_compact(one: str, other: str) -> None:
    """Names that are equal once cleaned have one compact form: an exact match is a normalised one."""
    assert compact(clean(one)) == compact(one)
    if clean(one) == clean(other):
        assert compact(one) == compact(other)


@given(st.text(alphabet="aeéèçœjdlstzÉÀŒ -'", max_size=12))
def test_case_and_form_do_not_count(name: str) -> None:
    """Capitals and decomposed accents change nothing in the words of a French name."""
    assert tokens(name.upper()) == tokens(name) == tokens(unicodedata.normalize("NFD", name))


@given(st.text(max_size=30))
def test_nothing_raises(text: str) -> None:
    """Any text has a clean form, words and a compact form."""
    assert isinstance(clean(text) + compact(text), str)
    assert all(tokens(text))
