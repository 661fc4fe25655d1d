"""Correspondences of classes and groups: reviewed, decided and undone, with their own memory (rules 2.4)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.rules import Correspondence, Roster, RosterClass, RosterGroup, State, correspondences
from entformats.rules.correspondences import How
from entformats.timetable import Kind, OptionGroup, SchoolClass, Timetable, ref

SCHOOL = "0749999S"
AT = datetime(2025, 9, 1, 8, tzinfo=UTC)
CLASSES = [
    SchoolClass(ref(Kind.CLASS, str(number)), name) for number, name in enumerate(("6A", "6-B", "6C", "3 PREPA"))
]
GROUP = OptionGroup(ref(Kind.GROUP, "1"), "6 LATIN")
FILE = Timetable(
    SCHOOL,
    classes=FrozenMap((one.ref, one) for one in CLASSES),
    option_groups=FrozenMap({GROUP.ref: GROUP}),
)
HELD = Roster(SCHOOL, classes=[RosterClass(name) for name in ("6A", "6 B", "6EME C")], groups=[RosterGroup("LATIN 6")])
STATE = State.new(SCHOOL, 2025)


def hows(state: State) -> dict[str, How]:
    """Review, and give how each name is linked."""
    return {one.name: one.how for one in correspondences.review(FILE, HELD, state)}


def test_review() -> None:
    """Each class and group of the file says how it is linked, and what is alike where nothing is."""
    linked = {one.name: one for one in correspondences.review(FILE, HELD, STATE)}
    assert hows(STATE) == {
        "6A": How.NAME,
        "6-B": How.COMPACT,
        "6C": How.NOTHING,
        "3 PREPA": How.NOTHING,
        "6 LATIN": How.NOTHING,
    }
    assert linked["6C"].suggestions == ("class:6EME C",)
    assert linked["3 PREPA"].suggestions == ()
    assert linked["6 LATIN"].suggestions == ("group:LATIN 6",)
    found = correspondences.report(linked.values())
    assert [one.slug for one in found.problems] == ["class_without_correspondence"] * 2
    assert linked["6-B"].why() == "6-B : 6 B, même nom écrit autrement."
    assert linked["6A"].why("en") == "6A: 6A, same name."
    assert linked["6C"].why().startswith("6C : rien dans l'ENT.\nClasse du fichier inconnue de l'ENT (MATCH-541).")
    assert linked["6C"].why().endswith("Noms proches : 6EME C.")


def test_decide_and_undo() -> None:
    """What somebody decided is remembered with the author and the instant, until it is undone."""
    decided = correspondences.decide(STATE, HELD, Key("class:6C"), Key("class:6EME C"), by="secretary", at=AT)
    assert decided.correspondences == {Key("class:6C"): Correspondence(Key("class:6EME C"), "secretary", AT)}
    (linked,) = [one for one in correspondences.review(FILE, HELD, decided) if one.name == "6C"]
    assert (linked.how, linked.home) == (How.BY_HAND, "class:6EME C")
    assert linked.why() == "6C : 6EME C, décidé à la main, le 01/09/2025, par secretary."
    assert correspondences.undo(decided, Key("class:6C")) == STATE
    with pytest.raises(UsageError, match="no such class"):
        correspondences.decide(STATE, HELD, Key("class:6C"), Key("class:GONE"))
    to_group = correspondences.decide(STATE, HELD, GROUP.key, Key("group:LATIN 6"))
    assert hows(to_group)["6 LATIN"] is How.BY_HAND


def test_stale() -> None:
    """A decided home that is gone is told, and names decide again."""
    decided = correspondences.decide(STATE, HELD, Key("class:6A"), Key("class:6 B"), by="secretary", at=AT)
    without = Roster(SCHOOL, classes=[RosterClass("6A")])
    linked = next(one for one in correspondences.review(FILE, without, decided) if one.name == "6A")
    assert (linked.how, linked.home, linked.stale) == (How.NAME, "class:6A", "class:6 B")
    assert correspondences.report([linked]).counts == {"MATCH-540": 1}
    assert linked.why().startswith("6A : 6A, même nom.\nCorrespondance de classe ou de groupe périmée (MATCH-540).")
