"""The reconciliation file of a generated school.

>>> from entformats.testing import school
>>> first = school.generate(seed=7, pupils=20).first
>>> whole = reconciliation(first, at=datetime(2026, 9, 5, 6))
>>> [one.uai for one in whole.schools] == [first.uai]
True
"""

from __future__ import annotations

from datetime import datetime

from entformats.identity import Identity, Profile
from entformats.pronote import Account, Reconciliation, School
from entformats.timetable import Timetable

__all__ = ["reconciliation"]


def reconciliation(timetable: Timetable, *, at: datetime, partner: str = "NEO") -> Reconciliation:
    """Make the file that an ENT would give to Pronote for the people of a timetable, their references as identifiers.

    >>> reconciliation(Timetable("0749999S"), at=datetime(2026, 9, 5, 6)).accounts
    ()
    """
    people = [
        *((one.identity, ()) for one in timetable.staff.values()),
        *((one.identity, ()) for one in timetable.teachers.values()),
        *((one.identity, ()) for one in timetable.guardians.values()),
        *((one.identity, tuple(link.guardian for link in one.guardians)) for one in timetable.pupils.values()),
    ]
    numbers = {identity.ref: number for number, (identity, _) in enumerate(people)}
    accounts = (
        _account(identity, numbers[identity.ref], tuple(numbers[one] for one in links)) for identity, links in people
    )
    return Reconciliation(partner, at, (School(0, timetable.uai, f"Établissement {timetable.uai}"),), tuple(accounts))


def _account(identity: Identity, number: int, guardians: tuple[int, ...]) -> Account:
    dated = identity.profile in {Profile.PUPIL, Profile.TEACHER}
    return Account(
        identity.profile,
        number,
        identity.family,
        identity.given,
        identity.ref,
        identity.birth_date if dated else None,
        guardians=guardians,
    )
