"""The tables of malformed input: whole, and made of findings that exist. Their rows are tested beside each reader."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from entformats.problems import CATALOGUE, Severity

TABLES = Path(__file__).parents[1] / "docs" / "malformed.toml"
if not TABLES.exists():
    pytest.skip("the documentation is not beside the tests", allow_module_level=True)
PAGE = tomllib.loads(TABLES.read_text(encoding="utf-8"))
ROWS = [pytest.param(row, id=f"{section}: {row['met']}") for section, table in PAGE.items() for row in table["rows"]]


@pytest.mark.parametrize("row", ROWS)
def test_no_row_is_blank(row: dict[str, list[str] | str]) -> None:
    """Each row names findings of the catalogue, or says why there are none, never both."""
    assert row["met"]
    assert row["does"]
    assert set(row["codes"]) <= {known.slug for known in CATALOGUE.values()}
    assert bool(row["codes"]) != bool(row.get("none"))


def test_the_tables_are_whole() -> None:
    """The sixteen invariants are there, in order, and the tables of malformed input."""
    assert list(PAGE) == [
        *("aaf 6.1", "aaf 7", "edt 1.3", "edt 7.1", "edt 7.2", "sts 11", "udt 8"),
        *("pronote 3.2", "pronote 3.3", "pronote 3.4", "pronote 3.6", "pronote 3.8"),
        *("pronote 7.3", "pronote 8"),
    ]
    assert [int(row["met"].partition(".")[0]) for row in PAGE["aaf 6.1"]["rows"]] == list(range(1, 17))
    assert [int(row["met"].partition(".")[0]) for row in PAGE["edt 7.2"]["rows"]] == list(range(1, 11))
    assert len(PAGE["edt 1.3"]["rows"]) == 6
    met = [row["met"] for table in PAGE.values() for row in table["rows"]]
    assert len(met) == len(set(met)) == 180


def test_levels_are_those_of_the_invariants() -> None:
    """The worst finding of each invariant has the level that the format page gives it."""
    levels = [[CATALOGUE[slug].severity for slug in row["codes"]] for row in PAGE["aaf 6.1"]["rows"]]
    worst = "".join(next(one for one in Severity if one in level).value[0].upper() for level in levels)
    assert worst == "EEWEWEWIWWIWIWII"


def test_what_has_no_finding_has_no_effect() -> None:
    """Only what XML makes equal or needs not, and what is no defect, is without a finding."""
    assert [row["met"] for table in PAGE.values() for row in table["rows"] if not row["codes"]] == [
        "no XML declaration",
        "no DTD",
        "CRLF and LF in one delivery",
        "`<value/>` and `<value></value>` in one delivery",
        "8. one teacher, room or class, two lessons at one time",
        "9. the order of containers, comments and blanks",
        "10. nothing differs from itself; a difference, applied, gives the other",
    ]
