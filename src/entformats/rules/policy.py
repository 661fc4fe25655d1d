"""What an establishment or its ENT may choose: everything that the rules leave open, in one frozen object."""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import Attribute, field, frozen

from entformats.errors import UsageError
from entformats.rules.levels import TIMETABLE, LevelTable

__all__ = ["NameOnly", "Policy"]


class NameOnly(Enum):
    """Noms sans date: what equal names are worth when the source gives no birth date (rules 1.6)."""

    PROPOSE = "propose"
    """Only a suggestion: a person decides."""
    ACCEPT_UNIQUE = "accept_unique"
    """A match at level `name`, where the names are unique among the sources and among the accounts."""


def _not_negative(_policy: object, attribute: Attribute[int], value: int) -> None:
    if value < 0:
        raise UsageError(f"{attribute.name} is a number from 0")


@frozen(kw_only=True)
class Policy:
    """Politique: the choices of an import.

    Raises `UsageError` for a negative number of suggestions or of points.

    >>> Policy().name_only
    <NameOnly.PROPOSE: 'propose'>
    """

    name_only: NameOnly = NameOnly.PROPOSE
    max_suggestions: int = field(default=5, validator=_not_negative)
    """Suggestions kept for one unmatched person."""
    suggestion_threshold: int = field(default=6, validator=_not_negative)
    """Points from which an account is suggested, of eleven. Under six, every account of the school is looked at."""
    table: LevelTable = TIMETABLE
    """Levels of evidence that match."""
    drop_unknown_subjects: bool = False
    """Leave out the lessons whose subject is absent or undefined; by default they are kept, incomplete (rules 3.6)."""
    groups_for_parts: bool = False
    """Let the only group of a class part stand for it in the lessons that have parts alone, which otherwise are not
    imported (edt 3.9)."""
    since: date | None = None
    """Leave the lessons before this day alone, as some ENTs do; by default the past counts (rules 3.2bis, séance).

    Running totals are those of the whole year all the same (rules 3.3)."""
    warn_unmatched: float = 0.1
    """Share of unmatched people, if more than three, from which a warning is given (rules 1.6, Thresholds)."""
    refuse_unmatched: float = 0.3
    """Share of unmatched people above which an automatic import is refused (rules 1.6, Thresholds)."""
    accept_other_school: bool = False
    """Let a file of another establishment in: the worst mistake there is, refused by default (edt 7.1)."""
    zone: str = "Europe/Paris"
    """Time zone of the school, by its IANA name: what day an instant is (rules 5.2)."""
