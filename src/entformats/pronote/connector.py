"""The Pronote connector of an ENT: its settings, what is wrong with them, three steps to open it (pronote 12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from enum import StrEnum
from typing import Final, TypeAlias

from attrs import field, frozen

from entformats.identity import Profile
from entformats.problems import Location, Problem, Report, Severity, problem
from entformats.pronote.addresses import Address, ReadAddress, read_address
from entformats.pronote.cas import Recognition

__all__ = ["RULES", "Circumstances", "Connector", "OpeningStep", "Sso", "check", "shared_roots", "steps"]

OLDEST: Final = 2010
"""First year of a version that connects."""
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


class Sso(StrEnum):
    """Type de SSO of the service; the value is the label of the screen."""

    NONE = "Aucun"
    CAS = "SSO Pronote avec CAS"


def _profiles(given: Iterable[Profile]) -> frozenset[Profile]:
    return frozenset(given)


def _schools(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


@frozen(kw_only=True)
class Connector:
    """Service Pronote d'un ENT: what its screen asks, tab by tab (rules 7).

    >>> Connector(url="https://0749999s.index-education.net/pronote").address.host
    '0749999s.index-education.net'
    """

    code: str = ""
    """Code du service, such as `USER_13`."""
    title: str = "Pronote"
    sso: Sso = Sso.CAS
    url: str
    """URL that people open, as it was typed."""
    cas_url: str = ""
    """URL CAS de PRONOTE.net: the address that Pronote announces to CAS; empty when it is the same."""
    version: str = ""
    """Version, such as `PRONOTE 2022`: the product of the school year that begins in 2022 (pronote 11)."""
    recognition: Recognition = Recognition.IDENTITY
    show_block: bool = False
    """Whether the home page shows the last marks, absences and lateness."""
    statistics: str = "Notes"
    """Type Xiti: free text."""
    grouping: str = "Scolarité"
    """Regroupement: the menu where it stands; free text."""
    in_service_bar: bool = True
    quick_access: bool = False
    anonymous: bool = False
    """Service anonyme: the ENT does not say who comes."""
    access: frozenset[Profile] = field(default=frozenset(Profile), converter=_profiles)
    """Onglets d'accès: the profiles that may open it."""

    @property
    def read(self) -> ReadAddress:
        """Adresse lue of `url`."""
        return read_address(self.url, field="URL")

    @property
    def read_cas(self) -> ReadAddress:
        """Adresse lue of `cas_url`, or of `url` where it is empty."""
        return read_address(self.cas_url, field="URL CAS") if self.cas_url else self.read

    @property
    def address(self) -> Address | None:
        """Adresse; None when `url` is none."""
        return self.read.address

    @property
    def year(self) -> int | None:
        """Année de la version; None when it says none."""
        found = _YEAR.search(self.version)
        return int(found[0]) if found else None


@frozen(kw_only=True)
class Circumstances:
    """Circonstances: what the ENT knows beside the settings.

    >>> Circumstances(schools=["0749999S"], school_year=2022).identifiers
    0
    """

    schools: tuple[str, ...] = field(converter=_schools)
    """UAI of the school; the main one first where several are grouped."""
    school_year: int
    """First calendar year of the current school year."""
    identifiers: int = 0
    """Pronote identifiers attached to accounts."""
    cas_pattern: str | None = None
    """Expression that the addresses of the CAS service must match whole; None where it is not known."""
    own_school_life: bool = False
    """Whether the school uses the ENT's own vie scolaire module."""


Check: TypeAlias = Callable[[Connector, Circumstances], Iterator[Problem]]
"""Règle: one check of the settings, a pure function."""


def _at(setting: str) -> Location:
    return Location(kind="Connecteur", attribute=setting)


def addresses(connector: Connector, _: Circumstances) -> Iterator[Problem]:
    """Les deux adresses sont celles d'un serveur Pronote: see `read_address`."""
    yield from connector.read.report.problems
    if connector.cas_url:
        yield from connector.read_cas.report.problems


def same_host(connector: Connector, _: Circumstances) -> Iterator[Problem]:
    """L'adresse annoncée à CAS est d'habitude celle que l'on ouvre."""
    one, other = connector.address, connector.read_cas.address
    if one is not None and other is not None and one.host != other.host:
        yield problem("pronote_cas_host_differs", _at("URL CAS"), host=one.host, cas_host=other.host)


def right_school(connector: Connector, known: Circumstances) -> Iterator[Problem]:
    """Un serveur hébergé porte l'UAI de l'établissement: that of the main one of a cité scolaire."""
    address = connector.address
    school = address.school if address else None
    if school is not None and known.schools and school not in known.schools:
        yield problem("pronote_url_other_school", _at("URL"), uai=school, expected=known.schools[0])


def version_year(connector: Connector, known: Circumstances) -> Iterator[Problem]:
    """La version est celle de l'année scolaire: a later one in summer at the most, an older one is to be updated."""
    year = connector.year
    if connector.version and (year is None or not OLDEST <= year <= known.school_year + 1):
        yield problem("pronote_version_unknown", _at("Version"), version=connector.version)
    elif year is not None and year < known.school_year:
        yield problem("pronote_version_old", _at("Version"), version=year, year=known.school_year)


def block_needs_sso(connector: Connector, _: Circumstances) -> Iterator[Problem]:
    """Le bloc d'accueil demande l'authentification unique: the feed is opened by a ticket of CAS (pronote 7.1)."""
    if connector.show_block and connector.sso is Sso.NONE:
        yield problem("pronote_block_without_sso", _at("Bloc"))


