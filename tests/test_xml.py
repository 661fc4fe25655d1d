"""The XML door: records, containers, prolog, entities, limits, places."""

from __future__ import annotations

import ast
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TypeAlias, TypeGuard

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from entformats._files import one
from entformats._xml import XmlReader, XmlSpec
from entformats._xml.blocks import BLOCK, blocks, pieces
from entformats.errors import LimitExceeded, UnreadableInput, WrongFormat
from entformats.limits import Limits
from entformats.problems import Findings, Location, Problem

Outcome: TypeAlias = tuple[list[bytes], list[Problem], Problem | None, str]
AAF = XmlSpec(frozenset({"ficAlimMENESR"}), doctype=("ficAlimMENESR", "ficAlimMENESR.dtd"), levels=4)
HEAD = b'<?xml version="1.0"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n<ficAlimMENESR>\n'


def outcome(source: Iterable[bytes], spec: XmlSpec = XmlSpec(), *, limits: Limits = Limits()) -> Outcome:  # noqa: B008 - frozen
    """Read everything: records as bytes, findings, error, encoding."""
    findings = Findings()
    got: list[bytes] = []
    error, encoding = None, ""
    try:
        reader = XmlReader(source, spec, file="f.xml", limits=limits, findings=findings)
        encoding = reader.encoding
        got.extend(etree.tostring(element, with_tail=False) for element in reader.records())
        encoding = reader.encoding
    except UnreadableInput as caught:
        error = caught.problem
        assert error.where.line >= 1 or error.slug.startswith("io_")
    return got, list(findings.report().problems), error, encoding


def slugs(result: Outcome) -> list[str]:
    """Give the slugs of everything reported, the error last."""
    return [p.slug for p in (*result[1], *([result[2]] if result[2] else []))]


def test_no_other_module_makes_a_parser() -> None:
    """One door: only the reader's module names a constructor or a function of lxml that parses."""
    makers = {
        "XMLPullParser",
        "XMLParser",
        "HTMLParser",
        "iterparse",
        "fromstring",
        "XML",
        "HTML",
        "parse",
        "ElementTree",
    }
    source = Path(__file__).parents[1] / "src" / "entformats"
    for path in source.rglob("*.py"):
        used = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if is_of_lxml(node)}
        assert used & makers == ({"XMLPullParser"} if path.parts[-2:] == ("_xml", "reader.py") else set()), path


