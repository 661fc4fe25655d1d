"""People of an export of identifiers and their accounts: the pitfalls of a real school (pronote 13.3)."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from entformats import pronote
from entformats.identity import Identity, Profile
from entformats.rules import PRONOTE, Conflict, Hint, Matched, Matching, Policy, match

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "pronote"
UAI = "0749999S"


def corpus(name: str) -> tuple[Identity, ...]:
    """Give the people of a file of the corpus, or skip."""
    if not CORPUS.exists():
        pytest.skip("the corpus is not beside the project")
    return pronote.read(CORPUS / name).identities(school=UAI)


def accounts(people: tuple[Identity, ...]) -> list[Identity]:
    """Make the accounts of these people: other refs, no identifier of Pronote, guardians without date."""
    return [
        evolve(
            one,
            ref=f"account of {one.ref}",
            identifiers=frozenset(known for known in one.identifiers if known.kind != "idpn"),
            children=frozenset(f"account of {child}" for child in one.children),
        )
        for one in people
    ]


def matched(people: tuple[Identity, ...], known: list[Identity]) -> Matching:
    """Match with the table of Pronote, in both orders."""
    found = match(people, known, policy=Policy(table=PRONOTE))
    assert match(people[::-1], known[::-1], policy=Policy(table=PRONOTE)) == found
    return found


def test_each_person_of_the_xml_is_their_own_account() -> None:
    """Homonyms by class or children, twins, a teacher who is a guardian: everybody but two undated namesakes."""
    people = corpus("identifiants.xml")
    found = matched(people, accounts(people))
    assert all(one.account == f"account of {ref}" for ref, one in found.matched.items())
    lost = {(found.source(ref).family, found.source(ref).given) for ref in found if ref not in found.matched}
    assert lost <= {("GRANDJOUAN", "Marie-Thérèse"), ("GRANDJOUAN", "Marie Thérèse")}
    sophie = [ref for ref, one in found.matched.items() if found.source(ref).given == "Sophie"]
    assert [found.matched[ref].narrowed_by for ref in sophie] == [Hint.CHILD, Hint.CHILD]


def test_true_homonyms_without_anything_to_tell_them_apart_are_left() -> None:
    """The same names and date, no number, no class: nobody is guessed."""
    people = tuple(
        evolve(one, identifiers=frozenset(), classes=frozenset())
        for one in corpus("identifiants.xml")
        if one.family == "ROUSSELONGE" and one.profile is Profile.PUPIL
    )
    found = matched(people, accounts(people))
    assert found.counts.matched == 0
    assert not any(isinstance(one, Conflict) for one in found.values())


def test_a_teacher_who_is_a_guardian_has_two_accounts() -> None:
    """Two identifiers, two populations, two accounts, however the names agree."""
    people = tuple(one for one in corpus("identifiants.csv") if (one.family, one.given) == ("BELLAVIGNE", "Claire"))
    found = matched(people, accounts(people))
    assert {one.profile for one in people} == {Profile.TEACHER, Profile.GUARDIAN}
    assert all(isinstance(one, Matched) and one.account == f"account of {ref}" for ref, one in found.items())


def test_someone_of_unknown_category_is_sought_everywhere() -> None:
    """A person without category is given once for each population, and found in the one that has them."""
    row = pronote.PronoteIdentifier("K7WQ2ZTB9XNHJ4CV", "RARISSIME", "Max", position=2)
    people = pronote.Identifiers("csv", (row,)).identities(school=UAI)
    found = matched(people, [Identity("a1", Profile.STAFF, UAI, "Max", "Rarissime")])
    assert {ref: one.account for ref, one in found.matched.items()} == {"line:2:teacher": "a1"}
