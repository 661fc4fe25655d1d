"""Archives made to harm, or harmed on the way: one of our errors, or exactly what was packed, and nothing else."""

from __future__ import annotations

import collections
import contextlib
import gzip
import io
import itertools
import struct
import tarfile
import tracemalloc
import warnings
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import entformats
from entformats import aaf, edt
from entformats._files import Source, parts
from entformats.errors import LimitExceeded, UnreadableInput
from entformats.limits import Limits

FILES = {"a.xml": b"<a>" * 30, "d/b.xml": b"<b/>"}
SMALL = Limits(total_bytes=1 << 22, files=50)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    """Make a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def header(name: bytes, flag: bytes, size: int | bytes, content: bytes = b"") -> bytes:
    """Make a header of a tar by hand, its sum right, and the content after it."""
    number = b"%011o\0" % size if isinstance(size, int) else size.ljust(12, b"\0")
    head = name.ljust(124, b"\0") + number + bytes(12) + b" " * 8 + flag
    head = head.ljust(257, b"\0") + b"ustar\00000"
    head = head.ljust(512, b"\0")
    head = head[:148] + b"%06o\0 " % sum(head) + head[156:]
    return head + content + bytes(-len(content) % 512)


def record(text: bytes) -> bytes:
    """Make a pax record."""
    length = next(n for n in range(len(text), len(text) + 9) if n == len(text) + 2 + len(str(n)))
    return b"%d %b\n" % (length, text)


ZIP = zipped(FILES)
TAR = tarred(FILES)
TGZ = gzip.compress(TAR, mtime=0)
GZIP = gzip.compress(FILES["a.xml"], mtime=0)
END = bytes(1024)


def outcome(source: Source, limits: Limits = SMALL) -> dict[str, bytes] | str:
    """Read a source: each part that can be read, or why there is none. Any error that is not ours comes out."""
    try:
        return read(source, limits)
    except UnreadableInput as error:
        return error.problem.slug


def read(source: Source, limits: Limits) -> dict[str, bytes]:
    """Read a source whole, by path."""
    return {part.path: b"".join(part.chunks()) for part in parts(source, limits=limits)}


def reason(source: Source, limits: Limits = SMALL) -> object:
    """Give what is wrong with a damaged archive."""
    with pytest.raises(UnreadableInput) as caught:
        read(source, limits)
    assert caught.value.problem.slug == "archive_damaged"
    return caught.value.problem.params["reason"]


@pytest.mark.parametrize("archive", [ZIP, TGZ, GZIP], ids=["zip", "tar.gz", "gzip"])
def test_an_archive_cut_anywhere(archive: bytes) -> None:
    """Whatever is cut off is missed: what is left never passes for the whole."""
    for size in range(20, len(archive)):
        assert isinstance(outcome(archive[:size]), str), size
        assert isinstance(outcome([archive[:size]]), str), size


def test_a_tar_cut_anywhere() -> None:
    """It is whole once a block of zeros says that it ends."""
    whole = 4 * 512 + 512
    for size in itertools.chain(range(512, 2100), range(whole - 3, whole)):
        assert outcome(TAR[:size]) == "archive_damaged", size
    assert outcome(TAR[:whole]) == FILES


@pytest.mark.parametrize("value", [0x01, 0x80, 0xFF])
def test_a_byte_changed_anywhere_in_a_zip(value: int) -> None:
    """The members that are given hold what was packed, under whatever name."""
    for at in range(len(ZIP)):
        changed = bytearray(ZIP)
        changed[at] ^= value
        found = outcome(bytes(changed))
        if at >= 4 and isinstance(found, dict):
            assert set(found.values()) <= set(FILES.values()), at


@pytest.mark.parametrize("value", [0x01, 0x80, 0xFF])
def test_a_byte_changed_anywhere_in_a_tar_gz(value: int) -> None:
    """The result is what was packed, or a refusal: the sum of the gzip covers all of it."""
    for at in range(3, len(TGZ)):
        changed = bytearray(TGZ)
        changed[at] ^= value
        found = outcome(bytes(changed))
        assert found == FILES or isinstance(found, str), at


def test_a_byte_changed_in_a_header_of_a_tar() -> None:
    """The sum of a header covers it whole but for what fills its own field; without sign and sum it is a file."""
    for at in set(range(512)) - {155}:
        changed = bytearray(TAR)
        changed[at] ^= 0x01
        assert outcome(bytes(changed)) in ("archive_damaged", {"": bytes(changed)}), at
        assert outcome(TAR[:1024] + bytes(changed[:1024]) + TAR[1024:]) == "archive_damaged", at


MAGIC = [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", ZIP, TGZ, GZIP, TAR[:2048] + END]


@settings(max_examples=600)
@given(st.sampled_from(MAGIC), st.binary(max_size=120), st.integers(0, 2_600), st.integers(0, 40))
@example(b"PK\x05\x06", bytes(18), 4, 0)
def test_any_bytes_after_a_sign(archive: bytes, more: bytes, at: int, less: int) -> None:
    """Bytes put in and taken out anywhere: parts or a refusal, from the door and from all that stands on it."""
    data = archive[:at] + more + archive[at + less :]
    outcome(data)
    outcome([data[:at], data[at:]])
    outcome({"a": data})
    entformats.identify(data)
    for reader in (aaf.read, edt.read, entformats.read):
        with contextlib.suppress(UnreadableInput):
            reader(data)


@settings(max_examples=400)
@given(st.data())
def test_any_numbers_in_the_tables_of_a_zip(data: st.DataObject) -> None:
    """Each number of the end, of an entry and of a header may be any: nothing given differs from what was packed."""
    changed = bytearray(ZIP)
    entry, end = ZIP.index(b"PK\x01\x02"), ZIP.index(b"PK\x05\x06")
    spans = [(4, 30), (entry + 4, entry + 46), (end + 4, end + 22)]
    begin, stop = data.draw(st.sampled_from(spans))
    at = data.draw(st.integers(begin, stop - 2))
    size = data.draw(st.sampled_from([2, 4]))
    changed[at : at + size] = data.draw(st.binary(min_size=size, max_size=size))
    found = outcome(bytes(changed))
    assert isinstance(found, str) or set(found.values()) <= set(FILES.values())


def test_sizes_that_lie() -> None:
    """Too small, the surplus is never given; too great, the end is missed; packed size and place likewise."""
    entry = ZIP.index(b"PK\x01\x02")
    for offset, value, expected in (
        (24, 89, "CRC"),
        (24, 91, "size"),
        (20, 5, "CRC"),
        (20, 0, "CRC"),
        (16, 7, "CRC"),
        (10, 0, "CRC"),
    ):
        changed = bytearray(ZIP)
        width = 2 if offset == 10 else 4
        changed[entry + offset : entry + offset + width] = value.to_bytes(width, "little")
        assert reason(bytes(changed)) == expected, offset
    stored = bytearray(zipped({"a": b"1234", "b": b"5"}, zipfile.ZIP_STORED))
    stored[stored.index(b"PK\x01\x02") + 24] = 3
    assert reason(bytes(stored)) == "CRC"


def test_another_name_before_the_data() -> None:
    """A member whose two names differ is one thing to one tool and another to the next: refused."""
    changed = bytearray(ZIP)
    changed[30] = ord("b")
    assert reason(bytes(changed)) == "header"


def test_counts_that_lie() -> None:
    """A table cut short or too long is refused; numbers that nothing depends on are not looked at."""
    end = ZIP.index(b"PK\x05\x06")
    size = int.from_bytes(ZIP[end + 12 : end + 16], "little")
    for changes, refused in (
        ({8: 1, 10: 1}, False),
        ({8: 1}, False),
        ({4: 1}, False),
        ({20: 1}, False),
        ({12: size - 1}, True),
        ({12: size - 60, 8: 1, 10: 1}, True),
        ({12: size + 1}, True),
        ({16: 0xFFFF}, True),
    ):
        changed = bytearray(ZIP)
        for at, value in changes.items():
            changed[end + at : end + at + 2] = value.to_bytes(2, "little")
        assert outcome(bytes(changed)) == ("archive_damaged" if refused else FILES), changes


def wide(**changes: int) -> bytes:
    """Make a zip of one member whose end is that of a zip64, some of its numbers changed."""
    plain = zipped({"a": b"<a/>"}, zipfile.ZIP_STORED)
    end = plain.index(b"PK\x05\x06")
    _, _, _, _, count, size, start, _ = struct.unpack("<4s4H2IH", plain[end:])
    numbers = {"disk": 0, "first": 0, "here": count, "count": count, "size": size, "start": start, "at": end} | changes
    record = struct.pack("<4sQ2H2I", b"PK\x06\x06", 44, 45, 45, numbers["disk"], numbers["first"])
    record += struct.pack("<4Q", *(numbers[name] for name in ("here", "count", "size", "start")))
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, numbers["at"], 1)
    return plain[:end] + record + locator + b"PK\x05\x06" + b"\0" * 4 + b"\xff" * 12 + b"\0\0"


def test_a_zip64_that_lies() -> None:
    """Where its table is and how long must be true, however great the numbers."""
    assert outcome(wide()) == outcome(wide(disk=1, count=2, here=2)) == {"a": b"<a/>"}
    for great in (1 << 20, (1 << 64) - 1):
        for name in ("size", "start"):
            assert reason(wide(**{name: great})) in {"directory", "header"}
    assert isinstance(outcome(b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2)), str)


@pytest.mark.parametrize("extra", [b"", b"\1\0\x08\0" + bytes(7), b"\2\0\1\0x", b"\1\0\0\0", b"\1\0\xff\xff", b"\1"])
def test_an_extra_field_that_lies(extra: bytes) -> None:
    """A size that should be in the extra field and is not makes the table false, or is missed when it is read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a")
        info.extra = b"\xfe\xca\0\0"
        archive.writestr(info, b"<a/>")
    data = bytearray(out.getvalue())
    entry, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    table = bytearray(data[entry:end].removesuffix(info.extra) + extra)
    table[24:28], table[30:32] = b"\xff" * 4, len(extra).to_bytes(2, "little")
    data[end + 12 : end + 16] = len(table).to_bytes(4, "little")
    assert reason(bytes(data[:entry] + table + data[end:])) in {"directory", "size"}


