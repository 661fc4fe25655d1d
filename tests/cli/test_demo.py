"""The front door: its figures are computed, and an independent count finds the same."""

from __future__ import annotations

from types import ModuleType

import attrs
import pytest

from entformats import cli, rules
from entformats.rules import Counts
from entformats.testing import school

FIRST = "Bilan préliminaire d'import"
LAST = "Total cumulé de cours exceptionnels"


def bilans(text: str) -> list[Counts]:
    """Read the bilans in the text of the demo."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith(FIRST)]
    ends = [number for number, line in enumerate(lines) if LAST in line]
    return [rules.bilan.parse("\n".join(lines[a : b + 1])) for a, b in zip(starts, ends, strict=True)]


def flat(counts: Counts) -> dict[str, int]:
    """Put the numbers under dotted names."""
    found: dict[str, int] = {}

    def walk(path: str, value: object) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(f"{path}.{name}".lstrip("."), inner)
        elif isinstance(value, int):
            found[path] = value

    both = attrs.asdict(counts)
    walk("", both["preliminary"])
    walk("", both["weekly"])
    return found


@pytest.mark.parametrize("seed", [0, 1, 2, 11])
def test_the_bilans_shown_are_those_of_a_naive_count(
    seed: int, naive: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both bilans of the text, read back, equal the count made date by date from the school itself."""
    assert cli.run(["demo", "--seed", str(seed), "--pupils", "90"]) == 0
    captured = capsys.readouterr()
    fictitious = school.generate(seed, pupils=90)
    one, two = bilans(captured.out)
    assert flat(one) == naive.expected_first(fictitious, decided=fictitious.by_hand)
    assert flat(two) == naive.expected(fictitious, decided=fictitious.by_hand)


def test_the_demo_is_the_same_for_a_seed(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of what it prints depends on the moment; another seed is another school."""
    texts = []
    for seed in ("3", "3", "4"):
        cli.run(["demo", "--seed", seed, "--pupils", "40"])
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] != texts[2]


def test_every_step_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Delivery, exports, people, bilans, validation: the screens of an ENT, in order."""
    cli.run(["demo", "--pupils", "60"])
    out = capsys.readouterr().out
    titles = [line.strip("━ ") for line in out.splitlines() if line.startswith("━━")]
    assert titles[1] == "Alimentation AAF"
    assert titles.count("Rapprochement des enseignants") == 2
    assert titles.count("Bilan préliminaire") == 2
    assert titles[-1] == "Bilans d'import"
    assert out.count("Import validé") == 2
    assert "Traceback" not in out
