"""The one door to paths, folders, file objects, bytes and chunks.

A source is a sequence of named parts. A part is opened when its chunks are asked for, and everything read of a source
is counted against its `Limits` while it is read. Nothing else in the library opens a file.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, TypeAlias, TypeVar

from attrs import field, frozen

from entformats.errors import LimitExceeded, UnreadableInput, UsageError
from entformats.limits import Limits
from entformats.problems import Location, problem

__all__ = ["CHUNK", "Content", "Part", "Source", "is_folder", "one", "parts"]

CHUNK = 1 << 17
"""Bytes asked for at a time: the size at which libxml2 is fastest."""

Content: TypeAlias = bytes | bytearray | memoryview | Iterable[bytes]
"""Contenu d'un fichier: its bytes, or its chunks."""
Source: TypeAlias = str | os.PathLike[str] | BinaryIO | Content | Mapping[str, Content]
"""Source: a path (file or folder; a `str` is always a path), a binary file object, bytes, chunks, or a delivery in
memory (name -> content)."""

T = TypeVar("T")
IGNORED = ("__MACOSX",)


@frozen
class Part:
    """Partie d'une source: one named file, opened when `chunks` is called.

    `name` is the base name, "" where none is known; `path` is the name below the folder. A part made of a file object
    or of an iterator can be read once only.

    >>> [(part.name, b"".join(part.chunks())) for part in parts({"d/b.xml": b"<b/>", "a.xml": [b"<a", b"/>"]})]
    [('a.xml', b'<a/>'), ('b.xml', b'<b/>')]
    """

    name: str
    path: str
    _open: Callable[[], Iterator[bytes]] = field(repr=False, eq=False)

    def chunks(self) -> Iterator[bytes]:
        """Read the content by chunks of at most `CHUNK` bytes.

        Raises UnreadableInput (`io_missing`, `io_denied`, `io_failed`), LimitExceeded (`io_total_bytes`) when the whole
        source is larger than `Limits.total_bytes`, UsageError when the content is text.
        """
        return self._open()


class _Meter:
    """Compteur: what was read of one source, all its parts together."""

    __slots__ = ("_limits", "_read")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._read = 0

    def count(self, chunks: Iterable[object], name: str) -> Iterator[bytes]:
        """Pass chunks on, cut to size; what exceeds the limit is never passed on."""
        for chunk in chunks:
            data = _as_bytes(chunk)
            allowed = self._limits.total_bytes - self._read
            self._read += len(data)
            kept = data if len(data) <= allowed else data[:allowed]
            yield from (kept[start : start + CHUNK] for start in range(0, len(kept), CHUNK))
            if len(data) > allowed:
                raise LimitExceeded(problem("io_total_bytes", Location(name), limit=self._limits.total_bytes))


def parts(source: Source, *, limits: Limits = Limits()) -> Iterator[Part]:  # noqa: B008 - frozen
    """Give the parts of a source, in the order of their names.

    A folder is walked with its sub-folders; hidden files, `__MACOSX`, and links that lead out of it are left out.
    Raises UnreadableInput (`io_missing`, `io_denied`, `io_failed`), LimitExceeded (`io_files`) past `Limits.files`,
    UsageError when the source is of no known type.

    >>> [part.name for part in parts(b"<a/>")]
    ['']
    """
    meter = _Meter(limits)
    if isinstance(source, str | os.PathLike):
        yield from _of_path(Path(source), meter, limits)
    elif isinstance(source, Mapping):
        names = _bounded(source, limits)
        yield from (_part(name, _content(source[name]), meter) for name in sorted(names))
    elif isinstance(source, bytes | bytearray | memoryview):
        yield _part("", _content(source), meter)
    elif hasattr(source, "read"):
        yield _part(_name_of(source), _reader(source), meter)
    elif isinstance(source, Iterable):
        yield _part("", _content(source), meter)
    else:
        raise _unknown(source)


def one(source: Source, *, limits: Limits = Limits()) -> Part:  # noqa: B008 - frozen
    """Give the only part of a source.

    Raises UnreadableInput (`io_not_one_file`) for a folder or a delivery of no file, or of several.

    >>> b"".join(one([b"<a", b"/>"]).chunks())
    b'<a/>'
    """
    found = list(parts(source, limits=limits))
    if len(found) != 1:
        raise UnreadableInput(problem("io_not_one_file", count=len(found)))
    return found[0]


