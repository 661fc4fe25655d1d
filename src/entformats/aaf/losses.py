"""Losses judged before anybody is marked as gone, per structure and profile (rules 4.4, 4.5)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final, TypeAlias

from attrs import frozen

from entformats.aaf.diff import DirectoryDiff
from entformats.aaf.directory import Directory, profile_of, schools_of
from entformats.aaf.models import Guardian, Person, Pupil
from entformats.aaf.perimeter import children_of, one_place
from entformats.aaf.table import Category
from entformats.codes.jointure import Jointure
from entformats.frozen import FrozenMap
from entformats.identity import Profile
from entformats.names import clean, compact
from entformats.problems import Findings, Location, Param, Problem, Report, Severity

__all__ = ["Loss", "Move", "PopulationChanges", "Rekey", "Review", "review"]

Place: TypeAlias = Jointure | None
"""Lieu: a structure, under its least identifier; None for people of no structure."""
Population: TypeAlias = tuple[Place, Profile]
"""Population: one profile of one structure."""
PEOPLE: Final = (Category.PUPILS, Category.GUARDIANS, Category.STAFF)
Keys: TypeAlias = frozenset[Jointure]
NOBODY: Final[Keys] = frozenset()


@frozen
class Loss:
    """Perte à confirmer: a loss that looks more like a missing file than like departures.

    Of one profile of a structure (`profile`), of a whole structure (`school` alone), or of a category (`category`
    alone). Confirming means giving the same value back: a loss that has grown meanwhile is another one.

    >>> Loss(school=Jointure("61001"), profile=Profile.PUPIL, lost=90, before=400).lost
    90
    """

    school: Place = None
    profile: Profile | None = None
    category: Category | None = None
    lost: int = 0
    before: int = 0


@frozen
class Move:
    """Changement d'établissement: the structure of attachment of a pupil or a member of the staff is another one.

    >>> Move(Jointure("310"), Profile.PUPIL, Jointure("61001"), Jointure("61002")).after
    '61002'
    """

    key: Jointure
    profile: Profile
    before: Jointure
    after: Jointure


@frozen
class Rekey:
    """Changement d'identifiant possible: one person vanishes, another appears, and they may be one. Never merged.

    >>> Rekey(Profile.PUPIL, Jointure("310"), Jointure("311"), by_ine=True).before
    '310'
    """

    profile: Profile
    before: Jointure
    after: Jointure
    by_ine: bool
    """By the INE; else by names and birth date."""


@frozen
class PopulationChanges:
    """Mouvements d'un profil dans une structure.

    Guardians are counted in the structures of their children. Someone who is in several structures counts in each.

    >>> PopulationChanges(before=400, vanished=frozenset({Jointure("310")})).before
    400
    """

    before: int = 0
    """How many they were."""
    created: Keys = NOBODY
    updated: Keys = NOBODY
    vanished: Keys = NOBODY
    returned: Keys = NOBODY
    """Created, and known to have vanished before."""
    arrived: Keys = NOBODY
    """Known, and not in this population before."""
    left: Keys = NOBODY
    """Still known, and no longer in this population."""


@frozen(repr=False)
class Review:
    """Examen d'une comparaison: who moved where, and whose disappearance can be believed.

    >>> review(Directory(), DirectoryDiff()).blockers
    ()
    """

    populations: FrozenMap[Population, PopulationChanges]
    """(structure or None, profile) -> what changed; those in which nothing changed are left out."""
    moves: tuple[Move, ...]
    rekeys: tuple[Rekey, ...]
    losses: tuple[Loss, ...]
    """Losses to confirm, those of `confirmed` left out."""
    departed: FrozenMap[Category, Keys]
    """People whose disappearance is no part of such a loss."""
    held: FrozenMap[Category, Keys]
    """People who vanished, and are not to be marked as gone before the losses are confirmed."""
    report: Report

    @property
    def blockers(self) -> tuple[Problem, ...]:
        """Blocages: the findings of the losses to confirm."""
        return tuple(one for one in self.report.problems if one.severity is Severity.ERROR)

    def __repr__(self) -> str:
        """Show the numbers only."""
        return f"<Review {len(self.populations)} populations, {len(self.losses)} losses>"


def review(
    before: Directory,
    diff: DirectoryDiff,
    *,
    gone: Collection[Jointure] = (),
    confirmed: Collection[Loss] = (),
    share: float = 0.2,
    least: int = 5,
) -> Review:
    """Examiner un écart: `diff`, from the directory `before`, is looked at per structure and profile (rules 4.4, 4.5).

    `gone` are the identifiers that vanished earlier: those who appear again are `returned`. A loss is suspicious when
    more than `share` of a profile of a structure vanishes and at least `least` people, or all of two or more
    (`suspicious_loss`); when a whole structure vanishes with people who are nowhere else (`vanished_structure`); when
    nothing is left of a category (`emptied_category`). Such losses block, until they are given back in `confirmed`.
    Same INE, or same names and birth date, under another identifier: `possible_rekey`.

    Two identifiers with one UAI are one structure. Raises `UsageError` when `diff` does not start from `before`.

    >>> pupils = [Pupil(Jointure(str(key)), school=Jointure("61001")) for key in range(10)]
    >>> from entformats.aaf.diff import compare
    >>> old = Directory.of(pupils)
    >>> found = review(old, compare(old, Directory.of(pupils[5:])))
    >>> found.losses
    (Loss(school='61001', profile=<Profile.PUPIL: 'pupil'>, category=None, lost=5, before=10),)
    >>> len(review(old, compare(old, Directory.of(pupils[5:])), confirmed=found.losses).departed[Category.PUPILS])
    5
    """
    return _Review(before, diff, frozenset(gone)).judged(frozenset(confirmed), share, least)


class _Side:
    """Un des deux annuaires: where each person is."""

    def __init__(self, directory: Directory, places: Mapping[Jointure, Jointure]) -> None:
        self._directory = directory
        self._places = places
        self._children = children_of(directory)

    def places(self, person: Person) -> frozenset[Place]:
        """Give the structures of a person; those of the children of a guardian."""
        if isinstance(person, Guardian):
            children = self._children.get(person.key, ())
            pupils = [self._directory.pupils[key] for key in children if key in self._directory.pupils]
            found = {school for pupil in pupils for school in schools_of(pupil)}
        else:
            found = set(schools_of(person))
        return frozenset(self._places.get(key, key) for key in found) or frozenset({None})


class _Review:
    """Examen en cours."""

    def __init__(self, before: Directory, diff: DirectoryDiff, gone: Keys) -> None:
        self._before, self._after = before, diff.apply(before)
        self._diff = diff
        self._gone = gone
        self._places = one_place(before.schools, self._after.schools)
        self._old, self._new = _Side(before, self._places), _Side(self._after, self._places)
        self._sizes: Counter[Population] = Counter()
        self._keys: dict[tuple[Population, str], set[Jointure]] = defaultdict(set)
        self._scopes: dict[tuple[Category, Jointure], frozenset[Population]] = {}
        """Populations of each person who vanished."""
        self._moves: list[Move] = []

    def judged(self, confirmed: frozenset[Loss], share: float, least: int) -> Review:
        """Count, then judge."""
        self._count()
        losses = tuple(one for one in self._losses(share, least) if one not in confirmed)
        rekeys = tuple(self._rekeys())
        held = self._held(losses)
        departed = {(name, key) for name, key in self._scopes if key not in held[name]}
        return Review(
            FrozenMap(self._populations()),
            tuple(sorted(self._moves, key=lambda one: (one.profile, one.key))),
            rekeys,
            losses,
            FrozenMap((name, frozenset(key for of, key in departed if of is name)) for name in PEOPLE),
            held,
            self._report(losses, rekeys),
        )

    def _count(self) -> None:
        for category in PEOPLE:
            for record in self._before.tables[category].values():
                assert isinstance(record, Person)
                profile = profile_of(record)
                self._sizes.update((place, profile) for place in self._old.places(record))
            for key, (old, new) in self._diff.tables[category].items():
                assert old is None or isinstance(old, Person)
                assert new is None or isinstance(new, Person)
                self._compared(category, key, old, new)

    def _compared(self, category: Category, key: Jointure, old: Person | None, new: Person | None) -> None:
        were = {(place, profile_of(old)) for place in self._old.places(old)} if old else set()
        are = {(place, profile_of(new)) for place in self._new.places(new)} if new else set()
        if new is None:
            self._scopes[category, key] = frozenset(were)
            self._note(were, "vanished", key)
        elif old is None:
            self._note(are, "returned" if key in self._gone else "created", key)
        else:
            self._note(are & were, "updated", key)
            self._note(are - were, "arrived", key)
            self._note(were - are, "left", key)
            if not isinstance(old, Guardian) and not isinstance(new, Guardian) and old.school and new.school:
                schools = [self._places.get(one, one) for one in (old.school, new.school)]
                if schools[0] != schools[1]:
                    self._moves.append(Move(key, profile_of(new), *schools))

    def _note(self, scopes: Collection[Population], what: str, key: Jointure) -> None:
        for scope in scopes:
            self._keys[scope, what].add(key)

    def _populations(self) -> Iterator[tuple[Population, PopulationChanges]]:
        profiles = list(Profile)
        for scope in sorted({scope for scope, _ in self._keys}, key=lambda one: (one[0] or "", profiles.index(one[1]))):
            names = ("created", "updated", "vanished", "returned", "arrived", "left")
            keys = [frozenset(self._keys.get((scope, name), ())) for name in names]
            yield scope, PopulationChanges(self._sizes[scope], *keys)

    def _losses(self, share: float, least: int) -> Iterator[Loss]:
        """Give the losses that look like a missing file: categories, structures, then profiles of structures."""
        for category, table in self._before.tables.items():
            if table and not self._after.tables[category]:
                yield Loss(category=category, lost=len(table), before=len(table))
        left = {self._places[key] for key in self._after.schools}
        whole: dict[Place, list[tuple[int, int]]] = defaultdict(list)
        for (place, profile), before in sorted(self._sizes.items(), key=lambda one: (one[0][0] or "", one[0][1])):
            lost = len(self._keys.get(((place, profile), "vanished"), ()))
            if place in self._places and place not in left:
                whole[place].append((lost, before))
            if (lost > share * before and lost >= least) or lost == before > 1:
                yield Loss(place, profile, None, lost, before)
        for place, numbers in whole.items():
            lost, before = (sum(column) for column in zip(*numbers, strict=True))
            if lost:
                yield Loss(place, None, None, lost, before)

    def _held(self, losses: tuple[Loss, ...]) -> FrozenMap[Category, Keys]:
        """Give the people who vanished in a loss to confirm."""
        profiles = {(one.school, one.profile) for one in losses if one.profile is not None}
        schools = {one.school for one in losses if one.profile is None and one.category is None}
        categories = {one.category for one in losses}
        held: dict[Category, set[Jointure]] = {name: set() for name in PEOPLE}
        for (category, key), scopes in self._scopes.items():
            if category in categories or scopes & profiles or any(place in schools for place, _ in scopes):
                held[category].add(key)
        return FrozenMap((name, frozenset(keys)) for name, keys in held.items())

    def _rekeys(self) -> Iterator[Rekey]:
        """Pair those who vanish with those who appear: same INE, else same names and birth date."""
        for category in PEOPLE:
            by_ine: dict[str, list[Person]] = defaultdict(list)
            by_name: dict[tuple[object, ...], list[Person]] = defaultdict(list)
            for person in self._only(category, 0):
                by_ine[_ine(person)].append(person)
                by_name[_triple(person)].append(person)
            for person in self._only(category, 1):
                same = by_ine[_ine(person)] if _ine(person) else []
                named = by_name[_triple(person)] if _triple(person) else []
                for old in same or named:
                    yield Rekey(profile_of(person), old.key, person.key, by_ine=bool(same))

    def _only(self, category: Category, side: int) -> Iterator[Person]:
        """Give those who are on one side only, by key."""
        for _, pair in sorted(self._diff.tables[category].items()):
            person = pair[side]
            if pair[1 - side] is None and isinstance(person, Person):
                yield person

    def _report(self, losses: tuple[Loss, ...], rekeys: tuple[Rekey, ...]) -> Report:
        findings = Findings()
        for one in losses:
            if one.category is not None:
                where = Location(kind=one.category.value)
                findings.found("emptied_category", where, category=one.category.value, count=one.lost)
                continue
            where = Location(kind=Category.SCHOOLS.value, key=one.school or "")
            numbers: dict[str, Param] = {"school": self._shown(one.school), "lost": one.lost, "before": one.before}
            if one.profile is None:
                findings.found("vanished_structure", where, **numbers)
            else:
                findings.found("suspicious_loss", where, profile=one.profile.value, **numbers)
        for pair in rekeys:
            findings.found("possible_rekey", Location(kind=_KINDS[pair.profile], key=pair.after), previous=pair.before)
        return findings.report()

    def _shown(self, place: Place) -> str:
        """Give the UAI of a structure, else its identifier."""
        if place is None:
            return "-"
        school = self._before.schools.get(place) or self._after.schools.get(place)
        return (school.uai if school else None) or place


_KINDS: Final = {
    Profile.PUPIL: Category.PUPILS.value,
    Profile.GUARDIAN: Category.GUARDIANS.value,
    Profile.TEACHER: Category.STAFF.value,
    Profile.STAFF: Category.STAFF.value,
}


def _ine(person: Person) -> str:
    return person.ine if isinstance(person, Pupil) else ""


def _triple(person: Person) -> tuple[object, ...]:
    """Give the names, folded, and the birth date; nothing when one is missing (aaf 6.2)."""
    names = [compact(name) or clean(name).casefold() for name in (person.given, person.family)]
    return (*names, person.birth_date) if all(names) and person.birth_date else ()
