"""The modes of classes and groups (pilotage), and what a school is told of each before it chooses (rules 2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from entformats.frozen import FrozenMap

__all__ = ["NEVER_DONE", "GroupMode"]


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

    @property
    def teachers_may_add_pupils(self) -> bool:
        """Élèves ajoutés par les enseignants aux groupes dont ils font partie: for the screens of the ENT.

        >>> GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS.teachers_may_add_pupils
        False
        """
        return self.creates_groups

    @property
    def option(self) -> str:
        """Numéro que porte ce pilotage à l'écran d'un ENT: only that of one is known.

        >>> GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS.option, GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS.option
        ('Option 2', '')
        """
        return "Option 2" if self is GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS else ""

    @property
    def label(self) -> str:
        """Libellé en français.

        >>> GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS.label
        "groupes et peuplement de l'annuaire"
        """
        return _LABELS[self]

    @property
    def consequences(self) -> tuple[str, ...]:
        """Conséquences annoncées: what the wizard tells before the school chooses, one French sentence each.

        >>> GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS.consequences[0]
        "L'emploi du temps est importé."
        """
        return _CONSEQUENCES[self]


_LABELS: Mapping[GroupMode, str] = FrozenMap(
    {
        GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS: "utilisation des groupes issus de l'emploi du temps "
        "avec peuplement dans le logiciel d'emploi du temps",
        GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS: "utilisation des groupes issus de l'emploi du temps "
        "avec peuplement dans l'ENT",
        GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS: "groupes et peuplement de l'annuaire",
        GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS: "groupes de l'annuaire avec peuplement dans le logiciel "
        "d'emploi du temps",
    }
)
_IMPORTED = "L'emploi du temps est importé."
_CREATED = (
    "Un groupe piloté par l'ENT est créé pour chaque groupe d'option importé du logiciel d'emploi du temps, et renommé "
    "avec lui."
)
_NOT_CREATED = (
    "Les groupes sont ceux de l'annuaire (AAF) : l'import n'en crée et n'en renomme aucun, il signale ceux que l'ENT "
    "n'a pas."
)
_NOT_IMPORTED = "Les cours placés sur des classes ou des groupes que l'ENT n'a pas ne sont pas importés."
_POPULATED = "L'appartenance aux groupes et aux classes se fonde sur l'emploi du temps : élèves et enseignants."
_TEACHERS_ALONE = "Les enseignants sont ajoutés aux groupes et aux classes de leurs cours."
_SCHOOL_LIFE = "Ces groupes sont utilisés comme données de vie scolaire."
_MAY_ADD = "Les enseignants peuvent ajouter des élèves aux groupes dont ils font partie."
_MAY_NOT_ADD = "Les enseignants ne peuvent pas ajouter d'élèves à ces groupes."
_CONSEQUENCES: Mapping[GroupMode, tuple[str, ...]] = FrozenMap(
    {
        GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS: (_IMPORTED, _CREATED, _POPULATED, _SCHOOL_LIFE, _MAY_ADD),
        GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS: (
            _IMPORTED,
            _CREATED,
            "Les élèves sont placés dans l'ENT, par l'administrateur et les enseignants : l'import n'en ajoute aucun.",
            _TEACHERS_ALONE,
            "Une fois peuplés, ces groupes sont utilisés comme données de vie scolaire.",
            _MAY_ADD,
        ),
        GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS: (
            _IMPORTED,
            _NOT_CREATED,
            _NOT_IMPORTED,
            "Les élèves des groupes et des classes sont ceux de l'annuaire : l'import n'en ajoute aucun.",
            _TEACHERS_ALONE,
            _SCHOOL_LIFE,
            _MAY_NOT_ADD,
        ),
        GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS: (
            _IMPORTED,
            _NOT_CREATED,
            _NOT_IMPORTED,
            _POPULATED,
            _SCHOOL_LIFE,
            _MAY_NOT_ADD,
        ),
    }
)

NEVER_DONE = (
    "L'import ne crée aucun compte.",
    "L'import ne crée pas de rubrique de classe.",
    "L'import ne crée pas de rubrique de groupe d'option ni de sous-groupe de classe.",
)
"""Ce qu'aucun pilotage ne fait (rules 2.1)."""
