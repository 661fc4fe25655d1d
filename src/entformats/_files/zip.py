"""Zip archives, read by `zipfile`: its table is bounded before it is taken apart, its members are verified."""

from __future__ import annotations

import math
import stat
import zipfile
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import BinaryIO, cast

from entformats._files.member import Member, damaged, member_path, ours, rated
from entformats._files.part import CHUNK, base_name
from entformats._files.store import Store, View
from entformats.errors import Encrypted, LimitExceeded, UnreadableInput
from entformats.limits import MIB, Limits
from entformats.problems import Location, problem

__all__ = ["members"]

LONGEST_TABLE = 4 * MIB
ENTRY = b"PK\x01\x02"
HEADER = 30
ENCRYPTED_BITS = 1 | 1 << 6
UTF8_BIT = 1 << 11
UNIX = 3


class _Listed(View):
    """Fichier dont la table est lue: an entry is counted before anything is made of it."""

    def __init__(self, store: Store, limits: Limits) -> None:
        super().__init__(store)
        self.left = LONGEST_TABLE
        self._limits = limits
        self._name = store.name

    def read(self, size: int = -1, /) -> bytes:
        data = super().read(size)
        if math.isfinite(self.left) and data.count(ENTRY) > self._limits.files:
            raise LimitExceeded(problem("io_files", Location(self._name), limit=self._limits.files))
        return data


def members(store: Store, limits: Limits) -> list[Member]:
    """List the files of a zip, folders left out.

    Raises UnreadableInput (`archive_damaged`, `archive_overlap`, `unsafe_member_name`), LimitExceeded (`io_files`).
    """
    file = _Listed(store, limits)
    with ours(store.name, "directory"):
        archive = zipfile.ZipFile(cast("BinaryIO", file))
    file.left = math.inf
    entries = archive.infolist()
    spans = [(one.header_offset, one.header_offset + HEADER + len(one.filename) + one.compress_size) for one in entries]
    for one, following in pairwise(sorted([*spans, (archive.start_dir, archive.start_dir)])):
        if one[1] > following[0]:
            raise UnreadableInput(problem("archive_overlap", Location(store.name)))
    return [_member(archive, one, limits) for one in entries if not one.filename.endswith(("/", "\\"))]


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> Member:
    path = member_path(_decoded(entry))
    return Member(path, partial(_content, archive, entry, base_name(path), limits))


def _decoded(entry: zipfile.ZipInfo) -> str:
    """Give a name; UTF-8 is common also where the entry does not announce it."""
    if entry.flag_bits & UTF8_BIT:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except UnicodeDecodeError:
        return entry.filename


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits) -> Iterator[bytes]:
    """Read a member to its end; size and checksum are verified, so damage is found at the end at the latest.

    Raises Encrypted, UnreadableInput (`archive_damaged`, `archive_method`, `irregular_member`), LimitExceeded
    (`archive_ratio`).
    """
    if kind := _kind(entry):
        raise UnreadableInput(problem("irregular_member", Location(name), kind=kind))
    if entry.flag_bits & ENCRYPTED_BITS:
        raise Encrypted(problem("encrypted_archive", Location(name)))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnreadableInput(problem("archive_method", Location(name), method=entry.compress_type))
    given = 0
    with ours(name, "header"), archive.open(entry) as file:
        while chunk := file.read(CHUNK):
            given += len(chunk)
            rated(given, entry.compress_size, name, limits)
            yield chunk
    if given != entry.file_size:
        raise damaged(name, "size")


def _kind(entry: zipfile.ZipInfo) -> str:
    """Say what a member made on Unix is, if it is no file; what was packed from a pipe is one."""
    mode = entry.external_attr >> 16 if entry.create_system == UNIX else 0
    if stat.S_ISLNK(mode):
        return "symlink"
    return "device" if stat.S_IFMT(mode) in {stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK} else ""
