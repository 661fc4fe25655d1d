"""Writing the reconciliation file, in the order and with the attributes of the published schema (pronote 5.1, 5.2)."""

from __future__ import annotations

from collections.abc import Iterator

from entformats.errors import UsageError
from entformats.identity import Profile
from entformats.pronote.markup import element, page
from entformats.pronote.reconciliation import Account, Address, Reconciliation, School
from entformats.pronote.reconciliation_reader import LINES, NAMESPACE, PEOPLE

__all__ = ["write_reconciliation"]

PROTOCOLS = {"", "CAS", "ADFS"}
SEXES = {"", "Masculin", "Feminin"}
DATED = {Profile.TEACHER, Profile.PUPIL}
LARGEST = 2**32


def write_reconciliation(reconciliation: Reconciliation) -> Iterator[bytes]:
    """Écrire un fichier de rapprochement ENT → Pronote, by chunks; the same value gives the same bytes.

    What the schema has no place for (the birth date of a guardian) is not written. Raises UsageError at once for what
    it cannot hold: no date of production, no school, a pupil without birth date (see `writable`), another protocol or
    sex, a number that is none.

    >>> from datetime import datetime
    >>> whole = Reconciliation("NEO", datetime(2022, 9, 5, 6), (School(0, "0749999S", "Les Hauts-Vergers"),))
    >>> b'Numero="0749999S"' in b"".join(write_reconciliation(whole))
    True
    """
    _check(reconciliation)
    at = "" if reconciliation.produced_at is None else reconciliation.produced_at.isoformat(timespec="seconds")
    root = {"xmlns": NAMESPACE, "Date": at, "Partenaire": reconciliation.partner}
    if reconciliation.protocol:
        root["ProtocoleDelegationAuthentification"] = reconciliation.protocol
    return page(element("PARTENAIRE_INDEX", root, list(_inside(reconciliation))))


def _check(whole: Reconciliation) -> None:
    wrong = {
        "a date of production is required": whole.produced_at is None,
        "at least one school is required": not whole.schools or not whole.managed,
        "the protocol is CAS, ADFS or nothing": whole.protocol not in PROTOCOLS,
        "every pupil must have a birth date: see `writable`": any(
            one.birth_date is None for one in whole.of(Profile.PUPIL)
        ),
        "a sex is Masculin, Feminin or nothing": any(one.sex not in SEXES for one in whole.accounts),
        "a number is between 0 and 4294967295": any(not 0 <= number < LARGEST for number in _numbers(whole)),
    }
    for message, is_wrong in wrong.items():
        if is_wrong:
            raise UsageError(message)


def _numbers(whole: Reconciliation) -> Iterator[int]:
    yield from (*whole.managed, *whole.titles, *(school.ident for school in whole.schools))
    for account in whole.accounts:
        yield from (account.ident, *account.guardians, account.title or 0)


def _inside(whole: Reconciliation) -> Iterator[str]:
    if whole.titles:
        titles = [
            line
            for ident, label in whole.titles.items()
            for line in element("Civilite", {"Ident": str(ident), "Libelle": label})
        ]
        yield from element("Nomenclatures", {}, element("Civilites", {}, titles))
    yield from element("Etablissements", {}, [line for school in whole.schools for line in _school(school)])
    yield from element(
        "EtablissementsGeres", {}, [line for one in whole.managed for line in _link("Etablissement", one)]
    )
    for name, (tag, profile) in PEOPLE.items():
        people = whole.of(profile)
        if people:
            yield from element(name, {}, [line for one in people for line in _account(tag, one)])


def _link(tag: str, ident: int) -> Iterator[str]:
    return element(tag, {"Ident": str(ident)})


def _school(school: School) -> Iterator[str]:
    phones = {
        "TelSecretariat": school.phone_office,
        "TelScolarite": school.phone_registry,
        "Fax": school.fax,
        "EMail": school.email,
    }
    told = {"Ident": str(school.ident), "Numero": school.uai, "Nom": school.name}
    return element("Etablissement", told | _filled(_address(school.address) | phones))


def _account(tag: str, account: Account) -> Iterator[str]:
    told = {"Ident": str(account.ident), "Nom": account.family, "Prenom": account.given}
    more: dict[str, str] = {}
    inside: list[str] = []
    if account.profile in DATED and account.birth_date is not None:
        more["DateNaissance"] = account.birth_date.isoformat()
    if account.profile is Profile.PUPIL:
        more |= {"Sexe": account.sex, "NumeroNational": account.national_id}
        inside = [line for ident in account.guardians for line in _link("Responsable", ident)]
    if account.profile is Profile.GUARDIAN and account.title is not None:
        inside = list(_link("Civilite", account.title))
    return element(
        tag, told | _filled(more) | {"ID_Partenaire": account.ent_id} | _filled(_address(account.address)), inside
    )


def _address(address: Address) -> dict[str, str]:
    rest = {"CodePostal": address.postal_code, "Ville": address.city, "Pays": address.country}
    return dict(zip(LINES, address.lines, strict=False)) | rest


def _filled(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
