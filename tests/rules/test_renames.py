"""Groups that changed their name between two files (rules 2.4, step 3)."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from entformats.identity import Key
from entformats.rules import Audience
from entformats.rules.renames import renamed_groups

CLASS, SUBJECT, TEACHER = Key("class:6A"), Key("subject:LCA"), Key("teacher:idpn:1")


def group(pupils: str = "", *, taught: bool = False, teachers: Iterable[Key] = (TEACHER,)) -> Audience:
    """Make a group of pupils named by letters; `taught` gives it the class, the subject and the teacher."""
    names = frozenset(map(Key, pupils))
    if not taught:
        return Audience("", pupils=names)
    return Audience("", frozenset({CLASS}), frozenset({SUBJECT}), frozenset(teachers), names)


def pairs(before: dict[str, Audience], after: dict[str, Audience]) -> dict[str, str]:
    """Give the renames between groups named by letters."""
    found = renamed_groups(
        {Key(f"group:{name}"): one for name, one in before.items()},
        {Key(f"group:{name}"): one for name, one in after.items()},
    )
    return {old.removeprefix("group:"): new.removeprefix("group:") for old, new in found.items()}


def test_four_pupils_of_five_are_enough() -> None:
    """A Jaccard index of 0.8 exactly is a rename, with floats or without; just under it is none."""
    assert pairs({"OLD": group("abcde")}, {"NEW": group("abcd")}) == {"OLD": "NEW"}
    assert pairs({"OLD": group("abcdefgh")}, {"NEW": group("abcdefghij")}) == {"OLD": "NEW"}
    assert pairs({"OLD": group("abcdefg")}, {"NEW": group("abcdefghi")}) == {}
    assert pairs({"OLD": group("abcd")}, {"NEW": group("abc")}) == {}


def test_nobody_is_like_nobody() -> None:
    """Two empty groups have nothing in common."""
    assert pairs({"OLD": group()}, {"NEW": group()}) == {}


def test_same_teaching_is_enough() -> None:
    """Same classes, same subject and a common teacher, whoever the pupils are."""
    other = Key("teacher:idpn:2")
    assert pairs({"OLD": group("ab", taught=True)}, {"NEW": group("yz", taught=True)}) == {"OLD": "NEW"}
    both = group(taught=True, teachers=[TEACHER, other])
    assert pairs({"OLD": both}, {"NEW": group(taught=True)}) == {"OLD": "NEW"}
    assert pairs({"OLD": group(taught=True)}, {"NEW": group(taught=True, teachers=[other])}) == {}


def test_same_teaching_needs_all_of_it() -> None:
    """Without classes, without subject, or with another subject, teaching says nothing."""
    whole = group(taught=True)
    bare = [
        Audience("", frozenset(), whole.subjects, whole.teachers),
        Audience("", whole.classes, frozenset(), whole.teachers),
        Audience("", whole.classes, whole.subjects, frozenset()),
    ]
    for one in bare:
        assert pairs({"OLD": one}, {"NEW": one}) == {}
        assert pairs({"OLD": whole}, {"NEW": one}) == {}


def test_only_groups_that_come_and_go() -> None:
    """A group that stays is not renamed, even into one that is more like it; classes never are."""
    assert pairs({"A": group("abcde")}, {"A": group("xyz"), "B": group("abcde")}) == {}
    assert pairs({"A": group("abcde"), "B": group("xyz")}, {"B": group("abcde")}) == {}
    assert renamed_groups({Key("class:6A"): group("abcde")}, {Key("class:6B"): group("abcde")}) == {}


def test_unique_best() -> None:
    """The likelier pair wins, and the other group is a creation; same teaching breaks an equality of pupils."""
    assert pairs({"OLD": group("abcde")}, {"N1": group("abcd"), "N2": group("abcde")}) == {"OLD": "N2"}
    assert pairs({"O1": group("abcd"), "O2": group("abcde")}, {"NEW": group("abcde")}) == {"O2": "NEW"}
    two = {"N1": group("abcde", taught=True), "N2": group("abcde")}
    assert pairs({"OLD": group("abcde", taught=True)}, two) == {"OLD": "N1"}


def test_best_must_be_mutual() -> None:
    """A group whose best is better matched elsewhere is not renamed."""
    before = {"O1": group("abcdefghij"), "O2": group("abcdefghi")}
    assert pairs(before, {"NEW": group("abcdefghij")}) == {"O1": "NEW"}


def test_tie_is_no_rename() -> None:
    """Two equal candidates, on one side or on the other: one removal and one creation, never a guess."""
    assert pairs({"OLD": group("abcde")}, {"N1": group("abcde"), "N2": group("abcde")}) == {}
    assert pairs({"O1": group("abcde"), "O2": group("abcde")}, {"NEW": group("abcde")}) == {}
    assert pairs({"O1": group("abcde"), "O2": group("abcde")}, {"N1": group("abcde"), "N2": group("abcde")}) == {}


GROUPS = st.dictionaries(
    st.sampled_from("ABCD"), st.builds(group, st.text("abcdef", max_size=6), taught=st.booleans()), max_size=4
)


@given(GROUPS, GROUPS, st.randoms(use_true_random=False))
def test_renames_are_one_to_one_whatever_the_order(
    before: dict[str, Audience], after: dict[str, Audience], dice: Random
) -> None:
    """No group is in two renames, only groups that come and go are, and the order of the mappings is nothing."""
    found = pairs(before, after)
    assert len(set(found.values())) == len(found)
    assert found.keys() <= before.keys() - after.keys()
    assert set(found.values()) <= after.keys() - before.keys()
    mixed = [dict(dice.sample(list(one.items()), len(one))) for one in (before, after)]
    assert pairs(*mixed) == found
