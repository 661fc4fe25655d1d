"""Reading AAF, compared: `python -m benchmarks.aaf --mb 12 120` prints ratios and peak memory as a Markdown table.

Each case is a whole process, run in turn with the others so that a busy machine slows all of them; CPU seconds; the
median of the ratios of each round. Only the ratios mean something on another machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from benchmarks.delivery import write

CASES: Final = (
    "lxml_bare",
    "expat_bare",
    "stream",
    "keep",
    "lxml_dict",
    "stdlib_dict",
    "pandas",
    "xsdata",
    "xmlschema",
)
SMALL: Final = {"pandas", "xsdata", "xmlschema"}
"""Cases that are run on small files only: they take minutes, or all the memory, on large ones."""
NEEDS: Final = {"pandas": "pandas", "xsdata": "xsdata", "xmlschema": "xmlschema"}
LARGEST: Final = 12
MIB: Final = 1024


def run(*command: str) -> tuple[float, float, str]:
    """Run one process: CPU seconds, peak memory in MiB, what it printed."""
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, stdout=out, cwd=Path(__file__).parents[1])
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            sys.exit(f"{' '.join(command)} failed")
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MIB, out.read().strip()


def commands(path: Path, mb: int) -> dict[str, tuple[str, ...]]:
    """Give what can be run here, by case."""
    small = mb <= LARGEST
    wanted = [name for name in CASES if (small or name not in SMALL) and find_spec(NEEDS.get(name, "sys"))]
    found: dict[str, tuple[str, ...]] = {
        name: (sys.executable, "-m", "benchmarks.cases", name, str(path)) for name in wanted
    }
    if xmllint := shutil.which("xmllint"):
        found["xmllint --stream"] = (xmllint, "--stream", "--noout", str(path))
    return found


def compare(path: Path, mb: int, rounds: int) -> None:
    """Print one table: everything against bare lxml and against `stream`."""
    cases = commands(path, mb)
    seconds: dict[str, list[float]] = {name: [] for name in cases}
    peaks: dict[str, float] = {}
    for _ in range(rounds):
        for name, command in cases.items():
            cpu, peaks[name], _ = run(*command)
            seconds[name].append(cpu)
    print(f"\n{mb} MB, {rounds} rounds\n\n| case | / lxml_bare | / stream | peak MiB |\n| --- | ---: | ---: | ---: |")
    for name, taken in seconds.items():
        ratios = [
            statistics.median(a / b for a, b in zip(taken, seconds[other], strict=True))
            for other in ("lxml_bare", "stream")
        ]
        print(f"| {name} | {ratios[0]:.2f} | {ratios[1]:.2f} | {peaks[name]:.0f} |")


def follow(folder: Path, mb: int, rounds: int) -> None:
    """Print the incremental lane: a successor in which 2 % of the people changed."""
    first, second = folder / "first.xml", folder / "second.xml"
    write(first, mb * 10**6)
    write(second, mb * 10**6, changed=0.02)
    python = (sys.executable, "-m", "benchmarks.cases")
    run(*python, "index", str(first))
    rows: list[list[float]] = []
    for _ in range(rounds):
        lane, full, memory, reused, typed = map(float, run(*python, "successor", str(second))[2].split())
        xmllint = shutil.which("xmllint")
        wall = run(xmllint, "--stream", "--noout", str(second))[0] if xmllint else float("nan")
        rows.append([lane / full, lane / wall, memory, typed / (reused + typed)])
    names = ("lane / full reader", "lane / xmllint --stream", "MiB beyond the index given", "part of records parsed")
    print(f"\nincremental lane, {mb} MB, {rounds} rounds\n\n| quantity | median |\n| --- | ---: |")
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        print(f"| {name} | {statistics.median(values):.2f} |")


def main() -> None:
    """Measure at each size, in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, nargs="+", default=[12, 120], help="sizes, in MB")
    parser.add_argument("--rounds", type=int, default=5, help="how often each case runs")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for mb in asked.mb:
            path = Path(name) / f"{mb}.xml"
            write(path, mb * 10**6)
            compare(path, mb, asked.rounds)
            follow(Path(name), mb, asked.rounds)


if __name__ == "__main__":
    main()
