"""An import from end to end: prepare, show, then validate or cancel (rules 4).

Nothing is applied here: a `Preview` says what to write, and gives the state to store with it in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from attrs import evolve, fields_dict, frozen

from entformats.errors import StalePreview, UsageError
from entformats.identity import Decision, Identity, Profile
from entformats.problems import Problem, problem
from entformats.rules import bilan as bilans
from entformats.rules import json_codec
from entformats.rules.bilan import Bilan
from entformats.rules.keeping import keep
from entformats.rules.matching import Matching, match
from entformats.rules.membership import Grouping, rebuild
from entformats.rules.plan import Plan, make_plan
from entformats.rules.policy import Policy
from entformats.rules.record import record
from entformats.rules.rosters import Roster
from entformats.rules.selection import Selection, select
from entformats.rules.snapshot import Snapshot, sort_lessons
from entformats.rules.state import Attempt, AttemptOutcome, State, Trigger, merged_decisions
from entformats.rules.wizard import GroupMode
from entformats.timetable import Domain, Timetable, groups_for_parts

__all__ = ["Preview", "prepare"]

FEW = 3
"""Unmatched people up to whom nobody is warned (rules 1.6, Thresholds)."""


@frozen(repr=False)
class Preview:
    """Aperçu d'un import: what it would do, before anyone validates it.

    `id` is the same whenever the same inputs are prepared again; `base` is the `id` of the state it was prepared on.
    `zone` is the school's. `plan` is what to write. `blockers` are the findings that forbid to validate, `warnings`
    those that deserve a look.

    >>> from datetime import UTC
    >>> state = State.new("0749999S", 2022)
    >>> mode = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    >>> at = datetime(2022, 9, 1, tzinfo=UTC)
    >>> preview = prepare(Timetable("0749999S"), Roster("0749999S"), state=state, mode=mode, at=at)
    >>> preview.base == state.id, preview.plan
    (True, <Plan 0 subjects, 0 groups, 0 memberships, 0 lessons>)
    """

    id: str
    base: str
    at: datetime
    zone: ZoneInfo
    trigger: Trigger
    matching: Matching
    grouping: Grouping
    selection: Selection
    snapshot: Snapshot
    bilan: Bilan
    plan: Plan
    decisions: tuple[Decision, ...]
    blockers: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def validate(self, state: State, *, at: datetime, by: str | None = None) -> State:
        """Valider: the state to store in the transaction that writes the plan (rules 4.2).

        Raises `StalePreview` unless `state` is the one this preview was prepared on, `UsageError` while there are
        blockers. A naive `at` is a wall time of the school.
        """
        self._check(state)
        self._check_blockers()
        done = evolve(state, snapshot=self.snapshot, totals=self.bilan.weekly, decisions=self.decisions)
        return self._remembered(done, AttemptOutcome.APPLIED, at, by)

    def cancel(self, state: State, *, at: datetime, keep_decisions: bool = True, by: str | None = None) -> State:
        """Annuler: remember the attempt, and the decisions about people unless told otherwise (rules 4.2, B13).

        An import that could not be validated is remembered as rejected. Raises `StalePreview` like `validate`.
        """
        self._check(state)
        outcome = AttemptOutcome.REJECTED if self.blockers else AttemptOutcome.CANCELLED
        return self._given_up(state, outcome, at, by, keep_decisions=keep_decisions)

    def fail(self, state: State, *, at: datetime, keep_decisions: bool = True, by: str | None = None) -> State:
        """Échouer: the transaction of a validation did not go through, hence nothing of it was written (rules 4.2).

        The attempt is remembered as failed, in a transaction of its own; the decisions as in `cancel`. Raises
        `StalePreview` like `validate`, `UsageError` where there are blockers: that import was never validated.
        """
        self._check(state)
        self._check_blockers()
        return self._given_up(state, AttemptOutcome.FAILED, at, by, keep_decisions=keep_decisions)

    def _given_up(
        self, state: State, outcome: AttemptOutcome, at: datetime, by: str | None, *, keep_decisions: bool
    ) -> State:
        kept = evolve(state, decisions=self.decisions) if keep_decisions else state
        return self._remembered(kept, outcome, at, by)

    def _check_blockers(self) -> None:
        if self.blockers:
            codes = ", ".join(blocker.code for blocker in self.blockers)
            raise UsageError(f"this import cannot be validated: {codes}")

    def _check(self, state: State) -> None:
        if state.id != self.base:
            raise StalePreview("another import was validated or cancelled since this preview: prepare again")

    def _remembered(self, state: State, outcome: AttemptOutcome, at: datetime, by: str | None) -> State:
        attempt = Attempt(
            id=self.id,
            at=_aware(at, self.zone),
            outcome=outcome,
            trigger=self.trigger,
            school_year=state.school_year,
            bilan=bilans.render(self.bilan),
            blockers=tuple(blocker.code for blocker in self.blockers),
            by=by,
        )
        return evolve(state, history=(*state.history, attempt))

    def __repr__(self) -> str:
        """Show what it is, without anyone's name."""
        return f"<Preview {self.id[:8]} of {self.bilan.school}, {len(self.blockers)} blockers>"


