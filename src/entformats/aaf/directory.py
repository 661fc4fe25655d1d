"""The directory that a complete delivery describes: schools, people and nomenclatures, by key (aaf 3, 6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeAlias, TypeVar, cast

from attrs import frozen

from entformats.aaf.models import Guardian, Mef, Person, Pupil, Record, School, Staff, Subject
from entformats.aaf.table import Category
from entformats.aaf.values import ClassRef, ClassSubject, DeclaredClass, DeclaredGroup, PrimaryClassRef
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import IdentifierKind, Identity, Profile, identifiers

__all__ = ["Directory", "SchoolClass", "SchoolGroup", "SchoolView", "profile_of", "schools_of"]

R = TypeVar("R", bound=Record)
_Ref: TypeAlias = ClassRef | ClassSubject


@frozen
class SchoolClass:
    """Classe d'un établissement, gathered from what declares it, attends it or teaches it.

    >>> SchoolClass("6A", pupils=frozenset({Jointure("3100456")})).name
    '6A'
    """

    name: str
    label: str = ""
    mefs: tuple[Jointure, ...] = ()
    """MEF declared."""
    pupils: frozenset[Jointure] = frozenset()
    staff: frozenset[Jointure] = frozenset()
    id: str = ""
    """Identifiant stable, 1er degré: a class that is renamed keeps it."""


@frozen
class SchoolGroup:
    """Groupe d'un établissement, gathered from what declares it, attends it or teaches it.

    >>> SchoolGroup("6 LATIN", classes=("6A", "6B")).classes
    ('6A', '6B')
    """

    name: str
    label: str = ""
    classes: tuple[str, ...] = ()
    """Classes declared as its origin."""
    pupils: frozenset[Jointure] = frozenset()
    staff: frozenset[Jointure] = frozenset()
    id: str = ""
    """Identifiant stable, 1er degré."""


@frozen(repr=False)
class SchoolView:
    """Un établissement dans l'annuaire: everybody and everything that belongs to it.

    Guardians are those of its pupils. Staff are those attached to it, or with a function, a class or a group in it.

    >>> from entformats.codes import jointure, uai
    >>> directory = Directory.of([School(jointure.parse("61001"), uai=uai.parse("0749999S"))])
    >>> directory.school("0749999S")
    <SchoolView 0749999S>
    """

    uai: str
    school: School
    """The structure; the first by key where several identifiers have this UAI."""
    keys: frozenset[Jointure]
    """Every identifier with this UAI."""
    pupils: FrozenMap[Jointure, Pupil]
    guardians: FrozenMap[Jointure, Guardian]
    staff: FrozenMap[Jointure, Staff]
    classes: FrozenMap[str, SchoolClass]
    """By name; in the 1er degré by stable identifier, so that a class that is renamed is the same class."""
    groups: FrozenMap[str, SchoolGroup]
    """Same."""

    def __repr__(self) -> str:
        """Show the UAI only."""
        return f"<SchoolView {self.uai}>"


class _Index:
    """Index d'un annuaire: which people each structure has, and the structures of each UAI."""

    def __init__(self, directory: Directory) -> None:
        self.schools: dict[str, list[School]] = defaultdict(list)
        for _, school in sorted(directory.schools.items()):
            if school.uai is not None:
                self.schools[school.uai].append(school)
        self.pupils = _by_school(directory.pupils)
        self.staff = _by_school(directory.staff)
        self.parents: dict[Jointure, set[Jointure]] = defaultdict(set)
        for key, guardian in directory.guardians.items():
            for child in guardian.children:
                self.parents[child].add(key)


