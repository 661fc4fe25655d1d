"""What all renderers of a bilan show: one value, from which each writes its own form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import TypeAlias

from attrs import frozen

from entformats.identity import Profile
from entformats.problems import Problem
from entformats.rules import Bilan, Counts, DropReason, Preview, Selection
from entformats.rules.bilan import Detail, ScreenLine, details, lines
from entformats.rules.bilan_words import counted, slot, taught

__all__ = ["Document", "Entry", "LeftOut", "Row", "Source", "document"]

Source: TypeAlias = Bilan | Preview
PROFILES = frozenset(Profile)
"""Kinds of people: first word of a key, which an account has not."""


@frozen(repr=False)
class Entry:
    """Détail montré: what it is, what it was, what it becomes; `people` are shown names, or identifiers.

    >>> Entry("SVT", (), ("SCIENCES",), ())
    <Entry SVT>
    """

    what: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    people: tuple[str, ...]

    def __repr__(self) -> str:
        """Show what, not whom."""
        return f"<Entry {self.what}>"


@frozen
class Row:
    """Ligne d'un bilan, with the details behind its number.

    >>> Row(ScreenLine("Bilan", "Matières", "preliminary.subjects.added", 0, "0 matière ajoutée"), ()).line.number
    0
    """

    line: ScreenLine
    entries: tuple[Entry, ...]


@frozen
class LeftOut:
    """Cours non importés pour un motif (rules 3.6): how many lessons a week, how many dated ones, which.

    >>> LeftOut(DropReason.CLASS_PART_ONLY, 1, 34, ()).text
    '1 cours non importé (34 séances) : sur des parties de classe sans groupe'
    """

    reason: DropReason
    lessons: int
    occurrences: int
    entries: tuple[Entry, ...]

    @property
    def text(self) -> str:
        """Phrase."""
        participle = "non importés" if self.lessons > 1 else "non importé"
        return f"{self.lessons} cours {participle} ({counted(self.occurrences, 'séance')}) : {self.reason.label}"


@frozen
class Document:
    """Bilan à montrer: school, instant and lines, lessons left out, proposals of removal apart, findings.

    `at`, `left_out`, `removals` and `problems` are only those of a `Preview`.

    >>> from entformats.rules import Snapshot
    >>> from entformats.rules.bilan import compare
    >>> len(document(compare(Snapshot(), Snapshot("0749999S"))).rows)
    27
    """

    school: str
    school_year: int | None
    counts: Counts
    rows: tuple[Row, ...]
    at: datetime | None = None
    trigger: str = ""
    left_out: tuple[LeftOut, ...] = ()
    removals: tuple[int, int] = (0, 0)
    """Groups and memberships that earlier imports wrote and this file no longer says."""
    problems: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """Titre."""
        year = "" if self.school_year is None else f", {self.school_year}-{self.school_year + 1}"
        return f"Bilan d'import {self.school}".rstrip() + year

    @property
    def blocks(self) -> Iterator[tuple[str, tuple[tuple[str, tuple[Row, ...]], ...]]]:
        """Blocs, sections et lignes, in the order of the screen."""
        for block, rows in groupby(self.rows, lambda row: row.line.block):
            sections = groupby(rows, lambda row: row.line.section)
            yield block, tuple((section, tuple(found)) for section, found in sections)

    @property
    def proposals(self) -> str:
        """Propositions de retrait, ou rien."""
        groups, memberships = self.removals
        if not groups and not memberships:
            return ""
        sizes = f"{counted(groups, 'groupe')}, {counted(memberships, 'appartenance')}"
        return f"Propositions de retrait, à confirmer à part (rien n'est retiré par la validation) : {sizes}"


def document(source: Source, *, show_names: bool = False) -> Document:
    """Réunir ce qu'un bilan montre. Without `show_names` nobody is named.

    >>> from entformats.rules import Snapshot
    >>> from entformats.rules.bilan import compare
    >>> document(compare(Snapshot(), Snapshot("0749999S"))).title
    "Bilan d'import 0749999S"
    """
    bilan = source.bilan if isinstance(source, Preview) else source
    found = details(bilan)
    rows = tuple(Row(line, _entries(found.get(line.path, ()), show_names)) for line in lines(bilan))
    year = None if bilan.school_year is None else int(bilan.school_year)
    if not isinstance(source, Preview):
        return Document(bilan.school, year, bilan.counts, rows)
    removals = source.plan.proposed_removals
    return Document(
        bilan.school,
        year,
        bilan.counts,
        rows,
        source.at.astimezone(source.zone),
        source.trigger.value,
        tuple(_left_out(source.selection, show_names)),
        (len(removals.groups), len(removals.memberships)),
        (*source.blockers, *source.warnings),
    )


def _entries(rows: Iterable[Detail], show_names: bool) -> tuple[Entry, ...]:  # noqa: FBT001 - private
    return tuple(Entry(row.what, row.before, row.after, _people(row.people, show_names)) for row in rows)


def _people(keys: Iterable[str], show_names: bool) -> tuple[str, ...]:  # noqa: FBT001 - private
    """Show keys of people: the source code is a name, other identifiers and accounts are not."""
    return tuple(_person(key, show_names) for key in keys)


def _person(key: str, show_names: bool) -> str:  # noqa: FBT001 - private
    kind, _, rest = key.partition(":")
    named, _, code = rest.partition(":")
    if kind not in PROFILES:
        return key
    if named != "source":
        return rest
    return code if show_names else "sans identifiant"


def _left_out(selection: Selection, show_names: bool) -> Iterator[LeftOut]:  # noqa: FBT001 - private
    for reason in DropReason:
        dropped = [one for one in selection.dropped if one.reason is reason]
        if not dropped:
            continue
        found = (one.lesson for one in dropped if one.lesson is not None)
        rows = sorted(
            (
                Detail(
                    f"{slot(lesson.weekday, lesson.start, lesson.end)}, {taught(lesson.subject, lesson.audience)}",
                    people=lesson.regular_teachers,
                )
                for lesson in found
            ),
            key=lambda row: (row.what, row.people),
        )
        occurrences = sum(one.occurrences for one in dropped)
        yield LeftOut(reason, len(dropped), occurrences, _entries(rows, show_names))
