"""Invariants of timetables on files of STS-Web, drawn and disturbed (edt 7.2)."""

from __future__ import annotations

import re
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.errors import UnreadableInput
from entformats.names import clean
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import Alternation, Kind, Timetable, clashes, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

FEW = settings(max_examples=settings().max_examples // 4)


def written(timetable: Timetable) -> dict[str, bytes]:
    """Write the files."""
    return {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect="sts")}


def disturbed(content: bytes, random: Random) -> bytes:
    """Put the sections in another order, blanks around texts, comments between elements."""
    root = etree.fromstring(content)
    for element in list(root.iter("*")):
        if element.tag in {"STS_EDT", "EDT_STS", "DONNEES", "BEE_ELEVES"}:
            element[:] = random.sample(list(element), len(element))
        if len(element) == 0 and element.text:
            element.text = f"\n  {element.text}\t"
        if random.random() < 0.2 and len(element):
            element.insert(random.randint(0, len(element)), etree.Comment(" <COURS/> "))
        element.tail = random.choice(["", " ", "\n\t\n"])
    return etree.tostring(root, encoding="iso-8859-15", xml_declaration=True)


@FEW
@given(timetables())
def test_what_was_written_and_read_is_written_and_read_the_same(timetable: Timetable) -> None:
    """One passage through the files leaves what they can hold; a second one changes nothing of it."""
    once = edt.read(written(timetable)).timetable
    assert edt.read(written(once)).timetable == once


@FEW
@given(timetables(dated=True))
def test_teachers_who_change_teach_in_their_own_weeks(timetable: Timetable) -> None:
    """Whoever gives a lesson of a class or group on a day gives it on that day once read, and nobody else."""
    read = edt.read(written(timetable)).timetable
    assert taught(read) == taught(timetable)


def taught(timetable: Timetable) -> set[tuple[object, ...]]:
    """Give the dated lessons with teachers that are not cancelled: when, what, to which audience, by whom."""
    names = {who: f"{one.identity.given}/{one.identity.family}" for who, one in timetable.teachers.items()}
    subjects = {name: clean(one.code or one.label) for name, one in timetable.subjects.items()}
    return {
        (one.date, one.start, one.end, subjects[one.subjects[0]], timetable.keys[audience], names[who])
        for one in timetable.lessons()
        if not one.cancelled and one.start and one.subjects
        for audience in one.of(Kind.CLASS) | one.of(Kind.GROUP)
        for who in one.of(Kind.TEACHER)
    }


@FEW
@given(timetables())
def test_invariants_1_3_4_5_of_lessons(timetable: Timetable) -> None:
    """References resolve; dates are of the right day, inside the year; participants are the resources."""
    read = edt.read(written(timetable)).timetable
    known = {*read.teachers, *read.classes, *read.option_groups, *read.rooms}
    for weekly in read.weekly_lessons:
        assert {presence.who for presence in weekly.presences} <= known
        assert set(weekly.subjects) <= set(read.subjects)
        assert weekly.active_weeks.isdisjoint(weekly.cancelled)
        one = list(evolve(read, weekly_lessons=(weekly,)).lessons())
        assert len(one) == len(weekly.active_weeks)
        assert all((read.start or x.date) <= x.date <= (read.end or x.date) for x in one)
        assert all(x.date.isoweekday() == weekly.weekday for x in one)
        assert {who for x in one for who in x.participants} == {p.who for p in weekly.presences if p.weeks}
    for service in read.services:
        assert {*service.teachers, *service.audience, service.subject} <= set(read.keys.values())


@FEW
@given(st.integers(0, 999))
def test_invariant_9_order_of_sections_comments_and_blanks(small: dict[str, bytes], seed: int) -> None:
    """None of them changes the timetable, nor what is found in it; nor does the order of the files."""
    plain = edt.read(small)
    random = Random(seed)
    names = random.sample(list(small), len(small))
    other = edt.read({name: disturbed(small[name], random) for name in names})
    assert other.timetable == plain.timetable
    assert other.report.counts == plain.report.counts


