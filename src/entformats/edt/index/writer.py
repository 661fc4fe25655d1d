"""Writing the export of Index Éducation: what the reader fills, in the layout of version 2.0 (edt 2.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time
from itertools import chain
from typing import TypeVar

from attrs import evolve, frozen

from entformats.codes import uai as uais
from entformats.codes.weeks import WeekSet
from entformats.codes.weeks import format as weeks_text
from entformats.edt.index import values
from entformats.edt.index.calendar import SchoolDates
from entformats.edt.index.core import core_of
from entformats.edt.index.document import NAMESPACE, ROOT, SAID_BY
from entformats.edt.index.lessons import EXCLUSION, LABELS, MASKS, RESOURCES
from entformats.edt.index.markup import batches, element
from entformats.edt.index.people import IDENTIFIERS, MEMBERSHIPS
from entformats.errors import InvalidValue
from entformats.identity import Identity, Ref
from entformats.timetable import (
    Domain,
    Equipment,
    Kind,
    OptionGroup,
    Presence,
    Pupil,
    Room,
    SchoolClass,
    Slot,
    StaffMember,
    Teacher,
    Timetable,
    WeeklyLesson,
    kind_of,
)
from entformats.timetable.models import Extra

__all__ = ["Layout", "write_index"]

T = TypeVar("T")

Attributes = dict[str, str | None]
Rest = Mapping[str, Mapping[str, str]]
"""What an `extra` says, by element: "" for the entity itself, `Classe[2]` for a child."""


@frozen
class Layout:
    """Présentation de ce qui est écrit (edt 2.13, 3.2).

    >>> Layout(core=True).domains
    False
    """

    domains: bool = False
    """Write the decoded weeks as comments, as the vendor does."""
    inline_guardians: bool = False
    """Write guardians inside their pupils, as version 1.1 does."""
    core: bool = False
    """Write version 1.1, the published grammar, and nothing of what came after; guardians are inside their pupils."""


def write_index(timetable: Timetable, *, layout: Layout = Layout()) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Write one file, `Edt_To_ENT_<UAI>.xml`; the same timetable always gives the same bytes.

    References of other programs, which are no numbers, are numbered. Declared closures, alternations and services,
    stable codes of groups and weeks of memberships have no place in this format and are left out.
    """
    uai = f"_{timetable.uai}" if uais.is_valid(timetable.uai) else ""
    chosen = evolve(layout, inline_guardians=True) if layout.core else layout
    written = core_of(timetable) if layout.core else timetable
    yield f"Edt_To_ENT{uai}.xml", batches(_Writer(written, chosen).lines())


class _Numbers:
    """Numéros: the `Ident` of each reference; new ones begin after the greatest of the kind."""

    __slots__ = ("_given", "_next")

    def __init__(self, names: Iterable[str]) -> None:
        self._given: dict[str, str] = {}
        self._next: defaultdict[Kind, int] = defaultdict(lambda: 1)
        for name in names:
            number = _number(name)
            if number is not None:
                self._next[kind_of(name)] = max(self._next[kind_of(name)], number + 1)

    def of(self, name: str) -> str:
        number = _number(name)
        if number is not None:
            return str(number)
        if name not in self._given:
            kind = kind_of(name)
            self._given[name] = str(self._next[kind])
            self._next[kind] += 1
        return self._given[name]


def _number(name: str) -> int | None:
    try:
        return int(values.ident(name.partition(":")[2]))
    except InvalidValue:
        return None


