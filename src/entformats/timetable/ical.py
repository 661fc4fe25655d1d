"""A calendar of one person, class, group or room, for the programs that people read calendars with (extra `ical`)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from enum import IntEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import astuple, evolve, frozen

from entformats.errors import MissingExtra, UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.names import clean
from entformats.timetable.models import Kind, Lesson, kind_of
from entformats.timetable.questions import lessons_of
from entformats.timetable.series import Series, series_of
from entformats.timetable.timetable import Timetable
from entformats.timetable.zones import observances

if TYPE_CHECKING:
    from icalendar import Event, Timezone

__all__ = ["Privacy", "calendar"]

PRODUCER = "-//entformats//emploi du temps//FR"
LINES = {
    Kind.TEACHER: "Professeur",
    Kind.STAFF: "Personnel",
    Kind.CLASS: "Classe",
    Kind.PART: "Partie de classe",
    Kind.GROUP: "Groupe",
    Kind.PUPIL: "Élève",
    Kind.ROOM: "Salle",
    Kind.EQUIPMENT: "Matériel",
    Kind.GUARDIAN: "Responsable",
}
"""Lines of a description, in order, with the words of Pronote's own calendars."""


class Privacy(IntEnum):
    """Confidentialité: whose names a calendar shows; each level shows those before it too."""

    NOBODY = 0
    """Subjects, classes, groups and rooms only."""
    STAFF = 1
    """Teachers and other staff."""
    EVERYBODY = 2
    """Pupils too."""


_LEVELS = {
    Kind.TEACHER: Privacy.STAFF,
    Kind.STAFF: Privacy.STAFF,
    Kind.PUPIL: Privacy.EVERYBODY,
    Kind.GUARDIAN: Privacy.EVERYBODY,
}


@frozen(order=True)
class _Shown:
    """Ce qu'un événement montre, en clés: lessons that show the same are one event, on several dates.

    `copy` tells apart those that show the same on the same date.
    """

    weekday: int
    start: str
    end: str
    cancelled: bool
    keys: tuple[str, ...]
    copy: int


def calendar(
    timetable: Timetable,
    *,
    for_: Ref | str,
    zone: str = "Europe/Paris",
    privacy: Privacy = Privacy.NOBODY,
    start: date | None = None,
    end: date | None = None,
    at: datetime | None = None,
) -> bytes:
    """Publier un emploi du temps en iCalendar: the lessons of one reference between two days, both included.

    Lessons that show the same thing are one event: a weekly rule with its exceptions where expanding it gives their
    dates back exactly, else one event a date. A cancelled lesson is an event of its own, `STATUS:CANCELLED`, so that it
    is seen as cancelled. A lesson without times lasts the whole day.

    `zone` is the school's, by its IANA name; the calendar carries its rules. `privacy` says whose names are shown. The
    identifier of an event is a digest of what it shows, of whose calendar it is and of the school year: it stays the
    same over imports as long as the event shows the same, whatever the numbers of the file. `at` is when the timetable
    was made, by default the first day of week 1, so that the same timetable gives the same bytes.

    Raises MissingExtra("ical") without the package `icalendar`, UsageError for an unknown zone or an `at` without
    offset, KeyError for an unknown reference.

    >>> from entformats.frozen import FrozenMap
    >>> from entformats.timetable import Room, ref
    >>> room = Room(ref(Kind.ROOM, "1"), "B 204")
    >>> timetable = Timetable("0749999S", rooms=FrozenMap({room.ref: room}))
    >>> print(calendar(timetable, for_="room:1").decode().splitlines()[4])
    X-WR-CALNAME:Salle B 204
    """
    if at is not None and at.tzinfo is None:
        raise UsageError("the instant of a calendar has an offset")
    written = _Written(timetable, Ref(for_), _zone(zone), privacy, at or _first(timetable))
    return written.content(lessons_of(timetable, for_, start, end))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(f"no time zone has the IANA name {name!r}") from None


def _first(timetable: Timetable) -> datetime:
    return datetime.combine(timetable.first_monday or timetable.start or date(1970, 1, 1), time(), UTC)


