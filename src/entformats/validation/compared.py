"""The stage of structure: every document of a source against the grammar of its format, where it has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from entformats._files import Part, Source, parts
from entformats._xml.grammar import departures
from entformats.errors import UnreadableInput
from entformats.identify import HEAD, identify
from entformats.limits import Limits
from entformats.problems import Findings, Report
from entformats.validation.grammars import grammar_of

__all__ = ["compared"]


def compared(source: Source, *, limits: Limits = Limits()) -> tuple[Report, str]:  # noqa: B008 - frozen
    """Comparer chaque document d'une source à sa grammaire: what departs from it, and why nothing was compared.

    The second is a word of `SKIPPED`, empty where at least one document was compared: `read_once` for a source that was
    read and cannot be read again, `no_schema` where no document has a grammar. What cannot be read is no concern of
    this stage: its reader says so; nor is what must be unique, which readers look at in less memory. Problems: those of
    `structure`.

    >>> compared(b"Jour;Heure")[1]
    'no_schema'
    """
    if not _again(source):
        return Report(), "read_once"
    found = Findings(stored_per_code=limits.stored_per_code)
    known = False
    try:
        for part in parts(source, limits=limits):
            known |= _compare(part, found, limits)
    except UnreadableInput:
        pass
    return found.report(), "" if known else "no_schema"


def _again(source: Source) -> bool:
    """Tell whether a source gives the same bytes again."""
    if isinstance(source, Mapping):
        return not any(isinstance(content, Iterator) for content in source.values())
    return not isinstance(source, Iterator) and not hasattr(source, "read")


def _compare(part: Part, found: Findings, limits: Limits) -> bool:
    """Compare one document; tell whether it has a grammar."""
    chunks = part.chunks()
    head = b""
    while len(head) < HEAD and (more := next(chunks, b"")):
        head += more
    grammar = grammar_of(identify(head, limits=limits))
    if grammar is None:
        return False
    try:
        for one in departures(chain([head], chunks), grammar, file=part.name, limits=limits, keys=False):
            found.add(one)
    except UnreadableInput:
        pass
    return True
