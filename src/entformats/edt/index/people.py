"""Teachers, staff, guardians and pupils (edt 2.7, 2.8, 2.12, 2.13)."""

from __future__ import annotations

from collections.abc import Iterator

from entformats.edt.index.record import Record
from entformats.errors import InvalidValue
from entformats.identity import Identifier, IdentifierKind, Identity, Profile, Ref
from entformats.timetable import Guardian, GuardianLink, Kind, Membership, Pupil, StaffMember, Teacher, ref

__all__ = ["IDENTIFIERS", "PersonReader"]

ADDRESS = ("CodePostal", "Adresse1", "Adresse2", "Adresse3", "Adresse4", "Ville", "Pays")
EXPECTED = ("IDCAS", "IDEtablissement", "Civilite", "EMail", "TelPortable", *ADDRESS)
IDENTIFIERS = {
    Profile.TEACHER: {"IDSTS": IdentifierKind.STS, "IDPN": IdentifierKind.IDPN},
    Profile.STAFF: {"IDSTS": IdentifierKind.STS, "IDPN": IdentifierKind.IDPN},
    Profile.GUARDIAN: {"IDPN": IdentifierKind.IDPN},
    Profile.PUPIL: {
        "NumeroNational": IdentifierKind.INE,
        "IDSconet": IdentifierKind.SIECLE,
        "IDPN": IdentifierKind.IDPN,
    },
}
"""Attribute -> identifier that two systems may share, in the order in which they are written."""
MEMBERSHIPS = {"Classe": Kind.CLASS, "PartieDeClasse": Kind.PART, "Groupe": Kind.GROUP}
RANKS = {"1": 1, "2": 2}


class PersonReader:
    """Lecteur des personnes of one school; guardians defined inside pupils are gathered in `inline`."""

    __slots__ = ("_school", "guardians")

    def __init__(self, school: str) -> None:
        """Read people of the school of this UAI."""
        self._school = school
        self.guardians: dict[Ref, Guardian] = {}

    def teacher(self, record: Record, name: Ref) -> Teacher:
        """Read `Professeurs/Professeur`. Problems: `person_without_name`, `date_unreadable`."""
        identity = self._identity(record, name, Profile.TEACHER)
        return Teacher(identity, record.rest(EXPECTED))

    def staff(self, record: Record, name: Ref) -> StaffMember:
        """Read `Personnels/Personnel`. Problems: `person_without_name`, `date_unreadable`."""
        identity = self._identity(record, name, Profile.STAFF)
        return StaffMember(identity, record.rest(EXPECTED))

    def guardian(self, record: Record, name: Ref) -> Guardian:
        """Read a guardian where it is defined. Problems: `person_without_name`, `date_unreadable`."""
        identity = self._identity(record, name, Profile.GUARDIAN)
        return Guardian(identity, record.rest(EXPECTED))

    def pupil(self, record: Record, name: Ref) -> Pupil:
        """Read `Eleves/Eleve`; memberships are put in the order classes, parts, groups.

        Problems: `person_without_name`, `date_unreadable`, `birth_date_empty`, `membership_void`,
        `guardian_definitions_differ`.
        """
        born = record.peek("DateNaissance")
        if born is not None and not born.strip():
            record.found("birth_date_empty", "DateNaissance")
        identity = self._identity(record, name, Profile.PUPIL)
        sex = record.text("Sexe")
        guardians = tuple(self._links(record))
        memberships = tuple(_memberships(record))
        return Pupil(identity, sex, memberships, guardians, record.rest(EXPECTED))

    def _identity(self, record: Record, name: Ref, profile: Profile) -> Identity:
        family, given = record.text("Nom"), record.text("Prenom")
        if not family.strip():
            record.found("person_without_name", "Nom")
        born = record.date("DateNaissance")
        known = ((kind, record.optional(attribute)) for attribute, kind in IDENTIFIERS[profile].items())
        identifiers = frozenset(Identifier(kind, value) for kind, value in known if value)
        return Identity(name, profile, self._school, given, family, birth_date=born, identifiers=identifiers)

    def _links(self, pupil: Record) -> Iterator[GuardianLink]:
        """Read `Eleve/Responsable`: an entry with a name defines a guardian, one without refers to it (edt 2.13)."""
        for record in pupil.each("Responsable"):
            ident = record.ident()
            if ident is None:
                continue
            name = ref(Kind.GUARDIAN, ident)
            rank = record.value("RespLegal", _rank, "number_unreadable") or 0
            left = record.take_back("RespLegal")
            kept = record
            if record.peek("Nom") is not None:
                self._define(record, name)
                kept = record.emptied()
            if left:
                kept.leave("RespLegal", left)
            pupil.keep(kept)
            yield GuardianLink(name, rank)

    def _define(self, record: Record, name: Ref) -> None:
        guardian = self.guardian(record, name)
        if self.guardians.setdefault(name, guardian) != guardian:
            record.found("guardian_definitions_differ")


def _rank(text: str) -> int:
    if text not in RANKS:
        raise InvalidValue("expected 1 or 2")
    return RANKS[text]


def _memberships(pupil: Record) -> Iterator[Membership]:
    for tag, kind in MEMBERSHIPS.items():
        for record in pupil.each(tag):
            ident = record.ident()
            if ident is None:
                continue
            start, end = record.date("DateEntree"), record.date("DateSortie")
            if start is not None and end is not None and start > end:
                record.found("membership_void", "DateSortie", of=f"{tag} {ident}")
            pupil.keep(record)
            yield Membership(ref(kind, ident), start, end)
