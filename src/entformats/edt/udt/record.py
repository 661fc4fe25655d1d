"""Reading one record: all its values are attributes; what is not taken is kept or counted, never lost (udt 2.3, 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from attrs import frozen

from entformats.edt.index import values
from entformats.edt.index.node import Node
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import read_date
from entformats.limits import Limits
from entformats.problems import Findings, Location, Param
from entformats.timetable.models import Extra

__all__ = ["Reading", "Record", "Row"]

T = TypeVar("T")
OTHERS = "…"
"""Path under which names are counted once too many distinct ones were met."""
PEOPLE = frozenset({"prof", "eleve", "ele_gpe", "coens"})
"""Records whose code may be made of a name: it is not shown unless it is a number."""


@frozen
class Row:
    """Enregistrement d'un membre: an element, and the file that it stands in."""

    file: str
    node: Node

    @property
    def where(self) -> Location:
        """Place of the record."""
        code = self.node.attributes.get("code", "")
        shown = code if code.isdecimal() or self.node.tag not in PEOPLE else ""
        return Location(self.file, self.node.line, kind=self.node.tag, key=shown)


class Reading:
    """Lecture d'une archive: where its findings go, and how often each unknown path was met."""

    __slots__ = ("_counts", "_first", "_limits", "findings")

    def __init__(self, findings: Findings, limits: Limits) -> None:
        """Start with nothing found."""
        self.findings = findings
        self._limits = limits
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], Location] = {}

    def found(self, slug: str, where: Location, /, **params: Param) -> None:
        """Report a finding."""
        self.findings.found(slug, where, **params)

    def counted(self, slug: str, path: str, row: Row) -> None:
        """Count an unknown path; `tell` reports it once."""
        known = (slug, path) in self._counts or len(self._counts) < self._limits.unknown_names
        key = (slug, path if known else OTHERS)
        self._counts[key] += 1
        self._first.setdefault(key, Location(row.file, row.node.line, xpath=path))

    def tell(self) -> None:
        """Report the paths that were counted, in alphabetical order."""
        for (slug, path), count in sorted(self._counts.items()):
            self.findings.found(slug, self._first[slug, path], path=path, count=count)


class Record:
    """Enregistrement en cours de lecture: a row, and what was not taken of it yet."""

    __slots__ = ("_expected", "_left", "reading", "row")

    def __init__(self, reading: Reading, row: Row) -> None:
        """Begin with everything left."""
        self.reading = reading
        self.row = row
        self._left = dict(row.node.attributes)
        self._expected: set[str] = set()

    def found(self, slug: str, at: str = "", /, **params: Param) -> None:
        """Report a finding about this record."""
        where = self.row.where
        place = Location(where.file, where.line, kind=where.kind, key=where.key, attribute=at)
        self.reading.found(slug, place, **params)

    def has(self, name: str) -> bool:
        """Tell whether an attribute is there, be it empty."""
        return name in self.row.node.attributes

    def text(self, name: str) -> str:
        """Take an attribute without the blanks around it; empty where it is absent."""
        return self._left.pop(name, "").strip()

    def raw(self, name: str) -> str:
        """Take an attribute as it stands; empty where it is absent."""
        return self._left.pop(name, "")

    def optional(self, name: str) -> str:
        """Take an attribute if it is not empty; an empty one is left, for `extra`."""
        self._expected.add(name)
        return self.text(name) if self._left.get(name, "").strip() else ""

    def value(self, name: str, convert: Callable[[str], T], slug: str) -> T | None:
        """Take an attribute and convert it; one that does not convert is reported and left, an empty one left."""
        text = self._left.get(name, "")
        self._expected.add(name)
        if not text.strip():
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

    def key(self, name: str) -> str:
        """Take what names the record; empty, reported, where it is missing: the record is then dropped."""
        text = self.text(name)
        if not text:
            self.found("udt_key_missing", name, attribute=name)
        return text

    def keep(self, *names: str) -> None:
        """Leave attributes for `extra` without counting them as unknown."""
        self._expected.update(names)

    def rest(self, expected: Iterable[str] = ()) -> Extra:
        """Give what is left; names not `expected` are counted as unknown."""
        known = self._expected.union(expected)
        kept: dict[str, tuple[str, ...]] = {}
        for name, text in self._left.items():
            if "}" in name:
                self.reading.counted("udt_content_skipped", f"{self.row.node.tag}/@{name}", self.row)
                continue
            if name not in known:
                self.reading.counted("udt_attribute_kept", f"{self.row.node.tag}/@{name}", self.row)
            kept[name] = (text,)
        return FrozenMap(kept)

    def skip_rest(self) -> None:
        """Count what is left of a record that has no place of its own in the model."""
        for name in self._left:
            if name not in self._expected:
                self.reading.counted("udt_content_skipped", f"{self.row.node.tag}/@{name}", self.row)
