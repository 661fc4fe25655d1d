"""What the checks of a delivery look at: a directory, where its records are, and what the caller knows (aaf 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TypeAlias

from attrs import evolve, field, frozen

from entformats.aaf.degrees import own_table
from entformats.aaf.delivery import Delivery
from entformats.aaf.directory import Directory
from entformats.aaf.manifest import Manifest
from entformats.aaf.models import Record
from entformats.aaf.perimeter import one_place
from entformats.aaf.requests import Add
from entformats.aaf.table import Category
from entformats.codes import school_year
from entformats.codes.jointure import Jointure
from entformats.codes.school_year import SchoolYear
from entformats.codes.uai import Uai
from entformats.problems import Location, Problem

__all__ = ["Check", "Context", "Place", "attribute_of", "context_of", "is_told"]

Place: TypeAlias = Callable[[Category, Jointure], Location]


@frozen(slots=False)
class Context:
    """Contexte d'un contrôle: everything that a check may ask; it asks nothing else.

    >>> Context(Directory()).on is None
    True
    """

    directory: Directory
    """Records to check: those of a complete delivery, and those that a delta adds."""
    delivery: Delivery | None = None
    """None when a directory is checked by itself."""
    today: date | None = None
    school_year: SchoolYear | None = None
    """Year that the caller expects."""
    previous: Directory | None = None
    """What was known before."""
    expected_school: Uai | None = None
    place: Place = field(default=lambda category, key: Location(kind=category.value, key=key))

    def at(self, category: Category, key: Jointure, attribute: str = "") -> Location:
        """Give the place of an attribute of a record; of one that is not there, its kind and key."""
        if key not in self.directory.tables[category]:
            return Location(kind=category.value, key=key, attribute=attribute)
        return evolve(self.place(category, key), attribute=attribute)

    @property
    def manifest(self) -> Manifest:
        """Bordereau; empty when a directory is checked by itself."""
        return self.delivery.manifest if self.delivery else Manifest()

    @property
    def complete(self) -> bool:
        """Whether there is a delivery, and it describes everybody."""
        return self.delivery is not None and self.delivery.complete

    @property
    def on(self) -> date | None:
        """Jour sur lequel juger: that of the latest export, else today; None when neither is known."""
        return max(self.manifest.dates, default=self.today)

    @cached_property
    def schools(self) -> Mapping[Jointure, Jointure]:
        """Structures: each identifier to the one that stands for its UAI."""
        return one_place(self.directory.schools)


Check: TypeAlias = Callable[[Context], Iterator[Problem]]
"""Contrôle: one rule, a pure function of the context."""


def context_of(
    checked: Delivery | Directory,
    *,
    today: date | None = None,
    year: SchoolYear | None = None,
    previous: Directory | None = None,
    expected_school: Uai | None = None,
) -> Context:
    """Prepare the checks of a delivery or of a directory.

    >>> context_of(Directory(), today=date(2026, 9, 1)).school_year
    2026
    """
    expected = school_year.of(today) if year is None and today else year
    if isinstance(checked, Directory):
        return Context(checked, None, today, expected, previous, expected_school)
    added = {(one.category, one.key): one for one in checked.changes if isinstance(one, Add)}
    if not added:
        return Context(checked.directory, checked, today, expected, previous, expected_school, _place(checked, added))
    records = [one.record for one in added.values()]
    tables = checked.directory.tables.values()
    directory = Directory.of([*records, *(record for table in tables for record in table.values())])
    return Context(directory, checked, today, expected, previous, expected_school, _place(checked, added))


def _place(delivery: Delivery, added: Mapping[tuple[Category, Jointure], Add]) -> Place:
    """Records of the directory prevail over those that a delta adds, as they do in the context."""

    def place(category: Category, key: Jointure) -> Location:
        known = delivery.directory.tables[category]
        return delivery.where(key, category) if key in known else added[category, key].where

    return place


def attribute_of(record: Record, field: str) -> str:
    """Give the name of the attribute that fills a field, in the degree of the record; empty where it has none.

    >>> from entformats.aaf.models import Pupil
    >>> attribute_of(Pupil(Jointure("310")), "family"), attribute_of(Pupil(Jointure("5")), "canteen")
    ('sn', '')
    """
    return next((one.name for one in own_table(record).attributes if one.field == field), "")


def is_told(record: Record, *fields: str) -> bool:
    """Tell whether one of the fields was delivered, be it empty; everything is told of a record made by hand.

    >>> from entformats.aaf.models import Pupil
    >>> is_told(Pupil(Jointure("310")), "title"), is_told(Pupil(Jointure("310"), shape=("sn",)), "title")
    (True, False)
    """
    return not record.shape or any(attribute_of(record, field) in record.shape for field in fields)
