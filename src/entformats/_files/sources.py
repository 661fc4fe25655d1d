"""What a caller may give to be read, and its parts."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

from entformats._files.archive import HEAD, archived, container, guarded
from entformats._files.folder import walked
from entformats._files.part import Meter, Part, as_bytes, base_name, bounded, pulled
from entformats._files.store import Store, of_path, opened, read, spooled
from entformats.errors import UnreadableInput, UsageError
from entformats.limits import Limits
from entformats.problems import problem

__all__ = ["Content", "Source", "contents", "is_folder", "one", "parts", "peek"]

Content: TypeAlias = bytes | bytearray | memoryview | Iterable[bytes]
"""Contenu d'un fichier: its bytes, or its chunks."""
Source: TypeAlias = str | os.PathLike[str] | BinaryIO | Content | Mapping[str, Content]
"""Source: a path (file or folder; a `str` is always a path), a binary file object, bytes, chunks, or a delivery in
memory (name -> content). A file, file object, bytes or chunks may be a zip, a tar, a tar.gz or a gzip."""


def parts(source: Source, *, limits: Limits = Limits()) -> Iterator[Part]:  # noqa: B008 - frozen
    """Give the parts of a source, in the order of their names.

    A folder is walked with its sub-folders; hidden files, `__MACOSX`, and links that lead out of it are left out. A
    zip, a tar, a tar.gz or a gzip, recognised by its content, gives its members, with the same left out; a stream that
    is one is kept, still compressed, in memory or in a temporary file without name, and so is an unpacked tar.gz.

    Raises UnreadableInput (`io_missing`, `io_denied`, `io_failed`, `unsupported_archive`, `archive_damaged`,
    `archive_overlap`, `duplicate_member`, `unsafe_member_name`), LimitExceeded (`io_files` past `Limits.files`,
    `io_total_bytes`, `archive_ratio`), UsageError when the source is of no known type. Source: aaf 1.1, edt 1.1.

    >>> [part.name for part in parts(b"<a/>")]
    ['']
    """
    meter = Meter(limits)
    if is_folder(source):
        yield from map(guarded, _of_folder(source, meter, limits))
        return
    name, content = _lone(source)
    if isinstance(content, Iterable):
        yield from _of_stream(content, name, meter, limits)
    elif kind := container(b"".join(content.chunks(0, HEAD))):
        yield from archived(content, kind, meter, limits)
    else:
        yield _part(name, content.chunks, meter)


def _of_stream(content: Iterable[object], name: str, meter: Meter, limits: Limits) -> Iterator[Part]:
    """Look at the beginning of what comes in one order only: a plain file is read as it comes."""
    head, chunks = pulled(iter(content), HEAD)
    if kind := container(head):
        yield from archived(spooled(chunks, name, limits), kind, meter, limits)
    else:
        whole = chunks if isinstance(content, Iterator) else content
        yield _part(name, lambda: whole, meter)


def one(source: Source, *, limits: Limits = Limits()) -> Part:  # noqa: B008 - frozen
    """Give the only part of a source.

    Raises UnreadableInput (`io_not_one_file`) for a folder, an archive or a delivery of no file, or of several.

    >>> b"".join(one([b"<a", b"/>"]).chunks())
    b'<a/>'
    """
    found = list(parts(source, limits=limits))
    if len(found) != 1:
        raise UnreadableInput(problem("io_not_one_file", count=len(found)))
    return found[0]


def contents(source: Source, *, limits: Limits = Limits()) -> Iterator[Part]:  # noqa: B008 - frozen
    """Give the files of a folder, or of a delivery in memory, without looking at what they are.

    Raises UnreadableInput (`io_missing`, `io_denied`, `io_failed`), LimitExceeded (`io_files`).

    >>> [part.name for part in contents({"a.zip": b"PK"})]
    ['a.zip']
    """
    return _of_folder(source, Meter(limits), limits)


def peek(source: Source, size: int) -> tuple[bytes, Source]:
    """Give the first bytes of a lone file, as they are, and a source that still holds all of them.

    A path, bytes, and a file object that can seek are given back as they came. Raises UnreadableInput, UsageError.

    >>> head, whole = peek(iter([b"<a", b"/>"]), 1)
    >>> head, b"".join(one(whole).chunks())
    (b'<', b'<a/>')
    """
    _, content = _lone(source)
    if isinstance(content, Iterable):
        head, chunks = pulled(iter(content), size)
        return head, map(as_bytes, chunks) if isinstance(content, Iterator) else source
    head = b"".join(content.chunks(0, size))
    content.rewind()
    return head, source


def is_folder(source: Source) -> bool:
    """Tell whether a source is a folder, or a delivery in memory, rather than one file.

    >>> is_folder({"a.xml": b""}), is_folder(b"")
    (True, False)
    """
    return isinstance(source, Mapping) or (isinstance(source, str | os.PathLike) and stat.S_ISDIR(_mode(Path(source))))


def _mode(path: Path) -> int:
    """Give the mode of a file, 0 where the system gives none: reading it says why."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _of_folder(source: Source, meter: Meter, limits: Limits) -> Iterator[Part]:
    if isinstance(source, Mapping):
        for name in sorted(bounded(source, limits)):
            yield _part(name, _content(source[name]), meter)
    else:
        root = Path(cast("str | os.PathLike[str]", source))
        for file in walked(root, limits):
            yield _part(file.relative_to(root).as_posix(), partial(of_path, file), meter)


def _content(content: Content) -> Callable[[], Iterable[object]]:
    """Give the chunks of a content in memory."""
    if isinstance(content, bytes | bytearray | memoryview):
        return Store(io.BytesIO(content), "").chunks
    if not isinstance(content, Iterable):
        raise _unknown(content)
    return lambda: content


def _part(path: str, content: Callable[[], Iterable[object]], meter: Meter) -> Part:
    name = base_name(path)
    return Part(name, path, lambda: meter.count(content(), name))


def _lone(source: Source) -> tuple[str, Store | Iterable[object]]:
    """Give the name of a source that is one file, and its store, or its chunks where they come in one order only."""
    if isinstance(source, str | os.PathLike):
        return _of_path(Path(source))
    if isinstance(source, bytes | bytearray | memoryview):
        return "", Store(io.BytesIO(source), "")
    if hasattr(source, "read"):
        return _of_file(cast("BinaryIO", source))
    if isinstance(source, Iterable):
        return "", source
    raise _unknown(source)


def _of_path(path: Path) -> tuple[str, Store | Iterable[object]]:
    """Give a file of the disk; a named pipe or a device can be read once only."""
    return path.name, opened(path) if stat.S_IFMT(_mode(path)) in {0, stat.S_IFREG} else of_path(path)


def _of_file(file: BinaryIO) -> tuple[str, Store | Iterable[object]]:
    """Give a file object, from where it stands; a pipe has only a number for name."""
    named = getattr(file, "name", "")
    name = os.path.basename(named) if isinstance(named, str) else ""  # noqa: PTH119 - may be no path at all
    try:
        seekable = hasattr(file, "seekable") and file.seekable()
    except ValueError as error:
        raise UsageError("the file object is closed") from error
    return name, Store(file, name) if seekable else iter(partial(read, file, name), b"")


def _unknown(source: object) -> UsageError:
    return UsageError(f"cannot read a source of type {type(source).__name__}")
