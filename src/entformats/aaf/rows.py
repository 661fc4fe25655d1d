"""The rows of the attribute tables that a record is written with, whatever its degree (aaf 3, 3bis)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from entformats.aaf.degrees import Degree, degree_of, table_of
from entformats.aaf.models import Record, Shape
from entformats.aaf.table import Attribute, Category
from entformats.frozen import FrozenMap

__all__ = ["rows_of"]

OTHER: Final = FrozenMap({Degree.FIRST: Degree.SECOND, Degree.SECOND: Degree.FIRST})


def rows_of(record: Record, default: Degree = Degree.SECOND) -> tuple[Attribute, ...]:
    """Give one row a field: those of the degree of the record, in order, then the fields of the other one only.

    A field delivered under the name of the other degree keeps that name. `default` is for a record that tells nothing.

    >>> from entformats.aaf.models import Pupil
    >>> from entformats.codes import jointure
    >>> [one.name for one in rows_of(Pupil(jointure.parse("1"), shape=("ENTPersonNom",))) if one.field == "family"]
    ['ENTPersonNom']
    """
    return _rows(Category.of(record), record.shape, default)


@lru_cache(maxsize=1_024)
def _rows(category: Category, shape: Shape, default: Degree) -> tuple[Attribute, ...]:
    degree = degree_of(category, shape) or default
    own = table_of(category, degree).attributes
    names, present = {one.name for one in own}, frozenset(shape)
    other = [one for one in table_of(category, OTHER[degree]).attributes if one.name not in names]
    delivered = {one.field: one for one in other if one.name in present}
    chosen = [one if one.name in present else delivered.get(one.field, one) for one in own]
    fields = {one.field for one in own}
    return (*chosen, *(one for one in other if one.field not in fields))
