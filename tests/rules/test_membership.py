"""Classes and groups rebuilt against what the ENT holds (rules 2.3, 2.4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.rules import (
    Audience,
    Grouping,
    GroupMode,
    Provenance,
    Roster,
    RosterClass,
    RosterGroup,
    RosterMembership,
    Snapshot,
    match,
    rebuild,
)
from entformats.testing.strategies.imports import (
    BASE,
    STRANGER,
    UAI,
    Course,
    Draft,
    account,
    group,
    home,
    part,
    timetable,
)
from entformats.testing.strategies.imports import roster as made
from entformats.timetable import Kind, Membership, OptionGroup, SchoolClass, Timetable, ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OPTION_2 = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
TT_ENT = GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS
DIR_DIR = GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS
DIR_TT = GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS
A6, B6, SVT, ESP = Key("class:6A"), Key("class:6B"), Key("group:6A SVT G1"), Key("group:6 ESP")
PUPILS = {number: account(f"pupil:{number}") for number in range(1, 6)}
TEACHERS = {number: account(f"teacher:{number}") for number in range(1, STRANGER)}


def rebuilt(
    exported: Timetable | Draft,
    held: Roster,
    *,
    mode: GroupMode = OPTION_2,
    previous: Snapshot | None = None,
    on: date | None = None,
    correspondences: Mapping[Key, Key] | None = None,
) -> Grouping:
    """Rebuild the groups of an export."""
    known = timetable(exported) if isinstance(exported, Draft) else exported
    matching = match(known.identities(), held.people)
    return rebuild(
        known,
        held,
        matching,
        mode=mode,
        previous=previous or Snapshot(),
        on=on,
        correspondences=correspondences or {},
    )


def holding(
    *groups: RosterGroup, classes: Iterable[str] = ("6A", "6B"), rows: Iterable[RosterMembership] = ()
) -> Roster:
    """Make an ENT that knows everybody but strangers."""
    return Roster(UAI, made([], []).people, map(RosterClass, classes), groups, rows)


def seen(grouping: Grouping) -> Snapshot:
    """Give what the next import compares its groups with."""
    return Snapshot(audiences=grouping.audiences, homes=grouping.homes, people=grouping.people)


BOTH = (RosterGroup("6A SVT G1", Provenance.TIMETABLE), RosterGroup("6 ESP", Provenance.TIMETABLE))


def test_members_of_option_2() -> None:
    """Pupils of a class and, by its parts, of a group; teachers of any lesson; strangers in none."""
    draft = evolve(BASE, courses=(*BASE.courses, Course(3, 1, "ESP", ((STRANGER, "3"),), (group(1),), "3")))
    management = rebuilt(draft, holding()).management
    assert management.pupils_to_add == {
        A6: {PUPILS[1], PUPILS[2], PUPILS[3]},
        B6: {PUPILS[4], PUPILS[5]},
        SVT: {PUPILS[1], PUPILS[2]},
        ESP: {PUPILS[3], PUPILS[4]},
    }
    assert management.teachers_to_add == {A6: {TEACHERS[1]}, SVT: {TEACHERS[2]}, ESP: {TEACHERS[3]}}
    assert management.to_create == {SVT, ESP}


def test_teacher_of_one_week_is_a_member() -> None:
    """Any week counts: a substitute belongs to the group."""
    course = Course(1, 0, "SVT", ((1, "early"), (2, "late")), (group(0),))
    management = rebuilt(evolve(BASE, courses=(course,)), holding()).management
    assert management.teachers_to_add == {SVT: {TEACHERS[1], TEACHERS[2]}}


@pytest.mark.parametrize("provenance", Provenance)
def test_who_is_there_is_not_added(provenance: Provenance) -> None:
    """Whoever wrote the membership."""
    rows = [RosterMembership(A6, PUPILS[1], provenance), RosterMembership(A6, TEACHERS[1], provenance)]
    management = rebuilt(BASE, holding(*BOTH, rows=rows)).management
    assert management.pupils_to_add[A6] == {PUPILS[2], PUPILS[3]}
    assert A6 not in management.teachers_to_add


@pytest.mark.parametrize(
    ("mode", "creates", "populates"),
    [(OPTION_2, True, True), (TT_ENT, True, False), (DIR_DIR, False, False), (DIR_TT, False, True)],
)
def test_modes(mode: GroupMode, *, creates: bool, populates: bool) -> None:
    """Each mode creates groups or reports them unknown, adds pupils or not; all add teachers."""
    grouping = rebuilt(BASE, holding(), mode=mode)
    management = grouping.management
    assert management.to_create == grouping.created.keys() == ({SVT, ESP} if creates else set())
    assert grouping.unknown == (set() if creates else {SVT, ESP})
    assert bool(management.pupils_to_add) == populates
    assert management.teachers_to_add[A6] == {TEACHERS[1]}
    assert all(one.provenance is Provenance.TIMETABLE for one in grouping.created.values())
    assert grouping.stale_groups == {}


def test_unknown_class() -> None:
    """No mode creates a class: it has no home, and nobody is added to it."""
    for mode in GroupMode:
        grouping = rebuilt(evolve(BASE, classes=3), holding(*BOTH), mode=mode)
        assert grouping.unknown == {Key("class:6C")}


class TestReferenceDay:
    """The day whose pupils count."""

    @pytest.mark.parametrize(
        ("on", "day"),
        [
            (None, date(2022, 9, 1)),
            (date(2022, 8, 31), date(2022, 9, 1)),
            (date(2022, 9, 1), date(2022, 9, 1)),
            (date(2023, 2, 28), date(2023, 2, 28)),
            (date(2023, 7, 7), date(2023, 7, 7)),
            (date(2023, 7, 8), date(2023, 7, 7)),
        ],
    )
    def test_brought_back_into_the_year(self, on: date | None, day: date) -> None:
        """Outside the file's school year, the nearest day of it."""
        assert rebuilt(BASE, holding(), on=on).on == day

    def test_file_without_a_year(self) -> None:
        """Without bounds the day is the one given; without either, no pupil counts."""
        bare = evolve(timetable(BASE), start=None)
        assert rebuilt(bare, holding(), on=date(2022, 9, 9)).on == date(2022, 9, 9)
        nobody = rebuilt(bare, holding())
        assert nobody.on is None
        assert not nobody.management.pupils_to_add

    @pytest.mark.parametrize(
        ("on", "homes"),
        [
            (date(2022, 11, 6), {SVT}),
            (date(2022, 11, 7), {SVT, ESP}),
            (date(2022, 11, 8), {ESP}),
        ],
    )
    def test_both_ends_are_included(self, on: date, homes: set[Key]) -> None:
        """On the last day of one membership and the first of another, the pupil is in both."""
        known = timetable(evolve(BASE, homes=(0,)))
        (name,) = known.pupils
        windows = (Membership(part(0), end=date(2022, 11, 7)), Membership(part(1), start=date(2022, 11, 7)))
        dated = evolve(known, pupils=FrozenMap({name: evolve(known.pupils[name], memberships=windows)}))
        assert rebuilt(dated, holding(), on=on).management.pupils_to_add.keys() == homes


