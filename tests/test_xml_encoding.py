"""The decoding ladder of the XML door: each rung, each finding, the same however bytes come."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats._xml import XmlReader
from entformats._xml.encoding import declared_encoding
from entformats.errors import UnreadableInput
from entformats.problems import Findings, Problem


def read(data: Iterable[bytes]) -> tuple[list[str | None], str, list[Problem], Problem | None]:
    """Give the texts of the records, the encoding chosen, the findings and the error."""
    findings = Findings()
    texts: list[str | None] = []
    error, encoding = None, ""
    try:
        reader = XmlReader(data, findings=findings)
        encoding = reader.encoding
        texts.extend(element.text for element in reader.records())
        encoding = reader.encoding
    except UnreadableInput as caught:
        error = caught.problem
    return texts, encoding, list(findings.report().problems), error


def document(text: str, encoding: str, declared: str | None) -> bytes:
    """Write a document of one record after an ASCII one."""
    declaration = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    return f"{declaration}<r>\n<a>ascii</a>\n<a>{text}</a></r>".encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "declared", "chosen", "found"),
    [
        ("utf-8", None, "utf-8", []),
        ("utf-8", "UTF-8", "utf-8", []),
        ("utf-8", "utf8", "utf-8", []),
        ("utf-8", "ISO-8859-15", "utf-8", ["encoding_contradicts_declaration"]),
        ("utf-8-sig", None, "utf-8", []),
        ("utf-8-sig", "ISO-8859-1", "utf-8", ["encoding_contradicts_declaration"]),
        ("iso-8859-15", "ISO-8859-15", "iso-8859-15", []),
        ("iso-8859-15", "iso_8859-15", "iso_8859-15", []),
        ("cp1252", "windows-1252", "windows-1252", []),
        ("cp1252", "ISO-8859-1", "windows-1252", []),
        ("cp1252", "latin1", "windows-1252", []),
        ("cp1252", None, "windows-1252", ["encoding_not_declared"]),
        ("cp1252", "UTF-8", "windows-1252", ["encoding_contradicts_declaration"]),
        ("cp1252", "us-ascii", "windows-1252", ["encoding_contradicts_declaration"]),
        ("cp1252", "x-unheard-of", "windows-1252", ["encoding_contradicts_declaration"]),
        ("cp850", "cp850", "cp850", []),
        ("utf-16", "UTF-16", "utf-16-le", []),
        ("utf-16-le", "UTF-16", "utf-16-le", []),
        ("utf-16-be", "UTF-16", "utf-16-be", []),
    ],
)
def test_each_rung_of_the_ladder(encoding: str, declared: str | None, chosen: str, found: list[str]) -> None:
    """Bytes decide first, the declaration second, windows-1252 last; a contradiction is reported at its place."""
    data = document("Zoé Lœil" if encoding != "cp850" else "Zoé", encoding, declared)
    texts, got, problems, error = read([data])
    assert (texts, got, error) == (["ascii", "Zoé Lœil" if encoding != "cp850" else "Zoé"], chosen, None)
    assert [p.slug for p in problems] == found
    if found and encoding != "utf-8-sig":
        assert (problems[0].where.line, problems[0].where.column) == (4 if declared else 3, 6)
    assert read(data[i : i + 1] for i in range(len(data))) == (texts, got, problems, error)


def test_ascii_needs_no_choice() -> None:
    """An ASCII file has no encoding to choose, whatever it declares."""
    assert read([document("x", "ascii", "ISO-8859-15")])[1:] == ("us-ascii", [], None)


def test_utf_16_with_big_endian_mark() -> None:
    """The other byte order, with its mark."""
    data = codecs.BOM_UTF16_BE + document("é", "utf-16-be", "UTF-16")
    assert read([data])[:2] == (["ascii", "é"], "utf-16-be")


@pytest.mark.parametrize("damage", [b"\x00\xd8<\x00", b"\x00"])
def test_broken_utf_16_stops(damage: bytes) -> None:
    """A lone surrogate, or half a character at the end, is an error after what came before."""
    data = codecs.BOM_UTF16_LE + "<r>\n<a>x</a><b/>".encode("utf-16-le") + damage
    texts, _, _, error = read([data])
    assert texts == ["x"]
    assert error is not None
    assert (error.slug, error.where.line) == ("encoding_broken", 2)


def test_a_later_contradiction_of_utf_8() -> None:
    """Its bytes are read as windows-1252; each sequence is a problem with its place; nothing is read again."""
    data = "<r><a>é</a>\n<a>é".encode() + b"\xe9\x80t\xe9 \x81</a></r>"
    texts, encoding, problems, error = read([data])
    assert (texts, encoding, error) == (["é", "éé€té \x81"], "utf-8", None)
    assert [(p.slug, p.where.line, p.where.column) for p in problems] == [
        ("encoding_mixed", 2, 5),
        ("encoding_mixed", 2, 8),
        ("encoding_mixed", 2, 10),
    ]


def test_a_later_contradiction_of_a_single_byte_encoding() -> None:
    """A whole UTF-8 sequence in ISO-8859-15 is reported and read as windows-1252; single letters are not."""
    data = b'<?xml version="1.0" encoding="ISO-8859-15"?><r><a>\xe9\xa4</a>\n<a>\xc3\xa4 \xe9\xa4</a></r>'
    texts, encoding, problems, error = read([data])
    assert (texts, encoding, error) == (["é€", "Ã¤ é€"], "iso-8859-15", None)
    assert [(p.slug, p.where.line) for p in problems] == [("encoding_mixed", 2)]


def test_a_long_first_run_is_judged_by_its_beginning() -> None:
    """The first sequence is looked at over 64 bytes at most, even where they end in the middle of a character."""
    assert read([document("x" + "é" * 100, "utf-8", None)])[1] == "utf-8"
    assert read([document("€" * 100, "utf-8", None)])[1] == "utf-8"
    assert read([document("é" * 100, "cp1252", None)])[1] == "windows-1252"


@given(st.text(st.characters(codec="cp1252", exclude_characters="\r<&>", exclude_categories=["Cc"]), min_size=1))
def test_text_of_a_declared_encoding_comes_back(text: str) -> None:
    """Any text in windows-1252 that cannot be taken for UTF-8 is read back as it was."""
    data = document("é " + text, "cp1252", "windows-1252")
    texts, _, problems, _ = read([data])
    assert texts[1] == "é " + text or any(p.slug == "encoding_mixed" for p in problems)


def test_the_declaration_is_found_in_either_quotes() -> None:
    """Double quotes, single quotes, blanks, or no encoding at all."""
    assert declared_encoding(b"<?xml version='1.0' encoding = 'Latin1' ?>") == "latin1"
    assert declared_encoding(b"<?xml version='1.0'?><r encoding='x'/>") == ""
