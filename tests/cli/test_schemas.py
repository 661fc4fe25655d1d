"""`entformats schema`: the list, one schema byte for byte, a name that is none; files explained by their schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from entformats import cli, schema
from entformats.validation.diagnostics import SMALL


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    """Every schema is listed, with what it describes."""
    assert cli.run(["schema"]) == cli.ExitCode.OK
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == list(schema.names())
    assert all(line.endswith(schema.title(line.split()[0])) for line in shown)


@pytest.mark.parametrize("name", ["aaf.dtd", "sts-emp.xsd", "report.schema.json"])
def test_one_schema(capsysbinary: pytest.CaptureFixture[bytes], name: str) -> None:
    """It is written as it was published, so that it can be put into a file."""
    assert cli.run(["schema", name]) == cli.ExitCode.OK
    assert capsysbinary.readouterr().out == schema.read(name)


def test_a_name_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """It is a mistake of the caller, and the names that exist are given."""
    assert cli.run(["schema", "word.xsd"]) == cli.ExitCode.USAGE
    assert "edt.xsd" in capsys.readouterr().err


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Write an export of EDT in which a teacher has lost his first name, and a date is no date."""
    text = """<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" Version="1.1">
<Professeurs><Professeur Ident="1" Nom="VALMOND"/></Professeurs>
<Eleves><Eleve Ident="1" Nom="A" Prenom="B" DateNaissance="hier" Sexe="Feminin"/></Eleves>
<Cours/></ExportEmploiDuTemps>"""
    path = tmp_path / "edt.xml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_is_explained(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each departure has its line, its path, what is wrong and the words of the schema; values are hidden."""
    assert cli.run(["schema", "--file", str(export)]) == cli.ExitCode.PROBLEMS
    shown = capsys.readouterr().out
    assert "edt.xml : edt.xsd, 2 écarts" in shown
    assert "edt.xml:2 : l'élément 'Professeur' n'a pas son attribut obligatoire 'Prenom'" in shown
    assert "/ExportEmploiDuTemps/Eleves/Eleve : Date de naissance, vide quand elle est inconnue" in shown
    assert "hier" not in shown
    assert cli.run(["schema", "--file", str(export), "--show-names"]) == cli.ExitCode.PROBLEMS
    assert "la valeur 'hier' de 'DateNaissance'" in capsys.readouterr().out


def test_a_large_file_is_compared(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beyond what is explained, the departures are listed with their lines."""
    comments = f"<!--{' ' * 1_000}-->" * (SMALL // 1_000)
    export.write_text(export.read_text("utf-8").replace("<Cours/>", f"{comments}<Cours/>"), "utf-8")
    assert cli.run(["schema", "--file", str(export)]) == cli.ExitCode.PROBLEMS
    assert "edt.xml:2 : l'élément 'Professeur'" in capsys.readouterr().out


def test_a_file_may_follow_its_schema_or_have_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A valid file is told so; a named schema prevails; a file of no known format has none."""
    path = tmp_path / "lignes.xml"
    path.write_text('<TABLE nom="Cours"><Cours><JOUR>lundi</JOUR></Cours></TABLE>', "utf-8")
    assert cli.run(["schema", "--file", str(path)]) == cli.ExitCode.OK
    assert "edt-table.xsd, conforme" in capsys.readouterr().out
    assert cli.run(["schema", "edt.xsd", "--file", str(path)]) == cli.ExitCode.PROBLEMS
    path.write_text("Jour;Heure", "utf-8")
    assert cli.run(["schema", "--file", str(path)]) == cli.ExitCode.USAGE
    assert "lignes.xml" in capsys.readouterr().err
    assert cli.run(["schema", "--file", str(tmp_path / "absent.xml")]) == cli.ExitCode.UNREADABLE
