"""Questions to a timetable: small worked cases, and each answer against a loop so naive that it must be right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats import edt
from entformats.codes.weeks import WeekSet, parse
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Identifier, IdentifierKind, Identity, Key, Profile, Ref
from entformats.problems import entry
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import (
    ClassPart,
    Equipment,
    Grid,
    Kind,
    Lesson,
    Membership,
    OptionGroup,
    Presence,
    Pupil,
    Room,
    SchoolClass,
    Service,
    ServiceKey,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    clashes,
    find,
    free_rooms,
    kind_of,
    lessons_of,
    parts_alone,
    ref,
    service_hours,
)

FEW = settings(max_examples=settings().max_examples // 3)
MONDAY = date(2022, 8, 29)
UAI = "0749999S"
MATHS, SIX_A, SIX_B = ref(Kind.SUBJECT, "1"), ref(Kind.CLASS, "1"), ref(Kind.CLASS, "2")
PART, GROUP, LOOSE = ref(Kind.PART, "1"), ref(Kind.GROUP, "1"), ref(Kind.GROUP, "2")
ODILE, YANN = ref(Kind.TEACHER, "1"), ref(Kind.TEACHER, "2")
ZOE, ALBAN = ref(Kind.PUPIL, "1"), ref(Kind.PUPIL, "2")
ROOM_1, ROOM_2 = ref(Kind.ROOM, "1"), ref(Kind.ROOM, "2")


def person(name: Ref, profile: Profile, given_name: str, family: str, idpn: str = "") -> Identity:
    """Make a person."""
    known = frozenset({Identifier(IdentifierKind.IDPN, idpn)} if idpn else ())
    return Identity(name, profile, UAI, given_name, family, identifiers=known)


def weekly(
    *who: Ref,
    day: int = 1,
    start: time | None = time(8),
    end: time | None = time(9),
    weeks: str = "1..4",
    cancelled: str = "",
    places: tuple[int, int] | None = None,
    annual: bool | None = None,
) -> WeeklyLesson:
    """Make a lesson in which all take part in the same weeks."""
    first, count = places or (None, None)
    presences = tuple(Presence(one, parse(weeks)) for one in who if kind_of(one) is not Kind.SUBJECT)
    subjects = tuple(one for one in who if kind_of(one) is Kind.SUBJECT)
    return WeeklyLesson(day, first, count, start, end, subjects, presences, parse(cancelled), annual)


def school(*lessons: WeeklyLesson) -> Timetable:
    """Make a school of two classes; Zoé moves from 6A to 6B in week 3."""
    move = MONDAY + timedelta(days=14)
    zoe = Pupil(
        person(ZOE, Profile.PUPIL, "Zoé", "MORTELLE"),
        memberships=(
            Membership(SIX_A, MONDAY, move - timedelta(days=1)),
            Membership(PART, MONDAY, move - timedelta(days=1)),
            Membership(SIX_B, move, None),
        ),
    )
    alban = Pupil(
        person(ALBAN, Profile.PUPIL, "Alban", "LES-VERGNES"), memberships=(Membership(SIX_A), Membership(LOOSE))
    )
    return Timetable(
        UAI,
        MONDAY,
        date(2023, 8, 31),
        MONDAY,
        subjects=FrozenMap({MATHS: Subject(MATHS, "MATHS", "MATHÉMATIQUES")}),
        teachers=FrozenMap(
            {
                ODILE: Teacher(person(ODILE, Profile.TEACHER, "Odile", "VALMOND", "K7WQ2ZTB9XNHJ4CV")),
                YANN: Teacher(person(YANN, Profile.TEACHER, "Yann", "D'ORVAUX")),
            }
        ),
        classes=FrozenMap({SIX_A: SchoolClass(SIX_A, "6A", (PART,)), SIX_B: SchoolClass(SIX_B, "6B")}),
        class_parts=FrozenMap({PART: ClassPart(PART, SIX_A)}),
        option_groups=FrozenMap(
            {GROUP: OptionGroup(GROUP, "6A G1", parts=(PART,)), LOOSE: OptionGroup(LOOSE, "CHORALE")}
        ),
        rooms=FrozenMap({ROOM_1: Room(ROOM_1, "B 204"), ROOM_2: Room(ROOM_2, "Gymnase")}),
        equipment=FrozenMap({Ref("equipment:1"): Equipment(Ref("equipment:1"), "Valise")}),
        pupils=FrozenMap({ZOE: zoe, ALBAN: alban}),
        weekly_lessons=lessons,
    )


def weeks_of(lessons: tuple[Lesson, ...]) -> list[int]:
    """Give the weeks of dated lessons."""
    return [(lesson.date - MONDAY).days // 7 + 1 for lesson in lessons]


# Finding by name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("class:6A", SIX_A),
        ("class:6 a", SIX_A),
        ("room:b204", ROOM_1),
        ("group:chorale", LOOSE),
        ("subject:MATHS", MATHS),
        ("subject:Mathématiques", MATHS),
        ("equipment:valise", Ref("equipment:1")),
        ("teacher:idpn:K7WQ2ZTB9XNHJ4CV", ODILE),
        ("teacher:Valmond Odile", ODILE),
        ("teacher:yann d’orvaux", YANN),
        ("teacher:1", ODILE),
        ("part:1", PART),
        ("pupil:zoe mortelle", ZOE),
    ],
)
def test_find(text: str, found: Ref) -> None:
    """Keys first, then names whatever their spelling, then references."""
    assert find(school(), text) == found


def test_a_key_goes_before_a_reference() -> None:
    """A class that is named `2` is not the class whose number is 2."""
    named = SchoolClass(SIX_A, "2")
    timetable = evolve(school(), classes=FrozenMap({SIX_A: named, SIX_B: SchoolClass(SIX_B, "6B")}))
    assert find(timetable, "class:2") == SIX_A


@pytest.mark.parametrize("text", ["", "class:", "6A", "class:6C", "room:6A", "teacher:Valmond", "planet:6A"])
def test_what_is_not_there_is_not_found(text: str) -> None:
    """A name without its kind, another kind, or half a name is nobody."""
    with pytest.raises(UsageError, match="nothing"):
        find(school(), text)


def test_two_of_one_name_are_told() -> None:
    """Two rooms of one name cannot be told apart by it, and the error names nobody."""
    twins = FrozenMap({ROOM_1: Room(ROOM_1, "12"), ROOM_2: Room(ROOM_2, "12")})
    with pytest.raises(UsageError, match="2 things"):
        find(evolve(school(), rooms=twins), "room:12")
    assert find(evolve(school(), rooms=twins), "room:2") == ROOM_2


# Whose lessons


def test_lessons_of_those_that_a_lesson_names() -> None:
    """A teacher, a room or a group in the weeks in which they take part; a subject in all of them; bounds included."""
    both = WeeklyLesson(
        1,
        None,
        None,
        time(8),
        time(9),
        (MATHS,),
        (Presence(ODILE, WeekSet.of([1, 2])), Presence(YANN, WeekSet.of([3])), Presence(GROUP, WeekSet.of([1, 2, 3]))),
        WeekSet.of([2]),
    )
    timetable = school(both)
    assert weeks_of(lessons_of(timetable, ODILE)) == [1, 2]
    assert [lesson.cancelled for lesson in lessons_of(timetable, ODILE)] == [False, True]
    assert weeks_of(lessons_of(timetable, YANN)) == [3]
    assert weeks_of(lessons_of(timetable, MATHS)) == [1, 2, 3]
    week_2 = MONDAY + timedelta(days=7)
    assert weeks_of(lessons_of(timetable, GROUP, week_2, week_2)) == [2]
    assert lessons_of(timetable, ROOM_1) == ()
    with pytest.raises(KeyError):
        lessons_of(timetable, "room:9")


def test_lessons_of_a_class_are_those_of_its_parts_and_groups() -> None:
    """A group made of its part, a part alone, and a loose group while one of its members is in the class."""
    timetable = school(weekly(SIX_A), weekly(PART, day=2), weekly(GROUP, day=3), weekly(LOOSE, day=4), weekly(SIX_B))
    timetable = evolve(timetable, weekly_lessons=(*timetable.weekly_lessons, weekly(LOOSE, day=4, weeks="1")))
    assert {lesson.date.weekday() for lesson in lessons_of(timetable, SIX_A)} == {0, 1, 2, 3}
    assert len(lessons_of(timetable, SIX_A)) == 17
    assert len(lessons_of(timetable, SIX_B)) == 4


def test_lessons_of_a_pupil_follow_memberships() -> None:
    """Zoé has the lessons of 6A, of its part and of the part's group until she moves to 6B."""
    timetable = school(weekly(SIX_A), weekly(SIX_B), weekly(GROUP, day=2), weekly(PART, day=3), weekly(LOOSE, day=4))
    found = [(week, lesson.date.weekday()) for lesson in lessons_of(timetable, ZOE) for week in weeks_of((lesson,))]
    assert found == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2), (3, 0), (4, 0)]
    assert {who for lesson in lessons_of(timetable, ZOE) for who in lesson.of(Kind.CLASS)} == {SIX_A, SIX_B}
    assert {lesson.date.weekday() for lesson in lessons_of(timetable, ALBAN)} == {0, 3}


