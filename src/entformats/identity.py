"""One person as one system knows them: the same type on both sides of a match (rules 1.2, 1.5, 1.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NewType, TypeAlias

from attrs import field, frozen

from entformats.errors import InvalidValue
from entformats.names import clean

__all__ = [
    "Account",
    "Decision",
    "Identifier",
    "IdentifierKind",
    "Identity",
    "Key",
    "Population",
    "Profile",
    "Ref",
    "SourceKey",
    "read_date",
]

Ref = NewType("Ref", str)
"""Référence: names a thing inside one file only (`teacher:36`, from an EDT `Ident`)."""
Key = NewType("Key", str)
"""Clé: names a thing across files and imports (`idpn:K7WQ2ZTB9XNHJ4CV`, `class:6A`)."""
Account: TypeAlias = str
"""Compte: the identifier of a person in the ENT or in the directory; `Identity.ref` of an account."""


class Population(StrEnum):
    """Population: the three kinds of people that are never matched with one another (rules 1.6, M7)."""

    PUPILS = "pupils"
    GUARDIANS = "guardians"
    STAFF = "staff"


class Profile(StrEnum):
    """Profil: what a person is to the school."""

    PUPIL = "pupil"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    STAFF = "staff"

    @property
    def population(self) -> Population:
        """Population: teachers and other staff are one kind for matching.

        >>> Profile.TEACHER.population is Profile.STAFF.population
        True
        """
        return _POPULATIONS[self]


_POPULATIONS = {
    Profile.PUPIL: Population.PUPILS,
    Profile.GUARDIAN: Population.GUARDIANS,
    Profile.TEACHER: Population.STAFF,
    Profile.STAFF: Population.STAFF,
}


class IdentifierKind(StrEnum):
    """Type d'identifiant: only identifiers of one type are compared with each other (rules 1.6, level 0)."""

    JOINTURE = "jointure"
    """`ENTPersonJointure` of AAF, `epj` of UDT."""
    INE = "ine"
    IDPN = "idpn"
    """Pronote's unique identifier."""
    STS = "sts"
    """STS `TYPE` + `ID`, EDT `IDSTS`."""
    SIECLE = "siecle"
    """A SIECLE pupil number: inside one school only, and only with an equal birth date."""


@frozen
class Identifier:
    """Identifiant partagé: a number that two systems may both know. Hidden in `repr`.

    >>> Identifier(IdentifierKind.INE, "090412000FB")
    Identifier(kind=<IdentifierKind.INE: 'ine'>)
    """

    kind: IdentifierKind
    value: str = field(repr=False)


_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?")
_FRENCH = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


def read_date(text: str) -> date:
    """Lire une date: `YYYY-MM-DD` (a time after `T` is dropped) or `DD/MM/YYYY`, nothing else (rules 1.2).

    Raises `InvalidValue` for any other shape and for a date that is not in the calendar.

    >>> read_date("02/10/1974") == read_date("1974-10-02T00:00:00") == date(1974, 10, 2)
    True
    """
    if iso := _ISO.fullmatch(text):
        year, month, day = iso.groups()
    elif french := _FRENCH.fullmatch(text):
        day, month, year = french.groups()
    else:
        raise InvalidValue("expected a date YYYY-MM-DD or DD/MM/YYYY")
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise InvalidValue("expected a date of the calendar") from error


@frozen(repr=False)
class SourceKey:
    """Code source: given name, family name and birth date, `prenom$nom$date` when shown (rules 1.2).

    Never compare the strings that two programs build; compare these values, cleaned.

    >>> str(SourceKey("Lyes", "DELBECQ", date(1974, 10, 2)))
    'Lyes$DELBECQ$1974-10-02'
    """

    given: str
    family: str
    birth_date: date | None = None

    @classmethod
    def parse(cls, text: str) -> SourceKey:
        """Read `prenom$nom$date`: exactly two `$`; an empty date is legal.

        Raises `InvalidValue` when there are not three fields, or when the date has a shape that is not read.

        >>> SourceKey.parse("Lyes$DELBECQ$02/10/1974").birth_date
        datetime.date(1974, 10, 2)
        """
        fields = text.split("$")
        if len(fields) != 3:  # noqa: PLR2004 - three fields, two `$`
            raise InvalidValue(f"expected 3 fields separated by '$', found {len(fields)}")
        given, family, born = (clean(part) for part in fields)
        return cls(given, family, read_date(born) if born else None)

    @property
    def cleaned(self) -> SourceKey:
        """Clé nettoyée: the form under which decisions are remembered; case and accents are kept."""
        return SourceKey(clean(self.given), clean(self.family), self.birth_date)

    @property
    def malformed(self) -> bool:
        """Malformée: an empty name, or a `$` inside a name: never matched (rules 1.2)."""
        return not clean(self.given) or not clean(self.family) or "$" in self.given + self.family

    def __str__(self) -> str:
        """Render the code; it identifies a person."""
        return f"{self.given}${self.family}${self.birth_date or ''}"

    def __repr__(self) -> str:
        """Hide the person."""
        return "<SourceKey>"


