"""Invariants of the format page (edt 7.2) and B14 of the rules, on timetables drawn at random."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats.changes import Diff
from entformats.codes import weeks as codes
from entformats.codes.weeks import WeekSet
from entformats.testing.disguises import renumbered, shuffled
from entformats.testing.strategies.timetables import timetables, week_sets
from entformats.timetable import Kind, Timetable, WeeklyLesson, kind_of
from entformats.timetable.keyed import KeyedLesson, LessonKey
from entformats.timetable.services import weekly_events

FEW = settings(max_examples=settings().max_examples // 3)
"""Drawing a timetable is slow: fewer examples are enough for the simplest laws."""
DAYS = st.sampled_from([date(2022, 8, 29), date(2022, 10, 9), date(2022, 10, 10), date(2023, 2, 1), date(2023, 8, 31)])


def occurrences(timetable: Timetable) -> Counter[LessonKey]:
    """Give the dated lessons that can be imported, in keys."""
    both = zip(timetable.weekly_lessons, timetable.keyed_lessons, strict=True)
    kept = [keyed for lesson, keyed in both if not lesson.on_class_part_only]
    first = timetable.first_monday
    return Counter(one for lesson in kept for one in lesson.occurrences(first)) if first else Counter()


@FEW
@given(timetables())
def test_invariant_1_references_resolve(timetable: Timetable) -> None:
    """Every resource and subject of a lesson is an entity of its kind."""
    homes = {
        Kind.SUBJECT: timetable.subjects,
        Kind.TEACHER: timetable.teachers,
        Kind.STAFF: timetable.staff,
        Kind.PUPIL: timetable.pupils,
        Kind.CLASS: timetable.classes,
        Kind.PART: timetable.class_parts,
        Kind.GROUP: timetable.option_groups,
        Kind.ROOM: timetable.rooms,
        Kind.EQUIPMENT: timetable.equipment,
    }
    for lesson in timetable.weekly_lessons:
        for name in (*lesson.subjects, *(presence.who for presence in lesson.presences)):
            assert name in homes[kind_of(name)]


@given(week_sets())
def test_invariant_2_masks_and_weeks_are_the_same_thing(weeks: WeekSet) -> None:
    """Decoding what was encoded gives the weeks back; a mask is even, as bit 0 is unused."""
    assert WeekSet.of(weeks) == weeks
    assert codes.parse(codes.format(weeks)) == weeks
    assert weeks.mask % 2 == 0
    assert all(1 <= week <= 63 for week in weeks)


@FEW
@given(timetables(dated=True))
def test_invariant_3_one_dated_lesson_for_each_active_week(timetable: Timetable) -> None:
    """As many as active weeks, each inside the school year and on the right day of the week."""
    first, start, end = timetable.first_monday, timetable.start, timetable.end
    assert first is not None
    assert start is not None
    assert end is not None
    for lesson in timetable.weekly_lessons:
        dated = list(evolve(timetable, weekly_lessons=(lesson,)).lessons())
        held = [one for one in dated if not one.cancelled]
        expected = len(lesson.active_weeks) if lesson.weekday <= 7 else 0
        assert len(held) == expected
        assert all(start <= one.date <= end for one in dated)
        assert all((one.date - first).days % 7 == lesson.weekday - 1 for one in dated)


@FEW
@given(timetables())
def test_invariant_4_no_week_is_both_active_and_cancelled(timetable: Timetable) -> None:
    """Active and cancelled weeks are disjoint, and together those of the lesson."""
    both: list[WeeklyLesson | KeyedLesson] = [*timetable.weekly_lessons, *timetable.keyed_lessons]
    for lesson in both:
        assert lesson.active_weeks.isdisjoint(lesson.cancelled_weeks)
        assert lesson.active_weeks | lesson.cancelled_weeks == lesson.weeks


@FEW
@given(timetables(dated=True))
def test_invariant_5_every_resource_with_a_week_takes_part(timetable: Timetable) -> None:
    """Over all weeks, the participants are the resources whose mask is not zero."""
    for lesson in timetable.weekly_lessons:
        if lesson.weekday <= 7:
            dated = evolve(timetable, weekly_lessons=(lesson,)).lessons()
            assert {who for one in dated for who in one.participants} == {p.who for p in lesson.presences if p.weeks}


@FEW
@given(timetables(), DAYS)
def test_invariant_7_members_of_a_group_are_members_of_its_classes(timetable: Timetable, day: date) -> None:
    """Or of its parts, or listed, or members of the group itself: nobody else."""
    for group in timetable.option_groups.values():
        homes = {group.ref, *group.classes, *group.parts}
        for pupil in timetable.members(group, on=day):
            assert pupil.identity.ref in group.pupils or any(one.of in homes for one in pupil.memberships)


@FEW
@given(timetables(), DAYS)
def test_members_and_groups_are_each_others_reverse(timetable: Timetable, day: date) -> None:
    """A pupil is a member of exactly the classes and groups that the pupil is said to have."""
    for audience in (*timetable.classes, *timetable.option_groups):
        members = {pupil.identity.ref for pupil in timetable.members(audience, on=day)}
        for name in timetable.pupils:
            names = [one.ref for one in timetable.groups_of(name, on=day)]
            assert (name in members) == (audience in names)


@FEW
@given(timetables(dated=True), timetables(dated=True))
def test_invariant_10_differences(one: Timetable, other: Timetable) -> None:
    """Nothing differs from itself; applied to one timetable, the difference gives the other."""
    before, after = occurrences(one), occurrences(other)
    assert not Diff.between(before, before)
    assert Diff.between(before, after).apply(before) == after
    services = Diff.between(one.services, other.services)
    assert services.apply(one.services) == other.services


@given(timetables(), st.integers(0, 999))
def test_b14_numbers_and_order_do_not_matter(timetable: Timetable, seed: int) -> None:
    """Other `Ident`, another order: the same lessons in keys, services, closures, alternations and events."""
    other = shuffled(renumbered(timetable, Random(seed)), Random(seed))
    assert Counter(other.keyed_lessons) == Counter(timetable.keyed_lessons)
    assert other.services == timetable.services
    assert list(other.services) == list(timetable.services)
    assert other.closures == timetable.closures
    assert other.alternations == timetable.alternations
    assert other.opened == timetable.opened
    assert events(other) == events(timetable)
    assert Counter(map(str, other.keys.values())) == Counter(map(str, timetable.keys.values()))


def events(timetable: Timetable) -> object:
    """Give the events of the week."""
    first = timetable.first_monday or date(2022, 8, 29)
    return weekly_events(timetable.keyed_lessons, timetable.opened, first_monday=first)


@FEW
@given(timetables(dated=True))
def test_dated_lessons_are_in_order(timetable: Timetable) -> None:
    """By date, then by time; a window of days gives those of the window and no others."""
    dated = list(timetable.lessons())
    assert [one.date for one in dated] == sorted(one.date for one in dated)
    middle = date(2022, 10, 10)
    before = list(timetable.lessons(end=middle - timedelta(days=1)))
    assert before + list(timetable.lessons(start=middle)) == dated


def test_what_the_strategy_draws() -> None:
    """The pools are small enough for what matters to happen: counted over the examples of one run."""
    seen: Counter[str] = Counter()

    @settings(max_examples=100)
    @given(timetables())
    def draw(timetable: Timetable) -> None:
        keyed = timetable.keyed_lessons
        seen["alternations"] += bool(timetable.alternations)
        seen["closures"] += bool(timetable.closures)
        seen["cancellations"] += any(lesson.cancelled_weeks for lesson in keyed)
        seen["substitutes"] += any(len(x.of(Kind.TEACHER)) > len(x.regular_teachers) for x in keyed)
        seen["parts only"] += any(lesson.on_class_part_only for lesson in timetable.weekly_lessons)
        seen["unplaceable"] += any(lesson.start is None for lesson in keyed)
        seen["colliding names"] += len(set(timetable.keys.values())) < len(timetable.keys)
        seen["undated"] += timetable.first_monday is None

    draw()
    assert all(seen[what] for what in ("alternations", "closures", "cancellations", "substitutes")), seen
    assert all(seen[what] for what in ("parts only", "unplaceable", "colliding names", "undated")), seen
