"""Calendars: read back by other code than wrote them, they give the dated lessons, and show no more than was asked."""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, frozen
from dateutil import rrule
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats import edt
from entformats.codes.weeks import WeekSet, parse
from entformats.errors import MissingExtra, UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Profile, Ref
from entformats.testing.disguises import renumbered, shuffled
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import (
    ClassPart,
    Guardian,
    Kind,
    Lesson,
    Presence,
    Pupil,
    Room,
    SchoolClass,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    find,
    ical,
    kind_of,
    lessons_of,
    ref,
)
from entformats.timetable.ical import Privacy
from entformats.timetable.series import series_of
from entformats.timetable.zones import observances

FEW = settings(max_examples=settings().max_examples // 3)
MONDAY = date(2022, 8, 29)
UAI = "0749999S"
MATHS, SIX_A, PART, ROOM = ref(Kind.SUBJECT, "1"), ref(Kind.CLASS, "1"), ref(Kind.PART, "1"), ref(Kind.ROOM, "1")
ODILE, ZOE, CLAIRE = ref(Kind.TEACHER, "1"), ref(Kind.PUPIL, "1"), ref(Kind.GUARDIAN, "1")
OVERSEAS = (
    "Europe/Paris",
    "Indian/Reunion",
    "Indian/Mayotte",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "America/Miquelon",
    "Pacific/Tahiti",
    "Pacific/Noumea",
)


# Reading a calendar back: lines by hand, rules and zones by dateutil


@frozen
class Read:
    """An event as it stands: properties by name, with their parameters."""

    lines: FrozenMap[str, tuple[str, str]]

    def text(self, name: str) -> str:
        """Give a property, unescaped."""
        value = self.lines[name][1] if name in self.lines else ""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)

    def moments(self, name: str) -> list[datetime]:
        """Give the wall times of a property."""
        parameters, value = self.lines.get(name, ("", ""))
        pattern = "%Y%m%d" if "VALUE=DATE" in parameters else "%Y%m%dT%H%M%S"
        return [datetime.strptime(one, pattern) for one in value.split(",") if one]  # noqa: DTZ007 - wall times

    def starts(self) -> list[datetime]:
        """Expand: the rule without the exceptions, as dateutil understands them."""
        (start,) = self.moments("DTSTART")
        dates = rrule.rruleset()
        dates.rdate(start)
        if "RRULE" in self.lines:
            rule = rrule.rrulestr(self.lines["RRULE"][1], dtstart=start)
            assert isinstance(rule, rrule.rrule)
            dates.rrule(rule)
        for excepted in self.moments("EXDATE"):
            dates.exdate(excepted)
        return list(dates)


def events(content: bytes) -> list[Read]:
    """Cut a calendar into its events."""
    text = content.decode()
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    found = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", unfolded, re.DOTALL)
    return [Read(FrozenMap(_lines(event))) for event in found]


