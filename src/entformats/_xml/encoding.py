"""The decoding ladder: whatever the bytes are, UTF-8 comes out, and the choice is reported.

A byte order mark; else, at the first sequence that is not ASCII, UTF-8 if that sequence is valid UTF-8; else the
declared encoding (a declared ISO-8859-1 is read as windows-1252); else windows-1252. A later sequence that contradicts
the choice is reported with its place and read as windows-1252; nothing is ever read again. Source: rules 10.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import cache

from entformats._xml.blocks import pieces
from entformats._xml.context import Context
from entformats.errors import UnreadableInput
from entformats.problems import Location

__all__ = ["declared_encoding", "utf8"]

HEAD = 1024
"""Bytes within which an XML declaration ends."""
UNMARKED = {b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}
MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
DECLARATION = re.compile(rb"\s*<\?xml(?=\s)[^>]*?\sencoding\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)')")
RUN = re.compile(rb"[\x80-\xff]{1,64}")
UTF8_RUN = re.compile(
    rb"(?<![\x80-\xff])(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+(?![\x80-\xff])"
)
ESCAPED = re.compile("[\udc80-\udcff]+")
SINGLE_BYTE = re.compile(
    r"(?:iso-?8859-?(?:[1-9]|1[013456])|(?:windows-?|cp)(?:125[0-8]|437|850|858)|latin-?[19]|macroman)"
)
FALLBACK = "windows-1252"
READ_AS = {"iso8859-1": FALLBACK, "cp1252": FALLBACK}


def declared_encoding(head: bytes) -> str:
    """Give the encoding that an XML declaration names, in lower case; "" where it names none.

    >>> declared_encoding(b'<?xml version="1.0" encoding="ISO-8859-15"?><a/>')
    'iso-8859-15'
    """
    found = DECLARATION.match(head.removeprefix(codecs.BOM_UTF8))
    return (found[1] or found[2] or b"").decode("ascii", "replace").strip().lower() if found else ""


def utf8(stream: Iterable[bytes], context: Context, *, seam: bytes = b">") -> Iterator[bytes]:
    """Turn blocks of any encoding into pieces of UTF-8.

    Problems: `encoding_not_declared`, `encoding_contradicts_declaration`, `encoding_mixed`. Raises UnreadableInput
    (`encoding_broken`) where UTF-16 cannot be decoded.
    """
    rest = iter(stream)
    first = b""
    try:
        while len(first) < HEAD and (block := next(rest, b"")):
            first += block
    except UnreadableInput as error:
        rest = _raising(error)
    wide = MARKS.get(first[:2]) or UNMARKED.get(first[:4])
    if wide:
        context.encoding = wide
        start = 2 if first[:2] in MARKS else 0
        yield from pieces(_narrow(_chain(first[start:], rest), wide, context), seam=seam)
        return
    marked = first.startswith(codecs.BOM_UTF8)
    ladder = _Ladder(declared_encoding(first[:HEAD]), context, marked=marked)
    for piece in pieces(_chain(first.removeprefix(codecs.BOM_UTF8), rest), seam=seam):
        yield piece if piece.isascii() else ladder.read(piece)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _raising(error: UnreadableInput) -> Iterator[bytes]:
    """Raise an error where the stream broke, once what came before has been read."""
    yield from ()
    raise error


def _narrow(stream: Iterable[bytes], wide: str, context: Context) -> Iterator[bytes]:
    """Transcode UTF-16."""
    decoder = codecs.getincrementaldecoder(wide)()
    line = 1
    for block in _chain_end(stream):
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            text = error.object[: error.start].decode(wide)
            yield text.encode()
            where = Location(context.file, line=line + text.count("\n"))
            raise context.error("encoding_broken", where, encoding=wide) from None
        line += text.count("\n")
        yield text.encode()


def _chain_end(stream: Iterable[bytes]) -> Iterator[bytes]:
    yield from (block for block in stream if block)
    yield b""


class _Ladder:
    """Échelle de décodage: the choice is made once, at the first sequence that is not ASCII."""

    __slots__ = ("_context", "_declared", "_table")

    def __init__(self, declared: str, context: Context, *, marked: bool) -> None:
        self._context = context
        self._declared = declared
        self._table = ""
        if marked:
            self._choose("utf-8", b"", 0)

    def read(self, piece: bytes) -> bytes:
        """Decode one piece that is not all ASCII."""
        if self._context.encoding == "us-ascii":
            self._decide(piece)
        return self._single_byte(piece) if self._table else self._checked(piece)

    def _decide(self, piece: bytes) -> None:
        run = RUN.search(piece)
        assert run is not None
        table = _table(self._declared)
        if _is_utf8(run.group()):
            self._choose("utf-8", piece, run.start())
        elif table:
            self._table = table
            self._context.encoding = READ_AS.get(_codec(self._declared), self._declared)
        else:
            self._table = _table(FALLBACK)
            self._choose(FALLBACK, piece, run.start())

    def _choose(self, encoding: str, piece: bytes, position: int) -> None:
        """Take an encoding that the declaration does not give, and say so."""
        self._context.encoding = encoding
        where = self._context.at(piece, position)
        expected = self._declared or "utf-8"
        if expected not in {encoding, encoding.replace("-", "")}:
            if self._declared:
                params = {"declared": self._declared, "read_as": encoding}
                self._context.found("encoding_contradicts_declaration", where, **params)
            else:
                self._context.found("encoding_not_declared", where, read_as=encoding)

    def _checked(self, piece: bytes) -> bytes:
        """Check UTF-8; sequences that are not are read as windows-1252."""
        try:
            piece.decode()
        except UnicodeDecodeError:
            text = piece.decode("utf-8", "surrogateescape")
        else:
            return piece
        return ESCAPED.sub(lambda found: self._as_1252(found, text), text).encode()

    def _as_1252(self, found: re.Match[str], text: str) -> str:
        before = text[: found.start()].encode("utf-8", "replace")
        self._context.found("encoding_mixed", self._context.at(before, len(before)), encoding="utf-8")
        return _decode(found.group().encode("utf-8", "surrogateescape"), _table(FALLBACK))

    def _single_byte(self, piece: bytes) -> bytes:
        """Decode with a table; whole UTF-8 sequences contradict it."""
        out: list[str] = []
        done = 0
        for found in UTF8_RUN.finditer(piece):
            self._context.found(
                "encoding_mixed", self._context.at(piece, found.start()), encoding=self._context.encoding
            )
            out += (_decode(piece[done : found.start()], self._table), _decode(found.group(), _table(FALLBACK)))
            done = found.end()
        return "".join((*out, _decode(piece[done:], self._table))).encode()


def _is_utf8(run: bytes) -> bool:
    """Tell whether a run is UTF-8; a run cut at its bound may end in the middle of a sequence."""
    try:
        codecs.utf_8_decode(run, "strict", len(run) < 64)  # noqa: PLR2004 - the bound in RUN
    except UnicodeDecodeError:
        return False
    return True


def _codec(encoding: str) -> str:
    """Give Python's name of a single-byte encoding that extends ASCII, "" for any other."""
    plain = encoding.replace("_", "-")
    if not SINGLE_BYTE.fullmatch(plain):
        return ""
    return codecs.lookup(plain.replace("windows", "cp").replace("cp-", "cp")).name


@cache
def _table(encoding: str) -> str:
    """Give the 256 characters of a single-byte encoding; what it leaves undefined is read as windows-1252."""
    codec = READ_AS.get(_codec(encoding), _codec(encoding))
    if not codec:
        return ""
    plain = bytes(range(256))
    if codec == FALLBACK:
        return "".join(plain[i : i + 1].decode("cp1252", "ignore") or chr(i) for i in range(256))
    return "".join(plain[i : i + 1].decode(codec, "ignore") or _table(FALLBACK)[i] for i in range(256))


def _decode(data: bytes, table: str) -> str:
    return codecs.charmap_decode(data, "strict", table)[0]
