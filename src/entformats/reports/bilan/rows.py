"""The bilan as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from entformats.reports.bilan.document import Document, Entry, Source, document

__all__ = ["COLUMNS", "table"]

COLUMNS = ("bloc", "rubrique", "ligne", "nombre", "texte", "détail", "avant", "après", "personnes")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(source: Source, *, show_names: bool = False) -> str:
    """Bilan en CSV (RFC 4180, commas): one row a line of the screen, then one for each detail behind its number.

    A text that a spreadsheet would take for a formula is preceded by an apostrophe.

    >>> from entformats.rules import Snapshot
    >>> from entformats.rules.bilan import compare
    >>> table(compare(Snapshot(), Snapshot())).splitlines()[0]
    'bloc,rubrique,ligne,nombre,texte,détail,avant,après,personnes'
    """
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(document(source, show_names=show_names)))
    return lines.getvalue()


def _rows(shown: Document) -> Iterator[tuple[str | int, ...]]:
    for row in shown.rows:
        line = row.line
        start = (_cell(line.block), _cell(line.section), line.path)
        yield (*start, line.number, _cell(line.text), "", "", "", "")
        yield from ((*start, "", "", *_cells(entry)) for entry in row.entries)
    for left in shown.left_out:
        start = ("Cours non importés", _cell(left.reason.label), f"left_out.{left.reason.value}")
        yield (*start, left.lessons, _cell(left.text), "", "", "", "")
        yield from ((*start, "", "", *_cells(entry)) for entry in left.entries)


def _cells(entry: Entry) -> tuple[str, str, str, str]:
    sides = ("; ".join(side) for side in (entry.before, entry.after))
    before, after = map(_cell, sides)
    return _cell(entry.what), before, after, _cell(", ".join(entry.people))


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
