"""Matching with the table of Pronote (pronote 13.2): eight levels, namesakes told apart, pitfalls of 13.3."""

from __future__ import annotations

import random
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats import rules
from entformats.identity import Identifier, IdentifierKind, Identity, Profile
from entformats.rules import PRONOTE, ConflictReason, Hint, Level, Policy, UnmatchedReason
from entformats.rules.matching import Difference

SCHOOL = "0749999S"
BORN, OTHER = date(2010, 5, 6), date(2011, 7, 8)
POLICY = Policy(table=PRONOTE)


def pupil(ref: str, given: str = "Zoé", family: str = "LANDRIEU", born: date | None = BORN, *of: str) -> Identity:
    """Make a pupil of some classes."""
    return Identity(ref, Profile.PUPIL, SCHOOL, given, family, birth_date=born, classes=frozenset(of))


def guardian(ref: str, *children: str, given: str = "Anne", postal: str = "", born: date | None = None) -> Identity:
    """Make a guardian of some children."""
    known = Identity(ref, Profile.GUARDIAN, SCHOOL, given, "LANDRIEU", birth_date=born, postal_code=postal)
    return evolve(known, children=frozenset(children))


def adult(ref: str, profile: Profile = Profile.TEACHER, born: date | None = None, given: str = "Odile") -> Identity:
    """Make a teacher or another member of the staff."""
    return Identity(ref, profile, SCHOOL, given, "VALMOND", birth_date=born)


def numbered(person: Identity, kind: IdentifierKind, value: str = "1") -> Identity:
    """Give a person an identifier."""
    return evolve(person, identifiers=person.identifiers | {Identifier(kind, value)})


def matched(sources: list[Identity], accounts: list[Identity]) -> rules.Matching:
    """Match by the table of Pronote."""
    return rules.match(sources, accounts, policy=POLICY)


def one(source: Identity, *accounts: Identity) -> rules.Outcome:
    """Match one person."""
    return matched([source], list(accounts))[source.ref]


def test_stored_identifier() -> None:
    """A stored Pronote identifier matches while the family name or the date agrees, whatever the other does."""
    known = numbered(pupil("p1"), IdentifierKind.IDPN)
    for kept in (pupil("a1", "Zoé", "LANDRIEU", OTHER), pupil("a1", "Max", "TIERS", BORN)):
        assert one(known, numbered(kept, IdentifierKind.IDPN)) == rules.Matched(
            "a1", Level.IDENTIFIER, IdentifierKind.IDPN
        )
    reused = one(known, numbered(pupil("a1", "Max", "TIERS", OTHER), IdentifierKind.IDPN))
    assert reused == rules.Conflict(ConflictReason.IDENTITY_CHANGED, ("p1",), ("a1",))
    assert matched([known], [numbered(pupil("a1", "Max", "TIERS", None), IdentifierKind.IDPN)]).report.counts == {
        "MATCH-525": 1
    }


def test_national_number() -> None:
    """A national number matches where the date agrees or is missing, and contradicts itself otherwise."""
    known = numbered(pupil("p1", "Zoe", "TIERS"), IdentifierKind.INE)
    for born in (BORN, None):
        account = numbered(pupil("a1", born=born), IdentifierKind.INE)
        assert one(known, account) == rules.Matched("a1", Level.IDENTIFIER, IdentifierKind.INE)
    clash = one(known, numbered(pupil("a1", born=OTHER), IdentifierKind.INE))
    assert clash == rules.Conflict(ConflictReason.DATE_CONTRADICTION, ("p1",), ("a1",))


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ("Jean-Baptiste", Level.EXACT),
        ("JEAN BAPTISTE", Level.NORMALISED),
        ("Jean Baptiste Marie", Level.VARIANT),
        ("Jean", None),
        ("Marie", None),
    ],
)
def test_names_and_date(given: str, level: Level | None) -> None:
    """With a date: the source code, then folded names, then the first given names; a hyphen does not end a name."""
    outcome = one(pupil("p1", given), pupil("a1", "Jean-Baptiste"))
    assert (outcome.level if isinstance(outcome, rules.Matched) else None) is level


def test_first_given_name_of_either_side() -> None:
    """A first given name matches several, on either side; two people who share only the first do not."""
    several = pupil("p1", "Agathe Rose")
    assert one(several, pupil("a1", "Agathe")) == rules.Matched(
        "a1", Level.VARIANT, differs=frozenset({Difference.GIVEN_NAMES})
    )
    assert isinstance(one(pupil("p1", "Agathe"), pupil("a1", "Agathe Rose")), rules.Matched)
    assert isinstance(one(several, pupil("a1", "Agathe Inès")), rules.Unmatched)


def test_birth_name() -> None:
    """A birth name on either side stands for the usual one, with the date."""
    account = evolve(pupil("a1", family="TIERS"), birth_family="LANDRIEU")
    assert isinstance(one(pupil("p1"), account), rules.Matched)
    assert isinstance(one(evolve(account, ref="p1"), pupil("a1")), rules.Matched)


