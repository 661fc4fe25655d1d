"""The one encrypted container of Index Éducation: read without any cryptography, opened with what the caller brings.

The container names the school and the partners it is encrypted for; only the holder of a partner's private key can open
it. The library does what needs no secret (parsing, digests, inflation) and asks a `Decryptor` for the rest.
"""

from entformats._envelope.document import ENVELOPE, read_envelope
from entformats._envelope.keys import with_key
from entformats._envelope.models import Decryptor, Envelope
from entformats._envelope.opening import opened, unsealed
from entformats._envelope.sealing import Sealed, seal

__all__ = ["ENVELOPE", "Decryptor", "Envelope", "Sealed", "opened", "read_envelope", "seal", "unsealed", "with_key"]
