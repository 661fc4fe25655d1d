"""Which files are read together, and what is said of those that are not, or that are missing."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest

import entformats
from entformats import edt
from entformats.errors import LimitExceeded, UnreadableInput, WrongFormat
from entformats.identity import Ref
from entformats.limits import Limits
from entformats.problems import Severity, entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Variant = Callable[..., edt.Export]


def zipped(files: dict[str, bytes]) -> bytes:
    """Pack files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def found(export: edt.Export) -> list[str]:
    """List what was found."""
    return sorted(problem.slug for problem in export.report.problems)


def test_nothing_is_found_in_the_small_files(small: dict[str, bytes]) -> None:
    """They are the ground that the other tests spoil."""
    assert found(edt.read(small)) == []


def test_every_way_of_giving_files(small: dict[str, bytes], tmp_path: Path) -> None:
    """A folder, a zip, zips of one file each, paths, file objects and bytes: always the same timetable."""
    expected = edt.read(small).timetable
    for name, content in small.items():
        (tmp_path / name).write_bytes(content)
    paths = [tmp_path / name for name in small]
    assert edt.read(tmp_path).timetable == expected
    assert edt.read(zipped(small)).timetable == expected
    assert edt.read([zipped({name: content}) for name, content in small.items()]).timetable == expected
    assert edt.read(paths).timetable == expected
    assert edt.read(tuple(str(path) for path in reversed(paths))).timetable == expected
    assert edt.read([io.BytesIO(content) for content in small.values()]).timetable == expected
    assert edt.read(list(small.values())).timetable == expected
    read = entformats.read(tmp_path)
    assert isinstance(read, edt.Export)
    assert read.timetable == expected


def test_a_list_of_chunks_is_one_file(small: dict[str, bytes]) -> None:
    """Only what begins as a file is one."""
    content = small["sts_emp.xml"]
    cut = [content[at : at + 100] for at in range(0, len(content), 100)]
    assert edt.read(cut).timetable == edt.read(content).timetable


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("sts_emp", ["sts_lessons_missing", "sts_pupils_missing"]),
        ("emp_sts", ["sts_names_missing", "sts_pupils_missing"]),
        ("eleves", ["sts_timetable_missing"]),
        ("structures", ["sts_pupils_missing", "sts_timetable_missing"]),
        ("nomenclature", ["sts_pupils_missing", "sts_timetable_missing"]),
        ("responsables", ["sts_pupils_missing", "sts_timetable_missing"]),
        ("sts_emp emp_sts", ["sts_pupils_missing"]),
        ("sts_emp emp_sts eleves", []),
    ],
)
def test_a_lone_file_says_what_is_missing(variant: Variant, names: str, expected: list[str]) -> None:
    """It is a part of a timetable, of the right school and year."""
    export = variant(only=names)
    assert found(export) == expected
    assert (export.timetable.uai, export.timetable.school_year) == ("0749999S", 2022)


def test_each_lone_file_gives_its_part(variant: Variant) -> None:
    """Lessons without names, names without lessons, pupils in classes that nothing else declares."""
    up, down, pupils = (variant(only=name).timetable for name in ("emp_sts", "sts_emp", "eleves"))
    assert (len(up.weekly_lessons), {one.identity.family for one in up.teachers.values()}) == (3, {""})
    assert (len(down.weekly_lessons), len(down.services), len(down.staff)) == (0, 2, 1)
    assert {name: len(pupils.members(name, on=date(2022, 10, 3))) for name in pupils.classes} == {"class:6A": 2}
    guardians = variant(only="responsables").timetable.guardians
    assert guardians[Ref("guardian:90")].extra["ELEVE/360/CODE_PARENTE"] == ("10",)


@pytest.mark.parametrize("names", [("a.xml", "b.xml"), ("emp_sts_0749999S_2022.xml", "sts_emp_0749999S_2022.xml")])
def test_the_same_file_twice(small: dict[str, bytes], names: tuple[str, str]) -> None:
    """It is refused by name, and read once."""
    content = small["sts_emp.xml"]
    export = edt.read(dict.fromkeys(names, content))
    [twice] = export.report.of_slug("sts_file_twice")
    assert (twice.where.file, dict(twice.params)) == (names[1], {"root": "STS_EDT", "other": names[0]})
    assert twice.severity is Severity.ERROR
    assert export.timetable == edt.read(content).timetable


@pytest.mark.parametrize(
    ("name", "content", "root", "expected"),
    [("emp_sts_x.xml", "sts_emp.xml", "STS_EDT", "EDT_STS"), ("STS_EMP_x.xml", "emp_sts.xml", "EDT_STS", "STS_EDT")],
)
def test_one_direction_handed_for_the_other(
    small: dict[str, bytes], name: str, content: str, root: str, expected: str
) -> None:
    """The message says which file it is, and which one its name announces."""
    export = edt.read({name: small[content]})
    [wrong] = export.report.of_slug("sts_wrong_direction")
    assert dict(wrong.params) == {"root": root, "expected": expected}
    assert "anagrammes" in entry("sts_wrong_direction").fr.explanation


def test_two_files_of_one_kind(small: dict[str, bytes]) -> None:
    """The second is left out; which one does not depend on the order."""
    other = small["sts_emp.xml"].replace(b"VALMOND", b"AUTRE")
    for order in (("a.xml", "b.xml"), ("b.xml", "a.xml")):
        contents = {"a.xml": small["sts_emp.xml"], "b.xml": other}
        export = edt.read({name: contents[name] for name in order})
        [twice] = export.report.of_slug("sts_kind_twice")
        assert (twice.where.file, twice.params["other"]) == ("b.xml", "a.xml")
        assert export.timetable == edt.read(small["sts_emp.xml"]).timetable


