"""The sample school: what its page says of it, the cases where public code errs included (udt 2 to 5, 9)."""

from __future__ import annotations

from collections import Counter
from datetime import date, time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.edt.sources import open_files
from entformats.edt.udt.calendar import read_calendar
from entformats.edt.udt.document import read_document
from entformats.edt.udt.lessons import LineReader, runs
from entformats.edt.udt.naming import made_at
from entformats.edt.udt.people import read_people
from entformats.edt.udt.record import Reading
from entformats.edt.udt.structures import read_structures
from entformats.identity import IdentifierKind, Ref
from entformats.limits import Limits
from entformats.problems import Findings
from entformats.timetable import EventKind, Kind, Timetable, WeeklyLesson
from entformats.timetable.services import weekly_events

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

UAI = "0740000Y"


@pytest.fixture(scope="module")
def export(corpus: Callable[[str], Path]) -> edt.Export:
    """Read the archive of the sample school."""
    return edt.read(corpus("udt/college.zip"), uai=UAI)


@pytest.fixture(scope="module")
def timetable(export: edt.Export) -> Timetable:
    """Give its timetable."""
    return export.timetable


def lessons(timetable: Timetable, subject: str, audience: str) -> list[WeeklyLesson]:
    """Find the lessons of a subject and an audience."""
    wanted = Ref(f"subject:{subject}")
    return [
        one
        for one in timetable.weekly_lessons
        if wanted in one.subjects and audience in {presence.who for presence in one.presences}
    ]


def weeks_of(lesson: WeeklyLesson, who: str) -> WeekSet:
    """Give the weeks in which somebody takes part."""
    return next((one.weeks for one in lesson.presences if one.who == who), WeekSet())


def test_sizes(timetable: Timetable) -> None:
    """Three classes, six groups and the chorale, twelve teachers and one other person, sixty pupils, 58 lessons."""
    assert len(timetable.classes) == 3
    assert len(timetable.option_groups) == 6 + 1
    assert (len(timetable.teachers), len(timetable.staff), len(timetable.pupils)) == (12, 1, 60)
    assert len(timetable.subjects) == 12
    assert len(timetable.weekly_lessons) == 58
    assert timetable.uai == UAI


def test_the_folder_the_zip_and_the_variant_are_one(corpus: Callable[[str], Path], timetable: Timetable) -> None:
    """Unpacked, zipped, in lower case, in UTF-8 with a BOM: one timetable; the name of the archive gives the UAI."""
    dropped = edt.read(corpus("udt/variantes/0740000Y_20221107063000_UDT.zip"))
    assert dropped.timetable == timetable
    assert edt.read(corpus("udt/college"), uai=UAI).timetable == timetable


def test_everything_that_is_found(export: edt.Export) -> None:
    """The oddities that the sample was given, and nothing else."""
    found = [(problem.slug, problem.where.file, problem.where.line) for problem in export.report.problems]
    assert found == [
        ("udt_member_unknown", "UDCal_99.xml", 0),
        ("udt_group_skipped", "UDCal_19.xml", 12),
        ("udt_person_unknown", "UDCal_21.xml", 142),
        ("udt_reference_unknown", "UDCal_12.xml", 136),
        ("udt_line_without_class", "UDCal_12.xml", 137),
        ("udt_week_unpublished", "UDCal_12_44.xml", 0),
    ]


def test_without_a_uai(corpus: Callable[[str], Path]) -> None:
    """An archive of any name, and nobody who says the school: a finding."""
    export = edt.read(corpus("udt/college.zip"))
    assert export.timetable.uai == ""
    assert next(problem.slug for problem in export.report.problems) == "udt_uai_unknown"


def test_63_runs_make_58_lessons(corpus: Callable[[str], Path]) -> None:
    """Runs by key, day and consecutive slots, before the lines of several divisions are put together."""
    _, files = open_files(corpus("udt/college.zip"), Limits())
    reading = Reading(Findings(), Limits())
    document = read_document(files.parts, reading, Limits())
    calendar = read_calendar(document, reading)
    structures = read_structures(document, reading)
    people = read_people(document, UAI, calendar.year, structures, reading)
    reader = LineReader(calendar, structures, people, document.of("11"), reading)
    lines = reader.lines(document.of("12"))
    divisions = {line.content[1] for line in lines}
    of_divisions = (runs(line for line in lines if line.content[1] == one) for one in divisions)
    assert sum(len(list(found)) for found in of_divisions) == 63
    assert len(list(runs(lines))) == 58


def test_a_lone_half_sequence_is_a_lesson(timetable: Timetable) -> None:
    """Public code loses it: a run of one line never ends there."""
    [lesson] = lessons(timetable, "TECHN", "class:3A")
    assert (lesson.slot_count, lesson.weekday) == (1, 5)
    assert lesson.weeks


