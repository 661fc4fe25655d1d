"""Samples of findings about containers: paths, folders, archives, limits, encrypted envelopes."""

from __future__ import annotations

import base64
import errno
import io
import re
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from functools import cache

import entformats
from entformats import Limits, Report, aaf, edt
from entformats.testing import envelopes

Sample = tuple[Callable[[], Report], Callable[[], Report]]
DELIVERY = b"<ficAlimMENESR/>"
EXPORT = b"""<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" UAI="0749999S"/>"""
ORDINARY = Limits()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a zip."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def linked(kind: bytes) -> bytes:
    """Make a tar of one member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("Eleve.xml")
        info.type, info.linkname, info.size = kind, "/etc/passwd", len(DELIVERY) if kind == tarfile.REGTYPE else 0
        archive.addfile(info, io.BytesIO(DELIVERY))
    return out.getvalue()


def overlapping(copies: int) -> bytes:
    """Make a zip whose entries all lead to one member."""
    plain = zipped(("a", bytes(500)))
    entry, end = plain.index(b"PK\x01\x02"), plain.index(b"PK\x05\x06")
    table = plain[entry:end] * copies
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, copies, copies, len(table), entry, 0)
    return plain[:entry] + table + tail


class Failing(io.BytesIO):
    """A file whose reading fails."""

    def __init__(self, number: int) -> None:
        """Fail with an error of the system, or not at all for 0."""
        super().__init__(EXPORT)
        self.number = number

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, or fail."""
        if self.number:
            raise OSError(self.number, "x")
        return super().read(size)


def read(source: bytes | dict[str, bytes], limits: Limits = ORDINARY) -> Report:
    """Read a delivery."""
    return aaf.read(source, limits=limits).report


def export(source: entformats.Source, limits: Limits = ORDINARY) -> Report:
    """Read a timetable."""
    return edt.read(source, limits=limits).report


@cache
def key() -> bytes:
    """Make one key for all samples."""
    return envelopes.new_key()


def opened(
    document: bytes = EXPORT, change: str = "", by: str = "", limits: Limits = ORDINARY, uai: str = "0749999S"
) -> Report:
    """Put a document in an envelope, change what is found there, and open it."""
    made = envelopes.sealed(document, key(), partner="NEO-Open", uai=uai)
    text = re.sub(change, by, made.decode()) if change else made.decode()
    return edt.read(text.encode(), decrypt=edt.with_key(key(), partner="NEO-Open"), limits=limits).report


def stranger(partner: str, *, other: bool) -> Report:
    """Open an envelope with some key, in some name."""
    made = envelopes.sealed(EXPORT, key(), partner="NEO-Open")
    secret = envelopes.new_key() if other else key()
    return edt.read(made, decrypt=edt.with_key(secret, partner=partner)).report


NOISE = base64.b64encode(bytes(range(256)) * 40)
SAMPLES: dict[str, Sample] = {
    "weeks_comment_differs": (
        lambda: edt.check_domains(b'<Classe Ident="2" Semaines="14"><!--Domaine : [1..4]--></Classe>'),
        lambda: edt.check_domains(b'<Classe Ident="2" Semaines="14"><!--Domaine : [1..3]--></Classe>'),
    ),
    "io_missing": (lambda: export("/nowhere/at/all.xml"), lambda: export(EXPORT)),
    "io_denied": (lambda: export(Failing(errno.EACCES)), lambda: export(Failing(0))),
    "io_failed": (lambda: export(Failing(errno.EIO)), lambda: export(Failing(0))),
    "io_not_one_file": (
        lambda: export(zipped(("a.xml", EXPORT), ("b.xml", EXPORT))),
        lambda: export(zipped(("a.xml", EXPORT))),
    ),
    "io_total_bytes": (lambda: export(EXPORT, Limits(total_bytes=50)), lambda: export(EXPORT)),
    "io_files": (
        lambda: read({"a.xml": DELIVERY, "b.xml": DELIVERY}, Limits(files=1)),
        lambda: read({"a.xml": DELIVERY, "b.xml": DELIVERY}, Limits(files=2)),
    ),
    "archive_ratio": (
        lambda: read(zipped(("Eleve.xml", DELIVERY + b" " * 3_000_000)), Limits(ratio=100)),
        lambda: read(zipped(("Eleve.xml", DELIVERY)), Limits(ratio=100)),
    ),
    "archive_method": (
        lambda: read(zipped(("Eleve.xml", DELIVERY), method=zipfile.ZIP_BZIP2)),
        lambda: read(zipped(("Eleve.xml", DELIVERY), method=zipfile.ZIP_STORED)),
    ),
    "irregular_member": (lambda: read(linked(tarfile.SYMTYPE)), lambda: read(linked(tarfile.REGTYPE))),
    "unsafe_member_name": (
        lambda: read(zipped(("../Eleve.xml", DELIVERY))),
        lambda: read(zipped(("x/Eleve.xml", DELIVERY))),
    ),
    "duplicate_member": (
        lambda: read(zipped(("Eleve.xml", DELIVERY), ("Eleve.xml", DELIVERY))),
        lambda: read(zipped(("Eleve.xml", DELIVERY), ("eleves.xml", DELIVERY))),
    ),
    "archive_overlap": (lambda: read(overlapping(40)), lambda: read(zipped(("Eleve.xml", DELIVERY)))),
    "html_page": (lambda: export(b"<html><body/></html>"), lambda: export(EXPORT)),
    "internal_subset_refused": (
        lambda: read(b'<!DOCTYPE ficAlimMENESR [<!ENTITY a "b">]>' + DELIVERY),
        lambda: read(b'<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">' + DELIVERY),
    ),
    "prolog_too_long": (
        lambda: read(b"<!--" + b" " * 300_000 + b"-->" + DELIVERY),
        lambda: read(b"<!--" + b" " * 300 + b"-->" + DELIVERY),
    ),
    "too_deep": (
        lambda: export(EXPORT.replace(b"/>", b"><a><b/></a></ExportEmploiDuTemps>"), Limits(depth=2)),
        lambda: export(EXPORT.replace(b"/>", b"><a/></ExportEmploiDuTemps>"), Limits(depth=2)),
    ),
    "envelope_partner_unknown": (
        lambda: stranger("neo-open", other=False),
        lambda: stranger("NEO-Open", other=False),
    ),
    "envelope_key_wrong": (lambda: stranger("NEO-Open", other=True), lambda: stranger("NEO-Open", other=False)),
    "envelope_content_damaged": (lambda: opened(change="(<CONTENU>)[^<]{4}", by=r"\1"), opened),
    "envelope_too_large": (
        lambda: opened(limits=Limits(inflated_bytes=len(EXPORT) - 1)),
        lambda: opened(limits=Limits(inflated_bytes=len(EXPORT))),
    ),
    "envelope_document_unreadable": (lambda: opened(EXPORT[:-2]), opened),
    "envelope_document_unexpected": (lambda: opened(b"<Autre/>"), opened),
    "envelope_uai_differs": (lambda: opened(uai="0750001D"), opened),
    "table_export": (lambda: export('<TABLE nom="Elèves"/>'.encode()), lambda: export(b'<TABLE nom="Cours"/>')),
    "unexpected_uai": (
        lambda: edt.read(EXPORT, uai="0750001D").report,
        lambda: edt.read(EXPORT, uai="0749999S").report,
    ),
}
