"""Archives through the one door: every form gives the files of the folder it was made from, in any kind of source."""

from __future__ import annotations

import gzip
import io
import itertools
import os
import random
import stat
import tarfile
import tempfile
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, cast

import pytest

import entformats
from entformats import FileKind, Format, aaf, edt
from entformats._files import Content, Part, Source, one, parts, peek, store
from entformats.aaf.table import Category
from entformats.errors import Encrypted, LimitExceeded, UnreadableInput, UsageError, WrongFormat
from entformats.limits import Limits
from entformats.testing import school

Files = Mapping[str, bytes]
Pack = Callable[[Files], bytes]

FILES: Files = {"a.xml": b"<a/>", "complet/b.xml": b"<b>" * 400, "complet.xml": b"", "Z.dtd": b"<!ELEMENT a>"}
LEFT_OUT: Files = {".DS_Store": b"x", "__MACOSX/._a.xml": b"x", "complet/.b.swp": b"x", ".git/config": b"x"}


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a zip; a name that ends in a slash is a folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: Files, kind: int = tarfile.PAX_FORMAT) -> bytes:
    """Make a tar; a name that ends in a slash is a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


class Pipe(io.RawIOBase):
    """A file object that cannot seek, over bytes to read, or to be filled."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        size = min(1000, size) if size >= 0 else 1000
        given, self.data = self.data[:size], self.data[size:]
        return given

    def write(self, data: object, /) -> int:
        assert isinstance(data, bytes | bytearray | memoryview)
        self.data += bytes(data)
        return len(bytes(data))


