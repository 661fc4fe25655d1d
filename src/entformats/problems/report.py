"""What was found, all together: counted exactly, kept in part, with what was looked at and what could not be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from attrs import frozen

from entformats.frozen import FrozenMap
from entformats.problems.catalogue import Severity, entry
from entformats.problems.problem import Location, Param, Problem, problem
from entformats.problems.stages import Ran

__all__ = ["Findings", "Input", "Report", "Verdict"]


class Verdict(StrEnum):
    """Verdict: whether what was read can be used."""

    USABLE = "usable"
    USABLE_WITH_WARNINGS = "usable-with-warnings"
    UNUSABLE = "unusable"


NOWHERE: Final = Location()
_VERDICTS: Final = {Severity.ERROR: Verdict.UNUSABLE, Severity.WARNING: Verdict.USABLE_WITH_WARNINGS}


@frozen
class Input:
    """Source contrôlée: what one of the sources is.

    >>> Input("export.xml", "edt").name
    'export.xml'
    """

    name: str
    """Base name; empty for bytes without a name."""
    format: str = "unknown"
    dialect: str = ""
    version: str = ""
    container: str = ""
    encrypted: bool = False


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
    levels: FrozenMap[str, Severity] = FrozenMap()  # noqa: RUF009 - frozen
    """Code -> severity, of the codes to which a profile gives another one than the catalogue."""
    muted: FrozenMap[str, int] = FrozenMap()  # noqa: RUF009 - frozen
    """Code -> exact number, of the findings that were not wanted: they are in nothing else."""
    inputs: tuple[Input, ...] = ()
    """What was checked; empty for a report of one reader."""
    stages: tuple[Ran, ...] = ()
    profile: str = ""
    """Name of the profile that was applied."""
    today: date | None = None
    """Day of the check."""

    @classmethod
    def of(cls, problems: Iterable[Problem], *, stored_per_code: int = 1_000) -> Report:
        """Collect problems into a report."""
        found = Findings(stored_per_code=stored_per_code)
        for one in problems:
            found.add(one)
        return found.report()

    def merged(self, *others: Report, stored_per_code: int = 1_000) -> Report:
        """Put the findings of several reports together, in order; counts add up."""
        found = Findings(stored_per_code=stored_per_code)
        for report in (self, *others):
            found.merge(report)
        return found.report()

    def severity(self, code: str) -> Severity:
        """Give the severity of a code in this report: that of its profile, else that of the catalogue."""
        known = entry(code)
        return self.levels.get(known.code, known.severity)

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity, exactly."""
        return sum(n for code, n in self.counts.items() if self.severity(code) is severity)

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
        return Verdict.USABLE if self.worst is None else _VERDICTS.get(self.worst, Verdict.USABLE)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes trouvés, the gravest first, then by name."""
        order = list(Severity)
        return tuple(sorted(self.counts, key=lambda code: (order.index(self.severity(code)), code)))

    def of_slug(self, slug: str) -> tuple[Problem, ...]:
        """Give the kept problems of one code or slug."""
        code = entry(slug).code
        return tuple(p for p in self.problems if p.code == code)

    def to_json(self, *, show_names: bool = False) -> str:
        """Write the report as JSON text, by code: exact totals, the kept problems; private parameters are hidden.

        Its schema is `report.schema.json`, among `entformats.schema.names()`.
        """
        return json.dumps(self._value(show_names=show_names), ensure_ascii=False, indent=1)

    def _value(self, *, show_names: bool) -> dict[str, object]:
        kept: dict[str, list[Problem]] = {code: [] for code in self.codes}
        for one in self.problems:
            kept[one.code].append(one)
        return {
            "version": 1,
            "verdict": self.verdict.value,
            "today": None if self.today is None else self.today.isoformat(),
            "profile": self.profile,
            "counts": {severity.value: self.count(severity) for severity in Severity},
            "inputs": [_filled(one) | {"encrypted": one.encrypted} for one in self.inputs],
            "stages": [
                {"stage": one.stage, "input": one.input, "state": one.state, "reason": one.reason}
                for one in self.stages
            ],
            "muted": dict(sorted(self.muted.items())),
            "problems": [
                {
                    "code": code,
                    "slug": entry(code).slug,
                    "severity": self.severity(code).value,
                    "total": self.counts[code],
                    "samples": [
                        {"where": _filled(one.where), "params": dict(one.shown(show_names=show_names))} for one in found
                    ],
                }
                for code, found in kept.items()
            ],
        }


def _filled(value: Location | Input) -> dict[str, Param]:
    """Give the fields that say something."""
    return {name: found for name in value.__match_args__ if (found := getattr(value, name))}


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

    def found(self, slug: str, where: Location = NOWHERE, **params: Param) -> None:
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
