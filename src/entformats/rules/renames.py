"""Groups that changed their name between two files (rules 2.4, step 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.rules.snapshot import Audience
from entformats.timetable import Kind, kind_of

__all__ = ["LIKENESS", "renamed_groups"]

LIKENESS = Fraction(8, 10)
"""Jaccard index of the pupils from which two groups are alike."""

Score = tuple[Fraction, bool]


def renamed_groups(before: Mapping[Key, Audience], after: Mapping[Key, Audience]) -> FrozenMap[Key, Key]:
    """Groupes renommés: key before -> key after, each being the other's unique best; a tie is no rename.

    Only groups that disappeared and groups that appeared are looked at. Two of them are alike when they have the same
    classes, the same subjects and a common teacher, or pupils in common with a Jaccard index of at least 0.8.

    >>> old, new = Audience("6 LATIN", pupils=frozenset("abcde")), Audience("6 LCA", pupils=frozenset("abcd"))
    >>> dict(renamed_groups({Key("group:6 LATIN"): old}, {Key("group:6 LCA"): new}))
    {'group:6 LATIN': 'group:6 LCA'}
    """
    gone = {who: before[who] for who in before if who not in after and kind_of(who) is Kind.GROUP}
    come = {who: after[who] for who in after if who not in before and kind_of(who) is Kind.GROUP}
    forward: defaultdict[Key, dict[Key, Score]] = defaultdict(dict)
    backward: defaultdict[Key, dict[Key, Score]] = defaultdict(dict)
    for old, was in gone.items():
        for new, now in come.items():
            score = _score(was, now)
            if score is not None:
                forward[old][new] = backward[new][old] = score
    pairs = ((old, _unique_best(scores)) for old, scores in sorted(forward.items()))
    return FrozenMap((old, new) for old, new in pairs if new is not None and _unique_best(backward[new]) == old)


def _score(was: Audience, now: Audience) -> Score | None:
    union = was.pupils | now.pupils
    likeness = Fraction(len(was.pupils & now.pupils), len(union)) if union else Fraction(0)
    taught_alike = bool(
        was.classes == now.classes
        and was.classes
        and was.subjects == now.subjects
        and was.subjects
        and was.teachers & now.teachers
    )
    return (likeness, taught_alike) if taught_alike or likeness >= LIKENESS else None


def _unique_best(scores: Mapping[Key, Score]) -> Key | None:
    best = max(scores.values())
    winners = [who for who, score in scores.items() if score == best]
    return winners[0] if len(winners) == 1 else None
