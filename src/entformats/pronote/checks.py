"""Rows compared with each other: one identifier for several people, one person twice, homonyms (pronote 3.8)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from itertools import islice

from entformats.names import clean, compact
from entformats.problems import Findings, Location
from entformats.pronote.models import PronoteIdentifier

__all__ = ["checked"]

SHOWN = 5
"""Other lines that are named beside a shared identifier."""


def checked(rows: Iterable[PronoteIdentifier], findings: Findings, file: str) -> tuple[PronoteIdentifier, ...]:
    """Give the rows that stand; problems: `duplicate_row`, `identifier_shared`, `homonym_in_file`, `near_homonym`."""
    by_id: defaultdict[str, list[PronoteIdentifier]] = defaultdict(list)
    for row in rows:
        by_id[row.short_id].append(row)
    kept = tuple(one for group in by_id.values() for one in _distinct(group, findings, file))
    kept = tuple(sorted(kept, key=lambda row: (row.position, row.rank)))
    _mark(kept, findings, file)
    return kept


def _folded(name: str) -> str:
    return compact(name) or clean(name).casefold()


def _names(row: PronoteIdentifier) -> Hashable:
    return row.profile, _folded(row.family), _folded(row.given)


def _distinct(group: list[PronoteIdentifier], findings: Findings, file: str) -> list[PronoteIdentifier]:
    """Of the rows of one identifier keep the first of one person, and none of several people."""
    people: dict[Hashable, PronoteIdentifier] = {}
    for row in group:
        first = people.setdefault((_names(row), row.birth_date), row)
        if first is not row:
            findings.found("duplicate_row", Location(file, row.position), first=first.position)
    if len(people) == 1:
        return list(people.values())
    for row in people.values():
        others = ", ".join(islice((str(one.position) for one in people.values() if one is not row), SHOWN))
        findings.found("identifier_shared", Location(file, row.position), others=others)
    return []


def _mark(rows: tuple[PronoteIdentifier, ...], findings: Findings, file: str) -> None:
    """Tell homonyms of one category, and those that a missing date may hide."""
    named = Counter(_names(row) for row in rows)
    dated = Counter((_names(row), row.birth_date) for row in rows)
    for row in rows:
        names = _names(row)
        if dated[names, row.birth_date] > 1:
            findings.found("homonym_in_file", Location(file, row.position))
        elif named[names] > 1 and (row.birth_date is None or dated[names, None]):
            findings.found("near_homonym", Location(file, row.position))
