"""The samples of STS-Web and SIECLE give what their page says, each variant included."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from entformats import edt
from entformats.identity import Identifier, IdentifierKind
from entformats.timetable import Kind, OptionGroup, SchoolClass, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOWN, UP = "sts_emp_0740000Y_2022.xml", "emp_sts_0740000Y_2022.xml"
PUPILS, NAMES, STRUCTURES = "ElevesSansAdresses.xml", "Nomenclature.xml", "Structures.xml"
ALL = (DOWN, UP, PUPILS, NAMES, STRUCTURES)


@pytest.fixture(scope="module")
def whole(sample: Callable[..., edt.Export]) -> edt.Export:
    """Read the five files together."""
    return sample(*ALL)


def slugs(export: edt.Export) -> Counter[str]:
    """Count what was found."""
    return Counter(problem.slug for problem in export.report.problems)


def test_the_five_files_are_one_timetable(whole: edt.Export) -> None:
    """Fourteen individuals of whom twelve teach, three divisions, six groups, sixty pupils, sixty lessons."""
    timetable = whole.timetable
    assert (whole.dialect, whole.software, timetable.uai, timetable.school_year) == (
        "sts",
        "EDITEUR_PRIVE",
        "0740000Y",
        2022,
    )
    assert (timetable.start, timetable.end) == (date(2022, 9, 1), date(2023, 8, 31))
    assert timetable.first_monday == date(2022, 8, 29)
    counts = (timetable.teachers, timetable.staff, timetable.classes, timetable.option_groups, timetable.pupils)
    assert [len(one) for one in counts] == [12, 2, 3, 6, 60]
    assert (len(timetable.weekly_lessons), len(timetable.rooms), len(timetable.subjects)) == (60, 12, 11)


def test_what_is_found_in_the_five_files(whole: edt.Export) -> None:
    """The local teacher, the vacant service, the Sunday of SB, the pupil without INE and the one who left."""
    assert slugs(whole) == {
        "sts_birth_date_missing": 1,
        "sts_service_without_teacher": 1,
        "sts_week_not_monday": 1,
        "sts_ine_missing": 1,
        "sts_pupil_without_class": 1,
    }
    assert [one.where.key for one in whole.report.of_slug("sts_pupil_without_class")] == ["3600159"]
    assert [one.where.key for one in whole.report.of_slug("sts_ine_missing")] == ["3600114"]


def test_head_counts(whole: edt.Export) -> None:
    """Those of the page: the leaver is in nothing; a group has the pupils assigned to it, not its whole divisions."""
    timetable = whole.timetable
    homes: list[SchoolClass | OptionGroup] = [*timetable.classes.values(), *timetable.option_groups.values()]
    counts = {one.name: len(timetable.members(one, on=date(2022, 11, 7))) for one in homes}
    assert counts == {
        "5A": 20,
        "5B": 20,
        "3A": 19,
        "5ESP": 20,
        "5ITA": 20,
        "5LATIN": 10,
        "3ASVT1": 10,
        "3ASVT2": 9,
        "3AALL2": 8,
    }
    inter = {name: len(group.parts) for name, group in timetable.option_groups.items()}
    assert sorted(inter.values()) == [1, 1, 1, 2, 2, 2]


def test_the_local_teacher_and_the_homonyms(whole: edt.Export) -> None:
    """Type and number make a person: the local one has neither date nor birth name; homonyms are two."""
    teachers = whole.timetable.teachers
    local = teachers[next(name for name in teachers if "local" in name)].identity
    assert (local.key, local.birth_date, local.birth_family) == ("sts:local3506", None, "")
    renamed = next(one.identity for one in teachers.values() if one.identity.family == "BOUCHEREAU")
    assert renamed.birth_family == "DELAVIGNETTE"
    twins = [one.identity for one in teachers.values() if one.identity.family == "TESSONNEAU"]
    assert len({one.key for one in twins}) == 2
    heads = [len(one.head_teachers) for one in whole.timetable.classes.values()]
    assert heads == [1, 1, 1]


def test_services_are_declared(whole: edt.Export) -> None:
    """One for the two co-teachers, one without teacher, modality TP, hours as minutes, lessons as patterns."""
    timetable = whole.timetable
    assert timetable.services == timetable.declared_services
    assert len(timetable.services) == 25
    [together] = [one for one in timetable.services.values() if one.co_teaching]
    assert (len(together.key.teachers), together.minutes, together.alternation, len(together.patterns)) == (
        2,
        240,
        "H",
        4,
    )
    vacant = [one for one in timetable.services.values() if not one.key.teachers]
    assert [(one.key.subject, one.key.audience, one.minutes) for one in vacant] == [
        ("subject:070800", ("class:5B",), 90)
    ]
    practical = [one for one in timetable.services.values() if one.modality == ("TP",)]
    assert sorted((one.key.audience[0], one.alternation) for one in practical) == [
        ("group:3ASVT1", "SA"),
        ("group:3ASVT2", "SB"),
    ]


def test_alternations_and_dates(whole: edt.Export) -> None:
    """Three alternations with their Mondays, the Sunday read as the next one; lessons follow theirs."""
    timetable = whole.timetable
    weeks = {one.code: one.mondays for one in timetable.alternations}
    assert {code: len(mondays) for code, mondays in weeks.items()} == {"H": 37, "SA": 19, "SB": 18}
    assert weeks["SA"] | weeks["SB"] == weeks["H"]
    assert date(2022, 9, 5) in weeks["SB"]
    assert all(day.isoweekday() == 1 for mondays in weeks.values() for day in mondays)
    lessons = list(timetable.lessons(date(2022, 9, 5), date(2022, 9, 11)))
    assert len({(one.date, one.start) for one in lessons}) <= len(lessons)
    groups = {name for one in lessons for name in one.participants if kind_of(name) is Kind.GROUP}
    assert "group:3ASVT2" in groups
    assert "group:3ASVT1" not in groups
    assert timetable.closures[0].first == date(2022, 10, 24)


def test_codes_and_letters_are_as_they_stand(whole: edt.Export) -> None:
    """`&`, accents and the `Œ` of ISO-8859-15, codes with zeros at their beginning."""
    timetable = whole.timetable
    assert "&" in timetable.subjects[next(name for name in timetable.subjects if name.endswith("042100"))].label
    assert any("Œ" in one.identity.family + one.identity.given for one in timetable.pupils.values())
    assert timetable.extra["STS_EDT/PARAMETRES/UAJ/ACADEMIE/CODE"] == ("008",)
    assert timetable.extra["BEE_NOMENCLATURES/DONNEES/MEFS/MEF/DATE_FERMETURE"] == ("31/12/9999",)


def test_pupils_have_their_numbers(whole: edt.Export) -> None:
    """INE, both where there are two, number of the academy and of the school; usage and birth name."""
    pupils = whole.timetable.pupils
    first = pupils[next(iter(pupils))].identity
    assert first.identifiers == {
        Identifier(IdentifierKind.INE, "090412000FB"),
        Identifier(IdentifierKind.SIECLE, "3600100"),
        Identifier(IdentifierKind.SIECLE, "5200"),
    }
    two = pupils[next(name for name in pupils if name.endswith("3600117"))].identity
    assert sum(1 for one in two.identifiers if one.kind is IdentifierKind.INE) == 2
    named = pupils[next(name for name in pupils if name.endswith("3600111"))].identity
    assert named.family != named.birth_family


def test_before_the_remontee(sample: Callable[..., edt.Export]) -> None:
    """No service is a state, said once; with `emp_sts` the services are its own."""
    export = sample("variantes/sts_emp_0740000Y_2022_avant_remontee.xml")
    assert slugs(export) == {
        "sts_before_remontee": 1,
        "sts_birth_date_missing": 1,
        "sts_lessons_missing": 1,
        "sts_pupils_missing": 1,
    }
    assert (len(export.timetable.services), len(export.timetable.classes)) == (0, 3)
    both = sample("variantes/sts_emp_0740000Y_2022_avant_remontee.xml", UP)
    assert (len(both.timetable.services), len(both.timetable.option_groups)) == (24, 6)
    assert "sts_before_remontee" not in slugs(both)


def test_blanks_around_texts_do_not_count(sample: Callable[..., edt.Export]) -> None:
    """The indented file is the same timetable."""
    assert sample("variantes/sts_emp_0740000Y_2022_indente.xml").timetable == sample(DOWN).timetable


def test_a_wrong_check_letter(sample: Callable[..., edt.Export]) -> None:
    """It is reported with the right one, and the school is another one than that of the other files."""
    wrong = "variantes/sts_emp_0740000X_2022_mauvaise_cle.xml"
    [letter] = sample(wrong).report.of_slug("timetable_uai_letter")
    assert dict(letter.params) == {"uai": "0740000X", "expected": "Y"}
    [other] = sample(wrong, UP, PUPILS).report.of_slug("sts_other_school")
    assert dict(other.params) == {"expected": "0740000Y", "found": "0740000X"}


def test_groups_inside_divisions(sample: Callable[..., edt.Export]) -> None:
    """They are found where they are, and that is said."""
    nested = sample("variantes/emp_sts_0740000Y_2022_groupes_imbriques.xml")
    assert nested.timetable == sample(UP).timetable
    assert slugs(nested)["sts_groups_nested"] == 1


def test_malformed_pupils(sample: Callable[..., edt.Export]) -> None:
    """The misspelt block and the unknown type leave a pupil without class and one without group, and are said."""
    export = sample("variantes/ElevesSansAdresses_malforme.xml")
    assert slugs(export) == {
        "sts_content_unknown": 1,
        "sts_structure_type_unknown": 1,
        "sts_ine_missing": 1,
        "sts_pupil_without_class": 2,
        "sts_timetable_missing": 1,
    }
    [unknown] = export.report.of_slug("sts_content_unknown")
    assert unknown.params["path"] == "DONNEES/STRUCTURES/STRICTURES_ELEVE"
    [odd] = export.report.of_slug("sts_structure_type_unknown")
    assert (odd.where.key, odd.params["value"]) == ("3600100", "Z")
    keys = {one.where.key for one in export.report.of_slug("sts_pupil_without_class")}
    assert keys == {"3600101", "3600159"}
    bare = export.timetable.pupils[next(name for name in export.timetable.pupils if name.endswith("3600102"))]
    assert Identifier(IdentifierKind.SIECLE, "5202") in bare.identity.identifiers


def test_the_whole_folder_of_samples(corpus: Callable[[str], Path], sample: Callable[..., edt.Export]) -> None:
    """A list of paths, files by name and their bytes in any order are the same timetable."""
    named = {name: corpus(f"sts/{name}").read_bytes() for name in ALL}
    whole = sample(*ALL)
    assert edt.read(named).timetable == whole.timetable
    assert edt.read([*reversed(named.values())]).timetable == whole.timetable
