"""The words of a report, in French and English: what is not in the catalogue of findings."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from entformats.frozen import FrozenMap
from entformats.problems import Lang, Severity, Stage, Verdict

__all__ = ["WORDS", "Words"]


@frozen
class Words:
    """Mots d'un rapport dans une langue.

    >>> WORDS["fr"].counted(Severity.ERROR, 2)
    '2 erreurs'
    """

    title: str
    verdicts: FrozenMap[Verdict, str]
    severities: FrozenMap[Severity, tuple[str, str]]
    """One, several."""
    stages: FrozenMap[Stage, str]
    checked_on: str
    profile: str
    nothing: str
    more: str
    """What stands for the findings that are not shown: `{number}`."""
    times: str
    why: str
    repair: str
    read: str
    skipped: str
    muted: str
    all_files: str
    anonymous: str
    """Name of a source that has none."""
    figures: str
    filters: str
    search: str
    places: str
    total: str
    source: str
    sources: str
    confidence: str
    confidences: FrozenMap[str, str]
    hidden: str

    def counted(self, severity: Severity, number: int) -> str:
        """Count findings; the noun is singular for 0 and 1 in French, for 1 alone in English."""
        one, several = self.severities[severity]
        singular = number == 1 or (number == 0 and self is WORDS["fr"])
        return f"{number} {one if singular else several}"


_FRENCH: Final = Words(
    title="Contrôle de fichiers pour l'ENT",
    verdicts=FrozenMap(
        {
            Verdict.USABLE: "utilisable",
            Verdict.USABLE_WITH_WARNINGS: "utilisable, avec des alertes",
            Verdict.UNUSABLE: "inutilisable en l'état",
        }
    ),
    severities=FrozenMap(
        {
            Severity.ERROR: ("erreur", "erreurs"),
            Severity.WARNING: ("alerte", "alertes"),
            Severity.INFO: ("note", "notes"),
        }
    ),
    stages=FrozenMap(
        {
            Stage.CONTAINER: "contenant et encodage",
            Stage.WELL_FORMED: "document XML",
            Stage.STRUCTURE: "structure",
            Stage.VALUES: "valeurs",
            Stage.REFERENCES: "références",
            Stage.CONSISTENCY: "cohérence",
            Stage.SOURCES: "entre les sources",
        }
    ),
    checked_on="Contrôlé le",
    profile="profil",
    nothing="Aucune anomalie.",
    more="… et {number} de plus",
    times="fois",
    why="Pourquoi",
    repair="À faire",
    read="Ce qui a été lu",
    skipped="Ce qui n'a pas été contrôlé",
    muted="Ce que le profil fait taire",
    all_files="toutes les sources",
    anonymous="source",
    figures="Chiffres",
    filters="Montrer",
    search="Filtrer les anomalies",
    places="Endroits",
    total="nombre",
    source="Source",
    sources="Anomalies",
    confidence="Certitude de la règle",
    confidences=FrozenMap(
        {
            "data": "vue dans de vrais fichiers",
            "code": "tirée du code d'un logiciel",
            "documented": "documentée",
            "inferred": "déduite",
        }
    ),
    hidden="Les noms des personnes sont cachés.",
)
_ENGLISH: Final = Words(
    title="Check of files for the ENT",
    verdicts=FrozenMap(
        {
            Verdict.USABLE: "usable",
            Verdict.USABLE_WITH_WARNINGS: "usable, with warnings",
            Verdict.UNUSABLE: "not usable as it is",
        }
    ),
    severities=FrozenMap(
        {
            Severity.ERROR: ("error", "errors"),
            Severity.WARNING: ("warning", "warnings"),
            Severity.INFO: ("note", "notes"),
        }
    ),
    stages=FrozenMap(
        {
            Stage.CONTAINER: "container and encoding",
            Stage.WELL_FORMED: "XML document",
            Stage.STRUCTURE: "structure",
            Stage.VALUES: "values",
            Stage.REFERENCES: "references",
            Stage.CONSISTENCY: "consistency",
            Stage.SOURCES: "between the sources",
        }
    ),
    checked_on="Checked on",
    profile="profile",
    nothing="Nothing found.",
    more="… and {number} more",
    times="times",
    why="Why",
    repair="To do",
    read="What was read",
    skipped="What was not checked",
    muted="What the profile silences",
    all_files="all sources",
    anonymous="source",
    figures="Figures",
    filters="Show",
    search="Filter the findings",
    places="Places",
    total="number",
    source="Source",
    sources="Findings",
    confidence="How sure the rule is",
    confidences=FrozenMap(
        {
            "data": "seen in real files",
            "code": "taken from the code of a program",
            "documented": "documented",
            "inferred": "inferred",
        }
    ),
    hidden="Names of people are hidden.",
)
WORDS: Final = FrozenMap[Lang, Words]([("fr", _FRENCH), ("en", _ENGLISH)])
"""Mots, by language."""
