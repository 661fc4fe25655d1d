"""Malformed and partial archives: every row of the format page, one after another (udt 2 to 5, 8)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from entformats import edt
from entformats.errors import LimitExceeded, UnreadableInput
from entformats.limits import Limits
from entformats.problems import CATALOGUE, Severity
from entformats.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Callable

Change = tuple[str, str, str | None]

LINE = '<ligfiche code="00201" fic="002" div="6A" mat="MATHS" prof="VALO" salle="S1" rgpmt="0" gpe="" idgpe="0"/>'
CLASS_LINE = LINE.replace("002", "001", 2)
LEAVES = '<ligfiche code="00101" fic="001" div="6A" mat="MATHS" prof="VALO" salle="S1" rgpmt="0"/>'
YEAR = "<annee>2022</annee><debut_eleve>01/09/2022</debut_eleve>"
HOLIDAY = '<fermeture debut="22/10/2022" fin="06/11/2022" libelle="TOUSSAINT"/>'


def line(old: str, new: str) -> Change:
    """Spoil the second line of the first lesson."""
    return ("UDCal_12.xml", LINE, LINE.replace(old, new))


LOST = {"udt_reference_unknown", "lesson_on_class_part_only"}
ROWS: list[tuple[str, list[Change], set[str]]] = [
    ("nothing wrong", [], set()),
    ("member that brings details", [("UDCal_13.xml", "", None)], {"udt_member_missing"}),
    ("no rooms", [("UDCal_03.xml", "", None)], {"udt_member_missing", "udt_reference_unknown"}),
    ("no co-teaching", [("UDCal_23.xml", "", None)], {"udt_member_missing"}),
    ("no weeks", [("semaines.xml", "", None)], {"udt_member_missing"}),
    ("no memberships", [("UDCal_21.xml", "", None)], {"udt_member_required"}),
    ("member in another letter case", [("UDCal_13.xml", "", None), ("d/uDcAl_13.XML", "", "<r/>")], set()),
    ("unknown member", [("UDCal_99.xml", "", "<r/>")], {"udt_member_unknown"}),
    ("actual week without lines of that kind", [("UDCal_21_45.xml", "", "<r/>")], {"udt_member_unknown"}),
    ("member twice", [("x/udcal_13.xml", "", "<r/>")], {"udt_member_duplicate"}),
    ("member that is cut", [("UDCal_13.xml", "</r>", "")], {"xml_truncated"}),
    ("unknown attribute", [("UDCal_03.xml", 'code="S2"', 'code="S2" etage="1"')], {"udt_attribute_kept"}),
    ("unknown attribute of a line", [line("div", 'x="1" div')], {"udt_content_skipped"}),
    (
        "attribute of another namespace",
        [("UDCal_03.xml", 'code="S2"', 'xmlns:x="urn:x" x:y="1" code="S2"')],
        {"udt_content_skipped"},
    ),
    ("unknown element", [("UDCal_03.xml", "<s>", "<s><autre/>")], {"udt_content_skipped"}),
    ("record without code", [("UDCal_03.xml", 'code="S2"', "")], {"udt_key_missing", "udt_reference_unknown"}),
    ("record twice", [("UDCal_03.xml", "<s>", '<s><salle code="S2" nom="X"/>')], {"udt_key_duplicate"}),
    ("no year", [("UDCal_24.xml", YEAR, "")], {"udt_calendar_missing"}),
    ("year that is none", [("UDCal_24.xml", ">2022<", ">deux mille<")], {"number_unreadable"}),
    ("year alone", [("UDCal_24.xml", "<debut_eleve>01/09/2022</debut_eleve>", "")], set()),
    ("first day that is none", [("UDCal_24.xml", "01/09/2022", "31/09/2022")], {"date_unreadable"}),
    ("first day of no century", [("UDCal_24.xml", "01/09/2022", "01/09/9999")], {"date_unreadable"}),
    ("last day that is none", [("UDCal_24.xml", "18/11/2022", "")], {"date_unreadable"}),
    ("no first week", [("UDCal_00.xml", 'premiere_semaine_ISO="35" ', "")], {"udt_first_week_missing"}),
    ("no header at all", [("UDCal_00.xml", "init", "autre")], {"udt_first_week_missing", "udt_content_skipped"}),
    (
        "first week that is none",
        [("UDCal_00.xml", '"35"', '"trente"')],
        {"number_unreadable", "udt_first_week_missing"},
    ),
    ("first week that the year does not have", [("UDCal_00.xml", '"35"', '"53"')], {"udt_first_week_missing"}),
    (
        "closure without end",
        [("UDCal_24.xml", 'debut="11/11/2022" fin="11/11/2022"', 'debut="11/11/2022"')],
        {"udt_closure_void"},
    ),
    ("closure that ends first", [("UDCal_24.xml", 'fin="06/11/2022"', 'fin="06/10/2022"')], {"udt_closure_void"}),
    (
        "closure that is no date",
        [("UDCal_24.xml", 'fin="06/11/2022"', 'fin="?"')],
        {"udt_closure_void", "date_unreadable"},
    ),
    ("published week that is none", [("semaines.xml", '"46"', '"53"')], {"udt_iso_week_invalid"}),
    (
        "published week without number",
        [("semaines.xml", '<semaine num="46"/>', "<semaine/>")],
        {"udt_iso_week_invalid"},
    ),
    ("actual week that is not published", [("UDCal_12_44.xml", "", "<l/>")], {"udt_week_unpublished"}),
    ("actual week that is none", [("UDCal_12_53.xml", "", "<l/>")], {"udt_iso_week_invalid"}),
    ("half-sequence without day", [("UDCal_07.xml", 'code_jour="2" code="2"', 'code="2"')], {"udt_key_missing"}),
    (
        "half-sequence twice",
        [("UDCal_07.xml", 'code_jour="2" code="2"', 'code_jour="2" code="1"')],
        {"udt_key_duplicate"},
    ),
    ("start that is no time", [("UDCal_07.xml", 'hre_deb="08:55"', 'hre_deb="tôt"')], {"time_unreadable"}),
    ("half-sequence without end", [("UDCal_07.xml", 'hre_fin="09:50:00"', 'hre_fin=""')], {"lesson_end_outside_grid"}),
    (
        "half-sequence without times",
        [("UDCal_07.xml", 'hre_deb="8h00" hre_fin="8h55"', 'hre_deb="" hre_fin=""')],
        {"lesson_outside_grid"},
    ),
    (
        "day that is none",
        [("UDCal_07.xml", 'code_jour="2"', 'code_jour="8"'), ("UDCal_11.xml", 'jour="2"', 'jour="8"')],
        {"weekday_invalid"},
    ),
    ("fiche without code", [("UDCal_11.xml", 'code="002"', "")], {"udt_key_missing", "udt_reference_unknown"}),
    (
        "fiche twice",
        [("UDCal_11.xml", "<f>", '<f><fiche code="001" jour="1" demi_seq="1" site="1"/>')],
        {"udt_key_duplicate"},
    ),
    ("fiche of an unknown slot", [("UDCal_11.xml", 'demi_seq="2"', 'demi_seq="9"')], {"udt_slot_unknown"}),
    (
        "fiche of another site",
        [("UDCal_11.xml", 'demi_seq="2" site="1"', 'demi_seq="2" site="2"')],
        {"udt_slot_unknown"},
    ),
    ("fiche without day", [("UDCal_11.xml", 'jour="1" demi_seq="2"', 'demi_seq="2"')], {"udt_slot_unknown"}),
    ("line without division", [line('div="6A"', 'div=""')], {"udt_line_without_class"}),
    ("line without fiche", [line('fic="002"', 'fic=""')], {"udt_line_without_fiche"}),
    ("line of an unknown fiche", [line('fic="002"', 'fic="099"')], {"udt_reference_unknown"}),
    ("line of an unknown division", [line('div="6A"', 'div="6Z"')], {"udt_reference_unknown"}),
    ("line of an unknown part", [line('gpe=""', 'gpe="Z"')], {"udt_reference_unknown", "lesson_on_class_part_only"}),
    ("line of an unknown regroupement", [line('rgpmt="0"', 'rgpmt="9"')], {"udt_reference_unknown"}),
    ("line of an unknown subject", [line("MATHS", "SVT")], {"udt_reference_unknown", "lesson_subject_count"}),
    ("line of the placeholder", [line("MATHS", "***")], {"lesson_subject_count"}),
    ("line without subject", [line("MATHS", "")], {"lesson_subject_count"}),
    ("line of an unknown room", [line('"S1"', '"S9"')], {"udt_reference_unknown"}),
    ("line of an unknown teacher", [line('"VALO"', '"ZZZZ"')], {"udt_person_unknown"}),
    ("line without teacher", [line('"VALO"', '""')], set()),
    ("co-teacher of an unknown line", [("UDCal_23.xml", "00102", "00199")], {"udt_reference_unknown"}),
    ("co-teacher without line", [("UDCal_23.xml", "00102", "")], {"udt_key_missing"}),
    (
        "unknown co-teacher",
        [("UDCal_23.xml", 'prof="BREY" epj="700002"', 'prof="ZZZZ" epj="1"')],
        {"udt_person_unknown"},
    ),
    ("teacher without name", [("UDCal_04.xml", 'nom="VALMOND"', 'nom=" "')], {"person_without_name"}),
    ("teacher born on no day", [("UDCal_04.xml", "02/10/1974", "1974")], {"date_unreadable"}),
    ("pupil without birth date", [("UDCal_10.xml", "14/03/2011", "")], {"birth_date_empty"}),
    ("part without division", [("UDCal_19.xml", 'code_div="6B"', "")], {"udt_key_missing", *LOST}),
    ("part of an unknown division", [("UDCal_19.xml", '"6B"', '"6Z"')], LOST),
    ("part twice", [("UDCal_19.xml", "<g>", '<g><gpe code_div="6A" code="L" code_sts="X"/>')], {"udt_key_duplicate"}),
    (
        "part with an empty code_sts",
        [("UDCal_19.xml", 'id="12" code_div="6B" code="L" code_sts="6LATIN"', 'code_div="6B" code="L" code_sts=""')],
        {"udt_group_skipped", "lesson_on_class_part_only"},
    ),
    ("part without code_sts", [("UDCal_19.xml", ' code_sts="6LATIN"', "")], set()),
    (
        "member of a regroupement that is unknown",
        [("UDCal_13.xml", 'code_div="6B" code_gpe=""', 'code_div="6B" code_gpe="Z"')],
        {"udt_grouping_member_dropped"},
    ),
    ("regroupement without code", [("UDCal_13.xml", 'code="1"', 'code=""')], {"udt_key_missing"}),
    ("membership without pupil", [("UDCal_21.xml", 'ele="2"', 'ele=""')], {"udt_key_missing"}),
    ("membership of an unknown pupil", [("UDCal_21.xml", 'ele="2"', 'ele="9"')], {"udt_person_unknown"}),
    ("membership in an unknown part", [("UDCal_21.xml", 'gpe="L"', 'gpe="Z"')], {"udt_reference_unknown"}),
    (
        "membership in an unknown division",
        [("UDCal_21.xml", 'code_div="6B"', 'code_div="6Z"')],
        {"udt_reference_unknown"},
    ),
    (
        "weeks that are no number",
        [("UDCal_21.xml", 'gpe="L" semaines="0"', 'gpe="L" semaines="-1"')],
        {"udt_mask_unreadable"},
    ),
    (
        "weeks that the year does not have",
        [("UDCal_21.xml", 'gpe="L" semaines="0"', f'gpe="L" semaines="{1 << 52 | 1 << 40}"')],
        {"udt_iso_week_invalid"},
    ),
    (
        "pupil in two classes",
        [("UDCal_21.xml", 'code_div="6A" gpe="L"', 'code_div="6B" gpe=""')],
        {"pupil_in_two_classes"},
    ),
    (
        "part of another class",
        [("UDCal_21.xml", 'code_div="6A" gpe="L"', 'code_div="6B" gpe="L"')],
        {"part_outside_class"},
    ),
    (
        "lesson on a day that is always closed",
        [("UDCal_24.xml", HOLIDAY, '<fermeture debut="01/09/2022" fin="31/12/2022"/>')],
        {"lesson_without_weeks"},
    ),
]


@pytest.mark.parametrize(("changes", "slugs"), [pytest.param(changes, slugs, id=name) for name, changes, slugs in ROWS])
def test_a_row(variant: Callable[..., edt.Export], changes: list[Change], slugs: set[str]) -> None:
    """What is wrong is reported by name, and by nothing else; the other class has its lesson."""
    export = variant(*changes)
    assert {problem.slug for problem in export.report.problems} == slugs
    assert "class:6B" in {one.who for lesson in export.timetable.weekly_lessons for one in lesson.presences}
    assert all(problem.where.file for problem in export.report.problems)


@pytest.mark.parametrize(("changes", "slugs"), [pytest.param(changes, slugs, id=name) for name, changes, slugs in ROWS])
def test_what_was_read_survives_writing(
    variant: Callable[..., edt.Export], changes: list[Change], slugs: set[str]
) -> None:
    """Whatever is wrong, what was made of it is written, and reading that gives the same again."""
    timetable = variant(*changes).timetable
    written = {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect="udt")}
    assert edt.read(written, uai="0749999S").timetable == timetable, slugs


@pytest.mark.parametrize(
    ("uai", "name", "school", "slugs"),
    [
        pytest.param("0749999S", "a.zip", "0749999S", [], id="the caller says it"),
        pytest.param(None, "0749999S_20221107063000_UDT.zip", "0749999S", [], id="the name says it"),
        pytest.param(" 0749999s ", "export 0749999S.zip", "0749999S", [], id="both say it"),
        pytest.param(None, "a.zip", "", ["udt_uai_unknown"], id="nobody says it"),
        pytest.param("0749999S", "0740000Y_20221107063000_UDT.zip", "0749999S", ["udt_name_differs"], id="they differ"),
        pytest.param("0749999A", "a.zip", "0749999A", ["timetable_uai_letter"], id="wrong letter"),
        pytest.param("749999", "a.zip", "749999", ["timetable_uai_invalid"], id="not a UAI"),
    ],
)
def test_the_school(members: dict[str, bytes], uai: str | None, name: str, school: str, slugs: list[str]) -> None:
    """The UAI is the caller's, else that of the name."""
    export = edt.read({f"{name}/{member}": content for member, content in members.items()}, uai=uai)
    assert export.timetable.uai == school
    assert [problem.slug for problem in export.report.problems] == slugs


