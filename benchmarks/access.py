"""Access blocks, measured: `python -m benchmarks.access` prints evaluations a second and ratios as a Markdown table.

Ten windows, one school. `naive` is what one writes first: every window converted to instants and looked at, each time;
or converted once and looked at each time. The cases are run in turn, several rounds; each ratio is the median of
those of a round, so that a busy machine slows both sides.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from entformats.identity import Profile
from entformats.rules.access import AccessBlock, Blocked, BlockPolicy, instant_of

WINDOWS: Final = 10
START: Final = datetime(2022, 1, 3, 8)  # noqa: DTZ001 - a wall time
PARIS: Final = ZoneInfo("Europe/Paris")
BLOCKS: Final = tuple(
    AccessBlock(
        Profile.PUPIL, enabled=True, start=START + timedelta(days=30 * n), end=START + timedelta(days=30 * n + 3)
    )
    for n in range(WINDOWS)
)
POLICY: Final = BlockPolicy(BLOCKS, title="Rentrée", message="Ouverture le 1er septembre.")
INSTANTS: Final = tuple(datetime(2022, 1, 1, tzinfo=UTC) + timedelta(hours=5 * n) for n in range(2_000))
LOCAL: Final = tuple(at.astimezone(PARIS) for at in INSTANTS)
WALLS: Final = tuple(at.replace(tzinfo=None) for at in LOCAL)


def naive(instants: tuple[datetime, ...]) -> int:
    """Look at every window, converted each time."""
    blocked = 0
    for at in instants:
        for block in BLOCKS:
            start, end = block.start, block.end
            if block.enabled and start is not None and end is not None:
                begun = instant_of(start, PARIS, is_end=False) <= at
                if begun and at < instant_of(end, PARIS, is_end=True):
                    blocked += 1
                    break
    return blocked


def converted_once(instants: tuple[datetime, ...]) -> int:
    """Look at every window, converted once."""
    known = [
        (instant_of(block.start, PARIS, is_end=False), instant_of(block.end, PARIS, is_end=True))
        for block in BLOCKS
        if block.enabled and block.start is not None and block.end is not None
    ]
    return sum(any(start <= at < end for start, end in known) for at in instants)


def evaluate(instants: tuple[datetime, ...]) -> int:
    """Ask the policy, which has merged its windows once."""
    return sum(isinstance(POLICY.evaluate(Profile.PUPIL, at), Blocked) for at in instants)


def next_transition(instants: tuple[datetime, ...]) -> int:
    """Ask when the answer changes."""
    return sum(POLICY.next_transition(Profile.PUPIL, at) is not None for at in instants)


def anew(instants: tuple[datetime, ...]) -> int:
    """Make the policy again for every question, as a request that reads its settings does."""
    made = (BlockPolicy(BLOCKS, POLICY.title, POLICY.message) for _ in instants)
    return sum(
        isinstance(policy.evaluate(Profile.PUPIL, at), Blocked) for policy, at in zip(made, instants, strict=True)
    )


CASES: Final[dict[str, tuple[Callable[[tuple[datetime, ...]], int], tuple[datetime, ...]]]] = {
    "naive, instants in UTC": (naive, INSTANTS),
    "naive, windows converted once": (converted_once, INSTANTS),
    "evaluate, instants in UTC": (evaluate, INSTANTS),
    "evaluate, instants with the zone of the school": (evaluate, LOCAL),
    "evaluate, wall times": (evaluate, WALLS),
    "next_transition, instants in UTC": (next_transition, INSTANTS),
    "evaluate, the policy made anew each time": (anew, INSTANTS),
}


def seconds(case: str) -> float:
    """Measure one case, CPU seconds for one question."""
    ask, instants = CASES[case]
    begun = time.process_time()
    ask(instants)
    return (time.process_time() - begun) / len(instants)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = [{case: seconds(case) for case in CASES} for _ in range(parser.parse_args().rounds)]
    reference = next(iter(CASES))
    print("| case | questions / s | times faster than naive |\n| --- | ---: | ---: |")
    for case in CASES:
        rate = 1 / statistics.median(one[case] for one in rounds)
        ratio = statistics.median(one[reference] / one[case] for one in rounds)
        print(f"| {case} | {rate:,.0f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
