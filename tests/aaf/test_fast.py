"""The parts of the fast lane: memos that stay bounded, shapes that are compiled once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from entformats.aaf import Add, fast, iter_records, read
from entformats.aaf.convert import strict
from entformats.aaf.fast import Memo, Surprise, memos
from entformats.aaf.table import Type
from entformats.codes.jointure import Jointure
from entformats.errors import InvalidValue

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]


def test_a_memo_is_bounded_and_remembers_no_mistake() -> None:
    """One call a distinct text, one object a value, at most as many texts as the bound; what raises is not kept."""
    calls: list[str] = []

    def convert(text: str) -> str:
        calls.append(text)
        if text == "bad":
            raise InvalidValue(text)
        return text.upper()

    memo = Memo(convert, 2)
    assert [memo["a"], memo["a"], memo["b"], memo["c"], memo["a"]] == ["A", "A", "B", "C", "A"]
    assert calls == ["a", "b", "c", "a"]
    assert len(memo) == 2
    for _ in range(2):
        with pytest.raises(InvalidValue):
            memo["bad"]
    assert calls[-2:] == ["bad", "bad"]
    with pytest.raises(Surprise):
        memo[None]


COMPOSITES = {
    Type.CLASS: ["6A", "6 B", ""],
    Type.CLASS_SUBJECT: ["6A$030201", "6A$", "6A"],
    Type.CLASS_DATE: ["01/09/2024$6A", "31/02/2024$6A"],
    Type.MEF_TAUGHT: ["10010012110$6EME", "10010012110$"],
    Type.SUBJECT_TAUGHT: ["ANGLAIS", "D&apos;ART"],
    Type.FUNCTION: ["ENS$ENSEIGNEMENT$L0100$LETTRES", "ADF$ADMINISTRATION$$", "ENS"],
    Type.RELATION: ["1$1$1$1$0", "2$0$9$0$0", "1$1"],
}


@pytest.mark.parametrize("kind", [kind for kind in Type if kind in fast.HEADED])
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_composite_read_by_its_rest_is_the_same(kind: Type, limit: int) -> None:
    """Whatever was read before, a composite is what the strict reading gives, or fails as it does."""
    memo = memos(keep=False)[kind]
    memo._limit = limit
    rests = [*COMPOSITES[kind], " ", "&#233;"]
    heads = ["61001", "61002", "", "6-1", " 61001", "6100é", "a&b", "61001$", "&amp;"]
    for text in (*(f"{head}${rest}" for rest in rests for head in heads), "61001", ""):
        try:
            expected = strict(kind)(text)
        except InvalidValue:
            with pytest.raises(InvalidValue):
                memo[text]
        else:
            assert memo[text] == memo[text] == expected
        assert len(memo) <= limit


@pytest.mark.parametrize("kind", list(Type))
def test_what_was_escaped_twice_is_never_read_strictly(kind: Type) -> None:
    """Every strict reading leaves a text escaped twice, or blank, to the tolerant one."""
    for text in ("61001$D&apos;A", " ", "&#233;"):
        with pytest.raises(InvalidValue):
            strict(kind)(text)


def test_shapes_seen_stay_bounded(document: Files, add: Texts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in which every record has another shape is read whole, in bounded memory."""
    monkeypatch.setattr(fast, "OTHERS", 2)
    texts = [
        add(key=str(key), **dict.fromkeys(["mail", "homePhone", "ENTEleveRegime"][: key % 4], "x")) for key in range(9)
    ]
    items = list(iter_records(document(*texts)))
    assert [item.record.key for item in items if isinstance(item, Add)] == [str(key) for key in range(9)]


def test_equal_values_are_shared_when_kept(document: Files, add: Texts) -> None:
    """A delivery holds one object for equal labels, references and classes."""
    same = {"ENTEleveRegime": "EXTERNE LIBRE", "ENTEleveClasses": "61001$6A"}
    source = {
        "ENT_Complet_Eleve_0000.xml": document(add(key="1", **same)),
        "ENT_Complet_Eleve_0001.xml": document(add(key="2", **same)),
    }
    pupils = read(source).directory.pupils
    first, second = pupils[Jointure("1")], pupils[Jointure("2")]
    assert first.regime is second.regime
    assert first.school is second.school
    assert first.classes[0] is second.classes[0]
