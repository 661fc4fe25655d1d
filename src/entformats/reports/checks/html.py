"""The report as one HTML file: nothing is fetched, no script is needed to read it, and it prints in black and white."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from entformats.errors import MissingExtra
from entformats.problems import Lang, Report
from entformats.reports.checks.view import source_name, view

__all__ = ["html"]


def html(report: Report, lang: Lang = "fr", *, show_names: bool = False) -> str:
    """Écrire le rapport en une page HTML autonome, accessible, in French or English.

    What files hold is text, never markup. A short script filters the findings where scripts run; the page forbids any
    other. Raises `MissingExtra("report")` without jinja2.

    >>> '<html lang="fr">' in html(Report())
    True
    """
    try:
        from jinja2 import BaseLoader, Environment, StrictUndefined  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtra("report") from error
    environment = Environment(
        loader=BaseLoader(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    shown = view(report, lang, show_names=show_names)
    script, style = _asset("check.js"), _asset("check.css")
    return environment.from_string(_asset("check.html.j2")).render(
        shown=shown,
        report=report,
        words=shown.words,
        lang=lang,
        colon=" :" if lang == "fr" else ":",
        names=[source_name(report.inputs, number, shown.words) for number, _ in enumerate(report.inputs)],
        style=style,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _asset(name: str) -> str:
    return files("entformats").joinpath("reports", "checks", "page", name).read_text(encoding="utf-8")
