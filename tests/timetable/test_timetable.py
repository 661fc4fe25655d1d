"""Questions to a timetable: dated lessons, members, people, and what it declares."""

from __future__ import annotations

import pickle
from datetime import date, time

import pytest
from attrs import evolve

from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Key, Profile
from entformats.timetable import (
    Alternation,
    Closure,
    Kind,
    Membership,
    OptionGroup,
    Presence,
    Pupil,
    SchoolClass,
    Service,
    ServiceKey,
    Timetable,
    WeeklyLesson,
    ref,
)

FIRST = date(2022, 8, 29)
CLASS, GROUP, PUPIL, OTHER = ref(Kind.CLASS, "2"), ref(Kind.GROUP, "4"), ref(Kind.PUPIL, "1"), ref(Kind.PUPIL, "2")


def pupil(name: str, *memberships: Membership) -> Pupil:
    """Make a pupil."""
    return Pupil(Identity(name, Profile.PUPIL, "0749999S", "Zoé", "MORTELLE"), memberships=memberships)


LESSON = WeeklyLesson(1, 0, 1, time(8), time(9), (), (Presence(CLASS, WeekSet.of([1, 2, 3])),), WeekSet.of([2]))
SCHOOL = Timetable(
    "0749999S",
    first_monday=FIRST,
    classes=FrozenMap({CLASS: SchoolClass(CLASS, "6A")}),
    option_groups=FrozenMap({GROUP: OptionGroup(GROUP, "G1", pupils=(OTHER,))}),
    pupils=FrozenMap(
        {
            PUPIL: pupil(PUPIL, Membership(CLASS, FIRST, date(2022, 9, 11)), Membership(GROUP, weeks=WeekSet.of([2]))),
            OTHER: pupil(OTHER),
        }
    ),
    weekly_lessons=(LESSON, evolve(LESSON, weekday=9), evolve(LESSON, weekday=2, start=None, end=None)),
)


def test_dated_lessons_between_two_days() -> None:
    """Both days included, in order of date; cancelled ones are marked; a lesson on no day of the week gives none."""
    days = [(one.date.isoformat(), one.cancelled) for one in SCHOOL.lessons(date(2022, 8, 30), date(2022, 9, 6))]
    assert days == [("2022-08-30", False), ("2022-09-05", True), ("2022-09-06", True)]
    assert len(list(SCHOOL.lessons())) == 6


def test_without_first_week_nothing_is_dated() -> None:
    """No dated lesson, closure or alternation; services are there all the same."""
    undated = evolve(SCHOOL, first_monday=None)
    assert (list(undated.lessons()), undated.closures, undated.alternations) == ([], (), ())
    assert undated.services
    assert (undated.school_year, undated.week_of(FIRST)) == (None, 0)


def test_school_year_is_that_of_the_first_day() -> None:
    """The start of the year, else the first week."""
    assert SCHOOL.school_year == 2022
    assert evolve(SCHOOL, start=date(2023, 9, 4)).school_year == 2023


def test_members_by_day_and_by_week() -> None:
    """Both ends of a membership count; a membership by weeks holds in those weeks; listed pupils always."""
    assert [p.identity.ref for p in SCHOOL.members(CLASS, on=date(2022, 9, 11))] == [PUPIL]
    assert SCHOOL.members(CLASS, on=date(2022, 9, 12)) == ()
    assert [p.identity.ref for p in SCHOOL.members(GROUP, on=date(2022, 9, 5))] == [PUPIL, OTHER]
    assert [p.identity.ref for p in SCHOOL.members(SCHOOL.option_groups[GROUP], on=date(2022, 9, 12))] == [OTHER]
    assert [one.name for one in SCHOOL.groups_of(PUPIL, on=date(2022, 9, 5))] == ["6A", "G1"]
    assert [one.name for one in SCHOOL.groups_of(OTHER, on=date(2022, 9, 5))] == ["G1"]


def test_unknown_references_are_the_callers_mistake() -> None:
    """KeyError, as for any mapping."""
    with pytest.raises(KeyError):
        SCHOOL.members(ref(Kind.CLASS, "99"), on=FIRST)
    with pytest.raises(KeyError):
        SCHOOL.members(ref(Kind.GROUP, "99"), on=FIRST)
    with pytest.raises(KeyError):
        SCHOOL.groups_of(ref(Kind.PUPIL, "99"), on=FIRST)


def test_what_the_program_states_goes_before_what_is_deduced() -> None:
    """Declared closures, alternations and services are given as they are."""
    closure = Closure(FIRST, FIRST, "Rentrée")
    alternation = Alternation("Q1", frozenset({FIRST}))
    key = ServiceKey(Key("subject:MATHS"), (), ())
    stated = evolve(
        SCHOOL,
        declared_closures=(closure,),
        declared_alternations=(alternation,),
        declared_services=FrozenMap({key: Service(key, ())}),
    )
    assert (stated.closures, stated.alternations, list(stated.services)) == ((closure,), (alternation,), [key])


def test_a_timetable_is_a_value() -> None:
    """Equal after pickling, also once its questions were asked; its text names nobody."""
    asked = evolve(SCHOOL)
    assert asked.services is asked.services
    assert pickle.loads(pickle.dumps(asked)) == SCHOOL  # noqa: S301 - our own bytes
    assert repr(asked) == "<Timetable 0749999S, 3 weekly lessons>"


def test_identities_of_everyone_or_of_one_profile() -> None:
    """Pupils alone, or all people."""
    assert [person.ref for person in SCHOOL.identities(Profile.PUPIL)] == [PUPIL, OTHER]
    assert SCHOOL.identities() == SCHOOL.identities(Profile.PUPIL)
    assert SCHOOL.identities(Profile.TEACHER) == ()
