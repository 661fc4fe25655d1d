"""Accounts of those who are no longer delivered: marks, delays, the law, and deliveries that cannot be believed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entformats.aaf import Directory, Guardian, Pupil, School, Staff, compare
from entformats.aaf.table import Category
from entformats.codes.jointure import Jointure
from entformats.codes.uai import Uai
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Decision, Profile, SourceKey
from entformats.rules import State
from entformats.rules.departures import (
    ENTCORE,
    LEGAL,
    SHORTEST,
    AccountStage,
    AccountState,
    Delay,
    Delays,
    Delivered,
    Happening,
    check,
    elapse,
    follow,
    forget,
    legal_end,
)

NIGHT = datetime(2022, 9, 1, 3, tzinfo=UTC)
SCHOOL = School(Jointure("61001"), uai=Uai("0749999S"))
DAYS = st.integers(0, 200).map(lambda days: timedelta(days=days))
DELAYS = st.builds(
    Delays,
    st.builds(Delay, DAYS, DAYS),
    st.dictionaries(st.sampled_from(Profile), st.builds(Delay, DAYS, DAYS)).map(FrozenMap),
)
PEOPLE = st.frozensets(st.integers(1, 12), max_size=12)
NOBODY = frozenset[str]()
REGIMES = st.sampled_from(["EXTERNE", "INTERNE"])


def pupil(number: int, regime: str = "EXTERNE") -> Pupil:
    """Make a pupil of the school."""
    return Pupil(Jointure(str(number)), school=SCHOOL.key, regime=regime)


def directory(numbers: frozenset[int] | range, regime: str = "EXTERNE") -> Directory:
    """Make a directory of pupils."""
    return Directory.of([SCHOOL, *(pupil(number, regime) for number in numbers)])


def delivered(
    accounts: FrozenMap[str, AccountState], before: Directory, after: Directory, at: datetime = NIGHT
) -> Delivered:
    """Follow a delivery whose losses are all believed."""
    judged = follow(accounts, before, compare(before, after), at=at)
    return follow(accounts, before, compare(before, after), at=at, confirmed=judged.review.losses)


def all_of(numbers: frozenset[int] | range, at: datetime | None = None) -> FrozenMap[str, AccountState]:
    """Make accounts of pupils, vanished at an instant or active."""
    return FrozenMap((str(number), AccountState(Profile.PUPIL, at)) for number in numbers)


class TestFollow:
    """Deliveries."""

    @given(st.lists(st.tuples(PEOPLE, REGIMES), min_size=1, max_size=5))
    def test_years_of_deliveries(self, nights: list[tuple[frozenset[int], str]]) -> None:
        """Against a dictionary: who is delivered is active, who is not has vanished on the first night of absence."""
        accounts, before, naive = FrozenMap[str, AccountState](), Directory(), dict[str, datetime | None]()
        for count, (numbers, regime) in enumerate(nights):
            at = NIGHT + timedelta(days=count)
            after = directory(numbers, regime)
            done = delivered(accounts, before, after, at)
            present = {str(number) for number in numbers}
            assert done.happened[Happening.CREATED] == present - naive.keys()
            assert done.happened[Happening.RETURNED] == {who for who in present if naive.get(who)}
            gone = {who for who, since in naive.items() if since is None and who not in present}
            assert done.happened[Happening.VANISHED] == gone
            naive = {who: naive.get(who) or at for who in naive} | dict.fromkeys(present)
            assert {who: one.vanished_at for who, one in done.accounts.items()} == naive
            assert done.changes.apply(accounts) == done.accounts
            accounts, before = done.accounts, after

    @given(PEOPLE, PEOPLE, PEOPLE, REGIMES)
    def test_nothing_happens_twice(
        self, old: frozenset[int], new: frozenset[int], gone: frozenset[int], regime: str
    ) -> None:
        """Idempotent: the same delivery followed again, later, changes no account."""
        before, after = directory(old), directory(new, regime)
        accounts = FrozenMap({**all_of(old | gone), **all_of(gone - old, NIGHT - timedelta(days=9))})
        once = delivered(accounts, before, after)
        again = delivered(once.accounts, before, after, NIGHT + timedelta(days=1))
        assert again.accounts == once.accounts
        assert not again.changes
        assert not again.happened[Happening.CREATED] | again.happened[Happening.RETURNED]
        assert not again.happened[Happening.VANISHED]

    @given(PEOPLE, PEOPLE, st.integers(0, 20))
    def test_suspicious_deliveries_mark_nobody(self, old: frozenset[int], new: frozenset[int], least: int) -> None:
        """Unless the losses are given back as confirmed, and then everybody who is missing; arrivals always count."""
        before, after = directory(old), directory(new)
        judged = follow(all_of(old), before, compare(before, after), at=NIGHT, least=least)
        missing = frozenset(str(number) for number in old - new)
        marked = frozenset(who for who, one in judged.accounts.items() if one.vanished_at)
        assert (marked, judged.held) == ((NOBODY, missing) if judged.review.losses else (missing, NOBODY))
        assert judged.happened[Happening.VANISHED] == marked
        assert judged.happened[Happening.CREATED] == {str(number) for number in new - old}
        if old and not new:
            assert judged.review.losses
        sure = follow(
            all_of(old), before, compare(before, after), at=NIGHT, least=least, confirmed=judged.review.losses
        )
        assert {who for who, one in sure.accounts.items() if one.vanished_at} == missing
        assert sure.held == set()

    def test_one_profile_lost_marks_nobody_of_another(self) -> None:
        """A delivery is believed as a whole: with the pupils lost, no teacher is marked either."""
        staff = [Staff(Jointure(str(number)), school=SCHOOL.key) for number in range(100, 110)]
        before = Directory.of([SCHOOL, *map(pupil, range(10)), *staff])
        after = Directory.of([SCHOOL, *map(pupil, range(2)), *staff[1:]])
        begun = follow({}, Directory(), compare(Directory(), before), at=NIGHT)
        night = follow(begun.accounts, before, compare(before, after), at=NIGHT)
        assert not night.changes
        assert len(night.held) == 9
        assert [problem.slug for problem in night.review.blockers] == ["suspicious_loss"]

    def test_profiles(self) -> None:
        """Each account has the profile of its record; a person who changes category keeps the account."""
        guardian, staff = Guardian(Jointure("1")), Staff(Jointure("2"))
        before = Directory.of([guardian, staff, pupil(3)])
        after = Directory.of([guardian, staff, Guardian(Jointure("3"))])
        begun = follow({}, Directory(), compare(Directory(), before), at=NIGHT)
        assert [one.profile for one in begun.accounts.values()] == [Profile.GUARDIAN, Profile.STAFF, Profile.PUPIL]
        moved = delivered(begun.accounts, before, after)
        assert moved.happened[Happening.UPDATED] == {"3"}
        assert moved.accounts["3"] == AccountState(Profile.GUARDIAN)
        assert before.tables[Category.PUPILS]

    def test_updated(self) -> None:
        """A record that differs is an update, which changes no mark."""
        done = delivered(all_of(range(2)), directory(range(2)), directory(range(2), "INTERNE"))
        assert done.happened[Happening.UPDATED] == {"0", "1"}
        assert not done.changes

    def test_vanished_without_an_account(self) -> None:
        """Somebody whom the ENT did not know is marked like the others."""
        done = delivered(FrozenMap(), directory(range(1)), directory(range(0)))
        assert done.accounts == all_of(range(1), NIGHT)

    def test_returned_after_the_pre_deletion(self) -> None:
        """Every mark is taken away."""
        known = FrozenMap({"1": AccountState(Profile.PUPIL, NIGHT - timedelta(days=40), NIGHT - timedelta(days=9))})
        done = delivered(known, directory(range(0)), directory(range(1, 2)))
        assert done.accounts == all_of(range(1, 2))
        assert done.happened[Happening.RETURNED] == {"1"}
        assert done.review.populations[SCHOOL.key, Profile.PUPIL].returned == {"1"}

    def test_no_zone(self) -> None:
        """An instant without its zone is the caller's mistake, wherever it stands."""
        wall = NIGHT.replace(tzinfo=None)
        with pytest.raises(UsageError, match="zone"):
            follow({}, Directory(), compare(Directory(), Directory()), at=wall)
        with pytest.raises(UsageError, match="zone"):
            elapse({}, at=wall)
        with pytest.raises(UsageError, match="vanished_at"):
            AccountState(Profile.PUPIL, wall)


