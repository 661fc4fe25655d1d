"""Which lessons are kept, and why the others are not (rules 3.6)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from entformats.codes.weeks import WeekSet
from entformats.identity import Key, Ref
from entformats.rules import Dropped, DropReason, GroupMode, Policy, Selection, match, select
from entformats.testing.strategies.imports import (
    BASE,
    STRANGER,
    UAI,
    Course,
    group,
    home,
    part,
    roster,
    timetable,
)
from entformats.timetable import Grid, Presence, Timetable

if TYPE_CHECKING:
    from collections.abc import Iterable

OPTION_2 = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
DIRECTORY_MODES = [GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS, GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS]
KNOWN = frozenset({Key("class:6A"), Key("class:6B"), Key("group:6A SVT G1")})
ALL, NOBODY = "all", ()
PLAIN = Course(1, 0, "MATHS", ((1, ALL),), (home(0),))


def export(*courses: Course) -> Timetable:
    """Write an export of three classes."""
    return timetable(evolve(BASE, courses=courses, classes=3))


def judged(
    exported: Timetable, *, mode: GroupMode = OPTION_2, policy: Policy | None = None, known: Iterable[Key] = KNOWN
) -> Selection:
    """Select among the lessons of an export; teachers 1 to 3 are matched, teacher 4 is a stranger."""
    matching = match(exported.identities(), roster([], []).people)
    return select(exported, matching, known=frozenset(known), mode=mode, policy=policy or Policy())


def reasons(*courses: Course, mode: GroupMode = OPTION_2, policy: Policy | None = None) -> list[DropReason]:
    """Give the reasons for which courses are dropped."""
    return [one.reason for one in judged(export(*courses), mode=mode, policy=policy).dropped]


def is_incomplete(course: Course, mode: GroupMode = OPTION_2) -> bool:
    """Tell whether a course is kept and its service incomplete."""
    selection = judged(export(course), mode=mode)
    assert len(selection.kept) == 1
    return selection.is_incomplete(selection.kept[0].service)


def test_plain_lesson_is_kept_and_complete() -> None:
    """A subject, a matched teacher, a known class."""
    assert not is_incomplete(PLAIN)
    assert repr(judged(export(PLAIN))) == "<Selection 1 kept, 0 dropped>"


def test_no_matched_teacher() -> None:
    """A lesson none of whose teachers is matched is dropped, with all its dated lessons."""
    selection = judged(export(PLAIN, evolve(PLAIN, teachers=((STRANGER, ALL),), cancelled=frozenset({3, 4}))))
    assert selection.dropped == (Dropped(1, DropReason.NO_MATCHED_TEACHER, 10),)


def test_co_teacher_is_enough() -> None:
    """One matched teacher keeps the lesson; the other is still in it, and the service is complete."""
    course = evolve(PLAIN, teachers=((STRANGER, ALL), (1, ALL)))
    assert not is_incomplete(course)
    assert len(judged(export(course)).kept[0].regular_teachers) == 2


def test_unknown_substitute_keeps_every_date() -> None:
    """The lesson is judged as a whole: the weeks of an unknown substitute are kept, and the other way round."""
    replaced = evolve(PLAIN, teachers=((1, "early"), (STRANGER, "late")))
    substitute = evolve(PLAIN, teachers=((STRANGER, "early"), (1, "late")))
    for course in (replaced, substitute):
        selection = judged(export(course))
        assert not selection.dropped
        assert len(selection.kept[0].active_weeks) == 12


def test_no_teacher_is_kept_incomplete() -> None:
    """A lesson without any teacher in the file is kept."""
    assert is_incomplete(evolve(PLAIN, teachers=NOBODY))


@pytest.mark.parametrize("subject", ["", "ABSENT"])
def test_unknown_subject(subject: str) -> None:
    """Absent or undefined, the lesson is kept, incomplete; the caller may drop it."""
    course = evolve(PLAIN, subject=subject)
    assert is_incomplete(course)
    assert reasons(course, PLAIN, policy=Policy(drop_unknown_subjects=True)) == [DropReason.UNKNOWN_SUBJECT]


@pytest.mark.parametrize("mode", GroupMode)
def test_no_audience_is_kept_incomplete(mode: GroupMode) -> None:
    """A lesson for nobody is kept in every mode."""
    assert is_incomplete(evolve(PLAIN, audience=()), mode)


@pytest.mark.parametrize("mode", GroupMode)
def test_audience_partly_unknown_is_kept_incomplete(mode: GroupMode) -> None:
    """A known class and an unknown one."""
    assert is_incomplete(evolve(PLAIN, audience=(home(0), home(2))), mode)
    assert is_incomplete(evolve(PLAIN, audience=(home(0), group(1))), mode)


@pytest.mark.parametrize("audience", [(home(2),), (home(2), group(1))])
def test_audience_wholly_unknown(audience: tuple[Ref, ...]) -> None:
    """Dropped where the import creates no group; kept, incomplete, where it does."""
    course = evolve(PLAIN, audience=audience)
    assert [reasons(course, mode=mode) for mode in DIRECTORY_MODES] == [[DropReason.UNKNOWN_AUDIENCE]] * 2
    assert is_incomplete(course)


@pytest.mark.parametrize("mode", GroupMode)
def test_class_part_only(mode: GroupMode) -> None:
    """A lesson on class parts alone is dropped, in every mode; with a class or a group beside them it is kept."""
    alone = evolve(PLAIN, audience=(part(0), part(1)))
    assert reasons(alone, mode=mode) == [DropReason.CLASS_PART_ONLY]
    assert reasons(evolve(PLAIN, audience=(part(0), home(0))), mode=mode) == []
    assert reasons(evolve(PLAIN, audience=(part(0), group(0))), mode=mode) == []


def test_outside_slots() -> None:
    """A start that is not in the grid, or no day of the week; where there is no grid at all, nothing is outside."""
    outside = evolve(PLAIN, slot=9)
    assert reasons(outside, evolve(PLAIN, weekday=8), PLAIN) == [DropReason.OUTSIDE_SLOTS] * 2
    assert not judged(evolve(export(outside), grid=Grid())).dropped
    assert reasons(evolve(PLAIN, weekday=7)) == []


def test_in_the_past() -> None:
    """Only where the caller asks, and only if the last lesson, cancelled or not, is before the day."""
    early = evolve(PLAIN, rhythm="3", annual=False)
    late = evolve(PLAIN, rhythm="late", annual=False)
    never = export(evolve(PLAIN, rhythm="3"))
    assert reasons(early, late) == []
    assert reasons(early, late, policy=Policy(since=date(2022, 9, 13))) == [DropReason.IN_THE_PAST]
    assert reasons(early, late, policy=Policy(since=date(2022, 9, 12))) == []
    assert not judged(evolve(never, first_monday=None), policy=Policy(since=date(2023, 9, 1))).dropped


def test_lesson_without_weeks_is_kept() -> None:
    """A lesson that is never held is nobody's past: it is kept, and gives neither dated lesson nor service."""
    empty = export(PLAIN)
    (lesson,) = empty.weekly_lessons
    void = evolve(lesson, presences=tuple(Presence(one.who, WeekSet()) for one in lesson.presences))
    selection = judged(evolve(empty, weekly_lessons=(void,)), policy=Policy(since=date(2023, 9, 1)))
    assert len(selection.kept) == 1
    assert not selection.kept[0].weeks


def test_first_reason_is_given() -> None:
    """A lesson that has everything wrong with it is named after its class parts."""
    worst = Course(1, 9, "", ((STRANGER, "3"),), (part(0),), "3", annual=False)
    policy = Policy(drop_unknown_subjects=True, since=date(2023, 1, 1))
    assert reasons(worst, policy=policy) == [DropReason.CLASS_PART_ONLY]
    assert reasons(evolve(worst, audience=(home(2),)), policy=policy) == [DropReason.OUTSIDE_SLOTS]


def test_nothing_to_select() -> None:
    """An empty timetable is an empty selection."""
    assert judged(Timetable(UAI)) == Selection((), (), KNOWN)
