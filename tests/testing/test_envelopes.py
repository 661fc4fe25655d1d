"""Encrypted exports made for tests are what the library opens."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from entformats import edt
from entformats.errors import MissingExtra, UsageError
from entformats.testing import envelopes

DOCUMENT = b'<ExportEmploiDuTemps UAI="0749999S" Version="2.0"/>'
MADE = datetime(2026, 9, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize("compressed", [True, False])
def test_what_is_sealed_is_opened(compressed: bool) -> None:
    """Compressed or not, with odd names: everything said is read back."""
    key = envelopes.new_key()
    content = envelopes.sealed(
        DOCUMENT, key, partner='A "&" B', uai="0749999S", software="EDT <1>", at=MADE, compressed=compressed
    )
    export = edt.read(content, decrypt=edt.with_key(key, partner='A "&" B'))
    assert export.timetable == edt.read(DOCUMENT).timetable
    assert (export.software, export.produced_at) == ("EDT <1>", MADE)
    assert export.report == edt.read(DOCUMENT).report


def test_each_envelope_has_keys_of_its_own() -> None:
    """Two envelopes of one document differ."""
    key = envelopes.new_key()
    assert envelopes.sealed(DOCUMENT, key, partner="A") != envelopes.sealed(DOCUMENT, key, partner="A")


def test_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is not RSA, and a missing extra."""
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(UsageError, match="RSA"):
        envelopes.sealed(DOCUMENT, curve, partner="A")
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.serialization", None)
    with pytest.raises(MissingExtra, match=re.escape("entformats[crypto]")):
        envelopes.new_key()
