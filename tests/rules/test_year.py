"""A whole year of weekly imports: running totals against a model that keeps three lists of dates (rules 3.3, 3.4, B2).

Nothing of the rules is used to know what happened: each week somebody cancels a lesson, gives it back, adds or takes
away an exceptional lesson, or has a colleague stand in; the model writes it down and counts.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from attrs import evolve, frozen
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from entformats import rules
from entformats.codes.weeks import WeekSet
from entformats.rules import GroupMode, Policy, State
from entformats.rules.bilan_counts import Running, Weekly
from entformats.testing.strategies.imports import BASE, UAI, Draft, home, roster, timetable
from entformats.timetable import Kind, Presence, Timetable, WeeklyLesson, ref

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = date(2022, 8, 29)
"""Monday of week 1."""
CLOSED = {9, 10, 17, 18, 25, 26, 33, 34}
YEAR = [week for week in range(2, 44) if week not in CLOSED]
COURSES = tuple((weekday, slot) for weekday in (1, 2, 4) for slot in (0, 1))
"""The annual lessons: those of the first teacher, for the first class, every week."""
SLOTS = timetable(BASE).grid.slots
PARIS = ZoneInfo("Europe/Paris")
WEEKS = WeekSet.of(YEAR)


@frozen
class Book:
    """Registre: what happened, as (number of the annual lesson, week) and (slot, week)."""

    cancelled: frozenset[tuple[int, int]] = frozenset()
    replaced: frozenset[tuple[int, int]] = frozenset()
    exceptional: frozenset[tuple[int, int]] = frozenset()

    def told(self, what: str, which: int, week: int) -> Book:
        """Write down one thing, or take it back if it is there; what is cancelled is not replaced."""
        one = frozenset({(which, week)})
        if what == "exceptional":
            return evolve(self, exceptional=self.exceptional ^ one)
        others = {"cancelled": self.cancelled - one, "replaced": self.replaced - one}
        return evolve(self, exceptional=self.exceptional, **(others | {what: getattr(self, what) ^ one}))

    @property
    def totals(self) -> tuple[int, int, int]:
        """Count."""
        return len(self.replaced), len(self.cancelled), len(self.exceptional)


def weeks_of(rows: frozenset[tuple[int, int]]) -> dict[int, WeekSet]:
    """Give the weeks of each lesson."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for which, week in rows:
        found[which].add(week)
    return {which: WeekSet.of(weeks) for which, weeks in found.items()}


def lessons(book: Book) -> Iterator[WeeklyLesson]:
    """Write what is in the book as a timetable program does."""
    cancelled, replaced = weeks_of(book.cancelled), weeks_of(book.replaced)
    first, second = ref(Kind.TEACHER, "1"), ref(Kind.TEACHER, "2")
    subject = (ref(Kind.SUBJECT, "MATHS"),)
    for number, (weekday, slot) in enumerate(COURSES):
        gone, away = cancelled.get(number, WeekSet()), replaced.get(number, WeekSet())
        present = [Presence(first, WEEKS - away), Presence(home(0), WEEKS), *([Presence(second, away)] if away else ())]
        place = SLOTS[slot]
        yield WeeklyLesson(weekday, slot, 1, place.start, place.end, subject, tuple(present), gone, annual=True)
    for weekday, week in sorted(book.exceptional):
        place, weeks = SLOTS[2], WeekSet.of([week])
        present = [Presence(second, weeks), Presence(home(0), weeks)]
        yield WeeklyLesson(weekday, 2, 1, place.start, place.end, subject, tuple(present), annual=False)


def export(book: Book) -> Timetable:
    """Write the export of a week."""
    bare = timetable(Draft(BASE.subjects, BASE.groups, BASE.homes, ()))
    return evolve(bare, weekly_lessons=tuple(lessons(book)))


WHAT = st.sampled_from(["cancelled", "replaced", "exceptional", "exceptional"])
EVENT = st.tuples(WHAT, st.integers(1, 5), st.integers(-3, 2))
"""What, where, and how many weeks from now: some is told late, some ahead."""
WEEK = st.tuples(st.lists(EVENT, max_size=3), st.sampled_from(["validate"] * 4 + ["cancel"]))


