"""Tar archives: v7, ustar, GNU and pax headers, each bounded, each checked against its sum.

The standard library keeps every header of the archive in memory, whatever size it announces for its own fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from entformats._files.member import Member, member_path
from entformats._files.part import base_name, damaged
from entformats._files.store import Cursor, Store
from entformats.errors import LimitExceeded, UnreadableInput
from entformats.limits import MIB, Limits
from entformats.problems import Location, problem

__all__ = ["BLOCK", "Header", "content", "header", "is_tar", "members", "padded"]

BLOCK = 512
USTAR = b"ustar"
POSIX = b"ustar\0"
SUM = slice(148, 156)
LONGEST_FIELDS = MIB
LARGEST = 1 << 42
"""Bytes beyond which a size is absurd."""
FOLDER, SPARSE = "5", "S"
LONG_NAME, LONG_LINK = "L", "K"
PAX = {"x", "X"}
FIELDS = {LONG_NAME, LONG_LINK, "g", *PAX}
KEPT = {"path", "size", SPARSE}
"""Fields of a pax header that matter here; no others are kept in memory."""
FILES = {"0", "\0", "7"}
KINDS = {"1": "hardlink", "2": "symlink", "3": "device", "4": "device", "6": "device"}
WITHOUT_CONTENT = {FOLDER, *KINDS}
RECORD_LENGTH = re.compile(rb"([1-9][0-9]{0,7}) ")


@frozen
class Header:
    """En-tête d'un membre: its name as it stands there, its type, the size of what follows."""

    name: str
    flag: str
    size: int

    @property
    def regular(self) -> bool:
        """Whether a file follows; an old tar marks folders by a name that ends in `/`."""
        return self.flag in FILES and not self.name.endswith("/")


def is_tar(head: bytes) -> bool:
    """Tell whether a content is a tar, by its first block: its sign or, in old ones, its sum."""
    return len(head) >= BLOCK and (head.startswith(USTAR, 257) or _sum_holds(head[:BLOCK]))


def _sum_holds(block: bytes) -> bool:
    """Compare the sum of a block with the one that it holds; some programs added signed bytes."""
    total = sum(block) - sum(block[SUM]) + 8 * ord(" ")
    signed = total - 256 * sum(byte > 127 for byte in block[:148] + block[156:])  # noqa: PLR2004 - a signed byte
    return _number(block[SUM]) in {total, signed}


def header(block: bytes) -> Header | None:
    """Read the header of a member; None where it does not hold together."""
    size = _number(block[124:136])
    if len(block) < BLOCK or size is None or not _sum_holds(block):
        return None
    name, prefix = decoded(block[:100]), decoded(block[345:500]) if block.startswith(POSIX, 257) else ""
    return Header(f"{prefix}/{name}" if prefix else name, chr(block[156]), size)


def decoded(field: bytes) -> str:
    """Decode a name: UTF-8 where it is valid, else ISO-8859-1."""
    name = field.partition(b"\0")[0]
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("latin-1")


def _number(field: bytes) -> int | None:
    """Read a number: octal digits, or bytes after a mark where it is great."""
    if field[:1] == b"\x80":
        value = int.from_bytes(field[1:])
        return value if value < LARGEST else None
    digits = field.strip(b" \0")
    return int(digits or b"0", 8) if re.fullmatch(rb"[0-7]*", digits) else None


def padded(size: int) -> int:
    """Give the bytes that a content takes, in whole blocks."""
    return -(-size // BLOCK) * BLOCK


def members(store: Store, name: str, limits: Limits) -> list[Member]:
    """List what a tar holds, folders left out.

    Raises UnreadableInput (`archive_damaged`, `irregular_member`, `unsafe_member_name`), LimitExceeded (`io_files`).
    """
    cursor = Cursor(store)
    found: list[Member] = []
    said: dict[str, str] = {}
    seen = 0
    while one := _next(cursor, name):
        seen += 1
        if seen > limits.files:
            raise LimitExceeded(problem("io_files", Location(name), limit=limits.files))
        if one.flag in FIELDS:
            said |= _fields(cursor, one, name)
            continue
        member = _member(one, said, cursor.at, name)
        if member is not None:
            found.append(member)
        cursor.skip(0 if one.flag in WITHOUT_CONTENT else padded(_size(one, said, name)))
        said = {}
    if not store.direct:
        _to_the_end(cursor)
    return found


def _next(cursor: Cursor, archive: str) -> Header | None:
    """Read one header; None at the block of zeros that ends the archive."""
    block = cursor.read(BLOCK)
    if len(block) < BLOCK:
        raise damaged(archive, "end")
    if not any(block):
        return None
    found = header(block)
    if found is None:
        raise damaged(archive, "header")
    return found


def _to_the_end(cursor: Cursor) -> None:
    """Read what follows the end, so that the checksum of the gzip is verified."""
    for _ in cursor.take(LARGEST):
        pass


def _member(one: Header, said: dict[str, str], at: int, archive: str) -> Member | None:
    """Put together what a header and the fields before it say; None for a folder."""
    named = Header(said.get("path", one.name), one.flag, _size(one, said, archive))
    if named.flag == FOLDER or (named.flag in FILES and not named.regular):
        return None
    path = member_path(named.name)
    if named.flag == SPARSE:
        raise UnreadableInput(problem("irregular_member", Location(base_name(path)), kind="sparse"))
    sparse = "sparse" if SPARSE in said else ""
    kind = sparse if named.regular else KINDS.get(named.flag, f"type {named.flag}")
    return Member(path, at, named.size, named.size, irregular=kind)


def _size(one: Header, said: dict[str, str], archive: str) -> int:
    digits = said.get("size")
    if digits is None:
        return one.size
    if not re.fullmatch("[0-9]{1,12}", digits):
        raise damaged(archive, "header")
    return int(digits)


def _fields(cursor: Cursor, one: Header, archive: str) -> dict[str, str]:
    """Read what is said of the next member; what is said of all of them does not matter here."""
    data = cursor.read(one.size) if one.size <= LONGEST_FIELDS else b""
    if len(data) < one.size:
        raise damaged(archive, "header")
    cursor.skip(padded(one.size) - one.size)
    if one.flag == LONG_NAME:
        return {"path": decoded(data)}
    records = _records(data, archive) if one.flag in PAX else ()
    known = ((SPARSE if key.startswith("GNU.sparse.") else key, value) for key, value in records)
    return {key: value for key, value in known if key in KEPT}


def _records(data: bytes, archive: str) -> Iterator[tuple[str, str]]:
    """Read the records of a pax header: `length key=value`, the length being that of the whole line."""
    at = 0
    while at < len(data):
        length = RECORD_LENGTH.match(data, at)
        end = at + int(length[1]) if length else at
        if length is None or end > len(data) or data[end - 1 : end] != b"\n" or end <= length.end():
            raise damaged(archive, "header")
        key, _, value = data[length.end() : end - 1].partition(b"=")
        yield decoded(key), decoded(value)
        at = end


def content(store: Store, member: Member) -> Iterator[bytes]:
    """Read a member to its end; raises UnreadableInput (`archive_damaged`) where the archive ends before."""
    cursor = Cursor(store, member.at)
    yield from cursor.take(member.size)
    if cursor.at < member.at + member.size:
        raise damaged(base_name(member.path), "end")
