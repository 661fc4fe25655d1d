"""What a delivery says of itself: names of its files, comments of their headers, metadata (aaf 1.2, 1.3, 1.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from attrs import frozen

from entformats.aaf.table import Category
from entformats.codes import uai
from entformats.codes.uai import Uai
from entformats.frozen import FrozenMap

__all__ = ["FileName", "Kind", "Manifest", "PartInfo", "parse_comments", "parse_name"]


class Kind(StrEnum):
    """Nature d'une livraison; the value is the token of the file name."""

    COMPLETE = "Complet"
    DELTA = "Delta"


_NAME = re.compile(
    r"(?P<prefix>(?:.*_)?)(?P<kind>Complet|Delta)_(?:(?P<date>[0-9]{8})_)?"
    r"(?P<category>[A-Za-z]+)_(?P<part>[0-9]{4})\.xml",
    re.IGNORECASE,
)
_CATEGORIES = {category.lower(): category for category in Category}
OTHERS = ("InfosEducNat", "PersHorsAAF", "PorteurENT", "PersAL")
"""Categories whose files are no part of the directory: metadata, and what ENTs export for themselves."""
_OTHERS = {name.lower(): name for name in OTHERS}
_COMMENT = re.compile(r'(\w+)="([^"]*)"')


@frozen
class FileName:
    """Nom de fichier AAF, decomposed.

    >>> name = parse_name("ENT_0749999S_Complet_20260901_Eleve_0000.xml")
    >>> name.uai, name.part
    ('0749999S', 0)
    """

    prefix: str
    """Project, flow, UAI, in no fixed order; ends with `_` unless empty."""
    kind: Kind
    date: date | None
    """Date de l'export; None where the name has none, or one that is not in the calendar."""
    announced: str
    """Category announced, one of ours or not."""
    part: int

    @property
    def category(self) -> Category | None:
        """Catégorie; None for `InfosEducNat` and the exports of an ENT."""
        return _CATEGORIES.get(self.announced.lower())

    @property
    def uai(self) -> Uai | None:
        """UAI found among the tokens of the prefix [inferred]."""
        return next((uai.parse(token) for token in self.prefix.split("_") if uai.is_valid(token)), None)

    @property
    def series(self) -> tuple[str, Kind, str, str]:
        """Série: files that differ by their part number only."""
        return self.prefix, self.kind, str(self.date or ""), self.announced


def parse_name(name: str) -> FileName | None:
    """Read the base name of a file; None when it is not one of AAF (aaf 1.3).

    >>> found = parse_name("ENT_0691670R_Delta_20120511_Eleve_0000.xml")
    >>> found.kind, found.date, found.category, found.part, found.uai
    (<Kind.DELTA: 'Delta'>, datetime.date(2012, 5, 11), <Category.PUPILS: 'Eleve'>, 0, '0691670R')
    >>> parse_name("notes.xml") is None
    True
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    lower = match["category"].lower()
    token = _CATEGORIES[lower].value if lower in _CATEGORIES else _OTHERS.get(lower)
    if token is None:
        return None
    return FileName(match["prefix"], Kind(match["kind"].capitalize()), _day(match["date"]), token, int(match["part"]))


def _day(digits: str | None) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if digits else None
    except ValueError:
        return None


def parse_comments(comments: Iterable[str]) -> FrozenMap[str, str]:
    """Read the `key="value"` of the header comments (aaf 1.6).

    >>> dict(parse_comments([' versionAF="AAF-VE2407" ', ' degre="2D" ', " free text "]))
    {'versionAF': 'AAF-VE2407', 'degre': '2D'}
    """
    return FrozenMap(pair for comment in comments for pair in _COMMENT.findall(comment))


@frozen
class PartInfo:
    """Partie d'une livraison: one of its files, as it was met.

    >>> PartInfo("ENT_Complet_Eleve_0000.xml", parse_name("ENT_Complet_Eleve_0000.xml"), requests=3).read
    True
    """

    path: str
    """Name below the folder, or inside the archive."""
    name: FileName | None
    """None for a file of AAF content under another name."""
    headers: FrozenMap[str, str] = FrozenMap()  # noqa: RUF009 - frozen
    """Comments of the header: `versionAF`, `versionSDET`, `codeAcademieExport`, `degre`, `dateGenerationExport`."""
    requests: int = 0
    """Requests read."""
    read: bool = True
    """False where the file could not be read to its end."""


@frozen
class Manifest:
    """Bordereau d'une livraison: its files, and what is missing.

    >>> Manifest((PartInfo("a.xml", None, FrozenMap({"versionAF": "AAF-VE2407"})),)).versions
    ('AAF-VE2407',)
    """

    parts: tuple[PartInfo, ...] = ()
    categories: frozenset[Category] = frozenset()
    """Categories delivered, whole or not; nothing is known of the others."""
    incomplete: frozenset[Category] = frozenset()
    """Categories of which a file, or a record, could not be read: absence from them means nothing."""
    infos: FrozenMap[str, tuple[str, ...]] = FrozenMap()  # noqa: RUF009 - frozen
    """Content of `InfosEducNat`: parameter name -> values."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """Natures, by the names of the files."""
        return frozenset(part.name.kind for part in self.parts if part.name)

    @property
    def dates(self) -> tuple[date, ...]:
        """Dates d'export, by the names of the files, in order."""
        return tuple(sorted({part.name.date for part in self.parts if part.name and part.name.date}))

    @property
    def versions(self) -> tuple[str, ...]:
        """Versions de l'AAF, by the headers of the files, in order."""
        return tuple(sorted({part.headers["versionAF"] for part in self.parts if "versionAF" in part.headers}))