def test_an_archive_of_which_nothing_can_be_read(members: dict[str, bytes]) -> None:
    """The error of the first member is raised; with one readable member it is a finding."""
    with pytest.raises(UnreadableInput) as caught:
        edt.read(dict.fromkeys(members, b"<x"))
    assert caught.value.problem.slug == "xml_truncated"
    export = edt.read(dict.fromkeys(members, b"<x") | {"UDCal_08.xml": members["UDCal_08.xml"]}, uai="0749999S")
    assert export.report.counts["XML-102" if "XML-102" in export.report.counts else caught.value.problem.code] == 14
    assert len(export.timetable.classes) == 2


def test_a_limit_on_the_whole_stops_everything(members: dict[str, bytes]) -> None:
    """A limit on one member is a finding, that on all of them together is raised."""
    with pytest.raises(LimitExceeded):
        edt.read(members, limits=Limits(total_bytes=1_000))
    long = members["UDCal_03.xml"].replace(b"Salle 1", b"S" * 60)
    export = edt.read({**members, "UDCal_03.xml": long}, uai="0749999S", limits=Limits(text_chars=50))
    assert [problem.slug for problem in export.report.problems][:1] == ["text_too_long"]
    assert export.report.worst is Severity.ERROR


def test_a_lone_member(members: dict[str, bytes]) -> None:
    """One member by itself is known by its records when it has no name, and says what is missing."""
    export = edt.read({"udcal_08.xml": members["UDCal_08.xml"]}, uai="0749999S")
    assert export.dialect == "udt"
    assert len(export.report.of_slug("udt_member_required")) == 8
    assert edt.read(members["UDCal_08.xml"]).report.of_slug("udt_member_unknown")


