"""Teachers, other staff, pupils and what they belong to (udt 4.3, 4.6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from attrs import frozen

from entformats.codes.weeks import WeekSet
from entformats.edt.index.values import number
from entformats.edt.udt.calendar import Year, iso_mask
from entformats.edt.udt.document import Document
from entformats.edt.udt.naming import WEEKLY
from entformats.edt.udt.record import Reading, Record
from entformats.edt.udt.structures import Structures, part_ref, table
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import Identifier, IdentifierKind, Identity, Profile, Ref
from entformats.timetable import Kind, Membership, Pupil, StaffMember, Teacher, ref

__all__ = ["MAX_MASK", "People", "read_people"]

EXPECTED = ("id", "comment", "civilite", "mail", "code_matppl")
MAX_MASK = (1 << 64) - 1


@frozen
class People:
    """Personnes de l'archive. `by_code` and `by_epj` name every `prof`, teacher or not."""

    teachers: FrozenMap[Ref, Teacher]
    staff: FrozenMap[Ref, StaffMember]
    pupils: FrozenMap[Ref, Pupil]
    by_code: FrozenMap[str, Ref]
    by_epj: FrozenMap[str, Ref]


def read_people(document: Document, school: str, year: Year, structures: Structures, reading: Reading) -> People:
    """Read the members 04, 10 and 21.

    A `prof` without main subject is no teacher, unless a lesson names him (udt 4.3). Problems: `udt_key_missing`,
    `udt_key_duplicate`, `person_without_name`, `date_unreadable`, `birth_date_empty`, `udt_person_unknown`,
    `udt_reference_unknown`, `udt_mask_unreadable`, `udt_iso_week_invalid`.
    """
    teaching = {
        row.node.attributes.get("prof", "").strip()
        for member, rows in document.rows.items()
        for row in rows
        if member.number in WEEKLY
    }
    teachers: dict[Ref, Teacher] = {}
    staff: dict[Ref, StaffMember] = {}
    names: dict[str, Ref] = {}
    epj: dict[str, Ref] = {}

    def person(record: Record, _: Ref, code: str) -> None:
        other = record.row.node.attributes.get("code_matppl", "?").strip() == "" and code not in teaching
        profile, kind = (Profile.STAFF, Kind.STAFF) if other else (Profile.TEACHER, Kind.TEACHER)
        names[code] = ref(kind, code)
        jointure = record.optional("epj")
        known = frozenset([Identifier(IdentifierKind.JOINTURE, jointure)] if jointure else [])
        if jointure:
            epj.setdefault(jointure, names[code])
        identity = _identity(record, names[code], profile, school, "date_naissance", known)
        if other:
            staff[names[code]] = StaffMember(identity, record.rest(EXPECTED))
        else:
            teachers[names[code]] = Teacher(identity, record.rest(EXPECTED))

    for _ in table(document.of("04"), Kind.TEACHER, reading, person):
        pass
    pupils = _pupils(document, school, year, structures, reading)
    return People(FrozenMap(teachers), FrozenMap(staff), FrozenMap(pupils), FrozenMap(names), FrozenMap(epj))


def _identity(
    record: Record, name: Ref, profile: Profile, school: str, born: str, known: frozenset[Identifier]
) -> Identity:
    family, given = record.raw("nom"), record.raw("prenom")
    if not family.strip():
        record.found("person_without_name", "nom")
    day = record.date(born)
    return Identity(name, profile, school, given, family, birth_date=day, identifiers=known)


def _pupils(document: Document, school: str, year: Year, structures: Structures, reading: Reading) -> dict[Ref, Pupil]:
    """Read the pupils, then what each belongs to."""
    codes = {row.node.attributes.get("code", "").strip() for row in document.of("10")}
    links: defaultdict[str, list[_Link]] = defaultdict(list)
    for row in document.of("21"):
        link = _link(Record(reading, row), codes, year, structures)
        if link is not None:
            links[link.pupil].append(link)

    def pupil(record: Record, name: Ref, code: str) -> Pupil:
        if record.has("naissance") and not record.row.node.attributes["naissance"].strip():
            record.found("birth_date_empty", "naissance")
        identity = _identity(record, name, Profile.PUPIL, school, "naissance", frozenset())
        kept = {
            f"ele_gpe[{number}]/semaines": (link.raw,)
            for number, link in enumerate(links[code], start=1)
            if link.raw is not None
        }
        memberships = tuple(link.membership for link in links[code])
        return Pupil(identity, memberships=memberships, extra=FrozenMap({**record.rest(), **kept}))

    return {name: one for name, _, one in table(document.of("10"), Kind.PUPIL, reading, pupil)}


@frozen
class _Link:
    """Appartenance lue: the code of the pupil, and the text of the weeks where they say more than the model."""

    pupil: str
    membership: Membership
    raw: str | None


def _link(record: Record, pupils: set[str], year: Year, structures: Structures) -> _Link | None:
    """Read `ele_gpe`; None, reported, where the pupil or the place is unknown."""
    pupil, division, part = record.key("ele"), record.key("code_div"), record.text("gpe")
    weeks, raw = _weeks(record, year)
    record.skip_rest()
    if not pupil or not division:
        return None
    if pupil not in pupils:
        record.found("udt_person_unknown", "ele", of="eleve", ident=pupil)
        return None
    home = part_ref(division, part) if part else ref(Kind.CLASS, division)
    known: Mapping[Ref, object] = structures.parts if part else structures.classes
    if home not in known:
        record.found("udt_reference_unknown", "gpe", of="gpe" if part else "div", ident=home.partition(":")[2])
        return None
    return _Link(pupil, Membership(home, weeks=weeks), raw)


def _weeks(record: Record, year: Year) -> tuple[WeekSet | None, str | None]:
    """Read `semaines`: empty, `0`, absent or no number is the whole year (udt 4.6)."""
    text = record.raw("semaines")
    try:
        mask = number(text, MAX_MASK) if text.strip() else 0
    except InvalidValue:
        record.found("udt_mask_unreadable", "semaines", value=text)
        mask = 0
    if not mask or year.first_monday is None:
        return None, text if text not in {"", "0"} else None
    found, wrong = year.of_iso_mask(mask)
    if wrong:
        record.found("udt_iso_week_invalid", "semaines", weeks=", ".join(map(str, wrong)))
    weeks = year.through_holidays(found)
    return weeks, text if iso_mask(weeks, year.first_monday) != mask else None
