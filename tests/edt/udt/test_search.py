"""The search export: columns, encodings and rows of any quality (udt 9)."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats import edt
from entformats.errors import LimitExceeded, UnreadableInput
from entformats.identity import Ref
from entformats.limits import Limits
from entformats.timetable import Kind

HEADER = "Jour;Heure;Div;Matière;Professeur;Salle;Groupe;Regroup;Eff;Mo;Freq;Aire;\r\n"
ROW = "Lundi;8h00;6A;MATHS;DE LA TOUR Éloïse;12;;;20;CG;;;\r\n"


def read(text: str | bytes) -> edt.Export:
    """Read a table."""
    content = text if isinstance(text, bytes) else text.encode("cp1252")
    return edt.read(content, uai="0749999S")


def slugs(export: edt.Export) -> list[str]:
    """Give what was found besides that the table is partial."""
    return [problem.slug for problem in export.report.problems if problem.slug != "udt_search_partial"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    """A mark, UTF-8, or windows-1252; semicolons or tabulations."""
    content = (HEADER + ROW).replace(";", separator).encode(encoding)
    [teacher] = read(content).timetable.teachers.values()
    assert (teacher.identity.family, teacher.identity.given) == ("DE LA TOUR", "Éloïse")
    big = b"\xfe\xff" + (HEADER + ROW).encode("utf-16-be")
    assert read(big).timetable == read(HEADER + ROW).timetable


def test_bytes_that_windows_1252_does_not_have() -> None:
    """They are kept as control characters."""
    content = (HEADER + ROW).encode("cp1252").replace(b"MATHS", b"M\x81THS")
    assert "subject:M\x81THS" in read(content).timetable.subjects


def test_columns_are_found_by_name() -> None:
    """In any order, any case, with or without accents; the first rows may hold a title."""
    text = "Emploi du temps\nSALLE;Professeur;Matiere;Div;Heure;Jour\n12;VALMOND Odile;MATHS;6A;08:00;LUNDI\n"
    found = read("Jour;Heure;Div;Matière;Professeur;Salle\n" + ROW).timetable
    assert len(found.weekly_lessons) == 1
    export = read(text)
    [lesson] = export.timetable.weekly_lessons
    assert (lesson.start, [one.who for one in lesson.of(Kind.ROOM)]) == (time(8), ["room:12"])
    assert slugs(export) == ["udt_search_row"]


def test_a_lesson() -> None:
    """It has a start, no end, no place on the grid; the other columns are kept."""
    [lesson] = read(HEADER + ROW).timetable.weekly_lessons
    assert (lesson.weekday, lesson.start, lesson.end, lesson.first_slot) == (1, time(8), None, None)
    assert lesson.extra == {"Eff": ("20",), "Mo": ("CG",)}
    assert [one.who for one in lesson.presences] == ["teacher:1", "class:6A", "room:12"]


def test_audiences() -> None:
    """A regroupement, even without division; a part; the rows of several divisions are one lesson."""
    rows = [
        "Lundi;8h00;6A;ESP;VALMOND;12;E;6ESP;10;CG;;;",
        "Lundi;8h00;6B;ESP;VALMOND;12;;6ESP;10;CG;;;",
        "Mardi;8h00;6A;SVT;VALMOND;12;1;;10;TP;SA;;",
        "Jeudi;8h00;;;;;;6ESP;;;;;",
    ]
    timetable = read(HEADER + "\n".join(rows)).timetable
    assert len(timetable.weekly_lessons) == 3
    group = timetable.option_groups[Ref("group:6ESP")]
    assert (group.classes, group.parts) == (("class:6B",), ("part:6A/E",))
    assert timetable.option_groups[Ref("group:6A1")].parts == ("part:6A/1",)
    assert timetable.classes[Ref("class:6A")].parts == ("part:6A/E", "part:6A/1")
    assert timetable.weekly_lessons[2].subjects == ()


def test_names_of_teachers() -> None:
    """Words in capitals are the family name; a name without any is split after its first word."""
    people = {
        "LE GOAZIOUX Yann": ("LE GOAZIOUX", "Yann"),
        "Valmond Odile": ("Valmond", "Odile"),
        "O'BRIEN-ROUSSET Théo": ("O'BRIEN-ROUSSET", "Théo"),
        "VALMOND": ("VALMOND", ""),
    }
    rows = "".join(f"Lundi;8h00;6A;MATHS;{label};;;;;;;;\n" for label in people)
    found = read(HEADER + rows).timetable.teachers.values()
    assert {(one.identity.family, one.identity.given) for one in found} == set(people.values())


@pytest.mark.parametrize(
    ("row", "slug"),
    [
        ("Férié;8h00;6A;MATHS;;;;;;;;;", "udt_search_row"),
        ("Lundi;8h00;;MATHS;;;;;;;;;", "udt_search_row"),
        ("Lundi;tôt;6A;MATHS;;;;;;;;;", "time_unreadable"),
        ("Lundi", "udt_search_row"),
    ],
)
def test_a_bad_row(row: str, slug: str) -> None:
    """It is reported at its line; the others are read."""
    export = read(HEADER + f"{row}\n\n" + ROW)
    assert slugs(export) == [slug]
    assert {problem.where.line for problem in export.report.of_slug(slug)} == {2}
    assert export.timetable.weekly_lessons


def test_a_table_that_cannot_be_cut() -> None:
    """A cell without bounds, or a table without end, is refused."""
    with pytest.raises(UnreadableInput) as caught:
        read(HEADER + ROW + '"' + "x" * 200_000)
    assert caught.value.problem.slug == "udt_search_unreadable"
    with pytest.raises(LimitExceeded):
        edt.read(iter([HEADER.encode(), ROW.encode() * 9]), limits=Limits(record_bytes=300))


@given(st.binary(max_size=60), st.integers(0, len(HEADER + ROW)))
def test_any_damage_gives_a_timetable_or_an_error_of_ours(damage: bytes, at: int) -> None:
    """Bytes put anywhere in a table."""
    content = (HEADER + ROW).encode("cp1252")
    try:
        export = edt.read(content[:at] + damage + content[at:])
    except UnreadableInput:
        return
    assert export.timetable.uai == ""
