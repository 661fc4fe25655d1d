"""Deliveries of several academies in one source: folders, their list, and identifiers prefixed by their names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from attrs import evolve

from entformats.aaf import Category, Delete, Delivery, Modify, read, references, write
from entformats.aaf.folders import Folders
from entformats.codes.jointure import Jointure
from entformats.errors import LimitExceeded
from entformats.limits import Limits
from entformats.testing.school import generate, primary

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]
LIST = "importDirectories.json"


def slugs(delivery: Delivery) -> list[str]:
    """Give the slugs found."""
    return [one.slug for one in delivery.report.problems]


@pytest.fixture
def academies(document: Files, add: Texts) -> dict[str, bytes]:
    """Two academies that number two schools and two pupils alike."""
    files = {}
    for folder, name in (("AIX", "ALPHA"), ("NICE", "BETA")):
        school = add("EtabEducNat", "61001", ENTStructureUAI="0749999S" if folder == "AIX" else "0061234J")
        pupil = add(key="310", sn=name, ENTEleveClasses="61001$6A", ENTElevePersRelEleve="340$10$1$1$1$0")
        files[f"{folder}/ENT_Complet_20240916_EtabEducNat_0000.xml"] = document(school)
        files[f"{folder}/ENT_Complet_20240916_Eleve_0000.xml"] = document(pupil)
        files[f"{folder}/ENT_Complet_20240916_PersRelEleve_0000.xml"] = document(add("PersRelEleve", "340"))
    return files


def test_two_academies_without_prefix(academies: dict[str, bytes]) -> None:
    """By default identifiers are left as they are: several deliveries are a finding, and so is each double."""
    delivery = read(academies)
    assert slugs(delivery).count("duplicate_identifier") == 3
    assert [dict(one.params) for one in delivery.report.problems if one.slug == "several_deliveries"] == [
        {"folders": 2}
    ]
    assert len(delivery.directory.pupils) == 1


def test_two_academies_with_prefixes(academies: dict[str, bytes]) -> None:
    """With prefixes nobody is lost: every identifier begins with the folder, references included, and resolves."""
    delivery = read(academies, prefix_keys=True)
    assert slugs(delivery) == []
    assert {key: one.family for key, one in delivery.directory.pupils.items()} == {
        "AIX-310": "ALPHA",
        "NICE-310": "BETA",
    }
    pupil = delivery.directory.pupils[Jointure("NICE-310")]
    assert (pupil.school, pupil.classes[0].school, pupil.relations[0].person) == (
        "NICE-61001",
        "NICE-61001",
        "NICE-340",
    )
    assert set(delivery.directory.school("0061234J").guardians) == {"NICE-340"}
    place = delivery.where(Jointure("NICE-310"))
    assert (place.file, place.key) == ("ENT_Complet_20240916_Eleve_0000.xml", "NICE-310")


@pytest.mark.parametrize("school", [generate(5, pupils=20).directory, primary(5, pupils=12)], ids=["2D", "1D"])
def test_prefixes_are_on_every_reference(school: object) -> None:
    """Of a whole school, in either degree, prefixed references are the references with the prefix."""
    headers = {"degre": "1D" if not school.mefs else "2D"}  # type: ignore[attr-defined]  # a directory
    files = {f"A B/{name}": b"".join(content) for name, content in write(school, headers=headers)}  # type: ignore[arg-type]  # idem
    plain, prefixed = read(files), read(files, prefix_keys=True)
    assert slugs(prefixed) == slugs(plain)

    def named(delivery: Delivery, prefix: str) -> set[tuple[str, str, str]]:
        return {(one.attribute, prefix + one.key, prefix + one.target) for one in references(delivery.directory)}

    assert named(prefixed, "") == named(plain, "A_B-")


def test_prefixes_of_what_is_kept_as_text(document: Files, add: Texts) -> None:
    """Repeated values keep their prefix when they are written back; what cannot be read, and plain text, stay."""
    source = document(
        add(
            key="310",
            ENTEleveGroupes=["61001$G", "61001$G"],
            ENTEleveClasses=["?", "61001$6A"],
            ENTPersonAutresPrenoms=["A", "A"],
            ENTNouveau="x",
        )
    )
    pupil = read({"d/ENT_Complet_Eleve_0000.xml": source}, prefix_keys=True).directory.pupils[Jointure("d-310")]
    assert dict(pupil.extra) == {
        "ENTEleveGroupes": ("d-61001$G", "d-61001$G"),
        "ENTEleveClasses": ("?", "d-61001$6A"),
        "ENTPersonAutresPrenoms": ("A", "A"),
        "ENTNouveau": ("x",),
    }


def test_prefixes_of_a_delta(document: Files, request_text: Texts) -> None:
    """Modifications and deletions are prefixed too."""
    content = (
        '<modifications><modification name="ENTEleveMEF" operation="replace"><value>1</value></modification>'
        '<modification name="ENTEleveRegime" operation="replace"><value>E</value></modification>'
        '<modification name="ENTPersonStructRattach" operation="replace"><value/></modification></modifications>'
    )
    texts = request_text("modifyRequest", "Eleve", "310", content), request_text("deleteRequest", "Eleve", "311")
    modify, delete = read({"d/ENT_Delta_Eleve_0000.xml": document(*texts)}, prefix_keys=True).changes
    assert isinstance(modify, Modify)
    assert isinstance(delete, Delete)
    assert (modify.key, delete.key, delete.category) == ("d-310", "d-311", Category.PUPILS)
    assert dict(modify.changes) == {"mef": "d-1", "regime": "E", "school": None}


def test_a_file_beside_the_folders_has_no_prefix(document: Files, add: Texts, academies: dict[str, bytes]) -> None:
    """What is in no folder is read as it is."""
    files = {**academies, "ENT_Complet_20240916_Eleve_0001.xml": document(add(key="9"))}
    assert set(read(files, prefix_keys=True).directory.pupils) == {"AIX-310", "NICE-310", "9"}


def test_one_folder_gives_its_name(academies: dict[str, bytes]) -> None:
    """A lone delivery below a parent has the prefix of its folder; without prefixes it is no finding."""
    lone = {f"region/{name}": content for name, content in academies.items() if name.startswith("AIX")}
    assert set(read(lone, prefix_keys=True).directory.pupils) == {"AIX-310"}
    assert slugs(read(lone)) == []


def test_the_list_of_folders(academies: dict[str, bytes]) -> None:
    """Only the folders of the list are read; one that it does not have, or that is not there, is a finding."""
    delivery = read({**academies, LIST: b'["AIX", "CORSE/"]'}, prefix_keys=True)
    found = [(one.slug, dict(one.params)) for one in delivery.report.problems]
    assert found == [("unlisted_folder", {"folder": "NICE"}), ("listed_folder_absent", {"folder": "CORSE"})]
    assert set(delivery.directory.pupils) == {"AIX-310"}
    assert delivery.manifest.incomplete == frozenset(Category)
    whole = read({f"region/{name}": content for name, content in {**academies, LIST: b'["AIX", "NICE"]'}.items()})
    assert "several_deliveries" in slugs(whole)
    assert whole.manifest.incomplete == frozenset()


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"a": 1}', b"[1]", b"[" * 50_000, b'["\xff"]', b'["a"]' + b" " * 70_000]
)
def test_a_list_that_is_none(academies: dict[str, bytes], content: bytes) -> None:
    """A list that cannot be read is a finding; all the folders are read."""
    delivery = read({**academies, LIST: content}, prefix_keys=True)
    assert slugs(delivery) == ["unreadable_folder_list"]
    assert len(delivery.directory.pupils) == 2


def test_the_list_counts_in_the_limits(academies: dict[str, bytes]) -> None:
    """A limit on the whole source stops the reading of the list too."""
    with pytest.raises(LimitExceeded):
        read({**academies, LIST: b" " * 60_000}, limits=evolve(Limits(), total_bytes=50_000))


def test_academies_of_the_headers(document: Files, add: Texts) -> None:
    """Two academy codes in one delivery are a finding, unless their identifiers are prefixed."""
    headers = ['<!-- codeAcademieExport="13" -->', '<!-- codeAcademieExport="23" -->']
    files = {
        f"{folder}/ENT_Complet_{category}_0000.xml": document(header, text)
        for folder, category, header, text in zip(
            "ab", ("Eleve", "EtabEducNat"), headers, (add(), add("EtabEducNat", "61001")), strict=True
        )
    }
    delivery = read(files)
    assert [dict(one.params) for one in delivery.report.problems if one.slug == "several_academies"] == [
        {"academies": "13, 23"}
    ]
    assert "several_academies" not in slugs(read(files, prefix_keys=True))


def test_parts_are_counted_in_each_folder(document: Files, add: Texts) -> None:
    """A number missing in one folder is missing, whatever the other one has."""
    files = {
        "a/ENT_Complet_Eleve_0000.xml": document(add(key="1")),
        "a/ENT_Complet_Eleve_0002.xml": document(add(key="2")),
        "b/ENT_Complet_Eleve_0000.xml": document(add(key="3")),
        "b/ENT_Complet_Eleve_0001.xml": document(add(key="4")),
    }
    found = [dict(one.params) for one in read(files).report.problems if one.slug == "missing_part"]
    assert found == [{"category": "Eleve", "part": 1}]


def test_folders_of_a_parent_on_disk(academies: Mapping[str, bytes], tmp_path: Path) -> None:
    """A parent folder of the disk, and a zip of it, are read alike."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in academies.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(content)
            archive.writestr(name, content)
    first = read(tmp_path, prefix_keys=True)
    assert first.directory == read(buffer.getvalue(), prefix_keys=True).directory
    assert len(first.directory.pupils) == 2


