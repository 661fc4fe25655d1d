"""Import of Pronote identifiers onto accounts of the ENT: a plan first, nothing done (pronote 4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeAlias

from attrs import evolve, field, frozen

from entformats.changes import Diff
from entformats.errors import InvalidValue, UsageError
from entformats.identity import Account, Identifier, IdentifierKind, Identity, Profile
from entformats.problems import Location, Problem, problem
from entformats.pronote import Identifiers, PronoteIdentifier
from entformats.pronote.models import ONE_OF_EACH
from entformats.rules.json_codec import dump, load
from entformats.rules.matching import Ambiguous, Conflict, Matched, Matching

__all__ = ["Entry", "IdentifierCounts", "ImportMode", "Link", "Links", "Plan", "Status", "plan", "with_links"]

School: TypeAlias = str
Key: TypeAlias = tuple[School, Account]
CLEARED_SHARE = 0.3


class ImportMode(StrEnum):
    """Mode d'import (pronote 4)."""

    REPLACE = "replace"
    """Annule et remplace."""
    MERGE = "merge"
    """Ajout et mise à jour."""
    ADD_ONLY = "add_only"
    """Ajout seul."""


class Status(StrEnum):
    """Sort: what becomes of a row, or of a link that the file does not speak of."""

    ATTACHED = "attached"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT_EXISTING = "kept_existing"
    """The account has another identifier, which stays."""
    CLEARED = "cleared"
    UNMATCHED = "unmatched"
    AMBIGUOUS = "ambiguous"
    CONFLICT = "conflicts"


@frozen
class Link:
    """Lien: the Pronote identifier of one account, for one establishment. Hidden in `repr`.

    >>> Link("0749999S", "a1", "K7WQ2ZTB9XNHJ4CV", Profile.TEACHER)
    Link(school='0749999S', account='a1', profile=<Profile.TEACHER: 'teacher'>, manual=False)
    """

    school: School
    account: Account
    pronote_id: str = field(repr=False)
    profile: Profile | None = None
    manual: bool = False
    """Made by an administrator."""


@frozen
class Links:
    """Liens: what the ENT holds today, of any number of establishments.

    Raises `UsageError` where an account has two identifiers in one establishment, or an identifier two accounts.

    >>> links = Links(frozenset({Link("0749999S", "a1", "K7WQ2ZTB9XNHJ4CV")}))
    >>> Links.from_json(links.to_json()) == links
    True
    """

    links: frozenset[Link] = frozenset()

    def __attrs_post_init__(self) -> None:
        """Hold that links are one to one inside an establishment."""
        accounts = {(one.school, one.account) for one in self.links}
        numbers = {(one.school, one.pronote_id) for one in self.links}
        if min(len(accounts), len(numbers)) < len(self.links):
            raise UsageError("inside one establishment an account has one identifier, and an identifier one account")

    @classmethod
    def from_json(cls, text: str) -> Links:
        """Read what `to_json` wrote; raises `InvalidValue` for anything else."""
        try:
            return cls(load(text, frozenset[Link]))
        except UsageError as error:
            raise InvalidValue(str(error)) from error

    def to_json(self) -> str:
        """Write as JSON text, an array sorted; it holds identifiers of people."""
        return dump(self.links)


@frozen
class Entry:
    """Ligne du plan: one row of the file, or one link that the file does not have.

    >>> Entry(Status.ATTACHED, "0749999S", "a1", "K7WQ2ZTB9XNHJ4CV", ref="line:2").status.value
    'attached'
    """

    status: Status
    school: School
    account: Account | None = None
    pronote_id: str | None = field(default=None, repr=False)
    """Identifier of the row; of a cleared link, the one that goes."""
    previous: str | None = field(default=None, repr=False)
    profile: Profile | None = None
    ref: str = ""
    """Row of the file; "" for a cleared link."""


@frozen
class IdentifierCounts:
    """Compteurs de l'import (pronote 4).

    >>> IdentifierCounts(attached=2, changed=1, unchanged=40).imported
    43
    """

    read: int = 0
    rejected: int = 0
    attached: int = 0
    changed: int = 0
    unchanged: int = 0
    kept_existing: int = 0
    cleared: int = 0
    unmatched: int = 0
    ambiguous: int = 0
    conflicts: int = 0

    @property
    def matched(self) -> int:
        """Lignes dont le compte est connu."""
        return self.attached + self.changed + self.unchanged + self.kept_existing

    @property
    def imported(self) -> int:
        """N identifiants Pronote importés: the links that the file establishes; cleared ones are not among them."""
        return self.attached + self.changed + self.unchanged


