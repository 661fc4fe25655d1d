"""What a file is, by its content and never by its name."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from attrs import evolve

from entformats._files import Part, Source, contents, is_folder, peek
from entformats._files.member import is_office
from entformats._files.part import base_name
from entformats._files.store import Store
from entformats._files.tar import headers, is_tar
from entformats._sniff import UNKNOWN, FileKind, Format, sniff
from entformats.errors import LimitExceeded, UnreadableInput
from entformats.limits import Limits

__all__ = ["FileKind", "Format", "identify"]

HEAD = 1 << 16
"""Bytes looked at, of the file and again inside a container."""
ZIP_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")
GZIP_SIGN, GZIP_BITS, RAW_BITS = b"\x1f\x8b\x08", 31, -15
LOCAL = struct.Struct("<4s2x2H8xI4x2H")
"""What stands before a member of a zip: sign, flags, method, packed size, lengths of the name and of more fields."""
ENCRYPTED_BITS, STREAMED_BIT = 1 | 1 << 6, 1 << 3
UDT_MEMBER = re.compile(r"(?:udcal_\d\d(?:_\d\d)?|semaines)\.xml", re.IGNORECASE)


def identify(source: Source, *, limits: Limits = Limits()) -> FileKind:  # noqa: B008 - frozen
    """Dire ce qu'est une source: its format, dialect, version, whether it is encrypted, and in what container.

    Only the first 64 KiB of each file are read, and 64 KiB more are unpacked from a zip or gzip. Content that nothing
    recognises gives the format `unknown`; an empty one has the dialect `empty`. A folder, a delivery in memory, or an
    archive is what most of its files are; an archive with a password is `encrypted`. A file object that can seek is
    left where it stood. Raises UnreadableInput when the source itself cannot be read, LimitExceeded (`io_files`) for a
    folder with too many files, UsageError for a source of no known type. Problems: none.

    >>> identify(b"<STS_EDT><PARAMETRES>")
    FileKind(format=<Format.STS: 'sts'>, dialect='sts_emp', version='', encrypted=False, container='')
    >>> identify(b"what is this?").format
    <Format.UNKNOWN: 'unknown'>
    """
    if is_folder(source):
        kinds = [(part.name, _of_file(_head(part))) for part in contents(source, limits=limits)]
        return evolve(_of_folder(kinds), container="folder")
    return _of_file(peek(source, HEAD)[0])


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
    if head.startswith(ZIP_SIGNS):
        return _of_zip(head)
    if head.startswith(GZIP_SIGN):
        inner = _unpacked(head, GZIP_BITS)
        return evolve(_of_tar(inner), container="tar.gz") if is_tar(inner) else evolve(sniff(inner), container="gzip")
    return _of_tar(head) if is_tar(head) else sniff(head)


def _of_zip(head: bytes) -> FileKind:
    """Look at the members that begin within the first bytes; where all are encrypted nothing else is known."""
    kinds: list[tuple[str, FileKind]] = []
    encrypted = False
    for path, content in _zipped(head):
        if is_office(path):
            return FileKind(Format.XLSX, container="zip")
        encrypted |= content is None
        kinds.append((base_name(path), sniff(content or b"")))
    kind = _of_folder(kinds)
    return evolve(kind, container="zip", encrypted=kind.encrypted or encrypted)


def _zipped(head: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Give the members of a zip that can be reached without its directory, None for the content of an encrypted one.

    The directory stands at the end of the file, which is not read here. A member without announced size goes to the
    end of what is known.
    """
    at = 0
    while head.startswith(ZIP_SIGNS[0], at) and len(head) >= at + LOCAL.size:
        _, flags, method, packed, name, more = LOCAL.unpack_from(head, at)
        begin = at + LOCAL.size
        path = head[begin : begin + name].decode("utf-8", "replace")
        at = begin + name + more
        body = head[at : at + packed] if packed else head[at:]
        at += packed
        if not path.endswith("/"):
            content = _unpacked(body, RAW_BITS) if method == zipfile.ZIP_DEFLATED else body
            yield path, None if flags & ENCRYPTED_BITS else content
        if flags & STREAMED_BIT:
            return


def _unpacked(data: bytes, bits: int) -> bytes:
    """Unpack the beginning of a deflated stream; what does not unpack gives nothing."""
    try:
        return zlib.decompressobj(bits).decompress(data, HEAD)
    except zlib.error:
        return b""


def _of_tar(head: bytes) -> FileKind:
    """Look at the first members of a tar, up to where it is cut."""
    kinds: list[tuple[str, FileKind]] = []
    with suppress(UnreadableInput):
        for info in headers(Store(io.BytesIO(head), "")):
            if info.isreg():
                content = head[info.offset_data : info.offset_data + info.size]
                kinds.append((base_name(info.name), sniff(content)))
    return evolve(_of_folder(kinds), container="tar")
