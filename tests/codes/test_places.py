"""From a UAI to its department, its academy and its time zone (nomenclatures 8 and 9)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.codes import academy, department, uai

PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("school", "place", "name", "zone"),
    [
        ("0740000Y", "074", "Grenoble", PARIS),
        ("0010001A", "001", "Lyon", PARIS),
        ("6200001A", "02A", "Corse", PARIS),
        ("7200727C", "02B", "Corse", PARIS),
        ("0140070A", "014", "Normandie", PARIS),
        ("9710001A", "971", "Guadeloupe", "America/Guadeloupe"),
        ("9720001A", "972", "Martinique", "America/Martinique"),
        ("9730001A", "973", "Guyane", "America/Cayenne"),
        ("9740001A", "974", "La Réunion", "Indian/Reunion"),
        ("9750001A", "975", "Saint-Pierre-et-Miquelon", "America/Miquelon"),
        ("9760001A", "976", "Mayotte", "Indian/Mayotte"),
        ("9770001A", "977", "Guadeloupe", "America/Guadeloupe"),
        ("9780001A", "978", "Guadeloupe", "America/Guadeloupe"),
        ("9860001A", "986", "Wallis-et-Futuna", "Pacific/Wallis"),
        ("9870001A", "987", "Polynésie française", "Pacific/Tahiti"),
        ("9880001A", "988", "Nouvelle-Calédonie", "Pacific/Noumea"),
        ("9999990A", None, None, PARIS),
        ("0960001A", "096", None, PARIS),
    ],
)
def test_places_of_a_school(school: str, place: str | None, name: str | None, zone: str) -> None:
    """Department, academy and zone of metropolitan, Corsican, overseas, foreign and unknown codes."""
    code = uai.parse(school)
    number = academy.of_uai(code)
    assert department.of_uai(code) == place
    assert (academy.NAMES[number] if number else None) == name
    assert department.time_zone_of_uai(code) == zone


@given(st.integers(0, 9_999_999), st.sampled_from("ABCXYZ"))
def test_every_school_has_a_zone_that_exists(number: int, letter: str) -> None:
    """Whatever the code, the zone is one that the zone database knows."""
    zone = department.time_zone_of_uai(uai.parse(f"{number:07}{letter}"))
    assert ZoneInfo(zone).key == zone


def test_every_department_of_the_mainland_has_an_academy() -> None:
    """The 95 numbers of the mainland, Corsica's old 20 apart, and 2A and 2B have one academy each."""
    numbers = [f"{n:02}" for n in range(1, 96) if n != 20] + ["2A", "2B"]
    assert all(academy.of_department(department.parse(text)) for text in numbers)


@pytest.mark.parametrize("text", ["5", "021"])
def test_merged_academies_lead_to_the_new_one(text: str) -> None:
    """Caen and Rouen are Normandie since 2020."""
    assert academy.NAMES[academy.current(academy.parse(text))] == "Normandie"


def test_an_academy_that_did_not_merge_is_itself() -> None:
    """Only merged academies change."""
    assert all(academy.current(n) == n for n in academy.NAMES if n not in {5, 21})
