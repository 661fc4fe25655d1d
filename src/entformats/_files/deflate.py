"""Deflated data and gzip: unpacked by chunks, readable from any place, the ratio watched."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from entformats._files.part import CHUNK, damaged
from entformats._files.store import Store
from entformats.errors import LimitExceeded
from entformats.limits import MIB, Limits
from entformats.problems import Location, problem

if TYPE_CHECKING:
    from zlib import _Decompress

    _Unpacker: TypeAlias = _Decompress

__all__ = ["Gunzip", "inflated", "is_gzip", "unpacked_head"]

GZIP = b"\x1f\x8b\x08"
GZIP_BITS = 31
RAW_BITS = -15
FREE = MIB
"""Unpacked bytes below which the ratio does not count."""
POINTS = 128
"""Places kept where unpacking can begin again: about 40 KiB each."""


def is_gzip(head: bytes) -> bool:
    """Tell whether a content is a gzip, by its first bytes."""
    return head.startswith(GZIP)


def unpacked_head(data: bytes, size: int, *, gzip: bool) -> bytes:
    """Unpack at most `size` bytes of the beginning of a stream; what does not unpack gives nothing."""
    try:
        return zlib.decompressobj(GZIP_BITS if gzip else RAW_BITS).decompress(data, size)
    except zlib.error:
        return b""


class Inflater:
    """Décompression d'un flux: counts what it eats and what it gives."""

    __slots__ = ("_limits", "_name", "given", "left", "unpacker", "used")

    def __init__(self, name: str, limits: Limits, unpacker: _Unpacker, *, used: int = 0, given: int = 0) -> None:
        self._name = name
        self._limits = limits
        self.unpacker = unpacker
        self.used = used
        self.given = given
        self.left = b""
        """What follows the end of the stream in the data fed last."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Unpack more data by chunks; raises UnreadableInput (`archive_damaged`), LimitExceeded (`archive_ratio`)."""
        full = ended = False
        while (data or full) and not ended:
            try:
                piece = self.unpacker.decompress(data, CHUNK)
            except zlib.error as error:
                raise damaged(self._name, "data") from error
            ended = self.unpacker.eof
            rest = self.unpacker.unused_data if ended else self.unpacker.unconsumed_tail
            self.used += len(data) - len(rest)
            self.given += len(piece)
            data, full = rest, len(piece) == CHUNK
            if piece:
                yield piece
            if self.given > max(FREE, self.used * self._limits.ratio):
                raise LimitExceeded(problem("archive_ratio", Location(self._name), limit=self._limits.ratio))
        self.left = data


def inflated(packed: Iterable[bytes], name: str, limits: Limits) -> Iterator[bytes]:
    """Unpack one deflated stream, which ends where its data ends.

    Raises UnreadableInput (`archive_damaged`), LimitExceeded (`archive_ratio`).
    """
    inflater = Inflater(name, limits, zlib.decompressobj(RAW_BITS))
    for data in packed:
        yield from inflater.feed(data)
        if inflater.left:
            raise damaged(name, "size")
    if not inflater.unpacker.eof:
        raise damaged(name, "end")


@frozen
class _Point:
    """Reprise: where unpacking can begin again."""

    given: int
    used: int
    streams: int
    unpacker: _Unpacker


class Gunzip:
    """Contenu d'un gzip, as a store: reading begins at the nearest place that was passed before.

    Memory does not grow with the file. A gzip of several streams is one content; zeros that follow it are left out.
    """

    direct = False

    def __init__(self, packed: Store, name: str, limits: Limits) -> None:
        self._packed = packed
        self._name = name
        self._limits = limits
        self._every = MIB
        self._points = [_Point(0, 0, 1, zlib.decompressobj(GZIP_BITS))]

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """Read from a place of the unpacked content to its end.

        Raises UnreadableInput (`archive_damaged`), LimitExceeded (`archive_ratio`, `io_total_bytes`, `io_files`).
        """
        point = self._points[bisect_right(self._points, start, key=lambda one: one.given) - 1]
        for at, piece in self._pieces(point):
            if at + len(piece) > start:
                yield piece[max(0, start - at) :]

    def _pieces(self, point: _Point) -> Iterator[tuple[int, bytes]]:
        """Give the unpacked content, each piece with its place."""
        inflater = Inflater(self._name, self._limits, point.unpacker.copy(), used=point.used, given=point.given)
        streams = point.streams
        for packed in self._packed.chunks(point.used):
            data = packed
            while data:
                if inflater.unpacker.eof:
                    inflater, data = self._next_stream(inflater, data)
                    streams += bool(data)
                for piece in inflater.feed(data):
                    yield inflater.given - len(piece), piece
                    self._remember(inflater, streams)
                    self._check(inflater.given, streams)
                self._check(inflater.given, streams)
                data = inflater.left
        if not inflater.unpacker.eof:
            raise damaged(self._name, "end")

    def _check(self, given: int, streams: int) -> None:
        if streams > self._limits.files:
            raise LimitExceeded(problem("io_files", Location(self._name), limit=self._limits.files))
        if given > self._limits.total_bytes:
            raise LimitExceeded(problem("io_total_bytes", Location(self._name), limit=self._limits.total_bytes))

    def _next_stream(self, inflater: Inflater, data: bytes) -> tuple[Inflater, bytes]:
        """Begin another stream after the end of one, past zeros; where only zeros follow nothing is begun."""
        kept = data.lstrip(b"\0")
        used = inflater.used + len(data) - len(kept)
        unpacker = zlib.decompressobj(GZIP_BITS) if kept else inflater.unpacker
        return Inflater(self._name, self._limits, unpacker, used=used, given=inflater.given), kept

    def _remember(self, inflater: Inflater, streams: int) -> None:
        """Keep a place from time to time, less often as the content proves long."""
        unpacker = inflater.unpacker
        if unpacker.unconsumed_tail and inflater.given - self._points[-1].given >= self._every:
            self._points.append(_Point(inflater.given, inflater.used, streams, unpacker.copy()))
            if len(self._points) > POINTS:
                self._points = self._points[::2]
                self._every *= 2
