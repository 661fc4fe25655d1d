"""The incremental lane: whatever the successor is, and whatever the index, the full reader gives the same."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from entformats._xml import reader as door
from entformats._xml.blocks import blocks
from entformats.aaf import Index, Successor, iter_records
from entformats.aaf import successor as module
from entformats.aaf.context import FileContext
from entformats.aaf.hollow import Child, Scanner, emptied
from entformats.aaf.reader import Item
from entformats.errors import UnreadableInput, UsageError
from entformats.limits import Limits
from entformats.problems import Location, Problem, problem

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]
Seen: TypeAlias = list[tuple[Item, tuple[str, ...], Location] | str]

CATEGORIES = ("Eleve", "PersRelEleve", "PersEducNat", "EtabEducNat", "MatEducNat")
PIECES = (
    *(
        "",
        " ",
        "x",
        "\n",
        "é",
        "&eacute;",
        "&foo;",
        "&amp;",
        "<b/>",
        "<value/>",
        "</value><value>",
        "<!-- c -->",
        "<?p?>",
    ),
    *("<![CDATA[y]]>", "<addRequest>", "</addRequest>", "<addRequest/>", "</addRequest >", "</ficAlimMENESR>", "\x01"),
    *("<!-- <addRequest> -->", 'name="sn"', "ENTNouveau", "<deleteRequest/>", "]]>", "<addRequest><id/></addRequest>"),
)


def seen(items: Iterable[Item]) -> Seen:
    """Give all that a reading tells: items, shapes, places, the error that ends it."""
    found: Seen = []
    try:
        for item in items:
            shape = getattr(getattr(item, "record", item), "shape", ())
            found.append((item, shape, item.where))
    except UnreadableInput as error:
        found.append(repr(error.problem) + str(error.problem.where))
    return found


def index_of(source: bytes, previous: Index | None = None) -> Index:
    """Read a file for its index."""
    reading = Successor(source, previous or Index())
    assert seen(reading) == seen(iter_records(source))
    return reading.index


@given(data=st.data())
def test_the_incremental_lane_is_equal_to_the_full_reader(data: st.DataObject, document: Files, add: Texts) -> None:
    """Records kept, moved, dropped, repeated or changed anywhere, in pieces of any size: nothing differs.

    Items, shapes, places and errors are equal, also through an index that was pickled, and two deliveries later.
    """
    draw = data.draw
    size = draw(st.sampled_from([1 << 17, 2_000, 700, 150]))
    extra = {"ENTNouveau": "x", "ENTAutre": "y"}
    pool = [
        add(draw(st.sampled_from(CATEGORIES)), str(key % 4), **dict(list(extra.items())[: draw(st.integers(0, 2))]))
        for key in range(draw(st.integers(1, 6)))
    ]
    pool = [text.replace("\n", "") if draw(st.booleans()) else text for text in pool]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "blocks", partial(blocks, size=size))
        index = Index()
        for _ in range(3):
            texts = draw(st.lists(st.sampled_from(pool), max_size=8))
            for at in range(len(texts)):
                if draw(st.integers(0, 4)) == 0:
                    start = draw(st.integers(0, len(texts[at])))
                    cut = draw(st.sampled_from([0, 0, 1, 9]))
                    texts[at] = texts[at][:start] + draw(st.sampled_from(PIECES)) + texts[at][start + cut :]
            source = document(*texts)
            reading = Successor(source, pickle.loads(pickle.dumps(index)))  # noqa: S301 - made just above
            result = seen(reading)
            assert result == seen(iter_records(source))
            if not isinstance(result[-1] if result else None, str):
                index = reading.index


def test_what_repeats_is_not_parsed_again(document: Files, add: Texts) -> None:
    """Equal bytes are taken from the index wherever they are, their findings too; what changed is parsed."""
    same = [add(key=str(key)) for key in range(5)]
    odd = add(key="9", ENTElevePersRelEleve="unreadable")
    index = index_of(document(*same, odd))
    assert len(index) == 6
    reading = Successor(document(add(key="7"), *reversed(same), odd), index)
    assert seen(reading) == seen(iter_records(document(add(key="7"), *reversed(same), odd)))
    assert (reading.reused, reading.typed, reading.stopped) == (6, 1, "")


def test_a_counted_finding_is_placed_where_it_first_occurs(document: Files, add: Texts) -> None:
    """The record that tells of an unknown attribute first is parsed; others are counted, once the name was learnt."""
    texts = [add(key=str(key), ENTNouveau="x") for key in range(1_000)]
    index = index_of(document(*texts))
    assert 0 < len(index) < 1_000
    known = texts[-len(index) // 2 :]
    reading = Successor(document(*known), index)
    assert seen(reading) == seen(iter_records(document(*known)))
    assert reading.reused > reading.typed > 0


@pytest.mark.parametrize(
    ("before", "after", "reused", "stopped"),
    [
        ("", "", 2, ""),
        ("", "<deleteRequest/>", 2, "unusual_structure"),
        ("<deleteRequest/>", "", 0, "unusual_structure"),
        ("<!-- c -->", "", 1, ""),
        ("", "<!-- c -->", 2, "unusual_markup"),
        ("", "<?p?>", 2, "unusual_markup"),
        ("", "text", 2, "unusual_structure"),
        ("<addRequest/>", "", 0, "unusual_structure"),
    ],
)
def test_what_is_unusual_is_read_in_full(
    document: Files, add: Texts, before: str, after: str, reused: int, stopped: str
) -> None:
    """Anything between records, or any other markup, stops the lane where it is, which says why."""
    first, second = add(key="1"), add(key="2")
    index = index_of(document(first, second))
    source = document(before, first, second, after)
    reading = Successor(source, index)
    assert seen(reading) == seen(iter_records(source))
    assert reading.stopped == stopped
    assert reading.reused == reused


def test_an_index_of_other_conditions_is_not_used(document: Files, add: Texts) -> None:
    """A file of another category or root, or other limits: everything is parsed, and that is said."""
    source = document(add(key="1"))
    index = index_of(source)
    other = Successor(source, index, limits=Limits(depth=9))
    assert seen(other) == seen(iter_records(source))
    assert (other.reused, other.stopped) == (0, "other_conditions")
    spaced = source.replace(b"<ficAlimMENESR>", b'<ficAlimMENESR xmlns="urn:x">')
    reading = Successor(spaced, index)
    assert seen(reading) == seen(iter_records(spaced))
    assert (reading.reused, reading.stopped) == (0, "other_conditions")


def test_an_unusual_header_is_read_in_full(document: Files, add: Texts) -> None:
    """A root that does not begin as it does everywhere."""
    source = document(add(key="1")).replace(b"<ficAlimMENESR>", b"<x:ficAlimMENESR xmlns:x='u'>")
    source = source.replace(b"</ficAlimMENESR>", b"</x:ficAlimMENESR>")
    reading = Successor(source)
    assert seen(reading) == seen(iter_records(source))
    assert reading.stopped == "unusual_header"


def test_an_index_of_another_version_is_refused(document: Files, add: Texts, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version made of the same bytes may differ: the caller is told, and reads in full."""
    index = index_of(document(add(key="1")))
    monkeypatch.setattr(module, "_reader", lambda: "another")
    with pytest.raises(UsageError, match="another version"):
        Successor(b"", index)


