"""Putting lessons in the week, so that nobody is in two places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from random import Random
from typing import Final

from attrs import define, field, frozen

from entformats.errors import UsageError
from entformats.identity import Ref
from entformats.testing.school.draft import Draft
from entformats.testing.school.occupancy import Occupancy
from entformats.testing.school.programme import SUBJECTS, discipline
from entformats.testing.school.teachers import Staffroom
from entformats.timetable import Kind, Room, WeeklyLesson

__all__ = ["SLOTS", "Planner", "Row"]

SLOTS: Final = tuple((day, hour) for day in range(1, 6) for hour in range(4 if day == 3 else 8))  # noqa: PLR2004 - Wednesday
"""Créneaux: weekday and hour of the day, from 0; no lesson on Wednesday afternoon."""
EVERY_WEEK: Final = 3


@frozen
class Row:
    """One group of a rota: what it learns, in which weeks (odd 1, even 2, both 3), from the teacher of which seat."""

    subject: str
    group: Ref
    parity: int
    seat: str


@define
class Planner:
    """Répartiteur: finds a slot, a teacher and a room for each lesson."""

    draft: Draft
    staffroom: Staffroom
    rng: Random
    table: Occupancy
    _rooms: defaultdict[str, list[Ref]] = field(factory=lambda: defaultdict(list), init=False)

    def __attrs_post_init__(self) -> None:
        for name, room in self.draft.rooms.items():
            self._rooms[room.name.rpartition(" ")[0]].append(name)

    def slot(
        self, who: Iterable[Ref], *, hours: int = 1, parity: int = EVERY_WEEK, avoid: Iterable[int] = ()
    ) -> tuple[int, int] | None:
        """Find a slot at which all of these are free, on a day not to avoid if there is one."""
        people, later = tuple(who), set(avoid)
        order = sorted(self.rng.sample(SLOTS, len(SLOTS)), key=lambda slot: slot[0] in later)
        for day, hour in order:
            fits = hour % hours == 0 and (hours == 1 or (day, hour + 1) in SLOTS)
            weeks = self.draft.calendar.rhythm(day, parity)
            if fits and self.table.free(people, day, range(hour, hour + hours), weeks):
                return day, hour
        return None

    def put(
        self, slot: tuple[int, int], subject: str, who: list[Ref], *, hours: int = 1, parity: int = EVERY_WEEK
    ) -> WeeklyLesson:
        """Add a lesson at a slot, in a room that is free."""
        day, hour = slot
        weeks = self.draft.calendar.rhythm(day, parity)
        kind = SUBJECTS[subject].room
        span = range(hour, hour + hours)
        room = next((name for name in self._rooms[kind] if self.table.free([name], day, span, weeks)), None)
        lesson = self.draft.lesson(
            day, hour, hours, self.draft.subject(subject), [*who, room or self._room(kind)], weeks
        )
        self.draft.lessons.append(lesson)
        self.table.add(lesson)
        return lesson

    def service(self, subject: str, audience: Ref, lengths: tuple[int, ...], *, parity: int = EVERY_WEEK) -> None:
        """Give a subject to a class, a group or a class part, with one teacher as long as slots allow."""
        seats = {subject: self.teacher(subject, sum(lengths))}
        days: list[int] = []
        for hours in lengths:
            slot = self.sure(
                self.table.needs(audience), seats, {subject: subject}, hours=hours, parity=parity, avoid=days
            )
            days.append(slot[0])
            self.put(slot, subject, [seats[subject], audience], hours=hours, parity=parity)
            self.staffroom.charge(seats[subject], hours * parity / EVERY_WEEK)

    def rota(self, rows: list[Row], *, times: int = 1) -> None:
        """Give lessons to several groups at one slot, `times` a week, each seat being one teacher."""
        subjects = {row.seat: row.subject for row in rows}
        seats: dict[str, Ref] = {}
        for seat, subject in subjects.items():
            hours = times * sum(row.parity / EVERY_WEEK for row in rows if row.seat == seat)
            seats[seat] = self.teacher(subject, hours, but=seats.values())
        needs = sorted({who for row in rows for who in self.table.needs(row.group)})
        days: list[int] = []
        for _ in range(times):
            slot = self.sure(needs, seats, subjects, avoid=days)
            days.append(slot[0])
            for row in rows:
                self.put(slot, row.subject, [seats[row.seat], row.group], parity=row.parity)
                self.staffroom.charge(seats[row.seat], row.parity / EVERY_WEEK)

    def sure(
        self,
        needs: Iterable[Ref],
        seats: dict[str, Ref],
        subjects: Mapping[str, str],
        *,
        hours: int = 1,
        parity: int = EVERY_WEEK,
        avoid: Iterable[int] = (),
    ) -> tuple[int, int]:
        """Find a slot, with new teachers in the seats when those are never free with the audience.

        Raises `UsageError` when the audience itself is never free.
        """
        audience = tuple(needs)
        slot = self.slot((*audience, *seats.values()), hours=hours, parity=parity, avoid=avoid)
        if slot is None:
            seats.update({seat: self.staffroom.engage(discipline(subjects[seat])) for seat in seats})
            slot = self.slot((*audience, *seats.values()), hours=hours, parity=parity, avoid=avoid)
        if slot is None:
            raise UsageError("the week of this class is full")
        return slot

    def teacher(self, subject: str, hours: float, *, but: Iterable[Ref] = ()) -> Ref:
        """Choose a teacher who may take these hours more, or engage one."""
        team = [name for name in self.staffroom.team(discipline(subject), hours) if name not in set(but)]
        return team[0] if team else self.staffroom.engage(discipline(subject))

    def _room(self, kind: str) -> Ref:
        name = self.draft.new_ref(Kind.ROOM)
        number = len(self._rooms[kind]) + 1
        self.draft.rooms[name] = Room(name, f"{kind} {number}" if kind else str(100 + number))
        self._rooms[kind].append(name)
        return name
