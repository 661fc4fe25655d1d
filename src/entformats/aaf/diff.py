"""Two directories compared: what differs, as one `Diff` a category, down to the attribute (aaf 6.3, rules 4.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, TypeVar, cast

import attrs
from attrs import frozen

from entformats.aaf.convert import Value
from entformats.aaf.degrees import Degree
from entformats.aaf.directory import Directory
from entformats.aaf.models import Guardian, Mef, Pupil, Record, School, Staff, Subject
from entformats.aaf.rows import rows_of
from entformats.aaf.table import Category
from entformats.changes import Diff
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.frozen import FrozenMap

__all__ = ["AttributeChange", "DirectoryDiff", "attribute_changes", "compare"]

R = TypeVar("R", bound=Record)
Pair: TypeAlias = tuple[Record | None, Record | None]
"""A record before (none: created) and after (none: vanished)."""
NO_SCHOOLS: Final[Diff[Jointure, School]] = Diff()
NO_PUPILS: Final[Diff[Jointure, Pupil]] = Diff()
NO_GUARDIANS: Final[Diff[Jointure, Guardian]] = Diff()
NO_STAFF: Final[Diff[Jointure, Staff]] = Diff()
NO_SUBJECTS: Final[Diff[Jointure, Subject]] = Diff()
NO_MEFS: Final[Diff[Jointure, Mef]] = Diff()


@frozen
class AttributeChange:
    """Attribut modifié: one attribute of a record, before and after.

    >>> AttributeChange("ENTEleveRegime", "regime", "EXTERNE", "INTERNE").attribute
    'ENTEleveRegime'
    """

    attribute: str
    field: str
    """Name of the field; empty for an attribute that only `extra` holds."""
    before: Value = attrs.field(repr=False)
    """What the field held; the texts delivered, where the field says the same on both sides."""
    after: Value = attrs.field(repr=False)


@frozen(repr=False)
class DirectoryDiff:
    """Écart entre deux annuaires: one `Diff` a category; composes, inverts and applies as each of them does.

    >>> from entformats.codes import jointure
    >>> old = Directory.of([Pupil(jointure.parse("1"), given="Zoé"), Pupil(jointure.parse("2"))])
    >>> new = Directory.of([Pupil(jointure.parse("1"), given="Zoë"), Pupil(jointure.parse("3"))])
    >>> diff = compare(old, new)
    >>> diff, diff.apply(old) == new, diff.compose(diff.invert()) == DirectoryDiff()
    (<DirectoryDiff Eleve +1 ~1 -1>, True, True)
    """

    schools: Diff[Jointure, School] = NO_SCHOOLS
    pupils: Diff[Jointure, Pupil] = NO_PUPILS
    guardians: Diff[Jointure, Guardian] = NO_GUARDIANS
    staff: Diff[Jointure, Staff] = NO_STAFF
    subjects: Diff[Jointure, Subject] = NO_SUBJECTS
    mefs: Diff[Jointure, Mef] = NO_MEFS

    @classmethod
    def from_tables(cls, tables: Mapping[Category, Mapping[Jointure, Pair]]) -> DirectoryDiff:
        """Build from one table of pairs a category; pairs that change nothing are dropped.

        Raises `UsageError` when a record is in the table of another category.

        >>> pupil = Pupil(Jointure("1"))
        >>> DirectoryDiff.from_tables({Category.PUPILS: {pupil.key: (None, pupil)}})
        <DirectoryDiff Eleve +1 ~0 -0>
        """
        return cls(
            _only(School, tables.get(Category.SCHOOLS, {})),
            _only(Pupil, tables.get(Category.PUPILS, {})),
            _only(Guardian, tables.get(Category.GUARDIANS, {})),
            _only(Staff, tables.get(Category.STAFF, {})),
            _only(Subject, tables.get(Category.SUBJECTS, {})),
            _only(Mef, tables.get(Category.MEFS, {})),
        )

    @property
    def tables(self) -> FrozenMap[Category, Mapping[Jointure, Pair]]:
        """Tables: category -> key -> record before and after."""
        found: dict[Category, Mapping[Jointure, Pair]] = {
            Category.SCHOOLS: self.schools,
            Category.PUPILS: self.pupils,
            Category.GUARDIANS: self.guardians,
            Category.STAFF: self.staff,
            Category.SUBJECTS: self.subjects,
            Category.MEFS: self.mefs,
        }
        return FrozenMap(found)

    def compose(self, later: DirectoryDiff) -> DirectoryDiff:
        """Give the one difference that does this one, then `later` (rules 3.4, B8)."""
        return DirectoryDiff(
            self.schools.compose(later.schools),
            self.pupils.compose(later.pupils),
            self.guardians.compose(later.guardians),
            self.staff.compose(later.staff),
            self.subjects.compose(later.subjects),
            self.mefs.compose(later.mefs),
        )

    def invert(self) -> DirectoryDiff:
        """Exchange before and after (rules 3.4, B6)."""
        return DirectoryDiff(
            self.schools.invert(),
            self.pupils.invert(),
            self.guardians.invert(),
            self.staff.invert(),
            self.subjects.invert(),
            self.mefs.invert(),
        )

    def apply(self, directory: Directory) -> Directory:
        """Give the directory after; raises `UsageError` when this difference does not start from `directory` (B10)."""
        return Directory(
            self.schools.apply(directory.schools),
            self.pupils.apply(directory.pupils),
            self.guardians.apply(directory.guardians),
            self.staff.apply(directory.staff),
            self.subjects.apply(directory.subjects),
            self.mefs.apply(directory.mefs),
        )

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return any(self.tables.values())

    def __repr__(self) -> str:
        """Show the numbers only."""
        shown = ((name.value, repr(diff)[6:-1]) for name, diff in self.tables.items() if diff)
        return f"<DirectoryDiff {' '.join(f'{name} {numbers}' for name, numbers in shown)}>".replace(" >", ">")


def _only(kind: type[R], pairs: Mapping[Jointure, Pair]) -> Diff[Jointure, R]:
    if not all(isinstance(one, kind) for pair in pairs.values() for one in pair if one is not None):
        message = f"a table of {kind.__name__} holds records of another category"
        raise UsageError(message)
    return Diff(cast("Mapping[Jointure, tuple[R | None, R | None]]", pairs))


def compare(old: Directory, new: Directory) -> DirectoryDiff:
    """Comparer deux annuaires: one pass a category, identity before equality (rules 4.5).

    A record that vanished is not a departure yet: `review` judges the losses.

    >>> compare(Directory(), Directory()) == DirectoryDiff()
    True
    """
    return DirectoryDiff(
        Diff.between(old.schools, new.schools),
        Diff.between(old.pupils, new.pupils),
        Diff.between(old.guardians, new.guardians),
        Diff.between(old.staff, new.staff),
        Diff.between(old.subjects, new.subjects),
        Diff.between(old.mefs, new.mefs),
    )


def attribute_changes(before: Record, after: Record, *, degree: Degree = Degree.SECOND) -> tuple[AttributeChange, ...]:
    """Give the attributes that differ between two records of one category, in the order of the table.

    Attributes that the table does not know follow, by name. What has no name is not compared: the format cannot say it.
    `degree` names the attributes of records that do not tell theirs.

    >>> from entformats.codes import jointure
    >>> old = Pupil(jointure.parse("1"), regime="EXTERNE", given="Zoé")
    >>> [one.attribute for one in attribute_changes(old, Pupil(jointure.parse("1"), regime="INTERNE", given="Zoé"))]
    ['ENTEleveRegime']
    """
    return tuple(_changes(before, after, degree))


def _changes(before: Record, after: Record, degree: Degree) -> Iterator[AttributeChange]:
    known = rows_of(after, degree)
    for attribute in known:
        old, new = getattr(before, attribute.field), getattr(after, attribute.field)
        if old != new:
            yield AttributeChange(attribute.name, attribute.field, old, new)
        elif before.extra.get(attribute.name) != after.extra.get(attribute.name):
            delivered = (one.extra.get(attribute.name, ()) for one in (before, after))
            yield AttributeChange(attribute.name, attribute.field, *delivered)
    unknown = {*before.extra, *after.extra} - {one.name for one in known} - {""}
    for name in sorted(unknown):
        old, new = before.extra.get(name, ()), after.extra.get(name, ())
        if old != new:
            yield AttributeChange(name, "", old, new)
