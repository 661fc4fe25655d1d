"""What was looked at, input by input: a stage found something, found nothing, or says why it could not run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from entformats import aaf
from entformats.errors import Encrypted, UnreadableInput
from entformats.problems import Ran, Report, Stage, StageState
from entformats.reading import Reading

__all__ = ["between", "of_reading", "of_unreadable"]


_OF_ONE: Final = tuple(stage for stage in Stage if stage is not Stage.SOURCES)


def of_reading(number: int, reading: Reading, report: Report, structure: str = "") -> Iterator[Ran]:
    """Give the stages of an input that was read: all ran, but references from a file without what it refers to.

    `structure` is why no document was compared with a grammar, if so.

    >>> reading = aaf.read(b"<ficAlimMENESR/>")
    >>> {one.state.value for one in of_reading(0, reading, Report())}
    {'clean'}
    """
    found = _found(report)
    for stage in _OF_ONE:
        lone = isinstance(reading, aaf.Delivery) and len(reading.manifest.categories) == 1
        if stage is Stage.STRUCTURE and structure and stage not in found:
            yield Ran(stage, StageState.SKIPPED, number, structure)
        elif stage is Stage.REFERENCES and lone and stage not in found:
            yield Ran(stage, StageState.SKIPPED, number, "lone_category")
        else:
            yield Ran(stage, _state(stage, found), number)


def of_unreadable(number: int, error: UnreadableInput) -> Iterator[Ran]:
    """Give the stages of an input that was not read: what came before, what stopped the reading, and what did not run.

    >>> from entformats.problems import problem
    >>> error = UnreadableInput(problem("xml_truncated"))
    >>> [one.state.value for one in of_unreadable(0, error)]
    ['clean', 'found', 'skipped', 'skipped', 'skipped', 'skipped']
    """
    stopped = _OF_ONE.index(Stage.of(error.problem.code))
    reason = "encrypted" if isinstance(error, Encrypted) else "unreadable"
    for place, stage in enumerate(_OF_ONE):
        if place > stopped:
            yield Ran(stage, StageState.SKIPPED, number, reason)
        else:
            yield Ran(stage, StageState.FOUND if place == stopped else StageState.CLEAN, number)


def between(readings: tuple[Reading, ...], report: Report) -> Ran:
    """Give the stage between all inputs, which needs two that can be compared.

    >>> between((), Report()).reason
    'one_source'
    """
    if len(readings) < 2:  # noqa: PLR2004 - two sources
        return Ran(Stage.SOURCES, StageState.SKIPPED, reason="one_source")
    return Ran(Stage.SOURCES, StageState.FOUND if report.counts else StageState.CLEAN)


def _found(report: Report) -> frozenset[Stage]:
    return frozenset(map(Stage.of, report.counts))


def _state(stage: Stage, found: frozenset[Stage]) -> StageState:
    return StageState.FOUND if stage in found else StageState.CLEAN
