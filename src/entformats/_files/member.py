"""A member of an archive, and the rules on its name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from attrs import frozen

from entformats._files.folder import wanted
from entformats._files.part import base_name
from entformats.errors import UnreadableInput
from entformats.problems import Location, problem

__all__ = ["Member", "chosen", "is_office", "member_path"]

LONGEST_PATH = 4_096
SHOWN = 100
OFFICE = re.compile(r"\[Content_Types\]\.xml|(?:_rels|docProps|xl)/.*")


@frozen
class Member:
    """Membre d'une archive: a file of it, and where its bytes are."""

    path: str
    at: int
    """Place of its local header in a zip, of its content in a tar."""
    size: int
    """Bytes of its content, as announced."""
    packed: int
    """Bytes that it takes in the archive."""
    method: int = 0
    crc: int = 0
    encrypted: bool = False
    irregular: str = ""
    """What it is instead of a file: `symlink`, `hardlink`, `device`; "" for a file."""


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