def test_records_at_any_depth_and_as_root(variant: Callable[..., edt.Export]) -> None:
    """The roots are not known: a record may be the root, or lie deeper."""
    plain = variant()
    deeper = variant(
        (
            "UDCal_00.xml",
            '<p><init premiere_semaine_ISO="35" duree_seq="110"/></p>',
            '<init premiere_semaine_ISO="35" duree_seq="110"/>',
        ),
        ("UDCal_08.xml", "<d>", "<d><tous>"),
        ("UDCal_08.xml", "</d>", "</tous></d>"),
    )
    assert deeper.timetable == plain.timetable
    assert not deeper.report.problems


def test_many_unknown_names_are_counted_together(members: dict[str, bytes]) -> None:
    """Beyond the limit, names are counted under one path."""
    names = "".join(f"<a{number}/>" for number in range(10)).encode()
    content = {**members, "UDCal_03.xml": members["UDCal_03.xml"].replace(b"<s>", b"<s>" + names)}
    export = edt.read(content, uai="0749999S", limits=Limits(unknown_names=2))
    assert [problem.params["count"] for problem in export.report.of_slug("udt_content_skipped")] == [1, 1, 8]


def test_several_files_that_are_no_archive() -> None:
    """Without a member of UDT they are not read as an archive."""
    with pytest.raises(UnreadableInput):
        edt.read({})


