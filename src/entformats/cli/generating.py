"""`entformats generate`: the files of a fictitious school, to try a program on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from entformats import aaf, edt
from entformats.cli import ExitCode
from entformats.cli.screen import Screen
from entformats.edt import DIALECTS
from entformats.errors import UsageError
from entformats.testing import school

__all__ = ["generate"]

FEWEST = 20


def generate(seed: int, pupils: int, dialects: Iterable[str], output: Path) -> int:
    """Write the AAF delivery of a school, and its two timetables in each dialect, into a folder that holds nothing."""
    wanted = tuple(dialects) or tuple(DIALECTS)
    if pupils < FEWEST:
        raise UsageError(f"--pupils: at least {FEWEST}")
    if unknown := next((one for one in wanted if one not in DIALECTS), None):
        raise UsageError(f"--dialect takes {', '.join(DIALECTS)}, not {unknown!r}")
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise UsageError(f"{output} is not an empty folder")
    screen = Screen()
    for path, chunks in _files(seed, pupils, wanted):
        target = output / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            out.writelines(chunks)
        screen.line(f"{path} ({target.stat().st_size} octets)")
    return ExitCode.OK


def _files(seed: int, pupils: int, dialects: Iterable[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
    made = school.generate(seed, pupils=pupils)
    for name, chunks in aaf.write(made.directory, exported=made.first_at.date()):
        yield f"aaf/{name}", chunks
    for folder, timetable in (("1", made.first), ("2", made.second)):
        for dialect in dialects:
            for name, chunks in edt.write(timetable, dialect=dialect):
                yield f"{dialect}-{folder}/{name}", chunks
