"""What CAS tells Pronote of whoever connects: the live half of matching accounts (pronote 10)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Profile

__all__ = ["CATEGORIES", "IDENTIFIER_ATTRIBUTE", "Recognition", "Released", "released"]


class Recognition(StrEnum):
    """Mode de reconnaissance: how Pronote knows who connects, as it is set there (pronote 10.1)."""

    IDENTITY = "identity"
    """By names and dates, at the first connection; then Pronote remembers."""
    PRONOTE_IDENTITY = "pronote_identity"
    """By an attribute that holds the Pronote identifier, which the ENT has imported."""
    DOUBLE_AUTHENTICATION = "double_authentication"
    """The person types the login and password of Pronote once."""


CATEGORIES: Final = FrozenMap(
    {
        Profile.PUPIL: "National_1",
        Profile.GUARDIAN: "National_2",
        Profile.TEACHER: "National_3",
        Profile.STAFF: "National_4",
    }
)
"""Profile -> category (pronote 10.2)."""
IDENTIFIER_ATTRIBUTE: Final = "identifiantPronote"
"""Name of the attribute for the Pronote identifier [inferred]: it is typed in Pronote, and may be any."""


@frozen(repr=False)
class Released:
    """Attributs CAS envoyés à Pronote: name -> text, in order; they are personal data.

    >>> released("odile.valmond", [Profile.TEACHER])
    <Released user, categories>
    """

    attributes: FrozenMap[str, str] = field()

    def __repr__(self) -> str:
        """Show the names only."""
        return f"<Released {', '.join(self.attributes)}>"


def released(
    user: str,
    profiles: Collection[Profile],
    *,
    family: str = "",
    given: str = "",
    birth_date: date | None = None,
    postal_code: str = "",
    identifier: str = "",
    attribute: str = IDENTIFIER_ATTRIBUTE,
) -> Released:
    """Donner les attributs d'une personne: what is unknown is left out, names go together or not at all (pronote 10.2).

    A teacher who is a parent has both categories, each once. `attribute` names the one that holds `identifier`, as it
    is typed in Pronote. Raises `UsageError` without a user or a profile, or for a name of attribute that is taken.

    >>> sent = released("zoe", [Profile.PUPIL], family="MORTELLE", given="Zoé", birth_date=date(2011, 3, 14))
    >>> dict(sent.attributes)["dateNaissance"], dict(sent.attributes)["categories"]
    ('14/03/2011', 'National_1')
    """
    if not user or not profiles:
        raise UsageError("Pronote needs to know who connects, and as what")
    named = bool(family and given)
    told = {
        "user": user,
        "nom": family if named else "",
        "prenom": given if named else "",
        "dateNaissance": "" if birth_date is None else f"{birth_date:%d/%m/%Y}",
        "codePostal": postal_code,
        "categories": ";".join(category for profile, category in CATEGORIES.items() if profile in profiles),
    }
    if identifier and attribute in told:
        message = f"the attribute {attribute!r} already says something else"
        raise UsageError(message)
    told[attribute] = identifier
    return Released(FrozenMap((name, text) for name, text in told.items() if text))
