"""Exports of Pronote identifiers on the command line: shown, matched, checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from entformats import aaf, cli, pronote
from entformats.identity import Profile
from entformats.testing import identifiers, school
from entformats.testing.school import FictitiousSchool


@pytest.fixture(scope="module")
def made() -> FictitiousSchool:
    """Generate a small school."""
    return school.generate(seed=3, pupils=24)


@pytest.fixture(scope="module")
def export(made: FictitiousSchool) -> pronote.Identifiers:
    """Give an identifier to everybody of the school."""
    return identifiers.draw(made.directory, school=made.uai)


@pytest.fixture
def files(made: FictitiousSchool, export: pronote.Identifiers, tmp_path: Path) -> Path:
    """Write the delivery, and the export in two layouts."""
    (tmp_path / "aaf").mkdir()
    for name, chunks in aaf.write(made.directory, exported=made.first_at.date()):
        (tmp_path / "aaf" / name).write_bytes(b"".join(chunks))
    (tmp_path / "ids.xml").write_bytes(identifiers.write(export, dialect="xml"))
    (tmp_path / "ids.csv").write_bytes(identifiers.write(export, dialect="csv"))
    return tmp_path


def match(files: Path, name: str, *options: str) -> int:
    """Run `entformats match` on one export."""
    return cli.run(["match", "--aaf", str(files / "aaf"), "--identifiers", str(files / name), *options])


def count(export: pronote.Identifiers, profile: Profile) -> int:
    """Count the people of one category."""
    return sum(row.profile is profile for row in export.identifiers)


def hides(out: str, export: pronote.Identifiers) -> bool:
    """Tell whether neither a family name nor an identifier is shown."""
    return not any(text in out for row in export.identifiers for text in (row.pronote_id, row.family))


def test_an_export_is_shown_by_its_numbers(
    files: Path, export: pronote.Identifiers, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows and categories, nobody's name or identifier."""
    cli.run(["show", str(files / "ids.xml")])
    out = capsys.readouterr().out
    assert f"{len(export.identifiers)} lignes, 0 rejetée." in out
    assert f"{count(export, Profile.PUPIL)} élèves" in out
    assert hides(out, export)


def test_an_export_without_anybody_usable_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every row rejected: nobody, and the reasons; code 1."""
    path = tmp_path / "ids.csv"
    path.write_text("Profil;Nom;Prénom;IDPN\nProf;A;B;", encoding="utf-8")
    assert cli.run(["show", str(path)]) == cli.ExitCode.PROBLEMS
    out = capsys.readouterr().out
    assert "établissement non précisé" in out
    assert "Personne." in out


def test_people_of_an_export_are_matched(
    files: Path, export: pronote.Identifiers, capsys: pytest.CaptureFixture[str]
) -> None:
    """Guardians are matched too; the school is that of the file; nobody is named."""
    match(files, "ids.xml")
    out = capsys.readouterr().out
    assert f"élèves reconnus sur {count(export, Profile.PUPIL)}" in out
    assert f"sur {count(export, Profile.GUARDIAN)}" in out
    assert hides(out, export)


def test_a_text_table_needs_its_school(
    files: Path, made: FictitiousSchool, export: pronote.Identifiers, capsys: pytest.CaptureFixture[str]
) -> None:
    """A text table does not name its school: it is asked for."""
    assert match(files, "ids.csv") == cli.ExitCode.USAGE
    assert "--school UAI" in capsys.readouterr().err
    match(files, "ids.csv", "--school", made.uai)
    assert f"élèves reconnus sur {count(export, Profile.PUPIL)}" in capsys.readouterr().out


def test_one_export_at_a_time(files: Path) -> None:
    """Two exports of identifiers are not one."""
    assert match(files, "ids.csv", str(files / "ids.xml")) == cli.ExitCode.USAGE


def test_who_has_no_category_is_counted_apart(
    files: Path, made: FictitiousSchool, export: pronote.Identifiers, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without categories people are only counted; `--profile` says what they are."""
    pupils = tuple(evolve(row, profile=None) for row in export.identifiers if row.profile is Profile.PUPIL)
    (files / "pupils.csv").write_bytes(identifiers.write(evolve(export, identifiers=pupils), dialect="csv"))
    match(files, "pupils.csv", "--school", made.uai)
    assert f"{count(export, Profile.PUPIL)} personnes sans catégorie connue" in capsys.readouterr().out
    match(files, "pupils.csv", "--school", made.uai, "--profile", "pupil")
    assert f"élèves reconnus sur {count(export, Profile.PUPIL)}" in capsys.readouterr().out


def test_check_takes_an_export(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` reads it as any other file."""
    assert cli.run(["check", str(files / "ids.xml"), "--today", "2026-09-05"]) == cli.ExitCode.OK
    assert "ids.xml" in capsys.readouterr().out