def piped(files: Files) -> bytes:
    """Make a zip as a program does that cannot go back: sizes come after the data."""
    pipe = Pipe()
    with zipfile.ZipFile(cast("BinaryIO", pipe), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return pipe.data


def old(files: Files) -> bytes:
    """Make a tar of the first kind: no sign, a type that is zero, one block of zeros at its end."""
    out = b""
    for name, data in files.items():
        head = bytearray(tarfile.TarInfo(name).tobuf(tarfile.USTAR_FORMAT))
        head[124:136] = b"%11o\0" % len(data)
        head[156:] = bytes(len(head) - 156)
        head[148:156] = b"%06o\0 " % (sum(head[:148]) + 8 * 32)
        out += bytes(head) + data + bytes(-len(data) % 512)
    return out + bytes(512)


PACKS: dict[str, Pack] = {
    "zip": zipped,
    "stored zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "zip from a pipe": piped,
    "zip with a comment": lambda files: zipped(files)[:-2] + b"\x05\x00PK..!",
    "ustar": lambda files: tarred(files, tarfile.USTAR_FORMAT),
    "GNU tar": lambda files: tarred(files, tarfile.GNU_FORMAT),
    "pax": tarred,
    "tar.gz": lambda files: gzip.compress(tarred(files)),
    "old tar": old,
}


def content(part: Part) -> bytes:
    """Read a part whole."""
    return b"".join(part.chunks())


def read(source: Source, *, limits: Limits = Limits()) -> dict[str, bytes]:  # noqa: B008 - frozen
    """Read a source whole, by path, in order."""
    return {part.path: content(part) for part in parts(source, limits=limits)}


def slug(source: Source, *, limits: Limits = Limits()) -> str:  # noqa: B008 - frozen
    """Give the finding that a source is refused with."""
    with pytest.raises(UnreadableInput) as caught:
        read(source, limits=limits)
    return caught.value.problem.slug


def chunks_of(data: bytes, size: int) -> Iterator[bytes]:
    """Cut in chunks."""
    return (data[at : at + size] for at in range(0, len(data), size))


def saved(data: bytes, folder: Path) -> Path:
    """Write a file whose name says nothing."""
    path = folder / "x.bin"
    path.write_bytes(data)
    return path


def after_others(data: bytes) -> io.BytesIO:
    """Give a file object which stands behind bytes that were read already."""
    file = io.BytesIO(b"12345" + data)
    file.seek(5)
    return file


SOURCES: dict[str, Callable[[bytes, Path], Source]] = {
    "bytes": lambda data, _: data,
    "a view": lambda data, _: memoryview(data),
    "a path": saved,
    "a text path": lambda data, folder: str(saved(data, folder)),
    "a file object": lambda data, _: io.BytesIO(data),
    "a file object further on": lambda data, _: after_others(data),
    "a pipe": lambda data, _: cast("BinaryIO", Pipe(data)),
    "a list": lambda data, _: [data[:100], data[100:]],
    "chunks": lambda data, _: chunks_of(data, 1000),
    "single bytes": lambda data, _: chunks_of(data, 1),
}


@pytest.mark.parametrize("pack", PACKS)
def test_an_archive_is_the_folder_it_was_made_from(pack: str, tmp_path: Path) -> None:
    """Same files, same order, the same left out; folders are no files."""
    folder = tmp_path / "folder"
    for name, data in {**FILES, **LEFT_OUT}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    archive = PACKS[pack]({"complet/": b"", **FILES, **LEFT_OUT})
    assert list(read(archive).items()) == list(read(folder).items())
    assert sorted(read(archive)) == sorted(FILES)
    assert [part.name for part in parts(archive)] == ["Z.dtd", "a.xml", "b.xml", "complet.xml"]


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("pack", ["zip", "ustar", "tar.gz"])
def test_any_source_may_be_an_archive(pack: str, kind: str, tmp_path: Path) -> None:
    """What gives the bytes plays no part, and nor does the name of the file; each part can be read again."""
    found = list(parts(SOURCES[kind](PACKS[pack](FILES), tmp_path)))
    for _ in range(2):
        assert {part.path: content(part) for part in reversed(found)} == FILES


def test_an_archive_from_a_named_pipe(tmp_path: Path) -> None:
    """What another program writes is kept, and read as an archive."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    thread = threading.Thread(target=lambda: fifo.write_bytes(zipped(FILES)))
    thread.start()
    assert read(fifo) == FILES
    thread.join()


def test_parts_can_be_read_together() -> None:
    """The chunks of two members may be asked for in turn, from one open file."""
    files = {name: random.Random(name).randbytes(300_000) for name in ("a", "b")}
    for pack in ("zip", "stored zip", "pax", "tar.gz"):
        first, second = parts(io.BytesIO(PACKS[pack](files)))
        turns = list(itertools.zip_longest(first.chunks(), second.chunks(), fillvalue=b""))
        assert [b"".join(one[at] for one in turns) for at in (0, 1)] == list(files.values())


def test_parts_can_be_read_by_threads() -> None:
    """Members of one archive read at once do not get the bytes of each other."""

    class Slow(io.BytesIO):
        def seek(self, offset: int, whence: int = 0, /) -> int:
            at = super().seek(offset, whence)
            time.sleep(0.001)
            return at

    files = {f"{n}": random.Random(n).randbytes(200_000) for n in range(8)}
    for pack in ("zip", "pax"):
        found = list(parts(Slow(PACKS[pack](files))))
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(content, found)) == list(files.values())


def test_a_large_archive_is_read_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is unpacked aside, and each member is at its place there; memory stays small."""
    monkeypatch.setattr(store, "IN_MEMORY", 1 << 16)
    rng = random.Random(1)
    files = {f"{n:02}.xml": b"".join(b"<%d/>" % rng.getrandbits(40) for _ in range(60_000)) for n in range(12)}
    archive = gzip.compress(tarred(files), 1)
    tracemalloc.start()
    found = list(parts(archive))
    for part in sorted(found, key=lambda part: part.name[::-1]):
        expected = memoryview(files[part.path])
        for chunk in part.chunks():
            assert expected[: len(chunk)] == chunk
            expected = expected[len(chunk) :]
        assert not expected
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000 < len(files["00.xml"]) * 12 / 3


def test_gzip_of_one_file(tmp_path: Path) -> None:
    """It is that file, under the name without `.gz`; several streams are one content, zeros behind it do not count."""
    path = tmp_path / "Complet_Eleve_0000.xml.GZ"
    path.write_bytes(gzip.compress(b"<a>") + gzip.compress(b"") + bytes(3) + gzip.compress(b"</a>") + bytes(600))
    assert [(part.name, content(part)) for part in parts(path)] == [("Complet_Eleve_0000.xml", b"<a></a>")]
    assert read(gzip.compress(b"<a/>")) == {"": b"<a/>"}
    assert [read(chunks_of(path.read_bytes(), size))[""] for size in (1, 2, 30)] == [b"<a></a>"] * 3
    assert read(gzip.compress(b"<a>") * 4, limits=Limits(files=3)) == {"": b"<a>" * 4}


def test_one_file_in_an_archive_is_a_file() -> None:
    """What reads one file takes an archive that holds one, and says how many where it does not."""
    for pack in (zipped, tarred, PACKS["tar.gz"]):
        assert content(one(pack({"d/": b"", "d/a.xml": b"<a/>", **LEFT_OUT}))) == b"<a/>"
        for files, count in (({"d/": b""}, 0), (FILES, 4)):
            with pytest.raises(UnreadableInput) as caught:
                one(pack(files))
            assert (caught.value.problem.slug, caught.value.problem.params["count"]) == ("io_not_one_file", count)
    assert read(zipped({})) == {}


@pytest.fixture(scope="module")
def year() -> school.FictitiousSchool:
    """Give a small school."""
    return school.generate(seed=2, pupils=24)


@pytest.mark.parametrize("pack", ["zip", "tar.gz", "pax"])
def test_a_delivery_of_aaf_is_read_from_an_archive(pack: str, year: school.FictitiousSchool, tmp_path: Path) -> None:
    """From its folder, alone or below another; directory and report are those of the folder, and it is identified."""
    files = {name: b"".join(chunks) for name, chunks in aaf.write(year.directory)}
    expected = aaf.read(files)
    for prefix in ("", "20251024/complet/"):
        archive = PACKS[pack]({prefix + name: data for name, data in files.items()})
        assert entformats.identify(archive) == FileKind(
            Format.AAF,
            entformats.identify(files).dialect,
            entformats.identify(files).version,
            container=CONTAINERS[pack],
        )
        for source in (archive, saved(archive, tmp_path), chunks_of(archive, 1 << 16)):
            delivery = entformats.read(source)
            assert isinstance(delivery, aaf.Delivery)
            assert (delivery.directory, delivery.report) == (expected.directory, expected.report)
        assert aaf.read(archive).directory == expected.directory


CONTAINERS = {"zip": "zip", "tar.gz": "tar.gz", "pax": "tar", "gzip": "gzip"}


@pytest.mark.parametrize("pack", ["zip", "tar.gz", "pax", "gzip"])
def test_a_timetable_is_read_from_an_archive(pack: str, year: school.FictitiousSchool) -> None:
    """A zip that holds one export is that export, and so are the other forms."""
    ((name, chunks),) = edt.write(year.first)
    export = b"".join(chunks)
    archive = gzip.compress(export) if pack == "gzip" else PACKS[pack]({name: export})
    kind = entformats.identify(archive)
    assert (kind.format, kind.dialect, kind.container) == (Format.EDT, "export", CONTAINERS[pack])
    assert edt.read(archive).timetable == edt.read(export).timetable
    reading = entformats.read(archive)
    assert isinstance(reading, edt.Export)
    assert reading.timetable == edt.read(export).timetable


def test_the_samples_are_those_of_their_folder(corpus: Callable[[str], Path]) -> None:
    """The archives among the samples hold the files of the folders beside them."""
    assert read(corpus("udt/college.zip")).items() <= read(corpus("udt/college")).items()
    for degree in ("1d", "2d"):
        archive = corpus(f"gar/ZZ9_GAR-ENT_Complet_20260901_210000_{degree.upper()}.tar.gz")
        folder = corpus(f"gar/{degree}")
        assert read(archive).items() <= read(folder).items()
        assert len(read(archive)) >= 5


@pytest.mark.parametrize("pack", ["zip", "GNU tar", "pax"])
def test_long_and_accented_names(pack: str) -> None:
    """A name may be longer than its field, and be written in the alphabet of the school."""
    files = {"é" * 80 + "/" + "x" * 150 + ".xml": b"1", "Élèves.xml": b"2"}
    assert read(PACKS[pack](files)) == files


def test_a_name_in_two_fields() -> None:
    """A ustar header cuts a long path in two."""
    files = {"d" * 90 + "/" + "x" * 90: b"1"}
    assert read(tarred(files, tarfile.USTAR_FORMAT)) == files


def test_names_of_other_systems() -> None:
    """Backslashes separate, `./` says nothing, old code pages are read, and no control character comes out."""
    zips = zipped({"complet\\a.xml": b"", "d\\": b""})
    assert list(read(zips)) == ["complet/a.xml"]
    assert list(read(zipped({"XYZ.xml": b""}).replace(b"XYZ", b"\x82t\x82"))) == ["été.xml"]
    flagged = zipped({"é.xml": b""}).replace("é".encode(), b"\xff\x82")
    assert slug(flagged) == "archive_damaged"
    latin = tarred({"xyz.xml": b""}, tarfile.USTAR_FORMAT)
    head = bytearray(latin[:512].replace(b"xyz", b"\xe9t\xe9"))
    total = sum(head[:148]) + sum(head[156:]) + 8 * 32
    for summed in (total, total - 2 * 256):
        head[148:156] = b"%06o\0 " % summed
        assert list(read(bytes(head) + latin[512:])) == ["été.xml"]
    assert list(read(tarred({"./a.xml": b"", "./x//b\x1b[2J\u202e.xml": b""}))) == ["a.xml", "x/b\ufffd[2J\ufffd.xml"]


def test_what_a_size_is_written_in() -> None:
    """A great size stands in bytes in a GNU tar, in a record in a pax one, in an extra field in a zip."""
    data = b"x" * 700
    plain = tarred({"a": data}, tarfile.GNU_FORMAT)
    head = bytearray(plain[:512])
    head[124:136] = b"\x80" + (700).to_bytes(11)
    head[148:156] = b"%06o\0 " % (sum(head[:148]) + sum(head[156:]) + 8 * 32)
    assert read(bytes(head) + plain[512:]) == {"a": data}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "c"}) as archive:
        info = tarfile.TarInfo("b")
        info.pax_headers = {"size": "700", "path": "a"}
        info.size = 700
        archive.addfile(info, io.BytesIO(data))
    assert read(out.getvalue()) == {"a": data}


