"""Hollowing known records: finding the bytes of each record before the parser, and emptying those seen before.

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
from hashlib import sha256
from typing import Final, TypeAlias

__all__ = ["DIGEST", "Digest", "Scanner"]

Digest: TypeAlias = bytes
"""Empreinte des octets d'un enregistrement."""

DIGEST: Final = 16
"""Bytes of a digest: enough for nobody to find two records of one digest, even on purpose."""
OPEN: Final = b"<addRequest>"
CLOSE: Final = b"</addRequest>"
START: Final = b"<addRequest"
HEAD: Final = re.compile(rb"\s*(<ficAlimMENESR(?:\s[^<>]*)?>)(?:\s|<!--.*?-->)*", re.DOTALL)
END: Final = re.compile(rb"\s*(?:</ficAlimMENESR\s*>\s*)?")
LAST: Final = b"\n" + CLOSE


class Scanner:
    r"""Repérage: finds the records in the pieces of one file, and empties those that `known` tells.

    `children` gives, for each child of the root in order, the digest of its bytes, or nothing where they are spread
    over two pieces, and whether it was emptied; it gives no more once `lost` says why.

    >>> scanner = Scanner(lambda digest: True)
    >>> file = b"<ficAlimMENESR>\n<addRequest>%b\n</addRequest>\n</ficAlimMENESR>" % (b" " * 40)
    >>> scanner.emptied(file)
    b'<ficAlimMENESR>\n<addRequest>\n</addRequest>\n</ficAlimMENESR>'
    """

    __slots__ = ("_begun", "_known", "_open", "children", "lost", "root")

    def __init__(self, known: Callable[[Digest], bool]) -> None:
        self._known = known
        self._open = False
        self._begun = False
        self.children: deque[tuple[Digest, bool]] = deque()
        self.root = b""
        """Tag of the root."""
        self.lost = ""
        """Why nothing more can be proven; empty as long as everything is."""

    def emptied(self, piece: bytes) -> bytes:
        """Give a piece with the records that are known emptied; pieces come in order."""
        if self.lost:
            return piece
        at = 0 if self.root else self._head(piece)
        spans = self._spans(piece, at)
        if spans is None:
            return piece
        emptied = self._rewritten(piece, spans)
        if self._begun:
            self.children.append((b"", False))
        return emptied

    def _head(self, piece: bytes) -> int:
        head = HEAD.match(piece)
        if head is None:
            self.lost = "unusual_header"
            return len(piece)
        self.root = head[1]
        return head.end()

    def _spans(self, piece: bytes, at: int) -> list[tuple[int, int]] | None:
        """Find the records that are whole in a piece, with nothing between them but blanks, or say why not."""
        if self.lost:
            return None
        if (b"!" in piece and piece.find(b"<!", at) >= 0) or (b"?" in piece and piece.find(b"<?", at) >= 0):
            self.lost = "unusual_markup"
            return None
        spans: list[tuple[int, int]] = []
        inside = self._open
        if inside:
            end = piece.find(CLOSE)
            at = end + len(CLOSE) if end >= 0 else len(piece)
            inside = end < 0
        begun = 0
        while not inside and (begin := piece.find(OPEN, at)) >= 0 and not piece[at:begin].strip():
            begun += 1
            end = piece.find(CLOSE, begin)
            inside = end < 0
            at = len(piece) if inside else end + len(CLOSE)
            if not inside:
                spans.append((begin, at))
        if piece.count(START) != begun or not END.fullmatch(piece, at):
            self.lost = "unusual_structure"
            return None
        self._open = inside
        self._begun = begun > len(spans)
        return spans

    def _rewritten(self, piece: bytes, spans: list[tuple[int, int]]) -> bytes:
        out: list[bytes] = []
        done = 0
        for begin, end in spans:
            record = piece[begin:end]
            digest = sha256(record).digest()[:DIGEST]
            hollow = _hollow(record) if self._known(digest) else b""
            self.children.append((digest, hollow != b""))
            if hollow:
                out += (piece[done:begin], hollow)
                done = end
        return b"".join((*out, piece[done:])) if out else piece


def _hollow(record: bytes) -> bytes:
    """Empty a record, lines and columns kept; it holds one text, of blanks, or nothing is given."""
    lines = record.count(b"\n")
    if record.endswith(LAST):
        return OPEN + b"\n" * lines + CLOSE
    last = len(record[record.rfind(b"\n") + 1 :].decode())
    blanks = last - len(CLOSE) - (0 if lines else len(OPEN))
    return b"%b%b%b%b" % (OPEN, b"\n" * lines, b" " * blanks, CLOSE) if lines + blanks else b""
