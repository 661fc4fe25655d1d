"""Changes of services and lessons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from attrs import evolve

from entformats.identity import Ref
from entformats.testing.school.events import cancel, exceptional, idle, joined, substitute, weeks_of
from entformats.testing.school.evolution import Evolution, service_of
from entformats.testing.school.models import Change, ChangeKind
from entformats.timetable import Kind, Presence, WeeklyLesson, kind_of

__all__ = [
    "exceptional_added",
    "lesson_added",
    "lesson_cancelled",
    "lesson_removed",
    "service_added",
    "service_modified",
    "service_removed",
    "substitution",
    "substitution_apart",
    "substitution_unknown",
    "teacher_added",
    "teacher_unknown",
]

NEW: Final = "VICLA"
"""Subject of the services that are added."""


def service_added(state: Evolution) -> Change | None:
    """Let a known teacher give a class a subject that he did not give it."""
    home, teacher = state.rng.choice(state.homes), state.rng.choice(state.known_teachers)
    subject = state.draft.subject(NEW)
    taken = [lesson for lesson in state.draft.lessons if subject in lesson.subjects]
    if any({teacher, home} <= {presence.who for presence in lesson.presences} for lesson in taken):
        return None
    return _new_service(state, ChangeKind.SERVICE_ADDED, home, teacher)


def teacher_unknown(state: Evolution) -> Change | None:
    """Give a lesson to a teacher whom the directory does not know: it cannot be imported."""
    home = state.rng.choice(state.homes)
    return _new_service(state, ChangeKind.TEACHER_UNKNOWN, home, state.planner.staffroom.stranger())


def _new_service(state: Evolution, kind: ChangeKind, home: Ref, teacher: Ref) -> Change | None:
    slot = state.planner.slot((*state.planner.table.needs(home), teacher))
    if slot is None:
        return None
    lesson = state.planner.put(slot, NEW, [teacher, home])
    state.services.add(service_of(lesson))
    return state.change(kind, after=[lesson], people=(teacher,))


def service_modified(state: Evolution) -> Change | None:
    """Move a lesson of every week to another slot."""
    for index, moved in _again(state):
        state.draft.lessons.remove(moved)
        return state.replace(ChangeKind.SERVICE_MODIFIED, index, moved)
    return None


def lesson_added(state: Evolution) -> Change | None:
    """Add a lesson to a service."""
    for _, moved in _again(state):
        state.services.add(service_of(moved))
        return state.change(ChangeKind.LESSON_ADDED, after=[moved])
    return None


def _again(state: Evolution) -> Iterator[tuple[int, WeeklyLesson]]:
    """Put a lesson at another slot as well, in any free room."""
    for index in state.lessons(weekly=True):
        lesson = state.draft.lessons[index]
        subject, teacher, audience = service_of(lesson)
        hours = (lesson.slot_count or 0) // 2
        slot = state.planner.slot((*state.planner.table.needs(audience), teacher), hours=hours)
        code = state.draft.subjects[subject].code
        yield from [(index, state.planner.put(slot, code, [teacher, audience], hours=hours))] if slot else []


def service_removed(state: Evolution) -> Change | None:
    """Take out every lesson of a service."""
    return _removed(state, ChangeKind.SERVICE_REMOVED, state.whole_services())


def lesson_removed(state: Evolution) -> Change | None:
    """Take out a lesson of a service that keeps others."""
    services = state.whole_services(at_least=2)
    return _removed(state, ChangeKind.LESSON_REMOVED, [rows[:1] for rows in services])


def _removed(state: Evolution, kind: ChangeKind, choices: list[list[int]]) -> Change | None:
    for rows in choices[:1]:
        gone = [state.draft.lessons[index] for index in rows]
        state.draft.lessons = [lesson for lesson in state.draft.lessons if lesson not in gone]
        state.services.add(service_of(gone[0]))
        return state.change(kind, before=gone)
    return None


def lesson_cancelled(state: Evolution) -> Change | None:
    """Cancel a lesson in some of its weeks to come."""
    for index in state.lessons()[:1]:
        lesson = state.draft.lessons[index]
        weeks = weeks_of(state.planner, lesson, state.window, most=2)
        return state.weeks(state.replace(ChangeKind.LESSON_CANCELLED, index, cancel(lesson, weeks)), weeks)
    return None


def substitution_unknown(state: Evolution) -> Change | None:
    """Replace a teacher by somebody whom the directory does not know."""
    for index in state.lessons()[:1]:
        return _substituted(state, ChangeKind.SUBSTITUTION_UNKNOWN, index, state.planner.staffroom.stranger())
    return None


def substitution(state: Evolution) -> Change | None:
    """Replace a teacher by a colleague in some weeks to come."""
    for index, teacher in _colleagues(state):
        return _substituted(state, ChangeKind.SUBSTITUTION, index, teacher)
    return None


def _substituted(state: Evolution, kind: ChangeKind, index: int, teacher: Ref) -> Change:
    lesson = state.draft.lessons[index]
    weeks = weeks_of(state.planner, lesson, state.window)
    people = (service_of(lesson)[1], teacher)
    return state.weeks(state.replace(kind, index, substitute(lesson, weeks, teacher), people=people), weeks)


def _colleagues(state: Evolution, *, weekly: bool = False) -> Iterator[tuple[int, Ref]]:
    """Give lessons, each with the known teachers who are free whenever it is held."""
    for index in state.lessons(weekly=weekly):
        lesson = state.draft.lessons[index]
        yield from ((index, teacher) for teacher in idle(state.planner, lesson, lesson.weeks))


def substitution_apart(state: Evolution) -> Change | None:
    """Replace a teacher by a colleague in a lesson of its own, held in weeks that leave the annual lesson."""
    for index, teacher in _colleagues(state, weekly=True):
        lesson = state.draft.lessons[index]
        weeks = weeks_of(state.planner, lesson, state.window)
        left = evolve(lesson, presences=tuple(Presence(p.who, p.weeks - weeks) for p in lesson.presences))
        others = [Presence(p.who, weeks) for p in lesson.presences if kind_of(p.who) is not Kind.TEACHER]
        apart = joined(evolve(lesson, presences=(), annual=False), [Presence(teacher, weeks), *others])
        people = (service_of(lesson)[1], teacher)
        return state.weeks(state.replace(ChangeKind.SUBSTITUTION_APART, index, left, apart, people=people), weeks)
    return None


def exceptional_added(state: Evolution) -> Change | None:
    """Add a lesson of one week to come."""
    for lesson in exceptional(state.planner, state.window):
        state.draft.lessons.append(lesson)
        return state.weeks(state.change(ChangeKind.EXCEPTIONAL_ADDED, after=[lesson]), lesson.weeks)
    return None


def teacher_added(state: Evolution) -> Change | None:
    """Give a lesson a second teacher, who had nothing to do with its audience."""
    around: defaultdict[Ref, set[Ref]] = defaultdict(set)
    for lesson in state.draft.lessons:
        for presence in lesson.presences:
            around[presence.who] |= {other.who for other in lesson.presences}
    for index, teacher in _colleagues(state):
        lesson = state.draft.lessons[index]
        if teacher not in around[service_of(lesson)[2]]:
            both = joined(lesson, [Presence(teacher, lesson.weeks)])
            return state.replace(ChangeKind.TEACHER_ADDED, index, both, people=(teacher,))
    return None
