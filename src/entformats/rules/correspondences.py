"""Correspondances de classes et de groupes: reviewed, decided and undone, with their own memory (rules 2.4).

They last a school year; answers about people outlive it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

from attrs import evolve, frozen

from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.names import compact
from entformats.problems import Lang, Location, Problem, Report, entry, problem
from entformats.rules.matching.scoring import alike
from entformats.rules.matching.why import decided as told_when
from entformats.rules.membership import correspond, file_audiences, reference_day
from entformats.rules.rosters import Roster
from entformats.rules.snapshot import Audience
from entformats.rules.state import Correspondence, State
from entformats.timetable import Kind, Timetable, kind_of
from entformats.timetable.models import key

__all__ = ["How", "Linked", "decide", "report", "review", "undo"]

MOST = 5
"""Homes suggested for one class or group."""


class How(StrEnum):
    """Comment: what links a class or a group of the file to one of the ENT."""

    BY_HAND = "by_hand"
    """Décidée à la main."""
    NAME = "name"
    """Même nom, once cleaned."""
    COMPACT = "compact"
    """Même nom écrit autrement; classes only, where it is unique on both sides."""
    NOTHING = "nothing"
    """Aucune correspondance."""


@frozen
class Linked:
    """Correspondance d'une classe ou d'un groupe du fichier: one line of the screen of reconciliation.

    `stale` is the home that somebody decided and that the ENT no longer has; `suggestions` are names alike.

    >>> print(Linked(Key("class:6-B"), "6-B", How.COMPACT, Key("class:6 B")).why("en"))
    6-B: 6 B, same name written otherwise.
    """

    audience: Key
    name: str
    how: How
    home: Key | None = None
    decision: Correspondence | None = None
    stale: Key | None = None
    suggestions: tuple[Key, ...] = ()

    @property
    def problem(self) -> Problem | None:
        """Constat: a decided home that is gone; a class without any. A group without one is created, or left."""
        where = Location(kind=kind_of(self.audience).value, key=self.audience)
        if self.stale:
            return problem("stale_correspondence", where, name=self.name, home=_name(self.stale))
        if self.how is How.NOTHING and kind_of(self.audience) is Kind.CLASS:
            return problem("class_without_correspondence", where, name=self.name, suggestions=len(self.suggestions))
        return None

    def why(self, lang: Lang = "fr") -> str:
        """Pourquoi: what links it, by whom and when, or what to do."""
        words = _WORDS[lang]
        home = _name(self.home) if self.home else ""
        when = told_when(self.decision.at, self.decision.by, lang) if self.decision and not self.stale else "."
        lines = [words[self.how].format(self.name, home) + when]
        if found := self.problem:
            text = entry(found.code).text(lang)
            lines += [f"{text.title} ({found.code}).", text.explanation, words["repair"].format(text.repair)]
        if self.suggestions:
            lines.append(words["suggested"].format(", ".join(map(_name, self.suggestions))))
        return "\n".join(lines)


_WORDS: dict[Lang, dict[str, str]] = {
    "fr": {
        How.BY_HAND: "{} : {}, décidé à la main",
        How.NAME: "{} : {}, même nom",
        How.COMPACT: "{} : {}, même nom écrit autrement",
        How.NOTHING: "{} : rien dans l'ENT",
        "repair": "À faire : {}",
        "suggested": "Noms proches : {}.",
    },
    "en": {
        How.BY_HAND: "{}: {}, decided by hand",
        How.NAME: "{}: {}, same name",
        How.COMPACT: "{}: {}, same name written otherwise",
        How.NOTHING: "{}: nothing in the ENT",
        "repair": "To do: {}",
        "suggested": "Names alike: {}.",
    },
}


def _name(home: Key) -> str:
    return home.partition(":")[2]


def review(timetable: Timetable, roster: Roster, state: State, *, on: date | None = None) -> tuple[Linked, ...]:
    """Revoir les correspondances: every class and group of the file, in the order of their keys.

    >>> from entformats.rules import RosterClass
    >>> from entformats.timetable import SchoolClass, ref
    >>> school_class = SchoolClass(ref(Kind.CLASS, "2"), "6A")
    >>> timetable = Timetable("0749999S", classes=FrozenMap({school_class.ref: school_class}))
    >>> roster = Roster("0749999S", classes=[RosterClass("6 EME A")])
    >>> (linked,) = review(timetable, roster, State.new("0749999S", 2026))
    >>> linked.how.value, linked.suggestions
    ('nothing', ('class:6 EME A',))
    """
    audiences = file_audiences(timetable, reference_day(timetable, on))
    by_hand = {who: one.home for who, one in state.correspondences.items()}
    homes = correspond(audiences, roster, by_hand)
    return tuple(_linked(who, audiences[who], homes, roster, state) for who in sorted(audiences))


def _linked(who: Key, audience: Audience, homes: Mapping[Key, Key], roster: Roster, state: State) -> Linked:
    home, decision = homes.get(who), state.correspondences.get(who)
    known = {*roster.known_classes, *roster.known_groups}
    stale = decision.home if decision and decision.home not in known else None
    if home is None:
        free = sorted(known - set(homes.values()))
        near = tuple(one for one in free if kind_of(one) is kind_of(who) and near_names(audience.name, _name(one)))
        return Linked(who, audience.name, How.NOTHING, None, decision, stale, near[:MOST])
    same = home == key(kind_of(who), audience.name)
    how = How.BY_HAND if decision and not stale else How.NAME if same else How.COMPACT
    return Linked(who, audience.name, how, home, decision, stale)


def near_names(one: str, other: str) -> bool:
    """Noms proches: the same first and last signs, as `6A` and `6EME A`, or names alike as those of people are.

    >>> near_names("6A", "6EME A"), near_names("6A", "6B")
    (True, False)
    """
    folded, against = compact(one), compact(other)
    ends = folded[:1] == against[:1] and folded[-1:] == against[-1:]
    return (bool(folded and against) and ends) or alike(one, other)


def report(linked: Iterable[Linked]) -> Report:
    """Rapport: decided homes that are gone, classes without any. Emits `MATCH-540` and `MATCH-541`.

    >>> report(()).problems
    ()
    """
    return Report.of(found for one in linked if (found := one.problem))


def decide(
    state: State, roster: Roster, audience: Key, home: Key, *, by: str | None = None, at: datetime | None = None
) -> State:
    """Décider qu'une classe ou un groupe du fichier est `home` in the ENT: the state that remembers it.

    Raises `UsageError` where the ENT has no such class or group.

    >>> from entformats.rules import RosterClass
    >>> roster = Roster("0749999S", classes=[RosterClass("6 EME A")])
    >>> state = decide(State.new("0749999S", 2026), roster, Key("class:6A"), Key("class:6 EME A"), by="secretary")
    >>> state.correspondences[Key("class:6A")].by
    'secretary'
    """
    if home not in roster.known_classes and home not in roster.known_groups:
        raise UsageError("the ENT has no such class or group")
    known = {**state.correspondences, audience: Correspondence(home, by, at)}
    return evolve(state, correspondences=FrozenMap(sorted(known.items())))


def undo(state: State, audience: Key) -> State:
    """Défaire une correspondance: names decide again. Raises `UsageError` where nothing was decided.

    >>> undo(State.new("0749999S", 2026), Key("class:6A"))
    Traceback (most recent call last):
    entformats.errors.UsageError: nothing was decided about this class or group
    """
    if audience not in state.correspondences:
        raise UsageError("nothing was decided about this class or group")
    return evolve(
        state, correspondences=FrozenMap((k, one) for k, one in state.correspondences.items() if k != audience)
    )
