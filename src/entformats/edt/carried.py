"""What each dialect cannot say: one table, field × dialect; every other field is written and read back the same."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from entformats.frozen import FrozenMap

__all__ = ["NOT_CARRIED", "Loss"]


@frozen
class Loss:
    """Perte: why a dialect does not carry a field, wholly or in part. `whole`: its reader never fills the field.

    >>> NOT_CARRIED["Pupil.sex"]["udt"].whole
    True
    """

    reason: str
    whole: bool = True


def _part(reason: str) -> Loss:
    return Loss(reason, whole=False)


def _row(**losses: Loss | str) -> Mapping[str, Loss]:
    return FrozenMap((name, Loss(loss) if isinstance(loss, str) else loss) for name, loss in losses.items())


NOT_CARRIED: Mapping[str, Mapping[str, Loss]] = FrozenMap(
    {
        "Timetable.uai": _row(udt=_part("the archive has none: it comes from its name or from the caller")),
        "Timetable.start": _row(
            sts=_part("the first day of a week of lessons that begins earlier, where no file gives the year")
        ),
        "Timetable.end": _row(udt=_part("that of the last lesson, where closures are deduced")),
        "Timetable.first_monday": _row(sts=_part("the Monday of the week of the first day")),
        "Grid.slots": _row(sts="times instead of places"),
        "Grid.slot_minutes": _row(sts="times instead of places"),
        "Grid.slots_per_day": _row(sts="times instead of places", udt=_part("as many as there are")),
        "Timetable.establishments": _row(sts=_part("the school itself"), udt="one school"),
        "Timetable.equipment": _row(sts="no equipment", udt="no equipment"),
        "Timetable.guardians": _row(udt="no guardians"),
        "Timetable.class_parts": _row(
            sts=_part("one for each class that a group takes pupils from"),
            udt=_part("more of them, made for the pupils that a group lists"),
        ),
        "Timetable.option_groups": _row(udt=_part("those that have a part, a class or a pupil of a class")),
        "Timetable.weekly_lessons": _row(
            sts=_part("those of a teacher and a class or a group, at a time of a day"),
            udt=_part("those of a class, a group or a part, at a place of the grid"),
        ),
        "Timetable.declared_closures": _row(
            edt="deduced from the weeks of the lessons",
            sts="deduced from the weeks of the lessons",
            udt=_part("always: those deduced, where none is declared"),
        ),
        "Timetable.declared_alternations": _row(
            edt="deduced from the weeks",
            sts=_part("more of them, made for the weeks of lessons that follow none"),
            udt="deduced from the weeks",
        ),
        "Timetable.declared_services": _row(
            edt="derived from the lessons",
            sts=_part("always, from the lessons where none is declared; those of no class or group are left out"),
            udt="derived from the lessons",
        ),
        "Timetable.silent_on": _row(
            edt=_part("services"),
            sts=_part("services, groups and pupils where there are none"),
            udt=_part("services"),
        ),
        "Timetable.version": _row(sts="no version", udt="no version"),
        "Timetable.extra": _row(
            sts=_part("that of STS-Web, and of the pupils and guardians of SIECLE"), udt=_part("that of UDT only")
        ),
        "Identity.birth_date": _row(sts=_part("not that of guardians")),
        "Identity.birth_family": _row(edt="one family name", udt="one family name"),
        "Identity.other_given": _row(edt="one given name", sts=_part("two, of pupils"), udt="one given name"),
        "Identity.identifiers": _row(
            edt=_part("no jointure"),
            sts=_part(
                "the number of STS-Web of teachers and staff, INE and numbers of SIECLE of pupils, made up for who has "
                "none; none of guardians"
            ),
            udt=_part("jointure of teachers and staff"),
        ),
        "Subject.code": _row(
            sts=_part("the label where it is empty"), udt=_part("made unique; the label where it is empty")
        ),
        "Subject.national_code": _row(edt="no corresponding code", sts=_part("the code")),
        "Subject.extra": _row(sts=_part("that of STS-Web only"), udt=_part("that of UDT only")),
        "Teacher.extra": _row(sts=_part("that of STS-Web only"), udt=_part("that of UDT only")),
        "StaffMember.extra": _row(
            sts=_part("that of STS-Web, and a function: without one they would be teachers"),
            udt=_part("that of UDT, and an empty main subject: without it they would be teachers"),
        ),
        "Room.extra": _row(sts=_part("that of STS-Web only"), udt=_part("that of UDT only")),
        "Pupil.extra": _row(sts=_part("that of SIECLE, and what its fields say"), udt=_part("that of UDT only")),
        "Guardian.extra": _row(sts=_part("that of SIECLE, and what the links say")),
        "SchoolClass.name": _row(udt=_part("made unique")),
        "SchoolClass.head_teachers": _row(udt="no head teachers"),
        "SchoolClass.establishments": _row(sts="one school", udt="one school"),
        "SchoolClass.parts": _row(
            sts=_part("one for each group that takes pupils from the class"),
            udt=_part("more of them, made for the pupils that a group lists"),
        ),
        "SchoolClass.extra": _row(sts=_part("that of STS-Web only")),
        "ClassPart.name": _row(sts=_part("the code of its group"), udt=_part("made unique in its class; never empty")),
        "OptionGroup.name": _row(
            sts=_part("the code, of a group that has one"),
            udt=_part("the code, of a group that has one; groups of one name are one group"),
        ),
        "OptionGroup.parts": _row(
            sts=_part("one of each class that pupils come from"),
            udt=_part("parts of known classes, one made for the pupils that a group lists"),
        ),
        "OptionGroup.pupils": _row(
            sts="pupils say their groups", udt="pupils belong to parts, made where there are none"
        ),
        "OptionGroup.code": _row(
            edt="no stable code",
            sts=_part("the name, of a group that has none"),
            udt=_part("the name, of a group that tells its parts"),
        ),
        "OptionGroup.extra": _row(
            sts=_part("that of STS-Web only"), udt=_part("only which parts bear its code, where several could")
        ),
        "OptionGroup.classes": _row(sts="a part of each class"),
        "Pupil.sex": _row(sts=_part("1 or 2 instead of words"), udt="not said"),
        "Pupil.guardians": _row(udt="no guardians"),
        "Pupil.memberships": _row(
            sts=_part("those of classes and groups that hold on the last day of the pupil"),
            udt=_part("those of parts and classes that hold in some week"),
        ),
        "Membership.start": _row(sts=_part("the entry of the pupil, for all"), udt="weeks instead of days"),
        "Membership.end": _row(sts=_part("the exit of the pupil, for all"), udt="weeks instead of days"),
        "Membership.weeks": _row(
            edt="days instead of weeks",
            sts="days instead of weeks",
            udt=_part("weeks of the windows; holidays inherit"),
        ),
        "WeeklyLesson.first_slot": _row(sts="times instead of places", udt=_part("a lesson without place is left out")),
        "WeeklyLesson.slot_count": _row(
            sts="times instead of places", udt=_part("lessons that touch, all else alike, are one lesson")
        ),
        "WeeklyLesson.subjects": _row(sts=_part("one subject"), udt=_part("one subject")),
        "WeeklyLesson.presences": _row(
            sts=_part(
                "teachers, one room, one class or group; a lesson for several, or whose teachers change, is several, "
                "without any it is left out"
            ),
            udt=_part(
                "teachers, rooms and a class, a group or a part without group; one for several is several lessons"
            ),
        ),
        "WeeklyLesson.cancelled": _row(
            sts="cancelled weeks are left out",
            udt=_part("every open week without the lesson, unless another of the same teacher takes its turn"),
        ),
        "WeeklyLesson.annual": _row(sts=_part("always"), udt=_part("always said")),
        "WeeklyLesson.extra": _row(sts=_part("that of STS-Web only"), udt=_part("that of UDT only")),
        "Presence.derived": _row(edt="a group like another", sts="a group like another", udt="a group like another"),
        "Closure.label": _row(edt="no closures", sts="no closures"),
    }
)
"""Field of the model -> dialect -> why it is not carried; a dialect that is not named carries it."""
