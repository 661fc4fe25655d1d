"""The rules of an import take a timetable of STS-Web and SIECLE like any other (rules 2.1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import evolve

from entformats import rules
from entformats.identity import Key
from entformats.rules import GroupMode, Matched, Provenance, Roster, RosterClass, RosterGroup, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from entformats import edt

    Variant = Callable[..., edt.Export]

SCHOOL = "0749999S"
AT = datetime(2022, 11, 7, 8, tzinfo=UTC)


def test_an_import_of_joined_files(variant: Variant) -> None:
    """Groups and members are those of the directory; people are matched, lessons and services imported."""
    timetable = variant().timetable
    known = {person.ref: person for person in timetable.identities()}
    people = [evolve(known["teacher:epp1"], ref="a1"), evolve(known["pupil:360"], ref="a2")]
    roster = Roster(SCHOOL, people, classes=[RosterClass("6A")], groups=[RosterGroup("6ANG", Provenance.AAF)])
    preview = rules.prepare(
        timetable,
        roster,
        state=State.new(SCHOOL, timetable.school_year or 0),
        mode=GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS,
        at=AT,
    )
    assert isinstance(preview.matching["teacher:epp1"], Matched)
    assert isinstance(preview.matching["pupil:360"], Matched)
    assert preview.blockers == ()
    assert preview.grouping.management.to_create == frozenset()
    assert preview.grouping.management.pupils_to_add == {}
    assert Key("class:6A") in preview.grouping.management.teachers_to_add


def test_the_every_week_rhythm_is_no_alternation(variant: Variant) -> None:
    """Of the alternations declared, the one of every week is not counted (rules 3.2)."""
    timetable = variant().timetable
    roster = Roster(SCHOOL, [evolve(next(iter(timetable.teachers.values())).identity, ref="a1")])
    state = State.new(SCHOOL, timetable.school_year or 0)
    mode = GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS
    preview = rules.prepare(timetable, roster, state=state, mode=mode, at=AT)
    declared = {alternation.key for alternation in timetable.alternations}
    assert Key("alternation:H") in declared
    assert set(preview.snapshot.alternations) == declared - {"alternation:H"}
