"""Reading one file of AAF as a stream of requests and problems, in flat memory (aaf 2).

Every record goes through the direct lane, before the XML parser; what it does not read goes through the fast lane; what
that does not read goes through the slow one, which alone explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from entformats._files import Part, Source, one
from entformats._xml import XmlReader, XmlSpec
from entformats.aaf.context import Element, FileContext
from entformats.aaf.degrees import Degree
from entformats.aaf.direct import DirectLane, fits
from entformats.aaf.fast import NODES, SURPRISES, FastLane, Memos, Typed, heading, memos
from entformats.aaf.hollow import CLOSE, HOLLOW, UNKNOWN, Child, Scanner, emptied
from entformats.aaf.manifest import announced_degree, parse_comments, parse_name
from entformats.aaf.requests import Add, Delete, Modify, Request
from entformats.aaf.scope import ALL, Scoped, scope_of
from entformats.aaf.slow import explain
from entformats.aaf.table import Category
from entformats.errors import UnreadableInput
from entformats.limits import Limits
from entformats.problems import Location, Problem, problem

__all__ = ["FileReader", "Item", "iter_records"]

Item: TypeAlias = Request | Problem

SPEC: Final = XmlSpec(frozenset({"ficAlimMENESR"}), ("ficAlimMENESR", "ficAlimMENESR.dtd"), levels=4, seam=CLOSE)


def iter_records(
    source: Source,
    *,
    scope: Scoped = ALL,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Iterator[Add | Modify | Delete | Problem]:
    """Lire un fichier AAF: give its requests one at a time, and problems beside them, in flat memory.

    The problems of a record come before it. A record that cannot be used is not given: an error says why. Findings that
    are counted (`unknown_attribute`, `misspelt_attribute`, `unknown_category`, `category_mismatch`,
    `unexpected_request`) come once a file, at the end, also when the reading fails.

    Of `scope.schools`, a file tells only what each record says: structures by their own identifier or UAI, people by
    the identifiers that they name, and by the UAI of structures that came before them. The problems of a record that is
    left out are given all the same. `scope_school_absent` says what was not met.

    Raises `UnreadableInput` where reading stops (the codes of the XML and file doors); what was given stands.

    >>> file = b'''<ficAlimMENESR><deleteRequest>
    ... <operationalAttributes><attr name="categoriePersonne"><value>PersRelEleve</value></attr></operationalAttributes>
    ... <identifier><id>3400888</id></identifier>
    ... </deleteRequest></ficAlimMENESR>'''
    >>> [(type(item).__name__, item.key) for item in iter_records(file)]
    [('Delete', '3400888')]
    """
    asked = scope_of(scope)
    items = FileReader(one(source, limits=limits), scope=asked, limits=limits).items()
    if not asked.schools:
        yield from items
        return
    from entformats.aaf.selection import Selection  # noqa: PLC0415 - it needs what directories need

    selection = Selection(asked.schools)
    for item in items:
        if not isinstance(item, Add) or selection.keeps(item.record):
            yield item
    yield from (problem("scope_school_absent", school=school) for school in selection.absent)


class FileReader:
    """Lecteur d'un fichier: `items` gives its content once; `comments` and `refused` tell the rest."""

    __slots__ = (
        "_announced",
        "_context",
        "_direct",
        "_lanes",
        "_limits",
        "_memo",
        "_part",
        "_scanner",
        "_scope",
        "comments",
        "direct",
        "fast",
    )

    def __init__(
        self,
        part: Part,
        *,
        scope: Scoped = ALL,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        memo: Memos | None = None,
        announced: Degree | None = None,
    ) -> None:
        """Prepare the reading; `memo` shares the values of several files whose records are kept together.

        `announced` is the degree that the delivery announces; the file itself may say so too.
        """
        name = parse_name(part.name)
        self._part = part
        self._scope = scope_of(scope)
        self._limits = limits
        self._context = FileContext(part.name, name.category if name else None, limits)
        self._memo = memos(keep=False) if memo is None else memo
        self._announced = announced or announced_degree(part.name)
        self._lanes: dict[Category, FastLane] = {}
        self.comments: tuple[str, ...] = ()
        self._direct: DirectLane | None = None
        self._scanner = Scanner(self._known)
        self.direct = fits(limits)
        """Whether the direct lane is used; the other two give the same."""
        self.fast = True
        """Whether the fast lane is used; the slow one gives the same."""

    @property
    def refused(self) -> frozenset[Category | None]:
        """Categories of the records that could not be given; None where it is not known."""
        return frozenset(self._context.refused)

    @property
    def announced(self) -> Degree | None:
        """Degré que le fichier annonce: by its delivery, its name or its header."""
        return self._context.announced

    @property
    def degrees(self) -> frozenset[Degree]:
        """Degrés that the names of the attributes told."""
        return frozenset(self._context.degrees)

    def _degree(self, comments: tuple[str, ...]) -> Degree | None:
        return self._announced or announced_degree("", parse_comments(comments))

    def _compile(self, comments: tuple[str, ...]) -> Callable[[bytes], bytes]:
        """Compile the tables, once the header is read; give what is done before the parser."""
        announced = self._degree(comments)
        without = self._scope.without
        self._context.announced = announced
        self._lanes = {
            category: FastLane(category, self._memo, announced=announced, without=without)
            for category in self._scope.categories
        }
        if self.direct and self.fast:
            self._direct = DirectLane(self._lanes, self._context.expected)
        return self._scanner.emptied

    def _open(self, chunks: Iterator[bytes]) -> XmlReader:
        file, findings = self._part.name, self._context.queue
        return XmlReader(chunks, SPEC, file=file, limits=self._limits, findings=findings, stage=self._compile)

    def items(self) -> Iterator[Item]:
        """Give the requests and the problems."""
        context = self._context
        try:
            context.xml = xml = self._open(self._part.chunks())
            self.comments = xml.comments
            for _, batch in xml.batches():
                yield from self._batch(batch, xml.lines(batch))
        except UnreadableInput:
            yield from context.queue.drain()
            yield from context.tallied()
            raise
        yield from context.queue.drain()
        yield from context.tallied()

    def _batch(self, batch: list[Element], lines: list[int]) -> Iterator[Item]:
        queue = self._context.queue
        for record, line, typed in zip(batch, lines, self._typed(batch), strict=True):
            request = self._explained(record) if typed is None else self._added(record, typed, line)
            if queue.waiting:
                yield from queue.drain()
            if request is not None:
                yield request

    def _typed(self, batch: list[Element]) -> list[Typed | None]:
        """Read a batch by the fast lane; None where it has anything to explain, or the record is out of scope.

        Everything read is counted, and compared with what the tree holds: nothing was left unread. All at once, and one
        by one only where that differs.
        """
        assert self._context.xml is not None
        given = self._taken(len(batch))
        if not self.fast:
            self._context.xml.check_depth()
            return given
        whole = all(given)
        read = given if whole else [typed or self._read(record) for record, typed in zip(batch, given, strict=True)]
        root, growing = batch[0].getparent(), batch[-1].getnext()
        assert root is not None
        there = NODES(root) - (0 if growing is None else 1 + NODES(growing))
        below = HOLLOW * len(batch) if whole else sum([typed.nodes for typed in read if typed is not None])
        if there == len(batch) + below:
            return read
        self._context.xml.check_depth()
        return [
            typed if typed is not None and typed.nodes == NODES(record) else None
            for record, typed in zip(batch, read, strict=True)
        ]

    def _known(self, record: bytes) -> Child:
        """Read the bytes of a record before the parser."""
        typed = None if self._direct is None else self._direct.read(record)
        hollow = b"" if typed is None else emptied(record)
        return Child(typed, b"", hollow) if hollow else UNKNOWN

    def _taken(self, count: int) -> list[Typed | None]:
        """Take what was read of the next children of the root before the parser."""
        children = self._scanner.children
        return [children.popleft().typed if children else None for _ in range(count)]

    def _read(self, record: Element) -> Typed | None:
        try:
            category, key = heading(record, self._context.expected)
            return self._lanes[category].read(record[2], key)
        except SURPRISES:
            return None

    def _explained(self, record: Element) -> Request | None:
        request = explain(record, self._context, self._scope)
        for category, name, meant in self._context.learnt():
            self._lanes[category].learn(name, meant)
        return request

    def _added(self, element: Element, typed: Typed, line: int) -> Add:
        record, tallies, repeated, kind, _, told, own = typed
        where = Location(self._part.name, line, 0, "", kind, record.key)
        if repeated:
            self._repeated(element, typed, line)
        if own:
            self._context.replace(own, element, line)
        if tallies:
            for slug, params in tallies:
                self._context.tally(slug, where, **params)
        if told is not None:
            self._context.degrees.add(told)
        return Add(record, where)

    def _repeated(self, element: Element, typed: Typed, line: int) -> None:  # noqa: ARG002 - for those who place them
        """Report the values that are repeated in a record."""
        for attribute, name, count in typed.repeated:
            at = self._context.where(attribute, typed.kind, typed.record.key, name)
            self._context.queue.found("repeated_value", at, count=count)
