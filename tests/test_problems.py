"""Findings: problems, reports and what is hidden in them."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.frozen import FrozenMap
from entformats.problems import CATALOGUE, Findings, Layer, Location, Problem, Report, Severity, entry, problem

PRIVATE = problem("malformed_source_key", Location("edt.xml", line=3), person="Odile$VALMOND")
VALUES: dict[str, str | int] = {"str": "texte", "int": 7, "private": "LEROY"}
SLUGS = st.sampled_from(sorted(known.slug for known in CATALOGUE.values()))


def made(slug: str, line: int = 0) -> Problem:
    """Make a finding with some value for each of its parameters."""
    params = {name: VALUES[kind] for name, kind in entry(slug).params.items()}
    return problem(slug, Location("a.xml", line=line), **params)


PROBLEMS = st.lists(st.builds(made, SLUGS, st.integers(0, 3)), max_size=12)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (Location(), ""),
        (Location("a.xml"), "a.xml"),
        (Location("a.xml", 3, 7, kind="Eleve", key="310", attribute="sn"), "a.xml:3:7 Eleve 310 sn"),
        (Location(kind="Eleve"), "Eleve"),
    ],
)
def test_a_place_is_shown_as_editors_read_it(where: Location, text: str) -> None:
    """`file:line:column`, then the record; what is unknown is left out."""
    assert str(where) == text


@given(SLUGS, st.sampled_from(["fr", "en"]))
def test_every_message_renders(slug: str, lang: str) -> None:
    """A finding of any code has a message in both languages, without braces left."""
    message = made(slug).message("fr" if lang == "fr" else "en")
    assert message
    assert "{" not in message


@given(SLUGS)
def test_private_parameters_are_hidden(slug: str) -> None:
    """What may identify someone is in no text unless asked, and there when asked."""
    found = made(slug)
    for text in (repr(found), str(found), found.message("fr"), Report.of([found]).to_json()):
        assert "LEROY" not in text
    assert ("LEROY" in found.message("fr", show_names=True)) == ("private" in entry(slug).params.values())


def test_names_are_shown_only_when_asked() -> None:
    """The message, the JSON text, `str` and `repr` of a finding about a person."""
    report = Report.of([PRIVATE])
    assert (
        "VALMOND" not in repr(PRIVATE) + str(PRIVATE) + PRIVATE.message("fr") + PRIVATE.message("en") + report.to_json()
    )
    assert "VALMOND" not in repr(report)
    assert "VALMOND" in PRIVATE.message("fr", show_names=True)
    assert "VALMOND" in report.to_json(show_names=True)


def test_undeclared_or_missing_parameters_are_a_bug() -> None:
    """A finding has exactly the parameters of its entry."""
    with pytest.raises(AssertionError):
        problem("io_failed", reason="EIO", other=1)
    with pytest.raises(AssertionError):
        problem("io_failed")


def test_a_problem_is_a_value() -> None:
    """Equal by content, hashable, picklable."""
    again = pickle.loads(pickle.dumps(PRIVATE))  # noqa: S301 - our own bytes
    assert again == PRIVATE
    assert hash(again) == hash(PRIVATE)
    assert PRIVATE.slug == "malformed_source_key"


def test_the_catalogue_reads_codes_and_slugs() -> None:
    """Both names lead to one entry; an unknown one is a KeyError; iteration gives codes."""
    assert entry("IO-003") is entry("io_failed")
    assert len(CATALOGUE) == len(list(CATALOGUE))
    assert entry("IO-003").layer is Layer.CONTAINER
    with pytest.raises(KeyError):
        entry("AAF-000")


@given(PROBLEMS, st.integers(1, 4))
def test_counts_are_exact_and_samples_are_capped(found: list[Problem], cap: int) -> None:
    """Every finding is counted; the first ones of each code are kept, in order."""
    report = Report.of(found, stored_per_code=cap)
    assert sum(report.counts.values()) == len(found)
    for code, number in report.counts.items():
        same = [p for p in found if p.code == code]
        assert number == len(same)
        assert report.of_slug(code) == tuple(same[:cap])


@given(PROBLEMS, PROBLEMS, st.integers(1, 4))
def test_merging_is_reading_one_after_the_other(one: list[Problem], other: list[Problem], cap: int) -> None:
    """Two reports together are the report of both lists, counts exact and samples capped."""
    merged = Report.of(one, stored_per_code=cap).merged(Report.of(other, stored_per_code=cap), stored_per_code=cap)
    assert merged == Report.of(one + other, stored_per_code=cap)


@given(PROBLEMS)
def test_the_worst_is_the_highest_severity(found: list[Problem]) -> None:
    """Errors before warnings before notes, none where nothing was found."""
    order = list(Severity)
    expected = min((p.severity for p in found), key=order.index, default=None)
    report = Report.of(found)
    assert report.worst is expected
    assert {s: report.count(s) for s in order} == {s: sum(p.severity is s for p in found) for s in order}


def test_one_finding_may_stand_for_many() -> None:
    """A finding counted many times is kept once."""
    findings = Findings()
    findings.add(made("io_failed"), times=40)
    assert findings.report().counts == FrozenMap({"IO-003": 40})
    assert len(findings.report().problems) == 1


@given(PROBLEMS)
def test_json_holds_every_finding(found: list[Problem]) -> None:
    """The JSON text reads back: counts, codes, slugs, severities, places without their empty fields."""
    report = Report.of(found)
    data = json.loads(report.to_json(show_names=True))
    assert data["version"] == 1
    assert data["counts"] == {severity: report.count(severity) for severity in Severity}
    assert {row["code"]: row["total"] for row in data["problems"]} == dict(report.counts)
    for row in data["problems"]:
        assert (row["slug"], row["severity"]) == (entry(row["code"]).slug, entry(row["code"]).severity)
        for sample, one in zip(row["samples"], report.of_slug(row["code"]), strict=True):
            assert Location(**sample["where"]) == one.where
            assert sample["params"] == dict(one.params)
            assert all(sample["where"].values())
