"""The bilan as JSON."""

from __future__ import annotations

import json

from attrs import asdict

from entformats.reports.bilan.document import Document, Entry, LeftOut, Source, document

__all__ = ["to_json"]

VERSION = 1


def to_json(source: Source, *, show_names: bool = False) -> str:
    """Bilan en JSON, versioned: the numbers under the names of `Counts`, then the lines with their details (bilan 5).

    >>> from entformats.rules import Snapshot
    >>> from entformats.rules.bilan import compare
    >>> json.loads(to_json(compare(Snapshot(), Snapshot())))["preliminary"]["subjects"]
    {'added': 0, 'modified': 0}
    """
    return json.dumps(_value(document(source, show_names=show_names)), ensure_ascii=False, indent=1)


def _value(shown: Document) -> dict[str, object]:
    return {
        "version": VERSION,
        "school": shown.school,
        "school_year": shown.school_year,
        "at": None if shown.at is None else shown.at.isoformat(),
        "trigger": shown.trigger or None,
        **asdict(shown.counts),
        "lines": [
            {
                "block": row.line.block,
                "section": row.line.section,
                "path": row.line.path,
                "number": row.line.number,
                "text": row.line.text,
                "details": [_entry(entry) for entry in row.entries],
            }
            for row in shown.rows
        ],
        "left_out": [_left(one) for one in shown.left_out],
        "proposed_removals": {"groups": shown.removals[0], "memberships": shown.removals[1]},
        "problems": [
            {"code": one.code, "severity": one.severity.value, "message": one.message("fr")} for one in shown.problems
        ],
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "what": entry.what,
        "before": list(entry.before),
        "after": list(entry.after),
        "people": list(entry.people),
    }


def _left(one: LeftOut) -> dict[str, object]:
    return {
        "reason": one.reason.value,
        "text": one.text,
        "lessons": one.lessons,
        "occurrences": one.occurrences,
        "details": [_entry(entry) for entry in one.entries],
    }
