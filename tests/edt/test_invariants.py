"""Invariants of the format page that are about files: order, comments, blanks; pupils and classes (edt 7.2)."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from entformats import edt
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import Kind, Pupil, Timetable, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW = settings(max_examples=settings().max_examples // 3)


def document(timetable: Timetable) -> bytes:
    """Write a timetable."""
    [(_, chunks)] = edt.write(timetable)
    return b"".join(chunks)


def disturbed(content: bytes, random: Random) -> bytes:
    """Put containers in another order, comments, instructions and blanks between elements."""
    root = etree.fromstring(content)
    containers = random.sample(list(root), len(root))
    root[:] = containers
    for element in list(root.iter("*")):
        if random.random() < 0.3:
            element.insert(random.randint(0, len(element)), etree.Comment(' Cours Ident="1" '))
        if random.random() < 0.2:
            element.insert(random.randint(0, len(element)), etree.ProcessingInstruction("x", "y"))
        element.tail = random.choice(["", " ", "\n\t\n"])
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


@FEW
@given(timetables(), st.integers(0, 99))
def test_invariant_9_order_of_containers_comments_and_blanks(timetable: Timetable, seed: int) -> None:
    """None of them changes the timetable, nor what is found in it."""
    content = document(timetable)
    plain, other = edt.read(content), edt.read(disturbed(content, Random(seed)))
    assert other.timetable == plain.timetable
    assert other.report.counts == plain.report.counts


def test_invariant_9_on_the_example(corpus: Callable[[str], Path]) -> None:
    """Also with what later versions add; the comments of the example itself count for nothing."""
    content = corpus("edt/example.xml").read_bytes()
    plain = edt.read(content)
    for seed in range(10):
        other = edt.read(disturbed(content, Random(seed)))
        assert other.timetable == plain.timetable
        assert other.report.counts == plain.report.counts


@FEW
@given(timetables())
def test_invariant_6_a_pupil_in_two_classes_is_reported(timetable: Timetable) -> None:
    """Reported exactly for the pupils who are members of two classes on some day."""
    report = edt.read(document(timetable)).report
    expected = {name.partition(":")[2] for name, pupil in timetable.pupils.items() if twice(timetable, pupil)}
    assert {problem.where.key for problem in report.of_slug("pupil_in_two_classes")} == expected


def twice(timetable: Timetable, pupil: Pupil) -> bool:
    """Tell whether a pupil has two classes on a day on which a membership begins or ends, or on any day."""
    bounds = {day for one in pupil.memberships for day in (one.start, one.end) if day is not None}
    return any(
        sum(1 for one in timetable.groups_of(pupil.identity.ref, on=day) if kind_of(one.ref) is Kind.CLASS) > 1
        for day in (*bounds, date(2022, 10, 1))
    )


@FEW
@given(timetables())
def test_invariant_1_whatever_is_read_refers_to_what_was_read(timetable: Timetable) -> None:
    """Take entities out of a file: every reference of its lessons leads somewhere all the same."""
    poorer = evolve(timetable, teachers=type(timetable.teachers)(), rooms=type(timetable.rooms)())
    found = edt.read(document(poorer))
    gone = {*timetable.teachers, *timetable.rooms}
    lost = sum(1 for lesson in timetable.weekly_lessons for one in lesson.presences if one.who in gone)
    assert len(found.report.of_slug("lesson_reference_unknown")) == lost
    for lesson in found.timetable.weekly_lessons:
        assert not gone.intersection(one.who for one in lesson.presences)