class _Writer:
    """Écriture d'un emploi du temps, one container after another."""

    __slots__ = ("_dates", "_extra", "_layout", "_numbers", "_timetable")

    def __init__(self, timetable: Timetable, layout: Layout) -> None:
        self._timetable = timetable
        self._layout = layout
        self._extra = _by_element(timetable.extra)
        self._dates = SchoolDates(timetable.start, timetable.end, timetable.first_monday)
        self._numbers = _Numbers(_references_of(timetable))

    def lines(self) -> Iterator[str]:
        """Give the document, line by line."""
        timetable = self._timetable
        own: Attributes = {"xmlns": NAMESPACE, "Version": timetable.version or "2.0", "UAI": timetable.uai or None}
        yield from element(ROOT, own | _missing(self._extra, "", own), self._containers())

    def _containers(self) -> Iterator[str]:
        timetable = self._timetable
        yield from _optional("Etablissements", self._establishments())
        yield from self._year()
        yield from self._grid()
        yield from self._section(Domain.SUBJECTS, self._subjects())
        yield from self._section(Domain.NAMES, self._people("Professeur", timetable.teachers.values()))
        yield from _optional("Personnels", self._people("Personnel", timetable.staff.values()))
        yield from element("Classes", {}, self._each(timetable.classes.values(), self._class))
        yield from self._section(Domain.GROUPS, self._each(timetable.option_groups.values(), self._group))
        yield from element("Salles", {}, self._named("Salle", timetable.rooms.values()))
        yield from _optional("Materiels", self._named("Materiel", timetable.equipment.values()))
        yield from _optional("Responsables", self._guardians())
        yield from self._section(Domain.PUPILS, self._each(timetable.pupils.values(), self._pupil))
        yield from self._section(Domain.LESSONS, self._each(timetable.weekly_lessons, self._lesson))

    def _section(self, domain: Domain, lines: Iterator[str]) -> Iterator[str]:
        """Write a container, empty where there is nothing in it; left out where that would say more than is known."""
        if domain in self._timetable.silent_on:
            return _optional(SAID_BY[domain], lines)
        return element(SAID_BY[domain], {}, lines)

    def _each(self, items: Iterable[T], write: Callable[[T], Iterator[str]]) -> Iterator[str]:
        return (line for item in items for line in write(item))

    def _child(self, tag: str, name: str, rest: Rest, place: str, **attributes: str | None) -> Iterator[str]:
        """Write a reference with its attributes and what `extra` says of it."""
        own: Attributes = {"Ident": self._numbers.of(name), **attributes}
        return element(tag, own | _missing(rest, place, own))

    def _establishments(self) -> Iterator[str]:
        for number, school in enumerate(self._timetable.establishments, start=1):
            own: Attributes = {"Ident": school.ref, "Numero": school.uai, "Nom": school.name}
            yield from element("Etablissement", own | _missing(self._extra, f"Etablissement[{number}]", own))

    def _year(self) -> Iterator[str]:
        dates = self._dates
        own: Attributes = {
            "DateDebut": _day(dates.start),
            "DateFin": _day(dates.end),
            "DatePremierJourSemaine1": _day(dates.first_monday),
        }
        own |= _missing(self._extra, "AnneeScolaire", own)
        if any(text is not None for text in own.values()):
            yield from element("AnneeScolaire", own)

    def _grid(self) -> Iterator[str]:
        grid = self._timetable.grid
        own: Attributes = {"NombrePlacesParJour": _count(grid.slots_per_day), "DureePlace": _count(grid.slot_minutes)}
        own |= _missing(self._extra, "GrilleHoraire", own)
        days = "".join(f"<Jour>{day}</Jour>" for day in grid.days)
        inside = [f"<JoursOuvres>{days}</JoursOuvres>"] if days else []
        inside += _optional("PlacesParJour", self._slots(grid.slots))
        if inside or any(text is not None for text in own.values()):
            yield from element("GrilleHoraire", own, inside)

    def _slots(self, slots: Iterable[Slot]) -> Iterator[str]:
        for number, slot in enumerate(slots, start=1):
            own: Attributes = {
                "Numero": str(slot.number),
                "LibelleHeureDebut": _clock(slot.start),
                "LibelleHeureFin": _clock(slot.end),
            }
            yield from element("Place", own | _missing(self._extra, f"GrilleHoraire/Place[{number}]", own))

    def _subjects(self) -> Iterator[str]:
        for name, subject in self._timetable.subjects.items():
            own: Attributes = {"Ident": self._numbers.of(name), "Code": subject.code, "Libelle": subject.label}
            yield from element("Matiere", own | _missing(_by_element(subject.extra), "", own))

    def _named(self, tag: str, things: Iterable[Room | Equipment]) -> Iterator[str]:
        for thing in things:
            own: Attributes = {"Ident": self._numbers.of(thing.ref), "Nom": thing.name}
            yield from element(tag, own | _missing(_by_element(thing.extra), "", own))

    def _person(self, identity: Identity, extra: Extra, **others: str | None) -> Attributes:
        own: Attributes = {
            "Ident": self._numbers.of(identity.ref),
            "Nom": identity.family,
            "Prenom": identity.given,
            "DateNaissance": _day(identity.birth_date),
            **others,
        }
        own |= {name: identity.identifier(kind) for name, kind in IDENTIFIERS[identity.profile].items()}
        return own | _missing(_by_element(extra), "", own)

    def _people(self, tag: str, people: Iterable[Teacher | StaffMember]) -> Iterator[str]:
        for person in people:
            yield from element(tag, self._person(person.identity, person.extra))

    def _guardians(self) -> Iterator[str]:
        linked: set[Ref] = set()
        if self._layout.inline_guardians:
            linked = {link.guardian for pupil in self._timetable.pupils.values() for link in pupil.guardians}
        for name, guardian in self._timetable.guardians.items():
            if name not in linked and not self._layout.core:
                yield from element("Responsable", self._person(guardian.identity, guardian.extra))

    def _class(self, one: SchoolClass) -> Iterator[str]:
        rest = _by_element(one.extra)
        own: Attributes = {"Ident": self._numbers.of(one.ref), "Nom": one.name}
        schools = (f"{Kind.CLASS}:{school}" for school in one.establishments)
        inside = [*self._references("Etablissement", schools, rest)]
        for number, part in enumerate(one.parts, start=1):
            named = self._timetable.class_parts.get(part)
            label = named.name if named else ""
            inside += self._child("PartieDeClasse", part, rest, f"PartieDeClasse[{number}]", Nom=label or None)
        inside += self._references("ProfesseurPrincipal", one.head_teachers, rest)
        return element("Classe", own | _missing(rest, "", own), inside)

    def _references(self, tag: str, names: Iterable[str], rest: Rest) -> Iterator[str]:
        for number, name in enumerate(names, start=1):
            yield from self._child(tag, name, rest, f"{tag}[{number}]")

    def _group(self, one: OptionGroup) -> Iterator[str]:
        rest = _by_element(one.extra)
        own: Attributes = {"Ident": self._numbers.of(one.ref), "Nom": one.name}
        inside = chain(
            self._references("Classe", one.classes, rest),
            self._references("PartieDeClasse", one.parts, rest),
            self._references("Eleve", one.pupils, rest),
        )
        return element("Groupe", own | _missing(rest, "", own), inside)

    def _pupil(self, pupil: Pupil) -> Iterator[str]:
        rest = _by_element(pupil.extra)
        own = self._person(pupil.identity, pupil.extra, Sexe=pupil.sex or None)
        return element("Eleve", own, chain(self._links(pupil, rest), self._memberships(pupil, rest)))

    def _links(self, pupil: Pupil, rest: Rest) -> Iterator[str]:
        for number, link in enumerate(pupil.guardians, start=1):
            guardian = self._timetable.guardians.get(link.guardian) if self._layout.inline_guardians else None
            own: Attributes = {
                "Ident": self._numbers.of(link.guardian),
                "RespLegal": str(link.rank) if link.rank else None,
            }
            if guardian is not None:
                own |= self._person(guardian.identity, guardian.extra)
            yield from element("Responsable", own | _missing(rest, f"Responsable[{number}]", own))

    def _memberships(self, pupil: Pupil, rest: Rest) -> Iterator[str]:
        for tag, kind in MEMBERSHIPS.items():
            of_kind = (one for one in pupil.memberships if kind_of(one.of) is kind)
            for number, one in enumerate(of_kind, start=1):
                start, end = _day(one.start), _day(one.end)
                yield from self._child(tag, one.of, rest, f"{tag}[{number}]", DateEntree=start, DateSortie=end)

    def _lesson(self, lesson: WeeklyLesson) -> Iterator[str]:
        rest = _by_element(lesson.extra)
        raw = rest.get("", {})
        own: Attributes = {
            "Jour": None if "Jour" in raw and not lesson.weekday else str(lesson.weekday),
            "NumeroPlaceDebut": _count(lesson.first_slot),
            "NombrePlaces": _count(lesson.slot_count),
            "Annuel": _annual(lesson, raw),
            "SemainesAnnulation": self._cancelled(lesson, raw),
        }
        others = {name: text for name, text in _missing(rest, "", own).items() if name not in (*LABELS, "Matiere")}
        unknown = (f"{Kind.SUBJECT}:{ident}" for ident in lesson.extra.get("Matiere", ()))
        inside = chain(
            self._references("Matiere", chain(lesson.subjects, unknown), rest),
            (line for tag in RESOURCES for line in self._resources(tag, lesson, rest)),
            (line for tag in LABELS for line in _labels(tag, lesson.extra, rest)),
        )
        return element("Cours", own | others, inside)

    def _cancelled(self, lesson: WeeklyLesson, raw: Mapping[str, str]) -> str | None:
        return self._mask("SemainesAnnulation", lesson.cancelled, raw, lesson.weekday) if lesson.cancelled else None

    def _resources(self, tag: str, lesson: WeeklyLesson, rest: Rest) -> Iterator[str]:
        for number, presence in enumerate(lesson.of(RESOURCES[tag]), start=1):
            place = f"{tag}[{number}]"
            own: Attributes = {"Ident": self._numbers.of(presence.who)}
            own |= self._weeks(presence, rest.get(place, {}), lesson.weekday)
            others = {name: text for name, text in _missing(rest, place, own).items() if name not in MASKS}
            (line,) = element(tag, own | others)
            domain = f"<!--Domaine : [{weeks_text(presence.weeks)}]-->"
            yield f"{line.removesuffix('/>')}>{domain}</{tag}>" if self._layout.domains else line

    def _weeks(self, presence: Presence, raw: Mapping[str, str], weekday: int) -> Attributes:
        """Write the weeks under the name that the resource wants; the text they were read from if it says them."""
        usual = MASKS[1] if kind_of(presence.who) is Kind.PUPIL else MASKS[0]
        if not presence.weeks and EXCLUSION in raw:
            return {}
        for name in (usual, MASKS[0]):
            if name in raw and self._mask(name, presence.weeks, raw, weekday) == raw[name]:
                return {name: raw[name]}
        return {usual: str(presence.weeks.mask)}

    def _mask(self, name: str, weeks: WeekSet, raw: Mapping[str, str], weekday: int) -> str:
        """Give the text of a mask: the one it was read from if it still says these weeks."""
        text = raw.get(name, "")
        try:
            legal = values.mask(text) & self._dates.legal_weeks(weekday)
        except InvalidValue:
            legal = -1
        return text if legal == weeks.mask else str(weeks.mask)