def test_a_detached_pupil_leaves_the_usual_lesson() -> None:
    """Named in another lesson for one week, the pupil is not in what it overlaps; a cancelled one changes nothing."""
    detached = weekly(ZOE, SIX_B, weeks="1", start=time(8, 30), end=time(9, 30))
    usual, later = weekly(SIX_A, weeks="1..2"), weekly(SIX_A, weeks="1..2", start=time(9, 30), end=time(10))
    assert [(x.date, x.start) for x in lessons_of(school(detached, usual, later), ZOE)] == [
        (MONDAY, time(8, 30)),
        (MONDAY, time(9, 30)),
        (MONDAY + timedelta(days=7), time(8)),
        (MONDAY + timedelta(days=7), time(9, 30)),
    ]
    none = evolve(detached, cancelled=WeekSet.of([1]))
    assert len(lessons_of(school(none, usual, later), ZOE)) == 5
    untimed = evolve(detached, start=None, end=None)
    assert len(lessons_of(school(untimed, usual, later), ZOE)) == 5


# Free rooms


@pytest.mark.parametrize(
    ("lesson", "free"),
    [
        (weekly(ROOM_1, start=time(7), end=time(8)), True),
        (weekly(ROOM_1, start=time(7), end=time(8, 1)), False),
        (weekly(ROOM_1, start=time(8, 59), end=time(12)), False),
        (weekly(ROOM_1, start=time(9), end=time(12)), True),
        (weekly(ROOM_1, start=time(7), end=None), False),
        (weekly(ROOM_1, start=time(9), end=None), True),
        (weekly(ROOM_1, start=None, end=None), False),
        (weekly(ROOM_1, weeks="2"), True),
        (weekly(ROOM_1, day=2), True),
        (weekly(ROOM_1, cancelled="1"), True),
        (weekly(SIX_A), True),
    ],
)
def test_free_rooms(lesson: WeeklyLesson, free: bool) -> None:
    """Whether B 204 is free on the first Monday from eight to nine, for one lesson in it or not."""
    found = free_rooms(school(lesson), MONDAY, time(8), time(9))
    assert [room.ref for room in found] == ([ROOM_1, ROOM_2] if free else [ROOM_2])


