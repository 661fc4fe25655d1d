"""The first timetable of a fictitious school."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from entformats.codes.weeks import WeekSet
from entformats.identity import Ref
from entformats.testing.school.draft import Draft
from entformats.testing.school.events import cancel, exceptional, idle, joined, later, ordinary, substitute, weeks_of
from entformats.testing.school.family import Families
from entformats.testing.school.occupancy import Occupancy
from entformats.testing.school.people import Registry
from entformats.testing.school.planner import EVERY_WEEK, Planner, Row
from entformats.testing.school.programme import HOURS, LANGUAGES, SUBJECTS
from entformats.testing.school.structure import ULIS, build_classes, build_groups
from entformats.testing.school.teachers import Staffroom
from entformats.timetable import Equipment, Kind, Presence, Subject

__all__ = ["first_draft"]

_PARITIES: Final = (1, 2)


def first_draft(draft: Draft, registry: Registry, size: int) -> Planner:
    """Fill a draft with a school of this number of pupils: its people, its week, and what befell it already."""
    rng = registry.rng
    for code, taught in SUBJECTS.items():
        subject = draft.new_ref(Kind.SUBJECT)
        draft.subjects[subject] = Subject(subject, code, taught.label)
    build_classes(draft, Families(draft, registry), size)
    build_groups(draft, rng)
    planner = Planner(draft, Staffroom(draft, registry), rng, Occupancy(draft))
    _languages(planner)
    for home in list(draft.classes):
        if draft.levels[home] == ULIS:
            _inclusion(planner, home)
        else:
            _halves(planner, home)
            _lessons_of(planner, home)
    _open_groups(planner)
    _others(planner)
    _events(planner, size)
    planner.staffroom.engage("DOC")
    return planner


def _groups(draft: Draft, label: str, home: Ref | None = None) -> list[Ref]:
    return [g for g in draft.groups if draft.labels[g] == label and (home is None or home in draft.homes(g))]


def _languages(planner: Planner) -> None:
    """Place what takes several classes at once first, while their week is empty."""
    draft = planner.draft
    blocks: dict[str, list[Row]] = {}
    for number, language in enumerate(LANGUAGES):
        for group in _groups(draft, f"LV2 {number}"):
            block = draft.groups[group].name.partition(" ")[0]
            blocks.setdefault(block, []).append(Row(language, group, 3, str(number)))
    for rows in blocks.values():
        planner.rota(rows, times=2)
    for group in _groups(draft, "LATIN"):
        planner.rota([Row("LATIN", group, 3, "LATIN")])


def _halves(planner: Planner, home: Ref) -> None:
    """Swap two halves of a class between two sciences every other week; give support to one half at a time."""
    draft = planner.draft
    other = "TECHN" if draft.levels[home] == "6" else "PH-CH"
    halves = [group for label in ("SC1", "SC2") for group in _groups(draft, label, home)]
    rows = [
        Row(subject, group, parity, subject)
        for n, group in enumerate(halves)
        for parity, subject in zip(_PARITIES, ("SVT", other) if n == 0 else (other, "SVT"), strict=True)
    ]
    support = [group for label in ("APA", "APB") for group in _groups(draft, label, home)]
    planner.rota(rows)
    planner.rota([Row("AP", group, parity, "AP") for group, parity in zip(support, _PARITIES, strict=False)])


def _lessons_of(planner: Planner, home: Ref) -> None:
    """Give a class its weekly lessons, and a head teacher who holds its hour of class life every other week."""
    draft = planner.draft
    for subject, lengths in HOURS[draft.levels[home]].items():
        planner.service(subject, home, lengths)
    own = [lesson for lesson in draft.lessons if any(presence.who == home for presence in lesson.presences)]
    head = planner.rng.choice([presence.who for lesson in own for presence in lesson.of(Kind.TEACHER)])
    draft.classes[home] = evolve(draft.classes[home], head_teachers=(head,))
    seats, parity = {"": head}, planner.rng.choice(_PARITIES)
    slot = planner.sure(planner.table.needs(home), seats, {"": "VICLA"}, parity=parity)
    planner.put(slot, "VICLA", [seats[""], home], parity=parity)
    planner.staffroom.charge(seats[""], parity / EVERY_WEEK)


def _inclusion(planner: Planner, home: Ref) -> None:
    """Place lessons on class parts that no group uses: they cannot be imported."""
    for part in planner.draft.classes[home].parts:
        planner.service("ULIS", part, (1,))


def _open_groups(planner: Planner) -> None:
    for label, subject in (("ATEL", "ATEL"), ("CHORALE", "EDMUS"), ("THEATRE", "ATEL")):
        for group in _groups(planner.draft, label):
            planner.rota([Row(subject, group, 3, label)])


def _others(planner: Planner) -> None:
    """Add what real files hold besides: staff, supervised hours, equipment, shared lessons, lessons without anybody."""
    draft, rng = planner.draft, planner.rng
    planner.staffroom.hire_staff(5)
    homes = [home for home in draft.classes if draft.levels[home] != ULIS]
    _supervised(planner, "PERM", homes[0])
    _supervised(planner, "DEVFA", _groups(draft, "APA", homes[-1])[0])
    for label in ("VIDEOPROJECTEUR 1", "CLASSE MOBILE"):
        name = draft.new_ref(Kind.EQUIPMENT)
        draft.equipment[name] = Equipment(name, label)
        index = rng.choice(ordinary(draft))
        draft.lessons[index] = joined(draft.lessons[index], [Presence(name, draft.lessons[index].weeks)])
    _share(planner, by_week=False)
    _share(planner, by_week=True)
    for code in rng.sample(sorted(SUBJECTS), 3):
        draft.lessons.append(draft.lesson(1, 0, 1, draft.subject(code), [], WeekSet(), annual=False))


def _supervised(planner: Planner, subject: str, audience: Ref) -> None:
    """Place an hour that staff who are not teachers supervise: its service has no teacher."""
    (supervisor, *_) = planner.draft.staff
    planner.put(planner.sure((*planner.table.needs(audience), supervisor), {}, {}), subject, [audience, supervisor])


def _share(planner: Planner, *, by_week: bool) -> None:
    """Give a weekly lesson a second teacher, who is there with the first one or in the even weeks in his place."""
    draft = planner.draft
    weekly = ordinary(draft, lambda lesson: lesson.weeks == draft.calendar.opened[lesson.weekday])
    index = planner.rng.choice(weekly)
    lesson = draft.lessons[index]
    (first,) = lesson.of(Kind.TEACHER)
    second = next(idle(planner, lesson, lesson.weeks))
    even = draft.calendar.rhythm(lesson.weekday, 2)
    shares = (lesson.weeks - even, even) if by_week else (lesson.weeks, lesson.weeks)
    draft.lessons[index] = joined(lesson, [Presence(first.who, shares[0]), Presence(second, shares[1])])


def _events(planner: Planner, size: int) -> None:
    """Add what happened to single weeks: exceptional lessons all over the year, the rest before the first export."""
    draft, rng = planner.draft, planner.rng
    for _ in range(max(1, size // 70)):
        draft.lessons += (added := list(exceptional(planner, later(1))))
        for lesson in added:
            planner.table.add(lesson)
    past = later(1) - later(draft.calendar.week(draft.calendar.autumn_break))
    for index in rng.sample(ordinary(draft), min(3, max(1, size // 100))):
        lesson = draft.lessons[index]
        weeks = weeks_of(planner, lesson, past, most=2)
        teacher = next(idle(planner, lesson, lesson.weeks))
        draft.lessons[index] = substitute(lesson, weeks, teacher) if rng.randrange(2) else cancel(lesson, weeks)
        planner.table.add(draft.lessons[index])
