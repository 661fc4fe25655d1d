"""The door to files: every kind of source, limits counted while reading, errors of the system turned into ours."""

from __future__ import annotations

import errno
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from entformats._files import CHUNK, Content, Part, Source, one, parts
from entformats._files.archive import container
from entformats.errors import LimitExceeded, UnreadableInput, UsageError
from entformats.limits import Limits
from entformats.problems import entry, problem


def content(part: Part) -> bytes:
    """Read a part whole."""
    return b"".join(part.chunks())


def named(source: Source, *, limits: Limits = Limits()) -> dict[str, bytes]:  # noqa: B008 - frozen
    """Read a source whole, by path inside it."""
    return {part.path: content(part) for part in parts(source, limits=limits)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a delivery with a sub-folder, hidden files, and links inside and out."""
    root = tmp_path / "delivery"
    (root / "complet").mkdir(parents=True)
    (root / "__MACOSX").mkdir()
    (root / ".git").mkdir()
    for name, data in (("b.xml", b"<b/>"), ("complet/a.xml", b"<a/>"), (".hidden", b"h"), ("__MACOSX/m", b"m")):
        (root / name).write_bytes(data)
    (root / ".git" / "g").write_bytes(b"g")
    (tmp_path / "secret").write_bytes(b"s")
    (root / "out.xml").symlink_to(tmp_path / "secret")
    (root / "in.xml").symlink_to(root / "b.xml")
    (root / "up").symlink_to(tmp_path)
    return root


def test_every_kind_of_source_gives_the_same_bytes(tmp_path: Path) -> None:
    """Bytes, views, chunks, file objects and paths are one source."""
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a/>")
    with path.open("rb") as file:
        sources: list[Source] = [
            b"<a/>",
            bytearray(b"<a/>"),
            memoryview(b"<a/>"),
            [b"<a", b"", b"/>"],
            cast("list[bytes]", [bytearray(b"<a"), memoryview(b"/>")]),
            iter([b"<a/>"]),
            str(path),
            path,
            io.BytesIO(b"<a/>"),
            file,
            {"x/a.xml": b"<a/>"},
            {"a.xml": [b"<", b"a/>"]},
        ]
        assert {content(one(source)) for source in sources} == {b"<a/>"}


def test_names_are_known_where_there_are_any(tmp_path: Path) -> None:
    """A path, a file object on a path and a mapping give base names; bytes and pipes give none."""
    path = tmp_path / "a.xml"
    path.write_bytes(b"")
    with path.open("rb") as file:
        assert [one(s).name for s in (path, file, {"d/a.xml": b""}, b"", io.BytesIO())] == ["a.xml"] * 3 + ["", ""]


def test_a_pipe_is_read(tmp_path: Path) -> None:
    """What another program writes is read as it comes, from a file object or from a named pipe."""
    reading, writing = os.pipe()
    data = b"x" * (3 * CHUNK + 1)

    def write(descriptor: int) -> None:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)

    threading.Thread(target=write, args=(writing,)).start()
    with os.fdopen(reading, "rb") as file:
        assert content(one(file)) == data
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    thread = threading.Thread(target=lambda: fifo.write_bytes(b"<a/>"))
    thread.start()
    assert content(one(fifo)) == b"<a/>"
    thread.join()


def test_a_folder_is_walked_in_order_without_what_does_not_belong(folder: Path) -> None:
    """Sub-folders are entered; hidden files, __MACOSX and links that lead out are not read."""
    assert list(named(folder).items()) == [("b.xml", b"<b/>"), ("complet/a.xml", b"<a/>"), ("in.xml", b"<b/>")]
    assert [part.name for part in parts(folder)] == ["b.xml", "a.xml", "in.xml"]


def test_a_delivery_in_memory_is_in_order_of_names() -> None:
    """A mapping gives its parts sorted, whatever its own order."""
    source: dict[str, Content] = {"b": b"2", "a": [b"1"]}
    assert list(named(source).items()) == [("a", b"1"), ("b", b"2")]


def test_a_folder_is_not_one_file(folder: Path) -> None:
    """What reads one file refuses a folder of several, saying how many."""
    with pytest.raises(UnreadableInput) as caught:
        one(folder)
    assert (caught.value.problem.slug, caught.value.problem.params["count"]) == ("io_not_one_file", 3)


def test_all_bytes_of_all_parts_count(folder: Path) -> None:
    """The limit is on the whole source: the first part passes, the second stops at the exact byte."""
    first, second, _ = parts(folder, limits=Limits(total_bytes=6))
    assert content(first) == b"<b/>"
    got: list[bytes] = []
    with pytest.raises(LimitExceeded) as caught:
        got.extend(second.chunks())
    assert got == [b"<a"]
    assert (caught.value.problem.slug, caught.value.problem.where.file) == ("io_total_bytes", "a.xml")


def test_an_endless_source_stops() -> None:
    """A stream without end is read up to the limit and no further."""

    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * CHUNK

    with pytest.raises(LimitExceeded):
        content(one(endless(), limits=Limits(total_bytes=10 * CHUNK)))


def test_too_many_files(folder: Path) -> None:
    """Files are counted before any is read, in a folder and in memory."""
    for source in (folder, {"a": b"", "b": b"", "c": b""}):
        with pytest.raises(LimitExceeded) as caught:
            list(parts(source, limits=Limits(files=2)))
        assert caught.value.problem.slug == "io_files"


@pytest.mark.parametrize("path", ["missing.xml", "nul\0.xml"])
def test_a_missing_path_is_our_error(tmp_path: Path, path: str) -> None:
    """A path that leads nowhere, or that no system could have, is unreadable input when it is read."""
    with pytest.raises(UnreadableInput) as caught:
        content(one(f"{tmp_path}/{path}"))
    assert caught.value.problem.slug == "io_missing"


def test_a_path_that_is_too_long_is_our_error() -> None:
    """Other errors of the system carry their name."""
    with pytest.raises(UnreadableInput) as caught:
        content(one("x" * 5_000))
    assert caught.value.problem == problem("io_failed", caught.value.problem.where, reason="ENAMETOOLONG")


@pytest.mark.parametrize(
    ("error", "slug"),
    [
        (PermissionError(errno.EACCES, "x"), "io_denied"),
        (OSError(errno.EIO, "x"), "io_failed"),
        (OSError("without number"), "io_failed"),
        (FileNotFoundError(errno.ENOENT, "x"), "io_missing"),
    ],
)
def test_errors_of_the_system_are_ours(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, slug: str
) -> None:
    """A folder, a file or a file object that cannot be read gives unreadable input, never an OSError."""

    def fail(*_: object, **__: object) -> None:
        raise error

    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise error

    part = next(parts(folder))
    assert entry(slug).slug == slug, "the catalogue is read before the disk fails"
    monkeypatch.setattr(Path, "open", fail)
    monkeypatch.setattr(os, "scandir", fail)
    for read in (lambda: content(part), lambda: list(parts(folder)), lambda: content(one(Broken()))):
        with pytest.raises(UnreadableInput) as caught:
            read()
        assert caught.value.problem.slug == slug


def test_the_mistakes_of_the_caller(tmp_path: Path) -> None:
    """Text instead of bytes, a closed file and an object that is no source are errors of use."""
    path = tmp_path / "a.txt"
    path.write_text("a", encoding="utf-8")
    closed = path.open("rb")
    closed.close()
    with path.open(encoding="utf-8") as text:
        sources: list[object] = [text, ["text"], closed, 12, None, {"a": 3}]
        for source in sources:
            with pytest.raises(UsageError):
                content(one(source))  # type: ignore[arg-type]


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_chunks_keep_every_byte(chunks: list[bytes]) -> None:
    """However a source is cut, its bytes come out, in chunks that are not empty and not too large."""
    assume(not container(b"".join(chunks)))
    got = list(one(chunks).chunks())
    assert b"".join(got) == b"".join(chunks)
    assert all(0 < len(chunk) <= CHUNK for chunk in got)


def test_large_bytes_are_cut() -> None:
    """A large content in memory, or a large chunk, comes in chunks of the usual size."""
    data = bytes(2 * CHUNK + 5)
    assert [len(c) for c in one(data).chunks()] == [len(c) for c in one([data]).chunks()] == [CHUNK, CHUNK, 5]
