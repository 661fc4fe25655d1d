"""What was looked at, input by input: a stage found something, found nothing, or says why it could not run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from entformats import aaf
from entformats.errors import Encrypted, UnreadableInput
from entformats.frozen import FrozenMap
from entformats.problems import Lang, Ran, Report, Stage, StageState
from entformats.reading import Reading

__all__ = ["SKIPPED", "SkipReason", "between", "of_reading", "of_unreadable"]


@frozen
class SkipReason:
    """Raison de ne pas exécuter une étape.

    >>> SKIPPED["one_source"].text("en")
    'at least two sources are needed, such as an AAF delivery and a timetable'
    """

    fr: str
    en: str

    def text(self, lang: Lang) -> str:
        """Give it in one language."""
        return self.fr if lang == "fr" else self.en


SKIPPED: Final = FrozenMap(
    {
        "unreadable": SkipReason("le fichier n'a pas pu être lu jusque-là", "the file could not be read so far"),
        "encrypted": SkipReason(
            "le fichier est chiffré, et aucune clé donnée ne l'ouvre",
            "the file is encrypted, and no key that was given opens it",
        ),
        "lone_category": SkipReason(
            "les autres catégories de la livraison n'ont pas été données",
            "the other categories of the delivery were not given",
        ),
        "one_source": SkipReason(
            "il faut au moins deux sources, par exemple une livraison AAF et un emploi du temps",
            "at least two sources are needed, such as an AAF delivery and a timetable",
        ),
    }
)
"""Raisons, by the word that `Ran.reason` holds."""
_OF_ONE: Final = tuple(stage for stage in Stage if stage is not Stage.SOURCES)


def of_reading(number: int, reading: Reading, report: Report) -> Iterator[Ran]:
    """Give the stages of an input that was read: all ran, but references from a file without what it refers to.

    >>> reading = aaf.read(b"<ficAlimMENESR/>")
    >>> {one.state.value for one in of_reading(0, reading, Report())}
    {'clean'}
    """
    found = _found(report)
    for stage in _OF_ONE:
        lone = isinstance(reading, aaf.Delivery) and len(reading.manifest.categories) == 1
        if stage is Stage.REFERENCES and lone and stage not in found:
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
