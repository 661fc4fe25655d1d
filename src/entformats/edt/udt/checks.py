"""What the resolved timetable shows: lessons that nobody can import, memberships that contradict each other (udt 8)."""

from __future__ import annotations

from collections.abc import Iterable

from entformats.codes.weeks import WeekSet
from entformats.edt.udt.calendar import EVERY_WEEK
from entformats.edt.udt.record import Reading
from entformats.identity import Ref
from entformats.problems import Location
from entformats.timetable import Kind, Membership, Pupil, Timetable, WeeklyLesson, kind_of

__all__ = ["check"]


def check(timetable: Timetable, reading: Reading) -> None:
    """Report on lessons and pupils.

    Problems: `lesson_subject_count`, `lesson_without_weeks`, `lesson_on_class_part_only`, `pupil_in_two_classes`,
    `part_outside_class`.
    """
    for lesson in timetable.weekly_lessons:
        _check_lesson(lesson, timetable, reading)
    for name, pupil in timetable.pupils.items():
        _check_pupil(name, pupil, timetable, reading)


def _check_lesson(lesson: WeeklyLesson, timetable: Timetable, reading: Reading) -> None:
    where = Location("UDCal_12.xml", kind="ligfiche")
    if not lesson.subjects:
        reading.found("lesson_subject_count", where, count=0)
    if not lesson.weeks:
        reading.found("lesson_without_weeks", where)
    if lesson.on_class_part_only:
        owners = {timetable.class_parts[part.who].school_class for part in lesson.of(Kind.PART)}
        when = "" if lesson.start is None else lesson.start.isoformat("minutes")
        reading.found(
            "lesson_on_class_part_only",
            where,
            school_class=", ".join(sorted(timetable.classes[owner].name for owner in owners)),
            subject=", ".join(timetable.subjects[subject].code for subject in lesson.subjects),
            slot=f"{lesson.weekday}/{when or lesson.first_slot}",
            teachers=", ".join(one.who for one in lesson.of(Kind.TEACHER)),
        )


def _check_pupil(name: Ref, pupil: Pupil, timetable: Timetable, reading: Reading) -> None:
    code = name.partition(":")[2]
    where = Location("UDCal_21.xml", kind="eleve", key=code if code.isdecimal() else "")
    stays: dict[Ref, WeekSet] = {}
    for one in pupil.memberships:
        if kind_of(one.of) is Kind.CLASS:
            stays[one.of] = stays.get(one.of, WeekSet()) | _weeks(one)
    if _overlap(stays.values()):
        reading.found("pupil_in_two_classes", where)
    for one in pupil.memberships:
        part = timetable.class_parts.get(one.of)
        if part is not None and _weeks(one) - stays.get(part.school_class, WeekSet()):
            reading.found("part_outside_class", where, of=one.of)


def _weeks(membership: Membership) -> WeekSet:
    return EVERY_WEEK if membership.weeks is None else membership.weeks


def _overlap(stays: Iterable[WeekSet]) -> bool:
    seen = WeekSet()
    for weeks in stays:
        if not seen.isdisjoint(weeks):
            return True
        seen |= weeks
    return False
