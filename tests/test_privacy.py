"""Nothing of what programs print without thinking shows a person: `repr` of whatever the library gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs
import pytest

from entformats import rules
from entformats.identity import Identity, Profile
from entformats.testing import school
from entformats.testing.school import FictitiousSchool

INE = re.compile(r"\b[0-9]{9}[A-HJK]{2}\b")


@pytest.fixture(scope="module")
def made() -> FictitiousSchool:
    """Give a school."""
    return school.generate(seed=3, pupils=24)


def everything(value: object, seen: set[int]) -> Iterator[object]:
    """Give every value of ours that can be reached from one."""
    if id(value) in seen or isinstance(value, str | bytes):
        return
    seen.add(id(value))
    if isinstance(value, Mapping):
        yield value
        for key, inner in value.items():
            yield from everything(key, seen)
            yield from everything(inner, seen)
    elif isinstance(value, tuple | frozenset):
        for inner in value:
            yield from everything(inner, seen)
    elif attrs.has(kind := type(value)):
        yield value
        for field in attrs.fields(kind):
            yield from everything(getattr(value, field.name), seen)


def secrets(people: tuple[Identity, ...]) -> set[str]:
    """Give what identifies people: names as words, birth dates in both spellings."""
    dates = {one.birth_date for one in people if one.birth_date}
    return (
        {one.family for one in people}
        | {one.birth_family for one in people}
        | {day.isoformat() for day in dates}
        | {day.strftime("%d/%m/%Y") for day in dates}
        | {repr(day) for day in dates}
    ) - {""}


def leaks(values: Iterator[object], hidden: set[str]) -> set[str]:
    """Give the classes whose `repr` shows a secret."""
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in sorted(hidden)))
    return {type(value).__name__ for value in values if pattern.search(repr(value)) or INE.search(repr(value))}


def test_the_search_finds_what_it_looks_for(made: FictitiousSchool) -> None:
    """The walk reaches people, and the pattern would see them."""
    found = list(everything(made.first, set()))
    assert sum(isinstance(one, Identity) for one in found) > 24
    assert leaks(iter(["VALMOND"]), {"VALMOND"}) == {"str"}


def test_no_value_of_a_directory_or_a_timetable_shows_a_person(made: FictitiousSchool) -> None:
    """From a school down to the least of its values, `repr` names nobody."""
    hidden = secrets(made.first.identities() + made.second.identities())
    assert leaks(everything(made, set()), hidden) == set()


def test_no_value_of_a_match_shows_a_person(made: FictitiousSchool) -> None:
    """Outcomes, candidates, suggestions and findings name nobody."""
    accounts = [one for profile in Profile for one in made.directory.identities(school=made.uai, profile=profile)]
    result = rules.match(made.first.identities(), accounts)
    hidden = secrets(made.first.identities()) | secrets(tuple(accounts))
    assert leaks(everything(result, set()), hidden) == set()
    assert leaks(everything(result.report, set()), hidden) == set()
    assert not any(text in result.report.to_json() for text in hidden)
