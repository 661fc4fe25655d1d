"""Changes of subjects, of closed days, of alternations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from attrs import evolve

from entformats.codes.weeks import WeekSet
from entformats.testing.school.events import later
from entformats.testing.school.evolution import Evolution
from entformats.testing.school.models import Change, ChangeKind
from entformats.testing.school.programme import SPARE
from entformats.timetable import Closure, Kind, Presence, Subject, WeeklyLesson

__all__ = ["alternation_replaced", "closure_added", "closure_removed", "subject_added", "subject_relabelled"]

_LABEL: Final = 20
"""Longest label of a subject in EDT (edt 2.6)."""


def subject_added(state: Evolution) -> Change | None:
    """Add a subject that no lesson has yet."""
    known = {subject.code for subject in state.draft.subjects.values()}
    code = next((code for code in SPARE if code not in known), None)
    if code is None:
        return None
    name = state.draft.new_ref(Kind.SUBJECT)
    state.draft.subjects[name] = Subject(name, code, SPARE[code])
    state.touched.add(name)
    return state.change(ChangeKind.SUBJECT_ADDED, names=(code,))


def subject_relabelled(state: Evolution) -> Change | None:
    """Write the label of a subject otherwise, under the same code."""
    name = state.rng.choice(sorted(state.draft.subjects))
    if name in state.touched:
        return None
    subject = state.draft.subjects[name]
    state.draft.subjects[name] = evolve(subject, label=f"{subject.label[: _LABEL - 4]} BIS")
    state.touched.add(name)
    return state.change(ChangeKind.SUBJECT_RELABELLED, names=(subject.code,))


def closure_added(state: Evolution) -> Change | None:
    """Close an open day, with open days around, on which no resource has its only week."""
    calendar = state.draft.calendar
    days = [calendar.winter_break + timedelta(days=n) for n in range((calendar.last_day - calendar.winter_break).days)]
    near = (-7, -1, 0, 1, 7)
    calm = [
        day
        for day in days
        if day.isoweekday() in {2, 3, 4}
        and not any(day + timedelta(days=n) in calendar.closed for n in near)
        and day != calendar.bridge
        and not _only_week(state, day)
    ]
    if not calm:
        return None
    day = state.rng.choice(calm)
    week = WeekSet.of([calendar.week(day)])
    state.draft.calendar = evolve(calendar, closed=calendar.closed | {day})
    return _masks(state, ChangeKind.CLOSURE_ADDED, day, lambda _, presence: presence.weeks - week)


def _only_week(state: Evolution, day: date) -> bool:
    week = WeekSet.of([state.draft.calendar.week(day)])
    today = [lesson for lesson in state.draft.lessons if lesson.weekday == day.isoweekday()]
    return any(presence.weeks == week for lesson in today for presence in lesson.presences)


def closure_removed(state: Evolution) -> Change | None:
    """Open the day that the school had closed by its own choice; lessons of every week, or of its parity, are held."""
    calendar = state.draft.calendar
    day = calendar.bridge
    if day not in calendar.closed:
        return None
    reopened = evolve(calendar, closed=calendar.closed - {day})
    weekday = day.isoweekday()
    rhythms = {calendar.rhythm(weekday, parity): reopened.rhythm(weekday, parity) for parity in (1, 2, 3)}
    state.draft.calendar = reopened

    def held(lesson: WeeklyLesson, presence: Presence) -> WeekSet:
        if presence.weeks in rhythms:
            return rhythms[presence.weeks]
        more = rhythms.get(lesson.weeks, WeekSet()) & state.window
        return presence.weeks | more if _to_the_end(lesson, presence, state.window) else presence.weeks

    return _masks(state, ChangeKind.CLOSURE_REMOVED, day, held)


def _to_the_end(lesson: WeeklyLesson, presence: Presence, late: WeekSet) -> bool:
    """Tell whether a resource is there whenever the lesson is held from some week on."""
    return presence.weeks & late == lesson.weeks & late


def alternation_replaced(state: Evolution) -> Change | None:
    """Let odd and even weeks change places from the week of the return from holidays."""
    calendar = state.draft.calendar
    start = calendar.week(calendar.winter_break)
    if calendar.swapped_from == start:
        return None
    swapped = evolve(calendar, swapped_from=start)
    late = later(start)

    def other(lesson: WeeklyLesson, presence: Presence) -> WeekSet:
        for parity in (1, 2):
            if lesson.weeks == calendar.rhythm(lesson.weekday, parity) and _to_the_end(lesson, presence, late):
                return presence.weeks - late | swapped.rhythm(lesson.weekday, parity) & late
        return presence.weeks

    state.draft.calendar = swapped
    return _masks(state, ChangeKind.ALTERNATION_REPLACED, None, other)


def _masks(
    state: Evolution, kind: ChangeKind, day: date | None, weeks: Callable[[WeeklyLesson, Presence], WeekSet]
) -> Change:
    """Give other weeks to the resources of the lessons of a weekday, or of every day."""
    before: list[WeeklyLesson] = []
    after: list[WeeklyLesson] = []
    for index, lesson in enumerate(state.draft.lessons):
        if day is None or lesson.weekday == day.isoweekday():
            moved = evolve(lesson, presences=tuple(Presence(p.who, weeks(lesson, p)) for p in lesson.presences))
            if moved != lesson:
                before.append(lesson)
                after.append(moved)
                state.draft.lessons[index] = moved
    return evolve(state.change(kind, before, after), closure=Closure(day, day) if day else None)
