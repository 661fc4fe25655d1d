"""The stage of structure: every document of a source against the grammar of its format, where it has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from entformats._files import Part, Source, parts
from entformats._xml.grammar import departures
from entformats.errors import UnreadableInput
from entformats.identify import HEAD, identify
from entformats.limits import Limits
from entformats.problems import Findings, Report
from entformats.validation.grammars import grammar_of

__all__ = ["SAMPLE", "compared"]

SAMPLE: Final = 16 * 1024 * 1024
"""Bytes of a document that are compared; its reader looks at every record of what follows."""


def compared(
    source: Source,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    sample: int = SAMPLE,
) -> tuple[Report, str]:
    """Comparer chaque document d'une source à sa grammaire: what departs from it, and what was not compared.

    The second is a word of `SKIPPED`, empty where everything was compared: `read_once` for a source that was read and
    cannot be read again, `no_schema` where no document has a grammar, `sampled` where a document is longer than
    `sample` bytes. What cannot be read is no concern of this stage: its reader says so. Problems: those of `structure`.

    >>> compared(b"Jour;Heure")[1]
    'no_schema'
    """
    if not _again(source):
        return Report(), "read_once"
    found = Findings(stored_per_code=limits.stored_per_code)
    words: set[str] = set()
    try:
        for part in parts(source, limits=limits):
            words.add(_compare(part, found, limits, sample))
    except UnreadableInput:
        pass
    return found.report(), next((word for word in ("sampled", "") if word in words), "no_schema")


def _again(source: Source) -> bool:
    """Tell whether a source gives the same bytes again."""
    if isinstance(source, Mapping):
        return not any(isinstance(content, Iterator) for content in source.values())
    return not isinstance(source, Iterator) and not hasattr(source, "read")


def _compare(part: Part, found: Findings, limits: Limits, sample: int) -> str:
    """Compare one document, and say what was not compared of it."""
    taken = _Sample(part.chunks(), sample)
    grammar = grammar_of(identify(taken.head, limits=limits))
    if grammar is None:
        return "no_schema"
    try:
        for one in departures(taken, grammar, file=part.name, limits=limits):
            found.add(one)
    except UnreadableInput:
        pass
    return "sampled" if taken.cut else ""


class _Sample(Iterator[bytes]):
    """Début d'un document: its chunks, up to a size."""

    def __init__(self, chunks: Iterator[bytes], size: int) -> None:
        """Read the first bytes, which say what the document is."""
        self._chunks = chunks
        self._left = size
        self.cut = False
        self.head = b""
        while len(self.head) < HEAD and (more := next(chunks, b"")):
            self.head += more
        self._held = [self.head]

    def __next__(self) -> bytes:
        """Give the next chunk; the last one is whole, so that the size is passed by less than a chunk."""
        chunk = self._held.pop() if self._held else next(self._chunks)
        if self._left <= 0:
            self.cut = True
            raise StopIteration
        self._left -= len(chunk)
        return chunk
