"""Suggestions: the points of the page, the edit distance, and the blocks that lose nobody (rules 1.6)."""

from __future__ import annotations

import sys
from datetime import date
from functools import cache

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats.identity import Identity, Profile
from entformats.rules import Policy
from entformats.rules.matching import scoring
from entformats.rules.matching.scoring import Points, alike, counted_within, fast_within, points
from entformats.rules.matching.suggestions import Suggester

SCHOOL = "0749999S"
DAY = date(1986, 9, 9)


def person(
    given: str, family: str, born: date | None = DAY, *, birth: str = "", others: tuple[str, ...] = (), ref: str = "p"
) -> Identity:
    """Make a teacher."""
    return Identity(ref, Profile.TEACHER, SCHOOL, given, family, birth, others, born)


@pytest.mark.parametrize(
    ("source", "account", "expected"),
    [
        (("Zoé", "LANDRIEU"), person("ZOE", "Landrieu"), (4, 3)),
        (("Zoé", "BRIVAL"), person("Zoé", "LANDRIEU", birth="BRIVAL"), (4, 3)),
        (("Zoé", "BRIVAL LANDRIEU"), person("Zoé", "LANDRIEU", birth="BRIVAL"), (4, 3)),
        (("Zoé", "LANDRIEU-BRIVAL"), person("Zoé", "LANDRIEU", birth="BRIVAL"), (4, 3)),
        (("Zoé", "LANDRIEU-BRIVAL"), person("Zoé", "LANDRIEU"), (3, 3)),
        (("Zoé", "LANDRIEU"), person("Zoé", "BRIVAL LANDRIEU"), (3, 3)),
        (("Zoé", "LANDREIU"), person("Zoé", "LANDRIEU"), (3, 3)),
        (("Zoé", "LANDREI"), person("Zoé", "LANDRIEU"), (0, 3)),
        (("Zoé", "LANDRIEUVO"), person("Zoé", "LANDRIEU"), (3, 3)),
        (("Zoé", "DE LA"), person("Zoé", "DE LE"), (3, 3)),
        (("Zoé", "LEE"), person("Zoé", "LEA"), (0, 3)),
        (("Rose", "LANDRIEU"), person("Agathe", "LANDRIEU", others=("Agathe", "Rose")), (4, 3)),
        (("M. Paul", "LANDRIEU"), person("Paul", "LANDRIEU"), (4, 2)),
        (("Agahte", "LANDRIEU"), person("Agathe", "LANDRIEU"), (4, 2)),
        (("Anne", "LANDRIEU"), person("Agathe", "LANDRIEU"), (4, 1)),
        (("JEAN-CHRIS", "LANDRIEU"), person("Jean-Christophe", "LANDRIEU"), (4, 2)),
        (("JEAN-CHRI", "LANDRIEU"), person("Jean-Christophe", "LANDRIEU"), (4, 1)),
        (("Rémi", "LANDRIEU"), person("Agathe", "LANDRIEU", others=("Rose",)), (4, 1)),
        (("Max", "LANDRIEU"), person("Agathe", "LANDRIEU"), (4, 0)),
        (("LANDRIEU", "Zoé"), person("Zoé", "LANDRIEU"), (3, 3)),
        (("Martin", "MARTIN"), person("Martin", "MARTIN"), (4, 3)),
        (("Ана", "ИВАНОВА"), person("Ана", "ИВАНОВА"), (0, 0)),
    ],
)
def test_points_of_names(source: tuple[str, str], account: Identity, expected: tuple[int, int]) -> None:
    """Family names give 4, 3 or 0 points, given names 3, 2, 1 or 0, and swapped names six."""
    found = points(person(*source), account)
    assert (found.family, found.given, found.date) == (*expected, 4)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (date(1986, 9, 8), date(1986, 9, 8), 4),
        (date(1992, 5, 11), date(1992, 11, 5), 2),
        (date(1992, 5, 11), date(1992, 5, 12), 2),
        (date(1992, 5, 11), date(1982, 5, 11), 2),
        (date(1992, 5, 9), date(1992, 5, 10), 0),
        (date(999, 5, 9), date(1999, 5, 9), 2),
        (date(999, 5, 9), date(1998, 5, 9), 0),
        (None, date(1992, 5, 9), 0),
        (date(1992, 5, 9), None, 0),
        (None, None, 0),
    ],
)
def test_points_of_dates(one: date | None, other: date | None, expected: int) -> None:
    """Equal dates give 4, a slip 2, anything else nothing."""
    assert points(person("A", "B", one), person("C", "D", other)).date == expected


