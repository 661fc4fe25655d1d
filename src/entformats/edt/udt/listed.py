"""Pupils listed in a group, put in a part of their division: UDT knows no other members (udt 4.6)."""

from __future__ import annotations

from collections import defaultdict

from attrs import evolve

from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.timetable import ClassPart, Kind, Membership, OptionGroup, Pupil, SchoolClass, Timetable, ref

__all__ = ["with_parts"]


def with_parts(timetable: Timetable) -> Timetable:
    """Mettre les élèves d'un groupe dans des parties: one a division, made for the group; no pupil is listed any more.

    A pupil is put in a part of the first class that the file gives; one without class is left out.

    >>> with_parts(Timetable("0749999S")) == Timetable("0749999S")
    True
    """
    listed = [group for group in timetable.option_groups.values() if group.pupils]
    if not listed:
        return timetable
    made = _Parts(timetable)
    for group in listed:
        made.add(group)
    return evolve(
        timetable,
        classes=FrozenMap(made.classes),
        class_parts=FrozenMap(made.parts),
        option_groups=FrozenMap(made.groups),
        pupils=FrozenMap(made.pupils),
    )


class _Parts:
    """Parties faites pour les groupes."""

    def __init__(self, timetable: Timetable) -> None:
        self.classes: dict[Ref, SchoolClass] = dict(timetable.classes)
        self.parts: dict[Ref, ClassPart] = dict(timetable.class_parts)
        self.groups: dict[Ref, OptionGroup] = dict(timetable.option_groups)
        self.pupils: dict[Ref, Pupil] = dict(timetable.pupils)

    def add(self, group: OptionGroup) -> None:
        """Make the parts of a group, and their members."""
        members: defaultdict[Ref, list[Ref]] = defaultdict(list)
        for name in group.pupils:
            home = self._class_of(name)
            if home is not None:
                members[home].append(name)
        parts = tuple(self._part(group, home, names) for home, names in members.items())
        self.groups[group.ref] = evolve(group, parts=(*group.parts, *parts), pupils=())

    def _class_of(self, name: Ref) -> Ref | None:
        memberships = self.pupils[name].memberships if name in self.pupils else ()
        return next((one.of for one in memberships if one.of in self.classes), None)

    def _part(self, group: OptionGroup, home: Ref, names: list[Ref]) -> Ref:
        made = ref(Kind.PART, f"{home.partition(':')[2]}/{group.ref}")
        self.parts[made] = ClassPart(made, home, group.name)
        self.classes[home] = evolve(self.classes[home], parts=(*self.classes[home].parts, made))
        for name in names:
            pupil = self.pupils[name]
            self.pupils[name] = evolve(pupil, memberships=(*pupil.memberships, Membership(made)))
        return made
