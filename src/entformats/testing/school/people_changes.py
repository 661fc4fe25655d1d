"""Changes of groups, classes and pupils."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from attrs import evolve

from entformats.identity import Ref
from entformats.testing.school.evolution import Evolution
from entformats.testing.school.models import Change, ChangeKind
from entformats.testing.school.structure import AGES, add_class, add_group, add_part
from entformats.timetable import Membership

__all__ = [
    "class_added",
    "group_created",
    "group_renamed",
    "pupil_arrived",
    "pupil_left",
    "pupil_moved",
    "pupil_unknown",
]

_NEW_CLASSES: Final = ("UPE2A", "RELAIS", "CHAM", "SEGPA", "DISPOSITIF")
_LEAST: Final = 3


def class_added(state: Evolution) -> Change | None:
    """Add a class without pupils or lessons."""
    known = {entity.name for entity in state.draft.classes.values()}
    name = next((name for name in _NEW_CLASSES if name not in known), None)
    if name is None:
        return None
    add_class(state.draft, name, "")
    return state.change(ChangeKind.CLASS_ADDED, names=(name,))


def group_created(state: Evolution) -> Change | None:
    """Make a group of one pupil in three of a class, with a lesson."""
    draft, rng = state.draft, state.rng
    home = rng.choice(state.homes)
    members = list(draft.members(home, state.arrival))[::3]
    teacher = rng.choice(state.known_teachers)
    slot = state.planner.slot((*state.planner.table.needs(home), teacher))
    if slot is None or len(members) < _LEAST:
        return None
    name = f"{draft.classes[home].name} SOUTIEN {len(draft.groups)}"
    part = add_part(draft, home, "SOUTIEN")
    for pupil in members:
        joins = Membership(part, state.arrival, draft.calendar.end)
        draft.pupils[pupil] = evolve(draft.pupils[pupil], memberships=(*draft.pupils[pupil].memberships, joins))
    group = add_group(draft, name, "SOUTIEN", parts=[part])
    state.touched.add(group)
    lesson = state.planner.put(slot, "AP", [teacher, group])
    return state.change(ChangeKind.GROUP_CREATED, after=[lesson], names=(name,), people=(teacher,))


def group_renamed(state: Evolution) -> Change | None:
    """Give a group another name, at most one group of a class, in half of the classes; pupils and lessons stay."""
    draft = state.draft
    labels = {"SC1", "SC2", "APA", "APB"}
    free = [
        group
        for group in draft.groups
        if draft.labels[group] in labels and group not in state.touched and draft.homes(group)[0] not in state.renamed
    ]
    if not free or 2 * len(state.renamed) >= len(state.homes):
        return None
    group = state.rng.choice(free)
    old = draft.groups[group].name
    lessons = [lesson for lesson in draft.lessons if any(p.who == group for p in lesson.presences)]
    before = draft.keyed(lessons)
    draft.groups[group] = evolve(draft.groups[group], name=f"{old} BIS")
    state.renamed.add(draft.homes(group)[0])
    state.touched.add(group)
    change = state.change(ChangeKind.GROUP_RENAMED, after=lessons, names=(old, f"{old} BIS"))
    return evolve(change, before=before)


def pupil_moved(state: Evolution) -> Change | None:
    """Move a pupil to another class, of the same level if there is one, and to the same parts there."""
    draft = state.draft
    somebody = _somebody(state)
    if somebody is None:
        return None
    pupil, home = somebody
    level = draft.levels[home]
    others = [other for other in state.homes if other != home]
    calm = [other for other in others if other not in state.renamed] or others
    target = state.rng.choice([other for other in calm if draft.levels[other] == level] or calm)
    labels = {draft.labels[m.of] for m in draft.pupils[pupil].memberships if m.of in draft.parts}
    parts = [part for part in draft.classes[target].parts if draft.labels[part] in labels]
    _leave(state, pupil, state.arrival - timedelta(days=1))
    joins = [Membership(of, state.arrival, draft.calendar.end) for of in (target, *parts)]
    ordered = sorted((*draft.pupils[pupil].memberships, *joins), key=lambda m: m.of in draft.parts)
    draft.pupils[pupil] = evolve(draft.pupils[pupil], memberships=tuple(ordered))
    names = (draft.classes[home].name, draft.classes[target].name)
    return state.change(ChangeKind.PUPIL_MOVED, names=names, people=(pupil,))


def pupil_left(state: Evolution) -> Change | None:
    """Let a pupil leave the school before the holidays."""
    somebody = _somebody(state)
    if somebody is None:
        return None
    pupil, home = somebody
    _leave(state, pupil, state.arrival + timedelta(days=4))
    return state.change(ChangeKind.PUPIL_LEFT, names=(state.draft.classes[home].name,), people=(pupil,))


def _somebody(state: Evolution) -> tuple[Ref, Ref] | None:
    """Choose a pupil whom no change is about, and tell his class; None when there is nobody left."""
    draft = state.draft
    homes = [home for home in state.homes if home not in state.renamed]
    rows = [(pupil, home) for home in homes for pupil in draft.members(home, draft.calendar.start)]
    free = [row for row in rows if row[0] not in state.touched]
    if not free:
        return None
    pupil, home = state.rng.choice(free)
    state.touched.add(pupil)
    return pupil, home


def _leave(state: Evolution, pupil: Ref, last: date) -> None:
    known = state.draft.pupils[pupil]
    ended = tuple(evolve(m, end=last) if m.end and m.end > last else m for m in known.memberships)
    state.draft.pupils[pupil] = evolve(known, memberships=ended)


def pupil_arrived(state: Evolution) -> Change | None:
    """Receive a pupil whom the directory announces."""
    return _arrival(state, ChangeKind.PUPIL_ARRIVED)


def pupil_unknown(state: Evolution) -> Change | None:
    """Receive a pupil whom the directory does not know yet."""
    change = _arrival(state, ChangeKind.PUPIL_UNKNOWN)
    state.draft.by_hand.difference_update(change.people)
    state.draft.strangers.update(change.people)
    return change


def _arrival(state: Evolution, kind: ChangeKind) -> Change:
    """Add a pupil to a class and to some of its parts, from some weeks ago or from the return from holidays."""
    draft = state.draft
    home = state.rng.choice([home for home in state.homes if home not in state.renamed])
    parts = [part for part in draft.classes[home].parts if draft.labels[part] in {"SC1", "APA", "LATIN"}]
    start = state.rng.choice((state.arrival, draft.calendar.winter_break))
    pupil = state.families.pupil(AGES[draft.levels[home]], [home, *parts], start=start)
    state.touched.add(pupil)
    return state.change(kind, names=(draft.classes[home].name,), people=(pupil,))
