"""The catalogue of findings: data, `catalogue/*.toml`, one file a prefix, one table a code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from functools import cache
from typing import Literal, TypeAlias

from attrs import frozen

from entformats.frozen import FrozenMap

__all__ = ["CATALOGUE", "Entry", "Lang", "Layer", "Severity", "Text", "entry"]

Lang: TypeAlias = Literal["fr", "en"]


class Severity(StrEnum):
    """Gravité: what a consumer can do with the data."""

    ERROR = "error"
    """The record, the file or the import cannot be used."""
    WARNING = "warning"
    """Usable, but suspicious."""
    INFO = "info"
    """A note: nothing to repair."""


class Layer(Enum):
    """Couche: the hundreds digit of a code."""

    CONTAINER = 0
    STRUCTURE = 1
    VALUES = 2
    REFERENCES = 3
    CONSISTENCY = 4
    SOURCES = 5


@frozen
class Text:
    """Texte d'un code dans une langue: what is shown of a code in one language."""

    title: str
    message: str
    explanation: str
    repair: str


@frozen
class Entry:
    """Entrée du catalogue: everything known of a code.

    >>> entry("io_missing").fr.title
    'Fichier introuvable'
    """

    code: str
    slug: str
    severity: Severity
    params: FrozenMap[str, str]
    """Name to type: `str`, `int`, or `private` (text that may identify someone, hidden unless asked)."""
    confidence: str
    """`data`, `code`, `documented` or `inferred`: how sure we are that the rule reflects the real format."""
    source: str
    """Section of the format page that the rule comes from."""
    fr: Text
    en: Text

    @property
    def layer(self) -> Layer:
        """Couche: read off the hundreds digit."""
        return Layer(int(self.code.rpartition("-")[2]) // 100)

    def text(self, lang: Lang) -> Text:
        """Give the texts in one language."""
        return self.fr if lang == "fr" else self.en


@cache
def _catalogue() -> FrozenMap[str, Entry]:
    """Read the catalogue that ships with the package, once."""
    import tomllib  # noqa: PLC0415 - who finds nothing loads nothing
    from importlib.resources import files  # noqa: PLC0415 - same

    entries: dict[str, Entry] = {}
    for path in sorted(files("entformats").joinpath("catalogue").iterdir(), key=lambda p: p.name):
        for code, row in tomllib.loads(path.read_text(encoding="utf-8")).items():
            entries[code] = _entry(code, row)
    return FrozenMap(entries)


def _entry(code: str, row: Mapping[str, object]) -> Entry:
    """Build one entry; the catalogue is ours, so a missing key is a bug and raises KeyError."""
    texts = {lang: row[lang] for lang in ("fr", "en")}
    params = row.get("params", {})
    assert isinstance(params, Mapping)
    return Entry(
        code=code,
        slug=str(row["slug"]),
        severity=Severity(str(row["severity"])),
        params=FrozenMap(params),
        confidence=str(row["confidence"]),
        source=str(row["source"]),
        fr=_text(texts["fr"]),
        en=_text(texts["en"]),
    )


def _text(row: object) -> Text:
    assert isinstance(row, Mapping)
    return Text(title=row["title"], message=row["message"], explanation=row["explanation"], repair=row["repair"])


class _Catalogue(Mapping[str, Entry]):
    """Catalogue des codes: code or slug -> `Entry`; iterates over the codes, in order."""

    def __getitem__(self, key: str) -> Entry:
        return _catalogue()[key] if key in _catalogue() else _slugs()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_catalogue())

    def __len__(self) -> int:
        return len(_catalogue())


@cache
def _slugs() -> FrozenMap[str, Entry]:
    return FrozenMap((known.slug, known) for known in _catalogue().values())


CATALOGUE: Mapping[str, Entry] = _Catalogue()


def entry(code_or_slug: str) -> Entry:
    """Give the catalogue entry of a code or slug; raises KeyError.

    >>> entry("io_failed").code == entry("IO-003").code
    True
    """
    return CATALOGUE[code_or_slug]