@frozen(repr=False)
class Directory:
    """Annuaire: the records of a complete delivery, by key; read-only.

    >>> len(Directory().pupils)
    0
    """

    schools: FrozenMap[Jointure, School] = FrozenMap()  # noqa: RUF009 - frozen
    pupils: FrozenMap[Jointure, Pupil] = FrozenMap()  # noqa: RUF009 - frozen
    guardians: FrozenMap[Jointure, Guardian] = FrozenMap()  # noqa: RUF009 - frozen
    staff: FrozenMap[Jointure, Staff] = FrozenMap()  # noqa: RUF009 - frozen
    subjects: FrozenMap[Jointure, Subject] = FrozenMap()  # noqa: RUF009 - frozen
    mefs: FrozenMap[Jointure, Mef] = FrozenMap()  # noqa: RUF009 - frozen

    @classmethod
    def of(cls, records: Iterable[Record]) -> Directory:
        """Build a directory from records of any category; of two with one key, the last wins.

        >>> from entformats.codes import jointure
        >>> len(Directory.of([Subject(jointure.parse("030201"))]).subjects)
        1
        """
        found: dict[Category, dict[Jointure, Record]] = {category: {} for category in Category}
        for record in records:
            found[Category.of(record)][record.key] = record
        return cls.from_tables(found)

    @classmethod
    def from_tables(cls, tables: Mapping[Category, Mapping[Jointure, Record]]) -> Directory:
        """Build a directory from one table a category; raises `UsageError` when a record is in the table of another."""
        return cls(
            _only(School, tables.get(Category.SCHOOLS, {})),
            _only(Pupil, tables.get(Category.PUPILS, {})),
            _only(Guardian, tables.get(Category.GUARDIANS, {})),
            _only(Staff, tables.get(Category.STAFF, {})),
            _only(Subject, tables.get(Category.SUBJECTS, {})),
            _only(Mef, tables.get(Category.MEFS, {})),
        )

    @property
    def tables(self) -> FrozenMap[Category, Mapping[Jointure, Record]]:
        """Tables: category -> its records by key."""
        found: dict[Category, Mapping[Jointure, Record]] = {
            Category.SCHOOLS: self.schools,
            Category.PUPILS: self.pupils,
            Category.GUARDIANS: self.guardians,
            Category.STAFF: self.staff,
            Category.SUBJECTS: self.subjects,
            Category.MEFS: self.mefs,
        }
        return FrozenMap(found)

    def school(self, uai: str) -> SchoolView:
        """Give one school by its UAI. Raises `UsageError` when no structure has it.

        >>> from entformats.codes import jointure, uai
        >>> school = School(jointure.parse("61001"), uai.parse("0749999S"))
        >>> Directory.of([school]).school("0749999S").school is school
        True
        """
        schools = self._index.schools.get(uai)
        if not schools:
            message = f"no structure of this directory has the UAI {uai!r}"
            raise UsageError(message)
        keys = frozenset(school.key for school in schools)
        pupils = _members(self.pupils, keys, self._index.pupils)
        staff = _members(self.staff, keys, self._index.staff)
        relatives = {relation.person for pupil in pupils.values() for relation in pupil.relations}
        relatives.update(*(self._index.parents.get(key, ()) for key in pupils))
        guardians = FrozenMap((key, self.guardians[key]) for key in sorted(relatives) if key in self.guardians)
        classes = _classes(schools, keys, pupils, staff)
        groups = _groups(schools, keys, pupils, staff)
        return SchoolView(uai, schools[0], keys, pupils, guardians, staff, classes, groups)

    def identities(self, *, school: str, profile: Profile | None = None) -> tuple[Identity, ...]:
        """Identités d'un établissement, in the order of profiles and keys (rules 1.6).

        Identifiers are the jointure, and for pupils the INE and the SIECLE number, for staff the STS ones. Raises
        `UsageError` when no structure has this UAI.
        """
        view = self.school(school)
        people: list[Person] = [*view.pupils.values(), *view.guardians.values(), *view.staff.values()]
        found = [_identity(person, school) for person in people]
        order = list(Profile)
        kept = (one for one in found if profile in (None, one.profile))
        return tuple(sorted(kept, key=lambda one: (order.index(one.profile), one.ref)))

    @cached_property
    def _index(self) -> _Index:
        return _Index(self)

    def __repr__(self) -> str:
        """Show the numbers only."""
        return f"<Directory {' '.join(f'{category.value}={len(table)}' for category, table in self.tables.items())}>"


def _only(kind: type[R], table: Mapping[Jointure, Record]) -> FrozenMap[Jointure, R]:
    if not all(isinstance(record, kind) for record in table.values()):
        message = f"a table of {kind.__name__} holds records of another category"
        raise UsageError(message)
    return FrozenMap(cast("Mapping[Jointure, R]", table))


def schools_of(person: Pupil | Staff) -> frozenset[Jointure]:
    """Structures d'une personne: attachment, classes and groups; for staff, functions too (aaf 3.6.7, rules 1.6).

    A function `-` is none. The MEF and the subjects taught name structures too, but do not make anyone belong there.

    >>> from entformats.aaf.values import Function
    >>> from entformats.codes import jointure
    >>> person = Staff(jointure.parse("27"), functions=(Function.parse("61001$DIR$DIRECTION$D0010$"),))
    >>> sorted(schools_of(person))
    ['61001']
    """
    found = {ref.school for ref in (*person.classes, *person.groups)}
    if person.school is not None:
        found.add(person.school)
    if isinstance(person, Staff):
        found.update(function.school for function in person.functions if not function.is_none)
        found.update(ref.school for ref in (*person.class_subjects, *person.group_subjects))
        found.update(ref.school for ref in person.head_teacher_of)
        found.update(person.director_of)
    return frozenset(found)


def profile_of(person: Person) -> Profile:
    """Profil d'une personne: staff are teachers by the test of aaf 3.7.3.

    >>> from entformats.codes import jointure
    >>> profile_of(Staff(jointure.parse("27"), is_teacher=True))
    <Profile.TEACHER: 'teacher'>
    """
    if isinstance(person, Pupil):
        return Profile.PUPIL
    if isinstance(person, Guardian):
        return Profile.GUARDIAN
    return Profile.TEACHER if person.teaches else Profile.STAFF


