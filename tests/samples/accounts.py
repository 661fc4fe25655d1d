"""Samples of findings about accounts, contacts of the support, and connectors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from attrs import evolve

from entformats.aaf import Directory, Guardian, Pupil, Relation, School
from entformats.codes.jointure import Jointure as K
from entformats.codes.school_year import SchoolYear
from entformats.codes.uai import Uai
from entformats.identity import Identity, Profile
from entformats.problems import Report
from entformats.rules import Roster, accounts, connectors, support
from entformats.rules.accounts import Holder, HolderAccount
from entformats.rules.connectors import Connector, ConnectorKind, Need, SchoolServices

Sample = tuple[Callable[[], Report], Callable[[], Report]]
UAI = "0749999S"
PROFILES = {"1": Profile.TEACHER, "2": Profile.STAFF, "3": Profile.STAFF, "4": Profile.TEACHER, "5": Profile.PUPIL}
HELD = Roster(UAI, people=[Identity(ref, profile, UAI, "P", f"N{ref}") for ref, profile in PROFILES.items()])
NOTES = Connector(
    "Notes", ConnectorKind.PRONOTE, "https://notes.example.test/pronote/", version="PRONOTE 2022", accounts_matched=True
)
SERVICES = SchoolServices(UAI, SchoolYear(2022), needs=[Need.SCHOOL_LIFE], connectors=[NOTES])
BOOK = Connector("Manuel", ConnectorKind.RESOURCE, "https://manuel.example.test/")
PLACE = School(K("61001"), uai=Uai(UAI))
CHILD = Pupil(K("310"), school=K("61001"), birth_date=date(2011, 3, 14), relations=(Relation.parse("340$10$1$1$1$0"),))
MOTHER = Guardian(K("340"), given="Odile", mobiles=("+33 6 99 12 34 56",), children=(K("310"),))


def declared(*people: str) -> Report:
    """Declare contacts of the support."""
    return support.check(people, HELD, school_life_module=False)


def served(**changes: Any) -> Report:  # noqa: ANN401 - one service of any type
    """Check the services of a school."""
    return connectors.check(evolve(SERVICES, **changes))


def connected(**changes: Any) -> Report:  # noqa: ANN401 - one setting of any type
    """Check a school whose connector is set otherwise."""
    return served(connectors=[evolve(NOTES, **changes)])


def registering(child: Pupil, mother: Guardian) -> Report:
    """See who can register alone."""
    return accounts.self_registration(Directory.of([PLACE, child, mother]), school=UAI)


def given(holder: Holder, *, generated: bool) -> Report:
    """Check who gave an identifier."""
    return accounts.check([HolderAccount("27", holder, generated)])


SAMPLES: dict[str, Sample] = {
    "connector_url_not_https": (lambda: connected(url="http://notes.example.test/"), served),
    "accounts_not_matched": (lambda: connected(accounts_matched=False), served),
    "connector_version_old": (lambda: connected(version="PRONOTE 2021"), served),
    "two_school_life_tools": (lambda: served(school_life_module=True), served),
    "service_without_connector": (lambda: served(connectors=[]), served),
    "resource_twice": (
        lambda: served(connectors=[NOTES, BOOK], gar_resources=["Manuel"]),
        lambda: served(connectors=[NOTES, BOOK], gar_resources=["Atlas"]),
    ),
    "support_contact_unknown": (lambda: declared("9"), lambda: declared("1")),
    "support_contact_not_staff": (lambda: declared("5"), lambda: declared("1")),
    "support_contact_twice": (lambda: declared("1", "1"), lambda: declared("1", "2")),
    "too_many_support_contacts": (lambda: declared("1", "2", "3", "4"), lambda: declared("1", "2", "3")),
    "no_support_contact": (declared, lambda: declared("1")),
    "guardian_without_mobile": (
        lambda: registering(CHILD, evolve(MOTHER, mobiles=())),
        lambda: registering(CHILD, MOTHER),
    ),
    "child_without_birth_date": (
        lambda: registering(evolve(CHILD, birth_date=None), MOTHER),
        lambda: registering(CHILD, MOTHER),
    ),
    "ent_identifier_missing": (
        lambda: given(Holder.GUEST, generated=False),
        lambda: given(Holder.GUEST, generated=True),
    ),
    "ent_identifier_not_needed": (
        lambda: given(Holder.TEACHER, generated=True),
        lambda: given(Holder.TEACHER, generated=False),
    ),
}
