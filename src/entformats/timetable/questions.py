"""Questions that users ask of a timetable: pure functions, each over one `Timetable`.

`find` turns what people write into a reference; the others take references and days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, time
from functools import reduce
from itertools import combinations
from operator import or_

from attrs import frozen

from entformats.codes.weeks import WeekSet
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Ref
from entformats.names import compact
from entformats.problems import Lang, entry
from entformats.timetable.models import WEEKDAYS, Kind, Lesson, OptionGroup, Room, WeeklyLesson, kind_of
from entformats.timetable.timetable import Timetable

__all__ = ["Clash", "PartAlone", "clashes", "find", "free_rooms", "lessons_of", "parts_alone"]

EXCLUSIVE = frozenset({Kind.TEACHER, Kind.ROOM, Kind.CLASS})
"""What can be in one place only (edt 7.2)."""


def find(timetable: Timetable, text: str) -> Ref:
    """Trouver: the one thing or person that a text names.

    A key (`class:6A`, `room:B 204`, `teacher:idpn:…`); else a kind and a name, whatever its case, accents and signs
    (`class:6a`, `teacher:Valmond Odile`, in either order); else the reference itself (`teacher:36`). Raises UsageError
    where nothing, or more than one thing, is named so.

    >>> from entformats.timetable import SchoolClass, ref
    >>> known = SchoolClass(ref(Kind.CLASS, "2"), "6A")
    >>> find(Timetable("0749999S", classes=FrozenMap({known.ref: known})), "class:6a")
    'class:2'
    """
    kind, _, name = text.partition(":")
    loose = compact(name)
    for found in (
        {who for who, key in timetable.keys.items() if key == text},
        {who for who, names in _names(timetable) if loose and kind_of(who) == kind and loose in map(compact, names)},
        {who for who in (*timetable.keys, *timetable.class_parts) if who == text},
    ):
        if len(found) == 1:
            return Ref(found.pop())
        if found:
            raise UsageError(f"{len(found)} things are named so; give the reference of one")
    raise UsageError("nothing in this timetable is named so; a name begins with its kind, as in class:6A")


def _names(timetable: Timetable) -> Iterator[tuple[Ref, tuple[str, ...]]]:
    for people in (timetable.teachers, timetable.staff, timetable.pupils, timetable.guardians):
        yield from ((who, _spellings(person.identity)) for who, person in people.items())
    for things in (timetable.classes, timetable.option_groups, timetable.rooms, timetable.equipment):
        yield from ((who, (thing.name,)) for who, thing in things.items())
    yield from ((who, (subject.code, subject.label)) for who, subject in timetable.subjects.items())


def _spellings(person: Identity) -> tuple[str, str]:
    return f"{person.given} {person.family}", f"{person.family} {person.given}"


def lessons_of(
    timetable: Timetable, who: Ref | str, start: date | None = None, end: date | None = None
) -> tuple[Lesson, ...]:
    """Séances de quelqu'un ou de quelque chose: those of one reference between two days, both included, in order.

    - A teacher, a member of the staff, a room, equipment, a group, a class part, a subject: the lessons that name it.
    - A class: its own, those of its parts, and those of the groups made of it or of its parts; a group made of
      nothing is the class's while one of its members of that day is a pupil of the class.
    - A pupil: those of the class, groups and parts that the pupil belongs to on that day, and those that name the
      pupil in that week. The latter are detached presences: what they overlap is not attended (edt 3.6).

    Cancelled lessons are there, marked. Raises KeyError for an unknown reference.

    >>> lessons_of(Timetable("0749999S"), "room:1")
    Traceback (most recent call last):
    ...
    KeyError: 'room:1'
    """
    name = Ref(who)
    if name not in timetable.keys and name not in timetable.class_parts:
        raise KeyError(name)
    wanted = timetable.lessons(start, end)
    match kind_of(name):
        case Kind.PUPIL:
            return tuple(_attended(timetable, name, wanted))
        case Kind.CLASS:
            concerns = _of_class(timetable, name)
            return tuple(lesson for lesson in wanted if concerns(lesson))
        case Kind.SUBJECT:
            return tuple(lesson for lesson in wanted if name in lesson.subjects)
        case _:
            return tuple(lesson for lesson in wanted if name in lesson.participants)


def _attended(timetable: Timetable, pupil: Ref, lessons: Iterator[Lesson]) -> Iterator[Lesson]:
    """Give the lessons of a pupil, day by day, so that memberships are looked up once a day."""
    days: defaultdict[date, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        days[lesson.date].append(lesson)
    for day, held in days.items():
        homes = _homes(timetable, pupil, day)
        detached = [lesson for lesson in held if pupil in lesson.participants and not lesson.cancelled]
        for lesson in held:
            if pupil in lesson.participants or (
                not homes.isdisjoint(lesson.participants) and not any(_overlap(lesson, other) for other in detached)
            ):
                yield lesson


def _homes(timetable: Timetable, pupil: Ref, day: date) -> frozenset[Ref]:
    """Give the classes, groups and class parts of a pupil on one day."""
    return frozenset((*timetable.homes_of(pupil, on=day), *(one.ref for one in timetable.groups_of(pupil, on=day))))


def _of_class(timetable: Timetable, name: Ref) -> Callable[[Lesson], bool]:
    """Make the test that a lesson is for a class, whole or in part."""
    school_class = timetable.classes[name]
    own = {name, *(part.ref for part in timetable.class_parts.values() if part.school_class == name)}
    own.update(school_class.parts)
    own.update(who for who, group in timetable.option_groups.items() if not own.isdisjoint(_made_of(group)))
    loose = {who for who, group in timetable.option_groups.items() if not _made_of(group)}
    known: dict[tuple[Ref, date], bool] = {}

    def meets(group: Ref, day: date) -> bool:
        if (group, day) not in known:
            pupils = timetable.members(name, on=day)
            known[group, day] = any(pupil in pupils for pupil in timetable.members(group, on=day))
        return known[group, day]

    def concerns(lesson: Lesson) -> bool:
        if not own.isdisjoint(lesson.participants):
            return True
        return any(meets(who, lesson.date) for who in loose.intersection(lesson.participants))

    return concerns


def _made_of(group: OptionGroup) -> tuple[Ref, ...]:
    return (*group.classes, *group.parts)


def _overlap(one: Lesson, other: Lesson) -> bool:
    """Tell whether two lessons of one day share a moment; without times nothing is known, so they do not."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end


