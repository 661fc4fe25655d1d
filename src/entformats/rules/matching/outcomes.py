"""What may become of one source person: a closed sum of five outcomes (rules 1.6, Outcomes)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from attrs import evolve, field, frozen

from entformats.identity import Account, Decision, IdentifierKind, Identity, SourceKey
from entformats.rules.levels import Level
from entformats.rules.reasons import ConflictReason, Hint

__all__ = [
    "Ambiguous",
    "Candidate",
    "Conflict",
    "ConflictReason",
    "Difference",
    "Dismissed",
    "Hint",
    "Matched",
    "Outcome",
    "Suggestion",
    "Unmatched",
    "UnmatchedReason",
]


class Difference(StrEnum):
    """Différence: what is not equal between two people that match all the same."""

    CASE = "case"
    """Majuscules."""
    ACCENTS = "accents"
    """Accents, ligatures and letters such as `ø`."""
    SEPARATORS = "separators"
    """Spaces, hyphens, apostrophes and other signs."""
    BIRTH_FAMILY = "birth_family"
    """Nom patronymique in place of the usual name."""
    GIVEN_NAMES = "given_names"
    """Several given names, or the first of them, in place of the usual one."""
    CUT_GIVEN = "cut_given"
    """Given name cut at ten characters."""
    NO_BIRTH_DATE = "no_birth_date"
    """The source gives no birth date."""
    ACCOUNT_UNDATED = "account_undated"
    """The account has no birth date."""


class UnmatchedReason(StrEnum):
    """Motif d'une absence de rapprochement."""

    MALFORMED = "malformed"
    """A name is empty or holds `$`."""
    NO_BIRTH_DATE = "no_birth_date"
    """The source gives no valid birth date, and neither an identifier nor a decision helps."""
    NO_CANDIDATE = "no_candidate"
    """No account of this school and population agrees."""
    DATE_MISMATCH = "date_mismatch"
    """An account has the same names and another birth date, and the table matches undated people (pronote 13.2)."""


@frozen
class Candidate:
    """Candidat: one of several accounts that agree equally well.

    >>> Candidate("a1", taken_by="teacher:2").account
    'a1'
    """

    account: Account
    taken_by: str | None = None
    """Ref of the source that is matched with this account, if any."""


@frozen
class Suggestion:
    """Suggestion: an account that looks like an unmatched person; never a match by itself (rules 1.6, Suggestions).

    `score` is `family` (0 to 4) + `given` (0 to 3) + `date` (0 to 4). Names exactly swapped count 3 + 3.

    >>> from entformats.identity import Profile
    >>> odile = Identity("teacher:2", Profile.TEACHER, "0749999S", "Odile", "VALMOND")
    >>> suggestion = Suggestion("a1", family=4, given=3, date=0, source=odile)
    >>> suggestion.score, suggestion.decide(at=datetime(2025, 9, 1)).account
    (7, 'a1')
    """

    account: Account
    family: int
    given: int
    date: int
    source: Identity = field(repr=False)
    """The person to identify."""
    taken_by: str | None = None
    """Ref of the source that is matched with this account, if any."""
    known_as: SourceKey | None = field(default=None, repr=False, eq=False)
    """Names and birth date of the account."""

    @property
    def score(self) -> int:
        """Score: points in all, of eleven."""
        return self.family + self.given + self.date

    def decide(self, *, by: str | None = None, at: datetime) -> Decision:
        """Accept the suggestion: the decision to hand to the next `rules.match`."""
        return decide(self.source, self.account, self.known_as, by=by, at=at)

    def refuse(self, *, by: str | None = None, at: datetime) -> Decision:
        """Refuse the suggestion: the account and the person are two people; it is not suggested again."""
        return evolve(self.decide(by=by, at=at), refused=True)


@frozen
class Matched:
    """Reconnu: the source is this account; its lessons are imported.

    >>> Matched("a1", Level.NORMALISED, differs=frozenset({Difference.CASE})).strong
    False
    """

    account: Account
    level: Level
    identifier: IdentifierKind | None = None
    """Type of the shared identifier, at level `identifier`."""
    differs: frozenset[Difference] = frozenset()
    """What differs, at levels `normalised`, `variant`, `class` and `name`."""
    narrowed_by: Hint | None = None
    """What told the account from its namesakes, or the source from its own."""
    decided_at: datetime | None = None
    decided_by: str | None = field(default=None, repr=False)
    stale_decision: bool = False
    """A remembered decision named an account that is gone."""

    @property
    def strong(self) -> bool:
        """Certain: by identifier, exact source code or human decision."""
        return self.level in {Level.IDENTIFIER, Level.EXACT, Level.REMEMBERED}


@frozen
class Ambiguous:
    """Ambigu: several accounts agree equally well; a person must choose.

    >>> [candidate.account for candidate in Ambiguous((Candidate("a1"), Candidate("a2"))).candidates]
    ['a1', 'a2']
    """

    candidates: tuple[Candidate, ...]
    """Sorted by account."""
    stale_decision: bool = False


@frozen
class Unmatched:
    """Non reconnu: no account agrees.

    >>> Unmatched(UnmatchedReason.NO_BIRTH_DATE).suggestions
    ()
    """

    reason: UnmatchedReason
    suggestions: tuple[Suggestion, ...] = ()
    """Best first."""
    stale_decision: bool = False


@frozen
class Conflict:
    """Conflit: evidence contradicts itself, or several sources claim one account.

    >>> Conflict(ConflictReason.DUPLICATE_SOURCE, ("teacher:2", "teacher:7"), ()).sources
    ('teacher:2', 'teacher:7')
    """

    reason: ConflictReason
    sources: tuple[str, ...]
    """Refs of the sources involved, sorted."""
    accounts: tuple[Account, ...]
    """Accounts involved, sorted."""


@frozen
class Dismissed:
    """Écarté: a person said that this one is not in the ENT; no longer asked, and no problem.

    >>> Dismissed(datetime(2025, 9, 1), by="secretary")
    Dismissed(at=datetime.datetime(2025, 9, 1, 0, 0))
    """

    at: datetime | None = None
    by: str | None = field(default=None, repr=False)


Outcome: TypeAlias = Matched | Ambiguous | Unmatched | Conflict | Dismissed


def decide(
    source: Identity, account: Account | None, known_as: SourceKey | None, *, by: str | None, at: datetime
) -> Decision:
    """Décider: remember under the cleaned source key that `source` is `account`; None dismisses the person."""
    return Decision(source.profile, source.school, source.source_key.cleaned, account, by, at, known_as=known_as)
