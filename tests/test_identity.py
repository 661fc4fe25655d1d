"""Identities, source codes and decisions: shapes that are read, keys, and what `repr` hides (rules 1.2, 1.5)."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entformats.errors import InvalidValue
from entformats.identity import (
    Decision,
    Identifier,
    IdentifierKind,
    Identity,
    Population,
    Profile,
    SourceKey,
    identifiers,
    read_date,
)
from entformats.names import clean
from entformats.testing.strategies.people import names

BORN = date(1974, 10, 2)
LYES = Identity("teacher:2", Profile.TEACHER, "0749999S", "Lyes", "DELBECQ", birth_date=BORN)


@pytest.mark.parametrize(
    "text", ["1974-10-02", "02/10/1974", "1974-10-02T00:00:00", "1974-10-02T00:00:00.000Z", "1974-10-02T12:30:00+01:00"]
)
def test_dates_that_are_read(text: str) -> None:
    """ISO with or without a time, and the French display, are the same date."""
    assert read_date(text) == BORN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "02/10/74",
        "1974-2-10",
        "19741002",
        "1974-02-30",
        "1974-14-03",
        "31/02/1974",
        "1974/10/02",
        "02-10-1974",
        "0000-01-01",
        " 1974-10-02",
        "1974-10-02T",
        "1974-10-02 00:00",
        "١٩٧٤-١٠-٠٢",
    ],
)
def test_dates_that_are_refused(text: str) -> None:
    """Any other shape, and a date that is not in the calendar, is refused rather than guessed."""
    with pytest.raises(InvalidValue):
        read_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lyes$DELBECQ$1974-10-02",
        "Lyes$DELBECQ$02/10/1974",
        " Lyes\u00a0$\tDELBECQ $ 1974-10-02\u202f",
        "Lyes$DELBECQ$1974-10-02T00:00:00",
    ],
)
def test_source_key_is_read(text: str) -> None:
    """White space around the fields is trimmed, and the date is read."""
    key = SourceKey.parse(text)
    assert (key, str(key), key.malformed) == (LYES.source_key, "Lyes$DELBECQ$1974-10-02", False)


def test_source_key_without_a_date() -> None:
    """An empty date is legal."""
    key = SourceKey.parse("Lyes$DELBECQ$ ")
    assert (key.birth_date, str(key), key.malformed) == (None, "Lyes$DELBECQ$", False)


@pytest.mark.parametrize("text", ["$DELBECQ$1974-10-02", "Lyes$$1974-10-02", "\u00a0$ $", "$$"])
def test_source_key_with_an_empty_name(text: str) -> None:
    """An empty name is read, so that it can be reported, and is never matched."""
    assert SourceKey.parse(text).malformed


@pytest.mark.parametrize("text", ["", "Lyes", "Lyes$DELBECQ", "Jo$El$VANDAMME$1980-01-02", "Lyes$DELBECQ$74-10-02"])
def test_source_key_is_refused(text: str) -> None:
    """There are exactly two `$`, and the date is one that is read."""
    with pytest.raises(InvalidValue) as caught:
        SourceKey.parse(text)
    assert "DELBECQ" not in str(caught.value)


@pytest.mark.parametrize(("given_name", "family"), [("Jo$El", "VANDAMME"), ("Jo", "VAN$DAMME"), ("Jo", "\u202f")])
def test_source_key_made_by_hand(given_name: str, family: str) -> None:
    """A `$` inside a name, or a name of white space, makes a key malformed however it was made."""
    assert SourceKey(given_name, family).malformed


@given(names(), names(), st.none() | st.dates())
def test_source_key_round_trip(given_name: str, family: str, born: date | None) -> None:
    """The code of a well-formed key reads back as the cleaned key."""
    key = SourceKey(given_name, family, born)
    if not key.malformed:
        assert SourceKey.parse(str(key)) == key.cleaned
    assert key.cleaned.cleaned == key.cleaned
    assert (key.cleaned.given, key.cleaned.family) == (clean(given_name), clean(family))


def test_populations() -> None:
    """Teachers and staff are one population; pupils and guardians are two others."""
    assert [profile.population for profile in (Profile.TEACHER, Profile.STAFF)] == [Population.STAFF] * 2
    assert Profile.PUPIL.population is Population.PUPILS
    assert Profile.GUARDIAN.population is Population.GUARDIANS
    assert LYES.scope == ("0749999S", Population.STAFF)


def test_key_of_an_identity() -> None:
    """The key is the most stable identifier, else the cleaned source code; INE and SIECLE numbers are no keys."""
    kinds = [IdentifierKind.INE, IdentifierKind.STS, IdentifierKind.JOINTURE, IdentifierKind.IDPN]
    found = [evolve(LYES, identifiers=identifiers((kind, "7") for kind in kinds[: i + 1])).key for i in range(4)]
    assert found == ["source:Lyes$DELBECQ$1974-10-02", "sts:7", "jointure:7", "idpn:7"]
    assert evolve(LYES, given=" Lyes ").key == LYES.key


def test_identifier_of_one_type() -> None:
    """Of several identifiers of one type the least is given, so that order does not matter; none gives None."""
    several = identifiers([(IdentifierKind.INE, "2"), (IdentifierKind.INE, "1"), (IdentifierKind.STS, "0")])
    assert evolve(LYES, identifiers=several).identifier(IdentifierKind.INE) == "1"
    assert LYES.identifier(IdentifierKind.INE) is None


def test_empty_identifiers_are_none() -> None:
    """An empty or absent identifier is not an identifier."""
    assert identifiers([(IdentifierKind.INE, ""), (IdentifierKind.STS, None)]) == frozenset()


def test_decision_is_about_a_cleaned_key() -> None:
    """A decision is found again whatever the white space and apostrophes, in one school and population."""
    one = Decision(Profile.TEACHER, "0749999S", SourceKey(" Lyes", "D\u2019ARCY", BORN), "a1", "u1", datetime.now(UTC))
    other = Decision(Profile.STAFF, "0749999S", SourceKey("Lyes", "D'ARCY", BORN), None)
    assert one.scope == other.scope
    assert (one.dismissed, other.dismissed) == (False, True)
    assert one.scope != evolve(one, profile=Profile.PUPIL).scope


def test_repr_hides_the_person() -> None:
    """The repr of an identity, a key, a decision and an identifier shows no personal data; values survive pickling."""
    person = evolve(LYES, identifiers=identifiers([(IdentifierKind.INE, "090412000FB")]))
    made = Decision(Profile.TEACHER, "0749999S", person.source_key, "a1")
    values = (person, person.source_key, made, Identifier(IdentifierKind.INE, "090412000FB"))
    for text in (*map(repr, values), repr(values)):
        assert not any(secret in text for secret in ("Lyes", "DELBECQ", "1974", "090412000FB"))
    assert pickle.loads(pickle.dumps(values)) == values  # noqa: S301 - our own bytes