class TestCorrespondence:
    """Which class or group of the ENT is the one of the file."""

    def test_class_by_compact_name(self) -> None:
        """`6A` of the file is `6 a` of the ENT, where that is unique on both sides."""
        grouping = rebuilt(BASE, holding(classes=["6 a", "6B"]))
        assert grouping.homes[A6] == Key("class:6 a")
        assert grouping.homes[B6] == B6

    def test_compact_name_must_be_unique(self) -> None:
        """Two classes of the ENT, or of the file, that fold alike are told apart by their exact name or not at all."""
        assert A6 not in rebuilt(BASE, holding(classes=["6 a", "6-A"])).homes
        two = SchoolClass(ref(Kind.CLASS, "9"), "6 A")
        known = timetable(BASE)
        twice = evolve(known, classes=FrozenMap({**known.classes, two.ref: two}))
        assert rebuilt(twice, holding(classes=["6-a"])).homes.keys() == {SVT, ESP}
        assert rebuilt(twice, holding(classes=["6A"])).homes.keys() == {A6, SVT, ESP}

    def test_groups_are_not_folded(self) -> None:
        """A group is known by its cleaned name only."""
        grouping = rebuilt(BASE, holding(RosterGroup("6  ESP"), RosterGroup("6a svt g1")))
        assert grouping.homes == {A6: A6, B6: B6, ESP: ESP, SVT: SVT}
        assert grouping.management.to_create == {SVT}

    def test_by_hand(self) -> None:
        """What somebody decided comes first, as long as the ENT has it."""
        held = holding(*BOTH, RosterGroup("ESPAGNOL"))
        espagnol = Key("group:ESPAGNOL")
        decided = {ESP: espagnol, A6: Key("class:GONE")}
        grouping = rebuilt(BASE, held, correspondences=decided)
        assert (grouping.homes[ESP], grouping.homes[A6]) == (espagnol, A6)
        assert grouping.management.pupils_to_add[espagnol] == {PUPILS[3], PUPILS[4]}

    def test_names_are_clean_whatever_the_order(self) -> None:
        """Two spellings of one group make one group, of one name."""
        known = timetable(BASE)
        other = OptionGroup(ref(Kind.GROUP, "9"), " 6 ESP ", parts=(part(3),))
        groups = {**known.option_groups, other.ref: other}
        for rows in (groups, dict(reversed(groups.items()))):
            grouping = rebuilt(evolve(known, option_groups=FrozenMap(rows)), holding())
            assert grouping.created[ESP] == RosterGroup("6 ESP", Provenance.TIMETABLE)
            assert grouping.management.pupils_to_add[ESP] == {PUPILS[3], PUPILS[4], PUPILS[5]}


