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
from typing import Final, TypeAlias

from entformats.aaf.fast import Typed

__all__ = ["CLOSE", "HOLLOW", "UNKNOWN", "Child", "Scanner", "emptied"]

Child: TypeAlias = "tuple[Typed | None, bytes, bytes]"
"""Enfant de la racine: what is known of it, or nothing where it was left to the parser; the digest of its bytes, for
who wants it; what is left of them, where that is known."""

CLOSE: Final = b"</addRequest>"
OPEN: Final = b"<addRequest>"
START: Final = b"<addRequest"
BEGIN: Final = re.compile(rb"\s*<addRequest>").match
HEAD: Final = re.compile(rb"\s*(<ficAlimMENESR(?:\s[^<>]*)?>)(?:\s|<!--.*?-->)*", re.DOTALL)
END: Final = re.compile(rb"\s*(?:</ficAlimMENESR\s*>\s*)?")
UNKNOWN: Final[Child] = (None, b"", b"")
HOLLOW: Final = 1
"""Nodes in an emptied record."""


class Scanner:
    r"""Repérage: finds the records in the pieces of one file, and empties those that `read` knows.

    `read` is given the bytes of a record, up to its last tag and without it. `children` gives what it said of each
    child of the root in order, nothing of one that is spread over two pieces; no more once `lost` says why.

    >>> scanner = Scanner(lambda record: (None, b"digest", b""))
    >>> scanner.emptied(b"<ficAlimMENESR>\n<addRequest>\n</addRequest>\n</ficAlimMENESR>")
    b'<ficAlimMENESR>\n<addRequest>\n</addRequest>\n</ficAlimMENESR>'
    >>> scanner.children
    deque([(None, b'digest', b'')])
    """

    __slots__ = ("_open", "_read", "children", "lost", "root")

    def __init__(self, read: Callable[[bytes], Child]) -> None:
        self._read = read
        self._open = False
        self.children: deque[Child] = deque()
        self.root = b""
        """Tag of the root."""
        self.lost = ""
        """Why nothing more can be proven; empty as long as everything is."""

    def emptied(self, piece: bytes) -> bytes:
        """Give a piece with the records that are known emptied; pieces come in order."""
        at = 0 if self.root or self.lost else self._head(piece)
        if self.lost:
            return piece
        if (b"!" in piece and piece.find(b"<!", at) >= 0) or (b"?" in piece and piece.find(b"<?", at) >= 0):
            self.lost = "unusual_markup"
            return piece
        *records, rest = piece[at:].split(CLOSE)
        first = [records.pop(0)] if self._open and records else []
        inside = self._open and not first
        begins = [BEGIN(record) for record in records]
        opens = not inside and BEGIN(rest) is not None
        if (
            None in begins
            or piece.count(START, at) != len(begins) + opens
            or not (inside or opens or END.fullmatch(rest))
        ):
            self.lost = "unusual_structure"
            return piece
        self._open = inside or opens
        out = CLOSE.join((*first, *map(self._child, records), rest))
        if opens:
            self.children.append(UNKNOWN)
        return piece[:at] + out

    def _head(self, piece: bytes) -> int:
        head = HEAD.match(piece)
        if head is None:
            self.lost = "unusual_header"
            return 0
        self.root = head[1]
        return head.end()

    def _child(self, record: bytes) -> bytes:
        """Read a record, and empty it if it is known."""
        begin = record.index(b"<")
        typed, digest, hollow = self._read(record[begin:])
        if typed is not None:
            hollow = hollow or emptied(record[begin:])
        if not hollow:
            self.children.append((None, digest, b""))
            return record
        self.children.append((typed, digest, hollow))
        return record[:begin] + hollow


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
