"""The first pass: the archive as records by member, nothing resolved (udt 2.2, 2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from entformats._files import Part
from entformats._xml import XmlReader
from entformats.edt.index.node import Node
from entformats.edt.udt.naming import MEMBERS, Member, member_of
from entformats.edt.udt.record import Reading, Row
from entformats.errors import LimitExceeded, UnreadableInput
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.problems import Location
from entformats.timetable import Domain

__all__ = ["ENTITIES", "Document", "read_document"]

ENTITIES = {
    "24": ("annee", "debut_eleve", "fin_eleve", "fermeture"),
    "00": ("init",),
    "semaines": ("semaine",),
    "03": ("salle",),
    "04": ("prof",),
    "05": ("mat",),
    "07": ("demi_seq",),
    "08": ("div",),
    "10": ("eleve",),
    "19": ("gpe",),
    "13": ("rgpmt",),
    "21": ("ele_gpe",),
    "23": ("coens",),
    "11": ("fiche",),
    "12": ("ligfiche",),
}
"""Member -> its records, at any depth: the roots are not known (udt 2.3)."""
SAID_BY = {
    Domain.SUBJECTS: ("05",),
    Domain.NAMES: ("04",),
    Domain.GROUPS: ("19", "13"),
    Domain.LESSONS: ("11", "12"),
    Domain.PUPILS: ("10", "21"),
}
"""Domain -> members all of which are needed to speak of it (udt 2.2)."""
WHOLE = frozenset({"io_total_bytes", "archive_ratio", "io_files"})
"""Limits on the whole source: passing one stops everything."""


@frozen
class Document:
    """Archive lue: the records of each member, in file order; a member that is absent or unreadable has none."""

    rows: FrozenMap[Member, tuple[Row, ...]]

    def of(self, number: str, *tags: str) -> tuple[Row, ...]:
        """Give the records of a member, those of some names where several are mixed."""
        rows = self.rows.get(Member(number), ())
        return tuple(row for row in rows if row.node.tag in tags) if tags else rows

    @property
    def silent_on(self) -> frozenset[Domain]:
        """Silence: the domains of which a member is missing, or could not be read."""
        return frozenset(one for one, numbers in SAID_BY.items() if not self.rows.keys() >= set(map(Member, numbers)))

    def weeks(self) -> tuple[int, ...]:
        """Give the ISO weeks that have an actual timetable, ascending."""
        return tuple(sorted(m.week for m in self.rows if m.number == "12" and m.week is not None))


def read_document(parts: Iterable[Part], reading: Reading, limits: Limits) -> Document:
    """Collect all members.

    Problems: `udt_member_unknown`, `udt_member_duplicate`, `udt_member_missing`, `udt_member_required`, and what makes
    a member unreadable. Raises that error itself where no member can be read, and `LimitExceeded` for the whole.
    """
    rows: dict[Member, tuple[Row, ...]] = {}
    present: set[Member] = set()
    failures: list[UnreadableInput] = []
    for part in parts:
        member = member_of(part.name)
        if member is None:
            reading.found("udt_member_unknown", Location(part.name))
        elif member in present:
            reading.found("udt_member_duplicate", Location(part.name))
        else:
            present.add(member)
            try:
                rows[member] = tuple(_rows(part, ENTITIES[member.number], reading, limits))
            except UnreadableInput as error:
                _failed(error, reading)
                failures.append(error)
    if failures and not rows:
        raise failures[0]
    for number, (name, required) in MEMBERS.items():
        if Member(number) not in present:
            reading.found("udt_member_required" if required else "udt_member_missing", Location(name))
    return Document(FrozenMap(rows))


def _failed(error: UnreadableInput, reading: Reading) -> None:
    if isinstance(error, LimitExceeded) and error.problem.slug in WHOLE:
        raise error
    reading.findings.add(error.problem)


def _rows(part: Part, tags: tuple[str, ...], reading: Reading, limits: Limits) -> Iterator[Row]:
    reader = XmlReader(part.chunks(), file=part.name, limits=limits, findings=reading.findings)
    if reader.root.name in tags:
        yield Row(part.name, Node.bare(reader.root.name, reader.root.attributes, reader.root.line))
    for element in reader.records():
        yield from _below(Row(part.name, Node.of(element, reader.line)), tags, reading)


def _below(row: Row, tags: tuple[str, ...], reading: Reading) -> Iterator[Row]:
    """Give the records in an element, itself included; one that holds nothing known is counted."""
    if row.node.tag in tags:
        yield row
    elif not row.node.children:
        reading.counted("udt_content_skipped", row.node.tag, row)
    for child in row.node.children:
        yield from _below(Row(row.file, child), tags, reading)
