"""What a backend stores between two imports: JSON there and back, decisions, the lock."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats import rules
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import Decision, Key, Profile, SourceKey
from entformats.rules import (
    Attempt,
    AttemptOutcome,
    Correspondence,
    GroupMode,
    Snapshot,
    State,
    Trigger,
    decisions_from_json,
    decisions_to_json,
    json_codec,
)
from entformats.rules.migrations import VERSION
from entformats.rules.state import merged_decisions
from entformats.testing.strategies.imports import UAI, Succession, successions
from entformats.timetable import Service, ServiceKey

if TYPE_CHECKING:
    from collections.abc import Callable

PARIS = ZoneInfo("Europe/Paris")
SEPTEMBER, OCTOBER = datetime(2022, 9, 1, tzinfo=UTC), datetime(2022, 10, 1, tzinfo=UTC)
ODILE = SourceKey("Odile", "VALMOND", date(1974, 10, 2))
YEAR = State.new(UAI, 2022).school_year

INSTANTS = st.one_of(
    st.none(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from([datetime(2022, 10, 30, 2, 30, tzinfo=PARIS, fold=fold) for fold in (0, 1)]),
)
NAMES = st.one_of(st.sampled_from(["Odile", " Odile ", "Jo$El", "D’ARVOR", ""]), st.text(max_size=5))
DECISIONS = st.builds(
    Decision,
    st.sampled_from(Profile),
    st.sampled_from([UAI, "0749998R"]),
    st.builds(SourceKey, NAMES, NAMES, st.one_of(st.none(), st.dates())),
    st.sampled_from(["27", "28"]),
    st.one_of(st.none(), st.text(max_size=3)),
    INSTANTS.filter(lambda at: at is None or at.tzinfo is not PARIS),
    st.booleans(),
    st.one_of(st.none(), st.just(ODILE)),
).map(lambda one: one if one.refused or one.by else evolve(one, account=None))
ATTEMPTS = st.builds(
    Attempt,
    st.text(max_size=5),
    INSTANTS.filter(lambda at: at is not None),
    st.sampled_from(AttemptOutcome),
    st.sampled_from(Trigger),
    st.just(YEAR),
    st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=2).map(tuple),
    st.one_of(st.none(), st.text(max_size=3)),
)


def imported(story: Succession) -> State:
    """Validate every import of a succession."""
    state, held = State.new(UAI, 2022), story.roster
    for timetable, at in zip(story.timetables, story.instants, strict=True):
        preview = rules.prepare(timetable, held, state=state, mode=story.mode, policy=story.policy, at=at)
        state = preview.validate(state, at=at)
        held = rules.roster_after(story.roster, state.snapshot)
    return state


@settings(max_examples=50)
@given(
    successions(imports=2),
    st.lists(DECISIONS, max_size=4),
    st.lists(ATTEMPTS, max_size=2),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3),
)
def test_json_there_and_back(
    story: Succession, decisions: list[Decision], attempts: list[Attempt], homes: dict[str, str]
) -> None:
    """A state read back is equal, with the same text and the same lock, whatever is in it."""
    state = evolve(
        imported(story).with_decisions(decisions),
        correspondences=FrozenMap((Key(old), Correspondence(Key(new), new, SEPTEMBER)) for old, new in homes.items()),
        history=tuple(attempts),
    )
    text = state.to_json()
    read = State.from_json(text)
    assert read == state
    assert (read.to_json(), read.id) == (text, state.id)
    assert read.snapshot.events == state.snapshot.events
    assert read.snapshot.services == state.snapshot.services


def test_declared_services_there_and_back() -> None:
    """What only some programs state comes back too."""
    name = ServiceKey(Key("subject:SVT"), (), (Key("class:6A"),))
    service = Service(name, (), 90, "SA", ("CG", "TP"), co_teaching=True)
    state = evolve(State.new(UAI, 2022), snapshot=Snapshot(declared_services=FrozenMap({name: service})))
    read = State.from_json(state.to_json())
    assert read == state
    assert read.snapshot.services == {name: service}


def test_equal_states_have_one_text() -> None:
    """The order in which maps and decisions were filled is nothing."""
    one = {Key(f"class:6{letter}"): Correspondence(Key(f"class:6e{letter}")) for letter in "AB"}
    other = dict(reversed(one.items()))
    states = [evolve(State.new(UAI, 2022), correspondences=FrozenMap(rows)) for rows in (one, other)]
    assert states[0].to_json() == states[1].to_json()
    assert states[0].id == states[1].id


def test_lock_changes_with_the_content() -> None:
    """Another year, another school, a decision, a correspondence: another id of 32 hexadecimal digits."""
    state = State.new(UAI, 2022)
    others = [
        State.new(UAI, 2023),
        State.new("0749998R", 2022),
        state.with_decisions([Decision(Profile.TEACHER, UAI, ODILE, "27")]),
        evolve(state, correspondences=FrozenMap({Key("class:6A"): Correspondence(Key("class:6eA"))})),
    ]
    ids = {one.id for one in (state, *others)}
    assert len(ids) == 5
    assert all(len(bytes.fromhex(one)) == 16 for one in ids)
    assert State.new(UAI, 2022).id == state.id


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """Give the text of a state after a change of its content."""
    data = json.loads(evolve(State.new(UAI, 2022), history=(attempt(),)).to_json())
    change(data)
    return json.dumps(data)


def attempt() -> Attempt:
    """Make one line of history."""
    return Attempt("5ca1ab1e", SEPTEMBER, AttemptOutcome.APPLIED, Trigger.MANUAL, YEAR)


BAD: dict[str, str] = {
    "no JSON": "{",
    "no object": "[]",
    "a text": '"State"',
    "null": "null",
    "empty": "{}",
    "nothing": "",
    "too deep": "[" * 100_000,
    "null school": changed(lambda data: data.update(school=None)),
    "number for a school": changed(lambda data: data.update(school=749999)),
    "text for a year": changed(lambda data: data.update(school_year="2022")),
    "infinite year": changed(lambda data: data.update(school_year=0)).replace(
        '"school_year": 0', '"school_year": 1e999'
    ),
    "truth for a number": changed(lambda data: data["totals"]["cancellations"].update(delta=True)),
    "bad outcome": changed(lambda data: data["history"][0].update(outcome="lost")),
    "bad instant": changed(lambda data: data["history"][0].update(at="yesterday")),
    "rows for an object": changed(lambda data: data.update(snapshot=[1])),
    "bad weeks": changed(lambda data: data["snapshot"].update(opened=[[1, "1..99"]])),
    "bad pairs": changed(lambda data: data["snapshot"].update(homes=[["class:6A"]])),
    "bad decision": changed(lambda data: data.update(decisions=[{"profile": "teacher"}])),
    "bad source key": changed(
        lambda data: data.update(
            decisions=[{"profile": "teacher", "school": UAI, "source_key": "Odile VALMOND", "account": None}]
        )
    ),
    "fields for a source key": changed(
        lambda data: data.update(
            decisions=[{"profile": "teacher", "school": UAI, "source_key": ["Odile", "VALMOND"], "account": None}]
        )
    ),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_bad_json(text: str) -> None:
    """Any other text is refused with our error, which says nothing of the content."""
    with pytest.raises(InvalidValue, match=r"^expected the JSON text of a State$") as caught:
        State.from_json(text)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("version", [0, VERSION + 1, "1", None, True])
def test_other_version(version: object) -> None:
    """A state of another version is refused as such, whatever else is in it."""
    text = json.dumps({"version": version, "unheard": "of"})
    with pytest.raises(InvalidValue, match=r"^expected a State of a version that is known, found another$"):
        State.from_json(text)


@given(st.text(max_size=30) | st.recursive(st.none() | st.integers() | st.text(max_size=4), st.lists).map(json.dumps))
def test_any_text_is_a_state_or_refused(text: str) -> None:
    """No text raises anything else."""
    with pytest.raises(InvalidValue):
        State.from_json(text)
    try:
        decisions_from_json(text)
    except InvalidValue:
        return
    assert json.loads(text) in ([], "", {})


def test_decisions_file() -> None:
    """The shape of a decisions file: profile, school, source key, account or null, by, at."""
    rows = [
        {
            "profile": "teacher",
            "school": UAI,
            "source_key": "Odile$VALMOND$1974-10-02",
            "account": "27",
            "by": "secretary",
            "at": "2022-09-01T00:00:00+00:00",
            "refused": True,
            "known_as": "Odile$VALMONT$1974-10-02",
        },
        {"profile": "pupil", "school": UAI, "source_key": "Jade$ORVNOY$", "account": None, "by": None, "at": None},
    ]
    decisions = decisions_from_json(json.dumps(rows))
    assert decisions == (
        Decision(Profile.TEACHER, UAI, ODILE, "27", "secretary", SEPTEMBER, True, evolve(ODILE, family="VALMONT")),
        Decision(Profile.PUPIL, UAI, SourceKey("Jade", "ORVNOY"), None),
    )
    assert json.loads(decisions_to_json(decisions)) == rows


@pytest.mark.parametrize("text", ["{}x", '[{"profile": "teacher"}]', "[1]"])
def test_bad_decisions(text: str) -> None:
    """A file of another shape is refused."""
    with pytest.raises(InvalidValue, match=r"^expected the JSON text of"):
        decisions_from_json(text)


def test_malformed_names_do_not_spoil_a_state() -> None:
    """A name that holds a `$` is written as three fields, since its text could not be read back."""
    keys = [SourceKey("Jo$El", "VALMOND", date(2011, 3, 4)), SourceKey("Odile", "VAL$MOND")]
    decisions = tuple(Decision(Profile.PUPIL, UAI, one, None) for one in keys)
    assert decisions_from_json(decisions_to_json(decisions)) == decisions
    assert '["Jo$El","VALMOND","2011-03-04"]' in decisions_to_json(decisions)


class TestDecisions:
    """Answers about people: one a person, the latest."""

    OLD = Decision(Profile.TEACHER, UAI, ODILE, "27", at=SEPTEMBER)
    NEW = Decision(Profile.STAFF, UAI, SourceKey(" Odile", "VALMOND ", ODILE.birth_date), "28", at=OCTOBER)
    UNDATED = Decision(Profile.TEACHER, UAI, ODILE, None)

    def test_latest_wins(self) -> None:
        """By its instant, in whatever order they come, known or new; teachers and staff are one population."""
        for known, new in ([[self.OLD], [self.NEW]], [[self.NEW], [self.OLD]], [[], [self.NEW, self.OLD]]):
            (kept,) = merged_decisions(known, new)
            assert (kept.account, kept.source_key) == ("28", ODILE)
        assert merged_decisions([], [self.OLD, self.NEW]) == merged_decisions([], [self.NEW, self.OLD])

    def test_undated(self) -> None:
        """A new answer without an instant is taken as given now, a known one as the oldest."""
        assert merged_decisions([self.NEW], [self.UNDATED]) == (self.UNDATED,)
        assert [one.account for one in merged_decisions([self.UNDATED], [self.OLD])] == ["27"]

    def test_people_are_told_apart(self) -> None:
        """By school, by population, by source code."""
        others = [
            evolve(self.OLD, school="0749998R"),
            evolve(self.OLD, profile=Profile.PUPIL),
            evolve(self.OLD, source_key=SourceKey("Odile", "VALMOND")),
        ]
        assert len(merged_decisions([self.OLD], others)) == 4

    def test_refusals(self) -> None:
        """A refusal takes back the account that it names, an acceptance the refusal; others stand beside."""
        refused = evolve(self.OLD, account="28", refused=True, at=OCTOBER)
        assert merged_decisions([self.OLD], [refused]) == (self.OLD, refused)
        assert merged_decisions([evolve(self.OLD, account="28")], [refused]) == (refused,)
        assert merged_decisions([evolve(refused, at=SEPTEMBER)], [evolve(self.OLD, account="28", at=OCTOBER)]) == (
            evolve(self.OLD, account="28", at=OCTOBER),
        )
        assert merged_decisions([evolve(self.OLD, account="28")], [evolve(refused, at=None)]) == (
            evolve(refused, at=None),
        )
        with pytest.raises(InvalidValue, match="names the account"):
            evolve(self.UNDATED, refused=True)

    @given(st.lists(DECISIONS, max_size=6), st.randoms(use_true_random=False))
    def test_state_keeps_them_in_one_order(self, decisions: list[Decision], dice: Any) -> None:  # noqa: ANN401 - Random
        """However they come, a state holds the same ones, under their cleaned keys."""
        one = State(UAI, YEAR, decisions=tuple(decisions))
        other = State(UAI, YEAR, decisions=tuple(dice.sample(decisions, len(decisions))))
        assert one.decisions == other.decisions
        assert one == State(UAI, YEAR).with_decisions(decisions)
        assert all(kept.source_key == kept.source_key.cleaned for kept in one.decisions)
        assert len({(kept.scope, kept.refused and kept.account) for kept in one.decisions}) == len(one.decisions)
        assert one.decisions == merged_decisions(one.decisions, one.decisions) == merged_decisions(one.decisions, [])


def test_initialised() -> None:
    """Only a manual import that was applied this year counts."""
    state = State.new(UAI, 2022)
    others = [
        evolve(attempt(), outcome=AttemptOutcome.CANCELLED),
        evolve(attempt(), outcome=AttemptOutcome.REJECTED),
        evolve(attempt(), trigger=Trigger.AUTOMATIC),
        evolve(attempt(), school_year=State.new(UAI, 2021).school_year),
    ]
    assert not state.initialised
    assert not evolve(state, history=tuple(others)).initialised
    assert evolve(state, history=(*others, attempt())).initialised


def test_instants_are_what_json_keeps() -> None:
    """In the hour that comes twice, an attempt is equal to itself once read back."""
    first, second = (evolve(attempt(), at=datetime(2022, 10, 30, 2, 30, tzinfo=PARIS, fold=fold)) for fold in (0, 1))
    assert first.at.isoformat() == "2022-10-30T02:30:00+02:00"
    assert second.at.isoformat() == "2022-10-30T02:30:00+01:00"
    state = evolve(State.new(UAI, 2022), history=(first, second))
    assert State.from_json(state.to_json()) == state


def test_reprs() -> None:
    """Neither source keys nor names."""
    state = State.new(UAI, 2022).with_decisions([Decision(Profile.TEACHER, UAI, ODILE, "27", "M. VALMOND")])
    assert repr(state) == f"<State {UAI} 2022, 0 imports>"
    assert repr(evolve(attempt(), by="M. VALMOND")) == "<Attempt 5ca1ab1e 2022-09-01T00:00:00+00:00 applied>"


def test_sets_and_maps_are_sorted() -> None:
    """Equal values give equal texts, whatever the hash seed."""
    assert json_codec.dump(frozenset("cab")) == '["a","b","c"]'
    assert json_codec.dump(FrozenMap({"b": 1, "a": GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS})) == (
        '[["a","directory_groups_directory_members"],["b",1]]'
    )
    assert json_codec.digest("a", "b") != json_codec.digest("ab") != json_codec.digest("a,b")