def test_a_day_ends_a_lesson(timetable: Timetable) -> None:
    """The last half-sequences of Monday and the first of Tuesday are two lessons, although their ranks follow."""
    found = sorted(lessons(timetable, "MATHS", "class:3A"), key=lambda one: (one.weekday, one.first_slot or 0))
    assert [(one.weekday, one.start, one.end) for one in found][:2] == [
        (1, time(16, 30), time(17, 25)),
        (2, time(8, 0), time(9, 50)),
    ]


def test_three_half_sequences_over_a_break(timetable: Timetable) -> None:
    """A break between two half-sequences is inside the lesson; both divisions of the group share it."""
    found = [one for one in lessons(timetable, "ESP2", "group:5ESP") if one.weekday == 1]
    assert [(one.start, one.end, one.slot_count) for one in found] == [(time(14, 25), time(16, 2), 3)]
    assert not [one for one in timetable.weekly_lessons if one.of(Kind.PART)]


def test_co_teaching_and_its_cancellation(timetable: Timetable) -> None:
    """OBRT helps MARE, but in week 45, where the member of co-teaching is empty; week 46 has none of its own."""
    helped = [one for one in lessons(timetable, "FRANC", "class:5A") if weeks_of(one, "teacher:OBRT")]
    [lesson] = helped
    assert weeks_of(lesson, "teacher:MARE") - weeks_of(lesson, "teacher:OBRT") == WeekSet.of([11])
    assert (lesson.weekday, lesson.start) == (3, time(11, 0))


def test_events_of_the_week(timetable: Timetable) -> None:
    """One lesson cancelled, one taken by a substitute; another room is nothing, nor are alternate weeks."""
    assert timetable.first_monday is not None
    events = weekly_events(timetable.keyed_lessons, timetable.opened, first_monday=timetable.first_monday)
    assert [(one.kind, one.date, one.start) for one in events] == [
        (EventKind.SUBSTITUTION, date(2022, 11, 7), time(10, 5)),
        (EventKind.CANCELLATION, date(2022, 11, 10), time(8, 55)),
    ]
    assert events[0].service.teachers == ("teacher:jointure:700091",)
    assert events[0].teachers == {"teacher:jointure:700098"}


def test_alternate_weeks(timetable: Timetable) -> None:
    """Two groups with one teacher at one slot: the actual weeks tell which of them is held, and cancel neither."""
    [first], [second] = lessons(timetable, "SVT", "group:3ASVT1"), lessons(timetable, "SVT", "group:3ASVT2")
    assert first.weeks - second.weeks == WeekSet.of([11])
    assert second.weeks - first.weeks == WeekSet.of([12])
    assert not first.cancelled
    assert not second.cancelled


def test_another_room_on_a_closed_day(timetable: Timetable) -> None:
    """The closure of 11 November wins over the actual week 45: the lesson moved to room S05 is never dated."""
    [lesson] = [one for one in lessons(timetable, "AGL1", "class:5A") if one.weekday == 5]
    assert [one.who for one in lesson.of(Kind.ROOM)] == ["room:S08"]
    assert not list(timetable.lessons(date(2022, 11, 11), date(2022, 11, 11)))


def test_closures(timetable: Timetable) -> None:
    """Bounds are closed, one-day closures included; a lesson is held on the eve and on the morrow."""
    assert [(one.first, one.last) for one in timetable.closures if one.first == one.last] == [
        (date(2022, 11, 11), date(2022, 11, 11)),
        (date(2023, 5, 1), date(2023, 5, 1)),
        (date(2023, 5, 29), date(2023, 5, 29)),
    ]
    dated = {one.date for one in timetable.lessons()}
    assert {date(2022, 10, 21), date(2022, 11, 7), date(2023, 1, 3)} <= dated
    assert not any(one.first <= day <= one.last for one in timetable.closures for day in dated)
    assert (min(dated), max(dated)) == (date(2022, 9, 1), date(2023, 7, 7))


def test_a_change_of_group_in_mid_year(timetable: Timetable) -> None:
    """Pupil 5200 is in the Spanish group until Christmas and in the Italian one after; nobody leaves in holidays."""

    def groups(day: date) -> set[str]:
        return {one.name for one in timetable.groups_of("pupil:5200", on=day)}

    assert groups(date(2022, 10, 3)) == groups(date(2022, 10, 26)) == {"5A", "5ESP", "5CHORALE"}
    assert groups(date(2023, 1, 9)) == groups(date(2023, 2, 8)) == {"5A", "5ITA", "5CHORALE"}


