"""Two directories compared: the laws of differences on whole directories, and changes down to the attribute."""

from __future__ import annotations

import pickle
from datetime import date

import attrs
import pytest
from hypothesis import given, settings

from entformats.aaf import (
    AttributeChange,
    Category,
    Directory,
    DirectoryDiff,
    Guardian,
    Mef,
    Pupil,
    attribute_changes,
    compare,
)
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.testing import school
from entformats.testing.strategies.directories import directories, directory_successions

FEWER = settings(max_examples=settings().max_examples // 2)
Three = tuple[Directory, Directory, Directory]
PUPIL = Pupil(Jointure("1"), family="D'AUBREPIN", birth_date=date(2012, 2, 29))


@FEWER
@given(directory_successions(3))
def test_the_laws_of_differences(succession: Three) -> None:
    """B1, B4 to B10 on directories: identity, inverse, composition, application."""
    a, b, c = succession
    first, second = compare(a, b), compare(b, c)
    assert compare(a, a) == DirectoryDiff()
    assert not compare(a, a)
    assert first.apply(a) == b
    assert first.invert() == compare(b, a)
    assert first.invert().apply(b) == a
    assert first.compose(first.invert()) == DirectoryDiff()
    assert first.compose(second) == compare(a, c)
    assert first.compose(DirectoryDiff()) == DirectoryDiff().compose(first) == first
    assert bool(first) is (a != b)
    assert pickle.loads(pickle.dumps(first)) == first  # noqa: S301 - our own bytes


@given(directories())
def test_from_nothing_all_is_added(directory: Directory) -> None:
    """From the empty directory, a difference adds everything and nothing else."""
    for category, changes in compare(Directory(), directory).tables.items():
        assert {key: after for key, (_, after) in changes.items()} == directory.tables[category]


@FEWER
@given(directory_successions(4))
def test_composition_is_associative_b8(succession: tuple[Directory, ...]) -> None:
    """B8: how a week is cut into nights does not count."""
    a, b, c, d = succession
    first, second, third = compare(a, b), compare(b, c), compare(c, d)
    assert first.compose(second).compose(third) == first.compose(second.compose(third)) == compare(a, d)


@given(directory_successions(2))
def test_changes_say_all_that_differs(pair: tuple[Directory, Directory]) -> None:
    """Records differ if and only if an attribute does; read the other way, before and after change places."""
    old, new = pair
    for category, table in old.tables.items():
        for key, before in table.items():
            after = new.tables[category].get(key)
            if after is not None:
                changes = attribute_changes(before, after)
                assert bool(changes) is (before != after)
                turned = tuple(attrs.evolve(one, before=one.after, after=one.before) for one in changes)
                assert attribute_changes(after, before) == turned
                assert all(one.before != one.after for one in changes)


def test_an_attribute_before_and_after() -> None:
    """A typed value where the field differs, the texts delivered where only they do, unknown attributes last."""
    before = attrs.evolve(PUPIL, extra=FrozenMap({"ENTZ": ("z",), "ENTPersonVille": ("A", "B"), "": ("nameless",)}))
    after = attrs.evolve(
        PUPIL, family="DAUBREPIN", birth_date=None, extra=FrozenMap({"ENTA": ("a",), "ENTPersonDateNaissance": ("?",)})
    )
    assert attribute_changes(before, after) == (
        AttributeChange("ENTPersonDateNaissance", "birth_date", date(2012, 2, 29), None),
        AttributeChange("sn", "family", "D'AUBREPIN", "DAUBREPIN"),
        AttributeChange("ENTPersonVille", "town", ("A", "B"), ()),
        AttributeChange("ENTA", "", (), ("a",)),
        AttributeChange("ENTZ", "", ("z",), ()),
    )


def test_nobody_is_shown() -> None:
    """A difference shows numbers, a change its attribute."""
    diff = compare(Directory(), Directory.of([PUPIL, Mef(Jointure("2"))]))
    assert repr(diff) == "<DirectoryDiff Eleve +1 ~0 -0 MefEducNat +1 ~0 -0>"
    assert repr(DirectoryDiff()) == "<DirectoryDiff>"
    (change,) = attribute_changes(PUPIL, attrs.evolve(PUPIL, family="X"))
    assert repr(change) == "AttributeChange(attribute='sn', field='family')"


def test_tables_hold_their_own_category() -> None:
    """Built from tables, a difference is that of the directories; a record in another table is refused."""
    old, new = (school.generate(seed, pupils=20).directory for seed in (1, 2))
    diff = compare(old, new)
    assert DirectoryDiff.from_tables(diff.tables) == diff
    with pytest.raises(UsageError):
        DirectoryDiff.from_tables({Category.PUPILS: {Jointure("1"): (None, Guardian(Jointure("1")))}})
    with pytest.raises(UsageError):
        diff.apply(new)
