"""Writing `sts_emp` and `emp_sts`: what the reader of both fills (sts 2, 3); then the files of SIECLE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain

from entformats.codes import uai as uais
from entformats.edt.index.markup import element
from entformats.edt.sts.flat import OURS, below, lines, sections
from entformats.edt.sts.guardians_writer import Responsables
from entformats.edt.sts.plan import Codes, Plan, WrittenCourse, WrittenLine
from entformats.edt.sts.pupils_writer import Eleves
from entformats.identity import Identity, Ref
from entformats.timetable import Domain, OptionGroup, SchoolClass, StaffMember, Teacher, Timetable
from entformats.timetable.models import Extra

__all__ = ["write_sts"]

DECLARATION = '<?xml version="1.0" encoding="ISO-8859-15"?>\n'
AMBIGUOUS = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
"""What a reader might take for UTF-8."""
NOWHERE = "-"
"""Function of staff of whom nothing else is known: without one, they would be teachers (sts 2.3)."""
BEFORE = ("TYPES_AHE", "CIVILITES", "MEFSTATS4", "TAUX_PONDS", "MODS_COURS")
INDIVIDUAL = (
    *("SEXE", "CIVILITE", "NOM_USAGE", "NOM_PATRONYMIQUE", "PRENOM", "DATE_NAISSANCE", "GRADE", "FONCTION"),
    *("PROFS_PRINC", "DISCIPLINES"),
)
STRUCTURE = ("LIBELLE_LONG", "EFFECTIF_PREVU", "EFFECTIF_CALCULE", "EFFECTIF_MAX_EDT")
MEFS = "MEFS_APPARTENANCE"
SUBJECT = ("CODE_GESTION", "LIBELLE_COURT", "LIBELLE_LONG", "LIBELLE_EDITION")
OTHERS = ("SERVICES/", "DIVISION/", "EDT_STS/", "BEE_")
"""Beginnings of the paths of an `extra` that are not those of the element itself."""


def write_sts(timetable: Timetable) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Write the files of a school and year; the same timetable always gives the same bytes.

    `sts_emp` has subjects, individuals, divisions, groups and services; `emp_sts` has alternations, rooms and lessons;
    what the timetable does not speak of (`silent_on`) is not written. Pupils and guardians, where there are any, are in
    the files of SIECLE, whose names tell whether addresses are known.
    Raises UsageError for a text that XML cannot hold.
    """
    year = timetable.school_year
    name = f"{timetable.uai if uais.is_valid(timetable.uai) else '0000000'}_{year or 0}.xml"
    plan = Plan(timetable)
    taught = timetable.weekly_lessons or Domain.LESSONS not in timetable.silent_on
    if not (taught and timetable.silent_on >= {Domain.NAMES, Domain.SUBJECTS}):
        yield f"sts_emp_{name}", _encoded(_Writer(timetable, plan).sts_emp())
    if taught:
        yield f"emp_sts_{name}", _encoded(_Writer(timetable, plan).emp_sts())
    if timetable.pupils:
        pupils = Eleves(timetable, plan.codes)
        yield pupils.name, _encoded(pupils.lines())
    if timetable.guardians:
        guardians = Responsables(timetable)
        yield guardians.name, _encoded(guardians.lines())


def _encoded(written: Iterable[str]) -> Iterator[bytes]:
    """Encode a document; where its bytes could be read as UTF-8, other characters than ASCII become references."""
    text = "".join(f"{line}\n" for line in written)
    data = text.encode("iso-8859-15", "xmlcharrefreplace")
    yield DECLARATION.encode() + (text.encode("ascii", "xmlcharrefreplace") if AMBIGUOUS.search(data) else data)


def _own(extra: Extra) -> dict[str, str]:
    """Give the texts that are those of the element itself; those of another program are not."""
    own = (path for path in extra if OURS.match(path) and not path.startswith(OTHERS))
    return {path: extra[path][0] for path in own}


def _leaf(tag: str, text: str) -> str:
    return next(element(tag, {}, text=text))