def test_a_time_begins_before_it_ends() -> None:
    """An empty time is the caller's mistake."""
    with pytest.raises(UsageError):
        free_rooms(school(), MONDAY, time(9), time(9))


# Clashes


def test_what_clashes() -> None:
    """A teacher in two lessons, in the weeks that both have; the one cancelled does not count."""
    one = weekly(ODILE, SIX_A, ROOM_1, weeks="1..4", cancelled="2")
    other = weekly(ODILE, SIX_B, ROOM_2, weeks="2..6", start=time(8, 30), end=time(9, 30))
    (found,) = clashes(school(one, other))
    assert found.lessons == (one, other)
    assert found.shared == FrozenMap({ODILE: WeekSet.of([3, 4])})
    assert found.weeks == WeekSet.of([3, 4])


@pytest.mark.parametrize(
    "other",
    [
        weekly(ODILE, day=2),
        weekly(ODILE, start=time(9), end=time(10)),
        weekly(ODILE, weeks="5..8"),
        weekly(YANN, SIX_B, ROOM_2),
        weekly(GROUP, PART, MATHS),
        weekly(ODILE, start=None, end=None),
        weekly(ODILE, day=8),
    ],
    ids=["day", "time", "weeks", "nothing shared", "no exclusive thing", "no times", "unplaceable"],
)
def test_what_does_not_clash(other: WeeklyLesson) -> None:
    """Another day, time or week; nothing shared that can be in one place only; a time that is unknown."""
    assert clashes(school(weekly(ODILE, SIX_A, ROOM_1, GROUP, PART, MATHS), other)) == ()


