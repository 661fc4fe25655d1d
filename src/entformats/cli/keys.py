"""The private key of a partner, as commands take it."""

from __future__ import annotations

from pathlib import Path

from entformats import edt
from entformats.errors import UsageError

__all__ = ["decryptor"]


def decryptor(key: Path | None, partner: str | None) -> edt.Decryptor | None:
    """Give what opens encrypted exports, or None where no key was given."""
    if key is None and partner is None:
        return None
    if key is None or partner is None:
        raise UsageError("--key FILE and --partner NAME go together")
    return edt.with_key(key, partner=partner)
