"""Malformed and partial input: every row of the table of the format page, one after another (edt 7.1)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from entformats import edt
from entformats.errors import Encrypted, UnreadableInput, WrongFormat
from entformats.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

Change = tuple[str, str]

LESSON = '<Cours Jour="1" NumeroPlaceDebut="0" NombrePlaces="2" Annuel="1">'
TEACHER = '<Professeur Ident="2" Semaines="124"/>'
CLASS = '<Classe Ident="2" Semaines="124"/>'
YEAR = '<AnneeScolaire DateDebut="2022-09-01" DateFin="2023-08-31" DatePremierJourSemaine1="2022-08-29"/>'
IN_CLASS = '<Classe Ident="2" DateEntree="2022-09-01" DateSortie="2023-08-31"/>'
IN_PART = '<PartieDeClasse Ident="7" DateEntree="2022-09-01" DateSortie="2023-08-31"/>'
TWO_SCHOOLS = (
    '<Etablissement Ident="1" Numero="0749999S" Nom="COLLEGE FICTIF"/><Etablissement Ident="2" Numero="0740000Y"/>'
)
ROOT = '<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" '

ROWS: list[tuple[str, list[Change], set[str]]] = [
    ("nothing wrong", [], set()),
    (
        "namespace missing",
        [(' xmlns="http://www.index-education.com/exportemploidutemps"', "")],
        {"unexpected_namespace"},
    ),
    ("namespace different", [("http://www.index-education.com/export", "urn:export")], {"unexpected_namespace"}),
    ("unknown attribute", [("<Salle Ident", '<Salle Etage="2" Ident')], {"edt_attribute_kept"}),
    ("unknown element", [("<Salle Ident", "<Ressource><Salle/></Ressource><Salle Ident")], {"edt_content_skipped"}),
    ("known attribute in other letter case", [('IDPN="K7', 'IdPN="K7')], {"attribute_letter_case"}),
    ("missing AnneeScolaire", [(YEAR, "")], {"school_year_missing"}),
    ("missing DatePremierJourSemaine1", [(' DatePremierJourSemaine1="2022-08-29"', "")], {"school_year_missing"}),
    ("unreadable DatePremierJourSemaine1", [("2022-08-29", "9999-08-29")], {"date_unreadable", "school_year_missing"}),
    ("DatePremierJourSemaine1 not a Monday", [("2022-08-29", "2022-08-30")], {"week1_not_monday"}),
    ("no GrilleHoraire", [("GrilleHoraire", "Autre")], {"grid_missing", "edt_content_skipped"}),
    ("no Place", [("<Place ", "<Trou ")], {"grid_missing", "edt_content_skipped"}),
    (
        "fewer Place than NombrePlacesParJour",
        [('NombrePlacesParJour="3"', 'NombrePlacesParJour="4"')],
        {"grid_incomplete"},
    ),
    ("empty DateNaissance", [('DateNaissance="2011-03-14"', 'DateNaissance=""')], {"birth_date_empty"}),
    ("unreadable DateNaissance", [('DateNaissance="2011-03-14"', 'DateNaissance="hier"')], {"date_unreadable"}),
    ("Ident missing", [('<Salle Ident="5" N', "<Salle N")], {"ident_unreadable", "lesson_reference_unknown"}),
    (
        "Ident non-numeric",
        [('<Salle Ident="5" N', '<Salle Ident="x" N')],
        {"ident_unreadable", "lesson_reference_unknown"},
    ),
    (
        "Ident too large",
        [('<Salle Ident="5" N', '<Salle Ident="4294967296" N')],
        {"ident_unreadable", "lesson_reference_unknown"},
    ),
    ("duplicate Ident in a type", [("<Salles>", '<Salles><Salle Ident="5" Nom="A"/>')], {"ident_duplicate"}),
    (
        "duplicate class part",
        [('<PartieDeClasse Ident="7"/></C', '<PartieDeClasse Ident="7"/><PartieDeClasse Ident="7"/></C')],
        {"ident_duplicate"},
    ),
    (
        "dangling reference in a pupil's membership",
        [(IN_PART, IN_PART.replace("7", "30", 1))],
        {"membership_reference_unknown"},
    ),
    ("dangling guardian", [('<Responsable Ident="9" R', '<Responsable Ident="8" R')], {"membership_reference_unknown"}),
    ("dangling reference in a lesson", [(CLASS, CLASS + CLASS.replace("2", "8", 1))], {"lesson_reference_unknown"}),
    ("dangling Matiere", [('<Matiere Ident="3"/>', '<Matiere Ident="8"/>')], {"lesson_reference_unknown"}),
    ("no Matiere in a lesson", [('<Matiere Ident="3"/>', "")], {"lesson_subject_count"}),
    (
        "several Matiere in a lesson",
        [('<Matiere Ident="3"/>', '<Matiere Ident="3"/><Matiere Ident="3"/>')],
        {"lesson_subject_count"},
    ),
    ("mask non-numeric", [(TEACHER, TEACHER.replace("124", "abc"))], {"mask_unreadable"}),
    ("mask negative", [(TEACHER, TEACHER.replace("124", "-2"))], {"mask_unreadable"}),
    ("mask of 2^64", [(TEACHER, TEACHER.replace("124", str(1 << 64)))], {"mask_unreadable"}),
    ("mask 0", [("124", "0")], {"lesson_without_weeks"}),
    ("missing Semaines", [(TEACHER, '<Professeur Ident="2"/>')], {"mask_missing"}),
    ("empty Semaines", [(TEACHER, '<Professeur Ident="2" Semaines=" "/>')], {"mask_missing"}),
    ("bit 0 set", [(TEACHER, TEACHER.replace("124", "125"))], {"mask_bit_zero"}),
    ("bit beyond DateFin", [(TEACHER, TEACHER.replace("124", str(124 + (1 << 60))))], {"mask_outside_year"}),
    ("bit before DateDebut on that weekday", [(TEACHER, TEACHER.replace("124", "126"))], {"mask_outside_year"}),
    ("Jour outside 1..7", [('Jour="1"', 'Jour="8"')], {"weekday_invalid"}),
    ("Jour missing", [('Jour="1" ', "")], {"number_unreadable", "weekday_invalid"}),
    ("Jour not in JoursOuvres", [('Jour="1"', 'Jour="3"')], {"weekday_not_worked"}),
    ("NombrePlaces = 0", [('NombrePlaces="2"', 'NombrePlaces="0"')], {"lesson_without_duration"}),
    (
        "lesson past the end of the grid",
        [('NumeroPlaceDebut="0"', 'NumeroPlaceDebut="2"')],
        {"lesson_end_outside_grid"},
    ),
    ("lesson beginning outside the grid", [('NumeroPlaceDebut="0"', 'NumeroPlaceDebut="7"')], {"lesson_outside_grid"}),
    (
        "DateEntree after DateSortie",
        [(IN_CLASS, IN_CLASS.replace("2022-09-01", "2023-09-01"))],
        {"membership_void", "part_outside_class"},
    ),
    (
        "overlapping windows in two classes",
        [(IN_CLASS, IN_CLASS + IN_CLASS.replace("2", "3", 1))],
        {"pupil_in_two_classes"},
    ),
    ("part of a class the pupil is not in", [(IN_CLASS, "")], {"part_outside_class"}),
    (
        "part of a class the pupil left",
        [(IN_CLASS, IN_CLASS.replace("2023-08-31", "2023-01-31"))],
        {"part_outside_class"},
    ),
    ("group without parties, classes, pupils", [('<PartieDeClasse Ident="7"/></G', "</G")], {"group_empty"}),
    (
        "partie with no group used in a lesson",
        [(CLASS, CLASS.replace("Classe", "PartieDeClasse").replace("2", "7", 1))],
        {"lesson_on_class_part_only"},
    ),
    ("teacher without name", [('Nom="VALMOND"', 'Nom=" "')], {"person_without_name"}),
    ("UAI of another shape", [("0749999S", "749999")], {"timetable_uai_invalid"}),
    ("UAI with a wrong key letter", [("0749999S", "0749999A")], {"timetable_uai_letter"}),
    (
        "several Etablissements",
        [('<Etablissement Ident="1" Numero="0749999S" Nom="COLLEGE FICTIF"/>', TWO_SCHOOLS)],
        {"establishment_choice_needed"},
    ),
    (
        "unreadable place",
        [('Numero="1"', 'Numero="x"')],
        {"number_unreadable", "grid_incomplete", "lesson_end_outside_grid"},
    ),
    ("place without number", [('Numero="2" ', "")], {"number_unreadable", "grid_incomplete"}),
    ("place twice", [('Numero="2"', 'Numero="1"')], {"slot_duplicate", "grid_incomplete"}),
    ("label that is no time", [("09:50:00", "midi")], {"time_unreadable", "lesson_end_outside_grid"}),
    ("label that is no time of the day", [("08:00:00", "25:00")], {"time_unreadable", "lesson_outside_grid"}),
    ("working day that is no number", [("<Jour>2</Jour>", "<Jour>lundi</Jour>")], {"number_unreadable"}),
    (
        "guardian described in two ways",
        [('<Responsable Ident="9" RespLegal="1"/>', '<Responsable Ident="9" RespLegal="1" Nom="AUTRE"/>')],
        {"guardian_definitions_differ"},
    ),
    ("guardian of a third rank", [('RespLegal="1"', 'RespLegal="3"')], {"number_unreadable"}),
    (
        "cancelled in a week without lesson",
        [(LESSON, LESSON.replace(" A", ' SemainesAnnulation="256" A'))],
        {"cancelled_weeks_unscheduled"},
    ),
    (
        "cancelled in unreadable weeks",
        [(LESSON, LESSON.replace(" A", ' SemainesAnnulation="x" A'))],
        {"mask_unreadable"},
    ),
    ("second AnneeScolaire", [(YEAR, YEAR + YEAR)], {"edt_content_skipped"}),
    ("attribute on a container", [("<Eleves>", '<Eleves Nombre="1">')], {"edt_content_skipped"}),
    (
        "attribute of another namespace",
        [("<Salle Ident", '<Salle xmlns:x="urn:x" x:y="1" Ident')],
        {"edt_content_skipped"},
    ),
]


@pytest.mark.parametrize(("changes", "slugs"), [pytest.param(changes, slugs, id=name) for name, changes, slugs in ROWS])
def test_a_row_of_the_table(variant: Callable[..., edt.Export], changes: list[Change], slugs: set[str]) -> None:
    """What is wrong is reported by name, and by nothing else; the rest of the timetable is there."""
    export = variant(*changes)
    assert {problem.slug for problem in export.report.problems} == slugs
    assert len(export.timetable.pupils) == 1
    assert len(export.timetable.weekly_lessons) == 1
    assert all(problem.where.line or problem.slug in WHOLE_FILE for problem in export.report.problems)


@pytest.mark.parametrize(("changes", "slugs"), [pytest.param(changes, slugs, id=name) for name, changes, slugs in ROWS])
def test_what_was_read_of_a_bad_file_survives_writing(
    variant: Callable[..., edt.Export], changes: list[Change], slugs: set[str]
) -> None:
    """Whatever is wrong, the timetable that was made of it is written and read back the same."""
    timetable = variant(*changes).timetable
    [(_, chunks)] = edt.write(timetable)
    assert edt.read(b"".join(chunks)).timetable == timetable, slugs


WHOLE_FILE = {
    "establishment_choice_needed",
    "grid_missing",
    "school_year_missing",
    "timetable_uai_invalid",
    "timetable_uai_letter",
}
"""Findings about the file as a whole, which have no line when the element is missing."""


REFUSED: list[tuple[str, bytes, type[UnreadableInput], str]] = [
    ("empty file", b"", UnreadableInput, "xml_empty"),
    ("not XML", b"%PDF-1.7", UnreadableInput, "not_xml"),
    ("a web page", b"<html><body/></html>", WrongFormat, "html_page"),
    ("unknown root", b"<Emploi/>", WrongFormat, "not_edt_export"),
    ("envelope without key", b"<EXPORT_INDEX_EDUCATION/>", Encrypted, "encrypted_envelope"),
    ("TABLE other than Cours", '<TABLE nom="Elèves"/>'.encode(), WrongFormat, "table_export"),
    ("PARTENAIRE_INDEX", b"<PARTENAIRE_INDEX/>", WrongFormat, "partner_index"),
    ("DTD", b'<!DOCTYPE a SYSTEM "a"><ExportEmploiDuTemps/>', UnreadableInput, "doctype_refused"),
]
"""What is no timetable at all: name, content, exception, finding."""


@pytest.mark.parametrize(
    ("content", "error", "slug"),
    [pytest.param(content, error, slug, id=name) for name, content, error, slug in REFUSED],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(content: bytes, error: type[UnreadableInput], slug: str) -> None:
    """No partial timetable: the right exception, with the finding that says why and on which line."""
    with pytest.raises(error) as caught:
        edt.read(content)
    assert type(caught.value) is error
    assert caught.value.problem.slug == slug
    assert caught.value.problem.where.line >= 1


def test_a_refusal_names_what_was_found() -> None:
    """The root of an unknown file and the table of a list are in the message."""
    for content, word in (("<Emploi/>", "Emploi"), ('<TABLE nom="Elèves"/>', "Elèves")):
        with pytest.raises(WrongFormat, match=word):
            edt.read(content.encode())


def test_a_truncated_file_gives_nothing(small: str) -> None:
    """A file cut in the middle is an error, whatever was complete before."""
    with pytest.raises(UnreadableInput) as caught:
        edt.read(small.encode()[:-200])
    assert caught.value.problem.slug == "xml_truncated"


@pytest.mark.parametrize("name", ["person_without_name", "date_unreadable", "mask_unreadable", "ident_unreadable"])
def test_findings_do_not_name_anybody(variant: Callable[..., edt.Export], name: str) -> None:
    """The text that was wrong may identify someone: it is hidden unless asked."""
    export = variant(
        ('Nom="VALMOND"', 'Nom=""'),
        ('DateNaissance="2011-03-14"', 'DateNaissance="MORTELLE"'),
        (TEACHER, TEACHER.replace("124", "MORTELLE")),
        ('<Salle Ident="5"', '<Salle Ident="MORTELLE"'),
    )
    [found, *_] = export.report.of_slug(name)
    assert "MORTELLE" not in f"{found} {found!r} {found.message('fr')} {found.where}"


def test_an_error_of_one_lesson_is_an_error_of_the_report(variant: Callable[..., edt.Export]) -> None:
    """A resource dropped because its weeks are unreadable is more than a warning."""
    assert variant((TEACHER, TEACHER.replace("124", "x"))).report.worst is Severity.ERROR


TABLES = Path(__file__).parents[2] / "docs" / "malformed.toml"


@pytest.mark.skipif(not TABLES.exists(), reason="the documentation is not beside the tests")
def test_the_page_says_what_the_cases_show() -> None:
    """Each row of the page names findings that its cases give, and no case is left out."""
    shown = {name: slugs for name, _, slugs in ROWS if slugs}
    shown |= {name: {slug} for name, _, _, slug in REFUSED}
    shown |= {"truncated": {"xml_truncated"}, "UAI other than expected": {"unexpected_uai"}}
    rows = tomllib.loads(TABLES.read_text(encoding="utf-8"))["edt 7.1"]["rows"]
    for row in rows:
        given = [shown[name] for name in row["cases"]]
        assert set(row["codes"]) <= set().union(*given), row["met"]
        assert all(slugs & set(row["codes"]) for slugs in given), row["met"]
    named = {name for row in rows for name in row["cases"]}
    assert shown.keys() - named == OTHERS


OTHERS = {
    "label that is no time",
    "label that is no time of the day",
    "working day that is no number",
    "guardian described in two ways",
    "guardian of a third rank",
    "cancelled in a week without lesson",
    "cancelled in unreadable weeks",
}
"""Cases beyond the table of the format page."""


@pytest.mark.parametrize("name", ["importpartenaireindexV4.6", "rapprochementssoV2.0"])
def test_the_namespace_of_a_partner_file_is_named(name: str) -> None:
    """It tells what feeds EDT from what Pronote reconciles; neither is a timetable for an ENT (edt 5)."""
    namespace = f"http://www.index-education.com/{name}"
    with pytest.raises(WrongFormat) as caught:
        edt.read(f'<PARTENAIRE_INDEX xmlns="{namespace}"/>'.encode())
    assert caught.value.problem.params["namespace"] == namespace
