"""A `Decryptor` made of a partner's private key, by way of the extra `crypto`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from entformats import _files
from entformats._envelope.models import Decryptor
from entformats.errors import MissingExtra, UsageError
from entformats.limits import Limits

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ["with_key"]

SMALL = Limits(total_bytes=1 << 20)
"""A key file takes a few thousand bytes."""


def with_key(key: str | os.PathLike[str] | bytes, *, partner: str, password: bytes | None = None) -> Decryptor:
    """Déchiffrer avec une clé privée: a file or its bytes, PEM or DER, PKCS#8 or PKCS#1 (edt 1.3).

    `partner` is the name under which the school's software encrypts for the owner of the key, letter for letter;
    `password` is that of the key, if it has one. Raises MissingExtra("crypto") without the package `cryptography`,
    UsageError for what is no private RSA key or has another password, UnreadableInput for a file that cannot be read.

    >>> with_key(b"-----BEGIN NOTHING-----", partner="NEO-Open")
    Traceback (most recent call last):
    ...
    entformats.errors.UsageError: the key is no private key in PEM or DER
    """
    try:
        from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - idem
    except ImportError as error:
        raise MissingExtra("crypto") from error
    private = _private(b"".join(_files.one(key, limits=SMALL).chunks()), password)

    def unwrap(block: bytes) -> bytes:
        return private.decrypt(block, padding.PKCS1v15())

    def decrypt(secret: bytes, vector: bytes, content: bytes) -> bytes:
        aes = Cipher(algorithms.AES(secret), modes.CBC(vector)).decryptor()
        return aes.update(content) + aes.finalize()

    return Decryptor(partner, unwrap, decrypt)


def _private(content: bytes, password: bytes | None) -> RSAPrivateKey:
    """Load a key; the errors of the package may quote what they were given, ours do not."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 - idem
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - idem
        load_der_private_key,
        load_pem_private_key,
    )

    load = load_pem_private_key if b"-----BEGIN " in content else load_der_private_key
    try:
        private = load(content, password)
    except TypeError:
        asked = "needs a password" if password is None else "has no password"
        raise UsageError(f"the key {asked}") from None
    except (ValueError, UnsupportedAlgorithm):
        wrong = "no private key in PEM or DER" if password is None else "no private key with this password"
        raise UsageError(f"the key is {wrong}") from None
    if not isinstance(private, RSAPrivateKey):
        raise UsageError("the key is no RSA key")
    return private
