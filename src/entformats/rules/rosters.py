"""What the ENT holds today of one school: the port by which rules see accounts, classes, groups and memberships.

A backend makes a `Roster` from its own rows; `roster` makes one from an AAF directory. It is asked for at every import,
because teachers add pupils to groups between two imports (rules 2.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property

from attrs import evolve, field, frozen

from entformats.aaf.directory import Directory, SchoolClass, SchoolGroup
from entformats.frozen import FrozenMap
from entformats.identity import Account, Identity, Key, Profile
from entformats.rules.snapshot import Snapshot
from entformats.timetable.models import Kind, key, kind_of

__all__ = [
    "MembershipKey",
    "Provenance",
    "Roster",
    "RosterClass",
    "RosterGroup",
    "RosterMembership",
    "roster",
    "roster_after",
]


class Provenance(StrEnum):
    """Provenance: who wrote a group or a membership; an import may only propose to remove its own (rules 2.4)."""

    AAF = "aaf"
    TIMETABLE = "timetable"
    MANUAL = "manual"


@frozen(order=True)
class RosterClass:
    """Classe de l'ENT.

    >>> RosterClass("6A").key
    'class:6A'
    """

    name: str

    @property
    def key(self) -> Key:
        """Clé: the cleaned name."""
        return key(Kind.CLASS, self.name)


@frozen(order=True)
class RosterGroup:
    """Groupe de l'ENT. With provenance `timetable` it is driven by the ENT (groupe piloté), by an import.

    >>> RosterGroup("6 LATIN", Provenance.TIMETABLE).key
    'group:6 LATIN'
    """

    name: str
    provenance: Provenance = Provenance.MANUAL

    @property
    def key(self) -> Key:
        """Clé: the cleaned name."""
        return key(Kind.GROUP, self.name)


@frozen(order=True)
class MembershipKey:
    """Clé d'une appartenance: the class or group, and the account.

    >>> MembershipKey(Key("class:6A"), "3100456").account
    '3100456'
    """

    audience: Key
    account: Account


@frozen
class RosterMembership:
    """Appartenance d'un compte à une classe ou à un groupe; one row a provenance.

    >>> RosterMembership(Key("class:6A"), "3100456").provenance
    <Provenance.MANUAL: 'manual'>
    """

    audience: Key
    account: Account
    provenance: Provenance = Provenance.MANUAL

    @property
    def key(self) -> MembershipKey:
        """Clé: without the provenance."""
        return MembershipKey(self.audience, self.account)


def _people(rows: Iterable[Identity]) -> tuple[Identity, ...]:
    return tuple(rows)


def _classes(rows: Iterable[RosterClass]) -> tuple[RosterClass, ...]:
    return tuple(rows)


def _groups(rows: Iterable[RosterGroup]) -> tuple[RosterGroup, ...]:
    return tuple(rows)


def _memberships(rows: Iterable[RosterMembership]) -> tuple[RosterMembership, ...]:
    return tuple(rows)


@frozen(repr=False)
class Roster:
    """État de l'ENT pour une école: people, classes, groups and memberships, from any iterables.

    >>> Roster("0749999S", classes=[RosterClass("6A")])
    <Roster 0749999S: 0 people, 1 classes, 0 groups>
    """

    school: str
    people: tuple[Identity, ...] = field(default=(), converter=_people)
    classes: tuple[RosterClass, ...] = field(default=(), converter=_classes)
    groups: tuple[RosterGroup, ...] = field(default=(), converter=_groups)
    memberships: tuple[RosterMembership, ...] = field(default=(), converter=_memberships)

    @cached_property
    def profiles(self) -> FrozenMap[Account, Profile]:
        """Profils: account -> profile."""
        return FrozenMap(sorted((person.ref, person.profile) for person in self.people))

    @cached_property
    def known_classes(self) -> FrozenMap[Key, RosterClass]:
        """Classes, par clé."""
        return FrozenMap((entry.key, entry) for entry in sorted(self.classes))

    @cached_property
    def known_groups(self) -> FrozenMap[Key, RosterGroup]:
        """Groupes, par clé."""
        return FrozenMap((entry.key, entry) for entry in sorted(self.groups))

    @cached_property
    def members(self) -> FrozenMap[MembershipKey, frozenset[Provenance]]:
        """Appartenances: who is where today, and by whose writing."""
        rows: dict[MembershipKey, frozenset[Provenance]] = {}
        for row in self.memberships:
            rows[row.key] = rows.get(row.key, frozenset()) | {row.provenance}
        return FrozenMap(rows)

    def __repr__(self) -> str:
        """Show the school and the sizes."""
        return (
            f"<Roster {self.school}: {len(self.people)} people, {len(self.classes)} classes, {len(self.groups)} groups>"
        )


def roster(directory: Directory, *, school: str) -> Roster:
    """Roster d'une école d'après l'AAF: accounts are jointures, every row has the provenance `aaf` (rules 2.3).

    `school` is the UAI. Classes and groups are those that the school declares and those that its people name. Raises
    `UsageError` when the directory does not hold the school.

    >>> from entformats.aaf import School
    >>> from entformats.codes import jointure, uai
    >>> directory = Directory.of([School(jointure.parse("61001"), uai=uai.parse("0749999S"))])
    >>> roster(directory, school="0749999S")
    <Roster 0749999S: 0 people, 0 classes, 0 groups>
    """
    view = directory.school(school)
    return Roster(
        school,
        people=directory.identities(school=school),
        classes=(RosterClass(name) for name in sorted({one.name for one in view.classes.values()})),
        groups=(RosterGroup(name, Provenance.AAF) for name in sorted({one.name for one in view.groups.values()})),
        memberships=(*_rows(Kind.CLASS, view.classes.values()), *_rows(Kind.GROUP, view.groups.values())),
    )


def _rows(kind: Kind, audiences: Iterable[SchoolClass | SchoolGroup]) -> Iterator[RosterMembership]:
    for audience in sorted(audiences, key=lambda found: found.name):
        for account in sorted(audience.pupils | audience.staff):
            yield RosterMembership(key(kind, audience.name), account, Provenance.AAF)


def roster_after(
    roster: Roster,
    snapshot: Snapshot,
    *,
    renamed: Mapping[Key, Key] = FrozenMap(),
) -> Roster:
    """Roster une fois l'import validé écrit: what an ENT that keeps no rows of its own holds at the next import.

    The groups and the members of `snapshot` are added with the provenance `timetable`, which then drives those groups.
    `renamed` are the groups that the import renamed (`bilan.group_management.to_rename`), where `roster` has their old
    names.

    >>> from entformats.rules.snapshot import Snapshot
    >>> roster_after(Roster("0749999S"), Snapshot()) == Roster("0749999S")
    True
    """
    groups = {group.key: group for group in roster.groups if group.key not in renamed}
    moved = (evolve(row, audience=renamed.get(row.audience, row.audience)) for row in roster.memberships)
    rows: list[RosterMembership] = []
    for who, home in snapshot.homes.items():
        audience = snapshot.audiences[who]
        if kind_of(home) is Kind.GROUP:
            groups[home] = RosterGroup(audience.name, Provenance.TIMETABLE)
        accounts = {snapshot.people[one] for one in audience.teachers | audience.pupils if one in snapshot.people}
        rows.extend(RosterMembership(home, account, Provenance.TIMETABLE) for account in sorted(accounts))
    return evolve(roster, groups=groups.values(), memberships=dict.fromkeys((*moved, *rows)))
