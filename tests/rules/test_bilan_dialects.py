"""Every line of the bilan from files of the three dialects: written, read back, imported, compared (rules 3.3, 3.6).

Two exports differ by one thing; the line that counts it says how much in each dialect, and its details say which. Where
a dialect cannot say the thing, the table of what it carries says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, frozen

from entformats import edt, rules
from entformats.edt.carried import NOT_CARRIED
from entformats.frozen import FrozenMap
from entformats.rules import Counts, DropReason, GroupMode, Policy, Preview, State
from entformats.rules.bilan import details, lines
from entformats.testing.strategies.imports import (
    BASE,
    UAI,
    Course,
    Draft,
    Edit,
    edited,
    home,
    roster,
    timetable,
)
from entformats.timetable import Timetable

AT = datetime(2022, 9, 10, 8, tzinfo=ZoneInfo("Europe/Paris"))
DIALECTS = ("edt", "udt", "sts")
OPTION_2 = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
P, W, S, M = "preliminary", "weekly", "preliminary.teaching_services", "preliminary.group_management"
UNKNOWN_CLASS = evolve(BASE, classes=3, courses=(*BASE.courses, Course(1, 1, "MATHS", ((1, "all"),), (home(2),))))


@cache
def through(draft: Draft, dialect: str) -> Timetable:
    """Write an export and read it back."""
    files = {name: b"".join(chunks) for name, chunks in edt.write(timetable(draft), dialect=dialect)}
    return edt.read(files, uai=UAI).timetable


@cache
def imported(before: Draft, after: Draft, dialect: str) -> Preview:
    """Import one export, then prepare the next one."""
    held, state = roster([], []), State.new(UAI, 2022)
    first = rules.prepare(through(before, dialect), held, state=state, mode=OPTION_2, at=AT)
    known = rules.roster_after(held, first.snapshot)
    return rules.prepare(through(after, dialect), known, state=first.validate(state, at=AT), mode=OPTION_2, at=AT)


def number(preview: Preview, path: str) -> int:
    """Give one number of a bilan."""
    value: object = preview.bilan.counts
    for name in path.split("."):
        value = getattr(value, name)
    assert isinstance(value, int)
    return value


@frozen
class Case:
    """Ligne: its path, what differs, the number and the detail expected; the dialects that cannot say it, by field."""

    path: str
    edits: tuple[Edit, ...] = ()
    what: str = ""
    expected: int = 1
    backwards: bool = False
    """From the edited export to the plain one."""
    unsaid: Mapping[str, str] = FrozenMap()
    before: Draft = BASE
    only: tuple[str, ...] = DIALECTS

    @property
    def drafts(self) -> tuple[Draft, Draft]:
        """Give what is imported first, and next."""
        pair = self.before, edited(self.before, self.edits)
        return (pair[1], pair[0]) if self.backwards else pair


SUBJECT, SERVICE = ("subject added", 0, 0), ("lesson added", 0, 1)
NOBODY, CANCELLED = ("lesson of nobody", 0, 1), ("lesson cancelled", 0, 2)
SUBSTITUTED, EXCEPTIONAL = ("substitution", 0, 1), ("exceptional lesson", 1, 1)
NO_CANCELLATION = FrozenMap({"sts": "WeeklyLesson.cancelled"})
NO_EXCEPTION = FrozenMap({"sts": "WeeklyLesson.annual"})
DEDUCED = FrozenMap({"edt": "Timetable.declared_alternations", "udt": "Timetable.declared_alternations"})
CASES = (
    Case(f"{P}.subjects.added", (SUBJECT,), "S0"),
    Case(f"{P}.subjects.modified", (("subject relabelled", 1, 0),), "SVT"),
    Case(f"{P}.closure_periods.added", (("week closed", 2, 0),), "du 21/09/2022 au 28/09/2022", only=("edt", "udt")),
    Case(f"{P}.closure_periods.added", (("week closed", 2, 0),), "du 20/09/2022 au 28/09/2022", only=("sts",)),
    Case(
        f"{P}.closure_periods.removed", (("week closed", 2, 0),), "du 21/09/2022", backwards=True, only=("edt", "udt")
    ),
    Case(f"{P}.closure_periods.removed", (("week closed", 2, 0),), "du 20/09/2022", backwards=True, only=("sts",)),
    Case(f"{P}.week_alternations.added", (("weeks turned", 0, 0),), "lundi 05/09/2022", only=("edt",)),
    Case(f"{P}.week_alternations.added", (("lesson added", 1, 0),), "déduite", only=("udt",)),
    Case(f"{P}.week_alternations.added", (("lesson added", 0, 2),), "A", only=("sts",)),
    Case(f"{P}.week_alternations.modified", (("weeks turned", 0, 0),), "A2", unsaid=DEDUCED),
    Case(f"{P}.week_alternations.removed", (("weeks turned", 0, 0),), "lundi 12/09/2022", only=("edt",)),
    Case(f"{P}.week_alternations.removed", (("lesson added", 1, 0),), "déduite", backwards=True, only=("udt",)),
    Case(f"{P}.week_alternations.removed", (("lesson added", 0, 2),), "A", backwards=True, only=("sts",)),
    Case(f"{S}.added.count", (SERVICE,), "SVT, 6A"),
    Case(f"{S}.added.incomplete", (NOBODY,), "SVT, 6A (incomplet)"),
    Case(f"{S}.modified.count", (("lesson moved", 3, 2),), "ESP, 6 ESP"),
    Case(f"{S}.modified.incomplete", (("lesson moved", 6, 2),), "MATHS, 6C (incomplet)", before=UNKNOWN_CLASS),
    Case(f"{S}.removed.count", (SERVICE,), "SVT, 6A", backwards=True),
    Case(f"{S}.removed.incomplete", (NOBODY,), "SVT, 6A (incomplet)", backwards=True),
    Case(f"{P}.lessons.delta", (SERVICE,), "lundi 09:00-10:00, SVT, 6A", 6),
    Case(f"{P}.lessons.delta", (SERVICE,), "lundi 09:00-10:00, SVT, 6A", -6, backwards=True),
    Case(f"{P}.classes.imported", (), "6A", 2),
    Case(f"{P}.classes.not_imported", (("class opened", 0, 0),), "6C"),
    Case(f"{P}.option_groups.imported", (), "6 ESP", 2),
    Case(f"{P}.option_groups.not_imported", (("group dissolved", 0, 0),), "6 ESP"),
    Case(f"{P}.teachers.imported", (SUBSTITUTED,), "enseignant", 3),
    Case(f"{P}.teachers.not_imported", (("lesson of a stranger", 0, 0),), "enseignant"),
    Case(f"{M}.groups_to_create", (("group created", 0, 3), ("lesson added", 4, 0)), "6 NEW0"),
    Case(f"{M}.groups_to_rename", (("group renamed", 1, 0),), "6 GR0"),
    Case(f"{M}.audiences_with_teachers_to_add", (("lesson added", 1, 0),), "6B"),
    Case(f"{M}.audiences_with_pupils_to_add", (("pupil moved", 0, 3),), "6B"),
    Case(f"{W}.substitutions.delta", (SUBSTITUTED,), "lundi 07/11/2022 08:00-09:00, MATHS, 6A", 3),
    Case(f"{W}.substitutions.delta", (SUBSTITUTED,), "lundi 07/11/2022", -3, backwards=True),
    Case(f"{W}.substitutions.total", (SUBSTITUTED,), "lundi 21/11/2022", 3),
    Case(f"{W}.cancellations.delta", (CANCELLED,), "lundi 19/09/2022 08:00-09:00", unsaid=NO_CANCELLATION),
    Case(f"{W}.cancellations.delta", (CANCELLED,), "lundi 19/09/2022", -1, backwards=True, unsaid=NO_CANCELLATION),
    Case(f"{W}.exceptional_lessons.delta", (EXCEPTIONAL,), "mardi 13/09/2022", unsaid=NO_EXCEPTION),
    Case(f"{W}.exceptional_lessons.delta", (EXCEPTIONAL,), "mardi", -1, backwards=True, unsaid=NO_EXCEPTION),
    Case(f"{W}.exceptional_lessons.total", (EXCEPTIONAL,), "mardi 13/09/2022", 2, unsaid=NO_EXCEPTION),
)
TRIALS = [
    pytest.param(case, dialect, id=f"{case.path}{'-back' * case.backwards}-{dialect}")
    for case in CASES
    for dialect in case.only
]


@pytest.mark.parametrize(("case", "dialect"), TRIALS)
def test_line(case: Case, dialect: str) -> None:
    """The line says how much changed between two files, its details what; or the dialect is known not to carry it."""
    preview = imported(*case.drafts, dialect)
    assert preview.blockers == ()
    if dialect in case.unsaid:
        assert dialect in NOT_CARRIED[case.unsaid[dialect]]
        assert number(preview, case.path) == 0
        return
    assert number(preview, case.path) == case.expected
    found = details(preview.bilan)[case.path.replace(".incomplete", ".count")]
    assert any(case.what in one.what for one in found)


def test_every_line_of_the_screen_is_tried() -> None:
    """In each dialect, but for `cancellations.total`, which the delta implies."""
    screen = {line.path for line in lines(Counts())} - {f"{W}.cancellations.total"}
    for dialect in DIALECTS:
        assert {case.path for case in CASES if dialect in case.only and not case.path.endswith("incomplete")} == screen


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_changed(dialect: str) -> None:
    """The same file again changes nothing, in each dialect."""
    preview = imported(BASE, BASE, dialect)
    counts = preview.bilan.counts
    same = evolve(
        Counts(),
        preliminary=evolve(
            Counts().preliminary,
            classes=counts.preliminary.classes,
            option_groups=counts.preliminary.option_groups,
            teachers=counts.preliminary.teachers,
        ),
    )
    totals = (getattr(counts.weekly, name).delta for name in ("substitutions", "cancellations", "exceptional_lessons"))
    assert counts.preliminary == same.preliminary
    assert not any(totals)


@frozen
class Drop:
    """Motif: what is dropped, with which mode and policy, how many dated lessons."""

    reason: DropReason
    edits: tuple[Edit, ...]
    occurrences: int
    mode: GroupMode = OPTION_2
    policy: Policy = Policy()  # noqa: RUF009 - frozen
    unsaid: Mapping[str, str] = FrozenMap()


DROPS = (
    Drop(DropReason.NO_MATCHED_TEACHER, (("lesson of a stranger", 0, 0),), 12),
    Drop(
        DropReason.CLASS_PART_ONLY,
        (("lesson on a part", 3, 1),),
        6,
        unsaid=FrozenMap({"sts": "WeeklyLesson.presences"}),
    ),
    Drop(
        DropReason.OUTSIDE_SLOTS,
        (("lesson outside the grid", 0, 0),),
        12,
        unsaid=FrozenMap({"sts": "WeeklyLesson.first_slot"}),
    ),
    Drop(DropReason.UNKNOWN_AUDIENCE, (), 24, GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS),
    Drop(DropReason.UNKNOWN_AUDIENCE, (), 24, GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS),
    Drop(
        DropReason.UNKNOWN_SUBJECT,
        (("lesson without subject", 0, 2),),
        6,
        policy=Policy(drop_unknown_subjects=True),
        unsaid=FrozenMap({"sts": "WeeklyLesson.subjects"}),
    ),
    Drop(DropReason.IN_THE_PAST, (), 1, policy=Policy(since=date(2022, 10, 1))),
)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("drop", DROPS, ids=lambda drop: f"{drop.reason}-{drop.mode}")
def test_reason(drop: Drop, dialect: str) -> None:
    """Each reason of rules 3.6 is met in files of each dialect that can say it, and counts the dated lessons lost."""
    state, exported = State.new(UAI, 2022), through(edited(BASE, drop.edits), dialect)
    preview = rules.prepare(exported, roster([], []), state=state, mode=drop.mode, policy=drop.policy, at=AT)
    dropped = [one for one in preview.selection.dropped if one.reason is drop.reason]
    assert len(dropped) == len(preview.selection.dropped)
    if dialect in drop.unsaid:
        assert dialect in NOT_CARRIED[drop.unsaid[dialect]]
        assert dropped == []
    else:
        assert sum(one.occurrences for one in dropped) == drop.occurrences


def test_every_reason_is_tried() -> None:
    """None of the six is left out."""
    assert {drop.reason for drop in DROPS} == set(DropReason)
