"""`entformats convert`: JSON Lines on standard output or in a file, CSV tables in a folder."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal, TextIO, assert_never

from entformats import Format, aaf, edt, identify
from entformats.aaf import export
from entformats.aaf.table import Category
from entformats.cli import ExitCode
from entformats.cli.screen import Screen
from entformats.cli.streams import requests
from entformats.cli.timetables import is_timetable, read_timetable, write_lines, write_tables
from entformats.errors import UsageError
from entformats.problems import Findings, Problem, Severity

__all__ = ["Target", "convert"]

Target = Literal["jsonl", "csv"]


def convert(
    sources: tuple[Path, ...],
    to: Target,
    output: Path | None,
    *,
    school: str | None = None,
    decrypt: edt.Decryptor | None = None,
) -> int:
    """Convert an AAF delivery of any size, or a timetable, of one file or several; problems go to standard error."""
    if not sources:
        raise UsageError("give at least one file or folder")
    if to == "csv" and output is None:
        raise UsageError("--to csv needs --output FOLDER: one file a table")
    if all(map(is_timetable, sources)):
        return _timetable(read_timetable(sources, school=school, decrypt=decrypt), output, to)
    if len(sources) > 1 or identify(sources[0]).format is not Format.AAF:
        names = ", ".join(source.name for source in sources)
        raise UsageError(f"{names}: one AAF delivery is converted, or the files of one timetable")
    if output is not None and to == "csv":
        return _tables(sources[0], output)
    with _opened(output) as stream:
        return _json_lines(sources[0], stream)


def _timetable(export: edt.Export, output: Path | None, to: Target) -> int:
    if output is not None and to == "csv":
        output.mkdir(parents=True, exist_ok=True)
        write_tables(export.timetable, output)
    else:
        with _opened(output) as stream:
            write_lines(export.timetable, stream)
    Screen(errors=True).report(export.report)
    return ExitCode.PROBLEMS if export.report.count(Severity.ERROR) else ExitCode.OK


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
    else:
        with output.open("w", encoding="utf-8") as stream:
            yield stream


def _json_lines(source: Path, stream: TextIO) -> int:
    found = Findings()
    for item in requests(source):
        if isinstance(item, Problem):
            found.add(item)
        else:
            stream.write(json.dumps(export.as_json(item), ensure_ascii=False) + "\n")
    return _reported(found)


def _reported(found: Findings) -> int:
    """Show on standard error what was found, by code."""
    report = found.report()
    Screen(errors=True).report(report)
    return ExitCode.PROBLEMS if report.count(Severity.ERROR) else ExitCode.OK


def _tables(source: Path, folder: Path) -> int:
    """Write the records of a complete delivery; a modification or a deletion is no row of a table."""
    found = Findings()
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        writers = {table: _writer(files, folder / f"{table}.csv", columns) for table, columns in _columns()}
        for item in requests(source):
            match item:
                case Problem():
                    found.add(item)
                case aaf.Add(record=record):
                    for table, row in export.as_rows(record):
                        writers[table].write(row)
                case aaf.Modify() | aaf.Delete():
                    raise UsageError("a delta has no tables: convert it to jsonl")
                case _ as never:
                    assert_never(never)
    return _reported(found)


def _columns() -> Iterator[tuple[str, export.Row]]:
    for category in Category:
        yield from export.columns(category).items()


class _Table:
    """Fichier CSV d'une table."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)

    def write(self, row: export.Row) -> None:
        """Write one row."""
        self._writer.writerow(row)


def _writer(files: ExitStack, path: Path, columns: export.Row) -> _Table:
    table = _Table(files.enter_context(path.open("w", encoding="utf-8", newline="")))
    table.write(columns)
    return table
