"""The bilan of an import as a document: the text of the screen, Markdown, HTML, JSON, CSV.

Every renderer takes a `Preview`, whole, or a `Bilan` alone; all but the text show the details behind each number.
Nobody is named unless `show_names` asks for it: without it, people are identifiers, or only said to be there.

>>> from entformats.rules import Snapshot
>>> from entformats.rules.bilan import compare
>>> render(compare(Snapshot(), Snapshot()), Form.TEXT).splitlines()[2]
'  - 0 matière ajoutée'
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from entformats.reports.bilan.data import to_json
from entformats.reports.bilan.document import Document, Entry, LeftOut, Row, Source, document
from entformats.reports.bilan.html import html
from entformats.reports.bilan.markdown import markdown
from entformats.reports.bilan.rows import COLUMNS, table
from entformats.reports.bilan.text import text

__all__ = [
    "COLUMNS",
    "Document",
    "Entry",
    "Form",
    "LeftOut",
    "Row",
    "document",
    "html",
    "markdown",
    "render",
    "table",
    "text",
    "to_json",
]


class Form(StrEnum):
    """Forme d'un bilan."""

    TEXT = "text"
    """The text of the screen, without details."""
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    CSV = "csv"


def render(source: Source, form: Form, *, show_names: bool = False) -> str:
    """Écrire un bilan dans une forme; names stay hidden unless `show_names`.

    >>> from entformats.rules import Snapshot
    >>> from entformats.rules.bilan import compare
    >>> render(compare(Snapshot(), Snapshot()), Form.CSV).splitlines()[1].partition(",Matières,")[2]
    'preliminary.subjects.added,0,0 matière ajoutée,,,,'
    """
    match form:
        case Form.TEXT:
            return text(source)
        case Form.MARKDOWN:
            return markdown(source, show_names=show_names)
        case Form.HTML:
            return html(source, show_names=show_names)
        case Form.JSON:
            return to_json(source, show_names=show_names) + "\n"
        case Form.CSV:
            return table(source, show_names=show_names)
        case _:
            assert_never(form)
