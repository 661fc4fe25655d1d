"""The streaming reader: finished records, one at a time, in bounded memory.

The parser is fed piece by piece; after each piece the finished records are taken together and deleted together, which
is the fastest way to read XML from Python. The last child may still be growing: it is held back until the next one
begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import frozen
from lxml import etree

from entformats._xml.blocks import BLOCK, blocks
from entformats._xml.context import Context
from entformats._xml.encoding import utf8
from entformats._xml.entities import without_entities
from entformats._xml.prolog import Prolog, following, read_prolog
from entformats.errors import LimitExceeded, UnreadableInput
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.problems import Findings, Location

__all__ = ["Container", "Root", "XmlReader", "XmlSpec"]

LAST_LINE = 0xFFFF
"""libxml2 keeps the line of an element without text in 16 bits."""
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
Element = etree._Element  # noqa: SLF001 - the only public name of the type


@frozen
class XmlSpec:
    """Forme attendue d'un fichier XML.

    `roots` are the local names of root that are accepted (empty: any), compared without namespace; `doctype` is the one
    DOCTYPE allowed, (root, system identifier); `depth` is the level of the records below the root (1: its children);
    `levels` is the deepest level that the format knows (0: not said), see `XmlReader.deeper`.
    """

    roots: frozenset[str] = frozenset()
    doctype: tuple[str, str] | None = None
    depth: int = 1
    levels: int = 0


@frozen
class Root:
    """Racine: what is known of the root as soon as it begins."""

    name: str
    """Local name, without namespace."""
    namespace: str
    attributes: FrozenMap[str, str]
    line: int


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
        "_parser",
        "_piece",
        "_prolog",
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
    ) -> None:
        """Read up to the root: raises at once when there is none, or not one of `spec.roots`."""
        self._spec = spec
        self._context = Context(file, limits, Findings() if findings is None else findings)
        bytes_in = utf8(blocks(chunks), self._context)
        self._prolog: Prolog = read_prolog(bytes_in, self._context, spec.doctype)
        self._stream = without_entities(following(self._prolog, bytes_in), self._context)
        if spec.roots and self._prolog.root not in spec.roots:
            raise self._context.wrong("wrong_root", Location(file, line=1), found=self._prolog.root)
        self._parser = _parser(self._prolog.root)
        self._guard = _Guard(self._context, spec.levels)
        self._harvest = _Harvest(spec.depth, self._guard)
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

    @property
    def deeper(self) -> bool:
        """Plus profond que prévu: whether an element below `spec.levels` is in the tree while a batch is being read.

        False for nearly every batch: a reader then needs no check of its own that its texts hold no element.
        """
        return self._guard.deeper

    def line(self, element: Element) -> int:
        """Give the line of an element, 0 where it is lost.

        Exact up to line 65,534. Beyond, libxml2 keeps the lines of texts only: this is the line of the first text in
        the element or after it, 0 when there is none.
        """
        line = element.sourceline or 0
        return 0 if line == LAST_LINE else line

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
        try:
            self._parser.feed(piece)
        except etree.XMLSyntaxError as error:
            self._failure = self._translated(error)
        self._find_root()
        if self._failure is None:
            self._failure = self._guard.after_feed(piece, self._element)
        self._context.line += piece.count(b"\n")
        self._piece = piece

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


class _Harvest:
    """Moisson: takes the finished elements of one level, and deletes them."""

    __slots__ = ("_depth", "_guard", "_open", "_taken", "elements")

    def __init__(self, depth: int, guard: _Guard) -> None:
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
            name = _local(element)
            container = Container((*above, name), _attributes(element), element.sourceline or 0)
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
        name = _local(element)
        if parent is None:
            return "/" + name
        if sum(1 for _ in element.iterancestors()) <= self._depth:
            return f"{self.path(parent)}/*[{self._taken.get(parent, 0) + parent.index(element) + 1}]"
        twins = parent.findall(str(element.tag))
        return f"{self.path(parent)}/{name}" + (f"[{twins.index(element) + 1}]" if len(twins) > 1 else "")


class _Guard:
    """Garde: bounds on depth, on one text and on one record, at next to no cost while nothing is out of bounds."""

    __slots__ = (
        "_bytes",
        "_context",
        "_exact",
        "_span",
        "_tags",
        "_taken",
        "_too_deep",
        "_too_long",
        "_unexpected",
        "deeper",
    )

    def __init__(self, context: Context, levels: int) -> None:
        limits = context.limits
        self.deeper = False
        self._context = context
        self._unexpected = _below_level(min(levels or limits.depth - 1, limits.depth - 1))
        self._too_deep = _below_level(limits.depth - 1)
        self._too_long = re.compile(rb"[^<]{%d}" % min(limits.text_chars + 1, 1 << 31))
        self._span = 0
        self._bytes = 0
        self._tags = 0
        self._taken = 0
        self._exact = limits.record_elements < BLOCK
        """Whether a record that fits in two blocks may hold too many elements (the shortest takes four bytes)."""

    def after_feed(self, piece: bytes, root: Element | None) -> LimitExceeded | None:
        """Check depth and texts, before anything is taken from the tree."""
        limits = self._context.limits
        self.deeper = root is not None and bool(self._unexpected(root))
        if root is not None and self.deeper and self._too_deep(root):
            return self._context.exceeded("too_deep", self._context.line, limits.depth)
        first = piece.find(b"<")
        span = self._span + (len(piece) if first < 0 else first)
        self._span = span if first < 0 else len(piece) - piece.rfind(b"<")
        if span > limits.text_chars or (len(piece) > limits.text_chars and self._too_long.search(piece)):
            return self._context.exceeded("text_too_long", self._context.line, limits.text_chars)
        return None

    def after_harvest(self, piece: bytes, taken: int) -> LimitExceeded | None:
        """Check the record that is still growing: a piece that finished nothing is added to it."""
        limits = self._context.limits
        if taken > self._taken:
            self._taken, self._bytes, self._tags = taken, 0, 0
            return None
        self._bytes += len(piece)
        self._tags += piece.count(b"<") - piece.count(b"</") - piece.count(b"<!")
        if self._tags > limits.record_elements:
            return self._context.exceeded("record_too_large", self._context.line, limits.record_elements)
        if self._bytes > limits.record_bytes:
            return self._context.exceeded("record_too_long", self._context.line, limits.record_bytes)
        return None

    def check(self, finished: list[Element]) -> None:
        """Count the elements of finished records where one could hold too many."""
        limit = self._context.limits.record_elements
        if self._exact or self._tags:
            for record in finished:
                if sum(1 for _ in record.iter()) > limit:
                    raise self._context.exceeded("record_too_large", record.sourceline or 1, limit)


def _below_level(level: int) -> etree.XPath:
    """Make the test that something lies more than `level` levels below an element."""
    return etree.XPath("boolean(" + "/".join("*" * (level + 1)) + "[1])")


def _parser(root: str) -> etree.XMLPullParser[Element]:
    """Make the parser: no network, no DTD, no entities, no recovery; the one place that creates one."""
    return etree.XMLPullParser(
        events=("start",),
        tag="{*}" + root,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
    )


def _root(element: Element) -> Root:
    namespace = str(element.tag).rpartition("}")[0].removeprefix("{")
    return Root(_local(element), namespace, _attributes(element), element.sourceline or 0)


def _local(element: Element) -> str:
    """Give the local name; QName would refuse the prefix that a broken file does not declare."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _attributes(element: Element) -> FrozenMap[str, str]:
    """Give the attributes as text; a name with a namespace keeps it, in braces."""
    return FrozenMap({str(name): str(value) for name, value in element.attrib.items()})
