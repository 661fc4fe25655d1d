"""A member of an archive, the rules on its name, and the errors of the standard library turned into ours."""

from __future__ import annotations

import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise

from attrs import frozen

from entformats._files.folder import wanted
from entformats._files.part import base_name
from entformats.errors import LimitExceeded, UnreadableInput
from entformats.limits import MIB, Limits
from entformats.problems import Location, problem

__all__ = ["Member", "chosen", "damaged", "is_office", "member_path", "ours", "rated"]

LONGEST_PATH = 4_096
SHOWN = 100
FREE = MIB
"""Unpacked bytes below which the ratio does not count."""
OFFICE = re.compile(r"\[Content_Types\]\.xml|(?:_rels|docProps|xl)/.*")
FAULTS = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error, OSError, EOFError),
    *(ValueError, RuntimeError, ArithmeticError, LookupError, TypeError, AttributeError),
)
"""What the readers of the standard library raise on damaged archives; errors of the disk are ours before they come."""
REASONS = {"CRC": "CRC", "not a zip file": "end", "end of data": "end", "end-of-stream": "end"}


@frozen
class Member:
    """Membre d'une archive: its path, and how it is read or refused."""

    path: str
    content: Callable[[], Iterator[bytes]]


def is_office(path: str) -> bool:
    """Tell whether a member is that of a spreadsheet or text of an office suite, which is no archive of files."""
    return OFFICE.fullmatch(path) is not None


def member_path(raw: str) -> str:
    r"""Give the path of a member as it is shown and sorted.

    It has `/` between its parts, no `./`, and a sign in the place of each control character. Nothing
    is ever written under that name. Raises UnreadableInput (`unsafe_member_name`) for a path that is absolute, that
    climbs, or that is longer than those of any system.

    >>> member_path(".\\complet\\a.xml")
    'complet/a.xml'
    """
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in raw).replace("\\", "/")
    pieces = shown.split("/")
    if len(raw) > LONGEST_PATH or shown.startswith("/") or re.match("[A-Za-z]:", shown) or ".." in pieces:
        raise UnreadableInput(problem("unsafe_member_name", Location(base_name(shown)[:SHOWN])))
    return "/".join(piece for piece in pieces if piece not in {"", "."})


def chosen(members: Iterable[Member]) -> list[Member]:
    """Keep the members which are read, in the order in which those of a folder are.

    Raises UnreadableInput (`duplicate_member`) where two have one path.
    """
    kept = sorted(
        (one for one in members if all(map(wanted, one.path.split("/")))),
        key=lambda one: one.path.split("/"),
    )
    for one, following in pairwise(kept):
        if one.path == following.path:
            raise UnreadableInput(problem("duplicate_member", Location(base_name(one.path))))
    return kept


def damaged(name: str, reason: str) -> UnreadableInput:
    """Say that an archive, or one of its members, is not what it should be; `reason` names the thing that is wrong."""
    return UnreadableInput(problem("archive_damaged", Location(name), reason=reason))


@contextmanager
def ours(name: str, reason: str) -> Iterator[None]:
    """Turn whatever a reader of the standard library raises into `archive_damaged`, for that reason or a surer one."""
    try:
        yield
    except FAULTS as error:
        known = "end" if isinstance(error, EOFError) else "data" if isinstance(error, zlib.error) else reason
        said = str(error)
        raise damaged(name, next((why for sign, why in REASONS.items() if sign in said), known)) from error


def rated(given: int, packed: int, name: str, limits: Limits) -> None:
    """Stop a content that is too large for what was packed; raises LimitExceeded (`archive_ratio`)."""
    if given > max(FREE, packed * limits.ratio):
        raise LimitExceeded(problem("archive_ratio", Location(name), limit=limits.ratio))
