"""XML text made by hand: one element a line, attributes in the order given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import quoteattr

from entformats.errors import UsageError

__all__ = ["element", "page"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
BATCH = 1 << 10
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element(tag: str, attributes: Mapping[str, str], inside: Iterable[str] = (), *, text: str = "") -> Iterator[str]:
    r"""Write an element as lines, children indented; raises UsageError for a character that XML cannot hold.

    >>> list(element("Eleve", {"Nom": "D'A & B"}, element("Responsable", {"Ident": "7"})))
    ['<Eleve Nom="D\'A &amp; B">', '  <Responsable Ident="7"/>', '</Eleve>']
    """
    start = f"<{tag}{''.join(f' {name}={_quoted(value)}' for name, value in attributes.items())}"
    lines = list(inside)
    if not lines:
        yield f"{start}>{_quoted(text)[1:-1]}</{tag}>" if text else f"{start}/>"
        return
    yield f"{start}>"
    yield from (f"  {line}" for line in lines)
    yield f"</{tag}>"


def page(lines: Iterable[str]) -> Iterator[bytes]:
    r"""Encode a document, declaration first, by chunks.

    >>> b"".join(page(["<a/>"]))
    b'<?xml version="1.0" encoding="UTF-8"?>\n<a/>\n'
    """
    yield f"{DECLARATION}\n".encode()
    for line in lines:
        yield f"{line}\n".encode()


def _quoted(text: str) -> str:
    """Escape and quote; a double quote is always written as a reference, so that the quotes can be taken off."""
    if _FORBIDDEN.search(text):
        raise UsageError("a text holds a control character, which XML cannot hold")
    return quoteattr(text + "'", {'"': "&quot;"})[:-2] + '"'
