"""Validation by libxml2 while reading: whatever departs from a published schema, as findings with their line.

The pieces that the reader parses are parsed once more, line by line, by a parser that knows the schema: the line of a
finding is that on which libxml2 met it, and memory grows with the keys of a schema only, which need not be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import Final, Protocol

from attrs import evolve
from lxml import etree

from entformats import schema
from entformats._xml.guard import Element
from entformats._xml.reader import XmlReader, XmlSpec, hardened
from entformats.limits import Limits
from entformats.problems import Location, Problem, problem

__all__ = ["RECORDS", "definition", "departures", "documents", "local", "of_root", "tree"]

RECORDS: Final = frozenset({"udt.xsd"})
"""Schemas of records: the root of the document is not judged, its children are (udt 8)."""
CONTAINERS: Final = frozenset({"edt-container.xsd", "pronote-container.xsd"})
"""Schemas of documents that hold one text as long as a whole record may be."""
DOCTYPES: Final = {"aaf.xsd": ("ficAlimMENESR", "ficAlimMENESR.dtd")}
"""Schema -> the DOCTYPE that its documents may have (aaf 1.6)."""
MOST: Final = 1_000
"""Departures after which validation stops: the file is of another grammar."""
LONGEST: Final = 200
"""Characters kept of a value, or of what was expected in its place."""
XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_SUBJECT: Final = re.compile(r"Element '([^']*)'(?:, attribute '([^']*)')?: (.*)", re.DOTALL)
_EXPECTED: Final = re.compile(r"Expected is (?:one of )?\( (.*) \)\.")
_ATTRIBUTE: Final = re.compile(r"The attribute '([^']*)'")
_VALUE: Final = re.compile(
    r"(?:\[facet '[^']*'\] The value )?'(?P<value>.*)' is (?:not an element of the set|not accepted by the pattern"
    r"|not a valid value of the (?:local )?(?:atomic|union|list) type|(?:less|greater) than the \w+ value allowed)"
    r" (?P<expected>.*?)\.?\s*",
    re.DOTALL,
)
"""A value, as long as can be: whatever it holds, nothing of it is taken for what was expected, which is shown."""
_NAMESPACE: Final = re.compile(r"^\{\w+:[^}]*\}")
_FACET: Final = re.compile(r"\[facet '([^']*)'\]")


class _Logged(Protocol):
    """What is used of an entry of the log of libxml2."""

    @property
    def message(self) -> str: ...

    @property
    def type_name(self) -> str: ...


def departures(
    chunks: Iterable[bytes],
    grammar: str,
    *,
    file: str = "",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    keys: bool = True,
) -> Iterator[Problem]:
    """Give what departs from a schema, in file order, each with its line.

    Without `keys`, nothing is said of keys that should be unique: libxml2 keeps all of them to the end of a document,
    about five kilobytes a record of AAF, and memory does not grow with the file without them.

    Problems: `structure_root`, `structure_element`, `structure_surplus`, `structure_incomplete`, `structure_attribute`,
    `structure_attribute_missing`, `structure_text`, `structure_children`, `structure_value`, `structure_repeated`;
    `structure_stopped` after a thousand of them, beyond which nothing more is looked for. Raises what `XmlReader`
    raises, and UsageError when no schema has this name.

    >>> document = b'<TABLE nom="Cours"><Cours><JOUR>hier</JOUR></Cours></TABLE>'
    >>> [found.slug for found in departures([document], "edt-table.xsd")]
    ['structure_value']
    """
    if grammar in RECORDS:
        yield from _of_records(chunks, grammar, file, limits)
        return
    validator = _Validator(grammar, file, keys=keys)
    reader = _reader(chunks, grammar, file, limits, validator.feed)
    yield from validator.taken()
    for _ in reader.batches():
        yield from validator.taken()
    validator.close()
    yield from validator.taken()


def tree(
    chunks: Iterable[bytes],
    grammar: str,
    *,
    file: str = "",
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Element:
    """Read a small document of a schema whole; its elements know their lines. Raises what `XmlReader` raises.

    >>> [child.sourceline for child in tree([b"<a>", b"<b/>", b"<b/></a>"], "edt.xsd")]
    [1, 1]
    """
    parser = hardened(huge=grammar in CONTAINERS)

    def kept(piece: bytes) -> bytes:
        with suppress(etree.XMLSyntaxError):  # the reader finds it too, and stops
            parser.feed(piece)
        return piece

    for _ in _reader(chunks, grammar, file, limits, kept).batches():
        pass
    return parser.close()


def _reader(
    chunks: Iterable[bytes], grammar: str, file: str, limits: Limits, stage: Callable[[bytes], bytes]
) -> XmlReader:
    """Read a document of a schema, its pieces passing through `stage`."""
    huge = grammar in CONTAINERS
    spec = XmlSpec(doctype=DOCTYPES.get(grammar), huge=huge)
    wide = evolve(limits, text_chars=max(limits.text_chars, limits.record_bytes)) if huge else limits
    return XmlReader(chunks, spec, file=file, limits=wide, stage=lambda _: stage)


def documents(root: Element, grammar: str) -> list[Element]:
    """Give what a schema judges in a document: its root, or each record.

    >>> [str(one.tag) for one in documents(tree([b"<a><b/></a>"], "udt.xsd"), "udt.xsd")]
    ['b']
    """
    return list(root) if grammar in RECORDS else [root]


def local(name: str) -> str:
    """Give a name without its namespace.

    >>> local("{urn:x}Eleve"), local("Eleve")
    ('Eleve', 'Eleve')
    """
    return name.rpartition("}")[2]


@cache
def compiled(grammar: str, *, keys: bool = True) -> etree.XMLSchema:
    """Compile a schema, once; without its keys, if so."""
    whole = definition(grammar)
    for unique in () if keys else list(whole.iter(f"{XS}unique")):
        parent = unique.getparent()
        assert parent is not None
        parent.remove(unique)
    return etree.XMLSchema(whole)


@cache
def roots(grammar: str) -> tuple[str, ...]:
    """Give the elements that a document may begin with, as `{namespace}name`."""
    whole = definition(grammar)
    namespace = whole.get("targetNamespace", "")
    names = (str(node.get("name")) for node in whole.iterchildren(f"{XS}element"))
    return tuple(f"{{{namespace}}}{name}" if namespace else name for name in names)


def definition(grammar: str) -> Element:
    """Give a schema as XML."""
    parser = hardened()
    parser.feed(schema.read(grammar))
    return parser.close()


class _Validator:
    """Validation d'un document that comes piece by piece, each line apart so that its number is known."""

    __slots__ = ("_file", "_found", "_grammar", "_known", "_line", "_parser", "_root", "_stopped")

    def __init__(self, grammar: str, file: str, *, keys: bool) -> None:
        self._grammar = grammar
        self._file = file
        self._parser = hardened(*roots(grammar), huge=grammar in CONTAINERS, schema=compiled(grammar, keys=keys))
        self._root: Element | None = None
        self._line = 1
        self._known = 0
        self._stopped = False
        self._found: list[Problem] = []

    def feed(self, piece: bytes) -> bytes:
        """Take in a piece, and give it back."""
        if not self._stopped:
            with suppress(etree.XMLSyntaxError):  # what is no XML: the reader finds it too, and stops
                self._take(piece)
        if self._root is not None:
            del self._root[:-1]
        return piece

    def _take(self, piece: bytes) -> None:
        parser = self._parser
        for line in piece.splitlines(keepends=True):
            parser.feed(line)
            if len(parser.feed_error_log) > self._known:
                self._read()
                if self._stopped:
                    return
            self._line += line.endswith(b"\n")
        for _, element in parser.read_events():
            self._root = element if self._root is None else self._root

    def close(self) -> None:
        """End the document: what only shows at its end."""
        if not self._stopped:
            with suppress(etree.XMLSyntaxError):  # departures are raised at the end
                self._parser.close()
            self._read()

    def taken(self) -> Iterator[Problem]:
        """Give what was found since the last time."""
        found, self._found = self._found, []
        return iter(found)

    def _read(self) -> None:
        log = self._parser.feed_error_log
        where = Location(self._file, self._line)
        for at in range(self._known, len(log)):
            self._found += filter(None, [translated(log[at], where, self._grammar)])
        self._known = len(log)
        if self._known >= MOST:
            self._found.append(problem("structure_stopped", where, limit=MOST))
        self._stopped = self._known >= MOST or any(found.slug == "structure_root" for found in self._found)


