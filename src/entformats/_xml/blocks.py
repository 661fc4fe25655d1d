"""Cutting a stream of bytes where nothing can be cut in two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from entformats.errors import UnreadableInput

__all__ = ["BLOCK", "blocks", "pieces"]

BLOCK = 1 << 17
"""128 KiB: larger blocks leave the processor's cache, smaller ones cost calls."""
UNFINISHED = re.compile(rb"(?:[&<][^;>\s]{0,80}|[\xc0-\xff][\x80-\xbf]{0,3}|[\]?-]{1,2}|\r)\Z")
"""What may be the beginning of a token: tag, entity, UTF-8 sequence, end of comment, line end."""


def blocks(chunks: Iterable[bytes], size: int = BLOCK) -> Iterator[bytes]:
    """Regroup chunks into blocks of exactly `size` bytes, the last one excepted.

    What came before an error of the source is passed on first, then the error.

    >>> list(blocks([b"ab", b"", b"cdefg"], 3))
    [b'abc', b'def', b'g']
    """
    waiting: list[bytes] = []
    length = 0
    try:
        for chunk in chunks:
            waiting.append(chunk)
            length += len(chunk)
            if length >= size:
                data = chunk if len(waiting) == 1 else b"".join(waiting)
                whole = length - length % size
                yield from (data[at : at + size] for at in range(0, whole, size))
                waiting, length = [data[whole:]], length - whole
    except UnreadableInput:
        yield b"".join(waiting)
        raise
    if length:
        yield b"".join(waiting)


def pieces(stream: Iterable[bytes], size: int = BLOCK, *, seam: bytes = b">") -> Iterator[bytes]:
    """Cut a stream after the last `>` of each block, so that no tag, entity or sequence is ever cut in two.

    A longer `seam`, which ends with `>`, is preferred to any other place. Where a block has no `>`, it is cut before
    whatever looks unfinished.

    >>> list(pieces([b"<a>t&ea", b"cute;</a>"], 4))
    [b'<a>', b't&eacute;</a>']
    """
    rest = b""
    try:
        for block in stream:
            data = rest + block
            at = data.rfind(seam)
            end = at + len(seam) if at >= 0 else data.rfind(b">") + 1
            end = end or (_before_unfinished(data) if len(data) >= size else 0)
            if end:
                yield data[:end]
            rest = data[end:]
    except UnreadableInput:
        yield rest
        raise
    if rest:
        yield rest


def _before_unfinished(data: bytes) -> int:
    found = UNFINISHED.search(data, len(data) - 100)
    return found.start() if found and found.start() else len(data)
