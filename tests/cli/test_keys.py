"""Encrypted exports on the command line: described without a key, read with one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from entformats import aaf, cli, edt
from entformats.testing import envelopes, school

MADE = datetime(2026, 9, 5, 6, tzinfo=timezone(timedelta(hours=2)))
OPTIONS = ("--partner", "NEO-Open", "--key")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a delivery, an export encrypted for NEO-Open, and the key."""
    made = tmp_path_factory.mktemp("keys")
    fictitious = school.generate(5, pupils=30)
    (made / "aaf").mkdir()
    for name, chunks in aaf.write(fictitious.directory, exported=fictitious.first_at.date()):
        (made / "aaf" / name).write_bytes(b"".join(chunks))
    ((_, chunks),) = edt.write(fictitious.first)
    key = envelopes.new_key()
    (made / "key.pem").write_bytes(key)
    content = envelopes.sealed(
        b"".join(chunks), key, partner="NEO-Open", uai=fictitious.uai, software="EDT 2026", at=MADE
    )
    (made / "edt.xml").write_bytes(content)
    return made


def test_an_encrypted_export_is_described_without_a_key(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """School, date, program and partners; then what is missing, and the exit code."""
    assert cli.run(["show", str(folder / "edt.xml")]) == cli.ExitCode.UNREADABLE
    shown = capsys.readouterr()
    assert "produit le 05/09/2026 à 06:00 par EDT 2026." in shown.out
    assert "Destinataires : NEO-Open." in shown.out
    assert "EDT-001" in shown.err


def test_an_envelope_that_says_little(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not said is a question mark."""
    (tmp_path / "edt.xml").write_text("<EXPORT_INDEX_EDUCATION/>", "utf-8")
    assert cli.run(["show", str(tmp_path / "edt.xml")]) == cli.ExitCode.UNREADABLE
    shown = capsys.readouterr().out
    assert "Export chiffré de l'établissement ?, produit par ?." in shown
    assert "Destinataires : aucun." in shown


def test_with_a_key_it_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`show` and `bilan` read it as they read an export in clear."""
    assert cli.run(["show", str(folder / "edt.xml"), *OPTIONS, str(folder / "key.pem")]) == cli.ExitCode.OK
    assert "30 élèves" in capsys.readouterr().out
    order = ["bilan", "--aaf", str(folder / "aaf"), "--timetable", str(folder / "edt.xml")]
    assert cli.run([*order, *OPTIONS, str(folder / "key.pem")]) == cli.ExitCode.OK
    assert "Bilan préliminaire d'import" in capsys.readouterr().out


@pytest.mark.parametrize("options", [("--key", "key.pem"), ("--partner", "NEO-Open")])
def test_a_key_and_a_partner_go_together(
    folder: Path, options: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """One without the other is a misuse."""
    assert cli.run(["show", str(folder / "edt.xml"), *options]) == cli.ExitCode.USAGE
    assert "go together" in capsys.readouterr().err
