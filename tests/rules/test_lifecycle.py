"""The steps of an import: the table, what it refuses, who may begin, what is remembered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from attrs import evolve

from entformats import rules
from entformats.errors import StalePreview, UnreadableInput, UsageError
from entformats.identity import Decision, Profile, SourceKey
from entformats.problems import problem
from entformats.rules import AUTOMATIC, MANUAL, AttemptOutcome, GroupMode, Preview, Roster, State, Trigger
from entformats.rules.lifecycle import TRANSITIONS, Event, Run, Step, begin, obstacles, refuse, unattended
from entformats.testing.strategies.imports import BASE, UAI, roster, timetable

AT = datetime(2022, 9, 1, tzinfo=UTC)
NEW = State.new(UAI, 2022)
FILE = timetable(BASE)
DECIDED = Decision(Profile.TEACHER, UAI, SourceKey("Odile", "VALMOND"), None)

SHEET = """
configured | file_given → received | left → cancelled
received | parsed → matching_teachers | refused → rejected
matching_teachers | continued → matching_pupils | cancelled → cancelled
matching_pupils | continued → previewed | cancelled → cancelled
previewed | validated → applying | cancelled → cancelled
applying | succeeded → applied | broken → failed
"""
ALLOWED = {
    (Step(step.strip()), Event(event.strip())): Step(after.strip())
    for step, *moves in (line.split("|") for line in SHEET.strip().splitlines())
    for event, after in (move.split("→") for move in moves)
}


def preview(state: State = NEW, trigger: Trigger = MANUAL, held: Roster | None = None) -> Preview:
    """Prepare an import of a small file."""
    return rules.prepare(
        FILE,
        held or roster([], []),
        state=state,
        mode=GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS,
        trigger=trigger,
        decisions=[DECIDED],
        at=AT,
    )


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("step", Step)
def test_every_step_and_every_event(step: Step, event: Event) -> None:
    """The table says what section 4.2 says, pair by pair; every other pair is refused and changes nothing."""
    run = Run(UAI, step=step)
    if (step, event) in ALLOWED:
        assert run.on(event) == evolve(run, step=ALLOWED[step, event])
        assert event in run.events
        return
    with pytest.raises(UsageError, match=f"^an import at step {step} has no event {event}$"):
        run.on(event)
    assert event not in run.events


def test_the_table_is_whole() -> None:
    """Every step has its line, is reached from the first one, and leads to an end; four steps are final."""
    assert set(TRANSITIONS) == set(Step)
    reached, waiting = set[Step](), [Step.CONFIGURED]
    while waiting:
        step = waiting.pop()
        assert step not in reached or not Run(UAI, step=step).open, "the table has a loop"
        reached.add(step)
        waiting.extend(TRANSITIONS[step].values())
    assert reached == set(Step)
    final = {step for step in Step if not Run(UAI, step=step).open}
    assert final == {Step.APPLIED, Step.CANCELLED, Step.REJECTED, Step.FAILED}
    assert {step.value for step in final} == {outcome.value for outcome in AttemptOutcome}


class TestBegin:
    """One import at a time, and the first of the year by hand."""

    @pytest.mark.parametrize("step", Step)
    def test_one_open_import_a_school(self, step: Step) -> None:
        """An import that is not at a final step forbids another one in its school, and in no other."""
        other = Run(UAI, step=step)
        assert begin(NEW, runs=[evolve(other, school="0749998R")]) == Run(UAI)
        if step in {Step.APPLIED, Step.CANCELLED, Step.REJECTED, Step.FAILED}:
            assert begin(NEW, runs=[other]) == Run(UAI)
            return
        (found,) = obstacles(NEW, runs=[other])
        assert (found.slug, dict(found.params)) == ("import_already_open", {"step": step.value})
        with pytest.raises(UsageError, match=found.code):
            begin(NEW, runs=[other])

    def test_automatic_after_manual(self) -> None:
        """Refused before the first manual import of the year was applied, free afterwards, refused again next year."""
        (found,) = obstacles(NEW, trigger=AUTOMATIC)
        assert (found.slug, dict(found.params)) == ("manual_import_first", {"year": 2022})
        with pytest.raises(UsageError, match=found.code):
            begin(NEW, trigger=AUTOMATIC)
        done = preview().validate(NEW, at=AT)
        assert begin(done, trigger=AUTOMATIC).trigger is AUTOMATIC
        assert obstacles(evolve(done, school_year=State.new(UAI, 2023).school_year), trigger=AUTOMATIC) == (
            problem("manual_import_first", year=2023),
        )


class TestUnattended:
    """An automatic import goes through the steps of a manual one."""

    def test_it_reaches_the_writing(self) -> None:
        """Every event is allowed where it comes, and the transaction alone remains."""
        done = preview().validate(NEW, at=AT)
        run = begin(done, trigger=AUTOMATIC).on(Event.FILE_GIVEN)
        for event in unattended(preview(done, AUTOMATIC)):
            run = run.on(event)
        assert run.step is Step.APPLYING

    def test_it_is_refused(self) -> None:
        """With blockers it ends where the file was received."""
        run = Run(UAI, AUTOMATIC).on(Event.FILE_GIVEN)
        for event in unattended(preview(NEW, AUTOMATIC)):
            run = run.on(event)
        assert run.step is Step.REJECTED


class TestFail:
    """All or nothing."""

    def test_nothing_but_the_attempt_and_the_decisions(self) -> None:
        """A transaction that did not go through leaves snapshot and totals; the attempt keeps its bilan."""
        begun = preview()
        failed = begun.fail(NEW, at=AT, by="secretary")
        assert evolve(failed, history=(), decisions=()) == NEW
        assert failed.decisions == begun.decisions
        (line,) = failed.history
        assert (line.outcome, line.by, line.bilan) == (
            AttemptOutcome.FAILED,
            "secretary",
            rules.bilan.render(begun.bilan),
        )
        assert not failed.initialised
        assert begun.fail(NEW, at=AT, keep_decisions=False).decisions == ()

    def test_refused(self) -> None:
        """Like a validation, on another state and with blockers."""
        begun = preview()
        with pytest.raises(StalePreview):
            begun.fail(begun.fail(NEW, at=AT), at=AT)
        with pytest.raises(UsageError, match="cannot be validated: STATE-504"):
            preview(held=Roster(UAI)).fail(NEW, at=AT)


class TestRefuse:
    """A file that never gave a bilan is a line of the history."""

    def test_unreadable(self) -> None:
        """The finding of the unreadable file is remembered, the rest of the state is as before."""
        error = UnreadableInput(problem("import_already_open", step="previewed"))
        told = refuse(NEW, [error.problem], at=AT, trigger=AUTOMATIC, by="deposit")
        (line,) = told.history
        assert (line.outcome, line.trigger, line.by, line.bilan) == (AttemptOutcome.REJECTED, AUTOMATIC, "deposit", "")
        assert line.blockers == (error.problem.code,)
        assert evolve(told, history=()) == NEW
        assert State.from_json(told.to_json()) == told

    def test_each_has_its_id(self) -> None:
        """Two refusals in a row are two lines with two ids."""
        once = refuse(NEW, [], at=AT)
        twice = refuse(once, [], at=AT)
        assert len({line.id for line in twice.history}) == 2

    def test_no_zone(self) -> None:
        """A wall time without its zone is the caller's mistake."""
        with pytest.raises(UsageError, match="zone"):
            refuse(NEW, [], at=datetime(2022, 9, 1))  # noqa: DTZ001 - a wall time
