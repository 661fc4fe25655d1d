"""The registry of checks: what is looked at once files are read; adding one is one function and one catalogue entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final

from attrs import frozen

from entformats.aaf.checks import CHECKS as DELIVERY_CHECKS
from entformats.problems import Problem
from entformats.validation.crossing import CROSSINGS
from entformats.validation.exports import EXPORT_CHECKS

__all__ = ["RULES", "About", "Rule"]


class About(StrEnum):
    """Objet d'un contrôle: what it looks at."""

    DELIVERY = "delivery"
    """One AAF delivery."""
    TIMETABLE = "timetable"
    """One export of a timetable."""
    SOURCES = "sources"
    """All sources together."""


@frozen
class Rule:
    """Contrôle: a small function with a name and a sentence.

    >>> rule = next(one for one in RULES if one.name == "one_year")
    >>> rule.about.value
    'delivery'
    """

    about: About
    name: str
    sentence: str
    """First line of its documentation, in French."""


def _rules(about: About, functions: tuple[Callable[..., Iterator[Problem]], ...]) -> Iterator[Rule]:
    for function in functions:
        yield Rule(about, function.__name__, str(function.__doc__).partition("\n")[0])


RULES: Final = (
    *_rules(About.DELIVERY, DELIVERY_CHECKS),
    *_rules(About.TIMETABLE, EXPORT_CHECKS),
    *_rules(About.SOURCES, CROSSINGS),
)
"""Tous les contrôles, in the order in which they run."""
