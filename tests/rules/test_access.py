"""Access blocks: the tables of rules 5.2, both changes of clocks, and a naive evaluator to differ from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.identity import Profile
from entformats.rules.access import AccessBlock, Allowed, Blocked, BlockPolicy, instant_of

PARIS = ZoneInfo("Europe/Paris")
WINDOW = (datetime(2022, 8, 24, 8), datetime(2022, 8, 31, 23, 30))  # noqa: DTZ001 - wall times
SCREEN = BlockPolicy(
    [AccessBlock(Profile.PUPIL, True, *WINDOW), AccessBlock(Profile.GUARDIAN, False, *WINDOW)],
    title="Procédure de changement d'année",
    message="L'ENT rouvre à la rentrée.",
)


def paris(text: str) -> datetime:
    """Read a wall time of Paris as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("profile", "at", "blocked"),
    [
        (Profile.PUPIL, "2022-08-24T07:59:59", False),
        (Profile.PUPIL, "2022-08-24T08:00:00", True),
        (Profile.PUPIL, "2022-08-31T23:29:59", True),
        (Profile.PUPIL, "2022-08-31T23:30:00", False),
        (Profile.GUARDIAN, "2022-08-25T12:00:00", False),
        (Profile.TEACHER, "2022-08-25T12:00:00", False),
    ],
)
def test_the_window_of_the_screen(profile: Profile, at: str, blocked: bool) -> None:
    """Blocked at the start, free at the end; a disabled window and staff are never blocked."""
    answer = SCREEN.evaluate(profile, paris(at))
    assert isinstance(answer, Blocked) is blocked
    if isinstance(answer, Blocked):
        assert answer.until == datetime(2022, 8, 31, 21, 30, tzinfo=UTC)
        assert answer.title == "Procédure de changement d'année"


def test_transitions_of_the_screen() -> None:
    """The next transition is 08:00, then 23:30, then none; a naive instant is a wall time of the school."""
    assert SCREEN.next_transition(Profile.PUPIL, paris("2022-08-24T07:59:59")) == paris("2022-08-24T08:00:00")
    assert SCREEN.next_transition(Profile.PUPIL, WINDOW[0]) == paris("2022-08-31T23:30:00")
    assert SCREEN.next_transition(Profile.PUPIL, paris("2022-08-31T23:30:00")) is None
    assert SCREEN.next_transition(Profile.TEACHER, paris("2022-08-24T07:59:59")) is None


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2022-03-27T02:30", "2022-03-27T02:50", ("2022-03-27T01:00", "2022-03-27T01:00")),
        ("2022-03-27T02:45", "2022-03-27T03:15", ("2022-03-27T01:00", "2022-03-27T01:15")),
        ("2022-10-30T02:15", "2022-10-30T02:45", ("2022-10-30T00:15", "2022-10-30T01:45")),
        ("2022-10-29T08:00", "2022-10-30T08:00", ("2022-10-29T06:00", "2022-10-30T07:00")),
    ],
)
def test_changes_of_clocks(start: str, end: str, expected: tuple[str, str]) -> None:
    """A time that does not exist is the instant of the change; of two, a start takes the first, an end the last."""
    found = (
        instant_of(datetime.fromisoformat(start), PARIS, is_end=False),
        instant_of(datetime.fromisoformat(end), PARIS, is_end=True),
    )
    assert found == tuple(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in expected)


CHANGES = (
    "2022-03-27 2022-10-30 2023-03-26 2023-10-29 2024-03-31 2024-10-27 2025-03-30 2025-10-26 2026-03-29 2026-10-25 "
    "2027-03-28 2027-10-31 2028-03-26 2028-10-29"
)


@pytest.mark.parametrize("day", CHANGES.split())
def test_every_change_of_the_table(day: str) -> None:
    """In spring 02:30 is the change, 01:00 UTC; in autumn a window 02:00 to 03:00 lasts two hours."""
    start = datetime.fromisoformat(f"{day}T02:00")
    from_, to = instant_of(start, PARIS, is_end=False), instant_of(start + timedelta(hours=1), PARIS, is_end=True)
    spring = start.month == 3
    assert instant_of(start + timedelta(minutes=30), PARIS, is_end=False).hour == (1 if spring else 0)
    assert to - from_ == timedelta(hours=0 if spring else 2)


