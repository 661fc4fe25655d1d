"""What the model has no field for, as texts by path, and back to elements (sts 4)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from entformats.edt.index.markup import element
from entformats.edt.index.node import Node

__all__ = ["OURS", "below", "flat", "lines", "sections"]

OURS = re.compile(r"@?[A-Z][A-Z0-9_]*(?:[/\[]|\Z)")
"""Paths of STS-Web and SIECLE, whose names are in capitals."""
_STEP = re.compile(r"(.+?)(?:\[([0-9]+)\])?")


def flat(node: Node, taken: Collection[str] = (), prefix: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the attributes (`@CODE`) and texts below an element by path, those at `taken` paths left out.

    The second child of a name is `NAME[2]`. An empty element says nothing, and is not there.

    >>> inner = (Node("B", text="1"), Node("B", text="2"), Node("C", text="3"), Node("D"))
    >>> dict(flat(Node("A", children=inner), taken=["C"]))
    {'B': ('1',), 'B[2]': ('2',)}
    """
    for path, text in _texts(node, ""):
        if path not in taken and path.partition("/")[0] not in taken:
            yield prefix + path, (text,)


def _texts(node: Node, path: str) -> Iterator[tuple[str, str]]:
    above = f"{path}/" if path else ""
    for name, value in node.attributes.items():
        if value.strip():
            yield f"{above}@{name}", value.strip()
    if path and node.text:
        yield path, node.text
    numbers: Counter[str] = Counter()
    for child in node.children:
        numbers[child.tag] += 1
        count = numbers[child.tag]
        yield from _texts(child, above + child.tag + (f"[{count}]" if count > 1 else ""))


def below(extra: Mapping[str, tuple[str, ...]], prefix: str) -> dict[str, str]:
    """Give the texts of the paths that begin with a prefix, the prefix taken off.

    >>> below({"A/B": ("1",), "C": ("2",)}, "A/")
    {'B': '1'}
    """
    return {name.removeprefix(prefix): texts[0] for name, texts in extra.items() if name.startswith(prefix)}


def sections(texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Divide texts by the first step of their paths.

    >>> sections({"A/B": "1", "A/C": "2", "D": "3"})
    {'A': {'B': '1', 'C': '2'}, 'D': {'': '3'}}
    """
    found: dict[str, dict[str, str]] = {}
    for path, text in texts.items():
        step, _, rest = path.partition("/")
        found.setdefault(step, {})[rest] = text
    return found


def lines(tag: str, texts: Mapping[str, str], inside: Iterable[str] = (), order: Collection[str] = ()) -> Iterator[str]:
    """Write an element whose content is given by paths, the children named in `order` first; then what is `inside`.

    >>> list(lines("A", {"@CODE": "5A", "B": "1", "B[2]": "2"}))
    ['<A CODE="5A">', '  <B>1</B>', '  <B>2</B>', '</A>']
    """
    attributes: dict[str, str | None] = {}
    children: dict[str, dict[str, str]] = {}
    for path, text in texts.items():
        step, _, rest = path.partition("/")
        if step.startswith("@"):
            attributes[step[1:]] = text
        elif step:
            children.setdefault(step, {})[rest] = text
    ranks = {name: rank for rank, name in enumerate(order)}
    steps = sorted(children, key=lambda step: ranks.get(_name(step), len(ranks)))
    written = [line for step in steps for line in lines(_name(step), children[step], order=order)]
    yield from element(tag, attributes, [*written, *inside], text=texts.get("", ""))


def _name(step: str) -> str:
    found = _STEP.fullmatch(step)
    return found[1] if found else step
