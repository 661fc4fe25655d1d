"""Every bound that guards against hostile or absurd input, in one value."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Limits"]

MIB = 1024 * 1024


@frozen
class Limits:
    """Limites de lecture: passing any of them raises `LimitExceeded` while reading, before memory is spent.

    The defaults accept the largest real delivery known (about 2.4 GB for an academy) with room to spare.

    >>> Limits(depth=8).depth
    8
    """

    total_bytes: int = 16 * 1024 * MIB
    """Bytes read of one source, all its files together, after decompression."""
    depth: int = 32
    """Nesting of XML elements."""
    text_chars: int = 1 * MIB
    """Characters of one XML text or attribute value."""
    record_elements: int = 200_000
    """XML elements inside one record."""
    record_bytes: int = 32 * MIB
    """Bytes of one XML record, counted by blocks of 128 KiB while it grows."""
    files: int = 10_000
    """Files of one folder; members of one archive, folders included."""
    ratio: int = 1_000
    """Times that the unpacked content of an archive may exceed the packed one, beyond the first MiB; an AAF delivery
    deflates about 22 times."""
    inflated_bytes: int = 256 * MIB
    """Bytes of the document inside an encrypted envelope, once inflated; one school takes less than one MiB."""
    unknown_names: int = 1_000
    """Distinct unknown element or attribute names remembered of one file."""
    stored_per_code: int = 1_000
    """Problems of one code kept with their place; the counts stay exact beyond."""
