"""Access blocks (blocage des accès ENT): keep pupils and guardians out until the start of the school year (rules 5).

Wall times are those of the school; they become instants before anything is compared.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

from attrs import Attribute, field, frozen

from entformats.errors import InvalidValue, UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Profile
from entformats.problems import Location, Problem, Report, problem

__all__ = ["AccessBlock", "Allowed", "Answer", "BlockPolicy", "Blocked", "instant_of", "parse_wall", "wall_text"]

BLOCKABLE = (Profile.PUPIL, Profile.GUARDIAN)
"""Profils: everybody else is staff, never blocked (rules 5.2)."""
_BEFORE = datetime.min.replace(tzinfo=UTC)
_AFTER = datetime.max.replace(tzinfo=UTC)
Interval: TypeAlias = tuple[datetime, datetime]
_WALL = "%d/%m/%Y à %H:%M"
_SHAPE = re.compile(r"(\d{2})/(\d{2})/(\d{4}) à (\d{2}):(\d{2})", re.ASCII)


def _naive(_block: object, attribute: Attribute[datetime | None], value: datetime | None) -> None:
    if value is not None and value.tzinfo is not None:
        raise UsageError(f"{attribute.name} is a wall time of the school, without a zone")


@frozen
class AccessBlock:
    """Blocage d'une population. `start` and `end` are naive wall times of the school; None is unbounded.

    The window is half-open: blocked at `start`, free again at `end`. Disabled, it never blocks and keeps its dates.
    Raises `UsageError` for a time that has a zone.

    >>> AccessBlock(Profile.PUPIL, enabled=True, start=datetime(2022, 8, 24, 8)).end is None
    True
    """

    population: Profile
    enabled: bool
    start: datetime | None = field(default=None, validator=_naive)
    end: datetime | None = field(default=None, validator=_naive)


@frozen
class Allowed:
    """Accès autorisé.

    >>> BlockPolicy([]).evaluate(Profile.PUPIL, datetime(2022, 9, 1, tzinfo=UTC)) == Allowed()
    True
    """


@frozen
class Blocked:
    """Accès bloqué, jusqu'à `until`: an instant in UTC, None where no end is planned.

    >>> answer = Blocked(until=None, title="Rentrée", message="Ouverture le 1er septembre.")
    >>> answer.message
    'Ouverture le 1er septembre.'
    """

    until: datetime | None
    title: str
    message: str


Answer: TypeAlias = Allowed | Blocked


def instant_of(wall: datetime, zone: ZoneInfo, *, is_end: bool) -> datetime:
    """Donner l'instant d'une heure locale, in UTC, across both changes of clocks (rules 5.2).

    A wall time that does not exist becomes the instant of the change; of two, a start takes the first, an end the
    second.

    >>> paris = ZoneInfo("Europe/Paris")
    >>> instant_of(datetime(2022, 3, 27, 2, 30), paris, is_end=False).isoformat()
    '2022-03-27T01:00:00+00:00'
    >>> instant_of(datetime(2022, 10, 30, 2, 30), paris, is_end=True).isoformat()
    '2022-10-30T01:30:00+00:00'
    """
    one, other = (_utc(wall.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if one > other:
        return _change_between(other, one, zone)
    return other if is_end else one


def _utc(at: datetime) -> datetime:
    """Give an instant in UTC; before the first and after the last that there are, the first and the last."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return _BEFORE if at.year == _BEFORE.year else _AFTER


def wall_text(wall: datetime) -> str:
    """Écrire une heure locale as the screen does (rules 5.1).

    >>> wall_text(datetime(2022, 8, 24, 8))
    '24/08/2022 à 08:00'
    """
    return wall.strftime(_WALL)


def parse_wall(text: str) -> datetime:
    """Lire une heure locale écrite comme à l'écran, `JJ/MM/AAAA à HH:MM`; raises `InvalidValue`.

    >>> parse_wall("31/08/2022 à 23:30")
    datetime.datetime(2022, 8, 31, 23, 30)
    """
    found = _SHAPE.fullmatch(text.strip())
    try:
        day, month, year, hour, minute = map(int, found.groups() if found else ())
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - a wall time
    except ValueError:
        raise InvalidValue(f"expected a time such as '24/08/2022 à 08:00', found {text!r}") from None


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Find the second at which the clocks change between two instants."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _known_zone(_policy: object, _: Attribute[str], name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UsageError(f"no time zone has the IANA name {name!r}") from None


def _blocks(blocks: Iterable[AccessBlock]) -> tuple[AccessBlock, ...]:
    return tuple(blocks)


