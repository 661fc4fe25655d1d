"""True lines beyond line 65,534, where libxml2 keeps those of texts only: found again in the bytes."""

from __future__ import annotations

from itertools import accumulate

from lxml import etree

from entformats._xml.guard import Element

__all__ = ["LAST_LINE", "Lines"]

LAST_LINE = 0xFFFF
"""libxml2 keeps the line of an element in 16 bits; one that has a text is given the line of that text beyond."""


ALIKE = etree.XPath("count(*[position() > $before][name() = $name])")


class Lines:
    r"""Lignes: where each child of the root that is still in the tree begins; 0 where libxml2 knows, or nobody does.

    >>> from lxml import etree
    >>> root = etree.fromstring("<r><a/><a/></r>")
    >>> lines = Lines()
    >>> lines.after_feed(b"<r>\n<a/>\n<a/>", 70_000, root)
    70002
    >>> lines.starts
    [70001, 70002]
    """

    __slots__ = ("starts",)

    def __init__(self) -> None:
        self.starts: list[int] = []

    def after_feed(self, piece: bytes, line: int, root: Element) -> int:
        """Note the children that begin in a piece, which begins on `line`; give the line on which it ends."""
        begun = len(root) - len(self.starts)
        end = line + piece.count(b"\n")
        self.starts += [0] * begun if end < LAST_LINE or not begun else _found(piece, line, begun, root)
        return end

    def after_harvest(self, left: int) -> None:
        """Forget the children that left the tree."""
        del self.starts[: len(self.starts) - left]


def _found(piece: bytes, line: int, begun: int, root: Element) -> list[int]:
    """Give the lines of the last children, when it is certain which tags of the piece are theirs: all have one name."""
    name = str(root[-1].tag)
    alike = ALIKE(root, name=name, before=len(root) - begun)
    hidden = (b"!" in piece and b"<!" in piece) or (b"?" in piece and b"<?" in piece)
    before = piece.split(b"<" + name.encode())
    if hidden or alike != begun or len(before) != begun + 1:
        return [0] * begun
    return list(accumulate([part.count(b"\n") for part in before[1:-1]], initial=line + before[0].count(b"\n")))
