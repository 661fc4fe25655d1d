"""Findings: what is wrong with the data, as values that a program can read and a person can act on.

A `Problem` is a code of the catalogue, a place and parameters; its text is made when it is shown, in French or English.
The catalogue is data: `catalogue/*.toml`, one file a prefix, one table a code.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

from attrs import field, frozen

from entformats.frozen import FrozenMap

__all__ = [
    "CATALOGUE",
    "Entry",
    "Findings",
    "Lang",
    "Layer",
    "Location",
    "Param",
    "Problem",
    "Report",
    "Severity",
    "Verdict",
    "entry",
    "problem",
]

Lang: TypeAlias = Literal["fr", "en"]
Param: TypeAlias = str | int
HIDDEN = "…"


class Severity(StrEnum):
    """Gravité: what a consumer can do with the data."""

    ERROR = "error"
    """The record, the file or the import cannot be used."""
    WARNING = "warning"
    """Usable, but suspicious."""
    INFO = "info"
    """A note: nothing to repair."""


class Verdict(StrEnum):
    """Verdict: whether what was read can be used."""

    USABLE = "usable"
    USABLE_WITH_WARNINGS = "usable-with-warnings"
    UNUSABLE = "unusable"


class Layer(Enum):
    """Couche: the hundreds digit of a code."""

    CONTAINER = 0
    STRUCTURE = 1
    VALUES = 2
    REFERENCES = 3
    CONSISTENCY = 4
    SOURCES = 5


@frozen
class Location:
    """Endroit: where a finding is. Every field is optional; `line` and `column` count from 1, 0 is unknown.

    >>> str(Location("a.xml", line=3, column=7))
    'a.xml:3:7'
    """

    file: str = ""
    line: int = 0
    column: int = 0
    xpath: str = ""
    kind: str = ""
    """Kind of record (`Eleve`, `Cours`)."""
    key: str = ""
    """Identifier of the record in its file; never a name."""
    attribute: str = ""

    def __str__(self) -> str:
        """Give `file:line:column`, then the record.

        >>> str(Location("a.xml", line=3, kind="Eleve", key="310"))
        'a.xml:3 Eleve 310'
        """
        place = self.file + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")
        return " ".join(part for part in (place, self.kind, self.key, self.attribute) if part)


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


@frozen
class Problem:
    """Anomalie: one finding.

    `code` is stable and never reused; `params` are the values of the message. Equality is by value. `repr` and `str`
    hide the parameters that may identify someone.

    >>> p = problem("io_failed", Location("a.xml", line=7), reason="EIO")
    >>> p.severity, p.where.line
    (<Severity.ERROR: 'error'>, 7)
    >>> p.message("fr")
    "le système n'a pas pu lire ce fichier jusqu'au bout (EIO)"
    """

    code: str
    severity: Severity
    where: Location = Location()
    params: FrozenMap[str, Param] = field(factory=FrozenMap, repr=False)

    @property
    def slug(self) -> str:
        """Nom lisible: the readable alias of the code."""
        return entry(self.code).slug

    def message(self, lang: Lang = "fr", *, show_names: bool = False) -> str:
        """Render the one-line message; private parameters are hidden unless `show_names`."""
        known = entry(self.code)
        values = {
            name: HIDDEN if known.params.get(name) == "private" and not show_names else value
            for name, value in self.params.items()
        }
        return known.text(lang).message.format_map(values)

    def __str__(self) -> str:
        """Give the place, the code and the English message."""
        return f"{self.where}: {self.code} {self.message('en')}".removeprefix(": ")


@cache
def _catalogue() -> FrozenMap[str, Entry]:
    """Read the catalogue that ships with the package, once."""
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


def problem(slug: str, where: Location = Location(), **params: Param) -> Problem:
    """Make a finding from its slug: the one way in which this library creates a `Problem`.

    The code and the severity come from the catalogue; `params` are exactly those its entry declares.

    >>> problem("io_failed", reason="EIO").code
    'IO-003'
    """
    known = entry(slug)
    assert params.keys() == known.params.keys(), f"{slug} takes {sorted(known.params)}, not {sorted(params)}"
    return Problem(known.code, known.severity, where, FrozenMap(params))


@frozen
class Report:
    """Rapport: what was found. `problems` holds at most `Limits.stored_per_code` of each code; `counts` are exact.

    >>> report = Report.of([problem("io_missing")])
    >>> len(report.problems), report.worst
    (1, <Severity.ERROR: 'error'>)
    """

    problems: tuple[Problem, ...] = ()
    counts: FrozenMap[str, int] = FrozenMap()  # noqa: RUF009 - frozen
    """Code -> exact number, also of those not kept."""

    @classmethod
    def of(cls, problems: Iterable[Problem], *, stored_per_code: int = 1_000) -> Report:
        """Collect problems into a report."""
        found = Findings(stored_per_code=stored_per_code)
        for one in problems:
            found.add(one)
        return found.report()

    def merged(self, *others: Report, stored_per_code: int = 1_000) -> Report:
        """Put several reports together, in order; counts add up."""
        found = Findings(stored_per_code=stored_per_code)
        for report in (self, *others):
            found.merge(report)
        return found.report()

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity, exactly."""
        return sum(n for code, n in self.counts.items() if entry(code).severity is severity)

    @property
    def worst(self) -> Severity | None:
        """Gravité maximale: the highest severity found, or None where nothing was found."""
        return next((level for level in Severity if self.count(level)), None)

    @property
    def verdict(self) -> Verdict:
        """Verdict: unusable with an error, usable with warnings, or usable.

        >>> Report().verdict
        <Verdict.USABLE: 'usable'>
        """
        verdicts = {Severity.ERROR: Verdict.UNUSABLE, Severity.WARNING: Verdict.USABLE_WITH_WARNINGS}
        worst = self.worst
        return Verdict.USABLE if worst is None else verdicts.get(worst, Verdict.USABLE)

    def of_slug(self, slug: str) -> tuple[Problem, ...]:
        """Give the kept problems of one code or slug."""
        code = entry(slug).code
        return tuple(p for p in self.problems if p.code == code)

    def to_json(self, *, show_names: bool = False) -> str:
        """Write the report as JSON text: exact counts by code, the kept problems; private parameters are hidden."""
        rows = [
            {
                "code": p.code,
                "slug": p.slug,
                "severity": p.severity.value,
                "where": {k: v for k, v in zip(Location.__match_args__, _astuple(p.where), strict=True) if v},
                "params": {
                    k: HIDDEN if entry(p.code).params.get(k) == "private" and not show_names else v
                    for k, v in p.params.items()
                },
            }
            for p in self.problems
        ]
        return json.dumps({"version": 1, "counts": dict(self.counts), "problems": rows}, ensure_ascii=False, indent=1)


