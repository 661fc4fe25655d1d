"""The screen « Rapprochements »: answers about people reviewed, added and undone outside an import (rules 1.1, 1.6)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entformats import rules
from entformats.errors import UsageError
from entformats.identity import Decision, Identity, Profile
from entformats.problems import entry
from entformats.rules import Roster, State, decisions
from entformats.rules.decisions import Standing

SCHOOL = "0749999S"
AT = datetime(2025, 9, 1, 8, tzinfo=UTC)
BORN = date(1974, 10, 2)


def person(ref: str, given: str = "Odile", family: str = "VALMOND", born: date | None = BORN) -> Identity:
    """Make a teacher."""
    return Identity(ref, Profile.TEACHER, SCHOOL, given, family, birth_date=born)


SOURCE = person("", "Odyle")
ACCOUNT = person("a1")


def answer(account: str | None, source: Identity = SOURCE, **changed: Any) -> Decision:  # noqa: ANN401 - any field
    """Decide about a source."""
    made = Decision(source.profile, source.school, source.source_key, account, "secretary", AT)
    return evolve(made, **changed)


def reviewed(*given: Decision, people: tuple[Identity, ...] = (ACCOUNT,)) -> tuple[decisions.Reviewed, ...]:
    """Review answers against the accounts of a school."""
    state = State.new(SCHOOL, 2025).with_decisions(given)
    return decisions.review(state, Roster(SCHOOL, people=people))


CASES: dict[Standing, tuple[Decision, tuple[Identity, ...], str | None]] = {
    Standing.IN_USE: (answer("a1"), (ACCOUNT,), None),
    Standing.REDUNDANT: (answer("a1", person("", "odile")), (ACCOUNT,), "decision_redundant"),
    Standing.STALE: (answer("gone"), (ACCOUNT,), "stale_decision"),
    Standing.CONTRADICTED: (answer("a1"), (ACCOUNT, person("a2", "Odyle")), "decision_contradicts_exact_key"),
    Standing.CHANGED: (answer("a1", known_as=SOURCE.source_key), (ACCOUNT,), "decided_account_changed"),
    Standing.APPEARED: (answer(None, person("", "odile")), (ACCOUNT,), "dismissed_person_found"),
    Standing.UNUSABLE: (answer("a1", person("", "")), (ACCOUNT,), "malformed_source_key"),
}


@pytest.mark.parametrize("standing", CASES)
def test_standing(standing: Standing) -> None:
    """Each answer has the standing that the accounts of today give it, its finding, and its words in two languages."""
    given, people, slug = CASES[standing]
    (one,) = reviewed(given, people=people)
    assert one.standing is standing
    assert one.decision == given
    found = one.problem
    assert (found.slug if found else None) == slug
    assert [known.slug for known in decisions.report([one]).problems] == ([slug] if slug else [])
    told, in_english = one.why(), one.why("en")
    assert ", le 01/09/2025, par secretary." in told
    assert ", on 2025-09-01, by secretary." in in_english
    if found:
        assert entry(found.code).fr.repair in told
        assert entry(found.code).en.repair in in_english
    assert "VALMOND" not in repr(one)


def test_dismissed_and_refused() -> None:
    """A dismissal and a refusal are in use as long as nobody has appeared, and the account is there."""
    (dismissed,) = reviewed(answer(None), people=())
    assert (dismissed.standing, dismissed.accounts) == (Standing.IN_USE, ())
    assert "absente de l'ENT" in dismissed.why()
    (refused,) = reviewed(answer("a1", refused=True))
    assert refused.standing is Standing.IN_USE
    assert "n'est pas le compte a1, VALMOND Odile, 02/10/1974" in refused.why()
    assert reviewed(answer("gone", refused=True))[0].standing is Standing.STALE


def test_shared_account() -> None:
    """Two source codes linked to one account both say so; a refusal of it is no link."""
    other = answer("a1", person("", "Odette"))
    assert {one.standing for one in reviewed(answer("a1"), other)} == {Standing.SHARED}
    standings = [one.standing for one in reviewed(answer("a1"), evolve(other, refused=True))]
    assert standings == [Standing.IN_USE, Standing.IN_USE]


def test_never_across_populations() -> None:
    """The account of a pupil is no account of a teacher."""
    pupil = evolve(ACCOUNT, profile=Profile.PUPIL)
    assert reviewed(answer("a1"), people=(pupil,))[0].standing is Standing.STALE


def test_another_school() -> None:
    """A state and a roster of two schools, or an answer about another school, are mistakes of the caller."""
    state = State.new(SCHOOL, 2025)
    with pytest.raises(UsageError, match="two schools"):
        decisions.review(state, Roster("0749998R"))
    with pytest.raises(UsageError, match="another school"):
        decisions.add(state, Roster(SCHOOL), [answer("a1", school="0749998R")])


def test_add() -> None:
    """Answers are remembered, and told of what they clash with; those that were there before are not spoken of."""
    held = Roster(SCHOOL, people=(ACCOUNT, person("a2", "Odyle")))
    state = State.new(SCHOOL, 2025).with_decisions([answer("gone", person("", "Max"))])
    after, found = decisions.add(state, held, [answer("a1"), answer("a2", person("", "Odyle ", born=None))])
    assert len(after.decisions) == 3
    assert [one.slug for one in found.problems] == ["decision_contradicts_exact_key"]
    assert decisions.add(state, held, [answer("a1", person("", "odile"))])[1].problems == ()


def test_undo() -> None:
    """An answer undone is asked again; one that the state does not hold is a mistake of the caller."""
    state = State.new(SCHOOL, 2025).with_decisions([answer("a1")])
    after = decisions.undo(state, [answer("a1", source_key=evolve(SOURCE.source_key, given=" Odyle "))])
    assert after.decisions == ()
    matching = rules.match([evolve(SOURCE, ref="t1")], [ACCOUNT], decisions=after.decisions)
    assert matching.counts.unmatched == 1
    with pytest.raises(UsageError, match="does not hold"):
        decisions.undo(after, [answer("a1")])


ANSWERS = st.builds(
    answer,
    st.sampled_from(["a1", "a2", "gone"]),
    st.builds(person, st.just(""), st.sampled_from(["Odile", "Odyle", "odile"])),
    refused=st.booleans(),
)


@given(st.lists(ANSWERS, max_size=5))
def test_what_is_added_can_be_undone(given: list[Decision]) -> None:
    """Adding, then undoing all that was added, gives the state back; each answer is reviewed once."""
    state = State.new(SCHOOL, 2025)
    held = Roster(SCHOOL, people=(ACCOUNT, person("a2", "Odyle")))
    after, _ = decisions.add(state, held, given)
    assert [one.decision for one in decisions.review(after, held)] == list(after.decisions)
    assert decisions.undo(after, after.decisions) == state