def _unknown(source: object) -> UsageError:
    return UsageError(f"cannot read a source of type {type(source).__name__}")


def is_folder(source: Source) -> bool:
    """Tell whether a source is a folder, or a delivery in memory, rather than one file.

    >>> is_folder({"a.xml": b""}), is_folder(b"")
    (True, False)
    """
    return isinstance(source, Mapping) or (isinstance(source, str | os.PathLike) and Path(source).is_dir())


def _part(path: str, content: Callable[[], Iterable[object]], meter: _Meter) -> Part:
    name = path.replace("\\", "/").rpartition("/")[2]
    return Part(name, path, lambda: meter.count(content(), name))


def _content(content: Content) -> Callable[[], Iterable[object]]:
    """Give the chunks of a content in memory; bytes are sliced lazily."""
    if isinstance(content, bytes | bytearray | memoryview):
        view = memoryview(content).cast("B")
        return lambda: (view[start : start + CHUNK] for start in range(0, len(view), CHUNK))
    if not isinstance(content, Iterable):
        raise _unknown(content)
    return lambda: content


def _as_bytes(chunk: object) -> bytes:
    if isinstance(chunk, bytes):
        return chunk
    if isinstance(chunk, bytearray | memoryview):
        return bytes(chunk)
    message = f"a source gives bytes, not {type(chunk).__name__}; open files in binary mode"
    raise UsageError(message)


def _reader(source: object) -> Callable[[], Iterator[object]]:
    """Read a binary file object, which stays open: it is the caller's."""

    def read() -> Iterator[object]:
        name = _name_of(source)
        while True:
            try:
                chunk = source.read(CHUNK)  # type: ignore[attr-defined]
            except OSError as error:
                raise _unreadable(error, name) from error
            except ValueError as error:
                raise UsageError("the file object is closed") from error
            if not chunk:
                return
            yield chunk

    return read


def _name_of(source: object) -> str:
    """Give the base name of a file object; a pipe has only a number."""
    name = getattr(source, "name", "")
    return os.path.basename(name) if isinstance(name, str) else ""  # noqa: PTH119 - may be no path at all


def _of_path(path: Path, meter: _Meter, limits: Limits) -> Iterator[Part]:
    try:
        folder = path.is_dir()
        files = sorted(_bounded(_walk(path), limits)) if folder else [path]
    except (OSError, ValueError) as error:
        raise _unreadable(error, path.name) from error
    for file in files:
        inside = file.relative_to(path).as_posix() if folder else file.name
        yield _part(inside, _opener(file), meter)


def _opener(path: Path) -> Callable[[], Iterator[object]]:
    def read() -> Iterator[object]:
        try:
            with path.open("rb", buffering=0) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (OSError, ValueError) as error:
            raise _unreadable(error, path.name) from error

    return read


def _walk(root: Path) -> Iterator[Path]:
    """Give the plain files below a folder; directories behind links are not entered."""
    real = root.resolve()
    for folder, below, names in os.walk(root, onerror=_raise):
        below[:] = sorted(name for name in below if _wanted(name))
        for path in (Path(folder, name) for name in names if _wanted(name)):
            if path.is_file() and path.resolve().is_relative_to(real):
                yield path


def _wanted(name: str) -> bool:
    return not name.startswith(".") and name not in IGNORED


def _raise(error: OSError) -> None:
    raise error


def _bounded(items: Iterable[T], limits: Limits) -> list[T]:
    """List at most `Limits.files` items."""
    found: list[T] = []
    for item in items:
        if len(found) >= limits.files:
            raise LimitExceeded(problem("io_files", limit=limits.files))
        found.append(item)
    return found


def _unreadable(error: OSError | ValueError, name: str) -> UnreadableInput:
    """Turn an error of the system into ours; a path holding a NUL is a ValueError."""
    if isinstance(error, FileNotFoundError | ValueError):
        return UnreadableInput(problem("io_missing", Location(name)))
    if isinstance(error, PermissionError):
        return UnreadableInput(problem("io_denied", Location(name)))
    return UnreadableInput(problem("io_failed", Location(name), reason=errno.errorcode.get(error.errno or 0, "?")))