class TestRenames:
    """A group that an import drives and whose name changed."""

    @staticmethod
    def renamed(name: str = "6 ESPAGNOL") -> Draft:
        """Rename the group of the draft."""
        return evolve(BASE, groups=(BASE.groups[0], (name, BASE.groups[1][1])))

    def test_renamed(self) -> None:
        """The group keeps its members, and is neither created nor stale."""
        rows = [RosterMembership(ESP, PUPILS[3], Provenance.MANUAL)]
        before = rebuilt(BASE, holding(*BOTH))
        grouping = rebuilt(self.renamed(), holding(*BOTH, rows=rows), previous=seen(before))
        new = Key("group:6 ESPAGNOL")
        assert grouping.management.to_rename == {ESP: new}
        assert grouping.management.pupils_to_add[new] == {PUPILS[4]}
        assert new not in grouping.management.to_create
        assert not grouping.stale_groups

    def test_tie_is_one_removal_and_one_creation(self) -> None:
        """One group in the place of two that are alike: which one was renamed is not known, so neither is."""
        twins = (("6 ESP G1", (1, 2)), ("6 ESP G2", (1, 2)))
        held = holding(*(RosterGroup(name, Provenance.TIMETABLE) for name, _ in twins))
        before = rebuilt(evolve(BASE, groups=twins, courses=()), held)
        one = evolve(BASE, groups=(("6 ESPAGNOL", (1, 2)),), courses=())
        grouping = rebuilt(one, held, previous=seen(before))
        assert not grouping.management.to_rename
        assert grouping.management.to_create == {Key("group:6 ESPAGNOL")}
        assert grouping.stale_groups.keys() == {Key("group:6 ESP G1"), Key("group:6 ESP G2")}

    @pytest.mark.parametrize("provenance", [Provenance.AAF, Provenance.MANUAL])
    def test_only_driven_groups(self, provenance: Provenance) -> None:
        """A group that the import does not drive keeps its name; the new one is created."""
        before = rebuilt(BASE, holding(*BOTH))
        held = holding(BOTH[0], RosterGroup("6 ESP", provenance))
        grouping = rebuilt(self.renamed(), held, previous=seen(before))
        assert not grouping.management.to_rename
        assert grouping.management.to_create == {Key("group:6 ESPAGNOL")}
        assert not grouping.stale_groups

    def test_name_already_taken(self) -> None:
        """Where the ENT has a group of the new name, it is that one; the old one is a proposal of removal."""
        before = rebuilt(BASE, holding(*BOTH))
        grouping = rebuilt(self.renamed(), holding(*BOTH, RosterGroup("6 ESPAGNOL")), previous=seen(before))
        assert not grouping.management.to_rename
        assert not grouping.management.to_create
        assert grouping.stale_groups == {ESP: BOTH[1]}

    @pytest.mark.parametrize("mode", [DIR_DIR, DIR_TT])
    def test_no_renames_in_directory_modes(self, mode: GroupMode) -> None:
        """There the directory names the groups."""
        before = rebuilt(BASE, holding(*BOTH))
        grouping = rebuilt(self.renamed(), holding(*BOTH), mode=mode, previous=seen(before))
        assert not grouping.management.to_rename
        assert grouping.unknown == {Key("group:6 ESPAGNOL")}
        assert not grouping.stale_groups

    def test_stable_code(self) -> None:
        """A group with a code is the same under any name, whoever is in it."""

        def coded(name: str, parts: tuple[int, ...]) -> Timetable:
            known = timetable(evolve(BASE, groups=((name, parts),)))
            (only,) = known.option_groups.values()
            return evolve(known, option_groups=FrozenMap({only.ref: evolve(only, code="601ESP")}))

        held = holding(RosterGroup("6 ESP", Provenance.TIMETABLE))
        before = rebuilt(coded("6 ESP", (1, 2)), held)
        assert before.homes[Key("group:601ESP")] == ESP
        grouping = rebuilt(coded("6 LV2", (0, 3)), held, previous=seen(before))
        assert grouping.management.to_rename == {ESP: Key("group:6 LV2")}
        assert not grouping.management.to_create
        assert not grouping.stale_groups


