"""From the text of a `<value>` to a value, and back: one strict reading, one tolerant one that explains.

The strict reading raises on anything unusual, so that a memo of it holds good values only. The tolerant reading takes
the list of texts of one attribute and gives what could be understood, with findings by slug (aaf 1.7, 3.6, 7).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from html.entities import name2codepoint
from typing import Final, TypeAlias, cast

from attrs import evolve, frozen

from entformats.aaf.scalars import format_bool, format_date, parse_bool, parse_date
from entformats.aaf.table import Attribute, Type, Values
from entformats.aaf.values import (
    ClassDate,
    ClassRef,
    ClassSubject,
    Coded,
    Composite,
    Declared,
    DeclaredClass,
    DeclaredGroup,
    Fixed,
    Function,
    LabelFirst,
    MefTaught,
    ParentalAuthority,
    PrimaryClassRef,
    Relation,
    SubjectTaught,
)
from entformats.codes import jointure, uai
from entformats.codes.jointure import Jointure
from entformats.errors import InvalidValue
from entformats.problems import Param

__all__ = [
    "BLANK",
    "ENTITY",
    "Atom",
    "Finding",
    "Reading",
    "Value",
    "empty",
    "read_all",
    "read_values",
    "render",
    "strict",
]

Atom: TypeAlias = str | bool | date | tuple[str, ...] | Composite
"""Valeur élémentaire: what one `<value>` becomes."""
Value: TypeAlias = Atom | tuple[Atom, ...] | None
"""Valeur d'un champ."""
Finding: TypeAlias = tuple[str, dict[str, Param]]
"""Slug and parameters of a finding, without its place."""

ENTITY: Final = re.compile(r"&(#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
"""What is left in a text that was escaped twice."""
BLANKS: Final = " \t\r\n"
BLANK: Final = "!"
"""A text that sorts before this is empty, or begins with a blank."""
NAMES: Final = {"apos": 39, **name2codepoint}
REPLACEMENT: Final = "\ufffd"

FIXED: Final[dict[Type, type[Fixed]]] = {
    Type.CLASS: ClassRef,
    Type.CLASS_SUBJECT: ClassSubject,
    Type.CLASS_DATE: ClassDate,
    Type.MEF_TAUGHT: MefTaught,
    Type.SUBJECT_TAUGHT: SubjectTaught,
    Type.FUNCTION: Function,
    Type.RELATION: Relation,
    Type.CODED: Coded,
    Type.LABEL_FIRST: LabelFirst,
    Type.PRIMARY_CLASS: PrimaryClassRef,
    Type.AUTHORITY: ParentalAuthority,
}
DECLARED: Final[dict[Type, type[Declared]]] = {
    Type.DECLARED_CLASS: DeclaredClass,
    Type.DECLARED_GROUP: DeclaredGroup,
}


def _same(text: str) -> str:
    return text


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("$"))


def _uai(text: str) -> str:
    code = uai.parse(text)
    if code != text:
        raise InvalidValue("expected a UAI without blanks, in capitals")
    return code


_STRICT: Final[dict[Type, Callable[[str], Atom]]] = {
    Type.KEY: jointure.parse,
    Type.REF: jointure.parse,
    Type.TEXT: _same,
    Type.DATE: parse_date,
    Type.BOOL: parse_bool,
    Type.UAI: _uai,
    Type.LINES: _lines,
    **{kind: fixed.parse for kind, fixed in FIXED.items()},
    **{kind: declared.parse for kind, declared in DECLARED.items()},
}


def strict(kind: Type) -> Callable[[str], Atom]:
    """Give the strict reading of a type; it raises `InvalidValue` on whatever deserves a finding.

    >>> strict(Type.BOOL)("O")
    True
    >>> strict(Type.TEXT)("D&apos;ETABLISSEMENT")
    Traceback (most recent call last):
    entformats.errors.InvalidValue: blank, or escaped twice
    """
    parse = _STRICT[kind]
    if kind is Type.REF:
        return _reference

    def read(text: str) -> Atom:
        if text < BLANK or ("&" in text and ENTITY.search(text)):
            raise InvalidValue("blank, or escaped twice")
        return parse(text)

    return read


def _reference(text: str) -> Jointure:
    if "&" in text and ENTITY.search(text):
        raise InvalidValue("escaped twice")
    return jointure.parse(text)


_READ: Final = {kind: strict(kind) for kind in Type}


@frozen
class Reading:
    """Lecture d'un attribut; `exact` tells whether the value holds all that was delivered."""

    value: Value
    findings: tuple[Finding, ...] = ()
    exact: bool = True


def empty(attribute: Attribute) -> Value:
    """Give the value of an absent or empty attribute."""
    if attribute.values is not Values.ONE or attribute.type is Type.LINES:
        return ()
    return "" if attribute.type is Type.TEXT else None


