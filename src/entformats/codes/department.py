"""Department (département) as the first three characters of a UAI know it (nomenclatures 9).

Canonical form: three characters, `074`, `974`, `02A`. A UAI writes Corsica as 620 (2A) and 720 (2B).
"""

from __future__ import annotations

import re
from typing import NewType

from entformats.codes.uai import Uai
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap

__all__ = ["Department", "compact", "format", "is_valid", "of_uai", "parse", "time_zone", "time_zone_of_uai"]

Department = NewType("Department", str)

_CORSICA = {"620": "02A", "720": "02B"}
_NO_DEPARTMENT = "999"
_ZONES = FrozenMap(
    {
        "971": "America/Guadeloupe",
        "972": "America/Martinique",
        "973": "America/Cayenne",
        "974": "Indian/Reunion",
        "975": "America/Miquelon",
        "976": "Indian/Mayotte",
        "977": "America/Guadeloupe",
        "978": "America/Guadeloupe",
        "986": "Pacific/Wallis",
        "987": "Pacific/Tahiti",
        "988": "Pacific/Noumea",
    }
)


def compact(text: str) -> str:
    """Strip, fold to capitals, fill up to three characters, write Corsica as `02A` and `02B`.

    >>> compact("74"), compact("2a"), compact("720")
    ('074', '02A', '02B')
    """
    code = text.strip().upper().rjust(3, "0")
    return _CORSICA.get(code, code)


def parse(text: str) -> Department:
    """Read one to three digits, or Corsica's `2A` and `2B`; raises `InvalidValue`.

    >>> parse("74"), parse("02A")
    ('074', '02A')
    """
    if not is_valid(text):
        raise InvalidValue(f"expected a department such as 74, 974 or 2A, found {text!r}")
    return Department(compact(text))


def is_valid(text: str) -> bool:
    """Tell whether `parse` reads it.

    >>> is_valid("74"), is_valid("2C"), is_valid("")
    (True, False, False)
    """
    return bool(text.strip()) and bool(re.fullmatch("[0-9]{3}|02[AB]", compact(text)))


def of_uai(uai: Uai) -> Department | None:
    """Give the department of a school; None under 999, schools abroad and test codes.

    >>> from entformats.codes import uai
    >>> of_uai(uai.parse("7200727C")), of_uai(uai.parse("0740000Y")), of_uai(uai.parse("9999990A"))
    ('02B', '074', None)
    """
    return None if uai.startswith(_NO_DEPARTMENT) else parse(uai[:3])


def time_zone(department: Department | None) -> str:
    """Fuseau horaire: the IANA name of the zone, `Europe/Paris` where nothing else is known (inferred).

    >>> time_zone(parse("974")), time_zone(parse("2A")), time_zone(None)
    ('Indian/Reunion', 'Europe/Paris', 'Europe/Paris')
    """
    return _ZONES.get(department or "", "Europe/Paris")


def time_zone_of_uai(uai: Uai) -> str:
    """Fuseau horaire d'un établissement: through its department.

    >>> from entformats.codes import uai
    >>> time_zone_of_uai(uai.parse("9720001A"))
    'America/Martinique'
    """
    return time_zone(of_uai(uai))


def format(value: Department) -> str:  # noqa: A001 - the four verbs of every code
    """Render in three characters.

    >>> format(parse("74"))
    '074'
    """
    return value
