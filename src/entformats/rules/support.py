"""Assistance: who may call the support of the ENT for a school, and who answers what (rules 6.1, 6.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from entformats.frozen import FrozenMap
from entformats.identity import Account, Population
from entformats.problems import Findings, Location, Report
from entformats.rules.rosters import Roster

__all__ = ["DESKS", "Desk", "Matter", "check", "limit"]

CONTACTS: Final = 3
"""Personnes habilitées d'un établissement, ENT referents included."""


class Matter(StrEnum):
    """Objet d'une demande."""

    ENT = "ent"
    AAF = "aaf"
    EDUCONNECT = "educonnect"
    PEDAGOGY = "pedagogy"


class Desk(StrEnum):
    """Qui répond."""

    VENDOR = "vendor"
    """Éditeur de l'ENT: to the authorised people only, by on-line incidents or by telephone."""
    ACADEMY = "academy"


DESKS: Final = FrozenMap(
    {
        Matter.ENT: Desk.VENDOR,
        Matter.AAF: Desk.ACADEMY,
        Matter.EDUCONNECT: Desk.ACADEMY,
        Matter.PEDAGOGY: Desk.ACADEMY,
    }
)
"""Matter -> who answers (rules 6.1)."""


def limit(*, school_life_module: bool) -> int:
    """Nombre de personnes habilitées d'un établissement, at most: one more with the ENT's own vie scolaire (rules 6.2).

    >>> limit(school_life_module=False), limit(school_life_module=True)
    (3, 4)
    """
    return CONTACTS + school_life_module


def check(declared: Iterable[Account], roster: Roster, *, school_life_module: bool) -> Report:
    """Contrôler les personnes habilitées déclarées par un établissement (rules 6.2).

    Emits `no_support_contact` for none, which is legal; `support_contact_twice` for one who is declared more than once;
    `support_contact_unknown` for an account that the school does not have; `support_contact_not_staff` for one that
    only a pupil or a guardian has; `too_many_support_contacts` above the limit, which may come from dropping the vie
    scolaire module: whom to remove is for the school to say.

    >>> check([], Roster("0749999S"), school_life_module=False).codes
    ('ACC-410',)
    """
    findings = Findings()
    counts = Counter(declared)
    known = {person.ref for person in roster.people}
    staff = {person.ref for person in roster.people if person.profile.population is Population.STAFF}
    for account, times in sorted(counts.items()):
        where = Location(key=account)
        if times > 1:
            findings.found("support_contact_twice", where, times=times)
        if account not in known:
            findings.found("support_contact_unknown", where)
        elif account not in staff:
            findings.found("support_contact_not_staff", where)
    most = limit(school_life_module=school_life_module)
    if len(counts) > most:
        findings.found("too_many_support_contacts", count=len(counts), limit=most)
    if not counts:
        findings.found("no_support_contact")
    return findings.report()
