"""The incremental lane: of a delivery that follows another, only the records whose bytes are new are parsed and typed.

A daily complete delivery repeats nearly all of its records to the byte. An `Index` holds them by the digest of their
bytes, with the problems of each on lines relative to its own; `hollow.py` finds them again in the next file and empties
them before the parser. Everything else goes through the full reader, on the same lines: new records, those that cannot
be used, and the whole rest of a file as soon as something in it is unusual. The result is that of `iter_records`,
findings and places included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from typing import Final, NamedTuple

import attrs

from entformats._files import Part, Source, one
from entformats.aaf.context import Element
from entformats.aaf.degrees import ATTRIBUTES, Degree
from entformats.aaf.fast import Typed, memos
from entformats.aaf.hollow import HOLLOW, LINES, UNKNOWN, Child, emptied
from entformats.aaf.reader import FileReader, Item
from entformats.aaf.requests import Add, Request
from entformats.aaf.table import TABLES, Category
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.problems import Problem

__all__ = ["Index", "Kept", "Successor"]

VERSION: Final = 2
DIGEST: Final = 16
"""Bytes of a digest: enough for nobody to find two records of one digest, even on purpose."""


class Kept(Child):
    """Enregistrement d'un index; one that has problems of its own is kept with their places relative to it."""

    __slots__ = ()


class _Fit(NamedTuple):
    """Conditions sous lesquelles des octets égaux font des enregistrements égaux."""

    reader: str
    root: bytes
    expected: Category | None
    announced: Degree | None
    limits: Limits


class Index:
    """Index d'une livraison lue: what the next reading need not parse again; an opaque value that the caller keeps.

    It can be pickled, and holds the records themselves, hence personal data. It serves the same version of this library
    only, and files of the same category, announced degree, root and limits: `Successor` checks it.

    >>> len(Index()), Index()
    (0, <Index of 0 records>)
    """

    __slots__ = ("fit", "known", "near")

    def __init__(self, *indexes: Index) -> None:
        """Make an empty index, or put together those of several files of one category.

        Raises `UsageError` when they do not go together.
        """
        self.known: dict[bytes, Kept] = {}
        self.near: dict[bytes, bool] = {}
        """Digests of the records that have anything to report; whether that was before the line `LINES`."""
        self.fit: _Fit | None = None
        for index in indexes:
            if None not in {self.fit, index.fit} and self.fit != index.fit:
                raise UsageError("these indexes are not of files of one kind, read in the same way")
            self.known |= index.known
            self.near |= index.near
            self.fit = index.fit or self.fit

    def __len__(self) -> int:
        """Count the records."""
        return len(self.known)

    def __repr__(self) -> str:
        """Show the size only: the content is personal data."""
        return f"<Index of {len(self)} records>"


