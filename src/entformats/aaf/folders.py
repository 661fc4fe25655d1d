"""Deliveries of several academies in one source: one folder each, below a parent (aaf 1.1)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Final

from attrs import frozen

from entformats._files import Part
from entformats.aaf.manifest import parse_name
from entformats.errors import LimitExceeded, UnreadableInput
from entformats.problems import Findings, Location

__all__ = ["LIST", "Folders", "deliveries", "folders_of"]

LIST: Final = "importDirectories.json"
"""Liste des dossiers à importer, a convention of one consumer."""
LONGEST: Final = 1 << 16
UNFIT: Final = re.compile(r"[\s$]+")
"""What cannot be part of an identifier."""


@frozen
class Folders:
    """Dossiers d'une source: where its deliveries are.

    >>> folders = Folders(("region",))
    >>> folders.of("region/AIX/ENT_Complet_Eleve_0000.xml"), folders.of("region/ENT_Complet_Eleve_0000.xml")
    ('AIX', '')
    """

    root: tuple[str, ...] = ()
    """Path of the parent."""
    listed: frozenset[str] | None = None
    """Folders of the list; None without a list."""

    def of(self, path: str) -> str:
        """Give the folder of the delivery that a file belongs to; empty for what is not below one."""
        below = path.split("/")[:-1]
        inside = tuple(below[: len(self.root)]) == self.root and len(below) > len(self.root)
        return below[len(self.root)] if inside else ""

    def prefix(self, path: str) -> str:
        """Give the prefix of the identifiers of a file: `<folder>-`, what an identifier cannot hold being `_`.

        >>> Folders().prefix("AIX MARSEILLE/ENT_Complet_Eleve_0000.xml")
        'AIX_MARSEILLE-'
        """
        folder = self.of(path)
        return f"{UNFIT.sub('_', folder)}-" if folder else ""

    def reads(self, path: str) -> bool:
        """Tell whether a file is in a folder of the list, if there is a list, or in none."""
        folder = self.of(path)
        return not folder or self.listed is None or folder in self.listed


def folders_of(parts: Sequence[Part], findings: Findings) -> Folders:
    """Find the folders of a source, and report those that the list does not have, or that do not exist.

    Without a list they are the folders that hold files of AAF, below the deepest folder that has all of them.
    Findings: `unlisted_folder`, `listed_folder_absent`, `unreadable_folder_list`. Raises `LimitExceeded`.

    >>> folders_of([], Findings())
    Folders(root=(), listed=None)
    """
    paths = [part.path for part in parts if parse_name(part.name) is not None]
    lists = [part for part in parts if part.name == LIST]
    listed = _listed(lists[0], findings) if lists else None
    if listed is None:
        return Folders(_parent([tuple(path.split("/")[:-1]) for path in paths]))
    folders = Folders(tuple(lists[0].path.split("/")[:-1]), listed)
    held = {folders.of(path) for path in paths} - {""}
    for folder in sorted(held - listed):
        findings.found("unlisted_folder", folder=folder[:LONGEST])
    for folder in sorted(listed - held):
        findings.found("listed_folder_absent", folder=folder)
    return folders


def deliveries(folders: Folders, paths: Iterable[str]) -> int:
    """Count the folders that hold a delivery each: two of them hold files of one category.

    >>> deliveries(Folders(), ["AIX/ENT_Complet_Eleve_0000.xml", "NICE/ENT_Complet_Eleve_0000.xml"])
    2
    """
    held: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        name = parse_name(path.rpartition("/")[2])
        if name is not None:
            held[name.announced].add(folders.of(path))
    return max(map(len, held.values()), default=0)


def _parent(places: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Give the deepest folder that has all the others; of one folder, the one that it is in."""
    levels = takewhile(lambda level: len(set(level)) == 1, zip(*places, strict=False))
    common = tuple(level[0] for level in levels)
    return common[:-1] if set(places) == {common} else common


def _listed(part: Part, findings: Findings) -> frozenset[str] | None:
    """Read the list; None when it is none."""
    try:
        found = json.loads(_content(part))
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return frozenset(one.strip("/") for one in found)
    except LimitExceeded:
        raise
    except (UnreadableInput, ValueError, RecursionError):
        pass
    findings.found("unreadable_folder_list", Location(part.name))
    return None


def _content(part: Part) -> bytes:
    held = b""
    for chunk in part.chunks():
        held += chunk
        if len(held) > LONGEST:
            raise ValueError("a list of folders is short")
    return held
