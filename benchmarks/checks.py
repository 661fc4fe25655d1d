"""Checking a whole delivery, against reading it: `python -m benchmarks.checks --mb 12 120`.

Each case is a whole process, in turn with the others; CPU seconds, the median of the ratios of each round.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.aaf import run
from benchmarks.delivery import write

CASES: Final = ("stream", "keep", "checked")


def main() -> None:
    """Measure at each size, in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, nargs="+", default=[12, 120], help="sizes, in MB")
    parser.add_argument("--rounds", type=int, default=5, help="how often each case runs")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for mb in asked.mb:
            path = Path(folder) / f"{mb}.xml"
            write(path, mb * 10**6)
            compare(path, mb, asked.rounds)


def compare(path: Path, mb: int, rounds: int) -> None:
    """Print one table: the check against reading as a stream, and against reading into a directory."""
    seconds: dict[str, list[float]] = {name: [] for name in CASES}
    peaks: dict[str, float] = {}
    for _ in range(rounds):
        for name in CASES:
            cpu, peaks[name], _ = run(sys.executable, "-m", "benchmarks.cases", name, str(path))
            seconds[name].append(cpu)
    print(f"\n{mb} MB, {rounds} rounds\n\n| case | / stream | / keep | peak MiB |\n| --- | ---: | ---: | ---: |")
    for name, taken in seconds.items():
        ratios = [statistics.median(a / b for a, b in zip(taken, seconds[one], strict=True)) for one in CASES[:2]]
        print(f"| {name} | {ratios[0]:.2f} | {ratios[1]:.2f} | {peaks[name]:.0f} |")


if __name__ == "__main__":
    main()
