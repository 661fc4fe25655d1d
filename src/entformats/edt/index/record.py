"""Reading one element: what is asked for is taken, and what is left is kept or counted, never lost (edt 7.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TypeVar

from entformats.edt.index import values
from entformats.edt.index.node import Node
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import read_date
from entformats.limits import Limits
from entformats.problems import Findings, Location, Param
from entformats.timetable.models import Extra

__all__ = ["Reading", "Record"]

T = TypeVar("T")
OTHERS = "…"
"""Path under which names are counted once too many distinct ones were met."""


class Reading:
    """Lecture d'un fichier: where its findings go, and how often each unknown path was met."""

    __slots__ = ("_counts", "_first", "_limits", "file", "findings")

    def __init__(self, file: str, findings: Findings, limits: Limits) -> None:
        """Start with nothing found."""
        self.file = file
        self.findings = findings
        self._limits = limits
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], int] = {}

    def found(self, slug: str, node: Node | None, at: str = "", /, **params: Param) -> None:
        """Report a finding about an element; None is the file as a whole."""
        where = Location(self.file) if node is None else self._where(node, at)
        self.findings.found(slug, where, **params)

    def _where(self, node: Node, attribute: str) -> Location:
        key = node.attributes.get("Ident", "")
        return Location(self.file, node.line, kind=node.tag, key=key if key.isdecimal() else "", attribute=attribute)

    def counted(self, slug: str, path: str, line: int) -> None:
        """Count an unknown path; `tell` reports it once."""
        known = (slug, path) in self._counts or len(self._counts) < self._limits.unknown_names
        key = (slug, path if known else OTHERS)
        self._counts[key] += 1
        self._first.setdefault(key, line)

    def tell(self) -> None:
        """Report the paths that were counted, in alphabetical order."""
        for (slug, path), count in sorted(self._counts.items()):
            self.findings.found(slug, Location(self.file, self._first[slug, path], xpath=path), path=path, count=count)


class Record:
    """Enregistrement en cours de lecture: an element, and what was not taken from it yet.

    Attributes are found under their name, else in any letter case (`IdPN`). `rest` gives what is left: attributes by
    name, those of a kept child as `Classe[2]/DateEntree`, counted from 1 among the kept children of that name.
    """

    __slots__ = ("_asked", "_expected", "_kept", "_left", "_numbers", "_path", "_reading", "node")

    def __init__(self, reading: Reading, node: Node, path: str) -> None:
        """Begin with everything left; `path` is the path of the element from the root, for reports."""
        self._reading = reading
        self._path = path
        self._left = dict(node.attributes)
        self._expected: set[str] = set()
        self._asked: set[str] = set()
        self._kept: list[tuple[str, Record]] = []
        self._numbers: Counter[str] = Counter()
        self.node = node

    def found(self, slug: str, at: str = "", /, **params: Param) -> None:
        """Report a finding about this element."""
        self._reading.found(slug, self.node, at, **params)

    def peek(self, name: str) -> str | None:
        """Give the text of an attribute and leave it; None where it is absent."""
        if name not in self._left:
            self._rename(name)
        return self._left.get(name)

    def _rename(self, name: str) -> None:
        """Give an attribute written in other letter case its proper name."""
        other = next((known for known in self._left if known.casefold() == name.casefold()), None)
        if other is not None:
            self._left[name] = self._left.pop(other)
            self._reading.counted("attribute_letter_case", f"{self._path}/@{other}", self.node.line)

    def text(self, name: str) -> str:
        """Take an attribute; empty where it is absent."""
        self.peek(name)
        return self._left.pop(name, "")

    def optional(self, name: str) -> str:
        """Take an attribute if it is not empty; an empty one is left, for `extra`."""
        text = self.peek(name) or ""
        self._expected.add(name)
        return self.text(name) if text.strip() else ""

    def value(self, name: str, convert: Callable[[str], T], slug: str) -> T | None:
        """Take an attribute and convert it; one that does not convert is reported and left, an empty one left."""
        text = self.peek(name)
        self._expected.add(name)
        if text is None or not text.strip():
            return None
        try:
            converted = convert(text.strip())
        except InvalidValue:
            self.found(slug, name, attribute=name, value=text)
            return None
        del self._left[name]
        return converted

    def date(self, name: str) -> date | None:
        """Take a date."""
        return self.value(name, read_date, "date_unreadable")

    def number(self, name: str) -> int | None:
        """Take a small whole number."""
        return self.value(name, values.number, "number_unreadable")

    def required_number(self, name: str) -> int | None:
        """Take a small whole number; a missing one is reported too."""
        if not (self.peek(name) or "").strip():
            self.found("number_unreadable", name, attribute=name, value=self.peek(name) or "")
        return self.number(name)

    def ident(self) -> str | None:
        """Take the `Ident`; None, reported, where it is missing or no number: the element is then dropped."""
        text = self.text("Ident")
        try:
            return values.ident(text)
        except InvalidValue:
            self.found("ident_unreadable", "Ident", value=text)
            return None

    def leave(self, name: str, text: str) -> None:
        """Put the text of an attribute back, for `extra`."""
        self._expected.add(name)
        self._left[name] = text

    def take_back(self, name: str) -> str:
        """Take what `value` or `optional` left of an attribute."""
        return self._left.pop(name, "")

    def emptied(self) -> Record:
        """Give a record of the same element with nothing left: the rest has its place elsewhere."""
        return Record(self._reading, Node(self.node.tag, line=self.node.line), self._path)

    def retained(self, name: str) -> bool:
        """Leave an attribute for `extra` without counting it as unknown; tell whether it is there."""
        self._expected.add(name)
        return self.peek(name) is not None

    def each(self, tag: str) -> Iterator[Record]:
        """Give the children of one name, by direct path only (edt 2.1)."""
        self._asked.add(tag)
        for child in self.node.children:
            if child.tag == tag:
                yield Record(self._reading, child, f"{self._path}/{tag}")

    def keep(self, child: Record, label: str = "") -> None:
        """Say that a child has its place in the model: what is left of it goes to the `extra` of this element."""
        tag = child.node.tag
        self._numbers[tag] += 1
        self._kept.append((label or f"{tag}[{self._numbers[tag]}]", child))

    def rest(self, expected: Iterable[str] = ()) -> Extra:
        """Give what is left; names not `expected` are counted as unknown, elements never asked for as skipped."""
        return FrozenMap((name, (text,)) for name, text in self._rest(expected))

    def _rest(self, expected: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
        for child in self.node.children:
            if child.tag not in self._asked:
                self._reading.counted("edt_content_skipped", f"{self._path}/{child.tag}", child.line)
        known = self._expected.union(expected)
        for name, text in self._left.items():
            foreign = ":" in name
            if foreign or name not in known:
                slug = "edt_content_skipped" if foreign else "edt_attribute_kept"
                self._reading.counted(slug, f"{self._path}/@{name}", self.node.line)
            if not foreign:
                yield name, text
        for label, kept in self._kept:
            yield from ((f"{label}/{name}", text) for name, text in kept._rest())  # noqa: SLF001 - same class
