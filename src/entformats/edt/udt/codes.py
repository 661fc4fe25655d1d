"""Codes of an archive that is written: one for each entity, and how each audience is told (udt 4, 5.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from entformats.edt.udt.structures import OWN_PARTS, PLACEHOLDER
from entformats.errors import UsageError
from entformats.identity import Ref
from entformats.names import clean
from entformats.timetable import Kind, OptionGroup, Timetable, kind_of

__all__ = ["Codes"]


class Codes:
    """Codes: those of the timetable where they can be, made unique; groups as `code_sts` or as regroupements.

    A part is told by the `code_sts` of one group. A group that is more than its own parts is a regroupement.
    """

    __slots__ = ("_codes", "_homes", "_numbers", "_parts", "_timetable", "groupings")

    def __init__(self, timetable: Timetable) -> None:
        self._timetable = timetable
        self._codes: dict[Ref, str] = {}
        self._name_all()
        self._parts = dict(self._name_parts())
        self._numbers = {codes: at for at, codes in enumerate(self._parts.values(), start=1)}
        self._homes: dict[Ref, Ref] = {}
        self._find_homes()
        needed = [name for name, group in timetable.option_groups.items() if self._is_grouping(name, group)]
        self.groupings: dict[Ref, str] = {name: str(number) for number, name in enumerate(needed, start=1)}

    def _name_all(self) -> None:
        timetable = self._timetable
        wanted = (
            {name: one.code or one.label for name, one in timetable.subjects.items()},
            {name: one.name for name, one in timetable.classes.items()},
            dict.fromkeys(timetable.rooms, ""),
            dict.fromkeys((*timetable.teachers, *timetable.staff), ""),
            dict.fromkeys(timetable.pupils, ""),
        )
        for names in wanted:
            taken = {PLACEHOLDER}
            for name, label in names.items():
                code = _free(clean(label) or name.partition(":")[2].strip() or kind_of(name), taken)
                taken.add(code)
                self._codes[name] = code

    def _name_parts(self) -> Iterator[tuple[Ref, tuple[str, str]]]:
        """Name the parts: by their name, or the end of their reference, unique in their division."""
        taken: defaultdict[Ref, set[str]] = defaultdict(set)
        for name, part in self._timetable.class_parts.items():
            if part.school_class in self._codes:
                own = clean(part.name) or name.rpartition(":")[2].rpartition("/")[2].strip() or "1"
                code = _free(own, taken[part.school_class])
                taken[part.school_class].add(code)
                yield name, (self._codes[part.school_class], code)

    def _find_homes(self) -> None:
        """Choose the group that tells a part: the one that says so, the first with a stable code, else the first."""
        groups = self._timetable.option_groups
        for name, group in groups.items():
            for part in group.extra.get(OWN_PARTS, ()):
                if Ref(part) in self._parts and group.code:
                    self._homes.setdefault(Ref(part), name)
        for name in sorted(groups, key=lambda one: not groups[one].code):
            for part in groups[name].parts:
                if part in self._parts and (groups[name].code or groups[name].name):
                    self._homes.setdefault(part, name)

    def _is_grouping(self, name: Ref, group: OptionGroup) -> bool:
        own = [part for part in group.parts if part in self._parts]
        return bool(group.classes) or any(self._homes[part] != name for part in own)

    def of(self, name: Ref) -> str:
        """Give the code of a subject, class, room, person; UsageError for one that the timetable does not hold."""
        if name not in self._codes:
            raise UsageError(f"a lesson or a membership names a {kind_of(name)} that the timetable does not hold")
        return self._codes[name]

    def part(self, name: Ref) -> tuple[str, str]:
        """Give the division and the code of a part."""
        return self._parts[name]

    def number(self, division: str, part: str) -> str:
        """Give the internal number of a part, by its codes; 0 for none."""
        return str(self._numbers.get((division, part), 0))

    def sts(self, name: Ref) -> str | None:
        """Give the `code_sts` of a part: empty without group, absent where the group is named after the part."""
        if name not in self._homes:
            return ""
        group = self._timetable.option_groups[self._homes[name]]
        if not group.code and group.name == "".join(self._parts[name]):
            return None
        return group.code or group.name

    def home(self, name: Ref) -> tuple[str, str] | None:
        """Give the division and part that a pupil belongs to; None for what UDT has no membership of."""
        if name in self._parts:
            return self._parts[name]
        return (self._codes[name], "") if name in self._timetable.classes else None

    def members(self, group: Ref) -> Iterator[tuple[str, str]]:
        """Give the divisions and parts of a group; the part is empty for a whole division."""
        one = self._timetable.option_groups[group]
        yield from (self._parts[part] for part in one.parts if part in self._parts)
        yield from ((self._codes[name], "") for name in one.classes if name in self._codes)

    def audience(self, names: tuple[Ref, ...]) -> Iterator[tuple[str, str, str]]:
        """Give the division, part and regroupement of each line of a lesson; none for what has no division."""
        for name in names:
            if kind_of(name) is Kind.GROUP:
                grouping = self.groupings.get(name, "0")
                yield from ((division, part, grouping) for division, part in self.members(name))
            else:
                home = self.home(name)
                if home is not None:
                    yield (*home, "0")


def _free(code: str, taken: set[str]) -> str:
    number = 1
    found = code
    while found in taken:
        number += 1
        found = f"{code}~{number}"
    return found
