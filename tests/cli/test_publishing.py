"""`entformats convert --to ics`: one calendar, nobody named unless asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from entformats import aaf, cli, edt
from entformats.testing import school
from entformats.testing.school import FictitiousSchool
from entformats.timetable import ical


@pytest.fixture(scope="module")
def fictitious() -> FictitiousSchool:
    """Give a small school."""
    return school.generate(5, pupils=30)


@pytest.fixture(scope="module")
def files(fictitious: FictitiousSchool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write its timetable and its delivery."""
    folder = tmp_path_factory.mktemp("publishing")
    ((_, chunks),) = edt.write(fictitious.first)
    (folder / "edt.xml").write_bytes(b"".join(chunks))
    (folder / "aaf").mkdir()
    for name, content in aaf.write(fictitious.directory, exported=fictitious.first_at.date()):
        (folder / "aaf" / name).write_bytes(b"".join(content))
    return folder


def convert(source: Path, *options: str) -> int:
    """Run `entformats convert --to ics`."""
    return cli.run(["convert", str(source), "--to", "ics", *options])


def test_a_calendar_on_standard_output(
    files: Path, fictitious: FictitiousSchool, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The bytes of the library, and nothing else; findings go to standard error."""
    who, school_class = next(iter(fictitious.first.classes.items()))
    code = convert(files / "edt.xml", "--for", f"class:{school_class.name}")
    shown = capsysbinary.readouterr()
    assert code == cli.ExitCode.OK, shown.err
    assert shown.out == ical.calendar(fictitious.first, for_=who)


def test_a_calendar_in_a_file(files: Path, fictitious: FictitiousSchool, tmp_path: Path) -> None:
    """Names of the staff, another zone, a teacher found by name."""
    people = [(who, one.identity) for who, one in fictitious.first.teachers.items()]
    families = [person.family for _, person in people]
    who, person = next((who, person) for who, person in people if families.count(person.family) == 1)
    name = f"teacher:{person.family} {person.given}"
    options = ("--for", name, "--privacy", "staff", "--zone", "Indian/Reunion", "-o", str(tmp_path / "a.ics"))
    assert convert(files / "edt.xml", *options) == cli.ExitCode.OK
    expected = ical.calendar(fictitious.first, for_=who, zone="Indian/Reunion", privacy=ical.Privacy.STAFF)
    assert (tmp_path / "a.ics").read_bytes() == expected


def test_errors_of_the_timetable_are_told(
    files: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The calendar is written all the same; the exit code says that something is wrong."""
    text = (files / "edt.xml").read_text("utf-8").replace('Jour="1"', 'Jour="9"', 1).replace("DatePremierJour", "Date")
    (tmp_path / "edt.xml").write_text(text, "utf-8")
    who = next(line for line in text.split('Classe Ident="')[1:]).partition('"')[0]
    assert convert(tmp_path / "edt.xml", "--for", f"class:{who}") == cli.ExitCode.PROBLEMS
    shown = capsysbinary.readouterr()
    assert shown.out.startswith(b"BEGIN:VCALENDAR")
    assert b"EDT-106" in shown.err


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        ("aaf", ("--for", "class:6A"), "no lessons"),
        ("edt.xml", (), "--for"),
        ("edt.xml", ("--for", "class:9Z"), "nothing in this timetable"),
    ],
)
def test_misuses(
    files: Path, source: str, options: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A delivery, nobody asked for, an unknown name: one line each."""
    assert convert(files / source, *options) == cli.ExitCode.USAGE
    assert message in capsys.readouterr().err
