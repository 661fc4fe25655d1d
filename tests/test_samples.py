"""Each finding of the catalogue has a sample that shows it, and one, as close as can be, that does not."""

from __future__ import annotations

import base64
import importlib.util
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import entformats
from entformats.errors import UnreadableInput
from entformats.problems import CATALOGUE, Report, entry

HERE = Path(__file__).parent / "samples"
DAY = date(2024, 9, 16)
Make: TypeAlias = Callable[[], Report]
Files: TypeAlias = dict[str, bytes]
FILES: dict[str, Any] = tomllib.loads((HERE / "files.toml").read_text(encoding="utf-8"))


def _load(path: Path) -> dict[str, tuple[Make, Make]]:
    spec = importlib.util.spec_from_file_location(f"samples_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, tuple[Make, Make]] = module.SAMPLES
    return found


MADE = [(slug, pair) for path in sorted(HERE.glob("*.py")) for slug, pair in _load(path).items()]


def found(make: Make) -> set[str]:
    """Give the codes that a sample shows, whether it can be read or not."""
    try:
        return set(make().counts)
    except UnreadableInput as error:
        return {error.problem.code}


@pytest.mark.parametrize(("slug", "pair"), MADE, ids=[slug for slug, _ in MADE])
def test_a_sample_that_is_made(slug: str, pair: tuple[Make, Make]) -> None:
    """The first shows the finding, the second does not."""
    code = entry(slug).code
    assert code in found(pair[0])
    assert code not in found(pair[1])


def content(value: str | dict[str, str]) -> bytes:
    """Give the bytes of a file: text, or base64 where they are none."""
    return value.encode() if isinstance(value, str) else base64.b64decode(value["base64"])


def based(name: str) -> Files:
    """Give the files of a base."""
    return {file: content(value) for file, value in FILES["bases"][name].items()}


def changed(files: Files, change: dict[str, Any]) -> Files:
    """Add, remove or change one file."""
    name = change["file"]
    match change:
        case {"old": old, "new": new}:
            assert files[name].count(content(old)) == 1
            return files | {name: files[name].replace(content(old), content(new))}
        case {"new": new}:
            return files | {name: content(new)}
        case _:
            return {file: data for file, data in files.items() if file != name}


def checked(files: Files) -> set[str]:
    """Check a lone file, several sources, or one delivery of several files."""
    if set(files) == {""}:
        sources: list[bytes] | list[Files] = [files[""]]
    elif all(name.startswith("#") for name in files):
        sources = list(files.values())
    else:
        sources = [files]
    return set(entformats.check(*sources, today=DAY).counts)


@pytest.mark.parametrize("slug", FILES["rows"])
def test_a_sample_that_is_a_file(slug: str) -> None:
    """The base does not show the finding, the base with one change does."""
    row, code = FILES["rows"][slug], entry(slug).code
    files = based(row["base"])
    assert code not in checked(files)
    for change in row["changes"]:
        files = changed(files, change)
    assert code in checked(files)


def test_every_finding_has_its_sample() -> None:
    """Samples and catalogue are the same set; no finding has two."""
    slugs = [slug for slug, _ in MADE] + list(FILES["rows"])
    assert sorted(slugs) == sorted(known.slug for known in CATALOGUE.values())


def test_every_base_is_used() -> None:
    """No file is there for nothing."""
    assert {row["base"] for row in FILES["rows"].values()} == set(FILES["bases"])
