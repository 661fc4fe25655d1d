"""Reading an export of identifiers: what the file is, refusals by name, rows, checks (pronote 3)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime

from entformats._envelope import Decryptor, opened, read_envelope
from entformats._files import Part, Source, is_folder, one, peek
from entformats._sniff import FileKind, Format, sniff
from entformats._xml import XmlReader, XmlSpec
from entformats.errors import Encrypted, LimitExceeded, WrongFormat
from entformats.identity import Profile
from entformats.limits import Limits
from entformats.problems import Findings, Location, problem
from entformats.pronote.checks import checked
from entformats.pronote.csv_rows import decoded, read_csv
from entformats.pronote.models import Identifiers
from entformats.pronote.raw import Document
from entformats.pronote.rows import Rows
from entformats.pronote.values import read_uai
from entformats.pronote.xml_rows import read_elements, read_table

__all__ = ["read"]

CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
HTML = re.compile(r"<(?:!doctype\s+)?html[\s>]", re.IGNORECASE)
HEAD = 1 << 16
ENCRYPTED = FileKind(Format.EDT, "envelope", encrypted=True)


def read(
    source: Source,
    *,
    default_profile: Profile | None = None,
    decrypt: Decryptor | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Identifiers:
    """Lire un export d'identifiants Pronote: any of the layouts that it may have, found by its content (pronote 3).

    `default_profile` is the category of people of a file that has none. `decrypt` opens an encrypted export, as
    `edt.with_key` makes it. Problems: those of section 3 of the format
    page. Raises `WrongFormat` (`empty_file`, `unsupported_container`, `not_an_export`, `wrong_direction`,
    `wrong_file`, `no_person_found`, `missing_columns`, `credentials_file`), `Encrypted` (`encrypted_export`),
    `LimitExceeded`, and `UnreadableInput` (`duplicate_column`, `table_malformed`, what an XML reader raises).

    >>> lines = b"Nom;Prenom;IDPN", bytes((10,)), b"VALMOND;Odile;K7WQ2ZTB9XNHJ4CV"
    >>> found = read(lines, default_profile=Profile.TEACHER)
    >>> found.identifiers[0].profile
    <Profile.TEACHER: 'teacher'>
    """
    if not is_folder(source):
        start, source = peek(source, len(CONTAINERS[0]))
        if start.startswith(CONTAINERS):
            raise WrongFormat(problem("unsupported_container"))
    part = one(source, limits=limits)
    findings = Findings(stored_per_code=limits.stored_per_code)
    content = _clear(_content(part, limits), decrypt, findings, part.name, limits)
    document = _document(content, part.name, findings, limits)
    return _typed(document, default_profile, findings, part.name)


def _content(part: Part, limits: Limits) -> bytes:
    """Take the whole file: a school's is small."""
    held: list[bytes] = []
    size = 0
    for chunk in part.chunks():
        size += len(chunk)
        if size > limits.record_bytes:
            raise LimitExceeded(problem("io_total_bytes", Location(part.name), limit=limits.record_bytes))
        held.append(chunk)
    return b"".join(held)


def _clear(content: bytes, decrypt: Decryptor | None, findings: Findings, file: str, limits: Limits) -> bytes:
    """Open the envelope of an encrypted export, where the caller brings what opens it."""
    if decrypt is None or sniff(content[:HEAD]) != ENCRYPTED:
        return content
    envelope = read_envelope(iter((content,)), findings, file=file, limits=limits)
    return opened(envelope, decrypt, file=file, limits=limits)


def _document(content: bytes, file: str, findings: Findings, limits: Limits) -> Document:
    """Say what the file is, in the order of pronote 3.2, and read its rows."""
    where = Location(file, line=1)
    text = decoded(content[:HEAD])[0].lstrip()
    if not text and not decoded(content)[0].strip():
        raise WrongFormat(problem("empty_file", where))
    if HTML.match(text):
        raise WrongFormat(problem("not_an_export", where))
    kind = sniff(content[:HEAD])
    _refuse(kind, content, where, limits)
    if not text.startswith("<"):
        return read_csv(content, findings, file)
    reader = XmlReader(iter((content,)), XmlSpec(), file=file, limits=limits, findings=findings)
    if reader.root.name == "PARTENAIRE_INDEX":
        raise WrongFormat(problem("wrong_direction", where))
    if reader.root.name == "TABLE":
        return read_table(reader, file)
    return read_elements(reader, findings, file)


def _refuse(kind: FileKind, content: bytes, where: Location, limits: Limits) -> None:
    """Refuse by its name what is another file of Pronote."""
    match kind:
        case FileKind(format=Format.EDT, dialect="envelope"):
            partners = read_envelope(iter((content,)), Findings(), file=where.file, limits=limits).partners
            raise Encrypted(problem("encrypted_export", where, partners=", ".join(partners)))
        case FileKind(format=Format.PRONOTE, dialect="reconciliation" | "import_envelope"):
            raise WrongFormat(problem("wrong_direction", where))
        case FileKind(format=Format.PRONOTE, dialect="feed" | "calendar" | "settings" | "cas_response" as dialect):
            raise WrongFormat(problem("wrong_file", where, found=dialect))
        case FileKind(format=Format.ICAL):
            raise WrongFormat(problem("wrong_file", where, found="calendar"))
        case _:
            pass


def _typed(document: Document, default: Profile | None, findings: Findings, file: str) -> Identifiers:
    """Read the values of the rows, then compare the rows with each other."""
    header = document.header
    exported_at = None
    with suppress(ValueError):
        exported_at = datetime.fromisoformat(header.get("exported_at", ""))
    uai = read_uai(header.get("uai", ""))
    rows = Rows(findings, file, default, exported_at.date() if exported_at else None)
    read_rows = tuple(rows.read(document.rows))
    if not document.categorised and default is None:
        findings.found("category_missing", Location(file))
    kept = checked(read_rows, findings, file)
    return Identifiers(
        document.dialect,
        kept,
        findings.report(),
        document.encoding,
        uai,
        header.get("software", ""),
        header.get("version", ""),
        exported_at,
        len(document.rows) - len(kept),
    )
