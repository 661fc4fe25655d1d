"""The versions of AAF: what they changed, as far as consumers tell (aaf 1.6)."""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

__all__ = ["HISTORY", "VERSIONS", "Change", "two_digit_links", "version_date"]

_VERSION = re.compile(r"AAF-VE(?P<year>[0-9]{2})(?P<month>0[1-9]|1[0-2])")

VERSIONS: Final = {
    "AAF-VE1301": "D",
    "AAF-VE1803": "P",
    "AAF-VE1901": "C",
    "AAF-VE2003": "C",
    "AAF-VE2407": "D",
}
"""Versions connues, each with its confidence."""
OLD_LINKS: Final = (2018, 1)
NEW_LINKS: Final = (2019, 1)


@frozen
class Change:
    """Évolution du format: when a consumer learnt of it, a few weeks around its coming into use."""

    since: str
    """Month, `AAAA-MM`."""
    degree: str
    """`1D`, `2D`, or both."""
    what: str


HISTORY: Final = (
    Change("2014-08", "2D", "`ENTStructureUAI` is the current UAI, `ENTEtablissementUAI` the other one"),
    Change("2015-06", "2D", "SDET v5: `ENTPersonAdresse` in lines; `ENTPersonAdresseDiffusion`"),
    Change("2015-06", "2D", "SDET v5: `mobile`, `mail`, `ENTPersonMobileSMS` of guardians"),
    Change("2015-06", "2D", "agricultural schools: address and `homePhone` of pupils"),
    Change("2015-07", "1D", "first deliveries of the 1er degré"),
    Change("2018-01", "1D 2D", "`ENTEleveINE`"),
    Change("2018-03", "2D", "SDET v6.1: link codes of two digits; `ENTNivFormation`, `ENTFiliere`"),
    Change("2018-03", "2D", "SDET v6.1: `ENTPersonCategorieEnseignant`, `ENTAuxPersRelEleveEleve`"),
    Change("2018-06", "2D", "`ENTEleveAdresseRel`, `ENTStructureMailSI`"),
    Change("2018-07", "1D", "names of structures with `$`; `ENTPersonCategorieEnseignant`, `ENTPersRelEleveEleve`"),
    Change("2019-07", "2D", "`ENTEleveDateEntreeClasses`, `ENTEleveDateSortieClasses`; `ENTMatiereRattach`"),
    Change("2019-09", "2D", "empty `ENTEleveMEF`, `ENTEleveEnseignements`, `ENTEleveCodeEnseignements` erase"),
    Change("2020-02", "2D", "`ENTEleveStructureRattachIdMEN`"),
    Change("2020-04", "1D", "`ENTEleveDateEntreeClasses`, `ENTEleveDateSortieClasses`"),
    Change("2020-11", "2D", "`ENTEnsFonctionDir`"),
    Change("2021-03", "2D", "`ENTEleveEnseignementsEtablissementsAccueil`"),
    Change("2021-11", "1D 2D", "`mail` (`ENTPersonMail`) of pupils"),
    Change("2021-11", "1D 2D", "`ENTEleveDateEntreeStructRattach`, `ENTEleveDateSortieStructRattach`"),
    Change("2021-11", "1D 2D", "`ENTStructureCodeTypeStruct`, `ENTServAcCodeAcademie`"),
    Change("2021-11", "1D 2D", "`ENTEtablissementCodeMinistereTutelle` (`ENTEcoleCodeMinistereTutelle`)"),
    Change("2024-08", "2D", "`ENTPersonAutresPrenoms` of staff and guardians"),
    Change("2025-07", "1D 2D", "`ENTPersonSTSId`, and the `...Date` companions of staff"),
)
"""Histoire du format."""


def version_date(text: str) -> tuple[int, int] | None:
    """Lire une version `AAF-VE` + year + month; None for anything else.

    >>> version_date("AAF-VE2407"), version_date("2407")
    ((2024, 7), None)
    """
    found = _VERSION.fullmatch(text.strip())
    return (2000 + int(found["year"]), int(found["month"])) if found else None


def two_digit_links(version: str) -> bool | None:
    """Dire si une version a les codes de lien à deux chiffres; None for those of 2018, and for what is no version.

    >>> two_digit_links("AAF-VE1301"), two_digit_links("AAF-VE1803"), two_digit_links("AAF-VE2407")
    (False, None, True)
    """
    day = version_date(version)
    if day is None or OLD_LINKS <= day < NEW_LINKS:
        return None
    return day >= NEW_LINKS