def test_co_teaching_is_no_clash() -> None:
    """Two teachers of one lesson are together on purpose."""
    assert clashes(school(weekly(ODILE, YANN, SIX_A))) == ()


@pytest.mark.parametrize(("places", "meet"), [((1, 2), True), ((2, 1), False), ((0, 1), True), ((1, 0), False)])
def test_places_stand_in_for_times(places: tuple[int, int], meet: bool) -> None:
    """Where the grid gives no times, places meet or do not."""
    one = weekly(ODILE, start=None, end=None, places=(0, 2))
    other = weekly(ODILE, start=None, end=None, places=places)
    assert bool(clashes(school(one, other))) is meet


def naive_clashes(timetable: Timetable) -> Iterator[tuple[int, int, Ref, int]]:
    """Compare every pair of lessons, week by week, thing by thing."""
    for (first, one), (second, other) in combinations(enumerate(timetable.weekly_lessons), 2):
        if one.weekday != other.weekday or not 1 <= one.weekday <= 7 or not together(one, other):
            continue
        for week in range(1, 64):
            if week in one.cancelled or week in other.cancelled:
                continue
            mine = {p.who for p in one.presences if week in p.weeks}
            theirs = {p.who for p in other.presences if week in p.weeks}
            for who in mine & theirs:
                if who.startswith(("teacher:", "room:", "class:")):
                    yield first, second, who, week


def together(one: WeeklyLesson, other: WeeklyLesson) -> bool:
    """Tell whether there is a minute, or else a place, that both hold."""
    if None not in {one.start, one.end, other.start, other.end}:
        return bool(moments(one.start, one.end) & moments(other.start, other.end))
    return bool(slots(one) & slots(other))


def moments(start: time | None, end: time | None) -> set[int]:
    """List the minutes of a lesson."""
    assert start is not None
    assert end is not None
    return set(range(start.hour * 60 + start.minute, end.hour * 60 + end.minute))


def slots(lesson: WeeklyLesson) -> set[int]:
    """List the places of a lesson."""
    if lesson.first_slot is None or lesson.slot_count is None:
        return set()
    return set(range(lesson.first_slot, lesson.first_slot + lesson.slot_count))


@st.composite
def crowded(draw: st.DrawFn) -> Timetable:
    """Draw a school with few people, rooms and hours, so that clashes are many."""
    lessons = st.builds(
        weekly,
        *(st.sampled_from([who, MATHS]) for who in (ODILE, YANN, SIX_A, ROOM_1, ROOM_2, GROUP)),
        day=st.sampled_from([1, 2, 8]),
        start=st.sampled_from([time(8), time(8, 30), time(9), None]),
        end=st.sampled_from([time(9, 30), time(10), time(10, 30), None]),
        weeks=st.sampled_from(["1..4", "1,3", "2,4", "4", ""]),
        cancelled=st.sampled_from(["", "3", "4,5"]),
        places=st.sampled_from([(0, 1), (0, 2), (1, 1), (2, 0), None]),
    )
    return school(*draw(st.lists(lessons, min_size=2, max_size=6)))


def found_clashes(timetable: Timetable) -> list[tuple[int, int, Ref, int]]:
    """Give the clashes as the naive loop does."""
    numbers = {id(lesson): number for number, lesson in enumerate(timetable.weekly_lessons)}
    return [
        (numbers[id(clash.lessons[0])], numbers[id(clash.lessons[1])], who, week)
        for clash in clashes(timetable)
        for who, weeks in clash.shared.items()
        for week in weeks
    ]