def is_of_lxml(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Tell an attribute of lxml's module, as in `etree.iterparse`."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "etree"


def test_records_are_the_children_of_the_root() -> None:
    """By default each child of the root is a record, read once, in order."""
    reader = XmlReader([b'<p:r xmlns:p="u" a="1" p:b="2">\n<a>x</a>', b"<b/></p:r>"], file="f")
    assert (reader.root.name, reader.root.namespace, reader.root.line) == ("r", "u", 1)
    assert dict(reader.root.attributes) == {"a": "1", "{u}b": "2"}
    assert [(e.tag, e.text, reader.line(e)) for e in reader.records()] == [("a", "x", 2), ("b", None, 2)]


def test_containers_are_announced_with_their_attributes() -> None:
    """At depth 2 the elements come with their container, an empty one included; a name shared by both is no trap."""
    data = b'<r><Annee d="1"/><Cours n="2"><Cours i="1"><x/></Cours><Cours i="2"/></Cours></r>'
    reader = XmlReader([data], XmlSpec(depth=2))
    got = [(c.name, dict(c.attributes), None if e is None else e.get("i")) for c, e in reader.contained()]
    assert got == [
        ("Annee", {"d": "1"}, None),
        ("Cours", {"n": "2"}, None),
        ("Cours", {"n": "2"}, "1"),
        ("Cours", {"n": "2"}, "2"),
    ]


def test_records_deeper_down() -> None:
    """At depth 3 the container has a path of two names; a place is counted from the beginning of the document."""
    filler = b"<e/>" * BLOCK
    data = b"<r><P><A>" + filler + b"<e><f/></e></A><B><g><h/><h/></g></B></P><Q/></r>"
    reader = XmlReader([data], XmlSpec(depth=3))
    last: dict[tuple[str, ...], list[str]] = {}
    for container, element in reader.contained():
        last.setdefault(container.path, [])
        if element is not None and len(element):
            last[container.path] = [reader.xpath(child) for child in element]
    assert last == {
        ("P",): [],
        ("P", "A"): [f"/r/*[1]/*[1]/*[{BLOCK + 1}]/f"],
        ("P", "B"): ["/r/*[1]/*[2]/*[1]/h[1]", "/r/*[1]/*[2]/*[1]/h[2]"],
        ("Q",): [],
    }


def test_an_element_kept_by_the_caller_stays_whole() -> None:
    """Batches are emptied and the tree is pruned; what the caller holds is not damaged."""
    reader = XmlReader([b"<r>" + b"<a><b>x</b></a>" * (BLOCK // 8) + b"</r>"])
    kept = list(reader.records())
    assert len(kept) == BLOCK // 8
    assert {etree.tostring(e) for e in (kept[0], kept[-1], kept[len(kept) // 2])} == {b"<a><b>x</b></a>"}


def test_contained_gives_nothing_at_depth_one() -> None:
    """Without containers there is none to give."""
    assert list(XmlReader([b"<r><a/></r>"]).contained()) == []


def test_the_header_is_read_whole() -> None:
    """Declaration, DOCTYPE, instructions and comments, those just inside the root included, as AAF 2024 has them."""
    data = HEAD + b'<!-- versionAF="AAF-VE2407" -->\n<?x?><!-- degre="2D" --><addRequest/><!-- late --></ficAlimMENESR>'
    reader = XmlReader([b"<!-- first -->" + data.partition(b"\n")[2]], AAF)
    assert reader.comments == (" first ", ' versionAF="AAF-VE2407" ', ' degre="2D" ')
    assert [reader.line(e) for e in reader.records()] == [4]


def test_lines_stay_true_behind_the_prolog() -> None:
    """Blanks before the declaration are accepted and reported; the prolog is blanked, not removed."""
    result = outcome([b"\r\n " + HEAD + b"<a>&bad</a>"], AAF)
    assert slugs(result) == ["blank_before_declaration", "bare_ampersand"]
    assert result[2] is not None
    assert result[2].where.line == 5


@pytest.mark.parametrize("data", [b"<r/>", b"<r></r>", b"<r/>\n", b" <r/><!-- x -->\n"])
def test_a_root_without_records(data: bytes) -> None:
    """The shortest documents are documents."""
    reader = XmlReader([data])
    assert (reader.root.name, list(reader.records()), outcome([data])[2]) == ("r", [], None)


def test_records_before_trailing_content_are_complete() -> None:
    """Once the root has ended, its last child has too: it is given before the error."""
    records, _, error, _ = outcome([b"<r><a/><b/></r>\nx"])
    assert (records, error and error.slug) == ([b"<a/>", b"<b/>"], "trailing_content")


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (b"", "xml_empty"),
        (b" \n\t ", "xml_empty"),
        (b"\xef\xbb\xbf", "xml_empty"),
        (b"Nom;Prenom\nA;B", "not_xml"),
        (b"\x00", "not_xml"),
        (b"<?xml version='1.0'?> text", "not_xml"),
        (b"<?xml version='1.0'?>", "xml_truncated"),
        (b"<?xml version='1.0'", "xml_truncated"),
        (b"<!-- x", "xml_truncated"),
        (b"<!DOCTY", "xml_truncated"),
        (b"<!DOCTYPE a", "xml_truncated"),
        (b"<r a='1' ", "xml_truncated"),
        (b"<r><a>", "xml_truncated"),
        (b"<r><a/", "xml_truncated"),
        (b"<r><!-- x", "xml_truncated"),
        (b"<r><![CDATA[ x", "xml_truncated"),
        (b"<r/>x", "trailing_content"),
        (b"<r/><r/>", "trailing_content"),
        (b"<r></s>", "tag_mismatch"),
        (b"<r>\0</r>", "invalid_character"),
        (b"<r>&#0;</r>", "invalid_character"),
        (b"<r>a & b</r>", "xml_malformed"),
        (b"<r>a &b</r>", "bare_ampersand"),
        (b"<1/>", "xml_malformed"),
        (b"<\0/>", "xml_malformed"),
        (b"<a:b/>", "xml_malformed"),
        (b"<r a=b/>", "xml_malformed"),
        (b"<r><?xml version='1.0'?></r>", "xml_malformed"),
        (b"<!DOCTYPE html><html/>", "html_page"),
        (b"<HTML><body>", "html_page"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html/>", "html_page"),
    ],
)
def test_what_is_no_xml_is_one_clear_error(data: bytes, slug: str) -> None:
    """Empty, blank, other content, truncation, trailing bytes, bad characters: one error, with a line, however cut."""
    assert slugs(outcome([data]))[-1] == slug
    assert outcome([data[i : i + 1] for i in range(len(data))]) == outcome([data])


def test_another_root_is_another_format() -> None:
    """The root is compared by local name; the error names what was found."""
    with pytest.raises(WrongFormat) as caught:
        XmlReader([b'<x:TABLE xmlns:x="u"/>'], AAF)
    assert caught.value.problem.params["found"] == "TABLE"
    assert outcome([b'<x:ficAlimMENESR xmlns:x="u"/>'], AAF)[2] is None


@pytest.mark.parametrize(
    "comment", [b"<!-- &eacute; &foo; -->", b"<![CDATA[&eacute; &foo;]]>", b"<?x &eacute; &foo;?>", b"<!-->&foo;-->"]
)
def test_entities_in_comments_and_the_like_are_no_entities(comment: bytes) -> None:
    """Comments, CDATA and instructions are left alone, also over several blocks; what follows them is not."""
    for filler in (b"", b"x>" * BLOCK):
        data = b"<r><v>" + comment[:9] + filler + comment[9:] + b"</v>" + filler[:BLOCK] + b"<v>&eacute;</v></r>"
        records, problems, error, _ = outcome([data])
        assert error is None
        assert [(p.slug, p.params["count"]) for p in problems] == [("html_entities", 1)]
        assert records[-1] == b"<v>&#233;</v>"


def test_html_entities_are_replaced_and_reported_once() -> None:
    """One finding for the file, with the count and the first place; XML's own entities are untouched."""
    data = b'<r>\n<v a="&Eacute;">&amp;&lt;&eacute;&apos;&pi;&#233;&#xe9;</v></r>'
    records, problems, error, _ = outcome([data])
    assert (records, error) == ([b'<v a="&#201;">&amp;&lt;&#233;\'&#960;&#233;&#233;</v>'], None)
    assert [(p.slug, p.where, dict(p.params)) for p in problems] == [
        ("html_entities", Location("f.xml", line=2, column=7), {"count": 3})
    ]


def test_html_entities_are_reported_when_reading_stops_early() -> None:
    """A reader that gives up still says what was replaced."""
    findings = Findings()
    reading = XmlReader([b"<r><v>&eacute;</v><v/></r>"], findings=findings).batches()
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert len(findings.report().problems) == 1


@pytest.mark.parametrize("name", ["foo", "Ééé", "a" * 300, "a.b-c:d"])
def test_an_unknown_entity_is_kept_literally(name: str) -> None:
    """Its text stays readable, one problem gives its place; the name is hidden unless asked for."""
    records, problems, error, _ = outcome([f"<r>\n<v>x&{name};y</v></r>".encode()])
    assert error is None
    assert etree.fromstring(records[0]).text == f"x&{name};y"
    (found,) = problems
    assert (found.slug, found.where.line) == ("unknown_entity", 2)
    assert name[:3] not in str(found)


@pytest.mark.parametrize(
    ("data", "limits", "slug"),
    [
        (b"<r>" + b"<a>" * 4 + b"</a>" * 4 + b"</r>", Limits(depth=4), "too_deep"),
        (b"<r><a/><v>" + b"x" * 101 + b"</v></r>", Limits(text_chars=100), "text_too_long"),
        (b"<r><a/><v t='" + b"x" * 101 + b"'/></r>", Limits(text_chars=100), "text_too_long"),
        (b"<r><a/><v>" + b"<i/>" * 10 + b"</v></r>", Limits(record_elements=10), "record_too_large"),
    ],
)
def test_small_limits_hold_exactly(data: bytes, limits: Limits, slug: str) -> None:
    """A limit passed by one stops the reading; the same data within the limit is read."""
    assert slugs(outcome([data], limits=limits)) == [slug]
    wider = Limits(depth=5, text_chars=200, record_elements=11)
    assert outcome([data], limits=wider)[2] is None


@pytest.mark.parametrize(("depth", "fails"), [(4, True), (5, False)])
def test_depth_may_be_left_to_the_consumer(depth: int, *, fails: bool) -> None:
    """A consumer that knows its levels checks a batch itself; what is still growing is checked at once."""
    data = [b"<r><a><b><c>x</c></b></a><d/></r>"]
    limits = Limits(depth=depth - 1)
    for levels in (0, 1):
        reader = XmlReader(data, XmlSpec(levels=levels), limits=limits)
        with pytest.raises(LimitExceeded) if fails else nullcontext():
            for _ in reader.records():
                reader.check_depth()
    open_ended = b"<r><a><b><c>" + b"x" * 3 * BLOCK
    found = outcome([open_ended], XmlSpec(levels=1), limits=limits)
    assert slugs(found) == ["too_deep" if fails else "xml_truncated"]


def test_a_line_that_was_lost_is_found_again() -> None:
    """Beyond line 65,534 an element without text has no line for libxml2: the bytes tell."""
    reader = XmlReader([b"<r>" + b"\n" * 70_000 + b"<b>x</b></r>"])
    assert [reader.line(e) for e in reader.records()] == [70_001]
    reader = XmlReader([b"<r>" + b"\n" * 70_000 + b"<a/>\n<a><c/></a></r>"])
    assert [(reader.line(e), *map(reader.line, e)) for e in reader.records()] == [(70_001,), (70_002, 0)]


@pytest.mark.parametrize("noise", [b"<!-- <a> -->", b"<v><a/></v>", b"<?pi <a?>", b"<ab/>"])
def test_a_line_that_is_not_certain_is_not_given(noise: bytes) -> None:
    """Where tags cannot be told apart, the line is that of the first text, or unknown."""
    data = b"<r>" + b"\n" * 70_000 + noise + b"\n<a>\n<v>x</v></a>\n<a/></r>"
    reader = XmlReader([data])
    lines = [reader.line(e) for e in reader.records() if e.tag == "a"]
    assert lines == [70_003, 0]


@pytest.mark.parametrize("start", [0, 65_000, 70_000])
def test_lines_of_records_are_exact_in_files_of_any_size(start: int) -> None:
    """Lines of all records over several pieces, on both sides of line 65,535."""
    begun = [*range(start + 2, start + 2 + 3 * 20_000, 3)]
    data = b"<r>" + b"\n" * start + b"\n<a>\n<v>text! and? more</v>\n</a>" * len(begun) + b"</r>"
    reader = XmlReader([data])
    assert [line for _, batch in reader.batches() for line in reader.lines(batch)] == begun


def test_lines_of_records_in_a_container_are_those_of_the_elements() -> None:
    """Below the children of the root, a line is what libxml2 knows of each element."""
    reader = XmlReader([b"<r>\n<as>\n<a/>\n<a/></as></r>"], XmlSpec(depth=2))
    assert [reader.lines(batch) for _, batch in reader.batches()] == [[], [3], [4]]


def test_findings_beyond_the_first_block_have_true_lines() -> None:
    """Lines are counted over the blocks."""
    data = b"<r>\n" + b"<a/>\n" * BLOCK + b"<v>&foo;</v></r>"
    assert [p.where.line for p in outcome([data])[1]] == [BLOCK + 2]


SAMPLE = (
    '\n<?xml version="1.0" encoding="utf-8"?>\n<!-- a > b -->\n<r x="é">\n<!-- degre="2D" --><a>é&eacute;&foo;&amp;</a>'
    "<b><c> </c><![CDATA[x>]]></b>\r\n<d e='>'>œuvre</d><a/>\n</r>\n"
).encode()


@given(st.lists(st.integers(0, len(SAMPLE)), max_size=12).map(sorted), st.sampled_from([1, 2, 7, 64]), st.data())
@example([], 1, None)
def test_the_result_never_depends_on_how_bytes_come(cuts: list[int], size: int, draw: st.DataObject | None) -> None:
    """Whole, byte by byte or cut anywhere, whole or damaged: same records, findings, error and encoding."""
    data = SAMPLE
    if draw is not None:
        at = draw.draw(st.integers(0, len(SAMPLE) - 1))
        data = draw.draw(st.sampled_from([SAMPLE, SAMPLE[:at], SAMPLE[:at] + b"\xe9" + SAMPLE[at + 1 :]]))
    cut = [data[i:j] for i, j in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    expected = outcome([data])
    assert outcome(cut) == expected
    assert outcome([data[i : i + size] for i in range(0, len(data), size)]) == expected


def test_a_path_and_a_pipe_give_the_same(tmp_path: Path) -> None:
    """What comes from the disk or from another program is read as what comes from memory."""
    data = b"<r>" + "<a>é&eacute;</a>\n".encode() * 9_000 + b"</r>"
    (tmp_path / "a.xml").write_bytes(data)
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as file:
            file.write(data)

    threading.Thread(target=write).start()
    with os.fdopen(reading, "rb") as pipe:
        assert outcome(one(pipe).chunks()) == outcome(one(tmp_path / "a.xml").chunks()) == outcome([data])


def test_what_came_before_a_limit_of_the_source_stands() -> None:
    """The records before the last byte allowed are given, then the error, the same whole or in chunks."""
    data = b"<r>" + b"<a/>" * 20
    for size in (1, 1000):
        chunks = one([data[i : i + size] for i in range(0, len(data), size)], limits=Limits(total_bytes=43)).chunks()
        records, _, error, _ = outcome(chunks)
        assert (len(records), error and error.slug) == (9, "io_total_bytes")


@given(st.lists(st.binary(max_size=9)), st.integers(1, 8))
def test_blocks_and_pieces_keep_every_byte(chunks: list[bytes], size: int) -> None:
    """Cutting and regrouping lose nothing, and blocks have one size."""
    whole = b"".join(chunks)
    got = list(blocks(chunks, size))
    assert b"".join(got) == b"".join(pieces(got, size)) == whole
    assert all(len(block) == size for block in got[:-1])
    assert all(pieces(got, size))


@pytest.mark.parametrize("token", ["&eacute;", "é", "<b>", "€", "<!--", "]]>", "\r\n"])
def test_pieces_never_cut_a_token(token: str) -> None:
    """A token is whole in one piece, wherever the block ends."""
    for before in range(1, 20):
        data = b"x" * before + token.encode() + b"yyyy"
        assert any(token.encode() in piece for piece in pieces(blocks([data], 12), 12))


def test_memory_does_not_follow_the_file(peak: Callable[[Callable[[], object]], int]) -> None:
    """Ten times more records, the same peak."""

    def read(count: int) -> None:
        record = b"<a><b>text</b></a>\n" * 1_000
        chunks = (c for head in ([b"<r>"], (record for _ in range(count)), [b"</r>"]) for c in head)
        assert sum(1 for _ in XmlReader(chunks).records()) == count * 1_000

    assert peak(lambda: read(200)) < 1.5 * peak(lambda: read(20)) + 1_000_000


@pytest.fixture
def peak() -> Callable[[Callable[[], object]], int]:
    """Give the peak of Python's memory while something runs."""
    import tracemalloc  # noqa: PLC0415 - only here

    def measure(run: Callable[[], object]) -> int:
        tracemalloc.start()
        try:
            run()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return measure


def test_an_endless_record_stops_in_bounded_memory() -> None:
    """A record that never ends is stopped by its elements, its bytes, or the length of its text."""

    def endless(start: bytes, more: bytes) -> Iterable[bytes]:
        yield start
        while True:
            yield more * (BLOCK // len(more))

    for start, more, slug in (
        (b"<r><a>", b"<b/>", "record_too_large"),
        (b"<r><a>", b"<b>" + b"x" * 900 + b"</b>", "record_too_long"),
        (b"<r><a>", b"<!-- a comment, dropped -->", "record_too_long"),
        (b"<r><a>", b"x", "text_too_long"),
        (b"<r><a b='", b"x", "text_too_long"),
        (b"<r><a><![CDATA[", b"<x", "record_too_large"),
        (b"<r><", b"x", "text_too_long"),
        (b"<", b"x", "prolog_too_long"),
        (b"<!-- ", b"x", "prolog_too_long"),
        (b" ", b" ", "prolog_too_long"),
    ):
        reading = outcome(endless(start, more), limits=Limits(record_bytes=1 << 21))
        assert slugs(reading) == [slug]


def test_a_large_record_is_counted_when_it_ends() -> None:
    """A record over several blocks that ends in time is counted exactly."""
    data = b"<r><a>" + b"<i/>" * 199_999 + b"</a><b/></r>"
    assert [len(r) > BLOCK for r in outcome([data])[0]] == [True, False]
    larger = b"<r><a>" + b"<i/>" * 200_000 + b"</a><b/></r>"
    assert slugs(outcome([larger])) == ["record_too_large"]


def test_limits_are_errors_of_their_own() -> None:
    """A limit raises LimitExceeded, which is also unreadable input."""
    with pytest.raises(LimitExceeded):
        list(XmlReader([b"<r>" + b"<a>" * 300], file="f").records())
