"""The wizard's questions and the mode they lead to (pilotage des classes et des groupes d'option; rules 2.1)."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from entformats.errors import UsageError

__all__ = ["Answers", "GroupMode", "group_mode"]


class GroupMode(StrEnum):
    """Pilotage: where groups come from, and where their members come from."""

    TIMETABLE_GROUPS_TIMETABLE_MEMBERS = "timetable_groups_timetable_members"
    """« Option 2 »: the timetable creates the groups and says who is in them."""
    TIMETABLE_GROUPS_ENT_MEMBERS = "timetable_groups_ent_members"
    DIRECTORY_GROUPS_DIRECTORY_MEMBERS = "directory_groups_directory_members"
    DIRECTORY_GROUPS_TIMETABLE_MEMBERS = "directory_groups_timetable_members"

    @property
    def creates_groups(self) -> bool:
        """Groupes créés et renommés par l'import.

        >>> GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS.creates_groups
        True
        """
        return self in {GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS, GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS}

    @property
    def populates(self) -> bool:
        """Élèves ajoutés aux classes et aux groupes par l'import.

        >>> GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS.populates
        False
        """
        return self in {GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS, GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS}


@frozen
class Answers:
    """Réponses à l'assistant.

    `groups_created_in` is `timetable` or `directory`, `populated_in` is `timetable` or `elsewhere`. `software` is
    `EDT`, `UDT` or `STS`; an agricultural school is not fed by STS-Web.

    >>> group_mode(Answers("EDT", populated_in="elsewhere"))
    <GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS: 'timetable_groups_ent_members'>
    """

    software: str
    groups_created_in: str = "timetable"
    populated_in: str = "timetable"
    agricultural: bool = False
    version: str = ""


def group_mode(answers: Answers) -> GroupMode:
    """Mode d'après les réponses: the decision table of rules 2.1. Raises `UsageError` where no mode fits.

    >>> group_mode(Answers("EDT"))
    <GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS: 'timetable_groups_timetable_members'>
    """
    if answers.software.upper() == "STS":
        return GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS
    if answers.agricultural and answers.groups_created_in != "timetable":
        raise UsageError("an agricultural school has no groups created in STS")
    try:
        return _MODES[answers.groups_created_in, answers.populated_in]
    except KeyError:
        raise UsageError(
            "groups are created in 'timetable' or 'directory', populated in 'timetable' or 'elsewhere'"
        ) from None


_MODES = {
    ("timetable", "timetable"): GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS,
    ("timetable", "elsewhere"): GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS,
    ("directory", "elsewhere"): GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS,
    ("directory", "timetable"): GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS,
}
