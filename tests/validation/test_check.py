"""Checking files: what reading finds, then the checks of what was read; never an exception on data."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

import entformats
from entformats import Source, aaf, edt
from entformats.errors import UsageError
from entformats.problems import SKIPPED, Input, Report, Stage, StageState, Verdict
from entformats.testing import envelopes
from entformats.validation import STRICT
from entformats.validation.compared import compared

EXPORT = b"""<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" UAI="0749999S">
<AnneeScolaire DateDebut="2022-09-01" DateFin="2023-08-31" DatePremierJourSemaine1="2022-08-29"/>
</ExportEmploiDuTemps>"""
DELIVERY = b"""<ficAlimMENESR><addRequest>
<operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
<identifier><id>310</id></identifier>
<attributes><attr name="ENTPersonJointure"><value>310</value></attr>
<attr name="sn"><value>AUBREPIN</value></attr><attr name="givenName"><value>Zoe</value></attr>
<attr name="ENTPersonDateNaissance"><value>29/02/2012</value></attr>
<attr name="ENTPersonStructRattach"><value>61001</value></attr>
<attr name="ENTElevePersRelEleve"><value/></attr></attributes>
</addRequest></ficAlimMENESR>"""


def slugs(*sources: bytes, today: date, only: str | None = None) -> set[str]:
    """Give the slugs found in some files."""
    return {found.slug for found in entformats.check(*sources, today=today, only=only).problems}


def test_a_timetable_of_another_year() -> None:
    """The school year of a timetable is compared with that of the day."""
    assert "not_this_school_year" in slugs(EXPORT, today=date(2023, 8, 1))
    assert "not_this_school_year" not in slugs(EXPORT, today=date(2023, 7, 31))
    assert "not_this_school_year" not in slugs(b"<ExportEmploiDuTemps/>", today=date(2023, 7, 31))


def test_a_delivery_is_checked_on_the_day() -> None:
    """The checks of a delivery run, on the day given: the pupil comes of age."""
    assert slugs(DELIVERY, today=date(2030, 2, 28)) == {"minor_without_legal_guardian"}
    assert slugs(DELIVERY, today=date(2030, 3, 1)) == set()


def test_what_cannot_be_read_is_a_finding() -> None:
    """The other files are checked all the same."""
    report = entformats.check(b"<ExportEmploiDuTemps", DELIVERY, today=date(2026, 9, 1))
    assert [found.slug for found in report.problems] == ["xml_truncated", "minor_without_legal_guardian"]
    assert report.verdict is Verdict.UNUSABLE


def test_stages_of_what_was_read() -> None:
    """Each stage ran on each input; references of a lone file cannot be judged."""
    report = entformats.check(DELIVERY, EXPORT, today=date(2026, 9, 1))
    states = {(one.input, one.stage): one for one in report.stages}
    assert states[0, Stage.REFERENCES].reason == "lone_category"
    assert states[0, Stage.CONSISTENCY].state is StageState.FOUND
    assert states[1, Stage.CONTAINER].state is StageState.CLEAN
    assert [stage for number, stage in states if number == 1] == [one for one in Stage if one is not Stage.SOURCES]
    assert all(one.reason in SKIPPED for one in report.stages if one.state is StageState.SKIPPED)


def test_stages_after_what_stopped_the_reading() -> None:
    """What comes after did not run, and says why; a missing file does not even have a format."""
    report = entformats.check("/nowhere/missing.xml", b"<ExportEmploiDuTemps", today=date(2026, 9, 1))
    assert report.inputs == (Input("missing.xml"), Input("", "edt", "export"))
    states = [(one.input, one.stage, one.state, one.reason) for one in report.stages]
    assert states[0] == (0, Stage.CONTAINER, StageState.FOUND, "")
    assert (1, Stage.WELL_FORMED, StageState.FOUND, "") in states
    assert (1, Stage.VALUES, StageState.SKIPPED, "unreadable") in states
    assert report.problems[0].where.file == "missing.xml"


def test_a_file_object_is_read_once(tmp_path: Path) -> None:
    """A stream that cannot go back is checked whole, under its name."""
    path = tmp_path / "export.xml"
    path.write_bytes(EXPORT)
    with path.open("rb") as stream:
        report = entformats.check(stream, today=date(2023, 7, 31))
    assert report.inputs[0].name == "export.xml"
    assert "not_this_school_year" not in {one.slug for one in report.problems}
    assert entformats.check(iter([EXPORT[:9], EXPORT[9:]]), today=date(2023, 7, 31)).counts == report.counts


def test_one_school_only() -> None:
    """A timetable of another school is an error, and people of other schools are not read."""
    other = entformats.check(EXPORT, today=date(2023, 7, 31), only="0740001S")
    assert "unexpected_uai" in {one.slug for one in other.problems}
    assert "minor_without_legal_guardian" not in slugs(DELIVERY, today=date(2026, 9, 1), only="0740001S")
    with pytest.raises(UsageError, match="a UAI"):
        entformats.check(DELIVERY, today=date(2026, 9, 1), only="collège")


def test_the_profile_applies() -> None:
    """Its name and its levels are in the report."""
    report = entformats.check(EXPORT, today=date(2023, 8, 1), profile=STRICT)
    assert report.profile == "strict"
    assert report.verdict is Verdict.UNUSABLE


def test_a_source_of_no_format_is_a_finding() -> None:
    """Text that nothing recognises, and a source that is none."""
    assert slugs(b"hello", today=date(2026, 9, 1)) == {"unsupported_format"}
    with pytest.raises(UsageError):
        entformats.check(3, today=date(2026, 9, 1))  # type: ignore[arg-type]  # what is tested


def test_losses_since_the_previous_delivery() -> None:
    """Whoever was there before and is not any more is a loss."""
    before = aaf.read(DELIVERY).directory
    report = entformats.check(b"<ficAlimMENESR/>", today=date(2026, 9, 1), previous=before)
    assert "suspicious_loss" not in {one.slug for one in report.problems}


def test_an_encrypted_export() -> None:
    """Without its key nothing inside is looked at, and it is said; with it, everything is."""
    key = envelopes.new_key()
    content = envelopes.sealed(EXPORT, key, partner="NEO", uai="0749999S")
    closed = entformats.check(content, today=date(2023, 7, 31))
    assert closed.inputs[0].encrypted
    assert {one.reason for one in closed.stages[:-1] if one.state is StageState.SKIPPED} == {"encrypted"}
    opened = entformats.check(content, today=date(2023, 7, 31), decrypt=edt.with_key(key, partner="NEO"))
    clear = entformats.check(EXPORT, today=date(2023, 7, 31))
    inside = [code for code in clear.counts if Stage.of(code) is not Stage.STRUCTURE or not code.startswith("XML")]
    assert {code: opened.counts[code] for code in inside} == {code: clear.counts[code] for code in inside}


def test_a_folder_of_samples(tmp_path: Path) -> None:
    """A folder that is no delivery is checked file by file; what nothing recognises there is a note."""
    for name, content in {"a.xml": EXPORT, "b/c.xml": EXPORT, "notes.md": b"# Notes"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    for source in (tmp_path, {"a.xml": EXPORT, "b/c.xml": EXPORT, "notes.md": b"# Notes"}):
        report = entformats.check(source, today=date(2023, 7, 31))
        assert [one.name for one in report.inputs] == ["a.xml", "b/c.xml", "notes.md"]
        assert [one.where.file for one in report.of_slug("unrecognised_file")] == ["notes.md"]
        assert report.verdict is Verdict.USABLE_WITH_WARNINGS
        assert {one.input for one in report.stages} == {0, 1, None}


def test_a_folder_of_nothing_known(tmp_path: Path) -> None:
    """Where no file is recognised, each is an error; an empty folder is one too."""
    assert slugs({"notes.md": b"# Notes"}, today=date(2026, 9, 1)) == {"unsupported_format"}  # type: ignore[arg-type]  # a mapping
    assert entformats.check(tmp_path, today=date(2026, 9, 1)).verdict is Verdict.UNUSABLE


@pytest.mark.parametrize(
    ("names", "expected"),
    [(["livraison/a.xml", "livraison/b/c.xml"], "livraison"), (["a.xml"], "a.xml"), (["a.xml", "b.xml"], ""), ([], "")],
)
def test_the_name_of_files_in_memory(names: list[str], expected: str) -> None:
    """The folder that they share, or the only file."""
    report = entformats.check(dict.fromkeys(names, DELIVERY), today=date(2026, 9, 1))
    assert report.inputs[0].name == expected


def structural(*sources: Source) -> tuple[list[str], list[str]]:
    """Give the departures from grammars, and the states of the stage of structure."""
    report = entformats.check(*sources, today=date(2023, 7, 31))
    found = [one.slug for one in report.problems if one.slug.startswith("structure_")]
    return found, [one.reason or one.state for one in report.stages if one.stage is Stage.STRUCTURE]


def test_documents_are_compared_with_their_grammar(tmp_path: Path) -> None:
    """A misspelt element is found in a file, in memory, in a folder and in an archive; a clean file has nothing."""
    wrong = DELIVERY.replace(b"addRequest", b"adRequest")
    assert structural(DELIVERY) == ([], ["clean"])
    (tmp_path / "Eleve.xml").write_bytes(wrong)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("ENT_Complet_Eleve_0000.xml", wrong)
    for source in (wrong, [wrong[:50], wrong[50:]], {"Eleve.xml": wrong}, tmp_path, archive.getvalue()):
        assert structural(source) == (["structure_element"], ["found"]), source


def test_what_cannot_be_compared() -> None:
    """A stream that is over, a table in text, a part that breaks off: each says so, or leaves it to its reader."""
    assert structural(iter([DELIVERY])) == ([], ["read_once"])
    assert compared({"Eleve.xml": iter([DELIVERY])}) == (Report(), "read_once")
    assert compared(DELIVERY) == (Report(), "")
    long = DELIVERY + b" " * 70_000
    assert compared([long[:66_000], long[66_000:]]) == (Report(), "")
    assert compared(b"PK\x03\x04" + bytes(40)) == (Report(), "no_schema")
    assert structural(io.BytesIO(DELIVERY)) == ([], ["read_once"])
    table = "Jour;Heure;Div;Matière;Professeur;Salle;Groupe;Regroup;Eff;Mo;Freq;Aire;\r\n".encode("cp1252")
    assert structural(table)[1] == ["no_schema"]
    broken = {"ENT_Complet_Eleve_0000.xml": DELIVERY, "ENT_Complet_Eleve_0001.xml": DELIVERY[:-3]}
    assert structural(broken)[0] == []
    assert structural({"ENT_Complet_Eleve_0000.xml": DELIVERY, "a.zip": b"PK\x03\x04" + bytes(40)})[0] == []
