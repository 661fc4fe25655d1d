"""A part of a source, and what every part is held to: the limits of the source and the errors of the house."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeVar

from attrs import field, frozen

from entformats.errors import LimitExceeded, UnreadableInput, UsageError
from entformats.limits import Limits
from entformats.problems import Location, problem

__all__ = ["CHUNK", "Meter", "Part", "as_bytes", "base_name", "bounded", "pulled", "unreadable"]

CHUNK = 1 << 17
"""Bytes asked for at a time: the size at which libxml2 is fastest."""

T = TypeVar("T")


@frozen
class Part:
    """Partie d'une source: one named file, opened when `chunks` is called.

    `name` is the base name, "" where none is known; `path` is the name below the folder or inside the archive. A part
    made of a file object that cannot seek, or of an iterator, can be read once only.

    >>> from entformats._files import parts
    >>> [(part.name, b"".join(part.chunks())) for part in parts({"d/b.xml": b"<b/>", "a.xml": [b"<a", b"/>"]})]
    [('a.xml', b'<a/>'), ('b.xml', b'<b/>')]
    """

    name: str
    path: str
    _open: Callable[[], Iterator[bytes]] = field(repr=False, eq=False)

    def chunks(self) -> Iterator[bytes]:
        """Read the content by chunks of at most `CHUNK` bytes.

        Raises UnreadableInput (`io_missing`, `io_denied`, `io_failed`), LimitExceeded (`io_total_bytes`) when the whole
        source is larger than `Limits.total_bytes`, UsageError when the content is text.

        A file inside a folder or an archive also raises UnreadableInput when it is an archive itself
        (`nested_archive`). A member of an archive also raises UnreadableInput (`archive_damaged`, `archive_method`,
        `irregular_member`), Encrypted (`encrypted_archive`) and LimitExceeded (`archive_ratio`).
        """
        return self._open()


class Meter:
    """Compteur: what was read of one source, all its parts together."""

    __slots__ = ("_limits", "_read")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._read = 0

    def count(self, chunks: Iterable[object], name: str) -> Iterator[bytes]:
        """Pass chunks on, cut to size; what exceeds the limit is never passed on."""
        for chunk in chunks:
            data = as_bytes(chunk)
            allowed = self._limits.total_bytes - self._read
            self._read += len(data)
            kept = data if len(data) <= allowed else data[:allowed]
            yield from (kept[start : start + CHUNK] for start in range(0, len(kept), CHUNK))
            if len(data) > allowed:
                raise LimitExceeded(problem("io_total_bytes", Location(name), limit=self._limits.total_bytes))


def base_name(path: str) -> str:
    """Give the last component of a path of any system."""
    return path.replace("\\", "/").rpartition("/")[2]


def bounded(items: Iterable[T], limits: Limits, name: str = "") -> list[T]:
    """List at most `Limits.files` items."""
    found: list[T] = []
    for item in items:
        if len(found) >= limits.files:
            raise LimitExceeded(problem("io_files", Location(name), limit=limits.files))
        found.append(item)
    return found


def pulled(chunks: Iterator[object], size: int) -> tuple[bytes, Iterator[object]]:
    """Give the first bytes of a stream, `size` at most, and the stream whole."""
    held: list[bytes] = []
    length = 0
    for chunk in chunks:
        held.append(as_bytes(chunk))
        length += len(held[-1])
        if length >= size:
            break
    return b"".join(held)[:size], chain(held, chunks)


def as_bytes(chunk: object) -> bytes:
    """Give the bytes of a chunk; raises UsageError for text."""
    if isinstance(chunk, bytes):
        return chunk
    if isinstance(chunk, bytearray | memoryview):
        return bytes(chunk)
    message = f"a source gives bytes, not {type(chunk).__name__}; open files in binary mode"
    raise UsageError(message)


def unreadable(error: OSError | ValueError, name: str) -> UnreadableInput:
    """Turn an error of the system into ours; a path holding a NUL is a ValueError."""
    if isinstance(error, FileNotFoundError | ValueError):
        return UnreadableInput(problem("io_missing", Location(name)))
    if isinstance(error, PermissionError):
        return UnreadableInput(problem("io_denied", Location(name)))
    return UnreadableInput(problem("io_failed", Location(name), reason=errno.errorcode.get(error.errno or 0, "?")))