def bomb(copies: int, size: int) -> bytes:
    """Make a zip whose entries all lead to one member."""
    plain = zipped({"a": bytes(size)})
    entry, end = plain.index(b"PK\x01\x02"), plain.index(b"PK\x05\x06")
    table = plain[entry:end] * copies
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, copies, copies, len(table), entry, 0)
    return plain[:entry] + table + tail


def test_members_that_overlap() -> None:
    """A member given many times, or one inside another, is the shape of a bomb: refused before anything is unpacked."""
    assert outcome(bomb(1, 500)) == {"a": bytes(500)}
    assert outcome(bomb(40, 500)) == "archive_overlap"
    changed = bytearray(ZIP)
    changed[ZIP.index(b"PK\x01\x02") + 20] += 4
    assert outcome(bytes(changed)) == "archive_overlap"
    changed = bytearray(zipped({"a": b"<a/>"}))
    changed[changed.index(b"PK\x01\x02") + 21] = 1
    assert outcome(bytes(changed)) == "archive_overlap"


def zeros(before: bytes, mebibytes: int) -> bytes:
    """Make a gzip of many zeros behind some bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    pieces = [packer.compress(before), *(packer.compress(bytes(1 << 20)) for _ in range(mebibytes))]
    return b"".join([*pieces, packer.flush()])


def test_bombs_stop_early() -> None:
    """Megabytes of zeros in a zip, a gzip or a tar.gz, and a table of many members, cost neither memory nor time.

    A content is held to the packed size of the whole member, so that a reader sees some of it before it stops.
    """
    packed, tgz = zeros(b"", 64), zeros(header(b"a", b"0", 1 << 30), 64)
    zips = zipped({"a": bytes(1 << 26)})
    tables = bomb(60_000, 1)
    tracemalloc.start()
    for archive in (packed, tgz, zips):
        for limits, slug in (
            (Limits(), "archive_ratio"),
            (Limits(ratio=2_000, total_bytes=5_000_000), "io_total_bytes"),
        ):
            with pytest.raises(LimitExceeded) as caught:
                collections.deque(itertools.chain(*(part.chunks() for part in parts(archive, limits=limits))), 0)
            assert caught.value.problem.slug == slug
    assert outcome(tables, Limits()) == "io_files"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_an_endless_archive_stops() -> None:
    """A stream that begins as an archive and never ends is kept up to the limit."""

    def endless() -> Iterator[bytes]:
        yield ZIP
        while True:
            yield b"x" * 5_000

    with pytest.raises(LimitExceeded):
        list(parts(endless(), limits=Limits(total_bytes=1_000_000)))


def test_archives_in_archives_are_not_opened() -> None:
    """A bomb of nested archives, or one that holds itself, gives the first layer and no more."""
    inner = zipped({"a": bytes(1 << 20)})
    for archive in (
        zipped({f"{n}.zip": inner for n in range(16)}),
        gzip.compress(gzip.compress(inner)),
        tarred({"a": inner}),
    ):
        assert outcome(archive) == "nested_archive"


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../a.xml", "d/../../a.xml", "d/..", "C:\\a.xml", "c:a.xml", "\\\\host\\a.xml", "..\\a.xml"]
)
def test_names_that_lead_out(name: str) -> None:
    """A path that is absolute or that climbs is refused, whatever separates it."""
    for archive in (zipped({name: b"x", "b": b"y"}), header(name.encode(), b"0", 0) + END):
        assert outcome(archive) == "unsafe_member_name"


def test_names_without_measure() -> None:
    """A name longer than any path, or more said of one member than fits in its header, is refused unread."""
    long = b"x" * (1 << 20)
    said = (header(b"p", b"L", len(long), long), header(b"p", b"L", 3, b"abc") * 60)
    many = [record(b"comment.%d=" % n + long[: 1 << 12]) for n in range(24)]
    fields = b"".join(header(b"p", b"x", len(text), text) for text in many)
    tracemalloc.start()
    for before in (*said, fields):
        assert reason(before + header(b"a", b"0", 0) + END) == "header"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000
    assert outcome(header(b"p", b"L", 4_097, long[:4_097]) + header(b"a", b"0", 0) + END) == "unsafe_member_name"
    assert outcome(header(b"p", b"L", 4_096, long[:4_096]) + header(b"a", b"0", 0) + END) == {"x" * 4_096: b""}
    assert outcome(zipped({"x" * 4_097: b""})) == "unsafe_member_name"
    assert outcome(zipped({"x" * 4_096: b""})) == {"x" * 4_096: b""}


def test_tables_without_measure() -> None:
    """The table of a zip is read up to some MiB, one member of a tar after the other: memory does not add up."""
    extra = b"\xfe\xca" + (60_000).to_bytes(2, "little") + bytes(60_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(80):
            info = zipfile.ZipInfo(f"{n}")
            info.extra = extra
            archive.writestr(info, b"")
    tables = out.getvalue()
    text = record(b"a=" + b"x" * 12_000)
    said = (
        header(b"p", flag, len(text), text) + header(b"%b%d" % (flag, n), b"0", 0)
        for flag in (b"x", b"g")
        for n in range(99)
    )
    fields = b"".join([*said, END])
    tracemalloc.start()
    assert reason(tables, Limits()) == "directory"
    assert len(outcome(fields, Limits())) == 198
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_fields_that_answer_each_other() -> None:
    """Records laid inside one another do not grow in memory with the square of their length."""
    text = b"2 " * 7_000 + b"="
    tracemalloc.start()
    found = outcome(header(b"p", b"x", len(text), text) + header(b"a", b"0", 0) + END)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found in ({"a": b""}, "archive_damaged")
    assert peak < 70_000_000


@pytest.mark.parametrize("names", [("a", "a"), ("a", "./a"), ("d/a", "d\\a"), ("d//a", "d/a")])
def test_two_members_of_one_name(names: tuple[str, str]) -> None:
    """Nobody knows which one counts: refused, also where only the spelling differs."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"")
    assert outcome(out.getvalue()) == "duplicate_member"
    assert outcome(b"".join(header(name.encode(), b"0", 0) for name in names) + END) == "duplicate_member"


