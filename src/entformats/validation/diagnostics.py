"""Friendly diagnostics: a small document against the published schema of its format, by xmlschema, for a person.

The verdict is that of `structure`; each departure also has the path of its element, and what the schema says of the
type concerned, so that a reader learns what was expected and why.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from attrs import frozen

from entformats import schema
from entformats._xml.grammar import LONGEST, documents, local, of_root, tree
from entformats.errors import UsageError
from entformats.limits import Limits
from entformats.problems import Location, Problem, problem
from entformats.validation.words import words_of

if TYPE_CHECKING:
    from xmlschema import XMLSchema10
    from xmlschema import XMLSchemaValidationError as Error

__all__ = ["SMALL", "Diagnostic", "explained"]

SMALL: Final = 4 * 1024 * 1024
"""Bytes of the largest document that is explained: beyond, a person would wait too long."""
_PREFIX: Final = re.compile(r"(?<=/)[^/:]+:")
_OF_ATTRIBUTE: Final = (
    (re.compile(r"'([^']*)' attribute not allowed for element"), "structure_attribute"),
    (re.compile(r"missing required attribute '([^']*)'"), "structure_attribute_missing"),
)
_OF_ELEMENT: Final = (
    (re.compile("character data "), "structure_text"),
    (re.compile("a simple content element can't have child elements"), "structure_children"),
    (re.compile("duplicated value "), "structure_repeated"),
)
_REDUNDANT: Final = re.compile(r".* field selects multiple values!", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r"attribute ([^\s=]+)='(.*?)': ", re.DOTALL)
_CHOICES: Final = re.compile(r".*value must be one of \[(.*)\]", re.DOTALL)
"""The last of them: a value may hold these words too."""


@frozen
class Diagnostic:
    """Diagnostic: a departure, with the path of its element as `problem.where.xpath`, and the words of the schema.

    >>> Diagnostic(problem("structure_text", Location("a.xml", line=8), element="Eleve")).told
    ''
    """

    problem: Problem
    told: str = ""
    """Documentation of the type concerned, in French, as it is in the schema; "" where the schema says nothing."""


def explained(
    content: bytes,
    grammar: str,
    *,
    file: str = "",
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> tuple[Diagnostic, ...]:
    """Expliquer ce qui s'écarte de la grammaire in a small document, with paths and the words of the schema.

    Problems: those of `structure`, but `structure_stopped`. Raises UnreadableInput for what is no XML or passes a
    limit, and UsageError when no schema is called `grammar` or the document is larger than `SMALL`.

    >>> document = b'<TABLE nom="Cours"><Cours><JOUR>hier</JOUR></Cours></TABLE>'
    >>> (one,) = explained(document, "edt-table.xsd")
    >>> one.problem.where.xpath, one.told
    ('/TABLE/Cours/JOUR', 'Jour en toutes lettres, ou rien (edt 5).')
    """
    if len(content) > SMALL:
        message = f"only documents of {SMALL} bytes at most are explained, this one has {len(content)}"
        raise UsageError(message)
    engine = _engine(grammar)
    root = tree([content], grammar, file=file, limits=limits)
    return tuple(
        _diagnostic(error, file, grammar)
        for one in documents(root, grammar)
        for error in engine.iter_errors(one)  # type: ignore[arg-type]  # elements of lxml are taken, and not declared
        if not _REDUNDANT.match(error.reason or "")
    )


@cache
def _engine(grammar: str) -> XMLSchema10:
    """Compile a schema, once."""
    from xmlschema import XMLSchema10  # noqa: PLC0415 - slow to import, and seldom needed

    return XMLSchema10(schema.read(grammar).decode())


def _diagnostic(error: Error, file: str, grammar: str) -> Diagnostic:
    """Turn an error of xmlschema into a finding, with the words of the schema."""
    where = Location(file, error.sourceline or 0, xpath=_PREFIX.sub("", error.path or ""))
    words, attribute = words_of(grammar), _ATTRIBUTE.match(error.reason or "")
    types = words.along(where.xpath, attribute[1] if attribute else "")
    return Diagnostic(_problem(error, where, grammar, types[-1] if types else ""), words.told(types))


def _problem(error: Error, where: Location, grammar: str, own: str) -> Problem:
    """Say what is wrong; `own` is the type of the element or attribute concerned."""
    reason, tag = error.reason or "", str(getattr(error.elem, "tag", ""))
    if hasattr(error, "particle"):
        return _of_content(error, local(tag), where)
    if reason.endswith("is not an element of the schema"):
        return of_root(tag, where, grammar)
    for shape, slug in _OF_ATTRIBUTE:
        named = shape.match(reason)
        if named:
            return problem(slug, where, element=local(tag), attribute=named[1])
    for shape, slug in _OF_ELEMENT:
        if shape.match(reason):
            return problem(slug, where, element=local(tag))
    return _of_value(error, local(tag), where, own)


def _of_content(error: Error, parent: str, where: Location) -> Problem:
    """Tell a child that should not be here from one that lacks."""
    expected = ", ".join(name.rpartition(":")[2] for name in error.expected_tags)
    child = error.invalid_child
    if child is None:
        return problem("structure_incomplete", where, element=parent, expected=expected)
    name = local(str(child.tag))
    at = Location(where.file, getattr(child, "sourceline", None) or where.line, xpath=f"{where.xpath}/{name}")
    if expected:
        return problem("structure_element", at, element=name, expected=expected)
    return problem("structure_surplus", at, element=name)


def _of_value(error: Error, element: str, where: Location, own: str) -> Problem:
    """Say which value was met, and what was expected in its place: choices, else the name of the type."""
    reason = error.reason or ""
    attribute = _ATTRIBUTE.match(reason)
    listed = _CHOICES.fullmatch(reason)
    expected = listed[1].replace("'", "").replace('"', "") if listed and listed[1] != "''" else own
    value = attribute[2] if attribute else str(getattr(error.elem, "text", "") or "")
    name = attribute[1] if attribute else element
    return problem("structure_value", where, name=name, value=value[:LONGEST], expected=expected[:LONGEST])
