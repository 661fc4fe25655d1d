"""Time the matcher in a large scope: `python -m benchmarks.matching --accounts 500000 --rounds 5`.

The people are fictitious and seeded. Figures are CPU time of this process, as ratios to one plain pass that folds both
names of every account into a dictionary: the least that any matcher must do.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

from attrs import evolve

from entformats import rules
from entformats.identity import Identity, Profile
from entformats.names import compact
from entformats.rules.matching import scoring
from entformats.rules.matching.suggestions import Suggester

SCHOOL = "0749999S"
SYLLABLES = ("bar", "ber", "bi", "cha", "de", "dou", "fa", "gre", "hu", "jo", "la", "lé", "mar", "no", "pi", "ra", "vi")
FAMILIES, GIVEN = 22_000, 1_200


def names(dice: random.Random, count: int) -> list[str]:
    """Make different names of two to four syllables."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))).capitalize()] = None
    return list(found)


def people(count: int, seed: int = 0) -> list[Identity]:
    """Draw the accounts of one scope: a few names are common, most are rare; birth dates of seven years."""
    dice = random.Random(seed)
    families = [name.upper() for name in names(dice, FAMILIES)]
    given = names(dice, GIVEN)
    weights = [1 / (rank + 20) for rank in range(FAMILIES)]
    chosen = dice.choices(families, weights, k=count)
    first = dice.choices(given, [1 / (rank + 5) for rank in range(GIVEN)], k=count)
    days = [date(2005, 1, 1) + timedelta(days) for days in range(7 * 365)]
    born = dice.choices(days, k=count)
    rows = zip(first, chosen, born, strict=True)
    return [
        Identity(str(number), Profile.PUPIL, SCHOOL, name, family, birth_date=day)
        for number, (name, family, day) in enumerate(rows)
    ]


def floor(accounts: list[Identity]) -> int:
    """Fold both names of everybody into one dictionary."""
    return len({(compact(one.given), compact(one.family), one.birth_date): one.ref for one in accounts})


def cpu(task: Callable[[], object]) -> float:
    """Give the CPU seconds of a task."""
    before = time.process_time()
    task()
    return time.process_time() - before


def lost(accounts: list[Identity], count: int) -> list[Identity]:
    """Give unmatched people: accounts seen with two other letters at the end of the family name."""
    picked = random.Random(1).sample(accounts, count)
    return [
        Identity(f"lost:{number}", Profile.PUPIL, SCHOOL, one.given, one.family[:-1] + "XY", birth_date=one.birth_date)
        for number, one in enumerate(picked)
    ]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    accounts = people(asked.accounts)
    known = {one.ref: one for one in accounts}
    fast, slow = scoring.fast_within(), scoring.counted_within
    suggester = Suggester(known, {}, rules.Policy())
    seen = [evolve(one, ref=f"s:{one.ref}") for one in accounts]

    def suggested(count: int, within: Callable[[str, str, int], bool]) -> Callable[[], object]:
        def task() -> object:
            scoring.distance_within = within
            return suggester.suggest(lost(accounts, count))

        return task

    tasks: dict[str, Callable[[], object]] = {
        "one pass that folds the names": lambda: floor(accounts),
        "suggestions for 3 unmatched": suggested(3, slow),
        "the same with rapidfuzz": suggested(3, fast),
        "suggestions for 300 unmatched": suggested(300, slow),
        "the same 300 with rapidfuzz": suggested(300, fast),
        "match of 3 unmatched people": lambda: rules.match(lost(accounts, 3), accounts),
        "match of everybody": lambda: rules.match(seen, accounts),
    }
    rounds = [{name: cpu(task) for name, task in tasks.items()} for _ in range(asked.rounds)]
    print(
        f"{asked.accounts} accounts, {asked.rounds} rounds\n\n| task | / folding pass | CPU ms |\n| --- | ---: | ---: |"
    )
    for name in tasks:
        ratio = statistics.median(one[name] / one["one pass that folds the names"] for one in rounds)
        print(f"| {name} | {ratio:.2f} | {1000 * statistics.median(one[name] for one in rounds):.0f} |")


if __name__ == "__main__":
    main()
