"""Groups that stand for class parts: what EDT could say and does not, for those who want such lessons (edt 3.9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from attrs import evolve

from entformats.codes.weeks import WeekSet
from entformats.identity import Ref
from entformats.timetable.models import Kind, Presence, WeeklyLesson, kind_of
from entformats.timetable.timetable import Timetable

__all__ = ["groups_for_parts"]


def groups_for_parts(timetable: Timetable) -> Timetable:
    """Mettre un groupe à la place des parties de classe, where each part of a lesson is used by one group only.

    A lesson on class parts alone cannot be imported. Where its parts belong to exactly one group each, that group may
    stand for them, though no file says so: its presences are marked `derived`. Other lessons are left as they are.

    >>> groups_for_parts(Timetable("0749999S")) == Timetable("0749999S")
    True
    """
    users: defaultdict[Ref, list[Ref]] = defaultdict(list)
    for name, group in timetable.option_groups.items():
        for part in dict.fromkeys(group.parts):
            users[part].append(name)
    only = {part: names[0] for part, names in users.items() if len(names) == 1}
    return evolve(timetable, weekly_lessons=tuple(_grouped(lesson, only) for lesson in timetable.weekly_lessons))


def _grouped(lesson: WeeklyLesson, only: Mapping[Ref, Ref]) -> WeeklyLesson:
    parts = lesson.of(Kind.PART)
    if not lesson.on_class_part_only or any(part.who not in only for part in parts):
        return lesson
    weeks: defaultdict[Ref, WeekSet] = defaultdict(WeekSet)
    for part in parts:
        weeks[only[part.who]] |= part.weeks
    groups = [Presence(group, found, derived=True) for group, found in weeks.items()]
    others = [presence for presence in lesson.presences if kind_of(presence.who) is not Kind.PART]
    return evolve(lesson, presences=(*others, *groups))