@pytest.mark.parametrize(("limit", "value"), [("ZIP64_LIMIT", 3), ("ZIP_FILECOUNT_LIMIT", 1)])
def test_zip64(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    """Sizes, places and counts too great for their field are read where they stand."""
    monkeypatch.setattr(zipfile, limit, value)
    archive = zipped(FILES)
    assert b"PK\x06\x06" in archive
    assert read(archive) == FILES
    assert read(chunks_of(archive, 7)) == FILES


@pytest.mark.parametrize("names", [("[Content_Types].xml", "xl/workbook.xml"), ("workbook.bin", "docProps/app.xml")])
def test_a_spreadsheet_is_no_archive(names: tuple[str, ...]) -> None:
    """It is one file, which its reader refuses by its name."""
    book = zipped(dict.fromkeys(names, b"<x/>"))
    assert content(one(book)) == book
    with pytest.raises(WrongFormat) as caught:
        entformats.read(book)
    assert caught.value.problem.params["found"] == "xlsx"


def test_a_spreadsheet_in_a_folder_is_a_file_of_it() -> None:
    """It stands beside the others, in a folder and in an archive."""
    book = zipped({"[Content_Types].xml": b"<x/>"})
    assert read({"a.xlsx": book}) == read(zipped({"a.xlsx": book})) == {"a.xlsx": book}


NESTED: dict[str, bytes] = {
    "zip": zipped(FILES),
    "tar": tarred(FILES),
    "gzip": gzip.compress(b"<a/>"),
    "7z": b"7z\xbc\xaf\x27\x1c\0\4",
}


@pytest.mark.parametrize("kind", NESTED)
def test_an_archive_inside_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    """In a folder, a mapping or an archive, at once or byte by byte: its neighbours are read, it is not."""
    inner = NESTED[kind]
    files = {"a.xml": b"<a/>", "b.bin": inner}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    in_chunks: dict[str, Content] = {**files, "b.bin": chunks_of(inner, 1)}
    sources: list[Source] = [tmp_path, files, in_chunks]
    for source in (*sources, zipped(files), tarred(files), PACKS["tar.gz"](files)):
        first, second = parts(source)
        assert content(first) == b"<a/>"
        with pytest.raises(UnreadableInput) as caught:
            content(second)
        problem = caught.value.problem
        assert (problem.slug, problem.where.file, problem.params["kind"]) == ("nested_archive", "b.bin", kind)
    if kind != "tar":
        assert slug(gzip.compress(inner)) == "nested_archive"


def test_an_archive_beside_a_delivery_is_a_finding(year: school.FictitiousSchool) -> None:
    """The rest is read, and nothing is known to be complete, since nobody knows what it holds."""
    files = {name: b"".join(chunks) for name, chunks in aaf.write(year.directory)}
    delivery = aaf.read({**files, "more.zip": zipped(files)})
    assert delivery.directory == aaf.read(files).directory
    assert [found.where.file for found in delivery.report.of_slug("nested_archive")] == ["more.zip"]
    assert delivery.manifest.incomplete == frozenset(Category)


def test_a_damaged_member_of_a_delivery_is_a_finding(year: school.FictitiousSchool) -> None:
    """Its category is incomplete, the others are read; where none can be read the delivery is refused."""
    files = {name: b"".join(chunks) for name, chunks in aaf.write(year.directory)}
    archive = zipped(files, zipfile.ZIP_STORED)
    name = next(name for name in files if "_Eleve_" in name)
    hurt = archive.replace(files[name], files[name][:-1] + b" ")
    delivery = aaf.read(hurt)
    assert [found.where.file for found in delivery.report.of_slug("archive_damaged")] == [name]
    assert delivery.manifest.incomplete == {Category.PUPILS}
    locked = bytearray(archive)
    for at in (at for at in range(len(archive)) if archive.startswith(b"PK\x01\x02", at)):
        locked[at + 8] |= 1
    with pytest.raises(Encrypted):
        aaf.read(bytes(locked))


@pytest.mark.parametrize(
    "sign", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\0", b"BZh9", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"]
)
def test_other_archives_are_refused_by_name(sign: bytes) -> None:
    """What is not read is named, by whatever reads it."""
    for refuse in (lambda: list(parts(sign)), lambda: entformats.read(sign), lambda: edt.read(sign)):
        with pytest.raises(UnreadableInput) as caught:
            refuse()
        assert caught.value.problem.slug == "unsupported_archive"