class _Written:
    """Calendrier en cours d'écriture."""

    __slots__ = ("_at", "_names", "_owner", "_privacy", "_timetable", "_zone")

    def __init__(self, timetable: Timetable, owner: Ref, zone: ZoneInfo, privacy: Privacy, at: datetime) -> None:
        self._timetable = timetable
        self._owner = owner
        self._zone = zone
        self._privacy = privacy
        self._at = at
        self._names = FrozenMap((who, (key, name)) for who, key, name in _names(timetable))

    def content(self, lessons: Sequence[Lesson]) -> bytes:
        """Write everything; events in the order of their first date."""
        try:
            from icalendar import Calendar, vText  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise MissingExtra("ical") from error
        whole = Calendar()
        whole.add("prodid", PRODUCER)
        whole.add("version", "2.0")
        whole.add("calscale", "GREGORIAN")
        whole.add("x-wr-calname", vText(self._title()))
        whole.add("x-wr-timezone", self._zone.key)
        years = [lesson.date.year for lesson in lessons if lesson.start is not None]
        if years:
            whole.add_component(_timezone(self._zone, min(years), max(years)))
        for event in self._events(lessons):
            whole.add_component(event)
        return bytes(whole.to_ical())

    def _title(self) -> str:
        """Name the calendar after whose it is, as far as that may be shown."""
        kind = kind_of(self._owner)
        name = self._names[self._owner][1] if self._privacy >= _LEVELS.get(kind, Privacy.NOBODY) else ""
        return f"{LINES.get(kind, 'Matière')} {name}".strip()

    def _events(self, lessons: Iterable[Lesson]) -> Iterator[Event]:
        examples: dict[_Shown, Lesson] = {}
        dates: defaultdict[_Shown, list[date]] = defaultdict(list)
        copies: Counter[tuple[date, _Shown]] = Counter()
        for lesson in lessons:
            first = self._shown(lesson)
            shown = evolve(first, copy=copies[lesson.date, first])
            copies[lesson.date, first] += 1
            dates[shown].append(lesson.date)
            examples.setdefault(shown, lesson)
        found = [(series, shown) for shown, days in dates.items() for series in series_of(days)]
        for series, shown in sorted(found, key=lambda one: (one[0].first, one[1])):
            rule = series.count > 1
            alone = "" if rule or len(dates[shown]) == 1 else series.first.isoformat()
            yield self._event(series, examples[shown], self._uid(shown, alone))

    def _shown(self, lesson: Lesson) -> _Shown:
        seen = (*lesson.subjects, *(who for who in lesson.participants if self._may_show(who)))
        keys = tuple(sorted({self._names[who][0] for who in seen}))
        start, end = (None if moment is None else moment.isoformat() for moment in (lesson.start, lesson.end))
        return _Shown(lesson.date.isoweekday(), start or "", end or "", lesson.cancelled, keys, 0)

    def _may_show(self, who: Ref) -> bool:
        return self._privacy >= _LEVELS.get(kind_of(who), Privacy.NOBODY)

    def _uid(self, shown: _Shown, alone: str) -> str:
        """Make the identifier of an event: a digest of keys, which hold over imports, so that nobody is named."""
        year = self._timetable.school_year
        what = [self._timetable.uai, str(year), self._names[self._owner][0], *astuple(shown), alone]
        digest = hashlib.sha256(json.dumps(what, ensure_ascii=False).encode()).hexdigest()
        return f"{digest[:32]}@{self._timetable.uai or 'entformats'}"

    def _event(self, series: Series, lesson: Lesson, uid: str) -> Event:
        from icalendar import Event  # noqa: PLC0415 - an extra

        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", self._at.astimezone(UTC))
        event.add("dtstart", self._moment(series.first, lesson.start))
        if lesson.start is not None and lesson.end is not None and lesson.end > lesson.start:
            event.add("dtend", self._moment(series.first, lesson.end))
        if series.count > 1:
            interval = {"interval": series.interval} if series.interval > 1 else {}
            event.add("rrule", {"freq": "weekly", "count": series.count, **interval})
        if series.exceptions:
            event.add("exdate", [self._moment(day, lesson.start) for day in series.exceptions])
        self._describe(event, lesson)
        return event

    def _describe(self, event: Event, lesson: Lesson) -> None:
        subject = ", ".join(self._names[who][1] for who in lesson.subjects)
        audience = self._named(lesson, Kind.CLASS, Kind.GROUP, Kind.PART)
        summary = " - ".join(filter(None, (subject, ", ".join(audience)))) or "Cours"
        lines = [f"Matière : {subject}"] if subject else []
        for kind, word in LINES.items():
            if names := self._named(lesson, kind):
                lines.append(f"{word} : {', '.join(names)}")
        rooms = self._named(lesson, Kind.ROOM)
        event.add("summary", f"Cours annulé : {summary}" if lesson.cancelled else summary)
        event.add("description", "\n".join(lines))
        if rooms:
            event.add("location", ", ".join(rooms))
        event.add("categories", ["Cours - Cours annulé" if lesson.cancelled else "Cours"])
        event.add("status", "CANCELLED" if lesson.cancelled else "CONFIRMED")
        if lesson.cancelled or lesson.start is None:
            event.add("transp", "TRANSPARENT")

    def _named(self, lesson: Lesson, *kinds: Kind) -> list[str]:
        shown = [who for who in lesson.participants if kind_of(who) in kinds and self._may_show(who)]
        return [name for _, name in sorted({self._names[who] for who in shown})]

    def _moment(self, day: date, at: time | None) -> date | datetime:
        return day if at is None else datetime.combine(day, at, self._zone)


def _timezone(zone: ZoneInfo, first_year: int, last_year: int) -> Timezone:
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard  # noqa: PLC0415 - an extra

    written = Timezone()
    written.add("tzid", zone.key)
    for one in observances(zone, first_year, last_year):
        part = TimezoneDaylight() if one.daylight else TimezoneStandard()
        part.add("dtstart", one.since)
        part.add("tzoffsetfrom", one.before)
        part.add("tzoffsetto", one.offset)
        part.add("tzname", one.name)
        written.add_component(part)
    return written


def _names(timetable: Timetable) -> Iterator[tuple[Ref, str, str]]:
    """Give the key and the name of everything; a class part has no key: the name of its class and its own stand in."""
    keys = timetable.keys
    for people in (timetable.teachers, timetable.staff, timetable.pupils, timetable.guardians):
        for who, person in people.items():
            yield who, keys[who], clean(f"{person.identity.given} {person.identity.family}")
    for things in (timetable.classes, timetable.option_groups, timetable.rooms, timetable.equipment):
        yield from ((who, keys[who], thing.name) for who, thing in things.items())
    for who, subject in timetable.subjects.items():
        yield who, keys[who], subject.label or subject.code
    for who, part in timetable.class_parts.items():
        name = clean(f"{timetable.classes[part.school_class].name} {part.name}")
        yield who, f"part:{name}", name
