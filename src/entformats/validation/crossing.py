"""Checks of several sources against each other: a directory and timetables, or timetables of one school."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import Final, TypeAlias

from attrs import frozen

from entformats import aaf, edt, pronote, rules
from entformats.aaf import Category
from entformats.codes import school_year
from entformats.codes.school_year import SchoolYear
from entformats.identity import Key, Profile
from entformats.problems import Location, Problem, problem
from entformats.reading import Reading
from entformats.timetable import Timetable
from entformats.timetable.models import Kind, key

__all__ = ["CROSSINGS", "Crossing", "Together", "crossed"]


_CATEGORIES: Final = {Profile.TEACHER: Category.STAFF, Profile.PUPIL: Category.PUPILS}


@frozen(repr=False)
class Together:
    """Sources ensemble: what a check between sources may ask.

    >>> Together((), ())
    <Together 0 deliveries, 0 timetables>
    """

    deliveries: tuple[aaf.Delivery, ...]
    exports: tuple[edt.Export, ...]
    identifiers: tuple[pronote.Identifiers, ...] = ()

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> Together:
        """Sort what was read by kind.

        >>> Together.of([])
        <Together 0 deliveries, 0 timetables>
        """
        known = tuple(readings)
        return cls(
            tuple(one for one in known if isinstance(one, aaf.Delivery)),
            tuple(one for one in known if isinstance(one, edt.Export)),
            tuple(one for one in known if isinstance(one, pronote.Identifiers)),
        )

    def pairs(self) -> Iterator[tuple[aaf.Delivery, Timetable]]:
        """Give each timetable with each delivery that describes everybody and has its school."""
        for delivery in self.deliveries:
            for export in self.exports:
                if delivery.complete and _known(delivery, export.timetable):
                    yield delivery, export.timetable

    def __repr__(self) -> str:
        """Show the numbers only."""
        return f"<Together {len(self.deliveries)} deliveries, {len(self.exports)} timetables>"


def _known(delivery: aaf.Delivery, timetable: Timetable) -> bool:
    return any(school.uai == timetable.uai for school in delivery.directory.schools.values())


Crossing: TypeAlias = Callable[[Together], Iterator[Problem]]
"""Contrôle croisé: one rule, a pure function of the sources."""


def crossed(together: Together) -> Iterator[Problem]:
    """Run every check between sources, in order.

    >>> list(crossed(Together((), ())))
    []
    """
    for one in CROSSINGS:
        yield from one(together)


def school_in_directory(together: Together) -> Iterator[Problem]:
    """L'établissement de l'emploi du temps est dans l'annuaire."""
    for delivery in together.deliveries:
        for export in together.exports:
            if delivery.complete and delivery.directory.schools and not _known(delivery, export.timetable):
                yield problem("school_not_in_directory", Location(kind=export.dialect), uai=export.timetable.uai)


def same_year(together: Together) -> Iterator[Problem]:
    """Les sources sont de la même année scolaire: timetables say theirs, deliveries are dated."""
    years = {year for export in together.exports if (year := export.timetable.school_year) is not None}
    for delivery in together.deliveries:
        years |= {school_year.of(day) for day in delivery.manifest.dates}
    for one, other in combinations(sorted(years), 2):
        yield problem("years_differ", one=_year(one), other=_year(other))


def _year(year: SchoolYear) -> str:
    return school_year.format(year)


def classes_in_directory(together: Together) -> Iterator[Problem]:
    """Les classes de l'emploi du temps sont celles de l'annuaire, par leur nom nettoyé (rules 3.2)."""
    for delivery, timetable in together.pairs():
        view = delivery.directory.school(timetable.uai)
        known = _names(Kind.CLASS, (one.name for one in view.classes.values()))
        taught = _names(Kind.CLASS, (one.name for one in timetable.classes.values()))
        for name in sorted(taught[one] for one in taught.keys() - known.keys()):
            yield problem("class_not_in_directory", Location(kind="Classe", key=name), name=name)
        for name in sorted(known[one] for one in known.keys() - taught.keys()):
            yield problem("class_not_in_timetable", Location(kind="Classe", key=name), name=name)


def groups_in_directory(together: Together) -> Iterator[Problem]:
    """Les groupes de l'annuaire existent dans l'emploi du temps, which may have more of its own (rules 2.1)."""
    for delivery, timetable in together.pairs():
        view = delivery.directory.school(timetable.uai)
        known = _names(Kind.GROUP, (one.name for one in view.groups.values()))
        taught = _names(Kind.GROUP, (one.name for one in timetable.option_groups.values()))
        for name in sorted(known[one] for one in known.keys() - taught.keys()):
            yield problem("group_not_in_timetable", Location(kind="Groupe", key=name), name=name)


def subjects_in_directory(together: Together) -> Iterator[Problem]:
    """Les matières de l'emploi du temps qui ont un code national sont dans la nomenclature livrée (nomenclatures 5)."""
    for delivery, timetable in together.pairs():
        if Category.SUBJECTS in delivery.manifest.categories - delivery.manifest.incomplete:
            known = {str(code) for code in delivery.directory.subjects}
            told = {one.national_code: one.label for one in timetable.subjects.values() if one.national_code}
            for code in sorted(told.keys() - known):
                where = Location(kind="Matiere", key=code)
                yield problem("subject_not_in_directory", where, code=code, label=told[code])


def _names(kind: Kind, names: Iterable[str]) -> dict[Key, str]:
    return {key(kind, name): name for name in names}


def people_in_directory(together: Together) -> Iterator[Problem]:
    """Les enseignants et les élèves de l'emploi du temps ont un compte: findings of matching (rules 1.6)."""
    for delivery, timetable in together.pairs():
        for profile, category in _CATEGORIES.items():
            if category in delivery.manifest.categories - delivery.manifest.incomplete:
                accounts = delivery.directory.identities(school=timetable.uai)
                yield from rules.match(timetable.identities(profile), accounts).report.problems


def pronote_people_in_directory(together: Together) -> Iterator[Problem]:
    """Les personnes d'un export d'identifiants de Pronote ont un compte (pronote 13.2).

    The school is that of the file, else the only one of the delivery.
    """
    for delivery in together.deliveries:
        schools = (
            {school.uai for school in delivery.directory.schools.values() if school.uai} if delivery.complete else set()
        )
        for export in together.identifiers:
            school = export.uai if export.uai or len(schools) != 1 else min(schools)
            if school in schools:
                people = export.identities(school=school)
                accounts = delivery.directory.identities(school=school)
                yield from rules.match(people, accounts, policy=rules.Policy(table=rules.PRONOTE)).report.problems


def same_classes(together: Together) -> Iterator[Problem]:
    """Deux exports du même établissement ont les mêmes classes."""
    for one, other in combinations(together.exports, 2):
        if one.timetable.uai == other.timetable.uai:
            yield from _only_in(one, other)
            yield from _only_in(other, one)


def _only_in(one: edt.Export, other: edt.Export) -> Iterator[Problem]:
    mine, theirs = ({key(Kind.CLASS, c.name): c.name for c in each.timetable.classes.values()} for each in (one, other))
    for name in sorted(mine[each] for each in mine.keys() - theirs.keys()):
        where = Location(kind="Classe", key=name)
        yield problem("class_in_one_export", where, name=name, dialect=one.dialect, other=other.dialect)


CROSSINGS: Final[tuple[Crossing, ...]] = (
    school_in_directory,
    same_year,
    classes_in_directory,
    groups_in_directory,
    subjects_in_directory,
    people_in_directory,
    pronote_people_in_directory,
    same_classes,
)
"""Every check between sources, in the order in which their findings are given; none depends on another."""
