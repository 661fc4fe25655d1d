"""The other exports of EDT: the table of lessons read as far as it goes, the others refused by name (edt 5)."""

from __future__ import annotations

from datetime import time

import pytest

import entformats
from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.errors import UnreadableInput, WrongFormat
from entformats.identity import Profile
from entformats.timetable import Kind

COLUMNS = {
    "NUMERO": "24",
    "DUREE": "1h00",
    "FREQUENCE": "H",
    "MAT_CODE": "MATHS",
    "MAT_LIBELLE": "MATHEMATIQUES",
    "PROF_NOM": "VALMOND",
    "PROF_PRENOM": "Odile",
    "CLASSE": "6A",
    "SALLE": "12",
    "ALTERNANCE": "H",
    "MODALITE": "CG",
    "CO-ENS.": "N",
    "POND.": "1",
    "JOUR": "lundi",
    "H.DEBUT": "  09h00",
    "EFFECTIF": "26",
}


def table(*rows: dict[str, str], name: str = "Cours", tag: str = "Cours") -> bytes:
    """Write a table; each row is what differs from the first lesson."""
    cells = (
        "".join(f"<{key}>{value}</{key}>" for key, value in (COLUMNS | row).items()).replace("<6", "&lt;6")
        for row in rows
    )
    body = "".join(f'<{tag} numero="{number}">{row}</{tag}>' for number, row in enumerate(cells, 1))
    return f'\ufeff<?xml version="1.0" encoding="UTF-8"?><TABLE nom="{name}">{body}</TABLE>'.encode()


def test_a_lesson_of_the_table() -> None:
    """Day, times, weeks, subject, teacher, class and room; the rest stays as it is; it cannot be dated, and says so."""
    export = edt.read(table({}), uai="0749999S")
    timetable = export.timetable
    (lesson,) = timetable.weekly_lessons
    assert [problem.slug for problem in export.report.problems] == ["lesson_table_partial"]
    assert (lesson.weekday, lesson.start, lesson.end) == (1, time(9), time(10))
    assert lesson.weeks == WeekSet.of(range(1, 53))
    assert {timetable.keys[name] for name in (*lesson.subjects, *(p.who for p in lesson.presences))} == {
        "subject:MATHS",
        "class:6A",
        "room:12",
        f"teacher:{timetable.identities(Profile.TEACHER)[0].key}",
    }
    assert str(timetable.identities(Profile.TEACHER)[0].source_key) == "Odile$VALMOND$"
    assert set(lesson.extra) == {
        "NUMERO",
        "FREQUENCE",
        "ALTERNANCE",
        "MODALITE",
        "CO-ENS.",
        "POND.",
        "EFFECTIF",
    }
    assert list(timetable.lessons()) == []
    assert (timetable.uai, export.dialect) == ("0749999S", "edt")


def test_things_named_twice_are_one() -> None:
    """Two lessons of one teacher, class, room and subject refer to the same entities; the service is one."""
    timetable = edt.read(table({}, {"JOUR": "Mardi", "FREQUENCE": "Q1"})).timetable
    assert [len(x) for x in (timetable.teachers, timetable.classes, timetable.rooms, timetable.subjects)] == [1] * 4
    assert [lesson.weekday for lesson in timetable.weekly_lessons] == [1, 2]
    assert len(timetable.services) == 1


@pytest.mark.parametrize(
    ("row", "weeks"),
    [
        ({"FREQUENCE": "Q1"}, range(1, 53, 2)),
        ({"FREQUENCE": "q2"}, range(2, 53, 2)),
        ({"FREQUENCE": "", "ALTERNANCE": "Q2"}, range(2, 53, 2)),
        ({"FREQUENCE": "T1"}, ()),
    ],
)
def test_frequencies(row: dict[str, str], weeks: tuple[int, ...]) -> None:
    """H, Q1 and Q2 are weeks of a year without dates; another frequency is reported and kept as text."""
    export = edt.read(table(row))
    (lesson,) = export.timetable.weekly_lessons
    assert lesson.weeks == WeekSet.of(weeks)
    assert len(export.report.of_slug("frequency_unknown")) == (not weeks)
    assert ("FREQUENCE" in lesson.extra) == bool(row["FREQUENCE"])


