"""The pages of the rules, of the bilan and of the codes against the code that they describe."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from unicodedata import normalize

import pytest

from entformats import rules
from entformats.codes import academy, department, subject, uai
from entformats.names import clean
from entformats.problems import CATALOGUE
from entformats.rules import bilan
from entformats.rules.bilan_text import SCREEN
from entformats.rules.levels import Level

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "formats"


def page(name: str) -> str:
    """Give a page, or skip where only the tests were installed."""
    if not PAGES.is_dir():
        pytest.skip("the documentation is not beside the tests")
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def examples() -> ModuleType:
    """Load the tests of the worked examples."""
    path = Path(__file__).with_name("test_matching_examples.py")
    spec = importlib.util.spec_from_file_location("worked_examples", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def worked_rows() -> list[str]:
    """Write the worked examples as the page shows them."""
    return [
        f"| {row.number} | {coded(row.codes)} | {coded(row.accounts)} | "
        f"{'<br>'.join(decided or '–' for decided in row.decided) if any(row.decided) else ''} | "
        f"{'<br>'.join(row.outcomes)} |"
        for row in examples().ROWS
    ]


def coded(texts: tuple[str, ...]) -> str:
    """Write texts as code, one a line, no-break spaces visible."""
    return "<br>".join(f"`{text}`" for text in texts).replace("\u00a0", "␣")


def number_forms() -> list[str]:
    """Write the two forms of every line of a bilan."""
    lines = (line for _, sections in SCREEN for _, lines in sections for line in lines)
    return [f"| `{line.singular}` | `{line.plural}` |" for line in lines]


def academy_rows() -> list[str]:
    """Write the academies with their departments."""
    numbers = [*range(1, 96), *range(970, 990)]
    known = [department.parse(text) for text in (*map(str, numbers), "2A", "2B") if text != "20"]
    homes = {code: academy.of_department(code) for code in sorted(known)}
    of = {
        number: ", ".join(code.lstrip("0").rjust(2, "0") for code in homes if homes[code] == number)
        for number in academy.NAMES
    }
    return [f"| {number} | {name} | {of[number]} |" for number, name in academy.NAMES.items()]


def zone_rows() -> list[str]:
    """Write the departments whose zone is not that of Paris."""
    zones = {code: department.time_zone(department.parse(str(code))) for code in range(960, 1000)}
    return [f"| {code} | `{zone}` |" for code, zone in zones.items() if zone != "Europe/Paris"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("rules", worked_rows()),
        ("bilan", number_forms()),
        ("nomenclatures", academy_rows()),
        ("nomenclatures", zone_rows()),
    ],
    ids=["worked examples", "number forms", "academies", "zones"],
)
def test_the_tables_are_those_of_the_code(name: str, rows: list[str]) -> None:
    """A table of a page has the rows that the code, or its test, gives, and no other."""
    assert "|\n" + "\n".join(rows) + "\n\n" in page(name) + "\n"


def test_the_text_of_the_page_is_a_bilan() -> None:
    """The example of the page is read, and written again byte for byte."""
    shown = page("bilan").partition("```text\n")[2].partition("\n```")[0]
    assert bilan.render(bilan.parse(shown)) == shown


def test_the_numbers_of_the_page_are_those_of_the_counts() -> None:
    """Each section of the screen is given with the counts that it shows, in order."""
    rows = re.findall(r"^\| ([^|]+) \| `(preliminary|weekly)\.(\w+)` \|", page("bilan"), re.MULTILINE)
    assert [title for title, _, _ in rows] == [title for _, sections in SCREEN for title, _ in sections]
    counts = bilan.Counts()
    assert all(hasattr(getattr(counts, block), field) for _, block, field in rows)


def test_every_level_outcome_and_reason_is_on_the_page() -> None:
    """The page of the rules names all levels, outcomes, modes and reasons to drop a lesson."""
    text = page("rules")
    outcomes = ("Matched", "Ambiguous", "Unmatched", "Conflict", "Dismissed")
    names = [*Level, *outcomes, *(mode.name for mode in rules.GroupMode), *(reason.name for reason in rules.DropReason)]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_the_findings_of_the_page_exist() -> None:
    """Names between brackets are findings of the catalogue."""
    cited = set(re.findall(r"\(`([a-z_]+)`\)", page("rules")))
    assert cited
    assert cited <= {entry.slug for entry in CATALOGUE.values()}


def test_the_signs_of_the_page_are_cleaned() -> None:
    """The signs that the page lists become an apostrophe or a hyphen, and are all that does."""
    row = re.search(r"^\| `clean` \|.+$", page("rules"), re.MULTILINE)
    assert row is not None
    ranges = re.findall(r"U\+([0-9A-F]{4})(?: to U\+([0-9A-F]{4}))?", row[0])
    listed = {chr(code) for first, last in ranges for code in range(int(first, 16), int(last or first, 16) + 1)}
    signs = (chr(code) for code in range(0x10000))
    assert listed == {sign for sign in signs if clean(f"x{sign}x") in {"x'x", "x-x"} and normalize("NFC", sign) == sign}


def test_the_letters_and_languages_of_the_page() -> None:
    """The letters of the UAI, and the numbers of languages, are those of the code."""
    text = page("nomenclatures")
    letters = re.search(r"^\| letter \| (.+) \|$", text, re.MULTILINE)
    assert letters is not None
    assert letters[1].split(" | ") == [uai.check_letter(f"{n:07}") for n in range(23)]
    listed = re.search(r"^LL: (.+?) \[C\]", text, re.MULTILINE | re.DOTALL)
    assert listed is not None
    pairs = (one.partition(" ") for one in re.split(r",\s", listed[1]))
    assert {code: name for code, _, name in pairs} == dict(subject.LANGUAGES)
