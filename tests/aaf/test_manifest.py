"""Names of files and header comments."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.aaf import Category, Kind, Manifest, PartInfo, parse_name
from entformats.aaf.manifest import parse_comments
from entformats.frozen import FrozenMap

NAMES = [
    ("FULL_ENTTSSERVICES_Complet_20130117_Eleve_0001.xml", Kind.COMPLETE, date(2013, 1, 17), "Eleve", 1, None),
    (
        "clean-FULL_ENTTSSERVICES_Complet_20130117_PersRelEleve_0039.xml",
        Kind.COMPLETE,
        date(2013, 1, 17),
        "PersRelEleve",
        39,
        None,
    ),
    ("ENT_Complet_20200101_Eleve_0000.xml", Kind.COMPLETE, date(2020, 1, 1), "Eleve", 0, None),
    ("ENT2DVA-ENT16_Complet_20240916_PersEducNat_0000.xml", Kind.COMPLETE, date(2024, 9, 16), "PersEducNat", 0, None),
    ("ENT_0691670R_Delta_20120511_Eleve_0000.xml", Kind.DELTA, date(2012, 5, 11), "Eleve", 0, "0691670R"),
    (
        "EnvOLE_ENT2DVA_0940072T_Complet_20180830_PersEducNat_0000.xml",
        Kind.COMPLETE,
        date(2018, 8, 30),
        "PersEducNat",
        0,
        "0940072T",
    ),
    ("ENT_Complet_Eleve_0000.xml", Kind.COMPLETE, None, "Eleve", 0, None),
    ("ENT_IT_Complet_EtabEducNat_0001.xml", Kind.COMPLETE, None, "EtabEducNat", 1, None),
    ("Complet_20200101_PorteurENT_0000.xml", Kind.COMPLETE, date(2020, 1, 1), "PorteurENT", 0, None),
    ("CLG_GPEI_Complet_20251024_InfosEducNat_0000.xml", Kind.COMPLETE, date(2025, 10, 24), "InfosEducNat", 0, None),
    ("ent_complet_20201301_eleve_0000.XML", Kind.COMPLETE, None, "Eleve", 0, None),
]


@pytest.mark.parametrize(("name", "kind", "day", "announced", "part", "uai"), NAMES)
def test_names_that_were_met(
    name: str, kind: Kind, day: date | None, announced: str, part: int, uai: str | None
) -> None:
    """Every name of the format page is decomposed."""
    found = parse_name(name)
    assert found is not None
    assert (found.kind, found.date, found.announced, found.part, found.uai) == (kind, day, announced, part, uai)
    assert name.startswith(found.prefix)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Eleve_0000.xml",
        "ENT_Complet_Eleve_0000.txt",
        "ENT_Complet_Eleve_00.xml",
        "ENTComplet_Eleve_0000.xml",
        "x.dtd",
        "ENT_Complet_Martien_0000.xml",
    ],
)
def test_names_of_other_files(name: str) -> None:
    """Any other name is none of AAF."""
    assert parse_name(name) is None


def test_relatives_are_not_taken_for_pupils() -> None:
    """`PersRelEleve_` contains `Eleve_`: the whole token counts."""
    found = parse_name("ENT_Complet_PersRelEleve_0000.xml")
    assert found is not None
    assert found.category is Category.GUARDIANS


@given(st.text())
def test_any_name_is_read_or_refused(name: str) -> None:
    """No file name raises."""
    assert parse_name(name) is None or name.lower().endswith(".xml")


def test_header_comments() -> None:
    """The five comments of a recent header are read, free text is not."""
    comments = (' versionAF="AAF-VE2407" ', 'versionSDET="Annexe 4bis version 6.4"', "hello", ' degre = "2D"')
    assert dict(parse_comments(comments)) == {"versionAF": "AAF-VE2407", "versionSDET": "Annexe 4bis version 6.4"}


def test_what_a_manifest_says() -> None:
    """Kinds, dates and versions are gathered over the files, without repetition."""
    headers = FrozenMap({"versionAF": "AAF-VE2407"})
    names = [
        "ENT_Complet_20240916_Eleve_0000.xml",
        "ENT_Delta_20240917_Eleve_0000.xml",
        "ENT_Delta_Eleve_0000.xml",
        "mix.xml",
    ]
    manifest = Manifest(tuple(PartInfo(name, parse_name(name), headers) for name in names))
    assert manifest.kinds == {Kind.COMPLETE, Kind.DELTA}
    assert manifest.dates == (date(2024, 9, 16), date(2024, 9, 17))
    assert manifest.versions == ("AAF-VE2407",)
