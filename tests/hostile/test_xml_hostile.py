"""Hostile bytes: each gives one of our errors or records and problems, in bounded memory and time, nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from entformats._xml import XmlReader, XmlSpec
from entformats._xml.blocks import blocks, pieces
from entformats.errors import UnreadableInput
from entformats.problems import Findings, Problem

SPEC = XmlSpec(doctype=("ficAlimMENESR", "ficAlimMENESR.dtd"))
DOCTYPE = b'<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">'
SMALL = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n<ficAlimMENESR>\n'
    '<!-- versionAF="AAF-VE1301" -->\n<addRequest><id>1</id>\n<attr name="sn"><value>ÉTÉ &amp; D&apos;A</value></attr>'
    "</addRequest>\n<addRequest><id>2</id><value/></addRequest>\n<addRequest><id>3</id></addRequest>\n</ficAlimMENESR>\n"
).encode()


def read(chunks: Iterator[bytes] | list[bytes]) -> tuple[list[bytes], Problem | None]:
    """Read to the end or to our error, which has a line."""
    records: list[bytes] = []
    error = None
    try:
        records.extend(
            etree.tostring(e, with_tail=False) for e in XmlReader(chunks, SPEC, findings=Findings()).records()
        )
    except UnreadableInput as caught:
        error = caught.problem
    assert error is None or error.where.line >= 1
    return records, error


def test_the_small_file_is_sound() -> None:
    """The file that the others damage reads without any error."""
    assert (len(read([SMALL])[0]), read([SMALL])[1]) == (3, None)


@pytest.mark.parametrize(
    ("name", "doctype", "slug"),
    [
        ("external entity", b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "internal_subset_refused"),
        ("parameter entity", b'<!DOCTYPE r [<!ENTITY % x SYSTEM "http://h/x">%x;]>', "internal_subset_refused"),
        (
            "billion laughs",
            b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            "internal_subset_refused",
        ),
        (
            "subset behind the known DTD",
            b'<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd" [<!ENTITY eacute "&#233;">]>',
            "internal_subset_refused",
        ),
        ("another DTD", b'<!DOCTYPE ficAlimMENESR SYSTEM "http://evil.example/x.dtd">', "doctype_refused"),
        ("another root", b'<!DOCTYPE other SYSTEM "ficAlimMENESR.dtd">', "doctype_refused"),
        ("public identifier", b'<!DOCTYPE ficAlimMENESR PUBLIC "x" "ficAlimMENESR.dtd">', "doctype_refused"),
        ("no identifier", b"<!DOCTYPE ficAlimMENESR>", "doctype_refused"),
        ("lower case", b'<!doctype ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">', "doctype_refused"),
        ("twice", DOCTYPE + DOCTYPE, "doctype_refused"),
        ("an element", b"<!ELEMENT r ANY>", "doctype_refused"),
        ("after the root", b"<r>" + DOCTYPE, "xml_malformed"),
    ],
)
def test_declarations_are_refused(name: str, doctype: bytes, slug: str) -> None:
    """No DOCTYPE but the known one passes, and nothing that it declares is ever used."""
    records, error = read([doctype + b"<r><v>&x;&b;</v></r>"])
    assert records == [], name
    assert error is not None
    assert error.slug == slug


def test_the_known_doctype_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The DTD beside the file is never opened: its entities stay unknown."""
    (tmp_path / "ficAlimMENESR.dtd").write_bytes(b'<!ENTITY x "expanded">')
    monkeypatch.chdir(tmp_path)
    records, error = read([DOCTYPE + b"<r><v>&x;</v></r>"])
    assert (records, error) == ([b"<v>&amp;x;</v>"], None)


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (b"<r>" + b"<a>" * 300 + b"</a>" * 300 + b"</r>", "too_deep"),
        (b"<r>" + b"<a>" * 100 + b"</a>" * 100 + b"</r>", "too_deep"),
        (b"<r>" + b"<a>" * 200_000, "too_deep"),
        (b"<r><v>" + b"x" * 11_000_000 + b"</v></r>", "text_too_long"),
        (b"<r><v a='" + b"x" * 11_000_000 + b"'/></r>", "text_too_long"),
        (b"<r " + b" ".join(b'a%d="x"' % i for i in range(200_000)) + b"/>", "prolog_too_long"),
        (b"<r><v " + b" ".join(b'a%d="x"' % i for i in range(200_000)) + b"/></r>", "text_too_long"),
        (b"<r><" + b"n" * 60_000 + b"/></r>", "xml_malformed"),
        (b"<r>\xff\xfe\0\0</r>", "invalid_character"),
        (b"PK\x03\x04", "not_xml"),
        (b"<!DOCTYPE" + b" " * 100_000, "prolog_too_long"),
    ],
)
def test_bombs_stop(data: bytes, slug: str) -> None:
    """Nesting, huge texts, attributes and names stop at a limit."""
    error = read([data])[1]
    assert error is not None
    assert error.slug == slug


