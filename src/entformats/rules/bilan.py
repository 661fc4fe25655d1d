"""The bilan d'import: what an import changes, line by line, each number backed by what it counts (rules 3).

`compare` makes it from two snapshots; `render` writes the French text of the screen and `parse` reads its numbers back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from attrs import field, frozen

from entformats.changes import Diff
from entformats.codes.school_year import SchoolYear
from entformats.frozen import FrozenMap
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
from entformats.rules.bilan_details import Detail, bilan_details
from entformats.rules.bilan_text import ScreenLine, parse_counts, render_counts, screen_lines
from entformats.rules.membership import GroupManagement
from entformats.rules.renames import renamed_groups
from entformats.rules.selection import is_over
from entformats.rules.snapshot import Audience, Reach, Snapshot, SubjectContent
from entformats.timetable import Closure, Event, EventKind, Kind, LessonKey, Service, ServiceKey, kind_of
from entformats.timetable.services import derived_services

__all__ = [
    "Bilan",
    "Counts",
    "Detail",
    "Reach",
    "ScreenLine",
    "WeeklyChange",
    "compare",
    "details",
    "lines",
    "parse",
    "render",
]


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


def compare(
    previous: Snapshot, current: Snapshot, *, management: GroupManagement | None = None, since: date | None = None
) -> Bilan:
    """Comparer deux imports: the previous *validated* one and this one; `Snapshot()` before the first (rules 3.3).

    `management` is what `rebuild` found against the ENT; without it, the ENT is taken to hold what the previous import
    left. `since` leaves out the dated lessons before that day, and the services of which nothing is left then; by
    default the past counts. Events of the week always count from the start of the year.

    >>> compare(Snapshot(), Snapshot()).counts == Counts()
    True
    """
    return Bilan(
        school=current.school or previous.school,
        school_year=current.school_year,
        subjects=Diff.between(previous.subjects, current.subjects),
        closure_periods=Diff.between(_as_map(previous.closures), _as_map(current.closures)),
        week_alternations=Diff.between(previous.alternations, current.alternations),
        teaching_services=Diff.between(_services(previous, since), _services(current, since)),
        lessons=Diff.between(_lessons(previous, since), _lessons(current, since)),
        classes=current.classes,
        option_groups=current.option_groups,
        teachers=current.teachers,
        group_management=_management_between(previous, current) if management is None else management,
        substitutions=_weekly(EventKind.SUBSTITUTION, previous, current),
        cancellations=_weekly(EventKind.CANCELLATION, previous, current),
        exceptional_lessons=_weekly(EventKind.EXCEPTIONAL, previous, current),
        incomplete=current.incomplete,
        incomplete_before=previous.incomplete,
    )


def _as_map(closures: frozenset[Closure]) -> dict[Closure, Closure]:
    return {closure: closure for closure in closures}


def _services(snapshot: Snapshot, since: date | None) -> Mapping[ServiceKey, Service]:
    """Give the services; of derived ones, those that have a lesson from that day on."""
    if since is None or snapshot.declared_services:
        return snapshot.services
    return derived_services(lesson for lesson in snapshot.lessons if not is_over(lesson, snapshot.first_monday, since))


def _lessons(snapshot: Snapshot, since: date | None) -> dict[LessonKey, LessonKey]:
    return {key: key for key in snapshot.lesson_keys if since is None or key.date >= since}


def _weekly(kind: EventKind, previous: Snapshot, current: Snapshot) -> WeeklyChange:
    def events(snapshot: Snapshot) -> tuple[Event, ...]:
        return tuple(event for event in snapshot.events if event.kind is kind)

    return WeeklyChange(events(previous), events(current))


def _management_between(previous: Snapshot, current: Snapshot) -> GroupManagement:
    renamed = renamed_groups(previous.audiences, current.audiences)
    known = {renamed.get(who, who): audience for who, audience in previous.audiences.items()}
    groups = {who for who in current.audiences if kind_of(who) is Kind.GROUP}

    def missing(members: Callable[[Audience], frozenset[Key]]) -> FrozenMap[Key, frozenset[str]]:
        lacking: Mapping[Key, frozenset[str]] = {
            who: _matched(members(audience), current) - _matched(members(known.get(who, Audience(""))), previous)
            for who, audience in current.audiences.items()
        }
        return FrozenMap((who, found) for who, found in lacking.items() if found)

    return GroupManagement(
        to_create=frozenset(groups - set(known)),
        to_rename=renamed,
        teachers_to_add=missing(lambda audience: audience.teachers),
        pupils_to_add=missing(lambda audience: audience.pupils),
    )


def _matched(members: frozenset[Key], snapshot: Snapshot) -> frozenset[str]:
    return frozenset(snapshot.people[who] for who in members if who in snapshot.people)


def render(bilan: Bilan | Counts, *, bullet: str = "- ", indent: str = "  ") -> str:
    """Écrire le bilan en français, byte for byte as the screen (bilan 2); no line end after the last line.

    >>> print(render(Counts()).splitlines()[2])
      - 0 matière ajoutée
    """
    counts = bilan if isinstance(bilan, Counts) else bilan.counts
    return render_counts(counts, bullet=bullet, indent=indent)


def parse(text: str, *, bullet: str = "- ", indent: str = "  ") -> Counts:
    """Lire le texte d'un bilan: the inverse of `render`; raises `InvalidValue`, which names the first wrong line.

    >>> parse(render(Counts())) == Counts()
    True
    """
    return parse_counts(text, bullet=bullet, indent=indent)


def lines(bilan: Bilan | Counts) -> tuple[ScreenLine, ...]:
    """Lignes du bilan, dans l'ordre de l'écran: block, section, path of the number, number, text.

    >>> [(line.path, line.text) for line in lines(Counts())][0]
    ('preliminary.subjects.added', '0 matière ajoutée')
    """
    return tuple(screen_lines(bilan if isinstance(bilan, Counts) else bilan.counts))


def details(bilan: Bilan) -> FrozenMap[str, tuple[Detail, ...]]:
    """Détails derrière chaque nombre, by the path that `lines` gives: which subjects, which services, which lessons.

    >>> details(compare(Snapshot(), Snapshot()))["preliminary.subjects.added"]
    ()
    """
    return bilan_details(bilan)
