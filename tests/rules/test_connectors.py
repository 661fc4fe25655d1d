"""What the connectors of a school forget (rules 7)."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entformats.codes.school_year import SchoolYear
from entformats.rules.connectors import KINDS, Connector, ConnectorKind, Need, SchoolServices, check

PRONOTE = Connector(
    "Notes", ConnectorKind.PRONOTE, "https://notes.example.test/pronote/", version="PRONOTE 2022", accounts_matched=True
)
SCHOOL = SchoolServices("0749999S", SchoolYear(2022), needs=[Need.SCHOOL_LIFE], connectors=[PRONOTE])


def found(school: SchoolServices) -> list[tuple[str, str | None]]:
    """Check a school."""
    return [(one.slug, one.where.key) for one in check(school).problems]


def test_all_is_well() -> None:
    """A school whose needs are filled has no finding."""
    assert found(SCHOOL) == []


def test_what_the_gar_replaces() -> None:
    """Resources, and none of the services that the sheet names."""
    assert {kind for kind, one in KINDS.items() if one.replaced_by_gar} == {ConnectorKind.RESOURCE}
    assert set(KINDS) == set(ConnectorKind)
    assert {one.need for one in KINDS.values()} == {*Need, None}


@given(st.frozensets(st.sampled_from(Need)), st.frozensets(st.sampled_from(ConnectorKind)), st.booleans())
def test_needs(needs: frozenset[Need], kinds: frozenset[ConnectorKind], module: bool) -> None:
    """A need is filled by a connector of one of its kinds, vie scolaire by the ENT's own too."""
    connectors = [Connector(kind.value, kind, accounts_matched=True) for kind in kinds]
    school = SchoolServices("0749999S", SchoolYear(2022), needs, connectors, school_life_module=module)
    report = check(school)
    assert check(evolve(school, connectors=connectors[::-1])) == report
    missing = {one.params["need"] for one in report.of_slug("service_without_connector")}
    filled = {KINDS[kind].need for kind in kinds} | ({Need.SCHOOL_LIFE} if module else set())
    assert missing == {need.value for need in needs if need not in filled}


def test_two_school_life_tools() -> None:
    """The connector of Pronote beside the ENT's own vie scolaire."""
    assert found(evolve(SCHOOL, school_life_module=True)) == [("two_school_life_tools", "Notes")]


def test_accounts() -> None:
    """The second step of Pronote; other services have none."""
    assert found(evolve(SCHOOL, connectors=[evolve(PRONOTE, accounts_matched=False)])) == [
        ("accounts_not_matched", "Notes")
    ]
    other = Connector("Absences", ConnectorKind.SCHOOL_LIFE, "https://absences.example.test/")
    assert found(evolve(SCHOOL, connectors=[other])) == []


def test_resource_twice() -> None:
    """By folded name, for resources only; a name that folds to nothing is equal to nothing."""
    rows = [
        Connector("Manuel d’Histoire 5e", ConnectorKind.RESOURCE, "https://manuel.example.test/"),
        Connector("?", ConnectorKind.RESOURCE),
        evolve(PRONOTE, name="pronote"),
    ]
    school = evolve(SCHOOL, connectors=rows, gar_resources=["MANUEL D'HISTOIRE 5E", "PRONOTE", "!"])
    assert found(school) == [("resource_twice", "Manuel d’Histoire 5e")]


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("https://notes.example.test/pronote/", True),
        (" HTTPS://notes.example.test/", True),
        ("", True),
        ("http://notes.example.test/", False),
        ("notes.example.test", False),
    ],
)
def test_address(url: str, right: bool) -> None:
    """An address begins with https, or is not known yet."""
    expected = [] if right else [("connector_url_not_https", "Notes")]
    assert found(evolve(SCHOOL, connectors=[evolve(PRONOTE, url=url)])) == expected


@pytest.mark.parametrize(
    ("version", "year", "old"),
    [
        ("PRONOTE 2022", 2022, False),
        ("PRONOTE 2023", 2023, False),
        ("PRONOTE 2021", 2021, True),
        ("PRONOTE 2019 - 2021.0.2", 2021, True),
        ("build 120215", None, False),
        ("", None, False),
    ],
)
def test_version(version: str, year: int | None, old: bool) -> None:
    """A version of an earlier school year is old; one that says no year says nothing."""
    connector = evolve(PRONOTE, version=version)
    assert connector.year == year
    expected = [("connector_version_old", "Notes")] if old else []
    assert found(evolve(SCHOOL, connectors=[connector])) == expected


def test_repr() -> None:
    """An address may hold a token: it is hidden."""
    assert "example.test" not in repr(PRONOTE)
