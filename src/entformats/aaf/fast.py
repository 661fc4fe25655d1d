"""The fast lane: an `addRequest` in which nothing is unusual, read by a table compiled from the attribute table.

It explains nothing. Whatever is not exactly as expected raises, and the slow lane (`slow.py`) reads the record again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Sized
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

import attrs
from lxml import etree

from entformats.aaf.context import Element
from entformats.aaf.convert import BLANK, ENTITY, FIXED, Atom, empty, strict
from entformats.aaf.degrees import ATTRIBUTES, Degree, degree_of, hints
from entformats.aaf.models import NOTHING, Record, Shape
from entformats.aaf.table import CATEGORIES, TABLES, Attribute, Category, Type, Values
from entformats.aaf.values import Fixed
from entformats.codes import jointure
from entformats.codes.jointure import Jointure
from entformats.frozen import FrozenMap
from entformats.problems import Problem

__all__ = [
    "NODES",
    "PARALLEL",
    "SURPRISES",
    "FastLane",
    "Memo",
    "SeenShape",
    "Surprise",
    "Typed",
    "Unique",
    "are_references",
    "heading",
    "memos",
]


class Surprise(Exception):
    """Something that the fast lane does not read."""


TAGS: Final = ("addRequest", "operationalAttributes", "attr", "identifier", "id", "attributes")
SURPRISES: Final = (Surprise, LookupError, ValueError)
UNSHARED: Final = {Type.KEY, Type.TEXT, Type.REF}
"""Types whose texts are only checked while streaming."""
STREAMED: Final = {Type.LINES: 1, Type.RELATION: 1_024}
OTHERS: Final = 8_192
"""Distinct texts remembered by a converter while streaming: memory stays flat. Few of what seldom comes back."""
HEADED: Final = {
    Type.CLASS,
    Type.CLASS_SUBJECT,
    Type.CLASS_DATE,
    Type.MEF_TAUGHT,
    Type.SUBJECT_TAUGHT,
    Type.FUNCTION,
    Type.RELATION,
}
"""Composites whose first field is a jointure, and whose other fields do not depend on it."""
KEPT: Final = 65_536
"""Same while records are kept: enough to share what is shared."""


class Memo(dict[str | None, Atom]):
    """Mémoire d'un convertisseur: one call a distinct text, one shared value; a bad text raises and is not remembered.

    >>> memo = Memo(str.upper, 2)
    >>> memo["a"], memo["a"], len(memo)
    ('A', 'A', 1)
    """

    __slots__ = ("_limit", "_read")

    def __init__(self, read: Callable[[str], Atom], limit: int) -> None:
        """Remember at most `limit` texts."""
        super().__init__()
        self._read = read
        self._limit = limit

    def __missing__(self, text: str | None) -> Atom:
        """Convert a text for the first time; an empty value among others raises."""
        if text is None:
            raise Surprise
        value = self._read(text)
        if len(self) >= self._limit:
            self.clear()
        self[text] = value
        return value


class Headed(Memo):
    """Mémoire d'un composite qui commence par une jointure: what follows it comes back more often than the whole.

    >>> memo = memos(keep=False)[Type.CLASS]
    >>> memo["61001$5 C"], memo["61002$5 C"]
    (ClassRef(school='61001', name='5 C'), ClassRef(school='61002', name='5 C'))
    """

    __slots__ = ("_build", "_fields", "_rests")

    def __init__(self, read: Callable[[str], Atom], build: type[Fixed], limit: int) -> None:
        """Remember at most `limit` texts."""
        super().__init__(read, limit)
        self._build: Callable[..., Atom] = build
        self._fields = [field.name for field in attrs.fields(build)[1:]]
        self._rests: dict[str, tuple[object, ...]] = {}

    def __missing__(self, text: str | None) -> Atom:
        """Convert a text for the first time."""
        head, _, rest = (text or "").partition("$")
        fields = self._rests.get(rest)
        if fields is None or not head.isalnum():
            value = super().__missing__(text)
            if len(self) == 1:
                self._rests.clear()
            self._rests[rest] = tuple([getattr(value, name) for name in self._fields])
            return value
        if len(self) >= self._limit:
            self.clear()
        self[text] = value = self._build(head, *fields)
        return value


def memos(*, keep: bool) -> Memos:
    """Give the memos of a reading, shared by all categories; texts are shared only when records are kept.

    Sharing a text costs more time than checking it, and saves memory.
    """
    unshared = {Type.KEY} if keep else UNSHARED
    return {kind: _memo(kind, KEPT if keep else STREAMED.get(kind, OTHERS)) for kind in Type if kind not in unshared}


def _memo(kind: Type, limit: int) -> Memo:
    return Headed(strict(kind), FIXED[kind], limit) if kind in HEADED else Memo(strict(kind), limit)


Memos: TypeAlias = Mapping[Type, Memo]
"""Mémoires d'une lecture."""


