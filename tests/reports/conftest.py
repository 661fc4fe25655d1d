"""Reports that say everything a report can say."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from entformats.problems import Input, Location, Ran, Report, Stage, StageState, problem
from entformats.validation import STRICT

HOSTILE = "<script>alert(1)</script>\"'&\x01"
FULL = evolve(
    STRICT.wanting(ignore=["ignored_file"]).apply(
        Report.of(
            [
                *(problem("missing_part", Location("a.xml"), category="Eleve", part=1) for _ in range(7)),
                problem("class_not_in_directory", Location(kind="Classe", key=HOSTILE), name=HOSTILE),
                problem("ignored_file", Location("notes.txt")),
                *(
                    problem("class_not_in_timetable", Location("b.xml", 3, 7, "/a/b[2]", "Classe", "6A"), name=f"6{n}")
                    for n in range(30)
                ),
                problem("person_without_account", Location("e é.xml", 9), person="VALMOND", suggestions=0),
                problem("delete_unknown"),
            ],
            stored_per_code=25,
        )
    ),
    inputs=(Input("a.xml", "aaf", "2d"), Input("", "edt", "export", "2.0", "zip")),
    stages=(
        Ran(Stage.CONTAINER, StageState.CLEAN, 0),
        Ran(Stage.VALUES, StageState.FOUND, 0),
        Ran(Stage.VALUES, StageState.SKIPPED, 1, "unreadable"),
        Ran(Stage.SOURCES, StageState.SKIPPED, reason="one_source"),
    ),
    today=date(2026, 9, 1),
)


@pytest.fixture
def full() -> Report:
    """Give the full one."""
    return FULL


@pytest.fixture
def hostile() -> str:
    """Give the name of its class, which is no name for a class."""
    return HOSTILE