def block_needs_identifiers(connector: Connector, known: Circumstances) -> Iterator[Problem]:
    """Reconnaître par l'identité Pronote demande des identifiants importés (pronote 10.1)."""
    if connector.recognition is Recognition.PRONOTE_IDENTITY and not known.identifiers:
        yield problem("pronote_identifiers_missing", _at("Identifiants"))


def anonymous_service(connector: Connector, _: Circumstances) -> Iterator[Problem]:
    """Un service anonyme ne dit pas qui se connecte: authentication cannot go with it."""
    if connector.anonymous and connector.sso is not Sso.NONE:
        yield problem("pronote_anonymous_with_sso", _at("Service anonyme"))


def somebody_has_access(connector: Connector, _: Circumstances) -> Iterator[Problem]:
    """Au moins un profil a accès au service."""
    if not connector.access:
        yield problem("pronote_no_access", _at("Accès"))


def cas_services(connector: Connector, known: Circumstances) -> Iterator[Problem]:
    """Le service CAS couvre la racine, les pages, les pages mobiles et le flux: each is asked for (pronote 11)."""
    address = connector.read_cas.address
    if address is None or known.cas_pattern is None or connector.sso is Sso.NONE:
        return
    try:
        pattern = re.compile(known.cas_pattern)
    except re.error:
        yield problem("pronote_cas_pattern", _at("CAS"), missing=len(address.services), total=len(address.services))
        return
    missing = [one for one in address.services if not pattern.fullmatch(one)]
    if missing:
        yield problem("pronote_cas_pattern", _at("CAS"), missing=len(missing), total=len(address.services))


def one_school_life(_: Connector, known: Circumstances) -> Iterator[Problem]:
    """Jamais Pronote avec le module de vie scolaire de l'ENT: absences would be kept twice (rules 7)."""
    if known.own_school_life:
        yield problem("pronote_with_own_school_life", _at("Service"))


RULES: Final[tuple[Check, ...]] = (
    addresses,
    same_host,
    right_school,
    version_year,
    block_needs_sso,
    block_needs_identifiers,
    anonymous_service,
    somebody_has_access,
    cas_services,
    one_school_life,
)
"""Every rule, in the order of the table (pronote 12)."""


def check(connector: Connector, known: Circumstances) -> Report:
    """Contrôler les réglages d'un connecteur: every rule of the table (pronote 12).

    >>> known = Circumstances(schools=["0749999S"], school_year=2022)
    >>> settings = Connector(url="http://0749999s.index-education.net/pronote/", version="PRONOTE 2021")
    >>> [one.slug for one in check(settings, known).problems]
    ['pronote_url_insecure', 'pronote_version_old']
    """
    return Report.of(found for rule in RULES for found in rule(connector, known))


def shared_roots(connectors: Iterable[tuple[str, Connector]], grouped: Collection[frozenset[str]] = ()) -> Report:
    """Chercher un serveur commun à des établissements that are not declared as grouped (pronote 12).

    `connectors` gives the UAI with each; `grouped` are the sets of UAI that share one. Finding: `pronote_shared_root`.

    >>> one = Connector(url="https://notes.example.test/pronote")
    >>> [dict(found.params)["other"] for found in shared_roots([("0749999S", one), ("0749998R", one)]).problems]
    ['0749999S']
    """
    owners: dict[str, list[str]] = {}
    for school, connector in sorted(connectors, key=lambda pair: pair[0]):
        if connector.address is not None:
            owners.setdefault(connector.address.root, []).append(school)
    found = (
        problem("pronote_shared_root", Location(kind="Connecteur", key=schools[0]), school=schools[0], other=other)
        for schools in owners.values()
        for other in schools[1:]
        if not any({schools[0], other} <= one for one in grouped)
    )
    return Report.of(found)


@frozen
class OpeningStep:
    """Étape de mise en service: done or not, and what is missing, in French."""

    title: str
    done: bool
    missing: tuple[str, ...] = ()


def steps(connector: Connector, known: Circumstances) -> tuple[OpeningStep, ...]:
    """Dire où en est la mise en service: the link, the accounts, the block, each with what is missing (rules 7).

    >>> known = Circumstances(schools=["0749999S"], school_year=2022)
    >>> for step in steps(Connector(url="https://0749999s.index-education.net/pronote/"), known):
    ...     print(step.done, step.title, *step.missing)
    True Lien SSO
    True Rapprochement des comptes
    False Bloc de la page d'accueil Le bloc n'est pas affiché.
    """
    errors = [one for one in check(connector, known).problems if one.severity is Severity.ERROR]
    return (
        _link(connector, errors),
        _accounts(connector, known),
        _block(connector, errors),
    )


def _link(connector: Connector, errors: list[Problem]) -> OpeningStep:
    missing = [f"{one.message('fr')}." for one in errors if one.slug != "pronote_block_without_sso"]
    if connector.sso is Sso.NONE:
        missing.append("Le type de SSO n'est pas choisi.")
    return OpeningStep("Lien SSO", not missing, tuple(missing))


def _accounts(connector: Connector, known: Circumstances) -> OpeningStep:
    needed = connector.recognition is Recognition.PRONOTE_IDENTITY and not known.identifiers
    missing = ("Aucun identifiant Pronote n'a été importé.",) if needed else ()
    return OpeningStep("Rapprochement des comptes", not missing, missing)


def _block(connector: Connector, errors: list[Problem]) -> OpeningStep:
    missing = [f"{one.message('fr')}." for one in errors if one.slug == "pronote_block_without_sso"]
    if not connector.show_block:
        missing.append("Le bloc n'est pas affiché.")
    return OpeningStep("Bloc de la page d'accueil", not missing, tuple(missing))
