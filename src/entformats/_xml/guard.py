"""Bounds on what the parser builds: depth, length of one text, size of one record."""

from __future__ import annotations

import re

from lxml import etree

from entformats._xml.blocks import BLOCK
from entformats._xml.context import Context
from entformats.errors import LimitExceeded

__all__ = ["Element", "Guard"]

Element = etree._Element  # noqa: SLF001 - the only public name of the type


class Guard:
    """Garde: bounds on depth, on one text and on one record, at next to no cost while nothing is out of bounds."""

    __slots__ = (
        "_bytes",
        "_context",
        "_exact",
        "_growing",
        "_line",
        "_span",
        "_tags",
        "_taken",
        "_too_deep",
        "_too_long",
    )

    def __init__(self, context: Context, levels: int) -> None:
        limits = context.limits
        self._context = context
        self._too_deep = _below_level(limits.depth - 1)
        self._growing = _below_level(limits.depth - 2) if 0 < levels < limits.depth - 1 else None
        self._line = 1
        self._too_long = re.compile(rb"[^<]{%d}" % min(limits.text_chars + 1, 1 << 31))
        self._span = 0
        self._bytes = 0
        self._tags = 0
        self._taken = 0
        self._exact = limits.record_elements < BLOCK
        """Whether a record that fits in two blocks may hold too many elements (the shortest takes four bytes)."""

    def after_feed(self, piece: bytes, root: Element | None) -> LimitExceeded | None:
        """Check depth and texts, before anything is taken from the tree."""
        limits = self._context.limits
        self._line = self._context.line
        if root is not None and self._deep(root):
            return self._context.exceeded("too_deep", self._line, limits.depth)
        first = piece.find(b"<")
        span = self._span + (len(piece) if first < 0 else first)
        self._span = span if first < 0 else len(piece) - piece.rfind(b"<")
        if span > limits.text_chars or (len(piece) > limits.text_chars and self._too_long.search(piece)):
            return self._context.exceeded("text_too_long", self._context.line, limits.text_chars)
        return None

    def _deep(self, root: Element) -> bool:
        """Tell whether something is too deep; what is finished is left to a consumer that knows how deep it goes."""
        if self._growing is None:
            return bool(self._too_deep(root))
        return len(root) > 0 and bool(self._growing(root[-1]))

    def check_depth(self, root: Element) -> None:
        """Check what was left to the consumer. Raises LimitExceeded (`too_deep`)."""
        if self._too_deep(root):
            raise self._context.exceeded("too_deep", self._line, self._context.limits.depth)

    def after_harvest(self, piece: bytes, taken: int) -> LimitExceeded | None:
        """Check the record that is still growing: a piece that finished nothing is added to it."""
        limits = self._context.limits
        if taken > self._taken:
            self._taken, self._bytes, self._tags = taken, 0, 0
            return None
        self._bytes += len(piece)
        self._tags += piece.count(b"<") - piece.count(b"</") - piece.count(b"<!")
        if self._tags > limits.record_elements:
            return self._context.exceeded("record_too_large", self._context.line, limits.record_elements)
        if self._bytes > limits.record_bytes:
            return self._context.exceeded("record_too_long", self._context.line, limits.record_bytes)
        return None

    def check(self, finished: list[Element]) -> None:
        """Count the elements of finished records where one could hold too many."""
        limit = self._context.limits.record_elements
        if self._exact or self._tags:
            for record in finished:
                if sum(1 for _ in record.iter()) > limit:
                    raise self._context.exceeded("record_too_large", record.sourceline or 1, limit)


def _below_level(level: int) -> etree.XPath:
    """Make the test that something lies more than `level` levels below an element."""
    return etree.XPath("boolean(" + "/".join("*" * (level + 1)) + "[1])")
