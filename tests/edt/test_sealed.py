"""The encrypted envelope: what is read of it without a key, how it is opened, and each way in which that fails."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

import entformats
from entformats import edt
from entformats._envelope import unsealed
from entformats.errors import Encrypted, LimitExceeded, MissingExtra, UnreadableInput, UsageError, WrongFormat
from entformats.frozen import FrozenMap
from entformats.limits import Limits

SECRET, VECTOR = bytes(range(16)), bytes(range(16, 32))
BLOCK = SECRET + VECTOR + hashlib.md5(SECRET + VECTOR, usedforsecurity=False).digest()
SHEET_CONTENT = "16EaThdJ+xeBG1HFL/O/TYONBn+mFlKzHYUQaVdGF+gym/Bk52Z3ZQ0nd7sxuToccS48ETTFLLDBSgFt0HpfkQ=="
SHEET_DIGEST = "maKZKXxluLX1sFCOMVxJC8c4xjyTxGgWrs6Tr8PQdbU="
SHEET_PACKED = bytes.fromhex(
    "78da7bbf7bbf8d6b45417e51896b6e414e7ea64b69486a6e41b142586a5171667e9ead92919e819242a8a3a7ad9281b98925"
    "10042be9db01004fec1226"
)
SHEET_TEXT = '\ufeff<ExportEmploiDuTemps Version="2.0" UAI="0749999S"/>'
PARTNER = "NEO-Open"
DEFAULT = Limits()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """Make the key of a partner."""
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def der(key: rsa.RSAPrivateKey) -> bytes:
    """Give it as entcore keeps it."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def aes(content: bytes, secret: bytes = SECRET, vector: bytes = VECTOR) -> bytes:
    """Encrypt as the vendor does."""
    size = 16 - len(content) % 16
    box = Cipher(algorithms.AES(secret), modes.CBC(vector)).encryptor()
    return box.update(content + bytes([size]) * size) + box.finalize()


def lines(content: bytes) -> str:
    """Break base64 into lines of 76 characters, as the vendor does."""
    return base64.encodebytes(content).decode()


def sealed(key: rsa.RSAPrivateKey, document: str | bytes, *, uai: str = "0749999S", flag: str = "") -> str:
    """Put a document in an envelope for NEO-Open and the vendor."""
    content = document.encode() if isinstance(document, str) else document
    packed = content if flag in {"false", "0"} else zlib.compress(content)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<EXPORT_INDEX_EDUCATION xmlns="http://www.index-education.com/conteneurexportchiffre">
