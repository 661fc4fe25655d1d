"""Identifiers prefixed by the folder of their academy: one number may be two people in two of them (aaf 1.1, 6.2)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final, TypeVar, cast

import attrs

from entformats.aaf.convert import Value, read_values, render
from entformats.aaf.degrees import ATTRIBUTES, Degree, degree_of
from entformats.aaf.models import Extra, Record, Shape
from entformats.aaf.requests import Add, Delete, Modify, Request
from entformats.aaf.table import Attribute, Category, Type, Values
from entformats.aaf.values import Composite
from entformats.codes.jointure import Jointure
from entformats.frozen import FrozenMap

__all__ = ["prefixed"]

R = TypeVar("R", bound=Request)
PLAIN: Final = frozenset({Type.TEXT, Type.DATE, Type.BOOL, Type.UAI, Type.LINES})
"""Types that hold no identifier."""
INSIDE: Final = ("school", "person", "mef", "mefs", "subject")
"""Fields of a composite that hold identifiers."""

_HOLDERS: Final = {
    category: {
        one.field: one for degree in Degree for one in ATTRIBUTES[category, degree].values() if one.type not in PLAIN
    }
    for category in Category
}


def prefixed(request: Request, prefix: str) -> Request:
    """Préfixer every identifier of a request: its own, and those that it refers to; nothing else is touched.

    The stable identifier of a class of the 1er degré is left: it counts inside its structure.

    >>> from entformats.aaf.models import Mef
    >>> mef = Mef(Jointure("10310019117"), attached_to=Jointure("10310019110"))
    >>> after = prefixed(Add(mef), "AIX-")
    >>> after.key, after.record.attached_to
    ('AIX-10310019117', 'AIX-10310019110')
    """
    key = Jointure(prefix + request.key)
    where = attrs.evolve(request.where, key=key)
    if isinstance(request, Add):
        return Add(_record(request.record, prefix), where)
    category = request.category
    if isinstance(request, Delete):
        return Delete(key, category, where)
    holders = _HOLDERS[category]
    values = {name: _value(value, prefix) if name in holders else value for name, value in request.changes.items()}
    extra = _extra(category, request.shape, request.extra, prefix)
    return Modify(key, category, FrozenMap(values), extra, request.shape, where)


def _record(record: Record, prefix: str) -> Record:
    category = Category.of(record)
    changes: dict[str, object] = {}
    for name in _HOLDERS[category]:
        value = getattr(record, name)
        if value:
            changes[name] = _value(value, prefix)
    if record.extra:
        changes["extra"] = _extra(category, record.shape, record.extra, prefix)
    after: Record = attrs.evolve(record, **changes)  # type: ignore[arg-type]  # fields of the record
    return after


def _value(value: Value, prefix: str) -> Value:
    if isinstance(value, tuple):
        return cast("Value", tuple(_value(one, prefix) for one in value))
    if isinstance(value, str):
        return prefix + value
    if value is None or isinstance(value, bool | date):
        return value
    held = {name: _value(getattr(value, name), prefix) for name in INSIDE if getattr(value, name, None)}
    after: Composite = attrs.evolve(value, **held)  # type: ignore[arg-type]  # fields of the composite
    return after


def _extra(category: Category, shape: Shape, extra: Extra, prefix: str) -> Extra:
    """Prefix the identifiers inside the texts delivered that can be read."""
    known = ATTRIBUTES[category, degree_of(category, shape) or Degree.SECOND]
    return FrozenMap(
        (name, tuple(map(partial(_text, known[name], prefix), texts)) if name in known else texts)
        for name, texts in extra.items()
    )


def _text(attribute: Attribute, prefix: str, text: str) -> str:
    if attribute.type in PLAIN:
        return text
    lone = attrs.evolve(attribute, values=Values.ONE)
    reading = read_values(lone, (text,))
    return render(lone, _value(reading.value, prefix))[0] if reading.exact and reading.value else text
