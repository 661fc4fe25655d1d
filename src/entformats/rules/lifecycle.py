"""Cycle de vie d'un import: the steps of the screen, what leads from one to the next, and who may begin (rules 4.2).

A backend keeps one `Run` for each import that a school has begun, and gives it every event; what a preview holds, and
what is stored at the end, are in `entformats.rules.prepare`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final

from attrs import evolve, frozen

from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.problems import Problem, problem
from entformats.rules import json_codec
from entformats.rules.imports import Preview
from entformats.rules.state import Attempt, AttemptOutcome, State, Trigger

__all__ = ["TRANSITIONS", "Event", "Run", "Step", "begin", "obstacles", "refuse", "unattended"]


class Step(StrEnum):
    """Étape d'un import."""

    CONFIGURED = "configured"
    """The questions of the wizard are answered."""
    RECEIVED = "received"
    """A file was given."""
    MATCHING_TEACHERS = "matching_teachers"
    MATCHING_PUPILS = "matching_pupils"
    PREVIEWED = "previewed"
    """The preliminary bilan is shown."""
    APPLYING = "applying"
    """The plan and the state are being written, in one transaction."""
    APPLIED = "applied"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    FAILED = "failed"
    """Nothing was written: all or nothing."""


class Event(StrEnum):
    """Événement: what a person, the file or the transaction does to an import."""

    FILE_GIVEN = "file_given"
    LEFT = "left"
    """Somebody leaves the wizard before giving a file."""
    PARSED = "parsed"
    REFUSED = "refused"
    """The file cannot be read, or a blocker of its preview forbids it: another school, another year..."""
    CONTINUED = "continued"
    CANCELLED = "cancelled"
    VALIDATED = "validated"
    SUCCEEDED = "succeeded"
    BROKEN = "broken"
    """The transaction did not go through."""


TRANSITIONS: Final[FrozenMap[Step, FrozenMap[Event, Step]]] = FrozenMap(
    {
        Step.CONFIGURED: FrozenMap({Event.FILE_GIVEN: Step.RECEIVED, Event.LEFT: Step.CANCELLED}),
        Step.RECEIVED: FrozenMap({Event.PARSED: Step.MATCHING_TEACHERS, Event.REFUSED: Step.REJECTED}),
        Step.MATCHING_TEACHERS: FrozenMap({Event.CONTINUED: Step.MATCHING_PUPILS, Event.CANCELLED: Step.CANCELLED}),
        Step.MATCHING_PUPILS: FrozenMap({Event.CONTINUED: Step.PREVIEWED, Event.CANCELLED: Step.CANCELLED}),
        Step.PREVIEWED: FrozenMap({Event.VALIDATED: Step.APPLYING, Event.CANCELLED: Step.CANCELLED}),
        Step.APPLYING: FrozenMap({Event.SUCCEEDED: Step.APPLIED, Event.BROKEN: Step.FAILED}),
        Step.APPLIED: FrozenMap(),
        Step.CANCELLED: FrozenMap(),
        Step.REJECTED: FrozenMap(),
        Step.FAILED: FrozenMap(),
    }
)
"""Step -> event -> next step. A step from which nothing leads is final (rules 4.2)."""


@frozen
class Run:
    """Import en cours: where the import of a school is.

    >>> run = Run("0749999S").on(Event.FILE_GIVEN).on(Event.PARSED)
    >>> run.step, run.open, run.on(Event.CANCELLED).open
    (<Step.MATCHING_TEACHERS: 'matching_teachers'>, True, False)
    """

    school: str
    trigger: Trigger = Trigger.MANUAL
    step: Step = Step.CONFIGURED

    @property
    def open(self) -> bool:
        """Ouvert: not at a final step."""
        return bool(TRANSITIONS[self.step])

    @property
    def events(self) -> tuple[Event, ...]:
        """Événements possibles: what may happen now, hence the buttons of the screen."""
        return tuple(TRANSITIONS[self.step])

    def on(self, event: Event) -> Run:
        """Passer à l'étape suivante; raises `UsageError` for an event that the table does not have here.

        >>> Run("0749999S").on(Event.VALIDATED)
        Traceback (most recent call last):
        ...
        entformats.errors.UsageError: an import at step configured has no event validated
        """
        if event not in TRANSITIONS[self.step]:
            raise UsageError(f"an import at step {self.step} has no event {event}")
        return evolve(self, step=TRANSITIONS[self.step][event])


