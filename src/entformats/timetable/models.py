"""The one timetable model (emploi du temps) that the readers of every program fill (edt 2, 3; rules 3.2).

Entities are named by `Ref`, local to one file: `teacher:36`, `class:2`. What holds across files is a `Key`: `class:6A`.
Both begin with their `Kind`. Weeks are numbers from 1 (`codes.weeks`); times are the school's wall times, without zone.
"""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from functools import lru_cache

from attrs import field, frozen

from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Key, Profile, Ref
from entformats.names import clean

__all__ = [
    "WEEKDAYS",
    "Alternation",
    "ClassPart",
    "Closure",
    "Domain",
    "Equipment",
    "Establishment",
    "Extra",
    "Grid",
    "Guardian",
    "GuardianLink",
    "Kind",
    "Lesson",
    "Membership",
    "OptionGroup",
    "Presence",
    "Pupil",
    "Room",
    "SchoolClass",
    "Slot",
    "StaffMember",
    "Subject",
    "Teacher",
    "WeeklyLesson",
    "kind_of",
    "ref",
]

WEEKDAYS = range(1, 8)
"""Jours de la semaine: their numbers, counted from the first day of week 1."""
Extra = FrozenMap[str, tuple[str, ...]]
"""Reste: what the file says and the model has no field for; attribute name -> texts."""


class Kind(StrEnum):
    """Sorte: what a `Ref` or a `Key` names; its first word."""

    SUBJECT = "subject"
    TEACHER = "teacher"
    STAFF = "staff"
    PUPIL = "pupil"
    GUARDIAN = "guardian"
    CLASS = "class"
    PART = "part"
    GROUP = "group"
    ROOM = "room"
    EQUIPMENT = "equipment"


_KINDS = {kind.value: kind for kind in Kind}


class Domain(StrEnum):
    """Domaine: what a file may say nothing of, which is not saying that there is none (sts 2.4, 2.5)."""

    SUBJECTS = "subjects"
    NAMES = "names"
    GROUPS = "groups"
    SERVICES = "services"
    LESSONS = "lessons"
    PUPILS = "pupils"


def ref(kind: Kind, ident: str) -> Ref:
    """Make the reference of an entity of one file.

    >>> ref(Kind.TEACHER, "36")
    'teacher:36'
    """
    return Ref(f"{kind}:{ident}")


@lru_cache(1 << 16)
def kind_of(name: str) -> Kind:
    """Tell what a `Ref`, or the `Key` of a lesson's participant, names.

    >>> kind_of("class:6A")
    <Kind.CLASS: 'class'>
    """
    return _KINDS[name.partition(":")[0]]


def key(kind: Kind, name: str) -> Key:
    """Make the key of an entity known by its name or code: cleaned, never an EDT `Ident` (rules 3.2).

    >>> key(Kind.GROUP, " 6A  SVT G1")
    'group:6A SVT G1'
    """
    return Key(f"{kind}:{clean(name)}")


@frozen
class Establishment:
    """Établissement: one school of an export that several share (edt 2.3).

    >>> Establishment("1", "0749999S").uai
    '0749999S'
    """

    ref: str
    uai: str
    name: str = ""


@frozen
class Slot:
    """Place: one line of the grid. `number` counts from 0; times are None where the label is not a time (edt 2.5).

    >>> Slot(0, time(8), time(8, 55)).end
    datetime.time(8, 55)
    """

    number: int
    start: time | None
    end: time | None


@frozen
class Grid:
    """Grille horaire: the working days and the places of a day (edt 2.5, 3.3).

    `days` are weekday numbers, 1 = the weekday of the first day of week 1; `slot_minutes` is the length of a place.

    >>> len(Grid(days=(1, 2, 4, 5), slots=(Slot(0, time(8), time(9)),)).days)
    4
    """

    days: tuple[int, ...] = ()
    slots: tuple[Slot, ...] = ()
    slot_minutes: int | None = None
    slots_per_day: int | None = None


@frozen
class Subject:
    """Matière: `code` is the school's, `national_code` that of the BCN where the program has it (edt 2.6).

    >>> Subject(ref(Kind.SUBJECT, "1"), "MATHS", "MATHEMATIQUES").key
    'subject:MATHS'
    """

    ref: Ref
    code: str
    label: str
    national_code: str = ""
    extra: Extra = field(factory=FrozenMap, repr=False)

    @property
    def key(self) -> Key:
        """Clé: the code, cleaned (rules 3.2); the label where there is no code."""
        return key(Kind.SUBJECT, self.code or self.label)


@frozen
class Teacher:
    """Professeur.

    >>> Teacher(Identity("teacher:2", Profile.TEACHER, "0749999S", "Odile", "VALMOND"))
    Teacher(identity=<Identity teacher teacher:2>)
    """

    identity: Identity
    extra: Extra = field(factory=FrozenMap, repr=False)


