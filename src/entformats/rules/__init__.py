"""Rules that an ENT applies around its imports: pure functions of their arguments."""

from __future__ import annotations

from entformats.rules.levels import Level
from entformats.rules.matching import (
    Ambiguous,
    Candidate,
    Conflict,
    ConflictReason,
    Dismissed,
    Matched,
    Matching,
    Outcome,
    Suggestion,
    Unmatched,
    UnmatchedReason,
    match,
)
from entformats.rules.policy import NameOnly, Policy

__all__ = [
    "Ambiguous",
    "Candidate",
    "Conflict",
    "ConflictReason",
    "Dismissed",
    "Level",
    "Matched",
    "Matching",
    "NameOnly",
    "Outcome",
    "Policy",
    "Suggestion",
    "Unmatched",
    "UnmatchedReason",
    "match",
]
