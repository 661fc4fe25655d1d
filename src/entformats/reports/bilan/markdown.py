"""The bilan as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from entformats.reports.bilan.document import Document, Entry, Source, document

__all__ = ["markdown"]

_SIGNS = re.compile(r"([\\`*_\[\]<>|#~&])")


def markdown(source: Source, *, show_names: bool = False) -> str:
    """Bilan en Markdown: one table a section, then the details of each number that has any; every sign escaped.

    >>> from entformats.rules import Snapshot
    >>> from entformats.rules.bilan import compare
    >>> markdown(compare(Snapshot(), Snapshot("0749999S"))).splitlines()[0]
    "# Bilan d'import 0749999S"
    """
    return "\n".join(_markdown(document(source, show_names=show_names))) + "\n"


def _markdown(shown: Document) -> Iterator[str]:
    yield f"# {_safe(shown.title)}"
    if shown.at is not None:
        yield f"\n{shown.at:%d/%m/%Y %H:%M}"
    for one in shown.problems:
        yield f"\n- **{one.code}** {_safe(one.message('fr'))}"
    for left in shown.left_out:
        yield f"\n{_safe(left.text)}\n"
        yield from _items(left.entries)
    for block, sections in shown.blocks:
        yield f"\n## {_safe(block)}"
        for section, rows in sections:
            yield f"\n### {_safe(section)}\n"
            for row in rows:
                yield f"- {_safe(row.line.text)}"
                yield from (f"  {item}" for item in _items(row.entries))
    if shown.proposals:
        yield f"\n{_safe(shown.proposals)}"


def _items(entries: Iterable[Entry]) -> Iterator[str]:
    return (f"- {_safe(_sentence(entry))}" for entry in entries)


def _sentence(entry: Entry) -> str:
    """Say one detail in one line."""
    change = " → ".join("; ".join(side) for side in (entry.before, entry.after) if side)
    parts = (entry.what, change, ", ".join(entry.people))
    return " : ".join(filter(None, parts[:2])) + (f" ({parts[2]})" if parts[2] else "")


def _safe(text: str) -> str:
    """Escape what Markdown or HTML would take for a sign; what would be a new line is a space."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
