"""Sources against each other: what an ENT would find at the import is found before."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from attrs import evolve

import entformats
from entformats import aaf, edt
from entformats.aaf import Directory
from entformats.codes import uai
from entformats.frozen import FrozenMap
from entformats.identity import Profile
from entformats.problems import SKIPPED, Report, Stage, StageState, Verdict
from entformats.pronote import Identifiers, PronoteIdentifier
from entformats.testing import school
from entformats.testing.school import FictitiousSchool
from entformats.timetable import Timetable
from entformats.validation import CROSSINGS, RULES, About, Together
from entformats.validation.crossing import pronote_people_in_directory, subjects_in_directory

MADE = school.generate(3, pupils=60)
TODAY = MADE.first_at.date()


def delivered(directory: Directory, exported: date = TODAY) -> dict[str, bytes]:
    """Write a delivery."""
    return {name: b"".join(chunks) for name, chunks in aaf.write(directory, exported=exported)}


def exported(timetable: Timetable, dialect: str = "edt") -> dict[str, bytes]:
    """Write an export."""
    return {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect=dialect)}


def crossed(report: Report) -> Counter[str]:
    """Count what was found between sources, by slug."""
    codes = {one.code for one in report.problems if Stage.of(one.code) is Stage.SOURCES}
    return Counter({report.of_slug(code)[0].slug: report.counts[code] for code in codes})


def check(*sources: dict[str, bytes]) -> Report:
    """Check on the day of the first import."""
    return entformats.check(*sources, today=TODAY)


@pytest.fixture(scope="module")
def made() -> FictitiousSchool:
    """Give one school."""
    return MADE


def test_a_coherent_school(made: FictitiousSchool) -> None:
    """Nothing but people who cannot be matched, as many as the import finds."""
    report = check(delivered(made.directory), exported(made.first))
    assert set(crossed(report)) <= {"person_without_account", "person_ambiguous", "person_without_birth_date"}
    assert report.stages[-1].stage is Stage.SOURCES
    assert [one.format for one in report.inputs] == ["aaf", "edt"]
    assert report.verdict is not Verdict.UNUSABLE


def test_one_source_cannot_be_compared(made: FictitiousSchool) -> None:
    """The stage says why it did not run."""
    last = check(exported(made.first)).stages[-1]
    assert (last.state, last.input) == (StageState.SKIPPED, None)
    assert "au moins deux" in SKIPPED[last.reason].text("fr")


def test_another_school(made: FictitiousSchool) -> None:
    """A timetable of a school that the delivery does not have; nothing else is compared."""
    stranger = evolve(made.first, uai="0749999S" if made.first.uai != "0749999S" else "0740001S")
    assert crossed(check(delivered(made.directory), exported(stranger)))["school_not_in_directory"] == 1
    assert "class_not_in_directory" not in crossed(check(delivered(made.directory), exported(stranger)))


def test_classes_and_groups(made: FictitiousSchool) -> None:
    """A class that is renamed on one side is told twice, a group of the directory alone once."""
    ref, first = next(iter(made.first.classes.items()))
    renamed = evolve(made.first, classes=FrozenMap({**made.first.classes, ref: evolve(first, name="9Z")}))
    found = check(delivered(made.directory), exported(renamed))
    assert [dict(one.params) for one in found.of_slug("class_not_in_directory")] == [{"name": "9Z"}]
    assert [dict(one.params) for one in found.of_slug("class_not_in_timetable")] == [{"name": first.name}]
    structure = next(one for one in made.directory.schools.values() if one.uai == made.uai)
    more = evolve(structure, groups=(*structure.groups, evolve(structure.groups[0], code="ECHECS")))
    directory = evolve(made.directory, schools=FrozenMap({**made.directory.schools, more.key: more}))
    alone = check(delivered(directory), exported(made.first)).of_slug("group_not_in_timetable")
    assert {"name": "ECHECS"} in [dict(one.params) for one in alone]


def test_subjects(made: FictitiousSchool) -> None:
    """A national code that the delivered nomenclature does not have; without the nomenclature nothing is known."""
    ref, first = next(iter(made.first.subjects.items()))
    known = str(next(iter(made.directory.subjects)))
    delivery = delivered(made.directory)
    for code, expected in ((known, []), ("999999", [{"code": "999999", "label": first.label}])):
        subjects = FrozenMap({ref: evolve(first, national_code=code)})
        export = edt.Export("sts", evolve(made.first, subjects=subjects))
        found = subjects_in_directory(Together.of((aaf.read(delivery), export)))
        assert [dict(one.params) for one in found] == expected
        without = aaf.read({name: data for name, data in delivery.items() if "Matiere" not in name})
        assert list(subjects_in_directory(Together.of((without, export)))) == []


def test_people_of_pronote(made: FictitiousSchool) -> None:
    """Somebody without an account is told; the school is that of the file, else the only one there is."""
    delivery = aaf.read(delivered(made.directory))
    pupil = next(one for one in made.directory.pupils.values() if one.birth_date)
    known = PronoteIdentifier(
        "K7WQ2ZTB9XNHJ4CV", pupil.family, pupil.given, Profile.PUPIL, birth_date=pupil.birth_date, position=1
    )
    strange = evolve(known, family="ZZYX", position=2)
    for uai_of_file, expected in ((made.uai, ["person_without_account"]), ("0740001S", [])):
        export = Identifiers("csv", (known, strange), uai=uai_of_file)
        found = pronote_people_in_directory(Together.of((delivery, export)))
        assert [one.slug for one in found] == expected
    alone = {one.uai for one in made.directory.schools.values() if one.uai}
    found = pronote_people_in_directory(Together.of((delivery, Identifiers("csv", (known, strange)))))
    assert [one.slug for one in found] == (["person_without_account"] if len(alone) == 1 else [])
    partial = evolve(delivery, complete=False)
    assert list(pronote_people_in_directory(Together.of((partial, Identifiers("csv", (strange,), uai=made.uai))))) == []


def test_two_exports_of_one_school(made: FictitiousSchool) -> None:
    """Classes that only one of them has are told, on each side."""
    ref, first = next(iter(made.first.classes.items()))
    renamed = evolve(made.first, classes=FrozenMap({**made.first.classes, ref: evolve(first, name="9Z")}))
    found = check(exported(made.first), exported(renamed)).of_slug("class_in_one_export")
    assert {one.params["name"] for one in found} == {"9Z", first.name}
    assert crossed(check(exported(made.first), exported(made.first))) == {}
    other = evolve(renamed, uai=str(uai.parse("0749999S")) if made.uai != "0749999S" else "0740001S")
    assert crossed(check(exported(made.first), exported(other))) == {}


def test_two_school_years(made: FictitiousSchool) -> None:
    """A delivery of the year before does not go with the timetable."""
    found = check(delivered(made.directory, TODAY.replace(year=TODAY.year - 1)), exported(made.first))
    assert len(found.of_slug("years_differ")) == 1


def test_people_of_a_category_that_is_not_delivered_are_not_missing(made: FictitiousSchool) -> None:
    """Without the staff file nothing is said of teachers."""
    files = {name: data for name, data in delivered(made.directory).items() if "PersEducNat" not in name}
    assert made.first.teachers
    without = check(files, exported(made.first))
    kinds = {one.where.kind for one in without.problems if one.code.startswith("MATCH")}
    assert "teacher" not in {kind.lower() for kind in kinds}


def test_files_of_sts_are_one_timetable(made: FictitiousSchool) -> None:
    """Given one by one, they are joined: nobody is told that the names are missing."""
    files = exported(made.first, "sts")
    assert len(files) > 1
    report = entformats.check(*files.values(), today=TODAY)
    assert "sts_names_missing" not in crossed(report)
    assert len(report.inputs) == len(files)


def test_order_does_not_matter(made: FictitiousSchool) -> None:
    """The same findings, whichever source comes first."""
    one, other = delivered(made.directory), exported(made.first)
    assert check(one, other).counts == check(other, one).counts


def test_every_check_is_registered() -> None:
    """Each check is there once, with its name and a sentence; those of the sources are those that run."""
    assert [one.name for one in RULES if one.about is About.SOURCES] == [one.__name__ for one in CROSSINGS]
    assert len({one.name for one in RULES}) == len(RULES)
    assert all(len(one.sentence) > 20 for one in RULES)
    assert {one.about for one in RULES} == set(About)
