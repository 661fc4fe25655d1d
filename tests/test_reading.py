"""Reading any file: its content alone says which reader takes it, whatever it is read from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

import entformats
from entformats import aaf, edt
from entformats._files import Source
from entformats.errors import LimitExceeded, UnreadableInput, WrongFormat
from entformats.limits import Limits
from entformats.testing import school


def chunks_of(content: bytes, size: int) -> Iterator[bytes]:
    """Cut in chunks."""
    return (content[at : at + size] for at in range(0, len(content), size))


@pytest.fixture(scope="module")
def export() -> bytes:
    """Give an export of a timetable, larger than what is needed to identify it."""
    ((_, content),) = edt.write(school.generate(seed=2, pupils=24).first)
    return b"".join(content)


def saved(content: bytes, folder: Path) -> Path:
    """Write a file whose name says nothing."""
    path = folder / "x.bin"
    path.write_bytes(content)
    return path


SOURCES: dict[str, Callable[[bytes, Path], Source]] = {
    "bytes": lambda content, _: content,
    "a view": lambda content, _: memoryview(content),
    "a file object": lambda content, _: BytesIO(content),
    "chunks": lambda content, _: chunks_of(content, 1000),
    "single bytes": lambda content, _: chunks_of(content, 1),
    "a path": saved,
    "a text path": lambda content, folder: str(saved(content, folder)),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_a_timetable_is_the_same_from_any_source(export: bytes, kind: str, tmp_path: Path) -> None:
    """Nothing of the file is lost by having looked at its beginning, and its name does not count."""
    reading = entformats.read(SOURCES[kind](export, tmp_path))
    assert isinstance(reading, edt.Export)
    assert reading.timetable == edt.read(export).timetable


def test_a_delivery_is_read_from_a_folder_and_from_memory(tmp_path: Path) -> None:
    """The files of a delivery go to the reader of AAF, in a folder or as a mapping."""
    files = {name: b"".join(content) for name, content in aaf.write(school.generate(seed=2, pupils=24).directory)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    from_folder, from_memory = entformats.read(tmp_path), entformats.read(files)
    assert isinstance(from_folder, aaf.Delivery)
    assert isinstance(from_memory, aaf.Delivery)
    assert from_folder.directory == from_memory.directory
    assert len(from_folder.directory.pupils) >= 24


@pytest.mark.parametrize("content", [b"", b"hello", b"<html/>", b"\x00" * 100])
def test_another_content_is_refused(content: bytes) -> None:
    """What no reader takes raises our error, which says where and what."""
    with pytest.raises(UnreadableInput) as refusal:
        entformats.read(content)
    assert refusal.value.problem.where.line >= 1


def test_the_refusal_names_the_file(tmp_path: Path) -> None:
    """The finding gives the file and what its content is."""
    with pytest.raises(WrongFormat) as refusal:
        entformats.read(saved(b"<html/>", tmp_path))
    assert refusal.value.problem.slug == "unsupported_format"
    assert refusal.value.problem.where.file == "x.bin"


def test_limits_hold(export: bytes) -> None:
    """The bounds given are those of the reader."""
    with pytest.raises(LimitExceeded):
        entformats.read(export, limits=Limits(total_bytes=1000))
