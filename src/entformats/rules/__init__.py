"""Rules that an ENT applies around its imports: pure functions of their arguments."""

from __future__ import annotations

from entformats.identity import Decision
from entformats.rules import (
    access,
    accounts,
    bilan,
    connectors,
    correspondences,
    decisions,
    departures,
    history,
    identifiers,
    lifecycle,
    rollover,
    support,
)
from entformats.rules.bilan import Bilan, Counts
from entformats.rules.imports import Preview, prepare
from entformats.rules.levels import TIMETABLE, Level, LevelTable
from entformats.rules.matching import (
    Ambiguous,
    Candidate,
    Conflict,
    ConflictReason,
    Dismissed,
    Hint,
    Matched,
    Matching,
    Outcome,
    Suggestion,
    Unmatched,
    UnmatchedReason,
    match,
)
from entformats.rules.membership import Grouping, GroupManagement, rebuild
from entformats.rules.plan import Plan, ProposedRemovals
from entformats.rules.policy import NameOnly, Policy
from entformats.rules.pronote_levels import PRONOTE
from entformats.rules.rosters import (
    MembershipKey,
    Provenance,
    Roster,
    RosterClass,
    RosterGroup,
    RosterMembership,
    roster,
    roster_after,
)
from entformats.rules.selection import Dropped, DropReason, Selection, select
from entformats.rules.snapshot import Audience, PlannedLesson, Reach, Snapshot, SubjectContent
from entformats.rules.state import (
    Attempt,
    AttemptOutcome,
    Correspondence,
    State,
    Trigger,
    decisions_from_json,
    decisions_to_json,
)
from entformats.rules.wizard import (
    Answers,
    GroupMode,
    GroupSource,
    MemberSource,
    Question,
    Refusal,
    Software,
    group_mode,
)

MANUAL = Trigger.MANUAL
AUTOMATIC = Trigger.AUTOMATIC

__all__ = [
    "AUTOMATIC",
    "MANUAL",
    "PRONOTE",
    "TIMETABLE",
    "Ambiguous",
    "Answers",
    "Attempt",
    "AttemptOutcome",
    "Audience",
    "Bilan",
    "Candidate",
    "Conflict",
    "ConflictReason",
    "Correspondence",
    "Counts",
    "Decision",
    "Dismissed",
    "DropReason",
    "Dropped",
    "GroupManagement",
    "GroupMode",
    "GroupSource",
    "Grouping",
    "Hint",
    "Level",
    "LevelTable",
    "Matched",
    "Matching",
    "MemberSource",
    "MembershipKey",
    "NameOnly",
    "Outcome",
    "Plan",
    "PlannedLesson",
    "Policy",
    "Preview",
    "ProposedRemovals",
    "Provenance",
    "Question",
    "Reach",
    "Refusal",
    "Roster",
    "RosterClass",
    "RosterGroup",
    "RosterMembership",
    "Selection",
    "Snapshot",
    "Software",
    "State",
    "SubjectContent",
    "Suggestion",
    "Trigger",
    "Unmatched",
    "UnmatchedReason",
    "access",
    "accounts",
    "bilan",
    "connectors",
    "correspondences",
    "decisions",
    "decisions_from_json",
    "decisions_to_json",
    "departures",
    "group_mode",
    "history",
    "identifiers",
    "lifecycle",
    "match",
    "prepare",
    "rebuild",
    "rollover",
    "roster",
    "roster_after",
    "select",
    "support",
]
