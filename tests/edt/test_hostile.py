"""Damaged files: whatever the bytes, one of our errors or an export with findings, and nothing else (edt 7.1)."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from entformats import edt
from entformats._files import one
from entformats.edt.index.document import iter_nodes, open_document
from entformats.errors import UnreadableInput
from entformats.limits import Limits
from entformats.problems import Findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from entformats.edt.index.node import Node
    from entformats.timetable import Timetable


def outcome(content: bytes, *, asked: bool = False) -> str:
    """Read, ask questions if wanted, and say how it ended; any other exception fails the test."""
    try:
        export = edt.read(content)
    except UnreadableInput as error:
        return named(error)
    if asked:
        dated = list(export.timetable.lessons())
        assert len(dated) <= 63 * len(export.timetable.weekly_lessons)
        assert len(export.timetable.services) <= len(export.timetable.weekly_lessons)
        assert all(problem.message() for problem in export.report.problems)
        known = evolve(export.timetable, version=export.timetable.version or "2.0")
        assert rewritten(known) == known
    return "read"


def rewritten(timetable: Timetable) -> Timetable:
    """Write and read back."""
    [(_, chunks)] = edt.write(timetable)
    return edt.read(b"".join(chunks)).timetable


def stream(content: bytes) -> Iterator[tuple[str, Node]]:
    """Give the records until the file can be read no further."""
    try:
        yield from iter_nodes(open_document(one(content), Findings(), Limits()))
    except UnreadableInput as error:
        named(error)


def named(error: UnreadableInput) -> str:
    """Give the slug of an error, which has a line and a text."""
    assert error.problem.where.line >= 1
    assert str(error)
    return error.problem.slug


def told(name: str, outcomes: list[str]) -> None:
    """Print how many files were tried and how each ended."""
    ends = ", ".join(f"{slug} {outcomes.count(slug)}" for slug in sorted(set(outcomes)))
    print(f"{name}: {len(outcomes)} files tried: {ends}")  # noqa: T201 - the number tried is the result


def test_the_small_document_cut_anywhere(small: str) -> None:
    """Cut after each byte: an error each time, but for the blank at the very end."""
    content = small.encode()
    outcomes = [outcome(content[:length]) for length in range(len(content))]
    told("small, cut", outcomes)
    assert outcomes[-1] == "read"
    assert "read" not in outcomes[:-1]


def test_the_small_document_with_one_byte_changed(small: str) -> None:
    """Every third byte with one bit flipped; what is read answers questions, and is written and read back the same."""
    content = small.encode()
    outcomes = [outcome(flipped(content, at, Random(at)), asked=True) for at in range(0, len(content), 3)]
    told("small, flipped", outcomes)
    assert {"read", "xml_malformed"} <= set(outcomes)


def flipped(content: bytes, at: int, random: Random) -> bytes:
    """Flip one bit of one byte."""
    return content[:at] + bytes([content[at] ^ 1 << random.randrange(8)]) + content[at + 1 :]


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("owner", "child"),
    [
        ("</Cours>\n  ", '<Professeur Ident="2" Semaines="{}" X="1"/>'),
        ("</Cours>\n  ", '<Etiquette A{}="1"/>'),
        ("</Cours>\n  ", "<Inconnu{}/>"),
        ("</Eleve>", '<Classe Ident="2"/>'),
        ("</Eleve>", '<PartieDeClasse Ident="7" DateEntree="2022-09-01"/>'),
        ("</PlacesParJour>", '<Place Numero="{}"/>'),
        ("</Groupe>", '<Eleve Ident="{}"/>'),
        ("</Classe>\n    ", '<PartieDeClasse Ident="{}"/>'),
    ],
)
def test_very_many_children_take_time_in_proportion(small: str, owner: str, child: str) -> None:
    """30,000 children of one element: read in seconds, where comparing each with all others would take many minutes."""
    many = "".join(child.format(number) for number in range(30_000))
    assert outcome(small.replace(owner, many + owner).encode()) == "read"


@pytest.mark.slow
def test_the_example_cut_anywhere(corpus: Callable[[str], Path]) -> None:
    """Every other length of the example."""
    content = corpus("edt/example.xml").read_bytes()
    outcomes = [outcome(content[:length]) for length in range(0, len(content) - 1, 2)]
    told("example, cut", outcomes)
    assert "read" not in outcomes


@pytest.mark.slow
def test_the_example_with_one_byte_changed(corpus: Callable[[str], Path]) -> None:
    """Every other byte of the example, one bit flipped."""
    content = corpus("edt/example.xml").read_bytes()
    outcomes = [outcome(flipped(content, at, Random(at))) for at in range(0, len(content), 2)]
    told("example, flipped", outcomes)
    assert outcomes.count("read") > 500


@pytest.mark.slow
def test_the_large_export_with_one_byte_changed(corpus: Callable[[str], Path]) -> None:
    """5,000 seeded positions of the large export, each in a file of three records of its container."""
    content = corpus("edt/college.xml").read_bytes()
    head = content[: content.find(b"<Matieres>")]
    records = list(windows(content))
    random = Random(20221107)
    outcomes = []
    for name, first, last in random.choices(records, weights=[last - first for _, first, last in records], k=5_000):
        part = flipped(content[first:last], random.randrange(last - first), random)
        outcomes.append(outcome(head + b"<%s>%s</%s></ExportEmploiDuTemps>" % (name, part, name)))
    told("college, flipped", outcomes)
    assert outcomes.count("read") > 1000


def windows(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Give the name of a container, and the bounds of three of its records, for each of them."""
    for container in re.finditer(rb"\n  <([A-Z]\w+)>(?:\n    .*)+\n  </", content):
        starts = [
            found.start() for found in re.finditer(rb"\n    <[A-Z]", content[: container.end()][container.start() :])
        ]
        bounds = [container.start() + start for start in starts] + [container.end() - 5]
        yield from ((container[1], bounds[at], bounds[at + 3]) for at in range(len(bounds) - 3))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(3))
def test_the_records_before_the_damage_are_those_of_the_intact_file(corpus: Callable[[str], Path], part: int) -> None:
    """Fifty seeded positions of the whole large export: the stream is the same up to the record before the damage.

    The last one is not counted: it is only known to be finished when the next one begins.
    """
    content = corpus("edt/college.xml").read_bytes()
    intact = list(stream(content))
    random = Random(part)
    positions = [random.randrange(len(content)) for _ in range(50)]
    for at in positions:
        line = content.count(b"\n", 0, at) + 1
        before = [record for record in intact if last_line(record[1]) < line - 1]
        damaged = list(stream(flipped(content, at, random)))
        assert damaged[: len(before) - 1] == before[:-1]
    told("college, stream", ["same"] * len(positions))


def last_line(node: Node) -> int:
    """Give the last line on which an element or one of its children begins."""
    return max(node.line, *(last_line(child) for child in node.children), node.line)
