"""Timetables out of pools so small that names, slots and weeks collide, with the oddities that real exports hold.

What is drawn is what a reader gives: resources in the order of the kinds, memberships as classes, parts, groups, weeks
inside the school year. So writing it and reading it back is the identity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import TypeVar

from attrs import evolve, frozen
from hypothesis import strategies as st

from entformats.codes.weeks import LAST_WEEK, WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Identifier, IdentifierKind, Identity, Profile, Ref
from entformats.timetable import (
    ClassPart,
    Equipment,
    Establishment,
    Grid,
    Guardian,
    GuardianLink,
    Kind,
    Membership,
    OptionGroup,
    Presence,
    Pupil,
    Room,
    SchoolClass,
    Slot,
    StaffMember,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    kind_of,
    ref,
)

__all__ = ["legal_weeks", "timetables", "week_sets"]

UAI = "0749999S"
FIRST = date(2022, 8, 29)
LAST = date(2023, 8, 31)
T = TypeVar("T")

GIVEN = ("Odile", "Maëlys", "Jean-Baptiste", "MARIE LOUI", "Éric")
FAMILIES = ("VALMOND", "D'ORVAUX", "LES-VERGNES", "DE LA TREMIERE")
BORN = (None, date(2011, 3, 14), date(2011, 7, 30), date(1974, 10, 2))
IDPN = ("", "", "K7WQ2ZTB9XNHJ4CV", "3FHBX9KQWNT5ZD2M", "P8RJ4MYC3VEWXQ7A", "ZD5NTKH2QPBJ9W3X", "A4XEVUJ8S5YKRQ9C")
GROUPS = ("6A SVT G1", "6AB ESP", "ATELIER THEATRE", "6A  SVT G1")
WINDOWS = (
    (FIRST, LAST),
    (None, None),
    (FIRST, date(2022, 10, 9)),
    (date(2022, 10, 10), LAST),
    (date(2022, 10, 10), None),
    (date(2022, 10, 10), date(2022, 10, 9)),
)
"""The last one is void, as real ones sometimes are."""
SLOTS = (
    Slot(0, time(8, 0), time(8, 55)),
    Slot(1, time(8, 55), time(9, 50)),
    Slot(2, time(10, 5), time(11, 0)),
    Slot(3, time(11, 0), time(11, 55)),
)
EVERY = WeekSet.of(range(1, 20))
ODD = WeekSet.of(range(1, 20, 2))
EVEN = WeekSet.of(range(2, 20, 2))
HOLIDAYS = WeekSet.of([9, 10])


def week_sets() -> st.SearchStrategy[WeekSet]:
    """Ensembles de semaines: mostly the rhythms of a school, holidays taken out or not; sometimes anything at all."""
    rhythm = _rhythms()
    few = st.frozensets(st.integers(1, 20), max_size=4).map(WeekSet.of)
    anything = st.integers(0, (1 << LAST_WEEK) - 1).map(lambda bits: WeekSet(bits << 1))
    return st.one_of(rhythm, rhythm, few, anything)


def _rhythms() -> st.SearchStrategy[WeekSet]:
    return st.sampled_from([EVERY, ODD, EVEN, EVERY - HOLIDAYS, ODD - HOLIDAYS, EVEN - HOLIDAYS])


@frozen
class _Stock:
    """Fonds: everything that lessons and memberships of one timetable may name."""

    timetable: Timetable

    def resources(self) -> tuple[tuple[Ref, ...], ...]:
        """Give the references of each kind, in the order in which a lesson holds them."""
        t = self.timetable
        every: tuple[Mapping[Ref, object], ...] = (
            t.teachers,
            t.classes,
            t.class_parts,
            t.option_groups,
            t.rooms,
            t.equipment,
            t.staff,
            t.pupils,
        )
        return tuple(tuple(names) for names in every)


@st.composite
def timetables(draw: st.DrawFn, *, dated: bool = False) -> Timetable:
    """Emplois du temps: coherent but for what real exports get wrong; `dated` has a school year in all of them.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=1, database=None)
    ... @given(timetables())
    ... def test_the_school(timetable):
    ...     assert timetable.uai == "0749999S"
    >>> test_the_school()
    """
    bare = draw(_frames(dated=dated))
    stock = draw(_populations(draw(_structures(bare))))
    marked, regular = draw(st.booleans()), draw(st.booleans())
    one = _lessons(_Stock(stock), marked=marked, regular=regular)
    return evolve(stock, weekly_lessons=tuple(draw(st.lists(one, min_size=3 if regular else 0, max_size=6))))


@st.composite
def _frames(draw: st.DrawFn, *, dated: bool) -> Timetable:
    known = dated or draw(st.sampled_from([True, True, True, False]))
    first = FIRST + timedelta(days=draw(st.sampled_from([0, 0, 1])))
    start = first + timedelta(days=draw(st.integers(0, 4)))
    end = draw(st.sampled_from([LAST, FIRST + timedelta(days=100)]))
    slots = draw(st.sampled_from([SLOTS, SLOTS, SLOTS[1:], (*SLOTS[:2], evolve(SLOTS[2], start=None, end=None)), ()]))
    grid = Grid((1, 2, 3, 4, 5), slots, 55, len(slots)) if slots else Grid()
    schools = draw(st.sampled_from([(), (Establishment("1", UAI, "COLLEGE FICTIF"),)]))
    if known:
        return Timetable(UAI, start, end, first, grid, schools, version="2.0")
    return Timetable(UAI, grid=grid, establishments=schools, version="2.0")


@st.composite
def _structures(draw: st.DrawFn, bare: Timetable) -> Timetable:
    subjects = draw(_named(Kind.SUBJECT, ("MATHS", "SVT", "maths", "")))
    classes = draw(_named(Kind.CLASS, ("6A", "6B", " 6A")))
    parts: dict[Ref, ClassPart] = {}
    for name in classes:
        for _ in range(draw(st.integers(0, 2))):
            part = ref(Kind.PART, str(len(parts) + 1))
            parts[part] = ClassPart(part, name, draw(st.sampled_from(["", "G1"])))
    owned = {name: tuple(one.ref for one in parts.values() if one.school_class == name) for name in classes}
    schools = tuple(school.ref for school in bare.establishments)
    groups = draw(_named(Kind.GROUP, GROUPS))
    return evolve(
        bare,
        subjects=FrozenMap((name, Subject(name, code, "LIBELLE")) for name, code in subjects.items()),
        classes=FrozenMap(
            (name, SchoolClass(name, label, owned[name], establishments=schools)) for name, label in classes.items()
        ),
        class_parts=FrozenMap(parts),
        option_groups=FrozenMap([(n, draw(_option_group(n, label, classes, parts))) for n, label in groups.items()]),
        rooms=FrozenMap((name, Room(name, label)) for name, label in draw(_named(Kind.ROOM, ("12", "SVT 1"))).items()),
        equipment=FrozenMap((n, Equipment(n, label)) for n, label in draw(_named(Kind.EQUIPMENT, ("Vidéo",))).items()),
    )


def _named(kind: Kind, names: Sequence[str]) -> st.SearchStrategy[dict[Ref, str]]:
    """Name some entities; two may have one name, as happens."""
    return st.dictionaries(
        st.integers(1, 60).map(lambda number: ref(kind, str(number))), st.sampled_from(names), max_size=len(names)
    )


@st.composite
def _option_group(
    draw: st.DrawFn, name: Ref, label: str, classes: Mapping[Ref, object], parts: Mapping[Ref, object]
) -> OptionGroup:
    return OptionGroup(name, label, draw(_some(tuple(classes), 2)), draw(_some(tuple(parts), 3)))


def _some(pool: Sequence[T], most: int) -> st.SearchStrategy[tuple[T, ...]]:
    """Take a few different things out of a pool, in its order."""
    if not pool:
        return st.just(())
    wanted = st.sets(st.integers(0, len(pool) - 1), max_size=most)
    return wanted.map(lambda chosen: tuple(pool[at] for at in sorted(chosen)))


@st.composite
def _populations(draw: st.DrawFn, stock: Timetable) -> Timetable:
    teachers = draw(_people(Kind.TEACHER, Profile.TEACHER, 3))
    guardians = draw(_people(Kind.GUARDIAN, Profile.GUARDIAN, 2))
    pupils = [
        (one.ref, draw(_pupils(one, stock, tuple(guardians))))
        for one in draw(_people(Kind.PUPIL, Profile.PUPIL, 3)).values()
    ]
    heads = draw(_some(tuple(teachers), 2))
    listed = draw(_some(tuple(Ref(name) for name, _ in pupils), 2))
    return evolve(
        stock,
        teachers=FrozenMap((name, Teacher(one)) for name, one in teachers.items()),
        staff=FrozenMap((n, StaffMember(one)) for n, one in draw(_people(Kind.STAFF, Profile.STAFF, 1)).items()),
        guardians=FrozenMap((name, Guardian(one)) for name, one in guardians.items()),
        pupils=FrozenMap((Ref(name), pupil) for name, pupil in pupils),
        classes=FrozenMap((name, evolve(one, head_teachers=heads)) for name, one in stock.classes.items()),
        option_groups=FrozenMap((name, evolve(one, pupils=listed)) for name, one in stock.option_groups.items()),
    )


@st.composite
def _people(draw: st.DrawFn, kind: Kind, profile: Profile, most: int) -> dict[Ref, Identity]:
    names = draw(st.lists(st.integers(1, 60), unique=True, max_size=most))
    people = (draw(_identities(ref(kind, str(number)), profile)) for number in names)
    return {Ref(person.ref): person for person in people}


@st.composite
def _identities(draw: st.DrawFn, name: Ref, profile: Profile) -> Identity:
    idpn = draw(st.sampled_from(IDPN))
    known = frozenset([Identifier(IdentifierKind.IDPN, idpn)] if idpn else [])
    given, family, born = (draw(st.sampled_from(pool)) for pool in (GIVEN, FAMILIES, BORN))
    assert isinstance(given, str)
    assert isinstance(family, str)
    return Identity(
        name, profile, UAI, given, family, birth_date=born if isinstance(born, date) else None, identifiers=known
    )


@st.composite
def _pupils(draw: st.DrawFn, person: Identity, stock: Timetable, guardians: tuple[Ref, ...]) -> Pupil:
    homes = (
        *draw(_some(tuple(stock.classes), 2)),
        *draw(_some((*stock.class_parts, ref(Kind.PART, "99")), 2)),
        *draw(_some(tuple(stock.option_groups), 1)),
    )
    windows = [draw(st.sampled_from(WINDOWS)) for _ in homes]
    return Pupil(
        person,
        draw(st.sampled_from(["Feminin", "Masculin"])),
        tuple(Membership(home, *window) for home, window in zip(homes, windows, strict=True)),
        tuple(GuardianLink(name, draw(st.integers(0, 2))) for name in draw(_some(guardians, 2))),
    )


@st.composite
def _lessons(draw: st.DrawFn, stock: _Stock, *, marked: bool, regular: bool) -> WeeklyLesson:
    """Draw a lesson; in a regular timetable all its resources share one rhythm, cancellations excepted."""
    timetable = stock.timetable
    weekday = draw(st.sampled_from([1, 2] if regular else [1, 2, 3, 4, 5, 7, 9]))
    first, count, start, end = draw(_times(timetable.grid))
    legal = legal_weeks(timetable, weekday)
    shared = draw(_rhythms() if regular else week_sets())
    own = st.just(shared) if regular else st.one_of(st.just(shared), st.just(shared), week_sets())
    taking_part = [name for names in stock.resources() for name in draw(_some(names, 2))]
    cancelled = draw(st.one_of(st.just(WeekSet()), st.just(WeekSet()), week_sets()))
    return WeeklyLesson(
        weekday,
        first,
        count,
        start,
        end,
        draw(_some(tuple(timetable.subjects), 1)),
        _replaced([Presence(name, draw(own) & legal) for name in taking_part], replaced=draw(st.booleans())),
        cancelled & legal,
        draw(st.booleans()) if marked else None,
    )


def _replaced(presences: list[Presence], *, replaced: bool) -> tuple[Presence, ...]:
    """Have the second of two teachers replace the first in the last of his weeks."""
    teachers = [at for at, one in enumerate(presences) if kind_of(one.who) is Kind.TEACHER]
    if replaced and len(teachers) > 1:
        first, second = (presences[at] for at in teachers[:2])
        last = WeekSet.of(list(first.weeks)[-1:])
        presences[teachers[0]] = Presence(first.who, first.weeks - last)
        presences[teachers[1]] = Presence(second.who, last)
    return tuple(presences)


@st.composite
def _times(draw: st.DrawFn, grid: Grid) -> tuple[int, int, time | None, time | None]:
    """Place a lesson on the grid, now and then outside it, or on a place without times."""
    slots = {slot.number: slot for slot in grid.slots}
    first = draw(st.integers(0, 4))
    begin = slots.get(first)
    if begin is None or begin.start is None:
        return first, 1, None, None
    ends = [(count, slots[first + count - 1].end) for count in (1, 2) if first + count - 1 in slots]
    count, end = draw(st.sampled_from([one for one in ends if one[1] is not None]))
    return first, count, begin.start, end


def legal_weeks(timetable: Timetable, weekday: int) -> WeekSet:
    """Semaines possibles: those whose day is inside the school year; all of them for a day that is none."""
    first = timetable.first_monday
    every = range(1, LAST_WEEK + 1)
    if first is None or weekday not in range(1, 8):
        return WeekSet.of(every)
    days = {week: first + timedelta(days=7 * (week - 1) + weekday - 1) for week in every}
    start, end = timetable.start or date.min, timetable.end or date.max
    return WeekSet.of(week for week, day in days.items() if start <= day <= end)
