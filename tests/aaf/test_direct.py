"""The direct lane: what it reads without a tree is what the tree gives, to the last place; what it does not is left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats._files import Part
from entformats._xml import BLOCK
from entformats._xml import reader as door
from entformats._xml.blocks import blocks
from entformats.aaf import direct
from entformats.aaf.hollow import Child
from entformats.aaf.reader import FileReader
from entformats.aaf.scope import ALL, Scope
from entformats.aaf.table import Category
from entformats.errors import UnreadableInput
from entformats.limits import Limits

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]

CATEGORIES = ("Eleve", "PersRelEleve", "PersEducNat", "EtabEducNat", "MatEducNat", "MefEducNat")
EXTRA = {
    "ENTNouveau": "x",
    "ENTElevePere": "34",
    "ENTPersonAutresPrenoms": ("A", "B"),
    "ENTEleveClasses": "61001$5 C",
    "ENTEleveEnseignements": ("ANGLAIS LV1", "ANGLAIS LV1"),
    "ENTEleveBoursier": "O",
    "ENTElevePersRelEleve": "34$10$1$1$1$0",
    "ENTPersonNom": "D'AUBREPIN",
    "ENTPersonAdresse": "1 RUE FICTIVE$$",
    "entpersonjointure": "7",
}
WORDS = (
    *("", " ", "x", "\n", "\r", "\r\n", "\t", "é", "\u0153", "\u00a0", "\u2028", "\x0b", "\x85", "\ufffe", "\x00", "]"),
    *("&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&eacute;", "&foo;", "&#233;", "&#xe9;", "&#60;", "&#32;", "&#160;"),
    *("&amp;eacute;", "&#55296;", "&#9999999;", "&#xFFFF;", "&", "&;", "&#38;amp;", "&amp;amp;", "]]>", "]]&gt;"),
    *("<value/>", "<value></value>", "<value />", "</value><value>", "</value> <value>", "<value>y</value>", "<b/>"),
    *(
        "<!-- c -->",
        "<![CDATA[y]]>",
        "<?p?>",
        'name="sn"',
        " xmlns='u'",
        "ENTNouveau",
        "</attr>",
        "$",
        "O",
        "31/02/2012",
    ),
    *("&#60;/value>&#60;value>y", "&lt;/value>&lt;value>y", "&#60;b/>"),
    *("<addRequest>", "</addRequest>", "</addRequest >", "<deleteRequest/>", "</attributes>", "<x:y>", "\\", "-", "_"),
)
USUAL = Limits()
VALUES = ("ENTNouveau", "ENTPersonAutresPrenoms", "ENTEleveRegime", "ENTElevePere", "ENTEleveINE")
CODECS = ("utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "cp1252")


def through(
    source: bytes, lane: str, scope: Scope = ALL, limits: Limits = USUAL, name: str = ""
) -> tuple[list[str], FileReader]:
    """Read with all lanes, or without the direct one, or with the slow one alone; give all that is told."""
    reader = FileReader(Part(name, name, lambda: iter([source])), scope=scope, limits=limits)
    reader.direct = reader.direct and lane == "direct"
    reader.fast = lane != "slow"
    told: list[str] = []
    try:
        for item in reader.items():
            shape = getattr(getattr(item, "record", item), "shape", ())
            told.append(f"{item!r} {item.where!r} {shape} {detail(item)}")
    except UnreadableInput as error:
        told.append(f"{error!r} {error.problem.where!r}")
    told.append(f"{sorted(map(str, reader.refused))} {sorted(reader.degrees)} {reader.comments} {reader.announced}")
    return told, reader


def detail(item: object) -> list[object]:
    """Give every field, which `repr` may hide."""
    held = getattr(item, "record", item)
    return [getattr(held, name) for name in held.__match_args__]  # type: ignore[attr-defined]  # every item is of attrs


def agree(source: bytes, scope: Scope = ALL) -> None:
    """Read through the three lanes, which must tell the same."""
    told = {lane: through(source, lane, scope)[0] for lane in ("direct", "fast", "slow")}
    assert told["direct"] == told["fast"]
    assert told["direct"] == told["slow"]


@given(data=st.data())
def test_the_direct_lane_is_equal_to_the_others(data: st.DataObject, document: Files, add: Texts) -> None:
    """Records changed anywhere, in any encoding, layout and cut, are told in the same way by every lane."""
    draw = data.draw
    names = draw(st.lists(st.sampled_from(sorted(EXTRA)), max_size=4, unique=True))
    texts = []
    for key in range(draw(st.integers(1, 6))):
        category = draw(st.sampled_from(CATEGORIES[: draw(st.sampled_from([1, 6]))]))
        text = add(category, str(key), **{name: EXTRA[name] for name in names})
        for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
            places = [0, text.rindex("<value>") + 7, text.rindex("</value>"), draw(st.integers(0, len(text)))]
            at = draw(st.sampled_from(places))
            text = text[:at] + draw(st.sampled_from(WORDS)) + text[at + draw(st.sampled_from([0, 0, 1, 9])) :]
        texts.append(text)
    whole = document(*texts).decode()
    whole = whole.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r", "", " \n ", "\u2028\n"])))
    source = whole.encode(draw(st.sampled_from(CODECS)), "replace")
    source = source[: draw(st.sampled_from([len(source), len(source), draw(st.integers(0, len(source)))]))]
    without = draw(st.sampled_from([(), ("address", "family"), ("classes",)]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(direct, "AFTER", 1)
        patch.setattr(door, "blocks", partial(blocks, size=draw(st.sampled_from([BLOCK, 3_000, 600, 90]))))
        agree(source, Scope(without=without))


@pytest.mark.parametrize("name", VALUES)
def test_any_text_in_a_value_is_read_alike(
    name: str, document: Files, add: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that begins, ends or goes on with any text, or has another beside it."""
    monkeypatch.setattr(direct, "AFTER", 1)
    plain = add(key="1", **{name: EXTRA.get(name, "x")})
    before, _, after = plain.rpartition(f'<attr name="{name}"><value>')
    start = f'{before}<attr name="{name}"><value>'
    for word in WORDS:
        for text in (word, f"a{word}", f"a</value><value>{word}"):
            agree(document(plain, start + text + after, plain))


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u2028", "\x85", "\x0b"])
def test_only_blanks_of_xml_are_blanks(
    blank: str, document: Files, add: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anything else between two tags is a finding, or an error."""
    monkeypatch.setattr(direct, "AFTER", 1)
    agree(document(add(), add(), add()).decode().replace("\n", blank + "\n").encode())


def test_an_identifier_that_differs_is_left_to_the_tree(document: Files, add: Texts) -> None:
    """The record and its heading must name the same identifier, of characters that no program changes."""
    texts = [add(key=str(key)) for key in range(9)]
    texts[5] = texts[5].replace("<id>5</id>", "<id>50</id>")
    texts[6] = texts[6].replace(">6<", ">&#54;<")
    texts[7] = texts[7].replace("<value>7</value>", "<value/>")
    texts[8] = texts[8].replace("<id>8</id>", "<id/>")
    assert read_directly(document(*texts)) == 5 - direct.AFTER + 1
    agree(document(*texts))


def test_repeated_values_are_left_to_the_tree(document: Files, add: Texts) -> None:
    """A repetition is a finding, which the tree places."""
    texts = [add(key=str(key), ENTEleveGroupes=("61001$A", "61001$B")) for key in range(9)]
    texts[5] = texts[5].replace("$B", "$A")
    assert read_directly(document(*texts)) == 8 - direct.AFTER + 1
    agree(document(*texts))


def read_directly(source: bytes, **changes: object) -> int:
    """Count the records that the direct lane reads."""
    taken = 0
    reader = FileReader(Part("", "", lambda: iter([source])), **changes)  # type: ignore[arg-type]  # passed on
    original = reader._known

    def counted(record: bytes) -> Child:
        nonlocal taken
        child = original(record)
        taken += child[0] is not None
        return child

    reader._scanner._read = counted
    list(reader.items())
    return taken


@pytest.mark.parametrize("change", ["{}", "{}\r\n", "<value></value>", "<value />", "L&apos;&#201;COLE &amp; C"])
def test_what_exports_write_is_read_directly(change: str, document: Files, add: Texts) -> None:
    """Line ends of both kinds, empty values of any spelling, references: all but the first records of a kind."""
    text = add(ENTPersonMail="", ENTEleveRegime="x")
    if "&" in change:
        text = text.replace("x</value>", f"{change}</value>")
    elif "{}" in change:
        text = text.replace("\n", change.format("") or "\n")
    else:
        text = text.replace("<value/>", change)
    source = document(*[text.replace("310", str(key)) for key in range(10)])
    assert read_directly(source) == 10 - direct.AFTER + 1
    agree(source)


def test_a_pattern_is_compiled_for_what_comes_back(
    document: Files, add: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sequences of attributes that are too many, or seldom, are left to the tree; memory stays bounded."""
    monkeypatch.setattr(direct, "MOST", 3)
    texts = [add(key=str(key), **dict.fromkeys(list(EXTRA)[: key % 6], "34")) for key in range(60)]
    source = document(*texts)
    told, reader = through(source, "direct")
    assert reader._direct is not None
    assert (len(reader._direct._patterns), len(reader._direct._seen)) <= (3, 3)
    assert told == through(source, "fast")[0]


def test_categories_may_alternate(document: Files, add: Texts) -> None:
    """Each category has its pattern, found again without looking at the names."""
    texts = [add(CATEGORIES[key % 2], str(key)) for key in range(20)]
    assert read_directly(document(*texts)) == 20 - 2 * (direct.AFTER - 1)
    agree(document(*texts))


def test_a_record_larger_than_a_block_is_left_to_the_tree(document: Files, add: Texts) -> None:
    """What the limits may refuse is not read before the parser."""
    small = add(ENTEleveRegime="x")
    large = small.replace("x</value>", "x" * BLOCK + "</value>")
    assert read_directly(document(*[small] * 4, large, small)) == 2


@pytest.mark.parametrize("limits", [Limits(text_chars=9), Limits(depth=4), Limits(record_elements=9)])
def test_limits_hold_in_every_lane(limits: Limits, document: Files, add: Texts) -> None:
    """With limits that a record may pass, nothing is read directly, and all lanes stop at the same place."""
    source = document(*[add(key=str(key)) for key in range(9)])
    told = through(source, "direct", limits=limits)[0]
    assert told == through(source, "fast", limits=limits)[0]
    assert "UnreadableInput" in told[-2] or "LimitExceeded" in told[-2]


def test_a_category_that_is_not_asked_for_is_not_read(document: Files, add: Texts) -> None:
    """Records out of scope, or of another category than the name of the file says, are left to the other lanes."""
    source = document(*[add(key=str(key)) for key in range(9)], *[add("PersRelEleve", str(key)) for key in range(9)])
    assert read_directly(source, scope=frozenset({Category.GUARDIANS})) == 6
    name = "ENT_Complet_Eleve_0000.xml"
    assert through(source, "direct", name=name)[0] == through(source, "slow", name=name)[0]
