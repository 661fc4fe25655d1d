"""The algebra of differences (rules 3.4, B4 to B10), proven once for every difference of the library."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from entformats.changes import Diff
from entformats.errors import UsageError

STATES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 2))
State = dict[str, int]


@given(STATES)
def test_identity_b1(state: State) -> None:
    """B1: a state does not differ from itself."""
    nothing = Diff.between(state, dict(state))
    assert nothing == Diff()
    assert not nothing
    assert nothing.apply(state) == state


@given(STATES, STATES)
def test_lengths_b4(old: State, new: State) -> None:
    """B4: the lengths differ by what was added less what was removed."""
    diff = Diff.between(old, new)
    assert len(new) - len(old) == len(diff.added) - len(diff.removed)


@given(STATES, STATES)
def test_kinds_are_disjoint_b5(old: State, new: State) -> None:
    """B5: a key is added, modified or removed, one of the three; and it is so for the reason that its name says."""
    diff = Diff.between(old, new)
    assert sorted([*diff.added, *diff.modified, *diff.removed]) == sorted(diff)
    assert diff.added == set(new) - set(old)
    assert diff.removed == set(old) - set(new)
    assert diff.modified == {key for key in set(old) & set(new) if old[key] != new[key]}


@given(STATES, STATES)
def test_inverse_b6(old: State, new: State) -> None:
    """B6: the difference the other way is the inverse, and inverting twice changes nothing."""
    diff = Diff.between(old, new)
    assert diff.invert() == Diff.between(new, old)
    assert diff.invert().invert() == diff
    assert diff.compose(diff.invert()) == diff.invert().compose(diff) == Diff()


@given(STATES, STATES, STATES)
def test_composition_b8(a: State, b: State, c: State) -> None:
    """B8: two differences in a row are the difference of the ends."""
    assert Diff.between(a, b).compose(Diff.between(b, c)) == Diff.between(a, c)


@given(STATES, STATES, STATES, STATES)
def test_associativity_b8(a: State, b: State, c: State, d: State) -> None:
    """B8: composition is associative, with the empty difference as identity."""
    one, two, three = Diff.between(a, b), Diff.between(b, c), Diff.between(c, d)
    assert one.compose(two).compose(three) == one.compose(two.compose(three))
    assert one.compose(Diff()) == Diff[str, int]().compose(one) == one


@given(STATES, STATES, STATES)
def test_inverse_of_a_composition(a: State, b: State, c: State) -> None:
    """Undoing two steps is undoing the second, then the first."""
    one, two = Diff.between(a, b), Diff.between(b, c)
    assert one.compose(two).invert() == two.invert().compose(one.invert())


@pytest.mark.parametrize(
    ("a", "b", "c", "kind"),
    [
        ({}, {"x": 1}, {}, None),
        ({"x": 1}, {}, {"x": 2}, "modified"),
        ({"x": 1}, {"x": 2}, {"x": 1}, None),
        ({}, {"x": 1}, {"x": 2}, "added"),
        ({"x": 1}, {"x": 2}, {}, "removed"),
    ],
)
def test_counts_alone_do_not_compose_b9(a: State, b: State, c: State, kind: str | None) -> None:
    """B9: added then removed is nothing, removed then added is modified, modified twice may be nothing."""
    both = Diff.between(a, b).compose(Diff.between(b, c))
    assert [name for name in ("added", "modified", "removed") if getattr(both, name)] == ([kind] if kind else [])


@given(STATES, STATES)
def test_application_b10(old: State, new: State) -> None:
    """B10: applied to the old state, a difference gives the new one; the old one is left as it was."""
    kept = dict(old)
    assert Diff.between(old, new).apply(old) == new
    assert old == kept


@given(STATES, STATES, STATES)
def test_application_needs_the_state_it_starts_from(old: State, new: State, other: State) -> None:
    """A difference applied to a state that disagrees with it is the caller's mistake, never a silent merge."""
    diff = Diff.between(old, new)
    assume(any(other.get(key) != before for key, (before, _) in diff.items()))
    with pytest.raises(UsageError):
        diff.apply(other)


@given(STATES, STATES)
def test_a_difference_is_a_value(old: State, new: State) -> None:
    """Equal differences have one hash whatever their order, and survive pickling."""
    diff = Diff.between(old, new)
    turned = Diff(dict(reversed(list(diff.items()))))
    assert diff == turned
    assert hash(diff) == hash(turned)
    assert pickle.loads(pickle.dumps(diff)) == diff  # noqa: S301 - our own bytes
    assert all(diff[key] == (old.get(key), new.get(key)) for key in diff)


def test_identity_comes_before_equality() -> None:
    """The same object is not compared: a value that equals nothing, itself included, does not differ from itself."""
    odd = float("nan")
    assert Diff.between({"x": odd}, {"x": odd}) == Diff()


def test_it_is_not_equal_to_a_plain_mapping() -> None:
    """A difference compares with differences only."""
    assert Diff.between({}, {"x": 1}) != {"x": (None, 1)}


def test_repr_shows_counts_only() -> None:
    """Keys and values may identify people: they are not shown."""
    assert repr(Diff.between({"LEROY": 1, "b": 1}, {"b": 2, "c": 1, "d": 1})) == "<Diff +2 ~1 -1>"
