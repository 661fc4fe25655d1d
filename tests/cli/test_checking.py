"""`entformats check`, `explain`, `codes`: what they print, where they write, how they end."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from entformats.cli import ExitCode, run
from entformats.problems import CATALOGUE

EXPORT = b"""<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" UAI="0749999S">
<AnneeScolaire DateDebut="2022-09-01" DateFin="2023-08-31" DatePremierJourSemaine1="2022-08-29"/>
</ExportEmploiDuTemps>"""
DAY = ("--today", "2022-09-01")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Write a small export."""
    path = tmp_path / "export.xml"
    path.write_bytes(EXPORT)
    return path


def test_the_report_is_shown(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In French by default, the verdict first; warnings alone end well."""
    assert run(["check", str(export), *DAY]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert shown.startswith("Verdict : utilisable, avec des alertes")
    assert "export.xml : edt export" in shown
    assert run(["check", str(export), *DAY, "--lang", "en"]) == ExitCode.OK
    assert capsys.readouterr().out.startswith("Verdict: usable, with warnings")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], ExitCode.OK),
        (["--fail-on", "warning"], ExitCode.PROBLEMS),
        (["--fail-on", "never"], ExitCode.OK),
        (["--profile", "strict"], ExitCode.PROBLEMS),
        (["--profile", "strict", "--fail-on", "never"], ExitCode.OK),
        (["--profile", "lenient", "--fail-on", "warning"], ExitCode.OK),
        (["--fail-on", "warning", "--ignore", "EDT", "--ignore", "XML"], ExitCode.OK),
        (["--fail-on", "warning", "--select", "IO"], ExitCode.OK),
        (["--only", "0740001S"], ExitCode.PROBLEMS),
        (["--only", "college"], ExitCode.USAGE),
        (["--profile", "severe"], ExitCode.CONFIGURATION),
        (["--ignore", "XYZ"], ExitCode.CONFIGURATION),
        (["--report", "pdf=x"], ExitCode.USAGE),
        (["--report", "json"], ExitCode.USAGE),
        (["--output", "/nowhere/at/all.txt"], ExitCode.USAGE),
        (["--key", "x.pem"], ExitCode.USAGE),
        (["--fail-on", "sometimes"], ExitCode.USAGE),
        (["--formt", "json"], ExitCode.USAGE),
    ],
)
def test_how_it_ends(export: Path, options: list[str], code: ExitCode) -> None:
    """The exit code is that of the page of the command line."""
    assert run(["check", str(export), *DAY, *options]) == code


def test_nothing_to_check() -> None:
    """A file is wanted."""
    assert run(["check"]) == ExitCode.USAGE


def test_what_cannot_be_read(tmp_path: Path, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding, and its own exit code when nothing else could be read."""
    missing = str(tmp_path / "missing.xml")
    assert run(["check", missing]) == ExitCode.UNREADABLE
    assert "IO-001" in capsys.readouterr().out
    assert run(["check", missing, str(export), *DAY]) == ExitCode.PROBLEMS


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A dash reads it."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(EXPORT)))
    assert run(["check", "-", *DAY, "--format", "json"]) == ExitCode.OK
    report = json.loads(capsys.readouterr().out)
    assert (report["verdict"], report["inputs"][0]["format"]) == ("usable-with-warnings", "edt")


def test_several_reports_of_one_run(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each in its file, and the one asked for in its own."""
    sarif, page, lines = tmp_path / "a.sarif", tmp_path / "b.html", tmp_path / "c.txt"
    reports = ["--report", f"sarif={sarif}", "--report", f"html={page}"]
    assert run(["check", str(export), *DAY, *reports, "--format", "concise", "-o", str(lines)]) == ExitCode.OK
    assert capsys.readouterr().out == ""
    assert json.loads(sarif.read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert "<article" in page.read_text(encoding="utf-8")
    assert lines.read_text(encoding="utf-8").startswith("export.xml")


def test_a_profile_of_ones_own(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A TOML file; one that means nothing is a matter of configuration."""
    profile = tmp_path / "vendor.toml"
    profile.write_text('name = "vendor"\n[levels]\nEDT = "error"\n', encoding="utf-8")
    assert run(["check", str(export), *DAY, "--profile", str(profile)]) == ExitCode.PROBLEMS
    assert "profil vendor" in capsys.readouterr().out
    profile.write_text("name = 3", encoding="utf-8")
    assert run(["check", str(export), *DAY, "--profile", str(profile)]) == ExitCode.CONFIGURATION


def test_samples_are_capped_and_counts_exact(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No place is kept with a limit of none; the numbers stay."""
    assert run(["check", str(export), *DAY, "--limit", "0", "--format", "json"]) == ExitCode.OK
    report = json.loads(capsys.readouterr().out)
    assert all(row["samples"] == [] for row in report["problems"])
    assert sum(row["total"] for row in report["problems"]) > 0


def test_a_name_of_any_bytes(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """A file whose name is no text is named as well as can be."""
    path = tmp_path / "\udce9.xml"
    try:
        path.write_bytes(EXPORT)
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system takes no such name")
    assert run(["check", str(path), *DAY, "--format", "concise"]) == ExitCode.OK
    assert b"?.xml" in capsysbinary.readouterr().out


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    """By code, in any case, or by name, in both languages."""
    known = CATALOGUE["AAF-002"]
    for name in ("AAF-002", "aaf-002", "missing_part"):
        assert run(["explain", name]) == ExitCode.OK
        shown = capsys.readouterr().out
        assert all(text in shown for text in (known.fr.title, known.fr.explanation, known.fr.repair, known.source))
    assert run(["explain", "AAF-002", "--lang", "en"]) == ExitCode.OK
    assert known.en.repair in capsys.readouterr().out
    assert run(["explain", "AAF-999"]) == ExitCode.USAGE


def test_codes(capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, as a list or as data in both languages."""
    assert run(["codes"]) == ExitCode.OK
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(CATALOGUE)
    assert run(["codes", "--json"]) == ExitCode.OK
    rows = json.loads(capsys.readouterr().out)
    assert [row["code"] for row in rows] == list(CATALOGUE)
    assert all(row["fr"]["repair"] and row["en"]["repair"] and row["stage"] for row in rows)
