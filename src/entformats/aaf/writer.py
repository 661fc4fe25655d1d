"""Writing a complete delivery, as the academic directory does: same order, same escapes (aaf 1.6, 1.7, 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal, TypeAlias

from entformats.aaf.convert import Atom, read_values, render, strict
from entformats.aaf.directory import Directory
from entformats.aaf.manifest import parse_name
from entformats.aaf.models import Record
from entformats.aaf.table import TABLES, Attribute, Category, Table, Type, Values
from entformats.errors import InvalidValue, UsageError

__all__ = ["write"]

Encoding: TypeAlias = Literal["ascii", "utf-8"]
LineEnd: TypeAlias = Literal["\n", "\r\n"]

DOCTYPE: Final = '<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">'
ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;", "\r": "&#13;"})
ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold."""
HEADER: Final = re.compile(r"\w+")


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
    head = _head(headers or {})
    for category, table in directory.tables.items():
        records = list(table.values())
        for number, start in enumerate(range(0, len(records), part_size)):
            lines = _lines(TABLES[category], records[start : start + part_size], head)
            yield _name(prefix, exported, category, number), _encoded(lines, encoding, line_end)


def _name(prefix: str, exported: date | None, category: Category, number: int) -> str:
    day = f"{exported:%Y%m%d}_" if exported else ""
    name = f"{prefix}Complet_{day}{category.value}_{number:04}.xml"
    found = parse_name(name)
    if found is None or "/" in name or "\\" in name or (found.prefix, found.date) != (prefix, exported):
        message = f"{name!r} is no file name of AAF: the prefix must end with '_', the parts be at most 10,000"
        raise UsageError(message)
    return name


def _head(headers: Mapping[str, str]) -> list[str]:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', DOCTYPE, "<ficAlimMENESR>"]
    for key, value in headers.items():
        if not HEADER.fullmatch(key) or '"' in value or "--" in value or ILLEGAL.search(value):
            message = f"the header {key!r} cannot be written in a comment"
            raise UsageError(message)
        lines.append(f'<!-- {key}="{value}" -->')
    return [*lines, ""]


def _encoded(blocks: Iterator[list[str]], encoding: Encoding, line_end: LineEnd) -> Iterator[bytes]:
    for block in blocks:
        yield (line_end.join(block) + line_end).encode(encoding, "xmlcharrefreplace")


def _lines(table: Table, records: Sequence[Record], head: list[str]) -> Iterator[list[str]]:
    yield head
    for record in records:
        yield [*_add(table, record), ""]
    yield ["</ficAlimMENESR>"]


def _add(table: Table, record: Record) -> Iterator[str]:
    name, category = table.operational
    yield "<addRequest>"
    yield (f'<operationalAttributes><attr name="{name}"><value>{category}</value></attr></operationalAttributes> ')
    yield f"<identifier><id>{_escaped(record.key)}</id></identifier> "
    yield "<attributes> "
    for attribute, texts in _attributes(table, record):
        values = "".join(f"<value>{_escaped(text)}</value>" if text else "<value/>" for text in texts or ("",))
        yield f'<attr name="{_escaped(attribute)}">{values}</attr>'
    yield "</attributes>"
    yield "</addRequest>"


def _escaped(text: str) -> str:
    if ILLEGAL.search(text):
        raise UsageError("a text holds a character that XML cannot hold")
    return text.translate(ESCAPES)


def _attributes(table: Table, record: Record) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the attributes to write, in order, with their texts."""
    texts = {attribute.name: _texts(attribute, record) for attribute in table.attributes}
    standard = [one.name for one in table.attributes if texts[one.name] or not (record.shape or one.deprecated)]
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
