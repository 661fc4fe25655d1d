"""Tar archives, read by `tarfile`: what one header may say is bounded, and the end must be there."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, cast

from entformats._files.member import Member, damaged, member_path, ours
from entformats._files.part import base_name
from entformats._files.store import Store, View
from entformats.errors import LimitExceeded, UnreadableInput
from entformats.limits import Limits
from entformats.problems import Location, problem

__all__ = ["headers", "is_tar", "members"]

LONGEST_HEADER = 1 << 14
"""Bytes of all that is said of one member: early releases of Python 3.11 read fields of pax in quadratic memory."""
LARGEST = 1 << 42
"""Bytes beyond which a size is absurd."""
KINDS = {
    tarfile.LNKTYPE: "hardlink",
    tarfile.SYMTYPE: "symlink",
    tarfile.CHRTYPE: "device",
    tarfile.BLKTYPE: "device",
    tarfile.FIFOTYPE: "device",
}


def is_tar(head: bytes) -> bool:
    """Tell whether a content is a tar, by its first block: its sign or, in old ones, its sum."""
    block = head[: tarfile.BLOCKSIZE]
    try:
        return block.startswith(b"ustar", 257) or bool(tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape"))
    except tarfile.TarError:
        return False


def headers(store: Store) -> Iterator[tarfile.TarInfo]:
    """Give what a tar says of each of its members.

    Raises UnreadableInput (`archive_damaged`) where a header is false or longer than 16 KiB, or where the block of
    zeros that ends the archive is missing.
    """
    view = View(store)
    view.left = LONGEST_HEADER
    with ours(store.name, "header"):
        archive = tarfile.open(  # noqa: SIM115 - it holds nothing
            fileobj=cast("BinaryIO", view), mode="r:", encoding="utf-8", errors="surrogateescape"
        )
        while info := archive.next():
            if not 0 <= info.size < LARGEST or archive.offset <= info.offset:
                raise damaged(store.name, "header")
            yield info
            archive.members.clear()  # type: ignore[attr-defined] # else every header stays in memory
            archive.pax_headers = {}
            view.left = LONGEST_HEADER
        view.seek(archive.offset)
        last = view.read(tarfile.BLOCKSIZE)
    if last != bytes(tarfile.BLOCKSIZE):
        raise damaged(store.name, "end" if len(last) < tarfile.BLOCKSIZE else "header")


def members(store: Store, limits: Limits) -> list[Member]:
    """List what a tar holds, folders left out.

    Raises UnreadableInput (`archive_damaged`, `unsafe_member_name`), LimitExceeded (`io_files`).
    """
    found: list[Member] = []
    for seen, info in enumerate(headers(store), 1):
        if seen > limits.files:
            raise LimitExceeded(problem("io_files", Location(store.name), limit=limits.files))
        if not info.isdir() and not info.name.endswith("/"):
            path = member_path(_decoded(info.name))
            content = partial(_content, store, info.offset_data, info.size, base_name(path), _kind(info))
            found.append(Member(path, content))
    return found


def _decoded(name: str) -> str:
    """Give a name: UTF-8 where it is valid, else ISO-8859-1."""
    raw = name.encode(errors="surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _kind(info: tarfile.TarInfo) -> str:
    """Say what a member is, if it is no file."""
    if info.issparse() or any(key.startswith("GNU.sparse.") for key in info.pax_headers):
        return "sparse"
    return "" if info.isreg() else KINDS.get(info.type, f"type {info.type.decode('latin-1')}")


def _content(store: Store, at: int, size: int, name: str, kind: str) -> Iterator[bytes]:
    """Read a member to its end; raises UnreadableInput (`irregular_member`, `archive_damaged`)."""
    if kind:
        raise UnreadableInput(problem("irregular_member", Location(name), kind=kind))
    for chunk in store.chunks(at, size):
        size -= len(chunk)
        yield chunk
    if size:
        raise damaged(name, "end")
