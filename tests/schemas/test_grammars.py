"""The published schemas: documented, valid for every sample and for whatever the library writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given, settings
from lxml import etree

from entformats import edt, schema
from entformats.edt.index.writer import Layout, write_index
from entformats.errors import UsageError
from entformats.testing.envelopes import new_key, sealed
from entformats.testing.school import generate
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import Timetable

Verdict = Callable[[str, bytes], bool]
Engines = Callable[[str], tuple[etree.XMLSchema, xmlschema.XMLSchema10]]
XS = "{http://www.w3.org/2001/XMLSchema}"
FRENCH = f"{XS}annotation/{XS}documentation[@{{http://www.w3.org/XML/1998/namespace}}lang='fr']"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
PAGES = {"emp-sts.xsd": "sts", "sts-emp.xsd": "sts"}
"""Schemas whose page of the formats is not the first word of their name; SIECLE is on the page of STS-Web."""
GRAMMARS = [name for name in schema.names() if name.endswith(".xsd")]
ROOTS = {
    "ExportEmploiDuTemps": "edt.xsd",
    "STS_EDT": "sts-emp.xsd",
    "EDT_STS": "emp-sts.xsd",
    "BEE_ELEVES": "siecle-eleves.xsd",
    "BEE_RESPONSABLES": "siecle-responsables.xsd",
}


@pytest.mark.parametrize("name", [name for name in GRAMMARS if name != "aaf.xsd"])
def test_each_type_and_root_is_documented(name: str) -> None:
    """Each type, and each element a document may begin with, says what it is, in French, and where that is told."""
    tree = etree.fromstring(schema.read(name), PARSER)
    named = [node for node in tree if node.get("name")]
    page = PAGES.get(name, name.partition("-")[0].removesuffix(".xsd").replace("siecle", "sts"))
    untold = [node.get("name") for node in named if f"{page} " not in " ".join(node.findtext(FRENCH, "").split())]
    assert len(named) > 1
    assert untold == []


@pytest.mark.parametrize("name", GRAMMARS)
def test_a_grammar_is_complete_in_itself(name: str) -> None:
    """Nothing is imported or included, no type is left unused, and the folder tells what each file describes."""
    text = schema.read(name).decode()
    tree = etree.fromstring(text.encode(), PARSER)
    assert [node.tag for node in tree.iter(f"{XS}import", f"{XS}include", f"{XS}redefine")] == []
    used = {
        word.rpartition(":")[2]
        for node in tree.iter(f"{XS}*")
        for place in ("type", "base", "memberTypes", "itemType")
        for word in node.get(place, "").split()
    }
    types = {node.get("name") for node in tree if node.tag in {f"{XS}complexType", f"{XS}simpleType"}}
    assert types - used == set()
    assert f"`{name}`" in (Path(__file__).parents[2] / "schemas" / "README.md").read_text("utf-8")


SAMPLES = [
    ("pronote-reconciliation.xsd", "pronote/rapprochement_sso.xml", True),
    ("pronote-container.xsd", "pronote/conteneur_import_chiffre.xml", True),
    ("pronote-feed.xsd", "pronote/accueil_eleve.xml", True),
    ("pronote-feed.xsd", "pronote/accueil_parent.xml", True),
    ("pronote-feed.xsd", "pronote/accueil_professeur.xml", True),
    # an imitation of a feed: no namespace, another order, an unknown page
    ("pronote-feed.xsd", "pronote/accueil_sans_espace_de_noms.xml", False),
    ("pronote-identifiers.xsd", "pronote/identifiants.xml", True),
    ("pronote-identifiers.xsd", "pronote/identifiants_table.xml", True),
    ("pronote-export.xsd", "pronote/EXP_ELEVE.xml", True),
    # drawn from programs that compare local names: it lacks the namespace of the genuine containers
    ("edt-container.xsd", "pronote/conteneur_export_index.xml", False),
    ("edt.xsd", "edt/example.xml", True),
    ("edt.xsd", "edt/college.xml", True),
    ("edt.xsd", "edt/college-s2.xml", True),
    ("sts-emp.xsd", "sts/sts_emp_0740000Y_2022.xml", True),
    ("sts-emp.xsd", "sts/variantes/sts_emp_0740000Y_2022_avant_remontee.xml", True),
    ("sts-emp.xsd", "sts/variantes/sts_emp_0740000Y_2022_indente.xml", True),
    # a wrong letter in the number of the school is a matter of values
    ("sts-emp.xsd", "sts/variantes/sts_emp_0740000X_2022_mauvaise_cle.xml", True),
    ("emp-sts.xsd", "sts/emp_sts_0740000Y_2022.xml", True),
    # groups inside the divisions
    ("emp-sts.xsd", "sts/variantes/emp_sts_0740000Y_2022_groupes_imbriques.xml", False),
    ("siecle-eleves.xsd", "sts/ElevesSansAdresses.xml", True),
    # a misspelt element and an unknown kind of structure
    ("siecle-eleves.xsd", "sts/variantes/ElevesSansAdresses_malforme.xml", False),
    ("siecle-nomenclatures.xsd", "sts/Nomenclature.xml", True),
    ("siecle-structures.xsd", "sts/Structures.xml", True),
]


@pytest.mark.parametrize(("name", "sample", "valid"), SAMPLES, ids=[one[1] for one in SAMPLES])
def test_samples(corpus: Callable[[str], Path], verdict: Verdict, name: str, sample: str, valid: bool) -> None:
    """A sample is valid, or is off on purpose; both engines agree."""
    assert verdict(name, corpus(sample).read_bytes()) is valid


def test_the_records_of_the_sample_of_udt(corpus: Callable[[str], Path], verdict: Verdict) -> None:
    """Each record of each member is valid, whatever its root, but for those of the member that nobody reads."""
    refused = set()
    for path in sorted(corpus("udt/college").glob("*.xml")):
        for record in {str(one.tag): one for one in etree.parse(path, PARSER).getroot()}.values():
            if not verdict("udt.xsd", etree.tostring(record)):
                refused.add(path.name)
    assert refused == {"UDCal_99.xml"}


def refusals(timetable: Timetable, dialect: str, engines: Engines) -> set[str]:
    """Give why what is written in a dialect is not valid."""
    found = set()
    for _, chunks in edt.write(timetable, dialect=dialect):
        root = etree.fromstring(b"".join(chunks), PARSER)
        own = ROOTS.get(etree.QName(root).localname)
        libxml, _pure = engines(own or "udt.xsd")
        for element in [root] if own else root:
            if not libxml.validate(element):
                found |= {error.message for error in libxml.error_log}
    return found


OLD = """<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" Version="1.1" UAI="0749999S">
<AnneeScolaire DateDebut="2022-09-01" DateFin="2023-08-31" DatePremierJourSemaine1="2022-08-29"/>
<GrilleHoraire NombrePlacesParJour="10" DureePlace="60"><JoursOuvres><Jour>1</Jour></JoursOuvres>
<PlacesParJour><Place Numero="2" LibelleHeureDebut="10:05:00" LibelleHeureFin="11:00:00"/></PlacesParJour>
</GrilleHoraire>
<Matieres><Matiere Ident="4" Code="SVT" Libelle="SCIENCES VIE &amp; TERRE"/></Matieres>
<Professeurs><Professeur Ident="3" Nom="D'ORVAUX" Prenom="JEAN-MARIE" IDPN="3FHBX9KQWNT5ZD2M"/></Professeurs>
<Classes><Classe Ident="2" Nom="6A"><PartieDeClasse Ident="2"/></Classe></Classes>
<Groupes><Groupe Ident="2" Nom="6A SVT G1"><PartieDeClasse Ident="2"/></Groupe></Groupes>
<Salles/><Eleves/><Cours><Cours Jour="2" NumeroPlaceDebut="2" NombrePlaces="1"><Matiere Ident="4"/>
<Professeur Ident="3" Semaines="46903872497832"><!--Domaine : [3]--></Professeur></Cours></Cours>
</ExportEmploiDuTemps>"""


@pytest.mark.parametrize(
    ("old", "new", "later"),
    [
        pytest.param("", "", True, id="as published"),
        pytest.param("<Salles/>", "<Materiels/><Salles/>", True, id="a list of later versions"),
        pytest.param(' UAI="0749999S"', "", True, id="no school"),
        pytest.param("IDPN", "IdPN", True, id="as an export of 2013 wrote it"),
        pytest.param("<Salles/><Eleves/>", "<Eleves/><Salles/>", True, id="another order"),
        pytest.param('Ident="4" Code', 'Ident="quatre" Code', False, id="a number that is none"),
    ],
)
def test_the_strict_grammar_of_edt(verdict: Verdict, old: str, new: str, later: bool) -> None:
    """What version 1.1 takes, later versions take; they take more."""
    content = OLD.replace(old, new, 1).encode()
    assert verdict("edt-1.1.xsd", content) is (old == new)
    assert verdict("edt.xsd", content) is later


@pytest.mark.parametrize("dialect", ["edt", "udt", "sts"])
def test_what_a_school_gives_is_valid(engines: Engines, dialect: str) -> None:
    """The export of a whole school is valid, in each dialect."""
    assert refusals(generate(7, pupils=40).second, dialect, engines) == set()


@pytest.mark.parametrize(
    "layout",
    [
        Layout(domains=True),
        Layout(inline_guardians=True),
        Layout(domains=True, inline_guardians=True),
        Layout(core=True),
    ],
)
def test_every_layout_is_valid(verdict: Verdict, layout: Layout) -> None:
    """So is the export of EDT as version 1.1 lays it out: weeks as comments, guardians inside their pupils."""
    for _, chunks in write_index(generate(7, pupils=24).second, layout=layout):
        assert verdict("edt.xsd", b"".join(chunks))


@pytest.mark.parametrize(
    "files", ["*.xml", "variantes/sts_emp*avant*", "variantes/sts_emp*indente*", "variantes/emp_sts*"]
)
def test_what_is_read_from_sts_is_written_validly(corpus: Callable[[str], Path], verdict: Verdict, files: str) -> None:
    """Whatever the samples hold is written back in the order of the grammar, what the model has no field for too."""
    read = edt.read([path.read_bytes() for path in sorted(corpus("sts").glob(files))])
    for name, chunks in edt.write(read.timetable, dialect="sts"):
        content = b"".join(chunks)
        assert verdict(ROOTS[str(etree.QName(etree.fromstring(content, PARSER)).localname)], content), name


@pytest.mark.parametrize("source", ["edt/example.xml", "edt/college.xml", "sts", "udt/college"])
@pytest.mark.parametrize("dialect", ["edt", "udt", "sts"])
def test_what_one_program_says_is_written_for_another(
    corpus: Callable[[str], Path], engines: Engines, source: str, dialect: str
) -> None:
    """The samples of each program are written validly for each, but for words and hours that EDT does not know."""
    path = corpus(source)
    files = [one.read_bytes() for one in sorted(path.glob("*.xml"))] if source == "sts" else path
    found = refusals(edt.read(files, uai=UAI_OF.get(source)).timetable, dialect, engines)
    foreign = dialect == "edt" and not source.startswith("edt")
    words = ("' is not allowed", "attribute 'Sexe'", "'NumeroPlaceDebut' is required", "'NombrePlaces' is required")
    assert [text for text in found if not (foreign and any(word in text for word in words))] == []


UAI_OF = {"udt/college": "0740000Y"}
EXCUSES = (
    "attribute 'LibelleHeureDebut' is required",  # a place without times
    "attribute 'LibelleHeureFin' is required",
    "'ANNEE_SCOLAIRE'",  # a timetable without a year
    "[facet 'maxInclusive'] The value '9'",  # a day that is none
)
"""What a timetable may lack although the format requires it: it is written all the same, so that nothing is lost."""


@given(timetables())
@settings(max_examples=40)
def test_whatever_is_written_is_valid(engines: Engines, timetable: Timetable) -> None:
    """Any timetable is written validly in each dialect, but for what it lacks and the format requires."""
    for dialect in ("edt", "udt", "sts"):
        try:
            found = refusals(timetable, dialect, engines)
        except UsageError:
            continue  # weeks that do not begin on a Monday: UDT cannot hold them
        assert [text for text in found if not any(excuse in text for excuse in EXCUSES)] == []


def test_a_container_made_here_is_valid(verdict: Verdict) -> None:
    """The encrypted container that tests make follows the grammar of the genuine ones."""
    made = sealed(b"<ExportEmploiDuTemps/>", new_key(), partner="NEO", at=datetime(2026, 9, 1, 6, tzinfo=UTC))
    assert verdict("edt-container.xsd", made)