@frozen(repr=False)
class Identity:
    """Identité: one person as one system knows them.

    `ref` is opaque and unique in its collection: a `Ref` of a file, or an account of the ENT. `school` is the UAI
    of the scope in which the person is matched; a person of two schools is two identities.

    >>> person = Identity("teacher:2", Profile.TEACHER, "0749999S", "Odile", "VALMOND", birth_date=date(1974, 10, 2))
    >>> str(person.source_key), person
    ('Odile$VALMOND$1974-10-02', <Identity teacher teacher:2>)
    """

    ref: str
    profile: Profile
    school: str
    given: str
    """Prénom usuel."""
    family: str
    """Nom d'usage."""
    birth_family: str = ""
    """Nom patronymique, where the system has it."""
    other_given: tuple[str, ...] = ()
    """Autres prénoms, in order; the first may repeat `given`."""
    birth_date: date | None = None
    identifiers: frozenset[Identifier] = frozenset()
    classes: frozenset[str] = frozenset()
    """Names of the classes of a pupil, where the system gives them with the person."""
    children: frozenset[str] = frozenset()
    """Refs, in the same collection, of the children of a guardian."""
    postal_code: str = ""

    @property
    def source_key(self) -> SourceKey:
        """Code source of this person."""
        return SourceKey(self.given, self.family, self.birth_date)

    @property
    def scope(self) -> tuple[str, Population]:
        """Périmètre: people are only matched inside one school and one population (rules 1.6, M7)."""
        return self.school, self.profile.population

    @property
    def key(self) -> Key:
        """Clé entre imports: the stable identifier of the dialect, else the cleaned source key (rules 3.2).

        >>> Identity("teacher:2", Profile.TEACHER, "0749999S", "Odile", "VALMOND").key
        'source:Odile$VALMOND$'
        """
        for kind in _STABLE:
            if value := self.identifier(kind):
                return Key(f"{kind}:{value}")
        return Key(f"source:{self.source_key.cleaned}")

    def identifier(self, kind: IdentifierKind) -> str | None:
        """Give the identifier of one type; the least one where there are several, so that order never matters."""
        return min((i.value for i in self.identifiers if i.kind is kind), default=None)

    def __repr__(self) -> str:
        """Hide the person."""
        return f"<Identity {self.profile} {self.ref}>"


_STABLE = (IdentifierKind.IDPN, IdentifierKind.JOINTURE, IdentifierKind.STS)


def _names_an_account(decision: Decision, _attribute: object, refused: bool) -> None:  # noqa: FBT001 - attrs calls it
    if refused and decision.account is None:
        raise InvalidValue("a refusal names the account that the person is not")


@frozen
class Decision:
    """Décision: a human answer about one source person, remembered over imports (rules 1.6, Manual identification).

    `account` None means dismissed: known, not in the ENT, do not ask again. `refused` is the contrary of a match: this
    person is not `account`, which is no candidate and no suggestion any more. Stored under the cleaned source key.
    Raises `InvalidValue` for a refusal that names no account.

    >>> Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", "VALMOND"), account=None).dismissed
    True
    """

    profile: Profile
    school: str
    source_key: SourceKey
    account: Account | None
    by: str | None = None
    at: datetime | None = None
    refused: bool = field(default=False, validator=_names_an_account)
    """Décision négative: the person and the account are two people."""
    known_as: SourceKey | None = None
    """Names and birth date of the account when the answer was given."""

    @property
    def scope(self) -> tuple[str, Population, SourceKey]:
        """Périmètre: school, population and cleaned key that the answer is about."""
        return self.school, self.profile.population, self.source_key.cleaned

    @property
    def dismissed(self) -> bool:
        """Écartée: the person is known not to be in the ENT."""
        return self.account is None


def identifiers(pairs: Iterable[tuple[IdentifierKind, str | None]]) -> frozenset[Identifier]:
    """Collect the non-empty identifiers of a record.

    >>> len(identifiers([(IdentifierKind.INE, "090412000FB"), (IdentifierKind.IDPN, "")]))
    1
    """
    return frozenset(Identifier(kind, value) for kind, value in pairs if value)