Unique: TypeAlias = Callable[[Iterable[str | None]], Sized]
"""Gives the distinct values among texts."""


_Valid: TypeAlias = Callable[[list[str | None]], bool]
"""Tells whether texts can stay as they are."""
_Slot: TypeAlias = "tuple[int, Memo | None, _Valid, bool, Unique | None, str]"
"""Place d'un attribut parmi les arguments du constructeur, negative for an unknown one; its memo, unless texts that are
valid stay as they are; whether it holds several values; what tells them apart; its name. A plain tuple unpacks fastest.
"""


def _plain(texts: list[str | None]) -> bool:
    """Tell whether no text is empty, begins with a blank, or was escaped twice."""
    present = [text for text in texts if text]
    return len(present) == len(texts) and min(present) >= BLANK and not ENTITY.search("$".join(present))


def are_references(texts: list[str | None]) -> bool:
    """Tell whether all texts are identifiers."""
    present = [text for text in texts if text]
    joined = "".join(present)
    valid = joined.isalnum() or ("&" not in joined and all(map(jointure.is_valid, present)))
    return valid and len(present) == len(texts)


def _declared_names(texts: Iterable[str | None]) -> set[str]:
    return {(text or "").partition("$")[0] for text in texts}


class SeenShape(NamedTuple):
    """Forme vue: a sequence of names, compiled."""

    names: Shape
    """The names, as the table spells them."""
    kept: Shape
    """The shared tuple of those that are read."""
    slots: tuple[_Slot, ...]
    tallies: tuple[tuple[str, dict[str, str]], ...]
    """What each record of that shape adds to the counted findings."""
    paired: bool
    """Whether the two parallel lists are there."""
    told: Degree | None
    """Degree that the names tell."""


_Slots: TypeAlias = dict[str | None, _Slot]
Tally: TypeAlias = tuple[str, dict[str, str]]
"""Slug and parameters of a finding that is counted."""


def degree_tallies(category: Category, names: Shape, announced: Degree | None) -> tuple[Tally, ...]:
    """Give the findings that the names of the attributes make: of two degrees, or of another than was announced."""
    found = hints(category, names)
    told = degree_of(category, names)
    tallies: list[Tally] = []
    if len(found) > 1:
        tallies.append(("two_degrees_in_record", {}))
    if told and announced and told is not announced:
        tallies.append(("degree_mismatch", {"announced": announced.value, "found": told.value}))
    return tuple(tallies)