<VERSION>1.0</VERSION>
<LOGICIEL>PRONOTE Monoposte-PRONOTE 2013 - 0.5.14</LOGICIEL>
<CLES><PARTENAIRE NOM="INDEXEDUCATION">{lines(os.urandom(256))}</PARTENAIRE>
<PARTENAIRE NOM="{PARTNER}">{lines(key.public_key().encrypt(BLOCK, padding.PKCS1v15()))}</PARTENAIRE></CLES>
<CONTENU{f' CompresseAvantChiffrement="{flag}"' if flag else ""}>{lines(aes(packed))}</CONTENU>
<VERIFICATION>{lines(hashlib.sha256(packed).digest())}</VERIFICATION>
<DATEHEURE>2014-05-20T10:19:08.486+02:00</DATEHEURE>
<UAI>{uai}</UAI>
<NOMETABLISSEMENT>COLLEGE FICTIF</NOMETABLISSEMENT>
<CODEPOSTALVILLE>74130</CODEPOSTALVILLE>
</EXPORT_INDEX_EDUCATION>
"""


def failure(content: str | bytes, decrypt: edt.Decryptor | None, limits: Limits = DEFAULT) -> UnreadableInput:
    """Give the error that reading ends with."""
    source = content.encode() if isinstance(content, str) else content
    with pytest.raises(UnreadableInput) as caught:
        edt.read(source, decrypt=decrypt, limits=limits)
    return caught.value


def constant(block: bytes) -> Callable[[bytes], bytes]:
    """Make an `unwrap` that gives the same block whatever it is asked."""
    return lambda _: block


@pytest.fixture(scope="module")
def ours(der: bytes) -> edt.Decryptor:
    """Give what opens our exports."""
    return edt.with_key(der, partner=PARTNER)


def test_the_vector_of_the_sheet(ours: edt.Decryptor) -> None:
    """Steps 3 to 8 on the published example: each intermediate value, byte for byte (edt 1.3)."""
    assert BLOCK[32:].hex() == "b4ffcb23737cec315a4a4d1aa2a620ce"
    assert aes(SHEET_PACKED) == base64.b64decode(SHEET_CONTENT)
    envelope = edt.Envelope(content=SHEET_CONTENT, verification=SHEET_DIGEST)
    plain = unsealed(envelope, BLOCK, ours)
    assert plain.decode() == SHEET_TEXT
    without = evolve(ours, decrypt=lambda _key, _iv, _content: SHEET_PACKED)
    assert unsealed(envelope, BLOCK, without) == plain
    export = edt.read(plain)
    assert (export.timetable.uai, export.timetable.version) == ("0749999S", "2.0")


@pytest.mark.parametrize("flag", ["", "true", "1", "false", "0"])
def test_an_export_is_the_same_opened_or_in_clear(
    key: rsa.RSAPrivateKey, ours: edt.Decryptor, small: str, flag: str
) -> None:
    """Compressed or not, what is inside is read as if it had come in clear; the envelope adds program and date."""
    export = edt.read(sealed(key, "\ufeff" + small, flag=flag).encode(), decrypt=ours)
    clear = edt.read(small.encode())
    assert export.timetable == clear.timetable
    assert export.report == clear.report
    assert export.software == "PRONOTE Monoposte-PRONOTE 2013 - 0.5.14"
    assert export.produced_at == datetime(2014, 5, 20, 10, 19, 8, 486000, timezone(timedelta(hours=2)))
    assert entformats.read(sealed(key, small, flag=flag).encode(), decrypt=ours) == export


def test_a_file_in_clear_asks_for_no_key(small: str, ours: edt.Decryptor) -> None:
    """The callables are not called for a file in clear."""

    def never(*_: bytes) -> bytes:
        raise AssertionError

    export = edt.read(small.encode(), decrypt=evolve(ours, unwrap=never, decrypt=never))
    assert export.produced_at is None


def test_the_envelope_is_read_without_a_key(key: rsa.RSAPrivateKey, small: str) -> None:
    """School, program, date and partners are in clear; neither keys nor content show in `repr`."""
    envelope = edt.read_envelope(sealed(key, small).encode())
    assert envelope.partners == ("INDEXEDUCATION", PARTNER)
    assert (envelope.version, envelope.uai, envelope.postcode) == ("1.0", "0749999S", "74130")
    assert envelope.school_name == "COLLEGE FICTIF"
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", envelope.content + envelope.verification + "".join(envelope.keys.values()))
    assert repr(envelope) == "<Envelope 0749999S for INDEXEDUCATION, NEO-Open>"
    assert repr(edt.Envelope()) == "<Envelope  for nobody>"


def test_what_an_envelope_may_lack(key: rsa.RSAPrivateKey, ours: edt.Decryptor, small: str) -> None:
    """The school is optional in later versions; no namespace, another one, unknown or repeated elements do no harm."""
    text = sealed(key, small)
    for found, changes in (
        ((), [("<UAI>0749999S</UAI>", ""), ("<DATEHEURE>2014-05-20T10:19:08.486+02:00</DATEHEURE>", "")]),
        ((), [(' xmlns="http://www.index-education.com/conteneurexportchiffre"', "")]),
        (("unexpected_namespace",), [("conteneurexportchiffre", "conteneurexportchiffreV2")]),
        (("edt_content_skipped",), [("<VERSION>", "<REGION/><VERSION>")]),
        (("edt_content_skipped",), [("</UAI>", "</UAI><UAI>0000000A</UAI>")]),
    ):
        changed = text
        for old, new in changes:
            assert old in changed
            changed = changed.replace(old, new)
        export = edt.read(changed.encode(), decrypt=ours)
        assert export.timetable.uai == "0749999S"
        assert tuple(problem.slug for problem in export.report.problems) == found


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-09-05T06:00:00", datetime(2022, 9, 5, 6)),  # noqa: DTZ001 - the file gives no offset
        ("2022-09-05T06:00:00Z", datetime(2022, 9, 5, 6, tzinfo=UTC)),
        ("05/09/2022", None),
        ("2022-13-05T06:00:00", None),
    ],
)
def test_the_date_of_production(
    key: rsa.RSAPrivateKey, ours: edt.Decryptor, small: str, text: str, moment: datetime | None
) -> None:
    """An instant of XML, with or without an offset; anything else is reported and left out."""
    dated = sealed(key, small).replace("2014-05-20T10:19:08.486+02:00", text)
    export = edt.read(dated.encode(), decrypt=ours)
    assert export.produced_at == moment
    assert len(export.report.of_slug("envelope_date_unreadable")) == (moment is None)


def test_no_key_at_all(key: rsa.RSAPrivateKey, small: str) -> None:
    """Without a decryptor the error names the partners who could read it."""
    error = failure(sealed(key, small), None)
    assert isinstance(error, Encrypted)
    assert error.problem.slug == "encrypted_envelope"
    assert error.problem.params["partners"] == "INDEXEDUCATION, NEO-Open"
    with pytest.raises(Encrypted):
        entformats.read(sealed(key, small).encode())


@pytest.mark.parametrize("partner", ["neo-open", "LaclasseCom", ""])
def test_no_key_for_this_partner(key: rsa.RSAPrivateKey, ours: edt.Decryptor, small: str, partner: str) -> None:
    """Failure 1: the names of partners are compared letter for letter."""
    error = failure(sealed(key, small), evolve(ours, partner=partner))
    assert isinstance(error, Encrypted)
    assert error.problem.slug == "envelope_partner_unknown"


def test_an_empty_key_block_is_no_key(key: rsa.RSAPrivateKey, ours: edt.Decryptor, small: str) -> None:
    """A partner who is named without a key block cannot read the file."""
    text = re.sub(rf'<PARTENAIRE NOM="{PARTNER}">[^<]*', f'<PARTENAIRE NOM="{PARTNER}">', sealed(key, small))
    assert failure(text, ours).problem.slug == "envelope_partner_unknown"
    without = re.sub(r"<CLES>.*</CLES>", "", text, flags=re.DOTALL)
    assert failure(without, ours).problem.slug == "envelope_partner_unknown"


def test_the_wrong_key(key: rsa.RSAPrivateKey, ours: edt.Decryptor, small: str) -> None:
    """Failure 2: another RSA key, of the same size or not, and a block whose MD5 is not right."""
    for bits in (2048, 3072):
        other = rsa.generate_private_key(65537, bits)
        content = other.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        error = failure(sealed(key, small), edt.with_key(content, partner=PARTNER))
        assert error.problem.slug == "envelope_key_wrong"
    for block in (b"", BLOCK[:47], BLOCK + b"\0", BLOCK[:-1] + b"\0"):
        error = failure(sealed(key, small), evolve(ours, unwrap=constant(block)))
        assert error.problem.slug == "envelope_key_wrong"
        assert not isinstance(error, Encrypted | WrongFormat)


@pytest.mark.parametrize(
    ("reason", "old", "new"),
    [
        ("base64 CLES", r'(<PARTENAIRE NOM="NEO-Open">)', r"\1*"),
        ("base64 CONTENU", "(<CONTENU>)", r"\1*"),
        ("base64 VERIFICATION", "(<VERIFICATION>)", r"\1*"),
        ("AES", "(<CONTENU>)[^<]{4}", r"\1"),
        ("PKCS#7", "(<CONTENU>)[^<]+", r"\1"),
        ("SHA-256", "(<VERIFICATION>)[^<]+", r"\1"),
    ],
)
def test_a_damaged_content(
    key: rsa.RSAPrivateKey, ours: edt.Decryptor, small: str, reason: str, old: str, new: str
) -> None:
    """Failure 3: whatever was cut or changed, the finding says at which step it showed."""
    error = failure(re.sub(old, new, sealed(key, small)), ours)
    assert (error.problem.slug, error.problem.params["reason"]) == ("envelope_content_damaged", reason)


@pytest.mark.parametrize("packed", [b"not zlib", zlib.compress(b"<a/>" * 99)[:-5]], ids=["not zlib", "cut"])
def test_a_content_that_does_not_inflate(key: rsa.RSAPrivateKey, ours: edt.Decryptor, packed: bytes) -> None:
    """A digest that is right does not make a stream of zlib."""
    text = sealed(key, packed, flag="false").replace('"false"', '"true"')
    assert failure(text, ours).problem.params["reason"] == "zlib"


def test_inflation_is_bounded(key: rsa.RSAPrivateKey, ours: edt.Decryptor) -> None:
    """A bomb is refused at the limit, and what fits exactly is not."""
    bomb = sealed(key, b"x" * 5_000_000)
    error = failure(bomb, ours, Limits(inflated_bytes=4_999_999))
    assert isinstance(error, LimitExceeded)
    assert error.problem.slug == "envelope_too_large"
    assert failure(bomb, ours, Limits(inflated_bytes=5_000_000)).problem.slug == "envelope_document_unreadable"


def test_limits_hold_inside(key: rsa.RSAPrivateKey, ours: edt.Decryptor, small: str) -> None:
    """A document inside an envelope is read under the same limits as one in clear."""
    assert failure(sealed(key, small), ours, Limits(depth=3)).problem.slug == "too_deep"


def test_a_content_of_several_megabytes(key: rsa.RSAPrivateKey, ours: edt.Decryptor, small: str) -> None:
    """The content may be longer than texts of records, and than ten million characters, as long as one record may."""
    noise = "".join(f"<!--{base64.b64encode(os.urandom(30_000)).decode()}-->" for _ in range(200))
    document = small.replace("<Classes>", noise + "<Classes>")
    text = sealed(key, document, flag="false").encode()
    assert len(document) * 4 // 3 > 10_000_000
    assert edt.read(text, decrypt=ours).timetable.uai == "0749999S"
    assert failure(text, ours, Limits(record_bytes=9_000_000)).problem.slug in {"text_too_long", "record_too_long"}


@pytest.mark.parametrize("document", ["", "<ExportEmploiDuTemps>", "not XML", "<ExportEmploiDuTemps UAI=1/>"])
def test_a_document_that_is_no_xml(key: rsa.RSAPrivateKey, ours: edt.Decryptor, document: str) -> None:
    """Failure 4: the software encrypted something malformed; the finding says what is wrong inside."""
    error = failure(sealed(key, document), ours)
    assert error.problem.slug == "envelope_document_unreadable"
    assert re.match(r"XML-\d{3} ", str(error.problem.params["reason"]))


@pytest.mark.parametrize("root", ["Autre", "TABLE", "PARTENAIRE_INDEX", "EXPORT_INDEX_EDUCATION"])
def test_another_document(key: rsa.RSAPrivateKey, ours: edt.Decryptor, root: str) -> None:
    """Failure 5: the root inside is named; an envelope in an envelope is not opened."""
    error = failure(sealed(key, f"<{root}/>"), ours)
    assert isinstance(error, WrongFormat)
    assert (error.problem.slug, error.problem.params["root"]) == ("envelope_document_unexpected", root)


def test_the_envelope_of_another_school(key: rsa.RSAPrivateKey, ours: edt.Decryptor, small: str) -> None:
    """Failure 6: an error beside the result, as for any export of another school than the one expected."""
    export = edt.read(sealed(key, small, uai="0750001D").encode(), decrypt=ours)
    (found,) = export.report.of_slug("envelope_uai_differs")
    assert dict(found.params) == {"uai": "0750001D", "inside": "0749999S"}
    silent = small.replace(' UAI="0749999S"', "").replace(' Numero="0749999S"', "")
    assert edt.read(sealed(key, silent).encode(), decrypt=ours).report.of_slug("envelope_uai_differs") == ()


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_keys_of_every_form(
    key: rsa.RSAPrivateKey, small: str, tmp_path: Path, encoding: Encoding, form: PrivateFormat
) -> None:
    """PEM or DER, PKCS#8 or PKCS#1, from a file or from bytes."""
    content = key.private_bytes(encoding, form, NoEncryption())
    (tmp_path / "cle.der").write_bytes(content)
    for given_key in (content, tmp_path / "cle.der", str(tmp_path / "cle.der")):
        assert edt.read(sealed(key, small).encode(), decrypt=edt.with_key(given_key, partner=PARTNER)).timetable.uai


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a_key_with_a_password(key: rsa.RSAPrivateKey, small: str, encoding: Encoding) -> None:
    """The password opens the key; without it, with another one, or for a key that has none, the caller is told."""
    locked = key.private_bytes(encoding, PrivateFormat.PKCS8, BestAvailableEncryption(b"sesame"))
    free = key.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())
    assert edt.read(
        sealed(key, small).encode(), decrypt=edt.with_key(locked, partner=PARTNER, password=b"sesame")
    ).timetable.uai
    for content, password, message in (
        (locked, None, "the key needs a password"),
        (locked, b"other", "the key is no private key with this password"),
        (free, b"sesame", "the key has no password"),
    ):
        with pytest.raises(UsageError, match=message):
            edt.with_key(content, partner=PARTNER, password=password)


