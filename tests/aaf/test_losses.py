"""What vanished, judged before anybody is marked as gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs
import pytest
from hypothesis import given

from entformats.aaf import (
    Category,
    ClassRef,
    Directory,
    DirectoryDiff,
    Guardian,
    Loss,
    Move,
    PopulationChanges,
    Pupil,
    Record,
    Rekey,
    Relation,
    Review,
    School,
    Staff,
    compare,
    review,
)
from entformats.codes import uai
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.identity import Profile
from entformats.testing import school
from entformats.testing.strategies.directories import directory_successions

A: Record = School(Jointure("A"), uai.parse("0749999S"))
B: Record = School(Jointure("B"), uai.parse("0749998R"))
BORN = date(2012, 2, 29)


def pupil(number: int, at: Jointure | None = A.key, **changes: str) -> Record:
    """Make a pupil who has a guardian of the same number."""
    known = Pupil(Jointure(f"p{number}"), school=at, relations=(Relation(Jointure(f"g{number}"), "10"),))
    return attrs.evolve(known, **changes)  # type: ignore[arg-type]  # fields


def named(number: int, given: str, family: str, ine: str = "") -> Record:
    """Make a pupil who has names and a birth date."""
    return attrs.evolve(pupil(number), given=given, family=family, ine=ine, birth_date=BORN)  # type: ignore[arg-type]  # a pupil


def guardian(number: int) -> Record:
    """Make a guardian."""
    return Guardian(Jointure(f"g{number}"))


def judged(old: Iterable[Record], new: Iterable[Record], **options: object) -> Review:
    """Compare and review."""
    before = Directory.of(old)
    return review(before, compare(before, Directory.of(new)), **options)  # type: ignore[arg-type]  # options


def test_movements_per_school_and_profile() -> None:
    """Created, updated, vanished, returned, arrived, left: each in the populations concerned."""
    teacher: Record = Staff(Jointure("t"), is_teacher=True, school=A.key)
    old = [A, B, pupil(1), pupil(2), pupil(3), guardian(1), guardian(3), teacher]
    new = [
        *(A, B, pupil(1, B.key), pupil(2, regime="X"), pupil(4), pupil(5), guardian(1), guardian(4)),
        attrs.evolve(teacher, classes=(ClassRef(B.key, "5 C"),)),  # type: ignore[arg-type]  # a member of the staff
    ]
    found = judged(old, new, gone={"p5"})
    key = Jointure
    assert dict(found.populations) == {
        (A.key, Profile.PUPIL): PopulationChanges(
            before=3,
            created=frozenset({key("p4")}),
            updated=frozenset({key("p2")}),
            vanished=frozenset({key("p3")}),
            returned=frozenset({key("p5")}),
            left=frozenset({key("p1")}),
        ),
        (A.key, Profile.GUARDIAN): PopulationChanges(
            before=2, created=frozenset({key("g4")}), vanished=frozenset({key("g3")})
        ),
        (A.key, Profile.TEACHER): PopulationChanges(before=1, updated=frozenset({key("t")})),
        (B.key, Profile.PUPIL): PopulationChanges(arrived=frozenset({key("p1")})),
        (B.key, Profile.TEACHER): PopulationChanges(arrived=frozenset({key("t")})),
    }
    assert found.moves == (Move(key("p1"), Profile.PUPIL, A.key, B.key),)
    assert (found.losses, found.blockers) == ((), ())
    assert found.departed[Category.PUPILS] == {key("p3")}
    assert found.departed[Category.GUARDIANS] == {key("g3")}
    assert repr(found) == "<Review 5 populations, 0 losses>"


@pytest.mark.parametrize(
    ("before", "after", "suspicious"),
    [(25, 20, False), (24, 19, True), (10, 6, False), (2, 0, True), (1, 0, False), (100, 80, False), (100, 79, True)],
)
def test_a_large_share_that_vanishes_is_suspicious(before: int, after: int, suspicious: bool) -> None:
    """More than a fifth and at least five people, or everybody when they are two or more (rules 4.4)."""
    other = pupil(1000, B.key)
    old = [A, B, other, *(pupil(number) for number in range(before))]
    found = judged(old, [A, B, other, *(pupil(number) for number in range(after))])
    loss = Loss(A.key, Profile.PUPIL, None, before - after, before)
    assert found.losses == ((loss,) if suspicious else ())
    assert [one.slug for one in found.blockers] == ["suspicious_loss"] * suspicious
    gone = {Jointure(f"p{number}") for number in range(after, before)}
    assert found.held[Category.PUPILS] == (gone if suspicious else set())
    assert found.departed[Category.PUPILS] == (set() if suspicious else gone)
    confirmed = judged(old, [A, B, other, *(pupil(number) for number in range(after))], confirmed={loss})
    assert confirmed.losses == ()
    assert confirmed.departed[Category.PUPILS] == gone
    other_numbers = {attrs.evolve(loss, lost=loss.lost + 1)}
    stale = judged(old, [A, B, other, *(pupil(number) for number in range(after))], confirmed=other_numbers)
    assert stale.losses == found.losses


def test_the_limits_are_arguments() -> None:
    """Share and least number are the caller's."""
    old, new = [A, *map(pupil, range(10))], [A, *map(pupil, range(8))]
    assert not judged(old, new).losses
    assert judged(old, new, share=0.1, least=2).losses


