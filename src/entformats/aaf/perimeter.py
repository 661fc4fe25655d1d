"""The perimeter of a complete delivery: whose absence from it is a departure, and whose is not (aaf 6.3).

Nobody is declared gone because a file, a category or a structure is missing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from entformats.aaf.directory import Directory, schools_of
from entformats.aaf.models import Pupil, Record, School, Staff
from entformats.aaf.table import Category
from entformats.codes.jointure import Jointure
from entformats.problems import Findings, Location

__all__ = ["Perimeter", "children_of", "one_place"]


def one_place(*tables: Mapping[Jointure, School]) -> dict[Jointure, Jointure]:
    """Give each structure the least identifier that has its UAI: two identifiers of one UAI are one place (aaf 4.1, 7).

    >>> from entformats.codes import jointure, uai
    >>> old, new = (School(jointure.parse(key), uai.parse("0749999S")) for key in ("61001", "61002"))
    >>> one_place({old.key: old}, {new.key: new})["61002"]
    '61001'
    """
    keys: dict[str, set[Jointure]] = defaultdict(set)
    for table in tables:
        for key, school in table.items():
            keys[school.uai or f"${key}"].add(key)
    return {key: min(same) for same in keys.values() for key in same}


def children_of(directory: Directory) -> dict[Jointure, set[Jointure]]:
    """Give the pupils of each guardian, whichever of the two names the other.

    >>> children_of(Directory())
    {}
    """
    found: dict[Jointure, set[Jointure]] = {}
    for key, pupil in directory.pupils.items():
        for relation in pupil.relations:
            found.setdefault(relation.person, set()).add(key)
    for key, guardian in directory.guardians.items():
        if guardian.children:
            found.setdefault(key, set()).update(guardian.children)
    return found


class Perimeter:
    """Périmètre d'une livraison complète: tells the records that are kept although they are not in it.

    A record is kept when its category was not delivered whole, or has nobody left; a structure, when it is not in the
    delivery under any identifier, unless it is `closed`; a pupil or a member of the staff, when one of their structures
    is kept so, or when none of theirs is delivered while one is kept; a guardian, when a child is kept, or has none
    known while something is kept; the nomenclatures, while a structure is kept.
    """

    def __init__(
        self,
        old: Directory,
        new: Directory,
        incomplete: Collection[Category],
        closed: Collection[Jointure],
    ) -> None:
        """Look at what was delivered: `new`, where the categories of `incomplete` are not whole."""
        self._old = old
        self._new = new
        self._incomplete = frozenset(incomplete)
        places = one_place(old.schools, new.schools)
        delivered = {places[key] for key in new.schools}
        self._here = {key for key in old.schools if key in closed or places[key] in delivered} | {*new.schools}
        self.absent = frozenset(old.schools.keys() - self._here)
        """Structures of the directory that the delivery does not have."""
        self._kept: Counter[tuple[str, str]] = Counter()

    def kept(self, category: Category) -> dict[Jointure, Record]:
        """Give the records of a category that are missing from the delivery, and stay; pupils before guardians."""
        old, new = self._old.tables[category], self._new.tables[category]
        missing = {key: record for key, record in old.items() if key not in new}
        if missing and (not new or category in self._incomplete):
            slug = "incomplete_category" if category in self._incomplete else "absent_category"
            self._kept[slug, category.value] += len(missing)
        elif category is Category.GUARDIANS:
            missing = self._guardians(missing)
        elif not self.absent:
            missing = {}
        else:
            missing = {key: record for key, record in missing.items() if self._stays(category, record)}
        return missing

    def _stays(self, category: Category, record: Record) -> bool:
        """Tell whether a record stays because of the structures that are absent."""
        if isinstance(record, School):
            return record.key in self.absent
        if not isinstance(record, Pupil | Staff):
            self._kept["unplaced_kept", category.value] += 1
            return True
        places = schools_of(record)
        if absent := sorted(places & self.absent):
            known = bool(self._new.schools)
            self._kept[("absent_structure", absent[0]) if known else ("unplaced_kept", category.value)] += 1
            return True
        if places.isdisjoint(self._here):
            self._kept["unplaced_kept", category.value] += 1
            return True
        return False

    def _guardians(self, missing: Mapping[Jointure, Record]) -> dict[Jointure, Record]:
        """Keep the guardians of the pupils who stay."""
        if not missing:
            return {}
        children = children_of(self._old)
        pupils = self._new.pupils
        whole = bool(pupils) and Category.PUPILS not in self._incomplete
        kept: dict[Jointure, Record] = {}
        for key, guardian in missing.items():
            known = [self._old.pupils[child] for child in children.get(key, ()) if child in self._old.pupils]
            stay = [child for child in known if child.key not in pupils and (not whole or self._absent(child))]
            if stay or (not known and (self.absent or not whole)):
                kept[key] = guardian
                self._kept["unplaced_kept", Category.GUARDIANS.value] += 1
        return kept

    def _absent(self, pupil: Pupil) -> bool:
        """Tell whether a pupil who is missing stays."""
        places = schools_of(pupil)
        return bool(self.absent) and (bool(places & self.absent) or places.isdisjoint(self._here))

    def report(self, findings: Findings) -> None:
        """Say what was kept, and why; the numbers are exact."""
        for key in sorted(self.absent if self._new.schools else ()):
            school = self._old.schools[key]
            where = Location(kind=Category.SCHOOLS.value, key=key)
            count = self._kept["absent_structure", key]
            findings.found("absent_structure", where, school=school.uai or key, count=count)
        for (slug, category), count in self._kept.items():
            if slug != "absent_structure":
                findings.found(slug, Location(kind=category), category=category, count=count)
