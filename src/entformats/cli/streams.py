"""Deliveries of any size, one record at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from entformats import aaf
from entformats._files import parts
from entformats.cli.screen import watched
from entformats.errors import UnreadableInput
from entformats.limits import Limits
from entformats.problems import Problem

__all__ = ["AAF_FILES", "requests"]

AAF_FILES = (".xml",)


def requests(path: Path) -> Iterator[aaf.Add | aaf.Modify | aaf.Delete | Problem]:
    """Read the files of a delivery one after the other, in flat memory; one that cannot be read is a problem.

    Raises `UnreadableInput` when none of them can be read.
    """
    failed: UnreadableInput | None = None
    read = 0
    for part in parts(watched(path), limits=Limits()):
        if part.name.lower().endswith(AAF_FILES) or path.is_file():
            try:
                yield from aaf.iter_records({part.name or path.name: part.chunks()})
                read += 1
            except UnreadableInput as error:
                failed = failed or error
                yield error.problem
    if failed and not read:
        raise failed
