"""The change of school year: what goes, what stays, and with what the year begins (rules 4.3)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given, settings

from entformats import rules
from entformats.errors import StalePreview, UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Decision, Key, Profile, SourceKey
from entformats.rules import Provenance, Roster, RosterClass, RosterGroup, RosterMembership, Snapshot, State
from entformats.rules.bilan_counts import Weekly
from entformats.rules.lifecycle import Run, Step
from entformats.rules.rollover import FATES, Fate, FateKind, prepare, render
from entformats.rules.state import Correspondence
from entformats.testing.strategies.imports import UAI, Succession, successions
from entformats.timetable import Timetable

DECIDED = Decision(Profile.TEACHER, UAI, SourceKey("Odile", "VALMOND"), "27")
MANUAL, AAF, TIMETABLE = Provenance.MANUAL, Provenance.AAF, Provenance.TIMETABLE
HELD = Roster(
    UAI,
    classes=[RosterClass("6A")],
    groups=[RosterGroup("CHORALE", MANUAL), RosterGroup("6 LATIN", TIMETABLE), RosterGroup("6 AGL", AAF)],
    memberships=[
        RosterMembership(Key("class:6A"), "1", AAF),
        RosterMembership(Key("class:6A"), "1", MANUAL),
        RosterMembership(Key("group:6 LATIN"), "1", MANUAL),
        RosterMembership(Key("group:CHORALE"), "1", MANUAL),
        RosterMembership(Key("group:CHORALE"), "1", TIMETABLE),
        RosterMembership(Key("group:CHORALE"), "2", TIMETABLE),
    ],
)
NEW = State.new(UAI, 2022)


@settings(max_examples=15)
@given(successions(imports=2))
def test_a_year_ends(story: Succession) -> None:
    """Totals restart and correspondences go; decisions and history stay; every dated lesson is to be removed."""
    state = evolve(
        NEW.with_decisions([DECIDED]), correspondences=FrozenMap({Key("class:6eA"): Correspondence(Key("class:6A"))})
    )
    for exported, at in zip(story.timetables, story.instants, strict=True):
        preview = rules.prepare(exported, story.roster, state=state, mode=story.mode, policy=story.policy, at=at)
        state = preview.validate(state, at=at)
    turned = prepare(state, story.roster)
    assert turned.state == evolve(State.new(UAI, 2023), decisions=state.decisions, history=state.history)
    assert turned.base == state.id != turned.state.id
    assert turned.lessons.removed == state.snapshot.lesson_keys
    assert turned.subjects.removed == state.snapshot.subjects.keys()
    assert (turned.state.snapshot, turned.state.totals) == (Snapshot(), Weekly())
    assert DECIDED in turned.state.decisions
    assert not turned.state.initialised


def test_what_was_written_by_hand_stays() -> None:
    """Classes and imported groups go with all their members; of a group made by hand only imported members go."""
    turned = prepare(NEW, HELD)
    assert turned.classes.removed == {"class:6A"}
    assert turned.groups.removed == {"group:6 LATIN", "group:6 AGL"}
    gone = {(key.audience, key.account) for key in turned.memberships.removed}
    assert gone == {("class:6A", "1"), ("group:6 LATIN", "1"), ("group:CHORALE", "2")}
    left = turned.memberships.apply({row.key: row for row in reversed(HELD.memberships)})
    assert {key.audience for key in left} == {"group:CHORALE"}


def test_order_is_nothing() -> None:
    """The rows of the roster in another order: the same plan."""
    other = evolve(HELD, groups=HELD.groups[::-1], memberships=HELD.memberships[::-1])
    assert prepare(NEW, other) == prepare(NEW, HELD)


def test_nothing_is_left_to_do() -> None:
    """Once it is written, turning another year removes nothing more."""
    once = prepare(NEW, HELD)
    left = evolve(HELD, classes=[], groups=HELD.groups[:1], memberships=HELD.memberships[3:5])
    twice = prepare(once.state, left)
    assert not any((twice.subjects, twice.classes, twice.groups, twice.memberships, twice.lessons))


def test_a_preview_of_last_year_is_stale() -> None:
    """What was prepared before cannot be validated after."""
    at = datetime(2023, 7, 1, tzinfo=UTC)
    mode = rules.GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    preview = rules.prepare(Timetable(UAI), HELD, state=NEW, mode=mode, at=at)
    with pytest.raises(StalePreview):
        preview.cancel(prepare(NEW, HELD).state, at=at)


def test_years() -> None:
    """The next one by default, a later one when asked; never the same nor an earlier one."""
    assert prepare(NEW, HELD).state.school_year == 2023
    assert prepare(NEW, HELD, year=2025).state.school_year == 2025
    for year in (2021, 2022):
        with pytest.raises(UsageError, match="does not come after 2022"):
            prepare(NEW, HELD, year=year)


def test_another_school() -> None:
    """The roster of another school is the caller's mistake."""
    with pytest.raises(UsageError, match="two schools"):
        prepare(NEW, Roster("0749998R"))


def test_not_while_an_import_is_open() -> None:
    """An open import of the school is a blocker, a finished one is not."""
    assert [one.slug for one in prepare(NEW, HELD, runs=[Run(UAI, step=Step.PREVIEWED)]).blockers] == [
        "import_already_open"
    ]
    assert prepare(NEW, HELD, runs=[Run(UAI, step=Step.APPLIED)]).blockers == ()


class TestFates:
    """The table of what becomes of what."""

    def test_as_the_sheet_says(self) -> None:
        """Each fate has its lines, no line stands twice, and only a bin has an end."""
        assert len({fate.what for fate in FATES}) == len(FATES)
        assert {fate.kind for fate in FATES} == set(FateKind)
        assert all(bool(fate.years) == (fate.kind is FateKind.BINNED) for fate in FATES)

    def test_bin(self) -> None:
        """One year of the calendar, 29 February included."""
        fate = Fate("rubriques de classe", FateKind.BINNED, years=1)
        assert fate.until(date(2024, 2, 29)) == date(2025, 2, 28)
        assert Fate("séances", FateKind.PURGED).until(date(2024, 2, 29)) is None


def test_text() -> None:
    """The screen: the year, what is to be removed, what becomes of the rest, what forbids it."""
    told = render(prepare(NEW, HELD, runs=[Run(UAI)]), day=date(2023, 7, 10)).splitlines()
    assert told[:2] == [
        "Passage à l'année scolaire 2023-2024",
        "À retirer : 0 séance, 0 matière, 1 classe, 2 groupes, 3 appartenances",
    ]
    assert [line for line in told if line.endswith(" :")] == [
        "Supprimé :",
        "Archivé :",
        "Mis à la corbeille :",
        "Conservé :",
    ]
    assert "- rubriques de classe, pour leur responsable et l'administrateur, jusqu'au 10/07/2024" in told
    assert told[-1].startswith("STATE-514 ")
    assert sum(line.startswith("- ") for line in told) == len(FATES)


def test_repr() -> None:
    """Sizes only."""
    assert repr(prepare(NEW, HELD)) == f"<Rollover of {UAI} to 2023: 1 classes, 2 groups, 0 lessons>"
