"""Drawing a school from a seed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from entformats.codes import uai
from entformats.codes.school_year import SchoolYear
from entformats.frozen import FrozenMap
from entformats.testing.school.directory import directory_of
from entformats.testing.school.draft import Draft
from entformats.testing.school.first import first_draft
from entformats.testing.school.models import FictitiousSchool
from entformats.testing.school.people import Registry

__all__ = ["generate"]

_NAMES: Final = ("COLLEGE DES CRETES", "COLLEGE DU LAC FICTIF", "COLLEGE JULES FICTIF", "COLLEGE DE LA COMBE")
_YEAR: Final = SchoolYear(2026)
_ZONE: Final = "Europe/Paris"


def generate(seed: int = 0, *, pupils: int = 420, year: SchoolYear = _YEAR, changes: int = 24) -> FictitiousSchool:
    """Tirer un collège fictif: the same seed and sizes always give the same school.

    `pupils` is the number of pupils of the first export, 20 or more; `changes` how many changes lead to the second: every
    kind once before any comes back, and fewer where the school is too small for one.

    >>> school = generate(7, pupils=24)
    >>> school
    <FictitiousSchool 0749332D, 24 pupils, 24 changes>
    >>> generate(7, pupils=24) == school
    True
    """
    rng = Random(f"school {seed}")  # text: the same stream on every version
    digits = f"0749{rng.randrange(1000):03}"
    registry = Registry(Random(f"people {seed}"))
    draft, _planner, _families = first_draft(
        digits + uai.check_letter(digits), rng.choice(_NAMES), year, registry, pupils
    )
    first = draft.freeze()
    second = first
    calendar = draft.calendar
    return FictitiousSchool(
        name=draft.name,
        directory=directory_of(first, civil=draft.civil, groups=_declared(draft)),
        first=first,
        second=second,
        first_at=_export(calendar.autumn_break),
        second_at=_export(calendar.winter_break - timedelta(days=1)),
        changes=(),
        accounts=FrozenMap({}),
        by_hand=frozenset(draft.by_hand),
    )


def _export(day: date) -> datetime:
    return datetime.combine(day, time(18), ZoneInfo(_ZONE))


def _declared(draft: Draft) -> frozenset[Ref]:
    """Give the groups that the directory knows: real ones mostly know the options only (aaf.md 3.6.1)."""
    return frozenset(name for name in draft.groups if draft.labels[name].partition(" ")[0] in {"LV2", "LATIN"})
