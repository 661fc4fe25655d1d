"""Timetables on the command line: shown, imported and converted, whatever program they came from and however given."""

from __future__ import annotations

import csv
import json
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from entformats import aaf, cli, edt, read
from entformats.testing import envelopes, school
from entformats.testing.school import FictitiousSchool
from entformats.timetable import export


@pytest.fixture(scope="module")
def fictitious() -> FictitiousSchool:
    """Give a small school."""
    return school.generate(5, pupils=24)


@pytest.fixture(scope="module")
def given(fictitious: FictitiousSchool, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Write its timetable in every way in which one is handed in: what to write on the command line, by name."""
    folder = tmp_path_factory.mktemp("given")
    uai, at = fictitious.uai, datetime(2026, 11, 7, tzinfo=UTC)
    files = {
        dialect: {name: b"".join(chunks) for name, chunks in edt.write(fictitious.first, dialect=dialect)}
        for dialect in edt.DIALECTS
    }
    [(name, clear)] = files["edt"].items()
    (folder / name).write_bytes(clear)
    key = envelopes.new_key()
    (folder / "key.pem").write_bytes(key)
    (folder / "sealed.xml").write_bytes(envelopes.sealed(clear, key, partner="NEO-Open", uai=uai, at=at))
    for dialect in ("udt", "sts"):
        (folder / dialect).mkdir()
        for member, content in files[dialect].items():
            (folder / dialect / member).write_bytes(content)
    with zipfile.ZipFile(folder / f"{uai}_20261107063000_UDT.zip", "w") as archive:
        for member, content in files["udt"].items():
            archive.writestr(member, content)
    with zipfile.ZipFile(folder / "edt.zip", "w") as archive:
        archive.writestr(name, clear)
    (folder / "aaf").mkdir()
    for member, chunks in aaf.write(fictitious.directory, exported=fictitious.first_at.date()):
        (folder / "aaf" / member).write_bytes(b"".join(chunks))
    return {
        "aaf": [str(folder / "aaf")],
        "clear": [str(folder / name)],
        "encrypted": [str(folder / "sealed.xml"), "--key", str(folder / "key.pem"), "--partner", "NEO-Open"],
        "zip": [str(folder / "edt.zip")],
        "udt folder": [str(folder / "udt")],
        "udt zip": [str(folder / f"{uai}_20261107063000_UDT.zip")],
        "sts folder": [str(folder / "sts")],
        "sts files": sorted(str(folder / "sts" / member) for member in files["sts"]),
    }


WAYS = ("clear", "encrypted", "zip", "udt folder", "udt zip", "sts folder", "sts files")


def with_school(way: str, fictitious: FictitiousSchool) -> list[str]:
    """Name the school where the export does not say it."""
    return ["--school", fictitious.uai] if way == "udt folder" else []


@pytest.mark.parametrize("way", WAYS)
def test_show(given: dict[str, list[str]], capsys: pytest.CaptureFixture[str], way: str) -> None:
    """One paragraph a timetable, the files of STS-Web together."""
    assert cli.run(["show", *given[way]]) in {cli.ExitCode.OK, cli.ExitCode.PROBLEMS}
    shown = capsys.readouterr().out
    assert shown.count("année scolaire 2026-2027") == 1
    assert "3 classes, " in shown
    assert "24 élèves" in shown
    assert "Partiel" not in shown


def test_show_a_lone_file(given: dict[str, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """What it is silent on is said."""
    _pupils, _guardians, emp_sts, sts_emp = given["sts files"]
    cli.run(["show", sts_emp])
    assert "Partiel, sans rien sur : les cours, les élèves." in capsys.readouterr().out
    cli.run(["show", emp_sts])
    assert "Partiel, sans rien sur : les élèves, les noms, les matières." in capsys.readouterr().out


@pytest.mark.parametrize("way", WAYS)
def test_bilan(
    given: dict[str, list[str]], fictitious: FictitiousSchool, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    """Each of them is imported: everybody is known, subjects and classes are those of the school."""
    options = ["--school", fictitious.uai, "--at", fictitious.first_at.isoformat()]
    code = cli.run(["bilan", "--aaf", *given["aaf"], *options, "--timetable", *given[way]])
    shown = capsys.readouterr().out
    assert code == cli.ExitCode.OK, shown
    assert "20 matières ajoutées" in shown


@pytest.mark.parametrize("way", WAYS)
def test_convert(given: dict[str, list[str]], fictitious: FictitiousSchool, tmp_path: Path, way: str) -> None:
    """Lines and tables have the same entities, as many as the timetable; of one dialect, the same however given."""
    named = with_school(way, fictitious)
    lines, folder = tmp_path / "t.jsonl", tmp_path / "tables"
    assert cli.run(["convert", *given[way], *named, "--output", str(lines)]) == cli.ExitCode.OK
    assert cli.run(["convert", *given[way], *named, "--to", "csv", "--output", str(folder)]) == cli.ExitCode.OK
    told = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    counts = Counter(one["table"] for one in told)
    for table in export.TABLES:
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert [row["key"] for row in rows] == [one["key"] for one in told if one["table"] == table]
    assert counts["classes"] == len(fictitious.first.classes)
    assert counts["lessons"] > 1000
    names = {one["identity"]["family"] for one in told if one["table"] == "teachers"}
    assert names == {teacher.identity.family for teacher in fictitious.first.teachers.values()}


@pytest.mark.parametrize("way", ["clear", "zip", "udt folder", "udt zip", "sts folder"])
def test_any_of_them_is_read_without_saying_what_it_is(given: dict[str, list[str]], way: str) -> None:
    """`entformats.read` gives each to its reader."""
    reading = read(given[way][0])
    assert isinstance(reading, edt.Export)
    assert reading.dialect == {"udt": "udt", "sts": "sts"}.get(way[:3], "edt")


def test_convert_to_standard_output(given: dict[str, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """Without output file, the lines are the only thing on standard output."""
    assert cli.run(["convert", *given["clear"]]) == cli.ExitCode.OK
    assert all(json.loads(line)["table"] in export.TABLES for line in capsys.readouterr().out.splitlines())


def test_convert_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An error of the timetable is shown apart, and in the exit code."""
    (tmp_path / "t.xml").write_text('<ExportEmploiDuTemps UAI="0749999S"/>')
    assert cli.run(["convert", str(tmp_path / "t.xml")]) == cli.ExitCode.PROBLEMS
    captured = capsys.readouterr()
    assert [json.loads(line)["table"] for line in captured.out.splitlines()] == ["timetable"]
    assert "EDT-" in captured.err


def test_a_calendar_of_several_files(given: dict[str, list[str]], fictitious: FictitiousSchool, tmp_path: Path) -> None:
    """The files of STS-Web together make a calendar too."""
    name = next(iter(fictitious.first.classes.values())).name
    target = tmp_path / "c.ics"
    options = ["--to", "ics", "--for", f"class:{name}", "--output", str(target)]
    assert cli.run(["convert", *given["sts files"], *options]) == cli.ExitCode.OK
    assert target.read_bytes().count(b"BEGIN:VEVENT") > 10
