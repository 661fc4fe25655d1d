"""Which school the export speaks of, and how to keep one of several (edt 1.1, 2.2, 2.3)."""

from __future__ import annotations

import re
from collections.abc import Collection

import attrs

from entformats.codes import uai as uais
from entformats.edt.index.record import Reading
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.timetable import Establishment, Kind, OptionGroup, Pupil, Timetable, WeeklyLesson, kind_of

__all__ = ["choose_uai", "only_school"]

AUDIENCE = frozenset({Kind.CLASS, Kind.PART, Kind.GROUP, Kind.PUPIL})
_IN_NAME = re.compile("[0-9]{7}[A-Za-z](?![A-Za-z0-9])")


def choose_uai(written: str, schools: tuple[Establishment, ...], wanted: str | None, reading: Reading) -> str:
    """Tell the UAI of the timetable: the one asked for if the export holds it, else that of the root or of its school.

    Problems: `establishment_choice_needed` (error) where there are several and none was asked for, `unexpected_uai`
    (error) where another school was asked for, `timetable_uai_invalid` (error), `timetable_uai_letter`,
    `file_name_uai_differs`. The caller decides what to do of an error; an import is refused (edt 7.1).
    """
    held = [school.uai for school in schools if school.uai]
    chosen = uais.compact(written) or (held[0] if len(held) == 1 else "")
    asked = None if wanted is None else uais.compact(wanted)
    if asked is not None and asked in {chosen, *held}:
        chosen = asked
    elif asked is not None:
        reading.found("unexpected_uai", None, expected=asked, found=chosen)
    elif len(schools) > 1:
        reading.found("establishment_choice_needed", None, schools=", ".join(held))
    _judge(chosen, reading)
    return chosen


def _judge(uai: str, reading: Reading) -> None:
    if not uais.is_valid(uai):
        reading.found("timetable_uai_invalid", None, uai=uai)
        return
    if not uais.is_checked(uais.parse(uai)):
        reading.found("timetable_uai_letter", None, uai=uai, expected=uais.check_letter(uai))
    named = _IN_NAME.search(reading.file)
    if named and uais.compact(named[0]) != uai:
        reading.found("file_name_uai_differs", None, uai=uai, named=uais.compact(named[0]))


def only_school(timetable: Timetable, *, wanted: str | None) -> Timetable:
    """Keep what belongs to the school wanted, where the export holds several; else give the timetable unchanged.

    Its classes, the groups all of whose classes and parts are its own, the lessons that touch one of them, as one ENT
    does; also the pupils of those classes with their guardians, and of each lesson only the audience that is kept
    [inferred]. Teachers, staff, rooms and subjects are shared.
    """
    own = {school.ref for school in timetable.establishments if wanted and school.uai == uais.compact(wanted)}
    if len(timetable.establishments) < 2 or not own:  # noqa: PLR2004 - several
        return timetable
    classes = {name: one for name, one in timetable.classes.items() if own.intersection(one.establishments)}
    parts = {name: part for name, part in timetable.class_parts.items() if part.school_class in classes}
    homes = {*classes, *parts}
    pupils = {name: one for name, one in timetable.pupils.items() if any(m.of in homes for m in one.memberships)}
    groups = {name: one for name, one in timetable.option_groups.items() if _is_own(one, homes, pupils)}
    guardians = {link.guardian for pupil in pupils.values() for link in pupil.guardians}
    every = (timetable.classes, timetable.class_parts, timetable.option_groups, timetable.pupils)
    others = frozenset(name for names in every for name in names) - {*homes, *pupils, *groups}
    lessons = (_restricted(lesson, others) for lesson in timetable.weekly_lessons)
    return attrs.evolve(
        timetable,
        classes=FrozenMap(classes),
        class_parts=FrozenMap(parts),
        option_groups=FrozenMap((name, _listing(one, others)) for name, one in groups.items()),
        pupils=FrozenMap((name, _within(one, others)) for name, one in pupils.items()),
        guardians=FrozenMap((name, one) for name, one in timetable.guardians.items() if name in guardians),
        weekly_lessons=tuple(lesson for lesson in lessons if lesson is not None),
    )


def _is_own(group: OptionGroup, homes: Collection[Ref], pupils: Collection[Ref]) -> bool:
    if made_of := (*group.classes, *group.parts):
        return all(home in homes for home in made_of)
    return not group.pupils or any(pupil in pupils for pupil in group.pupils)


def _listing(group: OptionGroup, others: frozenset[Ref]) -> OptionGroup:
    return attrs.evolve(group, pupils=tuple(pupil for pupil in group.pupils if pupil not in others))


def _within(pupil: Pupil, others: frozenset[Ref]) -> Pupil:
    return attrs.evolve(pupil, memberships=tuple(one for one in pupil.memberships if one.of not in others))


def _restricted(lesson: WeeklyLesson, others: frozenset[Ref]) -> WeeklyLesson | None:
    kept = tuple(presence for presence in lesson.presences if presence.who not in others)
    if not any(kind_of(presence.who) in AUDIENCE for presence in kept):
        return None
    return attrs.evolve(lesson, presences=kept)
