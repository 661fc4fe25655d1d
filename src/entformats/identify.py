"""What a file is, by its content and never by its name."""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator

from attrs import evolve, frozen

from entformats._files import Part, Source, is_folder, parts
from entformats._sniff import UNKNOWN, FileKind, Format, sniff
from entformats.errors import LimitExceeded
from entformats.limits import Limits

__all__ = ["FileKind", "Format", "identify"]

HEAD = 1 << 16
"""Bytes looked at, of the file and again inside a container."""
ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b"
ZIP_HEADER = struct.Struct("<4s5H3I2H")
DEFLATED = 8
TAR_BLOCK = 512
UDT_MEMBER = re.compile(r"(?:udcal_\d\d(?:_\d\d)?|semaines)\.xml", re.IGNORECASE)
SPREADSHEET = re.compile(r"\[Content_Types\]\.xml|(?:_rels|docProps|xl)/.*")


def identify(source: Source, *, limits: Limits = Limits()) -> FileKind:  # noqa: B008 - frozen
    """Dire ce qu'est une source: its format, dialect, version, whether it is encrypted, and in what container.

    Only the first 64 KiB of each file are read, and 64 KiB more are unpacked from a zip or gzip. Content that nothing
    recognises gives the format `unknown`; an empty one has the dialect `empty`. A folder, or a delivery in memory, is
    what most of its files are. Raises UnreadableInput when the source itself cannot be read, LimitExceeded (`io_files`)
    for a folder with too many files, UsageError for a source of no known type. Problems: none.

    >>> identify(b"<STS_EDT><PARAMETRES>")
    FileKind(format=<Format.STS: 'sts'>, dialect='sts_emp', version='', encrypted=False, container='')
    >>> identify(b"what is this?").format
    <Format.UNKNOWN: 'unknown'>
    """
    kinds = [(part.name, _of_file(_head(part))) for part in parts(source, limits=limits)]
    if is_folder(source):
        return evolve(_of_folder(kinds), container="folder")
    return kinds[0][1]


def _head(part: Part) -> bytes:
    head = b""
    chunks = part.chunks()
    try:
        for chunk in chunks:
            head += chunk
            if len(head) >= HEAD:
                break
    except LimitExceeded:
        pass  # what was read is enough to say what it is
    return head[:HEAD]


def _of_folder(kinds: list[tuple[str, FileKind]]) -> FileKind:
    """Give what most files are; STS and SIECLE files come together and are read together."""
    known = [kind for _, kind in kinds if kind.format is not Format.UNKNOWN]
    if any(UDT_MEMBER.fullmatch(name) for name, _ in kinds):
        return FileKind(Format.UDT, "archive")
    counts = Counter(kind.format for kind in known)
    if not counts:
        return UNKNOWN
    if Format.STS in counts and set(counts) <= {Format.STS, Format.SIECLE}:
        most = Format.STS
    else:
        most = min(counts, key=lambda one: (-counts[one], one))
    alike = [kind for kind in known if kind.format is most]
    return FileKind(
        most,
        _common(kind.dialect for kind in alike),
        _common(kind.version for kind in alike),
        encrypted=any(kind.encrypted for kind in alike),
    )


def _common(values: Iterator[str]) -> str:
    """Give the one value of all, "" when they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _of_file(head: bytes) -> FileKind:
    if head.startswith(ZIP):
        return _of_zip(head)
    if head.startswith(GZIP):
        inner = _inflated(head, wbits=31)
        kind = _of_tar(inner)
        return evolve(kind, container="tar.gz") if kind else evolve(sniff(inner), container="gzip")
    return _of_tar(head) or sniff(head)


def _of_zip(head: bytes) -> FileKind:
    """Look at the members that begin within the first bytes."""
    kinds: list[tuple[str, FileKind]] = []
    for member in _members(head):
        if SPREADSHEET.fullmatch(member.path):
            return FileKind(Format.XLSX, container="zip")
        kinds.append((member.path.rpartition("/")[2], sniff(member.content)))
    return evolve(_of_folder(kinds), container="zip")


@frozen
class _Member:
    path: str
    content: bytes


def _members(head: bytes) -> Iterator[_Member]:
    """Give the members of a zip that can be reached without its directory; folders are left out."""
    at = 0
    while head.startswith(ZIP, at) and at + ZIP_HEADER.size <= len(head):
        _, _, flags, method, *_, packed, _, name, extra = ZIP_HEADER.unpack_from(head, at)
        begin = at + ZIP_HEADER.size
        path = head[begin : begin + name].decode("utf-8", "replace")
        begin += name + extra
        body = head[begin : begin + packed] if packed else head[begin:]
        if not path.endswith("/"):
            encrypted = flags & 1
            yield _Member(path, b"" if encrypted else _inflated(body, wbits=-15) if method == DEFLATED else body[:HEAD])
        if flags & 8:
            return
        at = begin + packed


def _of_tar(head: bytes) -> FileKind | None:
    """Look at the first members of a tar; None when it is no tar."""
    if head[257:262] != b"ustar":
        return None
    kinds: list[tuple[str, FileKind]] = []
    at = 0
    while head[at + 257 : at + 262] == b"ustar":
        size = _octal(head[at + 124 : at + 136])
        name = head[at : at + 100].rstrip(b"\0").decode("utf-8", "replace")
        if head[at + 156 : at + 157] in {b"0", b"\0"}:
            begin = at + TAR_BLOCK
            kinds.append((name.rpartition("/")[2], sniff(head[begin : begin + size])))
        at += TAR_BLOCK + -(-size // TAR_BLOCK) * TAR_BLOCK
    return evolve(_of_folder(kinds), container="tar")


def _octal(field: bytes) -> int:
    digits = field.strip(b" \0")
    return int(digits, 8) if re.fullmatch(rb"[0-7]{1,11}", digits) else 0


def _inflated(data: bytes, *, wbits: int) -> bytes:
    """Unpack at most `HEAD` bytes; what does not unpack gives what came before."""
    unpacker = zlib.decompressobj(wbits)
    try:
        return unpacker.decompress(data, HEAD)
    except zlib.error:
        return b""
