"""Theoretical and actual weeks: one change at a time in a small archive (udt 5.5; rules 3.2bis)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.edt.udt.naming import newest
from entformats.timetable import Event, EventKind, Kind, Presence, Timetable
from entformats.timetable.services import weekly_events

if TYPE_CHECKING:
    from collections.abc import Callable

THEORY = {
    "001/6A": '<ligfiche code="00101" fic="001" div="6A" mat="MATHS" prof="VALO" salle="S1" rgpmt="0" gpe=""/>',
    "002/6A": '<ligfiche code="00201" fic="002" div="6A" mat="MATHS" prof="VALO" salle="S1" rgpmt="0" gpe=""/>',
    "001/6B": '<ligfiche code="00102" fic="001" div="6B" mat="MATHS" prof="BREY" salle="S2" rgpmt="" gpe=""/>',
    "003/6A": '<ligfiche code="00301" fic="003" div="6A" mat="MATHS" prof="VALO" salle="S1" rgpmt="0" gpe="L"/>',
    "003/6B": '<ligfiche code="00302" fic="003" div="6B" mat="MATHS" prof="VALO" salle="S1" rgpmt="0" gpe="L"/>',
}
"""The theoretical week of the small archive, by fiche and division."""
WEEK = 11
"""Week 45, counted from week 35."""
MONDAY, TUESDAY = date(2022, 11, 7), date(2022, 11, 8)
CHANGES = [
    pytest.param({}, [], id="the same week"),
    pytest.param({"001/6B": ""}, [(EventKind.CANCELLATION, MONDAY)], id="a lesson less"),
    pytest.param({"001/6B": ('"BREY"', '"VALO"')}, [(EventKind.SUBSTITUTION, MONDAY)], id="another teacher"),
    pytest.param({"001/6B": ('"S2"', '"S1"')}, [], id="another room"),
    pytest.param(
        {"001/6B": ('fic="001"', 'fic="002"')},
        [(EventKind.CANCELLATION, MONDAY), (EventKind.EXCEPTIONAL, MONDAY)],
        id="a lesson moved",
    ),
    pytest.param(
        {"002/6A": ""},
        [(EventKind.CANCELLATION, MONDAY), (EventKind.EXCEPTIONAL, MONDAY)],
        id="a lesson cut short",
    ),
    pytest.param({"003/6A": "", "003/6B": ""}, [(EventKind.CANCELLATION, TUESDAY)], id="a lesson of a group less"),
    pytest.param({"003/6A": ""}, [], id="one division of a group left out"),
    pytest.param({"+": THEORY["002/6A"].replace("6A", "6B")}, [(EventKind.EXCEPTIONAL, MONDAY)], id="a lesson more"),
    pytest.param({"001/6B": ('"BREY"', '""')}, [], id="nobody instead of a teacher"),
    pytest.param({"+": THEORY["001/6B"].replace("BREY", "VALO")}, [], id="a second teacher at the same slot"),
]


def week(changes: dict[str, str | tuple[str, str]]) -> str:
    """Write the actual week: the theoretical one with lines taken out, spoilt or added."""
    lines = dict(THEORY)
    for name, change in changes.items():
        lines[name] = lines[name].replace(*change) if isinstance(change, tuple) else change
    return f"<l>{''.join(lines.values())}</l>"


def events(timetable: Timetable) -> tuple[Event, ...]:
    """Give what the bilan counts of the weeks."""
    assert timetable.first_monday is not None
    return weekly_events(timetable.keyed_lessons, timetable.opened, first_monday=timetable.first_monday)


@pytest.mark.parametrize(("changes", "expected"), CHANGES)
def test_one_change(
    variant: Callable[..., edt.Export],
    changes: dict[str, str | tuple[str, str]],
    expected: list[tuple[EventKind, date]],
) -> None:
    """What differs between the two weeks is what is counted, in that week only."""
    export = variant(("UDCal_12_45.xml", "", week(changes)), ("UDCal_23_45.xml", "", "<c/>"))
    assert [(one.kind, one.date) for one in events(export.timetable)] == expected
    assert not export.report.problems


def test_the_theoretical_week_is_every_open_week(variant: Callable[..., edt.Export]) -> None:
    """Weeks 36 to 42 and 45 on a Monday; Thursday 1 September is the first day."""
    timetable = variant().timetable
    assert {lesson.weeks for lesson in timetable.weekly_lessons} == {WeekSet.of([*range(2, 9), 11, 12])}
    assert [one.who for one in timetable.weekly_lessons[0].presences] == ["teacher:BREY", "class:6B", "room:S2"]
    assert all(one.annual for one in timetable.weekly_lessons)
    assert not events(timetable)


def test_an_exceptional_lesson(variant: Callable[..., edt.Export]) -> None:
    """It is not annual, and the same one of two weeks is one lesson."""
    more = week({"+": THEORY["002/6A"].replace("6A", "6B")})
    timetable = variant(("UDCal_12_45.xml", "", more), ("UDCal_12_46.xml", "", more)).timetable
    [lesson] = [one for one in timetable.weekly_lessons if not one.annual]
    assert lesson.weeks == WeekSet.of([11, 12])
    assert len(timetable.services) == 3


def test_a_cancelled_lesson_stays(variant: Callable[..., edt.Export]) -> None:
    """It is dated, marked cancelled, with those who would have been there."""
    timetable = variant(("UDCal_12_45.xml", "", week({"001/6B": ""}))).timetable
    [lost] = [one for one in timetable.lessons() if one.cancelled]
    assert lost.date == MONDAY
    assert sorted(lost.participants) == ["class:6B", "room:S2", "teacher:BREY"]


def test_nothing_is_cancelled_on_a_closed_day(variant: Callable[..., edt.Export]) -> None:
    """An actual week of holidays, even empty, cancels nothing."""
    export = variant(("semaines.xml", "<s>", '<s><semaine num="43"/>'), ("UDCal_12_43.xml", "", "<l/>"))
    assert not events(export.timetable)
    assert export.timetable == variant(("semaines.xml", "<s>", '<s><semaine num="43"/>')).timetable


def test_the_first_week_is_published(variant: Callable[..., edt.Export]) -> None:
    """Even where `semaines` does not list it."""
    export = variant(("semaines.xml", '<semaine num="35"/>', ""), ("UDCal_12_35.xml", "", "<l/>"))
    assert not export.report.problems


def test_turns(variant: Callable[..., edt.Export]) -> None:
    """Two lessons of one teacher at one slot take turns; with both gone, both are cancelled."""
    other = THEORY["001/6A"].replace('code="00101"', 'code="00103"').replace('rgpmt="0"', 'rgpmt="1"')
    both = ("UDCal_12.xml", "</l>", f"{other}</l>")
    turn = variant(both, ("UDCal_12_45.xml", "", week({})))
    assert not events(turn.timetable)
    [waiting] = [one for one in turn.timetable.weekly_lessons if 11 not in one.weeks]
    assert [one.who for one in waiting.of(Kind.GROUP)] == ["group:6CHORALE"]
    none = variant(both, ("UDCal_12_45.xml", "", week({"001/6A": "", "002/6A": ""})))
    assert [one.kind for one in events(none.timetable)] == [EventKind.CANCELLATION] * 2


def test_co_teachers_of_an_actual_week(variant: Callable[..., edt.Export]) -> None:
    """Those of its own member; without it, those of the theoretical week, although codes of lines changed."""
    helped = ("UDCal_23.xml", 'prof="BREY" epj="700002"', 'prof="VALO" epj=""')
    renumbered = week({"001/6B": ("00102", "00177")})
    usual = variant(helped, ("UDCal_12_45.xml", "", renumbered)).timetable
    assert {one.who for one in lesson_of(usual, "class:6B")} == {"teacher:VALO", "teacher:BREY"}
    none = variant(helped, ("UDCal_12_45.xml", "", renumbered), ("UDCal_23_45.xml", "", "<c/>")).timetable
    weeks = {str(one.who): one.weeks for one in lesson_of(none, "class:6B")}
    assert weeks["teacher:BREY"] - weeks["teacher:VALO"] == WeekSet.of([WEEK])
    assert not events(none)


def lesson_of(timetable: Timetable, audience: str) -> list[Presence]:
    """Give the teachers of the lesson of a class."""
    [lesson] = [one for one in timetable.weekly_lessons if audience in {who.who for who in one.presences}]
    return list(lesson.of(Kind.TEACHER))


def test_a_co_teacher_is_known_by_epj_first(variant: Callable[..., edt.Export]) -> None:
    """Then by code; one who is not a teacher otherwise becomes one where a lesson names him."""
    timetable = variant(("UDCal_23.xml", 'prof="BREY" epj="700002"', 'prof="BREY" epj="700001"')).timetable
    assert {one.who for one in lesson_of(timetable, "class:6B")} == {"teacher:BREY", "teacher:VALO"}
    other = variant(("UDCal_23.xml", 'prof="BREY" epj="700002"', 'prof="ORVA" epj=""')).timetable
    assert {one.who for one in lesson_of(other, "class:6B")} == {"teacher:BREY", "teacher:ORVA"}
    assert not other.staff
    assert list(variant().timetable.staff) == ["staff:ORVA"]


def test_rooms_of_a_lesson(variant: Callable[..., edt.Export]) -> None:
    """A change of room in mid-lesson does not cut it: both rooms are in the lesson."""
    timetable = variant(
        ("UDCal_12.xml", 'code="00201" fic="002" div="6A" mat="MATHS" prof="VALO" salle="S1"',
         'code="00201" fic="002" div="6A" mat="MATHS" prof="VALO" salle="S2"')
    ).timetable  # fmt: skip
    [lesson] = [one for one in timetable.weekly_lessons if one.slot_count == 2]
    assert [one.who for one in lesson.of(Kind.ROOM)] == ["room:S1", "room:S2"]


def test_sites(variant: Callable[..., edt.Export]) -> None:
    """A half-sequence is of one site: a lesson ends where the site changes, and the site is kept."""
    export = variant(
        ("UDCal_07.xml", "<d>", '<d><demi_seq code_jour="1" code="2" code_site="2" hre_deb="9h00" hre_fin="9h55"/>'),
        ("UDCal_11.xml", 'jour="1" demi_seq="2" site="1"', 'jour="1" demi_seq="2" site="2"'),
    )
    assert [one.extra.get("site") for one in export.timetable.weekly_lessons] == [None, None, ("2",), None]
    assert not export.report.problems


def test_a_regroupement_of_whole_classes(variant: Callable[..., edt.Export]) -> None:
    """Its lesson, written once a division, is one lesson for the group."""
    export = variant(("UDCal_12.xml", 'rgpmt="0" gpe="L"', 'rgpmt="1" gpe=""'))
    [lesson] = [one for one in export.timetable.weekly_lessons if one.weekday == 2]
    assert [one.who for one in lesson.of(Kind.GROUP)] == ["group:6CHORALE"]
    assert len(export.timetable.members("group:6CHORALE", on=date(2022, 9, 5))) == 2


def test_a_group_without_code(variant: Callable[..., edt.Export]) -> None:
    """Without the attribute `code_sts` the group is named division + code; parts then share none."""
    groups = variant(("UDCal_19.xml", ' code_sts="6LATIN"', "")).timetable.option_groups
    assert {one.name: one.code for one in groups.values()} == {"6AL": "", "6BL": "", "6CHORALE": ""}


def test_the_newest_archive() -> None:
    """Of those dropped for a school; names of another shape, or of another school, do not count."""
    names = ["0749999S_20221107063000_UDT.zip", "a/0749999s_20221108063000_udt.ZIP", "0740000Y_20231108063000_UDT.zip"]
    assert newest(names, "0749999S") == names[1]
    assert newest([*names[2:], "0749999S.zip"], "0749999S") is None
