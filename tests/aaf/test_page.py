"""The page of the format against the attribute table, the code lists and the names it speaks of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from entformats import aaf
from entformats.aaf import Category, Link
from entformats.aaf.degrees import PRIMARY
from entformats.aaf.table import TABLES, Table
from entformats.aaf.versions import HISTORY, VERSIONS
from entformats.problems import CATALOGUE

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats" / "aaf.md"


@pytest.fixture(scope="module")
def page() -> str:
    """The page, or a skip where only the tests were installed."""
    if not PAGE.exists():
        pytest.skip("the documentation is not beside the tests")
    return PAGE.read_text(encoding="utf-8")


def rows(table: Table) -> list[str]:
    """Write a table of attributes as the page shows it."""
    head = ["| Attribute | Field | Values | Type | Since | Mark | Sure |", "|---|---|---|---|---|---|---|"]
    return head + [
        f"| `{one.name}` | `{one.field}` | {one.values.name.lower()} | {one.type.name.lower()}"
        f"{f' → {one.target.value}' if one.target else ''} | {one.since} | {one.mark} | {one.sure} |"
        for one in table.attributes
    ]


@pytest.mark.parametrize("category", list(Category), ids=lambda category: str(category.value))
def test_the_attribute_tables_are_those_of_the_code(page: str, category: Category) -> None:
    """The page shows every attribute of every category, as the code reads it."""
    assert "\n".join(rows(TABLES[category])) in page


@pytest.mark.parametrize("category", list(PRIMARY), ids=lambda category: str(category.value))
def test_the_attribute_tables_of_the_first_degree(page: str, category: Category) -> None:
    """Idem for the 1er degré."""
    assert f"### {category.value}, 1er degré\n\n" + "\n".join(rows(PRIMARY[category])) in page


def test_the_versions_are_those_of_the_code(page: str) -> None:
    """The page tells the whole history, and the versions known with their confidence."""
    assert "\n".join(f"| {one.since} | {one.degree} | {one.what} |" for one in HISTORY) in page
    assert ", ".join(f"`{version}` [{sure}]" for version, sure in VERSIONS.items()) in page


def test_the_links_are_those_of_the_code(page: str) -> None:
    """The page gives each meaning of a link with its codes of both generations."""
    for link in Link:
        codes = ", ".join(f"`{code}`" for code in link.value)
        assert f"| `{link.name}` | {codes} |" in page


def test_every_name_of_the_page_exists(page: str) -> None:
    """Findings and public names that the page cites are those of the library."""
    cited = set(re.findall(r"\(`([a-z_]+)`\)", page))
    assert cited
    assert cited <= {entry.slug for entry in CATALOGUE.values()}
    assert all(hasattr(aaf, name) for name in re.findall(r"`aaf\.(\w+)", page))
