"""From the first timetable to the second: which changes are drawn, in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final, TypeAlias

from entformats.testing.school import calendar_changes, lesson_changes, people_changes
from entformats.testing.school.evolution import Evolution
from entformats.testing.school.models import Change, ChangeKind

__all__ = ["draw_changes"]

_Maker: TypeAlias = Callable[[Evolution], Change | None]

MAKERS: Final[Mapping[ChangeKind, _Maker]] = {
    ChangeKind.CLOSURE_REMOVED: calendar_changes.closure_removed,
    ChangeKind.CLOSURE_ADDED: calendar_changes.closure_added,
    ChangeKind.ALTERNATION_REPLACED: calendar_changes.alternation_replaced,
    ChangeKind.SUBJECT_ADDED: calendar_changes.subject_added,
    ChangeKind.SUBJECT_RELABELLED: calendar_changes.subject_relabelled,
    ChangeKind.GROUP_RENAMED: people_changes.group_renamed,
    ChangeKind.SERVICE_REMOVED: lesson_changes.service_removed,
    ChangeKind.LESSON_REMOVED: lesson_changes.lesson_removed,
    ChangeKind.SERVICE_MODIFIED: lesson_changes.service_modified,
    ChangeKind.SERVICE_ADDED: lesson_changes.service_added,
    ChangeKind.LESSON_ADDED: lesson_changes.lesson_added,
    ChangeKind.TEACHER_UNKNOWN: lesson_changes.teacher_unknown,
    ChangeKind.TEACHER_ADDED: lesson_changes.teacher_added,
    ChangeKind.GROUP_CREATED: people_changes.group_created,
    ChangeKind.LESSON_CANCELLED: lesson_changes.lesson_cancelled,
    ChangeKind.SUBSTITUTION: lesson_changes.substitution,
    ChangeKind.SUBSTITUTION_UNKNOWN: lesson_changes.substitution_unknown,
    ChangeKind.SUBSTITUTION_APART: lesson_changes.substitution_apart,
    ChangeKind.EXCEPTIONAL_ADDED: lesson_changes.exceptional_added,
    ChangeKind.PUPIL_MOVED: people_changes.pupil_moved,
    ChangeKind.PUPIL_LEFT: people_changes.pupil_left,
    ChangeKind.PUPIL_ARRIVED: people_changes.pupil_arrived,
    ChangeKind.PUPIL_UNKNOWN: people_changes.pupil_unknown,
    ChangeKind.CLASS_ADDED: people_changes.class_added,
}
"""How each kind of change is made, in the order in which they happen: the whole calendar first, single weeks last."""


def draw_changes(state: Evolution, count: int) -> tuple[Change, ...]:
    """Draw kinds of changes as cards of a deck, dealt again when it is out, and make them in the order of `MAKERS`."""
    kinds: list[ChangeKind] = []
    while len(kinds) < count:
        kinds += _shuffled(state.rng)[: count - len(kinds)]
    order = list(MAKERS)
    made = (MAKERS[kind](state) for kind in sorted(kinds, key=order.index))
    return tuple(change for change in made if change is not None)


def _shuffled(rng: Random) -> list[ChangeKind]:
    return rng.sample(list(ChangeKind), len(ChangeKind))