def test_findings_of_the_settings() -> None:
    """Windows out of order, lost in the clocks or about staff, and a blank message, are findings; they block nobody."""
    wall = datetime.fromisoformat
    policy = BlockPolicy(
        [
            AccessBlock(Profile.PUPIL, True, wall("2022-08-25T08:00"), wall("2022-08-24T08:00")),
            AccessBlock(Profile.PUPIL, True, wall("2022-03-27T02:30"), wall("2022-03-27T02:50")),
            AccessBlock(Profile.TEACHER, True, None, None),
        ],
        title=" ",
        message="texte",
    )
    slugs = [found.slug for found in policy.report.problems]
    assert slugs == ["window_not_in_order", "window_lost_in_clock_change", "staff_never_blocked", "message_blank"]
    assert policy.windows(Profile.PUPIL) == ()
    assert SCREEN.report.problems == ()


def test_open_ends_and_merged_windows() -> None:
    """Overlapping and adjacent windows are one; an open one never ends."""
    wall = datetime.fromisoformat
    policy = BlockPolicy(
        [
            AccessBlock(Profile.PUPIL, True, None, wall("2022-01-02T00:00")),
            AccessBlock(Profile.PUPIL, True, wall("2022-01-02T00:00"), wall("2022-01-03T00:00")),
            AccessBlock(Profile.GUARDIAN, True, wall("2022-01-01T00:00"), None),
        ],
        title="t",
        message="m",
        zone="Indian/Reunion",
    )
    end = datetime(2022, 1, 2, 20, tzinfo=UTC)
    assert policy.windows(Profile.PUPIL) == ((None, end),)
    assert policy.evaluate(Profile.GUARDIAN, datetime(2030, 1, 1, tzinfo=UTC)) == Blocked(None, "t", "m")
    assert policy.next_transition(Profile.GUARDIAN, datetime(2030, 1, 1, tzinfo=UTC)) is None
    both = {Profile.PUPIL, Profile.GUARDIAN}
    assert policy.windows(both) == ((datetime(2021, 12, 31, 20, tzinfo=UTC), end),)
    assert policy.evaluate(both, datetime(2022, 1, 5, tzinfo=UTC)) == Allowed()
    assert policy.evaluate([], datetime(2022, 1, 1, tzinfo=UTC)) == Allowed()


DAYS = st.sampled_from([datetime(2022, 3, 27), datetime(2022, 10, 30), datetime(2022, 8, 24)])  # noqa: DTZ001 - wall times
WALLS = st.builds(lambda day, minutes: day + timedelta(minutes=minutes), DAYS, st.integers(0, 300))
BLOCKS = st.builds(
    AccessBlock, st.sampled_from([Profile.PUPIL, Profile.GUARDIAN]), st.booleans(), st.none() | WALLS, st.none() | WALLS
)
HELD = st.frozensets(st.sampled_from(list(Profile)), min_size=1)


def naive(policy: BlockPolicy, profile: Profile, at: datetime) -> bool:
    """Tell whether one profile is blocked, window by window."""
    for block in policy.blocks:
        if block.enabled and block.population is profile:
            after = block.start is None or at >= instant_of(block.start, PARIS, is_end=False)
            before = block.end is None or at < instant_of(block.end, PARIS, is_end=True)
            if after and before:
                return True
    return False


@given(st.lists(BLOCKS, max_size=4), HELD, DAYS, st.integers(0, 360))
def test_minute_by_minute(blocks: list[AccessBlock], held: frozenset[Profile], day: datetime, minutes: int) -> None:
    """The answer is that of a naive evaluator, and changes exactly at the next transition."""
    policy = BlockPolicy(blocks, title="t", message="m")
    at = (day + timedelta(minutes=minutes)).replace(tzinfo=UTC) - timedelta(hours=2)
    blocked = all(profile in (Profile.PUPIL, Profile.GUARDIAN) and naive(policy, profile, at) for profile in held)
    assert isinstance(policy.evaluate(held, at), Blocked) is blocked
    change = policy.next_transition(held, at)
    for step in range(0, 600, 7):
        then = at + timedelta(minutes=step)
        if change is None or then < change:
            assert isinstance(policy.evaluate(held, then), Blocked) is blocked
    if change is not None:
        assert isinstance(policy.evaluate(held, change), Blocked) is not blocked