def test_a_structure_that_vanishes_with_its_people() -> None:
    """It blocks with as few as one person who is nowhere else; a merger does not."""
    old = [A, B, pupil(1), pupil(2, B.key), guardian(2), pupil(3, B.key), guardian(3)]
    found = judged(old, [A, pupil(1), pupil(3), guardian(3)])
    assert found.losses == (Loss(school=B.key, lost=2, before=4),)
    (blocker,) = found.blockers
    assert (blocker.slug, blocker.params["school"]) == ("vanished_structure", "0749998R")
    assert found.held[Category.PUPILS] == {"p2"}
    assert not judged(old, [A, pupil(1), pupil(2), guardian(2), pupil(3), guardian(3)]).losses
    renamed = attrs.evolve(B, key=Jointure("B2"))
    moved = judged(old, [A, renamed, pupil(1), pupil(2, renamed.key), guardian(2), guardian(3)])
    assert (moved.losses, moved.moves) == ((), ())


def test_a_category_that_is_emptied() -> None:
    """Nothing left of a category: a file is missing, whatever the share."""
    found = judged([A, pupil(1), guardian(1)], [A, pupil(1)])
    assert found.losses == (Loss(category=Category.GUARDIANS, lost=1, before=1),)
    assert [one.slug for one in found.blockers] == ["emptied_category"]
    assert found.held[Category.GUARDIANS] == {"g1"}


def test_people_of_no_structure_are_a_population() -> None:
    """Those whom nothing places are judged together; an unknown structure is shown by its identifier."""
    old = [A, *(pupil(number, None) for number in range(6)), *(pupil(number, Jointure("Z")) for number in range(9, 12))]
    found = judged(old, [A, pupil(0)])
    assert [(one.school, one.lost) for one in found.losses] == [(None, 5), ("Z", 3)]
    assert [one.params["school"] for one in found.blockers] == ["-", "Z"]
    assert not judged(old, [*old, pupil(7, None)]).losses


def test_a_change_of_identifier_is_reported_and_nothing_is_merged() -> None:
    """Same INE, or same names and birth date, under another identifier; a guardian without a date is never paired."""
    old = [
        *(A, pupil(1, ine="090412000FB"), guardian(1)),
        named(2, "Zoé", "D'AUBREPIN"),
        named(3, "Ана", "ИВАНОВА"),
    ]
    new = [
        *(A, guardian(9)),
        named(11, "Zoé", "D'AUBREPIN", "090412000FB"),
        named(12, "ZOE", "D AUBREPIN"),
        named(13, "Ана", "ИВАНОВА"),
    ]
    found = judged(old, new)
    assert found.rekeys == (
        Rekey(Profile.PUPIL, Jointure("p1"), Jointure("p11"), by_ine=True),
        Rekey(Profile.PUPIL, Jointure("p2"), Jointure("p12"), by_ine=False),
        Rekey(Profile.PUPIL, Jointure("p3"), Jointure("p13"), by_ine=False),
    )
    reported = found.report.of_slug("possible_rekey")
    assert [(one.where.kind, one.where.key, one.params["previous"]) for one in reported] == [
        ("Eleve", "p11", "p1"),
        ("Eleve", "p12", "p2"),
        ("Eleve", "p13", "p3"),
    ]
    assert {"p1", "p2"} <= found.held[Category.PUPILS] | found.departed[Category.PUPILS]


@given(directory_successions(2))
def test_everybody_who_vanished_is_held_or_gone(pair: tuple[Directory, Directory]) -> None:
    """Held and departed share out those who vanished; once all is confirmed, nobody is held."""
    old, new = pair
    diff = compare(old, new)
    found = review(old, diff)
    for category in (Category.PUPILS, Category.GUARDIANS, Category.STAFF):
        vanished = {key for key, (_, after) in diff.tables[category].items() if after is None}
        assert found.held[category] | found.departed[category] == vanished
        assert not found.held[category] & found.departed[category]
    assert len(found.blockers) == len(found.losses)
    confirmed = review(old, diff, confirmed=found.losses)
    assert not any(confirmed.held.values())
    assert not confirmed.blockers


def test_a_generated_school_that_is_cut_short() -> None:
    """Half of the pupils of a collège are missing: it blocks, and a difference from elsewhere is refused."""
    directory = school.generate(5, pupils=40).directory
    half = attrs.evolve(directory, pupils=type(directory.pupils)(list(directory.pupils.items())[::2]))
    found = review(directory, compare(directory, half))
    assert [one.slug for one in found.blockers] == ["suspicious_loss"]
    assert not review(directory, DirectoryDiff()).populations
    with pytest.raises(UsageError):
        review(half, compare(directory, half))
