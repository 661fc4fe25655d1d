"""Drawing a school from a seed."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve

from entformats.codes import uai
from entformats.codes.school_year import SchoolYear
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.testing.school.calendar import school_calendar
from entformats.testing.school.changes import draw_changes
from entformats.testing.school.directory import directory_of
from entformats.testing.school.draft import Draft
from entformats.testing.school.evolution import Evolution
from entformats.testing.school.first import first_draft
from entformats.testing.school.models import FictitiousSchool
from entformats.testing.school.people import Registry
from entformats.testing.school.registered import account_of
from entformats.timetable import Timetable

__all__ = ["generate"]

_NAMES: Final = ("COLLEGE DES CRETES", "COLLEGE DU LAC FICTIF", "COLLEGE JULES FICTIF", "COLLEGE DE LA COMBE")
_YEAR: Final = SchoolYear(2026)
_ZONE: Final = "Europe/Paris"


def generate(seed: int = 0, *, pupils: int = 420, year: SchoolYear = _YEAR, changes: int = 24) -> FictitiousSchool:
    """Tirer un collège fictif: the same seed and sizes always give the same school.

    `pupils` is the number of pupils of the first export, 20 or more; `changes` how many changes lead to the second:
    every kind once before any comes back, and fewer where the school is too small for one.

    >>> school = generate(7, pupils=24)
    >>> school
    <FictitiousSchool 0749973N, 24 pupils, 24 changes>
    >>> generate(7, pupils=24) == school
    True
    """
    rng = Random(f"school {seed}")  # text: the same stream on every version
    digits = f"0749{rng.randrange(1000):03}"
    registry = Registry(Random(f"people {seed}"))
    letter = uai.check_letter(digits)
    planner = first_draft(Draft(digits + letter, rng.choice(_NAMES), school_calendar(year, rng)), registry, pupils)
    draft = planner.draft
    first, declared = draft.freeze(), _declared(draft)
    state = Evolution(draft.copy(), registry, Random(f"changes {seed}"))
    made = draw_changes(state, changes)
    second = state.draft.freeze()
    known = _known(first, second, state.draft.strangers)
    return FictitiousSchool(
        name=draft.name,
        directory=directory_of(known, civil=state.draft.civil, groups=declared),
        first=first,
        second=second,
        first_at=_export(draft.calendar.autumn_break),
        second_at=_export(draft.calendar.winter_break - timedelta(days=1)),
        changes=made,
        accounts=FrozenMap((one, account_of(known, one)) for one in _people(known)),
        by_hand=frozenset(state.draft.by_hand),
    )


def _export(day: date) -> datetime:
    return datetime.combine(day, time(18), ZoneInfo(_ZONE))


def _declared(draft: Draft) -> frozenset[Ref]:
    """Give the groups that the directory knows: real ones mostly know the options only (aaf 3.6.1)."""
    return frozenset(name for name in draft.groups if draft.labels[name].partition(" ")[0] in {"LV2", "LATIN"})


def _known(first: Timetable, second: Timetable, strangers: Container[Ref]) -> Timetable:
    """Give the school that the directory knows: the first timetable, and the pupils who are announced."""
    pupils = {name: first.pupils.get(name, pupil) for name, pupil in second.pupils.items() if name not in strangers}
    theirs = {link.guardian for pupil in pupils.values() for link in pupil.guardians}
    guardians = {name: guardian for name, guardian in second.guardians.items() if name in theirs}
    return evolve(first, pupils=FrozenMap(pupils), guardians=FrozenMap(guardians))


def _people(known: Timetable) -> tuple[Ref, ...]:
    return (*known.teachers, *known.staff, *known.pupils, *known.guardians)