@pytest.mark.parametrize(
    "size",
    [b"9" * 11, b"-0000000001", b"0x11", b"\xff" * 12, b"\x80" + b"\xff" * 11, b"\x80" + (1 << 42).to_bytes(11)],
    ids=repr,
)
def test_a_size_that_is_no_number(size: bytes) -> None:
    """Digits that are not octal, a negative size, and one beyond all disks: the header is false."""
    assert reason(header(b"a", b"0", size) + END) == "header"


def test_a_size_beyond_the_end() -> None:
    """A content that the archive does not hold, however great, is missed when the archive is listed."""
    for size in (1, 513, 1 << 30, (1 << 33) - 1, b"\x80" + ((1 << 42) - 1).to_bytes(11)):
        archive = header(b"a", b"0", size)
        assert reason(archive) == "end"
        assert reason(gzip.compress(archive)) == "end"
        assert reason(io.BytesIO(archive)) == "end"


@pytest.mark.parametrize(
    "fields",
    [b"x", b"9 a=b\n", b"6 a=b\n6 a=b", b"0 a=b\n", b"-6 a=b\n", b"6 a=b ", b"2 \n", b"999999999 a=b\n", b"\n\n"],
    ids=repr,
)
def test_fields_that_are_not_records(fields: bytes) -> None:
    """Lengths that lie, lines that do not end: the header is false, or says nothing of the member."""
    for before in (b"", header(b"b", b"0", 0)):
        found = outcome(before + header(b"p", b"x", len(fields), fields) + header(b"a", b"0", 0) + END)
        assert found == "archive_damaged" or (isinstance(found, dict) and found["a"] == b"")


