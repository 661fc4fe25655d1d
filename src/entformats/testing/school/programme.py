"""What a fictitious collège teaches: subjects, hours by level, rooms (codes: nomenclatures 5)."""

from __future__ import annotations

from typing import Final

from attrs import frozen

__all__ = ["HOURS", "LANGUAGES", "LEVELS", "MEFS", "NATIONAL", "SPARE", "SUBJECTS", "discipline"]

LEVELS: Final = ("6", "5", "4", "3")
LANGUAGES: Final = ("ESP2", "ESP2", "ITA2", "ALL2")
"""Second languages of a level; Spanish twice, as two groups."""


@frozen
class Taught:
    """Matière enseignée: label in EDT, code of the BCN, who teaches it, where."""

    label: str
    national: str
    discipline: str
    room: str = ""


SUBJECTS: Final = {
    "AGL1": Taught("ANGLAIS LV1", "030201", "AGL1"),
    "ALL2": Taught("ALLEMAND LV2", "030102", "ALL2"),
    "AP": Taught("ACCOMPAGNEMENT PERSO", "006600", "FRANC"),
    "A-PLA": Taught("ARTS PLASTIQUES", "090100", "A-PLA", "ARTS"),
    "ATEL": Taught("ATELIER", "009800", "EDMUS"),
    "DEVFA": Taught("DEVOIRS FAITS", "009800", ""),
    "EDMUS": Taught("EDUCATION MUSICALE", "081300", "EDMUS", "MUSIQUE"),
    "EPS": Taught("ED.PHYSIQUE & SPORT.", "100100", "EPS", "GYMNASE"),
    "ESP2": Taught("ESPAGNOL LV2", "030602", "ESP2"),
    "FRANC": Taught("FRANCAIS", "020700", "FRANC"),
    "HIGEO": Taught("HISTOIRE & GEOGRAPH.", "040600", "HIGEO"),
    "ITA2": Taught("ITALIEN LV2", "030902", "ITA2"),
    "LATIN": Taught("LCA LATIN", "020300", "FRANC"),
    "MATHS": Taught("MATHEMATIQUES", "061300", "MATHS"),
    "PERM": Taught("PERMANENCE", "005400", ""),
    "PH-CH": Taught("PHYSIQUE-CHIMIE", "062300", "PH-CH", "PHYSIQUE"),
    "SVT": Taught("SCIENCES VIE & TERRE", "062900", "SVT", "SVT"),
    "TECHN": Taught("TECHNOLOGIE", "070800", "TECHN", "TECHNO"),
    "ULIS": Taught("INCLUSION ULIS", "003000", "FRANC"),
    "VICLA": Taught("VIE DE CLASSE", "008400", "MATHS"),
}
"""Matières, by the code of the school."""

SPARE: Final = {
    "EMI": "EDUCATION AUX MEDIAS",
    "TH": "THEATRE",
    "DANSE": "DANSE",
    "EDD": "DEVELOPPEMENT DURAB.",
    "ECHEC": "ECHECS",
    "ORIEN": "ORIENTATION",
    "PIX": "CULTURE NUMERIQUE",
    "SOUTI": "SOUTIEN",
}
"""Matières that a second export may bring."""

NATIONAL: Final = {code: taught.national for code, taught in SUBJECTS.items()}

_COMMON: Final = {"FRANC": (1, 1, 1, 1), "MATHS": (1, 1, 1, 1), "HIGEO": (1, 1, 1), "A-PLA": (1,), "EDMUS": (1,)}
_UPPER: Final = _COMMON | {"AGL1": (1, 1, 1), "SVT": (1,), "PH-CH": (1,), "TECHN": (1,)}
HOURS: Final = {
    "6": {"EPS": (2, 2), "AGL1": (1, 1, 1, 1), "SVT": (1,), "TECHN": (1,)} | _COMMON,
    **dict.fromkeys("543", {"EPS": (2, 1)} | _UPPER),
}
"""Lessons of a whole class every week, in hours, by level and subject; double hours first, while the week has room."""

MEFS: Final = {
    "6": ("10010012110", "6EME", "21110010012"),
    "5": ("10110001110", "5EME", "21120010001"),
    "4": ("10210001110", "4EME", "21150010001"),
    "3": ("10310019110", "3EME", "21160010019"),
}
"""Code, label and statistical code of the MEF of a level."""


def discipline(subject: str) -> str:
    """Discipline: the subject whose teachers teach this one."""
    return SUBJECTS[subject].discipline
