"""Opening the container: one function a step, one finding a failure (edt 1.3)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import zlib

from entformats._envelope.models import Decryptor, Envelope
from entformats.errors import Encrypted, LimitExceeded, UnreadableInput
from entformats.limits import Limits
from entformats.problems import Location, problem

__all__ = ["opened", "unsealed"]

KEY = slice(0, 16)
VECTOR = slice(16, 32)
SEALED = slice(0, 32)
SEAL = slice(32, 48)
BLOCK = 16
"""Bytes of an AES block."""


def opened(envelope: Envelope, decryptor: Decryptor | None, *, file: str = "", limits: Limits = Limits()) -> bytes:  # noqa: B008 - frozen
    """Give the document inside, as bytes, from the key block of our partner on.

    Raises `Encrypted` without a decryptor (`encrypted_envelope`) or without a key for its partner
    (`envelope_partner_unknown`), `UnreadableInput` for a key that is not the right one (`envelope_key_wrong`) and for a
    damaged content (`envelope_content_damaged`), `LimitExceeded` (`envelope_too_large`).
    """
    where = Location(file, line=1)
    partners = ", ".join(envelope.partners) or "?"
    if decryptor is None:
        raise Encrypted(problem("encrypted_envelope", where, partners=partners))
    wrapped = envelope.keys.get(decryptor.partner, "")
    if not wrapped:
        found = problem("envelope_partner_unknown", where, partner=decryptor.partner, partners=partners)
        raise Encrypted(found)
    return unsealed(envelope, _unwrapped(wrapped, decryptor, where), decryptor, file=file, limits=limits)


def unsealed(
    envelope: Envelope,
    block: bytes,
    decryptor: Decryptor,
    *,
    file: str = "",
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> bytes:
    """Give the document inside, from a key block that was decrypted: 16 bytes of key, 16 of vector, 16 of MD5.

    Raises as `opened` does.
    """
    where = Location(file, line=1)
    seal = hashlib.md5(block[SEALED], usedforsecurity=False).digest()
    if len(block) != SEAL.stop or not hmac.compare_digest(seal, block[SEAL]):
        raise UnreadableInput(problem("envelope_key_wrong", where, partner=decryptor.partner))
    content = _bytes(envelope.content, where, "CONTENU")
    try:
        padded = decryptor.decrypt(block[KEY], block[VECTOR], content)
    except ValueError as error:
        raise _damaged(where, "AES") from error
    plain = _without_padding(padded, where) if len(padded) == len(content) else padded
    if not hmac.compare_digest(hashlib.sha256(plain).digest(), _bytes(envelope.verification, where, "VERIFICATION")):
        raise _damaged(where, "SHA-256")
    return _inflated(plain, where, limits) if envelope.compressed else plain


def _unwrapped(wrapped: str, decryptor: Decryptor, where: Location) -> bytes:
    try:
        return decryptor.unwrap(_bytes(wrapped, where, "CLES"))
    except ValueError as error:
        raise UnreadableInput(problem("envelope_key_wrong", where, partner=decryptor.partner)) from error


def _bytes(text: str, where: Location, element: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _damaged(where, f"base64 {element}") from error


def _without_padding(padded: bytes, where: Location) -> bytes:
    """Take off the PKCS#7 padding: as many bytes as each of them says."""
    size = padded[-1] if padded else 0
    if not 1 <= size <= BLOCK or padded[-size:] != bytes([size]) * size:
        raise _damaged(where, "PKCS#7")
    return padded[:-size]


def _inflated(packed: bytes, where: Location, limits: Limits) -> bytes:
    """Inflate a zlib stream, with its header, up to the limit."""
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(packed, limits.inflated_bytes + 1)
    except zlib.error as error:
        raise _damaged(where, "zlib") from error
    if len(plain) > limits.inflated_bytes:
        raise LimitExceeded(problem("envelope_too_large", where, limit=limits.inflated_bytes))
    if not stream.eof:
        raise _damaged(where, "zlib")
    return plain


def _damaged(where: Location, reason: str) -> UnreadableInput:
    return UnreadableInput(problem("envelope_content_damaged", where, reason=reason))