class _Shapes(dict[tuple[str | None, ...], SeenShape]):
    """Formes vues: names as delivered -> shape. A name that is not known yet, or is repeated, raises."""

    __slots__ = ("_announced", "_category", "_meant", "_slots", "_unread")

    def __init__(
        self, category: Category, slots: Mapping[Degree, _Slots], announced: Degree | None, unread: int
    ) -> None:
        super().__init__()
        self._category = category
        self._slots = slots
        self._announced = announced
        self._unread = unread
        self._meant: dict[str, str] = {}

    def learn(self, name: str, meant: str) -> None:
        """Note a name that is not in the table, and the one that it stands for, or nothing."""
        self._meant[name] = meant

    def __missing__(self, delivered: tuple[str | None, ...]) -> SeenShape:
        given = [name for name in delivered if name is not None]
        names = tuple(self._meant.get(name) or name for name in given)
        told = degree_of(self._category, names)
        known = self._slots[told or self._announced or Degree.SECOND]
        slots = tuple(known[name] for name in delivered)
        places = [slot[0] for slot in slots if slot[0] not in {-1, self._unread}]
        if len(set(names)) < len(names) or len(set(places)) < len(places):
            raise Surprise
        if len(self) >= OTHERS:
            self.clear()
        kept = tuple(name for name, slot in zip(names, slots, strict=True) if slot[0] != self._unread)
        tallies = (
            *(self._tally(name) for name in given if name in self._meant),
            *degree_tallies(self._category, names, self._announced),
        )
        self[delivered] = found = SeenShape(names, kept, slots, tallies, PARALLEL.issubset(kept), told)
        return found

    def _tally(self, name: str) -> Tally:
        if meant := self._meant[name]:
            return "misspelt_attribute", {"attribute": name, "meant": meant}
        return "unknown_attribute", {"attribute": name}


Repeated: TypeAlias = list[tuple[Element, str, int]]
"""Valeurs répétées: attribute, name, how many are repetitions; by design of some lists, so that it is no surprise."""


class _Unread(Memo):
    """Lecture d'un attribut laissé de côté: nothing is kept of its texts."""

    __slots__ = ()

    def __missing__(self, text: str | None) -> Atom:
        return ""


class Typed(NamedTuple):
    """Enregistrement typé, sure only once its nodes are counted."""

    record: Record
    tallies: tuple[Tally, ...]
    repeated: Sequence[tuple[Element, str, int]]
    kind: str
    nodes: int
    """Nodes below the element, if nothing in it was left unread."""
    told: Degree | None
    """Degree that the names tell."""
    own: tuple[Problem, ...] = ()
    """Problems of the record, on lines and paths relative to its own."""