def test_indexes_of_the_parts_of_a_delivery_go_together(document: Files, add: Texts) -> None:
    """A record that moved to another part is known all the same; indexes of two kinds of files are refused."""
    one, two = document(add(key="1")), document(add(key="2"))
    index = Index(index_of(one), Index(), index_of(two))
    assert (len(index), repr(index)) == (2, "<Index of 2 records>")
    reading = Successor(document(add(key="2"), add(key="1")), index)
    seen(reading)
    assert reading.reused == 2
    other = Successor({"ENT_Complet_Eleve_0000.xml": one})
    seen(other)
    with pytest.raises(UsageError, match="of one kind"):
        Index(index, other.index)


def test_there_is_no_index_before_the_end(document: Files, add: Texts) -> None:
    """An index of half a file would not tell so."""
    reading = Successor(document(add(key="1")))
    with pytest.raises(UsageError, match="once the file was read"):
        _ = reading.index
    broken = Successor(document(add(key="1"))[:-20])
    with pytest.raises(UnreadableInput):
        list(broken)
    with pytest.raises(UsageError, match="once the file was read"):
        _ = broken.index


def test_problems_of_the_file_are_found_anew(document: Files, add: Texts) -> None:
    """Findings of encoding and entities do not depend on what was emptied."""
    text = add(key="1", givenName="Zoé").replace("Zoé", "Zo&eacute;")
    index = index_of(document(text))
    reading = Successor(document(text, text), index)
    items = list(reading)
    assert items == list(iter_records(document(text, text)))
    assert [item.params["count"] for item in items if isinstance(item, Problem)] == [2]
    assert reading.reused == 2