class Successor:
    """Lecture incrémentale d'un fichier AAF: iterating gives what `iter_records` gives, to the last finding and place.

    `reused` and `typed` count the records taken from `previous` and those read; `stopped` says why the rest of a file
    was read in full: `""` (it was not), `other_conditions` (the index is of another kind of file or of other limits),
    `unusual_header`, `unusual_markup` (a comment, a CDATA section or an instruction after the header),
    `unusual_structure` (anything between records, such as a `deleteRequest`).

    Once the iteration has ended, `index` is the index for the next delivery. Raises what `iter_records` raises, and
    `UsageError` for an index made by another version of this library.

    >>> file = b'''<ficAlimMENESR><addRequest>
    ... <operationalAttributes><attr name="categorieMatiere"><value>MatEducNat</value></attr></operationalAttributes>
    ... <identifier><id>030201</id></identifier>
    ... <attributes><attr name="ENTMatJointure"><value>030201</value></attr>
    ... <attr name="ENTLibelleMatiere"><value>ANGLAIS LV1</value></attr></attributes>
    ... </addRequest></ficAlimMENESR>'''
    >>> first = Successor(file)
    >>> yesterday = list(first)
    >>> second = Successor(file, first.index)
    >>> list(second) == yesterday, second.reused, second.typed
    (True, 1, 0)
    """

    def __init__(
        self,
        source: Source,
        previous: Index = Index(),  # noqa: B008 - empty
        *,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        """Prepare the reading of one file after `previous`."""
        if previous.fit is not None and previous.fit.reader != _reader():
            raise UsageError("this index was made by another version of the library: read in full once")
        self._reader = _Reader(one(source, limits=limits), previous, limits)
        self._index: Index | None = None

    def __iter__(self) -> Iterator[Item]:
        """Read the file, once."""
        yield from self._reader.items()
        self._index = Index()
        reader, index = self._reader, self._index
        index.known, index.near, index.fit = reader.seen, reader.near, reader.fit

    @property
    def index(self) -> Index:
        """Index for the next delivery. Raises `UsageError` before the end of the file."""
        if self._index is None:
            raise UsageError("the index is known once the file was read to its end")
        return self._index

    @property
    def reused(self) -> int:
        """Number of records taken from the previous index."""
        return self._reader.reused

    @property
    def typed(self) -> int:
        """Number of elements that were parsed, whatever came of them."""
        return self._reader.parsed

    @property
    def stopped(self) -> str:
        """Why the rest was read in full, or nothing."""
        return self._reader.stopped


class _Reader(FileReader):
    """Lecteur d'un fichier dont des enregistrements ont été vidés: these are given from the index."""

    __slots__ = ("_children", "_kept", "_previous", "_told", "_unread", "fit", "near", "parsed", "reused", "seen")

    def __init__(self, part: Part, previous: Index, limits: Limits) -> None:
        super().__init__(part, limits=limits, memo=memos(keep=True))
        self._previous = previous
        self._kept: Mapping[bytes, Kept] = {}
        self._children: list[Child] = []
        self._unread: dict[Element, Child] = {}
        self._told: set[tuple[str, FrozenMap[str, str]]] = set()
        self.fit: _Fit | None = None
        self.seen: dict[bytes, Kept] = {}
        self.near: dict[bytes, bool] = {}
        self.reused = 0
        self.parsed = 0

    @property
    def stopped(self) -> str:
        other = self._previous.fit is not None and self._previous.fit != self.fit
        return self._scanner.lost or ("other_conditions" if other else "")

    def _known(self, record: bytes) -> Child:
        digest = sha256(record).digest()[:DIGEST]
        if self.fit is None:
            self._check()
        kept = self._kept.get(digest)
        if kept is not None and (digest not in self._previous.near or self._usable(kept, digest)):
            return kept
        typed, _, hollow = super()._known(record)
        return Child(typed, digest, hollow or emptied(record))

    def _check(self) -> None:
        """Use the index if it fits, once the header is read."""
        root, context = self._scanner.root, self._context
        self.fit = _Fit(_reader(), root, context.expected, context.announced, self._limits)
        self._kept = self._previous.known if self._previous.fit == self.fit else {}

    def _usable(self, kept: Kept, digest: bytes) -> bool:
        """Tell whether a record that has something to report may be given without being read again.

        A counted finding is placed where it first occurs, hence read there. Problems keep their distance to the record
        as long as it does not pass the line from which libxml2 knows lines in another way.
        """
        typed = kept.typed
        assert typed is not None
        told = {(slug, FrozenMap(params)) for slug, params in typed.tallies}
        first = not told <= self._told
        self._told |= told
        if first or not typed.own:
            self.near[digest] = True
            return not first
        begin = self._context.xml.reached if self._context.xml is not None else 1
        self.near[digest] = near = self._previous.near[digest]
        return begin + self._scanner.lines < LINES if near else begin > LINES

    def _taken(self, count: int) -> list[Typed | None]:
        children = self._scanner.children
        self._children = [children.popleft() if children else UNKNOWN for _ in range(count)]
        return [child[0] for child in self._children]

    def _typed(self, batch: list[Element]) -> list[Typed | None]:
        typed = super()._typed(batch)
        self._unread = {}
        reused = [child for child in self._children if type(child) is Kept]
        self.seen.update([(child[1], child) for child in reused])
        self.reused += len(reused)
        if len(reused) < len(batch):
            self._index(batch, typed)
        return typed

    def _index(self, batch: list[Element], typed: list[Typed | None]) -> None:
        """Put what was read into the index; what has something to report, once that is known."""
        for element, child, read in zip(batch, self._children, typed, strict=True):
            if type(child) is Kept:
                continue
            self.parsed += 1
            if read is None or read.repeated:
                self._unread[element] = child
            else:
                self._keep(child, read, (), near=True)

    def _keep(self, child: Child, typed: Typed, own: tuple[Problem, ...], *, near: bool) -> None:
        """Put a record into the index."""
        if child.hollow:
            kept = typed._replace(repeated=(), nodes=HOLLOW, own=own)
            self.seen[child.digest] = Kept(kept, child.digest, child.hollow)
            if own or typed.tallies:
                self.near[child.digest] = near

    def _explained(self, record: Element) -> Request | None:
        waiting, counted = len(self._context.queue.waiting), self._context.counted
        request = super()._explained(record)
        if isinstance(request, Add) and counted == self._context.counted:
            typed = Typed(request.record, (), (), request.where.kind, HOLLOW, None)
            self._note(record, typed, request.where.line, waiting)
        return request

    def _repeated(self, element: Element, typed: Typed, line: int) -> None:
        waiting = len(self._context.queue.waiting)
        super()._repeated(element, typed, line)
        self._note(element, typed, line, waiting)

    def _note(self, element: Element, typed: Typed, line: int, waiting: int) -> None:
        """Keep a record with the problems that it has just reported, if their places are certain."""
        child = self._unread[element]
        near = line + child.hollow.count(b"\n") < LINES
        own = self._context.relative(self._context.queue.waiting[waiting:], element, line)
        if own is not None and (near or line > LINES):
            self._keep(child, typed, own, near=near)


@cache
def _reader() -> str:
    """Tell this version of the reader from others: what it makes of the same bytes must be the same."""
    rows = [(category.value, degree.value, repr(rows)) for (category, degree), rows in ATTRIBUTES.items()]
    fields = [repr(attrs.fields(table.record)) for table in TABLES.values()]
    return sha256(repr((VERSION, rows, fields)).encode()).hexdigest()
