"""The import of Pronote identifiers: modes, guards, conflicts, and laws that hold for any file (pronote 4)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st

from entformats import pronote, rules
from entformats.errors import InvalidValue, UsageError
from entformats.identity import Identity, Profile
from entformats.pronote import Identifiers, PronoteIdentifier
from entformats.rules import PRONOTE, Policy
from entformats.rules.identifiers import ImportMode, Link, Links, Plan, Status, plan, with_links

UAI, ELSEWHERE = "0749999S", "0749998R"
NAMES = ["VALMOND", "BRIVAL", "DELBECQ", "ORVNOY", "MORTELLE"]
IDS = [letter * 16 for letter in "ABCDEF"]
PROFILES = [Profile.TEACHER, Profile.PUPIL]


def account(number: int, profile: Profile = Profile.TEACHER, family: str = "") -> Identity:
    """Make an account."""
    return Identity(f"a{number}", profile, UAI, "Odile", family or NAMES[number], birth_date=date(1974, 10, 2 + number))


def row(
    number: int, pronote_id: str, profile: Profile | None = Profile.TEACHER, family: str = "", at: int = 0
) -> PronoteIdentifier:
    """Make a row about the account of a number."""
    name, born, place = family or NAMES[number], date(1974, 10, 2 + number), at or number + 2
    return PronoteIdentifier(pronote_id, name, "Odile", profile, birth_date=born, uai=UAI, position=place)


ACCOUNTS = [account(number) for number in range(len(NAMES))]


def linked(*pairs: tuple[int, str], manual: bool = False) -> Links:
    """Link accounts."""
    return Links(frozenset(Link(UAI, f"a{number}", one, Profile.TEACHER, manual) for number, one in pairs))


def planned(
    links: Links,
    *rows: PronoteIdentifier,
    mode: ImportMode = ImportMode.REPLACE,
    accounts: list[Identity] = ACCOUNTS,
    stored: bool = True,
    **options: object,
) -> Plan:
    """Match, by stored identifiers too unless told otherwise, and plan."""
    export = Identifiers("csv", rows, uai=UAI)
    known = tuple(with_links(accounts, links if stored else Links()))
    matching = rules.match(export.identities(school=UAI), known, policy=Policy(table=PRONOTE))
    return plan(links, export, matching, mode=mode, **options)  # type: ignore[arg-type]  # passed on


def told(found: Plan) -> dict[str, int]:
    """Count the entries of each status."""
    return dict(Counter(one.status.value for one in found.entries))


TWO = linked((0, IDS[0]), (1, IDS[1]), (2, IDS[2]), (3, IDS[3]))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (ImportMode.REPLACE, {"unchanged": 2, "changed": 1, "attached": 1, "cleared": 1}),
        (ImportMode.MERGE, {"unchanged": 2, "changed": 1, "attached": 1}),
        (ImportMode.ADD_ONLY, {"unchanged": 2, "kept_existing": 1, "attached": 1}),
    ],
)
def test_modes(mode: ImportMode, expected: dict[str, int]) -> None:
    """In the file: set, changed or kept; not in the file: cleared by the first mode alone."""
    rows = (row(0, IDS[0]), row(1, IDS[1]), row(2, "Z" * 16), row(4, IDS[4]))
    found = planned(TWO, *rows, mode=mode)
    assert told(found) == expected
    assert found.counts.imported == sum(expected.get(one, 0) for one in ("attached", "changed", "unchanged"))
    assert (found.counts.read, found.counts.matched) == (4, 4)
    after = {one.account: one.pronote_id for one in found.apply(TWO).links}
    assert after["a2"] == (IDS[2] if mode is ImportMode.ADD_ONLY else "Z" * 16)
    assert ("a3" in after) == (mode is not ImportMode.REPLACE)


def test_unknown_people_clear_nothing() -> None:
    """A row without account, or with several, leaves every link that it may be about."""
    twins = [*ACCOUNTS, account(0, family="VALMOND")]
    twins[-1] = evolve(twins[-1], ref="a9")
    links = linked((0, IDS[0]))
    found = planned(links, row(0, "Z" * 16), row(1, IDS[1], family="NOBODY"), row(2, IDS[2]), accounts=twins)
    assert told(found) == {"ambiguous": 1, "unmatched": 1, "attached": 1}
    assert found.apply(links).links >= links.links


def test_links_made_by_hand() -> None:
    """They stay, changed or cleared only where the caller says so, and only when everything is replaced."""
    links = linked((0, IDS[0]), (1, IDS[1]), manual=True)
    rows = (row(0, "Z" * 16), row(2, IDS[2]))
    assert told(planned(links, *rows)) == {"kept_existing": 1, "attached": 1}
    assert told(planned(links, *rows, clear_manual=True)) == {"changed": 1, "attached": 1, "cleared": 1}
    assert told(planned(links, *rows, mode=ImportMode.MERGE, clear_manual=True)) == {"kept_existing": 1, "attached": 1}


def test_an_identifier_that_moves() -> None:
    """From an account that gets another one, or has left; else the row is a conflict and the link stays.

    Whoever matches by the stored identifiers is warned earlier: this is no longer the same person.
    """
    links = linked((0, IDS[0]))
    moving, others = row(1, IDS[0]), ACCOUNTS[1:]
    for stored in (True, False):
        conflict = planned(links, moving, stored=stored)
        assert told(conflict) == {"conflicts": 1}
        assert [one.slug for one in conflict.problems] == ["identifier_already_used"]
        assert conflict.apply(links) == links
    swapped = planned(links, moving, row(0, IDS[1]), stored=False)
    assert told(swapped) == {"attached": 1, "changed": 1}
    left = planned(links, moving, accounts=others, present=[one.ref for one in others])
    assert told(left) == {"attached": 1, "cleared": 1}
    assert left.apply(links, confirmed=True) == linked((1, IDS[0]))
    kept = planned(links, moving, accounts=others, present=["a1"], mode=ImportMode.ADD_ONLY)
    assert told(kept) == {"conflicts": 1}


def test_claims() -> None:
    """Two rows for one account are a conflict of both; a contradiction of the matching is one too."""
    assert told(planned(Links(), row(0, IDS[0]), row(0, IDS[1], at=9))) == {"conflicts": 2}
    changed = evolve(account(0, family="OTHERWISE"), birth_date=date(1980, 1, 1))
    assert told(planned(linked((0, IDS[0])), row(0, IDS[0]), accounts=[changed])) == {"conflicts": 1}


def test_unknown_category() -> None:
    """A person of any category is sought in each population: one account is enough, two are too many."""
    found = planned(Links(), row(0, IDS[0], None), accounts=[account(0)])
    assert told(found) == {"attached": 1}
    both = [account(0), evolve(account(0, Profile.PUPIL), ref="p0")]
    assert told(planned(Links(), row(0, IDS[0], None), accounts=both)) == {"ambiguous": 1}


def test_accidental_clearing() -> None:
    """A file of one category over everything must be confirmed, or restricted to the categories that it has."""
    pupils = [account(number, Profile.PUPIL) for number in range(5)]
    links = Links(frozenset(Link(UAI, one.ref, IDS[n], Profile.PUPIL) for n, one in enumerate(pupils)))
    teacher = evolve(account(0, family="AUTRE"), ref="t0")
    found = planned(links, row(0, "Z" * 16, family="AUTRE"), accounts=[*pupils, teacher])
    assert [one.slug for one in found.problems] == ["mass_clearing", "category_vanished"]
    assert (found.usable, found.requires_confirmation) == (True, True)
    with pytest.raises(UsageError, match="confirmed"):
        found.apply(links)
    assert len(found.apply(links, confirmed=True).links) == 1
    kept = planned(links, row(0, "Z" * 16, family="AUTRE"), accounts=[*pupils, teacher], only_present_profiles=True)
    assert (told(kept), kept.problems) == ({"attached": 1}, ())
    assert (
        planned(links, row(0, "Z" * 16, family="AUTRE"), accounts=[*pupils, teacher], mode=ImportMode.MERGE).problems
        == ()
    )


def test_accidental_clearing_of_one_school_among_several() -> None:
    """Each school is judged by itself: a small one does not vanish in the crowd of a large one."""
    many = [Link(UAI, f"a{number}", str(number) * 16, Profile.TEACHER) for number in range(5)]
    held = Links(frozenset([*many, Link(ELSEWHERE, "b0", IDS[5], Profile.TEACHER)]))
    rows = [row(number, str(number) * 16) for number in range(5)]
    found = planned(held, *rows, school=UAI, managed=[ELSEWHERE])
    assert [(one.slug, one.where.key) for one in found.problems] == [("mass_clearing", ELSEWHERE)]


def test_a_link_that_moves_from_somebody_who_left_with_a_conflict() -> None:
    """The link of the one who left goes, although the file has a contradictory row about that account too."""
    links = linked((0, IDS[0]))
    rows = (row(1, IDS[0]), row(0, IDS[1]), row(0, IDS[2], at=40))
    found = planned(links, *rows, stored=False, present=["a1"])
    assert told(found) == {"attached": 1, "conflicts": 2, "cleared": 1}
    assert found.apply(links, confirmed=True) == linked((1, IDS[0]))


def test_wrong_files() -> None:
    """Another establishment, nobody at all, nobody knows where: nothing can be applied."""
    other = evolve(row(0, IDS[0]), uai=ELSEWHERE)
    found = planned(TWO, other, school=UAI)
    assert ([one.slug for one in found.problems], found.usable) == (["wrong_establishment"], False)
    assert planned(TWO, other, school=UAI, managed=[ELSEWHERE]).usable
    empty = planned(TWO)
    assert [one.slug for one in empty.problems] == ["no_usable_row"]
    with pytest.raises(UsageError, match="not usable"):
        empty.apply(TWO, confirmed=True)
    nowhere = Identifiers("csv", (evolve(row(0, IDS[0]), uai=None),))
    with pytest.raises(UsageError, match="establishment"):
        plan(Links(), nowhere, rules.match([], []), mode=ImportMode.MERGE)


def test_links_as_json() -> None:
    """They come back; what is no list of links, or contradicts itself, is refused; one to one inside a school."""
    assert Links.from_json(TWO.to_json()) == TWO
    assert "AAAA" not in repr(TWO)
    for links in ([(0, IDS[0]), (0, IDS[1])], [(0, IDS[0]), (1, IDS[0])]):
        with pytest.raises(UsageError, match="one account"):
            linked(*links)
    twice = linked((0, IDS[0])).to_json()[:-1] + "," + linked((1, IDS[0])).to_json()[1:]
    for text in ("x", "[3]", twice):
        with pytest.raises(InvalidValue):
            Links.from_json(text)
    Links(frozenset({Link(UAI, "a0", IDS[0]), Link(ELSEWHERE, "a0", IDS[1])}))


ROWS = st.lists(
    st.builds(
        row,
        st.integers(0, 4),
        st.sampled_from(IDS),
        st.sampled_from([*PROFILES, None]),
        st.sampled_from(["", "", "", "NOBODY"]),
        st.integers(2, 99),
    ),
    max_size=6,
    unique_by=lambda one: one.position,
)
LINKS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(IDS)),
    max_size=5,
    unique_by=(lambda one: one[0], lambda one: one[1]),
).map(lambda drawn: linked(*drawn))
MODES = st.sampled_from(ImportMode)


@given(ROWS, LINKS, MODES, st.randoms(use_true_random=False))
def test_laws(rows: list[PronoteIdentifier], links: Links, mode: ImportMode, chance: random.Random) -> None:
    """Rows in any order give one plan; each is counted once; nobody outside is touched; again, nothing changes."""
    outside = Link(ELSEWHERE, "a0", IDS[0], Profile.TEACHER)
    held = Links(links.links | {outside})
    found = planned(held, *rows, mode=mode, present=["a0", "a1", "a2"])
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert planned(held, *shuffled, mode=mode, present=["a0", "a1", "a2"]) == found
    if not rows:
        assert not found.usable
        return
    numbers = asdict(found.counts)
    assert numbers["read"] == len(rows)
    assert sum(numbers[one] for one in told(found)) == len(found.entries)
    assert sum(bool(one.ref) for one in found.entries) == len(rows)
    after = found.apply(held, confirmed=True)
    assert outside in after.links
    assert found.changes(held).apply({(one.school, one.account): one for one in held.links}) == {
        (one.school, one.account): one for one in after.links
    }
    if mode is not ImportMode.REPLACE:
        moved = {one.pronote_id for one in found.entries if one.status in {Status.ATTACHED, Status.CHANGED}}
        assert {one.account for one in held.links if one.pronote_id not in moved} <= {
            one.account for one in after.links
        }
    again = planned(after, *rows, mode=mode, present=["a0", "a1", "a2"])
    if not found.of(Status.CONFLICT):
        assert again.apply(after, confirmed=True) == after


@pytest.mark.parametrize(
    ("mode", "cleared"), [(ImportMode.REPLACE, 2), (ImportMode.MERGE, 0), (ImportMode.ADD_ONLY, 0)]
)
def test_the_second_import_of_the_samples(corpus: Callable[[str], Path], mode: ImportMode, cleared: int) -> None:
    """Of 42 rows, 40 unchanged, one changed, one new; two who are no longer there are cleared only by replacing."""
    first, second = (pronote.read(corpus("pronote") / f"identifiants{one}.csv") for one in ("", "_import2"))
    accounts = [evolve(one, ref=f"account {one.ref}") for one in first.identities(school=UAI)]
    links = Links(frozenset(Link(UAI, f"account {one.ref}", one.short_id, one.profile) for one in first.identifiers))
    matching = rules.match(
        second.identities(school=UAI), tuple(with_links(accounts, links)), policy=Policy(table=PRONOTE)
    )
    found = plan(links, second, matching, mode=mode, school=UAI).counts
    assert (len(first.identifiers), found.read) == (43, 42)
    changed = (0, 1) if mode is ImportMode.ADD_ONLY else (1, 0)
    assert (found.unchanged, (found.changed, found.kept_existing), found.unmatched) == (40, changed, 1)
    assert found.cleared == cleared