def test_no_person_in_a_finding(variant: Callable[..., edt.Export]) -> None:
    """The code of a person, often made of the name, is shown only where names are asked for."""
    export = variant(line('"VALO"', '"ZZZZ"'), ("UDCal_04.xml", 'nom="VALMOND"', 'nom=""'))
    texts = [str(problem) for problem in export.report.problems] + [export.report.to_json()]
    assert not any("ZZZZ" in text or "VALO" in text for text in texts)
    [unknown] = export.report.of_slug("udt_person_unknown")
    assert "ZZZZ" in unknown.message(show_names=True)
    assert isinstance(export.timetable, Timetable)


TABLES = Path(__file__).parents[3] / "docs" / "malformed.toml"
ELSEWHERE = {
    "udt_uai_unknown",
    "udt_name_differs",
    "udt_search_partial",
    "udt_search_row",
    "udt_search_unreadable",
}
"""Findings of the page that are proved by other tests than the rows."""


@pytest.mark.skipif(not TABLES.exists(), reason="the documentation is not beside the tests")
def test_the_page_shows_what_is_proved() -> None:
    """Every finding of the table of the page comes out of a row here, or of a test of names and tables."""
    shown = {
        code for row in tomllib.loads(TABLES.read_text(encoding="utf-8"))["udt 8"]["rows"] for code in row["codes"]
    }
    proved = {slug for _, _, slugs in ROWS for slug in slugs}
    assert shown - ELSEWHERE <= proved
    own = {entry.slug for code, entry in CATALOGUE.items() if code.startswith("UDT-")}
    assert own <= shown
