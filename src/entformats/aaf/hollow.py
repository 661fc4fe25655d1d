"""Hollowing records: finding the bytes of each record before the parser, and emptying those that are read without it.

`<addRequest>...</addRequest>` keeps its first and last tags, its lines and its last column, so that the full reader
reads everything else where it is. The scanner trusts nothing that the bytes do not prove. In a well-formed
document without comment, CDATA section or processing instruction, `<` begins a tag and nothing else; so between two
records that blanks alone separate, the first `</addRequest>` ends the record, unless another `<addRequest` is inside.
Whatever is not exactly so ends the hollowing for the rest of the file, and the full reader reads on.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from entformats.aaf.fast import Typed

__all__ = ["CLOSE", "HOLLOW", "LINES", "UNKNOWN", "Child", "Scanner", "emptied"]


class Child(NamedTuple):
    """Enfant de la racine, whose bytes were looked at before the parser."""

    typed: Typed | None
    """What it is, if it was emptied; nothing where it is left to the parser."""
    digest: bytes
    """Digest of its bytes, where somebody wants it."""
    hollow: bytes
    """What emptying it leaves."""


CLOSE: Final = b"</addRequest>"
OPEN: Final = b"<addRequest>"
START: Final = b"<addRequest"
BEGIN: Final = re.compile(rb"\s*<addRequest>").match
HEAD: Final = re.compile(rb"\s*(<ficAlimMENESR(?:\s[^<>]*)?>)(?:\s|<!--.*?-->)*", re.DOTALL)
END: Final = re.compile(rb"\s*(?:</ficAlimMENESR\s*>\s*)?")
UNKNOWN: Final = Child(None, b"", b"")
LINES: Final = 0xFFFF
"""Lines beyond which the places of what follows the header are not certain (`_xml/lines.py`)."""
HOLLOW: Final = 1
"""Nodes in an emptied record."""


class Scanner:
    r"""Repérage: finds the records in the pieces of one file, and empties those that `read` knows.

    `read` is given the bytes of a record, from the blanks before it up to its last tag and without it; what it has
    typed, it has proven to be one record, and says what is left of it: see `emptied`. `children` gives what it said of
    each child of the root in order, nothing of one that is spread over two pieces; no more once `lost` says why.

    >>> scanner = Scanner(lambda record: Child(None, b"digest", b""))
    >>> scanner.emptied(b"<ficAlimMENESR>\n<addRequest>\n</addRequest>\n</ficAlimMENESR>")
    b'<ficAlimMENESR>\n<addRequest>\n</addRequest>\n</ficAlimMENESR>'
    >>> scanner.children
    deque([Child(typed=None, digest=b'digest', hollow=b'')])
    """

    __slots__ = ("_open", "_piece", "_read", "children", "lost", "root")

    def __init__(self, read: Callable[[bytes], Child]) -> None:
        self._read = read
        self._open = False
        self._piece = b""
        self.children: deque[Child] = deque()
        self.root = b""
        """Tag of the root."""
        self.lost = ""
        """Why nothing more can be proven; empty as long as everything is."""

    @property
    def lines(self) -> int:
        """Number of lines that end in the piece being read."""
        return self._piece.count(b"\n")

    def emptied(self, piece: bytes) -> bytes:
        """Give a piece with the records that are known emptied; pieces come in order."""
        self._piece = piece
        at = 0 if self.root or self.lost else self._head(piece)
        if self.lost:
            return piece
        if (b"!" in piece and piece.find(b"<!", at) >= 0) or (b"?" in piece and piece.find(b"<?", at) >= 0):
            self.lost = "unusual_markup"
            return piece
        *records, rest = piece[at:].split(CLOSE)
        out = [piece[:at]]
        if self._open and records and START not in records[0]:
            out[0] += records.pop(0) + CLOSE
            self._open = False
        elif self._open and records:
            self.lost = "unusual_structure"
            return piece
        for record in records:
            child = self._read(record)
            typed, _, hollow = child
            if typed is None and (BEGIN(record) is None or record.count(START) > 1):
                self.lost = "unusual_structure"
                return out[0] + CLOSE.join((*out[1:], *records[len(out) - 1 :], rest))
            self.children.append(child)
            out.append(record if typed is None else hollow)
        self._end(rest)
        return out[0] + CLOSE.join((*out[1:], rest))

    def _end(self, rest: bytes) -> None:
        """Look at what follows the last record that is whole."""
        inside = self._open
        self._open = inside or BEGIN(rest) is not None
        if rest.count(START) > (self._open and not inside) or not (self._open or END.fullmatch(rest)):
            self.lost = "unusual_structure"
        elif self._open and not inside:
            self.children.append(UNKNOWN)

    def _head(self, piece: bytes) -> int:
        head = HEAD.match(piece)
        if head is None or piece.count(b"\n") >= LINES:
            self.lost = "unusual_header"
            return 0
        self.root = head[1]
        return len(piece[: head.end()].rstrip())


def emptied(record: bytes) -> bytes:
    r"""Empty a record, given with the blanks before it, lines and columns kept; it holds one text, of blanks.

    Nothing is given where there would be none.

    >>> emptied(b"\n<addRequest>\n<a/>\n")
    b'\n<addRequest>\n\n'
    """
    begin = record.find(b"<")
    if begin < 0:
        return b""
    lines = record.count(b"\n", begin)
    if record.endswith(b"\n"):
        return _emptied(record[:begin], lines, 0)
    column = len(record[record.rfind(b"\n", begin) + 1 or begin :].decode())
    blanks = column - (0 if lines else len(OPEN))
    return _emptied(record[:begin], lines, blanks) if lines + blanks else b""


@lru_cache(maxsize=1_024)
def _emptied(before: bytes, lines: int, blanks: int) -> bytes:
    return before + OPEN + b"\n" * lines + b" " * blanks
