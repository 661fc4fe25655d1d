"""The bounds against hostile input."""

from __future__ import annotations

import attrs
import pytest

from entformats.limits import Limits


def test_every_bound_is_a_positive_number() -> None:
    """No default switches a guard off."""
    assert all(isinstance(value, int) and value > 0 for value in attrs.asdict(Limits()).values())


def test_bounds_are_one_value() -> None:
    """Limits are compared and hashed by value, and cannot be changed once given."""
    assert Limits(depth=8) == attrs.evolve(Limits(), depth=8)
    assert hash(Limits()) == hash(Limits())
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Limits().depth = 1  # type: ignore[misc]


def test_the_largest_real_delivery_passes() -> None:
    """An academy delivers about 2.4 GB; the default leaves room."""
    assert Limits().total_bytes > 2.4e9
