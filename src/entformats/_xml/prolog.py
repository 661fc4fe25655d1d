"""What comes before the first record: declaration, DOCTYPE, root, header comments.

Read here and not by libxml2: the parser always receives a prolog of blanks, hence UTF-8 without DOCTYPE, on true lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from entformats._xml.context import Context

__all__ = ["Prolog", "following", "read_prolog"]

LONGEST = 1 << 16
"""Bytes within which the root must begin."""
BLANKS = re.compile(rb"\s*")
DECLARATION = re.compile(rb"<\?xml(?=[\s?])[^>]*\?>")
INSTRUCTION = re.compile(rb"<\?.*?\?>", re.DOTALL)
COMMENT = re.compile(rb"<!--(.*?)-->", re.DOTALL)
DOCTYPE = re.compile(rb"<!DOCTYPE\s+([^\s>\[]+)(?:\s+SYSTEM\s+(?:\"([^\"<>]*)\"|'([^'<>]*)'))?\s*>")
ANY_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*[>\[]", re.IGNORECASE)
HTML = re.compile(rb"<(?:!doctype\s+)?html[\s>]", re.IGNORECASE)
ROOT = re.compile(rb"<((?:[^\s/<>!?:\0]+:)?([^\s/<>!?:\0]+))(?=[\s/>])(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+>")
NOT_BLANK = re.compile(rb"[^\r\n]")
DOCTYPE_START = b"<!DOCTYPE"
STARTS = (b"<?", b"<!--", DOCTYPE_START)


@frozen
class Prolog:
    """Prologue: the root's local name, and the header comments, those just inside the root included."""

    root: str
    comments: tuple[str, ...]
    data: bytes
    """The bytes read so far, prolog blanked."""


class _Incomplete(Exception):
    """More bytes are needed."""


def read_prolog(stream: Iterator[bytes], context: Context, doctype: tuple[str, str] | None) -> Prolog:
    """Read up to the first record, at most 64 KiB.

    Problems: `blank_before_declaration`. Raises UnreadableInput (`xml_empty`, `not_xml`, `doctype_refused`,
    `internal_subset_refused`, `xml_truncated`), WrongFormat (`html_page`), LimitExceeded (`prolog_too_long`).
    """
    data = b""
    for piece in stream:
        data += piece
        context.line = 1
        try:
            return _scan(data, context, doctype, whole=len(data) >= LONGEST)
        except _Incomplete:
            if len(data) >= LONGEST:
                raise context.exceeded("prolog_too_long", 1, LONGEST) from None
        context.line += data.count(b"\n")
    context.line = 1
    try:
        return _scan(data, context, doctype, whole=True)
    except _Incomplete:
        if not data.strip():
            raise context.error("xml_empty", context.at(b"", 0)) from None
        raise context.error("xml_truncated", context.at(data, len(data))) from None


def _scan(data: bytes, context: Context, doctype: tuple[str, str] | None, *, whole: bool) -> Prolog:
    """Scan from the beginning; raises _Incomplete when the end of `data` comes first."""
    begin = _skip(data, 0)
    _refuse_other(data, begin, context)
    declaration = DECLARATION.match(data, begin)
    comments: list[str] = []
    seen = False
    at = _misc(data, declaration.end() if declaration else begin, comments)
    while data[at : at + 2].upper() == b"<!":
        if seen:
            raise context.error("doctype_refused", context.at(data, at))
        at = _misc(data, _doctype(data, at, context, doctype), comments)
        seen = True
    root = ROOT.match(data, at)
    if not root or not root[2].decode().isprintable():
        return _no_root(data, at, context)
    after = root.end()
    if not data.endswith(b"/>", at, after):
        after = _inside(data, after, comments, whole=whole)
    if declaration and begin:
        context.found("blank_before_declaration", context.at(data, 0))
    blanked = NOT_BLANK.sub(b" ", data[:at])
    return Prolog(root[2].decode(), tuple(comments), blanked + data[at:])


def _skip(data: bytes, at: int) -> int:
    found = BLANKS.match(data, at)
    assert found is not None
    if found.end() == len(data):
        raise _Incomplete
    return found.end()


def _misc(data: bytes, at: int, comments: list[str]) -> int:
    """Skip blanks, comments and processing instructions; comments are kept."""
    while True:
        at = _skip(data, at)
        rest = data[at : at + 9].upper()
        if any(start.startswith(rest) and start != rest for start in STARTS):
            raise _Incomplete
        pattern = COMMENT if rest.startswith(b"<!--") else INSTRUCTION if rest.startswith(b"<?") else None
        if pattern is None:
            return at
        found = pattern.match(data, at)
        if not found:
            raise _Incomplete
        if pattern is COMMENT:
            comments.append(found[1].decode("utf-8", "replace"))
        at = found.end()


def _inside(data: bytes, at: int, comments: list[str], *, whole: bool) -> int:
    """Collect the comments just inside the root; what is not there yet when `whole` is not waited for."""
    found: list[str] = []
    try:
        at = _misc(data, at, found)
    except _Incomplete:
        if not whole:
            raise
    comments += found
    return at


def _doctype(data: bytes, at: int, context: Context, allowed: tuple[str, str] | None) -> int:
    """Skip the one DOCTYPE that the format knows; refuse any other."""
    any_found = ANY_DOCTYPE.match(data, at)
    where = context.at(data, at)
    if not any_found:
        if data[at : at + len(DOCTYPE_START)].upper() == DOCTYPE_START:
            raise _Incomplete
        raise context.error("doctype_refused", where)
    if HTML.match(data, at):
        raise context.wrong("html_page", where)
    if data[any_found.end() - 1 : any_found.end()] == b"[":
        raise context.error("internal_subset_refused", where)
    found = DOCTYPE.match(data, at)
    named = (found[1].decode(), (found[2] or found[3] or b"").decode()) if found else None
    if found is None or named != allowed:
        raise context.error("doctype_refused", where)
    return found.end()


def _refuse_other(data: bytes, at: int, context: Context) -> None:
    """Refuse what does not begin like XML, saying what it looks like."""
    if data[at : at + 1] != b"<":
        raise context.error("not_xml", context.at(data, at))
    if HTML.match(data, at):
        raise context.wrong("html_page", context.at(data, at))


def _no_root(data: bytes, at: int, context: Context) -> Prolog:
    """Say why no root begins here, or ask for more."""
    if data[at : at + 1] != b"<":
        raise context.error("not_xml", context.at(data, at))
    if b">" in data[at:] or b"<" in data[at + 1 :]:
        raise context.error("xml_malformed", context.at(data, at), reason="invalid root element")
    raise _Incomplete


def following(prolog: Prolog, stream: Iterable[bytes]) -> Iterator[bytes]:
    """Give the whole document again, prolog blanked."""
    yield prolog.data
    yield from stream