class TestStale:
    """What earlier imports wrote and the file no longer says: apart, never done."""

    @pytest.mark.parametrize("provenance", Provenance)
    def test_members(self, provenance: Provenance) -> None:
        """Only rows of the timetable are proposed, of pupils and of teachers."""
        rows = [RosterMembership(B6, PUPILS[1], provenance), RosterMembership(B6, TEACHERS[3], provenance)]
        grouping = rebuilt(BASE, holding(*BOTH, rows=rows))
        assert grouping.stale_members == (frozenset(rows) if provenance is Provenance.TIMETABLE else frozenset())

    def test_who_is_still_there(self) -> None:
        """A row that the file confirms is not stale; nor is one of a class or group that it does not speak of."""
        rows = [
            RosterMembership(A6, PUPILS[1], Provenance.TIMETABLE),
            RosterMembership(Key("group:OTHER"), PUPILS[1], Provenance.TIMETABLE),
        ]
        assert not rebuilt(BASE, holding(*BOTH, RosterGroup("OTHER"), rows=rows)).stale_members

    def test_pupils_are_the_ents_affair(self) -> None:
        """Where the import does not populate, only teachers are proposed."""
        rows = [RosterMembership(B6, one, Provenance.TIMETABLE) for one in (PUPILS[1], TEACHERS[3])]
        grouping = rebuilt(BASE, holding(*BOTH, rows=rows), mode=TT_ENT)
        assert {row.account for row in grouping.stale_members} == {TEACHERS[3]}

    def test_groups(self) -> None:
        """A driven group that the file no longer has; groups of others stay out of it."""
        held = holding(*BOTH, RosterGroup("OLD", Provenance.TIMETABLE), RosterGroup("CLUB"))
        grouping = rebuilt(BASE, held)
        assert grouping.stale_groups == {Key("group:OLD"): RosterGroup("OLD", Provenance.TIMETABLE)}


def test_people_of_one_key() -> None:
    """Two people of the file whom nothing tells apart are in no group, unless they are one account."""
    known = timetable(BASE)
    teachers = {name: evolve(one, identity=evolve(one.identity, ref=name)) for name, one in known.teachers.items()}
    second, fourth = ref(Kind.TEACHER, "2"), ref(Kind.TEACHER, "4")
    teachers[fourth] = evolve(teachers[second], identity=evolve(teachers[second].identity, ref=fourth))
    grouping = rebuilt(evolve(known, teachers=FrozenMap(teachers)), holding(*BOTH))
    assert SVT not in grouping.management.teachers_to_add


def test_group_of_whole_classes_and_of_dangling_parts() -> None:
    """The classes of a group are those it holds and the owners of its parts; what does not exist is left out."""
    known = timetable(BASE)
    whole = OptionGroup(group(0), "6A SVT G1", classes=(home(1), home(9)), parts=(part(0), part(9)))
    grouping = rebuilt(evolve(known, option_groups=FrozenMap({whole.ref: whole})), holding())
    assert grouping.audiences[SVT].classes == {A6, B6}
    assert grouping.audiences[A6].classes == {A6}
    assert grouping.audiences[SVT].subjects == {Key("subject:SVT")}


def test_reprs_show_sizes() -> None:
    """Nobody is named."""
    grouping = rebuilt(BASE, holding())
    assert repr(grouping) == "<Grouping 4 audiences, <GroupManagement +2 ~0>>"
    assert repr(Audience("6A", pupils=frozenset({Key("p")}))) == "<Audience 6A: 0 teachers, 1 pupils>"