def test_members_of_groups(timetable: Timetable) -> None:
    """Parts that share a `code_sts` are one group; a regroupement of whole divisions holds all their pupils."""
    group = timetable.option_groups[Ref("group:5ESP")]
    assert (group.code, group.parts) == ("5ESP", ("part:5A/E", "part:5B/E"))
    chorale = timetable.option_groups[Ref("group:5CHORALE")]
    assert len(timetable.members(chorale, on=date(2022, 10, 3))) == 40
    assert timetable.class_parts[Ref("part:5A/X")].name == "X"
    assert not any("part:5A/X" in one.parts for one in timetable.option_groups.values())


def test_people(timetable: Timetable) -> None:
    """Homonyms are told apart by code and birth date; `epj` is the jointure; a CPE is no teacher."""
    pauls = [one.identity for one in timetable.teachers.values() if one.identity.family == "TESSONNEAU"]
    assert {one.birth_date for one in pauls} == {date(1983, 4, 21), date(1991, 4, 21)}
    assert {one.identifier(IdentifierKind.JOINTURE) for one in pauls} == {"700140", None}
    assert timetable.teachers[Ref("teacher:VASN")].identity.birth_date is None
    assert list(timetable.staff) == ["staff:LAMC"]
    hugos = [one for one in timetable.pupils.values() if one.identity.source_key.given == "Hugo"]
    assert Counter(one.identity.family for one in hugos)["MERMILLODIN"] == 2
    assert any(one.identity.given == "Œnone" for one in timetable.pupils.values())


def test_subjects(timetable: Timetable) -> None:
    """The placeholder is no subject; an empty corresponding code is kept as it was."""
    assert "subject:***" not in timetable.subjects
    assert timetable.subjects[Ref("subject:VDC")].national_code == ""
    assert timetable.subjects[Ref("subject:VDC")].extra == {"code_gep1": ("",)}


def test_slots_without_hours(timetable: Timetable) -> None:
    """Wednesday afternoon has half-sequences without times: the table is kept whole beside the grid."""
    assert len(timetable.grid.slots) == 16
    assert "3;16;;;1" in timetable.extra["demi_seq"]
    assert timetable.grid.slots[0].start == time(8, 0)


def test_it_is_written_and_read_back(timetable: Timetable) -> None:
    """Everything: the actual weeks, the weeks of memberships, the half-sequences without hours."""
    written = {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect="udt")}
    assert {name for name in written if "_12_" in name} == {"UDCal_12_45.xml", "UDCal_12_46.xml"}
    assert edt.read(written, uai=UAI).timetable == timetable
    assert {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect="udt")} == written


@pytest.mark.parametrize("name", ["export_recherche.csv", "g_edt_2.csv"])
def test_the_search_export(corpus: Callable[[str], Path], name: str) -> None:
    """With or without header, quoted or not: the same partial timetable, which says that it is partial."""
    export = edt.read(corpus(f"udt/{name}"), uai=UAI)
    assert export.timetable == edt.read(corpus("udt/export_recherche.csv"), uai=UAI).timetable
    assert [problem.slug for problem in export.report.problems] == ["udt_search_partial"]
    found = export.timetable
    assert not list(found.lessons())
    assert {one.identity.family for one in found.teachers.values()} >= {"LE GOAZIOUX", "O'BRIEN-ROUSSET"}
    assert {one.name for one in found.option_groups.values()} >= {"5ESP", "5ITA", "3A1", "3A2"}
    [spanish, _] = [one for one in found.weekly_lessons if one.weekday == 1 and one.presences[1].who == "group:5ESP"]
    assert (spanish.start, spanish.end, spanish.annual) == (time(14, 25), None, True)
    labs = [one for one in found.weekly_lessons if one.extra.get("Freq")]
    assert sorted(one.extra["Freq"][0] for one in labs) == ["SA", "SB"]
    assert all("teacher" not in repr(one) or "TESSONNEAU" not in repr(one) for one in found.teachers.values())


def test_lessons_are_in_the_order_of_the_week(timetable: Timetable) -> None:
    """Whatever the order of the lines."""
    places = [(one.weekday, one.first_slot or 0) for one in timetable.weekly_lessons]
    assert all(one <= following for one, following in pairwise(places))


def test_when_the_archive_was_dropped(corpus: Callable[[str], Path]) -> None:
    """Its name says it, where it is that of a drop and the moment exists."""
    dropped = corpus("udt/variantes/0740000Y_20221107063000_UDT.zip")
    assert str(edt.read(dropped).produced_at) == "2022-11-07 06:30:00"
    assert edt.read(corpus("udt/college.zip"), uai="0740000Y").produced_at is None
    assert made_at("0740000Y_20221307063000_UDT.zip") is None
