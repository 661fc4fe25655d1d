"""What refers to nothing has no code, and is left out of what is written."""

from __future__ import annotations

from datetime import date, time

from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.edt.udt.calendar import Year
from entformats.edt.udt.structures import OWN_PARTS
from entformats.frozen import FrozenMap
from entformats.timetable import (
    ClassPart,
    Grid,
    Kind,
    OptionGroup,
    Presence,
    SchoolClass,
    Slot,
    Timetable,
    WeeklyLesson,
    ref,
)


def test_dangling_parts_and_classes_are_left_out() -> None:
    """A group of unknown parts and a lesson of an unknown class are written without them, and read again."""
    lost = ref(Kind.PART, "9")
    group = OptionGroup(ref(Kind.GROUP, "1"), "G1", parts=(lost,), code="G1", extra=FrozenMap({OWN_PARTS: (lost,)}))
    orphan = ClassPart(ref(Kind.PART, "8"), ref(Kind.CLASS, "7"))
    school_class = SchoolClass(ref(Kind.CLASS, "1"), "6A")
    weeks = WeekSet.of([2, 3])
    lesson = WeeklyLesson(
        weekday=1,
        first_slot=0,
        slot_count=1,
        start=time(8),
        end=time(9),
        subjects=(),
        presences=tuple(Presence(who, weeks) for who in (ref(Kind.CLASS, "7"), lost, orphan.ref, school_class.ref)),
        annual=True,
    )
    timetable = Timetable(
        "0749999S",
        start=date(2022, 9, 1),
        end=date(2023, 7, 7),
        first_monday=date(2022, 8, 29),
        grid=Grid(days=(1,), slots=(Slot(0, time(8), time(9)),), slot_minutes=60, slots_per_day=1),
        classes=FrozenMap({school_class.ref: school_class}),
        class_parts=FrozenMap({orphan.ref: orphan}),
        option_groups=FrozenMap({group.ref: group}),
        weekly_lessons=(lesson,),
    )
    members = {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect="udt")}
    read = edt.read(members, uai="0749999S").timetable
    assert [one.name for one in read.classes.values()] == ["6A"]


def test_a_year_without_calendar_has_no_week() -> None:
    """An ISO week of an unknown year is no week."""
    assert Year().of_iso(36) is None
