"""Put down what an import says, as the `Snapshot` that the next one is compared with (rules 3.2, 3.3)."""

from __future__ import annotations

from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.names import clean
from entformats.rules.membership import Grouping
from entformats.rules.rosters import Roster
from entformats.rules.selection import Selection
from entformats.rules.snapshot import Reach, Snapshot, SubjectContent, sort_lessons
from entformats.timetable import Alternation, Kind, Service, ServiceKey, Timetable, kind_of
from entformats.timetable.calendar import deduced_alternations
from entformats.timetable.services import derived_services

__all__ = ["record"]

EVERY_WEEK = "H"
"""Code of the every-week rhythm in STS-Web."""


def record(timetable: Timetable, roster: Roster, grouping: Grouping, selection: Selection) -> Snapshot:
    """Relever un import: the lessons kept, and everything that the lines of the bilan count.

    Lessons that the policy leaves in the past are put down too: running totals are those of the whole year (rules 3.3).

    >>> from entformats.rules import GroupMode, Matching, rebuild, select
    >>> empty, ent, nobody = Timetable("0749999S"), Roster("0749999S"), Matching()
    >>> mode = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    >>> grouping = rebuild(empty, ent, nobody, mode=mode)
    >>> record(empty, ent, grouping, select(empty, nobody, known=set(), mode=mode))
    <Snapshot 0749999S None, 0 lessons>
    """
    declared = _declared_services(timetable, grouping, selection)
    services = declared or derived_services(selection.kept)
    ever = declared or derived_services((*selection.kept, *selection.past))
    incomplete = frozenset(service for service in ever if selection.is_incomplete(service))
    return Snapshot(
        school=roster.school,
        school_year=timetable.school_year,
        first_monday=timetable.first_monday,
        subjects=_subjects(timetable),
        closures=frozenset(timetable.closures),
        alternations=FrozenMap((found.key, found.mondays) for found in _alternations(timetable, selection)),
        lessons=sort_lessons((*selection.kept, *selection.past)),
        opened=timetable.opened,
        declared_services=declared,
        incomplete=incomplete,
        audiences=grouping.audiences,
        homes=grouping.homes,
        people=grouping.people,
        classes=_classes(roster, grouping, frozenset(services)),
        option_groups=_groups(roster, grouping, frozenset(services)),
        teachers=_teachers(timetable, grouping),
    )


def _subjects(timetable: Timetable) -> FrozenMap[Key, SubjectContent]:
    """Matières: where two of the file have one code, the first in alphabetical order, whatever their order there."""
    found = ((one.key, SubjectContent(one.label, one.national_code)) for one in timetable.subjects.values())
    return FrozenMap(sorted(found, reverse=True))


def _declared_services(
    timetable: Timetable, grouping: Grouping, selection: Selection
) -> FrozenMap[ServiceKey, Service]:
    """Services that the program states, and whose lessons would be kept (rules 3.3, 3.6)."""

    def is_kept(service: ServiceKey) -> bool:
        taught = not service.teachers or any(who in grouping.people for who in service.teachers)
        received = not service.audience or any(who in selection.known for who in service.audience)
        return taught and (received or grouping.mode.creates_groups)

    return FrozenMap((name, service) for name, service in timetable.declared_services.items() if is_kept(name))


def _alternations(timetable: Timetable, selection: Selection) -> tuple[Alternation, ...]:
    """Alternances: declared ones but the every-week rhythm, which is none; else deduced (rules 3.2)."""
    if timetable.declared_alternations or timetable.first_monday is None:
        return tuple(found for found in timetable.declared_alternations if clean(found.code) != EVERY_WEEK)
    return deduced_alternations(selection.kept, timetable.opened, first_monday=timetable.first_monday)


def _classes(roster: Roster, grouping: Grouping, services: frozenset[ServiceKey]) -> Reach:
    """Classes de l'ENT reached by a service, directly or through a group; the others of either side (rules 3.3)."""
    concerned = {
        school_class
        for service in services
        for who in service.audience
        if who in grouping.audiences
        for school_class in grouping.audiences[who].classes
    }
    imported = {grouping.homes[who] for who in concerned if who in grouping.homes}
    return _reach(imported, {*roster.known_classes, *_lost(grouping, Kind.CLASS)})


def _groups(roster: Roster, grouping: Grouping, services: frozenset[ServiceKey]) -> Reach:
    taught = {who for service in services for who in service.audience if kind_of(who) is Kind.GROUP}
    imported = {grouping.homes[who] for who in taught if who in grouping.homes}
    known = {grouping.management.to_rename.get(who, who) for who in roster.known_groups}
    return _reach(imported, {*known, *grouping.created, *_lost(grouping, Kind.GROUP)})


def _lost(grouping: Grouping, kind: Kind) -> set[Key]:
    return {who for who in grouping.unknown if kind_of(who) is kind}


def _reach(imported: set[Key], everyone: set[Key]) -> Reach:
    return Reach(frozenset(imported), frozenset(everyone - imported))


def _teachers(timetable: Timetable, grouping: Grouping) -> Reach:
    """Enseignants du fichier with at least one lesson, matched or not."""
    teaching = {who for lesson in timetable.keyed_lessons for who, _ in lesson.of(Kind.TEACHER)}
    matched = {who for who in teaching if who in grouping.people}
    return _reach(matched, teaching)