def test_other_script() -> None:
    """Names in another script are compared without case; they have no compact form."""
    anna = pupil("p1", "\u0430\u043d\u0430", "\u0418\u0412\u0410\u041d\u041e\u0412\u0410")
    account = pupil("a1", "\u0410\u043d\u0430", "\u0418\u0432\u0430\u043d\u043e\u0432\u0430")
    assert isinstance(found := one(anna, account), rules.Matched)
    assert found.level is Level.NORMALISED
    assert isinstance(
        one(pupil("p1", "\u0410\u043d\u0430", ""), pupil("a1", "\u0410\u043d\u0430", "")), rules.Unmatched
    )


def test_pupil_without_date() -> None:
    """A pupil without a date is known by names and class, where both sides have one such pupil."""
    source = pupil("p1", "Zoé", "LANDRIEU", None, "6A")
    found = one(source, pupil("a1", "Zoé", "LANDRIEU", BORN, "6 A"), pupil("a2", "Zoé", "LANDRIEU", OTHER, "6B"))
    assert found == rules.Matched("a1", Level.CLASS, differs=frozenset({Difference.NO_BIRTH_DATE}))
    assert isinstance(one(source, pupil("a1")), rules.Unmatched)
    twice = matched([source, evolve(source, ref="p2")], [pupil("a1", "Zoé", "LANDRIEU", BORN, "6A")])
    assert set(twice.values()) == {rules.Conflict(ConflictReason.DUPLICATE_SOURCE, ("p1", "p2"), ("a1",))}


def test_account_without_date() -> None:
    """The date may be missing on the account; the explanation says on which side."""
    matching = matched([pupil("p1", "Zoé", "LANDRIEU", BORN, "6A")], [pupil("a1", "Zoé", "LANDRIEU", None, "6A")])
    assert "date de naissance absente du compte" in matching.why("p1")
    assert "no birth date on the account" in matching.why("p1", "en")


def test_true_homonyms_told_apart_by_class() -> None:
    """Two pupils of one name and one date are told apart by their classes, and the match says so."""
    sources = [pupil("p1", "Zoé", "LANDRIEU", BORN, "6A"), pupil("p2", "Zoé", "LANDRIEU", BORN, "6B")]
    accounts = [pupil("a1", "Zoé", "LANDRIEU", BORN, "6A"), pupil("a2", "Zoé", "LANDRIEU", BORN, "6B")]
    matching = matched(sources, accounts)
    assert matching["p1"] == rules.Matched("a1", Level.EXACT, narrowed_by=Hint.CLASS)
    assert matching.account("p2") == "a2"
    assert "Ce qui distingue la personne de ses homonymes : classe." in matching.why("p1")


def test_homonyms_told_apart_by_number() -> None:
    """The national number is looked at first; here it contradicts no date, and the accounts have none of their own."""
    known = numbered(numbered(adult("t1", born=BORN), IdentifierKind.INE, "7"), IdentifierKind.STS, "2")
    twins = [numbered(adult(ref, born=BORN), IdentifierKind.STS, "2") for ref in ("a1", "a2")]
    found = one(known, numbered(twins[0], IdentifierKind.INE, "7"), twins[1])
    assert found == rules.Matched("a1", Level.IDENTIFIER, IdentifierKind.INE, narrowed_by=Hint.INE)


def test_guardian_unique() -> None:
    """A guardian without a date is known by names that one source and one account have."""
    found = one(guardian("g1"), guardian("a1", born=BORN), guardian("a2", given="Max"))
    assert found == rules.Matched("a1", Level.NAME, differs=frozenset({Difference.NO_BIRTH_DATE}))


def test_guardians_found_by_their_children() -> None:
    """Two guardians of one name are told apart by their children, who are matched first, whatever the order."""
    children = [pupil("p1"), pupil("p2", "Max")]
    sources = [guardian("g1", "p1"), guardian("g2", "p2"), *children]
    accounts = [guardian("b2", "a2"), guardian("b1", "a1"), pupil("a1"), pupil("a2", "Max")]
    matching = matched(sources, accounts)
    assert {ref: matching.account(ref) for ref in ("g1", "g2")} == {"g1": "b1", "g2": "b2"}
    assert matching["g1"] == rules.Matched(
        "b1", Level.NAME, differs=frozenset({Difference.NO_BIRTH_DATE}), narrowed_by=Hint.CHILD
    )
    assert "Mêmes noms ; date de naissance non vérifiée.\nCe qui distingue" in matching.why("g1")
    assert "child in common" in matching.why("g1", "en")


def test_guardian_of_an_unmatched_child() -> None:
    """A child who is not matched tells nobody apart: the question stays open."""
    outcome = matched([guardian("g1", "p1"), pupil("p1")], [guardian("b1", "a1"), guardian("b2")])["g1"]
    assert outcome == rules.Ambiguous((rules.Candidate("b1"), rules.Candidate("b2")))


