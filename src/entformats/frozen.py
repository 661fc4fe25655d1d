"""A read-only mapping that can be compared, hashed and pickled: the only mapping of the models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

__all__ = ["FrozenMap"]

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class FrozenMap(Mapping[K, V_co]):
    """Table en lecture seule: a mapping that nobody can change.

    Equality is that of mappings, so order does not count; iteration keeps the order given. Hashable when its values
    are.

    >>> FrozenMap({"a": 1}) == {"a": 1}
    True
    >>> FrozenMap([("a", 1), ("b", 2)])["b"]
    2
    """

    __slots__ = ("_data",)

    def __init__(self, items: Mapping[K, V_co] | Iterable[tuple[K, V_co]] = ()) -> None:
        """Copy `items`; nothing of the caller's is kept."""
        self._data: dict[K, V_co] = dict(items)

    def __getitem__(self, key: K) -> V_co:
        """Give the value, or raise KeyError."""
        return self._data[key]

    def __iter__(self) -> Iterator[K]:
        """Iterate over the keys in the order given."""
        return iter(self._data)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._data)

    def __contains__(self, key: object) -> bool:
        """Tell whether `key` is there."""
        return key in self._data

    def __eq__(self, other: object) -> bool:
        """Compare with any mapping."""
        if isinstance(other, FrozenMap):
            return self._data == other._data
        if isinstance(other, Mapping):
            return self._data == other
        return NotImplemented

    def __hash__(self) -> int:
        """Hash the items, whatever their order."""
        return hash(frozenset(self._data.items()))

    def __repr__(self) -> str:
        """Show the size only: keys and values may be personal data."""
        return f"<FrozenMap of {len(self._data)}>"

    def __reduce__(self) -> tuple[type[FrozenMap[K, V_co]], tuple[dict[K, V_co]]]:
        """Pickle as the plain dictionary it holds."""
        return type(self), (dict(self._data),)