def _lines(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for line in text.splitlines():
        head, _, value = line.partition(":")
        name, _, parameters = head.partition(";")
        yield name, (parameters, value)


def zone_of(content: bytes) -> tuple[str, object]:
    """Read the zone that a calendar carries, with dateutil."""
    text = re.search(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE", content.decode().replace("\r\n ", ""), re.DOTALL)
    assert text is not None
    read = tzical(io.StringIO(text[0].replace("\r\n", "\n")))
    (name,) = read.keys()
    return name, read.get(name)


Occurrence = tuple[datetime, datetime | None, bool]


def expanded(content: bytes) -> Counter[Occurrence]:
    """Give every dated lesson of a calendar: its wall times, and whether it is cancelled."""
    found: Counter[Occurrence] = Counter()
    for event in events(content):
        (start,) = event.moments("DTSTART")
        ends = event.moments("DTEND")
        for one in event.starts():
            end = one + (ends[0] - start) if ends else None
            found[one, end, event.text("STATUS") == "CANCELLED"] += 1
    return found


def expected(lessons: tuple[Lesson, ...]) -> Counter[Occurrence]:
    """Give the same of dated lessons."""
    found: Counter[Occurrence] = Counter()
    for lesson in lessons:
        start = datetime.combine(lesson.date, lesson.start or time())
        ends = lesson.start is not None and lesson.end is not None and lesson.end > lesson.start
        end = datetime.combine(lesson.date, lesson.end) if ends and lesson.end else None
        found[start, end, lesson.cancelled] += 1
    return found


# A small school


def weekly(weeks: str = "1..4", *, cancelled: str = "", who: tuple[Ref, ...] = (ODILE, SIX_A, ROOM)) -> WeeklyLesson:
    """Make a lesson of mathematics on Monday at eight."""
    presences = tuple(Presence(one, parse(weeks)) for one in who)
    return WeeklyLesson(1, 0, 1, time(8), time(8, 55), (MATHS,), presences, parse(cancelled))


def school(*lessons: WeeklyLesson, first: date = MONDAY) -> Timetable:
    """Make a school of one class, one teacher, one room and one pupil."""

    def person(name: Ref, profile: Profile, given_name: str, family: str) -> Identity:
        return Identity(name, profile, UAI, given_name, family)

    return Timetable(
        UAI,
        first,
        None,
        first,
        subjects=FrozenMap({MATHS: Subject(MATHS, "MATHS", "MATHÉMATIQUES")}),
        teachers=FrozenMap({ODILE: Teacher(person(ODILE, Profile.TEACHER, "Odile", "VALMOND"))}),
        classes=FrozenMap({SIX_A: SchoolClass(SIX_A, "6A", (PART,))}),
        class_parts=FrozenMap({PART: ClassPart(PART, SIX_A)}),
        rooms=FrozenMap({ROOM: Room(ROOM, "B, 204")}),
        pupils=FrozenMap({ZOE: Pupil(person(ZOE, Profile.PUPIL, "Zoé", "MORTELLE"))}),
        guardians=FrozenMap({CLAIRE: Guardian(person(CLAIRE, Profile.GUARDIAN, "Claire", "MORTELLE"))}),
        weekly_lessons=lessons,
    )


def only(content: bytes) -> Read:
    """Give the one event of a calendar."""
    (event,) = events(content)
    return event


def test_an_event_in_full() -> None:
    """Every property of a weekly lesson; commas and line ends are escaped, lines folded."""
    event = only(ical.calendar(school(weekly()), for_=SIX_A, privacy=Privacy.STAFF))
    assert event.lines["DTSTART"] == ("TZID=Europe/Paris", "20220829T080000")
    assert event.lines["DTEND"] == ("TZID=Europe/Paris", "20220829T085500")
    assert event.lines["DTSTAMP"] == ("", "20220829T000000Z")
    assert event.lines["RRULE"][1] == "FREQ=WEEKLY;COUNT=4"
    assert "EXDATE" not in event.lines
    assert event.text("SUMMARY") == "MATHÉMATIQUES - 6A"
    assert event.text("DESCRIPTION").splitlines() == [
        "Matière : MATHÉMATIQUES",
        "Professeur : Odile VALMOND",
        "Classe : 6A",
        "Salle : B, 204",
    ]
    assert event.text("LOCATION") == "B, 204"
    assert (event.text("STATUS"), event.text("CATEGORIES"), event.text("TRANSP")) == ("CONFIRMED", "Cours", "")
    assert re.fullmatch(r"[0-9a-f]{32}@0749999S", event.text("UID"))


@pytest.mark.parametrize(
    ("weeks", "rules"),
    [
        ("3", [("", 0)]),
        ("1..4", [("FREQ=WEEKLY;COUNT=4", 0)]),
        ("1,3,5", [("FREQ=WEEKLY;COUNT=3;INTERVAL=2", 0)]),
        ("1..3,6..9", [("FREQ=WEEKLY;COUNT=9", 2)]),
        ("1,3,7", [("FREQ=WEEKLY;COUNT=4;INTERVAL=2", 1)]),
        ("1,2,30", [("", 0)] * 3),
    ],
)
def test_rules_and_exceptions(weeks: str, rules: list[tuple[str, int]]) -> None:
    """A rule where it has fewer exceptions than dates, else one event a date; fortnights are fortnights."""
    found = events(ical.calendar(school(weekly(weeks)), for_=SIX_A))
    assert [(event.lines.get("RRULE", ("", ""))[1], len(event.moments("EXDATE"))) for event in found] == rules
    assert len({event.text("UID") for event in found}) == len(found)


@given(st.frozensets(st.integers(1, 60), max_size=30))
def test_series_give_the_dates_back(weeks: frozenset[int]) -> None:
    """Expanding the rules gives exactly the dates, and no more exceptions than dates."""
    dates = WeekSet.of(weeks).dates(MONDAY, 3)
    found = list(series_of(dates))
    assert sorted(day for series in found for day in series.dates) == sorted(dates)
    assert all(len(series.exceptions) < len(series.dates) for series in found)
    assert list(series_of((*dates, *dates))) == found


def test_cancelled_lessons_are_seen() -> None:
    """A cancelled lesson is an event of its own, and an exception of the rule."""
    held, cancelled = events(ical.calendar(school(weekly(cancelled="3")), for_=ROOM))
    assert held.text("STATUS") == "CONFIRMED"
    assert held.moments("EXDATE") == [datetime(2022, 9, 12, 8)]  # noqa: DTZ001 - a wall time
    assert cancelled.moments("DTSTART") == [datetime(2022, 9, 12, 8)]  # noqa: DTZ001 - a wall time
    assert (cancelled.text("STATUS"), cancelled.text("TRANSP")) == ("CANCELLED", "TRANSPARENT")
    assert cancelled.text("SUMMARY") == "Cours annulé : MATHÉMATIQUES - 6A"
    assert cancelled.text("CATEGORIES") == "Cours - Cours annulé"


def test_lessons_that_show_the_same_on_one_day_are_two_events() -> None:
    """Two lessons that nothing shown tells apart are both there, under two identifiers."""
    found = events(ical.calendar(school(weekly(), weekly("2..5")), for_=SIX_A))
    assert len({event.text("UID") for event in found}) == 2
    assert sum(len(event.starts()) for event in found) == 8


def test_a_substitution_shows_where_teachers_do() -> None:
    """With teachers hidden, a lesson given by a substitute is the same event; with teachers shown it is another."""
    yann = ref(Kind.TEACHER, "2")
    twice = evolve(
        weekly(),
        presences=(
            Presence(SIX_A, parse("1..4")),
            Presence(ODILE, parse("1..3")),
            Presence(yann, parse("4")),
        ),
    )
    one = school(twice)
    people = FrozenMap({**one.teachers, yann: Teacher(Identity(yann, Profile.TEACHER, UAI, "Yann", "BREDOUX"))})
    timetable = evolve(one, teachers=people)
    assert len(events(ical.calendar(timetable, for_=SIX_A))) == 1
    assert len(events(ical.calendar(timetable, for_=SIX_A, privacy=Privacy.STAFF))) == 2


def test_lessons_without_times() -> None:
    """Without a start the lesson lasts the day, without an end it has none; a class part is named after its class."""
    bare = evolve(weekly(who=(PART,)), start=None, end=None, subjects=())
    content = ical.calendar(school(bare), for_=PART)
    event = only(content)
    assert event.lines["DTSTART"] == ("VALUE=DATE", "20220829")
    assert (event.text("SUMMARY"), event.text("DESCRIPTION")) == ("6A", "Partie de classe : 6A")
    assert event.text("TRANSP") == "TRANSPARENT"
    assert b"VTIMEZONE" not in content
    nothing = only(ical.calendar(school(evolve(bare, presences=(Presence(ZOE, parse("1")),))), for_=ZOE))
    assert (nothing.text("SUMMARY"), nothing.text("DESCRIPTION")) == ("Cours", "")
    for end in (None, time(8), time(7)):
        endless = evolve(weekly(), end=end)
        assert "DTEND" not in only(ical.calendar(school(endless), for_=SIX_A)).lines


def test_days_are_a_choice() -> None:
    """Only lessons between two days are there, both included."""
    content = ical.calendar(
        school(weekly()), for_=SIX_A, start=MONDAY + timedelta(days=7), end=MONDAY + timedelta(days=14)
    )
    assert [moment.day for moment in only(content).starts()] == [5, 12]


def test_when_it_was_made() -> None:
    """The stamp is the instant given, in UTC; without offset it is refused; without a year it is a constant."""
    noon = datetime(2026, 9, 5, 12, tzinfo=timezone(timedelta(hours=2)))
    event = only(ical.calendar(school(weekly()), for_=SIX_A, at=noon))
    assert event.lines["DTSTAMP"][1] == "20260905T100000Z"
    with pytest.raises(UsageError, match="offset"):
        ical.calendar(school(), for_=SIX_A, at=datetime(2026, 9, 5))  # noqa: DTZ001 - what is refused
    undated = evolve(school(weekly()), first_monday=None, start=None)
    assert events(ical.calendar(undated, for_=SIX_A)) == []


def test_mistakes_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown zone, an unknown reference, a missing extra."""
    for zone in ("Europe/Annecy", "", "../etc"):
        with pytest.raises(UsageError, match="IANA"):
            ical.calendar(school(), for_=SIX_A, zone=zone)
    with pytest.raises(KeyError):
        ical.calendar(school(), for_="class:9")
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(MissingExtra, match=re.escape("entformats[ical]")):
        ical.calendar(school(), for_=SIX_A)


# Privacy


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        (ROOM, ("Salle B\\, 204",) * 3),
        (MATHS, ("Matière MATHÉMATIQUES",) * 3),
        (ODILE, ("Professeur", "Professeur Odile VALMOND", "Professeur Odile VALMOND")),
        (ZOE, ("Élève", "Élève", "Élève Zoé MORTELLE")),
        (CLAIRE, ("Responsable", "Responsable", "Responsable Claire MORTELLE")),
    ],
)
def test_names_are_shown_when_asked(who: Ref, titles: tuple[str, str, str]) -> None:
    """Nobody by default; the staff, or everybody, when the caller says so."""
    timetable = school(weekly(who=(ODILE, SIX_A, ROOM, ZOE)))
    for level, title in zip(Privacy, titles, strict=True):
        text = ical.calendar(timetable, for_=who, privacy=level).decode().replace("\r\n ", "")
        assert f"X-WR-CALNAME:{title}\r\n" in text
        assert ("VALMOND" in text) is (level >= Privacy.STAFF and who != CLAIRE)
        assert ("MORTELLE" in text) is (level >= Privacy.EVERYBODY)
    assert ical.calendar(timetable, for_=who) == ical.calendar(timetable, for_=who, privacy=Privacy.NOBODY)


@FEW
@given(timetables(dated=True).filter(lambda timetable: bool(timetable.keys)), st.data())
def test_nobody_is_named_by_default(timetable: Timetable, data: st.DataObject) -> None:
    """No family name of any person is in a calendar, whosever it is."""
    who = drawn(timetable, data)
    text = ical.calendar(timetable, for_=who).decode().replace("\r\n ", "")
    assert not [one for one in timetable.identities() if one.family and one.family in text]


# Stability


def uids(content: bytes) -> list[str]:
    """Give the identifiers of the events."""
    return [event.text("UID") for event in events(content)]


@FEW
@given(timetables(dated=True), st.randoms(use_true_random=False), st.data())
def test_identifiers_hold_over_imports(timetable: Timetable, random: object, data: st.DataObject) -> None:
    """Other numbers, another order: the same events under the same identifiers, all different."""
    classes = list(timetable.classes)
    if not classes:
        return
    who = data.draw(st.sampled_from(classes))
    key = timetable.keys[who]
    other = renumbered(shuffled(timetable, random), random)  # type: ignore[arg-type]
    same = [name for name in other.classes if other.keys[name] == key]
    if len(same) == 1:
        before, after = (ical.calendar(one, for_=name) for one, name in ((timetable, who), (other, same[0])))
        assert uids(before) == uids(after)
        assert before == after
        assert len(set(uids(before))) == len(uids(before))


def test_a_change_leaves_the_other_events_alone() -> None:
    """A lesson added, a week cancelled: the identifiers of what shows the same do not change."""
    (before,) = uids(ical.calendar(school(weekly()), for_=SIX_A))
    assert before in uids(ical.calendar(school(weekly(cancelled="2")), for_=SIX_A))
    later = evolve(weekly(), start=time(9), end=time(10))
    assert before in uids(ical.calendar(school(weekly("1..9"), later), for_=SIX_A))
    assert before not in uids(ical.calendar(school(later), for_=SIX_A))


def test_identifiers_differ_by_owner_and_year() -> None:
    """The same lesson in two calendars, or in two years, is two events."""
    one = uids(ical.calendar(school(weekly()), for_=SIX_A))
    assert one != uids(ical.calendar(school(weekly()), for_=ROOM))
    assert one != uids(ical.calendar(school(weekly(), first=date(2023, 8, 28)), for_=SIX_A))
    nowhere = evolve(school(weekly()), uai="")
    assert uids(ical.calendar(nowhere, for_=SIX_A))[0].endswith("@entformats")


# Read back


def drawn(timetable: Timetable, data: st.DataObject) -> Ref:
    """Draw anything that a calendar may be of; there is a room at least."""
    names = sorted([*timetable.keys, *timetable.class_parts])
    return Ref(data.draw(st.sampled_from(names)))


@given(
    timetables(dated=True).filter(lambda timetable: bool(timetable.keys)),
    st.sampled_from(OVERSEAS),
    st.sampled_from(list(Privacy)),
    st.data(),
)
def test_what_is_read_back_are_the_dated_lessons(
    timetable: Timetable, zone: str, privacy: Privacy, data: st.DataObject
) -> None:
    """Rules expanded by dateutil give each lesson at its wall times, cancelled or not, as often as it is."""
    who = drawn(timetable, data)
    content = ical.calendar(timetable, for_=who, zone=zone, privacy=privacy)
    assert expanded(content) == expected(lessons_of(timetable, who))
    zones = {
        line.partition("TZID=")[2].partition(":")[0] for line in content.decode().split("\r\n") if ";TZID=" in line
    }
    assert zones <= {zone}


@pytest.mark.parametrize("zone", OVERSEAS)
def test_the_zone_that_a_calendar_carries(zone: str) -> None:
    """The rules of the zone are read by dateutil, and agree with the system's at every hour of the years around."""
    content = ical.calendar(school(weekly("1..50")), for_=SIX_A, zone=zone)
    name, carried = zone_of(content)
    assert name == zone
    hour = datetime(2022, 1, 1, tzinfo=UTC)
    wall = datetime(2022, 1, 2, tzinfo=ZoneInfo(zone))
    while hour.year < 2024:
        hour += timedelta(hours=1)
        wall = hour.astimezone(ZoneInfo(zone))
        if wall.fold == 0 and wall.astimezone(UTC) == hour and wall > datetime(2022, 1, 2, tzinfo=UTC):
            assert wall.replace(tzinfo=carried).utcoffset() == wall.utcoffset(), wall  # type: ignore[arg-type]


def test_a_zone_without_change_is_one_observance() -> None:
    """Where clocks never change, there is one rule; where they do, two a year; offsets may be negative."""
    assert [len(list(observances(ZoneInfo(zone), 2022, 2023))) for zone in ("Indian/Reunion", "America/Miquelon")] == [
        1,
        5,
    ]
    first, *_ = observances(ZoneInfo("America/Miquelon"), 2022, 2022)
    assert (first.since, first.offset) == (datetime(2022, 1, 1), timedelta(hours=-3))  # noqa: DTZ001 - wall


def test_a_whole_school(corpus: Callable[[str], Path]) -> None:
    """The calendars of all classes, teachers and rooms of a collège give its dated lessons back, mostly by rules."""
    timetable = edt.read(corpus("edt/college.xml")).timetable
    rules = singles = 0
    for who in [*timetable.classes, *timetable.teachers, *timetable.rooms][::16]:
        content = ical.calendar(timetable, for_=who)
        assert expanded(content) == expected(lessons_of(timetable, who))
        rules += content.count(b"RRULE:")
        singles += content.count(b"BEGIN:VEVENT") - content.count(b"RRULE:")
    assert rules > 10 * singles
    assert kind_of(find(timetable, "class:6E1")) is Kind.CLASS
