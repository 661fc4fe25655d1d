"""What the versions of AAF changed: link codes, old attributes, the history of the format."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entformats.aaf import Delivery, Link, Pupil, Relation, Responsibility, read
from entformats.aaf.degrees import ATTRIBUTES
from entformats.aaf.derived import derive, disagreements
from entformats.aaf.versions import HISTORY, VERSIONS, two_digit_links, version_date
from entformats.codes.jointure import Jointure

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]
OLD = (
    "ENTEleveParents",
    "ENTElevePere",
    "ENTEleveMere",
    "ENTEleveAutoriteParentale",
    "ENTElevePersRelEleve1",
    "ENTEleveQualitePersRelEleve1",
    "ENTElevePersRelEleve2",
    "ENTEleveQualitePersRelEleve2",
)
SHAPE = (*OLD, "ENTElevePersRelEleve")


def keys(*texts: str) -> tuple[Jointure, ...]:
    """Make identifiers."""
    return tuple(map(Jointure, texts))


def links(*texts: str) -> tuple[Relation, ...]:
    """Read relations."""
    return tuple(map(Relation.parse, texts))


@pytest.mark.parametrize(
    ("text", "legal"),
    [("AAF-VE1301", False), ("AAF-VE1712", False), ("AAF-VE1803", None), ("AAF-VE1901", True), ("AAF-VE2407", True)],
)
def test_the_coding_of_a_version(text: str, legal: bool | None) -> None:
    """One digit until 2017, two since 2019, unknown in the year of the change."""
    assert two_digit_links(text) is legal


@pytest.mark.parametrize("text", ["", "AAF-VE13", "AAF-VE1313", "VE1301", "AAF-VE13011"])
def test_what_is_no_version(text: str) -> None:
    """Any other text is no version."""
    assert version_date(text) is None
    assert two_digit_links(text) is None


@pytest.mark.parametrize(
    ("relation", "version", "responsibility"),
    [
        ("1$2$0$2$0$0", "", Responsibility.SECOND_LEGAL),
        ("1$10$0$2$0$0", "", Responsibility.IN_CHARGE),
        ("1$2$0$2$0$0", "AAF-VE2407", Responsibility.SECOND_LEGAL),
        ("1$$0$2$0$0", "AAF-VE1301", Responsibility.SECOND_LEGAL),
        ("1$$0$2$0$0", "AAF-VE2407", Responsibility.IN_CHARGE),
        ("1$$0$2$0$0", "", Responsibility.SECOND_LEGAL),
        ("1$$0$1$0$0", "AAF-VE2407", Responsibility.LEGAL),
        ("1$$0$0$1$0", "AAF-VE2407", Responsibility.NONE),
        ("1$$0$7$1$0", "AAF-VE2407", Responsibility.NONE),
    ],
)
def test_the_responsibility_depends_on_the_coding(relation: str, version: str, responsibility: Responsibility) -> None:
    """The link tells the coding, else the version does."""
    assert Relation.parse(relation).responsibility_under(version) is responsibility


def test_both_generations_of_links_have_one_meaning() -> None:
    """Father and mother changed places; each code has one meaning."""
    assert [Link.of(code) for code in ("1", "20", "2", "10")] == [Link.FATHER] * 2 + [Link.MOTHER] * 2
    codes = [code for link in Link for code in link.value]
    assert len(codes) == len(set(codes))


def agreeing(*relations: str) -> Pupil:
    """Make a pupil whose old attributes are those of the relations."""
    derived = derive(links(*relations))
    others = [*derived.others, ("", ""), ("", "")]
    (first, quality_1), (second, quality_2) = others[:2]
    return Pupil(
        Jointure("310"),
        parents=tuple(derived.fathers | derived.mothers),
        father=min(derived.fathers, default=None),
        mother=min(derived.mothers, default=None),
        parental_authority=tuple(derived.parental_authority),
        related_1=Jointure(first) if first else None,
        related_1_quality=quality_1,
        related_2=Jointure(second) if second else None,
        related_2_quality=quality_2,
        relations=links(*relations),
        shape=SHAPE,
    )


RELATIONS = st.lists(
    st.builds(
        "{}${}${}${}${}$0".format,
        st.integers(1, 9),
        st.sampled_from([code for link in Link for code in link.value]),
        st.sampled_from("01"),
        st.sampled_from("012"),
        st.sampled_from("01"),
    ),
    unique_by=lambda text: text.partition("$")[0],
    max_size=5,
)


@given(RELATIONS)
def test_what_is_derived_agrees(relations: list[str]) -> None:
    """Old attributes made from the relations, of either coding, never disagree with them."""
    assert disagreements(agreeing(*relations)) == ()


@pytest.mark.parametrize(
    ("field", "value", "attribute"),
    [
        ("parents", keys("1"), "ENTEleveParents"),
        ("father", None, "ENTElevePere"),
        ("father", Jointure("2"), "ENTElevePere"),
        ("mother", Jointure("1"), "ENTEleveMere"),
        ("parental_authority", (), "ENTEleveAutoriteParentale"),
        ("related_1", Jointure("1"), "ENTElevePersRelEleve1"),
        ("related_1_quality", "FINANCIER", "ENTEleveQualitePersRelEleve1"),
        ("related_2", Jointure("9"), "ENTElevePersRelEleve2"),
        ("related_2", Jointure("3"), "ENTElevePersRelEleve2"),
        ("related_2_quality", "CONTACT", "ENTEleveQualitePersRelEleve2"),
    ],
)
def test_each_old_attribute_is_judged(field: str, value: object, attribute: str) -> None:
    """Any of the eight that says something else is named; one that the pupil does not have is not."""
    pupil = agreeing("1$20$1$1$1$0", "2$10$0$1$0$0", "3$39$0$0$1$0", "4$90$1$0$0$0")
    wrong = pupil_with(pupil, **{field: value})
    assert attribute in disagreements(wrong)
    assert attribute not in disagreements(pupil_with(wrong, shape=tuple(one for one in SHAPE if one != attribute)))
    assert disagreements(pupil_with(wrong, shape=OLD)) == ()


def pupil_with(pupil: Pupil, **changes: object) -> Pupil:
    """Change a pupil."""
    return evolve(pupil, **changes)  # type: ignore[arg-type]  # fields of a pupil


@pytest.mark.parametrize(
    ("quality", "agrees"), [("PAIEMENT", True), ("Responsable financier", True), ("CONTACT", False)]
)
def test_spellings_of_a_quality(quality: str, agrees: bool) -> None:
    """`PAIEMENT` is `FINANCIER`; a quality that is not known is not judged."""
    pupil = pupil_with(agreeing("4$90$1$0$0$0"), related_1_quality=quality)
    assert (disagreements(pupil) == ()) is agrees


def slugs(delivery: Delivery) -> list[str]:
    """Give the slugs found."""
    return [one.slug for one in delivery.report.problems]


def test_an_old_attribute_in_a_delivery(document: Files, add: Texts) -> None:
    """A father who is not the one of the relations is a finding at his attribute."""
    delivery = read(
        {"ENT_Complet_Eleve_0000.xml": document(add(ENTElevePere="9", ENTElevePersRelEleve="1$20$1$1$1$0"))}
    )
    (found,) = delivery.report.problems
    assert (found.slug, dict(found.params)) == ("derived_attribute", {"attribute": "ENTElevePere"})
    assert (found.where.key, found.where.attribute, found.where.line) == ("310", "ENTElevePere", 5)


def test_links_against_the_version(document: Files, add: Texts) -> None:
    """Links of the coding that the version does not have are counted, once a delivery."""
    text = add(ENTElevePersRelEleve=["1$2$1$1$1$0", "2$10$1$1$1$0", "3$$1$1$1$0"])
    found = read({"ENT_Complet_Eleve_0000.xml": document(text)}).report.problems
    assert [(one.slug, dict(one.params)) for one in found] == [
        ("link_coding_of_version", {"version": "AAF-VE2407", "count": 1})
    ]
    source = document(text).replace(b"VE2407", b"VE1803")
    assert slugs(read({"ENT_Complet_Eleve_0000.xml": source})) == []


def test_several_versions(document: Files, add: Texts) -> None:
    """Files of two versions are a finding, with the versions in order."""
    files = {
        "ENT_Complet_Eleve_0000.xml": document(add(key="1")),
        "ENT_Complet_Eleve_0001.xml": document(add(key="2")).replace(b"VE2407", b"VE1301"),
    }
    (found,) = read(files).report.problems
    assert (found.slug, dict(found.params)) == ("several_versions", {"versions": "AAF-VE1301, AAF-VE2407"})


def test_the_history_names_attributes_that_exist() -> None:
    """Each attribute of the history is in a table, and what the tables date is in the history."""
    known = {one.name: one for rows in ATTRIBUTES.values() for one in rows.values()}
    named = {name for change in HISTORY for name in re.findall(r"`(\w+)`", change.what)}
    assert named <= known.keys() | {"code"}
    years = {change.since[:4] for change in HISTORY}
    assert {one.since for one in known.values() if one.since} - {"VE1803"} <= years
    assert [change.since for change in HISTORY] == sorted(change.since for change in HISTORY)
    assert all(version_date(version) for version in VERSIONS)