class FastLane:
    """Voie rapide d'une catégorie, in both degrees: the names of a record tell which."""

    __slots__ = ("_names", "_pupil", "_required", "_shape", "_shapes", "_slots", "_text", "blank", "kind", "make")

    def __init__(
        self,
        category: Category,
        memo: Memos,
        *,
        announced: Degree | None = None,
        without: Collection[str] = frozenset(),
    ) -> None:
        """Compile the tables of a category; the fields of `without` are passed over.

        `announced` is the degree of the records whose names do not tell it.
        """
        self.kind = category.value
        table = TABLES[category]
        order = {one.name: index for index, one in enumerate(attrs.fields(table.record))}
        self.make: Callable[..., Record] = table.record
        self._text = memo.get(Type.TEXT)
        self.blank: list[object] = [None] * (len(order) - 1) + [NOTHING]
        """Arguments of a record in which all is empty."""
        unread: _Slot = (order["shape"], _Unread(str, 0), _plain, True, None, "")
        self._slots: dict[Degree, _Slots] = {degree: {} for degree in Degree}
        for degree, slots in self._slots.items():
            for attribute in ATTRIBUTES[category, degree].values():
                place = order[attribute.field]
                self.blank[place] = empty(attribute)
                slots[attribute.name] = unread if attribute.field in without else _slot(attribute, place, memo)
        wanted = [one.field for one in table.attributes if one.mandatory and one.field not in without]
        self._required = itemgetter(0, *(order[name] for name in wanted))
        pupil = category is Category.PUPILS
        self._pupil = (order["classes"], order["subject_labels"], order["subject_codes"]) if pupil else None
        self._shapes = _Shapes(category, self._slots, announced, unread[0])
        self._names: list[str | None] = []
        self._shape = SeenShape((), (), (), (), paired=False, told=None)
        """Names and shape of the last record: the next one is mostly alike."""

    def learn(self, name: str, meant: str) -> None:
        """Compile a name that is not in the table: an unknown attribute, or another spelling of `meant`."""
        for slots in self._slots.values():
            slots[name] = slots[meant] if meant else (-1, self._text, _plain, True, None, name)
        self._shapes.learn(name, meant)

    def read(self, section: Element, key: str) -> Typed:  # noqa: C901, PLR0912, PLR0915 - a call costs more
        """Type the attributes of an `addRequest`. Raises `SURPRISES`."""
        attributes = list(section.iterchildren("attr"))
        texts = [value.text for value in section.iter("value")]
        names = [attribute.get("name") for attribute in attributes]
        if names != self._names:
            self._shape = self._shapes[tuple(names)]
            self._names = names
        shape = self._shape
        args = self.blank.copy()
        extra: list[tuple[str, object]] = []
        repeated: Repeated = []
        start = 0
        for count, (place, memo, valid, many, unique, name) in zip(map(len, attributes), shape.slots, strict=True):
            value: object
            if count == 1:
                value = text = texts[start]
                start += 1
                if text is None:
                    continue
                if memo is not None:
                    value = memo[text]
                elif valid is _plain:
                    if text < BLANK or ("&" in text and ENTITY.search(text)):
                        raise Surprise
                elif not text.isalnum() and not valid([text]):
                    raise Surprise
                if many:
                    value = (value,)
            elif many and count:
                several = texts[start : start + count]
                start += count
                if memo is not None:
                    value = tuple([memo[text] for text in several])
                elif not valid(several):
                    raise Surprise
                else:
                    value = tuple(several)
                if unique is not None and len(unique(several)) < count:
                    if unique is not set:
                        raise Surprise
                    value = tuple(dict.fromkeys(value))
                    extra.append((name, tuple(several)))
                    repeated.append((attributes[shape.names.index(name)], name, count - len(value)))
            else:
                raise Surprise
            if place < 0:
                extra.append((name, value))
            else:
                args[place] = value
        if args[0] != key or len(texts) != start or not self.complete(args, shape):
            raise Surprise
        args[-2] = shape.kept
        if extra:
            args[-1] = FrozenMap(extra)
        nodes = 8 + len(names) + 2 * start - texts.count(None)
        return Typed(self.make(*args), shape.tallies, repeated, self.kind, nodes, shape.told)

    def shape(self, names: tuple[str, ...]) -> SeenShape:
        """Compile a sequence of names. Raises `SURPRISES` where one is not known yet, or comes twice."""
        return self._shapes[names]

    def complete(self, args: list[object], shape: SeenShape) -> bool:
        """Tell whether the slow lane has nothing to say on what is missing, on classes or on subjects."""
        if not args[0] or not all(self._required(args)):
            return False
        if self._pupil is None:
            return True
        classes, labels, codes = self._pupil
        one = len(args[classes]) < 2  # type: ignore[arg-type]  # noqa: PLR2004 - tuples; not two
        return one and (not shape.paired or len(args[labels]) == len(args[codes]))  # type: ignore[arg-type]  # tuples


def heading(record: Element, expected: Category | None) -> tuple[Category, Jointure]:
    """Give the category and the key of an `addRequest` whose head is as expected. Raises `SURPRISES`."""
    operational, identifier, section = record[:]
    attribute, key = operational[0], identifier[0]
    tags = (record.tag, operational.tag, attribute.tag, identifier.tag, key.tag, section.tag)
    if tags != TAGS:
        raise Surprise
    category = CATEGORIES[attribute[0].text or ""]
    if expected is not None and expected is not category:
        raise Surprise
    return category, jointure.parse(key.text or "")


NODES: Final = etree.XPath("count(descendant::node())")
"""Recensement: the nodes below an element.

Besides its attributes a record has eight: three sections, the category (`attr`, `value`, text) and the identifier
(`id`, text). An equal number means that nothing was left unread, whatever it is.
"""


def _slot(attribute: Attribute, place: int, memo: Memos) -> _Slot:
    many = attribute.values is not Values.ONE
    unique: Unique | None = set if attribute.values is Values.MANY else None
    if attribute.type in {Type.DECLARED_CLASS, Type.DECLARED_GROUP}:
        unique = _declared_names
    valid = are_references if attribute.type is Type.REF else _plain
    return place, memo.get(attribute.type), valid, many, unique, attribute.name


PARALLEL: Final = frozenset({"ENTEleveEnseignements", "ENTEleveCodeEnseignements"})
"""Listes parallèles: the label and the code of one subject have the same position."""
