"""The bilan of two exports of a generated school, against a count made without any of the rules."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from attrs import asdict

from entformats import rules
from entformats.identity import Decision
from entformats.rules import Counts, GroupMode, Roster, State
from entformats.testing.school import FictitiousSchool, generate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from types import ModuleType

    from entformats.identity import Ref
    from entformats.timetable import Timetable

OPTION_2 = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
SCHOOLS = [(seed, pupils) for pupils, every in ((24, 1), (60, 2), (150, 5)) for seed in range(0, 50, every)]


def lines(counts: Counts) -> dict[str, int]:
    """Give the numbers of a bilan by the names of its lines."""

    def walk(path: str, value: object) -> Iterator[tuple[str, int]]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from walk(f"{path}.{name}" if path else name, inner)
        else:
            assert isinstance(value, int)
            yield path, value

    return dict((*walk("", asdict(counts.preliminary)), *walk("", asdict(counts.weekly))))


def decidable(school: FictitiousSchool, timetable: Timetable) -> list[Ref]:
    """Give those whom somebody can identify by hand: a decision is about a source code, so two homonyms share it."""
    codes = Counter((one.scope, one.source_key.cleaned) for one in timetable.identities())
    people = {one.ref: one for one in timetable.identities() if codes[one.scope, one.source_key.cleaned] == 1}
    return [one for one in sorted(school.by_hand) if one in people]


def validated(
    school: FictitiousSchool, timetable: Timetable, roster: Roster, state: State, at: datetime
) -> tuple[Counts, State]:
    """Import an export: identify by hand those whom the file spells otherwise, then validate."""
    known = {one.ref: one for one in timetable.identities()}
    decisions = [
        Decision(known[one].profile, school.uai, known[one].source_key, school.accounts[one], at=at)
        for one in decidable(school, timetable)
    ]
    preview = rules.prepare(timetable, roster, state=state, mode=OPTION_2, decisions=decisions, at=at)
    return preview.bilan.counts, preview.validate(state, at=at)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "pupils"), SCHOOLS)
def test_bilan_counts_what_changed(seed: int, pupils: int, naive: ModuleType) -> None:
    """Every line of both bilans is what an independent count of the two timetables says."""
    school = generate(seed, pupils=pupils)
    roster = rules.roster(school.directory, school=school.uai)
    state = State.new(school.uai, school.first_at.year)
    first, state = validated(school, school.first, roster, state, school.first_at)
    held = rules.roster_after(roster, state.snapshot)
    second, _ = validated(school, school.second, held, state, school.second_at)
    assert lines(first) == naive.expected_first(school, decided=decidable(school, school.first))
    assert lines(second) == naive.expected(school, decided=decidable(school, school.second))