@frozen
class BlockPolicy:
    """Réglage du blocage des accès: windows of both populations, one message for both.

    The message is shown as it is, never derived from the windows (rules 5.1). `report` says what is wrong with the
    settings: an invalid window blocks nobody. Raises `UsageError` for a zone that does not exist.

    >>> pupils = AccessBlock(Profile.PUPIL, True, datetime(2022, 8, 24, 8), datetime(2022, 8, 31, 23, 30))
    >>> policy = BlockPolicy([pupils], title="Rentrée", message="Ouverture le 1er septembre.")
    >>> policy.evaluate(Profile.PUPIL, datetime(2022, 8, 24, 6, tzinfo=UTC)).until.isoformat()
    '2022-08-31T21:30:00+00:00'
    >>> policy.evaluate([Profile.PUPIL, Profile.TEACHER], datetime(2022, 8, 24, 6, tzinfo=UTC))
    Allowed()
    """

    blocks: tuple[AccessBlock, ...] = field(converter=_blocks)
    title: str = ""
    message: str = ""
    zone: str = field(default="Europe/Paris", validator=_known_zone)

    def evaluate(self, profiles: Profile | Iterable[Profile], at: datetime) -> Answer:
        """Répondre à un instant: a person of several profiles is blocked only where all of them are.

        `at` is an instant; a naive one is a wall time of the school. Somebody without any profile is not blocked.
        """
        edges = self._edges_of(profiles)
        position = bisect_right(edges, self._instant(at))
        if position % 2 == 0:
            return Allowed()
        until = edges[position]
        return Blocked(None if until == _AFTER else until, self.title, self.message)

    def next_transition(self, profiles: Profile | Iterable[Profile], after: datetime) -> datetime | None:
        """Donner le prochain changement: the first instant strictly after `after` where the answer changes, or None.

        >>> BlockPolicy([]).next_transition(Profile.PUPIL, datetime(2022, 8, 24, tzinfo=UTC)) is None
        True
        """
        edges = self._edges_of(profiles)
        position = bisect_right(edges, self._instant(after))
        found = edges[position] if position < len(edges) else _AFTER
        return None if found == _AFTER else found

    def windows(self, profiles: Profile | Iterable[Profile]) -> tuple[tuple[datetime | None, datetime | None], ...]:
        """Fenêtres fusionnées: the merged intervals in which such a person is blocked, in UTC; None is unbounded."""
        edges = self._edges_of(profiles)
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return tuple((None if a == _BEFORE else a, None if b == _AFTER else b) for a, b in pairs)

    @property
    def report(self) -> Report:
        """Anomalies du réglage."""
        return Report.of(self._problems())

    def _problems(self) -> Iterator[Problem]:
        for number, block in enumerate(self.blocks, start=1):
            where = Location(kind="AccessBlock", key=str(number))
            if block.population not in BLOCKABLE:
                yield problem("staff_never_blocked", where, profile=block.population.value)
            if block.start is None or block.end is None:
                continue
            start, end = self._interval(block)
            if start >= end and block.start < block.end:
                yield problem("window_lost_in_clock_change", where)
            elif start >= end:
                yield problem("window_not_in_order", where)
        if any(block.enabled for block in self.blocks) and not (self.title.strip() and self.message.strip()):
            yield problem("message_blank")

    def _interval(self, block: AccessBlock) -> Interval:
        zone = ZoneInfo(self.zone)
        start = _BEFORE if block.start is None else instant_of(block.start, zone, is_end=False)
        end = _AFTER if block.end is None else instant_of(block.end, zone, is_end=True)
        return start, end

    def _instant(self, at: datetime) -> datetime:
        return _utc(at.replace(tzinfo=ZoneInfo(self.zone)) if at.tzinfo is None else at)

    def _edges_of(self, profiles: Profile | Iterable[Profile]) -> tuple[datetime, ...]:
        held = frozenset((profiles,) if isinstance(profiles, Profile) else profiles)
        return self._edges.get(held, ())

    @cached_property
    def _edges(self) -> FrozenMap[frozenset[Profile], tuple[datetime, ...]]:
        """Give the instants where the answer changes, in order, blocked first, for each set of profiles."""
        pupils, guardians = (self._merged(population) for population in BLOCKABLE)
        return FrozenMap(
            {
                frozenset({Profile.PUPIL}): pupils,
                frozenset({Profile.GUARDIAN}): guardians,
                frozenset(BLOCKABLE): _intersection(pupils, guardians),
            }
        )

    def _merged(self, population: Profile) -> tuple[datetime, ...]:
        enabled = (block for block in self.blocks if block.enabled and block.population is population)
        edges: list[datetime] = []
        for start, end in sorted(map(self._interval, enabled)):
            if start >= end:
                continue
            if edges and start <= edges[-1]:
                edges[-1] = max(edges[-1], end)
            else:
                edges += (start, end)
        return tuple(edges)


def _intersection(one: tuple[datetime, ...], other: tuple[datetime, ...]) -> tuple[datetime, ...]:
    """Intersect two lists of edges."""
    cuts = sorted({*one, *other})
    edges: list[datetime] = []
    for start, end in pairwise(cuts):
        if bisect_right(one, start) % 2 and bisect_right(other, start) % 2:
            edges += (start, end)
    return tuple(edges)
