"""What the small files of STS-Web and SIECLE say, entity by entity."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.edt.sts import values
from entformats.errors import InvalidValue
from entformats.identity import Identifier, IdentifierKind, Ref
from entformats.timetable import GuardianLink, Kind, Membership, ref

if TYPE_CHECKING:
    from collections.abc import Callable

    Variant = Callable[..., edt.Export]


def test_lessons_are_shared_by_co_teachers(variant: Variant) -> None:
    """One lesson with both, dated by the Mondays of its alternation inside the year, end by base-60 carry."""
    timetable = variant().timetable
    first, group, last = timetable.weekly_lessons
    assert [presence.who for presence in first.presences] == [
        "teacher:epp1",
        "teacher:epp2",
        "class:6A",
        "room:B 204",
    ]
    assert (first.start, first.end, first.weeks) == (time(8), time(9, 30), WeekSet.of([2, 3]))
    assert last.weeks == WeekSet.of([1, 2, 3])
    assert (group.weeks, group.annual) == (WeekSet.of([2]), True)


def test_without_co_teaching_each_teacher_has_a_lesson_and_a_service(variant: Variant) -> None:
    """Hours are then those of each teacher (sts 2.3)."""
    apart = [(name, "<CO_ENS>true", "<CO_ENS>false") for name in ("sts_emp", "emp_sts")]
    timetable = variant(*apart).timetable
    assert len(timetable.weekly_lessons) == 4
    maths = {
        one.key.teachers: (one.minutes, len(one.patterns), one.co_teaching)
        for one in timetable.services.values()
        if one.key.subject == "subject:061300"
    }
    assert maths == {
        ("teacher:sts:epp1",): (240, 2, False),
        ("teacher:sts:epp2",): (60, 1, False),
    }


def test_lines_that_differ_by_modality_are_one_service(variant: Variant) -> None:
    """Hours add up and modalities are listed (rules 3.2)."""
    service = '<SERVICE CODE_MATIERE="030201" CODE_MOD_COURS="CG">'
    more = '<SERVICE CODE_MATIERE="030201" CODE_MOD_COURS="TP"><HEURES_STRUCTURE>1.50</HEURES_STRUCTURE>'
    more += '<ENSEIGNANTS><ENSEIGNANT ID="2"/></ENSEIGNANTS></SERVICE>'
    timetable = variant(("sts_emp", service, more + service)).timetable
    [english] = [one for one in timetable.services.values() if one.key.subject == "subject:030201"]
    assert (english.minutes, english.modality, english.alternation, len(english.patterns)) == (
        270,
        ("CG", "TP"),
        "SB",
        1,
    )
    bare = variant(
        ("sts_emp", service, '<SERVICE CODE_MATIERE="030201"/>' + service),
        only="sts_emp",
    )
    assert len(bare.timetable.services) == 3


def test_gathered_lines_without_hours(variant: Variant) -> None:
    """Nothing stated stays nothing."""
    line = '<SERVICE CODE_MATIERE="030201" CODE_MOD_COURS="{}"/>'
    lines = line.format("AI") + line.format("AP") + '<SERVICE CODE_MATIERE="030201" CODE_MOD_COURS="CG">'
    timetable = variant(
        ("sts_emp", '<SERVICE CODE_MATIERE="030201" CODE_MOD_COURS="CG">', lines), only="sts_emp"
    ).timetable
    [vacant] = [one for one in timetable.services.values() if not one.key.teachers]
    assert (vacant.minutes, vacant.modality, vacant.co_teaching) == (None, ("AI", "AP"), None)


def test_a_course_given_twice_is_two_lessons(variant: Variant) -> None:
    """The same teacher at the same time twice: nothing is lost."""
    course = "<COURS><CODE_ALTERNANCE>SB"
    twice = "<COURS><CODE_ALTERNANCE>SB</CODE_ALTERNANCE><JOUR>2</JOUR><HEURE_DEBUT>1000</HEURE_DEBUT>"
    twice += "<DUREE>0055</DUREE></COURS>"
    assert len(variant(("emp_sts", course, twice + course)).timetable.weekly_lessons) == 4


def test_pupils_options_addresses_and_guardians(variant: Variant) -> None:
    """Usage and family names, the address of each, ranks of legal guardians; `31/12/9999` is no day."""
    timetable = variant().timetable
    pupil = timetable.pupils[Ref("pupil:360")]
    person = pupil.identity
    assert (person.given, person.family, person.birth_family, person.other_given) == (
        "Lina",
        "TERRIER-LAC",
        "TERRIER",
        ("Ana",),
    )
    assert Identifier(IdentifierKind.SIECLE, "05200") in person.identifiers
    assert (person.birth_date, pupil.sex) == (date(2011, 2, 1), "2")
    assert pupil.extra["OPTIONS_ELEVE/CODE_MATIERE"] == ("030201",)
    assert pupil.extra["ADRESSE/LIGNE1_ADRESSE"] == ("1 RUE DU LAC",)
    assert pupil.memberships == tuple(
        Membership(name, date(2022, 9, 1)) for name in (Ref("class:6A"), Ref("group:6ANG"))
    )
    assert pupil.guardians == tuple(
        GuardianLink(ref(Kind.GUARDIAN, number), rank) for number, rank in (("90", 1), ("91", 2), ("92", 0))
    )
    old = timetable.pupils[Ref("pupil:361")].identity
    assert (old.family, old.birth_family) == ("VIGNE", "VIGNE")


def test_what_several_files_say_of_one_thing(variant: Variant) -> None:
    """The first file counts; what the others say is below the name of their root."""
    timetable = variant().timetable
    maths = timetable.subjects[Ref("subject:061300")]
    assert (maths.code, maths.label, maths.national_code) == ("061300", "MATHEMATIQUES", "061300")
    assert maths.extra["BEE_NOMENCLATURES/LIBELLE_EDITION"] == ("Mathématiques",)
    assert timetable.subjects[Ref("subject:020700")].label == "Français"
    group = timetable.option_groups[Ref("group:6ANG")]
    assert (group.name, group.code, group.key) == ("6ANG", "6ANG", "group:6ANG")
    assert group.extra["DIVISION/6A/EFFECTIF_PREVU"] == ("12",)
    assert [timetable.class_parts[part].school_class for part in group.parts] == ["class:6A"]
    teacher = timetable.teachers[Ref("teacher:epp1")]
    assert teacher.extra["EDT_STS/ARES/ARE/CODE_ARE"] == ("4112",)
    assert timetable.classes[Ref("class:6A")].head_teachers == ("teacher:epp1",)
    assert {one.identity.family for one in timetable.staff.values()} == {"DIRECTRICE"}


def test_who_teaches(variant: Variant) -> None:
    """Function `ENS`, or none, or a service; others are staff, and no head teachers."""
    english = '<ENSEIGNANT ID="2" TYPE="epp"><HEURES_AGENT>3.00'
    timetable = variant(("sts_emp", english, english.replace('"2"', '"3"')), only="sts_emp").timetable
    assert len(timetable.teachers) == 3
    head = (
        "<FONCTION>DIR</FONCTION><PROFS_PRINC>"
        "<PROF_PRINC><CODE_STRUCTURE>6A</CODE_STRUCTURE></PROF_PRINC></PROFS_PRINC>"
    )
    timetable = variant(("sts_emp", "<FONCTION>DIR</FONCTION>", head)).timetable
    assert timetable.classes[Ref("class:6A")].head_teachers == ("teacher:epp1",)


def test_a_number_without_type_is_the_only_one_of_that_number(variant: Variant) -> None:
    """In `emp_sts` the type is optional: a local individual is found by number (sts 3)."""
    local = ("sts_emp", '<INDIVIDU ID="2" TYPE="epp">', '<INDIVIDU ID="2" TYPE="local">')
    others = ("sts_emp", '<ENSEIGNANT ID="2" TYPE="epp">', '<ENSEIGNANT ID="2" TYPE="local">')
    up = ("emp_sts", '<ENSEIGNANT ID="2" TYPE="epp">', '<ENSEIGNANT ID="2">')
    export = variant(local, others, others, up)
    assert set(export.timetable.teachers) == {"teacher:epp1", "teacher:local2"}
    assert len(export.report.problems) == 0


def test_the_year_of_a_lone_file(variant: Variant) -> None:
    """From September to August, or from the first week of an alternation where it is earlier."""
    timetable = variant(only="emp_sts").timetable
    assert (timetable.start, timetable.first_monday, timetable.end) == (
        date(2022, 8, 29),
        date(2022, 8, 29),
        date(2023, 8, 31),
    )
    early = variant(("emp_sts", "2022-08-29", "2022-08-15"), only="emp_sts").timetable
    assert (early.start, early.first_monday) == (date(2022, 8, 15), date(2022, 8, 15))
    assert variant(only="eleves").timetable.start == date(2022, 9, 1)
    nameless = variant(("emp_sts", "<ANNEE_SCOLAIRE>2022</ANNEE_SCOLAIRE>", ""), only="emp_sts").timetable
    assert (nameless.start, nameless.first_monday, nameless.school_year) == (None, date(2022, 8, 29), 2022)


def test_dates_of_the_year_that_are_none(variant: Variant) -> None:
    """The year is then known by its number, or by what is left."""
    export = variant(("sts_emp", "2022-09-01", "rentrée"))
    assert [one.slug for one in export.report.problems] == ["sts_date_unreadable"]
    assert export.timetable.start == date(2022, 8, 29)
    sunday = variant(("sts_emp", "2022-09-01", "2022-09-04")).timetable
    assert (sunday.start, sunday.first_monday) == (date(2022, 9, 4), date(2022, 8, 29))
    dates = "<DATE_DEBUT>2022-09-01</DATE_DEBUT><DATE_FIN>2023-08-31</DATE_FIN>"
    assert variant(("sts_emp", dates, "")).timetable.start == date(2022, 8, 29)
    whole = f'<ANNEE_SCOLAIRE ANNEE="2022">{dates}</ANNEE_SCOLAIRE>'
    assert variant(("sts_emp", whole, ""), only="sts_emp").timetable.start is None


def test_alternations_anywhere_and_weeks_that_are_no_date() -> None:
    """They may stand below the root, without rooms; a week that is no date is left out (sts 3)."""
    text = "<EDT_STS><PARAMETRES><UAJ>0749999S</UAJ></PARAMETRES><ALTERNANCES><ALTERNANCE CODE='W'>"
    text += "<LIBELLE_EDITION>Toutes</LIBELLE_EDITION><SEMAINES><DATE_DEBUT_SEMAINE>2022-09-05</DATE_DEBUT_SEMAINE>"
    text += "<DATE_DEBUT_SEMAINE>lundi</DATE_DEBUT_SEMAINE></SEMAINES></ALTERNANCE></ALTERNANCES></EDT_STS>"
    export = edt.read(text.encode())
    [weeks] = export.timetable.alternations
    assert weeks.mondays == {date(2022, 9, 5)}
    assert export.timetable.extra["EDT_STS/ALTERNANCE/W/LIBELLE_EDITION"] == ("Toutes",)
    assert len(export.report.of_slug("sts_date_unreadable")) == 1


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (values.minutes_of, "8h00"),
        (values.minutes_of, "0860"),
        (values.minutes_of, "2500"),
        (values.weekday, "0"),
        (values.hours, "4h"),
        (values.boolean, "?"),
        (values.year_date, "1812-09-01"),
        (values.year_date, "demain"),
    ],
)
def test_values_that_are_none(read: Callable[[str], object], text: str) -> None:
    """They raise our error, which the readers report."""
    with pytest.raises(InvalidValue):
        read(text)


def test_ends_and_clocks() -> None:
    """Without start or duration there is no end, nor is there one on another day."""
    assert values.ends(None, 60) is None
    assert values.ends(480, None) is None
    assert values.ends(480, 0) is None
    assert values.ends(1430, 10) is None
    assert values.hours("1,25") == 75
    assert values.boolean(" FALSE ") is False
