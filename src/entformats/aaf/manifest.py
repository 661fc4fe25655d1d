"""What a delivery says of itself: names of its files, comments of their headers, metadata (aaf 1.2, 1.3, 1.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from attrs import frozen

from entformats.aaf.degrees import Degree
from entformats.aaf.scope import ALL, Scope
from entformats.aaf.table import Category
from entformats.codes import uai
from entformats.codes.uai import Uai
from entformats.frozen import FrozenMap

__all__ = [
    "ArchiveName",
    "FileName",
    "Kind",
    "Manifest",
    "PartInfo",
    "announced_degree",
    "parse_archive",
    "parse_comments",
    "parse_name",
]


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
ACADEMY = "codeAcademieExport"
"""Header that gives the academy."""
OTHERS = ("InfosEducNat", "PersHorsAAF", "PorteurENT", "PersAL")
"""Categories whose files are no part of the directory: metadata, and what ENTs export for themselves."""
_OTHERS = {name.lower(): name for name in OTHERS}
_FLOW = re.compile(r"(?<![A-Za-z0-9])ENT(?P<degree>[12]D)(?P<variant>[A-Z]*)", re.IGNORECASE)
_ARCHIVE = re.compile(r"(?P<stem>.+)\.(?:zip|tgz|tar|tar\.gz)", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![0-9])[0-9]{8}")
_WORD = re.compile(r"(?<![A-Za-z])(complet|delta)(?![A-Za-z])", re.IGNORECASE)
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
class ArchiveName:
    """Nom d'archive AAF, decomposed (aaf 1.2).

    >>> name = parse_archive("ENT2DVA.20240916.zip")
    >>> name.degree, name.variant, name.date, name.kind
    (<Degree.SECOND: '2D'>, 'VA', datetime.date(2024, 9, 16), <Kind.COMPLETE: 'Complet'>)
    """

    degree: Degree | None
    """None where the name has no `ENT1D` or `ENT2D`."""
    variant: str
    """`VA` for the newer flow; the letters are unexplained."""
    date: date | None
    """Date de l'export."""
    kind: Kind
    """A delta when the name says so, else complete."""


def parse_archive(name: str) -> ArchiveName | None:
    """Read the base name of an archive; None when it tells nothing of AAF (aaf 1.2).

    >>> parse_archive("CLG95_GPEI_Delta_20251103.zip").kind
    <Kind.DELTA: 'Delta'>
    >>> parse_archive("photos.zip") is None
    True
    """
    found = _ARCHIVE.fullmatch(name)
    if found is None:
        return None
    stem = found["stem"]
    flow = _FLOW.search(stem)
    if flow is None and _WORD.search(stem) is None:
        return None
    kind = Kind.DELTA if "delta" in stem.lower() else Kind.COMPLETE
    days = (_day(match[0]) for match in _DIGITS.finditer(stem))
    day = next((one for one in days if one is not None), None)
    return ArchiveName(_degree(stem), flow["variant"].upper() if flow else "", day, kind)


def _degree(text: str) -> Degree | None:
    flow = _FLOW.search(text)
    return Degree(flow["degree"].upper()) if flow else None


def announced_degree(name: str, headers: Mapping[str, str] = FrozenMap()) -> Degree | None:
    """Give the degree that the name of a file or archive tells, else its `degre` comment (aaf 1.3, 1.6).

    >>> announced_degree("ENT1D.20240916.zip"), announced_degree("", {"degre": "2D"})
    (<Degree.FIRST: '1D'>, <Degree.SECOND: '2D'>)
    """
    said = headers.get("degre", "").strip().upper()
    return _degree(name) or (Degree(said) if said in set(Degree) else None)


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
    degrees: frozenset[Degree] = frozenset()
    """Degrees that the names of the attributes tell; none where they tell nothing."""
    announced: Degree | None = None
    """Degree announced by the archive, the name of the file or its header."""


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
    archive: ArchiveName | None = None
    """Name of the archive, where the source is one that has a name of AAF."""
    scope: Scope = ALL
    """Périmètre demandé: what the caller wanted read; of the rest nothing is known, delivered or not."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """Natures, by the names of the files."""
        return frozenset(part.name.kind for part in self.parts if part.name)

    @property
    def degrees(self) -> frozenset[Degree]:
        """Degrés: told by the names of the attributes; where these tell nothing, announced."""
        told = frozenset(degree for part in self.parts for degree in part.degrees)
        return told or frozenset(part.announced for part in self.parts if part.announced)

    @property
    def dates(self) -> tuple[date, ...]:
        """Dates d'export, by the names of the files, in order; that of the archive where no file has one."""
        found = {part.name.date for part in self.parts if part.name and part.name.date}
        if not found and self.archive and self.archive.date:
            found = {self.archive.date}
        return tuple(sorted(found))

    @property
    def academies(self) -> tuple[str, ...]:
        """Codes d'académie, by the headers of the files, in order."""
        return tuple(sorted({part.headers[ACADEMY] for part in self.parts if part.headers.get(ACADEMY)}))

    @property
    def versions(self) -> tuple[str, ...]:
        """Versions de l'AAF, by the headers of the files, in order."""
        return tuple(sorted({part.headers["versionAF"] for part in self.parts if "versionAF" in part.headers}))
