"""The report as text for a person at a terminal, and as one line a finding for an editor."""

from __future__ import annotations

from collections.abc import Iterator

from entformats.problems import Lang, Report
from entformats.reports.checks.view import Fold, Found, View, source_name, view

__all__ = ["concise", "lines", "text"]


def text(report: Report, lang: Lang = "fr", *, show_names: bool = False) -> str:
    """Écrire le rapport en texte: the verdict, then each code with its places and its repair.

    >>> print(text(Report()), end="")
    Verdict : utilisable (0 erreur, 0 alerte, 0 note)
    Aucune anomalie.
    """
    return "".join(f"{line}\n" for line, _ in lines(report, lang, show_names=show_names))


def lines(report: Report, lang: Lang = "fr", *, show_names: bool = False) -> Iterator[tuple[str, str]]:
    """Give each line with the severity it speaks of, empty for none: who has a terminal may colour it.

    >>> list(lines(Report(), "en"))[1]
    ('Nothing found.', '')
    """
    shown = view(report, lang, show_names=show_names)
    yield from _head(shown)
    for found in shown.found:
        yield "", ""
        yield from _code(shown, found)
    if shown.skipped:
        yield "", ""
        yield shown.words.skipped + _colon(lang), ""
        for source, stage, reason in shown.skipped:
            yield f"  {source}, {stage}{_colon(lang)} {reason}", ""
    if report.muted:
        yield "", ""
        yield shown.words.muted + _colon(lang), ""
        yield "  " + ", ".join(f"{code} × {number}" for code, number in sorted(report.muted.items())), ""


def _colon(lang: Lang) -> str:
    return " :" if lang == "fr" else ":"


def _head(shown: View) -> Iterator[tuple[str, str]]:
    report, words = shown.report, shown.words
    figures = ", ".join(counted for _, counted, _ in shown.figures())
    worst = report.worst or ""
    yield f"Verdict{_colon(shown.lang)} {words.verdicts[report.verdict]} ({figures})", worst
    if report.today is not None:
        yield f"{words.checked_on} {report.today:%d/%m/%Y}, {words.profile} {report.profile}", ""
    for number, one in enumerate(report.inputs):
        known = " ".join(filter(None, (one.format, one.dialect, one.version, one.container)))
        yield f"  {source_name(report.inputs, number, words)}{_colon(shown.lang)} {known}", ""
    if not shown.found:
        yield words.nothing, ""


def _code(shown: View, found: Found) -> Iterator[tuple[str, str]]:
    words, texts = shown.words, found.known.text(shown.lang)
    noun = words.severities[found.severity][0]
    yield f"{noun} {found.known.code} ({found.total}) {texts.title}", found.severity
    for fold in found.folds:
        yield from _fold(shown, fold)
    if found.more:
        yield "  " + words.more.format(number=found.more), ""
    yield f"  {words.repair}{_colon(shown.lang)} {texts.repair}", ""


def _fold(shown: View, fold: Fold) -> Iterator[tuple[str, str]]:
    places = ", ".join(filter(None, map(str, fold.places)))
    if fold.kept > len(fold.places):
        places += " " + shown.words.more.format(number=fold.kept - len(fold.places))
    times = f" ({fold.kept} {shown.words.times})" if fold.kept > 1 else ""
    yield f"  {fold.message}{times}", ""
    if places:
        yield f"    {places}", ""


def concise(report: Report, lang: Lang = "fr", *, show_names: bool = False) -> str:
    r"""Écrire une ligne par anomalie, `file:line:column: CODE message`, which editors make clickable.

    >>> from entformats.problems import Location, problem
    >>> found = problem("io_failed", Location("a.xml", line=7), reason="EIO")
    >>> concise(Report.of([found]), "en")
    'a.xml:7: IO-003 the system could not read this file to its end (EIO)\n'
    """
    rows = []
    for one in report.problems:
        where = one.where
        numbers = (str(number) for number in (where.line, where.column) if number)
        place = ":".join([where.file or "-", *numbers])
        record = " ".join(filter(None, (where.kind, where.key, where.attribute)))
        message = one.message(lang, show_names=show_names) + (f" [{record}]" if record else "")
        rows.append(f"{place}: {one.code} {message}\n")
    return "".join(rows)
