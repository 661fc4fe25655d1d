"""Every malformed input and every error that users meet gives its finding, once, and no other (sts 4, 11)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from entformats import edt
from entformats.errors import UnreadableInput
from entformats.identity import Ref
from entformats.problems import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable

    Variant = Callable[..., edt.Export]

TEACHER = '<ENSEIGNANT ID="2" TYPE="epp"><HEURES_AGENT>3.00</HEURES_AGENT></ENSEIGNANT>'
SPOILT = {
    "sts_content_unknown": ("sts_emp", "</DONNEES>", "<SUPPLEANTS><SUPPLEANT/></SUPPLEANTS></DONNEES>"),
    "sts_groups_nested": (
        "emp_sts",
        "</DIVISIONS>\n<GROUPES>",
        "<GROUPES><GROUPE CODE='X'/></GROUPES></DIVISIONS>\n<GROUPES>",
    ),
    "sts_id_missing": ("sts_emp", '<MATIERE CODE="030201">', "<MATIERE/><MATIERE CODE='030201'>"),
    "sts_id_duplicate": ("sts_emp", '<MATIERE CODE="030201">', "<MATIERE CODE='061300'/><MATIERE CODE='030201'>"),
    "sts_date_unreadable": ("eleves", "01/02/2011", "2011"),
    "sts_time_unreadable": ("emp_sts", "<DUREE>0055", "<DUREE>55"),
    "sts_weekday_unreadable": ("emp_sts", "<JOUR>4", "<JOUR>8"),
    "sts_hours_unreadable": ("emp_sts", "<HEURES_AGENT>4.00", "<HEURES_AGENT>quatre"),
    "sts_boolean_unreadable": ("emp_sts", "<CO_ENS>false", "<CO_ENS>peut-être"),
    "sts_year_unreadable": ("eleves", "<ANNEE_SCOLAIRE>2022", "<ANNEE_SCOLAIRE>22"),
    "sts_year_void": ("sts_emp", "2023-08-31", "2022-08-31"),
    "sts_week_not_monday": ("emp_sts", "2022-09-12", "2022-09-13"),
    "sts_week_outside_year": ("emp_sts", "2022-09-12", "2022-08-01"),
    "sts_structure_type_unknown": ("eleves", "<TYPE_STRUCTURE>G", "<TYPE_STRUCTURE>Z"),
    "sts_teacher_unknown": ("sts_emp", TEACHER, TEACHER.replace('"2"', '"9"')),
    "sts_subject_unknown": ("emp_sts", 'CODE_MATIERE="030201"', 'CODE_MATIERE="999999"'),
    "sts_division_unknown": ("sts_emp", "<CODE_STRUCTURE>6A", "<CODE_STRUCTURE>6Z"),
    "sts_alternation_unknown": ("emp_sts", "<CODE_ALTERNANCE>SB", "<CODE_ALTERNANCE>SC"),
    "sts_room_unknown": ("emp_sts", "<CODE_SALLE>B 204", "<CODE_SALLE>B 205"),
    "sts_structure_unknown": ("eleves", "<CODE_STRUCTURE>6ANG", "<CODE_STRUCTURE>6LAT"),
    "sts_pupil_unknown": ("eleves", '<OPTION ELEVE_ID="360">', '<OPTION ELEVE_ID="999">'),
    "sts_guardian_unknown": ("responsables", "<PERSONNE_ID>91", "<PERSONNE_ID>99"),
    "sts_class_without_service": ("structures", "", ""),
    "sts_group_without_subject": ("sts_emp", "</GROUPES>", "<GROUPE CODE='6X'/></GROUPES>"),
    "sts_service_without_teacher": ("sts_emp", "</SERVICES>", "<SERVICE CODE_MATIERE='030201'/></SERVICES>"),
    "sts_pupil_without_class": ("eleves", '<STRUCTURES_ELEVE ELEVE_ID="361">', '<STRUCTURES_ELEVE ELEVE_ID="360">'),
    "sts_two_classes": ("eleves", "<TYPE_STRUCTURE>G", "<TYPE_STRUCTURE>D"),
    "sts_guardians_in_excess": ("responsables", "<NIVEAU_RESPONSABILITE>3", "<NIVEAU_RESPONSABILITE>1"),
    "sts_ine_missing": ("eleves", "<ID_NATIONAL>090412137BB</ID_NATIONAL>", ""),
    "sts_birth_date_missing": ("sts_emp", "<DATE_NAISSANCE>1980-01-01</DATE_NAISSANCE>", ""),
    "sts_person_without_name": ("sts_emp", "<NOM_USAGE>MORTELLE</NOM_USAGE>", ""),
}
ALONGSIDE = {
    "sts_id_missing": set(),
    "sts_subject_unknown": {"sts_group_several_subjects"},
    "sts_groups_nested": {"sts_group_without_subject"},
    "sts_structure_unknown": set(),
    "sts_pupil_without_class": {"sts_structure_block_twice"},
    "sts_two_classes": {"sts_structure_unknown"},
}
DIVISION = '<DIVISION CODE="6A"><LIBELLE_LONG>SIXIEME A</LIBELLE_LONG>'
SPOILT["sts_class_without_service"] = ("sts_emp", DIVISION, f'<DIVISION CODE="6B"/>{DIVISION}')


@pytest.mark.parametrize("slug", SPOILT)
def test_one_thing_spoilt_gives_one_finding(variant: Variant, slug: str) -> None:
    """The finding is there, at a line, with what cannot be told apart from it and nothing else."""
    report = variant(SPOILT[slug]).report
    assert {problem.slug for problem in report.problems} == {slug} | ALONGSIDE.get(slug, set())
    [problem] = report.of_slug(slug)
    assert problem.where.line > 1
    assert problem.where.file == f"{SPOILT[slug][0]}.xml"


def test_every_finding_of_one_file_is_in_the_table() -> None:
    """What is not there is about several files, or about the state of the services."""
    others = {known.slug for known in CATALOGUE.values() if known.code.startswith("STS-")} - set(SPOILT)
    assert {slug for slug in others if CATALOGUE[slug].code < "STS-500"} == {
        "sts_wrong_file",
        "sts_file_unused",
        "sts_file_left_out",
        "sts_before_remontee",
        "sts_group_several_subjects",
        "sts_structure_block_twice",
    }


def test_what_does_not_convert_stays(variant: Variant) -> None:
    """Dates, times and days that are none are kept as texts, and so are structures of unknown type."""
    pupils = variant(SPOILT["sts_date_unreadable"]).timetable.pupils
    assert pupils[Ref("pupil:360")].extra["DATE_NAISS"] == ("2011",)
    odd = variant(SPOILT["sts_structure_type_unknown"]).timetable.pupils[Ref("pupil:360")]
    assert odd.extra["STRUCTURE/6ANG/TYPE_STRUCTURE"] == ("Z",)
    late = variant(("emp_sts", "<HEURE_DEBUT>0900", "<HEURE_DEBUT>2330"), ("emp_sts", "<JOUR>1", "<JOUR>lundi"))
    texts = [dict(lesson.extra) for lesson in late.timetable.weekly_lessons]
    assert [text["DUREE"] for text in texts if "DUREE" in text] == [("0055",)]
    assert [text["JOUR"] for text in texts if "JOUR" in text] == [("lundi",)]
    teacher = variant(("sts_emp", "1974-10-02", "1974")).timetable.teachers[Ref("teacher:epp1")]
    assert teacher.extra["DATE_NAISSANCE"] == ("1974",)


def test_a_lesson_without_day_or_time_is_kept(variant: Variant) -> None:
    """It is held on no day, or at no time."""
    export = variant(("emp_sts", "<JOUR>4</JOUR>", ""), ("emp_sts", "<HEURE_DEBUT>1000</HEURE_DEBUT>", ""))
    lessons = export.timetable.weekly_lessons
    assert len(lessons) == 3
    assert sorted(lesson.weekday for lesson in lessons) == [0, 1, 2]
    assert len([one for one in lessons if one.start is None]) == 1
    assert {one.date.isoweekday() for one in export.timetable.lessons()} == {1, 2}


def test_what_refers_to_nothing_is_made(variant: Variant) -> None:
    """A teacher, subject, room, class or group that no file declares exists all the same, without a name."""
    slugs = ("sts_teacher_unknown", "sts_subject_unknown", "sts_room_unknown", "sts_structure_unknown")
    timetable = variant(*(SPOILT[slug] for slug in slugs)).timetable
    assert timetable.teachers[Ref("teacher:epp9")].identity.family == ""
    assert timetable.subjects[Ref("subject:999999")].label == ""
    assert timetable.rooms[Ref("room:B 205")].name == "B 205"
    assert timetable.option_groups[Ref("group:6LAT")].code == "6LAT"


def test_a_group_of_an_unknown_division(variant: Variant) -> None:
    """The group is there, without that part."""
    export = variant(
        ("structures", "<CODE_STRUCTURE>6A</CODE_STRUCTURE></DIVISION_APP", "<CODE>6Z</CODE></DIVISION_APP")
    )
    [unknown] = export.report.of_slug("sts_division_unknown")
    assert (unknown.where.key, unknown.params["code"]) == ("6ANG", "6Z")
    assert export.timetable.option_groups[Ref("group:6ANG")].parts == ("part:6A/6ANG",)


def test_no_document_type_is_read(small: dict[str, bytes]) -> None:
    """No entity is ever declared, so none is expanded."""
    bomb = small["sts_emp.xml"].replace(b"<STS_EDT>", b"<!DOCTYPE STS_EDT [<!ENTITY a 'a'>]><STS_EDT>")
    with pytest.raises(UnreadableInput) as refusal:
        edt.read(bomb)
    assert refusal.value.problem.slug == "internal_subset_refused"


def test_elements_without_number_are_left_out(variant: Variant) -> None:
    """Each is an error, and the others are read."""
    export = variant(
        ("sts_emp", '<INDIVIDU ID="2"', "<INDIVIDU/><INDIVIDU ID='2'"),
        ("sts_emp", "<ENSEIGNANTS>", "<ENSEIGNANTS><ENSEIGNANT/>"),
        ("emp_sts", '<INDIVIDU ID="1">', "<INDIVIDU/><INDIVIDU ID='1'>"),
        ("emp_sts", "<SERVICE ", "<SERVICE/><SERVICE "),
        ("emp_sts", '<ALTERNANCE CODE="H">', "<ALTERNANCE/><ALTERNANCE CODE='H'>"),
        ("eleves", "<ELEVES>", "<ELEVES><ELEVE/>"),
        ("eleves", "<OPTIONS>", "<OPTIONS><OPTION/>"),
        ("eleves", "<CODE_STRUCTURE>6ANG</CODE_STRUCTURE>", ""),
        ("responsables", "<PERSONNES>", "<PERSONNES><PERSONNE/>"),
        ("responsables", "<ELEVE_ID>360</ELEVE_ID>", ""),
    )
    assert {problem.slug for problem in export.report.problems} == {"sts_id_missing"}
    assert len(export.report.problems) == 10
    assert (len(export.timetable.teachers), len(export.timetable.pupils), len(export.timetable.guardians)) == (2, 2, 3)


def test_elements_given_twice_count_once(variant: Variant) -> None:
    """The first is kept."""
    export = variant(
        ("sts_emp", '<INDIVIDU ID="2"', "<INDIVIDU ID='1'/><INDIVIDU ID='2'"),
        ("emp_sts", '<ALTERNANCE CODE="SB">', "<ALTERNANCE CODE='H'/><ALTERNANCE CODE='SB'>"),
        ("eleves", '<ELEVE ELEVE_ID="361">', "<ELEVE ELEVE_ID='360'/><ELEVE ELEVE_ID='361'>"),
        ("responsables", '<PERSONNE PERSONNE_ID="91">', "<PERSONNE PERSONNE_ID='90'/><PERSONNE PERSONNE_ID='91'>"),
    )
    assert [problem.slug for problem in export.report.problems] == ["sts_id_duplicate"] * 4
    assert export.timetable.teachers[Ref("teacher:epp1")].identity.family == "VALMOND"


def test_links_and_names_that_lack_something(variant: Variant) -> None:
    """A link to a pupil who is not there, people without names."""
    export = variant(
        ("responsables", "<ELEVE_ID>360", "<ELEVE_ID>999"),
        ("responsables", "<NOM>LAC</NOM>", ""),
        ("eleves", "<NOM>VIGNE</NOM>", ""),
    )
    assert sorted(problem.slug for problem in export.report.problems) == [
        "sts_person_without_name",
        "sts_person_without_name",
        "sts_pupil_unknown",
    ]


def test_services_not_sent_up_are_a_state(variant: Variant) -> None:
    """Without any structure there is no such state, nor where SIECLE alone declares them."""
    text = b"<STS_EDT><PARAMETRES><UAJ CODE='0749999S'/></PARAMETRES></STS_EDT>"
    assert not edt.read(text).report.of_slug("sts_before_remontee")
    assert not variant(only="structures").report.of_slug("sts_before_remontee")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("07/11/2022 06:12:45", datetime(2022, 11, 7, 6, 12, 45)),  # noqa: DTZ001 - the file gives no zone
        ("31/02/2022 06:12:45", None),
        ("07/11/2022 24:12:45", None),
        ("2022-11-07T06:12:45", None),
    ],
)
def test_when_a_file_of_siecle_was_made(variant: Variant, text: str, made: datetime | None) -> None:
    """`HORODATAGE` is the date of production, the latest of several files; a text that is none is reported."""
    stamp = f"<ANNEE_SCOLAIRE>2022</ANNEE_SCOLAIRE><HORODATAGE>{text}</HORODATAGE>"
    old = "<ANNEE_SCOLAIRE>2022</ANNEE_SCOLAIRE>"
    export = variant(("eleves", old, stamp))
    assert export.produced_at == made
    assert [found.slug for found in export.report.problems] == ["sts_date_unreadable"] * (made is None)
    later = variant(("eleves", old, stamp), ("structures", old, stamp.replace(text, "08/11/2022 01:00:00")))
    assert str(later.produced_at) == "2022-11-08 01:00:00"
    assert variant().produced_at is None
