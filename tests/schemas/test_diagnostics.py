"""Findings of structure: both engines give the same verdict, in words, with the line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from lxml import etree

from entformats import aaf, schema
from entformats.errors import LimitExceeded, UnreadableInput, UsageError
from entformats.identify import identify
from entformats.limits import Limits
from entformats.problems import Problem
from entformats.testing.envelopes import new_key, sealed
from entformats.testing.school import generate
from entformats.validation.diagnostics import SMALL, explained
from entformats.validation.grammars import GRAMMARS, grammar_of, structure

Element: TypeAlias = etree._Element
Documents = Callable[[str], list[Element]]
Mutants = Callable[[Element], Iterator[tuple[str, str, Element]]]
NAMES = [name for name in schema.names() if name.endswith(".xsd")]


def written(element: Element, name: str) -> bytes:
    """Write a document; a record of UDT inside a root of no name."""
    whole = etree.tostring(element, encoding="utf-8")
    return b"<membre>" + whole + b"</membre>" if name == "udt.xsd" else whole


def found(content: bytes, name: str) -> tuple[Problem, ...]:
    """Give what libxml2 finds in a document."""
    return structure([content], name, file="a.xml").problems


ALIKE = {"structure_surplus": "structure_element", "structure_children": "structure_element"}
"""Findings that one engine gives where the other gives another: each names the element all the same."""


def alike(problems: Iterator[Problem]) -> set[str]:
    """Give the kinds of findings, those that are alike as one."""
    return {ALIKE.get(one.slug, one.slug) for one in problems}


@pytest.mark.parametrize("name", NAMES)
def test_findings_of_both_engines(whole_documents: Documents, every_mutant: Mutants, name: str) -> None:
    """A valid document gives none; a mutant gives findings of the same kinds by both engines, or by neither."""
    for whole in whole_documents(name):
        content = written(whole, name)
        assert found(content, name) == ()
        assert explained(content, name) == ()
        for at, (way, what, mutant) in enumerate(every_mutant(whole)):
            if at % 5:
                continue
            content = written(mutant, name)
            friendly = explained(content, name)
            assert alike(iter(found(content, name))) == alike(one.problem for one in friendly), (way, what)


BROKEN = """<?xml version="1.0" encoding="UTF-8"?>
<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" Version="1.1">
  <Matieres>
    <Matiere Ident="3" Libelle="MATHS"/>
    <Matiere Ident="trois" Code="AP" Libelle="AP" Couleur="vert"/>
  </Matieres>
  <Eleves>
    <Eleve Ident="1" Nom="A" Prenom="B" Sexe="Inconnu">texte<Responsable Ident="2"><Nom/></Responsable></Eleve>
    <Elève Ident="2"/>
  </Eleves>
  <GrilleHoraire><JoursOuvres/></GrilleHoraire>
  <Cours/>
  <Cours/>
