"""Version 1.1 as it is written: the grammar of the format page, and nothing else (edt 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from lxml import etree

from entformats import edt
from entformats.errors import UsageError
from entformats.testing import school
from entformats.testing.strategies.timetables import timetables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from entformats.timetable import Timetable

FEW = settings(max_examples=settings().max_examples // 5)
CORE = edt.Layout(core=True)
CHILDREN = {
    "ExportEmploiDuTemps": "AnneeScolaire GrilleHoraire Matieres Professeurs Classes Groupes Salles Eleves Cours",
    "GrilleHoraire": "JoursOuvres PlacesParJour",
    "JoursOuvres": "Jour",
    "PlacesParJour": "Place",
    "Matieres": "Matiere",
    "Professeurs": "Professeur",
    "Classes": "Classe",
    "Classes/Classe": "PartieDeClasse",
    "Groupes": "Groupe",
    "Groupes/Groupe": "Classe PartieDeClasse",
    "Salles": "Salle",
    "Eleves": "Eleve",
    "Eleves/Eleve": "Responsable Classe PartieDeClasse",
    "ExportEmploiDuTemps/Cours": "Cours",
    "Cours/Cours": "Matiere Professeur Classe PartieDeClasse Groupe Salle",
}
"""Element, below its parent where its name is that of another -> its children, in order."""
ATTRIBUTES = {
    "ExportEmploiDuTemps": "Version! UAI",
    "AnneeScolaire": "DateDebut! DateFin! DatePremierJourSemaine1!",
    "GrilleHoraire": "NombrePlacesParJour! DureePlace!",
    "Place": "Numero! LibelleHeureDebut LibelleHeureFin",
    "Matieres/Matiere": "Ident! Code! Libelle!",
    "Professeurs/Professeur": "Ident! Nom! Prenom! CodePostal DateNaissance IDSTS IDPN IDCAS",
    "Classes/Classe": "Ident! Nom!",
    "Groupes/Groupe": "Ident! Nom!",
    "Salles/Salle": "Ident! Nom!",
    "Eleves/Eleve": "Ident! Nom! Prenom! DateNaissance Sexe CodePostal NumeroNational IDSconet IDPN IDCAS"
    " IDEtablissement",
    "Eleve/Responsable": "Ident! RespLegal! Nom! Prenom! Civilite Adresse1! Adresse2 Adresse3 Adresse4 CodePostal Ville"
    " IDPN IDCAS",
    "Eleve/Classe": "Ident! DateEntree DateSortie",
    "Eleve/PartieDeClasse": "Ident! DateEntree DateSortie",
    "Cours/Cours": "Jour! NumeroPlaceDebut! NombrePlaces!",
    "Cours/Matiere": "Ident!",
    "Cours/Professeur": "Ident! Semaines!",
    "Cours/Classe": "Ident! Semaines!",
    "Cours/PartieDeClasse": "Ident! Semaines!",
    "Cours/Groupe": "Ident! Semaines!",
    "Cours/Salle": "Ident! Semaines!",
}
"""Element, below its parent where it matters -> its attributes; those that are required end in `!`."""


def document(timetable: Timetable) -> etree._Element:
    """Write version 1.1, and parse it."""
    [(_, chunks)] = edt.write(timetable, layout=CORE)
    return etree.fromstring(b"".join(chunks))


def name_of(element: etree._Element) -> str:
    """Give the local name of an element."""
    return str(etree.QName(element).localname)


def check(root: etree._Element) -> None:
    """Hold each element to the grammar: its children and their order, its attributes."""
    for element in root.iter("*"):
        own = name_of(element)
        above = element.getparent()
        place = own if above is None else f"{name_of(above)}/{own}"
        order = CHILDREN.get(place, CHILDREN.get(own, "") if own != "Cours" else "").split()
        names = [name_of(child) for child in element]
        assert set(names) <= set(order), (place, names)
        assert names == sorted(names, key=order.index), (place, names)
        attributes = ATTRIBUTES.get(place, ATTRIBUTES.get(own, "Ident!")).split() if element.attrib else []
        assert set(element.attrib) <= {one.removesuffix("!") for one in attributes}, (place, dict(element.attrib))
        required = {one[:-1] for one in attributes if one.endswith("!")}
        assert required <= set(element.attrib) | LATER, (place, element.attrib)
        assert own != "Cours" or place == "ExportEmploiDuTemps/Cours" or names.count("Matiere") == 1


LATER = {"DatePremierJourSemaine1", "DateDebut", "DateFin", "NombrePlacesParJour", "DureePlace"}
"""What a timetable may not know of the year and the grid."""


@FEW
@given(timetables())
def test_any_timetable_is_written_in_the_published_grammar(timetable: Timetable) -> None:
    """Whatever it holds: later elements and attributes are left out, the order is that of the grammar."""
    root = document(timetable)
    check(root)
    assert root.get("Version") == "1.1"


def test_the_samples_and_a_school(corpus: Callable[[str], Path]) -> None:
    """Everything of version 1.1 comes back: lessons with their dates, classes, groups, pupils and guardians."""
    for timetable in (school.generate(seed=3, pupils=24).first, edt.read(corpus("edt/example.xml")).timetable):
        check(document(timetable))
        [(_, chunks)] = edt.write(timetable, layout=CORE)
        again = edt.read(b"".join(chunks)).timetable
        assert again.version == "1.1"
        assert list(again.classes) == list(timetable.classes)
        assert again.guardians.keys() <= timetable.guardians.keys()
        for name, pupil in timetable.pupils.items():
            assert {one.of for one in again.pupils[name].memberships} == {
                one.of for one in pupil.memberships if one.of in timetable.classes or one.of in timetable.class_parts
            }
        kept = [one for one in timetable.weekly_lessons if one.first_slot is not None and one.slot_count]
        assert len(again.weekly_lessons) == len(kept)
        for before, after in zip(kept, again.weekly_lessons, strict=True):
            assert not after.weeks - before.active_weeks


def test_a_layout_is_that_of_edt() -> None:
    """The other dialects have one layout only."""
    with pytest.raises(UsageError, match="one layout"):
        edt.write(school.generate(seed=3, pupils=24).first, dialect="udt", layout=CORE)
