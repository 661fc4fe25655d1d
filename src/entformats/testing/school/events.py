"""What happens to lessons in single weeks: cancellations, substitutions, exceptional lessons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from attrs import evolve

from entformats.codes.weeks import LAST_WEEK, WeekSet
from entformats.identity import Ref
from entformats.testing.school.draft import Draft, in_file_order
from entformats.testing.school.occupancy import hours_of
from entformats.testing.school.planner import Planner
from entformats.timetable import Kind, Presence, WeeklyLesson

__all__ = ["cancel", "exceptional", "idle", "joined", "later", "ordinary", "substitute", "weeks_of"]

MOST_WEEKS: Final = 4


def later(week: int) -> WeekSet:
    """Give the weeks from this one on."""
    return WeekSet.of(range(week, LAST_WEEK + 1))


def ordinary(draft: Draft, keep: Callable[[WeeklyLesson], bool] = lambda _: True) -> list[int]:
    """Find the annual lessons of one teacher to one class or group, whose resources are all there in the same weeks."""

    def plain(lesson: WeeklyLesson) -> bool:
        once = len({p.weeks for p in lesson.presences}) == 1 and not lesson.cancelled and not lesson.of(Kind.PART)
        return once and bool(lesson.annual) and len(lesson.of(Kind.TEACHER)) == 1 and keep(lesson)

    return [index for index, lesson in enumerate(draft.lessons) if plain(lesson)]


def weeks_of(planner: Planner, lesson: WeeklyLesson, window: WeekSet, most: int = MOST_WEEKS) -> WeekSet:
    """Draw some weeks of a lesson inside a window, few enough for its teacher to remain the regular one."""
    known = list(lesson.active_weeks & window)
    count = min(len(known), planner.rng.randrange(1, most + 1), len(lesson.weeks) // 4)
    return WeekSet.of(planner.rng.sample(known, count))


def idle(planner: Planner, lesson: WeeklyLesson, weeks: WeekSet) -> Iterator[Ref]:
    """Find the teachers who are free during a lesson in these weeks, in a drawn order."""
    draft = planner.draft
    known = [name for name in draft.teachers if name not in draft.by_hand | draft.strangers]
    for name in planner.rng.sample(known, len(known)):
        if planner.table.free([name], lesson.weekday, hours_of(lesson), weeks):
            yield name


def joined(lesson: WeeklyLesson, presences: Iterable[Presence]) -> WeeklyLesson:
    """Put resources in a lesson, in place of those of the same name."""
    named = {presence.who: presence for presence in (*lesson.presences, *presences)}
    return evolve(lesson, presences=tuple(named[who] for who in in_file_order(named)))


def cancel(lesson: WeeklyLesson, weeks: WeekSet) -> WeeklyLesson:
    """Annuler: the resources keep their weeks (edt 3.7)."""
    return evolve(lesson, cancelled=lesson.cancelled | weeks)


def substitute(lesson: WeeklyLesson, weeks: WeekSet, teacher: Ref) -> WeeklyLesson:
    """Remplacer: the weeks leave the regular teacher for the substitute, in the same lesson (edt 3.6)."""
    (regular,) = lesson.of(Kind.TEACHER)
    return joined(lesson, [Presence(regular.who, regular.weeks - weeks), Presence(teacher, weeks)])


def exceptional(planner: Planner, window: WeekSet) -> Iterator[WeeklyLesson]:
    """Make a lesson of one week, of a teacher to one of his classes, at an hour when both are always free, if any."""
    draft = planner.draft
    model = draft.lessons[planner.rng.choice(ordinary(draft, lambda lesson: bool(lesson.of(Kind.CLASS))))]
    (teacher,), (home,) = model.of(Kind.TEACHER), model.of(Kind.CLASS)
    if slot := planner.slot((*planner.table.needs(home.who), teacher.who)):
        day, hour = slot
        week = WeekSet.of([planner.rng.choice(list(draft.calendar.opened[day] & window))])
        yield draft.lesson(day, hour, 1, model.subjects[0], [teacher.who, home.who], week, annual=False)