def test_another_school_and_another_year(variant: Variant) -> None:
    """The odd file is left out, as an error; the others are joined without it."""
    school = variant(("emp_sts", "0749999S", "0740000Y"))
    [odd] = school.report.of_slug("sts_other_school")
    assert (odd.where.file, dict(odd.params)) == ("emp_sts.xml", {"expected": "0749999S", "found": "0740000Y"})
    year = variant(("emp_sts", "<ANNEE_SCOLAIRE>2022", "<ANNEE_SCOLAIRE>2021"))
    [odd] = year.report.of_slug("sts_other_year")
    assert (odd.where.file, dict(odd.params)) == ("emp_sts.xml", {"expected": 2022, "found": 2021})
    assert school.timetable == year.timetable
    assert school.timetable.weekly_lessons == ()


def test_the_school_asked_for_is_kept(small: dict[str, bytes]) -> None:
    """Of files of two schools, those of the one asked for; where there is none, that is an error."""
    files = {**small, "sts_emp.xml": small["sts_emp.xml"].replace(b"0749999S", b"0740000Y")}
    assert edt.read(files, uai="0740000Y").timetable.uai == "0740000Y"
    other = edt.read(small, uai="0740000Y")
    assert dict(other.report.of_slug("unexpected_uai")[0].params) == {"expected": "0740000Y", "found": "0749999S"}


def test_files_that_do_not_say_their_school_agree_with_any(variant: Variant) -> None:
    """Without school or year a file goes with the others; no school at all is an error."""
    export = variant(("emp_sts", "<UAJ>0749999S</UAJ><ANNEE_SCOLAIRE>2022</ANNEE_SCOLAIRE>", ""))
    assert found(export) == []
    assert len(export.timetable.weekly_lessons) == 3
    nameless = variant(
        ("nomenclature", "<UAJ>0749999S</UAJ><ANNEE_SCOLAIRE>2022</ANNEE_SCOLAIRE>", ""), only="nomenclature"
    )
    assert "timetable_uai_invalid" in found(nameless)
    assert nameless.timetable.first_monday is None


def test_roots_count_in_any_letter_case(small: dict[str, bytes]) -> None:
    """And the other names of the roots of SIECLE too."""
    content = small["sts_emp.xml"].replace(b"STS_EDT>", b"sts_Edt>")
    assert edt.read(content).timetable == edt.read(small["sts_emp.xml"]).timetable
    other = small["eleves.xml"].replace(b"BEE_ELEVES", b"BEE_EPHC_ELEVES")
    assert len(edt.read(other).timetable.pupils) == 2


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"<BEE_COMMUN/>", "sts_file_unused"),
        (b"<IMPORT_ELEVES VERSION='3.1'/>", "sts_file_unused"),
        (b"<BEE_AUTRE/>", "sts_wrong_file"),
    ],
)
def test_a_file_of_siecle_without_timetable(small: dict[str, bytes], content: bytes, slug: str) -> None:
    """Alone it is refused by name; beside others it is left out."""
    with pytest.raises(WrongFormat) as refusal:
        edt.read(content)
    assert refusal.value.problem.slug == slug
    assert found(edt.read({**small, "z.xml": content})) == ["sts_file_left_out"]


def test_what_is_no_xml_is_left_out(small: dict[str, bytes]) -> None:
    """A note beside the files is no damage."""
    assert found(edt.read({**small, "LISEZMOI.txt": b"Bonjour"})) == ["sts_file_left_out"]


def test_a_damaged_file_among_others_is_an_error(small: dict[str, bytes]) -> None:
    """The others are read; alone, or where all are damaged, there is nothing to read."""
    cut = small["emp_sts.xml"][:900]
    export = edt.read({**small, "emp_sts.xml": cut})
    assert "xml_truncated" in found(export)
    assert len(export.timetable.pupils) == 2
    for source in (cut, {"a.xml": cut, "b.xml": b"Bonjour"}):
        with pytest.raises(UnreadableInput) as refusal:
            edt.read(source)
        assert refusal.value.problem.slug == "xml_truncated"


def test_several_files_none_of_which_is_ours() -> None:
    """One file was expected."""
    with pytest.raises(UnreadableInput) as refusal:
        edt.read({"a.xml": b"<a/>", "b.xml": b"<b/>"})
    assert refusal.value.problem.slug == "io_not_one_file"


def test_limits_stop_the_reading(small: dict[str, bytes]) -> None:
    """A limit is no damage of one file: it always stops."""
    with pytest.raises(LimitExceeded):
        edt.read(small, limits=Limits(total_bytes=500))
    with pytest.raises(LimitExceeded):
        edt.read(small["eleves.xml"], limits=Limits(record_elements=1))


def test_unknown_names_are_bounded(small: dict[str, bytes]) -> None:
    """So many distinct names are remembered of a file, not more."""
    odd = "".join(f"<X{number}/>" for number in range(9)).encode()
    content = small["eleves.xml"].replace(b"<ELEVES>", b"<ELEVES>" + odd)
    export = edt.read(content, limits=Limits(unknown_names=4))
    assert len(export.report.of_slug("sts_content_unknown")) == 4
