"""What every report shows: findings by code, the gravest first, alike ones folded, and what could not be checked."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from entformats.problems import SKIPPED, Entry, Input, Lang, Location, Problem, Ran, Report, Severity, entry
from entformats.reports.checks.words import WORDS, Words

__all__ = ["Fold", "Found", "View", "view"]

FOLDS, PLACES = 20, 5
"""Messages shown of one code, and places of one message."""


@frozen
class Fold:
    """Message d'un rapport: the same finding at one place or several."""

    message: str
    places: tuple[Location, ...]
    """The first ones."""
    kept: int
    """Findings kept with this message."""


@frozen
class Found:
    """Code trouvé, with everything to show of it."""

    known: Entry
    severity: Severity
    total: int
    """Exact number."""
    folds: tuple[Fold, ...]
    more: int
    """Findings that no fold shows."""


@frozen
class View:
    """Rapport prêt à montrer, in one language."""

    report: Report
    lang: Lang
    words: Words
    found: tuple[Found, ...]
    skipped: tuple[tuple[str, str, str], ...] = field()
    """Source, stage, reason."""
    show_names: bool = False

    def figures(self) -> Iterator[tuple[Severity, str, int]]:
        """Give each severity with its words and number."""
        for severity in Severity:
            number = self.report.count(severity)
            yield severity, self.words.counted(severity, number), number


def view(report: Report, lang: Lang = "fr", *, show_names: bool = False) -> View:
    """Prepare a report; private parameters stay hidden unless `show_names`.

    >>> view(Report()).found
    ()
    """
    words = WORDS[lang]
    found = tuple(_found(report, code, lang, show_names=show_names) for code in report.codes)
    skipped = tuple(_skipped(one, report.inputs, words, lang) for one in report.stages if one.reason)
    return View(report, lang, words, found, skipped, show_names)


def source_name(inputs: tuple[Input, ...], number: int | None, words: Words) -> str:
    """Name an input, by its number where it has no name; all of them when there is no number.

    >>> source_name((Input(""),), 0, WORDS["fr"])
    'source 1'
    """
    if number is None:
        return words.all_files
    return inputs[number].name or f"{words.anonymous} {number + 1}"


def _skipped(ran: Ran, inputs: tuple[Input, ...], words: Words, lang: Lang) -> tuple[str, str, str]:
    return source_name(inputs, ran.input, words), words.stages[ran.stage], SKIPPED[ran.reason].text(lang)


def _found(report: Report, code: str, lang: Lang, *, show_names: bool) -> Found:
    alike: dict[str, list[Problem]] = {}
    for one in report.of_slug(code):
        alike.setdefault(one.message(lang, show_names=show_names), []).append(one)
    folds = tuple(
        Fold(message, tuple(one.where for one in found[:PLACES]), len(found)) for message, found in alike.items()
    )[:FOLDS]
    total = report.counts[code]
    return Found(entry(code), report.severity(code), total, folds, total - sum(fold.kept for fold in folds))