def free_rooms(timetable: Timetable, day: date, start: time, end: time) -> tuple[Room, ...]:
    """Salles libres: rooms without a lesson between two times of a day, in file order.

    A cancelled lesson leaves its room free; one without times takes it the whole day, one without an end the rest of
    the day. Raises UsageError where the time does not begin before it ends.

    >>> from entformats.timetable import Room, ref
    >>> room = Room(ref(Kind.ROOM, "1"), "B 204")
    >>> free_rooms(Timetable("0749999S", rooms=FrozenMap({room.ref: room})), date(2022, 9, 5), time(8), time(9))
    (Room(ref='room:1', name='B 204'),)
    """
    if start >= end:
        raise UsageError("the time begins before it ends")
    taken = {
        who
        for lesson in timetable.lessons(day, day)
        if not lesson.cancelled and (lesson.start or time.min) < end and (lesson.end or time.max) > start
        for who in lesson.participants
    }
    return tuple(room for who, room in timetable.rooms.items() if who not in taken)


@frozen
class Clash:
    """Conflit d'emploi du temps: two lessons that share a teacher, a room or a class at one time (edt 7.2).

    `shared` gives, for each thing shared, the weeks in which both lessons hold it, cancellations taken out. It is a
    remark on the data, not an error: two lessons of which one was forgotten, or one lesson written twice.

    >>> Clash((), FrozenMap({"teacher:36": WeekSet.of([3])})).weeks
    WeekSet(mask=8)
    """

    lessons: tuple[WeeklyLesson, ...]
    """The two of them, in file order."""
    shared: FrozenMap[Ref, WeekSet]

    @property
    def weeks(self) -> WeekSet:
        """Semaines: those of any thing shared."""
        return reduce(or_, self.shared.values(), WeekSet())


