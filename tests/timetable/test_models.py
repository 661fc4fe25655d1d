"""The entities of a timetable: references, keys, what a weekly lesson says of itself."""

from __future__ import annotations

import pickle
from datetime import date, time

import pytest

from entformats.codes.weeks import WeekSet
from entformats.identity import Identity, Profile
from entformats.timetable import (
    Alternation,
    Closure,
    Equipment,
    Kind,
    Lesson,
    OptionGroup,
    Presence,
    Pupil,
    Room,
    SchoolClass,
    Subject,
    WeeklyLesson,
    kind_of,
    ref,
)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_reference_begins_with_its_kind(kind: Kind) -> None:
    """What was put in is found again."""
    assert kind_of(ref(kind, "36")) is kind


@pytest.mark.parametrize(
    ("entity", "key"),
    [
        (Subject(ref(Kind.SUBJECT, "4"), " SVT ", "SCIENCES"), "subject:SVT"),
        (Subject(ref(Kind.SUBJECT, "4"), "", "SCIENCES  VIE"), "subject:SCIENCES VIE"),
        (SchoolClass(ref(Kind.CLASS, "2"), "6A"), "class:6A"),
        (OptionGroup(ref(Kind.GROUP, "2"), "6A  SVT\u00a0G1"), "group:6A SVT G1"),
        (OptionGroup(ref(Kind.GROUP, "2"), "6A SVT G1", code="G17"), "group:G17"),
        (Room(ref(Kind.ROOM, "2"), "12"), "room:12"),
        (Equipment(ref(Kind.EQUIPMENT, "2"), "Chariot"), "equipment:Chariot"),
    ],
)
def test_a_key_is_a_cleaned_name_or_code(
    entity: Subject | SchoolClass | OptionGroup | Room | Equipment, key: str
) -> None:
    """The number in the file is no part of it; a stable code goes before the name."""
    assert entity.key == key


def test_an_alternation_is_its_code_or_its_weeks() -> None:
    """Without a code the pattern itself is the key."""
    mondays = frozenset({date(2022, 9, 19), date(2022, 9, 5)})
    assert Alternation("Q1", mondays).key == "alternation:Q1"
    assert Alternation("", mondays).key == "alternation:2022-09-05,2022-09-19"


def test_a_label_does_not_make_another_closure() -> None:
    """Two closures of one period are one."""
    assert Closure(date(2022, 10, 24), date(2022, 11, 4), "Toussaint") == Closure(date(2022, 10, 24), date(2022, 11, 4))


LESSON = WeeklyLesson(
    2,
    0,
    1,
    time(8, 0),
    time(8, 55),
    (),
    (
        Presence(ref(Kind.TEACHER, "1"), WeekSet.of([1, 2, 3])),
        Presence(ref(Kind.PART, "7"), WeekSet.of([3, 4])),
    ),
    cancelled=WeekSet.of([4, 9]),
)


def test_weeks_of_a_lesson() -> None:
    """The weeks of any resource; cancelled ones are taken out of the active ones, and count only where it was held."""
    assert list(LESSON.weeks) == [1, 2, 3, 4]
    assert list(LESSON.active_weeks) == [1, 2, 3]
    assert list(LESSON.cancelled_weeks) == [4]


@pytest.mark.parametrize(
    ("kinds", "alone"), [([Kind.PART], True), ([Kind.PART, Kind.GROUP], False), ([Kind.CLASS], False), ([], False)]
)
def test_a_lesson_on_class_parts_only(kinds: list[Kind], alone: bool) -> None:
    """Parts and neither class nor group: it cannot be imported."""
    presences = tuple(Presence(ref(kind, "1"), WeekSet.of([1])) for kind in [Kind.TEACHER, *kinds])
    assert WeeklyLesson(1, 0, 1, None, None, (), presences).on_class_part_only is alone


def test_participants_by_kind() -> None:
    """Presences keep the order of the file; participants of a date are a set."""
    assert [presence.who for presence in LESSON.of(Kind.TEACHER)] == ["teacher:1"]
    lesson = Lesson(date(2022, 9, 6), None, None, (), frozenset({ref(Kind.TEACHER, "1"), ref(Kind.ROOM, "2")}))
    assert lesson.of(Kind.ROOM) == {"room:2"}


def test_people_do_not_show() -> None:
    """A pupil's text holds neither name nor birth date; it is the same after pickling."""
    identity = Identity("pupil:1", Profile.PUPIL, "0749999S", "Zoé", "MORTELLE", birth_date=date(2011, 3, 14))
    pupil = Pupil(identity, "Feminin")
    assert not any(word in repr(pupil) for word in ("Zoé", "MORTELLE", "2011", "Feminin"))
    assert pickle.loads(pickle.dumps(pupil)) == pupil  # noqa: S301 - our own bytes