def test_what_is_no_key() -> None:
    """Text, a certificate, a key of another kind, and a path to nothing."""
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    for content, message in ((b"", "no private key"), (b"-----BEGIN KEY-----", "no private key"), (curve, "no RSA")):
        with pytest.raises(UsageError, match=message):
            edt.with_key(content, partner=PARTNER)
    with pytest.raises(UnreadableInput, match="IO-001"):
        edt.with_key("/nowhere/key.pem", partner=PARTNER)


def test_no_key_material_shows(ours: edt.Decryptor) -> None:
    """`repr` names the partner and nothing else."""
    assert repr(ours) == "Decryptor(partner='NEO-Open')"


def test_a_missing_extra_is_named(der: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `cryptography`, one error says what to install."""
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers", None)
    with pytest.raises(MissingExtra, match=re.escape("entformats[crypto]")):
        edt.with_key(der, partner=PARTNER)


def outcome(content: bytes, decrypt: edt.Decryptor) -> str:
    """Read, and say how it ended; any other exception fails the test."""
    try:
        edt.read(content, decrypt=decrypt)
    except UnreadableInput as error:
        return error.problem.slug
    return "read"


@given(at=st.floats(0, 1, exclude_max=True), byte=st.binary(max_size=2))
def test_damaged_envelopes_give_our_errors(at: float, byte: bytes, key: rsa.RSAPrivateKey, ours: edt.Decryptor) -> None:
    """Bytes cut or changed anywhere: one of our errors, or a timetable."""
    content = sealed(key, SHEET_TEXT).encode()
    place = int(at * len(content))
    assert outcome(content[:place] + byte + content[place + 1 :], ours)
    assert outcome(content[:place], ours)


def test_the_samples(corpus: Callable[[str], Path], ours: edt.Decryptor) -> None:
    """The sample filled with noise is recognised, described, and found to have no key for us."""
    path = corpus("pronote/conteneur_export_index.xml")
    envelope = edt.read_envelope(path)
    assert envelope.partners == ("PARTENAIRE-FICTIF-A", "PARTENAIRE-FICTIF-B")
    assert failure(path.read_bytes(), ours).problem.slug == "envelope_partner_unknown"
    noise = evolve(ours, partner="PARTENAIRE-FICTIF-A")
    assert failure(path.read_bytes(), noise).problem.slug == "envelope_key_wrong"
    assert isinstance(envelope.keys, FrozenMap)