def clashes(timetable: Timetable) -> tuple[Clash, ...]:
    """Conflits: all pairs of lessons on one day whose times and weeks meet, in file order (edt 7.2).

    Two teachers in one lesson are co-teaching and no clash; neither are two groups of one class side by side. Lessons
    without times are compared by their places.

    >>> clashes(Timetable("0749999S"))
    ()
    """
    lessons = timetable.weekly_lessons
    users: defaultdict[tuple[int, Ref], dict[int, WeekSet]] = defaultdict(dict)
    for number, lesson in enumerate(lessons):
        for presence in lesson.presences:
            weeks = presence.weeks - lesson.cancelled
            if weeks and lesson.weekday in WEEKDAYS and kind_of(presence.who) in EXCLUSIVE:
                held = users[lesson.weekday, presence.who]
                held[number] = held.get(number, WeekSet()) | weeks
    shared: defaultdict[tuple[int, int], dict[Ref, WeekSet]] = defaultdict(dict)
    for (_, who), held in users.items():
        for (first, one), (second, other) in combinations(held.items(), 2):
            if not one.isdisjoint(other) and _meet(lessons[first], lessons[second]):
                shared[first, second][who] = one & other
    return tuple(
        Clash((lessons[first], lessons[second]), FrozenMap(sorted(found.items())))
        for (first, second), found in sorted(shared.items())
    )


def _meet(one: WeeklyLesson, other: WeeklyLesson) -> bool:
    """Tell whether two lessons of a weekday share a moment: by their times, else by their places."""
    if one.start and one.end and other.start and other.end:
        return one.start < other.end and other.start < one.end
    mine, theirs = _places(one), _places(other)
    return bool(mine and theirs) and mine.start < theirs.stop and theirs.start < mine.stop


def _places(lesson: WeeklyLesson) -> range:
    if lesson.first_slot is None or lesson.slot_count is None:
        return range(0)
    return range(lesson.first_slot, lesson.first_slot + lesson.slot_count)


@frozen
class PartAlone:
    """Partie de classe sans groupe: a class part that is the whole audience of lessons, with others like it at most.

    Such lessons are not imported (rules 2.2). `groups` are those that hold the part: where there is one, it can stand
    for the part, if the ENT wants that (`groups_for_parts`).

    >>> PartAlone(Ref("part:7"), Ref("class:2"), (), ()).repair("en").partition(",")[0]
    'In EDT or Pronote have the groups generated (by specifying the complex lessons)'
    """

    part: Ref
    school_class: Ref
    groups: tuple[Ref, ...]
    lessons: tuple[WeeklyLesson, ...]

    def repair(self, lang: Lang = "fr") -> str:
        """Give the remedy, in the words of EDT; that of the finding `lesson_on_class_part_only`."""
        return entry("lesson_on_class_part_only").text(lang).repair


def parts_alone(timetable: Timetable) -> tuple[PartAlone, ...]:
    """Parties de classe sans groupe: those that lessons are placed on alone, in file order (edt 3.9; rules 2.2).

    >>> parts_alone(Timetable("0749999S"))
    ()
    """
    placed: defaultdict[Ref, list[WeeklyLesson]] = defaultdict(list)
    for lesson in timetable.weekly_lessons:
        if lesson.on_class_part_only:
            for who in dict.fromkeys(presence.who for presence in lesson.of(Kind.PART)):
                placed[who].append(lesson)
    return tuple(
        PartAlone(who, part.school_class, _holding(timetable, who), tuple(placed[who]))
        for who, part in timetable.class_parts.items()
        if who in placed
    )


def _holding(timetable: Timetable, part: Ref) -> tuple[Ref, ...]:
    return tuple(who for who, group in timetable.option_groups.items() if part in group.parts)
