"""A modification applied to one record: the attributes named are replaced, the others stay (aaf 2.3)."""

from __future__ import annotations

import attrs

from entformats.aaf.models import NOTHING, Record, Shape
from entformats.aaf.requests import Modify
from entformats.aaf.rows import rows_of
from entformats.aaf.table import Category
from entformats.errors import UsageError
from entformats.frozen import FrozenMap

__all__ = ["modified"]


def modified(record: Record, request: Modify, *, shapes: dict[Shape, Shape] | None = None) -> Record:
    """Modifier un enregistrement: replace each attribute that the request names; an empty value erases it.

    An attribute that the record did not have becomes present, at the end. The record itself is given back when nothing
    changes. `shapes` shares the shapes of many records.

    Raises `UsageError` when the request is for another record, or names a field that the category does not have.

    >>> from entformats.aaf.models import Pupil
    >>> from entformats.codes import jointure
    >>> pupil = Pupil(jointure.parse("310"), regime="EXTERNE", shape=("ENTPersonJointure", "ENTEleveRegime"))
    >>> request = Modify(pupil.key, Category.PUPILS, FrozenMap({"mail": "a@b.fr", "regime": ""}))
    >>> after = modified(pupil, request)
    >>> after.mail, after.regime, after.shape
    ('a@b.fr', '', ('ENTPersonJointure', 'ENTEleveRegime', 'mail'))
    """
    if (Category.of(record), record.key) != (request.category, request.key):
        raise UsageError("this modification is for another record")
    fields = {one.field: one.name for one in rows_of(record)}
    if unknown := sorted(set(request.changes) - fields.keys()):
        message = f"{request.category.value} has no field {unknown[0]!r}"
        raise UsageError(message)
    named = dict.fromkeys((*request.shape, *(fields[one] for one in request.changes), *request.extra))
    extra = {name: texts for name, texts in record.extra.items() if name not in named} | dict(request.extra)
    shape = _shape(record.shape, tuple(named)) if record.shape else ()
    changes: dict[str, object] = {name: value for name, value in request.changes.items() if name != "key"}
    changes["extra"] = FrozenMap(extra) if extra else NOTHING
    changes["shape"] = shapes.setdefault(shape, shape) if shapes is not None else shape
    after: Record = attrs.evolve(record, **changes)  # type: ignore[arg-type]  # fields checked above
    return record if (after, after.shape) == (record, record.shape) else after


def _shape(shape: Shape, named: Shape) -> Shape:
    """Add the names that the shape does not have."""
    return (*shape, *(name for name in named if name and name not in shape))