class TestElapse:
    """Nights."""

    @given(DELAYS, st.sampled_from(Profile), st.lists(st.integers(0, 40), max_size=12))
    def test_each_stage_lasts_its_delay(self, delays: Delays, profile: Profile, nights: list[int]) -> None:
        """Never sooner than the delay, nor later than the first night after it; and no stage is skipped."""
        accounts, at, pre_deleted = FrozenMap({"1": AccountState(profile, NIGHT)}), NIGHT, None
        for days in nights:
            at += timedelta(days=days)
            done = elapse(accounts, at=at, delays=delays)
            if accounts and pre_deleted is None and at - NIGHT >= delays.of(profile).pre_deletion:
                pre_deleted = at
            over = pre_deleted is not None and at - pre_deleted >= delays.of(profile).deletion
            assert ("1" in done.accounts) == (not over)
            if "1" in done.accounts:
                assert done.accounts["1"].pre_deleted_at == pre_deleted
            assert done.happened[Happening.DELETED] == done.changes.removed
            assert elapse(done.accounts, at=at, delays=delays).changes == type(done.changes)()
            accounts = done.accounts

    @given(DELAYS, PEOPLE, st.integers(0, 400))
    def test_active_accounts_are_left_alone(self, delays: Delays, numbers: frozenset[int], days: int) -> None:
        """Whatever the delays, time does nothing to somebody who is delivered."""
        done = elapse(all_of(numbers), at=NIGHT + timedelta(days=days), delays=delays)
        assert done.accounts == all_of(numbers)
        assert not done.changes

    def test_by_profile(self) -> None:
        """Guardians may have a delay of their own."""
        delays = Delays(by_profile=FrozenMap({Profile.GUARDIAN: Delay(timedelta(days=1))}))
        accounts = {"1": AccountState(Profile.PUPIL, NIGHT), "2": AccountState(Profile.GUARDIAN, NIGHT)}
        done = elapse(accounts, at=NIGHT + timedelta(days=1), delays=delays)
        assert done.happened[Happening.PRE_DELETED] == {"2"}
        assert repr(done) == "<Elapsed 1 pre_deleted>"
        assert [one.stage for one in done.accounts.values()] == [AccountStage.VANISHED, AccountStage.PRE_DELETED]

    def test_notice(self) -> None:
        """The owner is told when the next stage comes."""
        delays = Delays(Delay(timedelta(days=30), timedelta(days=59)))
        assert AccountState(Profile.PUPIL).due(delays) is None
        assert AccountState(Profile.PUPIL, NIGHT).due(delays) == NIGHT + timedelta(days=30)
        later = NIGHT + timedelta(days=31)
        assert AccountState(Profile.PUPIL, NIGHT, later).due(delays) == later + timedelta(days=59)