def obstacles(state: State, *, trigger: Trigger = Trigger.MANUAL, runs: Iterable[Run] = ()) -> tuple[Problem, ...]:
    """Dire ce qui empêche de commencer un import: empty where it may begin (rules 4.1, 4.2).

    `runs` are the imports that the backend knows, of any school, finished ones included. One that is open in this
    school gives `import_already_open`, an automatic import before the first manual one of the year
    `manual_import_first`.

    >>> [found.slug for found in obstacles(State.new("0749999S", 2022), trigger=Trigger.AUTOMATIC)]
    ['manual_import_first']
    """
    return tuple(_obstacles(state, trigger, runs))


def _obstacles(state: State, trigger: Trigger, runs: Iterable[Run]) -> Iterator[Problem]:
    steps = sorted(run.step for run in runs if run.school == state.school and run.open)
    if steps:
        yield problem("import_already_open", step=steps[0].value)
    if trigger is Trigger.AUTOMATIC and not state.initialised:
        yield problem("manual_import_first", year=state.school_year)


def begin(state: State, *, trigger: Trigger = Trigger.MANUAL, runs: Iterable[Run] = ()) -> Run:
    """Commencer un import, once its questions are answered; raises `UsageError` where there are `obstacles`.

    >>> begin(State.new("0749999S", 2022)).events
    (<Event.FILE_GIVEN: 'file_given'>, <Event.LEFT: 'left'>)
    """
    if found := obstacles(state, trigger=trigger, runs=runs):
        raise UsageError("this import cannot begin: " + ", ".join(one.code for one in found))
    return Run(state.school, trigger)


def unattended(preview: Preview) -> tuple[Event, ...]:
    """Dérouler un import automatique: the events of a file that was given, up to the writing (rules 4.2).

    It goes through the same steps as a manual one, without a person: refused where its preview has blockers.

    >>> from datetime import UTC
    >>> from entformats.rules import GroupMode, Roster, prepare
    >>> from entformats.timetable import Timetable
    >>> school, mode = "0749999S", GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    >>> state, at = State.new(school, 2022), datetime(2022, 9, 1, tzinfo=UTC)
    >>> unattended(prepare(Timetable(school), Roster(school), state=state, mode=mode, at=at))
    (<Event.REFUSED: 'refused'>,)
    """
    if preview.blockers:
        return (Event.REFUSED,)
    return Event.PARSED, Event.CONTINUED, Event.CONTINUED, Event.VALIDATED


def refuse(
    state: State,
    found: Iterable[Problem],
    *,
    at: datetime,
    trigger: Trigger = Trigger.MANUAL,
    by: str | None = None,
) -> State:
    """Retenir un import refusé avant tout bilan: a file that cannot be read is a line of the history too (rules 4.1).

    `found` are the reasons: the `problem` of an `UnreadableInput`, the `obstacles` of an import that did not begin. A
    preview with blockers is refused by `Preview.cancel`. Raises `UsageError` for an `at` without its zone.

    >>> from datetime import UTC
    >>> known = State.new("0749999S", 2022)
    >>> told = refuse(known, obstacles(known, trigger=Trigger.AUTOMATIC), at=datetime(2022, 9, 1, tzinfo=UTC))
    >>> told.history[0].outcome, told.history[0].blockers
    (<AttemptOutcome.REJECTED: 'rejected'>, ('STATE-505',))
    """
    if at.tzinfo is None:
        raise UsageError("an instant with its zone is needed: nothing tells that of the school")
    codes = tuple(one.code for one in found)
    attempt = Attempt(
        id=json_codec.digest(state.id, trigger, at.isoformat(), *codes),
        at=at,
        outcome=AttemptOutcome.REJECTED,
        trigger=trigger,
        school_year=state.school_year,
        blockers=codes,
        by=by,
    )
    return evolve(state, history=(*state.history, attempt))
