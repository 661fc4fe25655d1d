"""The records of some schools only: those who belong there, and the guardians of their pupils (aaf 3.6.7, 6.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from entformats.aaf.directory import schools_of
from entformats.aaf.models import Guardian, Pupil, Record, School, Staff
from entformats.aaf.table import Category
from entformats.codes.jointure import Jointure

__all__ = ["Selection"]


class Selection:
    """Sélection: what is kept for structures given by UAI or identifier; `absent` tells those not met.

    >>> from entformats.codes import jointure
    >>> selection = Selection({"61001"})
    >>> selection.keeps(Pupil(jointure.parse("310"), school=jointure.parse("61002")))
    False
    >>> selection.absent
    ('61001',)
    """

    def __init__(self, asked: Collection[str]) -> None:
        """Keep the structures of `asked`."""
        self._asked = frozenset(asked)
        self._keys: set[str] = set(asked)
        self._met: set[str] = set()

    @property
    def absent(self) -> tuple[str, ...]:
        """Structures demandées that nothing told of."""
        return tuple(sorted(self._asked - self._met))

    def keeps(self, record: Record) -> bool:
        """Tell whether a record is kept, by what it says alone: guardians and nomenclatures always are.

        A structure met makes the people who name it kept from then on.
        """
        if isinstance(record, School):
            names = {str(record.key), str(record.uai)}
            kept = not names.isdisjoint(self._keys)
            self._met |= names & self._asked
            self._keys |= {record.key} if kept else set()
            return kept
        if isinstance(record, Pupil | Staff):
            mine = schools_of(record) & self._keys
            self._met |= mine & self._asked
            return bool(mine)
        return True

    def settle(self, schools: Iterable[Record]) -> None:
        """Learn the structures of a delivery, all of them: identifiers of one UAI are one school."""
        known = [one for one in schools if isinstance(one, School)]
        places = {one.uai for one in known if one.uai and not self._asked.isdisjoint({one.key, one.uai})}
        self._keys.update(one.key for one in known if one.uai in places)

    def kept(self, tables: Mapping[Category, Mapping[Jointure, Record]]) -> dict[Category, frozenset[Jointure]]:
        """Give the identifiers of the records kept: guardians are those of the pupils kept."""
        self.settle(tables[Category.SCHOOLS].values())
        kept = {
            category: frozenset(key for key, record in tables[category].items() if self.keeps(record))
            for category in Category
        }
        pupils = kept[Category.PUPILS]
        found = (tables[Category.PUPILS][key] for key in pupils)
        named = {link.person for pupil in found if isinstance(pupil, Pupil) for link in pupil.relations}
        guardians = (one for one in tables[Category.GUARDIANS].values() if isinstance(one, Guardian))
        kept[Category.GUARDIANS] = frozenset(
            one.key for one in guardians if one.key in named or not pupils.isdisjoint(one.children)
        )
        return kept
