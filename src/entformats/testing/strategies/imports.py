"""Successions of imports: one small school, what its ENT holds, the exports of one year, each changed into the next.

Everything is drawn as short lists of edits on one draft, so that two exports share most of what they say, every kind of
change of the bilan comes often, and a failing example shrinks to the few edits that matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from attrs import evolve, frozen
from hypothesis import strategies as st

from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Account, Identifier, IdentifierKind, Identity, Key, Profile, Ref
from entformats.rules import (
    GroupMode,
    Policy,
    Provenance,
    Roster,
    RosterClass,
    RosterGroup,
    RosterMembership,
)
from entformats.rules.bilan_counts import (
    AddedModified,
    AddedModifiedRemoved,
    AddedRemoved,
    Counts,
    Delta,
    Imported,
    Management,
    Preliminary,
    Running,
    ServiceCount,
    Services,
    Weekly,
)
from entformats.timetable import (
    Alternation,
    ClassPart,
    Grid,
    Kind,
    Membership,
    OptionGroup,
    Presence,
    Pupil,
    SchoolClass,
    Slot,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    ref,
)

__all__ = ["Succession", "counts", "successions"]

UAI: Final = "0749999S"
FIRST: Final = date(2022, 8, 29)
OPENED: Final = frozenset(range(2, 14))
LATE: Final = frozenset({11, 12, 13})
SLOTS: Final = (Slot(0, time(8), time(9)), Slot(1, time(9), time(10)), Slot(2, time(10, 15), time(11, 15)))
CLASSES: Final = ("6A", "6B", "6C")
"""The last one is not in the ENT."""
PARTS: Final = (0, 0, 1, 1)
"""Class of each class part."""
STRANGER: Final = 4
"""Number of the teacher, and of the pupils from there on, who have no account."""
PARIS: Final = ZoneInfo("Europe/Paris")
MODES: Final = (*[GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS] * 4, *GroupMode)
POLICIES: Final = (*[Policy()] * 4, *[Policy(drop_unknown_subjects=True)] * 2, Policy(since=date(2022, 10, 17)))


@frozen
class Course:
    """Cours of a draft; a rhythm is `all`, `odd`, `even`, `late`, `early` or the number of a week."""

    weekday: int
    slot: int
    subject: str
    teachers: tuple[tuple[int, str], ...]
    audience: tuple[Ref, ...]
    rhythm: str = "all"
    cancelled: frozenset[int] = frozenset()
    annual: bool = True


@frozen
class Draft:
    """Brouillon of one export."""

    subjects: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[int, ...]], ...]
    homes: tuple[int, ...]
    """Class part of each pupil."""
    courses: tuple[Course, ...]
    classes: int = 2
    closed: frozenset[int] = frozenset()
    turned: bool = False
    """Whether odd and even weeks have changed places."""
    declared: tuple[Alternation, ...] = ()


@frozen(repr=False)
class Succession:
    """Suite d'imports: the ENT of one school, and the exports of a year in order."""

    roster: Roster
    timetables: tuple[Timetable, ...]
    mode: GroupMode = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    policy: Policy = Policy()  # noqa: RUF009 - frozen

    @property
    def instants(self) -> tuple[datetime, ...]:
        """Instants: one a timetable, a month apart.

        >>> Succession(Roster(UAI), (Timetable(UAI),)).instants[0].isoformat()
        '2022-09-10T08:00:00+02:00'
        """
        return tuple(datetime(2022, 9 + at, 10, 8, tzinfo=PARIS) for at in range(len(self.timetables)))

    def __repr__(self) -> str:
        """Show the sizes."""
        return f"<Succession of {len(self.timetables)} imports, {self.mode}>"


def group(name: int) -> Ref:
    """Name the group at a place of the draft."""
    return ref(Kind.GROUP, str(name + 1))


def home(number: int) -> Ref:
    """Name a class."""
    return ref(Kind.CLASS, str(number + 1))


def part(number: int) -> Ref:
    """Name a class part."""
    return ref(Kind.PART, str(number + 1))


