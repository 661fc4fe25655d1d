"""French words for what a bilan counts (rules 3.1)."""

from __future__ import annotations

from datetime import date

import pytest

from entformats.codes.weeks import WeekSet
from entformats.identity import Key
from entformats.rules import SubjectContent
from entformats.rules import bilan_words as words
from entformats.timetable import Closure, Pattern, Service, ServiceKey

WEEKS = WeekSet.of([2, 3, 5])


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("08:00", "09:00", "mercredi 08:00-09:00, semaines 2..3,5"),
        ("08:00", "", "mercredi 08:00, semaines 2..3,5"),
        ("#3", "+2", "mercredi place 3, sur 2, semaines 2..3,5"),
        ("#None", "+None", "mercredi sans heure, semaines 2..3,5"),
    ],
)
def test_pattern(start: str, end: str, told: str) -> None:
    """Times, or places of the grid, or nothing where the file says nothing."""
    assert words.pattern(Pattern(3, start, end, WEEKS)) == told


def test_service_says_what_the_program_states() -> None:
    """Hours, alternation, modality and co-teaching where there are any."""
    bare = Service(ServiceKey(Key("subject:SVT"), (), ()), ())
    assert words.service(None) == words.service(bare) == ()
    stated = Service(bare.key, (), 150, "Q1", ("CG", "TP"), co_teaching=False)
    assert words.service(stated) == ("2 h 30 par semaine", "alternance Q1", "modalité CG, TP")


def test_subject_and_closure() -> None:
    """A national code only where there is one; one day is not a period."""
    assert words.subject(None) == ()
    assert words.subject(SubjectContent("SVT")) == ("SVT",)
    assert words.closure(Closure(date(2022, 11, 11), date(2022, 11, 11), "Armistice")) == "le 11/11/2022 (Armistice)"