def prepare(
    timetable: Timetable,
    roster: Roster,
    *,
    state: State,
    mode: GroupMode,
    decisions: Iterable[Decision] = (),
    policy: Policy = Policy(),  # noqa: B008 - frozen
    trigger: Trigger = Trigger.MANUAL,
    at: datetime,
) -> Preview:
    """Préparer un import d'emploi du temps: match, rebuild, compare, plan; nothing is changed (rules 4.2).

    `decisions` are those of this import, added to those of `state`. `at` is its instant; a naive one is a wall time of
    the school. Preparing again from the same inputs gives the same `Preview.id`. Raises `UsageError` where the roster
    and the state are of two schools, or the zone of the policy is unknown.

    >>> from datetime import UTC
    >>> state = State.new("0749999S", 2022)
    >>> mode = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    >>> at = datetime(2022, 9, 1, tzinfo=UTC)
    >>> preview = prepare(Timetable("0749999S"), Roster("0749999S"), state=state, mode=mode, at=at)
    >>> [blocker.slug for blocker in preview.blockers]
    ['directory_first', 'no_school_year']
    """
    if roster.school != state.school:
        raise UsageError("the roster and the state are of two schools")
    if policy.groups_for_parts:
        timetable = groups_for_parts(timetable)
    zone = _zone(policy.zone)
    instant = _aware(at, zone)
    answers = merged_decisions(state.decisions, decisions)
    matching = match(_sources(timetable), roster.people, decisions=answers, policy=policy)
    grouping = rebuild(
        timetable,
        roster,
        matching,
        mode=mode,
        previous=state.snapshot,
        on=instant.astimezone(zone).date(),
        correspondences={who: decided.home for who, decided in state.correspondences.items()},
    )
    selection = select(timetable, matching, known=frozenset(grouping.homes), mode=mode, policy=policy)
    current = keep(record(timetable, roster, grouping, selection), state.snapshot, timetable.silent_on)
    bilan = bilans.compare(state.snapshot, current, management=grouping.management, since=policy.since)
    plan = make_plan(state.snapshot, current, bilan, grouping, roster, since=policy.since)
    return Preview(
        id=json_codec.digest(
            *(state.id, mode, trigger, instant.astimezone(UTC).isoformat()),
            *map(json_codec.dump, (current, answers, *_said(timetable), *_held(roster), *_chosen(policy))),
        ),
        base=state.id,
        at=instant,
        zone=zone,
        trigger=trigger,
        matching=matching,
        grouping=grouping,
        selection=selection,
        snapshot=current,
        bilan=bilan,
        plan=plan,
        decisions=answers,
        blockers=tuple(_blockers(timetable, roster, state, matching, policy, trigger)),
        warnings=tuple(_warnings(timetable, matching, policy)),
    )


def _sources(timetable: Timetable) -> Iterator[Identity]:
    """Give the people that an import matches: teachers, staff, pupils; guardians are AAF's affair (rules 1.1)."""
    for profile in (Profile.TEACHER, Profile.STAFF, Profile.PUPIL):
        yield from timetable.identities(profile)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UsageError(f"no time zone has the IANA name {name!r}") from None


def _aware(at: datetime, zone: ZoneInfo) -> datetime:
    """Give the instant of a wall time of the school; an instant with a zone is itself."""
    return at.replace(tzinfo=zone) if at.tzinfo is None else at


def _said(timetable: Timetable) -> tuple[object, ...]:
    """Give what a file says, beyond what is imported, whatever its order and its numbers."""
    people = frozenset(evolve(person, ref="") for person in _sources(timetable))
    silent = sorted(timetable.silent_on)
    return timetable.uai, timetable.school_year, people, sort_lessons(timetable.keyed_lessons), silent


def _held(roster: Roster) -> tuple[object, ...]:
    """Give what the ENT holds, whatever its order."""
    return tuple(map(frozenset, (roster.people, roster.classes, roster.groups, roster.memberships)))


def _chosen(policy: Policy) -> tuple[object, ...]:
    """Give the choices of a policy; of its table, the levels."""
    levels = tuple(rung.level for rung in (*policy.table.rungs, *policy.table.names_only))
    return levels, *(getattr(policy, name) for name in fields_dict(Policy) if name != "table")


def _blockers(
    timetable: Timetable, roster: Roster, state: State, matching: Matching, policy: Policy, trigger: Trigger
) -> Iterator[Problem]:
    if timetable.uai != state.school and not policy.accept_other_school:
        yield problem("wrong_school", expected=state.school, found=timetable.uai)
    if not roster.people:
        yield problem("directory_first")
    if timetable.school_year is None or timetable.first_monday is None:
        yield problem("no_school_year")
    elif timetable.school_year != state.school_year:
        yield problem("wrong_school_year", expected=state.school_year, found=timetable.school_year)
    if (
        Domain.NAMES in timetable.silent_on
        and timetable.teachers
        and not matching.only(profile=Profile.TEACHER).matched
    ):
        yield problem("nobody_named")
    if trigger is Trigger.AUTOMATIC:
        yield from _automatic_blockers(state, matching, policy)


def _automatic_blockers(state: State, matching: Matching, policy: Policy) -> Iterator[Problem]:
    if not state.initialised:
        yield problem("manual_import_first", year=state.school_year)
    counts = matching.counts
    if matching.unmatched_ratio > policy.refuse_unmatched or (counts.total and not counts.matched):
        yield problem("too_many_unmatched", unmatched=counts.unrecognised, total=counts.total)


def _warnings(timetable: Timetable, matching: Matching, policy: Policy) -> Iterator[Problem]:
    if timetable.silent_on:
        yield problem("partial_timetable")
    for profile in (Profile.TEACHER, Profile.PUPIL):
        part = matching.only(profile=profile)
        if part.counts.unrecognised > FEW and part.unmatched_ratio > policy.warn_unmatched:
            yield problem(
                "many_unmatched", profile=profile.value, unmatched=part.counts.unrecognised, total=part.counts.total
            )