BASE: Final = Draft(
    subjects=(("MATHS", "MATHEMATIQUES"), ("SVT", "SCIENCES DE LA VIE"), ("ESP", "ESPAGNOL")),
    groups=(("6A SVT G1", (0,)), ("6 ESP", (1, 2))),
    homes=(0, 0, 1, 2, 3),
    courses=(
        Course(1, 0, "MATHS", ((1, "all"),), (home(0),)),
        Course(2, 0, "SVT", ((2, "all"),), (group(0),), "odd"),
        Course(3, 0, "SVT", ((2, "all"),), (group(0),), "odd"),
        Course(1, 1, "ESP", ((3, "all"),), (group(1),)),
        Course(2, 1, "MATHS", (), (home(1),)),
        Course(1, 2, "MATHS", ((1, "3"),), (home(0),), "3", annual=False),
    ),
)

Edit: TypeAlias = tuple[str, int, int]
Maker: TypeAlias = Callable[[Draft, int, int], Draft]


def at_course(change: Callable[[Course, int], Course]) -> Maker:
    """Make an edit that changes one course."""

    def make(draft: Draft, which: int, how: int) -> Draft:
        if not draft.courses:
            return draft
        at = which % len(draft.courses)
        return evolve(draft, courses=swapped(draft.courses, at, change(draft.courses[at], how)))

    return make


def swapped(rows: Sequence[Course], at: int, row: Course) -> tuple[Course, ...]:
    """Put another course in the place of one."""
    return (*rows[:at], row, *rows[at + 1 :])


def with_course(course: Callable[[Draft, int, int], Course]) -> Maker:
    """Make an edit that adds one course."""
    return lambda draft, which, how: evolve(draft, courses=(*draft.courses, course(draft, which, how)))


def anywhere(draft: Draft, which: int, how: int, *, teacher: int = 0) -> Course:
    """Place a plain course for a class or a group."""
    audience = (home(0), home(1), *(group(at) for at in range(len(draft.groups))))[which % (2 + len(draft.groups))]
    subject = draft.subjects[how % len(draft.subjects)][0]
    who = teacher or which % 3 + 1
    return Course(which % 3 + 1, how % 3, subject, ((who, "all"),), (audience,), ("all", "odd", "even")[how % 3])


def substituted(course: Course, how: int, *, by: int) -> Course:
    """Replace the teachers of a course in the last weeks."""
    regular = tuple((who, "early") for who, _ in course.teachers if who != by)
    return evolve(course, teachers=(*regular, (by, "late"))) if regular else evolve(course, teachers=((by, str(how)),))


def alone(course: Course) -> Course:
    """Leave a course to its first teacher, in all its weeks."""
    return evolve(course, teachers=tuple((who, course.rhythm) for who, _ in course.teachers[:1]))


def apart(draft: Draft, which: int, _how: int) -> Draft:
    """Replace the teachers of a course in the last weeks, by a course of its own."""
    if not draft.courses:
        return draft
    at = which % len(draft.courses)
    course = draft.courses[at]
    other = evolve(course, teachers=((which % 3 + 1, "late"),), rhythm="late", annual=False)
    short = evolve(course, rhythm="early", teachers=tuple((who, "early") for who, _ in course.teachers))
    return evolve(draft, courses=(*swapped(draft.courses, at, short), other))


def relabelled(draft: Draft, which: int, how: int) -> Draft:
    """Change the label of a subject."""
    at = which % len(draft.subjects)
    code = draft.subjects[at][0]
    return evolve(draft, subjects=(*draft.subjects[:at], (code, f"LIBELLE {how % 2}"), *draft.subjects[at + 1 :]))


def renamed(draft: Draft, which: int, how: int) -> Draft:
    """Change the name of a group."""
    if not draft.groups:
        return draft
    at = which % len(draft.groups)
    return evolve(draft, groups=(*draft.groups[:at], (f"6 GR{how % 3}", draft.groups[at][1]), *draft.groups[at + 1 :]))


def declared(draft: Draft, which: int, how: int) -> Draft:
    """Declare an alternation, or change the weeks of a declared one."""
    code = ("A", "B")[which % 2]
    weeks = WeekSet.of(range(2 + how % 2, 14, 2 + how % 3))
    others = tuple(one for one in draft.declared if one.code != code)
    return evolve(draft, declared=(*others, Alternation(code, frozenset(weeks.dates(FIRST, 1)))))


