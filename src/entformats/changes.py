"""One algebra for every difference in the library: a key, what it was, what it is.

A `Diff` maps each key that differs to the pair (before or none, after or none). Differences compose, invert and apply
(rules 3.4, B4 to B10): they form a groupoid over the states they join, proven once, in the tests of this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from entformats.errors import UsageError
from entformats.frozen import FrozenMap

__all__ = ["Diff"]

K = TypeVar("K")
V = TypeVar("V")


class Diff(Mapping[K, tuple[V | None, V | None]], Generic[K, V]):
    """Écart entre deux états: key -> (before or None, after or None), with before ≠ after.

    >>> d = Diff.between({"a": 1, "b": 2}, {"b": 3, "c": 4})
    >>> sorted(d.added), sorted(d.modified), sorted(d.removed)
    (['c'], ['b'], ['a'])
    >>> d.apply({"a": 1, "b": 2}) == {"b": 3, "c": 4}
    True
    >>> d.compose(d.invert()) == Diff()
    True
    """

    __slots__ = ("_changes",)

    def __init__(self, changes: Mapping[K, tuple[V | None, V | None]] | None = None) -> None:
        """Keep the changes given; a pair that changes nothing is dropped."""
        self._changes: FrozenMap[K, tuple[V | None, V | None]] = FrozenMap(
            (key, pair) for key, pair in (changes or {}).items() if pair[0] is not pair[1] and pair[0] != pair[1]
        )

    @classmethod
    def between(cls, old: Mapping[K, V], new: Mapping[K, V]) -> Diff[K, V]:
        """Compare two states in one pass, identity before equality."""
        changes: dict[K, tuple[V | None, V | None]] = {}
        for key, after in new.items():
            before = old.get(key)
            if before is not after and before != after:
                changes[key] = (before, after)
        changes.update((key, (before, None)) for key, before in old.items() if key not in new)
        return cls(changes)

    def compose(self, later: Diff[K, V]) -> Diff[K, V]:
        """Give the one difference that does this one, then `later` (rules 3.4, B8)."""
        changes: dict[K, tuple[V | None, V | None]] = dict(self._changes)
        for key, (before, after) in later.items():
            changes[key] = (changes[key][0] if key in changes else before, after)
        return Diff(changes)

    def invert(self) -> Diff[K, V]:
        """Exchange before and after (rules 3.4, B6)."""
        return Diff({key: (after, before) for key, (before, after) in self._changes.items()})

    def apply(self, state: Mapping[K, V]) -> FrozenMap[K, V]:
        """Give the state after; raises `UsageError` when `state` is not the one this difference starts from (B10)."""
        result = dict(state)
        for key, (before, after) in self._changes.items():
            if result.get(key) != before:
                msg = "this difference does not start from that state"
                raise UsageError(msg)
            if after is None:
                del result[key]
            else:
                result[key] = after
        return FrozenMap(result)

    @property
    def added(self) -> frozenset[K]:
        """Ajoutés: the keys that were not there."""
        return frozenset(key for key, (before, _) in self._changes.items() if before is None)

    @property
    def removed(self) -> frozenset[K]:
        """Supprimés: the keys that are no longer there."""
        return frozenset(key for key, (_, after) in self._changes.items() if after is None)

    @property
    def modified(self) -> frozenset[K]:
        """Modifiés: the keys there on both sides, with another content."""
        return frozenset(
            key for key, (before, after) in self._changes.items() if before is not None and after is not None
        )

    def __getitem__(self, key: K) -> tuple[V | None, V | None]:
        """Give (before, after) of a key that differs."""
        return self._changes[key]

    def __iter__(self) -> Iterator[K]:
        """Iterate over the keys that differ."""
        return iter(self._changes)

    def __len__(self) -> int:
        """Count the keys that differ."""
        return len(self._changes)

    def __eq__(self, other: object) -> bool:
        """Compare with another difference."""
        return self._changes == other._changes if isinstance(other, Diff) else NotImplemented

    def __hash__(self) -> int:
        """Hash the changes."""
        return hash(self._changes)

    def __repr__(self) -> str:
        """Show the three counts only."""
        return f"<Diff +{len(self.added)} ~{len(self.modified)} -{len(self.removed)}>"
