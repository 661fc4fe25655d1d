"""The Pronote connector: each rule of pronote 12, the attributes of CAS, the three steps to open it."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entformats.errors import UsageError
from entformats.identity import Profile
from entformats.problems import Severity
from entformats.pronote.cas import CATEGORIES, IDENTIFIER_ATTRIBUTE, Recognition, released
from entformats.pronote.connector import RULES, Circumstances, Connector, Sso, check, shared_roots, steps

ROOT = "https://0749999s.index-education.net/pronote/"
GOOD = Connector(url=ROOT, version="PRONOTE 2022", show_block=True)
KNOWN = Circumstances(schools=["0749999S"], school_year=2022, cas_pattern=r"https://0749999s\.index-education\.net/.*")


def slugs(connector: Connector, known: Circumstances = KNOWN) -> list[str]:
    """Check, and name what was found."""
    return [one.slug for one in check(connector, known).problems]


def test_good_settings() -> None:
    """Nothing is found, and the three steps are done."""
    assert slugs(GOOD) == []
    assert [step.done for step in steps(GOOD, KNOWN)] == [True, True, True]


@pytest.mark.parametrize(
    ("connector", "known", "expected"),
    [
        (evolve(GOOD, url="nothing"), KNOWN, ["pronote_url_not_absolute"]),
        (evolve(GOOD, cas_url="nothing"), KNOWN, ["pronote_url_not_absolute"]),
        (
            evolve(GOOD, cas_url="https://other.example.test/pronote/"),
            evolve(KNOWN, cas_pattern=".*"),
            ["pronote_cas_host_differs"],
        ),
        (GOOD, evolve(KNOWN, schools=["0749998R"]), ["pronote_url_other_school"]),
        (GOOD, evolve(KNOWN, schools=["0749998R", "0749999S"]), []),
        (GOOD, evolve(KNOWN, schools=[]), []),
        (evolve(GOOD, version="PRONOTE 2009"), KNOWN, ["pronote_version_unknown"]),
        (evolve(GOOD, version="PRONOTE 2024"), KNOWN, ["pronote_version_unknown"]),
        (evolve(GOOD, version="the last one"), KNOWN, ["pronote_version_unknown"]),
        (evolve(GOOD, version="PRONOTE 2023"), KNOWN, []),
        (evolve(GOOD, version="PRONOTE 2021"), KNOWN, ["pronote_version_old"]),
        (evolve(GOOD, version=""), KNOWN, []),
        (evolve(GOOD, sso=Sso.NONE), KNOWN, ["pronote_block_without_sso"]),
        (evolve(GOOD, sso=Sso.NONE, show_block=False), KNOWN, []),
        (evolve(GOOD, recognition=Recognition.PRONOTE_IDENTITY), KNOWN, ["pronote_identifiers_missing"]),
        (evolve(GOOD, recognition=Recognition.PRONOTE_IDENTITY), evolve(KNOWN, identifiers=3), []),
        (evolve(GOOD, anonymous=True), KNOWN, ["pronote_anonymous_with_sso"]),
        (evolve(GOOD, anonymous=True, sso=Sso.NONE, show_block=False), KNOWN, []),
        (evolve(GOOD, access=[]), KNOWN, ["pronote_no_access"]),
        (GOOD, evolve(KNOWN, cas_pattern=ROOT), ["pronote_cas_pattern"]),
        (GOOD, evolve(KNOWN, cas_pattern="("), ["pronote_cas_pattern"]),
        (GOOD, evolve(KNOWN, cas_pattern=None), []),
        (evolve(GOOD, sso=Sso.NONE, show_block=False), evolve(KNOWN, cas_pattern="("), []),
        (GOOD, evolve(KNOWN, own_school_life=True), ["pronote_with_own_school_life"]),
    ],
)
def test_each_rule(connector: Connector, known: Circumstances, expected: list[str]) -> None:
    """One setting off, one finding; nothing else moves."""
    assert slugs(connector, known) == expected


def test_the_pattern_says_how_much_it_misses() -> None:
    """The root alone is one of the addresses a ticket is asked for."""
    (found,) = check(GOOD, evolve(KNOWN, cas_pattern=ROOT)).problems
    assert (found.params["missing"], found.params["total"]) == (20, 21)


def test_two_schools_on_one_server() -> None:
    """Told once a school, unless they are declared as grouped; an address that is none is no server."""
    both = [
        ("0749999S", GOOD),
        ("0749998R", evolve(GOOD, url=ROOT + "eleve.html")),
        ("0740001S", evolve(GOOD, url="x")),
    ]
    (found,) = shared_roots(both).problems
    assert dict(found.params) == {"school": "0749998R", "other": "0749999S"}
    assert shared_roots(both, [frozenset({"0749998R", "0749999S"})]).problems == ()


def test_steps_say_what_is_missing() -> None:
    """Nothing set: each step says what to do, and an error is told at the step it stops."""
    bare = Connector(url="nothing", sso=Sso.NONE, recognition=Recognition.PRONOTE_IDENTITY)
    link, accounts, block = steps(bare, KNOWN)
    assert (link.done, accounts.done, block.done) == (False, False, False)
    assert link.missing[-1] == "Le type de SSO n'est pas choisi."
    assert accounts.missing == ("Aucun identifiant Pronote n'a été importé.",)
    assert block.missing == ("Le bloc n'est pas affiché.",)
    _, _, stopped = steps(evolve(GOOD, sso=Sso.NONE), KNOWN)
    assert len(stopped.missing) == 1


@given(
    st.builds(
        Connector,
        url=st.sampled_from([ROOT, "http://a.test/", "x", ""]),
        cas_url=st.sampled_from(["", ROOT, "y"]),
        version=st.sampled_from(["", "PRONOTE 2022", "2009", "x"]),
        sso=st.sampled_from(Sso),
        recognition=st.sampled_from(Recognition),
        show_block=st.booleans(),
        anonymous=st.booleans(),
        access=st.sets(st.sampled_from(Profile)),
    ),
    st.booleans(),
)
def test_a_service_that_is_open_has_no_error(connector: Connector, own: bool) -> None:
    """All three steps are done only where no rule finds an error, and each rule finds the same every time."""
    known = evolve(KNOWN, own_school_life=own)
    report = check(connector, known)
    if all(step.done for step in steps(connector, known)):
        assert report.count(Severity.ERROR) == 0
    assert report == check(connector, known)
    assert "@" not in repr(report.problems)


def test_every_rule_has_a_title() -> None:
    """A rule reads like its row of the table."""
    assert all(rule.__doc__ for rule in RULES)
    assert len({rule.__name__ for rule in RULES}) == len(RULES)


def test_what_cas_tells() -> None:
    """Dates as Pronote reads them, categories each once, names together, the identifier in its own attribute."""
    sent = released(
        "odile.valmond",
        [Profile.TEACHER, Profile.GUARDIAN, Profile.TEACHER],
        family="VALMOND",
        given="Odile",
        birth_date=date(1974, 10, 2),
        postal_code="74130",
        identifier="K7WQ2ZTB9XNHJ4CV",
    )
    assert dict(sent.attributes) == {
        "user": "odile.valmond",
        "nom": "VALMOND",
        "prenom": "Odile",
        "dateNaissance": "02/10/1974",
        "codePostal": "74130",
        "categories": "National_2;National_3",
        IDENTIFIER_ATTRIBUTE: "K7WQ2ZTB9XNHJ4CV",
    }
    assert "VALMOND" not in repr(sent)
    assert set(CATEGORIES) == set(Profile)


def test_what_cas_leaves_out() -> None:
    """A name without the other is not sent; nobody and nothing cannot be."""
    assert set(released("zoe", [Profile.PUPIL], family="MORTELLE").attributes) == {"user", "categories"}
    for user, profiles in (("", [Profile.PUPIL]), ("zoe", [])):
        with pytest.raises(UsageError, match="who connects"):
            released(user, profiles)
    with pytest.raises(UsageError, match="already"):
        released("zoe", [Profile.PUPIL], identifier="X", attribute="nom")
    assert released("zoe", [Profile.PUPIL], attribute="nom").attributes["user"] == "zoe"
