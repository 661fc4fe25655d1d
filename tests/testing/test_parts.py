"""The parts of the generator: names, people, calendar, the week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

import pytest

from entformats.codes.school_year import SchoolYear
from entformats.errors import UsageError
from entformats.names import compact
from entformats.testing.school.calendar import school_calendar
from entformats.testing.school.calendar_changes import (
    alternation_replaced,
    closure_added,
    closure_removed,
    subject_added,
)
from entformats.testing.school.draft import Draft
from entformats.testing.school.events import idle, ordinary
from entformats.testing.school.evolution import Evolution
from entformats.testing.school.first import first_draft
from entformats.testing.school.models import Change
from entformats.testing.school.names import family_name, plain
from entformats.testing.school.occupancy import hours_of
from entformats.testing.school.people import TEACHER_SPELLINGS, Civil, Registry, Spelling, typed
from entformats.testing.school.people_changes import class_added
from entformats.testing.school.planner import SLOTS, Planner

ZOE = Civil("Mme", "Zoé", "GUÉRINOT", date(1990, 2, 3), birth_family="MÉRUREL", other_given=("Zoé", "Rose"))


@pytest.fixture
def planner() -> Planner:
    """Fill a small school."""
    draft = Draft("0749999S", "COLLEGE", school_calendar(SchoolYear(2022), Random(1)))
    return first_draft(draft, Registry(Random(1)), 24)


def test_names_fit_in_the_files() -> None:
    """Family names are in capitals, of at most 20 letters; some have an accent, an apostrophe, a particle, a hyphen."""
    rng = Random(0)
    names = [family_name(rng) for _ in range(500)]
    assert max(map(len, names)) <= 20
    assert all(name == name.upper() and compact(name) for name in names)
    for mark in ("'", "-", "DE LA ", "É"):
        assert any(mark in name for name in names)


@pytest.mark.parametrize(
    ("spelling", "staff", "expected"),
    [
        (Spelling.SHARED_ID, False, ("Zoé", "GUÉRINOT", 1990)),
        (Spelling.EXACT, False, ("Zoé", "GUÉRINOT", 1990)),
        (Spelling.EXACT, True, ("ZOE", "GUERINOT", 1990)),
        (Spelling.NORMALISED, False, ("Zoe", "GUERINOT", 1990)),
        (Spelling.NORMALISED, True, ("Zoé", "GUÉRINOT", 1990)),
        (Spelling.BIRTH_NAME, True, ("ZOE", "MÉRUREL", 1990)),
        (Spelling.ALL_GIVEN, False, ("Zoé Rose", "GUÉRINOT", 1990)),
        (Spelling.MISTYPED, True, ("ZOE", "GUERINOX", 1990)),
        (Spelling.UNDATED, True, ("ZOE", "GUERINOT", None)),
    ],
)
def test_spellings(spelling: Spelling, staff: bool, expected: tuple[str, str, int | None]) -> None:
    """Each way of typing gives its names; only the undated and the mistyped need a person."""
    given, family, born = typed(ZOE, spelling, staff=staff)
    assert (given, family, born and born.year) == expected
    assert spelling.by_hand == (spelling in {Spelling.UNDATED, Spelling.MISTYPED})


def test_a_given_name_is_cut_at_ten_letters() -> None:
    """As EDT does for teachers (edt 2.7)."""
    jean = Civil("M.", "Jean-Baptiste", "ORVINOT", date(1970, 1, 1))
    assert typed(jean, Spelling.UNDATED, staff=True)[0] == "JEAN-BAPTI"


def test_plain_takes_accents_away_only() -> None:
    """Hyphens, apostrophes and spaces stay."""
    assert plain("Anne-Élise d'Orvinot") == "ANNE-ELISE D'ORVINOT"


def test_identifiers_are_all_different() -> None:
    """No identifier is drawn twice, in the shapes of edt 2.7 and nomenclatures 2."""
    registry = Registry(Random(0))
    numbers = [registry.idpn() for _ in range(200)] + [registry.ine() for _ in range(200)]
    assert len(set(numbers)) == 400
    assert {len(number) for number in numbers} == {16, 11}


def test_spellings_are_dealt_as_cards() -> None:
    """Every spelling of a deck comes up before any card comes back."""
    registry = Registry(Random(0))
    dealt = [registry.spelling(TEACHER_SPELLINGS) for _ in TEACHER_SPELLINGS]
    assert sorted(dealt) == sorted(TEACHER_SPELLINGS)


@pytest.mark.parametrize("year", range(2020, 2036))
def test_calendar_of_any_year(year: int) -> None:
    """Lessons start in the first days of September, end in the first ones of July; the bridge is a lone closed day."""
    calendar = school_calendar(SchoolYear(year), Random(year))
    assert date(year, 9, 1) <= calendar.start <= date(year, 9, 4)
    assert calendar.start.isoweekday() in {1, 2, 3, 4}
    assert date(year + 1, 7, 1) <= calendar.last_day <= date(year + 1, 7, 7)
    assert calendar.winter_break < calendar.bridge < calendar.last_day
    around = [calendar.bridge.toordinal() + n for n in (-1, 1)]
    assert not {date.fromordinal(n) for n in around} & calendar.closed
    assert calendar.autumn_break.isoweekday() == calendar.winter_break.isoweekday() == 1


def test_odd_and_even_weeks_share_the_open_ones() -> None:
    """The two fortnights part the open weeks of each weekday, before and after they change places."""
    calendar = school_calendar(SchoolYear(2022), Random(1))
    for weekday, opened in calendar.opened.items():
        odd, even = calendar.rhythm(weekday, 1), calendar.rhythm(weekday, 2)
        assert odd | even == opened == calendar.rhythm(weekday, 3)
        assert odd.isdisjoint(even)
        assert all(week % 2 for week in odd)


def test_idle_teachers_are_free(planner: Planner) -> None:
    """Whoever is said to be free has no lesson then, and is somebody whom matching finds."""
    lesson = planner.draft.lessons[ordinary(planner.draft)[0]]
    found = list(idle(planner, lesson, lesson.weeks))
    assert found
    for teacher in found:
        assert planner.table.free([teacher], lesson.weekday, hours_of(lesson), lesson.weeks)
        assert teacher not in planner.draft.by_hand


def test_a_full_week_is_refused(planner: Planner) -> None:
    """A class that is never free cannot have one lesson more: that is said, not skipped."""
    home = next(iter(planner.draft.classes))
    for day, hour in SLOTS:
        weeks = planner.draft.calendar.opened[day]
        planner.table.add(planner.draft.lesson(day, hour, 1, planner.draft.subject("EPS"), [home], weeks))
    with pytest.raises(UsageError, match="full"):
        planner.service("LATIN", home, (1,))


@pytest.mark.parametrize("change", [closure_added, closure_removed, alternation_replaced, subject_added, class_added])
def test_what_runs_out_is_not_done_again(planner: Planner, change: Callable[[Evolution], Change | None]) -> None:
    """Days to close, alternations, spare subjects and classes run out: then nothing is changed, and nothing fails."""
    state = Evolution(planner.draft, planner.staffroom.registry, Random(0))
    done = 0
    while change(state) is not None:
        done += 1
    before = state.draft.freeze()
    assert 1 <= done < 60
    assert change(state) is None
    assert state.draft.freeze() == before


def test_nobody_is_shown() -> None:
    """The `repr` of a person hides the person."""
    assert "GUÉRINOT" not in repr(ZOE)


def test_a_draft_copied_is_another_one(planner: Planner) -> None:
    """Writing in a copy leaves the original as it was."""
    before = planner.draft.freeze()
    copy = planner.draft.copy()
    copy.lessons.pop()
    copy.pupils.clear()
    copy.subjects.clear()
    assert planner.draft.freeze() == before