def _of_records(chunks: Iterable[bytes], grammar: str, file: str, limits: Limits) -> Iterator[Problem]:
    """Validate each child of the root by itself."""
    validator = compiled(grammar)
    reader = XmlReader(chunks, XmlSpec(), file=file, limits=limits)
    for record in reader.records():
        if not validator.validate(record):
            where = Location(file, reader.line(record))
            yield from filter(None, [translated(entry, where, grammar) for entry in validator.error_log])


def translated(entry: _Logged, where: Location, grammar: str) -> Problem | None:
    """Turn what libxml2 says into a finding; None where it only repeats itself, or speaks of something else."""
    subject = _SUBJECT.fullmatch(entry.message.strip())
    if not entry.type_name.startswith("SCHEMAV_") or subject is None or subject[3].startswith("Warning"):
        return None
    element, attribute, text = local(subject[1]), local(subject[2] or ""), subject[3]
    kind = entry.type_name.removeprefix("SCHEMAV_").removeprefix("CVC_")
    if kind == "ELT_1":
        return of_root(subject[1], where, grammar)
    if kind == "ELEMENT_CONTENT":
        return _of_content(element, text, where)
    if kind in _OF_ATTRIBUTE:
        named = _ATTRIBUTE.match(text)
        return problem(_OF_ATTRIBUTE[kind], where, element=element, attribute=named[1] if named else "")
    if kind in _OF_ELEMENT:
        slug = "structure_text" if text.startswith("Character") else _OF_ELEMENT[kind]
        return problem(slug, where, element=element)
    return _of_value(attribute or element, text, where)