@frozen
class StaffMember:
    """Personnel: staff who are not teachers.

    >>> StaffMember(Identity("staff:1", Profile.STAFF, "0749999S", "Odile", "VALMOND"))
    StaffMember(identity=<Identity staff staff:1>)
    """

    identity: Identity
    extra: Extra = field(factory=FrozenMap, repr=False)


@frozen
class Guardian:
    """Responsable: a guardian; `extra` keeps the address as the file gives it (edt 2.13).

    >>> Guardian(Identity("guardian:7", Profile.GUARDIAN, "0749999S", "Odile", "VALMOND"))
    Guardian(identity=<Identity guardian guardian:7>)
    """

    identity: Identity
    extra: Extra = field(factory=FrozenMap, repr=False)


@frozen
class GuardianLink:
    """Lien d'un élève avec un responsable. `rank` is `RespLegal`: 1 first legal guardian, 2 second, 0 unknown.

    >>> GuardianLink(ref(Kind.GUARDIAN, "7"), rank=1).rank
    1
    """

    guardian: Ref
    rank: int = 0


@frozen
class Membership:
    """Appartenance: a pupil in a class, a class part or a group, between two days, both included (edt 2.12).

    A bound that is None is open. `weeks` restricts it to some weeks, where the program says so (UDT); None is all.

    >>> Membership(ref(Kind.CLASS, "2"), start=date(2022, 9, 1)).end is None
    True
    """

    of: Ref
    start: date | None = None
    end: date | None = None
    weeks: WeekSet | None = None


@frozen
class Pupil:
    """Élève. `sex` is the file's word, `memberships` everything the pupil belongs to, in file order (edt 2.12).

    >>> pupil = Pupil(
    ...     Identity("pupil:310", Profile.PUPIL, "0749999S", "Odile", "VALMOND"),
    ...     memberships=(Membership(ref(Kind.CLASS, "2")),),
    ... )
    >>> [membership.of for membership in pupil.memberships]
    ['class:2']
    """

    identity: Identity
    sex: str = field(default="", repr=False)
    memberships: tuple[Membership, ...] = ()
    guardians: tuple[GuardianLink, ...] = ()
    extra: Extra = field(factory=FrozenMap, repr=False)


@frozen
class SchoolClass:
    """Classe (division): `parts` are the class parts it defines (edt 2.9).

    >>> SchoolClass(ref(Kind.CLASS, "2"), "6A", parts=(ref(Kind.PART, "5"),)).key
    'class:6A'
    """

    ref: Ref
    name: str
    parts: tuple[Ref, ...] = ()
    head_teachers: tuple[Ref, ...] = ()
    establishments: tuple[str, ...] = ()
    """`Establishment.ref` of the schools it belongs to, where an export has several."""
    extra: Extra = field(factory=FrozenMap, repr=False)

    @property
    def key(self) -> Key:
        """Clé: the cleaned name (rules 3.2)."""
        return key(Kind.CLASS, self.name)


@frozen
class ClassPart:
    """Partie de classe: defined by its class, often without a name (edt 2.9).

    >>> ClassPart(ref(Kind.PART, "5"), ref(Kind.CLASS, "2")).school_class
    'class:2'
    """

    ref: Ref
    school_class: Ref
    name: str = ""


@frozen
class OptionGroup:
    """Groupe d'option: any teaching group; made of classes, class parts and pupils listed directly (edt 2.10).

    `code` is a stable code where the program has one (STS, UDT), empty otherwise.

    >>> OptionGroup(ref(Kind.GROUP, "9"), "6 LATIN", parts=(ref(Kind.PART, "5"),)).key
    'group:6 LATIN'
    """

    ref: Ref
    name: str
    classes: tuple[Ref, ...] = ()
    parts: tuple[Ref, ...] = ()
    pupils: tuple[Ref, ...] = ()
    code: str = ""
    extra: Extra = field(factory=FrozenMap, repr=False)

    @property
    def key(self) -> Key:
        """Clé: the stable code if there is one, else the cleaned name (rules 2.4)."""
        return key(Kind.GROUP, self.code or self.name)


@frozen
class Room:
    """Salle.

    >>> Room(ref(Kind.ROOM, "1"), "B 204").key
    'room:B 204'
    """

    ref: Ref
    name: str
    extra: Extra = field(factory=FrozenMap, repr=False)

    @property
    def key(self) -> Key:
        """Clé: the cleaned name (rules 3.2)."""
        return key(Kind.ROOM, self.name)


@frozen
class Equipment:
    """Matériel.

    >>> Equipment(ref(Kind.EQUIPMENT, "1"), "Valise 1").key
    'equipment:Valise 1'
    """

    ref: Ref
    name: str
    extra: Extra = field(factory=FrozenMap, repr=False)

    @property
    def key(self) -> Key:
        """Clé: the cleaned name (rules 3.2)."""
        return key(Kind.EQUIPMENT, self.name)