def read_values(attribute: Attribute, texts: tuple[str, ...]) -> Reading:
    """Read the texts of one attribute; never raises on data.

    Findings: `escaped_twice`, `empty_among_values`, `several_values`, `repeated_value`, `unusual_spelling`,
    `composite_fields`, `unconvertible_value`.

    >>> from entformats.aaf.table import TABLES, Category
    >>> table = {a.field: a for a in TABLES[Category.PUPILS].attributes}
    >>> reading = read_values(table["birth_date"], ("31/02/2012",))
    >>> reading.value, reading.findings[0][0], reading.exact
    (None, 'unconvertible_value', False)
    """
    if texts in {(), ("",)}:
        return Reading(empty(attribute))
    if len(texts) == 1:
        with suppress(InvalidValue):
            value = _READ[attribute.type](texts[0])
            return Reading(value if attribute.values is Values.ONE else (value,))
    found: list[Finding] = []
    kept = [_unescaped(text, found) for text in texts]
    kept = ["" if text.strip(BLANKS) == "" else text for text in kept]
    if not any(kept):
        return Reading(empty(attribute), tuple(found), exact=len(kept) <= 1)
    delivered = len(kept)
    if not all(kept):
        found.append(("empty_among_values", {"count": kept.count("")}))
        if not (attribute.values is Values.LIST and attribute.type is Type.TEXT):
            kept = [text for text in kept if text]
    if attribute.values is Values.ONE and len(kept) > 1:
        found.append(("several_values", {"count": len(kept)}))
        kept = kept[:1]
    if attribute.values is Values.MANY:
        kept = _distinct(attribute, kept, found)
    atoms = [_tolerant(attribute.type, text, found) for text in kept]
    values = tuple(atom for atom in atoms if atom is not None)
    exact = len(values) == delivered and not any(slug in _LOSSY for slug, _ in found)
    if attribute.values is Values.ONE:
        return Reading(values[0] if values else empty(attribute), tuple(found), exact)
    return Reading(values, tuple(found), exact)


def read_all(attribute: Attribute, texts: tuple[str, ...]) -> Value:
    """Read every text that can be, repeated and surplus ones included.

    >>> from entformats.aaf.table import TABLES, Category
    >>> table = {a.field: a for a in TABLES[Category.PUPILS].attributes}
    >>> read_all(table["father"], ("3400001", "3400002", "3400001"))
    ('3400001', '3400002', '3400001')
    """
    return read_values(evolve(attribute, values=Values.LIST), texts).value


_LOSSY: Final = {"unusual_spelling", "composite_fields"}


def _unescaped(text: str, found: list[Finding]) -> str:
    """Unescape once more what was escaped twice (aaf 1.7); what stands for no character is left alone."""
    if "&" not in text:
        return text
    once = ENTITY.sub(_character, text)
    if once != text:
        found.append(("escaped_twice", {}))
    return once


def _character(match: re.Match[str]) -> str:
    if match[1].startswith("#"):
        character = html.unescape(match[0])
        return character if character >= " " and character != REPLACEMENT else match[0]
    return chr(NAMES[match[1]]) if match[1] in NAMES else match[0]


def _distinct(attribute: Attribute, texts: list[str], found: list[Finding]) -> list[str]:
    """Drop repetitions; of several declarations of one class or group, the first wins (aaf 7)."""
    declared = attribute.type in {Type.DECLARED_CLASS, Type.DECLARED_GROUP}
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(text.partition("$")[0] if declared else text, text)
    if len(first) < len(texts):
        found.append(("repeated_value", {"count": len(texts) - len(first)}))
    return list(first.values())


def _tolerant(kind: Type, text: str, found: list[Finding]) -> Atom | None:
    try:
        return _STRICT[kind](text)
    except InvalidValue:
        pass
    for slug, reading in (("unusual_spelling", _respelt), ("composite_fields", _refitted)):
        try:
            value = reading(kind, text)
        except InvalidValue:
            continue
        found.append((slug, {"value": text}))
        return value
    found.append(("unconvertible_value", {"value": text}))
    return None


def _respelt(kind: Type, text: str) -> Atom:
    """Read what is clear although it is not written as it should (aaf 3.7.9)."""
    if kind is Type.BOOL:
        return parse_bool({"o": "O", "y": "O", "Y": "O", "n": "N"}.get(text.strip(BLANKS), text.strip(BLANKS)))
    if kind is Type.UAI:
        return uai.parse(text)
    if kind in {Type.KEY, Type.REF}:
        return jointure.parse(text.strip(BLANKS))
    raise InvalidValue("no other spelling is known")


def _refitted(kind: Type, text: str) -> Atom:
    """Read a composite with fields missing at the end, or a separator inside its label (aaf 3.6, 7)."""
    if declared := DECLARED.get(kind):
        return declared.parse(text + "$")
    composite = FIXED.get(kind)
    if composite is None:
        raise InvalidValue("not a composite")
    fields = text.split("$")
    if composite is PrimaryClassRef and len(fields) == ClassRef.width:
        fields[1:1] = [""] * (composite.width - ClassRef.width)
    if len(fields) < composite.shortest:
        raise InvalidValue("too few fields")
    fields += [composite.padding] * (composite.width - len(fields))
    end = composite.free + 1 + len(fields) - composite.width
    return composite.of([*fields[: composite.free], "$".join(fields[composite.free : end]), *fields[end:]])


def render(attribute: Attribute, value: Value) -> tuple[str, ...]:
    """Give the texts of a field, as strict reading takes them; none for an empty field.

    >>> from entformats.aaf.table import TABLES, Category
    >>> table = {a.field: a for a in TABLES[Category.PUPILS].attributes}
    >>> render(table["birth_date"], date(2012, 2, 29)), render(table["address"], ("1 RUE FICTIVE", ""))
    (('29/02/2012',), ('1 RUE FICTIVE$',))
    """
    if value in (None, "", ()):
        return ()
    atoms = (value,) if attribute.values is Values.ONE else cast("tuple[Atom, ...]", value)
    return tuple(_rendered(atom) for atom in atoms)


def _rendered(atom: Value) -> str:
    if isinstance(atom, bool):
        return format_bool(atom)
    if isinstance(atom, date):
        return format_date(atom)
    if isinstance(atom, tuple):
        return "$".join(cast("tuple[str, ...]", atom))
    return atom if isinstance(atom, str) else cast("Composite", atom).text
