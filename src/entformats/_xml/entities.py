"""Named HTML entities, which XML does not know, become character references in the byte stream.

Comments, CDATA sections and processing instructions are left alone. Nothing is ever declared or expanded: `&amp;`,
`&lt;`, `&gt;`, `&quot;`, `&apos;` and numeric references go to the parser as they are. Source: aaf 1.7.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from html.entities import name2codepoint

from entformats._xml.context import Context
from entformats.problems import Location

__all__ = ["without_entities"]

LONGEST = 64
"""Bytes of a name that are quoted in a finding."""
SUSPECT = re.compile(rb"&(?!(?:#[0-9A-Za-z]+|amp|apos|lt|gt|quot);)")
NAMED = re.compile(rb"&([A-Za-z_:\x80-\xff][\w.:\x80-\xff-]*+);")
REFERENCES = {name.encode(): f"&#{code};".encode() for name, code in name2codepoint.items()}
CLOSERS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
MARKUP = re.compile(rb"<!--|<!\[CDATA\[|<\?")


def without_entities(stream: Iterable[bytes], context: Context) -> Generator[bytes]:
    """Replace the named entities of a UTF-8 stream, cut so that no token spans two pieces.

    Problems: `html_entities` (one for the file, with the count and the first place), `unknown_entity` (each; its
    text is kept literally).
    """
    state = _Entities(context)
    try:
        for piece in stream:
            if state.closer or (b"&" in piece and SUSPECT.search(piece)):
                yield state.rewritten(piece)
            else:
                state.skim(piece)
                yield piece
    finally:
        state.report()


class _Entities:
    """Entités d'un fichier: whether we are inside a comment and the like, and what was replaced."""

    __slots__ = ("_context", "_count", "_first", "closer")

    def __init__(self, context: Context) -> None:
        self._context = context
        self._count = 0
        self._first = Location()
        self.closer = b""
        """What ends the comment, section or instruction we are in; empty outside."""

    def skim(self, piece: bytes) -> None:
        """Follow the comments of a piece without suspect; `!` and `?` are rare, so this costs nothing."""
        if (b"!" in piece and b"<!" in piece) or (b"?" in piece and b"<?" in piece):
            for _ in self._outside(piece):
                pass

    def rewritten(self, piece: bytes) -> bytes:
        """Give the piece with its entities replaced outside comments and the like."""
        out: list[bytes] = []
        done = 0
        for start, end in self._outside(piece):
            out.append(piece[done:start])
            for found in NAMED.finditer(piece, start, end):
                out += (piece[start : found.start()], self._replaced(found, piece))
                start = found.end()  # noqa: PLW2901 - the rest of the same stretch
            out.append(piece[start:end])
            done = end
        return b"".join((*out, piece[done:]))

    def _outside(self, piece: bytes) -> Iterator[tuple[int, int]]:
        """Give the stretches of a piece outside comments, sections and instructions."""
        at = 0
        while at < len(piece):
            if self.closer:
                end = piece.find(self.closer, at)
                if end < 0:
                    return
                at, self.closer = end + len(self.closer), b""
            found = MARKUP.search(piece, at)
            yield at, found.start() if found else len(piece)
            if not found:
                return
            at, self.closer = found.end(), CLOSERS[found.group()]

    def _replaced(self, found: re.Match[bytes], piece: bytes) -> bytes:
        name = found[1]
        if name in {b"amp", b"lt", b"gt", b"quot", b"apos"}:
            return found.group()
        where = self._context.at(piece, found.start())
        reference = REFERENCES.get(name)
        if reference is None:
            self._context.found("unknown_entity", where, entity=name[:LONGEST].decode("utf-8", "replace"))
            return b"&amp;" + found.group()[1:]
        self._first = self._first if self._count else where
        self._count += 1
        return reference

    def report(self) -> None:
        """Say once what was replaced."""
        if self._count:
            self._context.found("html_entities", self._first, count=self._count)
