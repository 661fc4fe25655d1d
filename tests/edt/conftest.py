"""What the tests of timetable exports share: one small document, and ways of reading variants of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from entformats import edt

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = """<?xml version="1.0" encoding="UTF-8"?>
<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" Version="2.0" UAI="0749999S">
  <Etablissements><Etablissement Ident="1" Numero="0749999S" Nom="COLLEGE FICTIF"/></Etablissements>
  <AnneeScolaire DateDebut="2022-09-01" DateFin="2023-08-31" DatePremierJourSemaine1="2022-08-29"/>
  <GrilleHoraire NombrePlacesParJour="3" DureePlace="55">
    <JoursOuvres><Jour>1</Jour><Jour>2</Jour></JoursOuvres>
    <PlacesParJour>
      <Place Numero="0" LibelleHeureDebut="08:00:00" LibelleHeureFin="08:55:00"/>
      <Place Numero="1" LibelleHeureDebut="08:55:00" LibelleHeureFin="09:50:00"/>
      <Place Numero="2" LibelleHeureDebut="10:05:00" LibelleHeureFin="11:00:00"/>
    </PlacesParJour>
  </GrilleHoraire>
  <Matieres><Matiere Ident="3" Code="MATHS" Libelle="MATHEMATIQUES"/></Matieres>
  <Professeurs><Professeur Ident="2" Nom="VALMOND" Prenom="Odile" IDPN="K7WQ2ZTB9XNHJ4CV"/></Professeurs>
  <Personnels><Personnel Ident="2" Nom="BREDOUX" Prenom="Yann"/></Personnels>
  <Classes>
    <Classe Ident="2" Nom="6A"><Etablissement Ident="1"/><PartieDeClasse Ident="7"/></Classe>
    <Classe Ident="3" Nom="6B"><Etablissement Ident="1"/></Classe>
  </Classes>
  <Groupes><Groupe Ident="4" Nom="6A G1"><PartieDeClasse Ident="7"/></Groupe></Groupes>
  <Salles><Salle Ident="5" Nom="12"/></Salles>
  <Materiels><Materiel Ident="2" Nom="Chariot"/></Materiels>
  <Responsables><Responsable Ident="9" Nom="MORTELLE" Prenom="Claire" CodePostal="74130"/></Responsables>
  <Eleves>
    <Eleve Ident="1" Nom="MORTELLE" Prenom="Zoé" DateNaissance="2011-03-14" Sexe="Feminin" IDPN="BQ9DJN3VPYH5ZE7T">
      <Responsable Ident="9" RespLegal="1"/>
      <Classe Ident="2" DateEntree="2022-09-01" DateSortie="2023-08-31"/>
      <PartieDeClasse Ident="7" DateEntree="2022-09-01" DateSortie="2023-08-31"/>
    </Eleve>
  </Eleves>
  <Cours>
    <Cours Jour="1" NumeroPlaceDebut="0" NombrePlaces="2" Annuel="1">
      <Matiere Ident="3"/>
      <Professeur Ident="2" Semaines="124"/>
      <Classe Ident="2" Semaines="124"/>
      <Salle Ident="5" Semaines="124"/>
    </Cours>
  </Cours>
</ExportEmploiDuTemps>
"""


@pytest.fixture(scope="session")
def small() -> str:
    """Give a document in which nothing is to be found, to be spoilt."""
    return SMALL


@pytest.fixture(scope="session")
def variant() -> Callable[..., edt.Export]:
    """Give a reader of the small document in which texts were replaced; each must be there."""

    def read(*changes: tuple[str, str], uai: str | None = None) -> edt.Export:
        text = SMALL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return edt.read(text.encode(), uai=uai)

    return read
