"""The fast lane: an `addRequest` in which nothing is unusual, read by a table compiled from the attribute table.

It explains nothing. Whatever is not exactly as expected raises, and the slow lane (`slow.py`) reads the record again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sized
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

import attrs
from lxml import etree

from entformats.aaf.context import Element
from entformats.aaf.convert import BLANK, ENTITY, Atom, empty, strict
from entformats.aaf.degrees import ATTRIBUTES, Degree, degree_of, hints
from entformats.aaf.models import NOTHING, Record, Shape
from entformats.aaf.table import CATEGORIES, TABLES, Attribute, Category, Type, Values
from entformats.codes import jointure
from entformats.codes.jointure import Jointure
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap

__all__ = ["PARALLEL", "SURPRISES", "FastLane", "Memo", "SeenShape", "Surprise", "heading", "memos"]


class Surprise(Exception):
    """Something that the fast lane does not read."""


SECTIONS: Final = ["operationalAttributes", "identifier", "attributes"]
SURPRISES: Final = (Surprise, LookupError, InvalidValue)
STREAMED: Final = 8_192
"""Distinct texts remembered by a converter while streaming: memory stays flat."""
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


def memos(*, keep: bool) -> Memos:
    """Give the memos of a reading, shared by all categories."""
    limit = KEPT if keep else STREAMED
    return Memos(keep, {kind: Memo(strict(kind), limit) for kind in Type})


class Memos(NamedTuple):
    """Mémoires d'une lecture; lone texts are shared only when records are kept (sharing costs time, saves memory)."""

    keep: bool
    of: dict[Type, Memo]


_Unique: TypeAlias = Callable[[Iterable[str | None]], Sized]
"""Gives the distinct values among texts."""


class _Slot(NamedTuple):
    """Place d'un attribut dans les arguments du constructeur; negative for an unknown attribute."""

    place: int
    many: bool
    memo: Memo | None
    unique: _Unique | None


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

    __slots__ = ("_announced", "_category", "_meant", "_slots", "_unread", "degrees")

    def __init__(
        self, category: Category, slots: Mapping[Degree, _Slots], announced: Degree | None, unread: int
    ) -> None:
        super().__init__()
        self._category = category
        self._slots = slots
        self._announced = announced
        self._unread = unread
        self._meant: dict[str, str] = {}
        self.degrees: set[Degree] = set()
        """Degrees that the shapes told."""

    def learn(self, name: str, meant: str) -> None:
        """Note a name that is not in the table, and the one that it stands for, or nothing."""
        self._meant[name] = meant

    def __missing__(self, delivered: tuple[str | None, ...]) -> SeenShape:
        given = [name for name in delivered if name is not None]
        names = tuple(self._meant.get(name) or name for name in given)
        told = degree_of(self._category, names)
        known = self._slots[told or self._announced or Degree.SECOND]
        slots = tuple(known[name] for name in delivered)
        places = [slot.place for slot in slots if slot.place not in {-1, self._unread}]
        if len(set(names)) < len(names) or len(set(places)) < len(places):
            raise Surprise
        if len(self) >= STREAMED:
            self.clear()
        if told:
            self.degrees.add(told)
        kept = tuple(name for name, slot in zip(names, slots, strict=True) if slot.place != self._unread)
        tallies = (
            *(self._tally(name) for name in given if name in self._meant),
            *degree_tallies(self._category, names, self._announced),
        )
        self[delivered] = found = SeenShape(names, kept, slots, tallies, PARALLEL.issubset(kept))
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


