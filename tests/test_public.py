"""Habits of the public surface: what the modules that users import offer, wherever it is defined."""

from __future__ import annotations

import importlib
import inspect
import pickle
import pkgutil
import typing
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cached_property
from types import ModuleType

import attrs
import pytest

import entformats
import entformats.codes

NAMES = [
    f"entformats.{info.name}"
    for info in pkgutil.iter_modules(entformats.__path__)
    if not info.name.startswith("_") and info.name not in {"cli", "codes"}
] + [f"entformats.codes.{info.name}" for info in pkgutil.iter_modules(entformats.codes.__path__)]
MUTABLE = (list, dict, set, bytearray)


@pytest.fixture(params=["entformats", *NAMES])
def module(request: pytest.FixtureRequest) -> ModuleType:
    """Give each public module in turn."""
    return importlib.import_module(str(request.param))


def own(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Give what a module or a package offers: what it or its parts define, the modules that it offers included."""
    for name in getattr(module, "__all__", ()):
        value = getattr(module, name)
        if isinstance(value, ModuleType):
            yield from own(value)
        elif f"{getattr(value, '__module__', None)}.".startswith(f"{module.__name__}."):
            yield name, value


def classes(module: ModuleType) -> Iterator[type[object]]:
    """Give the public classes that a module offers."""
    return (value for _, value in own(module) if isinstance(value, type))


def models(module: ModuleType) -> Iterator[type[attrs.AttrsInstance]]:
    """Give the public attrs classes that a module offers."""
    return (cls for cls in classes(module) if attrs.has(cls))


def functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    """Give the public functions, and the public methods and properties of public classes."""
    for name, value in own(module):
        if isinstance(value, type):
            for member, raw in vars(value).items():
                function = unwrapped(raw)
                if function is not None and not member.startswith("_"):
                    yield f"{name}.{member}", function
        elif inspect.isroutine(inspect.unwrap(typing.cast("Callable[..., object]", value))):
            yield name, inspect.unwrap(typing.cast("Callable[..., object]", value))


def unwrapped(raw: object) -> Callable[..., object] | None:
    """Give the function behind a method, a class method or a property."""
    match raw:
        case property(fget=function):
            return function
        case cached_property(func=function):
            return function
        case classmethod(__func__=function) | staticmethod(__func__=function):
            return typing.cast("Callable[..., object]", function)
        case _:
            return raw if inspect.isfunction(raw) else None


def leaves(hint: object) -> Iterator[object]:
    """Give a type and everything inside it: `tuple[list[int], ...]` holds a list."""
    yield typing.get_origin(hint) or hint
    for inner in typing.get_args(hint):
        yield from leaves(inner)


def is_mutable(leaf: object) -> bool:
    """Tell whether a type is a built-in container that can change."""
    return isinstance(leaf, type) and issubclass(leaf, MUTABLE)


def test_a_module_says_what_it_is_and_what_it_offers(module: ModuleType) -> None:
    """A docstring, and an `__all__` whose names exist, each once, in order."""
    assert module.__doc__
    names = list(getattr(module, "__all__", ()))
    assert all(hasattr(module, name) for name in names)
    assert len(names) == len(set(names))


def test_models_are_frozen_slotted_and_hashable(module: ModuleType) -> None:
    """Every public attrs class is an immutable value without a dictionary."""
    wrong = []
    for cls in models(module):
        props = attrs.inspect(cls)
        if not (props.is_frozen and props.is_slotted and cls.__hash__ is not None):
            wrong.append(cls.__name__)
    assert wrong == []


def test_models_hold_nothing_that_changes(module: ModuleType) -> None:
    """No field is a list, a dict or a set, and none is of any type."""
    wrong = [
        f"{cls.__name__}.{name}: {hint}"
        for cls in models(module)
        for name, hint in typing.get_type_hints(cls).items()
        if any(leaf is typing.Any or is_mutable(leaf) for leaf in leaves(hint))
    ]
    assert wrong == []


def test_signatures_are_precise(module: ModuleType) -> None:
    """No public function takes or gives `Any`, and none gives a container that can change."""
    wrong = []
    for name, function in functions(module):
        hints = typing.get_type_hints(function)
        if any(leaf is typing.Any for hint in hints.values() for leaf in leaves(hint)):
            wrong.append(f"{name}: Any")
        if any(is_mutable(leaf) for leaf in leaves(hints.get("return"))):
            wrong.append(f"{name}: gives a mutable container")
    assert wrong == []


def test_values_survive_pickling(module: ModuleType) -> None:
    """A class is found again by its name, and an instance made of defaults comes back equal."""
    for cls in classes(module):
        assert pickle.loads(pickle.dumps(cls)) is cls  # noqa: S301 - our own bytes
    for model in models(module):
        if all(field.default is not attrs.NOTHING for field in attrs.fields(model)):
            value = model()
            assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own bytes


def test_everything_has_a_docstring(module: ModuleType) -> None:
    """Every public class, function, method and property says what it is."""
    undocumented = [cls.__name__ for cls in classes(module) if not cls.__doc__]
    undocumented += [name for name, function in functions(module) if not function.__doc__]
    assert undocumented == []


def test_everything_has_an_example(module: ModuleType) -> None:
    """Every public function and class has an example that runs; enumerations, errors and protocols need none."""
    bare = []
    for name, value in own(module):
        if isinstance(value, type):
            if (
                issubclass(value, Enum | Exception)
                or typing.is_typeddict(value)
                or getattr(value, "_is_protocol", False)
            ):
                continue
            texts = [
                value.__doc__,
                *(function.__doc__ for key, function in functions(module) if key.startswith(f"{name}.")),
            ]
        elif inspect.isroutine(value):
            texts = [value.__doc__]
        else:
            continue
        if not any(">>>" in (text or "") for text in texts):
            bare.append(name)
    assert bare == []
