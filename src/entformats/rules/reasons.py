"""What forbids a match, and what tells namesakes apart: the words that tables of levels and outcomes share."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ConflictReason", "Hint"]


class ConflictReason(StrEnum):
    """Motif d'un conflit."""

    DATE_CONTRADICTION = "date_contradiction"
    """The identifier agrees and the birth dates differ."""
    IDENTITY_CHANGED = "identity_changed"
    """The stored identifier agrees; neither the family name nor the birth date does (pronote 13.2, level 1)."""
    DECISION_CONTRADICTS_IDENTIFIER = "decision_contradicts_identifier"
    """The identifier names one account, a remembered decision another."""
    DECISION_CONTRADICTS_EXACT_KEY = "decision_contradicts_exact_key"
    """The source code is that of one account, a remembered decision names another."""
    ACCOUNT_TAKEN = "account_taken"
    """Another source claims the account with evidence at least as strong."""
    DUPLICATE_SOURCE = "duplicate_source"
    """The same source code stands twice in the source."""


class Hint(StrEnum):
    """Départage: what tells namesakes of one level apart, in the order in which it is tried (pronote 13.2)."""

    INE = "ine"
    """Same national number."""
    CLASS = "class"
    """A class in common."""
    CHILD = "child"
    """A child in common: a pupil of the source who is matched with a child of the account."""
    POSTAL_CODE = "postal_code"
