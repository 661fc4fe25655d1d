"""Read any file of a known format: identified by its content, then given to its reader."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from entformats import aaf, edt, pronote
from entformats._files import Source, is_folder, parts, peek
from entformats.errors import WrongFormat
from entformats.identify import HEAD, FileKind, Format, identify
from entformats.limits import Limits
from entformats.problems import Location, problem

__all__ = ["Reading", "read"]

Exchange: TypeAlias = pronote.Reconciliation | pronote.Feed | pronote.PronoteList | pronote.PronoteCalendar
"""Autre fichier de Pronote, its identifiers apart."""
Reading: TypeAlias = aaf.Delivery | edt.Export | pronote.Identifiers | Exchange

IDENTIFIERS = frozenset({"identifiers_xml", "identifiers_table", "identifiers_csv", "credentials"})
"""Dialects that are read, or refused by name, as an export of identifiers."""

RECONCILIATIONS = frozenset({"reconciliation", "import_envelope"})
PEOPLE = frozenset({"people_csv", "people_table"})
PRONOTE = IDENTIFIERS | RECONCILIATIONS | PEOPLE | {"feed", "calendar"}


def read(
    source: Source,
    *,
    decrypt: edt.Decryptor | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Reading:
    """Lire un fichier ou une livraison: whatever `identify` finds is given to its reader.

    An AAF delivery gives an `aaf.Delivery`, a timetable an `edt.Export`, an export of
    identifiers of Pronote a `pronote.Identifiers`, its reconciliation file, feed, lists and calendar what their own
    readers give; a zip or tar.gz is read as what it holds.
    `decrypt` opens an encrypted timetable or reconciliation file, as `edt.with_key` makes it; it is not called for
    anything in clear. Raises `WrongFormat` for a content of another format or of none, `Encrypted` and
    `UnreadableInput` for an archive that cannot be opened, and whatever the reader raises.

    >>> read(b'<ExportEmploiDuTemps UAI="0749999S"/>').timetable.uai
    '0749999S'
    """
    kind, whole = _identified(source, limits)
    match kind.format:
        case Format.AAF:
            return aaf.read(whole, limits=limits)
        case Format.EDT | Format.UDT | Format.STS | Format.SIECLE:
            return edt.read(whole, decrypt=decrypt, limits=limits)
        case Format.PRONOTE if kind.dialect in PRONOTE:
            return _of_pronote(kind.dialect, whole, decrypt, limits)
        case _:
            _opened(whole, limits)
            found = " ".join(filter(None, (kind.format, kind.dialect)))
            raise WrongFormat(problem("unsupported_format", Location(_name(source), line=1), found=found))


def _of_pronote(dialect: str, whole: Source, decrypt: edt.Decryptor | None, limits: Limits) -> Reading:
    """Give a file of Pronote to the reader of its dialect."""
    if dialect in RECONCILIATIONS:
        return pronote.read_reconciliation(whole, decrypt=decrypt, limits=limits)
    if dialect == "feed":
        return pronote.read_feed(whole, limits=limits)
    if dialect in PEOPLE:
        return pronote.read_people(whole, limits=limits)
    if dialect == "calendar":
        return pronote.read_calendar(whole, limits=limits)
    return pronote.read(whole, limits=limits)


def _identified(source: Source, limits: Limits) -> tuple[FileKind, Source]:
    """Identify a source, and give it back whole: what can be read once only is put back together."""
    if is_folder(source):
        return identify(source, limits=limits), source
    head, whole = peek(source, HEAD)
    return identify(head, limits=limits), whole


def _opened(source: Source, limits: Limits) -> None:
    """Begin to read a source that no reader takes: where it cannot be read at all, that is what is wrong with it."""
    for part in parts(source, limits=limits):
        next(part.chunks(), b"")


def _name(source: Source) -> str:
    return Path(source).name if isinstance(source, str | os.PathLike) else ""
