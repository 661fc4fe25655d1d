"""What the ENT holds, made from rows or from a directory, and what it holds after an import."""

from __future__ import annotations

import pytest
from attrs import evolve

from entformats import rules
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Key, Profile
from entformats.rules import (
    Audience,
    MembershipKey,
    Provenance,
    Roster,
    RosterClass,
    RosterGroup,
    RosterMembership,
    Snapshot,
    roster_after,
)
from entformats.testing.school import directory_of, generate
from entformats.testing.strategies.imports import BASE, UAI, timetable

CLASS, GROUP = Key("class:6A"), Key("group:6 LATIN")
ODILE = Identity("27", Profile.TEACHER, UAI, "Odile", "VALMOND")


def test_rows_of_any_iterable() -> None:
    """Generators are read once; keys are cleaned names; rows of one membership are put together."""
    held = Roster(
        UAI,
        people=(one for one in [ODILE]),
        classes=(RosterClass(name) for name in [" 6A"]),
        groups=(RosterGroup(name) for name in ["6  LATIN"]),
        memberships=(RosterMembership(CLASS, "27", one) for one in (Provenance.AAF, Provenance.MANUAL)),
    )
    assert held.profiles == {"27": Profile.TEACHER}
    assert held.known_classes == {CLASS: RosterClass(" 6A")}
    assert held.known_groups == {GROUP: RosterGroup("6  LATIN")}
    assert held.members == {MembershipKey(CLASS, "27"): {Provenance.AAF, Provenance.MANUAL}}
    assert repr(held) == f"<Roster {UAI}: 1 people, 1 classes, 1 groups>"


def test_two_rows_of_one_name() -> None:
    """Two spellings of one name are one class or group, the same one whatever the order of the rows."""
    classes = [RosterClass("6A"), RosterClass(" 6A")]
    groups = [RosterGroup("6 LATIN", Provenance.AAF), RosterGroup("6 LATIN", Provenance.TIMETABLE)]
    one, other = Roster(UAI, classes=classes, groups=groups), Roster(UAI, classes=classes[::-1], groups=groups[::-1])
    assert one.known_classes == other.known_classes == {CLASS: RosterClass("6A")}
    assert one.known_groups == other.known_groups == {GROUP: RosterGroup("6 LATIN", Provenance.TIMETABLE)}


def test_roster_of_a_directory() -> None:
    """People, classes, groups and who is in them, with the provenance `aaf`."""
    known = timetable(BASE)
    held = rules.roster(directory_of(known), school=UAI)
    names = {(row.audience, held.profiles[row.account]) for row in held.memberships}
    assert (
        {row.provenance for row in held.memberships} == {group.provenance for group in held.groups} == {Provenance.AAF}
    )
    assert set(held.known_classes) == {CLASS, Key("class:6B")}
    assert set(held.known_groups) == {one.key for one in known.option_groups.values()}
    assert len([one for one in held.people if one.profile is Profile.PUPIL]) == 5
    assert names == {
        (audience, profile)
        for audience in (*held.known_classes, *held.known_groups)
        for profile in (Profile.PUPIL, Profile.TEACHER)
    } - {(Key("class:6B"), Profile.TEACHER)}


def test_roster_does_not_depend_on_the_order_of_the_directory() -> None:
    """The rows are sorted."""
    school = generate(3, pupils=24)
    one = rules.roster(school.directory, school=school.uai)
    pupils = FrozenMap(reversed(list(school.directory.pupils.items())))
    assert rules.roster(evolve(school.directory, pupils=pupils), school=school.uai) == one


def test_unknown_school() -> None:
    """A school that the directory does not hold is the caller's mistake."""
    with pytest.raises(UsageError):
        rules.roster(directory_of(timetable(BASE)), school="0749998R")


def test_roster_after_an_import() -> None:
    """Groups become driven, matched people become members with the provenance `timetable`, what was there stays."""
    held = Roster(
        UAI,
        people=[ODILE],
        classes=[RosterClass("6A")],
        groups=[RosterGroup("6 LATIN", Provenance.AAF), RosterGroup("CLUB")],
        memberships=[RosterMembership(CLASS, "99", Provenance.MANUAL)],
    )
    teacher, stranger, lost = Key("teacher:1"), Key("teacher:2"), Key("group:LOST")
    snapshot = Snapshot(
        audiences=FrozenMap(
            {
                CLASS: Audience("6A", teachers=frozenset({teacher, stranger})),
                GROUP: Audience("6 LATIN", teachers=frozenset({teacher})),
                lost: Audience("LOST", teachers=frozenset({teacher})),
            }
        ),
        homes=FrozenMap({CLASS: CLASS, GROUP: GROUP}),
        people=FrozenMap({teacher: "27"}),
    )
    after = roster_after(held, snapshot)
    assert after.known_groups == {
        GROUP: RosterGroup("6 LATIN", Provenance.TIMETABLE),
        Key("group:CLUB"): RosterGroup("CLUB"),
    }
    assert after.members == {
        MembershipKey(CLASS, "99"): {Provenance.MANUAL},
        MembershipKey(CLASS, "27"): {Provenance.TIMETABLE},
        MembershipKey(GROUP, "27"): {Provenance.TIMETABLE},
    }
    assert (after.people, after.classes) == (held.people, held.classes)
    assert roster_after(held, Snapshot()) == held


def test_roster_after_a_rename() -> None:
    """A renamed group leaves its old name behind and keeps its members; nothing is there twice."""
    new = Key("group:6 LCA")
    held = Roster(
        UAI,
        groups=[RosterGroup("6 LATIN", Provenance.TIMETABLE)],
        memberships=[RosterMembership(GROUP, "27", Provenance.TIMETABLE), RosterMembership(GROUP, "28")],
    )
    teacher = Key("teacher:1")
    snapshot = Snapshot(
        audiences=FrozenMap({new: Audience("6 LCA", teachers=frozenset({teacher}))}),
        homes=FrozenMap({new: new}),
        people=FrozenMap({teacher: "27"}),
    )
    after = roster_after(held, snapshot, renamed={GROUP: new})
    assert after.groups == (RosterGroup("6 LCA", Provenance.TIMETABLE),)
    assert after.memberships == (
        RosterMembership(new, "27", Provenance.TIMETABLE),
        RosterMembership(new, "28", Provenance.MANUAL),
    )
    assert roster_after(after, snapshot) == after