@pytest.mark.parametrize(
    "data",
    [
        b"<r><v>" + b"&" * 300_000 + b"</v></r>",
        b"<r><v>" + b"&a" * 200_000 + b"</v></r>",
        b"<r><v>" + b"\xe9 " * 200_000 + b"\xc3\xa9 \xe9" * 100_000 + b"</v></r>",
        b"<r><v>\xc3\xa9" + b"\xe9 " * 100_000 + b"</v></r>",
        b"<!--" * 16_000,
        b"<?" * 30_000,
        b"<r" + b"'" * 60_000,
        b'<r a="' * 10_000,
        b"<r>" + b"<!-- -->" * 8_000,
        b"<r>" + b"<![CDATA[" * 50_000,
    ],
)
def test_nothing_takes_long(data: bytes) -> None:
    """No regular expression and no repair is worse than linear."""
    start = time.process_time()
    read([data])
    assert time.process_time() - start < 10


def test_truncation_at_every_byte() -> None:
    """Cut anywhere before its last tag ends, the file is an error; the records before are those of the whole file."""
    whole, _ = read([SMALL])
    for end in range(len(SMALL)):
        records, error = read([SMALL[:end]])
        assert (error is None) == (end >= len(SMALL) - 1), end
        assert records == whole[: len(records)]


def test_every_flip_of_one_byte() -> None:
    """Each bit of each byte: our error with a line, or records; those that end before the damage are unchanged."""
    whole, _ = read([SMALL])
    begins = [SMALL.index(b"<addRequest><id>%d" % n) + len(b"<addRequest>") for n in (2, 3)]
    ends = [*begins, len(SMALL) - 1]
    for at in range(len(SMALL)):
        for bit in range(8):
            data = SMALL[:at] + bytes([SMALL[at] ^ 1 << bit]) + SMALL[at + 1 :]
            records, _ = read([data])
            untouched = sum(end <= at for end in ends)
            assert records[:untouched] == whole[:untouched], (at, bit)


@given(st.binary(max_size=300), st.integers(1, 40))
@example(b"<\0?\0", 1)
@example(b"\xff\xfe<\0r\0", 1)
def test_any_bytes_however_cut(data: bytes, size: int) -> None:
    """The whole oracle on any bytes; cuts change nothing."""
    assert read([data[i : i + size] for i in range(0, len(data), size)]) == read([data])


FRAGMENTS = [
    *(b"<r>", b"</r>", b"<a/>", b"<a", b">", b"</a>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&eacute;", b"&foo;"),
    *(b"&", b";", b"<?x?>", b"<?xml version='1.0'?>", b"\xe9", "é".encode(), b"\xef\xbb\xbf", b"\0", b"\r\n", b"x"),
    *(b'<a b="', b'"', b"'", DOCTYPE, b"<p:a/>", b"&#233;", b" "),
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(b"".join), st.integers(1, 9))
def test_any_fragments_however_cut(data: bytes, size: int) -> None:
    """The whole oracle on what looks like XML; a root in front makes most of them reach the parser."""
    for whole in (data, b"<r><a>x</a>" + data):
        assert read([whole[i : i + size] for i in range(0, len(whole), size)]) == read([whole])


def test_seeded_damage_of_a_sample(corpus: Callable[[str], Path]) -> None:
    """A large sample cut or damaged at seeded places gives records that are a beginning of the sound ones."""
    data = corpus("aaf/FULL_ENTTSSERVICES_Complet_20130117_MatiereEducNat_0000.xml").read_bytes()
    whole, error = read([data])
    assert (len(whole), error) == (718, None)
    for seed in range(40):
        at = seed * 7_919 * 31 % len(data)
        records, error = read([data[:at]])
        assert error is not None
        assert records == whole[: len(records)]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(b"".join), st.integers(24, 90))
def test_blocks_of_another_size_change_nothing(data: bytes, size: int) -> None:
    """Where the blocks end plays no part either: comments, entities and encodings are followed across them."""
    whole = b"<r><a>x</a>" + data
    with pytest.MonkeyPatch.context() as patch:
        expected = read([whole])
        patch.setattr("entformats._xml.reader.blocks", partial(blocks, size=size))
        patch.setattr("entformats._xml.encoding.pieces", partial(pieces, size=size))
        assert read([whole]) == expected