@pytest.mark.parametrize("bit", [0, 6])
def test_an_encrypted_archive_is_refused_by_name(bit: int) -> None:
    """The error is the one of encrypted files, from the door and from the readers; identify says it."""
    archive = bytearray(zipped({"a.xml": b"<ExportEmploiDuTemps/>"}, zipfile.ZIP_STORED))
    for at in (6, archive.index(b"PK\x01\x02") + 8):
        archive[at] |= 1 << bit
    locked = bytes(archive)
    for refuse in (lambda: content(one(locked)), lambda: edt.read(locked), lambda: entformats.read(locked)):
        with pytest.raises(Encrypted) as caught:
            refuse()
        assert (caught.value.problem.slug, caught.value.problem.where.file) == ("encrypted_archive", "a.xml")
    assert entformats.identify(locked) == FileKind(encrypted=True, container="zip")


def test_another_method_is_refused_by_its_number() -> None:
    """Deflate64 and the rest are named; a member of a usual method beside them is read."""
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with pytest.raises(UnreadableInput) as caught:
            read(zipped({"a": b"x"}, method))
        assert (caught.value.problem.slug, caught.value.problem.params["method"]) == ("archive_method", method)


@pytest.mark.parametrize(
    ("flag", "kind"),
    [
        (tarfile.LNKTYPE, "hardlink"),
        (tarfile.SYMTYPE, "symlink"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.BLKTYPE, "device"),
        (tarfile.FIFOTYPE, "device"),
        (tarfile.GNUTYPE_SPARSE, "sparse"),
        (b"V", "type V"),
    ],
)
def test_what_is_no_file_in_a_tar(flag: bytes, kind: str) -> None:
    """A link is not followed, a device not opened: whoever reads it is told."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.xml")
        info.type, info.linkname = flag, "/etc/passwd"
        archive.addfile(info)
    with pytest.raises(UnreadableInput) as caught:
        read(out.getvalue())
    assert (caught.value.problem.slug, caught.value.problem.params["kind"]) == ("irregular_member", kind)


@pytest.mark.parametrize(
    ("mode", "kind"), [(stat.S_IFLNK, "symlink"), (stat.S_IFCHR, "device"), (stat.S_IFREG, ""), (stat.S_IFIFO, "")]
)
def test_what_is_no_file_in_a_zip(mode: int, kind: str) -> None:
    """A zip made on Unix says what its members were, one made elsewhere does not; what came from a pipe is a file."""
    for system in (3, 0):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            info = zipfile.ZipInfo("a.xml")
            info.create_system, info.external_attr = system, (mode | 0o644) << 16
            archive.writestr(info, b"/etc/passwd")
        if kind and system:
            assert slug(out.getvalue()) == "irregular_member"
        else:
            assert read(out.getvalue()) == {"a.xml": b"/etc/passwd"}


@pytest.mark.parametrize("pack", ["zip", "pax", "tar.gz"])
def test_limits_are_counted_while_reading(pack: str) -> None:
    """Members, folders included, and unpacked bytes of all members together: up to the limit and not beyond."""
    archive = PACKS[pack]({"d/": b"", "a": b"1234", "b": b"5678"})
    counted = 3
    assert read(archive, limits=Limits(files=counted)) == {"a": b"1234", "b": b"5678"}
    assert slug(archive, limits=Limits(files=counted - 1)) == "io_files"
    if pack != "tar.gz":
        first, second = parts(archive, limits=Limits(total_bytes=6))
        assert content(first) == b"1234"
        got: list[bytes] = []
        with pytest.raises(LimitExceeded) as caught:
            got.extend(second.chunks())
        assert (got, caught.value.problem.slug) == ([b"56"], "io_total_bytes")
    assert slug(archive, limits=Limits(total_bytes=6)) == "io_total_bytes"
    assert slug(chunks_of(archive, 50), limits=Limits(total_bytes=100)) == "io_total_bytes"


def test_the_ratio_counts_beyond_the_first_mebibyte() -> None:
    """Small contents may be as regular as they like; a trap is left where it shows."""
    for size, refused in ((1 << 20, False), ((1 << 20) + 1, True)):
        for archive in (zipped({"a": bytes(size)}), gzip.compress(bytes(size)), PACKS["tar.gz"]({"a": bytes(size)})):
            if refused or archive[0] == archive[-1]:
                assert slug(archive, limits=Limits(ratio=100)) == "archive_ratio"
    assert read(zipped({"a": bytes(1 << 20)}), limits=Limits(ratio=1)) == {"a": bytes(1 << 20)}
    assert len(read(zipped({"a": bytes(3 << 20)}), limits=Limits(ratio=1_100))["a"]) == 3 << 20


def test_a_stream_is_kept_on_disk_beyond_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long compressed stream leaves memory; a disk that is full is our error."""
    monkeypatch.setattr(store, "IN_MEMORY", 64)
    archive = zipped(FILES)
    assert read(chunks_of(archive, 50)) == FILES

    class Full(io.BytesIO):
        def write(self, _data: object, /) -> int:
            raise OSError(28, "no space left")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda **_: Full())
    assert slug(chunks_of(archive, 50)) == "io_failed"


