"""`entformats schema`: the published schemas, listed or printed."""

from __future__ import annotations

import sys

from entformats import schema
from entformats.cli import ExitCode
from entformats.cli.screen import Screen

__all__ = ["run"]


def run(name: str | None) -> int:
    """List the schemas with their titles, or print one as it was published."""
    if name is not None:
        sys.stdout.write(schema.text(name))
        return ExitCode.OK
    screen = Screen()
    for one in schema.names():
        screen.line(f"{one:<28} {schema.title(one)}")
    return ExitCode.OK
