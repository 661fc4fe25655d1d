"""Départs: what becomes of the accounts of those who are no longer delivered, from a mark to the end (rules 4.4).

An absence marks an account, and nothing else. A first delay later it is pre-deleted, a second one later it is deleted;
whoever is delivered again in between is as before. A delivery that looks as if a file were missing marks nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from attrs import Attribute, evolve, field, frozen
from dateutil.relativedelta import relativedelta

from entformats.aaf.diff import DirectoryDiff
from entformats.aaf.directory import Directory, profile_of
from entformats.aaf.losses import Loss, Review, review
from entformats.aaf.models import Person
from entformats.aaf.table import Category
from entformats.changes import Diff
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Account, Profile
from entformats.problems import Findings, Location, Report
from entformats.rules.state import State

__all__ = [
    "ENTCORE",
    "AccountStage",
    "AccountState",
    "Delay",
    "Delays",
    "Delivered",
    "Elapsed",
    "Happening",
    "check",
    "elapse",
    "follow",
    "forget",
    "legal_end",
]

PEOPLE: Final = (Category.PUPILS, Category.GUARDIANS, Category.STAFF)
LEGAL: Final = relativedelta(months=3)
"""Time within which data must be deleted after the end of a right to an account (arrêté of 30 November 2006, 6)."""
SHORTEST: Final = timedelta(days=89)
"""The shortest three months of the calendar, from 31 January of a year of 365 days."""


class AccountStage(StrEnum):
    """Situation d'un compte."""

    ACTIVE = "active"
    VANISHED = "vanished"
    """Absent from the deliveries; nothing else has changed."""
    PRE_DELETED = "pre_deleted"
    """Out of use: its links are set aside, its owner can still have the data back."""


class Happening(StrEnum):
    """Ce qui arrive à un compte."""

    CREATED = "created"
    UPDATED = "updated"
    VANISHED = "vanished"
    RETURNED = "returned"
    """Delivered again, before or after its pre-deletion."""
    PRE_DELETED = "pre_deleted"
    DELETED = "deleted"


def _instant(_account: object, attribute: Attribute[datetime | None], value: datetime | None) -> None:
    if value is not None and value.tzinfo is None:
        raise UsageError(f"{attribute.name} is an instant, with its zone")


@frozen
class AccountState:
    """Compte, vu de ses livraisons: when it vanished, when it was pre-deleted.

    Raises `UsageError` for an instant without its zone.

    >>> AccountState(Profile.PUPIL).stage
    <AccountStage.ACTIVE: 'active'>
    """

    profile: Profile
    vanished_at: datetime | None = field(default=None, validator=_instant)
    pre_deleted_at: datetime | None = field(default=None, validator=_instant)

    @property
    def stage(self) -> AccountStage:
        """Situation."""
        if self.pre_deleted_at is not None:
            return AccountStage.PRE_DELETED
        return AccountStage.ACTIVE if self.vanished_at is None else AccountStage.VANISHED

    def due(self, delays: Delays) -> datetime | None:
        """Échéance: when the next stage comes unless it is delivered again, for the notice to its owner."""
        delay = delays.of(self.profile)
        if self.pre_deleted_at is not None:
            return self.pre_deleted_at + delay.deletion
        return None if self.vanished_at is None else self.vanished_at + delay.pre_deletion


@frozen
class Delay:
    """Délais d'un profil: from the absence to the pre-deletion, then to the deletion. Raises `UsageError` below zero.

    >>> Delay().whole.days
    89
    """

    pre_deletion: timedelta = timedelta(days=30)
    deletion: timedelta = timedelta(days=59)

    def __attrs_post_init__(self) -> None:
        """Refuse a delay below zero."""
        if min(self.pre_deletion, self.deletion) < timedelta():
            raise UsageError("a delay is not below zero")

    @property
    def whole(self) -> timedelta:
        """Durée entière, from the absence to the deletion."""
        return self.pre_deletion + self.deletion


@frozen
class Delays:
    """Délais: one for all, others for some profiles. By default an account is deleted within the legal three months.

    >>> shorter = Delay(deletion=timedelta(days=30))
    >>> Delays(by_profile=FrozenMap({Profile.GUARDIAN: shorter})).of(Profile.GUARDIAN).whole.days
    60
    """

    default: Delay = Delay()
    by_profile: FrozenMap[Profile, Delay] = field(factory=FrozenMap)

    def of(self, profile: Profile) -> Delay:
        """Délais d'un profil."""
        return self.by_profile.get(profile, self.default)


