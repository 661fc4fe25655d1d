"""What a file is, by its content and never by its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from attrs import evolve

from entformats._files import Part, Source, contents, is_folder, peek, tar
from entformats._files import zip as zips
from entformats._files.deflate import is_gzip, unpacked_head
from entformats._files.member import is_office
from entformats._files.part import base_name
from entformats._files.tar import is_tar
from entformats._sniff import UNKNOWN, FileKind, Format, sniff
from entformats.errors import LimitExceeded
from entformats.limits import Limits

__all__ = ["FileKind", "Format", "identify"]

HEAD = 1 << 16
"""Bytes looked at, of the file and again inside a container."""
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
    if zips.is_zip(head):
        return _of_zip(head)
    if is_gzip(head):
        inner = unpacked_head(head, HEAD, gzip=True)
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
    """Give the members of a zip that can be reached without its directory, None for the content of an encrypted one."""
    at = 0
    while found := zips.local(head, at):
        begin = at + zips.LOCAL.size
        path = zips.decoded(head[begin : begin + found.name])
        begin += found.name + found.extra
        if not path.endswith("/"):
            yield path, None if found.encrypted else _content(head[begin:], found)
        if found.streamed:
            return
        at = begin + found.packed


def _content(data: bytes, found: zips.Local) -> bytes:
    """Unpack the beginning of a member; one without announced size goes to the end of what is known."""
    body = data[: found.packed] if found.packed else data
    return unpacked_head(body, HEAD, gzip=False) if found.method == zips.DEFLATED else body


def _of_tar(head: bytes) -> FileKind:
    """Look at the first members of a tar."""
    kinds: list[tuple[str, FileKind]] = []
    at = 0
    while found := tar.header(head[at : at + tar.BLOCK]):
        at += tar.BLOCK
        if found.regular:
            kinds.append((base_name(found.name), sniff(head[at : at + found.size])))
        at += tar.padded(found.size)
    return evolve(_of_folder(kinds), container="tar")
