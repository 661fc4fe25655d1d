"""The streaming reader: finished records, one at a time, in bounded memory.

The parser is fed piece by piece; after each piece the finished records are taken together and deleted together, which
is the fastest way to read XML from Python. The last child may still be growing: it is held back until the next one
begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from attrs import frozen
from lxml import etree

from entformats._xml.blocks import blocks
from entformats._xml.context import Context
from entformats._xml.encoding import utf8
from entformats._xml.entities import without_entities
from entformats._xml.guard import Element, Guard
from entformats._xml.harvest import Container, Harvest, attributes, local_name
from entformats._xml.lines import LAST_LINE, Lines
from entformats._xml.prolog import Prolog, following, read_prolog
from entformats.errors import UnreadableInput
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.problems import Findings, Location

__all__ = ["Root", "Stage", "XmlReader", "XmlSpec", "hardened"]

Stage: TypeAlias = Callable[[tuple[str, ...]], Callable[[bytes], bytes]]
"""Dernière étape: from the header comments, what is done to each piece of UTF-8 before it is parsed. Lines, columns and
elements of the root must stay where they are."""

ERRORS: dict[int, str] = {
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: "too_deep",
    etree.ErrorTypes.ERR_DOCUMENT_END: "trailing_content",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "xml_truncated",
    etree.ErrorTypes.ERR_GT_REQUIRED: "xml_truncated",
    etree.ErrorTypes.ERR_CDATA_NOT_FINISHED: "xml_truncated",
    etree.ErrorTypes.ERR_COMMENT_NOT_FINISHED: "xml_truncated",
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: "tag_mismatch",
    etree.ErrorTypes.ERR_INVALID_CHAR: "invalid_character",
    etree.ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING: "bare_ampersand",
    etree.ErrorTypes.ERR_INTERNAL_ERROR: "xml_malformed",
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: "xml_malformed",
    etree.ErrorTypes.NS_ERR_QNAME: "xml_malformed",
    etree.ErrorTypes.NS_ERR_ATTRIBUTE_REDEFINED: "xml_malformed",
    etree.ErrorTypes.NS_ERR_COLON: "xml_malformed",
    etree.ErrorTypes.NS_ERR_XML_NAMESPACE: "xml_malformed",
}
NAMES: dict[int, str] = {
    int(value): name for name, value in vars(etree.ErrorTypes).items() if name.startswith(("ERR_", "NS_ERR_"))
}


@frozen
class XmlSpec:
    """Forme attendue d'un fichier XML.

    `roots` are the local names of root that are accepted (empty: any), compared without namespace; `doctype` is the one
    DOCTYPE allowed, (root, system identifier); `depth` is the level of the records below the root (1: its children);
    `levels`, when given, is the deepest level that the consumer accepts without having called `check_depth` on the
    batch: a consumer that counts what it reads need not have the depth of every element measured; `huge` lifts the
    limit that libxml2 puts to one text, ten million characters: those of `Limits` hold alone; pieces end after `seam`
    where they can: the last tag of a record, so that most are whole in one piece.
    """

    roots: frozenset[str] = frozenset()
    doctype: tuple[str, str] | None = None
    depth: int = 1
    levels: int = 0
    huge: bool = False
    seam: bytes = b">"


@frozen
class Root:
    """Racine: what is known of the root as soon as it begins."""

    name: str
    """Local name, without namespace."""
    namespace: str
    attributes: FrozenMap[str, str]
    line: int


class XmlReader:
    """Lecteur XML: reads one document once, from chunks of bytes.

    `findings` receives what the stages find (see `encoding`, `prolog`, `entities`). Every method raises only
    `UnreadableInput` and its subclasses, with a line: `xml_empty`, `not_xml`, `html_page`, `wrong_root`,
    `xml_truncated`, `trailing_content`, `tag_mismatch`, `invalid_character`, `bare_ampersand`, `xml_malformed`,
    `doctype_refused`, `internal_subset_refused`, `encoding_broken`, and the limits `prolog_too_long`, `too_deep`,
    `text_too_long`, `record_too_large`, `record_too_long`. What was yielded before stands, and does not depend on how
    the bytes were cut.

    >>> reader = XmlReader([b'<r v="1"><!-- k="x" --><a/>', b"<b/></r>"], XmlSpec(frozenset({"r"})))
    >>> reader.root.name, dict(reader.root.attributes), reader.comments
    ('r', {'v': '1'}, (' k="x" ',))
    >>> [element.tag for element in reader.records()]
    ['a', 'b']
    """

    __slots__ = (
        "_closed",
        "_context",
        "_element",
        "_ended",
        "_failure",
        "_guard",
        "_harvest",
        "_lines",
        "_parser",
        "_piece",
        "_prolog",
        "_rewrite",
        "_spec",
        "_stream",
        "root",
    )

    def __init__(
        self,
        chunks: Iterable[bytes],
        spec: XmlSpec = XmlSpec(),
        *,
        file: str = "",
        limits: Limits = Limits(),  # noqa: B008 - frozen
        findings: Findings | None = None,
        stage: Stage | None = None,
    ) -> None:
        """Read up to the root: raises at once when there is none, or not one of `spec.roots`."""
        self._spec = spec
        self._context = Context(file, limits, Findings() if findings is None else findings)
        bytes_in = utf8(blocks(chunks), self._context, seam=spec.seam)
        self._prolog: Prolog = read_prolog(bytes_in, self._context, spec.doctype)
        self._stream = without_entities(following(self._prolog, bytes_in), self._context)
        if spec.roots and self._prolog.root not in spec.roots:
            raise self._context.wrong("wrong_root", Location(file, line=1), found=self._prolog.root)
        self._rewrite = stage(self._prolog.comments) if stage else None
        self._parser = hardened("{*}" + self._prolog.root, huge=spec.huge)
        self._guard = Guard(self._context, spec.levels)
        self._harvest = Harvest(spec.depth, self._guard)
        self._lines = Lines()
        self._failure: UnreadableInput | None = None
        self._piece = b""
        self._closed = False
        self._ended = False
        self._element: Element | None = None
        self.root = self._begin()

    @property
    def comments(self) -> tuple[str, ...]:
        """Commentaires d'en-tête: those before the first record, inside the root or not, as they stand."""
        return self._prolog.comments

    @property
    def encoding(self) -> str:
        """Codage lu jusqu'ici: `us-ascii` as long as nothing else was met."""
        return self._context.encoding

    @property
    def reached(self) -> int:
        """Ligne atteinte: that on which the piece that is fed begins, or the next one."""
        return self._context.line

    def batches(self) -> Iterator[tuple[Container | None, list[Element]]]:
        """Give the elements of level `spec.depth` by batches of one container, which is None when `spec.depth` is 1.

        A container is announced by an empty batch. When the next one is read, the list is emptied and its
        elements leave the tree; an element kept by the caller stays whole.
        """
        try:
            yield from self._read()
        finally:
            self._stream.close()

    def records(self) -> Iterator[Element]:
        """Give the elements of level `spec.depth` one at a time: the children of the root, by default."""
        for _, batch in self.batches():
            yield from batch

    def contained(self) -> Iterator[tuple[Container, Element | None]]:
        """Give the elements of level `spec.depth` (2 or more) with their container, announced by (container, None).

        >>> reader = XmlReader([b'<r><As n="2"><a/><a/></As><Bs/></r>'], XmlSpec(depth=2))
        >>> [(c.name, e is not None and e.tag) for c, e in reader.contained()]
        [('As', False), ('As', 'a'), ('As', 'a'), ('Bs', False)]
        """
        for container, batch in self.batches():
            if container is not None:
                yield from ((container, element) for element in batch or (None,))

    def check_depth(self) -> None:
        """Check that nothing in the batch being read is deeper than the limit: see `XmlSpec.levels`.

        Raises LimitExceeded (`too_deep`).
        """
        assert self._element is not None
        self._guard.check_depth(self._element)

    def line(self, element: Element) -> int:
        """Give the line of an element, 0 where it is lost.

        Exact up to line 65,534, and for the children of the root where the bytes leave no doubt. Else libxml2 knows
        the lines of texts only: this is that of the first text in the element or after it, 0 when there is none.
        """
        line = element.sourceline or 0
        parent = element.getparent() if line >= LAST_LINE else None
        if parent is not None and parent is self._element:
            line = self._lines.starts[parent.index(element)] or line
        return 0 if line == LAST_LINE else line

    def lines(self, batch: list[Element]) -> list[int]:
        """Give the line of each element of the batch being read, as `line` does."""
        if self._spec.depth > 1:
            return [self.line(element) for element in batch]
        return [start or self.line(element) for element, start in zip(batch, self._lines.starts, strict=False)]

    def xpath(self, element: Element) -> str:
        """Give the path of an element of the batch being read, records counted from the beginning of the document.

        >>> reader = XmlReader([b"<r><a/><a><b/><b/></a></r>"])
        >>> [reader.xpath(b) for a in reader.records() for b in a]
        ['/r/*[2]/b[1]', '/r/*[2]/b[2]']
        """
        return self._harvest.path(element)

    def _begin(self) -> Root:
        """Feed until the root is there."""
        for piece in self._stream:
            self._feed(piece)
            if self._element is not None:
                return _root(self._element)
            if self._failure is not None:
                raise self._failure
        self._close()
        if self._element is not None:
            return _root(self._element)
        where = Location(self._context.file, line=self._context.line)
        raise self._failure or self._context.error("xml_truncated", where)

    def _read(self) -> Iterator[tuple[Container | None, list[Element]]]:
        assert self._element is not None
        root = self._element
        while True:
            yield from self._harvest.below(root, closed=self._ended)
            self._lines.after_harvest(len(root))
            self._failure = self._failure or self._guard.after_harvest(self._piece, self._harvest.elements)
            if self._failure is not None:
                raise self._failure
            piece = next(self._stream, None)
            if piece is None:
                break
            self._feed(piece)
        self._close()
        yield from self._harvest.below(root, closed=self._ended)
        if self._failure is not None:
            raise self._failure

    def _feed(self, piece: bytes) -> None:
        """Feed one piece; what fails is kept until the records before it have been given."""
        self._piece = piece
        if self._rewrite is not None:
            piece = self._rewrite(piece)
        try:
            self._parser.feed(piece)
        except etree.XMLSyntaxError as error:
            self._failure = self._translated(error)
        self._find_root()
        if self._failure is None:
            self._failure = self._guard.after_feed(piece, self._element)
        if self._element is None:
            self._context.line += piece.count(b"\n")
        else:
            self._context.line = self._lines.after_feed(piece, self._context.line, self._element)

    def _find_root(self) -> None:
        for _, element in self._parser.read_events():
            if self._element is None:
                self._element = element

    def _close(self) -> None:
        """End the document; what only shows at the end is mostly that the end is missing."""
        if self._closed:
            return
        self._closed = True
        try:
            self._parser.close()
            self._ended = True
        except etree.XMLSyntaxError as error:
            self._failure = self._translated(
                error, otherwise="xml_truncated" if self._at_end(error) else "xml_malformed"
            )
        self._find_root()

    def _at_end(self, error: etree.XMLSyntaxError) -> bool:
        """Tell whether libxml2 stumbled over the end of the input, give or take a character."""
        line, column = error.position
        last = self._piece[self._piece.rfind(b"\n") + 1 :].decode("utf-8", "replace")
        return line == self._context.line and column >= len(last)

    def _translated(self, error: etree.XMLSyntaxError, otherwise: str = "xml_malformed") -> UnreadableInput:
        """Turn libxml2's error into ours; its message may quote the content, its name does not."""
        line, column = error.position
        known = ERRORS.get(error.code, otherwise)
        self._ended = known == "trailing_content"
        where = Location(self._context.file, line=line or self._context.line, column=column)
        if known == "too_deep":
            return self._context.exceeded("too_deep", where.line, self._context.limits.depth)
        if known == "xml_malformed":
            reason = NAMES.get(error.code, "").removeprefix("NS_").removeprefix("ERR_").replace("_", " ").lower()
            return self._context.error("xml_malformed", where, reason=reason)
        return self._context.error(known, where)


def hardened(*tags: str, huge: bool = False, schema: etree.XMLSchema | None = None) -> etree.XMLPullParser[Element]:
    """Make a parser: no network, no DTD, no entities, no recovery; the one place that creates one.

    It tells when an element of one of `tags` begins; with a schema, what departs from it is in its error log.
    """
    return etree.XMLPullParser(
        events=("start",),
        tag=tags,
        schema=schema,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=huge,
        recover=False,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
    )


def _root(element: Element) -> Root:
    namespace = str(element.tag).rpartition("}")[0].removeprefix("{")
    return Root(local_name(element), namespace, attributes(element), element.sourceline or 0)