ENTCORE: Final = Delays(Delay(timedelta(days=90), timedelta(days=90)))
"""The defaults of one public program: twice 90 days, more than the law allows (rules 4.4)."""


def legal_end(vanished_at: datetime) -> datetime:
    """Fin légale: three months after the end of the entitlement, taken as the instant of the absence (rules 4.4).

    >>> from datetime import UTC
    >>> legal_end(datetime(2022, 11, 30, 3, tzinfo=UTC)).date().isoformat()
    '2023-02-28'
    """
    return vanished_at + LEGAL


def check(delays: Delays, accounts: Mapping[Account, AccountState] = FrozenMap(), *, at: datetime) -> Report:
    """Contrôler les délais légaux: those that may pass three months, and the accounts that have passed them.

    Emits `delay_beyond_law` for a profile whose two delays together may last longer than three months of the calendar,
    and `deletion_overdue` for each account that should have been deleted at `at`.

    >>> from datetime import UTC
    >>> now = datetime(2022, 9, 1, tzinfo=UTC)
    >>> check(Delays(), at=now).problems, check(ENTCORE, at=now).codes
    ((), ('ACC-401',))
    """
    findings = Findings()
    for profile in Profile:
        if delays.of(profile).whole > SHORTEST:
            findings.found("delay_beyond_law", profile=profile.value, days=delays.of(profile).whole.days)
    for account, state in sorted(accounts.items()):
        if state.vanished_at is not None and legal_end(state.vanished_at) < at:
            late = (at - legal_end(state.vanished_at)).days
            findings.found("deletion_overdue", Location(key=account), days=late)
    return findings.report()


@frozen(repr=False)
class Elapsed:
    """Comptes après une livraison ou une nuit: all of them, and what happened to which.

    >>> Elapsed(FrozenMap(), Diff(), FrozenMap((one, frozenset()) for one in Happening))
    <Elapsed nothing>
    """

    accounts: FrozenMap[Account, AccountState]
    changes: Diff[Account, AccountState]
    """Account -> (before or None, after or None): what to write."""
    happened: FrozenMap[Happening, frozenset[Account]]

    def __repr__(self) -> str:
        """Show the numbers only."""
        told = ", ".join(f"{len(self.happened[one])} {one}" for one in Happening if self.happened[one])
        return f"<{type(self).__name__} {told or 'nothing'}>"


@frozen(repr=False)
class Delivered(Elapsed):
    """Comptes après une livraison: with the review of its losses.

    >>> from datetime import UTC
    >>> nothing = Directory()
    >>> from entformats.aaf import compare
    >>> follow({}, nothing, compare(nothing, nothing), at=datetime(2022, 9, 1, tzinfo=UTC)).held
    frozenset()
    """

    review: Review
    held: frozenset[Account]
    """Accounts that vanished and are not marked before `review.losses` are confirmed."""


def follow(
    accounts: Mapping[Account, AccountState],
    directory: Directory,
    diff: DirectoryDiff,
    *,
    at: datetime,
    confirmed: Collection[Loss] = (),
    share: float = 0.2,
    least: int = 5,
) -> Delivered:
    """Suivre une livraison: accounts created, updated, vanished, returned (rules 4.4, 4.5).

    `diff` is what the delivery changes in `directory`. Absence sets the mark once: the first instant stays. Presence
    takes every mark away. Where `review` finds a loss to confirm, nobody is marked, and `held` are those who would
    have been: keep `directory` as the base, and give the losses back in `confirmed` once somebody has looked.

    The same delivery followed again changes no account. Raises `UsageError` for an `at` without
    its zone, or a `diff` that does not start from `directory`.

    >>> from datetime import UTC
    >>> from entformats.aaf import Pupil, compare
    >>> one = Directory.of([Pupil(Jointure("310"))])
    >>> september, october = (datetime(2022, month, 1, tzinfo=UTC) for month in (9, 10))
    >>> begun = follow({}, Directory(), compare(Directory(), one), at=september)
    >>> begun
    <Delivered 1 created>
    """
    _check_instant(at)
    gone = [Jointure(account) for account, state in accounts.items() if state.vanished_at is not None]
    judged = review(directory, diff, gone=gone, confirmed=confirmed, share=share, least=least)
    after = dict(accounts)
    missing: set[Account] = set()
    for account, (old, new) in _people(diff):
        known = accounts.get(account)
        if new is not None:
            after[account] = AccountState(profile_of(new))
        elif known is None or known.vanished_at is None:
            assert old is not None
            missing.add(account)
            if not judged.losses:
                after[account] = AccountState(profile_of(old), vanished_at=at)
    told = dict(_happened(accounts, after, diff))
    return Delivered(*_moved(accounts, after, told), judged, frozenset(missing) if judged.losses else frozenset())


