"""The bilan d'import: what an import changes, line by line, each number backed by what it counts (rules 3).

`compare` makes it from two snapshots; `render` writes the French text of the screen and `parse` reads its numbers back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from entformats.changes import Diff
from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.rules.bilan_changes import Bilan, WeeklyChange
from entformats.rules.bilan_counts import Counts
from entformats.rules.bilan_details import Detail, bilan_details
from entformats.rules.bilan_text import ScreenLine, parse_counts, render_counts, screen_lines
from entformats.rules.membership import GroupManagement
from entformats.rules.renames import renamed_groups
from entformats.rules.selection import is_over
from entformats.rules.snapshot import Audience, Reach, Snapshot
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