def test_fields_without_measure() -> None:
    """A field announced at a gigabyte, really large, or without the member it speaks of, is not kept in memory."""
    packed = zeros(header(b"p", b"x", 1 << 30), 32)
    tracemalloc.start()
    for flag in (b"x", b"g", b"L", b"K", b"X"):
        assert reason(header(b"p", flag, 1 << 30)) == "header"
        assert reason(header(b"p", flag, 700) + bytes(512)) == "header"
    assert outcome(packed) == "io_total_bytes"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000
    assert reason(header(b"p", b"L", 3, b"abc")) == "header"


def test_records_that_lie() -> None:
    """A size that is none, and the parts of a sparse file, which is not what it seems."""
    for text, expected in (
        (b"size=x", "archive_damaged"),
        (b"size=-1", "archive_damaged"),
        (b"size=" + b"9" * 13, "archive_damaged"),
        (b"size=1000000", "archive_damaged"),
        (b"GNU.sparse.major=1", "irregular_member"),
        (b"path=../x", "unsafe_member_name"),
    ):
        fields = record(text)
        assert outcome(header(b"p", b"x", len(fields), fields) + header(b"a", b"0", 3, b"abc") + END) == expected
    sound = record(b"path=x\xff") + record(b"mtime=1.5") + record(b"size=2")
    assert outcome(header(b"p", b"x", len(sound), sound) + header(b"a", b"0", 3, b"abc") + END) == {"x\xff": b"ab"}