def _by_school(people: Mapping[Jointure, Pupil] | Mapping[Jointure, Staff]) -> dict[Jointure, list[Jointure]]:
    found: dict[Jointure, list[Jointure]] = defaultdict(list)
    for key, person in people.items():
        for school in schools_of(person):
            found[school].append(key)
    return found


def _members(
    people: Mapping[Jointure, R], keys: Iterable[Jointure], index: Mapping[Jointure, list[Jointure]]
) -> FrozenMap[Jointure, R]:
    members = {member for key in keys for member in index.get(key, ())}
    return FrozenMap((member, people[member]) for member in sorted(members))


_Members: TypeAlias = dict[str, set[Jointure]]
"""Class or group -> the people who name it."""
_Names: TypeAlias = dict[str, Counter[str]]
"""Stable identifier of a class or group of the 1er degré -> the names that it is given."""


def _named(keys: frozenset[Jointure], lists: Iterable[tuple[Jointure, Iterable[_Ref]]], names: _Names) -> _Members:
    """Gather who names each class, or each group, of a school."""
    found: _Members = defaultdict(set)
    for person, refs in lists:
        for ref in refs:
            if ref.school in keys:
                stable = ref.id if isinstance(ref, PrimaryClassRef) else ""
                found[stable or ref.name].add(person)
                if stable:
                    names[stable][ref.name] += 1
    return found


def _usual(names: _Names, key: str) -> str:
    """Give the name of a class: of one that is being renamed, the name that most people have."""
    return min(names[key], key=lambda name: (-names[key][name], name)) if key in names else key


def _classes(
    schools: list[School], keys: frozenset[Jointure], pupils: Mapping[Jointure, Pupil], staff: Mapping[Jointure, Staff]
) -> FrozenMap[str, SchoolClass]:
    names: _Names = defaultdict(Counter)
    attended = _named(keys, ((pupil.key, pupil.classes) for pupil in pupils.values()), names)
    taught = _named(keys, ((one.key, _taught_classes(one)) for one in staff.values()), names)
    declared = {one.name: one for school in reversed(schools) for one in school.classes}
    found = {}
    for key in sorted({*declared, *attended, *taught}):
        said = declared.get(key, DeclaredClass(_usual(names, key)))
        members = frozenset(attended.get(key, ())), frozenset(taught.get(key, ()))
        found[key] = SchoolClass(said.name, said.label, said.mefs, *members, key if key in names else "")
    return FrozenMap(found)


def _groups(
    schools: list[School], keys: frozenset[Jointure], pupils: Mapping[Jointure, Pupil], staff: Mapping[Jointure, Staff]
) -> FrozenMap[str, SchoolGroup]:
    names: _Names = defaultdict(Counter)
    attended = _named(keys, ((pupil.key, pupil.groups) for pupil in pupils.values()), names)
    taught = _named(keys, ((one.key, _taught_groups(one)) for one in staff.values()), names)
    declared = {one.code: one for school in reversed(schools) for one in school.groups}
    found = {}
    for key in sorted({*declared, *attended, *taught}):
        said = declared.get(key, DeclaredGroup(_usual(names, key)))
        members = frozenset(attended.get(key, ())), frozenset(taught.get(key, ()))
        found[key] = SchoolGroup(said.code, said.label, said.classes, *members, key if key in names else "")
    return FrozenMap(found)


def _taught_classes(person: Staff) -> Iterator[_Ref]:
    yield from person.classes
    yield from person.class_subjects
    yield from person.head_teacher_of


def _taught_groups(person: Staff) -> Iterator[_Ref]:
    yield from person.groups
    yield from person.group_subjects


def _identity(person: Person, school: str) -> Identity:
    pairs: list[tuple[IdentifierKind, str | None]] = [(IdentifierKind.JOINTURE, person.key)]
    if isinstance(person, Pupil):
        pairs += [(IdentifierKind.INE, person.ine), (IdentifierKind.SIECLE, person.siecle_number)]
    if isinstance(person, Staff):
        pairs += [(IdentifierKind.STS, value) for value in person.sts_ids]
    return Identity(
        ref=person.key,
        profile=profile_of(person),
        school=school,
        given=person.given,
        family=person.family,
        birth_family=person.birth_family,
        other_given=person.other_given,
        birth_date=person.birth_date,
        identifiers=identifiers(pairs),
        classes=frozenset(ref.name for ref in person.classes) if isinstance(person, Pupil) else frozenset(),
        children=frozenset(person.children) if isinstance(person, Guardian) else frozenset(),
        postal_code="" if isinstance(person, Staff) else person.postal_code,
    )
