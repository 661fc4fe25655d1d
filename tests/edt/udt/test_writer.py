"""What is written in UDT is read back the same, for whatever UDT can say (udt 7)."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.edt.udt.calendar import Year
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Identifier, IdentifierKind, Identity, Profile, Ref
from entformats.testing.strategies.timetables import timetables, week_sets
from entformats.timetable import (
    ClassPart,
    Closure,
    Grid,
    Kind,
    Membership,
    OptionGroup,
    Presence,
    Pupil,
    Room,
    SchoolClass,
    Slot,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    ref,
)

if TYPE_CHECKING:
    from collections.abc import Callable

FEW = settings(max_examples=settings().max_examples // 2)
UAI = "0749999S"
MONDAY = 1
YEAR = Year(
    date(2022, 9, 1),
    date(2023, 7, 7),
    date(2022, 8, 29),
    (Closure(date(2022, 10, 22), date(2022, 11, 6)), Closure(date(2022, 11, 11), date(2022, 11, 11))),
)
SLOTS = (Slot(0, time(8), time(8, 55)), Slot(1, time(8, 55), time(9, 50)), Slot(2, time(10, 5), time(11)))
GRID = Grid((1, 2, 4, 5), SLOTS, 55, 3)
CLASSES = [ref(Kind.CLASS, name) for name in ("6A", "6B")]
PARTS = [ref(Kind.PART, name) for name in ("6A/1", "6A/2", "6B/1", "6B/2")]
TEACHERS = [ref(Kind.TEACHER, name) for name in ("A", "B", "C")]
ROOMS = [ref(Kind.ROOM, name) for name in ("R1", "R2")]
SUBJECTS = [ref(Kind.SUBJECT, name) for name in ("MATHS", "SVT")]
GROUPS = [
    OptionGroup(ref(Kind.GROUP, "6ASVT1"), "6ASVT1", parts=tuple(PARTS[:1]), code="6ASVT1"),
    OptionGroup(ref(Kind.GROUP, "6A2"), "6A2", parts=tuple(PARTS[1:2])),
    OptionGroup(ref(Kind.GROUP, "6LATIN"), "6LATIN", parts=(PARTS[0], PARTS[2])),
    OptionGroup(ref(Kind.GROUP, "6CHORALE"), "6CHORALE", classes=tuple(CLASSES)),
]


def written(timetable: Timetable) -> dict[str, bytes]:
    """Write a timetable."""
    return {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect="udt")}


def read(members: dict[str, bytes]) -> Timetable:
    """Read an archive."""
    return edt.read(members, uai=UAI).timetable


@st.composite
def said(draw: st.DrawFn) -> Timetable:
    """Draw a timetable that came out of an archive: all of it can be said in UDT."""
    drawn = draw(timetables(dated=draw(st.booleans())))
    assume(drawn.first_monday is None or drawn.first_monday.isoweekday() == MONDAY)
    closures = draw(st.sampled_from([(), (Closure(date(2022, 10, 22), date(2022, 11, 6), "TOUSSAINT"),)]))
    return read(written(evolve(drawn, declared_closures=closures)))


@FEW
@given(said())
def test_what_was_read_is_written_and_read_back(timetable: Timetable) -> None:
    """Everything of it, and then the same bytes."""
    members = written(timetable)
    assert read(members) == timetable
    assert written(read(members)) == members


@st.composite
def sayable(draw: st.DrawFn) -> Timetable:
    """Draw a timetable made by hand of what UDT can say: annual lessons on every open day, others in some weeks."""
    people = [Identity(name, Profile.TEACHER, UAI, "Odile", f"VALMOND {name}") for name in TEACHERS]
    known = frozenset([Identifier(IdentifierKind.JOINTURE, "700001")])
    teachers = [Teacher(evolve(people[0], identifiers=known)), *map(Teacher, people[1:])]
    homes = [*CLASSES, *PARTS]
    pupil = Pupil(
        Identity("pupil:1", Profile.PUPIL, UAI, "Zoé", "MORTELLE", birth_date=date(2011, 3, 14)),
        memberships=tuple(
            Membership(home, weeks=draw(st.sampled_from([None, WeekSet.of(range(1, 9)), WeekSet.of([12, 30, 50])])))
            for home in draw(st.lists(st.sampled_from(homes), unique=True))
        ),
    )
    lessons = draw(st.lists(lesson_of(), max_size=6, unique_by=lambda one: (one.weekday, one.first_slot, one.subjects)))
    return Timetable(
        UAI,
        YEAR.start,
        YEAR.end,
        YEAR.first_monday,
        GRID,
        subjects=FrozenMap((name, Subject(name, name.partition(":")[2], "L", "X")) for name in SUBJECTS),
        teachers=FrozenMap((Ref(one.identity.ref), one) for one in teachers),
        classes=FrozenMap(
            (name, SchoolClass(name, name.partition(":")[2], tuple(p for p in PARTS if p[5:7] == name[6:])))
            for name in CLASSES
        ),
        class_parts=FrozenMap((name, ClassPart(name, ref(Kind.CLASS, name[5:7]), name[-1])) for name in PARTS),
        option_groups=FrozenMap((one.ref, one) for one in GROUPS),
        rooms=FrozenMap((name, Room(name, f"Salle {name}")) for name in ROOMS),
        pupils=FrozenMap({Ref("pupil:1"): pupil}),
        weekly_lessons=tuple(
            sorted(lessons, key=lambda one: (not one.annual, one.weekday, one.first_slot, one.subjects))
        ),
        declared_closures=YEAR.closures,
    )


def order(lesson: WeeklyLesson) -> tuple[object, ...]:
    """Order lessons as they are read: those of the theoretical week, then the others, by slot."""
    return not lesson.annual, lesson.weekday, lesson.first_slot, lesson.subjects


@st.composite
def lesson_of(draw: st.DrawFn) -> WeeklyLesson:
    """Draw a lesson of one slot that touches no other, with a substitute or a cancellation now and then."""
    weekday, slot = draw(st.sampled_from(GRID.days)), draw(st.sampled_from([0, 2]))
    opened = YEAR.open_weeks(weekday)
    annual = draw(st.booleans())
    weeks = opened if annual else draw(week_sets()) & opened
    assume(weeks)
    audience = draw(st.sampled_from([*CLASSES, PARTS[3], *(one.ref for one in GROUPS)]))
    regular, substitute = draw(st.permutations(TEACHERS))[:2]
    away = draw(week_sets()) & weeks if annual and draw(st.booleans()) else WeekSet()
    away = WeekSet.of(list(away)[:3])
    gone = WeekSet.of(list(weeks - away)[:2]) if annual and draw(st.booleans()) else WeekSet()
    present = [(regular, weeks - away), (substitute, away), (audience, weeks)]
    present += [(room, weeks) for room in draw(st.lists(st.sampled_from(ROOMS), unique=True))]
    kinds = {"teacher": 0, "class": 1, "part": 2, "group": 3, "room": 4}
    kept = [Presence(who, when) for who, when in present if when]
    return WeeklyLesson(
        weekday,
        slot,
        1,
        SLOTS[slot].start,
        SLOTS[slot].end,
        (draw(st.sampled_from(SUBJECTS)),),
        tuple(sorted(kept, key=lambda one: (kinds[one.who.partition(":")[0]], one.who))),
        gone,
        annual,
    )


@FEW
@given(sayable())
def test_what_udt_can_say_comes_back(timetable: Timetable) -> None:
    """Events included, where no lesson can be taken for a turn of another."""
    assume(not share_a_slot(timetable))
    found = read(written(timetable))
    groups = [
        {name: evolve(one, code="", extra=FrozenMap()) for name, one in of.option_groups.items()}
        for of in (found, timetable)
    ]
    assert groups[0] == groups[1]
    plain = evolve(found, option_groups=timetable.option_groups, pupils=timetable.pupils)
    assert plain == timetable
    for day in (date(2022, 9, 5), date(2022, 11, 14), date(2023, 6, 5)):
        for group in timetable.option_groups:
            assert [one.identity for one in found.members(group, on=day)] == [
                one.identity for one in timetable.members(group, on=day)
            ]


def share_a_slot(timetable: Timetable) -> bool:
    """Tell whether two lessons meet: taking turns, or one slot, subject and audience, they are read otherwise."""
    places = [(one.weekday, one.first_slot) for one in timetable.weekly_lessons]
    return len(places) != len(set(places))


@FEW
@given(sayable())
def test_dated_lessons_come_back_even_where_lessons_meet(timetable: Timetable) -> None:
    """Two lessons at one slot may be told apart differently, but whoever is there is there."""

    def present(of: Timetable) -> set[tuple[date, time | None, str]]:
        return {(one.date, one.start, who) for one in of.lessons() if not one.cancelled for who in one.participants}

    assert present(read(written(timetable))) == present(timetable)


def test_a_zip_of_what_was_written(members: dict[str, bytes]) -> None:
    """Zipped under a name that holds the UAI, it is an archive for an ENT."""
    timetable = read(members)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in written(timetable).items():
            archive.writestr(name, content)
    packed.seek(0)
    setattr(packed, "name", f"{UAI}_20221107063000_UDT.zip")  # noqa: B010 - as files on disk have one
    export = edt.read(packed)
    assert export.timetable == timetable
    assert not export.report.problems


def test_another_first_weekday_is_refused() -> None:
    """Weeks of UDT begin on Monday."""
    with pytest.raises(UsageError, match="Monday"):
        dict(edt.write(Timetable(UAI, first_monday=date(2022, 8, 30)), dialect="udt"))


def test_an_unknown_subject_is_refused() -> None:
    """A timetable made by hand may name a subject that it does not hold: a mistake of the caller's."""
    lesson = WeeklyLesson(1, 0, 1, time(8), time(8, 55), (SUBJECTS[0],), (Presence(CLASSES[0], WeekSet.of([1])),))
    classes = FrozenMap({CLASSES[0]: SchoolClass(CLASSES[0], "6A")})
    lost = Timetable(UAI, first_monday=date(2022, 8, 29), grid=GRID, classes=classes, weekly_lessons=(lesson,))
    with pytest.raises(UsageError, match="names a subject"):
        written(lost)


