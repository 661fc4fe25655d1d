"""The calendar of a timetable as Pronote publishes it."""
# ruff: noqa: DTZ001 - wall times of a school

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats import pronote
from entformats.errors import EntFormatsError, WrongFormat
from entformats.timetable import Kind

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "pronote"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not there")


@needs_corpus
def test_the_calendar_of_the_corpus_gives_dated_lessons() -> None:
    """Summer and winter time, a cancelled lesson, entities inside escapes, several teachers and rooms, whole days."""
    calendar = pronote.read_calendar(CORPUS / "edt_professeur.ics")
    assert calendar.name.endswith("01 septembre 2022 au 07 juillet 2023")
    first, latin, changed, winter = calendar.lessons
    assert (first.date, first.start, first.end) == (date(2022, 9, 6), time(8, 15), time(9, 10))
    assert (winter.date, winter.start) == (date(2022, 12, 6), time(8, 15))
    assert (latin.cancelled, latin.subjects) == (True, ("subject:LATIN & GREC",))
    assert latin.of(Kind.PART) == {"part:<3C> 3LAT1"}
    assert latin.of(Kind.GROUP) == {"group:[3LAT1]"}
    assert changed.of(Kind.TEACHER) == {"teacher:BELLAVIGNE C.", "teacher:SAINT-ÉLOY G."}
    assert changed.of(Kind.ROOM) == {"room:B204", "room:B205"}
    assert [one.category for one in calendar.events if not one.is_lesson] == ["Agenda", "Jours fériés"]
    assert calendar.events[0].key == "Cours-1001-1"
    assert calendar.report.problems == ()


def test_the_zone_is_that_of_the_school() -> None:
    """The same instant is another wall time overseas; a wall time is kept."""
    text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nDTSTART:20220906T061500Z\nDTEND:20220906T071500Z\nEND:VEVENT\n"
    (event,) = pronote.read_calendar(text, zone="Indian/Reunion").events
    assert (event.start, event.key, len(event.named)) == (datetime(2022, 9, 6, 10, 15), "x", 0)
    wall = text.replace(b"Z\n", b"\n").replace(b"\nUID", b"\nno colon\nUID")
    assert pronote.read_calendar(wall).events[0].start == datetime(2022, 9, 6, 6, 15)


@pytest.mark.parametrize(
    "times", ["DTSTART:20220906T061500Z", "DTSTART:20220906\nDTEND:20220905", "DTSTART:hier\nDTEND:00010101T000000Z"]
)
def test_an_event_without_times_is_told(times: str) -> None:
    """It is left out, with its line."""
    calendar = pronote.read_calendar(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{times}\nEND:VEVENT\nEND:VEVENT\n".encode())
    (found,) = calendar.report.problems
    assert (calendar.events, found.slug, found.where.line) == ((), "calendar_event_unreadable", 2)


def test_another_file_is_refused() -> None:
    """A login page is no calendar."""
    with pytest.raises(WrongFormat):
        pronote.read_calendar(b"<html>")


@given(st.binary(max_size=60))
def test_hostile_bytes_give_a_calendar_or_a_refusal(noise: bytes) -> None:
    """Nothing but the errors of the library is raised."""
    try:
        pronote.read_calendar(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2022" + noise + b"\nEND:VEVENT\n")
    except EntFormatsError as error:
        assert str(error)  # noqa: PT017 - either outcome is right
