"""Recipes that a process of its own must run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from entformats import aaf
from entformats.testing import school

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "aaf-two-workers.md"


def test_the_recipe_for_two_workers_runs(tmp_path: Path) -> None:
    """The script of the page counts the pupils of a generated delivery, alone and with two workers."""
    directory = school.generate(seed=7, pupils=20).directory
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name, content in aaf.write(directory):
        (folder / name).write_bytes(b"".join(content))
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    script = tmp_path / "two_workers.py"
    script.write_text(found[1], encoding="utf-8")
    command = [sys.executable, str(script), str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S603 - our own page
    expected = [f"{workers}: {len(directory.pupils)} pupils in 1 schools, 0 findings" for workers in (1, 2)]
    assert [line.rpartition(",")[0] for line in told] == expected
