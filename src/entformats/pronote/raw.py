"""What the dialects give before values are read: rows of fields, and what the document says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from entformats.errors import WrongFormat
from entformats.frozen import FrozenMap
from entformats.identity import Profile
from entformats.problems import Location, problem
from entformats.pronote.layout import field_of

__all__ = ["Document", "RawRow", "credentials", "mapped"]


@frozen
class RawRow:
    """Ligne brute: the texts of each field, and where they stand."""

    fields: FrozenMap[str, str] = field(repr=False)
    line: int
    profile: Profile | None = None
    """Profile that the element or the table says; the column counts otherwise."""
    classes: tuple[str, ...] = field(default=(), repr=False)
    """Classes that stand apart, as children."""
    guardians: tuple[str, ...] = field(default=(), repr=False)
    """Of a pupil, the `local_ref` of each guardian."""


@frozen
class Document:
    """Document brut."""

    dialect: str
    rows: tuple[RawRow, ...]
    encoding: str = ""
    header: FrozenMap[str, str] = FrozenMap()  # noqa: RUF009 - frozen
    """`uai`, `software`, `version`, `exported_at`."""
    categorised: bool = True
    """Whether the file says of what category people are."""


def mapped(titles: Iterable[str]) -> dict[str, list[str]]:
    """Ranger des titres: field -> titles, second names and last resorts put where they belong; unknown ones under "".

    >>> mapped(["Nom", "Ville", "Identifiant"])
    {'family': ['Nom'], '': ['Ville'], 'pronote_id': ['Identifiant']}
    """
    found: dict[str, list[str]] = {}
    for title in titles:
        found.setdefault(field_of(title), []).append(title)
    for other, name in (("other_family", "family"), ("other_given", "given"), ("last_resort", "pronote_id")):
        if other in found and name not in found:
            found[name] = found.pop(other)
    return {("" if name == "last_resort" else name): titles for name, titles in found.items()}


def credentials(fields: Mapping[str, object], file: str, line: int) -> None:
    """Refuse a list of logins before any of its rows is read; raises `WrongFormat` (`credentials_file`)."""
    if "password" in fields:
        raise WrongFormat(problem("credentials_file", Location(file, line)))