@given(st.one_of(crowded(), timetables()))
def test_invariant_8_clashes_are_those_of_the_naive_loop(timetable: Timetable) -> None:
    """Every pair, thing and week that a comparison of all with all finds, and no other."""
    found = found_clashes(timetable)
    assert len(found) == len(set(found))
    assert set(found) == set(naive_clashes(timetable))


def test_the_naive_loop_finds_clashes() -> None:
    """The comparison above is about something: crowded schools do clash, and some do not."""
    seen: list[bool] = []

    @FEW
    @given(crowded())
    def count(timetable: Timetable) -> None:
        seen.append(bool(clashes(timetable)))

    count()
    assert len(seen) // 10 < sum(seen) < len(seen)


# Whose lessons, against naive loops


@FEW
@given(timetables(dated=True), st.data())
def test_lessons_of_anything_are_those_of_the_naive_loop(timetable: Timetable, data: st.DataObject) -> None:
    """Asked lesson by lesson who is there, from memberships of that very day."""
    names = [*timetable.keys, *timetable.class_parts]
    who = Ref(data.draw(st.sampled_from([name for name in names if kind_of(name) is not Kind.GUARDIAN] or [""])))
    if not who:
        return
    every = tuple(timetable.lessons())
    expected = [lesson for lesson in every if concerned(timetable, who, lesson, every)]
    assert list(lessons_of(timetable, who)) == expected


def concerned(timetable: Timetable, who: Ref, lesson: Lesson, every: tuple[Lesson, ...]) -> bool:
    """Tell in the plainest way whether a lesson is somebody's."""
    kind = kind_of(who)
    if kind is Kind.SUBJECT:
        return who in lesson.subjects
    if kind is Kind.CLASS:
        return who in lesson.participants or any(
            of_class(timetable, who, other, lesson.date) for other in lesson.participants
        )
    if kind is not Kind.PUPIL or who in lesson.participants:
        return who in lesson.participants
    rivals = [x for x in every if x.date == lesson.date and who in x.participants and not x.cancelled]
    if any(
        x.start
        and x.end
        and lesson.start
        and lesson.end
        and moments(x.start, x.end) & moments(lesson.start, lesson.end)
        for x in rivals
    ):
        return False
    pupil = timetable.pupils[who]
    mine = {m.of for m in pupil.memberships if (m.start or lesson.date) <= lesson.date <= (m.end or lesson.date)}
    mine |= {g for g in timetable.option_groups if pupil in timetable.members(g, on=lesson.date)}
    return bool(mine & lesson.participants)


def of_class(timetable: Timetable, school_class: Ref, other: Ref, day: date) -> bool:
    """Tell whether a part or a group is a class's."""
    part = timetable.class_parts.get(other)
    if part is not None:
        return part.school_class == school_class or other in timetable.classes[school_class].parts
    group = timetable.option_groups.get(other)
    if group is None:
        return False
    if group.classes or group.parts:
        return school_class in group.classes or any(of_class(timetable, school_class, p, day) for p in group.parts)
    there = timetable.members(school_class, on=day)
    return any(pupil in there for pupil in timetable.members(other, on=day))


@FEW
@given(timetables(dated=True), st.integers(0, 130), st.sampled_from([(8, 9), (9, 11), (10, 12)]))
def test_free_rooms_are_those_of_the_naive_loop(timetable: Timetable, day: int, hours: tuple[int, int]) -> None:
    """A room is free unless some lesson that takes place holds one of its minutes."""
    on = MONDAY + timedelta(days=day)
    start, end = (time(hour) for hour in hours)
    free = {room.ref for room in free_rooms(timetable, on, start, end)}
    for name in timetable.rooms:
        held = [x for x in timetable.lessons(on, on) if name in x.participants and not x.cancelled]
        taken = any(moments(x.start or time(0), x.end or time(23, 59)) & moments(start, end) for x in held)
        assert (name in free) is not taken


# Hours


