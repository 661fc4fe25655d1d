"""Teachers and staff of STS-Web: individuals, known by type and number (sts 2.3, 3, 10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import evolve

from entformats.edt.sts.document import Item, StsFile
from entformats.edt.sts.flat import flat
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import Identifier, IdentifierKind, Identity, Profile, Ref, read_date
from entformats.timetable import Kind, StaffMember, Teacher, ref

__all__ = ["Individuals", "read_day", "read_individuals"]

TEACHING = "ENS"
TAKEN = ("@ID", "@TYPE", "NOM_USAGE", "NOM_PATRONYMIQUE", "PRENOM", "DATE_NAISSANCE")


class Individuals:
    """Individus of one school: each is known by `TYPE` and `ID` together (sts 10)."""

    def __init__(self, school: str) -> None:
        """Start with nobody."""
        self._school = school
        self._types: dict[str, set[str]] = {}
        self.people: dict[str, Identity] = {}
        self.extra: dict[str, dict[str, tuple[str, ...]]] = {}
        self.teaching: set[str] = set()
        self.heads: list[tuple[str, Item]] = []

    def read(self, sts_emp: StsFile) -> None:
        """Read the individuals of `sts_emp`.

        Problems: `sts_id_missing`, `sts_id_duplicate`, `sts_person_without_name`, `sts_date_unreadable`,
        `sts_birth_date_missing`.
        """
        for item in sts_emp.every("INDIVIDU"):
            number, kind = item.attribute("ID"), item.attribute("TYPE") or "epp"
            who = f"{kind}{number}"
            if not number or who in self.people:
                item.found("sts_id_duplicate" if number else "sts_id_missing", number)
                continue
            self._types.setdefault(number, set()).add(kind)
            self.people[who] = self._identity(item, who)
            self.extra[who] = dict(flat(item.node, TAKEN))
            if not self.people[who].birth_date and item.text("DATE_NAISSANCE"):
                self.extra[who]["DATE_NAISSANCE"] = (item.text("DATE_NAISSANCE"),)
            if item.text("FONCTION") == TEACHING or not item.text("FONCTION"):
                self.teaching.add(who)
            self.heads += ((who, head) for head in item.every("PROF_PRINC"))

    def _identity(self, item: Item, who: str) -> Identity:
        family, given = item.text("NOM_USAGE", "NOM_PATRONYMIQUE"), item.text("PRENOM")
        if not family:
            item.found("sts_person_without_name", who)
        born = read_day(item, who, "DATE_NAISSANCE")
        if born is None:
            item.found("sts_birth_date_missing", who)
        return Identity(
            who,
            Profile.TEACHER,
            self._school,
            given,
            family,
            item.text("NOM_PATRONYMIQUE"),
            birth_date=born,
            identifiers=frozenset({Identifier(IdentifierKind.STS, who)}),
        )

    def complete(self, emp_sts: StsFile, *, named: bool) -> None:
        """Add what `emp_sts` says of individuals: their allowances, and who teaches.

        `named` tells whether the individuals of `sts_emp` are known: one that is not among them is reported.

        Problems: `sts_teacher_unknown`, `sts_id_missing`.
        """
        for item in emp_sts.every("INDIVIDU"):
            number = item.attribute("ID")
            if not number:
                item.found("sts_id_missing")
                continue
            who = self._individual(item, named=named)
            self.extra[who].update(flat(item.node, TAKEN, "EDT_STS/"))

    def note(self, number: str, kind: str) -> None:
        """Remember the type under which a file names a number."""
        if kind:
            self._types.setdefault(number, set()).add(kind)

    def teacher(self, item: Item, *, named: bool) -> str:
        """Give the individual who gives a service. Problems: `sts_teacher_unknown`."""
        who = self._individual(item, named=named)
        self.teaching.add(who)
        return who

    def _individual(self, item: Item, *, named: bool) -> str:
        """Find an individual; without `TYPE`, the only one of this number, else an `epp`."""
        number, kind = item.attribute("ID"), item.attribute("TYPE")
        known = self._types.get(number, set())
        who = f"{kind or (min(known) if len(known) == 1 else 'epp')}{number}"
        if who not in self.people:
            if named:
                item.found("sts_teacher_unknown", who)
            known_as = frozenset({Identifier(IdentifierKind.STS, who)})
            self.people[who] = Identity(who, Profile.TEACHER, self._school, "", "", identifiers=known_as)
            self.extra[who] = {}
            self.teaching.add(who)
        return who

    def teachers(self) -> Iterator[tuple[Ref, Teacher]]:
        """Give those who teach: function `ENS`, or none, or a service (sts 2.3)."""
        for who, person in self.people.items():
            if who in self.teaching:
                name = ref(Kind.TEACHER, who)
                yield name, Teacher(evolve(person, ref=name), FrozenMap(self.extra[who]))

    def staff(self) -> Iterator[tuple[Ref, StaffMember]]:
        """Give the others."""
        for who, person in self.people.items():
            if who not in self.teaching:
                name = ref(Kind.STAFF, who)
                member = evolve(person, ref=name, profile=Profile.STAFF)
                yield name, StaffMember(member, FrozenMap(self.extra[who]))


def read_individuals(school: str, sts_emp: StsFile | None, emp_sts: StsFile | None) -> Individuals:
    """Read the individuals of both files; `emp_sts` has no names (sts 3)."""
    found = Individuals(school)
    if sts_emp is not None:
        found.read(sts_emp)
    if emp_sts is not None:
        for item in emp_sts.every("ENSEIGNANT"):
            found.note(item.attribute("ID"), item.attribute("TYPE"))
        found.complete(emp_sts, named=sts_emp is not None)
    return found


def read_day(item: Item, key: str, tag: str) -> date | None:
    """Read a date of a person; one that is none is reported. Problems: `sts_date_unreadable`."""
    text = item.text(tag)
    try:
        return read_date(text) if text else None
    except InvalidValue:
        item.found("sts_date_unreadable", key, tag, value=text)
        return None
