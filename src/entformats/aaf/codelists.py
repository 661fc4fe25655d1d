"""The code lists of AAF whose meaning is known; all are open (aaf 3.7)."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import Final

__all__ = ["Link", "Responsibility"]


class Link(Enum):
    """Type de lien: what a responsible person is to a pupil (aaf 3.7.1).

    Two generations of codes, before and since SDET v6.1 (2018), where father and mother changed places.

    >>> Link.of("1") is Link.of("20") is Link.FATHER
    True
    >>> Link.of("99") is None
    True
    """

    FATHER = ("1", "20")
    MOTHER = ("2", "10")
    GUARDIAN = ("3", "50")
    OTHER_FAMILY = ("4", "39")
    CHILD_WELFARE = ("5", "51")
    OTHER = ("6", "90")
    SELF = ("7", "70")
    SIBLING = ("37",)
    GRANDPARENT = ("38",)
    EDUCATOR = ("41",)
    FAMILY_ASSISTANT = ("42",)
    CHILD_MINDER = ("43",)

    @classmethod
    def of(cls, code: str) -> Link | None:
        """Give the meaning of a code of either generation; None for a code that is not known."""
        return _LINKS.get(code)


_LINKS: Final = {code: link for link in Link for code in link.value}


class Responsibility(StrEnum):
    """Niveau de responsabilité légale (aaf 3.7.2)."""

    NONE = "none"
    """A contact, or a payer."""
    LEGAL = "legal"
    """Représentant légal."""
    SECOND_LEGAL = "second_legal"
    """Second représentant légal, old coding only."""
    IN_CHARGE = "in_charge"
    """Personne en charge, since SDET v6.1 [inferred]."""