def test_an_archive_tells_its_name(document: Files, add: Texts, tmp_path: Path) -> None:
    """The name of an archive is in the manifest; where its files say otherwise they win, with a finding."""
    path = tmp_path / "ENT1DVA.20240917.Delta.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/ENT_Complet_Eleve_0000.xml", document(add()))
    delivery = read(path)
    assert delivery.manifest.archive is not None
    assert str(delivery.manifest.archive.date) == "2024-09-17"
    assert [str(day) for day in delivery.manifest.dates] == ["2024-09-17"]
    assert delivery.complete
    assert {"archive_mismatch", "degree_mismatch"} <= set(slugs(delivery))
    with path.open("rb") as file:
        assert read(file).manifest.archive == delivery.manifest.archive
    assert read(path.read_bytes()).manifest.archive is None


def test_a_delta_told_by_its_archive_only(document: Files, add: Texts, tmp_path: Path) -> None:
    """Files without a name of AAF, in an archive of differences, are no complete delivery: nobody leaves."""
    for name, complete in (("ENT2DVA.20240917.Delta.zip", False), ("ENT2DVA.20240917.zip", True)):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("eleves.xml", document(add()))
        assert read(tmp_path / name).complete is complete


def test_a_file_without_record(document: Files, add: Texts) -> None:
    """An empty file of a complete delivery is a finding, of a delta it is usual."""
    files = {"ENT_Complet_Eleve_0000.xml": document(add()), "ENT_Complet_PersEducNat_0000.xml": document()}
    delivery = read(files)
    (found,) = (one for one in delivery.report.problems if one.slug == "empty_part")
    assert (found.where.file, dict(found.params)) == ("ENT_Complet_PersEducNat_0000.xml", {"category": "PersEducNat"})
    assert Category.STAFF in delivery.manifest.categories
    assert slugs(read({"ENT_Delta_PersEducNat_0000.xml": document()})) == []


def test_a_path_outside_of_the_root() -> None:
    """What is not below the parent belongs to no folder."""
    folders = Folders(("region",), frozenset({"AIX"}))
    assert [folders.of(path) for path in ("other/AIX/x.xml", "x.xml", "region/AIX/deep/x.xml")] == ["", "", "AIX"]
    assert [folders.reads(path) for path in ("x.xml", "region/AIX/x.xml", "region/NICE/x.xml")] == [True, True, False]
