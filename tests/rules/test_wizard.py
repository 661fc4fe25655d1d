"""From the answers of the wizard to a mode, and what each mode does (rules 2.1)."""

from __future__ import annotations

import pytest

from entformats.errors import UsageError
from entformats.rules import Answers, GroupMode, group_mode

OPTION_2 = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
TT_ENT = GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS
DIR_DIR = GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS
DIR_TT = GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS


@pytest.mark.parametrize("software", ["EDT", "UDT", "edt"])
@pytest.mark.parametrize(
    ("created", "populated", "mode"),
    [
        ("timetable", "timetable", OPTION_2),
        ("timetable", "elsewhere", TT_ENT),
        ("directory", "elsewhere", DIR_DIR),
        ("directory", "timetable", DIR_TT),
    ],
)
def test_decision_table(software: str, created: str, populated: str, mode: GroupMode) -> None:
    """The two questions on groups decide, for EDT as for UDT."""
    assert group_mode(Answers(software, created, populated, version="2022")) is mode


@pytest.mark.parametrize("created", ["timetable", "directory"])
@pytest.mark.parametrize("populated", ["timetable", "elsewhere"])
def test_sts_has_one_mode(created: str, populated: str) -> None:
    """A file of STS has neither groups of its own nor pupils, so both questions are moot."""
    assert group_mode(Answers("sts", created, populated)) is DIR_DIR


def test_agricultural_school() -> None:
    """A school that STS-Web does not feed has one of the first two modes, and is refused the others."""
    assert group_mode(Answers("EDT", agricultural=True)) is OPTION_2
    assert group_mode(Answers("EDT", populated_in="elsewhere", agricultural=True)) is TT_ENT
    with pytest.raises(UsageError, match="agricultural"):
        group_mode(Answers("EDT", "directory", "timetable", agricultural=True))


@pytest.mark.parametrize("answers", [Answers("EDT", "sts"), Answers("EDT", populated_in="directory")])
def test_unknown_answers(answers: Answers) -> None:
    """Any other answer is the caller's mistake."""
    with pytest.raises(UsageError, match="'timetable' or 'directory'"):
        group_mode(answers)


def test_what_a_mode_does() -> None:
    """Groups are created in the first two modes, populated in the two that take members from the timetable."""
    assert {mode for mode in GroupMode if mode.creates_groups} == {OPTION_2, TT_ENT}
    assert {mode for mode in GroupMode if mode.populates} == {OPTION_2, DIR_TT}
