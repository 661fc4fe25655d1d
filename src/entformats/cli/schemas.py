"""`entformats schema`: the published schemas, listed or printed, and documents explained by them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from entformats import schema
from entformats._files import Part, parts
from entformats.cli import ExitCode
from entformats.cli.screen import Screen, counted
from entformats.errors import UsageError
from entformats.identify import identify
from entformats.limits import Limits
from entformats.problems import Problem
from entformats.validation.diagnostics import SMALL, Diagnostic, explained
from entformats.validation.grammars import grammar_of, structure

__all__ = ["run"]


def run(name: str | None, file: Path | None, *, show_names: bool) -> int:
    """List the schemas with their titles, print one as it was published, or say what departs from one in a file."""
    if file is not None:
        return _explain(name, file, show_names=show_names)
    if name is not None:
        sys.stdout.write(schema.text(name))
        return ExitCode.OK
    screen = Screen()
    for one in schema.names():
        screen.line(f"{one:<28} {schema.title(one)}")
    return ExitCode.OK


def _explain(name: str | None, file: Path, *, show_names: bool) -> int:
    """Compare each document of a file with its schema, or with the one that is named."""
    screen, judged, departs = Screen(), 0, False
    for part in parts(file, limits=Limits()):
        grammar = name or grammar_of(identify(_head(part)))
        if grammar is None:
            continue
        judged += 1
        found = list(_diagnostics(part, grammar))
        departs = departs or bool(found)
        screen.line(f"{part.name} : {grammar}, " + (counted(len(found), "écart") if found else "conforme"))
        for one in found:
            screen.line(f"  {one.problem.where} : {one.problem.message('fr', show_names=show_names)}")
            if one.told:
                screen.line(f"    {one.problem.where.xpath} : {one.told}")
    if not judged:
        message = f"no published schema describes {file.name}; `entformats schema` lists them"
        raise UsageError(message)
    return ExitCode.PROBLEMS if departs else ExitCode.OK


def _head(part: Part) -> bytes:
    return next(part.chunks(), b"")


def _diagnostics(part: Part, grammar: str) -> Iterator[Diagnostic]:
    """Explain a small document; of a larger one, say what departs and where."""
    content, whole = _beginning(part)
    if whole:
        return iter(explained(content, grammar, file=part.name))
    problems: tuple[Problem, ...] = structure(part.chunks(), grammar, file=part.name, keys=False).problems
    return map(Diagnostic, problems)


def _beginning(part: Part) -> tuple[bytes, bool]:
    """Give the first bytes of a document, and whether they are all of it."""
    content = b""
    for chunk in part.chunks():
        content += chunk
        if len(content) > SMALL:
            return content, False
    return content, True
