"""The read-only mapping."""

from __future__ import annotations

import pickle
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.frozen import FrozenMap

ITEMS = st.dictionaries(st.text(max_size=3), st.integers())


@given(ITEMS)
def test_it_behaves_as_the_dictionary_it_copies(data: dict[str, int]) -> None:
    """Length, membership, order, values and equality are those of the dictionary, both ways round."""
    frozen = FrozenMap(data)
    assert list(frozen.items()) == list(data.items())
    assert len(frozen) == len(data)
    assert all(key in frozen for key in data)
    assert "absent" not in frozen
    assert frozen == data
    assert data == frozen
    assert frozen == MappingProxyType(data)
    assert frozen == FrozenMap(data.items())


@given(ITEMS)
def test_order_does_not_count(data: dict[str, int]) -> None:
    """Two maps of the same items are equal and have one hash."""
    one, other = FrozenMap(data), FrozenMap(reversed(data.items()))
    assert one == other
    assert hash(one) == hash(other)


@given(ITEMS)
def test_it_survives_pickling(data: dict[str, int]) -> None:
    """What is unpickled is equal and of the same type."""
    again = pickle.loads(pickle.dumps(FrozenMap(data)))  # noqa: S301 - our own bytes
    assert type(again) is FrozenMap
    assert again == FrozenMap(data)


def test_nothing_of_the_caller_is_kept() -> None:
    """Changing the source afterwards changes nothing."""
    source = {"a": 1}
    frozen = FrozenMap(source)
    source["b"] = 2
    assert dict(frozen) == {"a": 1}


def test_it_cannot_be_changed() -> None:
    """There is no way to set, delete or add."""
    frozen = FrozenMap({"a": 1})
    for name in ("__setitem__", "__delitem__", "update", "pop", "clear", "setdefault"):
        assert not hasattr(frozen, name)
    with pytest.raises(AttributeError):
        frozen.other = 1  # type: ignore[attr-defined]


def test_a_map_of_lists_has_no_hash() -> None:
    """It is hashable only where its values are."""
    with pytest.raises(TypeError):
        hash(FrozenMap({"a": [1]}))


def test_it_differs_from_what_is_no_mapping() -> None:
    """Another type is never equal."""
    assert FrozenMap({"a": 1}) != [("a", 1)]


def test_an_absent_key_is_a_key_error() -> None:
    """Like any mapping."""
    with pytest.raises(KeyError):
        FrozenMap({"a": 1})["b"]


def test_repr_shows_the_size_only() -> None:
    """Keys and values may be personal data."""
    assert repr(FrozenMap({"Odile": "VALMOND"})) == "<FrozenMap of 1>"
