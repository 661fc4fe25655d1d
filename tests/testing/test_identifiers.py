"""Exports of Pronote identifiers made for tests: drawn from a school, written, read back."""

from __future__ import annotations

from collections import Counter

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats import pronote
from entformats.identity import Profile
from entformats.pronote import PronoteIdentifier
from entformats.rules import PRONOTE, Policy, match
from entformats.testing import identifiers, school

SCHOOL = school.generate(7, pupils=24)
EXPORT = identifiers.draw(SCHOOL.directory, school=SCHOOL.uai)


def bare(row: PronoteIdentifier, *without: str) -> PronoteIdentifier:
    """Forget the place of a row, and what a layout cannot carry."""
    lost = {"local_ref": None, "child_refs": ()}
    return evolve(row, position=0, rank=1, **{name: lost[name] for name in without})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dialect", "lost"), [("xml", ()), ("table", ("child_refs",)), ("csv", ("local_ref", "child_refs"))]
)
def test_what_is_written_is_read(dialect: identifiers.Layout, lost: tuple[str, ...]) -> None:
    """Each layout gives back everybody with all that it can carry, and no row is rejected."""
    found = pronote.read(identifiers.write(EXPORT, dialect=dialect))
    assert (found.dialect, found.rejected) == (dialect, 0)
    assert Counter(map(bare, found.identifiers)) == Counter(bare(row, *lost) for row in EXPORT.identifiers)


def test_the_draw_is_the_same_every_time() -> None:
    """One seed, one export; another seed, other identifiers of the same people."""
    again, other = (identifiers.draw(SCHOOL.directory, school=SCHOOL.uai, seed=seed) for seed in (0, 1))
    assert again.identifiers == EXPORT.identifiers
    assert {row.pronote_id for row in other.identifiers}.isdisjoint(row.pronote_id for row in EXPORT.identifiers)
    assert {row.profile for row in EXPORT.identifiers} == set(Profile)


@pytest.mark.parametrize("dialect", ["xml", "table", "csv"])
def test_everybody_of_the_school_is_found(dialect: identifiers.Layout) -> None:
    """Nobody is matched with the wrong account, whatever the layout; what is not matched is told, and rare."""
    found = pronote.read(identifiers.write(EXPORT, dialect=dialect))
    accounts = SCHOOL.directory.identities(school=SCHOOL.uai)
    matching = match(found.identities(school=SCHOOL.uai), accounts, policy=Policy(table=PRONOTE))
    people = {(one.profile, one.ref): one for one in accounts}
    for ref, outcome in matching.matched.items():
        person = matching.source(ref)
        assert people[person.profile, outcome.account].source_key == person.source_key
    assert matching.counts.matched >= 0.9 * len(accounts)


@settings(max_examples=25)
@given(st.permutations(EXPORT.identifiers))
def test_the_order_of_rows_never_matters(rows: list[PronoteIdentifier]) -> None:
    """Rows in another order give the same people, the same findings and the same accounts."""
    found = pronote.read(identifiers.write(evolve(EXPORT, identifiers=tuple(rows)), dialect="csv"))
    usual = pronote.read(identifiers.write(EXPORT, dialect="csv"))
    assert Counter(map(bare, found.identifiers)) == Counter(map(bare, usual.identifiers))
    assert found.report.counts == usual.report.counts


def test_who_has_no_category_has_no_element() -> None:
    """A person of unknown category stands in tables, and in none of the elements with attributes."""
    stranger = evolve(EXPORT.identifiers[0], profile=None, child_refs=(), cas_id="a<&\"'", local_ref=None)
    export = evolve(EXPORT, identifiers=(stranger, EXPORT.identifiers[1]), uai=None)
    assert len(pronote.read(identifiers.write(export, dialect="xml")).identifiers) == 1
    for dialect in ("table", "csv"):
        first = pronote.read(identifiers.write(export, dialect=dialect)).identifiers[0]
        assert (first.profile, first.cas_id) == (None, "a<&\"'")
