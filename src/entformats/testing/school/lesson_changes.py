"""Changes of services and lessons."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from entformats.identity import Ref
from entformats.testing.school.events import cancel, exceptional, idle, joined, substitute, weeks_of
from entformats.testing.school.evolution import Evolution, service_of
from entformats.testing.school.models import Change, ChangeKind
from entformats.timetable import Kind, Presence, WeeklyLesson

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


def service_added(state: Evolution) -> Change | None:
    """Let a known teacher give a class a subject that nobody gave it with him."""
    home, teacher = state.rng.choice(state.homes), state.rng.choice(state.known_teachers)
    return _new_service(state, ChangeKind.SERVICE_ADDED, home, teacher)


def teacher_unknown(state: Evolution) -> Change | None:
    """Give a lesson to a teacher whom the directory does not know: it cannot be imported."""
    stranger = state.planner.staffroom.stranger()
    return _new_service(state, ChangeKind.TEACHER_UNKNOWN, state.rng.choice(state.homes), stranger)


def _new_service(state: Evolution, kind: ChangeKind, home: Ref, teacher: Ref) -> Change | None:
    service = (state.draft.subject("VICLA"), teacher, home)
    known = any(
        {teacher, home} <= {p.who for p in x.presences} and service[0] in x.subjects for x in state.draft.lessons
    )
    slot = state.planner.slot((*state.planner.table.needs(home), teacher))
    if slot is None or known:
        return None
    lesson = state.planner.put(slot, "VICLA", [teacher, home])
    state.services.add(service)
    return state.change(kind, after=[lesson], people=(teacher,))


def service_modified(state: Evolution) -> Change | None:
    """Move a lesson of every week to another slot."""
    for index in state.lessons(weekly=True):
        if moved := _again(state, index):
            state.draft.lessons.remove(moved)
            return state.replace(ChangeKind.SERVICE_MODIFIED, index, moved)
    return None


def lesson_added(state: Evolution) -> Change | None:
    """Add a lesson to a service."""
    for index in state.lessons(weekly=True):
        if moved := _again(state, index):
            state.services.add(service_of(moved))
            return state.change(ChangeKind.LESSON_ADDED, after=[moved])
    return None


def _again(state: Evolution, index: int) -> WeeklyLesson | None:
    """Put the same lesson at another slot, in any free room."""
    lesson = state.draft.lessons[index]
    subject, teacher, audience = service_of(lesson)
    hours = (lesson.slot_count or 0) // 2
    slot = state.planner.slot((*state.planner.table.needs(audience), teacher), hours=hours)
    code = state.draft.subjects[subject].code
    return slot and state.planner.put(slot, code, [teacher, audience], hours=hours)


def service_removed(state: Evolution) -> Change | None:
    """Take out every lesson of a service."""
    for rows in state.whole_services():
        return _removed(state, ChangeKind.SERVICE_REMOVED, rows)
    return None


def lesson_removed(state: Evolution) -> Change | None:
    """Take out a lesson of a service that keeps others."""
    for rows in state.whole_services(at_least=2):
        return _removed(state, ChangeKind.LESSON_REMOVED, rows[:1])
    return None


def _removed(state: Evolution, kind: ChangeKind, indices: Iterable[int]) -> Change:
    gone = [state.draft.lessons[index] for index in indices]
    for lesson in gone:
        state.draft.lessons.remove(lesson)
    state.services.add(service_of(gone[0]))
    return state.change(kind, before=gone)


def lesson_cancelled(state: Evolution) -> Change | None:
    """Cancel a lesson in some of its weeks to come."""
    for index in state.lessons():
        lesson = state.draft.lessons[index]
        if weeks := weeks_of(state.planner, lesson, state.window, most=2):
            return state.weeks(state.replace(ChangeKind.LESSON_CANCELLED, index, cancel(lesson, weeks)), weeks)
    return None


def substitution(state: Evolution) -> Change | None:
    """Replace a teacher by a colleague in some weeks to come."""
    return _substituted(state, ChangeKind.SUBSTITUTION)


def substitution_unknown(state: Evolution) -> Change | None:
    """Replace a teacher by somebody whom the directory does not know."""
    return _substituted(state, ChangeKind.SUBSTITUTION_UNKNOWN)


def _substituted(state: Evolution, kind: ChangeKind) -> Change | None:
    for index in state.lessons():
        lesson = state.draft.lessons[index]
        weeks = weeks_of(state.planner, lesson, state.window)
        if weeks and (teacher := _substitute(state, kind, lesson)):
            people = (service_of(lesson)[1], teacher)
            return state.weeks(state.replace(kind, index, substitute(lesson, weeks, teacher), people=people), weeks)
    return None


def _substitute(state: Evolution, kind: ChangeKind, lesson: WeeklyLesson) -> Ref | None:
    if kind is ChangeKind.SUBSTITUTION_UNKNOWN:
        return state.planner.staffroom.stranger()
    return next(idle(state.planner, lesson, lesson.weeks), None)


def substitution_apart(state: Evolution) -> Change | None:
    """Replace a teacher by a colleague in a lesson of its own, held in weeks that leave the annual lesson."""
    for index in state.lessons(weekly=True):
        lesson = state.draft.lessons[index]
        weeks = weeks_of(state.planner, lesson, state.window)
        teacher = next(idle(state.planner, lesson, lesson.weeks), None)
        if weeks and teacher:
            left = evolve(lesson, presences=tuple(Presence(p.who, p.weeks - weeks) for p in lesson.presences))
            others = [Presence(p.who, weeks) for p in lesson.presences if p not in lesson.of(Kind.TEACHER)]
            apart = joined(evolve(lesson, presences=(), annual=False), [Presence(teacher, weeks), *others])
            people = (service_of(lesson)[1], teacher)
            return state.weeks(state.replace(ChangeKind.SUBSTITUTION_APART, index, left, apart, people=people), weeks)
    return None


def exceptional_added(state: Evolution) -> Change | None:
    """Add a lesson of one week to come."""
    lesson = exceptional(state.planner, state.window)
    if lesson is None:
        return None
    state.draft.lessons.append(lesson)
    return state.weeks(state.change(ChangeKind.EXCEPTIONAL_ADDED, after=[lesson]), lesson.weeks)


def teacher_added(state: Evolution) -> Change | None:
    """Give a lesson a second teacher, who had nothing to do with its audience."""
    for index in state.lessons():
        lesson = state.draft.lessons[index]
        audience = service_of(lesson)[2]
        around = {p.who for other in state.draft.lessons for p in other.presences if _has(other, audience)}
        for teacher in idle(state.planner, lesson, lesson.weeks):
            if teacher not in around:
                both = joined(lesson, [Presence(teacher, lesson.weeks)])
                return state.replace(ChangeKind.TEACHER_ADDED, index, both, people=(teacher,))
    return None


def _has(lesson: WeeklyLesson, audience: Ref) -> bool:
    return any(presence.who == audience for presence in lesson.presences)
