"""Access blocks: the tables of rules 5.2, both changes of clocks, and a naive evaluator to differ from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from operator import and_, or_
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.errors import InvalidValue, UsageError
from entformats.identity import Profile
from entformats.rules.access import AccessBlock, Allowed, Blocked, BlockPolicy, instant_of, parse_wall, wall_text

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


ZONES = ("Europe/Paris", "Indian/Reunion", "America/Miquelon", "Pacific/Noumea")
"""The second and the last never change their clocks."""
SPAN = 60 * 36
"""Minutes looked at, around a change of clocks."""
DAYS = st.sampled_from([*(datetime.fromisoformat(day) for day in CHANGES.split()), datetime(2022, 3, 13)])  # noqa: DTZ001 - wall times
ENDS = (datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999))  # noqa: DTZ001 - wall times
HELD = st.frozensets(st.sampled_from(list(Profile)), min_size=1)
SETTING = st.tuples(
    st.sampled_from([Profile.PUPIL, Profile.GUARDIAN]),
    st.sampled_from([True, True, False]),
    st.none() | st.integers(-90, 400),
    st.none() | st.integers(-90, 500),
)


def walked(block: AccessBlock, walls: list[datetime]) -> list[bool]:
    """Tell, minute by minute, whether a window blocks, from what the clock of the school shows and nothing else.

    The window has begun once the clock has shown its start or later; it is over once the clock shows its end or later
    for good.
    """
    begun = list(accumulate((block.start is None or wall >= block.start for wall in walls), or_))
    left = list(accumulate((block.end is not None and wall >= block.end for wall in reversed(walls)), and_))
    over = left[::-1]
    return [block.enabled and a and not b for a, b in zip(begun, over, strict=True)]


@given(st.lists(SETTING, max_size=4), HELD, DAYS, st.sampled_from(ZONES))
def test_minute_by_minute(
    drawn: list[tuple[Profile, bool, int | None, int | None]], held: frozenset[Profile], day: datetime, zone: str
) -> None:
    """The answer and the next transition are those of somebody who watches the clock of the school, every minute."""

    def wall(minutes: int | None) -> datetime | None:
        return None if minutes is None else day + timedelta(minutes=minutes)

    blocks = [AccessBlock(who, enabled, wall(start), wall(end)) for who, enabled, start, end in drawn]
    policy = BlockPolicy(blocks, title="t", message="m", zone=zone)
    first = (day - timedelta(hours=24)).replace(tzinfo=UTC)
    minutes = [first + timedelta(minutes=step) for step in range(SPAN)]
    walls = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in minutes]
    blocked = {
        profile: [
            any(found) for found in zip(*(walked(b, walls) for b in blocks if b.population is profile), strict=True)
        ]
        or [False] * SPAN
        for profile in held
    }
    expected = [all(blocked[profile][step] for profile in held) for step in range(SPAN)]
    change: datetime | None = None
    for step in reversed(range(SPAN)):
        assert isinstance(policy.evaluate(held, minutes[step]), Blocked) is expected[step]
        found = policy.next_transition(held, minutes[step])
        assert found == change or (change is None and found is not None and found > minutes[-1])
        if step and expected[step] is not expected[step - 1]:
            change = minutes[step]


def test_the_callers_mistakes() -> None:
    """A time with a zone, and a zone that does not exist."""
    for wrong in ({"start": paris("2022-08-24T08:00")}, {"end": datetime(2022, 8, 24, tzinfo=UTC)}):
        with pytest.raises(UsageError, match="a wall time of the school"):
            AccessBlock(Profile.PUPIL, True, **wrong)
    for zone in ("Europe/Atlantis", "../etc/passwd", ""):
        with pytest.raises(UsageError, match="no time zone"):
            BlockPolicy([], zone=zone)


@pytest.mark.parametrize("zone", ZONES)
def test_the_ends_of_time(zone: str) -> None:
    """The first and the last instants that a computer knows are like unbounded ends, wherever the school is."""
    whole = AccessBlock(Profile.PUPIL, True, *ENDS)
    policy = BlockPolicy([whole], title="t", message="m", zone=zone)
    assert isinstance(policy.evaluate(Profile.PUPIL, datetime(2022, 8, 24, tzinfo=UTC)), Blocked)
    for at in ENDS:
        assert policy.next_transition(Profile.GUARDIAN, at) is None


def test_wall_times_as_the_screen_writes_them() -> None:
    """Written and read back; anything else is refused, never guessed."""
    assert wall_text(WINDOW[1]) == "31/08/2022 à 23:30"
    assert parse_wall(" 31/08/2022 à 23:30") == WINDOW[1]
    for wrong in ("", "31/08/2022", "31/08/22 à 23:30", "30/02/2022 à 08:00", "31/08/2022 à 24:00", "2022-08-31T23:30"):
        with pytest.raises(InvalidValue, match="24/08/2022 à 08:00"):
            parse_wall(wrong)
