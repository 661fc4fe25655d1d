"""Damaged files: any bytes give one of our errors, or records and problems; what came before the damage stands."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import TypeAlias

import pytest

from entformats.aaf import Directory, iter_records, read, write
from entformats.aaf.reader import Item
from entformats.errors import UnreadableInput
from entformats.problems import Problem
from entformats.testing.school import primary

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]
SEED = 20_240_916


@pytest.fixture(scope="module")
def small(document: Files, add: Texts, request_text: Texts) -> bytes:
    """A small file of every kind of request and value."""
    change = (
        '<modifications><modification name="sn" operation="replace"><value>É</value></modification></modifications>'
    )
    return document(
        add(key="1", ENTElevePersRelEleve="34$10$1$1$1$0", ENTEleveClasses="61001$5 C", ENTNouveau="x"),
        add("PersRelEleve", "34", mobile=("1", "2")),
        add("PersEducNat", "27", ENTPersonFonctions="61001$ENS$A$L1300$B"),
        request_text("modifyRequest", "Eleve", "1", change),
        request_text("deleteRequest", "Eleve", "2"),
    )


def outcome(source: bytes) -> tuple[list[Item], UnreadableInput | None]:
    """Give what was read, and the error that stopped it, if any."""
    items: list[Item] = []
    try:
        for item in iter_records(source):
            items.append(item)  # noqa: PERF402 - what came before the error is wanted
    except UnreadableInput as error:
        return items, error
    return items, None


def check(source: bytes, intact: list[Item], damaged_from: int, ends: list[int]) -> UnreadableInput | None:
    """Hold one damaged file to the rule, and give the error that stopped it."""
    items, error = outcome(source)
    assert error is None or error.problem.where.line >= 1
    assert all(isinstance(item, Problem) or item.key for item in items)
    whole = sum(1 for _ in takewhile(lambda end: end <= damaged_from, ends))
    requests = [item for item in items if not isinstance(item, Problem)]
    assert requests[:whole] == [item for item in intact if not isinstance(item, Problem)][:whole]
    if error is None:
        delivery = read(source)
        held = sum(len(table) for table in delivery.directory.tables.values()) + len(delivery.changes)
        assert held + len(delivery.report.of_slug("duplicate_identifier")) == len(requests)
    else:
        with pytest.raises(UnreadableInput) as raised:
            read(source)
        assert raised.value.problem == error.problem
    return error


def ends_of(source: bytes) -> list[int]:
    """Give for each record the position where it is known to be finished: the next one has begun."""
    begun = [match.end() for match in re.finditer(rb"<(?:add|modify|delete)Request>", source)]
    return [*begun[1:], len(source.rstrip())]


def flips(source: bytes, positions: Iterator[int], rng: random.Random) -> Iterator[tuple[int, bytes]]:
    """Change one byte at each position."""
    for position in positions:
        changed = bytearray(source)
        changed[position] ^= rng.randrange(1, 256)
        yield position, bytes(changed)


@pytest.mark.slow
def test_truncated_at_every_byte(small: bytes) -> None:
    """A file cut anywhere gives its whole records, then an error with a line."""
    intact, error = outcome(small)
    assert error is None
    ends = ends_of(small)
    assert len(ends) == 5
    for length in range(len(small.rstrip())):
        assert check(small[:length], intact, length, ends) is not None
    print(f"{len(small)} truncations of {len(small)} bytes")  # noqa: T201 - how much was tried


@pytest.mark.slow
def test_one_byte_changed_anywhere(small: bytes) -> None:
    """A file with any byte changed is read or refused, never worse."""
    intact, _ = outcome(small)
    ends = ends_of(small)
    tried = 0
    for position, source in flips(small, iter(range(len(small))), random.Random(SEED)):
        check(source, intact, position, ends)
        tried += 1
    print(f"{tried} changed bytes of {len(small)}")  # noqa: T201 - how much was tried


@pytest.mark.slow
def test_damaged_corpus_files(corpus: Callable[[str], Path]) -> None:
    """Seeded cuts and changes of the sample files: 5,000 positions, on their first records."""
    rng = random.Random(SEED)
    tried = 0
    for path in sorted(corpus("aaf").glob("*.xml")):
        source = path.read_bytes()
        end = source.find(b"</addRequest>", min(6_000, len(source) - 2_000))
        source = source[:end] + b"</addRequest></ficAlimMENESR>"
        intact, error = outcome(source)
        assert error is None
        ends = ends_of(source)
        for position, changed in flips(source, iter([rng.randrange(len(source)) for _ in range(280)]), rng):
            check(changed, intact, position, ends)
            check(source[:position], intact, position, ends)
            tried += 2
    print(f"{tried} damaged samples")  # noqa: T201 - how much was tried
    assert tried >= 5_000


@pytest.mark.parametrize("category", ["schools", "pupils", "guardians", "staff"])
def test_damaged_files_of_the_first_degree(category: str) -> None:
    """Seeded cuts and changes of files of the 1er degré."""
    rng = random.Random(SEED)
    records = list(getattr(primary(5, pupils=6), category).values())[:3]
    ((_, content),) = write(Directory.of(records), headers={"degre": "1D"})
    source = b"".join(content)
    intact, error = outcome(source)
    assert error is None
    ends = ends_of(source)
    for position, changed in flips(source, iter([rng.randrange(len(source)) for _ in range(60)]), rng):
        check(changed, intact, position, ends)
        check(source[:position], intact, position, ends)
