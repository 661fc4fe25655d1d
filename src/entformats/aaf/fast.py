"""The fast lane: an `addRequest` in which nothing is unusual, read by a table compiled from the attribute table.

It explains nothing. Whatever is not exactly as expected raises, and the slow lane (`slow.py`) reads the record again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Final, NamedTuple

import attrs
from lxml import etree

from entformats.aaf.context import Element
from entformats.aaf.convert import ENTITY, Atom, empty, strict
from entformats.aaf.models import NOTHING, Record, Shape
from entformats.aaf.table import Attribute, Category, Table, Type, Values
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap

__all__ = ["PARALLEL", "SURPRISES", "FastLane", "Memo", "SeenShape", "Surprise", "memos"]


class Surprise(Exception):
    """Something that the fast lane does not read."""


SURPRISES: Final = (Surprise, LookupError, InvalidValue)
STREAMED: Final = 8_192
"""Distinct texts remembered by a converter while streaming: memory stays flat."""
VALUE_WEIGHT: Final = 1 << 18
KEPT: Final = 1 << 62
"""While keeping records, what a memo holds is retained anyway."""


class Memo(dict[str, Atom]):
    """Mémoire d'un convertisseur: one call a distinct text, one shared value; a bad text raises and is not remembered.

    >>> memo = Memo(str.upper, 2)
    >>> memo["a"], memo["a"], len(memo)
    ('A', 'A', 1)
    """

    __slots__ = ("_limit", "_read")

    def __init__(self, read: Callable[[str], Atom], limit: int) -> None:
        """Remember at most `limit` texts."""
        super().__init__()
        self._read = read
        self._limit = limit

    def __missing__(self, text: str) -> Atom:
        """Convert a text for the first time."""
        value = self._read(text)
        if len(self) >= self._limit:
            self.clear()
        self[text] = value
        return value


def memos(*, keep: bool) -> dict[Type, Memo]:
    """Give one memo a type, shared by all categories; when streaming, plain text is not shared (it costs more)."""
    limit = KEPT if keep else STREAMED
    found = {kind: Memo(strict(kind), limit) for kind in Type}
    if not keep:
        del found[Type.TEXT]
    del found[Type.KEY]
    return found


class _Slot(NamedTuple):
    """Place d'un attribut dans les arguments du constructeur; negative for an unknown attribute."""

    place: int
    many: bool
    memo: Memo | None
    unique: Callable[[Iterable[str]], set[str]] | None


def _declared_names(texts: Iterable[str]) -> set[str]:
    return {text.partition("$")[0] for text in texts}


class SeenShape(NamedTuple):
    """Forme vue: the shared tuple of names, and what each record of that shape adds to the tallies."""

    names: Shape
    tallies: tuple[tuple[str, dict[str, str]], ...]


class _Shapes(dict[tuple[str | None, ...], SeenShape]):
    """Formes vues: names as delivered -> shape; a repeated name raises."""

    __slots__ = ("_meant",)

    def __init__(self) -> None:
        super().__init__()
        self._meant: dict[str, str] = {}

    def learn(self, name: str, meant: str) -> None:
        """Note a name that is not in the table, and the one that it stands for, or nothing."""
        self._meant[name] = meant

    def __missing__(self, delivered: tuple[str | None, ...]) -> SeenShape:
        given = [name for name in delivered if name is not None]
        names = tuple(self._meant.get(name) or name for name in given)
        if len(set(names)) < len(names):
            raise Surprise
        if len(self) >= STREAMED:
            self.clear()
        self[delivered] = found = SeenShape(names, tuple(self._tally(name) for name in given if name in self._meant))
        return found

    def _tally(self, name: str) -> tuple[str, dict[str, str]]:
        if meant := self._meant[name]:
            return "misspelt_attribute", {"attribute": name, "meant": meant}
        return "unknown_attribute", {"attribute": name}


