"""Dialect C: a text table, its encoding, separator and header found out (pronote 3.4)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from entformats.errors import UnreadableInput, WrongFormat
from entformats.frozen import FrozenMap
from entformats.problems import Findings, Location, problem
from entformats.pronote.raw import Document, RawRow, credentials, mapped

__all__ = ["decoded", "read_csv"]

SEPARATORS = ";\t,|"
SHOWN = 20
"""Unknown columns that are named."""
LOOKED_AT = 6
"""Lines among which the header is."""
REQUIRED = ("family", "given", "pronote_id")
WORDS = {"family": "nom", "given": "prénom", "pronote_id": "identifiant Pronote"}
Cells = tuple[int, list[str]]


def decoded(content: bytes) -> tuple[str, str]:
    """Décoder: the text and the name of its encoding (pronote 3.4).

    Windows-1252 leaves five bytes undefined: a file that has one is ISO-8859-1.

    >>> decoded("Né".encode("cp1252")), decoded(bytes((0x81,)))[1]
    (('Né', 'windows-1252'), 'iso-8859-1')
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace"), "utf-16"
    plain = content.removeprefix(codecs.BOM_UTF8)
    if len(plain) < len(content):
        return plain.decode("utf-8", "replace"), "utf-8"
    for encoding, name in (("utf-8", "utf-8"), ("cp1252", "windows-1252")):
        try:
            return content.decode(encoding), name
        except UnicodeDecodeError:
            continue
    return content.decode("iso-8859-1"), "iso-8859-1"


def read_csv(content: bytes, findings: Findings, file: str) -> Document:
    """Read a text table.

    Problems: `odd_encoding`, `extra_cells`, `unknown_columns`. Raises `WrongFormat` (`credentials_file`,
    `missing_columns`), `UnreadableInput` (`duplicate_column`, `table_malformed`).
    """
    text, encoding = decoded(content)
    if encoding == "iso-8859-1" or "\ufffd" in text:
        findings.found("odd_encoding", Location(file), encoding=encoding)
    number, separator, titles = _header(text, file)
    fields = mapped(titles)
    _once(fields, file, number)
    if unknown := sorted({title for title in fields.get("", ()) if title}):
        told = [*unknown[:SHOWN], *(["…"] if len(unknown) > SHOWN else [])]
        findings.found("unknown_columns", Location(file, number), columns=", ".join(told))
    rows = tuple(_rows(_after(text, number, separator, file), titles, findings, file))
    return Document("csv", rows, encoding, categorised="profile" in fields)


def _header(text: str, file: str) -> tuple[int, str, list[str]]:
    """Find the first line with the required columns: its number, separator and titles."""
    closest: tuple[list[str], int] = (list(REQUIRED), 1)
    for number, line in enumerate(islice(io.StringIO(text, newline=""), LOOKED_AT), 1):
        bare = re.sub(r'"[^"]*"?', "", line)
        separator = max(SEPARATORS, key=bare.count)
        titles = [title.strip() for title in next(iter(_cells([line], separator, file)), (1, [""]))[1]]
        fields = mapped(titles)
        if "family" in fields or "given" in fields or "pronote_id" in fields:
            credentials(fields, file, number)
        lacking = [name for name in REQUIRED if name not in fields]
        if not lacking:
            return number, separator, titles
        if len(lacking) < len(closest[0]):
            closest = lacking, number
    columns = ", ".join(WORDS[name] for name in closest[0])
    raise WrongFormat(problem("missing_columns", Location(file, closest[1]), columns=columns))


def _once(fields: dict[str, list[str]], file: str, line: int) -> None:
    for name, titles in sorted(fields.items()):
        if name not in {"", "classes"} and len(titles) > 1:
            raise UnreadableInput(problem("duplicate_column", Location(file, line), columns=", ".join(titles)))


def _after(text: str, number: int, separator: str, file: str) -> Iterator[Cells]:
    """Give the rows below the header, with the line at which each begins."""
    lines = io.StringIO(text, newline="")
    above = sum(1 for _ in islice(lines, number))
    return ((line + above, cells) for line, cells in _cells(lines, separator, file))


def _cells(lines: Sequence[str] | io.StringIO, separator: str, file: str) -> Iterator[Cells]:
    reader = csv.reader(lines, delimiter=separator)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise UnreadableInput(problem("table_malformed", Location(file, line))) from None
        if cells is None:
            return
        yield line, cells
        line = reader.line_num + 1


def _rows(rows: Iterator[Cells], titles: list[str], findings: Findings, file: str) -> Iterator[RawRow]:
    """Give the rows that are not empty; each cell goes to the field of its title, a short row ends early."""
    field_of = {title: name for name, named in mapped(titles).items() for title in named}
    fields = [field_of[title] for title in titles]
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(titles) :]):
            findings.found("extra_cells", Location(file, line), count=len(cells) - len(titles))
        values: defaultdict[str, list[str]] = defaultdict(list)
        for name, cell in zip(fields, cells, strict=False):
            if name and cell.strip():
                values[name].append(cell.strip())
        yield RawRow(FrozenMap((name, ", ".join(texts)) for name, texts in values.items()), line)
