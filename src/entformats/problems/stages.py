"""The stages of a check: what each one looks at, and why one could not run."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from attrs import frozen

from entformats.frozen import FrozenMap
from entformats.problems.catalogue import Lang, entry

__all__ = ["SKIPPED", "Ran", "SkipReason", "Stage", "StageState"]


class Stage(StrEnum):
    """Étape du contrôle, each on what the one before has let through."""

    CONTAINER = "container"
    """Archive, folder, encoding: can the file be opened?"""
    WELL_FORMED = "well-formed"
    """XML: is it a document at all?"""
    STRUCTURE = "structure"
    """The elements and attributes that its schema knows, where it wants them."""
    VALUES = "values"
    REFERENCES = "references"
    CONSISTENCY = "consistency"
    SOURCES = "sources"
    """Several sources against each other."""

    @classmethod
    def of(cls, code: str) -> Stage:
        """Give the stage of a code: that of its layer; what is XML at all comes before what a grammar says of it.

        >>> Stage.of("io_missing").value, Stage.of("xml_truncated").value
        ('container', 'well-formed')
        """
        known = entry(code)
        stages = [one for one in cls if one is not cls.WELL_FORMED]
        well_formed = known.code.startswith("XML-1") and not known.slug.startswith("structure_")
        return cls.WELL_FORMED if well_formed else stages[known.layer.value]


class StageState(StrEnum):
    """État d'une étape."""

    CLEAN = "clean"
    FOUND = "found"
    """Something was found there, be it a note."""
    SKIPPED = "skipped"
    """It could not run, and its reason says why."""


@frozen
class Ran:
    """Étape exécutée: one stage on one input, or between all of them.

    >>> Ran(Stage.SOURCES, StageState.SKIPPED, reason="one_source").input is None
    True
    """

    stage: Stage
    state: StageState
    input: int | None = None
    """Number of the input, from 0; None for the stage between all of them."""
    reason: str = ""
    """Why it was skipped, or a part of it: a word of `SKIPPED`."""


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
        "read_once": SkipReason(
            "la source ne peut être lue qu'une fois : la donner comme fichier pour la comparer à sa grammaire",
            "the source can be read once only: give it as a file to compare it with its grammar",
        ),
        "no_schema": SkipReason("ce format n'a pas de grammaire publiée", "this format has no published grammar"),
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