class _Writer:
    """Rédacteur of the two files of one timetable."""

    def __init__(self, timetable: Timetable, plan: Plan) -> None:
        self._timetable = timetable
        self._plan = plan
        self._codes: Codes = plan.codes

    def sts_emp(self) -> Iterator[str]:
        """Write the file that comes down from STS-Web."""
        structure = element("STRUCTURE", {}, chain(self._divisions(), self._groups()))
        data = element("DONNEES", {}, chain(element("INDIVIDUS", {}, self._individuals()), structure))
        yield from element("STS_EDT", {}, chain(self._parameters(), self._nomenclatures(), data))

    def _parameters(self) -> Iterator[str]:
        named = next((one.name for one in self._timetable.establishments if one.uai == self._timetable.uai), "")
        written = below(self._timetable.extra, "STS_EDT/PARAMETRES/UAJ/")
        school = {"@CODE": self._timetable.uai, **(written or {"DENOM_PRINC": named})}
        year = {"@ANNEE": str(self._timetable.school_year or "")}
        for tag, day in (("DATE_DEBUT", self._timetable.start), ("DATE_FIN", self._timetable.end)):
            year[tag] = "" if day is None else day.isoformat()
        yield from element("PARAMETRES", {}, chain(lines("UAJ", school), lines("ANNEE_SCOLAIRE", year)))

    def _nomenclatures(self) -> Iterator[str]:
        others = sections(below(self._timetable.extra, "STS_EDT/NOMENCLATURES/"))
        first = (line for tag in BEFORE if tag in others for line in lines(tag, others[tag]))
        last = (line for tag in others if tag not in BEFORE for line in lines(tag, others[tag]))
        subjects = element("MATIERES", {}, self._subjects())
        yield from element("NOMENCLATURES", {}, chain(first, subjects, last))

    def _subjects(self) -> Iterator[str]:
        for name, subject in self._timetable.subjects.items():
            own = {"@CODE": self._codes[name], "LIBELLE_LONG": subject.label, **_own(subject.extra)}
            yield from lines("MATIERE", own, order=SUBJECT)

    def _individuals(self) -> Iterator[str]:
        for teacher in self._timetable.teachers.values():
            yield from self._individual(teacher.identity, teacher.extra, {})
        for member in self._timetable.staff.values():
            yield from self._individual(member.identity, member.extra, {"FONCTION": NOWHERE})

    def _individual(self, person: Identity, extra: Extra, default: Mapping[str, str]) -> Iterator[str]:
        kind, number = self._codes.individual(Ref(person.ref))
        texts = {
            "@ID": number,
            "@TYPE": kind,
            "SEXE": "",
            "NOM_USAGE": person.family,
            "NOM_PATRONYMIQUE": person.birth_family,
            "PRENOM": person.given,
            **({} if person.birth_date is None else {"DATE_NAISSANCE": person.birth_date.isoformat()}),
            **default,
            **_own(extra),
        }
        return lines("INDIVIDU", {**texts, **self._plan.heads(Ref(person.ref), texts)}, order=INDIVIDUAL)

    def _divisions(self) -> Iterator[str]:
        yield from element("DIVISIONS", {}, chain.from_iterable(map(self._division, self._timetable.classes.values())))

    def _division(self, school_class: SchoolClass) -> Iterator[str]:
        code = self._codes[school_class.ref]
        texts = {"@CODE": code, "LIBELLE_LONG": code, **_own(school_class.extra)}
        services = self._services(school_class.ref, courses=False)
        return lines("DIVISION", texts, services, order=STRUCTURE)

    def _groups(self) -> Iterator[str]:
        yield from element("GROUPES", {}, chain.from_iterable(map(self._group, self._timetable.option_groups.values())))

    def _group(self, group: OptionGroup) -> Iterator[str]:
        own = _own(group.extra)
        mefs = {path.removeprefix(f"{MEFS}/"): text for path, text in own.items() if path.startswith(f"{MEFS}/")}
        texts = {path: text for path, text in own.items() if not path.startswith(f"{MEFS}/")}
        inside = chain(
            self._homes(group, ""),
            lines(MEFS, mefs) if mefs else (),
            self._services(group.ref, courses=False),
        )
        named = {"@CODE": self._codes[group.ref], "LIBELLE_LONG": group.name, **texts}
        return lines("GROUPE", named, inside, order=STRUCTURE)

    def _homes(self, group: OptionGroup, prefix: str) -> Iterator[str]:
        """Write the divisions that a group takes its pupils from, with their head counts."""
        divisions = (
            lines("DIVISION_APPARTENANCE", {"@CODE": code, **below(group.extra, f"{prefix}DIVISION/{code}/")})
            for code in self._plan.homes(group)
        )
        return element("DIVISIONS_APPARTENANCE", {}, chain.from_iterable(divisions))

    def _services(self, structure: Ref, *, courses: bool) -> Iterator[str]:
        found = (self._service(line, courses=courses) for line in self._plan.lines_of(structure))
        return element("SERVICES", {}, chain.from_iterable(found))

    def _service(self, line: WrittenLine, *, courses: bool) -> Iterator[str]:
        attributes: dict[str, str | None] = {"CODE_MATIERE": line.subject, "CODE_MOD_COURS": line.modality or None}
        hours = (_leaf("HEURES_STRUCTURE", line.hours),) if line.hours else ()
        together = () if line.co_teaching is None else (_leaf("CO_ENS", str(line.co_teaching).lower()),)
        teachers = (self._assignment(line, who, courses=courses) for who in line.teachers)
        inside = chain(hours, together, element("ENSEIGNANTS", {}, chain.from_iterable(teachers)))
        return element("SERVICE", attributes, inside)

    def _assignment(self, line: WrittenLine, who: Ref, *, courses: bool) -> Iterator[str]:
        kind, number = self._codes.individual(who)
        texts = (_leaf(tag, text) for tag, text in line.texts.get(who, {}).items())
        given = chain.from_iterable(_course(one) for one in line.courses.get(who, ()))
        inside = chain(texts, element("COURS_RATTACHES", {}, given)) if courses else texts
        return element("ENSEIGNANT", {"ID": number, "TYPE": kind}, inside)

    def emp_sts(self) -> Iterator[str]:
        """Write the file that goes up to STS-Web."""
        extra = self._timetable.extra
        parameters = {
            "UAJ": self._timetable.uai,
            "ANNEE_SCOLAIRE": str(self._timetable.school_year or ""),
            **below(extra, "EDT_STS/PARAMETRES/"),
        }
        structure = element("STRUCTURE", {}, chain(self._taught_divisions(), self._taught_groups()))
        data = chain(
            self._hours(),
            element("ALTERNANCES", {}, self._alternations()),
            element("SALLES_COURS", {}, self._rooms()),
            element("INDIVIDUS", {}, self._allowances()),
            structure,
        )
        yield from element("EDT_STS", {}, chain(lines("PARAMETRES", parameters), element("DONNEES", {}, data)))

    def _hours(self) -> Iterator[str]:
        """Write the opening times: those of the file, else those of the lessons."""
        written = below(self._timetable.extra, "EDT_STS/DONNEES/HORAIRES/")
        yield from lines("HORAIRES", written or self._plan.hours())

    def _alternations(self) -> Iterator[str]:
        for code, mondays in self._plan.alternations.items():
            labels = below(self._timetable.extra, f"EDT_STS/ALTERNANCE/{code}/")
            default = {} if code in self._plan.declared else {"LIBELLE_COURT": code, "LIBELLE_LONG": code}
            texts = {"@CODE": code, **default, **labels}
            yield from lines("ALTERNANCE", texts, element("SEMAINES", {}, map(_monday, sorted(mondays))))

    def _rooms(self) -> Iterator[str]:
        for name, room in self._timetable.rooms.items():
            yield from lines("SALLE_COURS", {"@CODE": self._codes[name], **_own(room.extra)})

    def _allowances(self) -> Iterator[str]:
        people: list[Teacher | StaffMember] = [*self._timetable.teachers.values(), *self._timetable.staff.values()]
        for person in people:
            texts = below(person.extra, "EDT_STS/")
            if texts:
                kind, number = self._codes.individual(Ref(person.identity.ref))
                yield from lines("INDIVIDU", {"@ID": number, "@TYPE": kind, **texts})

    def _taught_divisions(self) -> Iterator[str]:
        divisions = (
            element("DIVISION", {"CODE": self._codes[name]}, self._services(name, courses=True))
            for name in self._timetable.classes
        )
        yield from element("DIVISIONS", {}, chain.from_iterable(divisions))

    def _taught_groups(self) -> Iterator[str]:
        groups = (self._taught_group(group) for group in self._timetable.option_groups.values())
        yield from element("GROUPES", {}, chain.from_iterable(groups))

    def _taught_group(self, group: OptionGroup) -> Iterator[str]:
        texts = below(group.extra, "EDT_STS/")
        own = {path: text for path, text in texts.items() if not path.startswith(OTHERS)}
        inside = chain(self._homes(group, "EDT_STS/"), self._services(group.ref, courses=True))
        return lines("GROUPE", {"@CODE": self._codes[group.ref], **own}, inside, order=STRUCTURE)


def _course(course: WrittenCourse) -> Iterator[str]:
    return element("COURS", {}, (_leaf(tag, text) for tag, text in course.texts.items() if text))


def _monday(day: date) -> str:
    return _leaf("DATE_DEBUT_SEMAINE", day.isoformat())
