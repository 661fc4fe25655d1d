"""Membership in the four modes from files of STS-Web and SIECLE, whose pupils say their groups (rules 2.1, 2.3)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from entformats import rules
from entformats.identity import Key
from entformats.rules import GroupMode, Provenance, Roster, RosterClass, RosterGroup, RosterMembership

if TYPE_CHECKING:
    from collections.abc import Callable

    from entformats import edt

WHOLE = "sts_emp emp_sts eleves structures"
SCHOOL = "0749999S"
HOME, GROUP = Key("class:6A"), Key("group:6ANG")
NAMES = {"teacher:epp1": "t1", "teacher:epp2": "t2", "pupil:360": "p1", "pupil:361": "p2"}


@pytest.mark.parametrize("known", [True, False], ids=["group of the ENT", "group unknown"])
@pytest.mark.parametrize("mode", GroupMode)
def test_membership(variant: Callable[..., edt.Export], mode: GroupMode, *, known: bool) -> None:
    """Pupils where the mode takes them from the file, teachers always, in the class and in the group if it has a home.

    What a teacher added stays; what an earlier import wrote and the files no longer say is proposed.
    """
    timetable = variant(only=WHOLE).timetable
    people = [evolve(one, ref=NAMES[one.ref]) for one in timetable.identities() if one.ref in NAMES]
    groups = [RosterGroup("6ANG", Provenance.AAF)] if known else []
    by_hand = RosterMembership(GROUP, "p2", Provenance.MANUAL)
    earlier = RosterMembership(GROUP, "t1", Provenance.TIMETABLE)
    held = Roster(SCHOOL, people, [RosterClass("6A")], groups, [by_hand, earlier] if known else [])
    matching = rules.match(timetable.identities(), people)
    grouping = rules.rebuild(timetable, held, matching, mode=mode, on=date(2022, 11, 7))
    management, housed = grouping.management, known or mode.creates_groups
    assert management.teachers_to_add == {HOME: {"t1", "t2"}} | ({GROUP: {"t2"}} if housed else {})
    pupils = {HOME: {"p1", "p2"}} | ({GROUP: {"p1"}} if housed else {})
    assert management.pupils_to_add == (pupils if mode.populates else {})
    assert management.to_create == ({GROUP} if housed and not known else set())
    assert grouping.unknown == (set() if housed else {GROUP})
    assert grouping.stale_members == ({earlier} if known else set())
