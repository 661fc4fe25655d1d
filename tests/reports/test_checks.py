"""Reports: each form says the same, nothing more, and is what its readers take."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from entformats.errors import MissingExtra
from entformats.problems import CATALOGUE, Lang, Location, Problem, Report, Severity, problem
from entformats.reports.checks import COLUMNS, Form, concise, html, junit, lines, render, rows, sarif, table, text
from entformats.reports.checks.words import WORDS

FORMS = list(Form)
LANGS: list[Lang] = ["fr", "en"]
PROBLEMS = st.lists(
    st.builds(
        lambda name, line: problem("class_not_in_directory", Location(name, line, kind="Classe", key=name), name=name),
        st.text(max_size=8),
        st.integers(0, 3),
    ),
    max_size=6,
)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", FORMS)
def test_names_are_hidden_unless_asked(form: Form, lang: Lang, full: Report) -> None:
    """No form shows a name by default; every form can."""
    assert "VALMOND" not in render(full, form, lang)
    assert "VALMOND" in render(full, form, lang, show_names=True)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_written_twice_alike(form: Form, full: Report) -> None:
    """The same report gives the same text; the language changes the words only where there are words."""
    assert render(full, form) == render(full, form)
    assert (render(full, form, "fr") == render(full, form, "en")) == (form is Form.JSON)


@given(PROBLEMS, st.sampled_from(FORMS), st.sampled_from(LANGS))
def test_any_name_is_text(found: list[Problem], form: Form, lang: Lang) -> None:
    """Whatever a file holds, each form can be written, and what must be parsed can be."""
    written = render(Report.of(found), form, lang)
    match form:
        case Form.JSON | Form.SARIF:
            json.loads(written)
        case Form.JUNIT:
            etree.fromstring(written.encode("utf-8", "surrogatepass"))
        case Form.CSV:
            assert len(list(csv.reader(io.StringIO(written, newline="")))) == len(found) + 1
        case Form.HTML:
            assert lxml_html.fromstring(written).xpath("count(//article)") == bool(found)
        case _:
            assert found == [] or written


def test_the_text_tells_verdict_codes_and_repairs(full: Report) -> None:
    """Exact numbers, folded messages, places, what was not checked, what is muted."""
    shown = text(full)
    assert shown.startswith("Verdict : inutilisable en l'état (39 erreurs, 0 alerte, 1 note)\n")
    assert "Contrôlé le 01/09/2026, profil strict" in shown
    assert "erreur AAF-002 (7) Partie manquante\n  la partie 0001 de Eleve manque (7 fois)\n" in shown
    assert "a.xml, a.xml, a.xml, a.xml, a.xml … et 2 de plus" in shown
    assert "  … et 10 de plus\n" in shown
    assert CATALOGUE["AAF-002"].fr.repair in shown
    assert "Ce qui n'a pas été contrôlé :\n  source 2, valeurs : le fichier n'a pas pu être lu jusque-là\n" in shown
    assert "toutes les sources, entre les sources : il faut au moins deux sources" in shown
    assert "Ce que le profil fait taire :\n  AAF-003 × 1\n" in shown
    assert {severity for _, severity in lines(full)} == {"", "error", "info"}
    assert text(Report(), "en") == "Verdict: usable (0 errors, 0 warnings, 0 notes)\nNothing found.\n"


def test_the_concise_form_is_one_line_a_finding(full: Report) -> None:
    """Each kept finding, its place first; one without a place has a dash."""
    shown = concise(full, "en").splitlines()
    assert len(shown) == len(full.problems)
    assert shown[0] == "a.xml: AAF-002 part 0001 of Eleve is missing"
    assert "b.xml:3:7: DIFF-533 class '60' of the directory is not in the timetable [Classe 6A]" in shown
    assert shown[-1].startswith("-: AAF-511 ")


def test_the_table_has_a_row_a_finding(full: Report, hostile: str) -> None:
    """Its cells are those of the findings; none is a formula."""
    read = list(csv.DictReader(io.StringIO(table(full), newline="")))
    assert len(read) == len(full.problems) == len(list(rows(full)))
    assert Counter(row["code"] for row in read) == Counter(one.code for one in full.problems)
    assert (read[8]["file"], read[8]["line"], read[8]["column"], read[8]["key"]) == ("b.xml", "3", "7", "6A")
    assert read[7]["key"] == hostile
    broken = Report.of([problem("class_not_in_directory", Location("a\rb\nc"), name="x")])
    assert next(csv.DictReader(io.StringIO(table(broken), newline="")))["file"] == "a\rb\nc"
    formula = Report.of([problem("class_not_in_directory", Location("=cmd()"), name="x")])
    assert next(csv.DictReader(io.StringIO(table(formula))))["file"] == "'=cmd()"
    assert tuple(read[0]) == COLUMNS


def test_sarif_is_what_its_standard_wants(full: Report) -> None:
    """One rule a code, one result a kept finding, indexes and levels that agree, places in URIs."""
    log = json.loads(sarif(full, version="1.2.3"))
    assert (log["version"], log["$schema"].rpartition("/")[2]) == ("2.1.0", "sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    assert run["tool"]["driver"]["version"] == "1.2.3"
    assert "version" not in json.loads(sarif(full))["runs"][0]["tool"]["driver"]
    assert [rule["id"] for rule in rules] == list(full.codes)
    assert len(results) == len(full.problems)
    for result, one in zip(results, full.problems, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == one.code
        assert result["level"] == {"error": "error", "warning": "warning", "info": "note"}[one.severity]
        assert rules[result["ruleIndex"]]["defaultConfiguration"]["level"] == result["level"]
        assert result["message"]["text"]
    places = [result["locations"][0] for result in results if "locations" in result]
    uris = {one["physicalLocation"]["artifactLocation"]["uri"] for one in places if "physicalLocation" in one}
    assert uris == {"a.xml", "b.xml", "e%20%C3%A9.xml"}
    region = next(
        one["physicalLocation"]["region"] for one in places if "logicalLocations" in one and "physicalLocation" in one
    )
    assert region == {"startLine": 3, "startColumn": 7}
    assert "locations" not in results[-1]
    prints = [result["partialFingerprints"]["finding/v1"] for result in results]
    assert len(set(prints)) == len({(one.code, one.where, one.params) for one in full.problems})


def test_fingerprints_outlive_a_move() -> None:
    """The same finding on another line is the same result."""
    moved = [problem("missing_part", Location("a.xml", line), category="Eleve", part=1) for line in (3, 90)]
    one, other = (json.loads(sarif(Report.of([found])))["runs"][0]["results"][0] for found in moved)
    assert one["partialFingerprints"] == other["partialFingerprints"]
    assert one["locations"] != other["locations"]


def test_junit_counts_what_it_holds(full: Report) -> None:
    """Errors fail, stages that did not run are skipped, the numbers of suites are those of their tests."""
    root = etree.fromstring(junit(full).encode())
    suites = root.findall("testsuite")
    for one in (root, *suites):
        cases = list(one.iter("testcase"))
        assert int(one.get("tests", "")) == len(cases)
        assert int(one.get("failures", "")) == sum(case.find("failure") is not None for case in cases)
        assert int(one.get("skipped", "")) == sum(case.find("skipped") is not None for case in cases)
    assert root.get("failures") == str(sum(full.severity(code) is Severity.ERROR for code in full.codes))
    assert root.get("skipped") == "2"
    assert root.findtext(".//system-out", "").startswith(full.of_slug("delete_unknown")[0].message("fr"))


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_is_whole(lang: Lang, full: Report, hostile: str) -> None:
    """Language, headings in order, headed tables, labelled inputs, ids that are unique, nothing fetched."""
    page = lxml_html.fromstring(html(full, lang))
    assert page.get("lang") == lang
    assert [len(page.xpath(f"//h{level}")) for level in (1, 2, 3)] == [1, 5, len(full.codes)]
    assert page.xpath("//th[not(@scope)]") == []
    assert page.xpath("//input[not(ancestor::label)]") == []
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(page.xpath("//@aria-labelledby")) <= set(ids)
    assert page.xpath("//@src | //@href | //link | //img | //@onclick") == []
    assert len(page.xpath("//script")) == 1
    assert hostile.replace("\x01", "") in page.text_content().replace("\x01", "")
    assert page.xpath("//form[@class='filters']/@hidden") != []
    assert page.findtext(".//title", "").startswith(WORDS[lang].title)
    assert WORDS[lang].confidences[CATALOGUE["AAF-002"].confidence] in page.text_content()


def test_an_empty_page() -> None:
    """Nothing found, nothing read: the page says so, and offers nothing to filter."""
    page = lxml_html.fromstring(html(Report()))
    assert WORDS["fr"].nothing in page.text_content()
    assert page.xpath("//article | //form | //table") == []


def test_the_page_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without jinja2 the error names the extra."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtra, match="report"):
        html(Report())


def test_words_agree_with_numbers() -> None:
    """French is singular for 0 and 1, English for 1."""
    assert [WORDS["fr"].counted(Severity.ERROR, n) for n in (0, 1, 2)] == ["0 erreur", "1 erreur", "2 erreurs"]
    assert [WORDS["en"].counted(Severity.INFO, n) for n in (0, 1, 2)] == ["0 notes", "1 note", "2 notes"]


def test_words_cover_every_confidence() -> None:
    """What the catalogue says of its certainty has words in both languages."""
    assert all({known.confidence for known in CATALOGUE.values()} <= set(words.confidences) for words in WORDS.values())
