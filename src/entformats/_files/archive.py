"""Archives as parts: recognised by content, listed whole, each member opened when it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from entformats._files import tar
from entformats._files import zip as zips
from entformats._files.deflate import Gunzip, is_gzip
from entformats._files.member import Member, chosen, is_office
from entformats._files.part import Meter, Part, base_name
from entformats._files.store import Cursor, Sized, Store
from entformats.errors import UnreadableInput
from entformats.limits import Limits
from entformats.problems import Location, problem

__all__ = ["HEAD", "archived", "container", "guarded"]

HEAD = 512
"""Bytes that tell an archive from a file."""
OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
"""Archives that are recognised so as to be refused by their name."""


def container(head: bytes) -> str:
    r"""Say what archive a content is, by its first `HEAD` bytes; "" where it is none, or the file of an office suite.

    >>> container(b"<ficAlimMENESR/>"), container(b"Rar!\x1a\x07\0")
    ('', 'rar')
    """
    if zips.is_zip(head):
        return "" if _begins_office(head) else "zip"
    if is_gzip(head):
        return "gzip"
    if tar.is_tar(head):
        return "tar"
    return next((kind for sign, kind in OTHERS.items() if head.startswith(sign)), "")


def _begins_office(head: bytes) -> bool:
    first = zips.local(head)
    begin = zips.LOCAL.size
    return first is not None and is_office(zips.decoded(head[begin : begin + first.name]))


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


def archived(store: Sized, kind: str, name: str, meter: Meter, limits: Limits) -> list[Part]:
    """Give the files of an archive as parts, in the order in which those of a folder are.

    A member that cannot be read (encrypted, a link, of an unknown method) is a part which says so when it is opened.
    Raises UnreadableInput (`unsupported_archive`, `archive_damaged`, `archive_overlap`, `duplicate_member`,
    `unsafe_member_name`, `irregular_member`), LimitExceeded (`io_files`, `io_total_bytes`, `archive_ratio`).
    """
    if kind == "zip":
        return _of_zip(store, name, meter, limits)
    if kind == "tar":
        return _of_tar(store, name, meter, limits)
    if kind == "gzip":
        return _of_gzip(store, name, meter, limits)
    raise UnreadableInput(problem("unsupported_archive", Location(name), kind=kind))


def _of_zip(store: Sized, name: str, meter: Meter, limits: Limits) -> list[Part]:
    members = zips.members(store, name, limits)
    if any(is_office(one.path) for one in members):
        return [Part(name, name, lambda: meter.count(store.chunks(), name))]
    return [_part(one, partial(zips.content, store, one, limits), meter) for one in chosen(members)]


def _of_tar(store: Store, name: str, meter: Meter, limits: Limits) -> list[Part]:
    members = chosen(tar.members(store, name, limits))
    return [_part(one, partial(tar.content, store, one), meter) for one in members]


def _of_gzip(store: Store, name: str, meter: Meter, limits: Limits) -> list[Part]:
    """Give the files of a tar, or the one file that was compressed, under the name without `.gz`."""
    unpacked = Gunzip(store, name, limits)
    if tar.is_tar(Cursor(unpacked).read(HEAD)):
        return _of_tar(unpacked, name, meter, limits)
    inner = name[:-3] if name.lower().endswith(".gz") else name
    return [guarded(Part(inner, inner, lambda: meter.count(unpacked.chunks(), inner)))]


def _part(member: Member, content: Callable[[], Iterator[bytes]], meter: Meter) -> Part:
    name = base_name(member.path)

    def chunks() -> Iterator[bytes]:
        if member.irregular:
            raise UnreadableInput(problem("irregular_member", Location(name), kind=member.irregular))
        return meter.count(content(), name)

    return guarded(Part(name, member.path, chunks))