EDITS: Final[Mapping[str, Maker]] = {
    "nothing": lambda d, *_: d,
    "lesson added": with_course(anywhere),
    "lesson of a stranger": with_course(lambda d, i, j: anywhere(d, i, j, teacher=STRANGER)),
    "lesson of nobody": with_course(lambda d, i, j: evolve(anywhere(d, i, j), teachers=())),
    "lesson on a part": with_course(lambda d, i, j: evolve(anywhere(d, i, j), audience=(part(i % 4),))),
    "lesson without subject": with_course(lambda d, i, j: evolve(anywhere(d, i, j), subject="?" * (j % 2))),
    "lesson outside the grid": with_course(lambda d, i, j: evolve(anywhere(d, i, j), slot=9)),
    "lesson for nobody": with_course(lambda d, i, j: evolve(anywhere(d, i, j), audience=())),
    "lesson of a class unknown to the ENT": with_course(lambda d, i, j: evolve(anywhere(d, i, j), audience=(home(2),))),
    "exceptional lesson": with_course(
        lambda d, i, j: evolve(anywhere(d, i, j), rhythm=str(2 + i), teachers=((i % 3 + 1, "all"),), annual=False)
    ),
    "lesson removed": lambda d, i, _: evolve(d, courses=tuple(c for at, c in enumerate(d.courses) if at != i % 8)),
    "last lesson removed": lambda d, *_: evolve(d, courses=d.courses[:-1]),
    "lessons of nobody removed": lambda d, *_: evolve(d, courses=tuple(c for c in d.courses if c.teachers)),
    "lesson moved": at_course(lambda course, j: evolve(course, slot=j % 3)),
    "lesson at another rhythm": at_course(lambda course, j: evolve(course, rhythm=("all", "odd", "even")[j % 3])),
    "lesson cancelled": at_course(lambda course, j: evolve(course, cancelled=course.cancelled | {2 + j})),
    "nothing cancelled": lambda d, *_: evolve(d, courses=tuple(evolve(c, cancelled=frozenset()) for c in d.courses)),
    "substitution": at_course(lambda course, j: substituted(course, j + 2, by=j % 3 + 1)),
    "substitution by a stranger": at_course(lambda course, j: substituted(course, j + 2, by=STRANGER)),
    "substitution apart": apart,
    "nobody replaced": lambda d, *_: evolve(d, courses=tuple(map(alone, d.courses))),
    "second teacher": at_course(lambda c, j: evolve(c, teachers=(*c.teachers, (j % 4 + 1, "all"))[-2:])),
    "subject added": lambda d, i, j: evolve(d, subjects=(*d.subjects, (f"S{i % 3}", f"LIBELLE {j % 2}"))),
    "subject removed": lambda d, *_: evolve(d, subjects=d.subjects[:-1] or d.subjects),
    "subject relabelled": relabelled,
    "week closed": lambda d, i, _: evolve(d, closed=d.closed | {3 + i % 8}),
    "weeks opened": lambda d, *_: evolve(d, closed=frozenset()),
    "weeks turned": lambda d, *_: evolve(d, turned=not d.turned),
    "alternation declared": declared,
    "alternations declared": lambda d, _, j: declared(declared(d, 0, j), 1, j + 1),
    "nothing declared": lambda d, *_: evolve(d, declared=()),
    "group renamed": renamed,
    "group dissolved": lambda d, *_: evolve(d, groups=d.groups[:-1]),
    "group created": lambda d, i, j: evolve(d, groups=(*d.groups, (f"6 NEW{i % 2}", (j % 4,)))),
    "pupil moved": lambda d, i, j: evolve(
        d, homes=tuple(j % 4 if at == i % 8 else home for at, home in enumerate(d.homes))
    ),
    "pupil arrived": lambda d, i, _: evolve(d, homes=(*d.homes, i % 4)[:7]),
    "class opened": lambda d, *_: evolve(d, classes=3),
}
"""Ce qui arrive: every edit by its name; the two numbers say where and how."""


