"""The slow lane: any child of the root, read as the format page says, with every finding explained (aaf 2, 3.6, 7).

It gives the request, or nothing when the record cannot be used: then an error says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from lxml import etree

from entformats.aaf.context import Element, FileContext
from entformats.aaf.convert import BLANKS, Reading, Value, read_values
from entformats.aaf.degrees import ATTRIBUTES, Degree, degree_of, table_of
from entformats.aaf.fast import PARALLEL, SURPRISES, degree_tallies, heading
from entformats.aaf.models import NOTHING, Extra, Pupil, Record, Shape
from entformats.aaf.requests import Add, Delete, Modify, Request
from entformats.aaf.scope import Scope
from entformats.aaf.table import CATEGORIES, MISSPELT, TABLES, Attribute, Category, Table, Type, Values
from entformats.codes import jointure
from entformats.codes.jointure import Jointure
from entformats.frozen import FrozenMap
from entformats.problems import Param, problem

__all__ = ["explain"]

SECTIONS: Final = {
    "addRequest": ("operationalAttributes", "identifier", "attributes"),
    "modifyRequest": ("operationalAttributes", "identifier", "modifications"),
    "deleteRequest": ("operationalAttributes", "identifier"),
}
ITEMS: Final = {"attributes": "attr", "modifications": "modification"}

_SPELLINGS: Final = {
    category: {name.lower(): name for name in ATTRIBUTES[category, Degree.SECOND]} for category in Category
}
AUTHORITY: Final = "ENTEleveAutoriteParentale"
"""The one name that each degree reads in its own way (aaf 8)."""
_CLASSES: Final = {Degree.FIRST: "ENTPersonClasses", Degree.SECOND: "ENTEleveClasses"}

IRREGULAR: Final = etree.XPath(
    "boolean(text() | */text() | */attr/text() | */modification/text()"
    " | operationalAttributes/*[not(self::attr)] | identifier/*[not(self::id)]"
    " | attributes/*[not(self::attr)] | modifications/*[not(self::modification)]"
    " | */*/*[not(self::value)] | */*/*/*)"
)
"""Whether a record has an element or a text where the grammar has none: only then are they looked for one by one."""


def explain(record: Element, context: FileContext, scope: Scope) -> Request | None:
    """Read one child of the root; findings go to the queue and the tallies of the context.

    None for a record outside of `scope`, or that cannot be used; an error among the findings then says why.
    """
    try:
        if heading(record, context.expected)[0] not in scope:
            return None
    except SURPRISES:
        pass
    return _Explanation(record, context, scope).request()


class _Refused(Exception):
    """The record cannot be used; the finding was made."""


class _Explanation:
    """Lecture lente d'un enregistrement."""

    def __init__(self, record: Element, context: FileContext, scope: Scope) -> None:
        self._record = record
        self._context = context
        self._scope = scope
        self._degree = Degree.SECOND
        self._kind = ""
        self._key = ""
        self._extra: dict[str, tuple[str, ...]] = {}
        self._shape: list[str] = []
        self._sources: dict[str, str] = {}
        self._irregular = bool(IRREGULAR(record))

    def request(self) -> Request | None:
        """Read the record; None when it cannot be used, or is outside of the scope."""
        category: Category | None = None
        try:
            sections = self._sections()
            category = self._category(sections["operationalAttributes"])
            if category not in self._scope:
                return None
            key = self._identifier(sections["identifier"])
            return self._built(TABLES[category], key, sections)
        except _Refused:
            self._context.refused.add(category or self._context.expected)
            return None

    def _built(self, table: Table, key: Jointure, sections: dict[str, Element]) -> Request:
        where = self._context.place(self._record, self._kind, key)
        if self._record.tag == "deleteRequest":
            return Delete(key, table.category, where)
        adding = self._record.tag == "addRequest"
        values = self._values(table, sections["attributes" if adding else "modifications"])
        if values.get("key") not in (None, key):
            self._found("key_mismatch", stated=str(values["key"]))
            raise _Refused
        self._missing(table, values, adding=adding)
        values["key"] = key
        extra = FrozenMap(self._extra) if self._extra else NOTHING
        shape = tuple(self._shape)
        if not adding:
            del values["key"]
            return Modify(key, table.category, FrozenMap(values), extra, shape, where)
        record = _record(table, values, shape, extra)
        if isinstance(record, Pupil):
            self._consistency(record)
        return Add(record, where)

    def _found(self, slug: str, at: Element | None = None, name: str = "", /, **params: Param) -> None:
        where = self._context.where(self._record if at is None else at, self._kind, self._key, name)
        self._context.queue.add(problem(slug, where, **params))

    def _sections(self) -> dict[str, Element]:
        """Find the sections of the record by name, in any order."""
        tag = str(self._record.tag)
        wanted = SECTIONS.get(tag)
        if wanted is None:
            self._context.tally("unexpected_request", self._context.where(self._record), element=tag)
            raise _Refused
        self._stray(self._record)
        found: dict[str, Element] = {}
        for child in self._record:
            name = str(child.tag)
            if name in found or name not in wanted:
                self._found("unexpected_element", child, element=name[:100])
            found.setdefault(name, child)
        if missing := [name for name in wanted if name not in found]:
            self._found("malformed_record", missing=missing[0])
            raise _Refused
        if [name for name in found if name in wanted] != list(wanted):
            self._found("unusual_order")
        return found

    def _category(self, section: Element) -> Category:
        """Read the operational attribute; its own name is not checked, as no consumer does (aaf 2.4)."""
        texts = [text for item in self._items(section, "attr") for text in self._texts(item)]
        value = texts[0].strip(BLANKS) if texts else ""
        category = CATEGORIES.get(value)
        if category is None:
            self._context.tally("unknown_category", self._context.where(self._record), category=value)
            raise _Refused
        self._kind = category.value
        expected = self._context.expected
        if expected is not None and category is not expected:
            where = self._context.where(self._record, category.value)
            self._context.tally("category_mismatch", where, category=category.value, expected=expected.value)
        return category

    def _identifier(self, section: Element) -> Jointure:
        texts = [self._text(item) for item in self._items(section, "id")]
        text = texts[0].strip(BLANKS) if texts else ""
        if len(texts) != 1 or not jointure.is_valid(text):
            self._found("invalid_identifier", section)
            raise _Refused
        self._key = text
        if text != texts[0]:
            self._found("unusual_spelling", section, "id", value=texts[0])
        return jointure.parse(text)

    def _values(self, table: Table, section: Element) -> dict[str, Value]:
        """Read every attribute; those of one name are read together."""
        delivered: dict[str, tuple[Element, tuple[str, ...]]] = {}
        for item in self._items(section, ITEMS[str(section.tag)]):
            if self._unknown_operation(item):
                continue
            name = self._name(table, item)
            texts = self._texts(item)
            if name in delivered:
                self._found("repeated_attribute", item, name)
                texts = delivered[name][1] + texts
            delivered[name] = delivered.get(name, (item,))[0], texts
        self._tell_degree(table.category, {name: texts for name, (_, texts) in delivered.items()})
        known = ATTRIBUTES[table.category, self._degree]
        values: dict[str, Value] = {}
        for name, (item, texts) in delivered.items():
            attribute = known.get(name) or Attribute(name, "", Values.LIST, Type.TEXT, "I")
            if attribute.field not in self._scope.without:
                self._take(attribute, item, texts, values)
        return values

    def _take(self, attribute: Attribute, item: Element, texts: tuple[str, ...], values: dict[str, Value]) -> None:
        """Keep what one attribute says; of two that say the same field, the first that is filled."""
        name = attribute.name
        reading = self._read(attribute, item, texts)
        if name:
            self._shape.append(name)
        if not attribute.field:
            if reading.value or not reading.exact:
                self._extra[name] = cast("tuple[str, ...]", reading.value) if reading.exact else texts
            return
        earlier = self._sources.get(attribute.field)
        if earlier is not None and (values[attribute.field] or not reading.value):
            if any(text.strip(BLANKS) for text in texts):
                self._extra[name] = texts
            return
        self._sources[attribute.field] = name
        values[attribute.field] = reading.value
        if not reading.exact:
            self._extra[name] = texts

    def _tell_degree(self, category: Category, delivered: Mapping[str, tuple[str, ...]]) -> None:
        """Tell the degree of the record by the names of its attributes, else as announced (aaf 1.3)."""
        names = tuple(delivered)
        told = degree_of(category, names)
        if told:
            self._context.degrees.add(told)
        elif self._context.announced is None and any("$" in text for text in delivered.get(AUTHORITY, ())):
            told = Degree.FIRST
        self._degree = told or self._context.announced or Degree.SECOND
        where = self._context.place(self._record, self._kind, self._key)
        for slug, params in degree_tallies(category, names, self._context.announced):
            self._context.tally(slug, where, **params)

    def _read(self, attribute: Attribute, item: Element, texts: tuple[str, ...]) -> Reading:
        reading = read_values(attribute, texts)
        for slug, params in reading.findings:
            self._found(slug, item, attribute.name, **params)
        return reading

    def _name(self, table: Table, item: Element) -> str:
        """Give the name in the table of an attribute, or its own (aaf 7)."""
        name = item.get("name") or ""
        if not name:
            self._found("attribute_without_name", item)
            return name
        meant = _SPELLINGS[table.category].get(MISSPELT.get(name, name).lower())
        if meant == name:
            return name
        where = self._context.where(item, self._kind, self._key, name)
        if meant is None:
            new = self._context.tally("unknown_attribute", where, attribute=name)
        else:
            new = self._context.tally("misspelt_attribute", where, attribute=name, meant=meant)
        if new:
            self._context.learn(table.category, name, meant or "")
        return meant or name

    def _unknown_operation(self, item: Element) -> bool:
        """Report a modification that does not replace: what it does cannot be guessed."""
        operation = item.get("operation") or ""
        unknown = item.tag == "modification" and operation != "replace"
        if unknown:
            value = "$".join(item.itertext())
            self._found("unknown_operation", item, item.get("name") or "", operation=operation[:100], value=value)
        return unknown

    def _items(self, parent: Element, wanted: str) -> list[Element]:
        """Give the children of one name; the others are findings."""
        if not self._irregular:
            return parent[:]
        self._stray(parent)
        for child in parent:
            if child.tag != wanted:
                self._found("unexpected_element", child, element=str(child.tag)[:100])
        return [child for child in parent if child.tag == wanted]

    def _texts(self, item: Element) -> tuple[str, ...]:
        return tuple(self._text(value) for value in self._items(item, "value"))

    def _text(self, value: Element) -> str:
        """Give the whole text of a value, whatever is inside."""
        if len(value):
            self._found("markup_in_value", value, element=str(value[0].tag)[:100])
            return "".join(value.itertext())
        return value.text or ""

    def _stray(self, parent: Element) -> None:
        for text in (parent.text, *(child.tail for child in parent)):
            if text and text.strip(BLANKS):
                self._found("stray_text", parent, text=text.strip(BLANKS))

    def _missing(self, table: Table, values: dict[str, Value], *, adding: bool) -> None:
        """Report the mandatory attributes that are empty (aaf 6.1)."""
        for attribute in table_of(table.category, self._degree).attributes:
            judged = attribute.mandatory and attribute.field not in self._scope.without
            judged = judged and (adding or attribute.name in self._shape)
            read = any(text.strip(BLANKS) for text in self._extra.get(attribute.name, ()))
            if judged and not read and not values.get(attribute.field):
                slug = "missing_name" if attribute.mark == "name" else "missing_value"
                self._found(slug, None, attribute.name, attribute=attribute.name)

    def _consistency(self, pupil: Pupil) -> None:
        """Check a pupil's own lists against each other (aaf 6.1)."""
        schools = [ref.school for ref in pupil.classes]
        for school in sorted({school for school in schools if schools.count(school) > 1}):
            name = _CLASSES[self._degree]
            self._found("two_classes_in_school", None, name, school=school, count=schools.count(school))
        labels, codes = len(pupil.subject_labels), len(pupil.subject_codes)
        if labels != codes and PARALLEL.issubset(self._shape):
            self._found("unequal_lists", None, "ENTEleveEnseignements", labels=labels, codes=codes)


def _record(table: Table, values: dict[str, Value], shape: Shape, extra: Extra) -> Record:
    make: Callable[..., Record] = table.record
    return make(**values, shape=shape, extra=extra)
