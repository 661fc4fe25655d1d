"""The invariants of timetables, held by what each of the three readers gives of any timetable (edt 7.2)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings

from entformats import edt
from entformats.changes import Diff
from entformats.codes import weeks
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import Kind, Timetable, clashes, kind_of
from entformats.timetable.keyed import LessonKey
from entformats.timetable.models import WEEKDAYS

FEW = settings(max_examples=settings().max_examples // 10)
DATED = timetables(dated=True).filter(lambda one: one.first_monday is not None and one.first_monday.isoweekday() == 1)
ALL = pytest.mark.parametrize("dialect", sorted(edt.DIALECTS))


def read(timetable: Timetable, dialect: str) -> edt.Export:
    """Write a timetable in a dialect, and read it."""
    written = {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect=dialect)}
    return edt.read(written, uai=timetable.uai)


def occurrences(timetable: Timetable) -> Counter[LessonKey]:
    """Count the dated lessons, in keys."""
    first = timetable.first_monday
    return (
        Counter(one for lesson in timetable.keyed_lessons for one in lesson.occurrences(first)) if first else Counter()
    )


@ALL
@FEW
@given(DATED)
def test_invariants_1_to_5_of_lessons(dialect: str, timetable: Timetable) -> None:
    """References resolve, masks are weeks, dates are in the year and on their day, all resources take part."""
    found = read(timetable, dialect).timetable
    start, end, first = found.start, found.end, found.first_monday
    assert start is not None
    assert end is not None
    assert first is not None
    named = {*found.keys, *found.class_parts}
    for lesson in found.weekly_lessons:
        assert {*lesson.subjects, *(one.who for one in lesson.presences)} <= named
        assert all(weeks.parse(weeks.format(one.weeks)) == one.weeks for one in lesson.presences)
        assert all(one.weeks.mask % 2 == 0 for one in lesson.presences)
        dated = list(evolve(found, weekly_lessons=(lesson,)).lessons())
        assert sum(not one.cancelled for one in dated) == len(lesson.active_weeks) * (lesson.weekday in WEEKDAYS)
        assert all(start <= one.date <= end for one in dated)
        assert all((one.date - first).days % 7 == lesson.weekday - 1 for one in dated)
        assert lesson.active_weeks.isdisjoint(lesson.cancelled_weeks)
        if lesson.weekday in WEEKDAYS:
            assert {who for one in dated for who in one.participants} == {p.who for p in lesson.presences if p.weeks}


@ALL
@FEW
@given(DATED)
def test_invariants_6_to_8_of_people(dialect: str, timetable: Timetable) -> None:
    """Two classes are a finding; members come from the classes and parts of their group; clashes are no finding."""
    export = read(timetable, dialect)
    found = export.timetable
    assert found.first_monday is not None
    days = [found.first_monday + timedelta(days=7 * week) for week in (1, 9, 30)]
    twice = any(
        sum(kind_of(one.ref) is Kind.CLASS for one in found.groups_of(name, on=day)) > 1
        for name in found.pupils
        for day in days
    )
    assert not twice or export.report.of_slug("pupil_in_two_classes")
    for group in found.option_groups.values():
        homes = {group.ref, *group.classes, *group.parts}
        for pupil in found.members(group, on=days[1]):
            assert pupil.identity.ref in group.pupils or any(one.of in homes for one in pupil.memberships)
    assert not any("clash" in one.slug for one in export.report.problems)
    assert all(one.weeks for one in clashes(found))


@ALL
@FEW
@given(DATED, DATED)
def test_invariant_10_differences(dialect: str, one: Timetable, other: Timetable) -> None:
    """Nothing differs from itself; applied, the difference of two readings leads from one to the other."""
    before, after = (occurrences(read(drawn, dialect).timetable) for drawn in (one, other))
    assert not Diff.between(before, before)
    assert Diff.between(before, after).apply(before) == after
