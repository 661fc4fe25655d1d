"""Writing deliveries, complete or delta, as the academic directory does: same order, same escapes (aaf 1.6, 1.7, 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal, TypeAlias

from entformats.aaf.convert import Atom, read_values, render, strict
from entformats.aaf.degrees import Degree, own_table
from entformats.aaf.diff import DirectoryDiff, Pair, attribute_changes
from entformats.aaf.directory import Directory
from entformats.aaf.manifest import Kind, parse_name
from entformats.aaf.models import Record
from entformats.aaf.rows import rows_of
from entformats.aaf.table import TABLES, Attribute, Category, Table, Type, Values
from entformats.codes.jointure import Jointure
from entformats.errors import InvalidValue, UsageError

__all__ = ["write", "write_delta"]

Encoding: TypeAlias = Literal["ascii", "utf-8"]
LineEnd: TypeAlias = Literal["\n", "\r\n"]

DOCTYPE: Final = '<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">'
ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;", "\r": "&#13;"})
ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold."""
HEADER: Final = re.compile(r"\w+")
ALWAYS: Final = frozenset({Category.SCHOOLS, Category.PUPILS, Category.GUARDIANS, Category.STAFF})
"""Categories that a delta has, changed or not (aaf 1.8)."""
Lines: TypeAlias = list[str]


