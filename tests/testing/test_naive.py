"""The naive count of the bilan: right on the sample school, and after decisions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

from entformats import edt, rules
from entformats.frozen import FrozenMap
from entformats.identity import Decision, Profile, Ref
from entformats.testing.school import FictitiousSchool, account_of, directory_of, generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

    from entformats.rules import Preview

MODE = rules.GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
PARIS = ZoneInfo("Europe/Paris")


def flat(numbers: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Write nested numbers under dotted names."""
    for name, value in numbers.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def counted(preview: Preview) -> dict[str, object]:
    """Give the numbers of a bilan under the names of the naive count."""
    counts = preview.bilan.counts
    return dict(flat(attrs.asdict(counts.preliminary) | attrs.asdict(counts.weekly)))


def two_imports(school: FictitiousSchool, decisions: list[Decision]) -> tuple[Preview, Preview]:
    """Import the first timetable, validate, import the second."""
    roster = rules.roster(school.directory, school=school.uai)
    assert school.first.school_year is not None
    state = rules.State.new(school.uai, school.first.school_year)
    first = rules.prepare(school.first, roster, state=state, mode=MODE, decisions=decisions, at=school.first_at)
    state = first.validate(state, at=school.first_at)
    roster = rules.roster_after(roster, first.snapshot)
    return first, rules.prepare(school.second, roster, state=state, mode=MODE, at=school.second_at)


def test_bilan_after_decisions(naive: ModuleType) -> None:
    """People identified by hand count as recognised, in both imports."""
    school = generate(11, pupils=90)
    people = {one.ref: one for one in school.second.identities() if one.ref in school.by_hand}
    decided = [ref for ref, one in people.items() if one.profile is not Profile.STAFF]
    decisions = [
        Decision(people[ref].profile, school.uai, people[ref].source_key, school.accounts[Ref(ref)]) for ref in decided
    ]
    first, second = two_imports(school, decisions)
    assert decided
    assert counted(first) == naive.expected_first(school, decided=decided) != naive.expected_first(school)
    assert counted(second) == naive.expected(school, decided=decided)


README = {
    "subjects.added": 0,
    "subjects.modified": 0,
    "closure_periods.added": 0,
    "closure_periods.removed": 0,
    "week_alternations.added": 2,
    "week_alternations.modified": 0,
    "week_alternations.removed": 2,
    "teaching_services.added.count": 0,
    "teaching_services.added.incomplete": 0,
    "teaching_services.modified.count": 85,
    "teaching_services.modified.incomplete": 0,
    "teaching_services.removed.count": 2,
    "teaching_services.removed.incomplete": 0,
    "lessons.delta": -131,
    "classes.imported": 16,
    "classes.not_imported": 1,
    "option_groups.imported": 89,
    "option_groups.not_imported": 0,
    "teachers.imported": 34,
    "teachers.not_imported": 3,
    "group_management.groups_to_create": 0,
    "group_management.groups_to_rename": 0,
    "group_management.audiences_with_teachers_to_add": 0,
    "group_management.audiences_with_pupils_to_add": 3,
    "substitutions.delta": 24,
    "substitutions.total": 24,
    "cancellations.delta": 4,
    "cancellations.total": 4,
    "exceptional_lessons.delta": 1,
    "exceptional_lessons.total": 7,
}


def test_naive_count_of_the_sample_school(corpus: Callable[[str], Path], naive: ModuleType) -> None:
    """The naive count gives every number of `corpus/edt/README.md`, without the rules."""
    first, second = (edt.read(corpus(f"edt/{name}.xml")).timetable for name in ("college", "college-s2"))
    known = (*first.teachers, *first.pupils)
    school = FictitiousSchool(
        name="COLLEGE",
        directory=directory_of(first),
        first=first,
        second=second,
        first_at=datetime(2022, 11, 7, 18, tzinfo=PARIS),
        second_at=datetime(2023, 2, 19, 18, tzinfo=PARIS),
        changes=(),
        accounts=FrozenMap((ref, account_of(first, ref)) for ref in known),
        by_hand=frozenset(),
    )
    assert naive.expected(school) == README
    alone = naive.expected_first(school)
    assert alone["teaching_services.added.count"] == 311
    assert alone["teaching_services.added.incomplete"] == 2
    assert (alone["lessons.delta"], alone["subjects.added"], alone["closure_periods.added"]) == (14330, 23, 9)
    assert (alone["week_alternations.added"], alone["exceptional_lessons.total"]) == (2, 6)
