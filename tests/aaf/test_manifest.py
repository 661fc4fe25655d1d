"""Names of files and header comments."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.aaf import ArchiveName, Category, Degree, Kind, Manifest, PartInfo, parse_archive, parse_name
from entformats.aaf.manifest import announced_degree, parse_comments
from entformats.frozen import FrozenMap

DAY = date(2013, 1, 17)
FULL = "FULL_ENTTSSERVICES_Complet_20130117"
CATEGORIES = ("EtabEducNat", "Eleve", "PersRelEleve", "PersEducNat", "MatiereEducNat", "MefEducNat")
NAMES = [
    *(
        (f"{FULL}_{category}_{part:04}.xml", Kind.COMPLETE, DAY, category, part, None)
        for category in CATEGORIES
        for part in range(2)
    ),
    *((f"clean-{FULL}_PersRelEleve_{part:04}.xml", Kind.COMPLETE, DAY, "PersRelEleve", part, None) for part in (0, 39)),
    ("ENT_Complet_20200101_Eleve_0000.xml", Kind.COMPLETE, date(2020, 1, 1), "Eleve", 0, None),
    ("ENT2DVA-ENT16_Complet_20240916_PersEducNat_0000.xml", Kind.COMPLETE, date(2024, 9, 16), "PersEducNat", 0, None),
    ("ENT_0691670R_Complet_20120504_Eleve_0000.xml", Kind.COMPLETE, date(2012, 5, 4), "Eleve", 0, "0691670R"),
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
    ("tenant_GRENOBLE_Complet_20200101_Eleve_0000.xml", Kind.COMPLETE, date(2020, 1, 1), "Eleve", 0, None),
    ("Complet_20200101_PorteurENT_0000.xml", Kind.COMPLETE, date(2020, 1, 1), "PorteurENT", 0, None),
    ("Complet_20200101_PersAL_0000.xml", Kind.COMPLETE, date(2020, 1, 1), "PersAL", 0, None),
    ("t_a_Complet_20200101_PersHorsAAF_0000.xml", Kind.COMPLETE, date(2020, 1, 1), "PersHorsAAF", 0, None),
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


SECOND, COMPLETE, DELTA = Degree.SECOND, Kind.COMPLETE, Kind.DELTA


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ENT2DVA.20240916.zip", ArchiveName(SECOND, "VA", date(2024, 9, 16), COMPLETE)),
        ("ENT2D.20240916120000-x.tgz", ArchiveName(SECOND, "", date(2024, 9, 16), COMPLETE)),
        ("ENT1DVA.20240917.Delta.tar.gz", ArchiveName(Degree.FIRST, "VA", date(2024, 9, 17), DELTA)),
        ("ent1d_20240917_delta.ZIP", ArchiveName(Degree.FIRST, "", date(2024, 9, 17), DELTA)),
        ("CLG95_GPEI_Complet_20251024.zip", ArchiveName(None, "", date(2025, 10, 24), COMPLETE)),
        ("CLG95_GPEI_Delta_20251103.zip", ArchiveName(None, "", date(2025, 11, 3), DELTA)),
        ("ENT2DVA.99999999.20240916.zip", ArchiveName(SECOND, "VA", date(2024, 9, 16), COMPLETE)),
        ("ENT2DVA.zip", ArchiveName(SECOND, "VA", None, COMPLETE)),
        ("PATIENT2D.zip", None),
        ("photos.zip", None),
        ("ENT2DVA.20240916.xml", None),
        ("", None),
    ],
)
def test_names_of_archives(name: str, found: ArchiveName | None) -> None:
    """Degree, flow, date and kind are read from the name of an archive; any other name is none."""
    assert parse_archive(name) == found


@given(st.text())
def test_any_archive_name_is_read_or_refused(name: str) -> None:
    """No name raises."""
    assert parse_archive(f"{name}.zip") is None or name


def test_where_the_degree_is_announced() -> None:
    """By the name of the file, else by the header; a header that is no degree announces nothing."""
    assert announced_degree("ENT1D_Complet_Eleve_0000.xml", {"degre": "2D"}) is Degree.FIRST
    assert announced_degree("ENT_Complet_Eleve_0000.xml", {"degre": " 2d "}) is Degree.SECOND
    assert announced_degree("ENT_Complet_Eleve_0000.xml", {"degre": "3D"}) is None


def test_the_date_and_the_academies_of_a_manifest() -> None:
    """The archive gives the date where no file has one; academies come from the headers."""
    archive = parse_archive("ENT2DVA.20240916.zip")
    undated = PartInfo("a", parse_name("ENT_Complet_Eleve_0000.xml"), FrozenMap({"codeAcademieExport": "13"}))
    dated = PartInfo("b", parse_name("ENT_Complet_20240915_Eleve_0000.xml"), FrozenMap({"codeAcademieExport": ""}))
    assert Manifest((undated,), archive=archive).dates == (date(2024, 9, 16),)
    assert Manifest((undated, dated), archive=archive).dates == (date(2024, 9, 15),)
    assert Manifest((undated,), archive=parse_archive("ENT2DVA.zip")).dates == ()
    assert Manifest((undated, dated)).academies == ("13",)
