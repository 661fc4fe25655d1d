"""The numbers of a bilan, in the names and the order of the screen (bilan 1; rules 3.1)."""

from __future__ import annotations

from attrs import frozen

__all__ = [
    "AddedModified",
    "AddedModifiedRemoved",
    "AddedRemoved",
    "Counts",
    "Delta",
    "Imported",
    "Management",
    "Preliminary",
    "Running",
    "ServiceCount",
    "Services",
    "Weekly",
]


@frozen
class AddedModified:
    """Ajoutées, modifiées."""

    added: int = 0
    modified: int = 0


@frozen
class AddedRemoved:
    """Ajoutées, supprimées."""

    added: int = 0
    removed: int = 0


@frozen
class AddedModifiedRemoved:
    """Ajoutées, modifiées, supprimées."""

    added: int = 0
    modified: int = 0
    removed: int = 0


@frozen
class ServiceCount:
    """Services d'enseignement, dont incomplets."""

    count: int = 0
    incomplete: int = 0


@frozen
class Services:
    """Services d'enseignement ajoutés, modifiés, supprimés."""

    added: ServiceCount = ServiceCount()
    modified: ServiceCount = ServiceCount()
    removed: ServiceCount = ServiceCount()


@frozen
class Delta:
    """Séances en plus ou en moins: a signed number."""

    delta: int = 0


@frozen
class Imported:
    """Importés, non importés."""

    imported: int = 0
    not_imported: int = 0


@frozen
class Management:
    """Gestion des classes et groupes d'option."""

    groups_to_create: int = 0
    groups_to_rename: int = 0
    audiences_with_teachers_to_add: int = 0
    audiences_with_pupils_to_add: int = 0


@frozen
class Running:
    """Écart signé depuis l'import précédent, et total cumulé depuis le début de l'année scolaire."""

    delta: int = 0
    total: int = 0


@frozen
class Preliminary:
    """Bilan préliminaire: what this import changes if it is validated."""

    subjects: AddedModified = AddedModified()
    closure_periods: AddedRemoved = AddedRemoved()
    week_alternations: AddedModifiedRemoved = AddedModifiedRemoved()
    teaching_services: Services = Services()
    lessons: Delta = Delta()
    classes: Imported = Imported()
    option_groups: Imported = Imported()
    teachers: Imported = Imported()
    group_management: Management = Management()


@frozen
class Weekly:
    """Bilan de l'emploi du temps à la semaine."""

    substitutions: Running = Running()
    cancellations: Running = Running()
    exceptional_lessons: Running = Running()


@frozen
class Counts:
    """Nombres d'un bilan: what its text says, and nothing more.

    >>> Counts(weekly=Weekly(cancellations=Running(4, 4))).weekly.cancellations.delta
    4
    """

    preliminary: Preliminary = Preliminary()
    weekly: Weekly = Weekly()
