"""Text files of the user's: read as UTF-8, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from entformats.errors import InvalidValue

__all__ = ["read_text", "write_whole"]


def read_text(path: Path) -> str:
    """Read a text file; raises `InvalidValue` for one that is not in UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"expected a text in UTF-8 in {path.name}"
        raise InvalidValue(message) from error


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: beside it first, then in its place."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
