"""What an import changes, as differences: the bilan itself, below what makes it and what details it (rules 3.4)."""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from entformats.changes import Diff
from entformats.codes.school_year import SchoolYear
from entformats.identity import Key
from entformats.rules.bilan_counts import (
    AddedModified,
    AddedModifiedRemoved,
    AddedRemoved,
    Counts,
    Delta,
    Imported,
    Management,
    Preliminary,
    Running,
    ServiceCount,
    Services,
    Weekly,
)
from entformats.rules.membership import GroupManagement
from entformats.rules.snapshot import Reach, SubjectContent
from entformats.timetable import Closure, Event, LessonKey, Service, ServiceKey

__all__ = ["Bilan", "WeeklyChange"]


@frozen(repr=False)
class WeeklyChange:
    """Remplacements, annulations ou cours exceptionnels: those of the previous import and those of this one.

    >>> WeeklyChange().counts
    Running(delta=0, total=0)
    """

    before: tuple[Event, ...] = ()
    after: tuple[Event, ...] = ()

    @property
    def counts(self) -> Running:
        """Écart et total cumulé: total = previous total + delta (rules 3.4, B2)."""
        return Running(len(self.after) - len(self.before), len(self.after))

    def __repr__(self) -> str:
        """Show the numbers."""
        return f"<WeeklyChange {self.counts}>"


@frozen(repr=False)
class Bilan:
    """Bilan d'import. Every difference is a `Diff`, which composes and inverts (rules 3.4, B5 to B10).

    `incomplete` are the services that lack something in this import, `incomplete_before` in the previous one. `counts`
    are the numbers of the screen.

    >>> from entformats.frozen import FrozenMap
    >>> from entformats.rules import Snapshot
    >>> from entformats.rules.bilan import compare
    >>> bilan = compare(Snapshot(), Snapshot(subjects=FrozenMap({Key("subject:SVT"): SubjectContent("SCIENCES")})))
    >>> bilan.preliminary.subjects.added, list(bilan.subjects.added)
    (1, ['subject:SVT'])
    """

    school: str
    school_year: SchoolYear | None
    subjects: Diff[Key, SubjectContent]
    closure_periods: Diff[Closure, Closure]
    week_alternations: Diff[Key, frozenset[date]]
    teaching_services: Diff[ServiceKey, Service]
    lessons: Diff[LessonKey, LessonKey]
    classes: Reach
    option_groups: Reach
    teachers: Reach
    group_management: GroupManagement
    substitutions: WeeklyChange = WeeklyChange()
    cancellations: WeeklyChange = WeeklyChange()
    exceptional_lessons: WeeklyChange = WeeklyChange()
    incomplete: frozenset[ServiceKey] = field(default=frozenset())
    incomplete_before: frozenset[ServiceKey] = field(default=frozenset())

    @property
    def counts(self) -> Counts:
        """Nombres de l'écran."""
        return Counts(self.preliminary, self.weekly)

    @property
    def preliminary(self) -> Preliminary:
        """Nombres du bilan préliminaire."""
        alternations = self.week_alternations
        return Preliminary(
            subjects=AddedModified(len(self.subjects.added), len(self.subjects.modified)),
            closure_periods=AddedRemoved(len(self.closure_periods.added), len(self.closure_periods.removed)),
            week_alternations=AddedModifiedRemoved(
                len(alternations.added), len(alternations.modified), len(alternations.removed)
            ),
            teaching_services=self._services,
            lessons=Delta(len(self.lessons.added) - len(self.lessons.removed)),
            classes=_imported(self.classes),
            option_groups=_imported(self.option_groups),
            teachers=_imported(self.teachers),
            group_management=self._management,
        )

    @property
    def weekly(self) -> Weekly:
        """Nombres de l'emploi du temps à la semaine."""
        return Weekly(self.substitutions.counts, self.cancellations.counts, self.exceptional_lessons.counts)

    @property
    def _services(self) -> Services:
        services = self.teaching_services
        return Services(
            added=_service_count(services.added, self.incomplete),
            modified=_service_count(services.modified, self.incomplete),
            removed=_service_count(services.removed, self.incomplete_before),
        )

    @property
    def _management(self) -> Management:
        management = self.group_management
        return Management(
            len(management.to_create),
            len(management.to_rename),
            len(management.teachers_to_add),
            len(management.pupils_to_add),
        )

    def __repr__(self) -> str:
        """Show the school and the numbers."""
        return f"<Bilan {self.school} {self.counts}>"


def _imported(reach: Reach) -> Imported:
    return Imported(len(reach.imported), len(reach.not_imported))


def _service_count(keys: frozenset[ServiceKey], incomplete: frozenset[ServiceKey]) -> ServiceCount:
    return ServiceCount(len(keys), len(keys & incomplete))