def test_guardians_found_by_postal_code() -> None:
    """After the children, the postal code; a hint that nobody or everybody agrees with leaves them all."""
    source = guardian("g1", "p1", postal="74000")
    shared = [guardian("b1", "a1", postal="74000 "), guardian("b2", "a1", postal="74100")]
    found = matched([source, pupil("p1")], [*shared, pupil("a1")])["g1"]
    assert isinstance(found, rules.Matched)
    assert (found.account, found.narrowed_by) == ("b1", Hint.POSTAL_CODE)


def test_homonymous_source_without_a_common_child() -> None:
    """Of two guardians of one name and one account, the one with a common child gets it, the other is a question."""
    sources = [guardian("g1", "p1"), guardian("g2", "p2"), pupil("p1"), pupil("p2", "Max")]
    matching = matched(sources, [guardian("b1", "a1"), pupil("a1"), pupil("a2", "Max")])
    assert matching.account("g1") == "b1"
    assert matching["g2"] == rules.Ambiguous((rules.Candidate("b1", taken_by="g1"),))


def test_own_profile_first() -> None:
    """A teacher is looked for among teachers first, then among other staff."""
    staff, teacher = adult("a1", Profile.STAFF), adult("a2")
    assert isinstance(found := one(adult("t1"), staff, teacher), rules.Matched)
    assert found.account == "a2"
    assert isinstance(found := one(adult("t1"), staff), rules.Matched)
    assert found.account == "a1"
    either = Policy(table=evolve(PRONOTE, own_profile_first=False))
    assert isinstance(rules.match([adult("t1")], [staff, teacher], policy=either)["t1"], rules.Ambiguous)


def test_adult_homonyms() -> None:
    """Teachers without a date must have names that are unique on both sides."""
    assert isinstance(one(adult("t1"), adult("a1"), adult("a2")), rules.Ambiguous)
    both = matched([adult("t1"), adult("t2", born=OTHER)], [adult("a1", born=BORN)])
    assert isinstance(both["t1"], rules.Ambiguous)


def test_different_dates() -> None:
    """Names never match against two different dates; the reason says that only the date differs."""
    outcome = one(pupil("p1", born=date(2010, 6, 5)), pupil("a1"))
    assert isinstance(outcome, rules.Unmatched)
    assert outcome.reason is UnmatchedReason.DATE_MISMATCH
    assert matched([pupil("p1", born=OTHER)], [pupil("a1")]).report.counts == {"MATCH-514": 1}


def test_without_date_and_candidates() -> None:
    """Somebody without a date, whom nothing resembles, is not reproached with the date: the table does without it."""
    outcome = one(guardian("g1"), guardian("b1", given="Max"))
    assert isinstance(outcome, rules.Unmatched)
    assert outcome.reason is UnmatchedReason.NO_CANDIDATE


def test_never_across_kinds() -> None:
    """A teacher who is also a parent has one account of each kind."""
    parent = evolve(adult("x"), profile=Profile.GUARDIAN)
    sources = [adult("t1"), evolve(parent, ref="g1")]
    matching = matched(sources, [adult("a1"), evolve(parent, ref="b1")])
    assert {ref: matching.account(ref) for ref in matching} == {"t1": "a1", "g1": "b1"}


NUMBERS = st.frozensets(
    st.builds(Identifier, st.sampled_from([IdentifierKind.IDPN, IdentifierKind.INE]), st.sampled_from("12")), max_size=1
)
REFS = st.frozensets(st.sampled_from(["0", "1", "2"]), max_size=2)
PERSON = st.builds(
    Identity,
    ref=st.just(""),
    profile=st.sampled_from(Profile),
    school=st.just(SCHOOL),
    given=st.sampled_from(["Zoé", "ZOE", "Zoé Anne", "Anne"]),
    family=st.sampled_from(["LANDRIEU", "Landrieu", "TIERS"]),
    birth_family=st.sampled_from(["", "TIERS"]),
    birth_date=st.sampled_from([None, BORN, OTHER]),
    identifiers=NUMBERS,
    classes=st.frozensets(st.sampled_from(["6A", "6B"]), max_size=1),
    children=REFS,
    postal_code=st.sampled_from(["", "74000"]),
)


@settings(max_examples=150)
@given(st.lists(PERSON, max_size=6), st.lists(PERSON, max_size=6), st.randoms(use_true_random=False))
def test_invariants(sources: list[Identity], accounts: list[Identity], dice: random.Random) -> None:
    """Everyone has one outcome, no account two people, and the order of both sides does not matter."""
    people = [evolve(person, ref=str(number)) for number, person in enumerate(sources)]
    known = [evolve(person, ref=str(number)) for number, person in enumerate(accounts)]
    matching = matched(people, known)
    assert set(matching) == {person.ref for person in people}
    taken = [outcome.account for outcome in matching.matched.values()]
    assert len(set(taken)) == len(taken)
    mixed = matched(dice.sample(people, len(people)), dice.sample(known, len(known)))
    assert list(mixed.items()) == list(matching.items())
    for ref, outcome in matching.matched.items():
        person, account = matching.source(ref), known[int(outcome.account)]
        assert person.profile.population is account.profile.population
        if outcome.level is not Level.IDENTIFIER:
            assert None in {person.birth_date, account.birth_date} or person.birth_date == account.birth_date
