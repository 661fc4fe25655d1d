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
    """What emptying it leaves, where that is known."""


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

    `read` is given the bytes of a record, up to its last tag and without it. `children` gives what it said of each
    child of the root in order, nothing of one that is spread over two pieces; no more once `lost` says why.

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
        first = [records.pop(0)] if self._open and records else []
        inside = self._open and not first
        begins = list(map(BEGIN, records))
        opens = not inside and BEGIN(rest) is not None
        if (
            None in begins
            or piece.count(START, at) != len(begins) + opens
            or not (inside or opens or END.fullmatch(rest))
        ):
            self.lost = "unusual_structure"
            return piece
        self._open = inside or opens
        out = CLOSE.join((*first, *map(self._child, records, begins), rest))
        if opens:
            self.children.append(UNKNOWN)
        return piece[:at] + out

    def _head(self, piece: bytes) -> int:
        head = HEAD.match(piece)
        if head is None or piece.count(b"\n") >= LINES:
            self.lost = "unusual_header"
            return 0
        self.root = head[1]
        return head.end()

    def _child(self, record: bytes, begins: re.Match[bytes] | None) -> bytes:
        """Read a record, and empty it if it is known."""
        assert begins is not None
        begin = begins.end() - len(OPEN)
        child = self._read(record[begin:])
        if child.typed is not None and not child.hollow:
            hollow = emptied(record[begin:])
            child = Child(child.typed if hollow else None, child.digest, hollow)
        self.children.append(child)
        return record if child.typed is None else record[:begin] + child.hollow


def emptied(record: bytes) -> bytes:
    r"""Empty a record, lines and columns kept; it holds one text, of blanks, or nothing is given.

    >>> emptied(b"<addRequest>\n<a/>\n")
    b'<addRequest>\n\n'
    """
    lines = record.count(b"\n")
    if record.endswith(b"\n"):
        return _emptied(lines, 0)
    column = len(record[record.rfind(b"\n") + 1 :].decode())
    blanks = column - (0 if lines else len(OPEN))
    return _emptied(lines, blanks) if lines + blanks else b""


@lru_cache(maxsize=1_024)
def _emptied(lines: int, blanks: int) -> bytes:
    return OPEN + b"\n" * lines + b" " * blanks
