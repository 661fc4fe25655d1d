"""What an import has to write in the ENT, as differences; the caller writes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from entformats.changes import Diff
from entformats.identity import Key
from entformats.rules.bilan import Bilan
from entformats.rules.membership import Grouping
from entformats.rules.rosters import MembershipKey, Provenance, Roster, RosterGroup, RosterMembership
from entformats.rules.snapshot import PlannedLesson, Snapshot, SubjectContent
from entformats.timetable import LessonKey

__all__ = ["Plan", "ProposedRemovals", "make_plan"]


@frozen(repr=False)
class ProposedRemovals:
    """Suppressions proposées: what earlier imports wrote and the file no longer says (rules 2.4).

    They are never done without a person.

    >>> ProposedRemovals(groups=Diff(), memberships=Diff())
    <ProposedRemovals 0 groups, 0 memberships>
    """

    groups: Diff[Key, RosterGroup]
    memberships: Diff[MembershipKey, RosterMembership]

    def __repr__(self) -> str:
        """Show the sizes."""
        return f"<ProposedRemovals {len(self.groups)} groups, {len(self.memberships)} memberships>"


@frozen(repr=False)
class Plan:
    """Plan d'écriture: key -> (before, after), in the order of writing: subjects, groups, memberships, lessons.

    A group that is renamed keeps its old key; memberships and lessons use the new one.

    >>> subjects = Diff({Key("subject:SVT"): (None, SubjectContent("SCIENCES"))})
    >>> Plan(subjects, Diff(), Diff(), Diff(), ProposedRemovals(Diff(), Diff()))
    <Plan 1 subjects, 0 groups, 0 memberships, 0 lessons>
    """

    subjects: Diff[Key, SubjectContent]
    groups: Diff[Key, RosterGroup]
    memberships: Diff[MembershipKey, RosterMembership]
    lessons: Diff[LessonKey, PlannedLesson]
    proposed_removals: ProposedRemovals

    def __repr__(self) -> str:
        """Show the sizes."""
        sizes = (len(self.subjects), len(self.groups), len(self.memberships), len(self.lessons))
        return "<Plan {} subjects, {} groups, {} memberships, {} lessons>".format(*sizes)


def make_plan(
    previous: Snapshot,
    current: Snapshot,
    bilan: Bilan,
    grouping: Grouping,
    roster: Roster,
    *,
    since: date | None = None,
) -> Plan:
    """Établir le plan: from what the previous import wrote to what this one says.

    The dated lessons before `since` are left alone.
    """
    return Plan(
        subjects=bilan.subjects,
        groups=Diff(dict(_groups(grouping, roster))),
        memberships=Diff({row.key: (None, row) for row in _additions(grouping)}),
        lessons=_lessons(previous, current, since),
        proposed_removals=ProposedRemovals(
            groups=Diff({who: (group, None) for who, group in grouping.stale_groups.items()}),
            memberships=Diff({row.key: (row, None) for row in grouping.stale_members}),
        ),
    )


def _groups(grouping: Grouping, roster: Roster) -> Iterator[tuple[Key, tuple[RosterGroup | None, RosterGroup]]]:
    for who, group in grouping.created.items():
        yield who, (None, group)
    names = {home: grouping.audiences[who].name for who, home in grouping.homes.items()}
    for old, new in grouping.management.to_rename.items():
        yield old, (roster.known_groups[old], RosterGroup(names[new], Provenance.TIMETABLE))


def _additions(grouping: Grouping) -> Iterator[RosterMembership]:
    management = grouping.management
    for added in (management.teachers_to_add, management.pupils_to_add):
        for home, accounts in added.items():
            for account in sorted(accounts):
                yield RosterMembership(home, account, Provenance.TIMETABLE)


def _lessons(previous: Snapshot, current: Snapshot, since: date | None) -> Diff[LessonKey, PlannedLesson]:
    """Give the dated lessons that appear or vanish, and those whose accounts or groups became others."""
    both = previous.lesson_keys & current.lesson_keys
    same = {key for key in both if previous.places(key) == current.places(key)}

    def planned(snapshot: Snapshot) -> dict[LessonKey, PlannedLesson]:
        wanted = (key for key in snapshot.lesson_keys - same if since is None or key.date >= since)
        return {key: snapshot.planned(key) for key in wanted}

    return Diff.between(planned(previous), planned(current))
