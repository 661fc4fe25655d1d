"""`entformats generate`: files that every other command takes, the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from entformats import aaf, edt
from entformats.cli import ExitCode, run
from entformats.testing import school


def content(folder: Path) -> dict[str, bytes]:
    """Read everything below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_files_of_a_school(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A delivery and two timetables in each dialect, which are those of the generator."""
    assert run(["generate", str(tmp_path / "a"), "--seed", "3", "--pupils", "30"]) == ExitCode.OK
    shown = capsys.readouterr().out.splitlines()
    made, written = school.generate(3, pupils=30), content(tmp_path / "a")
    assert [line.partition(" (")[0] for line in shown] == list(dict.fromkeys(line.partition(" (")[0] for line in shown))
    assert {line.partition(" (")[0] for line in shown} == set(written)
    assert {name.partition("/")[0] for name in written} == {"aaf", "edt-1", "edt-2", "udt-1", "udt-2", "sts-1", "sts-2"}
    assert aaf.read(tmp_path / "a" / "aaf").directory == aaf.read(dict(_joined(made))).directory
    assert edt.read(tmp_path / "a" / "edt-2").timetable.classes == made.second.classes
    assert run(["generate", str(tmp_path / "b"), "--seed", "3", "--pupils", "30", "--dialect", "edt"]) == ExitCode.OK
    again = content(tmp_path / "b")
    assert again == {name: data for name, data in written.items() if not name.startswith(("udt", "sts"))}


def _joined(made: school.FictitiousSchool) -> dict[str, bytes]:
    written = aaf.write(made.directory, exported=made.first_at.date())
    return {name: b"".join(chunks) for name, chunks in written}


@pytest.mark.parametrize("options", [["--pupils", "3"], ["--dialect", "hyperplanning"]])
def test_what_cannot_be_made(tmp_path: Path, options: list[str]) -> None:
    """Too few pupils, a dialect that does not exist."""
    assert run(["generate", str(tmp_path / "a"), *options]) == ExitCode.USAGE
    assert not (tmp_path / "a").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder with files, or a file, is left as it is."""
    (tmp_path / "mine.xml").write_bytes(b"mine")
    assert run(["generate", str(tmp_path)]) == ExitCode.USAGE
    assert run(["generate", str(tmp_path / "mine.xml")]) == ExitCode.USAGE
    assert content(tmp_path) == {"mine.xml": b"mine"}
