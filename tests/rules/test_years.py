"""Years of imports, cancellations, failures, refusals and rollovers, against a model of a few counters (rules 4)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from datetime import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from attrs import define, evolve, field, frozen
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from entformats import rules
from entformats.codes.school_year import SchoolYear
from entformats.errors import StalePreview, UsageError
from entformats.identity import Decision, Profile, SourceKey
from entformats.problems import problem
from entformats.rules import AUTOMATIC, MANUAL, GroupMode, Preview, Roster, State, Trigger, history, lifecycle, rollover
from entformats.rules.bilan_counts import Running
from entformats.testing.strategies.imports import BASE, UAI, Course, Draft, home, roster, timetable
from entformats.timetable import Timetable

HELD = roster([], [])
EVERY_WEEK = 12
"""Dated lessons of the one annual lesson."""
FEW = st.integers(0, 3)
PEOPLE = (SourceKey("Odile", "VALMOND", date(1974, 10, 2)), SourceKey("Lyes", "DELBECQ", date(1974, 10, 2)))
ANSWERS = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([None, "27", "28"]), max_size=2)
PARIS = ZoneInfo("Europe/Paris")
REACHED: Counter[str] = Counter()
"""What happened, and how often."""


@cache
def export(year: int, extra: int) -> Timetable:
    """Write the export of a year: one annual lesson, and some exceptional ones."""
    courses = [Course(1, 0, "MATHS", ((1, "all"),), (home(0),))]
    courses += [
        Course(2, 2, "MATHS", ((2, str(week)),), (home(0),), str(week), annual=False) for week in range(3, 3 + extra)
    ]
    drawn = timetable(Draft(BASE.subjects, (), BASE.homes, tuple(courses)))
    shift = timedelta(weeks=round((year - 2022) * 365.25 / 7))
    assert drawn.start is not None
    assert drawn.end is not None
    assert drawn.first_monday is not None
    return evolve(drawn, start=drawn.start + shift, end=drawn.end + shift, first_monday=drawn.first_monday + shift)


def decided(answers: dict[SourceKey, str | None]) -> list[Decision]:
    """Make decisions."""
    return [Decision(Profile.TEACHER, UAI, who, account) for who, account in answers.items()]


@define
class Model:
    """What a backend would write on a sheet of paper."""

    year: int = 2022
    changes: int = 0
    """How many times the state has changed."""
    extra: int | None = None
    """Exceptional lessons of the import validated last, this year."""
    by_hand: bool = False
    answers: dict[SourceKey, str | None] = field(factory=dict)
    imports: list[tuple[str, str, int]] = field(factory=list)

    def note(self, outcome: str, trigger: Trigger) -> None:
        self.changes += 1
        self.imports.append((outcome, trigger.value, self.year))


@frozen
class Prepared:
    """A preview, and what the model knew of it."""

    preview: Preview
    changes: int
    extra: int
    answers: dict[SourceKey, str | None]
    blocked: bool
    trigger: Trigger


class Years(RuleBasedStateMachine):
    """Anybody does anything in any order."""

    previews: Bundle[Prepared] = Bundle("previews")

    @initialize()
    def begin(self) -> None:
        self.state = State.new(UAI, 2022)
        self.model = Model()
        self.at = dt(2022, 9, 1, 8, tzinfo=PARIS)

    def now(self) -> dt:
        self.at += timedelta(days=1)
        return self.at

    @rule(
        target=previews,
        extra=FEW,
        late=st.sampled_from([0, 0, 0, 1]),
        trigger=st.sampled_from([MANUAL, MANUAL, AUTOMATIC]),
        answers=ANSWERS,
        empty=st.sampled_from([False, False, False, True]),
    )
    def prepare(
        self, extra: int, late: int, trigger: Trigger, answers: dict[SourceKey, str | None], empty: bool
    ) -> Prepared:
        """Prepare an import, of last year's file or over an empty directory now and then."""
        return self._prepare(extra, late, trigger, answers, empty=empty)

    def _prepare(
        self, extra: int, late: int, trigger: Trigger, answers: dict[SourceKey, str | None], *, empty: bool
    ) -> Prepared:
        expected = set()
        if late:
            expected.add("wrong_school_year")
        if empty:
            expected.add("directory_first")
        if trigger is AUTOMATIC and not self.model.by_hand:
            expected.add("manual_import_first")
        if trigger is AUTOMATIC and empty:
            expected.add("too_many_unmatched")
        before = self.state
        preview = rules.prepare(
            export(self.model.year - late, extra),
            Roster(UAI) if empty else HELD,
            state=self.state,
            mode=GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS,
            decisions=decided(answers),
            trigger=trigger,
            at=self.now(),
        )
        assert {one.slug for one in preview.blockers} == expected
        assert self.state == before
        if not late and not empty:
            total = Running(extra - (self.model.extra or 0), extra)
            assert preview.bilan.weekly.exceptional_lessons == total
        if extra == self.model.extra and not late and not empty:
            assert preview.bilan.preliminary.lessons.delta == 0
            assert not preview.plan.lessons
        return Prepared(preview, self.model.changes, extra, answers, bool(expected), trigger)

    @rule(one=previews, verb=st.sampled_from(["validate", "validate", "cancel", "fail"]), keep=st.booleans())
    def end(self, one: Prepared, verb: str, keep: bool) -> None:
        """Validate, cancel or fail an import, prepared on this state or on an older one."""
        self._end(one, verb, keep)

    def _end(self, one: Prepared, verb: str, keep: bool) -> None:
        call = getattr(one.preview, verb)
        options = {} if verb == "validate" else {"keep_decisions": keep}
        if one.changes != self.model.changes:
            REACHED["stale"] += 1
            with pytest.raises(StalePreview):
                call(self.state, at=self.now(), **options)
            return
        if one.blocked and verb != "cancel":
            REACHED["blocked"] += 1
            with pytest.raises(UsageError, match="cannot be validated"):
                call(self.state, at=self.now(), **options)
            return
        self.state = call(self.state, at=self.now(), **options)
        REACHED[verb] += 1
        if verb == "validate":
            self.model.extra = one.extra
            self.model.by_hand |= one.trigger is MANUAL
        if verb == "validate" or keep:
            self.model.answers.update(one.answers)
        outcome = {"validate": "applied", "fail": "failed", "cancel": "rejected" if one.blocked else "cancelled"}[verb]
        self.model.note(outcome, one.trigger)

    @rule(
        extra=FEW,
        trigger=st.sampled_from([MANUAL, MANUAL, AUTOMATIC]),
        answers=ANSWERS,
        verb=st.sampled_from(["validate", "validate", "cancel", "fail"]),
        keep=st.booleans(),
    )
    def whole(self, extra: int, trigger: Trigger, answers: dict[SourceKey, str | None], verb: str, keep: bool) -> None:
        """Prepare an import and end it at once."""
        self._end(self._prepare(extra, 0, trigger, answers, empty=False), verb, keep)

    @rule(trigger=st.sampled_from(Trigger))
    def refuse(self, trigger: Trigger) -> None:
        """Receive a file that cannot be read."""
        found = [problem("no_school_year")]
        self.state = lifecycle.refuse(self.state, found, at=self.now(), trigger=trigger)
        self.model.note("rejected", trigger)

    @rule(answers=ANSWERS)
    def identify(self, answers: dict[SourceKey, str | None]) -> None:
        """Answer about people outside of an import; what is already known changes nothing."""
        self.state = self.state.with_decisions(decided(answers))
        if {**self.model.answers, **answers} != self.model.answers:
            self.model.changes += 1
        self.model.answers.update(answers)

    @rule()
    def turn(self) -> None:
        """Turn the year: the plan removes what was written, the state begins again."""
        turned = rollover.prepare(self.state, HELD)
        assert turned.base == self.state.id
        assert len(turned.lessons) == (0 if self.model.extra is None else EVERY_WEEK + self.model.extra)
        REACHED["turned after imports"] += self.model.extra is not None
        self.state = turned.state
        self.model.year += 1
        self.model.changes += 1
        self.model.extra, self.model.by_hand = None, False

    @rule()
    def reload(self) -> None:
        """Store, and read back under the lock."""
        self.state = State.from_json(self.state.to_json())

    @invariant()
    def as_the_model_says(self) -> None:
        """Snapshot, totals, answers and history are what the model counted."""
        state, model = self.state, self.model
        assert state.school_year == model.year
        assert len(state.snapshot.lesson_keys) == (0 if model.extra is None else EVERY_WEEK + model.extra)
        assert state.totals.exceptional_lessons.total == (model.extra or 0)
        assert state.initialised == model.by_hand
        assert {one.source_key: one.account for one in state.decisions} == model.answers
        assert [(one.outcome.value, one.trigger.value, one.school_year) for one in state.history] == model.imports
        assert bool(lifecycle.obstacles(state, trigger=AUTOMATIC)) != model.by_hand
        this_year = [one for one in model.imports if one[2] == model.year]
        assert len(history.lines(state, school_year=SchoolYear(model.year))) == len(this_year)


def test_years_of_imports() -> None:
    """Whatever anybody does, in any order, the state is what the model counted; and all of it does happen."""
    REACHED.clear()
    run_state_machine_as_test(
        Years, settings=settings(max_examples=max(settings().max_examples // 2, 40), stateful_step_count=40)
    )
    assert min(REACHED[what] for what in ("validate", "cancel", "fail", "stale", "blocked", "turned after imports")) > 0
