"""An encrypted export opened before it is read: the envelope, the document inside, and whether they agree (edt 1.3)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import tee

from attrs import evolve

from entformats._envelope import Decryptor, Envelope, opened, read_envelope
from entformats._files import CHUNK, Part
from entformats._files.part import as_bytes, pulled
from entformats._sniff import FileKind, Format, sniff
from entformats._xml import Root, XmlReader, XmlSpec
from entformats.edt.export import Export
from entformats.errors import Encrypted, LimitExceeded, UnreadableInput, WrongFormat
from entformats.limits import Limits
from entformats.problems import Findings, Location, Problem, problem

__all__ = ["begun", "read_sealed"]

TEXT = FileKind(Format.EDT, "text")


def begun(part: Part, limits: Limits) -> tuple[Root, Part]:
    """Give the root of a file, and the file whole again.

    Raises `WrongFormat` (`edt_text_export`) for the export as text, and what `XmlReader` raises.
    """
    head, chunks = pulled(part.chunks(), CHUNK)
    if sniff(head) == TEXT:
        raise WrongFormat(problem("edt_text_export", Location(part.name, line=1)))
    seen, again = tee(map(as_bytes, chunks))
    root = XmlReader(seen, XmlSpec(), file=part.name, limits=limits).root
    return root, evolve(part, open=lambda: again)


def read_sealed(part: Part, decrypt: Decryptor | None, limits: Limits, read: Callable[[Part], Export]) -> Export:
    """Open an envelope and read what is inside with `read`.

    Problems: those of `read_envelope` and of `read`, and `envelope_uai_differs`. Raises what `opened` raises;
    `UnreadableInput` (`envelope_document_unreadable`) where the document is no XML, `WrongFormat`
    (`envelope_document_unexpected`) where it is no timetable export.
    """
    findings = Findings(stored_per_code=limits.stored_per_code)
    envelope = read_envelope(part.chunks(), findings, file=part.name, limits=limits)
    content = opened(envelope, decrypt, file=part.name, limits=limits)
    inside = evolve(part, open=lambda: iter((content,)))
    try:
        export = read(inside)
    except LimitExceeded:
        raise
    except UnreadableInput as error:
        raise _inside(error, inside, limits) from error
    found = _disagreement(envelope, export, Location(part.name, attribute="UAI"))
    if found:
        findings.add(found)
    report = findings.report().merged(export.report, stored_per_code=limits.stored_per_code)
    return evolve(export, report=report, software=envelope.software, produced_at=envelope.produced_at)


def _inside(error: UnreadableInput, inside: Part, limits: Limits) -> UnreadableInput:
    """Say of a document inside an envelope why it cannot be read, at its own line."""
    where = error.problem.where
    if isinstance(error, WrongFormat | Encrypted):
        root = XmlReader(inside.chunks(), XmlSpec(), limits=limits).root.name
        return WrongFormat(problem("envelope_document_unexpected", where, root=root))
    reason = error.problem.slug.replace("_", " ")
    return UnreadableInput(problem("envelope_document_unreadable", where, reason=f"{error.problem.code} {reason}"))


def _disagreement(envelope: Envelope, export: Export, where: Location) -> Problem | None:
    """Compare the school of the envelope with those inside; either may be left out (edt 1.2)."""
    timetable = export.timetable
    schools = {timetable.uai, *(one.uai for one in timetable.establishments)} - {""}
    if not envelope.uai or not schools or envelope.uai in schools:
        return None
    return problem("envelope_uai_differs", where, uai=envelope.uai, inside=", ".join(sorted(schools)))
