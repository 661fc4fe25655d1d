"""XML text, made by hand: one element a line, attributes in the order given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from entformats.errors import UsageError

__all__ = ["batches", "element", "escape"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
BATCH = 1 << 16
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"[^\W\d][\w.\-]*")
_ESCAPES = {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    ord("\t"): "&#9;",
    ord("\n"): "&#10;",
    ord("\r"): "&#13;",
}


def escape(text: str) -> str:
    """Escape a text for an attribute or an element; raises UsageError for a character that XML cannot hold.

    >>> escape('A & "B"')
    'A &amp; &quot;B&quot;'
    """
    if _FORBIDDEN.search(text):
        raise UsageError("a text holds a control character, which XML cannot hold")
    return text.translate(_ESCAPES)


def element(
    tag: str, attributes: Mapping[str, str | None], inside: Iterable[str] = (), *, text: str = ""
) -> Iterator[str]:
    """Write an element as lines, children indented; attributes that are None, or have no name of XML, are left out.

    >>> list(element("Classe", {"Ident": "2", "Nom": None}, element("PartieDeClasse", {"Ident": "7"})))
    ['<Classe Ident="2">', '  <PartieDeClasse Ident="7"/>', '</Classe>']
    """
    written = (
        f' {name}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not None and _NAME.fullmatch(name)
    )
    start = f"<{tag}{''.join(written)}"
    lines = iter(inside)
    first = next(lines, None)
    if first is None:
        yield f"{start}>{escape(text)}</{tag}>" if text else f"{start}/>"
        return
    yield f"{start}>"
    yield f"  {first}"
    yield from (f"  {line}" for line in lines)
    yield f"</{tag}>"


def batches(lines: Iterable[str]) -> Iterator[bytes]:
    r"""Encode a document, declaration first, by chunks of about 64 KiB.

    >>> list(batches(["<a/>"]))
    [b'<?xml version="1.0" encoding="UTF-8"?>\n<a/>\n']
    """
    waiting, size = [DECLARATION], 0
    for line in lines:
        waiting.append(line + "\n")
        size += len(line)
        if size >= BATCH:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()