@frozen
class Presence:
    """Présence: a resource of a weekly lesson (any kind but the subject), and the weeks in which it takes part.

    `derived` marks a group that stands for class parts, by `groups_for_parts`: no file says so.

    >>> len(Presence(ref(Kind.TEACHER, "36"), WeekSet.of([1, 2, 3])).weeks)
    3
    """

    who: Ref
    weeks: WeekSet
    derived: bool = False


@frozen
class WeeklyLesson:
    """Cours: a pattern of the week. There is no identifier on a lesson (edt 2.14).

    `weekday` 1 to 7 counts from the first day of week 1; another number is kept and makes the lesson unplaceable.
    `start` and `end` are wall times, None where the grid does not give them. `annual` is None where the file carries no
    mark of it. `cancelled` are the weeks of cancellation as the file gives them (edt 3.7).

    >>> lesson = WeeklyLesson(
    ...     weekday=1, first_slot=0, slot_count=1, start=time(8), end=time(9), subjects=(ref(Kind.SUBJECT, "1"),),
    ...     presences=(Presence(ref(Kind.CLASS, "2"), WeekSet.of([1, 2, 3])),), cancelled=WeekSet.of([2]),
    ... )
    >>> list(lesson.active_weeks)
    [1, 3]
    """

    weekday: int
    first_slot: int | None
    slot_count: int | None
    start: time | None
    end: time | None
    subjects: tuple[Ref, ...]
    presences: tuple[Presence, ...] = ()
    cancelled: WeekSet = WeekSet()  # noqa: RUF009 - frozen
    annual: bool | None = None
    extra: Extra = field(factory=FrozenMap, repr=False)

    @property
    def weeks(self) -> WeekSet:
        """Semaines: those of any resource, cancelled ones included (edt 3.6)."""
        mask = 0
        for presence in self.presences:
            mask |= presence.weeks.mask
        return WeekSet(mask)

    @property
    def active_weeks(self) -> WeekSet:
        """Semaines actives: cancellations taken out (edt 3.7)."""
        return self.weeks - self.cancelled

    @property
    def cancelled_weeks(self) -> WeekSet:
        """Semaines annulées: those in which the lesson would otherwise take place (rules 3.2bis)."""
        return self.weeks & self.cancelled

    def of(self, kind: Kind) -> tuple[Presence, ...]:
        """Give the resources of one kind, in file order."""
        return tuple(p for p in self.presences if kind_of(p.who) is kind)

    @property
    def on_class_part_only(self) -> bool:
        """Partie sans groupe: the audience is made of class parts alone, so it cannot be imported (rules 2.2)."""
        return bool(self.of(Kind.PART)) and not self.of(Kind.CLASS) and not self.of(Kind.GROUP)


@frozen
class Lesson:
    """Séance: one dated occurrence, with its participants of that week (every kind but the subject).

    >>> lesson = Lesson(date(2022, 9, 5), time(8), time(9), (), frozenset({ref(Kind.CLASS, "2")}))
    >>> lesson.of(Kind.CLASS)
    frozenset({'class:2'})
    """

    date: date
    start: time | None
    end: time | None
    subjects: tuple[Ref, ...]
    participants: frozenset[Ref]
    cancelled: bool = False

    def of(self, kind: Kind) -> frozenset[Ref]:
        """Give the participants of one kind."""
        return frozenset(who for who in self.participants if kind_of(who) is kind)


@frozen
class Closure:
    """Période de fermeture: first and last closed day, both included; the label does not identify it (rules 3.2).

    >>> Closure(date(2022, 12, 17), date(2023, 1, 2)) == Closure(date(2022, 12, 17), date(2023, 1, 2), "Noël")
    True
    """

    first: date
    last: date
    label: str = field(default="", eq=False)


@frozen
class Alternation:
    """Alternance: a rhythm of weeks (edt 3.5).

    `code` is the one that the program declares, empty where the alternation is deduced from the masks;
    `mondays` are the first days of its weeks.

    >>> Alternation("Q1", frozenset({date(2022, 9, 5)})).key
    'alternation:Q1'
    """

    code: str
    mondays: frozenset[date]

    @property
    def key(self) -> Key:
        """Clé: the cleaned code, or the pattern itself where there is none (rules 3.2)."""
        if self.code:
            return Key(f"alternation:{clean(self.code)}")
        return Key("alternation:" + ",".join(sorted(day.isoformat() for day in self.mondays)))


PROFILES = {
    Profile.TEACHER: Kind.TEACHER,
    Profile.STAFF: Kind.STAFF,
    Profile.PUPIL: Kind.PUPIL,
    Profile.GUARDIAN: Kind.GUARDIAN,
}