def lines(weekly: Weekly) -> tuple[Running, Running, Running]:
    """Give the three lines."""
    return weekly.substitutions, weekly.cancellations, weekly.exceptional_lessons


@settings(max_examples=max(settings().max_examples // 20, 3), phases=[Phase.generate])
@given(
    story=st.lists(WEEK, min_size=len(YEAR), max_size=len(YEAR)),
    moving=st.booleans(),
    mode=st.sampled_from(GroupMode),
)
def test_a_year_of_imports(story: list[tuple[list[tuple[str, int, int]], str]], moving: bool, mode: GroupMode) -> None:
    """Each total is what happened since September, each écart the difference with the import validated last.

    It is so whether the past is left alone (`since` then moves on with the weeks) or written again, and in any mode.
    """
    state, held, book, shown = State.new(UAI, 2022), roster([], []), Book(), Book()
    for week, (events, ending) in zip(YEAR, story, strict=True):
        for what, which, ahead in events:
            if week + ahead in YEAR:
                book = book.told(what, which, week + ahead)
        monday = FIRST + timedelta(weeks=week - 1)
        at = datetime(monday.year, monday.month, monday.day, 6, tzinfo=PARIS)
        policy = Policy(since=monday) if moving else Policy()
        known = rules.roster_after(held, state.snapshot)
        preview = rules.prepare(export(book), known, state=state, mode=mode, policy=policy, at=at)
        expected = [Running(now - was, now) for now, was in zip(book.totals, shown.totals, strict=True)]
        assert list(lines(preview.bilan.weekly)) == expected
        if ending == "cancel":
            state = preview.cancel(state, at=at)
        else:
            state, shown = preview.validate(state, at=at), book
        assert tuple(line.total for line in lines(state.totals)) == shown.totals
    assert [attempt.outcome == "applied" for attempt in state.history] == [end == "validate" for _, end in story]


def test_what_is_over_still_counts() -> None:
    """A past exceptional lesson is no longer imported where the past is left alone, and stays in the total."""
    book = Book(frozenset({(0, 3)}), frozenset({(1, 3)}), frozenset({(1, 3), (2, 20)}))
    policy = Policy(since=FIRST + timedelta(weeks=10))
    state, at = State.new(UAI, 2022), datetime(2022, 11, 7, 8, tzinfo=PARIS)
    option_2 = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    preview = rules.prepare(export(book), roster([], []), state=state, mode=option_2, policy=policy, at=at)
    assert [one.reason.value for one in preview.selection.dropped] == ["in_the_past"]
    assert lines(preview.bilan.weekly) == (Running(1, 1), Running(1, 1), Running(2, 2))
    assert {key.date for key in preview.bilan.lessons} >= {date(2023, 1, 10)}
    assert min(key.date for key in preview.plan.lessons) >= policy.since  # type: ignore[operator]  # it is given above


def test_a_service_that_is_over() -> None:
    """A service of which nothing is left is neither added nor removed where the past is left alone."""
    (lesson, *others) = export(Book()).weekly_lessons
    early = WeekSet.of(range(2, 6))
    over = evolve(
        lesson,
        subjects=(ref(Kind.SUBJECT, "SVT"),),
        presences=tuple(evolve(one, weeks=early) for one in lesson.presences),
    )
    both = evolve(export(Book()), weekly_lessons=(over, *others))
    option_2, at = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS, datetime(2022, 11, 7, 8, tzinfo=PARIS)
    state = State.new(UAI, 2022)
    whole = rules.prepare(both, roster([], []), state=state, mode=option_2, at=at)
    rest = rules.prepare(both, roster([], []), state=state, mode=option_2, policy=Policy(since=at.date()), at=at)
    assert whole.bilan.preliminary.teaching_services.added.count == 2
    assert rest.bilan.preliminary.teaching_services.added.count == 1
    after = rules.prepare(
        evolve(both, weekly_lessons=tuple(others)),
        rules.roster_after(roster([], []), whole.snapshot),
        state=whole.validate(state, at=at),
        mode=option_2,
        policy=Policy(since=at.date()),
        at=at,
    )
    assert after.bilan.preliminary.teaching_services.removed.count == 0
