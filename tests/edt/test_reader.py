"""What the reader takes from an export, and the tolerances that the page names (edt 2, 3)."""

from __future__ import annotations

import pickle
from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.errors import LimitExceeded
from entformats.identity import IdentifierKind
from entformats.limits import Limits
from entformats.timetable import Kind, Membership, WeeklyLesson, ref

if TYPE_CHECKING:
    from collections.abc import Callable

LESSON = '<Cours Jour="1" NumeroPlaceDebut="0" NombrePlaces="2" Annuel="1">'
PUPIL, GUARDIAN, TEACHER = ref(Kind.PUPIL, "1"), ref(Kind.GUARDIAN, "9"), ref(Kind.TEACHER, "2")
LINK = '<Responsable Ident="9" RespLegal="1"/>'


def lesson(export: edt.Export) -> WeeklyLesson:
    """Give the only lesson."""
    [one] = export.timetable.weekly_lessons
    return one


def found(export: edt.Export) -> set[str]:
    """Give the slugs of what was found."""
    return {problem.slug for problem in export.report.problems}


def test_what_an_export_says_of_itself(variant: Callable[..., edt.Export]) -> None:
    """Dialect and version; its text shows the school and nothing else."""
    export = variant()
    assert (export.dialect, export.timetable.version, export.software) == ("edt", "2.0", "")
    assert repr(export) == "<Export edt 0749999S>"


def test_an_export_is_a_value(variant: Callable[..., edt.Export]) -> None:
    """Read twice or pickled, it is the same."""
    export = variant()
    assert variant() == export
    assert pickle.loads(pickle.dumps(export)) == export  # noqa: S301 - our own bytes


@pytest.mark.parametrize("label", ["08:00:00", "08:00", "8h00", "8H00", "08h00m00", "08:00:00.000"])
def test_labels_of_the_grid(variant: Callable[..., edt.Export], label: str) -> None:
    """Two or three numbers, between `:` or `h`."""
    assert lesson(variant(("08:00:00", label))).start == time(8, 0)


def test_an_empty_end_label_is_the_start_and_a_place(variant: Callable[..., edt.Export]) -> None:
    """55 minutes after 08:55 and no finding."""
    export = variant(('LibelleHeureFin="09:50:00"', 'LibelleHeureFin=""'))
    assert (lesson(export).end, found(export)) == (time(9, 50), set())


def test_an_end_outside_the_grid_is_computed(variant: Callable[..., edt.Export]) -> None:
    """Start and two places of 55 minutes; nothing past midnight, nothing without the length of a place."""
    outside = ('NumeroPlaceDebut="0"', 'NumeroPlaceDebut="2"')
    assert lesson(variant(outside)).end == time(11, 55)
    assert lesson(variant(outside, ('NombrePlaces="2"', 'NombrePlaces="20"'))).end is None
    assert lesson(variant(outside, (' DureePlace="55"', ""))).end is None


def test_an_unplaceable_lesson_has_no_times(variant: Callable[..., edt.Export]) -> None:
    """Outside the grid, without duration, without readable place: kept, neither start nor end."""
    for change in (
        ('NumeroPlaceDebut="0"', 'NumeroPlaceDebut="9"'),
        ('NombrePlaces="2"', 'NombrePlaces="0"'),
        ('NombrePlaces="2"', 'NombrePlaces="deux"'),
    ):
        one = lesson(variant(change))
        assert (one.start, one.end, len(one.weeks)) == (None, None, 5)


def test_the_grid_may_be_counted_in_sequences(variant: Callable[..., edt.Export]) -> None:
    """Sequences a day × places a sequence, as the import schema counts; kept as they are."""
    counted = variant(
        ('NombrePlacesParJour="3"', 'NombreJoursParCycle="5" NombreSequencesParJour="3" NombrePlacesParSequence="1"')
    )
    assert (counted.timetable.grid.slots_per_day, found(counted)) == (3, set())
    assert counted.timetable.extra["GrilleHoraire/NombreSequencesParJour"] == ("3",)
    assert variant((' NombrePlacesParJour="3"', "")).timetable.grid.slots_per_day is None


@pytest.mark.parametrize(
    ("text", "annual", "kept"), [("1", True, {}), ("0", False, {}), ("oui", False, {"Annuel": ("oui",)})]
)
def test_annual(
    variant: Callable[..., edt.Export], text: str, kept: dict[str, tuple[str, ...]], *, annual: bool
) -> None:
    """`1` is annual, everything else is not; another text is kept."""
    one = lesson(variant(('Annuel="1"', f'Annuel="{text}"')))
    assert one.annual is annual
    assert one.extra == kept
    assert lesson(variant((' Annuel="1"', ""))).annual is None


