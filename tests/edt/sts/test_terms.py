"""Nomenclatures of STS-Web and SIECLE, typed (sts 2.2, 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entformats import edt

if TYPE_CHECKING:
    from collections.abc import Callable

    Variant = Callable[..., edt.Export]


def test_those_of_the_samples(sample: Callable[..., edt.Export]) -> None:
    """Codes and labels, hours as minutes; the same MEF and subject may have two modalities, and that is two rows."""
    found = edt.nomenclatures(sample("sts_emp_0740000Y_2022.xml", "Nomenclature.xml").timetable)
    assert found.of("CIVILITE")["2"].short_label
    assert found.of("MOD_COURS")["CG"].label == "COURS GENERAL"
    assert found.of("MEFSTAT4")
    assert found.of("REGIME")
    assert found.of("LIEN_PARENTE")
    assert found.of("MEF")["10110001110"].printed_label == "5ème"
    assert {one.kind for one in found.terms}.isdisjoint({"MATIERE", "PROGRAMME", "OPTION_OBLIGATOIRE"})
    twice = [one for one in found.programmes if (one.mef, one.subject) == ("10310019110", "061300") and one.modality]
    assert sorted(one.modality for one in twice) == ["F", "S"]
    assert all(one.minutes is not None for one in found.programmes if one.modality)
    assert {one.rank for one in found.compulsory_options} == {1, 2}
    assert repr(found).startswith("<Nomenclatures ")


def test_the_first_of_one_code_is_that_of_sts(variant: Variant) -> None:
    """Where both files have a MEF, both are there, and `of` gives that of `sts_emp`."""
    mefs = '<MEFS><MEF CODE="10010012110"><LIBELLE_LONG>SIXIEME</LIBELLE_LONG></MEF></MEFS></NOMENCLATURES>'
    found = edt.nomenclatures(variant(("sts_emp", "</NOMENCLATURES>", mefs)).timetable)
    assert [one.label for one in found.terms if one.kind == "MEF"] == ["SIXIEME", "6EME"]
    assert found.of("MEF")["10010012110"].label == "SIXIEME"


def test_texts_that_are_no_numbers(variant: Variant) -> None:
    """Hours and ranks that cannot be read are None."""
    lists = (
        "<PROGRAMMES><PROGRAMME><CODE_MEF>1</CODE_MEF><HORAIRE>trois</HORAIRE></PROGRAMME></PROGRAMMES>"
        "<OPTIONS_OBLIGATOIRES><OPTION_OBLIGATOIRE><CODE_MEF>1</CODE_MEF><RANG_OPTION>LV1</RANG_OPTION>"
        "</OPTION_OBLIGATOIRE></OPTIONS_OBLIGATOIRES></DONNEES>"
    )
    found = edt.nomenclatures(variant(("nomenclature", "</DONNEES>", lists)).timetable)
    assert [(one.mef, one.minutes) for one in found.programmes] == [("1", None)]
    assert [(one.mef, one.rank) for one in found.compulsory_options] == [("1", None)]
