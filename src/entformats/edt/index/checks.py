"""What the resolved timetable shows: references that lead nowhere, memberships that contradict each other (edt 7.1)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from entformats.edt.index.record import Record
from entformats.identity import Ref
from entformats.timetable import Kind, Membership, OptionGroup, Pupil, Timetable, kind_of

__all__ = ["check"]

Window = tuple[date, date]


def check(timetable: Timetable, records: Mapping[Ref, Record]) -> None:
    """Report on groups, classes and pupils, each at the record that it was read from.

    Problems: `membership_reference_unknown`, `group_empty`, `pupil_in_two_classes`, `part_outside_class`.
    """
    for name, school_class in timetable.classes.items():
        _dangling(records[name], school_class.head_teachers, timetable.teachers)
    inhabited = {membership.of for pupil in timetable.pupils.values() for membership in pupil.memberships}
    for name, group in timetable.option_groups.items():
        _check_group(records[name], group, timetable)
        if name not in inhabited and not (group.classes or group.parts or group.pupils):
            records[name].found("group_empty")
    for name, pupil in timetable.pupils.items():
        _check_pupil(records[name], pupil, timetable)


def _dangling(record: Record, names: Iterable[Ref], known: Mapping[Ref, object]) -> None:
    for name in names:
        if name not in known:
            record.found("membership_reference_unknown", of=name)


def _check_group(record: Record, group: OptionGroup, timetable: Timetable) -> None:
    _dangling(record, group.classes, timetable.classes)
    _dangling(record, group.parts, timetable.class_parts)
    _dangling(record, group.pupils, timetable.pupils)


def _check_pupil(record: Record, pupil: Pupil, timetable: Timetable) -> None:
    homes = {Kind.CLASS: timetable.classes, Kind.PART: timetable.class_parts, Kind.GROUP: timetable.option_groups}
    for membership in pupil.memberships:
        _dangling(record, [membership.of], homes[kind_of(membership.of)])
    _dangling(record, (link.guardian for link in pupil.guardians), timetable.guardians)
    classes = [membership for membership in pupil.memberships if kind_of(membership.of) is Kind.CLASS]
    if _overlap(classes):
        record.found("pupil_in_two_classes")
    stays = _stays(classes)
    for membership in pupil.memberships:
        part = timetable.class_parts.get(membership.of)
        if part is not None and not _covered(_window(membership), stays[part.school_class]):
            record.found("part_outside_class", of=membership.of)


def _window(membership: Membership) -> Window:
    return membership.start or date.min, membership.end or date.max


def _overlap(classes: Iterable[Membership]) -> bool:
    """Tell whether two classes share a day. Until two do, only the window that ends last can be met again."""
    latest: tuple[date, Ref] | None = None
    for start, end, home in sorted((*_window(one), one.of) for one in classes):
        if start > end:
            continue
        if latest is not None and start <= latest[0] and home != latest[1]:
            return True
        latest = max(latest, (end, home)) if latest else (end, home)
    return False


def _stays(classes: Iterable[Membership]) -> defaultdict[Ref, list[Window]]:
    """Give, for each class, the periods without interruption in which the pupil is in it, in order."""
    stays: defaultdict[Ref, list[Window]] = defaultdict(list)
    for start, end, home in sorted((*_window(one), one.of) for one in classes):
        known = stays[home]
        if known and start.toordinal() <= known[-1][1].toordinal() + 1:
            known[-1] = known[-1][0], max(known[-1][1], end)
        elif start <= end:
            known.append((start, end))
    return stays


def _covered(window: Window, stays: list[Window]) -> bool:
    """Tell whether the pupil is there on every day of a window; one that is void has none."""
    first, last = window
    at = bisect_right(stays, (first, date.max)) - 1
    return first > last or (at >= 0 and last <= stays[at][1])
