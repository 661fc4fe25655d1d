"""`entformats plan`: what it prints, what it writes, and when it writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from entformats import aaf
from entformats.cli import ExitCode, run
from entformats.identity import Profile
from entformats.rules.identifiers import Links
from entformats.testing import identifiers, school

MADE = school.generate(seed=7, pupils=30)
EXPORT = identifiers.draw(MADE.directory, school=MADE.uai)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write a delivery, a whole export, and one of the teachers alone."""
    (tmp_path / "aaf").mkdir()
    for name, chunks in aaf.write(MADE.directory):
        (tmp_path / "aaf" / name).write_bytes(b"".join(chunks))
    (tmp_path / "all.xml").write_bytes(identifiers.write(EXPORT, dialect="xml"))
    teachers = identifiers.write(EXPORT, dialect="csv").splitlines(keepends=True)
    few = [line for line in teachers if b"Professeur" in line or line == teachers[0]]
    (tmp_path / "teachers.csv").write_bytes(b"".join(few))
    return tmp_path


def planned(files: Path, export: str, *options: str) -> int:
    """Run the command on one of the exports."""
    order = ["plan", str(files / export), "--aaf", str(files / "aaf"), "--links", str(files / "links.json")]
    return run([*order, "--school", MADE.uai, *options])


def test_a_plan_is_shown_and_written_only_when_validated(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts as the screen has them; no name, no identifier; links written once, then nothing changes."""
    assert planned(files, "all.xml") == ExitCode.OK
    shown = capsys.readouterr().out
    assert "Ajout et mise à jour" in shown
    assert not (files / "links.json").exists()
    assert not any(one.pronote_id in shown for one in EXPORT.identifiers)
    assert planned(files, "all.xml", "--validate") == ExitCode.OK
    first = Links.from_json((files / "links.json").read_text(encoding="utf-8"))
    assert 0 < len(first.links) <= len(EXPORT.identifiers)
    assert planned(files, "all.xml", "--mode", "replace", "--validate") == ExitCode.OK
    assert Links.from_json((files / "links.json").read_text(encoding="utf-8")) == first
    assert "0 identifiant Pronote importé" not in capsys.readouterr().out


def test_what_is_dangerous_is_confirmed(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Teachers alone over everything: refused until it is confirmed."""
    assert planned(files, "all.xml", "--validate") == ExitCode.OK
    before = (files / "links.json").read_text(encoding="utf-8")
    asked = ("teachers.csv", "--mode", "replace", "--profile", "teacher", "--validate")
    assert planned(files, *asked) == ExitCode.PROBLEMS
    assert (files / "links.json").read_text(encoding="utf-8") == before
    assert "--confirm" in capsys.readouterr().out
    assert planned(files, *asked, "--confirm") == ExitCode.OK
    after = Links.from_json((files / "links.json").read_text(encoding="utf-8"))
    assert {one.profile for one in after.links} == {Profile.TEACHER}


def test_what_cannot_be_planned(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Links to write nowhere, a school that is not named, a file of another one, links that are none."""
    export, delivery = str(files / "all.xml"), str(files / "aaf")
    assert run(["plan", export, "--aaf", delivery, "--validate"]) == ExitCode.USAGE
    (files / "nowhere.csv").write_bytes(identifiers.write(EXPORT, dialect="csv"))
    assert run(["plan", str(files / "nowhere.csv"), "--aaf", delivery]) == ExitCode.USAGE
    for content in (b"{", b"\xff\xfe"):
        (files / "links.json").write_bytes(content)
        assert planned(files, "all.xml") == ExitCode.CONFIGURATION
    (files / "links.json").unlink()
    (files / "empty.csv").write_bytes(
        identifiers.write(EXPORT, dialect="csv").splitlines(keepends=True)[0] + b"x;y\r\n"
    )
    assert planned(files, "empty.csv", "--validate") == ExitCode.PROBLEMS
    assert "Rien n'est écrit" in capsys.readouterr().out


def test_an_incomplete_delivery_writes_nothing(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a part of the pupils missing nobody is taken for gone, and the plan is only shown."""
    path = next((files / "aaf").glob("*_Eleve_*.xml"))
    path.write_bytes(path.read_bytes()[:-2_000])
    assert planned(files, "all.xml", "--mode", "replace", "--validate") == ExitCode.PROBLEMS
    shown = capsys.readouterr().out
    assert "La livraison AAF est incomplète" in shown
    assert "XML-101" in shown
    assert not (files / "links.json").exists()
