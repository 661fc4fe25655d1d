"""What a timetable lets a directory know of its people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from entformats.codes.jointure import Jointure
from entformats.identity import IdentifierKind, Identity, Ref
from entformats.testing.school.people import Civil
from entformats.timetable import Kind, Pupil, Timetable, kind_of
from entformats.timetable.models import Extra

__all__ = ["account_of", "civil_of", "first_homes", "first_text", "invented_date"]

_RANGES: Final = {Kind.PUPIL: 3_100_000, Kind.GUARDIAN: 3_400_000, Kind.TEACHER: 2_700_000, Kind.STAFF: 2_800_000}
_NOT_NUMBERED: Final = 70_000
_TITLES: Final = {"Masculin": "M.", "Feminin": "Mme"}


def account_of(timetable: Timetable, person: Ref) -> Jointure:
    """Jointure that the directory of a timetable gives to a person: from the number of the file, else from the rank.

    >>> account_of(Timetable("0749999S"), Ref("pupil:115"))
    '3100115'
    """
    kind, _, ident = person.partition(":")
    if ident.isascii() and ident.isdigit():
        return Jointure(str(_RANGES[Kind(kind)] + int(ident)))
    everyone = [one.ref for one in timetable.identities() if kind_of(one.ref) == kind]
    return Jointure(str(_RANGES[Kind(kind)] + _NOT_NUMBERED + everyone.index(person)))


def civil_of(timetable: Timetable, person: Ref) -> Civil:
    """Give the civil status that the timetable itself says; the title is invented where it says none."""
    known, title = _known(timetable, person)
    national = known.identifier(IdentifierKind.INE) or ""
    title = title or ("Mme", "M.")[_number(person) % 2]
    return Civil(title, known.given, known.family, known.birth_date, known.birth_family, known.other_given, national)


def _known(timetable: Timetable, person: Ref) -> tuple[Identity, str]:
    match kind_of(person):
        case Kind.PUPIL:
            pupil = timetable.pupils[person]
            return pupil.identity, _TITLES.get(pupil.sex, "")
        case Kind.GUARDIAN:
            guardian = timetable.guardians[person]
            title = first_text(guardian.extra, "Civilite")
            return guardian.identity, title if title in _TITLES.values() else ""
        case Kind.TEACHER:
            return timetable.teachers[person].identity, ""
        case _:
            return timetable.staff[person].identity, ""


def invented_date(person: Ref) -> date:
    """Invent a birth date for staff of whom the timetable says none: always the same for one reference.

    >>> invented_date(Ref("staff:2"))
    datetime.date(1994, 1, 2)
    """
    return date(1962, 1, 1) + timedelta(days=_number(person) * 991 % 12000 + 9)


def _number(person: Ref) -> int:
    return sum(person.encode()) * 7 % 10007


def first_homes(pupil: Pupil) -> Iterator[Ref]:
    """Give the classes and class parts that a pupil is in on his first day."""
    starts = [membership.start for membership in pupil.memberships if membership.start is not None]
    first = min(starts, default=None)
    return (membership.of for membership in pupil.memberships if membership.start in {None, first})


def first_text(extra: Extra, name: str) -> str:
    """Give the first text of an attribute that the model has no field for."""
    return next(iter(extra.get(name, ())), "")
