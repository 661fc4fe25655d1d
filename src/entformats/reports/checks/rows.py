"""The report as a table: one row a finding that was kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from entformats.problems import Lang, Report

__all__ = ["COLUMNS", "rows", "table"]

COLUMNS: Final = (
    "file",
    "line",
    "column",
    "kind",
    "key",
    "attribute",
    "code",
    "slug",
    "severity",
    "message",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def rows(report: Report, lang: Lang = "fr", *, show_names: bool = False) -> Iterator[tuple[str, ...]]:
    """Give a row a finding, in the order of `COLUMNS`.

    >>> list(rows(Report()))
    []
    """
    for one in report.problems:
        where = one.where
        numbers = (str(number) if number else "" for number in (where.line, where.column))
        message = one.message(lang, show_names=show_names)
        yield (where.file, *numbers, where.kind, where.key, where.attribute, one.code, one.slug, one.severity, message)


def table(report: Report, lang: Lang = "fr", *, show_names: bool = False) -> str:
    """Écrire les anomalies en CSV (RFC 4180): commas, a header; no cell is a formula for a spreadsheet.

    >>> table(Report()).strip()
    'file,line,column,kind,key,attribute,code,slug,severity,message'
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows(report, lang, show_names=show_names):
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return out.getvalue()
