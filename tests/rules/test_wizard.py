"""From the answers of the wizard to a mode, and what each mode announces (rules 2.1)."""

from __future__ import annotations

from itertools import product

import pytest

from entformats.errors import UsageError
from entformats.rules import (
    Answers,
    GroupMode,
    GroupSource,
    MemberSource,
    Question,
    Refusal,
    Software,
    group_mode,
)
from entformats.rules.modes import NEVER_DONE

OPTION_2 = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
TT_ENT = GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS
DIR_DIR = GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS
DIR_TT = GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS
EVERYTHING = [Answers(*one) for one in product(Software, GroupSource, MemberSource, (False, True))]


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
    answers = Answers(software, created, populated, version="2022")
    assert group_mode(answers) is mode
    assert answers.import_type == f"{software.upper()} 2022"


@pytest.mark.parametrize("created", GroupSource)
@pytest.mark.parametrize("populated", MemberSource)
def test_sts_has_one_mode(created: GroupSource, populated: MemberSource) -> None:
    """A file of STS has neither groups of its own nor pupils, so both questions are moot."""
    assert group_mode(Answers(Software.STS, created, populated)) is DIR_DIR


def test_agricultural_school() -> None:
    """A school that STS-Web does not feed has one of the first two modes, and is refused the others with a reason."""
    assert group_mode(Answers("EDT", agricultural=True)) is OPTION_2
    assert group_mode(Answers("EDT", populated_in="elsewhere", agricultural=True)) is TT_ENT
    for populated in MemberSource:
        refused = Answers("UDT", "directory", populated, agricultural=True)
        assert refused.outcome is Refusal.AGRICULTURAL_GROUPS
        with pytest.raises(UsageError, match="no groups created in STS"):
            group_mode(refused)
    assert Answers("STS", agricultural=True).outcome is Refusal.AGRICULTURAL_STS
    with pytest.raises(UsageError, match="no file of STS"):
        group_mode(Answers("STS", agricultural=True))


def test_every_combination_has_an_outcome() -> None:
    """A mode or a refusal that is told in French, whatever is answered; every mode and every refusal is reached."""
    outcomes = {answers.outcome for answers in EVERYTHING}
    assert outcomes == {*GroupMode, *Refusal}
    assert all(refusal.startswith("Un établissement agricole") and refusal.endswith(".") for refusal in Refusal)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"software": "HYPERPLANNING"}, "software is one of 'EDT', 'UDT', 'STS'"),
        ({"software": "EDT", "groups_created_in": "sts"}, "groups_created_in is one of 'timetable', 'directory'"),
        ({"software": "EDT", "populated_in": "directory"}, "populated_in is one of 'timetable', 'elsewhere'"),
    ],
)
def test_unknown_answers(wrong: dict[str, str], told: str) -> None:
    """Any other answer is the caller's mistake, which names the choices."""
    with pytest.raises(UsageError, match=told):
        Answers(**wrong)  # type: ignore[arg-type]  # `agricultural` is not among them


def test_questions_offer_what_answers_accept() -> None:
    """Each question fills a field of the answers; every choice offered leads to a mode, and moot ones are not asked."""
    for software, agricultural in product(Software, (False, True)):
        asked = {one.name: one for one in Question.asked(software, agricultural=agricultural)}
        created, populated = (asked.get(name) for name in ("groups_created_in", "populated_in"))
        assert (created is None) is (populated is None) is (software is Software.STS)
        if created is None or populated is None:
            continue
        pairs = product(created.choices, populated.choices)
        modes = {group_mode(Answers(software, a, b, agricultural)) for (a, _), (b, _) in pairs}
        assert modes == ({OPTION_2, TT_ENT} if agricultural else set(GroupMode))
    assert [label for _, label in Question.asked(Software.UDT)[3].choices] == ["UDT", "STS"]


def test_what_a_mode_does() -> None:
    """Groups are created in the first two modes, populated in the two that take members from the timetable."""
    assert {mode for mode in GroupMode if mode.creates_groups} == {OPTION_2, TT_ENT}
    assert {mode for mode in GroupMode if mode.populates} == {OPTION_2, DIR_TT}
    assert {mode for mode in GroupMode if mode.teachers_may_add_pupils} == {OPTION_2, TT_ENT}


def test_option_2_announces_five_consequences() -> None:
    """As the screen does, in its order; it is the one whose number is known."""
    assert [mode for mode in GroupMode if mode.option] == [OPTION_2]
    assert len(OPTION_2.consequences) == 5
    assert "groupe piloté par l'ENT" in OPTION_2.consequences[1]


@pytest.mark.parametrize("mode", GroupMode)
def test_what_is_announced_is_what_is_done(mode: GroupMode) -> None:
    """The sentences of a mode say of groups, members, lessons and teachers what its properties say."""
    told = " ".join(mode.consequences)
    assert ("est créé pour chaque groupe" in told) is mode.creates_groups
    assert ("n'en crée et n'en renomme aucun" in told) is not mode.creates_groups
    assert ("ne sont pas importés" in told) is not mode.creates_groups
    assert ("se fonde sur l'emploi du temps" in told) is mode.populates
    assert ("l'import n'en ajoute aucun" in told) is not mode.populates
    assert ("peuvent ajouter" in told) is mode.teachers_may_add_pupils
    assert mode.label
    assert all(one.endswith(".") for one in (*mode.consequences, *NEVER_DONE))
