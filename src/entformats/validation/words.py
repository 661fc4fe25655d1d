"""What a published schema says of its own types, found by the path of an element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from entformats._xml import Element
from entformats._xml.grammar import definition
from entformats.frozen import FrozenMap

__all__ = ["Words", "words_of"]

XS: Final = "{http://www.w3.org/2001/XMLSchema}"
FRENCH: Final = f"{XS}annotation/{XS}documentation[@{{http://www.w3.org/XML/1998/namespace}}lang='fr']"


class Words:
    """Documentation d'un schéma: the types along a path, and the text of each.

    >>> words = words_of("edt.xsd")
    >>> types = words.along("/ExportEmploiDuTemps/Eleves/Eleve[3]", "Sexe")
    >>> types[-1], words.told(types)
    ('sexType', 'Sexe, sans accent (edt 2.12).')
    """

    __slots__ = ("_roots", "_types")

    def __init__(self, whole: Element) -> None:
        self._types = FrozenMap((node.get("name", ""), node) for node in whole.iterchildren(f"{XS}*"))
        self._roots = FrozenMap(_declared(whole.iterchildren(f"{XS}element")))

    def along(self, path: str, attribute: str = "") -> tuple[str, ...]:
        """Give the types of the elements of a path, then that of an attribute of the last, as far as they are known."""
        known = self._roots
        types: list[str] = []
        for step in path.strip("/").split("/"):
            own = known.get(step.partition("[")[0])
            if own is None:
                return tuple(types)
            types.append(own)
            known = FrozenMap(_declared(self._within(own, "element")))
        last = dict(_declared(self._within(types[-1], "attribute"))).get(attribute)
        return (*types, last) if last else tuple(types)

    def told(self, types: Sequence[str]) -> str:
        """Give the text of the last type that has one: the types of XSD itself have none."""
        texts = (self._types[name].findtext(FRENCH) or "" for name in reversed(types) if name in self._types)
        return next((" ".join(text.split()) for text in texts if text), "")

    def _within(self, name: str, kind: str) -> Iterator[Element]:
        """Give what a type declares, and what the type that it extends does."""
        holder = self._types.get(name)
        if holder is not None:
            yield from holder.iter(f"{XS}{kind}")
            for extension in holder.iter(f"{XS}extension"):
                yield from self._within(_local(extension.get("base", "")), kind)


@cache
def words_of(grammar: str) -> Words:
    """Lire la documentation d'un schéma, once; raises UsageError when no schema has this name.

    >>> words_of("sts-emp.xsd").along("/EDT_STS")
    ()
    """
    return Words(definition(grammar))


def _declared(nodes: Iterable[Element]) -> Iterator[tuple[str, str]]:
    return ((node.get("name", ""), _local(node.get("type", ""))) for node in nodes)


def _local(reference: str) -> str:
    """Give the name of a type of the schema; those of XSD keep their prefix."""
    return reference if reference.startswith("xs:") else reference.rpartition(":")[2]
