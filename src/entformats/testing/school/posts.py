"""Posts that a directory gives to staff (aaf 3.7.3)."""

from __future__ import annotations

from typing import Final

__all__ = ["DOCUMENTATION", "OTHER_POSTS", "teaching_post"]

_POSITIONS: Final = {
    "AGL1": ("L0422", "ANGLAIS"),
    "A-PLA": ("L1800", "ARTS PLASTIQUES"),
    "EDMUS": ("L1700", "EDUCATION MUSICALE"),
    "EPS": ("L1900", "EDUCATION PHYSIQUE ET SPORTIVE"),
    "FRANC": ("L0202", "LETTRES MODERNES"),
    "HIGEO": ("L1000", "HISTOIRE GEOGRAPHIE"),
    "MATHS": ("L1300", "MATHEMATIQUES"),
    "PH-CH": ("L1500", "PHYSIQUE CHIMIE"),
    "SVT": ("L1600", "SCIENCES DE LA VIE ET DE LA TERRE"),
    "TECHN": ("L1400", "TECHNOLOGIE"),
}

DOCUMENTATION: Final = ("DOC", "DOCUMENTATION", "L0080", "DOCUMENTATION")
"""Code and label of the function, code and label of the position."""
OTHER_POSTS: Final = (
    ("DIR", "DIRECTION", "D0010", "DIRECTION CHEF D'ETABLISSEMENT"),
    ("EDU", "EDUCATION", "E0030", "EDUCATION"),
    ("ADF", "PERSONNELS ADMINISTRATIFS", "P9101", "FONCTION ADMINISTRATIVE"),
    ("AED", "ASSISTANT D'EDUCATION", "S0054", "ENCADREMENT SURVEILLANCE HORS INTERNAT"),
)


def teaching_post(subject: str) -> tuple[str, str, str, str]:
    """Give the function of a teacher of a subject, known by the school's code.

    >>> teaching_post("MATHS")[2:]
    ('L1300', 'MATHEMATIQUES')
    """
    return ("ENS", "ENSEIGNEMENT DEVANT ELEVES", *_POSITIONS.get(subject, ("L0100", "LETTRES")))
