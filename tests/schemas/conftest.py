"""What the tests of the schemas share: both engines, compiled once; whole documents of a schema, and their mutants."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import TypeAlias

import pytest
import xmlschema
from lxml import etree

from entformats import schema

Element: TypeAlias = etree._Element
XS = "{http://www.w3.org/2001/XMLSchema}"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)


@cache
def compiled(name: str) -> tuple[etree.XMLSchema, xmlschema.XMLSchema10]:
    """Give a schema compiled by both engines."""
    content = schema.read(name)
    return etree.XMLSchema(etree.fromstring(content, PARSER)), xmlschema.XMLSchema10(content.decode())


def verdict_of(name: str, content: bytes) -> bool:
    """Give what a schema says of a document; both engines must say the same."""
    libxml, pure = compiled(name)
    found = libxml.validate(etree.fromstring(content, PARSER))
    assert pure.is_valid(io.BytesIO(content)) is found
    return found


BAD = "\u00a7 ?"
"""A text that is no number, date, code or base64."""
VALUES = {
    "string": "a",
    "token": "a",
    "NMTOKEN": "a",
    "date": "2026-09-01",
    "dateTime": "2026-09-01T06:00:00",
    "time": "08:00:00",
    "boolean": "true",
    "decimal": "1.5",
    "integer": "1",
    "unsignedInt": "1",
    "unsignedShort": "1",
    "unsignedByte": "1",
    "unsignedLong": "2",
    "positiveInteger": "1",
}
"""A value of each built-in type."""
SHAPES = ("2022", "0800", "01/09/2022", "2022-09-01", "8h00", "310", "lundi", "a")
"""Values of the types that a pattern restricts: the first one that fits."""


class Maker:
    """Makes documents of one schema that hold every element and attribute it declares."""

    def __init__(self, name: str) -> None:
        self.tree = etree.fromstring(schema.read(name), PARSER)
        self.namespace = self.tree.get("targetNamespace", "")
        self.types = {node.get("name"): node for node in self.tree if node.tag != f"{XS}element"}

    def documents(self) -> Iterator[Element]:
        """Make one document for each element that a document may begin with."""
        for node in self.tree.iterfind(f"{XS}element"):
            yield self.element(node)

    def element(self, node: Element) -> Element:
        made = etree.Element(f"{{{self.namespace}}}{node.get('name')}" if self.namespace else str(node.get("name")))
        reference = str(node.get("type"))
        definition = self.types.get(reference.rpartition(":")[2]) if not reference.startswith("xs:") else None
        if definition is None or definition.tag == f"{XS}simpleType":
            made.text = self.value(reference)
            return made
        base = definition.find(f".//{XS}extension")
        if base is not None and definition.find(f"{XS}simpleContent") is not None:
            made.text = self.value(str(base.get("base")))
        elif base is not None:
            self.fill(made, self.types[base.get("base")])
        self.fill(made, definition)
        return made

    def fill(self, made: Element, definition: Element) -> None:
        for attribute in definition.iterfind(f".//{XS}attribute[@type]"):
            made.set(str(attribute.get("name")), self.value(str(attribute.get("type"))))
        made.extend([self.element(child) for child in definition.iterfind(f".//{XS}element")])
        if definition.find(f".//{XS}any[@processContents='lax']") is not None:
            made.extend([self.element(one) for one in self.tree.findall(f"{XS}element")[1:]])

    def value(self, reference: str) -> str:
        local = reference.rpartition(":")[2]
        if reference.startswith("xs:"):
            return VALUES[local]
        definition = self.types[local]
        union = definition.find(f"{XS}union")
        if union is not None:
            return self.value(str(union.get("memberTypes")).split()[0])
        listed = definition.find(f".//{XS}enumeration")
        if listed is not None:
            return str(listed.get("value"))
        pattern = definition.find(f".//{XS}pattern")
        shape = re.compile("" if pattern is None else str(pattern.get("value")))
        return next(value for value in ("1", *SHAPES) if pattern is None or shape.fullmatch(value))


ELEMENTS = ("drop", "rename", "bad", "repeat", "misplace", "stray", "attribute")
ROOT = ("rename", "stray", "attribute")
ATTRIBUTES = ("remove", "respell", "spoil")


def mutants(whole: Element) -> Iterator[tuple[str, str, Element]]:
    """Touch each element and attribute in every way, once in each parent: what was done, to what, the result."""
    seen: set[tuple[str, ...]] = set()
    for place, node in enumerate(whole.iter()):
        name = etree.QName(node).localname
        parent = node.getparent()
        shape = ("" if parent is None else str(parent.tag), name, *sorted(map(str, node.attrib)))
        if shape in seen:
            continue
        seen.add(shape)
        for way in ROOT if node is whole else ELEMENTS:
            yield way, name, touched(whole, place, way, "")
        for attribute in node.attrib:
            for way in ATTRIBUTES:
                yield way, f"@{attribute}", touched(whole, place, way, str(attribute))


def touched(whole: Element, place: int, way: str, name: str) -> Element:
    """Give a copy of a document with one change."""
    copy = deepcopy(whole)
    node = next(one for at, one in enumerate(copy.iter()) if at == place)
    change(node, way, name)
    return copy


def change(node: Element, way: str, name: str) -> None:
    """Change one element, or one of its attributes."""
    parent = node.getparent()
    match way:
        case "drop" if parent is not None:
            parent.remove(node)
        case "repeat" if parent is not None:
            parent.insert(parent.index(node), deepcopy(node))
        case "misplace" if parent is not None:
            parent.insert(0 if parent.index(node) else len(parent), node)
        case "rename":
            node.tag = f"{node.tag!s}X"
        case "bad":
            node.text = BAD
        case "stray":
            node.append(etree.Element("stray"))
        case "attribute":
            node.set("stray", "1")
        case "remove":
            del node.attrib[name]
        case "respell":
            node.set(f"{name}X", node.attrib.pop(name))
        case _:
            node.set(name, BAD)


@pytest.fixture(scope="session")
def engines() -> Callable[[str], tuple[etree.XMLSchema, xmlschema.XMLSchema10]]:
    """Give a schema compiled by lxml and by xmlschema."""
    return compiled


@pytest.fixture(scope="session")
def verdict() -> Callable[[str, bytes], bool]:
    """Give the one verdict of both engines on a document."""
    return verdict_of


@pytest.fixture(scope="session")
def whole_documents() -> Callable[[str], list[Element]]:
    """Give documents of a schema that hold together every element and attribute it declares."""
    return lambda name: list(Maker(name).documents())


@pytest.fixture(scope="session")
def every_mutant() -> Callable[[Element], Iterator[tuple[str, str, Element]]]:
    """Give the mutants of a document: what was done, to what, the result."""
    return mutants