@given(noise=st.binary(max_size=200), at=st.integers(0, 200))
@example(noise=b"<addRequest></addRequest>", at=0)
def test_emptied_bytes_keep_lines_and_columns(noise: bytes, at: int, document: Files, add: Texts) -> None:
    """Whatever is emptied, what follows keeps its line and its column."""
    known = next(iter(index_of(document(add())).known.values())).typed
    record = b"<addRequest>\n <a>" + noise.replace(b"<", b"") + b"</a></addRequest>"
    file = b"<ficAlimMENESR>" + record + noise[:at] + b"\n" + record + b"</ficAlimMENESR>"
    try:
        file.decode()
    except UnicodeDecodeError:
        file = file.decode("latin-1").encode()
    left = Scanner(lambda text: Child(known if emptied(text) else None, b"", emptied(text))).emptied(file)
    assert left.count(b"\n") == file.count(b"\n")
    last = [text[text.rfind(b"\n") + 1 :].decode() for text in (left, file)]
    assert len(last[0]) == len(last[1])


FAULTS: tuple[dict[str, str | tuple[str, ...]], ...] = (
    {"ENTElevePersRelEleve": "unreadable"},
    {"ENTEleveGroupes": ("61001$A", "61001$A")},
    {"ENTPersonDateNaissance": "31/02/2012", "sn": ""},
    {"ENTNouveau": "x", "ENTEleveGroupes": ("61001$A", "61001$A")},
    {"ENTEleveClasses": ("61001$A", "61001$B"), "ENTPersonNom": "X"},
    {"ENTPersonJointure": "other"},
)


def test_a_record_inside_another_stops_the_lane(document: Files, add: Texts) -> None:
    """The end of the inner one is not that of the outer one, wherever the pieces are cut."""
    known = add(key="1")
    nested = add(key="2").replace("</attributes>", "<addRequest></addRequest></attributes>")
    index = index_of(document(known))
    for size in range(60, 2_000, 100):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(door, "blocks", partial(blocks, size=size))
            reading = Successor(document(known, known, known, nested, known), index)
            assert seen(reading) == seen(iter_records(document(known, known, known, nested, known)))
        assert reading.stopped == "unusual_structure"


@pytest.mark.parametrize(
    ("gaps", "kept"),
    [((0, 1), True), ((0, 70_000), False), ((70_000, 0), False), ((70_000, 69_000), True), ((3, 65_470), False)],
)
def test_problems_keep_their_places(gaps: tuple[int, int], kept: bool, document: Files, add: Texts) -> None:
    """Records come from the index with their problems where they now are; one that passes line 65,534 is read again."""
    texts = [add(key=str(key), **faults) for key, faults in enumerate((*FAULTS, *FAULTS))]
    first, second = (
        document(add(key="a"), "\n" * gap, *order, add(key="z"))
        for gap, order in zip(gaps, (texts, texts[::-1]), strict=True)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "blocks", partial(blocks, size=1_000))
        index = index_of(first)
        reading = Successor(second, index)
        assert seen(reading) == seen(iter_records(second))
        again = Successor(second, reading.index)
        assert seen(again) == seen(iter_records(second))
        assert (reading.reused > 6) == kept
        assert again.reused > 5


def test_what_is_no_record_is_emptied_to_nothing() -> None:
    """Bytes without a tag have nothing that could stay."""
    assert emptied(b" \n ") == b""


def test_a_finding_before_its_record_has_no_place_in_it() -> None:
    """Places relative to a record are those from its first line on; where one is before, nothing is kept."""

    class Reader:
        def xpath(self, _: object) -> str:
            return "/ficAlimMENESR/addRequest[1]"

    context = FileContext("a.xml", None, Limits())
    context.xml = cast("door.XmlReader", Reader())
    found = [problem("ignored_file", Location("a.xml", line=3))]
    record = etree.Element("addRequest")
    assert context.relative(found, record, 4) is None
    (moved,) = context.relative(found, record, 3) or ()
    assert (moved.where.file, moved.where.line) == ("", 0)
