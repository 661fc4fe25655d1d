"""What the ENT cannot know by itself between two imports: the state that a backend stores for one school (rules 4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from enum import StrEnum
from functools import cached_property

from attrs import evolve, field, frozen
from attrs.converters import optional

from entformats.codes.school_year import SchoolYear
from entformats.frozen import FrozenMap
from entformats.identity import Decision, Key
from entformats.rules import json_codec
from entformats.rules.bilan_counts import Weekly
from entformats.rules.matching.remembered import age, settle
from entformats.rules.migrations import VERSION, migrate
from entformats.rules.snapshot import Snapshot

__all__ = [
    "Attempt",
    "AttemptOutcome",
    "Correspondence",
    "State",
    "Trigger",
    "decisions_from_json",
    "decisions_to_json",
    "merged_decisions",
]


class Trigger(StrEnum):
    """Déclenchement: by a person, or by a deposit that runs by itself (rules 4.1)."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class AttemptOutcome(StrEnum):
    """Issue d'un import (rules 4.2)."""

    APPLIED = "applied"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    """Refused, or cancelled while something forbade its validation."""
    FAILED = "failed"
    """Validated, and the transaction did not go through: nothing was written."""


def _settled(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Keep the latest answer about a person, and refusals (rules 1.6)."""
    return _ordered(settle(sorted(decisions, key=age)))


def _ordered(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Put decisions under their cleaned source keys, in one order."""
    cleaned = (evolve(one, source_key=one.source_key.cleaned) for one in decisions)
    return tuple(sorted(cleaned, key=_place))


def _place(decision: Decision) -> tuple[str, ...]:
    who = decision.source_key
    what = str(decision.refused), decision.account or ""
    return decision.school, decision.profile, who.family, who.given, str(who.birth_date or ""), *what


def _fixed(at: datetime) -> datetime:
    """Give the instant at a fixed distance from UTC, as JSON writes it: clock changes leave it equal to itself."""
    return at.replace(tzinfo=timezone(offset)) if (offset := at.utcoffset()) is not None else at


@frozen(repr=False)
class Attempt:
    """Import tenté: one line of the screen « Bilans d'import », refused ones included (rules 4.1).

    >>> from datetime import UTC
    >>> at = datetime(2022, 9, 1, tzinfo=UTC)
    >>> Attempt("0f6c21aa", at, AttemptOutcome.CANCELLED, Trigger.MANUAL, SchoolYear(2022))
    <Attempt 0f6c21aa 2022-09-01T00:00:00+00:00 cancelled>
    """

    id: str
    at: datetime = field(converter=_fixed)
    outcome: AttemptOutcome
    trigger: Trigger
    school_year: SchoolYear
    bilan: str = ""
    """Text of its bilan."""
    blockers: tuple[str, ...] = ()
    """Codes of what forbade its validation."""
    by: str | None = None

    def __repr__(self) -> str:
        """Show what became of it."""
        return f"<Attempt {self.id[:8]} {self.at.isoformat()} {self.outcome}>"


@frozen
class Correspondence:
    """Correspondance décidée: the class or group of the ENT that one of the file is, for a school year (rules 2.4).

    >>> Correspondence(Key("class:6EME A"), by="secretary").home
    'class:6EME A'
    """

    home: Key
    by: str | None = None
    at: datetime | None = field(default=None, converter=optional(_fixed))


@frozen(repr=False)
class State:
    """État d'une école entre deux imports. It holds source keys, hence personal data: store it as such.

    `snapshot` is the last validated import of the year, `totals` its running totals, `decisions` the answers about
    people, which outlive the year; `correspondences` those about classes and groups, which do not. `id` is a digest of
    the content: the optimistic lock of a backend.

    >>> state = State.new("0749999S", SchoolYear(2022))
    >>> State.from_json(state.to_json()) == state, state
    (True, <State 0749999S 2022, 0 imports>)
    """

    school: str
    school_year: SchoolYear
    snapshot: Snapshot = field(factory=Snapshot)
    totals: Weekly = field(factory=Weekly)
    decisions: tuple[Decision, ...] = field(default=(), converter=_settled)
    correspondences: FrozenMap[Key, Correspondence] = field(factory=FrozenMap)
    history: tuple[Attempt, ...] = ()
    version: int = VERSION

    @classmethod
    def new(cls, school: str, year: SchoolYear | int) -> State:
        """Donner l'état vide d'une école: no import yet this year. `school` is the UAI, `year` that of the autumn."""
        return cls(school, SchoolYear(year))

    @cached_property
    def id(self) -> str:
        """Empreinte du contenu: changes when anything in the state does."""
        return json_codec.digest(self.to_json())

    def to_json(self) -> str:
        """Écrire en JSON, versioned: equal states give equal texts."""
        return json_codec.dump(self)

    @classmethod
    def from_json(cls, text: str) -> State:
        """Lire ce que `to_json` a écrit, in this version or in any before it.

        A state of an earlier version becomes one of today's: its `id` is another one, prepare imports on what was read.
        Raises `InvalidValue` for another text, or for a version that is not known.
        """
        return json_codec.load(text, cls, migrate=migrate)

    def with_decisions(self, decisions: Iterable[Decision]) -> State:
        """Retenir des décisions prises hors import (screen « Rapprochements »); the latest about a person wins.

        >>> from entformats.identity import Profile, SourceKey
        >>> dismissed = Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", "VALMOND"), account=None)
        >>> len(State.new("0749999S", 2022).with_decisions([dismissed]).decisions)
        1
        """
        return evolve(self, decisions=merged_decisions(self.decisions, decisions))

    @property
    def initialised(self) -> bool:
        """Initialisé: a manual import was applied this school year (rules 4.1)."""
        return any(
            attempt.outcome is AttemptOutcome.APPLIED
            and attempt.trigger is Trigger.MANUAL
            and attempt.school_year == self.school_year
            for attempt in self.history
        )

    def __repr__(self) -> str:
        """Show the school and the number of imports."""
        return f"<State {self.school} {self.school_year}, {len(self.history)} imports>"


def merged_decisions(known: Iterable[Decision], new: Iterable[Decision]) -> tuple[Decision, ...]:
    """Réunir des décisions: one a person, the latest wins; a new one without an instant is taken as given now.

    Sorted, so that the order of the decisions never matters.

    >>> from entformats.identity import Profile, SourceKey
    >>> first = Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", "VALMOND"), "27")
    >>> [decision.account for decision in merged_decisions([first], [evolve(first, account="28")])]
    ['28']
    """
    fresh = settle(sorted(new, key=age))
    dated = sorted([*known, *(one for one in fresh if one.at)], key=age)
    return _ordered(settle([*dated, *(one for one in fresh if not one.at)]))


def decisions_to_json(decisions: Iterable[Decision]) -> str:
    """Écrire des décisions: a JSON array of objects with the fields of `Decision`; what few say is left out elsewhere.

    >>> decisions_to_json([])
    '[]'
    """
    return json_codec.rows(decisions, unless={"refused": False, "known_as": None})


def decisions_from_json(text: str) -> tuple[Decision, ...]:
    """Lire des décisions; the last four fields may be absent. Raises `InvalidValue`.

    >>> row = '{"profile": "teacher", "school": "0749999S", "source_key": "Lyes$DELBECQ$1974-10-02", "account": "27"}'
    >>> decisions_from_json(f"[{row}]")[0].account
    '27'
    """
    return json_codec.load(text, tuple[Decision, ...])
