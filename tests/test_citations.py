"""Every section that the code, the tests and the findings cite is in a page of the formats."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from entformats._sniff import ROOTS, Format
from entformats.problems import CATALOGUE, Entry

ROOT = Path(__file__).parents[1]
FORMATS = ROOT / "docs" / "reference" / "formats"
SELF = Path(__file__)
FILES = [
    path
    for folder in ("src", "tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".toml"} and path != SELF
]
ENTRIES = [pytest.param(known, id=code) for code, known in CATALOGUE.items()]
INVARIANT = re.compile(r"rules (?:1\.6|3\.4), ([MB]\d+(?: to [MB]\d+)?)")
Section = tuple[str, str]


def generator() -> ModuleType:
    """Load the script that writes the pages, and knows their sections."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = generator()
SECTIONS: dict[Section, str] = GENERATOR.sections()


def cited(text: str) -> set[Section]:
    """Give the sections that a text cites."""
    return set(GENERATOR.cited(text))


def lacking(path: Path) -> set[Section]:
    """Give the sections that a file cites and no page has."""
    return cited(path.read_text(encoding="utf-8")) - set(SECTIONS)


def test_every_section_that_a_schema_cites_exists() -> None:
    """A schema cites sections of the pages too, for whoever reads it with another tool."""
    pages = {path.stem for path in FORMATS.glob("*.md")}
    files = sorted((ROOT / "schemas").glob("*.xsd"))
    missing = {path.name: [one for one in lacking(path) if one[0] in pages] for path in files}
    assert len(files) > 10
    assert {name: found for name, found in missing.items() if found} == {}


def test_every_section_that_is_cited_exists() -> None:
    """A docstring, a comment or a finding cites a section of a page, so that its reader finds the fact."""
    missing = {str(path.relative_to(ROOT)): found for path in FILES if (found := lacking(path))}
    assert missing == {}


@pytest.mark.parametrize("known", ENTRIES)
def test_a_finding_cites_sections_and_nothing_else(known: Entry) -> None:
    """The source of a finding is one section or several, in the form of all citations."""
    pages = "|".join(sorted({page for page, _ in SECTIONS}))
    one = rf"(?:{pages}) {GENERATOR.NUMBER}(?:, {GENERATOR.NUMBER})*"
    assert re.fullmatch(rf"{one}(?:[,;] {one})*", known.source)
    assert cited(known.source) <= set(SECTIONS)


def test_there_is_one_form_of_citation() -> None:
    """Nobody cites a page as a file: `rules 1.4` alone is the form."""
    forms = {
        f"{path.name}: {found[0]}"
        for path in FILES
        for found in GENERATOR.CITATION.finditer(path.read_text(encoding="utf-8"))
        if found["suffix"]
    }
    assert forms == set()


def test_the_forms_that_are_read() -> None:
    """Lists, ranges, line ends and deep numbers are citations; years, codes and other words are not."""
    assert cited("(edt 2.9 to 2.11, 3.1; rules\n    3.2bis)") == {
        ("edt", "2.9"),
        ("edt", "2.11"),
        ("edt", "3.1"),
        ("rules", "3.2bis"),
    }
    assert cited("aaf 3.7.1, 7. nomenclatures 8 and 9") == {
        ("aaf", "3.7.1"),
        ("aaf", "7"),
        ("nomenclatures", "8"),
        ("nomenclatures", "9"),
    }
    assert cited("edt 0749999S, pronote 2022, AAF 2, 12 rules, rules 2a") == set()
    assert cited("udt 99.1") == {("udt", "99.1")}
    assert ("udt", "99.1") not in SECTIONS


def test_the_sections_lead_to_headings() -> None:
    """Each section leads to a heading of a page of the documentation."""
    for target in SECTIONS.values():
        name, _, anchor = target.partition("#")
        titles = re.findall(r"^#+ (.+)$", (FORMATS / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in {GENERATOR._anchor(title) for title in titles}


def test_the_table_has_no_section_that_a_page_has() -> None:
    """A page that numbers its own sections needs no row in the table, and no section has two rows."""
    rows = [(found["page"], found["number"]) for found in GENERATOR.ROW.finditer(table())]
    headings = {
        (page.stem, found["number"])
        for page in FORMATS.glob("*.md")
        for found in GENERATOR.HEADING.finditer(page.read_text(encoding="utf-8"))
    }
    assert len(rows) == len(set(rows))
    assert headings.isdisjoint(rows)


def test_the_findings_that_the_pages_name_exist() -> None:
    """What a page of the formats names alone between brackets, in the shape of a finding, is one of the catalogue."""
    pages = [path.read_text(encoding="utf-8") for path in FORMATS.glob("*.md")]
    named = {name for page in pages for name in re.findall(r"\(`([a-z]+(?:_[a-z]+)+)`\)", page)}
    assert len(named) > 40
    assert named <= {entry.slug for entry in CATALOGUE.values()}


def test_the_invariants_that_are_cited_exist() -> None:
    """A citation of an invariant of the matcher or of an identity of the bilan names one of the page."""
    page = (FORMATS / "rules.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| ([MB]\d+) \|", page, re.MULTILINE))
    found = {one for path in FILES for one in INVARIANT.findall(path.read_text(encoding="utf-8"))}
    named = {name for one in found for name in re.findall(r"[MB]\d+", one)}
    assert len(named) > 5
    assert named <= known


def test_every_format_is_on_its_page() -> None:
    """The page of identification names each format and each dialect that a root has."""
    page = (FORMATS / "identify.md").read_text(encoding="utf-8")
    assert [kind.dialect for kind in ROOTS.values() if f"`{kind.dialect}`" not in page] == []
    rows = set(re.findall(r"^\| .+ \| (\w+) \| .+ \| .+ \|$", page, re.MULTILINE))
    told = {Format.ICAL, Format.HTML, Format.XLS, Format.XLSX, Format.UNKNOWN}
    assert set(Format) - told <= rows


def table() -> str:
    """Give the page of the sections of AAF and EDT."""
    return (FORMATS / "sections.md").read_text(encoding="utf-8")
