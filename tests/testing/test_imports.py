"""The successions of imports: every edit can be made on any draft."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats.testing.strategies.imports import BASE, EDITS, OFTEN, Draft, Succession, edited, successions, timetable

EMPTY = Draft(BASE.subjects[:1], (), (), ())


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("draft", [BASE, EMPTY], ids=["base", "empty"])
@settings(max_examples=12)
@given(st.integers(0, 11), st.integers(0, 11))
def test_edit(draft: Draft, name: str, which: int, how: int) -> None:
    """An edit of any draft, even of one that has nothing to edit, gives an export; twice gives one too."""
    once = edited(draft, [(name, which, how)])
    twice = edited(once, [(name, how, which)])
    assert len(timetable(once).weekly_lessons) == len(once.courses)
    assert len(timetable(twice).weekly_lessons) == len(twice.courses)


@pytest.mark.parametrize("name", [name for name in EDITS if name != "nothing"])
def test_edit_changes_something(name: str) -> None:
    """Each edit but the first is seen somewhere: on the base, or after every other."""
    drafts = [BASE, *(edited(BASE, [(other, 2, 1)]) for other in EDITS)]
    numbers = [(which, how) for which in range(6) for how in range(3)]
    assert any(edited(draft, [(name, *pair)]) != draft for draft in drafts for pair in numbers)


def test_frequent_edits_are_edits() -> None:
    """What is drawn more often is known."""
    assert EDITS.keys() >= set(OFTEN)


@settings(max_examples=20)
@given(successions(imports=2))
def test_exports_of_one_school(story: Succession) -> None:
    """Exports are of the school of the ENT, and imported in order."""
    assert {one.uai for one in story.timetables} == {story.roster.school}
    assert sorted(story.instants) == list(story.instants)
    assert repr(evolve(story, timetables=())).startswith("<Succession of 0 imports, ")
