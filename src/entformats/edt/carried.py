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
        "Timetable.end": _row(udt=_part("that of the last lesson, where closures are deduced")),
        "Timetable.grid": _row(udt=_part("number of places: as many as there are")),
        "Timetable.establishments": _row(udt="one school"),
        "Timetable.equipment": _row(udt="no equipment"),
        "Timetable.guardians": _row(udt="no guardians"),
        "Timetable.declared_closures": _row(edt="deduced from the weeks of the lessons"),
        "Timetable.declared_alternations": _row(edt="deduced from the weeks", udt="deduced from the weeks"),
        "Timetable.declared_services": _row(edt="derived from the lessons", udt="derived from the lessons"),
        "Timetable.version": _row(udt="no version"),
        "Timetable.extra": _row(udt=_part("that of UDT only")),
        "Identity.birth_family": _row(edt="one family name", udt="one family name"),
        "Identity.other_given": _row(edt="one given name", udt="one given name"),
        "Identity.identifiers": _row(edt=_part("no jointure"), udt=_part("jointure of teachers and staff")),
        "Subject.code": _row(udt=_part("made unique; the label where it is empty")),
        "Subject.national_code": _row(edt="no corresponding code"),
        "SchoolClass.name": _row(udt=_part("made unique")),
        "SchoolClass.head_teachers": _row(udt="no head teachers"),
        "SchoolClass.establishments": _row(udt="one school"),
        "ClassPart.name": _row(udt=_part("made unique in its class; never empty")),
        "OptionGroup.name": _row(udt=_part("the code, of a group that has one; groups of one name are one group")),
        "OptionGroup.parts": _row(udt=_part("parts of known classes; a group without part and class is left out")),
        "OptionGroup.pupils": _row(udt="pupils belong to parts and classes"),
        "OptionGroup.code": _row(edt="no stable code", udt=_part("the name, of a group that tells its parts")),
        "OptionGroup.extra": _row(udt="rebuilt from several records"),
        "Pupil.sex": _row(udt="not said"),
        "Pupil.guardians": _row(udt="no guardians"),
        "Pupil.memberships": _row(udt=_part("those of parts and classes that hold in some week")),
        "Membership.start": _row(udt="weeks instead of days"),
        "Membership.end": _row(udt="weeks instead of days"),
        "Membership.weeks": _row(edt="days instead of weeks", udt=_part("weeks of the windows; holidays inherit")),
        "WeeklyLesson.first_slot": _row(udt=_part("a lesson without place is left out")),
        "WeeklyLesson.slot_count": _row(udt=_part("lessons that touch, all else alike, are one lesson")),
        "WeeklyLesson.subjects": _row(udt=_part("one subject")),
        "WeeklyLesson.presences": _row(
            udt=_part("teachers, rooms, one class, part or group; a lesson for several is several lessons")
        ),
        "WeeklyLesson.cancelled": _row(
            udt=_part("every open week without the lesson, unless another of the same teacher takes its turn")
        ),
        "WeeklyLesson.annual": _row(udt=_part("always said")),
        "WeeklyLesson.extra": _row(udt=_part("that of UDT only")),
        "Closure.label": _row(edt="no closures"),
    }
)
"""Field of the model -> dialect -> why it is not carried; a dialect that is not named carries it."""
