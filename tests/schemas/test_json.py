"""The JSON schemas: what the library writes as JSON is valid, whatever it says, and anything else is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from entformats import aaf, check, edt, rules, schema
from entformats.identify import Format
from entformats.identity import Decision, Key, Profile, SourceKey
from entformats.problems import Location, Ran, Report, Severity, Stage, StageState, Verdict, problem
from entformats.reports.bilan import to_json
from entformats.rules import Preview, State
from entformats.rules.selection import DropReason
from entformats.testing.school import generate
from entformats.testing.strategies.imports import UAI, Succession, successions
from entformats.validation import STRICT

NAMES = ["bilan.schema.json", "report.schema.json", "state.schema.json"]


def validator(name: str) -> Draft202012Validator:
    """Give the validator of a schema."""
    return Draft202012Validator(json.loads(schema.read(name)), format_checker=FormatChecker())


VALIDATORS = {name: validator(name) for name in NAMES}


def wrong(name: str, text: str) -> list[str]:
    """Give what a schema has against a text."""
    return [f"{list(error.absolute_path)}: {error.message}" for error in VALIDATORS[name].iter_errors(json.loads(text))]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_schema(name: str) -> None:
    """It is a schema of draft 2020-12 itself, with an identifier and a title, and closed objects."""
    content = json.loads(schema.read(name))
    Draft202012Validator.check_schema(content)
    assert content["$schema"].endswith("draft/2020-12/schema")
    assert content["$id"] == f"urn:entformats:{name}"
    assert content["title"] == schema.title(name)
    assert all("additionalProperties" in one for one in objects(content))


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Give every description of an object in a schema."""
    if isinstance(value, dict):
        if value.get("type") == "object":
            yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def test_lists_of_values_are_those_of_the_code() -> None:
    """What may stand in a report or a bilan is what the library may say, no more."""
    contents = [json.loads(schema.read(f"{name}.schema.json")) for name in ("report", "bilan")]
    allowed = [set(one["enum"]) for one in enumerations(contents)]
    known = [{one.value for one in kind} for kind in (Format, Severity, Stage, StageState, Verdict, DropReason)]
    assert all(one in known for one in allowed)
    assert all(one in allowed for one in known)


def enumerations(value: object) -> Iterator[dict[str, Any]]:
    """Give every list of values in a schema."""
    if isinstance(value, dict):
        if "enum" in value:
            yield value
        for inner in value.values():
            yield from enumerations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from enumerations(inner)


def test_reports() -> None:
    """A report of everything, an empty one, one made by hand with names shown: all are valid."""
    school = generate(7, pupils=24)
    delivery = {name: b"".join(chunks) for name, chunks in aaf.write(school.directory)}
    ((_, chunks),) = edt.write(school.second)
    broken = b"<ficAlimMENESR><addRequest>"
    reports = [
        check(delivery, b"".join(chunks), broken, b"\x00", today=date(2026, 9, 1), profile=STRICT),
        Report(),
        evolve(
            STRICT.wanting(ignore=["delete_unknown"]).apply(
                Report.of([problem("delete_unknown"), problem("missing_part", Location("a", 1), category="x", part=1)])
            ),
            stages=(Ran(Stage.SOURCES, StageState.SKIPPED, reason="one_source"),),
        ),
    ]
    for report in reports:
        for shown in (False, True):
            assert wrong("report.schema.json", report.to_json(show_names=shown)) == []


def imports(story: Succession) -> Iterator[tuple[Preview, State]]:
    """Validate every import of a succession."""
    state, held = State.new(UAI, 2022), story.roster
    for timetable, at in zip(story.timetables, story.instants, strict=True):
        preview = rules.prepare(timetable, held, state=state, mode=story.mode, policy=story.policy, at=at)
        state = preview.validate(state, at=at)
        held = rules.roster_after(story.roster, state.snapshot)
        yield preview, state


@given(successions(imports=2), st.booleans())
@settings(max_examples=25)
def test_bilans_and_states(story: Succession, shown: bool) -> None:
    """The bilan of any import, and the state after it, are valid, with and without names."""
    for preview, state in imports(story):
        decided = state.with_decisions(
            [Decision(Profile.TEACHER, UAI, SourceKey("Jo$El", "B"), "27", known_as=SourceKey("Odile", "VALMOND"))]
        )
        assert wrong("bilan.schema.json", to_json(preview, show_names=shown)) == []
        assert wrong("bilan.schema.json", to_json(preview.bilan, show_names=shown)) == []
        assert wrong("state.schema.json", decided.to_json()) == []
        homes = {Key("class:6A"): rules.Correspondence(Key("class:6EME A"), "secretary")}
        assert (
            wrong("state.schema.json", evolve(state, correspondences=type(state.correspondences)(homes)).to_json())
            == []
        )


SPOILT: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("no version", lambda value: value.pop("version")),
    ("another version", lambda value: value.update(version=99)),
    ("an unknown field", lambda value: value.update(stray=1)),
    ("no school", lambda value: value.pop("school")),
    ("a year in words", lambda value: value.update(school_year="2022-2023")),
    ("history that is no list", lambda value: value.update(history={})),
    ("a snapshot without lessons", lambda value: value["snapshot"].pop("lessons")),
    ("weeks that are none", lambda value: value["snapshot"]["opened"].append([1, "A..B"])),
    ("a pair of three", lambda value: value["snapshot"]["homes"].append(["a", "b", "c"])),
]


@pytest.mark.parametrize(("told", "change"), SPOILT, ids=[one[0] for one in SPOILT])
def test_what_is_no_state_is_refused(told: str, change: Callable[[dict[str, Any]], object]) -> None:
    """The schema refuses what no state writes; reading forgives some of it."""
    value = json.loads(State.new(UAI, 2022).to_json())
    change(value)
    assert wrong("state.schema.json", json.dumps(value)) != [], told


def test_what_is_no_report_is_refused() -> None:
    """Another verdict, a finding without its total, a line that is no number."""
    good = json.loads(Report.of([problem("missing_part", Location("a", 1), category="x", part=1)]).to_json())
    changes: list[Callable[[dict[str, Any]], object]] = [
        lambda value: value.update(verdict="good"),
        lambda value: value["problems"][0].pop("total"),
        lambda value: value["problems"][0]["samples"][0]["where"].update(line="3"),
    ]
    for change in changes:
        value = json.loads(json.dumps(good))
        change(value)
        assert len(wrong("report.schema.json", json.dumps(value))) == 1