def test_file_objects_that_lie() -> None:
    """One that cannot tell whether it seeks, one whose seek fails, one that gives nothing yet: ours, each of them."""

    class NoSeek(io.BytesIO):
        def seek(self, _offset: int, _whence: int = 0, /) -> int:
            raise OSError(29, "illegal seek")

    class Closes(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            self.close()
            return super().read(size)

    class Waits(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            return cast("bytes", None)

    class Minimal:
        def __init__(self) -> None:
            self.left = [b"<a", b"/>"]

        def read(self, _size: int) -> bytes:
            return self.left.pop(0) if self.left else b""

    class ClosesLater(io.BytesIO):
        def seek(self, offset: int, whence: int = 0, /) -> int:
            at = super().seek(offset, whence)
            if whence == 0:
                self.close()
            return at

    assert slug(NoSeek(b"<a/>")) == "io_failed"
    for file in (Closes(b"<a/>"), Waits(b"<a/>"), ClosesLater(b"<a/>")):
        with pytest.raises(UsageError):
            read(file)
    assert read(Minimal()) == {"": b"<a/>"}  # type: ignore[arg-type]


def test_a_plain_file_object_can_be_read_again() -> None:
    """From where it stood, as often as wanted; a stream once only, and never a wrong half of it."""
    (part,) = parts(after_others(b"<a/>"))
    assert [content(part), content(part)] == [b"<a/>", b"<a/>"]
    (part,) = parts(iter([b"<a", b"/>"]))
    assert [content(part), content(part)] == [b"<a/>", b""]
    (part,) = parts([b"<a", b"/>"])
    assert [content(part), content(part)] == [b"<a/>", b"<a/>"]


def test_a_look_at_the_beginning_loses_nothing(tmp_path: Path) -> None:
    """The source is whole after it, whatever it is."""
    for kind, made in SOURCES.items():
        head, whole = peek(made(b"<abc/>", tmp_path), 2)
        assert (head, content(one(whole))) == (b"<a", b"<abc/>"), kind


def test_a_source_that_goes_away(tmp_path: Path) -> None:
    """An archive is held open until its parts are gone, a plain file is open once it is listed; closed is a mistake."""
    file = io.BytesIO(zipped({"a": b"x"}))
    (part,) = parts(file)
    file.close()
    with pytest.raises(UsageError):
        content(part)
    path = saved(zipped({"a": b"x"}), tmp_path)
    (part,) = parts(path)
    path.unlink()
    assert content(part) == b"x"
    (tmp_path / "d").mkdir()
    path = saved(b"<a/>", tmp_path / "d")
    (part,) = parts(path.parent)
    path.unlink()
    with pytest.raises(UnreadableInput) as caught:
        content(part)
    assert caught.value.problem.slug == "io_missing"
