"""Groups that stand for class parts: only where one group is the only one, and marked (edt 3.9)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given, settings

from entformats import edt, rules
from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.rules import DropReason, GroupMode, Policy, Roster, RosterClass, State
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import Kind, OptionGroup, Presence, Timetable, WeeklyLesson, groups_for_parts, ref

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW = settings(max_examples=settings().max_examples // 4)
PART, OTHER = ref(Kind.PART, "1"), ref(Kind.PART, "2")
LESSON = WeeklyLesson(
    1, 0, 1, None, None, (), (Presence(PART, WeekSet.of([1, 2])), Presence(OTHER, WeekSet.of([2, 3])))
)


def grouped(*groups: tuple[Ref, ...]) -> tuple[Presence, ...]:
    """Give the presences of the lesson, the groups being made of these parts."""
    named = {
        ref(Kind.GROUP, str(n)): OptionGroup(ref(Kind.GROUP, str(n)), f"G{n}", parts=parts)
        for n, parts in enumerate(groups)
    }
    timetable = Timetable("0749999S", option_groups=FrozenMap(named), weekly_lessons=(LESSON,))
    return groups_for_parts(timetable).weekly_lessons[0].presences


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ([(PART, OTHER)], (Presence(ref(Kind.GROUP, "0"), WeekSet.of([1, 2, 3]), derived=True),)),
        (
            [(PART,), (OTHER,)],
            (
                Presence(ref(Kind.GROUP, "0"), WeekSet.of([1, 2]), derived=True),
                Presence(ref(Kind.GROUP, "1"), WeekSet.of([2, 3]), derived=True),
            ),
        ),
        ([(PART, OTHER), (OTHER,)], LESSON.presences),
        ([(PART,)], LESSON.presences),
        ([], LESSON.presences),
    ],
)
def test_one_group_for_each_part(groups: list[tuple[Ref, ...]], found: tuple[Presence, ...]) -> None:
    """In the weeks of its parts; not where a part has two groups, or none."""
    assert grouped(*groups) == found


@FEW
@given(timetables())
def test_nothing_else_changes(timetable: Timetable) -> None:
    """Lessons with a class or a group stay; the others are held as before; it is done once for all."""
    done = groups_for_parts(timetable)
    for before, after in zip(timetable.weekly_lessons, done.weekly_lessons, strict=True):
        assert after == before or (before.on_class_part_only and not after.on_class_part_only)
        assert after.weeks == before.weeks
        assert any(one.derived for one in after.presences) == (after != before)
    assert groups_for_parts(done) == done


def test_an_import_does_it_when_asked(corpus: Callable[[str], Path]) -> None:
    """By default such lessons are left out; with the policy those whose part has one group are imported."""
    read = edt.read(corpus("edt/example.xml")).timetable
    [group] = [one for one in read.option_groups.values() if one.name == "6A SVT G1"]
    lesson = next(one for one in read.weekly_lessons if one.on_class_part_only)
    [part] = [one.who for one in lesson.of(Kind.PART)]
    groups = {**read.option_groups, group.ref: evolve(group, parts=(*group.parts, part))}
    timetable = evolve(read, option_groups=FrozenMap(groups))
    people = [evolve(one, ref=f"a{number}") for number, one in enumerate(timetable.identities())]
    roster = Roster(timetable.uai, people, classes=[RosterClass("6A"), RosterClass("6B")])
    mode, at = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS, datetime(2022, 11, 7, tzinfo=UTC)

    def left_out(policy: Policy) -> list[DropReason]:
        state = State.new(timetable.uai, 2022)
        preview = rules.prepare(timetable, roster, state=state, mode=mode, at=at, policy=policy)
        return [one.reason for one in preview.selection.dropped]

    assert DropReason.CLASS_PART_ONLY in left_out(Policy(name_only=rules.NameOnly.ACCEPT_UNIQUE))
    asked = Policy(name_only=rules.NameOnly.ACCEPT_UNIQUE, groups_for_parts=True)
    assert DropReason.CLASS_PART_ONLY not in left_out(asked)