class TestLaw:
    """Three months."""

    def test_the_shortest_three_months(self) -> None:
        """Over four years, no day is nearer than 89 days to the same day three months later, and one is as near."""
        days = [date(2023, 1, 1) + timedelta(days=count) for count in range(4 * 365 + 1)]
        assert min(day + LEGAL - day for day in days) == SHORTEST

    def test_the_defaults_are_legal(self) -> None:
        """The delays of this library never pass three months; those of one public program do, for everybody."""
        assert check(Delays(), at=NIGHT).problems == ()
        found = check(ENTCORE, at=NIGHT)
        assert [one.slug for one in found.problems] == ["delay_beyond_law"] * len(Profile)
        assert {one.params["days"] for one in found.problems} == {180}

    @given(DELAYS, st.sampled_from(Profile), st.integers(0, 400))
    def test_legal_delays_delete_in_time(self, delays: Delays, profile: Profile, day: int) -> None:
        """Where nothing is found, an account that vanished on any day is gone three months later, night after night."""
        start = NIGHT + timedelta(days=day)
        if any(one.params["profile"] == profile.value for one in check(delays, at=NIGHT).problems):
            assert delays.of(profile).whole > SHORTEST
            return
        accounts = FrozenMap({"1": AccountState(profile, start)})
        first = elapse(accounts, at=start + delays.of(profile).pre_deletion, delays=delays)
        last = elapse(first.accounts, at=start + delays.of(profile).whole, delays=delays)
        assert last.accounts == {}
        assert start + delays.of(profile).whole <= legal_end(start)

    def test_overdue(self) -> None:
        """Each account that is past the law is named, with the days; the last day itself is in time."""
        accounts = all_of(range(1), NIGHT)
        assert check(Delays(), accounts, at=legal_end(NIGHT)).problems == ()
        (found,) = check(Delays(), accounts, at=legal_end(NIGHT) + timedelta(days=2)).problems
        assert (found.slug, found.where.key, found.params["days"]) == ("deletion_overdue", "0", 2)
        assert check(Delays(), all_of(range(3)), at=NIGHT + timedelta(days=900)).problems == ()

    def test_no_negative_delay(self) -> None:
        """It is the caller's mistake."""
        with pytest.raises(UsageError, match="below zero"):
            Delay(deletion=timedelta(days=-1))


def test_forget() -> None:
    """Decisions that lead to deleted accounts go; dismissals and the others stay."""
    rows = [
        Decision(Profile.TEACHER, "0749999S", SourceKey("Odile", f"VALMOND {name}"), account)
        for name, account in (("A", "1"), ("B", "2"), ("C", None))
    ]
    state = State.new("0749999S", 2022).with_decisions(rows)
    assert [one.account for one in forget(state, {"1"}).decisions] == ["2", None]
    assert forget(state, []) == state
    assert evolve(state, decisions=()) == forget(evolve(state, decisions=state.decisions[:2]), ["1", "2"])
