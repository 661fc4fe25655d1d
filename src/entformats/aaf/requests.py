"""What a file of AAF asks for: add a record, modify one, delete one (aaf 2)."""

from __future__ import annotations

from typing import TypeAlias

from attrs import field, frozen

from entformats.aaf.convert import Value
from entformats.aaf.models import NOTHING, Extra, Record, Shape
from entformats.aaf.table import Category
from entformats.codes.jointure import Jointure
from entformats.frozen import FrozenMap
from entformats.problems import Location

__all__ = ["Add", "Delete", "Modify", "Request"]

NOWHERE = Location()


@frozen
class Add:
    """Ajout (`addRequest`): a whole record; in a delta, a creation.

    >>> from entformats.aaf.models import Subject
    >>> from entformats.codes import jointure
    >>> Add(Subject(jointure.parse("030201"))).category
    <Category.SUBJECTS: 'MatiereEducNat'>
    """

    record: Record
    where: Location = NOWHERE

    @property
    def key(self) -> Jointure:
        """Jointure of the record."""
        return self.record.key

    @property
    def category(self) -> Category:
        """Catégorie of the record."""
        return Category.of(self.record)


@frozen
class Modify:
    """Modification (`modifyRequest`): the attributes named are replaced, the others are unchanged [inferred].

    >>> from entformats.codes import jointure
    >>> Modify(jointure.parse("3100456"), Category.PUPILS, FrozenMap({"groups": ()})).changes["groups"]
    ()
    """

    key: Jointure
    category: Category
    changes: FrozenMap[str, Value] = field(factory=FrozenMap, repr=False)
    """Field name -> its new value; an empty value erases."""
    extra: Extra = NOTHING
    """Attribute name -> texts, for what the fields cannot hold exactly."""
    shape: Shape = ()
    """Names of the attributes replaced."""
    where: Location = NOWHERE


@frozen
class Delete:
    """Suppression (`deleteRequest`): an identifier and nothing else.

    >>> from entformats.codes import jointure
    >>> Delete(jointure.parse("3400888"), Category.GUARDIANS).key
    '3400888'
    """

    key: Jointure
    category: Category
    where: Location = NOWHERE


Request: TypeAlias = Add | Modify | Delete
"""Requête: one child of the root of a file."""
