"""Folders of the disk: their plain files, without what does not belong to a delivery."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from entformats._files.part import bounded, unreadable
from entformats.limits import Limits

__all__ = ["walked", "wanted"]

IGNORED = ("__MACOSX",)


def walked(root: Path, limits: Limits) -> list[Path]:
    """List the plain files below a folder, in order; directories behind links are not entered.

    Raises UnreadableInput, LimitExceeded (`io_files`).
    """
    try:
        return sorted(bounded(_walk(root), limits))
    except (OSError, ValueError) as error:
        raise unreadable(error, root.name) from error


def _walk(root: Path) -> Iterator[Path]:
    real = root.resolve()
    for folder, below, names in os.walk(root, onerror=_raise):
        below[:] = sorted(name for name in below if wanted(name))
        for path in (Path(folder, name) for name in names if wanted(name)):
            if path.is_file() and path.resolve().is_relative_to(real):
                yield path


def wanted(name: str) -> bool:
    """Tell whether a file or folder is read: not a hidden one, nor what a Mac adds to archives."""
    return not name.startswith(".") and name not in IGNORED


def _raise(error: OSError) -> None:
    raise error
