"""What an export of identifiers says: one row a person, and the file as a whole (pronote 3.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from attrs import evolve, field, frozen

from entformats.identity import Identifier, IdentifierKind, Identity, Profile, identifiers
from entformats.problems import Report

__all__ = ["Identifiers", "PronoteIdentifier"]

ONE_OF_EACH = (Profile.PUPIL, Profile.GUARDIAN, Profile.TEACHER)
"""One profile of each population: what a person of unknown category may be."""


@frozen(repr=False)
class PronoteIdentifier:
    """Identifiant Pronote: one person of the file, with the identifier that Pronote knows them by (pronote 3.1).

    `pronote_id` is exact, as written. `cas_id` is the identifier of the ENT that Pronote already holds, where the file
    gives it. Dates, numbers and names are hidden in `repr`.

    >>> row = PronoteIdentifier("K7WQ2ZTB9XNHJ4CV", "VALMOND", "Odile", Profile.TEACHER, position=2)
    >>> row, row.ref
    (<PronoteIdentifier teacher line:2>, 'line:2')
    """

    pronote_id: str
    family: str
    given: str
    profile: Profile | None = None
    """What the person is to the school; None where the file does not say, or in words that are not known."""
    birth_date: date | None = None
    classes: tuple[str, ...] = ()
    cas_id: str | None = None
    national_id: str | None = None
    postal_code: str | None = None
    local_ref: str | None = None
    """`Ident` or `NUMERO`: a number of this file only, never a key."""
    child_refs: tuple[str, ...] = ()
    """Of a guardian, the `local_ref` of each child."""
    uai: str | None = None
    other_family: str | None = None
    """Nom d'usage, where the file gives it beside the family name."""
    other_given: str | None = None
    position: int = 0
    """Line, from 1."""
    rank: int = 1
    """Place among the people of this line."""

    @property
    def short_id(self) -> str:
        """Identifiant court: without the prefix that names this establishment (`0749999S$…`) (pronote 3.6).

        >>> PronoteIdentifier("0749999S$12345678", "A", "B", uai="0749999S").short_id
        '12345678'
        """
        prefix, sign, short = self.pronote_id.partition("$")
        return short if sign and short and self.uai and prefix.casefold() == self.uai.casefold() else self.pronote_id

    @property
    def ref(self) -> str:
        """Référence: names this row inside its file, by its place."""
        return f"line:{self.position}" + (f".{self.rank}" if self.rank > 1 else "")

    def __repr__(self) -> str:
        """Hide the person and the identifier."""
        return f"<PronoteIdentifier {self.profile or 'unknown'} {self.ref}>"


@frozen(repr=False)
class Identifiers:
    """Export d'identifiants: the usable rows of a file, in file order, and what was found while reading it.

    `dialect` is `xml` (A: elements with attributes), `table` (B: `TABLE` of rows) or `csv` (C).

    >>> Identifiers("csv", (PronoteIdentifier("K7WQ2ZTB9XNHJ4CV", "VALMOND", "Odile"),))
    <Identifiers csv: 1 person>
    """

    dialect: str
    identifiers: tuple[PronoteIdentifier, ...] = ()
    report: Report = field(factory=Report)
    encoding: str = ""
    uai: str | None = None
    software: str = ""
    version: str = ""
    exported_at: datetime | None = None
    rejected: int = 0
    """Rows that were left out; the report says why."""

    @property
    def rows(self) -> int:
        """Lignes lues: used or left out."""
        return len(self.identifiers) + self.rejected

    def identities(self, profile: Profile | None = None, *, school: str | None = None) -> tuple[Identity, ...]:
        """Identités à rapprocher: what `rules.match` takes, with the table `rules.PRONOTE` (pronote 13.2).

        `school` is the UAI under which people are matched, where neither the row nor the file gives one. A person of
        unknown category is given once for each population, since they may be of any: their refs end with it.

        >>> row = PronoteIdentifier("K7WQ2ZTB9XNHJ4CV", "VALMOND", "Odile", Profile.TEACHER, position=2)
        >>> Identifiers("csv", (row,)).identities(Profile.TEACHER, school="0749999S")
        (<Identity teacher line:2>,)
        """
        pupils = {row.local_ref: row.ref for row in self.identifiers if row.profile is Profile.PUPIL and row.local_ref}
        found = (one for row in self.identifiers for one in _identities(row, self.school_of(row, school), pupils))
        return tuple(one for one in found if profile in (None, one.profile))

    def school_of(self, row: PronoteIdentifier, school: str | None = None) -> str:
        """Établissement d'une ligne: its own UAI, else that of the file, else `school`, else "".

        >>> Identifiers("csv", uai="0749999S").school_of(PronoteIdentifier("K7WQ2ZTB9XNHJ4CV", "A", "B"))
        '0749999S'
        """
        return row.uai or self.uai or school or ""

    def __repr__(self) -> str:
        """Show the dialect and the number of people."""
        count = len(self.identifiers)
        return f"<Identifiers {self.dialect}: {count} {'person' if count == 1 else 'people'}>"


def _identities(row: PronoteIdentifier, school: str, pupils: Mapping[str, str]) -> Iterator[Identity]:
    """Give a row as a person, or as one of each population."""
    found = Identity(
        row.ref,
        row.profile or Profile.PUPIL,
        school,
        row.given,
        row.family,
        birth_family=row.other_family or "",
        other_given=(row.other_given,) if row.other_given else (),
        birth_date=row.birth_date,
        identifiers=_numbers(row),
        classes=frozenset(row.classes),
        children=frozenset(pupils[child] for child in row.child_refs if child in pupils),
        postal_code=row.postal_code or "",
    )
    if row.profile:
        yield found
    else:
        yield from (evolve(found, ref=f"{row.ref}:{one}", profile=one) for one in ONE_OF_EACH)


def _numbers(row: PronoteIdentifier) -> frozenset[Identifier]:
    return identifiers([(IdentifierKind.IDPN, row.short_id), (IdentifierKind.INE, row.national_id)])
