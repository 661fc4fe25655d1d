"""A report of a check, as a person or a program reads it: pure functions from a `Report` to text."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import assert_never

from entformats.problems import Lang, Report
from entformats.reports.checks.html import html
from entformats.reports.checks.junit import junit
from entformats.reports.checks.rows import COLUMNS, rows, table
from entformats.reports.checks.sarif import sarif
from entformats.reports.checks.text import concise, lines, text

__all__ = ["COLUMNS", "Form", "concise", "html", "junit", "lines", "render", "rows", "sarif", "table", "text"]


class Form(StrEnum):
    """Forme d'un rapport."""

    TEXT = "text"
    CONCISE = "concise"
    """One line a finding, which editors make clickable."""
    JSON = "json"
    HTML = "html"
    SARIF = "sarif"
    JUNIT = "junit"
    CSV = "csv"


def render(report: Report, form: Form, lang: Lang = "fr", *, show_names: bool = False) -> str:
    """Écrire un rapport dans une forme; names stay hidden unless `show_names`.

    Raises `MissingExtra("report")` for HTML without jinja2.

    >>> render(Report(), Form.TEXT, "en").splitlines()[0]
    'Verdict: usable (0 errors, 0 warnings, 0 notes)'
    """
    written: Callable[..., str]
    match form:
        case Form.JSON:
            return report.to_json(show_names=show_names) + "\n"
        case Form.TEXT:
            written = text
        case Form.CONCISE:
            written = concise
        case Form.HTML:
            written = html
        case Form.SARIF:
            written = sarif
        case Form.JUNIT:
            written = junit
        case Form.CSV:
            written = table
        case _:
            assert_never(form)
    return written(report, lang, show_names=show_names)