_OF_ATTRIBUTE: Final = {
    "COMPLEX_TYPE_3_2_1": "structure_attribute",
    "TYPE_3_1_1": "structure_attribute",
    "COMPLEX_TYPE_4": "structure_attribute_missing",
}
_OF_ELEMENT: Final = {
    "COMPLEX_TYPE_2_1": "structure_children",
    "COMPLEX_TYPE_2_2": "structure_children",
    "COMPLEX_TYPE_2_3": "structure_text",
    "TYPE_3_1_2": "structure_children",
    "IDC": "structure_repeated",
}
"""Kind of departure, as libxml2 names it after the clauses of XSD -> the finding."""


def of_root(name: str, where: Location, grammar: str) -> Problem:
    """Report a root, given as `{namespace}name`, with which no document of a schema begins."""
    return problem("structure_root", where, element=_spelt(name), expected=_listed(roots(grammar)))


def _of_content(element: str, text: str, where: Location) -> Problem:
    """Tell a child that should not be here from one that lacks."""
    listed = _EXPECTED.search(text)
    expected = _listed(listed[1].split(", ")) if listed else ""
    if text.startswith("Missing"):
        return problem("structure_incomplete", where, element=element, expected=expected)
    if expected:
        return problem("structure_element", where, element=element, expected=expected)
    return problem("structure_surplus", where, element=element)


def _of_value(name: str, text: str, where: Location) -> Problem:
    """Say which value was met, and what was expected in its place."""
    parts, facet = _VALUE.fullmatch(text), _FACET.match(text)
    value = parts["value"] if parts else ""
    expected = parts["expected"] if parts else facet[1] if facet else ""
    for left, right in (("{", "}"), ("('", "')"), ("'", "'")):
        if expected.startswith(left) and expected.endswith(right):
            expected = expected[len(left) : -len(right)].replace("', '", ", ")
    return problem(
        "structure_value", where, name=name, value=value[:LONGEST], expected=_NAMESPACE.sub("", expected)[:LONGEST]
    )


def _listed(names: Iterable[str]) -> str:
    """Show names that are expected: those of a namespace without it."""
    return ", ".join(local(name.strip()).removeprefix("*") for name in names)


def _spelt(name: str) -> str:
    """Show the name of a root with its namespace, which may be all that is wrong."""
    namespace, _, own = name.rpartition("}")
    return f"{own} ({namespace[1:]})" if namespace else own
