"""The files of one export, and which program wrote them: by their content, and by the names of UDT's members."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from attrs import frozen

from entformats._files import Part
from entformats._sniff import FileKind, Format, sniff
from entformats.edt.several import Sources, parts_of
from entformats.errors import UnreadableInput
from entformats.limits import Limits
from entformats.problems import problem

__all__ = ["Files", "open_files"]

HEAD = 1 << 16
UDT_MEMBER = re.compile(r"(?:udcal_[0-9]{2}(?:_[0-9]+)?|semaines)\.xml", re.IGNORECASE)
DIALECT_OF = {Format.UDT: "udt", Format.STS: "sts", Format.SIECLE: "sts"}
"""Format of a file -> the dialect that reads it; any other is given to `edt`, which says what is wrong with it."""


@frozen
class Files:
    """Fichiers d'un export. `name` is that of the archive, folder or file, "" where none is known.

    `kind` is what the content of a lone file looks like.
    """

    name: str
    parts: tuple[Part, ...]
    kind: FileKind = FileKind()  # noqa: RUF009 - frozen

    def one(self) -> Part:
        """Give the only file.

        Raises UnreadableInput (`io_not_one_file`) where there are none or several.

        >>> Files("", ()).one()
        Traceback (most recent call last):
        entformats.errors.UnreadableInput: IO-004 one file was expected, 0 were found
        """
        if len(self.parts) != 1:
            raise UnreadableInput(problem("io_not_one_file", count=len(self.parts)))
        return self.parts[0]


def open_files(source: Sources, limits: Limits) -> tuple[str, Files]:
    """Open a source, and name the dialect that reads it; nothing is read but the beginning of a lone file.

    Raises what `_files.parts` and its parts raise.

    >>> open_files({"d/UDCAL_00.XML": b"", "d/x.xml": b""}, Limits())[0]
    'udt'
    """
    parts = tuple(parts_of(source, limits))
    files = Files(_name(source), parts)
    if any(UDT_MEMBER.fullmatch(part.name) for part in parts):
        return "udt", files
    if len(parts) != 1:
        return "edt" if not parts else "sts", files
    head, whole = _peeked(parts[0])
    kind = sniff(head)
    return DIALECT_OF.get(kind.format, "edt"), Files(files.name, (whole,), kind)


def _name(source: Sources) -> str:
    named = source if isinstance(source, str | os.PathLike) else getattr(source, "name", "")
    return Path(named).name if isinstance(named, str | os.PathLike) else ""


def _peeked(part: Part) -> tuple[bytes, Part]:
    """Give the first bytes of a file, and the file whole again."""
    chunks = part.chunks()
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= HEAD:
            break

    def whole() -> Iterator[bytes]:
        return chain(held, chunks)

    return b"".join(held)[:HEAD], Part(part.name, part.path, whole)
