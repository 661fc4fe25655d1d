"""The textual exports of pupils and their guardians."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats import pronote
from entformats.errors import EntFormatsError, WrongFormat

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "pronote"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not there")


@needs_corpus
def test_the_csv_of_the_corpus_is_read() -> None:
    """Guardians by their number, homonyms apart, an adult without guardian, the parts of a class."""
    pupils = pronote.read_people(CORPUS / "EXP_ELEVE.csv").pupils
    assert len(pupils) == 17
    assert [one.ident for pupil in pupils[:2] for one in pupil.guardians] == ["200", "", "200", ""]
    assert (pupils[2].school_class, pupils[2].class_parts) == ("3C", ("<3C> <LATIN> 3LAT1",))
    assert pupils[2].groups == ("3LAT1",)
    sophies = {one.ident for pupil in pupils for one in pupil.guardians if one.given == "Sophie"}
    assert sophies == {"205", "206"}
    assert pupils[-1].guardians == ()
    assert pupils[12].guardians[0].birth_date == date(1982, 3, 9)


@needs_corpus
def test_the_xml_of_the_corpus_is_read() -> None:
    """The first four pupils, with their national numbers and classes."""
    found = pronote.read_people(CORPUS / "EXP_ELEVE.xml")
    assert [pupil.school_class for pupil in found.pupils] == ["4A", "6B", "3C", "5A"]
    assert found.pupils[0].national_id == "074900011AA"
    assert found.report.problems == ()


def test_telephones_and_dates_are_mended_or_told() -> None:
    """The lost zero comes back; a day that does not exist, and a text, are told; rows without name are left out."""
    text = """NOM;PRENOM;DATE NAISS;R1_NOM;R1_PORTABLENum;R1_X
    A;B;30/02/2010;C;612345678;
    D;E;hier;F;+33 6;
    ;Z;;;;
    ;;;;;"""
    found = pronote.read_people(text.encode("utf-16"))
    assert [pupil.guardians[0].phone for pupil in found.pupils] == ["0612345678", "+33 6"]
    assert [one.slug for one in found.report.problems] == [
        "people_date_unreadable",
        "people_date_unreadable",
        "people_unnamed",
    ]
    assert "A" not in repr(found.pupils[0])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a;b\n1;2",
        b"NOM;PRENOM;MOT DE PASSE\nA;B;x",
        b"<TABLE><Eleves><NOM>A</NOM><MDP/></Eleves></TABLE>",
        b'NOM;PRENOM\n"' + b"a" * 140_000 + b'";b',
    ],
)
def test_what_is_no_list_is_refused(content: bytes) -> None:
    """Neither an empty text, nor one without names, nor one with passwords, nor one with an endless cell is read."""
    with pytest.raises(WrongFormat):
        pronote.read_people(content)


@given(st.binary(max_size=60))
def test_hostile_bytes_give_a_list_or_a_refusal(noise: bytes) -> None:
    """Nothing but the errors of the library is raised."""
    try:
        pronote.read_people(b"NOM;PRENOM;DATE NAISS\nA;B;" + noise)
    except EntFormatsError as error:
        assert str(error)  # noqa: PT017 - either outcome is right