def test_a_detached_pupil(variant: Callable[..., edt.Export]) -> None:
    """`SemainesInclusion` gives the weeks; both masks together, if both are there; an exclusion is kept as it is."""
    include = ("</Cours>\n  ", '<Eleve Ident="1" SemainesInclusion="8"/></Cours>\n  ')
    [presence] = lesson(variant(include)).of(Kind.PUPIL)
    assert list(presence.weeks) == [3]
    both = ("</Cours>\n  ", '<Eleve Ident="1" Semaines="4" SemainesInclusion="8"/></Cours>\n  ')
    assert list(lesson(variant(both)).of(Kind.PUPIL)[0].weeks) == [2, 3]
    exclude = variant(("</Cours>\n  ", '<Eleve Ident="1" SemainesExclusion="8"/></Cours>\n  '))
    assert lesson(exclude).of(Kind.PUPIL)[0].weeks == WeekSet()
    assert lesson(exclude).extra == {"Eleve[1]/SemainesExclusion": ("8",)}
    assert found(exclude) == set()


def test_resources_of_every_kind_are_in_the_order_of_kinds(variant: Callable[..., edt.Export]) -> None:
    """Whatever their order in the file."""
    more = (
        '<Materiel Ident="2" Semaines="8"/><Personnel Ident="2" Semaines="8"/>'
        '<Groupe Ident="4" Semaines="8"/><Matiere Ident="3"/>'
    )
    export = variant(('<Matiere Ident="3"/>\n', more))
    assert [presence.who for presence in lesson(export).presences] == [
        "teacher:2",
        "class:2",
        "group:4",
        "room:5",
        "equipment:2",
        "staff:2",
    ]


def test_weeks_that_cannot_be_are_left_out_and_their_text_kept(variant: Callable[..., edt.Export]) -> None:
    """Bit 0, a week before the year and one after it: weeks 2 to 6 remain."""
    mask = str(127 + (1 << 60))
    one = lesson(variant(('<Professeur Ident="2" Semaines="124"', f'<Professeur Ident="2" Semaines="{mask}"')))
    assert list(one.of(Kind.TEACHER)[0].weeks) == [2, 3, 4, 5, 6]
    assert one.extra == {"Professeur[1]/Semaines": (mask,)}


def test_labels_of_lessons_are_kept_as_text(variant: Callable[..., edt.Export]) -> None:
    """`Etiquette` and `Periode`, whose content is not known: one text an element, one entry an attribute."""
    more = '<Etiquette Ident="1"/><Etiquette Libelle="Aide" Vide="">libre</Etiquette><Periode/></Cours>\n  '
    assert lesson(variant(("</Cours>\n  ", more))).extra == {
        "Etiquette": ("", "libre"),
        "Etiquette[1]/Ident": ("1",),
        "Etiquette[2]/Libelle": ("Aide",),
        "Etiquette[2]/Vide": ("",),
        "Periode": ("",),
    }


def test_guardians_inside_pupils(variant: Callable[..., edt.Export]) -> None:
    """The layout of version 1.1: an entry with a name defines, and may be repeated under a sibling."""
    inside = '<Responsable Ident="9" RespLegal="2" Nom="MORTELLE" Prenom="Claire" Adresse1="3 rue"/>'
    sibling = f'<Eleve Ident="2" Nom="MORTELLE" Prenom="Léo" DateNaissance="2012-01-02">{inside}</Eleve></Eleves>'
    export = variant(
        ('<Responsables><Responsable Ident="9" Nom="MORTELLE" Prenom="Claire" CodePostal="74130"/></Responsables>', ""),
        (LINK, inside),
        ("</Eleves>", sibling),
    )
    assert found(export) == set()
    assert [(link.guardian, link.rank) for link in export.timetable.pupils[PUPIL].guardians] == [(GUARDIAN, 2)]
    [guardian] = export.timetable.guardians.values()
    assert guardian.identity.family == "MORTELLE"
    assert guardian.extra == {"Adresse1": ("3 rue",)}


def test_the_first_description_of_a_guardian_is_kept(variant: Callable[..., edt.Export]) -> None:
    """The list goes before what stands under a pupil."""
    export = variant((LINK, '<Responsable Ident="9" RespLegal="x" Nom="AUTRE"/>'))
    assert export.timetable.guardians[GUARDIAN].identity.family == "MORTELLE"
    [pupil] = export.timetable.pupils.values()
    assert pupil.guardians[0].rank == 0
    assert pupil.extra == {"Responsable[1]/RespLegal": ("x",)}


