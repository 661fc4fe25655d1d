"""Zip archives: the directory at their end is read by pieces and trusted in nothing.

The standard library reads the whole directory before its entries can be counted, cuts a member at its announced size
without saying so, and raises errors of eight kinds on damaged archives.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from itertools import pairwise

from attrs import frozen

from entformats._files.deflate import inflated
from entformats._files.member import Member, member_path
from entformats._files.part import base_name, damaged
from entformats._files.store import Cursor, Sized, Store
from entformats.errors import Encrypted, LimitExceeded, UnreadableInput
from entformats.limits import Limits
from entformats.problems import Location, problem

__all__ = ["DEFLATED", "LOCAL", "Local", "content", "decoded", "is_zip", "local", "members"]

LOCAL_SIGN = b"PK\x03\x04"
CENTRAL_SIGN = b"PK\x01\x02"
END_SIGN = b"PK\x05\x06"
LOCATOR_SIGN = b"PK\x06\x07"
WIDE_END_SIGN = b"PK\x06\x06"

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
LOCATOR = struct.Struct("<4sIQI")
WIDE_END = struct.Struct("<4sQ2H2I4Q")
FIELD = struct.Struct("<2H")

STORED, DEFLATED = 0, 8
ENCRYPTED_BITS = 1 | 1 << 6
STREAMED_BIT = 1 << 3
UTF8_BIT = 1 << 11
UNIX = 3
WIDE_EXTRA = 1
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF
LONGEST_COMMENT = 0xFFFF


@frozen
class Local:
    """En-tête local: what stands before the data of a member."""

    flags: int
    method: int
    packed: int
    name: int
    extra: int

    @property
    def encrypted(self) -> bool:
        """Whether the data is encrypted."""
        return bool(self.flags & ENCRYPTED_BITS)

    @property
    def streamed(self) -> bool:
        """Whether sizes come after the data only."""
        return bool(self.flags & STREAMED_BIT)


@frozen
class _End:
    start: int
    """Place of the directory."""
    size: int
    count: int
    full: int
    """Greatest number that the count can show."""


def is_zip(head: bytes) -> bool:
    """Tell whether a content is a zip, by its first bytes; an empty one has only its end."""
    return head.startswith((LOCAL_SIGN, END_SIGN))


def local(data: bytes, at: int = 0) -> Local | None:
    """Read the header of a member; None where there is none."""
    if len(data) < at + LOCAL.size or not data.startswith(LOCAL_SIGN, at):
        return None
    _, _, flags, method, _, _, _, packed, _, name, extra = LOCAL.unpack_from(data, at)
    return Local(flags, method, packed, name, extra)


def decoded(name: bytes, flags: int = 0) -> str:
    """Decode the name of a member: UTF-8 where it is announced or valid, else code page 437."""
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("utf-8", "replace") if flags & UTF8_BIT else name.decode("cp437")


def members(store: Sized, name: str, limits: Limits) -> list[Member]:
    """List the files of a zip, folders left out.

    Raises UnreadableInput (`archive_damaged`, `archive_overlap`, `unsafe_member_name`), LimitExceeded (`io_files`).
    """
    end = _end(store, name)
    cursor = Cursor(store, end.start)
    found: list[Member] = []
    spans: list[tuple[int, int]] = []
    while cursor.at < end.start + end.size:
        if len(spans) >= limits.files:
            raise LimitExceeded(problem("io_files", Location(name), limit=limits.files))
        raw, member = _entry(cursor, name)
        spans.append((member.at, member.at + LOCAL.size + len(raw) + member.packed))
        if not raw.endswith((b"/", b"\\")):
            found.append(member)
    if cursor.at != end.start + end.size or len(spans) & end.full != end.count:
        raise damaged(name, "directory")
    _check_apart(sorted([*spans, (end.start, end.start)]), name)
    return found


def _check_apart(spans: list[tuple[int, int]], name: str) -> None:
    """Refuse members that share bytes, which is how a small archive gives without end."""
    if any(one[1] > following[0] for one, following in pairwise(spans)):
        raise UnreadableInput(problem("archive_overlap", Location(name)))


def _entry(cursor: Cursor, archive: str) -> tuple[bytes, Member]:
    """Read one entry of the directory: the raw name, and what it says."""
    header = cursor.read(CENTRAL.size)
    if len(header) < CENTRAL.size or not header.startswith(CENTRAL_SIGN):
        raise damaged(archive, "directory")
    fields = CENTRAL.unpack(header)
    _, made_by, _, flags, method, _, _, crc, packed, size, length, more, comment, _, _, mode, at = fields
    raw, extra, rest = (cursor.read(number) for number in (length, more, comment))
    if len(rest) < comment:
        raise damaged(archive, "directory")
    size, packed, at = _widened([size, packed, at], extra, archive)
    kind = "" if made_by >> 8 != UNIX else _kind(mode >> 16)
    encrypted = bool(flags & ENCRYPTED_BITS)
    return raw, Member(member_path(decoded(raw, flags)), at, size, packed, method, crc, encrypted, kind)


def _kind(mode: int) -> str:
    """Say what a member made on Unix is, if it is no file; what was packed from a pipe is one."""
    if stat.S_ISLNK(mode):
        return "symlink"
    return "device" if stat.S_IFMT(mode) in {stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK} else ""


def _widened(values: list[int], extra: bytes, archive: str) -> list[int]:
    """Replace the numbers that are too great for their field by those of the extra field (zip64)."""
    if FULL_32 not in values:
        return values
    at = 0
    while at + FIELD.size <= len(extra):
        kind, length = FIELD.unpack_from(extra, at)
        at += FIELD.size
        if kind == WIDE_EXTRA:
            wide = iter(struct.unpack_from(f"<{min(length, len(extra) - at) // 8}Q", extra, at))
            values = [next(wide, -1) if value == FULL_32 else value for value in values]
        at += length
    if FULL_32 in values or -1 in values:
        raise damaged(archive, "directory")
    return values


def _end(store: Sized, name: str) -> _End:
    """Find the record at the end of a zip; more bytes may follow it."""
    size = store.size()
    cut = max(0, size - END.size - LONGEST_COMMENT)
    tail = Cursor(store, cut).read(END.size + LONGEST_COMMENT)
    at = tail.rfind(END_SIGN)
    while at >= 0:
        if at + END.size <= len(tail):
            _, disk, first, here, count, length, start, comment = END.unpack_from(tail, at)
            if at + END.size + comment <= len(tail):
                if FULL_16 in {disk, here, count} or FULL_32 in {length, start}:
                    return _wide_end(store, cut + at, name)
                return _checked(_End(start, length, count, FULL_16), (disk, first, here - count), cut + at, name)
        at = tail.rfind(END_SIGN, 0, at + len(END_SIGN) - 1)
    raise damaged(name, "end")


def _wide_end(store: Sized, end: int, name: str) -> _End:
    """Read the record of a zip64, which stands before the other."""
    locator = Cursor(store, max(0, end - LOCATOR.size)).read(LOCATOR.size)
    _, _, at, _ = LOCATOR.unpack(locator) if len(locator) == LOCATOR.size else (b"", 0, end, 0)
    record = Cursor(store, min(at, end)).read(WIDE_END.size)
    if not (locator.startswith(LOCATOR_SIGN) and record.startswith(WIDE_END_SIGN) and at + WIDE_END.size <= end):
        raise damaged(name, "end")
    _, _, _, _, disk, first, here, count, length, start = WIDE_END.unpack(record)
    return _checked(_End(start, length, count, -1), (disk, first, here - count), at, name)


def _checked(found: _End, volumes: tuple[int, int, int], before: int, name: str) -> _End:
    if any(volumes):
        raise damaged(name, "volume")
    if found.start + found.size > before:
        raise damaged(name, "directory")
    return found


def content(store: Store, member: Member, limits: Limits) -> Iterator[bytes]:
    """Read a member to its end; size and checksum are verified, so damage is found at the end at the latest.

    Raises Encrypted, UnreadableInput (`archive_damaged`, `archive_method`), LimitExceeded (`archive_ratio`).
    """
    name = base_name(member.path)
    if member.encrypted:
        raise Encrypted(problem("encrypted_archive", Location(name)))
    if member.method not in {STORED, DEFLATED}:
        raise UnreadableInput(problem("archive_method", Location(name), method=member.method))
    cursor = Cursor(store, member.at)
    header = local(cursor.read(LOCAL.size))
    if header is None or header.method != member.method or header.encrypted:
        raise damaged(name, "header")
    if member_path(decoded(cursor.read(header.name), header.flags)) != member.path:
        raise damaged(name, "header")
    cursor.skip(header.extra)
    packed = cursor.take(member.packed)
    return _verified(inflated(packed, name, limits) if member.method == DEFLATED else packed, member, name)


def _verified(chunks: Iterator[bytes], member: Member, name: str) -> Iterator[bytes]:
    given = crc = 0
    for chunk in chunks:
        given += len(chunk)
        if given > member.size:
            raise damaged(name, "size")
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if given != member.size:
        raise damaged(name, "size")
    if crc != member.crc:
        raise damaged(name, "CRC")
