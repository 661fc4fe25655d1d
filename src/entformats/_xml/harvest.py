"""Taking finished elements from a growing tree."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from entformats._xml.guard import Element, Guard
from entformats.frozen import FrozenMap

__all__ = ["Container", "Harvest", "attributes", "local_name"]


@frozen
class Container:
    """Conteneur: an element between the root and the records (`Matieres`, `Cours`)."""

    path: tuple[str, ...]
    """Local names from below the root."""
    attributes: FrozenMap[str, str]
    line: int

    @property
    def name(self) -> str:
        """Local name."""
        return self.path[-1]


class Harvest:
    """Moisson: takes the finished elements of one level, and deletes them."""

    __slots__ = ("_depth", "_guard", "_open", "_taken", "elements")

    def __init__(self, depth: int, guard: Guard) -> None:
        self._depth = depth
        self._guard = guard
        self._open: list[tuple[Element, Container]] = []
        self._taken: dict[Element, int] = {}
        self.elements = 0
        """Elements given so far, containers announced included."""

    def below(
        self, parent: Element, level: int = 0, *, closed: bool
    ) -> Iterator[tuple[Container | None, list[Element]]]:
        """Give what is finished below an element: everything when it is `closed`, all but the last child otherwise."""
        finished = parent[:] if closed else parent[:-1]
        if level + 1 < self._depth:
            for element in finished:
                yield from self._inside(element, level, closed=True)
                self._close(level)
            if not closed and len(parent):
                yield from self._inside(parent[-1], level, closed=False)
        elif finished:
            self.elements += len(finished)
            self._guard.check(finished)
            yield self._open[-1][1] if level else None, finished
        count = len(finished)
        finished.clear()  # lxml visits every node of a deleted element that Python still holds
        if count:
            self._taken[parent] = self._taken.get(parent, 0) + count
            del parent[:count]

    def _inside(
        self, element: Element, level: int, *, closed: bool
    ) -> Iterator[tuple[Container | None, list[Element]]]:
        """Go into a container, announced the first time."""
        if len(self._open) == level:
            above = self._open[-1][1].path if level else ()
            name = local_name(element)
            container = Container((*above, name), attributes(element), element.sourceline or 0)
            self._open.append((element, container))
            self.elements += 1
            yield container, []
        yield from self.below(element, level + 1, closed=closed)

    def _close(self, level: int) -> None:
        for element, _ in self._open[level:]:
            self._taken.pop(element, None)
        del self._open[level:]

    def path(self, element: Element) -> str:
        """Give the path of an element still in the tree; down to the records, places count what was deleted."""
        parent = element.getparent()
        name = local_name(element)
        if parent is None:
            return "/" + name
        if sum(1 for _ in element.iterancestors()) <= self._depth:
            return f"{self.path(parent)}/*[{self._taken.get(parent, 0) + parent.index(element) + 1}]"
        twins = parent.findall(str(element.tag))
        return f"{self.path(parent)}/{name}" + (f"[{twins.index(element) + 1}]" if len(twins) > 1 else "")


def local_name(element: Element) -> str:
    """Give the local name; QName would refuse the prefix that a broken file does not declare."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def attributes(element: Element) -> FrozenMap[str, str]:
    """Give the attributes as text; a name with a namespace keeps it, in braces."""
    return FrozenMap({str(name): str(value) for name, value in element.attrib.items()})