def test_a_tar_that_changes_while_it_is_read() -> None:
    """A member that the file no longer holds is missed when it is read."""
    file = io.BytesIO(TAR)
    (part, _) = parts(file)
    file.truncate(540)
    with pytest.raises(UnreadableInput) as caught:
        list(part.chunks())
    assert caught.value.problem.params["reason"] == "end"


def test_what_follows_a_gzip() -> None:
    """Zeros are nothing, other bytes are damage, also behind the end of a tar."""
    assert outcome(GZIP + bytes(5_000)) == {"": FILES["a.xml"]}
    for archive in (GZIP, TGZ):
        assert reason(archive + b"not a gzip") == "data"
        assert reason(archive + bytes(9) + b"\x1f\x8b") == "end"
    assert outcome(gzip.compress(TAR + b"anything")) == FILES
    assert outcome(GZIP * 99, Limits(files=50)) == {"": FILES["a.xml"] * 99}
    assert outcome([GZIP, *[bytes(1 << 17)] * 6], Limits(files=50)) == {"": FILES["a.xml"]}


def test_a_spreadsheet_that_hides_an_archive() -> None:
    """What looks like the file of an office suite is given as it is, and its reader refuses it."""
    book = zipped({"a": b"<a/>", "xl/workbook.xml": b"", "../b": b""}).replace(b"../b", b"b..b")
    assert outcome(book) == {"": book}
