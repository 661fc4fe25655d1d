"""Samples of findings about the import of Pronote identifiers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from attrs import evolve

from entformats import rules
from entformats.identity import Identity, Profile
from entformats.problems import Report
from entformats.pronote import Identifiers, PronoteIdentifier
from entformats.rules import PRONOTE, Policy
from entformats.rules.identifiers import ImportMode, Link, Links, plan

Sample = tuple[Callable[[], Report], Callable[[], Report]]
UAI, BORN = "0749999S", date(2010, 5, 6)
PUPILS = [Identity(f"p{n}", Profile.PUPIL, UAI, "Zoé", f"NOM{n}", birth_date=BORN) for n in range(5)]
TEACHER = Identity("t", Profile.TEACHER, UAI, "Odile", "VALMOND", birth_date=BORN)
HELD = Links(frozenset(Link(UAI, one.ref, one.ref * 8, Profile.PUPIL) for one in PUPILS))


def row(account: Identity, number: str) -> PronoteIdentifier:
    """Make the row of an account."""
    position = 2 + ([*PUPILS, TEACHER].index(account))
    return PronoteIdentifier(
        number, account.family, account.given, account.profile, birth_date=BORN, uai=UAI, position=position
    )


def replaced(*rows: PronoteIdentifier) -> Report:
    """Replace what is held by the rows of a file."""
    export = Identifiers("csv", rows, uai=UAI)
    matching = rules.match(export.identities(), [*PUPILS, TEACHER], policy=Policy(table=PRONOTE))
    return Report.of(plan(HELD, export, matching, mode=ImportMode.REPLACE, school=UAI).problems)


WHOLE = [row(one, one.ref * 8) for one in PUPILS]
SAMPLES: dict[str, Sample] = {
    "wrong_establishment": (
        lambda: replaced(evolve(WHOLE[0], uai="0749998R"), *WHOLE[1:]),
        lambda: replaced(*WHOLE),
    ),
    "no_usable_row": (replaced, lambda: replaced(*WHOLE)),
    "mass_clearing": (lambda: replaced(*WHOLE[2:]), lambda: replaced(*WHOLE[1:])),
    "category_vanished": (lambda: replaced(row(TEACHER, "t")), lambda: replaced(*WHOLE)),
    "identifier_already_used": (
        lambda: replaced(*WHOLE[1:], row(TEACHER, "p0p0p0p0p0p0p0p0")),
        lambda: replaced(*WHOLE, row(TEACHER, "t")),
    ),
}
