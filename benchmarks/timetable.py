"""A school's whole timetable, from bytes to bilan: `python -m benchmarks.timetable` prints how much goes where.

Each step is timed inside one process, CPU time, the median of several rounds; ratios are against lxml building a tree
of the same bytes, taken in the same round. The export is generated (fictitious, seeded, 0.5 MB); another may be given.
"""

from __future__ import annotations

import argparse
import statistics
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from attrs import evolve
from lxml import etree

from entformats import edt, rules
from entformats.rules import GroupMode, Roster, RosterClass, State
from entformats.testing import school
from entformats.timetable import Timetable

MODE: Final = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
FLOOR: Final = "lxml tree"
Steps = dict[str, Callable[[], object]]


def generated() -> tuple[bytes, bytes]:
    """Write two successive exports of one school of 420 pupils."""
    made = school.generate(seed=1, pupils=420)
    first, second = (b"".join(chunks) for one in (made.first, made.second) for _, chunks in edt.write(one))
    return first, second


def known(timetable: Timetable) -> Roster:
    """Make what an ENT holds that knows everybody."""
    people = [evolve(person, ref=f"a{number}") for number, person in enumerate(timetable.identities())]
    return Roster(timetable.uai, people, classes=[RosterClass(one.name) for one in timetable.classes.values()])


def dictionaries(content: bytes) -> object:
    """Read as a dictionary of dictionaries with the standard library, as one does without a library for it."""

    def of(element: ET.Element) -> dict[str, object]:
        found: dict[str, object] = dict(element.attrib)
        for child in element:
            found.setdefault(child.tag.rpartition("}")[2], []).append(of(child))  # type: ignore[attr-defined]  # lists
        return found

    return of(ET.fromstring(content))


def steps(first: bytes, second: bytes) -> Steps:
    """Give what is timed, by name; every step begins from bytes or from values without anything remembered."""
    one = edt.read(first).timetable
    at = datetime(one.school_year or 2022, 11, 7, tzinfo=UTC)
    roster = known(one)
    new = State.new(one.uai, one.school_year or 2022)
    state = rules.prepare(one, roster, state=new, mode=MODE, at=at).validate(new, at=at)
    later, stored = rules.roster_after(roster, state.snapshot), state.to_json()

    def prepared() -> rules.Preview:
        return rules.prepare(edt.read(second).timetable, later, state=State.from_json(stored), mode=MODE, at=at)

    return {
        FLOOR: lambda: etree.fromstring(second),
        "dictionaries": lambda: dictionaries(second),
        "read": lambda: edt.read(second),
        "read, dated lessons": lambda: list(edt.read(second).timetable.lessons()),
        "read, matched": lambda: rules.match(edt.read(second).timetable.identities(), later.people),
        "read, matched, compared": prepared,
        "read, matched, compared, rendered": lambda: rules.bilan.render(prepared().bilan),
        "write": lambda: [b"".join(chunks) for _, chunks in edt.write(one)],
    }


def timed(step: Callable[[], object]) -> float:
    """Time one step: seconds of CPU."""
    start = time.process_time()
    step()
    return time.process_time() - start


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exports", nargs="*", type=Path, help="two successive exports of one school")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    first, second = [path.read_bytes() for path in options.exports] if options.exports else generated()
    table = steps(first, second)
    taken: dict[str, list[float]] = {name: [] for name in table}
    for _ in range(options.rounds):
        for name, step in table.items():
            taken[name].append(timed(step))
    print(f"{len(second) / 1e6:.1f} MB, {options.rounds} rounds\n")
    print(f"| step | ms | / {FLOOR} | / dictionaries |\n| --- | ---: | ---: | ---: |")
    for name, seconds in taken.items():
        ratios = [
            statistics.median(a / b for a, b in zip(seconds, taken[other], strict=True))
            for other in (FLOOR, "dictionaries")
        ]
        print(f"| {name} | {1000 * statistics.median(seconds):.0f} | {ratios[0]:.0f} | {ratios[1]:.1f} |")


if __name__ == "__main__":
    main()
