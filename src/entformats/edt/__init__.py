"""Exports of timetables (emplois du temps): readers and writers, one dialect a program.

>>> from entformats import edt
>>> written = dict(edt.write(Timetable("0749999S")))
>>> content = b"".join(written["Edt_To_ENT_0749999S.xml"])
>>> export = edt.read(content)
>>> export.dialect, export.timetable == Timetable("0749999S", version="2.0")
('edt', True)
"""

from __future__ import annotations

from collections.abc import Iterator

from entformats import _files
from entformats._envelope import Decryptor, Envelope, with_key
from entformats._envelope import read_envelope as _read_envelope
from entformats._files import Source
from entformats.edt.dialects import DIALECTS, Dialect
from entformats.edt.export import Export
from entformats.edt.index import read_index, write_index
from entformats.edt.index.domains import check_domains
from entformats.edt.index.writer import Layout
from entformats.edt.several import Sources
from entformats.edt.sources import open_files
from entformats.edt.sts.terms import CompulsoryOption, Nomenclatures, Programme, Term, nomenclatures
from entformats.errors import UsageError
from entformats.limits import Limits
from entformats.problems import Findings
from entformats.timetable import Timetable

__all__ = [
    "DIALECTS",
    "CompulsoryOption",
    "Decryptor",
    "Dialect",
    "Envelope",
    "Export",
    "Layout",
    "Nomenclatures",
    "Programme",
    "Sources",
    "Term",
    "check_domains",
    "nomenclatures",
    "read",
    "read_envelope",
    "with_key",
    "write",
]


def read(
    source: Sources,
    *,
    uai: str | None = None,
    decrypt: Decryptor | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Export:
    """Lire un export d'emploi du temps: a path, a folder, bytes, a binary file object, chunks, or files by name.

    A zip or a tar.gz is read as the files that it holds, a list or tuple of sources as one: the files of STS-Web and
    SIECLE of one school and year make one timetable; a lone one makes a part of it, and a finding says what is missing
    (sts 1, 11). The program is told by the content (`Export.dialect`). `uai` is the school expected: it chooses among
    several schools of one export (edt 2.3), and names that of a UDT archive, which does not say it (udt 2.1); an export
    of another one is reported as the error `unexpected_uai`; whoever imports must refuse it. `decrypt` opens an
    encrypted export, as `with_key` makes it from a private key; it is not called for a file in clear.

    Problems: those of `catalogue/edt.toml`, `udt.toml`, `sts.toml` and `xml.toml`. Raises `WrongFormat` for another
    kind of file, `Encrypted` for an encrypted envelope without the key of one of its partners, `LimitExceeded`,
    and `UnreadableInput` for a file that is empty, damaged or cut: there is no partial timetable (edt 7.1).

    >>> text = b'<ExportEmploiDuTemps UAI="0749999S"/>'
    >>> sorted(problem.slug for problem in read(text).report.problems)
    ['grid_missing', 'school_year_missing', 'unexpected_namespace']
    """
    name, files = open_files(source, limits)
    if name in DIALECTS and name != "edt":
        return DIALECTS[name].read(files, uai=uai, limits=limits)
    return read_index(files, uai=uai, limits=limits, decrypt=decrypt)


def read_envelope(source: Source, *, limits: Limits = Limits()) -> Envelope:  # noqa: B008 - frozen
    """Lire l'enveloppe d'un export chiffré, sans clé: school, date, partners; nothing is decrypted (edt 1.2).

    Raises `WrongFormat` for another kind of file, `LimitExceeded`, and `UnreadableInput`.

    >>> text = b'<EXPORT_INDEX_EDUCATION><CLES><PARTENAIRE NOM="NEO-Open"/></CLES></EXPORT_INDEX_EDUCATION>'
    >>> read_envelope(text).partners
    ('NEO-Open',)
    """
    part = _files.one(source, limits=limits)
    return _read_envelope(part.chunks(), Findings(), file=part.name, limits=limits)


def write(
    timetable: Timetable, *, dialect: str = "edt", layout: Layout | None = None
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Écrire un emploi du temps: each file by name, and its content by chunks; the same timetable gives the same bytes.

    `layout` is how the dialect `edt` presents it: `Layout(core=True)` writes version 1.1, the published grammar. Raises
    UsageError for a dialect that is not in `DIALECTS`, for a layout of another dialect than `edt`, and for a text that
    the format cannot hold.

    >>> [name for name, _ in write(Timetable("0749999S"))]
    ['Edt_To_ENT_0749999S.xml']
    """
    if dialect not in DIALECTS:
        message = f"no dialect {dialect!r}; there are {', '.join(DIALECTS)}"
        raise UsageError(message)
    if layout is None:
        return DIALECTS[dialect].write(timetable)
    if dialect != "edt":
        message = f"the dialect {dialect!r} has one layout"
        raise UsageError(message)
    return write_index(timetable, layout=layout)