class FastLane:
    """Voie rapide d'une catégorie."""

    __slots__ = ("_blank", "_make", "_odd", "_required", "_shapes", "_slots", "_text")

    def __init__(self, table: Table, memo: dict[Type, Memo]) -> None:
        """Compile the table of a category."""
        order = {one.name: index for index, one in enumerate(attrs.fields(table.record))}
        self._make: Callable[..., Record] = table.record
        self._text = memo.get(Type.TEXT)
        self._blank: list[object] = [None] * (len(order) - 1) + [NOTHING]
        self._slots: dict[str | None, _Slot] = {}
        for attribute in table.attributes:
            index = order[attribute.field]
            self._blank[index] = empty(attribute)
            self._slots[attribute.name] = _slot(attribute, index, memo.get(attribute.type))
        self._required = itemgetter(0, *(order[one.field] for one in table.attributes if one.mandatory))
        self._odd = _pupil_is_odd(order) if table.category is Category.PUPILS else _never
        self._shapes = _Shapes()

    def learn(self, name: str, meant: str) -> None:
        """Compile a name that is not in the table: an unknown attribute, or another spelling of `meant`."""
        self._slots[name] = self._slots[meant] if meant else _Slot(-1, many=True, memo=self._text, unique=None)
        self._shapes.learn(name, meant)

    def read(self, record: Element, key: str) -> tuple[Record, SeenShape]:  # noqa: C901, PLR0912 - a call costs more
        """Read an `addRequest` of three sections; give it with its shape.

        Everything read is counted, and compared with what the tree holds: nothing in it was left unread.
        Raises `SURPRISES`.
        """
        args = self._blank.copy()
        slots = self._slots
        names = []
        unknown = []
        values = texts = 0
        for attribute in record[2].iterchildren("attr"):
            name = attribute.get("name")
            place, many, memo, unique = slots[name]
            names.append(name)
            count = len(attribute)
            values += count
            value: object
            if count == 1:
                text = attribute[0].text
                if text is None:
                    continue
                texts += 1
                if memo is not None:
                    value = memo[text]
                elif text[:1] <= " " or ("&" in text and ENTITY.search(text)):
                    raise Surprise
                else:
                    value = text
                if many:
                    value = (value,)
            elif many:
                value = _several(attribute, memo, unique)
                texts += count
            else:
                raise Surprise
            if place < 0:
                unknown.append((name, value))
            else:
                args[place] = value
        shape = self._shapes[tuple(names)]
        census = 8 + len(names) + values + texts + VALUE_WEIGHT * (values + 1)
        if args[0] != key or CENSUS(record) != census or not all(self._required(args)) or self._odd(args, shape.names):
            raise Surprise
        args[-2] = shape.names
        if unknown:
            args[-1] = FrozenMap(unknown)
        return self._make(*args), shape


CENSUS: Final = etree.XPath(f"count(descendant::node()) + {VALUE_WEIGHT} * count(descendant::value)")
"""Recensement: the nodes of a record, and how many are named `value`, in one number.

Besides its attributes a record has eight nodes: three sections, the category (`attr`, `value`, text) and the identifier
(`id`, text). An equal number means that nothing was left unread, whatever it is.
"""


def _slot(attribute: Attribute, index: int, memo: Memo | None) -> _Slot:
    if attribute.type in {Type.DECLARED_CLASS, Type.DECLARED_GROUP}:
        return _Slot(index, many=True, memo=memo, unique=_declared_names)
    unique = set if attribute.values is Values.MANY else None
    return _Slot(index, attribute.values is not Values.ONE, memo, unique)


def _several(
    attribute: Element, memo: Memo | None, unique: Callable[[Iterable[str]], set[str]] | None
) -> tuple[object, ...]:
    texts = [value.text or "" for value in attribute]
    if not all(texts) or not texts or (unique is not None and len(unique(texts)) < len(texts)):
        raise Surprise
    if memo is not None:
        return tuple([memo[text] for text in texts])
    if any(text[:1] <= " " or ("&" in text and ENTITY.search(text)) for text in texts):
        raise Surprise
    return tuple(texts)


def _never(_: list[object], __: Shape) -> bool:
    return False


def _pupil_is_odd(order: dict[str, int]) -> Callable[[list[object], Shape], bool]:
    """Tell of a pupil that the slow lane may have something to say on his classes or his subjects."""
    classes, labels, codes = order["classes"], order["subject_labels"], order["subject_codes"]

    def length(value: object) -> int:
        assert isinstance(value, tuple)
        return len(value)

    def odd(args: list[object], shape: Shape) -> bool:
        if length(args[classes]) > 1:
            return True
        return length(args[labels]) != length(args[codes]) and PARALLEL.issubset(shape)

    return odd


PARALLEL: Final = frozenset({"ENTEleveEnseignements", "ENTEleveCodeEnseignements"})
"""Listes parallèles: the label and the code of one subject have the same position."""