class FastLane:
    """Voie rapide d'une catégorie, in both degrees: the names of a record tell which."""

    __slots__ = ("_blank", "_make", "_pupil", "_required", "_shapes", "_slots", "_text")

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
        table = TABLES[category]
        order = {one.name: index for index, one in enumerate(attrs.fields(table.record))}
        self._make: Callable[..., Record] = table.record
        self._text = memo.of[Type.TEXT]
        self._blank: list[object] = [None] * (len(order) - 1) + [NOTHING]
        unread = _Slot(order["shape"], many=True, memo=_Unread(str, 0), unique=None)
        self._slots: dict[Degree, _Slots] = {degree: {} for degree in Degree}
        for degree, slots in self._slots.items():
            for attribute in ATTRIBUTES[category, degree].values():
                place = order[attribute.field]
                self._blank[place] = empty(attribute)
                slots[attribute.name] = unread if attribute.field in without else _slot(attribute, place, memo)
        wanted = [one.field for one in table.attributes if one.mandatory and one.field not in without]
        self._required = itemgetter(0, *(order[name] for name in wanted))
        pupil = category is Category.PUPILS
        self._pupil = (order["classes"], order["subject_labels"], order["subject_codes"]) if pupil else None
        self._shapes = _Shapes(category, self._slots, announced, unread.place)

    @property
    def degrees(self) -> frozenset[Degree]:
        """Degrés that the names of the attributes told."""
        return frozenset(self._shapes.degrees)

    def learn(self, name: str, meant: str) -> None:
        """Compile a name that is not in the table: an unknown attribute, or another spelling of `meant`."""
        for slots in self._slots.values():
            slots[name] = slots[meant] if meant else _Slot(-1, many=True, memo=self._text, unique=None)
        self._shapes.learn(name, meant)

    def read(self, record: Element, key: str) -> tuple[Record, SeenShape, Repeated]:  # noqa: C901, PLR0912 - a call costs more
        """Read an `addRequest` of three sections; give it with its shape and its repeated values.

        Everything read is counted, and compared with what the tree holds: nothing in it was left unread.
        Raises `SURPRISES`.
        """
        section = record[2]
        attributes = list(section.iterchildren("attr"))
        shape = self._shapes[tuple([attribute.get("name") for attribute in attributes])]
        counts = map(len, attributes)
        texts = [value.text for value in section.iter("value")]
        args = self._blank.copy()
        extra: list[tuple[str, object]] = []
        repeated: list[tuple[str, int]] = []
        start = 0
        for count, name, (place, many, memo, unique) in zip(counts, shape.names, shape.slots, strict=True):
            if count == 1:
                text = texts[start]
                start += 1
                if text is None:
                    continue
                value: object
                if memo is not None:
                    value = memo[text]
                    if many:
                        value = (value,)
                elif text < BLANK or ("&" in text and ENTITY.search(text)):
                    raise Surprise
                else:
                    value = text
            elif many and memo is not None and count:
                several = texts[start : start + count]
                start += count
                value = tuple([memo[text] for text in several])
                if unique is not None and len(unique(several)) < count:
                    if unique is not set:
                        raise Surprise
                    value = tuple([memo[text] for text in dict.fromkeys(several)])
                    extra.append((name, tuple(several)))
                    repeated.append((name, count - len(value)))
            else:
                raise Surprise
            if place < 0:
                extra.append((name, value))
            else:
                args[place] = value
        nodes = 8 + len(attributes) + 2 * start - texts.count(None)
        if args[0] != key or len(texts) != start or NODES(record) != nodes:
            raise Surprise
        if not all(self._required(args)) or self._odd(args, shape):
            raise Surprise
        args[-2] = shape.kept
        if extra:
            args[-1] = FrozenMap(extra)
        found = [(attributes[shape.names.index(name)], name, count) for name, count in repeated]
        return self._make(*args), shape, found

    def _odd(self, args: list[object], shape: SeenShape) -> bool:
        """Tell of a pupil that the slow lane may have something to say on his classes or his subjects."""
        if self._pupil is None:
            return False
        classes, labels, codes = (len(args[place]) for place in self._pupil)  # type: ignore[arg-type]  # tuples
        return classes > 1 or (labels != codes and shape.paired)


def heading(record: Element, expected: Category | None) -> tuple[Category, Jointure]:
    """Give the category and the key of an `addRequest` whose head is as expected. Raises `SURPRISES`."""
    sections = record[:]
    if record.tag != "addRequest" or [one.tag for one in sections] != SECTIONS:
        raise Surprise
    operational, identifier, _ = sections
    category = CATEGORIES[operational[0][0].text or ""]
    if identifier[0].tag != "id" or (expected is not None and expected is not category):
        raise Surprise
    return category, jointure.parse(identifier[0].text or "")


NODES: Final = etree.XPath("count(descendant::node())")
"""Recensement: the nodes of a record.

Besides its attributes a record has eight: three sections, the category (`attr`, `value`, text) and the identifier
(`id`, text). An equal number means that nothing was left unread, whatever it is.
"""


def _slot(attribute: Attribute, place: int, memo: Memos) -> _Slot:
    many = attribute.values is not Values.ONE
    lone = attribute.type is Type.KEY or (attribute.type is Type.TEXT and not many and not memo.keep)
    unique: _Unique | None = set if attribute.values is Values.MANY else None
    if attribute.type in {Type.DECLARED_CLASS, Type.DECLARED_GROUP}:
        unique = _declared_names
    return _Slot(place, many, None if lone else memo.of[attribute.type], unique)


PARALLEL: Final = frozenset({"ENTEleveEnseignements", "ENTEleveCodeEnseignements"})
"""Listes parallèles: the label and the code of one subject have the same position."""
