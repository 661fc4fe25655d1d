"""Exports of timetables (emplois du temps): readers and writers, one dialect a program.

>>> from entformats import edt
>>> written = dict(edt.write(Timetable("0749999S")))
>>> content = b"".join(written["Edt_To_ENT_0749999S.xml"])
>>> export = edt.read(content)
>>> export.dialect, export.timetable == Timetable("0749999S", version="2.0")
('edt', True)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from entformats import _files
from entformats._files import Source
from entformats.edt.dialects import DIALECTS, Dialect
from entformats.edt.export import Export
from entformats.errors import UsageError
from entformats.limits import Limits
from entformats.timetable import Timetable

__all__ = ["DIALECTS", "Decrypt", "Dialect", "Export", "read", "write"]

Decrypt: TypeAlias = Callable[[bytes], bytes]
"""Déchiffrer: what turns an encrypted envelope into the document in clear."""


def read(
    source: Source,
    *,
    uai: str | None = None,
    decrypt: Decrypt | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Export:
    """Lire un export d'emploi du temps: a path, bytes, a binary file object or chunks; a zip or tar.gz of one file too.

    `uai` is the school expected: it chooses among several schools of one export (edt 2.3); an export of another one is
    reported as the error `unexpected_uai`; whoever imports must refuse it. `decrypt` is not called for a file in clear.

    Problems: those of `catalogue/edt.toml` and `catalogue/xml.toml`. Raises `WrongFormat` for another kind of file,
    `Encrypted` for an encrypted envelope, `LimitExceeded`, and `UnreadableInput` for a file that is empty, damaged or
    cut: there is no partial timetable (edt 7.1).

    >>> text = b'<ExportEmploiDuTemps UAI="0749999S"/>'
    >>> sorted(problem.slug for problem in read(text).report.problems)
    ['grid_missing', 'school_year_missing', 'unexpected_namespace']
    """
    _ = decrypt
    return DIALECTS["edt"].read(_files.one(source, limits=limits), uai=uai, limits=limits)


def write(timetable: Timetable, *, dialect: str = "edt") -> Iterator[tuple[str, Iterator[bytes]]]:
    """Écrire un emploi du temps: each file by name, and its content by chunks; the same timetable gives the same bytes.

    Raises UsageError for a dialect that is not in `DIALECTS`, and for a text that the format cannot hold.

    >>> [name for name, _ in write(Timetable("0749999S"))]
    ['Edt_To_ENT_0749999S.xml']
    """
    if dialect not in DIALECTS:
        message = f"no dialect {dialect!r}; there are {', '.join(DIALECTS)}"
        raise UsageError(message)
    return DIALECTS[dialect].write(timetable)
