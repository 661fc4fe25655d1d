"""Membership in the four modes, from files of EDT, UDT and STS and from AAF, against a naive count (rules 2.1 to 2.4).

A generated school is written in each dialect and read back; the ENT holds its directory, of which some rows are
missing, with rows that teachers added and rows that an earlier import wrote. The files of STS-Web have no pupil, and
say nothing about any.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats import aaf, edt, rules
from entformats.identity import Key
from entformats.rules import (
    Grouping,
    GroupMode,
    Matching,
    MembershipKey,
    Provenance,
    Roster,
    RosterGroup,
    RosterMembership,
    match,
    rebuild,
)
from entformats.testing import school as schools

if TYPE_CHECKING:
    from types import ModuleType

    from entformats.testing.school import FictitiousSchool
    from entformats.timetable import Timetable

DIALECTS = ("edt", "udt", "sts")
Wanted = dict[Key, set[str]]


@cache
def school() -> FictitiousSchool:
    """Draw one small school."""
    return schools.generate(3, pupils=30)


@cache
def through(dialect: str) -> Timetable:
    """Write its first export and read it back."""
    files = {name: b"".join(chunks) for name, chunks in edt.write(school().first, dialect=dialect)}
    return edt.read(files, uai=school().uai).timetable


@cache
def delivered() -> Roster:
    """Write its directory as AAF, read it back: what the ENT holds before any import."""
    files = {name: b"".join(chunks) for name, chunks in aaf.write(school().directory)}
    return rules.roster(aaf.read(files).directory, school=school().uai)


@cache
def matching(dialect: str) -> Matching:
    """Recognise the people of the file."""
    return match(through(dialect).identities(), delivered().people)


def naively(naive: ModuleType) -> tuple[Wanted, Wanted]:
    """Count who is taught where, and who teaches there, from the school itself."""
    file = naive.File(school().first, school(), (), school().first_at.date())
    pupils: Wanted = {}
    teachers: Wanted = {}
    for (kind, name), audience in naive.audiences(file).items():
        pupils[Key(f"{kind}:{name}")] = audience.accounts(audience.pupils)
        teachers[Key(f"{kind}:{name}")] = audience.accounts(audience.teachers)
    return pupils, teachers


def regrouped(held: Roster, dialect: str, mode: GroupMode) -> Grouping:
    """Rebuild from the file of a dialect."""
    return rebuild(through(dialect), held, matching(dialect), mode=mode, on=school().first_at.date())


def test_membership_from_aaf(naive: ModuleType) -> None:
    """The rows of the directory are those that its pupils and teachers declare, once each, of provenance AAF."""
    expected = {Key(f"{kind}:{name}"): who for (kind, name), who in naive.Ent(school(), None).members.items()}
    found: defaultdict[Key, set[str]] = defaultdict(set)
    for row in delivered().memberships:
        found[row.audience].add(row.account)
        assert row.provenance is Provenance.AAF
    assert found == {key: who for key, who in expected.items() if who}
    assert len(set(delivered().memberships)) == len(delivered().memberships)


def test_dialects_know_the_same_audiences() -> None:
    """EDT and STS have every class and group; UDT leaves out a group without part and class."""
    whole = set(regrouped(delivered(), "edt", GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS).audiences)
    assert set(regrouped(delivered(), "sts", GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS).audiences) == whole
    assert set(regrouped(delivered(), "udt", GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS).audiences) <= whole


ROWS = st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999), st.sampled_from(Provenance)), max_size=6)


def holding(kept: list[bool], rows: list[tuple[int, int, Provenance]], *, driven: bool) -> Roster:
    """Make an ENT that lost some rows of its directory and got others; groups of the file may be there already."""
    held = delivered()
    groups = [RosterGroup(one.name, Provenance.TIMETABLE) for one in school().first.option_groups.values()][:3]
    known = {one.key for one in held.groups}
    groups = [one for one in groups if driven and one.key not in known]
    audiences = [*sorted(held.known_classes), *sorted(held.known_groups), *(one.key for one in groups)]
    people = sorted(one.ref for one in held.people)
    added = (
        RosterMembership(audiences[a % len(audiences)], people[b % len(people)], provenance)
        for a, b, provenance in rows
    )
    left = [row for row, keep in zip(held.memberships, kept * len(held.memberships), strict=False) if keep]
    return evolve(held, groups=(*held.groups, *groups), memberships=dict.fromkeys((*left, *added)))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("mode", GroupMode)
def test_membership(dialect: str, mode: GroupMode, naive: ModuleType) -> None:
    """Added: whom the file says and the ENT lacks, pupils where the mode takes them from the file; removed: nobody.

    What is proposed for removal was written by an earlier import; what teachers, administrators and AAF wrote stays.
    """
    pupils, teachers = naively(naive)

    @settings(max_examples=max(settings().max_examples // 5, 5))
    @given(st.lists(st.booleans(), min_size=5, max_size=9), ROWS, st.booleans())
    def holds(kept: list[bool], rows: list[tuple[int, int, Provenance]], driven: bool) -> None:
        held = holding(kept, rows, driven=driven)
        grouping = regrouped(held, dialect, mode)
        known = {*held.known_classes, *held.known_groups}
        homes = set(grouping.audiences) if mode.creates_groups else set(grouping.audiences) & known
        assert set(grouping.homes) == homes
        has = {(row.audience, row.account) for row in held.memberships}
        wanted_pupils = {key: pupils[key] if mode.populates else set() for key in homes}
        management = grouping.management
        assert management.pupils_to_add == lacking(wanted_pupils, has)
        assert management.teachers_to_add == lacking({key: teachers[key] for key in homes}, has)
        stale = grouping.stale_members
        profiles = held.profiles
        expected = {
            row
            for row in held.memberships
            if row.provenance is Provenance.TIMETABLE
            and row.audience in homes
            and (mode.populates or profiles[row.account] != "pupil")
            and row.account not in wanted_pupils[row.audience] | teachers[row.audience]
        }
        assert stale == expected
        check_written(held, grouping, dialect, mode)

    holds()


def lacking(wanted: Wanted, has: set[tuple[Key, str]]) -> Wanted:
    """Give whom the ENT lacks, class by class."""
    found = {key: {who for who in people if (key, who) not in has} for key, people in wanted.items()}
    return {key: people for key, people in found.items() if people}


def check_written(held: Roster, grouping: Grouping, dialect: str, mode: GroupMode) -> None:
    """Written in the ENT, an import has nothing more to add, and every row that was there is still there."""
    management = grouping.management
    added = [
        RosterMembership(key, who, Provenance.TIMETABLE)
        for members in (management.teachers_to_add, management.pupils_to_add)
        for key, people in members.items()
        for who in people
    ]
    after = evolve(held, groups=(*held.groups, *grouping.created.values()), memberships=(*held.memberships, *added))
    again = regrouped(after, dialect, mode)
    assert not again.management.teachers_to_add
    assert not again.management.pupils_to_add
    assert not again.management.to_create
    manual = {row.key for row in held.memberships if row.provenance is not Provenance.TIMETABLE}
    assert manual <= set(after.members)
    assert {MembershipKey(row.audience, row.account) for row in again.stale_members}.isdisjoint(
        row.key for row in added
    )
