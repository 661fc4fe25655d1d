"""Encrypted exports on the command line: described without a key, read with one."""

from __future__ import annotations

import base64
import hashlib
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from entformats import aaf, cli, edt
from entformats.testing import school

SECRET = bytes(range(32))
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
    key = rsa.generate_private_key(65537, 2048)
    (made / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (made / "edt.xml").write_text(envelope(key, b"".join(chunks), fictitious.uai), "utf-8")
    return made


def envelope(key: rsa.RSAPrivateKey, document: bytes, uai: str) -> str:
    """Encrypt a document for one partner."""
    packed = zlib.compress(document)
    size = 16 - len(packed) % 16
    box = Cipher(algorithms.AES(SECRET[:16]), modes.CBC(SECRET[16:])).encryptor()
    block = SECRET + hashlib.md5(SECRET, usedforsecurity=False).digest()
    keys, content, digest = (
        base64.b64encode(value).decode()
        for value in (
            key.public_key().encrypt(block, padding.PKCS1v15()),
            box.update(packed + bytes([size]) * size) + box.finalize(),
            hashlib.sha256(packed).digest(),
        )
    )
    return (
        f'<EXPORT_INDEX_EDUCATION><LOGICIEL>EDT 2026</LOGICIEL><CLES><PARTENAIRE NOM="NEO-Open">{keys}</PARTENAIRE>'
        f"</CLES><CONTENU>{content}</CONTENU><VERIFICATION>{digest}</VERIFICATION>"
        f"<DATEHEURE>2026-09-05T06:00:00+02:00</DATEHEURE><UAI>{uai}</UAI></EXPORT_INDEX_EDUCATION>"
    )


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
