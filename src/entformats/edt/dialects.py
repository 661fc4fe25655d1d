"""The dialects of timetable export: one module each, one line each in the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from attrs import frozen

from entformats.edt import index, sts, udt
from entformats.edt.export import Export
from entformats.edt.sources import Files
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.timetable import Timetable

__all__ = ["DIALECTS", "Dialect", "Reads", "Writes"]


class Reads(Protocol):
    """Lire les fichiers d'un dialecte."""

    def __call__(self, files: Files, *, uai: str | None, limits: Limits) -> Export:
        """Give what the files say, and what was found; raises `UnreadableInput` and its subclasses."""


class Writes(Protocol):
    """Écrire un emploi du temps dans un dialecte."""

    def __call__(self, timetable: Timetable) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Give each file: its name, and its content by chunks."""


@frozen
class Dialect:
    """Dialecte: one program's way of exporting a timetable.

    >>> DIALECTS["edt"].title
    'Index Éducation'
    """

    title: str
    read: Reads
    write: Writes


DIALECTS: Mapping[str, Dialect] = FrozenMap(
    {
        "edt": Dialect("Index Éducation", index.read_index, index.write_index),
        "sts": Dialect("STS-Web et SIECLE", sts.read_sts, sts.write_sts),
        "udt": Dialect("UDT (Omega Thêta)", udt.read_udt, udt.write_udt),
    }
)
"""Name of the dialect -> how it is read and written."""
