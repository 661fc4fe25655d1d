"""A small element tree of one record, free of the parser that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from attrs import field, frozen

from entformats._xml import Element
from entformats._xml.harvest import attributes as attributes_of
from entformats._xml.harvest import local_name
from entformats.frozen import FrozenMap

__all__ = ["Node"]

SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


@frozen
class Node:
    """Élément: local name, attributes, children, text and line. Namespaces of elements are dropped (edt 2).

    >>> from lxml import etree
    >>> element = etree.fromstring('<a xmlns="x" B="1"><!-- c --><c>t</c></a>')
    >>> node = Node.of(element, lambda found: found.sourceline or 0)
    >>> node.tag, dict(node.attributes), [child.text for child in node.children]
    ('a', {'B': '1'}, ['t'])
    """

    tag: str
    attributes: FrozenMap[str, str] = field(factory=FrozenMap, repr=False)
    children: tuple[Node, ...] = field(default=(), repr=False)
    text: str = field(default="", repr=False)
    line: int = field(default=0, eq=False)

    @classmethod
    def of(cls, element: Element, line: Callable[[Element], int]) -> Node:
        """Copy an element and what is below it; comments and processing instructions are left out (edt 3.2)."""
        return cls(
            local_name(element),
            _plain(attributes_of(element)),
            tuple(cls.of(child, line) for child in element if isinstance(child.tag, str)),
            "".join(_texts(element)).strip(),
            line(element),
        )

    @classmethod
    def bare(cls, tag: str, attributes: Mapping[str, str], line: int) -> Node:
        """Make an element whose children are elsewhere."""
        return cls(tag, _plain(attributes), line=line)


def _plain(attributes: Mapping[str, str]) -> FrozenMap[str, str]:
    """Leave out what says where the schema is."""
    return FrozenMap({name: text for name, text in attributes.items() if not name.startswith(SCHEMA_INSTANCE)})


def _texts(element: Element) -> Iterator[str]:
    """Give the text of an element itself, without that of its children."""
    yield element.text or ""
    for child in element:
        yield child.tail or ""
