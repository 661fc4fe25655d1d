"""Several sources given as one: the files of a school and year, each where it lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias, TypeGuard, cast

from attrs import evolve

from entformats import _files
from entformats._files import Part, Source
from entformats._sniff import Format, sniff
from entformats.limits import Limits

__all__ = ["Sources", "parts_of"]

Sources: TypeAlias = Source | Sequence[Source]
"""Source, ou plusieurs: a list or tuple of paths, folders, file objects, bytes or files by name, read together."""

HEAD = 1 << 12
ZIP = b"PK\x03\x04"
TOGETHER = frozenset({Format.STS, Format.SIECLE})


def parts_of(source: Sources, limits: Limits) -> Iterator[Part]:
    """Give the parts of a source, or of each of several; a file without name is called by its place, `#2`.

    A list of bytes is the chunks of one file, unless each item begins as a file of STS-Web or SIECLE does, or as a
    zip: no chunk but the first can.

    >>> [part.name for part in parts_of([b"<STS_EDT/>", b"<EDT_STS/>"], Limits())]
    ['#1', '#2']
    >>> [part.name for part in parts_of([b"<STS_EDT>", b"</STS_EDT>"], Limits())]
    ['']
    """
    if not _is_several(source):
        yield from _files.parts(cast("Source", source), limits=limits)
        return
    for number, one in enumerate(source, 1):
        for part in _files.parts(one, limits=limits):
            yield part if part.name else evolve(part, name=f"#{number}")


def _is_several(source: Sources) -> TypeGuard[Sequence[Source]]:
    if not isinstance(source, list | tuple) or not source:
        return False
    chunks = [one for one in source if isinstance(one, bytes | bytearray | memoryview)]
    return len(chunks) < len(source) or all(_begins_a_file(bytes(one[:HEAD])) for one in chunks)


def _begins_a_file(head: bytes) -> bool:
    return head.startswith(ZIP) or sniff(head).format in TOGETHER
