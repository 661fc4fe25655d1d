"""Reading the reconciliation file, in clear or in its container (pronote 5.1, 5.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from attrs import evolve

from entformats import _files
from entformats._envelope import Decryptor
from entformats._files import Source
from entformats._xml import Element, XmlReader, XmlSpec
from entformats._xml.harvest import attributes, local_name
from entformats.errors import WrongFormat
from entformats.frozen import FrozenMap
from entformats.identity import Profile
from entformats.limits import Limits
from entformats.problems import Findings, Location, problem
from entformats.pronote.container import ROOT, open_container
from entformats.pronote.reconciliation import Account, Address, Reconciliation, School

__all__ = ["NAMESPACE", "PEOPLE", "read_reconciliation"]

T = TypeVar("T")
NAMESPACE = "http://www.index-education.com/rapprochementssoV2.0"
FAMILY = "http://www.index-education.com/rapprochementsso"
PEOPLE = {
    "Personnels": ("Personnel", Profile.STAFF),
    "Professeurs": ("Professeur", Profile.TEACHER),
    "Responsables": ("Responsable", Profile.GUARDIAN),
    "Eleves": ("Eleve", Profile.PUPIL),
}
"""List -> its element, and what its people are; in the order of the schema."""
LINES = ("Adresse1", "Adresse2", "Adresse3", "Adresse4")


def read_reconciliation(
    source: Source,
    *,
    decrypt: Decryptor | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Reconciliation:
    """Lire un fichier de rapprochement ENT → Pronote; a container `ImportChiffre` is opened with `decrypt`.

    A person without number or without `ID_Partenaire` is left out. Problems: `reconciliation_missing`,
    `reconciliation_unreadable`, `reconciliation_dangling`. Raises `WrongFormat` (`not_reconciliation`, `wrong_root`),
    `Encrypted` for a container without key, and what the XML door raises.

    >>> page = f'<PARTENAIRE_INDEX xmlns="{NAMESPACE}" Date="2022-09-05T06:00:00" Partenaire="NEO"/>'
    >>> read_reconciliation(page.encode()).partner
    'NEO'
    """
    part = _files.one(source, limits=limits)
    content = b"".join(part.chunks())
    root = XmlReader([content], XmlSpec(frozenset({"PARTENAIRE_INDEX", ROOT})), file=part.name, limits=limits).root
    if root.name == ROOT:
        content = open_container(content, decrypt, file=part.name, limits=limits)
    return _Reader(content, part.name, limits).whole()


class _Reader:
    """Lecture: collects the lists, then checks the references."""

    __slots__ = ("_file", "_findings", "_xml")

    def __init__(self, content: bytes, file: str, limits: Limits) -> None:
        self._file = file
        self._findings = Findings(stored_per_code=limits.stored_per_code)
        spec = XmlSpec(frozenset({"PARTENAIRE_INDEX"}), depth=2)
        self._xml = XmlReader([content], spec, file=file, limits=limits, findings=self._findings)
        namespace = self._xml.root.namespace
        if namespace and not namespace.startswith(FAMILY):
            raise WrongFormat(problem("not_reconciliation", Location(file, self._xml.root.line), namespace=namespace))

    def whole(self) -> Reconciliation:
        schools: list[School] = []
        managed: list[int] = []
        titles: dict[int, str] = {}
        accounts: list[Account] = []
        for container, element in self._xml.contained():
            if element is None:
                continue
            values, where = attributes(element), Location(self._file, self._xml.line(element), kind=local_name(element))
            if container.name == "Nomenclatures":
                titles |= self._titles(element, where)
                continue
            ident = self._read(values, "Ident", int, where)
            if ident is None:
                continue
            if container.name == "Etablissements":
                schools.append(_school(ident, values))
            elif container.name == "EtablissementsGeres":
                managed.append(ident)
            elif container.name in PEOPLE:
                account = self._account(PEOPLE[container.name][1], ident, element, evolve(where, key=str(ident)))
                accounts.extend([account] if account else [])
        root = self._xml.root
        whole = Reconciliation(
            root.attributes.get("Partenaire", ""),
            self._read(
                root.attributes, "Date", datetime.fromisoformat, Location(self._file, root.line, kind=root.name)
            ),
            tuple(schools),
            tuple(accounts),
            tuple(managed),
            FrozenMap(titles),
            root.attributes.get("ProtocoleDelegationAuthentification", ""),
        )
        self._check(whole)
        return evolve(whole, report=self._findings.report())

    def _titles(self, element: Element, where: Location) -> dict[int, str]:
        found = (
            (self._read(attributes(one), "Ident", int, where), attributes(one).get("Libelle", "")) for one in element
        )
        return {ident: label for ident, label in found if ident is not None}

    def _account(self, profile: Profile, ident: int, element: Element, where: Location) -> Account | None:
        values = attributes(element)
        if not self._required(values, "ID_Partenaire", where):
            return None
        for name in ("Nom", "Prenom", *(["DateNaissance"] if profile is Profile.PUPIL else ())):
            self._required(values, name, where)
        linked = {name: [] for name in ("Responsable", "Civilite")}  # type: dict[str, list[int]]
        for child in element:
            number = self._read(attributes(child), "Ident", int, where)
            if number is not None:
                linked.setdefault(local_name(child), []).append(number)
        return Account(
            profile,
            ident,
            values.get("Nom", ""),
            values.get("Prenom", ""),
            values["ID_Partenaire"],
            self._read(values, "DateNaissance", date.fromisoformat, where) if "DateNaissance" in values else None,
            values.get("Sexe", ""),
            values.get("NumeroNational", ""),
            next(iter(linked["Civilite"]), None),
            tuple(linked["Responsable"]),
            _address(values),
        )

    def _required(self, values: FrozenMap[str, str], name: str, where: Location) -> bool:
        if values.get(name, "").strip():
            return True
        self._findings.found("reconciliation_missing", where, attribute=name)
        return False

    def _read(self, values: FrozenMap[str, str], name: str, read: Callable[[str], T], where: Location) -> T | None:
        """Read one value; None, reported, where it is missing or cannot be read."""
        if not self._required(values, name, where):
            return None
        try:
            return read(values[name].strip())
        except ValueError:
            self._findings.found("reconciliation_unreadable", where, attribute=name, value=values[name])
            return None

    def _check(self, whole: Reconciliation) -> None:
        """Check that what is referred to is in the file."""
        schools = {school.ident for school in whole.schools}
        guardians = {account.ident for account in whole.of(Profile.GUARDIAN)}
        links = [("Etablissement", "", ident, schools) for ident in whole.managed]
        for account in whole.accounts:
            links += [("Responsable", str(account.ident), ident, guardians) for ident in account.guardians]
            if account.title is not None:
                links.append(("Civilite", str(account.ident), account.title, set(whole.titles)))
        for kind, key, ident, known in links:
            if ident not in known:
                self._findings.found("reconciliation_dangling", Location(self._file, kind=kind, key=key), ident=ident)


def _school(ident: int, values: FrozenMap[str, str]) -> School:
    given = (values.get(name, "") for name in ("TelSecretariat", "TelScolarite", "Fax", "EMail"))
    return School(ident, values.get("Numero", ""), values.get("Nom", ""), _address(values), *given)


def _address(values: FrozenMap[str, str]) -> Address:
    lines = tuple(values.get(name, "") for name in LINES)
    last = max((rank for rank, line in enumerate(lines, 1) if line), default=0)
    return Address(lines[:last], *(values.get(name, "") for name in ("CodePostal", "Ville", "Pays")))
