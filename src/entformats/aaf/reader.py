"""Reading one file of AAF as a stream of requests and problems, in flat memory (aaf 2).

Every record goes through the fast lane; what it does not read goes through the slow one, which alone explains.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from entformats._files import Part, Source, one
from entformats._xml import XmlReader, XmlSpec
from entformats.aaf.context import Element, FileContext
from entformats.aaf.fast import SURPRISES, FastLane, Memos, heading, memos
from entformats.aaf.manifest import parse_name
from entformats.aaf.requests import Add, Delete, Modify, Request
from entformats.aaf.slow import explain
from entformats.aaf.table import TABLES, Category
from entformats.errors import UnreadableInput
from entformats.limits import Limits
from entformats.problems import Problem

__all__ = ["ALL", "FileReader", "Item", "Scope", "iter_records"]

Scope: TypeAlias = frozenset[Category]
"""Périmètre de lecture: the categories that are read."""
ALL: Final[Scope] = frozenset(Category)
"""Toutes les catégories."""
Item: TypeAlias = Request | Problem

SPEC: Final = XmlSpec(frozenset({"ficAlimMENESR"}), ("ficAlimMENESR", "ficAlimMENESR.dtd"))


def iter_records(
    source: Source,
    *,
    scope: Scope = ALL,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Iterator[Add | Modify | Delete | Problem]:
    """Lire un fichier AAF: give its requests one at a time, and problems beside them, in flat memory.

    The problems of a record come before it. A record that cannot be used is not given: an error says why. Findings that
    are counted (`unknown_attribute`, `misspelt_attribute`, `unknown_category`, `category_mismatch`,
    `unexpected_request`) come once a file, at the end, also when the reading fails.

    Raises `UnreadableInput` where reading stops (the codes of the XML and file doors); what was given stands.

    >>> file = b'''<ficAlimMENESR><deleteRequest>
    ... <operationalAttributes><attr name="categoriePersonne"><value>PersRelEleve</value></attr></operationalAttributes>
    ... <identifier><id>3400888</id></identifier>
    ... </deleteRequest></ficAlimMENESR>'''
    >>> [(type(item).__name__, item.key) for item in iter_records(file)]
    [('Delete', '3400888')]
    """
    yield from FileReader(one(source, limits=limits), scope=scope, limits=limits).items()


class FileReader:
    """Lecteur d'un fichier: `items` gives its content once; `comments` and `refused` tell the rest."""

    __slots__ = ("_context", "_lanes", "_limits", "_part", "_scope", "comments", "fast")

    def __init__(
        self,
        part: Part,
        *,
        scope: Scope = ALL,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        memo: Memos | None = None,
    ) -> None:
        """Prepare the reading; `memo` shares the values of several files whose records are kept together."""
        name = parse_name(part.name)
        self._part = part
        self._scope = scope
        self._limits = limits
        self._context = FileContext(part.name, name.category if name else None, limits)
        memo = memos(keep=False) if memo is None else memo
        self._lanes = {category: FastLane(TABLES[category], memo) for category in Category}
        self.comments: tuple[str, ...] = ()
        self.fast = True
        """Whether the fast lane is used; the slow one gives the same."""

    @property
    def refused(self) -> frozenset[Category | None]:
        """Categories of the records that could not be given; None where it is not known."""
        return frozenset(self._context.refused)

    def items(self) -> Iterator[Item]:
        """Give the requests and the problems."""
        context = self._context
        try:
            chunks = self._part.chunks()
            xml = XmlReader(chunks, SPEC, file=self._part.name, limits=self._limits, findings=context.queue)
            context.xml, self.comments = xml, xml.comments
            for record in xml.records():
                request = self._request(record)
                if context.queue.waiting:
                    yield from context.queue.drain()
                if request is not None:
                    yield request
        except UnreadableInput:
            yield from context.queue.drain()
            yield from context.tallied()
            raise
        yield from context.queue.drain()
        yield from context.tallied()

    def _request(self, record: Element) -> Request | None:
        if self.fast:
            try:
                return self._typed(record)
            except SURPRISES:
                pass
        request = explain(record, self._context, self._scope)
        for category, name, meant in self._context.learnt():
            self._lanes[category].learn(name, meant)
        return request

    def _typed(self, record: Element) -> Add | None:
        """Read a record in which nothing is unusual. Raises `SURPRISES`."""
        category, key = heading(record, self._context.expected)
        if category not in self._scope:
            return None
        typed, shape, repeated = self._lanes[category].read(record, key)
        for element, name, count in repeated:
            at = self._context.where(element, category.value, key, name)
            self._context.queue.found("repeated_value", at, count=count)
        where = self._context.place(record, category.value, key)
        for slug, params in shape.tallies:
            self._context.tally(slug, where, **params)
        return Add(typed, where)