</ExportEmploiDuTemps>
"""
EXPECTED = [
    (4, "l'élément 'Matiere' n'a pas son attribut obligatoire 'Code'"),
    (5, "l'élément 'Matiere' n'a pas d'attribut 'Couleur'"),
    (5, "la valeur 'trois' de 'Ident' n'est pas de la forme attendue : xs:unsignedInt"),
    (8, "l'élément 'Eleve' ne doit pas contenir de texte"),
    (8, "la valeur 'Inconnu' de 'Sexe' n'est pas de la forme attendue : Masculin, Feminin"),
    (11, "l'élément 'JoursOuvres' est incomplet ; il lui manque : Jour"),
]


def test_a_finding_names_the_element_and_what_was_expected() -> None:
    """Each departure is told in words, with its line, the value shown on demand only; both engines say the same."""
    for problems in (found(BROKEN.encode(), "edt.xsd"), [one.problem for one in explained(BROKEN.encode(), "edt.xsd")]):
        told = [(one.where.line, one.message("fr", show_names=True)) for one in problems]
        assert [one for one in EXPECTED if one not in told] == []
        assert any(line == 9 and "'Elève'" in text for line, text in told)
        assert any(line == 13 and "'Cours'" in text for line, text in told)
        assert "trois" not in "".join(one.message("fr") for one in problems)


def test_a_diagnostic_has_a_path_and_the_words_of_the_schema() -> None:
    """A person learns where the element is, and what the schema says of its type or of that of its attribute."""
    told = {(one.problem.where.xpath, one.problem.slug): one.told for one in explained(BROKEN.encode(), "edt.xsd")}
    pupil = "/ExportEmploiDuTemps/Eleves/Eleve"
    assert told[pupil, "structure_value"] == "Sexe, sans accent (edt 2.12)."
    assert told[pupil, "structure_text"].startswith("Élève, ses responsables")
    assert told["/ExportEmploiDuTemps/Eleves/Elève", "structure_surplus"] == "Élèves (edt 2.12)."


def test_the_root_is_told_with_its_namespace() -> None:
    """A root in no namespace, or in another, is a finding that shows it; nothing below it is looked at."""
    for name, shown in (("<Eleve/>", "Eleve"), ('<Eleve xmlns="urn:x"><Z/></Eleve>', "Eleve (urn:x)")):
        (one,) = found(name.encode(), "pronote-feed.xsd")
        assert (one.slug, one.params["element"]) == ("structure_root", shown)
        assert one.params["expected"] == "Eleve, Parent, Professeur"
        assert [friendly.problem.slug for friendly in explained(name.encode(), "pronote-feed.xsd")] == [one.slug]


def test_lines_are_exact_however_long_the_file_is() -> None:
    """Beyond line 65,535 too, where libxml2 loses count, and however the bytes were cut."""
    rows = b'<Salle Ident="1" Nom="A"/>\n' * 70_000
    head = b'<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" Version="1.1"><Salles>\n'
    content = head + rows + b'<Salle Ident="x"\nNom="A"/></Salles><Cours/></ExportEmploiDuTemps>'
    for size in (7_001, len(content)):
        cut = (content[at : at + size] for at in range(0, len(content), size))
        assert [(one.slug, one.where.line) for one in structure(cut, "edt.xsd").problems] == [
            ("structure_value", 70_003)
        ]


def test_validation_stops_after_a_thousand_departures() -> None:
    """Memory and time are bounded whatever the file holds; the report says that the rest was not looked at."""
    rows = b"<Salle/>\n" * 5_000
    head = b'<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" Version="1.1"><Salles>\n'
    report = structure([head + rows + b"</Salles><Cours/></ExportEmploiDuTemps>"], "edt.xsd")
    assert sum(report.counts.values()) == 1_001
    assert report.problems[-1].slug == "structure_stopped"


def test_what_is_no_xml_is_not_judged() -> None:
    """It raises what reading raises, never a verdict; so do limits, in both engines."""
    for content in (b"<a", b"", b"<a></b>", b"PK\x03\x04", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"):
        for engine in (found, explained):
            with pytest.raises(UnreadableInput):
                engine(content, "edt.xsd")
    deep = b"<a>" * 40 + b"</a>" * 40
    with pytest.raises(LimitExceeded):
        structure([deep], "edt.xsd")
    with pytest.raises(LimitExceeded):
        explained(deep, "edt.xsd", limits=Limits(depth=4))


def test_mistakes_of_the_caller() -> None:
    """An unknown schema, or a document too large for a person to read about, is a usage error."""
    for engine in (found, explained):
        with pytest.raises(UsageError, match="no schema"):
            engine(b"<a/>", "word.xsd")
    with pytest.raises(UsageError, match="at most"):
        explained(b"<a>" + b" " * SMALL + b"</a>", "edt.xsd")


def test_a_container_may_be_long() -> None:
    """The content of a container is one text of more than a million characters, and is taken as its reader takes it."""
    document = b"<ExportEmploiDuTemps>" + b"x" * 1_200_000 + b"</ExportEmploiDuTemps>"
    whole = sealed(document, new_key(), partner="NEO", compressed=False)
    assert {one.slug for one in found(whole, "edt-container.xsd")} == {"structure_value"}, "it has no date"


def test_a_delivery_is_valid_with_its_doctype() -> None:
    """Every file of a written delivery is without a finding."""
    for name, chunks in aaf.write(generate(7, pupils=24).directory):
        assert structure(chunks, "aaf.xsd", file=name).problems == ()


def test_every_kind_of_file_has_its_schema() -> None:
    """Each schema is that of a kind of file, but for the strict one of EDT; what is no XML or is packed has none."""
    assert {*GRAMMARS.values(), "edt-1.1.xsd"} == set(NAMES)
    assert grammar_of(identify(b"<ficAlimMENESR/>")) == "aaf.xsd"
    assert grammar_of(identify(b"BEGIN:VCALENDAR")) is None
    assert grammar_of(identify(b"")) is None


@pytest.mark.parametrize("folder", ["aaf", "edt", "sts", "udt/college", "pronote"])
def test_samples_are_known_by_their_content(corpus: Callable[[str], Path], folder: str) -> None:
    """Each XML sample that `identify` knows has a schema, and its findings are those of its README, mostly none."""
    off = {
        "accueil_sans_espace_de_noms.xml": {"structure_root"},
        "conteneur_export_index.xml": {"structure_root"},
    }
    for path in sorted(corpus(folder).glob("*.xml")):
        content = path.read_bytes()
        name = grammar_of(identify(content))
        slugs = set() if name is None else {one.slug for one in found(content, name)}
        assert slugs == off.get(path.name, set()), path.name


def test_a_bad_value_in_a_key_is_told_once() -> None:
    """An identifier that is no identifier is one finding, although it is also part of a key."""
    content = (
        '<ficAlimMENESR><addRequest><operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr>'
        "</operationalAttributes><identifier><id>3 10</id></identifier>"
        '<attributes><attr name="sn"><value>A</value></attr></attributes></addRequest></ficAlimMENESR>'
    )
    assert [one.slug for one in found(content.encode(), "aaf.xsd")] == ["structure_value"]


def test_keys_may_be_left_out() -> None:
    """Then nothing is said of those that are repeated, and everything else is."""
    pupil = (
        '<addRequest><operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr>'
        "</operationalAttributes><identifier><id>310</id></identifier>"
        '<attributes><attr name="sn"><value>A</value></attr></attributes></addRequest>'
    )
    content = f"<ficAlimMENESR>{pupil}{pupil}<stray/></ficAlimMENESR>".encode()
    told = {keys: {one.slug for one in structure([content], "aaf.xsd", keys=keys).problems} for keys in (True, False)}
    assert told[True] - told[False] == {"structure_repeated"}
    assert told[False] == {"structure_surplus"}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('Sexe="L\' ABBÉ DUPONT"', "Masculin, Feminin"),
        ('Sexe="X\' is not an element of the set {DUPONT}"', "Masculin, Feminin"),
        ('Sexe="DUPONT\nDUPONT"', "Masculin, Feminin"),
        ("Sexe=\"value must be one of ['DUPONT']\"", "Masculin, Feminin"),
        ('Sexe="Feminin" DateNaissance="DUPONT\' is not DUPONT"', "birthDateType"),
        ('Sexe="Feminin" Ident="DUPONT"', "xs:unsignedInt"),
    ],
)
def test_a_value_never_shows(attributes: str, expected: str) -> None:
    """Whatever stands in a value, no part of it is taken for what was expected, which is shown to anybody."""
    ident = "" if "Ident" in attributes else 'Ident="1"'
    pupil = f'<Eleve {ident} Nom="A" Prenom="B" {attributes}/>'
    content = f'<ExportEmploiDuTemps xmlns="{EDT}" Version="1.1"><Eleves>{pupil}</Eleves><Cours/></ExportEmploiDuTemps>'
    (one,) = found(content.encode(), "edt.xsd")
    assert one.params["expected"] == expected
    assert "DUPONT" in str(one.params["value"])
    friendly = [diagnostic.problem for diagnostic in explained(content.encode(), "edt.xsd")]
    for told in (one, *friendly):
        assert "DUPONT" not in told.message("fr") + told.message("en") + repr(told) + str(told)


EDT = "http://www.index-education.com/exportemploidutemps"


LESSON = '<Cours Jour="9" NumeroPlaceDebut="1" NombrePlaces="1"/>'
ROW = "<Eleves><NOM> </NOM><PRENOM>A</PRENOM><IDENTIFIANT_PRONOTE>A</IDENTIFIANT_PRONOTE></Eleves>"
WRONG = [
    ("edt.xsd", f'<ExportEmploiDuTemps xmlns="{EDT}" Version="1"><Cours>{LESSON}</Cours></ExportEmploiDuTemps>', "7"),
    ("pronote-identifiers.xsd", f'<TABLE nom="x">{ROW}</TABLE>', "minLength"),
    ("emp-sts.xsd", "<EDT_STS><PARAMETRES><UAJ/><ANNEE_SCOLAIRE>X</ANNEE_SCOLAIRE></PARAMETRES></EDT_STS>", r"\d{4}"),
]


@pytest.mark.parametrize(("name", "content", "expected"), WRONG, ids=[one[0] for one in WRONG])
def test_what_was_expected_of_a_value(name: str, content: str, expected: str) -> None:
    """A bound, a length and a pattern are told as the schema has them."""
    told = [one.params["expected"] for one in found(content.encode(), name) if one.slug == "structure_value"]
    assert told == [expected]
