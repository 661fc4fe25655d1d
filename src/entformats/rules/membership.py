"""Classes and groups rebuilt from a timetable, against what the ENT holds (rules 2.3, 2.4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attrs import field, frozen

from entformats.frozen import FrozenMap
from entformats.identity import Account, Key, Profile
from entformats.names import clean, compact
from entformats.rules.matching import Matching
from entformats.rules.renames import renamed_groups
from entformats.rules.rosters import MembershipKey, Provenance, Roster, RosterGroup, RosterMembership
from entformats.rules.snapshot import Audience, Snapshot, teachers_and_subjects
from entformats.rules.wizard import GroupMode
from entformats.timetable import Domain, Kind, OptionGroup, SchoolClass, Timetable, kind_of
from entformats.timetable.models import key

__all__ = ["GroupManagement", "Grouping", "rebuild"]

Members = FrozenMap[Key, frozenset[Account]]


@frozen(repr=False)
class GroupManagement:
    """Gestion des classes et groupes d'option: what the ENT has to create, rename and add (rules 3.3).

    Keys are those of the ENT once the import is written; `to_rename` goes from the old key to the new one.

    >>> GroupManagement(to_create=frozenset({Key("group:6 LATIN")}))
    <GroupManagement +1 ~0>
    """

    to_create: frozenset[Key] = frozenset()
    to_rename: FrozenMap[Key, Key] = field(factory=FrozenMap)
    teachers_to_add: FrozenMap[Key, frozenset[str]] = field(factory=FrozenMap)
    pupils_to_add: FrozenMap[Key, frozenset[str]] = field(factory=FrozenMap)

    def __repr__(self) -> str:
        """Show the sizes."""
        return f"<GroupManagement +{len(self.to_create)} ~{len(self.to_rename)}>"


@frozen(repr=False)
class Grouping:
    """Classes et groupes reconstitués. `audiences` are those of the file, on the reference day `on`.

    `homes` gives the class or group of the ENT for each class or group of the file that has one, once the import is
    written. `stale_members` and `stale_groups` are what earlier imports wrote and this one no longer says: proposals of
    removal, never done by themselves (rules 2.4).

    >>> from entformats.rules import match
    >>> grouping = rebuild(
    ...     Timetable("0749999S"),
    ...     Roster("0749999S"),
    ...     match([], []),
    ...     mode=GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS,
    ... )
    >>> grouping.unknown
    frozenset()
    """

    mode: GroupMode
    on: date | None
    audiences: FrozenMap[Key, Audience]
    homes: FrozenMap[Key, Key]
    people: FrozenMap[Key, Account]
    management: GroupManagement
    created: FrozenMap[Key, RosterGroup]
    stale_members: frozenset[RosterMembership]
    stale_groups: FrozenMap[Key, RosterGroup]

    @property
    def unknown(self) -> frozenset[Key]:
        """Sans correspondance: classes and groups of the file that the ENT does not have."""
        return frozenset(self.audiences) - frozenset(self.homes)

    def __repr__(self) -> str:
        """Show the sizes."""
        return f"<Grouping {len(self.audiences)} audiences, {self.management!r}>"


def rebuild(
    timetable: Timetable,
    roster: Roster,
    matching: Matching,
    *,
    mode: GroupMode,
    previous: Snapshot = Snapshot(),  # noqa: B008 - frozen
    on: date | None = None,
    correspondences: Mapping[Key, Key] = FrozenMap(),
) -> Grouping:
    """Reconstituer classes et groupes: homes in the ENT, creations, renames, people to add, stale members apart.

    `on` is the day whose pupils count, brought back inside the file's school year; without it, the first day of that
    year. `correspondences` are those decided by hand, from a class or group of the file to one of the ENT. Unmatched
    people are in no group.

    >>> from entformats.rules import match
    >>> empty = Timetable("0749999S")
    >>> mode = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    >>> rebuild(empty, Roster("0749999S"), match([], []), mode=mode)
    <Grouping 0 audiences, <GroupManagement +0 ~0>>
    """
    day = reference_day(timetable, on)
    audiences = file_audiences(timetable, day)
    people = matched_people(timetable, matching)
    found = correspond(audiences, roster, correspondences)
    renamed = _renamed(audiences, found, roster, previous) if mode.creates_groups else FrozenMap[Key, Key]()
    created = _created(audiences, found, renamed) if mode.creates_groups else FrozenMap[Key, RosterGroup]()
    homes = FrozenMap({**found, **_new_homes(audiences, found)} if mode.creates_groups else found)
    wanted = _Wanted(audiences, homes, people, mode, timetable.silent_on)
    current = _current(roster, renamed)
    said = mode.creates_groups and Domain.GROUPS not in timetable.silent_on
    return Grouping(
        mode=mode,
        on=day,
        audiences=audiences,
        homes=homes,
        people=people,
        management=GroupManagement(
            to_create=frozenset(created),
            to_rename=renamed,
            teachers_to_add=_missing(wanted.teachers, current),
            pupils_to_add=_missing(wanted.pupils, current),
        ),
        created=created,
        stale_members=frozenset(_stale_members(roster, renamed, wanted)),
        stale_groups=_stale_groups(roster, homes, renamed) if said else FrozenMap(),
    )


def reference_day(timetable: Timetable, on: date | None) -> date | None:
    """Jour de référence: `on`, brought back to the nearest day of the file's school year (rules 3.3).

    >>> year = Timetable("0749999S", date(2022, 9, 1), date(2023, 7, 7))
    >>> reference_day(year, date(2022, 8, 19))
    datetime.date(2022, 9, 1)
    """
    if timetable.start is None or timetable.end is None:
        return on
    return min(max(on or timetable.start, timetable.start), timetable.end)


def matched_people(timetable: Timetable, matching: Matching) -> FrozenMap[Key, Account]:
    """Personnes reconnues: key of a participant -> account; a key that two people of the file share is left out.

    >>> matched_people(Timetable("0749999S"), Matching())
    <FrozenMap of 0>
    """
    accounts: defaultdict[Key, set[Account | None]] = defaultdict(set)
    for person in timetable.identities():
        if person.ref in matching:
            accounts[timetable.keys[person.ref]].add(matching.account(person.ref))
    alone = ((who, next(iter(found))) for who, found in accounts.items() if len(found) == 1)
    return FrozenMap((who, account) for who, account in alone if account is not None)


def file_audiences(timetable: Timetable, day: date | None) -> FrozenMap[Key, Audience]:
    """Classes et groupes du fichier, with their teachers of any week and their pupils of one day (rules 2.3).

    Two of one name are one, under the first of its spellings.

    >>> from entformats.timetable import ref
    >>> school_class = SchoolClass(ref(Kind.CLASS, "2"), " 6A")
    >>> timetable = Timetable("0749999S", classes=FrozenMap({school_class.ref: school_class}))
    >>> file_audiences(timetable, None)[Key("class:6A")]
    <Audience 6A: 0 teachers, 0 pupils>
    """
    teachers, subjects = teachers_and_subjects(timetable.keyed_lessons)
    found: dict[Key, Audience] = {}
    entities: tuple[SchoolClass | OptionGroup, ...] = (*timetable.classes.values(), *timetable.option_groups.values())
    for entity in entities:
        pupils = () if day is None else timetable.members(entity, on=day)
        name = clean(entity.name)
        other = found.get(entity.key, Audience(name))
        found[entity.key] = Audience(
            name=min(other.name, name),
            classes=other.classes | frozenset(_classes(timetable, entity)),
            subjects=subjects.get(entity.key, frozenset()),
            teachers=teachers.get(entity.key, frozenset()),
            pupils=other.pupils | frozenset(timetable.keys[pupil.identity.ref] for pupil in pupils),
        )
    return FrozenMap(sorted(found.items()))


def _classes(timetable: Timetable, entity: SchoolClass | OptionGroup) -> Iterator[Key]:
    if isinstance(entity, SchoolClass):
        yield entity.key
        return
    owners = (timetable.class_parts[part].school_class for part in entity.parts if part in timetable.class_parts)
    for home in (*entity.classes, *owners):
        if home in timetable.classes:
            yield timetable.classes[home].key


def correspond(
    audiences: Mapping[Key, Audience],
    roster: Roster,
    correspondences: Mapping[Key, Key] = FrozenMap(),
) -> FrozenMap[Key, Key]:
    """Correspondances: class or group of the file -> the one of the ENT (rules 2.4).

    By hand first, then by cleaned name; for a class also by compact name, where it is unique on both sides.

    >>> from entformats.rules import RosterClass
    >>> dict(correspond({Key("class:6A"): Audience("6A")}, Roster("0749999S", classes=[RosterClass("6 a")])))
    {'class:6A': 'class:6 a'}
    """
    found: dict[Key, Key] = {}
    known = {*roster.known_classes, *roster.known_groups}
    loose = _unique_compact(roster.known_classes)
    mine = _unique_compact(who for who in audiences if kind_of(who) is Kind.CLASS)
    for who, audience in audiences.items():
        named = key(kind_of(who), audience.name)
        decided = correspondences.get(who)
        folded = compact(audience.name)
        if decided in known and decided is not None:
            found[who] = decided
        elif named in known:
            found[who] = named
        elif kind_of(who) is Kind.CLASS and folded in loose and folded in mine:
            found[who] = loose[folded]
    return FrozenMap(found)


def _unique_compact(keys: Iterable[Key]) -> dict[str, Key]:
    named = [(compact(who.partition(":")[2]), who) for who in keys]
    counts = Counter(folded for folded, _ in named)
    return {folded: who for folded, who in named if folded and counts[folded] == 1}


def _renamed(
    audiences: Mapping[Key, Audience], found: Mapping[Key, Key], roster: Roster, previous: Snapshot
) -> FrozenMap[Key, Key]:
    """Give old key -> new key, both of the ENT, for the groups that an import drives and that changed their name.

    A group known by a stable code is itself under any name; the others are recognised by what they are made of.
    """
    new = {who: audience for who, audience in audiences.items() if kind_of(who) is Kind.GROUP}
    same = ((who, who) for who in new if who in previous.audiences)
    pairs = (*same, *renamed_groups(previous.audiences, new).items())
    homes = ((previous.homes.get(old, old), who) for old, who in pairs if who not in found)
    driven = {who for who, group in roster.known_groups.items() if group.provenance is Provenance.TIMETABLE}
    free = driven - set(found.values())
    return FrozenMap((old, key(Kind.GROUP, audiences[who].name)) for old, who in homes if old in free)


def _new_homes(audiences: Mapping[Key, Audience], found: Mapping[Key, Key]) -> dict[Key, Key]:
    return {
        who: key(Kind.GROUP, audience.name)
        for who, audience in audiences.items()
        if kind_of(who) is Kind.GROUP and who not in found
    }


def _created(
    audiences: Mapping[Key, Audience], found: Mapping[Key, Key], renamed: Mapping[Key, Key]
) -> FrozenMap[Key, RosterGroup]:
    taken = set(renamed.values())
    names = {home: audiences[who].name for who, home in _new_homes(audiences, found).items() if home not in taken}
    return FrozenMap((home, RosterGroup(name, Provenance.TIMETABLE)) for home, name in names.items())


class _Wanted:
    """Who the file puts in each class and group of the ENT."""

    def __init__(
        self,
        audiences: Mapping[Key, Audience],
        homes: Mapping[Key, Key],
        people: Mapping[Key, Account],
        mode: GroupMode,
        silent: frozenset[Domain],
    ) -> None:
        teachers: defaultdict[Key, set[Account]] = defaultdict(set)
        pupils: defaultdict[Key, set[Account]] = defaultdict(set)
        for who, home in homes.items():
            audience = audiences[who]
            teachers[home] |= {people[one] for one in audience.teachers if one in people}
            if mode.populates:
                pupils[home] |= {people[one] for one in audience.pupils if one in people}
        self.teachers: Members = FrozenMap((home, frozenset(found)) for home, found in teachers.items())
        self.pupils: Members = FrozenMap((home, frozenset(found)) for home, found in pupils.items())
        self._tells = {
            True: mode.populates and Domain.PUPILS not in silent,
            False: silent.isdisjoint({Domain.LESSONS, Domain.NAMES}),
        }

    def speaks_of(self, row: RosterMembership, profile: Profile | None) -> bool:
        """Tell whether this import decides about such a membership."""
        return row.audience in self.teachers and self._tells[profile is Profile.PUPIL]

    def holds(self, row: RosterMembership) -> bool:
        """Tell whether the file says so."""
        return row.account in self.teachers[row.audience] | self.pupils.get(row.audience, frozenset())


def _current(roster: Roster, renamed: Mapping[Key, Key]) -> frozenset[MembershipKey]:
    return frozenset(MembershipKey(renamed.get(row.audience, row.audience), row.account) for row in roster.memberships)


def _missing(wanted: Members, current: frozenset[MembershipKey]) -> Members:
    lacking = (
        (home, frozenset(account for account in accounts if MembershipKey(home, account) not in current))
        for home, accounts in wanted.items()
    )
    return FrozenMap((home, accounts) for home, accounts in lacking if accounts)


def _stale_members(roster: Roster, renamed: Mapping[Key, Key], wanted: _Wanted) -> Iterator[RosterMembership]:
    for row in roster.memberships:
        now = RosterMembership(renamed.get(row.audience, row.audience), row.account, row.provenance)
        ours = row.provenance is Provenance.TIMETABLE and wanted.speaks_of(now, roster.profiles.get(row.account))
        if ours and not wanted.holds(now):
            yield now


def _stale_groups(roster: Roster, homes: Mapping[Key, Key], renamed: Mapping[Key, Key]) -> FrozenMap[Key, RosterGroup]:
    alive = {*homes.values(), *renamed}
    return FrozenMap(
        (who, group)
        for who, group in roster.known_groups.items()
        if group.provenance is Provenance.TIMETABLE and who not in alive
    )
