"""Every example of the documentation runs, and the pages that come from the code are current."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import json
import pkgutil
import re
from pathlib import Path
from types import ModuleType

import pytest

import entformats
import entformats.codes
from entformats import rules
from entformats.cli import ExitCode
from entformats.cli.app import app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"(?:<!-- not run: (?P<reason>.+?) -->\n)?^```python\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def blocks(page: Path) -> list[tuple[int, str]]:
    """Give the line and the code of every block to run: ```python, unless `<!-- not run: reason -->` stands above."""
    text = page.read_text(encoding="utf-8")
    return [(text.count("\n", 0, m.start("code")), m["code"]) for m in FENCE.finditer(text) if not m["reason"]]


WITH_CODE = [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES if blocks(page)]


@pytest.mark.parametrize("page", WITH_CODE)
def test_the_examples_of_a_page_run(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All blocks of a page run in order in one namespace; a session with `>>>` shows what it says it shows."""
    names: dict[str, object] = {"__name__": "__main__"}
    for line, code in blocks(page):
        if ">>>" in code:
            run_session(code, names, page, line)
        else:
            exec(compile("\n" * line + code, str(page), "exec"), names)  # noqa: S102 - our own documentation
    assert "Traceback" not in capsys.readouterr().out


def run_session(code: str, names: dict[str, object], page: Path, line: int) -> None:
    """Run an interactive session and compare its output."""
    test = doctest.DocTestParser().get_doctest(code, names, page.name, str(page), line)
    runner = doctest.DocTestRunner()
    report: list[str] = []
    runner.run(test, out=report.append, clear_globs=False)
    names.update(test.globs)
    assert runner.failures == 0, "".join(report)


def test_there_are_examples_to_run() -> None:
    """The search for blocks finds the README, the first page, the tutorial and the design."""
    found = {page.name for page in PAGES if blocks(page)}
    assert {"README.md", "index.md", "main-job.md", "design.md", "privacy.md"} <= found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file of the repository."""
    text = page.read_text(encoding="utf-8")
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


def generator() -> ModuleType:
    """Load the script that writes the pages."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_current() -> None:
    """The committed pages of the reference are those that the code would write."""
    assert generator().stale() == [], "run python docs/generate.py"


def test_every_public_module_has_a_page() -> None:
    """What users may import is in the reference: a page of its own, or that of the façade which offers all of it."""
    public = {f"entformats.{m.name}" for m in pkgutil.iter_modules(entformats.__path__) if not m.name.startswith("_")}
    public |= {f"entformats.codes.{m.name}" for m in pkgutil.iter_modules(entformats.codes.__path__)}
    pages = set(generator().MODULES) | {"entformats.cli", "entformats.codes"}
    assert [name for name in sorted(public - pages) if not offered(importlib.import_module(name))] == []


def offered(module: ModuleType) -> bool:
    """Tell whether the façade offers all that a module does."""
    return set(module.__all__) <= set(entformats.__all__)


def test_the_readme_shows_the_commands_of_the_gate() -> None:
    """The gate runs the README's own test command, word for word."""
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^python3 -m pip install uv && .+$", readme, re.MULTILINE)
    assert [command.rpartition(" ")[2] for command in commands] == ["demo", "pytest"]
    assert f"'{commands[1]}'" in gate


def test_every_command_has_its_section() -> None:
    """The page of the command line describes the commands that there are, with their exit codes."""
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    commands = {name for name in app if not name.startswith("-")}
    assert set(re.findall("^## `(.+)`$", page, re.MULTILINE)) == commands
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)] == [code.value for code in ExitCode]


def test_the_decisions_of_the_page_can_be_read() -> None:
    """The JSON that the page shows is what the library reads, and writes."""
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    shown = page.partition("```json\n")[2].partition("```")[0]
    (decision,) = rules.decisions_from_json(shown)
    assert decision.account == "3100456"
    assert json.loads(rules.decisions_to_json([decision])) == json.loads(shown)