def test_memberships(variant: Callable[..., edt.Export]) -> None:
    """Classes, then parts, then groups; open where a date is missing or unreadable, whose text is kept."""
    export = variant(
        (
            '<Classe Ident="2" DateEntree="2022-09-01" DateSortie="2023-08-31"/>',
            '<Groupe Ident="4"/><Classe Ident="2" DateEntree="?"/>',
        )
    )
    [pupil] = export.timetable.pupils.values()
    assert pupil.memberships == (
        Membership(ref(Kind.CLASS, "2")),
        Membership(ref(Kind.PART, "7"), date(2022, 9, 1), date(2023, 8, 31)),
        Membership(ref(Kind.GROUP, "4")),
    )
    assert pupil.extra == {"Classe[1]/DateEntree": ("?",)}


def test_a_child_without_number_is_dropped_where_it_stands(variant: Callable[..., edt.Export]) -> None:
    """A membership, a link, a part, a resource, a subject: each is an error, none harms its owner."""
    export = variant(
        (LINK, LINK + "<Responsable/><Classe/>"),
        ('<PartieDeClasse Ident="7"/></C', '<PartieDeClasse Ident="7"/><PartieDeClasse/></C'),
        ('<PartieDeClasse Ident="7"/></G', '<PartieDeClasse Ident="7"/><Eleve Ident="-1"/></G'),
        ('<Matiere Ident="3"/>\n', '<Matiere Ident="3"/><Matiere/><Salle Semaines="8"/>'),
    )
    assert found(export) == {"ident_unreadable"}
    assert export.report.counts == {"EDT-104": 6}
    assert found(variant()) == set()


def test_leading_zeros_do_not_count(variant: Callable[..., edt.Export]) -> None:
    """`007` and `7` name one thing."""
    assert found(variant(('<Salle Ident="5" S', '<Salle Ident="005" S'))) == set()


def test_stable_identifiers(variant: Callable[..., edt.Export]) -> None:
    """`IdPN` is `IDPN`; both at once, the exact one is taken; an empty one is kept as it is."""
    assert variant(('IDPN="K7', 'IdPN="K7')).timetable.teachers == variant().timetable.teachers
    both = variant(('IDPN="K7', 'IdPN="AUTRE" IDPN="K7')).timetable.teachers[TEACHER]
    assert both.identity.identifier(IdentifierKind.IDPN) == "K7WQ2ZTB9XNHJ4CV"
    assert both.extra == {"IdPN": ("AUTRE",)}
    empty = variant(('IDPN="K7WQ2ZTB9XNHJ4CV"', 'IDPN="" IDCAS="x"'))
    assert empty.timetable.teachers[TEACHER].extra == {"IDPN": ("",), "IDCAS": ("x",)}
    assert found(empty) == set()


def test_unknown_names_are_counted_by_path(variant: Callable[..., edt.Export]) -> None:
    """One finding a path, with how often it was met and where first."""
    export = variant(("<Salle Ident", '<Salle Etage="2" Ident'))
    [room, resource] = sorted(export.report.of_slug("edt_attribute_kept"), key=lambda p: str(p.params["path"]))
    assert [dict(p.params) for p in (room, resource)] == [
        {"path": "Cours/Cours/Salle/@Etage", "count": 1},
        {"path": "Salles/Salle/@Etage", "count": 1},
    ]
    assert export.timetable.rooms[ref(Kind.ROOM, "5")].extra == {"Etage": ("2",)}
    assert lesson(export).extra == {"Salle[1]/Etage": ("2",)}


def test_unknown_names_are_bounded(small: str) -> None:
    """Past the limit they are counted together."""
    many = "".join(f"<Inconnu{number}/>" for number in range(20))
    export = edt.read(small.replace("</Salles>", f"{many}</Salles>").encode(), limits=Limits(unknown_names=5))
    counts = {p.params["path"]: p.params["count"] for p in export.report.of_slug("edt_content_skipped")}
    assert len(counts) == 6
    assert counts["…"] == 15


def test_limits_are_those_of_the_caller(small: str) -> None:
    """A file larger than what is allowed is refused while reading."""
    with pytest.raises(LimitExceeded):
        edt.read(small.encode(), limits=Limits(total_bytes=1000))


def test_a_windows_file_with_a_mark_and_a_prefix(small: str, variant: Callable[..., edt.Export]) -> None:
    """BOM, CRLF, prefixed elements: the same timetable."""
    text = small.replace("xmlns=", "xmlns:e=").replace("<Exp", "<e:Exp").replace("</Exp", "</e:Exp")
    for tag in ("Salles", "Eleves"):
        text = text.replace(f"<{tag}>", f"<e:{tag}>").replace(f"</{tag}>", f"</e:{tag}>")
    content = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    assert edt.read(content).timetable == variant().timetable