@cache
def osa(one: str, other: str) -> int:
    """Optimal string alignment distance, by its definition."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        osa(one[:-1], other) + 1,
        osa(one, other[:-1]) + 1,
        osa(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    ]
    if one[-2:] == other[-2:][::-1] and len(one) > 1 and len(other) > 1:
        ways.append(osa(one[:-2], other[:-2]) + 1)
    return min(ways)


@given(st.text("ab", max_size=6), st.text("abc", max_size=6), st.integers(0, 3))
def test_distance_is_that_of_its_definition(one: str, other: str, limit: int) -> None:
    """Leaving early does not change the answer."""
    assert counted_within(one, other, limit) == (osa(one, other) <= limit)


@given(st.text("abc", max_size=12), st.text("abcd", max_size=12), st.integers(0, 3))
def test_rapidfuzz_counts_the_same(one: str, other: str, limit: int) -> None:
    """The distance of rapidfuzz, where it is installed, gives the answers of our own."""
    pytest.importorskip("rapidfuzz", reason="the extra match is not installed")
    assert fast_within() is not counted_within
    assert fast_within()(one, other, limit) == counted_within(one, other, limit)


def test_without_rapidfuzz(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rapidfuzz is not installed, our own distance serves."""
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    assert fast_within() is counted_within


@given(st.text("abé -", max_size=9), st.text("abé -", max_size=9))
def test_alike_is_symmetric(one: str, other: str) -> None:
    """Names are alike whichever side they stand on."""
    assert alike(one, other) == alike(other, one)


FAMILIES = ("LANDRIEU", "LANDRIEUX", "LANDREIU", "BRIVAL", "LANDRIEU BRIVAL", "ZOE", "DE LA TOUR", "ИВАНОВА", "")
GIVEN = ("Zoé", "Zoe Anna", "Landrieu", "Zola", "Anna", "Ана", "")
DATES = (date(2011, 2, 3), date(2011, 3, 2), date(2011, 2, 4), date(2001, 2, 3), date(1985, 12, 31), None)


def close_people(ref: str) -> st.SearchStrategy[Identity]:
    """Draw people that look like one another."""
    return st.builds(
        person,
        st.sampled_from(GIVEN),
        st.sampled_from(FAMILIES),
        st.sampled_from(DATES),
        birth=st.sampled_from(("", *FAMILIES)),
        others=st.lists(st.sampled_from(GIVEN), max_size=2).map(tuple),
        ref=st.just(ref),
    )


@settings(max_examples=300, deadline=None)
@given(
    close_people("s"),
    st.lists(close_people("a"), max_size=6),
    st.sets(st.integers(0, 5), max_size=2),
    st.integers(1, 11),
    st.integers(0, 6),
)
def test_blocks_lose_nobody(
    source: Identity, drawn: list[Identity], taken_ones: set[int], threshold: int, at_most: int
) -> None:
    """The suggestions are those of a comparison with every account, in order, with or without rapidfuzz."""
    accounts = {f"a{i}": evolve(account, ref=f"a{i}") for i, account in enumerate(drawn)}
    taken = {f"a{i}": "s9" for i in taken_ones}
    policy = Policy(suggestion_threshold=threshold, max_suggestions=at_most)
    with pytest.MonkeyPatch.context() as patch:
        found = Suggester(accounts, taken, policy).suggest([source])[source.ref]
        patch.setattr(scoring, "distance_within", counted_within)
        assert Suggester(accounts, taken, policy).suggest([source])[source.ref] == found
    scored = [(points(source, account), ref) for ref, account in accounts.items()]
    ranked = sorted((-one.score, ref in taken, ref) for one, ref in scored if one.score >= threshold)
    assert [(-one.score, one.taken_by == "s9", one.account) for one in found] == ranked[:at_most]
    for one in found:
        assert Points(one.family, one.given, one.date) == points(source, accounts[one.account])


@settings(max_examples=60, deadline=None)
@given(st.lists(close_people("s"), max_size=4), st.lists(close_people("a"), max_size=6))
def test_together_or_one_by_one(people: list[Identity], drawn: list[Identity]) -> None:
    """One pass for several unmatched people gives each the suggestions of a pass of their own."""
    sources = [evolve(one, ref=f"s{i}") for i, one in enumerate(people)]
    suggester = Suggester({f"a{i}": evolve(one, ref=f"a{i}") for i, one in enumerate(drawn)}, {}, Policy())
    together = suggester.suggest(sources)
    assert together == {one.ref: suggester.suggest([one])[one.ref] for one in sources}