def _check_instant(at: datetime) -> None:
    if at.tzinfo is None:
        raise UsageError("an instant with its zone is needed")


def _people(diff: DirectoryDiff) -> Iterator[tuple[Account, tuple[Person | None, Person | None]]]:
    """Give everybody of a difference once, under the record that is left where a person changed category."""
    found: dict[Account, tuple[Person | None, Person | None]] = {}
    for category in PEOPLE:
        for key, (old, new) in diff.tables[category].items():
            assert old is None or isinstance(old, Person)
            assert new is None or isinstance(new, Person)
            before, after = found.get(key, (None, None))
            found[key] = old or before, new or after
    yield from sorted(found.items())


def _happened(
    before: Mapping[Account, AccountState], after: Mapping[Account, AccountState], diff: DirectoryDiff
) -> Iterator[tuple[Account, Happening]]:
    for account, (old, new) in _people(diff):
        known = before.get(account)
        if new is None:
            if after.get(account) != known:
                yield account, Happening.VANISHED
        elif known is None:
            yield account, Happening.CREATED
        elif known.vanished_at is not None:
            yield account, Happening.RETURNED
        elif old is not None:
            yield account, Happening.UPDATED


def _moved(
    before: Mapping[Account, AccountState],
    after: Mapping[Account, AccountState],
    told: Mapping[Account, Happening],
) -> tuple[FrozenMap[Account, AccountState], Diff[Account, AccountState], FrozenMap[Happening, frozenset[Account]]]:
    happened = FrozenMap((one, frozenset(who for who, what in told.items() if what is one)) for one in Happening)
    return FrozenMap(sorted(after.items())), Diff.between(before, after), happened


def elapse(accounts: Mapping[Account, AccountState], *, at: datetime, delays: Delays = Delays()) -> Elapsed:
    """Laisser passer le temps: pre-delete, then delete, the accounts whose delay is over at `at` (rules 4.4).

    The second delay begins when the account is really pre-deleted: a night that was missed shortens nobody's time to
    have the data back. Deleted accounts are in `accounts` no more. The same night played again changes nothing. Raises
    `UsageError` for an `at` without its zone.

    >>> from datetime import UTC
    >>> gone = {"310": AccountState(Profile.PUPIL, datetime(2022, 9, 1, tzinfo=UTC))}
    >>> elapse(gone, at=datetime(2022, 9, 30, tzinfo=UTC)), elapse(gone, at=datetime(2022, 10, 1, tzinfo=UTC))
    (<Elapsed nothing>, <Elapsed 1 pre_deleted>)
    """
    _check_instant(at)
    after: dict[Account, AccountState] = {}
    told: dict[Account, Happening] = {}
    for account, state in accounts.items():
        one = state
        if one.stage is AccountStage.VANISHED and _over(one, at, delays):
            one = evolve(one, pre_deleted_at=at)
            told[account] = Happening.PRE_DELETED
        if one.stage is AccountStage.PRE_DELETED and _over(one, at, delays):
            told[account] = Happening.DELETED
        else:
            after[account] = one
    return Elapsed(*_moved(accounts, after, told))


def _over(state: AccountState, at: datetime, delays: Delays) -> bool:
    due = state.due(delays)
    return due is not None and due <= at


def forget(state: State, deleted: Iterable[Account]) -> State:
    """Oublier les comptes supprimés: the decisions that lead to them leave the state of the school (rules 4.4).

    The snapshot of the last import still names them, until the next import or the change of year.

    >>> from entformats.identity import Decision, SourceKey
    >>> known = State.new("0749999S", 2022)
    >>> decided = known.with_decisions([Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", "VALMOND"), "27")])
    >>> forget(decided, ["27"]) == known
    True
    """
    gone = frozenset(deleted)
    return evolve(state, decisions=tuple(one for one in state.decisions if one.account not in gone))
