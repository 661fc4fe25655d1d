"""Encrypted exports made for tests, with a key made for tests (extra `crypto`).

>>> key = new_key()
>>> content = sealed(b'<ExportEmploiDuTemps UAI="0749999S"/>', key, partner="NEO-Open", uai="0749999S")
>>> from entformats import edt
>>> edt.read(content, decrypt=edt.with_key(key, partner="NEO-Open")).timetable.uai
'0749999S'
"""

from __future__ import annotations

from datetime import datetime
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from entformats._envelope import seal
from entformats.errors import MissingExtra, UsageError

__all__ = ["new_key", "sealed"]

_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<EXPORT_INDEX_EDUCATION xmlns="http://www.index-education.com/conteneurexportchiffre">
<VERSION>1.0</VERSION>
<LOGICIEL>{software}</LOGICIEL>
<CLES>
<PARTENAIRE NOM={partner}>{block}</PARTENAIRE>
</CLES>
<CONTENU{flag}>{content}</CONTENU>
<VERIFICATION>{digest}</VERIFICATION>
<DATEHEURE>{at}</DATEHEURE>
<UAI>{uai}</UAI>
</EXPORT_INDEX_EDUCATION>
"""


def new_key() -> bytes:
    """Make a private RSA key of 2048 bits, in PEM; raises MissingExtra("crypto") without `cryptography`.

    >>> new_key().splitlines()[0]
    b'-----BEGIN PRIVATE KEY-----'
    """
    try:
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - idem
            Encoding,
            NoEncryption,
            PrivateFormat,
        )
    except ImportError as error:
        raise MissingExtra("crypto") from error
    made = rsa.generate_private_key(65537, 2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def sealed(
    document: bytes,
    key: bytes,
    *,
    partner: str,
    uai: str = "",
    software: str = "EDT",
    at: datetime | None = None,
    compressed: bool = True,
) -> bytes:
    """Chiffrer un document as EDT and Pronote do, for the holder of one RSA key in PEM (edt 1.2, 1.3).

    Each call draws another AES key, so the bytes differ. Raises UsageError for another kind of key.

    >>> b"NEO-Open" in sealed(b"<a/>", new_key(), partner="NEO-Open")
    True
    """
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - idem
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )

    private = load_pem_private_key(key, None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise UsageError("the key is no RSA key")
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    inside = seal(document, public, compressed=compressed)
    return _PAGE.format(
        software=escape(software),
        partner=quoteattr(partner),
        block=_lines(inside.key),
        flag="" if compressed else ' CompresseAvantChiffrement="false"',
        content=_lines(inside.content),
        digest=_lines(inside.verification),
        at="" if at is None else at.isoformat(timespec="milliseconds"),
        uai=escape(uai),
    ).encode()


def _lines(text: str) -> str:
    """Break base64 into lines of 76 characters."""
    return "\n".join(wrap(text, 76))