def test_long_places(members: dict[str, bytes]) -> None:
    """A length beyond that of any séquence is written in seconds, an odd one is kept as it was."""
    for minutes in (27, 55, 130):
        timetable = evolve(read(members), grid=evolve(read(members).grid, slot_minutes=minutes))
        assert read(written(timetable)).grid.slot_minutes == minutes
    spoilt = {**members, "UDCal_00.xml": members["UDCal_00.xml"].replace(b'"110"', b'"55"')}
    assert read(spoilt).grid.slot_minutes == 27
    assert b'duree_seq="55"' in written(read(spoilt))["UDCal_00.xml"]


def test_unknown_members_of_a_timetable_are_left_out(members: dict[str, bytes]) -> None:
    """A lesson for nobody, or without place, and a membership in a group, cannot be said."""
    timetable = read(members)
    lesson = timetable.weekly_lessons[0]
    nobody = evolve(lesson, presences=lesson.presences[:1])
    unplaced = evolve(lesson, first_slot=None)
    stray = evolve(lesson, presences=(Presence(Ref("part:9"), lesson.weeks),))
    pupil = timetable.pupils[Ref("pupil:1")]
    more = (Membership(ref(Kind.GROUP, "6LATIN")), Membership(CLASSES[0], date(2022, 10, 2), date(2022, 10, 1)))
    strange = evolve(
        timetable,
        weekly_lessons=(*timetable.weekly_lessons, nobody, unplaced, stray),
        pupils=FrozenMap({**timetable.pupils, Ref("pupil:1"): evolve(pupil, memberships=pupil.memberships + more)}),
        class_parts=FrozenMap({**timetable.class_parts, Ref("part:9"): ClassPart(Ref("part:9"), ref(Kind.CLASS, "0"))}),
    )
    assert read(written(strange)) == timetable


def test_windows_become_weeks(members: dict[str, bytes]) -> None:
    """Days of entry and exit become the weeks that they touch."""
    timetable = read(members)
    pupil = timetable.pupils[Ref("pupil:2")]
    window = Membership(CLASSES[1], date(2022, 9, 14), date(2022, 9, 26))
    changed = evolve(timetable, pupils=FrozenMap({Ref("pupil:2"): evolve(pupil, memberships=(window,))}))
    [one] = read(written(changed)).pupils[Ref("pupil:2")].memberships
    assert one == Membership(CLASSES[1], weeks=WeekSet.of([3, 4, 5]))


def test_the_year_without_a_calendar(variant: Callable[..., edt.Export]) -> None:
    """What has no dates is written without dates."""
    timetable = variant(("UDCal_24.xml", "annee", "autre"), ("UDCal_24.xml", "debut_eleve", "rien")).timetable
    assert timetable.first_monday is None
    assert read(written(timetable)) == timetable
