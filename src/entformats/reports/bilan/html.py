"""The bilan as HTML: a page that needs nothing else, or the part of it that goes into another page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from entformats.reports.bilan.document import Document, Entry, Row, Source, document

__all__ = ["html"]

_STYLE = """\
.bilan { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1a1a1a; }
.bilan table { border-collapse: collapse; width: 100%; margin: 0 0 1.5rem; }
.bilan caption { text-align: left; font-weight: 600; padding: .25rem 0; }
.bilan th, .bilan td { border: 1px solid #767676; padding: .25rem .5rem; text-align: left; vertical-align: top; }
.bilan td.n { text-align: right; font-variant-numeric: tabular-nums; }
"""


def html(source: Source, *, show_names: bool = False, fragment: bool = False) -> str:
    """Bilan en HTML: self-contained, every text escaped, tables with captions and headers, details to unfold.

    `fragment` gives the `<section>` alone, without style, to put in a page of your own.

    >>> from entformats.rules import Snapshot
    >>> from entformats.rules.bilan import compare
    >>> html(compare(Snapshot(), Snapshot("0749999S")), fragment=True).splitlines()[1]
    '<h1>Bilan d&#x27;import 0749999S</h1>'
    """
    shown = document(source, show_names=show_names)
    inside = "\n".join(_section(shown))
    if fragment:
        return inside + "\n"
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(shown.title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n{inside}\n</main>\n"
        "</body>\n</html>\n"
    )


def _section(shown: Document) -> Iterator[str]:
    yield '<section class="bilan" lang="fr">'
    yield f"<h1>{escape(shown.title)}</h1>"
    if shown.at is not None:
        yield f'<p><time datetime="{shown.at.isoformat()}">{shown.at:%d/%m/%Y %H:%M}</time></p>'
    if shown.problems:
        yield "<ul>"
        for one in shown.problems:
            yield f"<li><strong>{escape(one.code)}</strong> {escape(one.message('fr'))}</li>"
        yield "</ul>"
    for left in shown.left_out:
        yield f"<div>{_folded(left.text, left.entries)}</div>"
    for block, sections in shown.blocks:
        yield f"<h2>{escape(block)}</h2>"
        for section, rows in sections:
            yield from _table(section, rows)
    if shown.proposals:
        yield f"<p>{escape(shown.proposals)}</p>"
    yield "</section>"


def _table(section: str, rows: Iterable[Row]) -> Iterator[str]:
    yield f"<table>\n<caption>{escape(section)}</caption>"
    yield '<thead><tr><th scope="col">Ligne</th><th scope="col">Nombre</th></tr></thead>\n<tbody>'
    for row in rows:
        head = _folded(row.line.text, row.entries)
        yield f'<tr><th scope="row">{head}</th><td class="n">{row.line.number}</td></tr>'
    yield "</tbody>\n</table>"


def _folded(text: str, entries: tuple[Entry, ...]) -> str:
    """Write a text, with its details to unfold where there are any."""
    if not entries:
        return escape(text)
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Quoi", "Avant", "Après", "Personnes"))
    rows = "\n".join(
        f'<tr><th scope="row">{escape(entry.what)}</th>'
        + "".join(f"<td>{_cell(side)}</td>" for side in (entry.before, entry.after, entry.people))
        + "</tr>"
        for entry in entries
    )
    return (
        f"<details><summary>{escape(text)}</summary>\n"
        f"<table><caption>Détail : {escape(text)}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table></details>"
    )


def _cell(values: Iterable[str]) -> str:
    return "<br>".join(map(escape, values))
