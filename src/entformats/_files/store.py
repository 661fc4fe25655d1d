"""Bytes that can be read again from any place: of a path, of memory, of a file object that can seek."""

from __future__ import annotations

import io
import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from entformats._files.part import CHUNK, Meter, as_bytes, unreadable
from entformats.errors import UsageError
from entformats.limits import Limits

__all__ = ["Cursor", "OfFile", "OfMemory", "OfPath", "Sized", "Store", "read", "spooled"]

IN_MEMORY = 1 << 24
"""Bytes of a compressed stream kept in memory; more of it goes to a temporary file without name."""


class Store(Protocol):
    """Réserve d'octets: what can be read more than once, from any place."""

    direct: bool
    """Whether beginning further on costs nothing."""

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """Read from a place to the end, by chunks of at most `CHUNK` bytes."""


class Sized(Store, Protocol):
    """Réserve de taille connue."""

    def size(self) -> int:
        """Give the number of bytes."""


class OfMemory:
    """Octets en mémoire: sliced lazily."""

    direct = True

    def __init__(self, content: bytes | bytearray | memoryview) -> None:
        self._view = memoryview(content).cast("B")

    def size(self) -> int:
        """Give the number of bytes."""
        return len(self._view)

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """Read from a place to the end."""
        return (bytes(self._view[at : at + CHUNK]) for at in range(start, len(self._view), CHUNK))


class OfPath:
    """Fichier du disque: open only while it is read."""

    direct = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def size(self) -> int:
        """Give the number of bytes; raises UnreadableInput."""
        try:
            return self._path.stat().st_size
        except (OSError, ValueError) as error:
            raise unreadable(error, self._path.name) from error

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """Read from a place to the end; raises UnreadableInput."""
        try:
            with self._path.open("rb", buffering=0) as file:
                if start:
                    file.seek(start)
                while chunk := file.read(CHUNK):
                    yield chunk
        except (OSError, ValueError) as error:
            raise unreadable(error, self._path.name) from error


class OfFile:
    """Fichier ouvert qui sait se positionner: read from where it stands now; it stays open, it is the caller's."""

    direct = True

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._base = self._seek(0, io.SEEK_CUR)

    def size(self) -> int:
        """Give the number of bytes from where the file stood."""
        return self._seek(0, io.SEEK_END) - self._base

    def rewind(self) -> None:
        """Go back to where the file stood."""
        self._seek(self._base)

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """Read from a place to the end; raises UnreadableInput, UsageError when the file is closed."""
        at = self._base + start
        while True:
            self._seek(at)
            chunk = read(self._file, self._name)
            if not chunk:
                return
            at += len(chunk)
            yield chunk

    def _seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._file.seek(offset, whence)
        except OSError as error:
            raise unreadable(error, self._name) from error
        except ValueError as error:
            raise UsageError("the file object is closed") from error


def read(file: BinaryIO, name: str) -> bytes:
    """Read one chunk of a file object."""
    try:
        return as_bytes(file.read(CHUNK))
    except OSError as error:
        raise unreadable(error, name) from error
    except ValueError as error:
        raise UsageError("the file object is closed") from error


def spooled(chunks: Iterable[object], name: str, limits: Limits) -> OfFile:
    """Keep a stream which is an archive, still compressed, so that it can be read from any place.

    Up to 16 MiB stay in memory; more goes to a temporary file that has no name and vanishes with the store. Raises
    LimitExceeded (`io_total_bytes`), UnreadableInput (`io_failed`) where the disk is full.
    """
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - it lives as long as the store
    try:
        for chunk in Meter(limits).count(chunks, name):
            file.write(chunk)
        file.seek(0, os.SEEK_SET)
    except OSError as error:
        file.close()
        raise unreadable(error, name) from error
    except BaseException:
        file.close()
        raise
    store = OfFile(cast("BinaryIO", file), name)
    weakref.finalize(store, file.close)
    return store


class Cursor:
    """Curseur: reads a store forward, by any number of bytes."""

    __slots__ = ("_chunks", "_from", "_held", "_store", "at")

    def __init__(self, store: Store, at: int = 0) -> None:
        self._store = store
        self._chunks = store.chunks(at)
        self._held = b""
        self._from = 0
        self.at = at

    def take(self, size: int) -> Iterator[bytes]:
        """Give the next bytes by chunks: fewer of them where the store ends."""
        while size:
            if self._from == len(self._held):
                self._held, self._from = next(self._chunks, b""), 0
                if not self._held:
                    return
            piece = self._held[self._from : self._from + size]
            self._from += len(piece)
            self.at += len(piece)
            size -= len(piece)
            yield piece

    def read(self, size: int) -> bytes:
        """Give the next bytes: fewer of them where the store ends."""
        return b"".join(self.take(size))

    def skip(self, size: int) -> None:
        """Pass over bytes; it may lead beyond the end, where nothing is read."""
        if self._store.direct and size > len(self._held) - self._from:
            self.at += size
            self._chunks, self._held, self._from = self._store.chunks(self.at), b"", 0
        else:
            for _ in self.take(size):
                pass