def write(
    directory: Directory,
    *,
    exported: date | None = None,
    prefix: str = "ENT_",
    headers: Mapping[str, str] | None = None,
    part_size: int = 5_000,
    encoding: Encoding = "ascii",
    line_end: LineEnd = "\n",
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Écrire une livraison complète: give the name and the content of each of its files.

    Categories come in the order of `Category`, records in the order of the directory; a category without records has
    no file. An attribute is written if the record had it when it was read (`shape`), or has a value; a record made by
    hand gets all those that are not derived from another. What `extra` holds is put back, unless the field was changed.

    Attributes are those of the degree that each record was read in; of a record made by hand, of the 1er degré where
    `headers` say so (`degre="1D"`), else of the 2nd.

    `exported` and `prefix` make the names (`ENT_Complet_20240916_Eleve_0000.xml`), `headers` the comments
    (`versionAF`...), `part_size` the number of records of a file. With `ascii`, the other characters are decimal
    references.

    Raises `UsageError` when a name, a header or a record holds what the format cannot say.

    >>> from entformats.aaf.models import Subject
    >>> from entformats.codes import jointure
    >>> subject = Subject(jointure.parse("030201"), label="ANGLAIS LV1")
    >>> files = {name: b"".join(content) for name, content in write(Directory.of([subject]))}
    >>> list(files), b"<value>ANGLAIS LV1</value>" in files["ENT_Complet_MatiereEducNat_0000.xml"]
    (['ENT_Complet_MatiereEducNat_0000.xml'], True)
    """
    if part_size < 1:
        raise UsageError("a file holds at least one record: part_size must be positive")
    head, degree = _head(headers or {}), _degree(headers or {})
    for category, table in directory.tables.items():
        records = list(table.values())
        for number, start in enumerate(range(0, len(records), part_size)):
            lines = _lines(_additions(records[start : start + part_size], degree), head)
            yield _name(prefix, Kind.COMPLETE, exported, category, number), _encoded(lines, encoding, line_end)


def write_delta(
    diff: DirectoryDiff,
    *,
    exported: date | None = None,
    prefix: str = "ENT_",
    headers: Mapping[str, str] | None = None,
    part_size: int = 5_000,
    encoding: Encoding = "ascii",
    line_end: LineEnd = "\n",
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Écrire une livraison de différences: give the name and the content of each of its files (aaf 2.3).

    What was created is added whole, what was modified has its changed attributes replaced, an empty value where one was
    erased, what vanished is deleted; in this order, each by key. Structures, pupils, guardians and staff always have a
    file, if only an empty one; the nomenclatures when they changed.

    The other arguments are those of `write`. Read and applied to the directory before, the delta gives the one after;
    of a field changed by hand, the new value wins over the texts of `extra`, as in `write`.

    Raises `UsageError` when a name, a header or a change holds what the format cannot say.

    >>> from entformats.aaf.diff import compare
    >>> from entformats.aaf.models import Pupil
    >>> from entformats.codes import jointure
    >>> old, new = (Directory.of([Pupil(jointure.parse("1"), regime=text)]) for text in ("EXTERNE", "INTERNE"))
    >>> files = {name: b"".join(content) for name, content in write_delta(compare(old, new))}
    >>> b"<value>INTERNE</value>" in files["ENT_Delta_Eleve_0000.xml"], len(files)
    (True, 4)
    """
    if part_size < 1:
        raise UsageError("a file holds at least one request: part_size must be positive")
    head, degree = _head(headers or {}), _degree(headers or {})
    for category, changes in diff.tables.items():
        requests = [*_sorted(category, changes, degree)]
        for number, start in enumerate(range(0, max(len(requests), category in ALWAYS), part_size)):
            lines = _lines(iter(requests[start : start + part_size]), head)
            yield _name(prefix, Kind.DELTA, exported, category, number), _encoded(lines, encoding, line_end)


def _degree(headers: Mapping[str, str]) -> Degree:
    """Give the degree of the records that do not tell theirs."""
    return Degree.FIRST if headers.get("degre") == Degree.FIRST else Degree.SECOND


def _additions(records: Sequence[Record], degree: Degree) -> Iterator[Iterator[str]]:
    return (_add(record, degree) for record in records)


def _sorted(category: Category, changes: Mapping[Jointure, Pair], degree: Degree) -> Iterator[Iterator[str]]:
    """Give the requests of a category: additions, modifications, deletions, each by key."""
    table = TABLES[category]
    pairs = [(key, *changes[key]) for key in sorted(changes)]
    for _, before, after in pairs:
        if before is None and after is not None:
            yield _add(after, degree)
    for key, before, after in pairs:
        if before is not None and after is not None and (lines := list(_modifications(before, after, degree))):
            yield _modify(table, key, lines)
    yield from (_delete(table, key) for key, _, after in pairs if after is None)


def _name(prefix: str, kind: Kind, exported: date | None, category: Category, number: int) -> str:
    day = f"{exported:%Y%m%d}_" if exported else ""
    name = f"{prefix}{kind.value}_{day}{category.value}_{number:04}.xml"
    found = parse_name(name)
    if found is None or "/" in name or "\\" in name or (found.prefix, found.date) != (prefix, exported):
        message = f"{name!r} is no file name of AAF: the prefix must end with '_', the parts be at most 10,000"
        raise UsageError(message)
    return name


def _head(headers: Mapping[str, str]) -> Lines:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', DOCTYPE, "<ficAlimMENESR>"]
    for key, value in headers.items():
        if not HEADER.fullmatch(key) or '"' in value or "--" in value or ILLEGAL.search(value):
            message = f"the header {key!r} cannot be written in a comment"
            raise UsageError(message)
        lines.append(f'<!-- {key}="{value}" -->')
    return [*lines, ""]


def _encoded(blocks: Iterator[Lines], encoding: Encoding, line_end: LineEnd) -> Iterator[bytes]:
    for block in blocks:
        yield (line_end.join(block) + line_end).encode(encoding, "xmlcharrefreplace")


def _lines(requests: Iterator[Iterator[str]], head: Lines) -> Iterator[Lines]:
    yield head
    for request in requests:
        yield [*request, ""]
    yield ["</ficAlimMENESR>"]


def _head_of(table: Table, key: Jointure) -> Iterator[str]:
    name, category = table.operational
    yield f'<operationalAttributes><attr name="{name}"><value>{category}</value></attr></operationalAttributes> '
    yield f"<identifier><id>{_escaped(key)}</id></identifier> "


def _add(record: Record, degree: Degree) -> Iterator[str]:
    yield "<addRequest>"
    yield from _head_of(TABLES[Category.of(record)], record.key)
    yield "<attributes> "
    for attribute, texts in _attributes(record, degree):
        yield f'<attr name="{_escaped(attribute)}">{_values(texts)}</attr>'
    yield "</attributes>"
    yield "</addRequest>"


def _modify(table: Table, key: Jointure, modifications: Lines) -> Iterator[str]:
    yield "<modifyRequest>"
    yield from _head_of(table, key)
    yield "<modifications> "
    yield from modifications
    yield "</modifications>"
    yield "</modifyRequest>"


def _modifications(before: Record, after: Record, degree: Degree) -> Iterator[str]:
    known = {attribute.name: attribute for attribute in rows_of(after, degree)}
    for change in attribute_changes(before, after, degree=degree):
        name = change.attribute
        texts = _texts(known[name], after) if name in known else after.extra.get(name, ())
        yield f'<modification name="{_escaped(name)}" operation="replace">{_values(texts)}</modification>'


def _delete(table: Table, key: Jointure) -> Iterator[str]:
    yield "<deleteRequest>"
    yield from _head_of(table, key)
    yield "</deleteRequest>"


def _values(texts: tuple[str, ...]) -> str:
    return "".join(f"<value>{_escaped(text)}</value>" if text else "<value/>" for text in texts or ("",))


def _escaped(text: str) -> str:
    if ILLEGAL.search(text):
        raise UsageError("a text holds a character that XML cannot hold")
    return text.translate(ESCAPES)


def _attributes(record: Record, degree: Degree) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the attributes to write, in order, with their texts."""
    rows = rows_of(record, degree)
    texts = {attribute.name: _texts(attribute, record) for attribute in rows}
    usual = set() if record.shape else {one.name for one in own_table(record, degree).attributes if not one.deprecated}
    standard = [one.name for one in rows if texts[one.name] or one.name in usual]
    unknown = [name for name in record.extra if name and name not in texts]
    for name in dict.fromkeys((*record.shape, *standard, *unknown)):
        yield name, texts[name] if name in texts else record.extra.get(name, ())


def _texts(attribute: Attribute, record: Record) -> tuple[str, ...]:
    """Give the texts of one attribute: those delivered, as long as they still say what the field holds."""
    value = getattr(record, attribute.field)
    delivered = record.extra.get(attribute.name)
    if delivered and read_values(attribute, delivered).value == value:
        return delivered
    texts = render(attribute, value)
    if attribute.type is not Type.TEXT:
        atoms = (value,) if attribute.values is Values.ONE else value
        for atom, text in zip(atoms, texts, strict=False):
            _checked(attribute, atom, text)
    return texts


def _checked(attribute: Attribute, atom: Atom, text: str) -> None:
    """Refuse what would be read back as something else, such as a label that holds a `$`."""
    try:
        same = strict(attribute.type)(text) == atom
    except InvalidValue:
        same = False
    if not same:
        message = f"a value of {attribute.name} cannot be written: it would be read as something else"
        raise UsageError(message)
