"""The page of a report in a real browser: `.ci/browser` installs what these tests need, and runs them."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from attrs import evolve

from entformats.problems import Input, Lang, Location, Ran, Report, Stage, StageState, problem
from entformats.reports.checks import html

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: see .ci/browser")
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
if CHROMIUM is None or DRIVER is None:
    pytest.skip("chromium is not installed: see .ci/browser", allow_module_level=True)

Browser: TypeAlias = Any
"""A driver of selenium, which the other tests do without."""
HOSTILE = "</li></article><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>6°A"
REPORT = evolve(
    Report.of(
        [
            problem("class_not_in_directory", Location("edt.xml", 3, kind="Classe", key=HOSTILE), name=HOSTILE),
            problem("missing_part", Location("a.xml"), category="Eleve", part=1),
            problem("ignored_file", Location("notes.txt")),
        ]
    ),
    inputs=(Input("edt.xml", "edt", "export"), Input(HOSTILE, "aaf")),
    stages=(Ran(Stage.SOURCES, StageState.SKIPPED, reason="one_source"),),
    profile="default",
    today=date(2026, 9, 1),
)
CONTRAST = """
const luminance = (text) => {
  const [r, g, b] = text.match(/[0-9.]+/g).slice(0, 3).map((n) => n / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const background = (node) => {
  for (let one = node; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (!/rgba\\(.*, 0\\)/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
};
return [...document.querySelectorAll("body *")]
  .filter((node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()) && node.offsetParent)
  .map((node) => {
    const [a, b] = [luminance(getComputedStyle(node).color), luminance(background(node))].sort((x, y) => y - x);
    return [node.tagName, (a + 0.05) / (b + 0.05)];
  });
"""


def browser(*, script: bool) -> Browser:
    """Start a browser without a window."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    if not script:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    found: Browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    return found


@pytest.fixture(scope="module")
def scripted() -> Iterator[Browser]:
    """Give a browser where scripts run."""
    found = browser(script=True)
    yield found
    found.quit()


@pytest.fixture
def opened(scripted: Browser, tmp_path: Path) -> Callable[[Lang], Browser]:
    """Open the page in a language."""

    def open_page(lang: Lang = "fr") -> Browser:
        scripted.get(written(tmp_path, lang))
        return scripted

    return open_page


def written(folder: Path, lang: Lang = "fr") -> str:
    """Write the page, and give its address."""
    path = folder / "report.html"
    path.write_text(html(REPORT, lang), encoding="utf-8")
    return path.as_uri()


def shown(page: Browser) -> set[str]:
    """Give the severities of the findings that can be seen."""
    articles = page.find_elements("css selector", "article")
    return {str(one.get_attribute("data-severity")) for one in articles if one.is_displayed()}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_hostile_name_is_text(opened: Callable[[Lang], Browser], lang: Lang) -> None:
    """It is shown to the letter, runs nothing, loads nothing; the console has nothing to say."""
    page = opened(lang)
    text = page.find_element("tag name", "body").text
    assert HOSTILE in text
    assert page.execute_script("return [typeof window.hacked, document.images.length]") == ["undefined", 0]
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert page.get_log("browser") == []
    assert page.execute_script("return document.documentElement.lang") == lang


def test_findings_are_filtered(opened: Callable[[Lang], Browser]) -> None:
    """By severity, by words, both; how many are left is said."""
    page = opened("fr")
    everything = {"error", "warning", "info"}
    assert shown(page) == everything
    box = page.find_element("css selector", "input[value=error]")
    box.click()
    assert shown(page) == everything - {"error"}
    search = page.find_element("css selector", "input[type=search]")
    search.send_keys("6°a")
    assert shown(page) == {"warning"}
    assert page.find_element("id", "shown").text == "1 / 3"
    search.clear()
    search.send_keys("nothing has these words")
    assert shown(page) == set()


def test_the_keyboard_is_enough(opened: Callable[[Lang], Browser]) -> None:
    """Every control is reached by tabulation, and an explanation opens by a key."""
    page = opened("fr")
    reached = set()
    for _ in range(20):
        page.switch_to.active_element.send_keys("\ue004")
        reached.add(page.switch_to.active_element.tag_name)
    assert {"input", "summary"} <= reached
    summary = page.find_element("css selector", "summary")
    summary.send_keys("\ue007")
    assert page.find_element("css selector", "details").get_attribute("open") == "true"


def test_it_is_read_without_script(tmp_path: Path) -> None:
    """Everything is there; what would do nothing is not."""
    page = browser(script=False)
    try:
        page.get(written(tmp_path))
        assert shown(page) == {"error", "warning", "info"}
        assert not page.find_element("css selector", "form.filters").is_displayed()
        page.find_element("css selector", "summary").click()
        assert page.find_element("css selector", "details p").is_displayed()
    finally:
        page.quit()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrasts(opened: Callable[[Lang], Browser], scheme: str) -> None:
    """Every text has the contrast of WCAG AA, 4.5, on a light and on a dark screen."""
    page = opened("fr")
    media = {"media": "", "features": [{"name": "prefers-color-scheme", "value": scheme}]}
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    found = page.execute_script(CONTRAST)
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    assert len(found) > 20
    assert [one for one in found if one[1] < 4.5] == []


def test_it_prints(opened: Callable[[Lang], Browser]) -> None:
    """On paper there is no filter, text is black, and severities are words."""
    page = opened("fr")
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not page.find_element("css selector", "form.filters").is_displayed()
    colours = page.execute_script(
        "return [...document.querySelectorAll('article *, .verdict')].map((one) => getComputedStyle(one).color)"
    )
    assert {tuple(re.findall("[0-9]+", one)) for one in colours} == {("0", "0", "0")}
    tags = {one.text.lower() for one in page.find_elements("css selector", ".tag")}
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert tags == {"erreur", "alerte", "note"}
    made = page.execute_cdp_cmd("Page.printToPDF", {})
    assert base64.b64decode(made["data"]).startswith(b"%PDF")


@pytest.mark.parametrize("width", [320, 1280])
def test_no_line_is_wider_than_the_screen(opened: Callable[[Lang], Browser], width: int) -> None:
    """On a telephone and on a desk, only down."""
    page = opened("fr")
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    wide = page.execute_script("return document.documentElement.scrollWidth")
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= width
