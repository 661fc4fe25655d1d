"""The parts of the fast lane: memos that stay bounded, shapes that are compiled once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from entformats.aaf import Add, fast, iter_records, read
from entformats.aaf.convert import strict
from entformats.aaf.fast import Memo, Surprise
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


@pytest.mark.parametrize("kind", list(Type))
def test_what_was_escaped_twice_is_never_read_strictly(kind: Type) -> None:
    """Every strict reading leaves a text escaped twice, or blank, to the tolerant one."""
    for text in ("61001$D&apos;A", " ", "&#233;"):
        with pytest.raises(InvalidValue):
            strict(kind)(text)


def test_shapes_seen_stay_bounded(document: Files, add: Texts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in which every record has another shape is read whole, in bounded memory."""
    monkeypatch.setattr(fast, "STREAMED", 2)
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
