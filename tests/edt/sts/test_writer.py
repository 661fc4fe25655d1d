"""What is written in the two files of STS-Web is read back the same."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Profile, Ref
from entformats.testing import school
from entformats.timetable import (
    Kind,
    OptionGroup,
    Presence,
    SchoolClass,
    StaffMember,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    ref,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Variant = Callable[..., edt.Export]


def written(timetable: Timetable) -> dict[str, bytes]:
    """Write the files."""
    return {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect="sts")}


def back(timetable: Timetable) -> Timetable:
    """Write, then read."""
    return edt.read(written(timetable)).timetable


DOWN, UP = "sts_emp_0740000Y_2022.xml", "emp_sts_0740000Y_2022.xml"


def test_the_sample_there_and_back(sample: Callable[..., edt.Export]) -> None:
    """Both files, with everything that the model has no field for, and the bytes are the same each time."""
    timetable = sample(DOWN, UP).timetable
    files = written(timetable)
    assert list(files) == [DOWN, UP]
    assert edt.read(files).timetable == timetable
    assert written(back(timetable)) == files
    assert all(content.startswith(b'<?xml version="1.0" encoding="ISO-8859-15"?>') for content in files.values())


def test_the_small_files_there_and_back(variant: Variant) -> None:
    """Also what only SIECLE says is left out, and a lone `sts_emp` is itself again."""
    timetable = variant(only="sts_emp emp_sts").timetable
    assert back(timetable) == timetable
    for name in ("sts_emp", "emp_sts"):
        lone = variant(only=name).timetable
        assert len(written(lone)) == 1
        assert back(lone) == lone


@pytest.mark.parametrize(
    "changes",
    [
        [(name, "<CO_ENS>true", "<CO_ENS>false") for name in ("sts_emp", "emp_sts")],
        [("emp_sts", "<JOUR>4", "<JOUR>lundi"), ("sts_emp", "1974-10-02", "hier")],
        [("emp_sts", "<DUREE>0055", "<DUREE>toujours")],
        [("emp_sts", 'CODE="B 204"', 'CODE="B 204" X=""')],
        [("sts_emp", '<ENSEIGNANT ID="2" TYPE="epp"><HEURES_AGENT>3.00', '<ENSEIGNANT ID="2"><HEURES_AGENT>trois')],
        [("sts_emp", "VALMOND", "Ãœuvré")],
        [("sts_emp", "</SERVICES>", "<SERVICE CODE_MATIERE='030201' CODE_MOD_COURS='AP'/></SERVICES>")],
        [("sts_emp", "<FONCTION>ENS</FONCTION>", "<FONCTION>DOC</FONCTION>")],
    ],
)
def test_odd_files_there_and_back(variant: Variant, changes: list[tuple[str, str, str]]) -> None:
    """Teachers apart, texts that are no value, letters that could be taken for UTF-8, vacant services."""
    timetable = variant(*changes, only="sts_emp emp_sts").timetable
    assert back(timetable) == timetable


def test_hours_that_are_none_are_those_of_the_other_file(variant: Variant) -> None:
    """What is written is what was understood."""
    odd = ("emp_sts", "<HEURES_STRUCTURE>4.00", "<HEURES_STRUCTURE>quatre")
    timetable = variant(odd, only="sts_emp emp_sts").timetable
    assert back(timetable).services == timetable.services
    assert {one.minutes for one in timetable.services.values()} == {240, 180}


def test_a_generated_school() -> None:
    """Of another program: subjects, classes, groups and people are read back by their codes and names."""
    for seed in range(3):
        timetable = school.generate(seed=seed, pupils=24).first
        again = edt.read(written(timetable), uai=timetable.uai).timetable
        assert (again.uai, again.start, again.end) == (timetable.uai, timetable.start, timetable.end)
        for name in ("subjects", "classes", "option_groups", "rooms"):
            assert {one.key for one in getattr(again, name).values()} == {
                one.key for one in getattr(timetable, name).values()
            }
        for profile in (Profile.TEACHER, Profile.STAFF):
            people = {(one.given, one.family, one.birth_date) for one in timetable.identities(profile)}
            assert {(one.given, one.family, one.birth_date) for one in again.identities(profile)} == people
        assert not [one for one in edt.read(written(timetable)).report.problems if one.code.startswith("XML")]


LESSON = WeeklyLesson(1, 0, 1, time(8), time(9), (ref(Kind.SUBJECT, "1"),), annual=True)
WEEKS = WeekSet.of([1, 2, 3])
MARTY = Identity("teacher:1", Profile.TEACHER, "0749999S", "Odile", "MARTY")
NOEL = Identity("teacher:2", Profile.TEACHER, "0749999S", "Ana", "NOEL")
BARE = Timetable(
    "0749999S",
    date(2022, 9, 1),
    date(2023, 7, 7),
    date(2022, 8, 29),
    subjects=FrozenMap({ref(Kind.SUBJECT, "1"): Subject(ref(Kind.SUBJECT, "1"), "MATHS", "MATHEMATIQUES")}),
    teachers=FrozenMap({Ref(one.ref): Teacher(one) for one in (MARTY, NOEL)}),
    staff=FrozenMap({Ref("staff:1"): StaffMember(evolve(MARTY, ref="staff:1", profile=Profile.STAFF, given="Zoé"))}),
    classes=FrozenMap(
        {
            ref(Kind.CLASS, str(number)): SchoolClass(ref(Kind.CLASS, str(number)), name, head_teachers=heads)
            for number, name, heads in ((2, "6A", (Ref("teacher:1"),)), (3, "6B", (Ref("teacher:1"),)))
        }
    ),
    option_groups=FrozenMap(
        {
            ref(Kind.GROUP, "4"): OptionGroup(
                ref(Kind.GROUP, "4"),
                "6 LATIN",
                classes=(ref(Kind.CLASS, "2"), ref(Kind.CLASS, "9")),
                parts=(Ref("part:9"),),
            )
        }
    ),
)


def given(*presences: tuple[str, WeekSet], lesson: WeeklyLesson = LESSON) -> WeeklyLesson:
    """Give a lesson its resources."""
    return evolve(lesson, presences=tuple(Presence(Ref(who), weeks) for who, weeks in presences))


def test_lessons_of_another_program() -> None:
    """Alternations are made from the weeks, services from the lessons, modality `CG`; audiences are told apart."""
    lesson = given(("teacher:1", WEEKS), ("class:2", WEEKS), ("class:3", WeekSet.of([2, 3])), ("group:4", WEEKS))
    again = back(evolve(BARE, weekly_lessons=(lesson,)))
    assert {one.audience for one in again.keyed_lessons} == {("class:6A",), ("class:6B",), ("group:6 LATIN",)}
    assert {one.modality for one in again.services.values()} == {("CG",)}
    assert {code for one in again.weekly_lessons for code in one.extra["CODE_ALTERNANCE"]} == {"A1", "A2"}
    assert again.weekly_lessons[0].weeks == WeekSet.of([2, 3])
    heads = [
        teacher.identity.family
        for teacher in again.teachers.values()
        for one in again.classes.values()
        if Ref(teacher.identity.ref) in one.head_teachers
    ]
    assert heads == ["MARTY", "MARTY"]
    assert [one.identity.given for one in again.staff.values()] == ["Zoé"]


def test_substitutes_and_co_teachers_of_another_program() -> None:
    """Each teacher has his own weeks; two teachers together are co-teachers."""
    lesson = given(("teacher:1", WEEKS), ("teacher:2", WEEKS), ("class:2", WEEKS))
    alone = given(("teacher:2", WeekSet.of([5])), ("class:2", WEEKS | WeekSet.of([5])))
    again = back(evolve(BARE, weekly_lessons=(lesson, evolve(alone, weekday=2))))
    together = {len(one.key.teachers): one.co_teaching for one in again.services.values()}
    assert together == {2: True, 1: None}
    assert sorted(len(one.of(Kind.TEACHER)) for one in again.weekly_lessons) == [1, 2]


def test_what_has_no_place_is_left_out() -> None:
    """Lessons without teacher, subject, class, day or week; week 1 that begins on another day."""
    bare = (
        given(("class:2", WEEKS)),
        evolve(given(("teacher:1", WEEKS), ("class:2", WEEKS)), subjects=()),
        given(("teacher:1", WEEKS), ("class:9", WEEKS)),
        given(("teacher:1", WEEKS), ("class:2", WeekSet())),
        evolve(given(("teacher:1", WEEKS), ("class:2", WEEKS)), start=None),
    )
    again = back(evolve(BARE, weekly_lessons=bare))
    assert again.weekly_lessons == ()
    assert back(evolve(BARE, first_monday=None, weekly_lessons=bare)).weekly_lessons == ()
    tuesday = evolve(
        BARE, first_monday=date(2022, 8, 30), weekly_lessons=(given(("teacher:1", WEEKS), ("class:2", WEEKS)),)
    )
    assert {one.date.isoweekday() for one in back(tuesday).lessons()} == {2}


def test_codes_of_alternations_are_not_taken_twice(variant: Variant) -> None:
    """A rhythm that no alternation has gets a code of its own."""
    timetable = variant(("emp_sts", 'CODE="H"', 'CODE="A3"'), only="sts_emp emp_sts").timetable
    plain = timetable.weekly_lessons[0]
    odd = evolve(
        plain, extra=FrozenMap(), presences=tuple(evolve(one, weeks=WeekSet.of([3])) for one in plain.presences)
    )
    again = back(evolve(timetable, weekly_lessons=(odd,)))
    assert {one.code for one in again.alternations} == {"A3", "SB", "A4"}
    same = evolve(odd, presences=tuple(evolve(one, weeks=WeekSet.of([2])) for one in plain.presences))
    assert {one.code for one in back(evolve(timetable, weekly_lessons=(same,))).alternations} == {"A3", "SB"}


def test_names_of_the_files_and_texts_that_xml_cannot_hold() -> None:
    """A school without UAI has files too; a control character is the caller's mistake."""
    assert list(written(Timetable("?"))) == ["sts_emp_0000000_0.xml", "emp_sts_0000000_0.xml"]
    teacher = Teacher(evolve(MARTY, family="A\x00"))
    with pytest.raises(UsageError):
        written(evolve(BARE, teachers=FrozenMap({Ref("teacher:1"): teacher})))
