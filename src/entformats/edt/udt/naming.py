"""Names: of an archive, which alone may tell the school, and of its members, in any letter case (udt 2.1, 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath

from attrs import frozen

from entformats.codes import uai as uais

__all__ = ["MEMBERS", "Member", "made_at", "member_of", "newest", "uai_in"]

MEMBERS = {
    "24": ("UDCal_24.xml", False),
    "00": ("UDCal_00.xml", False),
    "semaines": ("semaines.xml", False),
    "03": ("UDCal_03.xml", False),
    "04": ("UDCal_04.xml", True),
    "05": ("UDCal_05.xml", True),
    "07": ("UDCal_07.xml", True),
    "08": ("UDCal_08.xml", True),
    "10": ("UDCal_10.xml", True),
    "19": ("UDCal_19.xml", True),
    "13": ("UDCal_13.xml", False),
    "21": ("UDCal_21.xml", True),
    "23": ("UDCal_23.xml", False),
    "11": ("UDCal_11.xml", True),
    "12": ("UDCal_12.xml", True),
}
"""Member -> its usual name, and whether lessons or groups are lost without it (udt 2.2)."""
WEEKLY = ("12", "23")
_MEMBER = re.compile(r"udcal_([0-9]{2})(?:_([0-9]{2}))?\.xml")
_UAI = re.compile("(?<![A-Za-z0-9])[0-9]{7}[A-Za-z](?![A-Za-z0-9])")
_DROPPED = re.compile(r"([0-9]{7}[A-Z])_([0-9]{14})_UDT\.zip", re.IGNORECASE)


@frozen
class Member:
    """Membre de l'archive: `number` is a key of `MEMBERS`; `week` the ISO week of an actual timetable, None elsewhere.

    >>> Member("12", 45).week
    45
    """

    number: str
    week: int | None = None


def member_of(name: str) -> Member | None:
    """Tell what a file of the archive is, by its name; None for a member that nobody reads.

    >>> member_of("udcal_12_45.XML"), member_of("UDCal_99.xml")
    (Member(number='12', week=45), None)
    """
    folded = name.lower()
    if folded == "semaines.xml":
        return Member("semaines")
    found = _MEMBER.fullmatch(folded)
    if not found or found[1] not in MEMBERS or (found[2] and found[1] not in WEEKLY):
        return None
    return Member(found[1], int(found[2]) if found[2] else None)


def uai_in(name: str) -> str:
    """Find the UAI in the name of an archive; empty where there is none (udt 2.1).

    >>> uai_in("0740000Y_20221107063000_UDT.zip"), uai_in("college.zip")
    ('0740000Y', '')
    """
    found = _UAI.search(name.replace("_", " "))
    return uais.compact(found[0]) if found else ""


def made_at(name: str) -> datetime | None:
    """Read when an archive was dropped in its name, a wall time; None where the name does not say (udt 2.1).

    >>> made_at("0740000Y_20221107063000_UDT.zip"), made_at("college.zip")
    (datetime.datetime(2022, 11, 7, 6, 30), None)
    """
    found = _DROPPED.fullmatch(name)
    if not found:
        return None
    try:
        return datetime.strptime(found[2], "%Y%m%d%H%M%S")  # noqa: DTZ007 - the name gives no zone
    except ValueError:
        return None


def newest(names: Iterable[str], uai: str) -> str | None:
    """Choose, among archives dropped for a school, the one of the latest timestamp; the others are out of date.

    None where no name is `<UAI>_<yyyyMMddHHmmss>_UDT.zip` of that school (udt 2.1).

    >>> newest(["0740000Y_20221107063000_UDT.zip", "0740000Y_20221108063000_UDT.zip", "x.zip"], "0740000Y")
    '0740000Y_20221108063000_UDT.zip'
    """
    dropped = ((name, _DROPPED.fullmatch(PurePath(name).name)) for name in names)
    ours = [(found[2], name) for name, found in dropped if found and uais.compact(found[1]) == uais.compact(uai)]
    return max(ours)[1] if ours else None
