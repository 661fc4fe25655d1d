"""Archives as parts: recognised by content, listed whole, each member opened when it is read."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator

from entformats._files import tar
from entformats._files import zip as zips
from entformats._files.member import Member, chosen, is_office, ours, rated
from entformats._files.part import CHUNK, Meter, Part, base_name, pulled
from entformats._files.store import Store, View, spooled
from entformats._files.tar import is_tar
from entformats.errors import UnreadableInput
from entformats.limits import Limits
from entformats.problems import Location, problem

__all__ = ["HEAD", "archived", "container", "guarded"]

HEAD = 512
"""Bytes that tell an archive from a file."""
SIGNS = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b\x08": "gzip",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
"""Archives by their first bytes; those that are not read are refused by their name."""
NAME_LENGTH, NAME = slice(26, 28), 30


def container(head: bytes) -> str:
    r"""Say what archive a content is, by its first `HEAD` bytes; "" where it is none, or the file of an office suite.

    >>> container(b"<ficAlimMENESR/>"), container(b"Rar!\x1a\x07\0")
    ('', 'rar')
    """
    kind = next((kind for sign, kind in SIGNS.items() if head.startswith(sign)), "")
    if kind == "zip":
        name = head[NAME : NAME + int.from_bytes(head[NAME_LENGTH], "little")]
        return "" if is_office(name.decode("latin-1")) else kind
    return kind or ("tar" if is_tar(head) else "")


def guarded(part: Part) -> Part:
    """Refuse to read a part of a folder or of an archive which is an archive itself."""
    return Part(part.name, part.path, lambda: _plain(part))


def _plain(part: Part) -> Iterator[bytes]:
    chunks = part.chunks()
    held: list[bytes] = []
    failure: UnreadableInput | None = None
    try:
        for chunk in chunks:
            held.append(chunk)
            if sum(map(len, held)) >= HEAD:
                break
    except UnreadableInput as error:
        failure = error
    kind = container(b"".join(held)[:HEAD])
    if kind:
        raise UnreadableInput(problem("nested_archive", Location(part.name), kind=kind))
    yield from held
    if failure is not None:
        raise failure
    yield from chunks


def archived(store: Store, kind: str, meter: Meter, limits: Limits) -> list[Part]:
    """Give the files of an archive as parts, in the order in which those of a folder are.

    A member that cannot be read (encrypted, a link, of an unknown method) is a part which says so when it is opened.
    Raises UnreadableInput (`unsupported_archive`, `archive_damaged`, `archive_overlap`, `duplicate_member`,
    `unsafe_member_name`), LimitExceeded (`io_files`, `io_total_bytes`, `archive_ratio`).
    """
    if kind == "gzip":
        return _of_gzip(store, meter, limits)
    if kind == "tar":
        found = tar.members(store, limits)
    elif kind == "zip":
        found = zips.members(store, limits)
        if any(is_office(one.path) for one in found):
            return [Part(store.name, store.name, lambda: meter.count(store.chunks(), store.name))]
    else:
        raise UnreadableInput(problem("unsupported_archive", Location(store.name), kind=kind))
    return [_part(one, meter) for one in chosen(found)]


def _part(member: Member, meter: Meter) -> Part:
    name = base_name(member.path)
    return guarded(Part(name, member.path, lambda: meter.count(member.content(), name)))


def _of_gzip(store: Store, meter: Meter, limits: Limits) -> list[Part]:
    """Give the files of a tar, unpacked aside, or the one file that was compressed, under the name without `.gz`."""
    head, chunks = pulled(_unpacked(store, limits), HEAD)
    if is_tar(head):
        return archived(spooled(chunks, store.name, limits), "tar", meter, limits)
    inner = store.name[:-3] if store.name.lower().endswith(".gz") else store.name
    return [guarded(Part(inner, inner, lambda: meter.count(_unpacked(store, limits), inner)))]


def _unpacked(store: Store, limits: Limits) -> Iterator[bytes]:
    """Unpack a gzip; raises UnreadableInput (`archive_damaged`), LimitExceeded (`archive_ratio`)."""
    packed = View(store)
    given = 0
    with ours(store.name, "data"), gzip.GzipFile(fileobj=io.BufferedReader(packed, CHUNK)) as file:
        while chunk := file.read(CHUNK):
            given += len(chunk)
            rated(given, packed.tell(), store.name, limits)
            yield chunk
