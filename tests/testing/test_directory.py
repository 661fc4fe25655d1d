"""The directory of a timetable: the accounts that matching must find, whatever the file leaves out."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from entformats import aaf, edt
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Profile, Ref
from entformats.rules import Level, Matched, Unmatched, match
from entformats.testing.school import account_of, directory_of, generate
from entformats.timetable import (
    Guardian,
    GuardianLink,
    Membership,
    OptionGroup,
    Presence,
    Pupil,
    SchoolClass,
    StaffMember,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from entformats.rules import Matching
    from entformats.testing.school import FictitiousSchool

UAI = "0749999S"


def person(name: str, profile: Profile, born: date | None = None) -> Identity:
    """Make somebody of a timetable."""
    return Identity(name, profile, UAI, "Élise", "D'ORVAL", birth_date=born)


def matched(school: FictitiousSchool) -> Matching:
    """Match the people of the second timetable with the directory."""
    people = [p for p in school.second.identities() if p.profile is not Profile.GUARDIAN]
    return match(people, school.directory.identities(school=school.uai))


def test_matching_finds_everybody_but_those_to_find_by_hand(schools: list[FictitiousSchool]) -> None:
    """Whom the generator calls recognisable is matched with their own account; the others are unmatched."""
    for school in schools:
        found = matched(school)
        for one in school.second.identities():
            if one.profile is not Profile.GUARDIAN:
                account = school.accounts.get(Ref(one.ref))
                expected = None if one.ref in school.by_hand else account
                assert found.account(one.ref) == expected


def test_a_school_of_some_size_has_every_way_of_matching() -> None:
    """In the school of the demonstration people are found at each level, and some are left to a person."""
    school = generate(0)
    found = matched(school)
    outcomes = [found[p.ref] for p in school.second.identities() if p.profile is not Profile.GUARDIAN]
    levels = Counter(outcome.level for outcome in outcomes if isinstance(outcome, Matched))
    assert {Level.IDENTIFIER, Level.EXACT, Level.NORMALISED, Level.VARIANT} <= set(levels)
    assert any(isinstance(outcome, Unmatched) and outcome.suggestions for outcome in outcomes)
    assert any(isinstance(outcome, Unmatched) and not outcome.suggestions for outcome in outcomes)


@pytest.mark.parametrize("ident", ["115", "P-115"])
def test_accounts_follow_the_numbers_of_the_file(ident: str) -> None:
    """An account comes from the number of the person in the file, or from the rank where that is no number."""
    name = Ref(f"pupil:{ident}")
    other = Ref("pupil:zz")
    pupils = FrozenMap({n: Pupil(person(n, Profile.PUPIL)) for n in (other, name)})
    timetable = Timetable(UAI, pupils=pupils)
    assert account_of(timetable, name) == {"115": "3100115", "P-115": "3170001"}[ident]
    assert set(directory_of(timetable).pupils) == {account_of(timetable, name), account_of(timetable, other)}


def test_what_the_file_does_not_say_is_invented_always_alike() -> None:
    """Titles and birth dates of staff are made up from the reference; those of pupils and guardians stay unknown."""
    t, s, p, g = Ref("teacher:1"), Ref("staff:1"), Ref("pupil:1"), Ref("guardian:1")
    timetable = Timetable(
        UAI,
        teachers=FrozenMap({t: Teacher(person(t, Profile.TEACHER))}),
        staff=FrozenMap({s: StaffMember(person(s, Profile.STAFF))}),
        pupils=FrozenMap({p: Pupil(person(p, Profile.PUPIL), "Feminin", guardians=(GuardianLink(g, 1),))}),
        guardians=FrozenMap({g: Guardian(person(g, Profile.GUARDIAN))}),
    )
    directory = directory_of(timetable)
    assert directory == directory_of(timetable)
    staff = [one for one in directory.staff.values() if one.birth_date is not None]
    assert [(one.family, one.given, one.is_teacher) for one in staff] == [
        ("D'ORVAL", "ELISE", True),
        ("D'ORVAL", "ELISE", False),
    ]
    (pupil,), (guardian,) = directory.pupils.values(), directory.guardians.values()
    assert (pupil.birth_date, guardian.birth_date) == (None, None)
    assert (pupil.title, guardian.title in {"M.", "Mme"}) == ("Mme", True)
    assert [link.person for link in pupil.relations] == [guardian.key]
    assert guardian.children == (pupil.key,)


def test_references_to_nothing_are_left_out() -> None:
    """A lesson, a group, a pupil that name what the file does not define still make a coherent directory."""
    t, c, g, gone = Ref("teacher:1"), Ref("class:1"), Ref("group:1"), Ref("class:9")
    lesson = WeeklyLesson(1, 0, 2, None, None, (Ref("subject:9"),), tuple(Presence(who, _WEEKS) for who in (t, c, g)))
    pupil = Pupil(
        person("pupil:1", Profile.PUPIL),
        memberships=(Membership(gone), Membership(c)),
        guardians=(GuardianLink(Ref("guardian:9"), 1),),
    )
    timetable = Timetable(
        UAI,
        subjects=FrozenMap({Ref("subject:1"): Subject(Ref("subject:1"), "NEW", "NEW")}),
        teachers=FrozenMap({t: Teacher(person(t, Profile.TEACHER, date(1980, 1, 2)))}),
        classes=FrozenMap({c: SchoolClass(c, "6A")}),
        option_groups=FrozenMap({g: OptionGroup(g, "6A X", (gone, c), (Ref("part:9"),))}),
        pupils=FrozenMap({Ref("pupil:1"): pupil}),
        weekly_lessons=(lesson,),
    )
    directory = directory_of(timetable)
    (school,), (one,), (teacher,) = directory.schools.values(), directory.pupils.values(), directory.staff.values()
    assert [group.classes for group in school.groups] == [("6A",)]
    assert (one.relations, [ref.name for ref in one.classes]) == ((), ["6A"])
    assert (teacher.class_subjects, teacher.functions[0].code) == ((), "DOC")


_WEEKS = generate(0, pupils=20, changes=0).first.opened[1]


def test_only_the_groups_asked_for() -> None:
    """The directory holds the groups that it is said to know, and nobody is in another."""
    first = generate(1, pupils=24, changes=0).first
    chosen = [name for name, group in first.option_groups.items() if "LATIN" in group.name]
    directory = directory_of(first, groups=chosen)
    people: list[aaf.Pupil | aaf.Staff] = [*directory.pupils.values(), *directory.staff.values()]
    named = {ref.name for one in people for ref in one.groups}
    assert named == {first.option_groups[name].name for name in chosen}


def test_a_school_without_uai() -> None:
    """Without a UAI there is no directory."""
    with pytest.raises(InvalidValue):
        directory_of(Timetable("x"))


def test_directory_of_the_sample_school(corpus: Callable[[str], Path]) -> None:
    """The directory of `college.xml` is the one that its README assumes: everybody but other staff is recognised."""
    timetable = edt.read(corpus("edt/college.xml")).timetable
    directory = directory_of(timetable)
    (school,) = directory.schools.values()
    assert (len(school.classes), len(school.groups), len(directory.pupils)) == (17, 89, 420)
    accounts = directory.identities(school=timetable.uai)
    for profile, recognised in ((Profile.TEACHER, 35), (Profile.PUPIL, 420), (Profile.STAFF, 0)):
        found = match(timetable.identities(profile), accounts)
        assert found.counts.matched == recognised
    assert all(one.birth_date for one in directory.staff.values())


def test_another_order_of_the_file_makes_the_same_directory() -> None:
    """Nothing depends on the order of people or lessons in the file."""
    first = generate(2, pupils=24, changes=0).first
    turned = evolve(
        first,
        pupils=FrozenMap(reversed(list(first.pupils.items()))),
        teachers=FrozenMap(reversed(list(first.teachers.items()))),
        weekly_lessons=tuple(reversed(first.weekly_lessons)),
    )
    one, other = directory_of(first), directory_of(turned)
    assert one.pupils == other.pupils
    assert one.staff == other.staff
