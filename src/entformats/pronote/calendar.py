"""Pronote's calendar of a timetable (iCal), read into dated lessons as far as it says who is there (pronote 9)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from attrs import field, frozen

from entformats import _files
from entformats._files import Source
from entformats.errors import WrongFormat
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.problems import Findings, Location, Report, problem
from entformats.timetable import Kind, Lesson, ref

__all__ = ["CalendarEvent", "PronoteCalendar", "read_calendar"]

CANCELLED = frozenset({"Cours annulé"})
"""Statuts of a lesson that does not take place."""
LABELS = {
    "matière": Kind.SUBJECT,
    "matières": Kind.SUBJECT,
    "professeur": Kind.TEACHER,
    "professeurs": Kind.TEACHER,
    "classe": Kind.CLASS,
    "classes": Kind.CLASS,
    "groupe": Kind.GROUP,
    "groupes": Kind.GROUP,
    "partie de classe": Kind.PART,
    "parties de classe": Kind.PART,
    "salle": Kind.ROOM,
    "salles": Kind.ROOM,
}
"""Libellé of a line of the description -> what it names."""
_LINE = re.compile(r"([^\s:;]+)((?:;[^:;=]+=(?:\"[^\"]*\"|[^:;\"]*))*):(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")
_COMMA = re.compile(r"(?<!\\)((?:\\\\)*)\\, *")
_STABLE = re.compile(r"[^\W\d]+-\d+(?:-\d+)?(?=-\d{8}T)")


@frozen
class CalendarEvent:
    """Événement: a lesson (`is_lesson`), a holiday or another whole day. `key` does not change from export to export.

    `start` and `end` are wall times of the school; of a whole day, midnight, end excluded. Teachers are a surname and
    an initial: not enough to find an account.

    >>> CalendarEvent("Ferie-3", "Jours fériés", "", datetime(2022, 10, 22), datetime(2022, 11, 7)).is_lesson
    False
    """

    key: str
    category: str
    status: str
    start: datetime
    end: datetime
    summary: str = field(default="", repr=False)
    named: FrozenMap[Kind, tuple[str, ...]] = field(factory=FrozenMap, repr=False)

    @property
    def is_lesson(self) -> bool:
        """Tell whether it is a lesson."""
        return self.key.startswith("Cours-")

    def lesson(self) -> Lesson:
        """Give the dated lesson; its references are made of the names written here."""
        participants = (
            ref(kind, name) for kind, names in self.named.items() for name in names if kind is not Kind.SUBJECT
        )
        return Lesson(
            self.start.date(),
            self.start.time(),
            self.end.time(),
            tuple(ref(Kind.SUBJECT, name) for name in self.named.get(Kind.SUBJECT, ())),
            frozenset(participants),
            cancelled=self.status in CANCELLED,
        )


@frozen(repr=False)
class PronoteCalendar:
    """Calendrier: everything that one file says, by time.

    >>> PronoteCalendar()
    <PronoteCalendar 0 events>
    """

    name: str = ""
    events: tuple[CalendarEvent, ...] = ()
    report: Report = field(factory=Report, eq=False)

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """Séances datées, by time; two of one number are two lessons."""
        return tuple(event.lesson() for event in self.events if event.is_lesson)

    def __repr__(self) -> str:
        """Show how many events there are."""
        return f"<PronoteCalendar {len(self.events)} events>"


def read_calendar(
    source: Source,
    *,
    zone: str = "Europe/Paris",
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> PronoteCalendar:
    r"""Lire le calendrier iCal d'un emploi du temps de Pronote; UTC is turned into the wall times of `zone`.

    The summary is not split: the description names what there is. An event without times is left out
    (`calendar_event_unreadable`). Raises `WrongFormat` (`not_a_calendar`), `ValueError` never. Source: pronote 9.

    >>> read_calendar(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    <PronoteCalendar 0 events>
    """
    part = _files.one(source, limits=limits)
    content = b"".join(part.chunks()).removeprefix(b"\xef\xbb\xbf")
    if not content.lstrip().startswith(b"BEGIN:VCALENDAR"):
        raise WrongFormat(problem("not_a_calendar", Location(part.name, line=1)))
    findings = Findings(stored_per_code=limits.stored_per_code)
    events: list[CalendarEvent] = []
    header: dict[str, str] = {}
    for number, line, values in _blocks(content.decode("utf-8", "replace")):
        if not number:
            header = values
            continue
        event = _event(values, ZoneInfo(zone))
        if event is None:
            findings.found("calendar_event_unreadable", Location(part.name, line=line))
        else:
            events.append(event)
    events.sort(key=lambda one: (one.start, one.end, one.key))
    return PronoteCalendar(_unescaped(header.get("X-WR-CALNAME", "")), tuple(events), findings.report())


def _blocks(text: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Give the header, as event 0, then each event: its number, its line, and its properties by name."""
    header: dict[str, str] = {}
    inside, number, begun = header, 0, 1
    for line, unfolded in _unfolded(text):
        if unfolded == "BEGIN:VEVENT":
            inside, number, begun = {}, number + 1, line
        elif unfolded == "END:VEVENT" and inside is not header:
            yield number, begun, inside
            inside = header
        elif found := _LINE.fullmatch(unfolded):
            inside.setdefault(found[1].upper(), found[3])
    yield 0, 1, header


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines with their numbers: a fold is a line end and exactly one blank."""
    held, begun = "", 1
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line[:1] in {" ", "\t"}:
            held += line[1:]
            continue
        yield begun, held
        held, begun = line, number
    yield begun, held


def _event(values: dict[str, str], zone: ZoneInfo) -> CalendarEvent | None:
    start, end = _moment(values.get("DTSTART", ""), zone), _moment(values.get("DTEND", ""), zone)
    if start is None or end is None or end < start:
        return None
    category, _, status = _unescaped(values.get("CATEGORIES", "")).partition(" - ")
    uid = values.get("UID", "")
    stable = _STABLE.match(uid)
    named = _named(values.get("DESCRIPTION", ""))
    if Kind.ROOM not in named and values.get("LOCATION"):
        named[Kind.ROOM] = _several(values["LOCATION"])
    summary = html.unescape(_unescaped(values.get("SUMMARY", "")))
    return CalendarEvent(stable[0] if stable else uid, category, status, start, end, summary, FrozenMap(named))


def _named(description: str) -> dict[Kind, tuple[str, ...]]:
    """Read the lines `Libellé : valeur` of a description that is still escaped."""
    named: dict[Kind, tuple[str, ...]] = {}
    for line in re.split(r"(?<!\\)(?:\\\\)*\\[nN]", description):
        label, _, text = line.partition(" : ")
        kind = LABELS.get(label.strip().lower())
        if kind is not None and text.strip():
            named[kind] = named.get(kind, ()) + _several(text)
    return named


def _several(text: str) -> tuple[str, ...]:
    pieces = _COMMA.sub("\\1\0", text).split("\0")
    return tuple(filter(None, (html.unescape(_unescaped(one)).strip() for one in pieces)))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a day, a wall time, or an instant of UTC, as a wall time of the zone."""
    for form in ("%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S", "%Y%m%d"):
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - wall time, unless in UTC
            return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if form.endswith("Z") else moment
        except (ValueError, OverflowError):
            continue
    return None
