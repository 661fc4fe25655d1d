"""Sealing a document for the holder of one RSA key: what `opening` opens (edt 1.3, pronote 5.4)."""

from __future__ import annotations

import base64
import hashlib
import secrets
import zlib

from attrs import field, frozen

from entformats.errors import MissingExtra, UsageError

__all__ = ["Sealed", "seal"]

BLOCK = 16


@frozen
class Sealed:
    """Contenu scellé: key block, content and digest, in base64 without line ends."""

    key: str = field(repr=False)
    content: str = field(repr=False)
    verification: str = field(repr=False)


def seal(document: bytes, public_key: bytes, *, compressed: bool = True) -> Sealed:
    """Encrypt under a new AES key, itself encrypted for the holder of a public RSA key in PEM.

    The digest is that of the compressed bytes, before encryption. Each call draws another key. Raises
    MissingExtra("crypto") without the package `cryptography`, UsageError for what is no public RSA key.

    >>> seal(b"", b"nothing")
    Traceback (most recent call last):
    entformats.errors.UsageError: the key is no public RSA key in PEM
    """
    try:
        from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - idem
        from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 - idem
    except ImportError as error:
        raise MissingExtra("crypto") from error
    try:
        public = load_pem_public_key(public_key)
    except ValueError:
        raise UsageError("the key is no public RSA key in PEM") from None
    if not isinstance(public, rsa.RSAPublicKey):
        raise UsageError("the key is no public RSA key in PEM")
    packed = zlib.compress(document) if compressed else document
    secret = secrets.token_bytes(2 * BLOCK)
    digest = hashlib.md5(secret, usedforsecurity=False).digest()
    size = BLOCK - len(packed) % BLOCK
    aes = Cipher(algorithms.AES(secret[:BLOCK]), modes.CBC(secret[BLOCK:])).encryptor()
    return Sealed(
        _text(public.encrypt(secret + digest, padding.PKCS1v15())),
        _text(aes.update(packed + bytes([size]) * size) + aes.finalize()),
        _text(hashlib.sha256(packed).digest()),
    )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
