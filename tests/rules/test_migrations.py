"""Every shape that a state has had is still read, and no shape changes unseen."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

from entformats import rules
from entformats.codes.weeks import WeekSet
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import SourceKey
from entformats.rules import State
from entformats.rules.migrations import MIGRATIONS, VERSION, migrate, shape

STATES = Path(__file__).parents[1] / "data" / "states"
WRITTEN = {
    1: "218428e5f66df71bad95be9e5bdad6f0",
    2: "5198ff581ca917963df1c7010cf067e9",
    3: "edb0b8f253a004a30566a10631b0c62d",
}
"""Version -> digest of its folder; a line is added with a version, and none is ever changed."""


@pytest.fixture(scope="module")
def make() -> ModuleType:
    """Load what writes the folder of a version."""
    spec = importlib.util.spec_from_file_location("make_state", STATES / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(version: int, name: str) -> str:
    """Read a file of the folder of a version."""
    return (STATES / str(version) / name).read_bytes().decode()


def test_a_change_of_shape_needs_a_version() -> None:
    """`State` is what the folder of today's version says, down to the values of its enumerations."""
    assert shape(State) + "\n" == written(VERSION, "shape.txt"), (
        "the shape of State changed: see the docstring of entformats.rules.migrations"
    )


def test_a_version_needs_a_migration_and_a_folder() -> None:
    """From the first version to today's none is missing, and no folder is without a version."""
    assert sorted(MIGRATIONS) == list(range(1, VERSION))
    folders = {path.parent.name for path in STATES.glob("*/state.json")}
    assert folders == {str(number) for number in WRITTEN} == {str(number) for number in range(1, VERSION + 1)}


@pytest.mark.parametrize("version", WRITTEN)
def test_what_was_written_is_never_written_again(version: int) -> None:
    """The files of a version, the first one included, are those that were made when it was today's."""
    names = ("state.json", "decisions.json", "shape.txt")
    texts = json.dumps([written(version, name) for name in names])
    assert sha256(texts.encode()).hexdigest()[:32] == WRITTEN[version]


@pytest.mark.parametrize("version", WRITTEN)
def test_every_shape_gives_its_bilan(version: int, make: ModuleType) -> None:
    """A state of any version is read, and the fixed export gives the bilan against it that it always gave."""
    state = State.from_json(written(version, "state.json"))
    assert json.loads(written(version, "state.json"))["version"] == version
    assert make.bilan(state) == written(version, "bilan.txt")
    assert [one.outcome.value for one in state.history[:3]] == ["rejected", "cancelled", "applied"]


@pytest.mark.parametrize("version", WRITTEN)
def test_every_shape_of_decisions_is_read(version: int) -> None:
    """A file of decisions has no version: every file that was ever written is still read."""
    decisions = rules.decisions_from_json(written(version, "decisions.json"))
    assert decisions == State.from_json(written(version, "state.json")).decisions


def test_today_is_written_as_its_folder_says(make: ModuleType) -> None:
    """The same state gives the same text, byte for byte: nor does the way values are written change unseen."""
    text = written(VERSION, "state.json")
    assert State.from_json(text).to_json() == text
    assert shape(type(make.imported())) + "\n" == written(VERSION, "shape.txt")


def test_the_state_of_today_leaves_nothing_empty() -> None:
    """Every field of every class of the shape holds something in `state.json`, so that the file tests it."""
    filled = set(_filled(State.from_json(written(VERSION, "state.json"))))
    fields = [line.split(": ") for line in shape(State).splitlines()]
    named = {(kind, part.split()[0]) for kind, parts in fields for part in parts.split(", ") if " " in part}
    assert {(kind, name) for kind, name in named - filled if name != "int"} == set()


def _filled(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever a field holds
    if isinstance(value, FrozenMap):
        for pair in value.items():
            yield from _filled(pair)
    elif isinstance(value, tuple | frozenset):
        for part in value:
            yield from _filled(part)
    elif attrs.has(type(value)) and not isinstance(value, WeekSet | SourceKey):
        for field in attrs.fields(type(value)):
            held = getattr(value, field.name)
            if held or isinstance(held, int):
                yield type(value).__name__, field.name
            yield from _filled(held)


class TestMigrate:
    """Steps from version to version."""

    STEPS = FrozenMap({1: lambda data: {**data, "zone": "UTC"}, 2: lambda data: {**data, "zone": [data["zone"]]}})

    @pytest.mark.parametrize("version", [1, 2, 3])
    def test_step_by_step(self, version: int) -> None:
        """Each step is made once, from the version that was found."""
        starts: list[dict[str, Any]] = [
            {"version": 1},
            {"version": 2, "zone": "UTC"},
            {"version": 3, "zone": ["UTC"]},
        ]
        start = starts[version - 1]
        assert migrate(start, version=3, migrations=self.STEPS) == {"version": 3, "zone": ["UTC"]}

    @pytest.mark.parametrize("version", [0, 4, -1, "1", 1.0, True, None])
    def test_unknown(self, version: int | str | None) -> None:
        """A version of tomorrow, or none, is not guessed at."""
        assert migrate({"version": version}, version=3, migrations=self.STEPS) is None

    def test_a_state_of_tomorrow_is_refused(self) -> None:
        """With the words that say why."""
        data = json.loads(State.new("0749999S", 2022).to_json())
        with pytest.raises(InvalidValue, match="version"):
            State.from_json(json.dumps(data | {"version": VERSION + 1}))


class TestShape:
    """The text of a shape."""

    def test_every_change_shows(self) -> None:
        """A field more, another type, another name: another text."""

        @attrs.frozen
        class Inner:
            a: int

        def outer(**fields: object) -> str:
            kind = attrs.make_class("Outer", [*fields])
            kind.__annotations__ = fields
            return shape(kind)

        texts = [
            outer(one=int),
            outer(one=str),
            outer(two=int),
            outer(one=int | None),
            outer(one=int, two=int),
            outer(one=tuple[Inner, ...]),
            outer(one=FrozenMap[str, Inner]),
            outer(one=rules.Trigger),
            outer(one=WeekSet),
        ]
        assert len(set(texts)) == len(texts)
        assert texts[5] == "Outer: one tuple[Inner, ...]\nInner: a int"
        assert texts[7] == "Outer: one Trigger\nTrigger: manual, automatic"
