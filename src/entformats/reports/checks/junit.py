"""The report as JUnit XML: a build server shows each input as a suite, each of its stages and codes as a test."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from entformats.problems import SKIPPED, Lang, Report, Severity, StageState
from entformats.reports.checks.view import Found, View, source_name, view

__all__ = ["junit"]

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report, lang: Lang = "fr", *, show_names: bool = False) -> str:
    """Écrire le rapport en JUnit XML: an error fails its test, a stage that could not run is skipped.

    Warnings and notes are what a test printed: they do not fail it.

    >>> "failures=" in junit(Report())
    True
    """
    shown = view(report, lang, show_names=show_names)
    root = etree.Element("testsuites", name="entformats")
    for suite in (_stages(shown), _codes(shown)):
        cases = suite.findall("testcase")
        for parent in (suite, root):
            _add(parent, "tests", len(cases))
            _add(parent, "failures", sum(case.find("failure") is not None for case in cases))
            _add(parent, "skipped", sum(case.find("skipped") is not None for case in cases))
            _add(parent, "errors", 0)
        root.append(suite)
    etree.indent(root)
    return etree.tostring(root, encoding="unicode") + "\n"


def _add(element: etree._Element, name: str, number: int) -> None:
    element.set(name, str(int(element.get(name, "0")) + number))


def _stages(shown: View) -> etree._Element:
    """Make a test a stage of an input: it passed, or could not run; what it found is in the other suite."""
    suite = etree.Element("testsuite", name="entformats.stages")
    for ran in shown.report.stages:
        name = _clean(source_name(shown.report.inputs, ran.input, shown.words))
        case = etree.SubElement(suite, "testcase", classname=name, name=shown.words.stages[ran.stage])
        if ran.state is StageState.SKIPPED:
            etree.SubElement(case, "skipped", message=SKIPPED[ran.reason].text(shown.lang))
    return suite


def _codes(shown: View) -> etree._Element:
    suite = etree.Element("testsuite", name="entformats.findings")
    for found in shown.found:
        title = found.known.text(shown.lang).title
        family = found.known.code.partition("-")[0]
        case = etree.SubElement(suite, "testcase", classname=family, name=f"{found.known.code} {title}")
        told = _clean(_told(shown, found))
        if found.severity is Severity.ERROR:
            etree.SubElement(case, "failure", message=f"{title} × {found.total}", type=found.known.slug).text = told
        else:
            etree.SubElement(case, "system-out").text = told
    return suite


def _told(shown: View, found: Found) -> str:
    rows = [f"{fold.message}: {', '.join(filter(None, map(str, fold.places)))}" for fold in found.folds]
    more = [shown.words.more.format(number=found.more)] if found.more else []
    return "\n".join([*rows, *more, found.known.text(shown.lang).repair])


def _clean(text: str) -> str:
    """Replace what XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
