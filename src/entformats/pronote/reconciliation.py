"""The reconciliation file that an ENT gives to Pronote: its accounts, as one value (pronote 5.1, 5.2)."""

from __future__ import annotations

from datetime import date, datetime

from attrs import evolve, field, frozen

from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Profile
from entformats.problems import Findings, Location, Report

__all__ = ["Account", "Address", "Reconciliation", "School", "writable"]


@frozen(repr=False)
class Address:
    """Adresse: up to four lines, and the rest; its `repr` says nothing.

    >>> Address(("1 rue Fictive",), "74000", "VILLE-FICTIVE")
    <Address>
    """

    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = ""

    def __attrs_post_init__(self) -> None:
        """Raise UsageError for more than four lines."""
        if len(self.lines) > 4:  # noqa: PLR2004 - Adresse1 to Adresse4
            raise UsageError("an address has at most four lines")

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "<Address>"


@frozen
class School:
    """Établissement: `ident` is its number in the file.

    >>> School(0, "0749999S", "Collège Les Hauts-Vergers").uai
    '0749999S'
    """

    ident: int
    uai: str
    name: str
    address: Address = Address()
    phone_office: str = field(default="", repr=False)
    phone_registry: str = field(default="", repr=False)
    fax: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@frozen(repr=False)
class Account:
    """Compte: one person of the ENT. `ident` is the number in this file, never a key; `ent_id` is `ID_Partenaire`.

    `ent_id` keeps its blanks. Only teachers and pupils have a birth date, only pupils a sex, a national number and
    `guardians` (their `ident`), only guardians a `title` (number of a civility).

    >>> Account(Profile.TEACHER, 3, "VALMOND", "Odile", "a81f")
    <Account teacher 3>
    """

    profile: Profile
    ident: int
    family: str
    given: str
    ent_id: str
    birth_date: date | None = None
    sex: str = ""
    """`Masculin` or `Feminin`, without accent; "" where it is not said."""
    national_id: str = ""
    title: int | None = None
    guardians: tuple[int, ...] = ()
    address: Address = Address()

    def __repr__(self) -> str:
        """Show what the person is, and the number in the file."""
        return f"<Account {self.profile} {self.ident}>"


@frozen
class Reconciliation:
    """Fichier de rapprochement: the accounts that an ENT declares to one base of Pronote.

    `schools` are described, `managed` are the `ident` of those that the base manages: all of a cité scolaire.
    `titles` are the civilities by number. `protocol` is `CAS`, `ADFS` or "".

    >>> whole = Reconciliation("NEO", datetime(2022, 9, 5, 6), (School(0, "0749999S", "Les Hauts-Vergers"),))
    >>> whole.managed, whole.of(Profile.PUPIL)
    ((0,), ())
    """

    partner: str
    produced_at: datetime | None
    schools: tuple[School, ...]
    accounts: tuple[Account, ...] = field(default=(), repr=False)
    managed: tuple[int, ...] = field()
    titles: FrozenMap[int, str] = field(factory=FrozenMap, repr=False)
    protocol: str = "CAS"
    report: Report = field(factory=Report, eq=False, repr=False)

    @managed.default
    def _all_schools(self) -> tuple[int, ...]:
        return tuple(school.ident for school in self.schools)

    def of(self, profile: Profile) -> tuple[Account, ...]:
        """Give the accounts of one profile, in file order."""
        return tuple(account for account in self.accounts if account.profile is profile)


def writable(reconciliation: Reconciliation) -> tuple[Reconciliation, Report]:
    """Retenir ce qui peut être écrit: without the pupils that have no birth date, which the schema requires.

    Problems: `reconciliation_undated_pupil`. Source: pronote 5.2.

    >>> pupil = Account(Profile.PUPIL, 0, "VALMOND", "Odile", "a81f")
    >>> whole = Reconciliation("NEO", None, (School(0, "0749999S", "Les Hauts-Vergers"),), (pupil,))
    >>> kept, report = writable(whole)
    >>> kept.accounts, [one.slug for one in report.problems]
    ((), ['reconciliation_undated_pupil'])
    """
    findings = Findings()
    kept: list[Account] = []
    for account in reconciliation.accounts:
        if account.profile is Profile.PUPIL and account.birth_date is None:
            findings.found("reconciliation_undated_pupil", Location(kind="Eleve", key=str(account.ident)))
        else:
            kept.append(account)
    return evolve(reconciliation, accounts=tuple(kept)), findings.report()