def _astuple(where: Location) -> tuple[Param, ...]:
    return tuple(getattr(where, name) for name in Location.__match_args__)


class Findings:
    """Collecteur: gathers problems while reading. Counts are exact; at most `stored_per_code` of each code are kept.

    >>> found = Findings(stored_per_code=1)
    >>> found.found("io_failed", reason="EIO")
    >>> found.found("io_failed", reason="ENAMETOOLONG")
    >>> len(found.report().problems), found.report().count(Severity.ERROR)
    (1, 2)
    """

    __slots__ = ("_counts", "_kept", "_stored", "_stored_per_code")

    def __init__(self, *, stored_per_code: int = 1_000) -> None:
        """Start empty."""
        self._stored_per_code = stored_per_code
        self._counts: Counter[str] = Counter()
        self._stored: Counter[str] = Counter()
        self._kept: list[Problem] = []

    def add(self, found: Problem, *, times: int = 1) -> None:
        """Keep one problem, counted `times` times."""
        self._counts[found.code] += times
        self._keep(found)

    def _keep(self, found: Problem) -> None:
        if self._stored[found.code] < self._stored_per_code:
            self._stored[found.code] += 1
            self._kept.append(found)

    def found(self, slug: str, where: Location = Location(), **params: Param) -> None:
        """Make a problem and keep it."""
        self.add(problem(slug, where, **params))

    def merge(self, report: Report) -> None:
        """Take in another report."""
        self._counts.update(report.counts)
        for found in report.problems:
            self._keep(found)

    def report(self) -> Report:
        """Give what was gathered so far."""
        return Report(tuple(self._kept), FrozenMap(self._counts))
