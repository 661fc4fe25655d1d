"""`entformats convert --to ics`: the calendar of one person, class, group or room."""

from __future__ import annotations

import sys
from pathlib import Path

from attrs import frozen

from entformats import Format, edt, identify
from entformats.cli import ExitCode
from entformats.cli.screen import Screen
from entformats.cli.timetables import read_timetable
from entformats.errors import UsageError
from entformats.problems import Severity
from entformats.timetable import find
from entformats.timetable.ical import Privacy, calendar

__all__ = ["Wanted", "publish"]


@frozen
class Wanted:
    """What `entformats convert --to ics` was asked."""

    sources: tuple[Path, ...]
    who: str | None
    output: Path | None
    zone: str
    privacy: Privacy
    school: str | None
    decrypt: edt.Decryptor | None


def publish(wanted: Wanted) -> int:
    """Write one calendar; the problems of the timetable go to standard error."""
    if any(identify(source).format is Format.AAF for source in wanted.sources):
        raise UsageError("an AAF delivery has no lessons: --to ics takes a timetable")
    if not wanted.sources:
        raise UsageError("give at least one file or folder")
    if wanted.who is None:
        raise UsageError("--to ics needs --for, whose calendar it is, as in --for class:6A")
    export = read_timetable(wanted.sources, school=wanted.school, decrypt=wanted.decrypt)
    who = find(export.timetable, wanted.who)
    made = export.produced_at if export.produced_at and export.produced_at.tzinfo else None
    content = calendar(export.timetable, for_=who, zone=wanted.zone, privacy=wanted.privacy, at=made)
    Screen(errors=True).report(export.report)
    if wanted.output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    else:
        wanted.output.write_bytes(content)
    return ExitCode.PROBLEMS if export.report.count(Severity.ERROR) else ExitCode.OK