def test_hours_of_a_service() -> None:
    """Planned, cancelled, exceptional: minutes of dated lessons, over the year or a part of it."""
    usual = weekly(MATHS, ODILE, SIX_A, end=time(8, 55), cancelled="2", annual=True)
    extra = weekly(MATHS, ODILE, SIX_A, day=2, end=time(10), weeks="3", annual=False)
    timetable = school(usual, extra)
    (year,) = service_hours(timetable)
    key = ServiceKey(Key("subject:MATHS"), (Key("teacher:idpn:K7WQ2ZTB9XNHJ4CV"),), (Key("class:6A"),))
    assert (year.key, year.weeks) == (key, 4)
    assert (year.planned, year.cancelled, year.extra, year.given) == (220, 55, 120, 285)
    assert (year.expected, year.missing) == (220, -65)
    (half,) = service_hours(timetable, MONDAY, MONDAY + timedelta(days=13))
    assert (half.weeks, half.planned, half.cancelled, half.extra) == (2, 110, 55, 0)


def test_declared_minutes_are_what_is_expected() -> None:
    """STS states minutes a week: they count over the weeks of lessons; a service without lessons is listed."""
    timetable = school(weekly(MATHS, ODILE, SIX_A))
    given_key = timetable.keyed_lessons[0].service
    empty = evolve(given_key, audience=(Key("class:6B"),))
    declared = FrozenMap({given_key: Service(given_key, (), minutes=90), empty: Service(empty, (), minutes=30)})
    first, second = service_hours(evolve(timetable, declared_services=declared))
    assert (first.declared, first.expected, first.given, first.missing) == (90, 360, 240, 120)
    assert (second.expected, second.given) == (120, 0)


def test_hours_without_times_or_dates() -> None:
    """Places times the length of a place, else counted apart; without a first Monday all weeks count."""
    placed = weekly(MATHS, SIX_A, start=None, end=None, places=(0, 2))
    unknown = weekly(MATHS, SIX_B, start=None, end=None, cancelled="1")
    halfway = weekly(MATHS, ROOM_1, start=time(8), end=None)
    timetable = evolve(school(placed, unknown, halfway, weekly(MATHS, PART)), grid=Grid(slot_minutes=30))
    nobody, first, second = service_hours(timetable)
    assert (first.planned, first.untimed) == (240, 0)
    assert (second.planned, second.untimed, nobody.untimed) == (0, 4, 4)
    undated = evolve(timetable, first_monday=None)
    assert service_hours(undated, MONDAY, MONDAY) == service_hours(timetable)


@FEW
@given(timetables(dated=True), st.integers(0, 100), st.integers(0, 100))
def test_hours_add_up_to_the_dated_lessons(timetable: Timetable, first: int, length: int) -> None:
    """The minutes given in a period are those of its lessons that take place, counted one by one."""
    start = MONDAY + timedelta(days=first)
    end = start + timedelta(days=length)
    expected = 0
    for lesson in timetable.weekly_lessons:
        if not lesson.on_class_part_only and lesson.start and lesson.end:
            alone = evolve(timetable, weekly_lessons=(lesson,))
            held = sum(not one.cancelled for one in alone.lessons(start, end))
            began = datetime.combine(MONDAY, lesson.start)
            minutes = (datetime.combine(MONDAY, lesson.end) - began) // timedelta(minutes=1)
            keyed = any(presence.who in timetable.keys for presence in lesson.presences)
            expected += held * minutes if keyed else 0
    timed = evolve(timetable, grid=evolve(timetable.grid, slot_minutes=None))
    assert sum(line.given for line in service_hours(timed, start, end)) == expected


# Class parts


def test_parts_alone() -> None:
    """The parts that are all that some lesson has for audience, with the groups that could stand for them."""
    alone, both = weekly(MATHS, PART), weekly(GROUP, PART, day=2)
    (found,) = parts_alone(school(alone, both, alone))
    assert (found.part, found.school_class, found.groups) == (PART, SIX_A, (GROUP,))
    assert found.lessons == (alone, alone)
    assert "générer les groupes" in found.repair()
    assert found.repair("en") == entry("lesson_on_class_part_only").en.repair


def test_the_samples(corpus: Callable[[str], Path]) -> None:
    """The lesson on a part alone, the clash-free timetable and the detached pupil of the example."""
    timetable = edt.read(corpus("edt/example.xml")).timetable
    assert len(parts_alone(timetable)) == 1
    assert clashes(timetable) == ()
    pupil = Ref("pupil:5")
    (detached,) = [lesson for lesson in lessons_of(timetable, pupil) if pupil in lesson.participants]
    assert detached.date == date(2023, 3, 23)
