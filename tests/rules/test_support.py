"""Who may call the support for a school (rules 6.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.identity import Identity, Profile
from entformats.rules import Roster
from entformats.rules.support import DESKS, Desk, Matter, check, limit

UAI = "0749999S"
PROFILES = {"1": Profile.TEACHER, "2": Profile.STAFF, "3": Profile.STAFF, "4": Profile.TEACHER, "5": Profile.PUPIL}
HELD = Roster(UAI, people=[Identity(ref, profile, UAI, "P", f"N{ref}") for ref, profile in PROFILES.items()])


@given(st.lists(st.sampled_from([*PROFILES, "9"]), max_size=7), st.booleans())
def test_declarations(declared: list[str], module: bool) -> None:
    """Each rule by itself, whatever the order: distinct, known, of the staff, within the limit, at least one."""
    report = check(declared, HELD, school_life_module=module)
    assert check(sorted(declared), HELD, school_life_module=module) == report
    found = {(one.slug, one.where.key) for one in report.problems}
    expected = {("support_contact_twice", who) for who in declared if declared.count(who) > 1}
    expected |= {("support_contact_unknown", "9")} if "9" in declared else set()
    expected |= {("support_contact_not_staff", "5")} if "5" in declared else set()
    assert {one for one in found if one[1]} == expected
    assert ("too_many_support_contacts" in {one.slug for one in report.problems}) == (
        len(set(declared)) > (4 if module else 3)
    )
    assert ("no_support_contact" in {one.slug for one in report.problems}) == (not declared)


def test_the_module_is_dropped() -> None:
    """Four people are right with the ENT's own vie scolaire, one too many without it; nobody is chosen."""
    four = ["1", "2", "3", "4"]
    assert check(four, HELD, school_life_module=True).problems == ()
    (found,) = check(four, HELD, school_life_module=False).problems
    assert (found.slug, dict(found.params), found.where.key) == (
        "too_many_support_contacts",
        {"count": 4, "limit": 3},
        "",
    )


def test_a_teacher_who_is_a_parent() -> None:
    """An account with two profiles counts as staff."""
    parent = Identity("1", Profile.GUARDIAN, UAI, "P", "N1")
    assert check(["1"], Roster(UAI, people=[parent, *HELD.people]), school_life_module=False).problems == ()
    assert check(["1"], Roster(UAI, people=[parent]), school_life_module=False).codes == ("ACC-408",)


@pytest.mark.parametrize("matter", Matter)
def test_who_answers(matter: Matter) -> None:
    """The vendor about the ENT, the academy about the rest."""
    assert DESKS[matter] is (Desk.VENDOR if matter is Matter.ENT else Desk.ACADEMY)


def test_limit() -> None:
    """Three, and one more."""
    assert [limit(school_life_module=module) for module in (False, True)] == [3, 4]
