"""The catalogue of findings is complete, well formed, and the same set as what the code emits."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from entformats.problems import CATALOGUE, Entry, entry

PREFIXES = {"XML", "IO", "AAF", "EDT", "UDT", "STS", "PRO", "MATCH", "DIFF", "ACC", "STATE"}
CONFIDENCES = {"data", "code", "documented", "inferred"}
TYPES = {"str", "int", "private"}
IDENTIFYING = {
    "person",
    "given",
    "family",
    "birth_date",
    "source_key",
    "mail",
    "email",
    "address",
    "phone",
    "ine",
    "login",
}
SOURCE = Path(__file__).parents[1] / "src" / "entformats"
ENTRIES = [pytest.param(known, id=code) for code, known in CATALOGUE.items()]


def fields(text: str) -> set[str]:
    """Give the names of the parameters that a message shows."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("known", ENTRIES)
def test_an_entry_is_complete(known: Entry) -> None:
    """Code, slug, types of parameters, confidence, source and four texts in both languages."""
    prefix, _, number = known.code.rpartition("-")
    assert prefix in PREFIXES
    assert re.fullmatch("[0-5][0-9]{2}", number)
    assert re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", known.slug)
    assert known.confidence in CONFIDENCES
    assert known.source
    assert set(known.params.values()) <= TYPES
    for text in (known.fr, known.en):
        assert all((text.title, text.message, text.explanation, text.repair))


@pytest.mark.parametrize("known", ENTRIES)
def test_messages_show_what_is_declared(known: Entry) -> None:
    """Both languages show exactly the declared parameters; titles, explanations and repairs show none."""
    for text in (known.fr, known.en):
        assert fields(text.message) == set(known.params)
        assert not re.search(r"\{\w+(![rs])?\}", text.title + text.explanation + text.repair)


@pytest.mark.parametrize("known", ENTRIES)
def test_texts_have_one_style(known: Entry) -> None:
    """A title is short, a message begins in lower case and has no final period, the rest are sentences."""
    for text in (known.fr, known.en):
        assert text.title[0].isupper()
        assert not text.title.endswith(".")
        assert len(text.title) <= 60
        assert not re.match("[A-ZÀ-Ý][a-zà-ÿ]", text.message)
        assert not text.message.endswith(".")
        for sentence in (text.explanation, text.repair):
            assert sentence[0].isupper() or sentence[0] in "`«{"
            assert sentence.endswith(".")
    assert known.fr != known.en


@pytest.mark.parametrize("known", ENTRIES)
def test_parameters_that_identify_are_private(known: Entry) -> None:
    """A parameter that is by its name about a person is hidden by default."""
    assert all(kind == "private" for name, kind in known.params.items() if name in IDENTIFYING)


def test_slugs_are_unique() -> None:
    """One slug leads to one code."""
    slugs = [known.slug for known in CATALOGUE.values()]
    assert sorted(slugs) == sorted(set(slugs))


def test_each_prefix_has_its_file() -> None:
    """A code stands in the file of its prefix, and files are read in one order."""
    for path in files("entformats").joinpath("catalogue").iterdir():
        codes = list(tomllib.loads(path.read_text(encoding="utf-8")))
        assert {code.rpartition("-")[0].lower() for code in codes} == {path.name.removesuffix(".toml")}
        assert codes == sorted(codes)


def calls() -> list[tuple[str, str, str, set[str] | None]]:
    """Find every call `problem("…", …)` and `.found("…", …)`: place, function, slug, keywords or None if spread."""
    found: list[tuple[str, str, str, set[str] | None]] = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="problem" as name) | ast.Attribute(attr="found" | "problem" as name),
                    args=[ast.Constant(value=str(slug)), *_],
                    keywords=keywords,
                ):
                    names = [k.arg for k in keywords]
                    given = None if None in names else {n for n in names if n and n != "where"}
                    found.append((f"{path.relative_to(SOURCE)}:{node.lineno}", name, slug, given))
                case _:
                    pass
    return found


def test_what_the_code_emits_is_in_the_catalogue() -> None:
    """Each finding made with a literal slug exists, with its parameters: all, or some where a wrapper adds others."""
    wrong = []
    for place, function, slug, given in calls():
        if slug not in CATALOGUE:
            wrong.append(f"{place}: no slug {slug!r} in the catalogue")
        elif given is not None:
            declared = set(entry(slug).params)
            if not (given == declared if function == "problem" else given <= declared):
                wrong.append(f"{place}: {slug} takes {sorted(declared)}, not {sorted(given)}")
    assert wrong == []


def literals() -> set[str]:
    """Give every string of the source code that is not a docstring."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        alone = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        found |= {
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in alone
        }
    return found


def test_every_finding_of_the_catalogue_is_emitted() -> None:
    """No entry is a dead letter: the code names each slug."""
    assert sorted({known.slug for known in CATALOGUE.values()} - literals()) == []