def test_several_teachers_rooms_and_parts() -> None:
    """Commas separate; a missing given name is empty; `<6A> LATIN` is a part of its class."""
    export = edt.read(
        table({"PROF_NOM": "VALMOND, BREDOUX", "CLASSE": "<6A> LATIN", "SALLE": "12, 13", "MAT_CODE": ""})
    )
    timetable = export.timetable
    (lesson,) = timetable.weekly_lessons
    assert [str(one.source_key) for one in timetable.identities(Profile.TEACHER)] == ["Odile$VALMOND$", "$BREDOUX$"]
    assert [one.name for one in timetable.rooms.values()] == ["12", "13"]
    (part,) = timetable.class_parts.values()
    (home,) = timetable.classes.values()
    assert (home.name, part.name, part.school_class, home.parts) == ("6A", "LATIN", home.ref, (part.ref,))
    assert lesson.of(Kind.CLASS) == ()
    (found,) = export.report.of_slug("lesson_on_class_part_only")
    assert (found.params["school_class"], found.params["slot"]) == ("6A", "1/09:00")


def test_what_does_not_convert_is_reported() -> None:
    """A day, an hour or a duration that is none leaves the lesson unplaced or without times, never out."""
    export = edt.read(table({"JOUR": "", "H.DEBUT": "matin"}, {"DUREE": "?"}, {"MAT_CODE": "", "MAT_LIBELLE": ""}))
    first, second, third = export.timetable.weekly_lessons
    assert (first.weekday, first.start, first.end) == (0, None, None)
    assert (second.start, second.end) == (time(9), None)
    assert third.subjects == ()
    slugs = [problem.slug for problem in export.report.problems]
    assert slugs == ["lesson_table_partial", "weekday_invalid", "time_unreadable", "time_unreadable"]
    alone = edt.read(table({"CLASSE": "<6A> LATIN", "H.DEBUT": ""})).report.of_slug("lesson_on_class_part_only")
    assert alone[0].params["slot"] == "1/"


def test_another_row_is_counted() -> None:
    """Rows are known by their name, whatever the name of the table says."""
    export = edt.read(table({}, tag="Eleves"))
    assert export.timetable.weekly_lessons == ()
    assert dict(export.report.of_slug("edt_content_skipped")[0].params) == {"path": "TABLE/Eleves", "count": 1}


def test_another_table_is_refused_by_name() -> None:
    """`TABLE` alone does not say what the file is."""
    with pytest.raises(WrongFormat, match="Salles"):
        edt.read(table({}, name="Salles"))


@pytest.mark.parametrize(
    "text",
    ["PROFESSEUR\t2\nVALMOND\tOdile\n", "CLASSE\r\n12\r\n6A\r\n", "\ufeffCOURS \t 465\t\n", "MATIERE\t3"],
)
def test_the_export_as_text_is_refused_by_name(text: str) -> None:
    """It is recognised by its first section, and not guessed at."""
    kind = entformats.identify(text.encode())
    assert (kind.format, kind.dialect) == (entformats.Format.EDT, "text")
    for read in (edt.read, entformats.read):
        with pytest.raises(WrongFormat) as caught:
            read(iter([text.encode()[:2], text.encode()[2:]]))
        assert caught.value.problem.slug == "edt_text_export"


@pytest.mark.parametrize("text", ["CLASSE\tNOM\n", "PROFESSEURS principaux\t2", "PROFESSEUR 2", "BUREAU\t2"])
def test_other_texts_are_not_taken_for_it(text: str) -> None:
    """A header of columns, a sentence, another word: no section with its number of rows."""
    assert entformats.identify(text.encode()).dialect != "text"
    with pytest.raises(UnreadableInput) as caught:
        edt.read(text.encode())
    assert caught.value.problem.slug == "not_xml"
