"""Shapes that a stored state has had: a version a shape, and one step from each version to the next (rules 4).

A backend keeps a state for years, so every shape that was ever written is read for ever. Whoever changes what a state
holds, down to a field of a decision or a value of an enumeration: adds one to `VERSION`, adds here the step from the
version before (a function from the JSON object of the one to that of the other, which may give it back as it is), and
runs `python tests/data/states/make.py`, which writes the new shape and a state of it beside those of the versions
before. `tests/rules/test_migrations.py` fails until all three are done.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints

import attrs

from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import SourceKey

__all__ = ["MIGRATIONS", "VERSION", "migrate", "shape"]

Raw: TypeAlias = Mapping[str, Any]
"""A state as JSON gives it."""


def _with_authors(data: Raw) -> Raw:
    """From 2 to 3: a correspondence tells who decided it and when; answers may be refusals, and keep a name."""
    known = [[who, {"home": home, "by": None, "at": None}] for who, home in data["correspondences"]]
    return {**data, "correspondences": known}


VERSION: Final = 3
"""Version of the states written now."""
_STEPS: Final[dict[int, Callable[[Raw], Raw]]] = {1: dict, 2: _with_authors}
MIGRATIONS: Final[FrozenMap[int, Callable[[Raw], Raw]]] = FrozenMap(_STEPS)
"""Version -> the step to the next one. Version 2 has imports that failed, which version 1 did not remember."""
_TEXTS: Final = (WeekSet, SourceKey)
"""Values that JSON holds as one text."""


def migrate(
    data: Raw, *, version: int = VERSION, migrations: Mapping[int, Callable[[Raw], Raw]] = MIGRATIONS
) -> Raw | None:
    """Mettre un état à la forme d'aujourd'hui: step by step; None where its version is not known.

    >>> steps = {1: lambda data: {**data, "zone": "Europe/Paris"}}
    >>> migrate({"version": 1}, version=2, migrations=steps)
    {'version': 2, 'zone': 'Europe/Paris'}
    >>> migrate({"version": 3}, version=2, migrations=steps) is None
    True
    """
    found = data["version"]
    if type(found) is not int or not 1 <= found <= version:
        return None
    for number in range(found, version):
        data = {**migrations[number](data), "version": number + 1}
    return data


def shape(kind: type) -> str:
    """Décrire une forme: one line a class or an enumeration that a value of this type may hold, itself first.

    >>> from entformats.codes.school_year import SchoolYear
    >>> from entformats.rules import SubjectContent
    >>> print(shape(SubjectContent))
    SubjectContent: label str, national_code str
    """
    told: dict[type, str] = {}
    waiting = [kind]
    while waiting:
        one = waiting.pop(0)
        if one not in told:
            inside = _inside(one)
            told[one] = f"{one.__name__}: " + ", ".join(f"{name} {_text(held)}".strip() for name, held in inside)
            waiting.extend(part for _, held in inside for part in _classes(held))
    return "\n".join(told.values())


def _inside(kind: type) -> list[tuple[str, Any]]:
    """Give the fields of a class, or the values of an enumeration."""
    if issubclass(kind, Enum):
        return [(str(member.value), None) for member in kind]
    assert attrs.has(kind)
    hints = get_type_hints(kind)
    return [(one.name, hints[one.name]) for one in attrs.fields(kind)]


def _classes(kind: Any) -> Iterator[type]:  # noqa: ANN401 - any type may stand in a field
    """Give the classes and enumerations in a type."""
    for part in get_args(kind):
        yield from _classes(part)
    if isinstance(kind, type) and (issubclass(kind, Enum) or (attrs.has(kind) and kind not in _TEXTS)):
        yield kind


def _text(kind: Any) -> str:  # noqa: ANN401 - any type may stand in a field
    """Write a type as the sources do."""
    parts = [_text(part) for part in get_args(kind)]
    if get_origin(kind) in {types.UnionType, Union}:
        return " | ".join(parts)
    if parts:
        return f"{get_origin(kind).__name__}[{', '.join(parts)}]"
    if kind is None or kind is Ellipsis:
        return "" if kind is None else "..."
    return "None" if kind is type(None) else str(kind.__name__)
