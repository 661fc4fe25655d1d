"""The screen of the imports of a school."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from entformats.codes.school_year import SchoolYear
from entformats.rules import AUTOMATIC, MANUAL, Attempt, AttemptOutcome, State
from entformats.rules.history import lines, render

AT = datetime(2022, 8, 31, 22, 30, tzinfo=UTC)
OUTCOMES = (AttemptOutcome.REJECTED, AttemptOutcome.CANCELLED, AttemptOutcome.FAILED, AttemptOutcome.APPLIED)
STATE = evolve(
    State.new("0749999S", 2022),
    history=tuple(
        Attempt(
            f"{day}",
            AT + timedelta(days=day),
            outcome,
            AUTOMATIC if day == 0 else MANUAL,
            SchoolYear(2021 if day == 1 else 2022),
            "" if day == 0 else f"Bilan {day}\n",
            ("STATE-505", "OLD-001") if day == 0 else (),
            "M. VALMOND" if day == 3 else None,
        )
        for day, outcome in enumerate(OUTCOMES)
    ),
)


def test_every_import_is_a_line() -> None:
    """The latest first, in the zone of the school, refused, cancelled and failed ones included, with the reasons."""
    assert render(lines(STATE)) == (
        "04/09/2022 00:30, import manuel par M. VALMOND : validé\n"
        "03/09/2022 00:30, import manuel : échoué, rien n'a été écrit\n"
        "02/09/2022 00:30, import manuel : annulé\n"
        "01/09/2022 00:30, import automatique : refusé (Premier import de l'année à faire à la main ; OLD-001)\n"
    )
    assert render(lines(STATE, zone=ZoneInfo("Indian/Reunion"))).startswith("04/09/2022 02:30")


def test_with_their_bilans() -> None:
    """Each line may be followed by its bilan."""
    assert render(lines(STATE, outcomes=[AttemptOutcome.CANCELLED]), bilans=True) == (
        "02/09/2022 00:30, import manuel : annulé\nBilan 1\n"
    )


def test_one_year() -> None:
    """The imports of a school year, whatever their instant."""
    assert [one.id for one in lines(STATE, school_year=SchoolYear(2021))] == ["1"]
    assert [one.id for one in lines(STATE, school_year=SchoolYear(2022))] == ["3", "2", "0"]


@pytest.mark.parametrize("outcome", AttemptOutcome)
def test_one_outcome(outcome: AttemptOutcome) -> None:
    """The imports of one outcome."""
    assert [one.outcome for one in lines(STATE, outcomes=[outcome])] == [outcome]


def test_nobody_is_named_in_a_repr() -> None:
    """The name of whoever imported is only in the text that is asked for."""
    assert "VALMOND" not in repr(lines(STATE))
