"""One file of STS-Web or SIECLE, known by its root: its elements, its school and its year (sts 1)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen

from entformats._files import Part
from entformats._xml import XmlReader, XmlSpec
from entformats.codes import school_year
from entformats.codes import uai as uais
from entformats.codes.school_year import SchoolYear
from entformats.edt.index.document import iter_nodes
from entformats.edt.index.node import Node
from entformats.edt.sts.grammar import KNOWN, ROOTS, UNUSED, Source
from entformats.errors import InvalidValue, WrongFormat
from entformats.limits import Limits
from entformats.problems import Findings, Location, Param, problem

__all__ = ["Item", "StsFile", "read_file"]

SECTION = 10
"""A section of SIECLE (`ELEVES`) is read whole: so many times the elements of one record."""


@frozen
class Item:
    """Élément d'un fichier, avec l'endroit où il est."""

    node: Node
    file: str
    findings: Findings = field(repr=False, eq=False)

    def attribute(self, *names: str) -> str:
        """Give the first of these attributes that is filled, stripped; a child of that name will do (sts 8)."""
        texts = (self.node.attributes.get(name, "").strip() for name in names)
        return next(filter(None, texts), "") or self.text(*names)

    def text(self, *tags: str) -> str:
        """Give the text of the first of these children that is filled; blanks around it do not count (sts 4)."""
        texts = (child.text for tag in tags for child in self.node.children if child.tag == tag)
        return next(filter(None, texts), "")

    def each(self, tag: str) -> Iterator[Item]:
        """Give the children of one name."""
        return (evolve(self, node=child) for child in self.node.children if child.tag == tag)

    def children(self) -> Iterator[Item]:
        """Give the children."""
        return (evolve(self, node=child) for child in self.node.children)

    def every(self, tag: str) -> Iterator[Item]:
        """Give the elements of one name at any depth, in file order (sts 3)."""
        for child in self.node.children:
            item = evolve(self, node=child)
            if child.tag == tag:
                yield item
            yield from item.every(tag)

    def found(self, slug: str, key: str = "", at: str = "", /, **params: Param) -> None:
        """Report a finding about this element; `key` is its code or number."""
        where = Location(self.file, self.node.line, kind=self.node.tag, key=key, attribute=at)
        self.findings.found(slug, where, **params)


@frozen
class StsFile:
    """Fichier lu. `year` is None, and `uai` empty, where the file does not say."""

    source: Source
    root: Item
    uai: str
    year: SchoolYear | None
    digest: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.root.file

    def every(self, tag: str) -> Iterator[Item]:
        """Give the elements of one name at any depth."""
        return self.root.every(tag)


def read_file(part: Part, findings: Findings, limits: Limits) -> StsFile:
    """Read one file whole.

    Problems: `sts_content_unknown`, `sts_year_unreadable`. Raises `WrongFormat` (`sts_wrong_file`, `sts_file_unused`)
    for another root, and what `XmlReader` raises.
    """
    digest = hashlib.sha256()
    large = evolve(limits, record_elements=limits.record_elements * SECTION)
    chunks = _counted(part.chunks(), digest.update)
    reader = XmlReader(chunks, XmlSpec(depth=2), file=part.name, limits=large, findings=findings)
    source = ROOTS.get(reader.root.name.casefold())
    if source is None:
        slug = "sts_file_unused" if reader.root.name.casefold() in UNUSED else "sts_wrong_file"
        where = Location(part.name, reader.root.line)
        raise WrongFormat(problem(slug, where, root=reader.root.name))
    root = Item(_tree(reader), part.name, findings)
    _tell_unknown(root, source, limits)
    return StsFile(source, root, _uai(root), _year(root), digest.digest())


def _counted(chunks: Iterable[bytes], see: object) -> Iterator[bytes]:
    assert callable(see)
    for chunk in chunks:
        see(chunk)
        yield chunk


def _tree(reader: XmlReader) -> Node:
    """Build the tree of a document from its elements of the second level."""
    above: list[Node] = []
    inside: list[list[Node]] = []
    for path, node in iter_nodes(reader):
        if "/" in path:
            inside[-1].append(node)
        else:
            above.append(node)
            inside.append([])
    children = (evolve(node, children=tuple(found)) for node, found in zip(above, inside, strict=True))
    root = reader.root
    return evolve(Node.bare(root.name, root.attributes, root.line), children=tuple(children))


def _tell_unknown(root: Item, source: Source, limits: Limits) -> None:
    """Report the elements of unknown name, one finding a path; those below them are theirs."""
    if source not in KNOWN:
        return
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    for path, node in _unknown(root.node, KNOWN[source], ""):
        if path in counts or len(counts) < limits.unknown_names:
            counts[path] += 1
            first.setdefault(path, node.line)
    for path, count in sorted(counts.items()):
        where = Location(root.file, first[path], xpath=path)
        root.findings.found("sts_content_unknown", where, path=path, count=count)


def _unknown(node: Node, known: frozenset[str], path: str) -> Iterator[tuple[str, Node]]:
    for child in node.children:
        here = f"{path}/{child.tag}".removeprefix("/")
        if child.tag in known:
            yield from _unknown(child, known, here)
        else:
            yield here, child


def _uai(root: Item) -> str:
    """Give the UAI: an attribute in `sts_emp`, a text elsewhere (sts 2.1, 3)."""
    for item in root.every("UAJ"):
        return uais.compact(item.attribute("CODE") or item.node.text)
    return ""


def _year(root: Item) -> SchoolYear | None:
    for item in root.every("ANNEE_SCOLAIRE"):
        text = item.attribute("ANNEE") or item.node.text
        try:
            return school_year.parse(text) if text else None
        except InvalidValue:
            item.found("sts_year_unreadable", "", "ANNEE", value=text)
    return None