@frozen
class Plan:
    """Plan d'import: what would change, and what forbids it. Nothing is applied."""

    mode: ImportMode
    entries: tuple[Entry, ...]
    counts: IdentifierCounts
    problems: tuple[Problem, ...] = ()
    usable: bool = True
    """False where the file is of another establishment, or has no usable row."""
    requires_confirmation: bool = False
    """So many links would be cleared that somebody must say so."""

    def of(self, status: Status) -> tuple[Entry, ...]:
        """Give the entries of one status."""
        return tuple(one for one in self.entries if one.status is status)

    def apply(self, links: Links, *, confirmed: bool = False) -> Links:
        """Appliquer: the links after the import.

        Raises `UsageError` for a plan that is not usable, or that asks for a confirmation which is not given.
        """
        if not self.usable or (self.requires_confirmation and not confirmed):
            raise UsageError("this plan is not usable, or must be confirmed first")
        held = {(one.school, one.account): one for one in links.links}
        for one in self.of(Status.CLEARED):
            held.pop((one.school, one.account or ""))
        for one in (*self.of(Status.ATTACHED), *self.of(Status.CHANGED)):
            key = (one.school, one.account or "")
            held[key] = Link(*key, one.pronote_id or "", one.profile)
        return Links(frozenset(held.values()))

    def changes(self, links: Links) -> Diff[Key, Link]:
        """Donner l'écart à écrire: (establishment, account) -> the link before and after.

        >>> Plan(ImportMode.MERGE, (), IdentifierCounts()).changes(Links())
        <Diff +0 ~0 -0>
        """
        after = self.apply(links, confirmed=True)
        before, now = ({(one.school, one.account): one for one in each.links} for each in (links, after))
        return Diff.between(before, now)


def with_links(accounts: Iterable[Identity], links: Links) -> Iterator[Identity]:
    """Accounts with the identifiers that earlier imports stored on them: level 1 of pronote 13.2.

    >>> odile = Identity("a1", Profile.TEACHER, "0749999S", "Odile", "VALMOND")
    >>> (known,) = with_links([odile], Links(frozenset({Link("0749999S", "a1", "K7WQ2ZTB9XNHJ4CV")})))
    >>> known.identifier(IdentifierKind.IDPN)
    'K7WQ2ZTB9XNHJ4CV'
    """
    held = {(one.school, one.account): one.pronote_id for one in links.links}
    for account in accounts:
        number = held.get((account.school, account.ref))
        added = {Identifier(IdentifierKind.IDPN, number)} if number else set()
        yield evolve(account, identifiers=account.identifiers | added)


def plan(  # noqa: PLR0913 - what the screen asks, each by its name
    links: Links,
    identifiers: Identifiers,
    matching: Matching,
    *,
    mode: ImportMode,
    school: str | None = None,
    managed: Collection[str] = (),
    present: Collection[Account] | None = None,
    clear_manual: bool = False,
    only_present_profiles: bool = False,
) -> Plan:
    """Préparer l'import des identifiants: a pure function of the links, the file and the matching (pronote 4).

    `matching` is that of `identifiers.identities(school=school)` with the policy table `rules.PRONOTE`. `school` is the
    establishment of the screen, by default that of the file; `managed` are others whose rows are accepted too.
    `present` are the accounts that are still in the establishment: an identifier may move from one that is not.
    `clear_manual` lets `REPLACE` clear links made by hand; `only_present_profiles` restricts clearing to the categories
    of the file. The order of rows never matters. Problems: `wrong_establishment`, `no_usable_row`,
    `mass_clearing`, `category_vanished`, `identifier_already_used`.

    Raises `UsageError` where neither the file nor the caller names an establishment.

    >>> row = PronoteIdentifier("K7WQ2ZTB9XNHJ4CV", "VALMOND", "Odile", Profile.TEACHER, uai="0749999S", position=2)
    >>> export = Identifiers("csv", (row,))
    >>> from entformats.rules import PRONOTE, Policy, match
    >>> accounts = [Identity("a1", Profile.TEACHER, "0749999S", "Odile", "VALMOND")]
    >>> matching = match(export.identities(), accounts, policy=Policy(table=PRONOTE))
    >>> plan(Links(), export, matching, mode=ImportMode.MERGE).counts.attached
    1
    """
    schools = {identifiers.school_of(row, school) for row in identifiers.identifiers} - {""}
    scope = frozenset({school, *managed} if school else (schools | {identifiers.uai or ""}) - {""})
    if not scope and identifiers.identifiers:
        raise UsageError("neither the file nor the caller names an establishment")
    problems: list[Problem] = []
    if others := schools - scope:
        problems.append(
            problem("wrong_establishment", found=", ".join(sorted(others)), expected=", ".join(sorted(scope)))
        )
    if not identifiers.identifiers:
        problems.append(problem("no_usable_row"))
    counts = IdentifierCounts(identifiers.rows, identifiers.rejected)
    if problems:
        return Plan(mode, (), counts, tuple(problems), usable=False)
    planner = _Planner(links, scope, mode, present, clear_manual=clear_manual)
    rows = planner.rows((row, identifiers.school_of(row, school)) for row in identifiers.identifiers)
    entries = planner.decide(rows, matching)
    cleared = planner.cleared(entries, matching, only_present_profiles=only_present_profiles)
    every = tuple(sorted((*entries, *cleared), key=_order))
    problems += [
        problem("identifier_already_used", Location(key=one.ref)) for one in every if one.status is Status.CONFLICT
    ]
    guards = planner.guards(every)
    numbers = Counter(one.status.value for one in every)
    return Plan(mode, every, evolve(counts, **numbers), (*problems, *guards), requires_confirmation=bool(guards))


