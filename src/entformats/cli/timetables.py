"""Timetables given on the command line: one export, or the several files of one school."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from entformats import Format, edt, identify
from entformats.cli.screen import watched
from entformats.timetable import Timetable, export

__all__ = ["is_timetable", "read_timetable", "write_lines", "write_tables"]

TIMETABLES = frozenset({Format.EDT, Format.UDT, Format.STS, Format.SIECLE})


def is_timetable(path: Path) -> bool:
    """Tell whether a file, a folder or an archive is an export of a timetable, by its content."""
    return identify(path).format in TIMETABLES


def read_timetable(
    paths: Sequence[Path], *, school: str | None = None, decrypt: edt.Decryptor | None = None
) -> edt.Export:
    """Read one export, or several files as one; a bar says how far, where standard error is a terminal."""
    if len(paths) == 1:
        return edt.read(watched(paths[0]), uai=school, decrypt=decrypt)
    return edt.read([watched(path) for path in paths], uai=school, decrypt=decrypt)


def write_lines(timetable: Timetable, stream: TextIO) -> None:
    """Write each entity as one line of JSON."""
    told = (export.to_json(table, key, entity) for table, key, entity in export.entities(timetable))
    stream.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in told)


def write_tables(timetable: Timetable, folder: Path) -> None:
    """Write each table as one CSV file, headers first, even where it is empty."""
    with ExitStack() as files:
        writers = {}
        for table in export.TABLES:
            for name, columns in export.columns(table).items():
                file = files.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
                writers[name] = csv.writer(file)
                writers[name].writerow(columns)
        for table, key, entity in export.entities(timetable):
            for name, row in export.as_rows(table, key, entity):
                writers[name].writerow(row)