def test_invariant_7_pupils_of_a_group_are_pupils_of_its_divisions(sample: Callable[..., edt.Export]) -> None:
    """On a day, in the samples."""
    timetable = sample("sts_emp_0740000Y_2022.xml", "ElevesSansAdresses.xml").timetable
    assert timetable.start is not None
    for group in timetable.option_groups.values():
        homes = {timetable.class_parts[part].school_class for part in group.parts}
        for pupil in timetable.members(group, on=timetable.start):
            classes = {one.of for one in pupil.memberships if kind_of(one.of) is Kind.CLASS}
            assert classes <= homes


def test_invariant_10_nothing_differs_from_itself(sample: Callable[..., edt.Export]) -> None:
    """The files read twice, in two orders, have the same lessons, dated."""
    names = ("sts_emp_0740000Y_2022.xml", "emp_sts_0740000Y_2022.xml")
    one, other = sample(*names).timetable, sample(*reversed(names)).timetable
    assert list(one.lessons()) == list(other.lessons())


@FEW
@given(st.data())
def test_any_bytes_give_our_errors_or_a_timetable(small: dict[str, bytes], data: st.DataObject) -> None:
    """Cut or flipped anywhere, alone or beside the others, a file is read or refused by our errors only."""
    name = data.draw(st.sampled_from(sorted(small)))
    content = bytearray(small[name])
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    for _ in range(data.draw(st.integers(0, 3))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    for source in (bytes(content), {**small, name: bytes(content)}):
        try:
            export = edt.read(source)
        except UnreadableInput:
            continue
        assert list(export.timetable.lessons()) is not None
        assert export.timetable.services is not None


@FEW
@given(st.sets(st.integers(1, 53)))
def test_invariant_2_mondays_and_weeks(numbers: set[int]) -> None:
    """The Mondays of an alternation are read as the weeks that they were, in a year of 53 weeks too."""
    monday = date(2020, 8, 31)
    weeks = WeekSet.of(numbers)
    mondays = frozenset(weeks.dates(monday, 1))
    year = Timetable(
        "0749999S",
        date(2020, 8, 31),
        date(2021, 9, 5),
        monday,
        declared_alternations=(Alternation("Q", mondays),),
    )
    read = edt.read(written(year)).timetable
    assert [one.mondays for one in read.alternations] == [mondays]
    assert read.first_monday is not None
    assert {(day - read.first_monday).days // 7 + 1 for one in read.alternations for day in one.mondays} == set(weeks)
    assert weeks.mask % 2 == 0


@FEW
@given(st.lists(st.sampled_from(["6A", "6B", "6A"]), max_size=3), st.lists(st.sampled_from(["D", "G"]), min_size=3))
def test_invariant_6_a_pupil_in_two_classes_is_reported(
    small: dict[str, bytes], codes: list[str], kinds: list[str]
) -> None:
    """Exactly where two divisions are given to one pupil; one that is given twice is one."""
    rows = [(code, kind) for code, kind in zip(codes, kinds, strict=False)]
    structures = "".join(
        f"<STRUCTURE><CODE_STRUCTURE>{code}</CODE_STRUCTURE><TYPE_STRUCTURE>{kind}</TYPE_STRUCTURE></STRUCTURE>"
        for code, kind in rows
    )
    block = f'<STRUCTURES_ELEVE ELEVE_ID="360">{structures}</STRUCTURES_ELEVE>'
    pupils = re.sub(r"<STRUCTURES_ELEVE.*</STRUCTURES_ELEVE>", block, small["eleves.xml"].decode(), flags=re.DOTALL)
    report = edt.read({**small, "eleves.xml": pupils.encode()}).report
    divisions = {code for code, kind in rows if kind == "D"}
    assert len(report.of_slug("sts_two_classes")) == (len(divisions) > 1)


@FEW
@given(timetables(dated=True))
def test_invariant_8_clashes_are_no_findings(timetable: Timetable) -> None:
    """Two lessons of one teacher, class or room at one time are found by asking, and reported by no reader."""
    read = edt.read(written(timetable))
    assert not any("clash" in found.slug for found in read.report.problems)
    for clash in clashes(read.timetable):
        one, other = clash.lessons
        assert one.weekday == other.weekday
        assert not one.active_weeks.isdisjoint(other.active_weeks)
        assert clash.shared