def _order(one: Entry) -> tuple[str, str, str, str, str]:
    return one.school, one.status, one.account or "", one.pronote_id or "", one.ref


class _Planner:
    """Calcul du plan d'un établissement, ou de plusieurs qui sont gérés ensemble."""

    def __init__(
        self,
        links: Links,
        scope: Collection[School],
        mode: ImportMode,
        present: Collection[Account] | None,
        *,
        clear_manual: bool,
    ) -> None:
        self._held: Mapping[Key, Link] = {(one.school, one.account): one for one in links.links if one.school in scope}
        self._holder = {(one.school, one.pronote_id): one.account for one in self._held.values()}
        self._mode = mode
        self._present = present
        self._clear_manual = clear_manual

    def rows(self, rows: Iterable[tuple[PronoteIdentifier, School]]) -> tuple[tuple[PronoteIdentifier, School], ...]:
        return tuple(sorted(rows, key=lambda one: (one[1], one[0].short_id, one[0].ref)))

    def decide(self, rows: Iterable[tuple[PronoteIdentifier, School]], matching: Matching) -> tuple[Entry, ...]:
        """Give each row its status; an identifier that its holder keeps is a conflict, until nothing moves."""
        entries = [self._first(row, school, matching) for row, school in rows]
        entries = self._claimed_once(entries)
        while True:
            checked = [self._checked(one, self._leaving(entries)) for one in entries]
            if checked == entries:
                return tuple(entries)
            entries = checked

    def _first(self, row: PronoteIdentifier, school: School, matching: Matching) -> Entry:
        found = Entry(Status.UNMATCHED, school, None, row.short_id, None, row.profile, row.ref)
        outcomes = [matching[ref] for ref in _refs(row) if ref in matching]
        matched = [one for one in outcomes if isinstance(one, Matched)]
        if len(matched) == 1 and not any(isinstance(one, Ambiguous | Conflict) for one in outcomes):
            return self._matched(evolve(found, account=matched[0].account))
        if any(isinstance(one, Conflict) for one in outcomes):
            return evolve(found, status=Status.CONFLICT)
        return evolve(found, status=Status.AMBIGUOUS) if matched or _open(outcomes) else found

    def _matched(self, found: Entry) -> Entry:
        held = self._held.get((found.school, found.account or ""))
        if held is None:
            return evolve(found, status=Status.ATTACHED)
        if held.pronote_id == found.pronote_id:
            return evolve(found, status=Status.UNCHANGED, previous=held.pronote_id)
        kept = self._mode is ImportMode.ADD_ONLY or self._protected(held)
        return evolve(found, status=Status.KEPT_EXISTING if kept else Status.CHANGED, previous=held.pronote_id)

    def _protected(self, held: Link) -> bool:
        return held.manual and not (self._mode is ImportMode.REPLACE and self._clear_manual)

    def _claimed_once(self, entries: list[Entry]) -> list[Entry]:
        """Two rows for one account, or one identifier in two rows: neither counts."""
        claims = Counter((one.school, one.account) for one in entries if one.account)
        numbers = Counter((one.school, one.pronote_id) for one in entries if one.account)
        return [
            evolve(one, status=Status.CONFLICT)
            if one.account and max(claims[one.school, one.account], numbers[one.school, one.pronote_id]) > 1
            else one
            for one in entries
        ]

    def _leaving(self, entries: Iterable[Entry]) -> frozenset[Key]:
        """Accounts that give up their identifier: they get another one by the file."""
        return frozenset((one.school, one.account or "") for one in entries if one.status is Status.CHANGED)

    def _checked(self, one: Entry, leaving: Collection[Key]) -> Entry:
        if one.status not in {Status.ATTACHED, Status.CHANGED}:
            return one
        holder = self._holder.get((one.school, one.pronote_id or ""))
        free = holder is None or (one.school, holder) in leaving or self._gone(one.school, holder)
        return one if free else evolve(one, status=Status.CONFLICT)

    def _gone(self, school: School, account: Account) -> bool:
        """Tell whether an account has left, so that its identifier may move; never in `ADD_ONLY`."""
        movable = self._mode is not ImportMode.ADD_ONLY and not self._protected(self._held[school, account])
        return movable and self._present is not None and account not in self._present

    def cleared(
        self, entries: Collection[Entry], matching: Matching, *, only_present_profiles: bool
    ) -> tuple[Entry, ...]:
        """Links that go: moved away from accounts that left; in `REPLACE`, those that the file does not have."""
        placed = {(one.school, one.pronote_id): one.account for one in entries if one.status in _ESTABLISHED}
        rows = {(one.school, one.account) for one in entries if one.account}
        settled = {(one.school, one.account) for one in entries if one.status in _ESTABLISHED}
        numbers = {(one.school, one.pronote_id) for one in entries}
        concerned = _concerned(matching)
        profiles = {one.profile for one in entries}
        found: list[Entry] = []
        for key, held in self._held.items():
            moved = placed.get((held.school, held.pronote_id), held.account) != held.account
            absent = (
                self._mode is ImportMode.REPLACE
                and key not in rows
                and (held.school, held.pronote_id) not in numbers
                and held.account not in concerned
                and not self._protected(held)
                and not (only_present_profiles and held.profile not in profiles)
            )
            if absent or (moved and key not in settled):
                found.append(Entry(Status.CLEARED, *key, held.pronote_id, held.pronote_id, held.profile))
        return tuple(found)

    def guards(self, entries: Collection[Entry]) -> tuple[Problem, ...]:
        """What must be confirmed before so many links are cleared (pronote 4, rule 5)."""
        if self._mode is not ImportMode.REPLACE:
            return ()
        cleared = [one for one in entries if one.status is Status.CLEARED]
        lost, linked = Counter(one.school for one in cleared), Counter(school for school, _ in self._held)
        found = [
            problem("mass_clearing", Location(key=school), cleared=number, linked=linked[school])
            for school, number in sorted(lost.items())
            if number > CLEARED_SHARE * linked[school]
        ]
        present = {one.profile for one in entries if one.ref}
        gone = sorted({one.profile for one in cleared if one.profile} - present)
        return (*found, *(problem("category_vanished", profile=one.value) for one in gone))


_ESTABLISHED = frozenset({Status.ATTACHED, Status.CHANGED, Status.UNCHANGED})


def _refs(row: PronoteIdentifier) -> tuple[str, ...]:
    """Refs of a row among identities: one, or one of each population where the category is unknown."""
    return (row.ref,) if row.profile else tuple(f"{row.ref}:{one}" for one in ONE_OF_EACH)


def _open(outcomes: Iterable[object]) -> bool:
    return any(isinstance(one, Ambiguous) for one in outcomes)


def _concerned(matching: Matching) -> frozenset[Account]:
    """Accounts that an ambiguous or contradictory row may be about: they keep what they have."""
    found: defaultdict[str, set[Account]] = defaultdict(set)
    for ref, outcome in matching.items():
        if isinstance(outcome, Ambiguous):
            found[ref].update(one.account for one in outcome.candidates)
        elif isinstance(outcome, Conflict):
            found[ref].update(outcome.accounts)
    return frozenset(account for accounts in found.values() for account in accounts)