def _references_of(timetable: Timetable) -> Iterator[str]:
    entities: tuple[Mapping[Ref, object], ...] = (
        timetable.subjects,
        timetable.teachers,
        timetable.staff,
        timetable.classes,
        timetable.class_parts,
        timetable.option_groups,
        timetable.rooms,
        timetable.equipment,
        timetable.guardians,
        timetable.pupils,
    )
    return (name for names in entities for name in names)


def _by_element(extra: Extra) -> dict[str, dict[str, str]]:
    """Split an `extra` by element: `Classe[2]/DateEntree` is the attribute `DateEntree` of `Classe[2]`."""
    found: dict[str, dict[str, str]] = {}
    for key in sorted(extra):
        place, _, name = key.rpartition("/")
        found.setdefault(place, {})[name] = extra[key][0] if extra[key] else ""
    return found


def _missing(rest: Rest, place: str, own: Attributes) -> Attributes:
    """Give what `extra` says of an element and the model does not."""
    return {name: text for name, text in rest.get(place, {}).items() if own.get(name) is None}


def _optional(tag: str, inside: Iterable[str]) -> Iterator[str]:
    """Write a container of later versions, if there is anything in it."""
    lines = list(inside)
    return element(tag, {}, lines) if lines else iter(())


def _labels(tag: str, extra: Extra, rest: Rest) -> Iterator[str]:
    for number, text in enumerate(extra.get(tag, ()), start=1):
        yield from element(tag, rest.get(f"{tag}[{number}]", {}), text=text)


def _annual(lesson: WeeklyLesson, raw: Mapping[str, str]) -> str | None:
    if lesson.annual is None or (lesson.annual is False and "Annuel" in raw):
        return None
    return "1" if lesson.annual else "0"


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _clock(value: time | None) -> str | None:
    return None if value is None else value.isoformat("seconds")


def _count(value: int | None) -> str | None:
    return None if value is None else str(value)