OFTEN: Final = (
    "alternations declared",
    "nobody replaced",
    "nothing cancelled",
    "lesson cancelled",
    "lesson without subject",
)
"""Edits drawn twice as often, since what they lead to needs two of them."""


def weeks_of(draft: Draft, rhythm: str) -> WeekSet:
    """Give the weeks of a rhythm, closed ones taken out."""
    chosen = {
        "all": OPENED,
        "late": LATE,
        "early": OPENED - LATE,
        "odd": frozenset(week for week in OPENED if week % 2 != draft.turned),
        "even": frozenset(week for week in OPENED if week % 2 == draft.turned),
    }
    return WeekSet.of((chosen[rhythm] if rhythm in chosen else {int(rhythm)}) - draft.closed)


def lesson(draft: Draft, course: Course) -> WeeklyLesson:
    """Write a course as a reader gives it."""
    weeks = weeks_of(draft, course.rhythm)
    place = SLOTS[course.slot] if course.slot < len(SLOTS) else Slot(course.slot, None, None)
    codes = [code for code, _ in draft.subjects]
    subjects = () if not course.subject else (ref(Kind.SUBJECT, course.subject),)
    known = tuple(name for name in subjects if course.subject in codes)
    teachers = {who: weeks_of(draft, rhythm) & weeks for who, rhythm in course.teachers}
    return WeeklyLesson(
        course.weekday,
        place.number,
        1,
        place.start,
        place.end,
        known or subjects,
        (
            *(Presence(ref(Kind.TEACHER, str(who)), mine) for who, mine in teachers.items()),
            *(Presence(who, weeks) for who in course.audience),
        ),
        WeekSet.of(course.cancelled) & weeks,
        course.annual,
    )


def timetable(draft: Draft) -> Timetable:
    """Write a draft as a reader gives it."""
    homes = range(draft.classes)
    return Timetable(
        UAI,
        date(2022, 9, 1),
        date(2023, 7, 7),
        FIRST,
        Grid((1, 2, 3, 4, 5), SLOTS, 60, len(SLOTS)),
        subjects=FrozenMap(
            (ref(Kind.SUBJECT, code), Subject(ref(Kind.SUBJECT, code), code, label)) for code, label in draft.subjects
        ),
        teachers=FrozenMap((Ref(one.ref), Teacher(one)) for one in people(Profile.TEACHER, 4)),
        classes=FrozenMap((home(at), SchoolClass(home(at), CLASSES[at], parts_of(at))) for at in homes),
        class_parts=FrozenMap((part(at), ClassPart(part(at), home(owner))) for at, owner in enumerate(PARTS)),
        option_groups=FrozenMap(
            (group(at), OptionGroup(group(at), name, (), tuple(map(part, parts))))
            for at, (name, parts) in enumerate(draft.groups)
        ),
        pupils=FrozenMap(
            (Ref(one.ref), Pupil(one, memberships=(Membership(home(PARTS[where])), Membership(part(where)))))
            for one, where in zip(people(Profile.PUPIL, len(draft.homes)), draft.homes, strict=True)
        ),
        weekly_lessons=tuple(lesson(draft, course) for course in draft.courses),
    )


def with_declared(timetable: Timetable, draft: Draft) -> Timetable:
    """Add what the program declares."""
    return evolve(timetable, declared_alternations=draft.declared)


def parts_of(owner: int) -> tuple[Ref, ...]:
    """Give the parts of a class."""
    return tuple(part(at) for at, number in enumerate(PARTS) if number == owner)


def people(profile: Profile, count: int) -> list[Identity]:
    """Give the first people of a profile, as the file knows them; every other one has a number of their own."""
    born = {Profile.TEACHER: 1970, Profile.PUPIL: 2011}[profile]
    return [
        Identity(
            f"{profile.value}:{number}",
            profile,
            UAI,
            f"Prénom{number}",
            f"NOM{number}",
            birth_date=date(born, number, 3),
            identifiers=frozenset({Identifier(IdentifierKind.IDPN, f"{profile.value}{number}")} if number % 2 else ()),
        )
        for number in range(1, count + 1)
    ]


