"""Write a state of today's shape beside those of the versions before: `python tests/data/states/make.py`.

`school/` is fixed: an AAF delivery and two exports of a fictitious school, one before and one after. A folder a version
holds the state after the first import (`state.json`), its decisions alone (`decisions.json`), what `State` looked like
(`shape.txt`), and the bilan that the second export must give against it (`bilan.txt`). States and shapes are never
written again: states of that version lie in databases. `make.py bilans` writes the bilans again, for a change of the
rules that is meant to change them.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from attrs import evolve

from entformats import aaf, edt, rules
from entformats.frozen import FrozenMap
from entformats.identity import Decision, Key, Profile, SourceKey
from entformats.rules import Correspondence, GroupMode, Preview, Roster, State, Trigger
from entformats.rules import snapshot as snapshots
from entformats.rules.migrations import VERSION, shape
from entformats.timetable import Pattern, Service

HERE = Path(__file__).parent
SCHOOL = HERE / "school"
UAI = "0749889X"
MODE = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
SEPTEMBER, OCTOBER, NOVEMBER = (datetime(2026, month, 1, 8, tzinfo=UTC) for month in (9, 10, 11))
DECISIONS = (
    Decision(Profile.TEACHER, UAI, SourceKey("Sans", "COMPTE"), account=None, by="secretary", at=SEPTEMBER),
    Decision(Profile.PUPIL, UAI, SourceKey("Jo$El", "COMPTE"), account="9999999", by="secretary", at=SEPTEMBER),
    Decision(
        Profile.PUPIL,
        UAI,
        SourceKey("Zoé", "COMPTE"),
        account="9999998",
        by="secretary",
        at=SEPTEMBER,
        refused=True,
        known_as=SourceKey("Zoe", "CONTE"),
    ),
)


def held() -> Roster:
    """Give what the ENT holds."""
    return rules.roster(aaf.read(SCHOOL).directory, school=UAI)


def preview(state: State, export: str, at: datetime, trigger: Trigger = Trigger.MANUAL) -> Preview:
    """Prepare an import of one of the two exports."""
    timetable = edt.read(SCHOOL / export, uai=UAI).timetable
    return rules.prepare(timetable, held(), state=state, mode=MODE, trigger=trigger, at=at)


def imported() -> State:
    """Give a state in which nothing is empty: imports of every outcome, declared services, answers about people."""
    state = State.new(UAI, 2026).with_decisions(DECISIONS)
    state = preview(state, "before.xml", SEPTEMBER, Trigger.AUTOMATIC).cancel(state, at=SEPTEMBER)
    state = preview(state, "before.xml", SEPTEMBER).cancel(state, at=SEPTEMBER, by="secretary")
    state = preview(state, "before.xml", SEPTEMBER).validate(state, at=SEPTEMBER, by="secretary")
    state = preview(state, "before.xml", OCTOBER).fail(state, at=OCTOBER, by="secretary")
    snapshot = state.snapshot
    first, *others = snapshot.lessons
    services = {
        name: Service(name, (Pattern(1, "08:00", "09:00", service.patterns[0].weeks),), 60, "SA", ("CG",), True)
        for name, service in list(snapshot.services.items())[:3]
    }
    return evolve(
        state,
        correspondences=FrozenMap({Key("class:6EA"): Correspondence(Key("class:6A"), "secretary", SEPTEMBER)}),
        snapshot=evolve(
            snapshot,
            subjects=FrozenMap((who, evolve(one, national_code="030201")) for who, one in snapshot.subjects.items()),
            closures=frozenset(evolve(one, label="Vacances") for one in snapshot.closures),
            lessons=snapshots.sort_lessons([evolve(first, slots=(1, 2)), *others]),
            declared_services=FrozenMap(services),
            incomplete=frozenset(list(services)[:1]),
        ),
    )


def bilan(state: State) -> str:
    """Give the bilan of the second export against a state."""
    return rules.bilan.render(preview(state, "after.xml", NOVEMBER).bilan)


def main(arguments: list[str]) -> None:
    """Write the folder of today's version, and refuse to write one again; or write all bilans again."""
    if arguments == ["bilans"]:
        for path in HERE.glob("*/state.json"):
            told = bilan(State.from_json(path.read_text(encoding="utf-8")))
            (path.parent / "bilan.txt").write_text(told, encoding="utf-8", newline="")
        return
    folder = HERE / str(VERSION)
    state = imported()
    texts = {
        "state.json": state.to_json(),
        "decisions.json": rules.decisions_to_json(state.decisions),
        "shape.txt": shape(State) + "\n",
        "bilan.txt": bilan(state),
    }
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main(sys.argv[1:])
