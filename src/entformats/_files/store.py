"""Files that can be read again from any place: of the disk, of memory, of the caller, or kept aside."""

from __future__ import annotations

import errno
import io
import math
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from entformats._files.part import CHUNK, Meter, as_bytes, unreadable
from entformats.errors import UsageError
from entformats.limits import Limits

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Store", "View", "of_path", "opened", "read", "spooled"]

ALL = 1 << 62
IN_MEMORY = 1 << 20
"""Bytes of a stream that are kept in memory; more of it goes to a temporary file without name."""


class Store:
    """Fichier ouvert qui sait se positionner: read from where it stands now, by several readers at once."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        self._file = file
        self._placed = threading.Lock()
        self._base = self._seek(0, io.SEEK_CUR)

    def size(self) -> int:
        """Give the number of bytes from where the file stood."""
        return self._seek(0, io.SEEK_END) - self._base

    def rewind(self) -> None:
        """Go back to where the file stood."""
        self._seek(self._base)

    def chunks(self, at: int = 0, size: int = ALL) -> Iterator[bytes]:
        """Read from a place, fewer bytes where the file ends; raises UnreadableInput, UsageError when it is closed."""
        while size:
            with self._placed:
                self._seek(self._base + at)
                chunk = read(self._file, self.name, min(size, CHUNK))
            if not chunk:
                return
            at += len(chunk)
            size -= len(chunk)
            yield chunk

    def _seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._file.seek(offset, whence)
        except OSError as error:
            raise unreadable(error, self.name) from error
        except ValueError as error:
            raise UsageError("the file object is closed") from error


def read(file: BinaryIO, name: str, size: int = CHUNK) -> bytes:
    """Read one chunk of a file object."""
    try:
        return as_bytes(file.read(size))[:size]
    except OSError as error:
        raise unreadable(error, name) from error
    except ValueError as error:
        raise UsageError("the file object is closed") from error


class View(io.RawIOBase):
    """Lecture d'une réserve, as a file for the standard library; what it may still read can be bounded."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.left: float = math.inf
        """Bytes that may still be read before the reader is stopped with a ValueError."""
        self._store = store
        self._at = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place; an OSError before the beginning, as for a file of the disk."""
        at = offset + (self._store.size() if whence == io.SEEK_END else self._at if whence == io.SEEK_CUR else 0)
        if at < 0:
            raise OSError(errno.EINVAL, "before the beginning")
        self._at = at
        return at

    def read(self, size: int = -1, /) -> bytes:
        """Read exactly that many bytes, or to the end."""
        wanted = size if size >= 0 else max(0, self._store.size() - self._at)
        if wanted > self.left:
            message = "too long"
            raise ValueError(message)
        data = b"".join(self._store.chunks(self._at, wanted))
        self._at += len(data)
        self.left -= len(data)
        return data

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill a buffer, as far as there are bytes."""
        with memoryview(buffer) as into:
            data = self.read(len(into))
            into[: len(data)] = data
        return len(data)


def of_path(path: Path) -> Iterator[bytes]:
    """Read a file of the disk in one order, open only while it is read; raises UnreadableInput."""
    try:
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (OSError, ValueError) as error:
        raise unreadable(error, path.name) from error


def opened(path: Path) -> Store:
    """Open a file of the disk, for as long as the store lives; raises UnreadableInput."""
    try:
        file = path.open("rb", buffering=0)
    except (OSError, ValueError) as error:
        raise unreadable(error, path.name) from error
    store = Store(cast("BinaryIO", file), path.name)
    weakref.finalize(store, file.close)
    return store


def spooled(chunks: Iterable[object], name: str, limits: Limits) -> Store:
    """Keep a stream aside, so that it can be read from any place.

    Up to 1 MiB stays in memory; more goes to a temporary file that has no name and vanishes with the store. Raises
    LimitExceeded (`io_total_bytes`), UnreadableInput (`io_failed`) where the disk is full.
    """
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        try:
            for chunk in Meter(limits).count(chunks, name):
                file.write(chunk)
            file.seek(0)
        except OSError as error:
            raise unreadable(error, name) from error
        store = Store(cast("BinaryIO", file), name)
        weakref.finalize(store, stack.pop_all().close)
    return store