def roster(marks: Iterable[tuple[int, int, Provenance]], groups: Iterable[Provenance]) -> Roster:
    """Give what the ENT holds: the accounts of all but strangers, two classes, some groups, some memberships."""
    known = [*people(Profile.TEACHER, STRANGER - 1), *people(Profile.PUPIL, STRANGER + 1)]
    accounts = [evolve(one, ref=account(one.ref), identifiers=frozenset()) for one in known]
    held = [RosterGroup(name, provenance) for (name, _), provenance in zip(BASE.groups, groups, strict=False)]
    audiences: list[Key] = [RosterClass("6A").key, RosterClass("6B").key, *(one.key for one in held)]
    return Roster(
        UAI,
        people=accounts,
        classes=[RosterClass(name) for name in CLASSES[:2]],
        groups=held,
        memberships=[
            RosterMembership(audiences[where % len(audiences)], accounts[who % len(accounts)].ref, provenance)
            for where, who, provenance in marks
        ],
    )


def account(name: str) -> Account:
    """Give the account of a person."""
    return f"account-{name}"


def edited(draft: Draft, edits: Iterable[Edit]) -> Draft:
    """Make some edits, one after the other."""
    for name, which, how in edits:
        draft = EDITS[name](draft, which, how)
    return draft


def succession(held: Roster, mode: GroupMode, policy: Policy, *steps: Sequence[Edit]) -> Succession:
    """Put a succession together: each list of edits leads from one export to the next."""
    drafts = [BASE]
    for edits in steps:
        drafts.append(edited(drafts[-1], edits))
    return Succession(held, tuple(with_declared(timetable(draft), draft) for draft in drafts[1:]), mode, policy)


def successions(
    *, imports: int = 3, modes: Sequence[GroupMode] = MODES, policies: Sequence[Policy] = POLICIES
) -> st.SearchStrategy[Succession]:
    """Suites d'imports: `imports` exports of one school and year.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=1, database=None)
    ... @given(successions(imports=2))
    ... def test_two_imports(succession):
    ...     assert len(succession.timetables) == 2
    >>> test_two_imports()
    """
    numbers = st.integers(0, 11)
    edit = st.tuples(st.sampled_from((*EDITS, *OFTEN)), numbers, numbers)
    marks = st.lists(st.tuples(numbers, numbers, st.sampled_from(Provenance)), max_size=5)
    rosters = st.builds(roster, marks, st.lists(st.sampled_from(Provenance), max_size=2))
    steps = [st.lists(edit, min_size=3, max_size=8) for _ in range(imports)]
    return st.builds(succession, rosters, st.sampled_from(modes), st.sampled_from(policies), *steps)


def counts() -> st.SearchStrategy[Counts]:
    """Nombres d'un bilan: any numbers that a bilan may show, small ones most often.

    >>> from hypothesis import given, settings
    >>> from entformats.rules import bilan
    >>> @settings(max_examples=1, database=None)
    ... @given(counts())
    ... def test_the_text_holds_the_numbers(drawn):
    ...     assert bilan.parse(bilan.render(drawn)) == drawn
    >>> test_the_text_holds_the_numbers()
    """
    n = st.one_of(st.integers(0, 3), st.integers(0, 10**9))
    signed = st.one_of(st.integers(-2, 2), st.integers(-(10**9), 10**9))
    service = st.builds(ServiceCount, n, n)
    running = st.builds(Running, signed, n)
    imported = st.builds(Imported, n, n)
    preliminary = st.builds(
        Preliminary,
        subjects=st.builds(AddedModified, n, n),
        closure_periods=st.builds(AddedRemoved, n, n),
        week_alternations=st.builds(AddedModifiedRemoved, n, n, n),
        teaching_services=st.builds(Services, service, service, service),
        lessons=st.builds(Delta, signed),
        classes=imported,
        option_groups=imported,
        teachers=imported,
        group_management=st.builds(Management, n, n, n, n),
    )
    return st.builds(Counts, preliminary, st.builds(Weekly, running, running, running))
