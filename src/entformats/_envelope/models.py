"""What the encrypted container says in clear, and what opens it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from attrs import field, frozen

from entformats.frozen import FrozenMap

__all__ = ["Decryptor", "Envelope"]


@frozen(repr=False)
class Envelope:
    """Export chiffré: what is known of it before it is opened (edt 1.2).

    `keys` goes from the name of a partner, as written, to the key block encrypted for it; `content` is what was
    encrypted and `verification` its digest. These three are base64 text without blanks. `produced_at` has the offset
    of the file, if it has one.

    >>> Envelope(keys=FrozenMap({"NEO-Open": "c2VjcmV0"}), uai="0749999S").partners
    ('NEO-Open',)
    """

    version: str = ""
    software: str = ""
    keys: FrozenMap[str, str] = field(factory=FrozenMap)
    content: str = ""
    compressed: bool = True
    """Whether the content was compressed before it was encrypted: true unless the file says otherwise."""
    verification: str = ""
    produced_at: datetime | None = None
    uai: str = ""
    school_name: str = ""
    postcode: str = ""

    @property
    def partners(self) -> tuple[str, ...]:
        """Partenaires: those for whom it is encrypted, in file order."""
        return tuple(self.keys)

    def __repr__(self) -> str:
        """Show the school and the partners, neither keys nor content."""
        return f"<Envelope {self.uai} for {', '.join(self.partners) or 'nobody'}>"


@frozen
class Decryptor:
    """Déchiffreur: what a partner's private key does; the key stays where it is (edt 1.3).

    `unwrap` decrypts a key block: RSA, PKCS#1 v1.5 padding, 48 bytes expected. `decrypt(key, iv, content)` is AES-128
    in CBC mode; the PKCS#7 padding may be left in place. Both raise ValueError for what they cannot decrypt.
    `edt.with_key` makes one from a key file.

    >>> Decryptor("NEO-Open", unwrap=lambda block: block[:48], decrypt=lambda key, iv, content: content)
    Decryptor(partner='NEO-Open')
    """

    partner: str
    """Name of the partner, letter for letter as in the file."""
    unwrap: Callable[[bytes], bytes] = field(repr=False)
    decrypt: Callable[[bytes, bytes, bytes], bytes] = field(repr=False)
