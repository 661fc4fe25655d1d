"""Connecteurs: which services outside of the ENT a school needs, and what its settings forget (rules 7).

The grammar of the addresses of Pronote, and its own settings, are those of `entformats.pronote`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from entformats.codes.school_year import SchoolYear
from entformats.frozen import FrozenMap
from entformats.names import compact
from entformats.problems import Findings, Location, Report

__all__ = ["KINDS", "Connector", "ConnectorKind", "Kind", "Need", "SchoolServices", "check"]


class Need(StrEnum):
    """Besoin d'un établissement qu'un service extérieur remplit."""

    LIBRARY = "library"
    """Centre de documentation: e-sidoc, PMB."""
    GUIDANCE = "guidance"
    """Parcours des élèves: Folios."""
    SCHOOL_LIFE = "school_life"
    """Vie scolaire, hors de l'ENT."""
    SKILLS = "skills"
    """Suivi des compétences, hors de l'ENT."""


class ConnectorKind(StrEnum):
    """Type de connecteur."""

    ESIDOC = "e-sidoc"
    PMB = "pmb"
    FOLIOS = "folios"
    PRONOTE = "pronote"
    SCHOOL_LIFE = "school_life"
    """Another tool of vie scolaire."""
    SKILLS = "skills"
    RESOURCE = "resource"
    """Ressource numérique d'un éditeur."""


@frozen
class Kind:
    """Ce qu'un type de connecteur remplit et demande.

    >>> KINDS[ConnectorKind.PRONOTE].needs_account_matching
    True
    """

    label: str
    need: Need | None = None
    replaced_by_gar: bool = False
    needs_account_matching: bool = False


KINDS: Final = FrozenMap(
    {
        ConnectorKind.ESIDOC: Kind("e-sidoc", Need.LIBRARY),
        ConnectorKind.PMB: Kind("PMB", Need.LIBRARY),
        ConnectorKind.FOLIOS: Kind("Folios", Need.GUIDANCE),
        ConnectorKind.PRONOTE: Kind("Pronote", Need.SCHOOL_LIFE, needs_account_matching=True),
        ConnectorKind.SCHOOL_LIFE: Kind("vie scolaire hors de l'ENT", Need.SCHOOL_LIFE),
        ConnectorKind.SKILLS: Kind("compétences hors de l'ENT", Need.SKILLS),
        ConnectorKind.RESOURCE: Kind("ressource numérique", replaced_by_gar=True),
    }
)
"""Type -> what it fills and asks for: the GAR replaces the connectors of resources, and no other (rules 7)."""


@frozen
class Connector:
    """Connecteur d'un établissement, as it was set up.

    >>> Connector("Notes", ConnectorKind.PRONOTE, "https://notes.example.test/pronote/").settings.needs_account_matching
    True
    """

    name: str
    kind: ConnectorKind
    url: str = field(default="", repr=False)
    sso: bool = True
    version: str = ""
    """As its settings show it: `PRONOTE 2022`."""
    accounts_matched: bool = False
    """Whether the identifiers of the service were imported and matched."""

    @property
    def settings(self) -> Kind:
        """Ce que son type remplit et demande."""
        return KINDS[self.kind]

    @property
    def year(self) -> SchoolYear | None:
        """Année scolaire de sa version: the last four digits that stand together; None where there are none."""
        found = re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", self.version)
        return SchoolYear(int(found[-1])) if found else None


def _needs(rows: Iterable[Need]) -> frozenset[Need]:
    return frozenset(rows)


def _connectors(rows: Iterable[Connector]) -> tuple[Connector, ...]:
    return tuple(rows)


def _names(rows: Iterable[str]) -> frozenset[str]:
    return frozenset(rows)


@frozen
class SchoolServices:
    """Services d'un établissement: what it needs outside of the ENT, its connectors, what comes by the GAR.

    >>> SchoolServices("0749999S", SchoolYear(2022), needs=[Need.LIBRARY]).connectors
    ()
    """

    school: str
    school_year: SchoolYear
    needs: frozenset[Need] = field(default=frozenset(), converter=_needs)
    connectors: tuple[Connector, ...] = field(default=(), converter=_connectors)
    school_life_module: bool = False
    """Whether the school uses the ENT's own vie scolaire."""
    gar_resources: frozenset[str] = field(default=frozenset(), converter=_names)
    """Names of the resources that the GAR gives."""


def check(services: SchoolServices) -> Report:
    """Contrôler les connecteurs d'un établissement, without any network (rules 7).

    Emits `service_without_connector` for a need that nothing fills; `two_school_life_tools` for a connector of Pronote
    beside the ENT's own vie scolaire; `accounts_not_matched` for a connector whose second step is missing;
    `resource_twice` for one that comes by the GAR too; `connector_url_not_https`; `connector_version_old` for a version
    of an earlier school year. Names of resources are compared folded (rules 1.4).

    >>> check(SchoolServices("0749999S", SchoolYear(2022), needs=[Need.LIBRARY])).codes
    ('ACC-411',)
    """
    findings = Findings()
    filled = {one.settings.need for one in services.connectors}
    if services.school_life_module:
        filled.add(Need.SCHOOL_LIFE)
    for need in sorted(services.needs - filled):
        findings.found("service_without_connector", need=need.value)
    by_gar = {compact(name) for name in services.gar_resources} - {""}
    for one in sorted(services.connectors, key=lambda row: (row.name, row.kind, row.url)):
        where = Location(key=one.name)
        for slug in _found(one, services, by_gar):
            findings.found(slug, where)
        if one.year is not None and one.year < services.school_year:
            findings.found("connector_version_old", where, found=one.year, expected=services.school_year)
    return findings.report()


def _found(one: Connector, services: SchoolServices, by_gar: set[str]) -> Iterable[str]:
    """Give the findings of one connector that need no number."""
    if one.kind is ConnectorKind.PRONOTE and services.school_life_module:
        yield "two_school_life_tools"
    if one.settings.needs_account_matching and not one.accounts_matched:
        yield "accounts_not_matched"
    if one.settings.replaced_by_gar and compact(one.name) in by_gar:
        yield "resource_twice"
    if one.url and not one.url.strip().lower().startswith("https://"):
        yield "connector_url_not_https"
