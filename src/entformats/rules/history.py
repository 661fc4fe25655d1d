"""Bilans d'import: the history of a school, cancelled and refused imports included (rules 4.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen

from entformats.codes.school_year import SchoolYear
from entformats.problems import CATALOGUE
from entformats.rules.state import AttemptOutcome, State, Trigger

__all__ = ["HistoryLine", "lines", "render"]

_OUTCOMES: Final = {
    AttemptOutcome.APPLIED: "validé",
    AttemptOutcome.CANCELLED: "annulé",
    AttemptOutcome.REJECTED: "refusé",
    AttemptOutcome.FAILED: "échoué, rien n'a été écrit",
}
_TRIGGERS: Final = {Trigger.MANUAL: "manuel", Trigger.AUTOMATIC: "automatique"}
PARIS: Final = ZoneInfo("Europe/Paris")


@frozen
class HistoryLine:
    """Ligne des « Bilans d'import »: what the screen shows of one attempt, in French.

    >>> HistoryLine("0f6c21aa", datetime(2022, 9, 1, 10), AttemptOutcome.CANCELLED, Trigger.MANUAL).text
    '01/09/2022 10:00, import manuel : annulé'
    """

    id: str
    at: datetime
    """Instant, in the zone of the school."""
    outcome: AttemptOutcome
    trigger: Trigger
    by: str | None = field(default=None, repr=False)
    reasons: tuple[str, ...] = ()
    """Why it was refused: titles of the findings."""
    bilan: str = field(default="", repr=False)
    """Text of its bilan; empty where the file could not be read."""

    @property
    def text(self) -> str:
        """Ligne à afficher."""
        who = f" par {self.by}" if self.by else ""
        told = f"{self.at:%d/%m/%Y %H:%M}, import {_TRIGGERS[self.trigger]}{who} : {_OUTCOMES[self.outcome]}"
        return told + (f" ({' ; '.join(self.reasons)})" if self.reasons else "")


def lines(
    state: State,
    *,
    school_year: SchoolYear | None = None,
    outcomes: Iterable[AttemptOutcome] = tuple(AttemptOutcome),
    zone: tzinfo = PARIS,
) -> tuple[HistoryLine, ...]:
    """Lister les imports d'une école, the latest first: of one school year, of some outcomes, or all of them.

    >>> lines(State.new("0749999S", 2022))
    ()
    """
    wanted = frozenset(outcomes)
    return tuple(
        HistoryLine(
            one.id,
            one.at.astimezone(zone),
            one.outcome,
            one.trigger,
            one.by,
            tuple(CATALOGUE[code].fr.title if code in CATALOGUE else code for code in one.blockers),
            one.bilan,
        )
        for one in reversed(state.history)
        if one.outcome in wanted and school_year in {None, one.school_year}
    )


def render(shown: Iterable[HistoryLine], *, bilans: bool = False) -> str:
    r"""Écrire l'historique, one line an import; each followed by its bilan where `bilans` is asked for.

    >>> render(lines(State.new("0749999S", 2022)))
    "Aucun import pour l'instant.\n"
    """
    texts = [f"{one.text}\n{one.bilan if bilans else ''}" for one in shown]
    return "".join(texts) or "Aucun import pour l'instant.\n"
