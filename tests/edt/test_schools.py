"""Which school an export is about, and one school out of several (edt 2.2, 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from entformats import edt

if TYPE_CHECKING:
    from collections.abc import Callable

ONE = '<Etablissement Ident="1" Numero="0749999S" Nom="COLLEGE FICTIF"/>'
TWO = ONE + '<Etablissement Ident="2" Numero="0740000Y" Nom="LYCEE FICTIF"/>'
GROUPS = (
    '<Groupe Ident="5" Nom="2A G1"><PartieDeClasse Ident="8"/></Groupe>'
    '<Groupe Ident="6" Nom="MIXTE"><PartieDeClasse Ident="7"/><PartieDeClasse Ident="8"/></Groupe>'
    '<Groupe Ident="7" Nom="LISTE"><Eleve Ident="1"/><Eleve Ident="6"/></Groupe>'
    '<Groupe Ident="8" Nom="AUTRES"><Eleve Ident="6"/></Groupe>'
    '<Groupe Ident="9" Nom="VIDE"/></Groupes>'
)
PUPILS = (
    '<Eleve Ident="6" Nom="AUTRE" Prenom="Léa" DateNaissance="2007-01-02" Sexe="Feminin"><Responsable Ident="10"/>'
    '<Classe Ident="3"/></Eleve></Eleves>'
)
LESSONS = (
    '</Cours><Cours Jour="2" NumeroPlaceDebut="0" NombrePlaces="1" Annuel="1"><Matiere Ident="3"/>'
    '<Classe Ident="2" Semaines="8"/><Classe Ident="3" Semaines="24"/></Cours>'
    '<Cours Jour="2" NumeroPlaceDebut="1" NombrePlaces="1" Annuel="1"><Matiere Ident="3"/>'
    '<Classe Ident="3" Semaines="8"/></Cours>'
    '<Cours Jour="2" NumeroPlaceDebut="2" NombrePlaces="1" Annuel="1"><Matiere Ident="3"/>'
    '<Professeur Ident="2" Semaines="8"/></Cours>\n  </Cours>'
)
SHARED = [
    (ONE, TWO),
    (
        '<Classe Ident="3" Nom="6B"><Etablissement Ident="1"/>',
        '<Classe Ident="3" Nom="2A"><Etablissement Ident="2"/><PartieDeClasse Ident="8"/>',
    ),
    ("</Groupes>", GROUPS),
    ("</Responsables>", '<Responsable Ident="10" Nom="AUTRE" Prenom="Jo"/></Responsables>'),
    ("</Eleves>", PUPILS),
    ("</Cours>\n  </Cours>", LESSONS),
]


def slugs(export: edt.Export) -> set[str]:
    """Give the findings that are about the school."""
    return {p.slug for p in export.report.problems} - {"group_empty", "birth_date_empty"}


def test_the_expected_school(variant: Callable[..., edt.Export]) -> None:
    """Asked for in any letter case: nothing to say."""
    assert slugs(variant(uai="0749999s")) == set()


def test_another_school_is_an_error(variant: Callable[..., edt.Export]) -> None:
    """The timetable keeps its own UAI, so that whoever imports can refuse it."""
    export = variant(uai="0740000Y")
    assert slugs(export) == {"unexpected_uai"}
    assert export.timetable.uai == "0749999S"
    [found] = export.report.problems
    assert dict(found.params) == {"expected": "0740000Y", "found": "0749999S"}


def test_the_uai_of_the_only_establishment(variant: Callable[..., edt.Export]) -> None:
    """Where the root has none."""
    export = variant((' UAI="0749999S"', ""))
    assert (export.timetable.uai, slugs(export)) == ("0749999S", set())


def test_no_uai_at_all(variant: Callable[..., edt.Export]) -> None:
    """Neither root nor establishment: an error."""
    export = variant((' UAI="0749999S"', ""), (ONE, ""), ('<Etablissement Ident="1"/>', ""))
    assert (export.timetable.uai, slugs(export)) == ("", {"timetable_uai_invalid"})


def test_several_schools_ask_for_a_choice(variant: Callable[..., edt.Export]) -> None:
    """Without one, an error that names them; everything is there."""
    export = variant(*SHARED)
    assert slugs(export) == {"establishment_choice_needed"}
    assert len(export.timetable.classes) == 2
    assert len(export.timetable.weekly_lessons) == 4
    [found] = export.report.of_slug("establishment_choice_needed")
    assert found.params["schools"] == "0749999S, 0740000Y"


def test_a_school_that_is_none_of_several(variant: Callable[..., edt.Export]) -> None:
    """An error, and nothing is left out."""
    export = variant(*SHARED, uai="0750001T")
    assert slugs(export) == {"unexpected_uai"}
    assert len(export.timetable.classes) == 2


@pytest.mark.parametrize(
    ("uai", "classes", "groups", "pupils", "guardians", "lessons"),
    [
        ("0749999S", ["6A"], ["6A G1", "LISTE", "VIDE"], ["pupil:1"], ["guardian:9"], 2),
        ("0740000Y", ["2A"], ["2A G1", "LISTE", "AUTRES", "VIDE"], ["pupil:6"], ["guardian:10"], 2),
    ],
)
def test_one_school_out_of_several(
    variant: Callable[..., edt.Export],
    uai: str,
    classes: list[str],
    groups: list[str],
    pupils: list[str],
    guardians: list[str],
    lessons: int,
) -> None:
    """Its classes, the groups wholly made of them, their pupils and guardians, the lessons that touch them."""
    export = variant(*SHARED, uai=uai)
    timetable = export.timetable
    assert (timetable.uai, slugs(export)) == (uai, set())
    assert [one.name for one in timetable.classes.values()] == classes
    assert [one.name for one in timetable.option_groups.values()] == groups
    assert list(timetable.pupils) == pupils
    assert list(timetable.guardians) == guardians
    assert len(timetable.weekly_lessons) == lessons
    assert len(timetable.teachers) == 1
    known = {*timetable.classes, *timetable.class_parts, *timetable.option_groups, *timetable.pupils}
    known |= {*timetable.teachers, *timetable.rooms}
    assert all(presence.who in known for lesson in timetable.weekly_lessons for presence in lesson.presences)
    assert all(name in timetable.pupils for one in timetable.option_groups.values() for name in one.pupils)


def test_a_school_without_its_mark_on_any_class(variant: Callable[..., edt.Export]) -> None:
    """Classes that bear no establishment belong to none: nothing of the school is left but what is shared."""
    export = variant(*SHARED, ('<Etablissement Ident="1"/>', ""), uai="0749999S")
    assert not export.timetable.classes
    assert len(export.timetable.teachers) == 1


def test_the_name_of_the_file_is_only_a_hint(small: str) -> None:
    """A file named after another school is a warning; its content prevails."""
    export = edt.read({"Edt_To_ENT_0740000Y.xml": small.encode()})
    assert slugs(export) == {"file_name_uai_differs"}
    assert export.timetable.uai == "0749999S"
    assert slugs(edt.read({"Edt_To_ENT_0749999S.xml": small.encode()})) == set()
