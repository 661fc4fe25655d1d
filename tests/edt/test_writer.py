"""Writing: everything that is read is written, for the format allows it; the rest is the caller's mistake."""

from __future__ import annotations

import re
from datetime import date, time
from random import Random
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.edt.index import Layout, write_index
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Profile, Ref
from entformats.testing.disguises import shuffled
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import (
    ClassPart,
    Domain,
    Grid,
    Kind,
    Presence,
    Room,
    SchoolClass,
    Slot,
    Subject,
    Teacher,
    Timetable,
    WeeklyLesson,
    ref,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def written(timetable: Timetable, layout: Layout | None = None) -> str:
    """Write a timetable as text."""
    [(_, chunks)] = edt.write(timetable) if layout is None else write_index(timetable, layout=layout)
    return b"".join(chunks).decode()


def again(timetable: Timetable, layout: Layout | None = None) -> Timetable:
    """Write a timetable and read it back."""
    return edt.read(written(timetable, layout).encode()).timetable


@given(timetables())
def test_writing_and_reading_is_the_identity(timetable: Timetable) -> None:
    """Whatever timetable a reader may give."""
    assert again(timetable) == timetable


@settings(max_examples=settings().max_examples // 3)
@given(timetable=timetables(), domains=st.booleans())
def test_no_layout_loses_anything(timetable: Timetable, *, domains: bool) -> None:
    """Comments or not, guardians inside pupils or not: the same timetable."""
    assert again(timetable, Layout(domains=domains, inline_guardians=True)) == timetable


@settings(max_examples=settings().max_examples // 4)
@given(timetables(), st.integers(0, 99))
def test_order_in_memory_is_order_in_the_file(timetable: Timetable, seed: int) -> None:
    """Entities in another order are written in that order, and are the same timetable but for lessons and resources."""
    mixed = evolve(shuffled(timetable, Random(seed)), weekly_lessons=timetable.weekly_lessons)
    assert again(mixed) == timetable
    assert list(again(mixed).pupils) == list(mixed.pupils)


@pytest.mark.parametrize("layout", [Layout(domains=True), Layout(inline_guardians=True)])
@pytest.mark.parametrize("name", ["example", "college-s2"])
def test_the_samples_in_other_layouts(corpus: Callable[[str], Path], name: str, layout: Layout) -> None:
    """Also real-looking exports."""
    timetable = edt.read(corpus(f"edt/{name}.xml")).timetable
    assert again(timetable, layout) == timetable


def test_comments_are_those_of_the_vendor(corpus: Callable[[str], Path]) -> None:
    """`Domaine : [..]` inside each resource, as in the samples."""
    path = corpus("edt/college.xml")
    comment = re.compile("<!--Domaine : [^>]*-->")
    text = written(edt.read(path).timetable, Layout(domains=True))
    assert sorted(comment.findall(text)) == sorted(comment.findall(path.read_text(encoding="utf-8")))


def test_guardians_inside_pupils(variant: Callable[..., edt.Export]) -> None:
    """The layout of version 1.1; a guardian of nobody stays in the list."""
    timetable = variant(
        ("</Responsables>", '<Responsable Ident="8" Nom="AUTRE" Prenom="Jo"/></Responsables>')
    ).timetable
    text = written(timetable, Layout(inline_guardians=True))
    assert '<Responsable Ident="9" RespLegal="1" Nom="MORTELLE" Prenom="Claire" CodePostal="74130"/>' in text
    assert text.count("<Responsable ") == 2


def test_the_same_timetable_gives_the_same_bytes(variant: Callable[..., edt.Export]) -> None:
    """Also where the attributes that have no field came in another order."""
    first = variant(('IDPN="K7', 'B="1" A="2" IDPN="K7')).timetable
    second = variant(('IDPN="K7', 'A="2" B="1" IDPN="K7')).timetable
    assert written(first) == written(second)
    assert ' A="2" B="1"/>' in written(first)


@pytest.mark.parametrize(
    ("uai", "name"), [("0749999S", "Edt_To_ENT_0749999S.xml"), ("", "Edt_To_ENT.xml"), ("../x", "Edt_To_ENT.xml")]
)
def test_the_name_of_the_file(uai: str, name: str) -> None:
    """The UAI if it is one; nothing that a path could be made of."""
    assert [file for file, _ in edt.write(Timetable(uai))] == [name]


def test_an_unknown_dialect_is_the_callers_mistake() -> None:
    """The message names those that exist."""
    with pytest.raises(UsageError, match="edt"):
        edt.write(Timetable("0749999S"), dialect="pronote")


def test_an_empty_timetable() -> None:
    """The containers of version 1.1 are always there, in their order; those of later versions only if filled."""
    text = written(Timetable(""))
    assert re.findall(r"<(\w+)", text) == [
        "ExportEmploiDuTemps",
        "Matieres",
        "Professeurs",
        "Classes",
        "Groupes",
        "Salles",
        "Eleves",
        "Cours",
    ]
    assert again(Timetable("")) == Timetable("", version="2.0")


def test_every_character_survives() -> None:
    """Markup, quotes, line ends and letters of every script."""
    name = "A&B <\"'> \t\n\r é œ Ана 𝒜"
    room = Room(ref(Kind.ROOM, "1"), name)
    assert again(Timetable("0749999S", rooms=FrozenMap({room.ref: room}))).rooms[room.ref].name == name


@pytest.mark.parametrize("text", ["\x00", "a\x0bb", "\ud800", "\uffff"])
def test_what_xml_cannot_hold_is_the_callers_mistake(text: str) -> None:
    """No file that no program could read."""
    room = Room(ref(Kind.ROOM, "1"), text)
    with pytest.raises(UsageError):
        written(Timetable("0749999S", rooms=FrozenMap({room.ref: room})))


def test_names_that_xml_cannot_hold_are_left_out() -> None:
    """What another program keeps under a name of its own has no place here."""
    room = Room(ref(Kind.ROOM, "1"), "12", FrozenMap({"code salle": ("x",), "Etage": ("2",), "vide": ()}))
    found = again(Timetable("0749999S", rooms=FrozenMap({room.ref: room}))).rooms[room.ref]
    assert found.extra == {"Etage": ("2",), "vide": ("",)}


def test_references_of_other_programs_are_numbered() -> None:
    """Numbers are kept, the others get new ones after the greatest; every reference follows."""
    names = [Ref("teacher:EPP 12"), Ref("teacher:7"), Ref("teacher:EPP 13")]
    people = {n: Teacher(Identity(n, Profile.TEACHER, "0749999S", "Jo", "AUTRE")) for n in names}
    subject = Subject(Ref("subject:MATHS"), "MATHS", "MATHEMATIQUES")
    part, home = Ref("part:a"), Ref("class:6A")
    timetable = Timetable(
        "0749999S",
        first_monday=date(2022, 8, 29),
        subjects=FrozenMap({subject.ref: subject}),
        teachers=FrozenMap(people),
        classes=FrozenMap({home: SchoolClass(home, "6A", (part, Ref("part:b")), (names[2],))}),
        class_parts=FrozenMap({part: ClassPart(part, home, "G1")}),
        weekly_lessons=(
            WeeklyLesson(1, None, None, None, None, (subject.ref,), (Presence(names[0], WeekSet.of([1])),)),
        ),
    )
    found = again(timetable)
    assert list(found.teachers) == ["teacher:8", "teacher:7", "teacher:9"]
    [lesson] = found.weekly_lessons
    assert (lesson.subjects, lesson.presences[0].who) == (("subject:1",), "teacher:8")
    [one] = found.classes.values()
    assert (one.parts, one.head_teachers) == (("part:1", "part:2"), ("teacher:9",))
    assert found.class_parts[Ref("part:1")].name == "G1"


def test_a_place_without_end() -> None:
    """Nothing is invented for a label that is not known."""
    grid = Grid((1,), (Slot(0, time(8), None),))
    assert again(Timetable("0749999S", grid=grid)).grid == grid


MASK = str(127 + (1 << 60))
TRIMMED = ('<Professeur Ident="2" Semaines="124"', f'<Professeur Ident="2" Semaines="{MASK}"')


def test_weeks_that_were_changed_are_written_and_not_the_old_text(variant: Callable[..., edt.Export]) -> None:
    """The text of a mask is put back only as long as it still says the weeks of the lesson."""
    timetable = variant(TRIMMED).timetable
    assert f'Semaines="{MASK}"' in written(timetable)
    [lesson] = timetable.weekly_lessons
    changed = evolve(
        lesson, presences=tuple(evolve(one, weeks=one.weeks - WeekSet.of([2])) for one in lesson.presences)
    )
    found = again(evolve(timetable, weekly_lessons=(changed,)))
    assert [list(one.weeks) for one in found.weekly_lessons[0].presences] == [[3, 4, 5, 6]] * 3


@pytest.mark.parametrize(
    "child",
    [
        '<Eleve Ident="1" SemainesInclusion="8"/>',
        '<Eleve Ident="1" Semaines="8"/>',
        '<Eleve Ident="1" Semaines="9"/>',
        '<Eleve Ident="1" SemainesInclusion="9"/>',
        '<Eleve Ident="1" Semaines="4" SemainesInclusion="9"/>',
        '<Eleve Ident="1" SemainesExclusion="8"/>',
        '<Eleve Ident="1" SemainesInclusion="0" SemainesExclusion="8"/>',
        '<Eleve Ident="1" Semaines="9" SemainesExclusion="8" Autre="x"/>',
        '<Etiquette Ident="1"/><Etiquette>a &lt; b</Etiquette><Periode Debut="x"/>',
        '<Matiere Ident="99" Autre="1"/><Matiere Ident="3" Autre="2"/>',
    ],
)
def test_children_of_a_lesson_survive(variant: Callable[..., edt.Export], child: str) -> None:
    """Every way of giving weeks to a pupil, labels, unknown subjects."""
    timetable = variant(("</Cours>\n  ", f"{child}</Cours>\n  ")).timetable
    assert again(timetable) == timetable


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<Salle Ident", '<Salle Etage="2" Ident'),
        ("<ExportEmploiDuTemps ", '<ExportEmploiDuTemps Autre="é" '),
        ("<AnneeScolaire ", '<AnneeScolaire Autre="1" '),
        ("<GrilleHoraire ", '<GrilleHoraire Autre="1" '),
        ("<Place ", '<Place Autre="1" '),
        ("<Etablissement Ident", '<Etablissement Autre="1" Ident'),
        ("<PartieDeClasse ", '<PartieDeClasse Nom="G1" Autre="1" '),
        ("<Responsable ", '<Responsable Autre="1" '),
        ("<Eleve ", '<Eleve IDEtablissement="" Autre="1" '),
        ('DateFin="2023-08-31"', 'DateFin="?"'),
        ('Jour="1"', 'Jour="lundi"'),
        ('Jour="1"', 'Jour="77"'),
        ('Annuel="1"', 'Annuel="true"'),
        ('Annuel="1"', 'Annuel="1" SemainesAnnulation="9"'),
        ('NombrePlaces="2"', 'NombrePlaces=""'),
        ("08:00:00", "8h"),
    ],
)
def test_what_has_no_field_is_put_back(variant: Callable[..., edt.Export], old: str, new: str) -> None:
    """Unknown attributes and unreadable texts, wherever they stand."""
    timetable = variant((old, new)).timetable
    assert again(timetable) == timetable
    assert new.rpartition(" ")[2].partition("=")[0].strip() in written(timetable)


def test_what_a_timetable_is_silent_on_is_not_written() -> None:
    """A section is empty where there is nothing, and left out where nothing is known."""
    known = Timetable("0749999S")
    silent = evolve(known, silent_on=frozenset({Domain.LESSONS, Domain.PUPILS}))
    for timetable, written in ((known, True), (silent, False)):
        ((_, chunks),) = edt.write(timetable)
        content = b"".join(chunks)
        assert (b"<Cours" in content, b"<Eleves" in content) == (written, written)
        assert edt.read(content).timetable.silent_on == timetable.silent_on
