"""Read any file of a known format: identified by its content, then given to its reader."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from entformats import aaf, edt
from entformats._files import Source, parts
from entformats.errors import WrongFormat
from entformats.identify import HEAD, FileKind, Format, identify
from entformats.limits import Limits
from entformats.problems import Location, problem

__all__ = ["Reading", "read"]

Reading: TypeAlias = aaf.Delivery | edt.Export


def read(source: Source, *, limits: Limits = Limits()) -> Reading:  # noqa: B008 - frozen
    """Lire un fichier ou une livraison: whatever `identify` finds is given to its reader.

    An AAF delivery gives an `aaf.Delivery`, a timetable an `edt.Export`. Raises `WrongFormat` for a content of another
    format or of none, and whatever the reader raises.

    >>> read(b'<ExportEmploiDuTemps UAI="0749999S"/>').timetable.uai
    '0749999S'
    """
    kind, whole = _identified(source, limits)
    match kind.format:
        case Format.AAF:
            return aaf.read(whole, limits=limits)
        case Format.EDT:
            return edt.read(whole, limits=limits)
        case _:
            found = " ".join(filter(None, (kind.format, kind.dialect)))
            raise WrongFormat(problem("unsupported_format", Location(_name(source), line=1), found=found))


def _identified(source: Source, limits: Limits) -> tuple[FileKind, Source]:
    """Identify a source, and give it back whole: what can be read once only is put back together."""
    if isinstance(source, str | os.PathLike | bytes | bytearray | memoryview | Mapping):
        return identify(source, limits=limits), source
    (part,) = parts(source, limits=limits)
    chunks = part.chunks()
    head = b"".join(_first(chunks))
    return identify(head, limits=limits), chain([head], chunks)


def _first(chunks: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        yield chunk
        size += len(chunk)
        if size >= HEAD:
            return


def _name(source: Source) -> str:
    return Path(source).name if isinstance(source, str | os.PathLike) else ""
