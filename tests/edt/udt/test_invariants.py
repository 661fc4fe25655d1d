"""Invariants of timetables, for the reader of UDT (edt 7.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from entformats import edt
from entformats.changes import Diff
from entformats.codes.weeks import WeekSet, of_iso
from entformats.edt.udt.calendar import iso_mask
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import Kind, Timetable, WeeklyLesson
from entformats.timetable.models import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW = settings(max_examples=settings().max_examples // 3)
UAI = "0749999S"


def members_of(timetable: Timetable) -> dict[str, bytes]:
    """Write a timetable."""
    return {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect="udt")}


def read(members: Mapping[str, bytes]) -> Timetable:
    """Read an archive."""
    return edt.read(members, uai=UAI).timetable


@pytest.fixture(scope="module")
def college(corpus: Callable[[str], Path]) -> Timetable:
    """Read the sample school."""
    return edt.read(corpus("udt/college"), uai=UAI).timetable


TIMETABLES = (
    timetables(dated=True)
    .filter(lambda one: one.first_monday is not None and one.first_monday.isoweekday() == 1)
    .map(lambda one: read(members_of(one)))
)


def check(timetable: Timetable) -> None:
    """Hold a timetable to invariants 1, 3, 4, 5 and 7."""
    known = {*timetable.teachers, *timetable.staff, *timetable.classes, *timetable.class_parts}
    known |= {*timetable.option_groups, *timetable.rooms}
    dated = Counter((one.date.isoweekday(), one.cancelled) for one in timetable.lessons())
    expected: Counter[tuple[int, bool]] = Counter()
    for lesson in timetable.weekly_lessons:
        assert {one.who for one in lesson.presences} <= known
        assert set(lesson.subjects) <= set(timetable.subjects)
        assert lesson.active_weeks.isdisjoint(lesson.cancelled)
        check_participants(lesson)
        if lesson.weekday in WEEKDAYS:
            expected[lesson.weekday, False] += len(lesson.active_weeks)
            expected[lesson.weekday, True] += len(lesson.cancelled)
    assert dated == +expected
    for one in timetable.lessons():
        assert timetable.start is None or one.date >= timetable.start
        assert timetable.end is None or one.date <= timetable.end
    check_members(timetable)


def check_participants(lesson: WeeklyLesson) -> None:
    """The participants of all weeks together are all resources that have a week (invariant 5)."""
    participants = {one.who for week in lesson.weeks for one in lesson.presences if week in one.weeks}
    assert participants == {one.who for one in lesson.presences if one.weeks}


def check_members(timetable: Timetable) -> None:
    """The pupils of a group are among those of its classes and parts (invariant 7)."""
    for day in (date(2022, 9, 5), date(2022, 10, 26), date(2023, 1, 9)):
        for group in timetable.option_groups.values():
            homes = {*group.classes, *group.parts}
            for pupil in timetable.members(group, on=day):
                assert homes & {one.of for one in pupil.memberships}


@FEW
@given(TIMETABLES)
def test_invariants_of_what_was_read(timetable: Timetable) -> None:
    """References lead somewhere, lessons are dated inside the year, cancelled weeks are not active."""
    check(timetable)


def test_invariants_of_the_sample(college: Timetable) -> None:
    """The same of the sample school."""
    check(college)


@given(st.sets(st.integers(1, 53)))
def test_invariant_2_masks(numbers: set[int]) -> None:
    """The weeks of a mask of ISO weeks are those that were put in it; 53 is one of them in 2020."""
    monday = date(2020, 8, 31)
    weeks = WeekSet.of(of_iso(number, monday) for number in numbers)
    assert iso_mask(weeks, monday) == sum(1 << number - 1 for number in numbers)


@FEW
@given(TIMETABLES)
def test_invariant_6_a_pupil_in_two_classes_is_reported(timetable: Timetable) -> None:
    """Exactly those who are members of two classes in some week."""
    report = edt.read(members_of(timetable), uai=UAI).report
    twice = 0
    for pupil in timetable.pupils.values():
        stays: dict[str, set[int]] = {}
        for one in pupil.memberships:
            if one.of in timetable.classes:
                stays.setdefault(one.of, set()).update(range(1, 54) if one.weeks is None else one.weeks)
        twice += len({week for weeks in stays.values() for week in weeks}) < sum(map(len, stays.values()))
    assert len(report.of_slug("pupil_in_two_classes")) == twice


def disturbed(content: bytes, random: Random) -> bytes:
    """Put records in another order, with comments, instructions and blanks between them."""
    root = etree.fromstring(content)
    if not {"ele_gpe", "annee"} & {str(child.tag) for child in root}:
        root[:] = random.sample(list(root), len(root))
    for element in list(root.iter("*")):
        if random.random() < 0.3:
            element.addnext(etree.Comment(' salle code="S1" ')) if element is not root else None
        element.tail = random.choice(["", " ", "\n\t\n"])
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


@pytest.mark.parametrize("seed", range(5))
def test_invariant_9_order_comments_and_blanks(college: Timetable, seed: int) -> None:
    """Neither the order of members and records, nor comments and blanks, change the timetable."""
    random = Random(seed)
    members = members_of(college)
    names = random.sample(sorted(members), len(members))
    other = edt.read({name: disturbed(members[name], random) for name in names}, uai=UAI)
    assert other.timetable == read(members)
    assert other.report.counts == edt.read(members, uai=UAI).report.counts


@FEW
@given(TIMETABLES, TIMETABLES)
def test_invariant_10_differences(one: Timetable, other: Timetable) -> None:
    """The difference of a timetable with itself is empty; applied, that of two leads from one to the other."""
    a, b = occurrences(one), occurrences(other)
    assert not Diff.between(a, a)
    assert Diff.between(a, b).apply(a) == b


def occurrences(timetable: Timetable) -> dict[object, int]:
    """Count the dated lessons, by what they say."""
    assert timetable.first_monday is not None
    found = (one for lesson in timetable.keyed_lessons for one in lesson.occurrences(timetable.first_monday))
    return dict(Counter(found))


def test_invariant_8_clashes_are_no_findings(college: Timetable) -> None:
    """Two lessons of one teacher at one slot are information, not an error: alternate weeks are written so."""
    labs = [one for one in college.weekly_lessons if "teacher:TESP" in {who.who for who in one.of(Kind.TEACHER)}]
    assert any(
        a is not b and (a.weekday, a.first_slot) == (b.weekday, b.first_slot) and not a.weeks.isdisjoint(b.weeks)
        for a in labs
        for b in labs
    )
