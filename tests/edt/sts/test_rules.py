"""The rules of an import take a timetable of STS-Web and SIECLE like any other (rules 2.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from entformats import edt, rules
from entformats.codes.school_year import SchoolYear
from entformats.identity import Key
from entformats.rules import GroupMode, Matched, Preview, Provenance, Roster, RosterClass, RosterGroup, State
from entformats.timetable import Domain, Timetable

if TYPE_CHECKING:
    from collections.abc import Callable

    Variant = Callable[..., edt.Export]

SCHOOL = "0749999S"
WHOLE = "sts_emp emp_sts eleves structures"
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


def prepared(timetable: Timetable, roster: Roster, state: State) -> Preview:
    """Prepare an import that creates groups and their members."""
    mode = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    return rules.prepare(timetable, roster, state=state, mode=mode, at=AT)


@pytest.fixture
def imported(variant: Variant) -> tuple[Roster, State]:
    """Import all files, everybody known; give what the ENT holds then, and its state."""
    timetable = variant(only=WHOLE).timetable
    people = [evolve(person, ref=f"a{number}") for number, person in enumerate(timetable.identities())]
    roster = Roster(SCHOOL, people, classes=[RosterClass("6A")])
    preview = prepared(timetable, roster, State.new(SCHOOL, 2022))
    assert timetable.silent_on == frozenset()
    assert preview.warnings == preview.blockers == ()
    state = preview.validate(State.new(SCHOOL, 2022), at=AT)
    assert state.snapshot.lessons
    return rules.roster_after(roster, state.snapshot), state


@pytest.fixture
def before_remontee(small: dict[str, bytes]) -> Callable[[str], edt.Export]:
    """Give a reader of some of the files, before the remontée: services and groups are empty."""

    def read(only: str) -> edt.Export:
        files = {name: small[f"{name}.xml"].decode() for name in only.split()}
        if "sts_emp" in files:
            services = re.sub(r"<SERVICES>.*?</SERVICES>", "<SERVICES/>", files["sts_emp"], flags=re.DOTALL)
            files["sts_emp"] = re.sub(r"<GROUPES>.*</GROUPES>", "<GROUPES/>", services, flags=re.DOTALL)
        return edt.read({f"{name}.xml": text.encode() for name, text in files.items()})

    return read


@pytest.mark.parametrize(
    "only", ["sts_emp", "sts_emp eleves", "sts_emp nomenclature structures", "eleves structures", "structures"]
)
@pytest.mark.parametrize("sent_up", [True, False])
def test_a_partial_timetable_removes_nothing(
    variant: Variant,
    before_remontee: Callable[[str], edt.Export],
    imported: tuple[Roster, State],
    only: str,
    *,
    sent_up: bool,
) -> None:
    """Files without lessons, before or after the remontée: what they are silent on stays, and a warning says so."""
    roster, state = imported
    partial = (variant(only=only) if sent_up else before_remontee(only)).timetable
    assert Domain.LESSONS in partial.silent_on
    assert (Domain.SERVICES in partial.silent_on) == (not sent_up or "sts_emp" not in only)
    preview = prepared(partial, roster, state)
    removed = {
        name: getattr(preview.bilan, name).removed
        for name in ("subjects", "closure_periods", "week_alternations", "teaching_services", "lessons")
    }
    assert not any(removed.values()), removed
    assert preview.bilan.counts.preliminary.lessons.delta == 0
    assert not preview.plan.lessons
    assert not preview.plan.proposed_removals.groups
    assert not preview.plan.proposed_removals.memberships
    assert {who: audience.teachers for who, audience in preview.snapshot.audiences.items()} == {
        who: audience.teachers for who, audience in state.snapshot.audiences.items()
    }
    assert preview.snapshot.homes == state.snapshot.homes
    assert preview.snapshot.people == state.snapshot.people
    assert preview.bilan.teachers == prepared(variant(only=WHOLE).timetable, roster, state).bilan.teachers
    assert [found.slug for found in preview.warnings] == ["partial_timetable"]
    after = preview.validate(state, at=AT)
    again = prepared(variant(only=WHOLE).timetable, roster, after)
    assert not again.plan.lessons
    assert not again.bilan.teaching_services.removed


def test_a_service_known_to_sts_alone_has_its_hours_and_keeps_its_pattern(
    variant: Variant, imported: tuple[Roster, State]
) -> None:
    """After the remontée, hours changed in STS-Web are a modification; the slots are still those of the lessons."""
    roster, state = imported
    change = ("sts_emp", "<HEURES_STRUCTURE>4.00", "<HEURES_STRUCTURE>4.50")
    services = prepared(variant(change, only="sts_emp").timetable, roster, state).bilan.teaching_services
    [(before, after)] = services.values()
    assert before is not None
    assert after is not None
    assert (before.minutes, after.minutes) == (240, 270)
    assert before.patterns == after.patterns != ()


def test_an_earlier_year_is_not_kept(variant: Variant, imported: tuple[Roster, State]) -> None:
    """The first import of a year begins from nothing, whatever it is silent on."""
    roster, state = imported
    other = evolve(state, snapshot=evolve(state.snapshot, school_year=SchoolYear(2021)))
    assert prepared(variant(only="sts_emp").timetable, roster, other).snapshot.lessons == ()


def test_numbers_alone_match_nobody(variant: Variant, imported: tuple[Roster, State]) -> None:
    """`emp_sts` without `sts_emp` names nobody: it cannot be validated, lest all lessons be lost."""
    roster, state = imported
    lone = variant(only="emp_sts").timetable
    assert {Domain.NAMES, Domain.SUBJECTS, Domain.PUPILS} == lone.silent_on
    blocked = prepared(lone, roster, state)
    assert [found.slug for found in blocked.blockers] == ["nobody_named"]
