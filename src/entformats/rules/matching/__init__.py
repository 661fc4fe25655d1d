"""Rapprochement: which account of the ENT each person of a timetable is (rules 1.6).

Five stages: A validate, B candidates, C tentative links, D injectivity, E no deduction. Pure, whatever the order of the
inputs.
"""

from __future__ import annotations

from entformats.rules.matching.engine import match
from entformats.rules.matching.outcomes import (
    Ambiguous,
    Candidate,
    Conflict,
    ConflictReason,
    Difference,
    Dismissed,
    Hint,
    Matched,
    Outcome,
    Suggestion,
    Unmatched,
    UnmatchedReason,
)
from entformats.rules.matching.result import MatchCounts, Matching

__all__ = [
    "Ambiguous",
    "Candidate",
    "Conflict",
    "ConflictReason",
    "Difference",
    "Dismissed",
    "Hint",
    "MatchCounts",
    "Matched",
    "Matching",
    "Outcome",
    "Suggestion",
    "Unmatched",
    "UnmatchedReason",
    "match",
]
