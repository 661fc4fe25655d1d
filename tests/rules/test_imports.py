"""The life of an import: prepare, then validate or cancel (rules 4)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

import attrs
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats import rules
from entformats.errors import StalePreview, UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Decision, Identity, Key, Profile, Ref
from entformats.rules import (
    AttemptOutcome,
    GroupMode,
    MembershipKey,
    Policy,
    Preview,
    Provenance,
    Roster,
    RosterGroup,
    RosterMembership,
    State,
    Trigger,
)
from entformats.testing.disguises import shuffled
from entformats.testing.strategies.imports import (
    BASE,
    STRANGER,
    UAI,
    Course,
    Draft,
    Succession,
    account,
    group,
    home,
    roster,
    successions,
    timetable,
)
from entformats.timetable import Membership, Service, ServiceKey, Timetable

OPTION_2 = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
SEPTEMBER = datetime(2022, 9, 10, 8, tzinfo=UTC)
NEW = State.new(UAI, 2022)
HELD = roster([], [])
FILE = timetable(BASE)
STRANGERS = evolve(BASE, homes=(0,) * 12)
"""Twelve pupils, of whom seven have no account."""


def prepared(
    exported: Timetable | Draft = FILE,
    held: Roster = HELD,
    *,
    state: State = NEW,
    mode: GroupMode = OPTION_2,
    decisions: tuple[Decision, ...] = (),
    policy: Policy | None = None,
    trigger: Trigger = Trigger.MANUAL,
    at: datetime = SEPTEMBER,
) -> Preview:
    """Prepare an import, of a small school unless told otherwise."""
    return rules.prepare(
        timetable(exported) if isinstance(exported, Draft) else exported,
        held,
        state=state,
        mode=mode,
        decisions=decisions,
        policy=policy or Policy(),
        trigger=trigger,
        at=at,
    )


def slugs(preview: Preview) -> list[str]:
    """Name what forbids to validate."""
    return [one.slug for one in preview.blockers]


def decided(number: int = STRANGER, to: str | None = None) -> Decision:
    """Answer about one teacher of the file."""
    return Decision(
        Profile.TEACHER, UAI, FILE.teachers[_teacher(number)].identity.source_key, to, "secretary", SEPTEMBER
    )


def _teacher(number: int) -> Ref:
    return Ref(f"teacher:{number}")


class TestValidate:
    """Validation: the state to store, and the history."""

    def test_applied(self) -> None:
        """The new state holds the snapshot, the totals, the decisions and one line of history."""
        preview = prepared(decisions=(decided(),))
        done = preview.validate(NEW, at=SEPTEMBER, by="principal")
        assert done.snapshot == preview.snapshot
        assert done.totals == preview.bilan.weekly
        assert done.decisions == preview.decisions == (decided(),)
        (line,) = done.history
        assert (line.id, line.outcome, line.trigger, line.by) == (
            preview.id,
            AttemptOutcome.APPLIED,
            Trigger.MANUAL,
            "principal",
        )
        assert (line.bilan, line.at, line.blockers) == (rules.bilan.render(preview.bilan), SEPTEMBER, ())
        assert done.initialised
        assert done.id != NEW.id

    def test_stale(self) -> None:
        """Another import won: neither validating nor cancelling is possible, and the message says to prepare again."""
        first, second = prepared(), prepared(evolve(BASE, classes=3))
        won = first.validate(NEW, at=SEPTEMBER)
        for verb in (second.validate, second.cancel, first.validate):
            with pytest.raises(StalePreview, match="prepare again"):
                verb(won, at=SEPTEMBER)

    def test_state_through_json_is_the_same_lock(self) -> None:
        """The state that the backend reads again under its lock is the one that was prepared on."""
        state = prepared().validate(NEW, at=SEPTEMBER)
        preview = prepared(state=State.from_json(state.to_json()))
        assert preview.validate(State.from_json(state.to_json()), at=SEPTEMBER).history[0] == state.history[0]

    def test_blocked(self) -> None:
        """An import with blockers cannot be validated: the error names their codes."""
        preview = prepared(evolve(FILE, uai="0749998R"))
        with pytest.raises(UsageError, match=r"STATE-501$"):
            preview.validate(NEW, at=SEPTEMBER)


class TestCancel:
    """Cancellation: nothing but the attempt, and the decisions."""

    def test_cancelled(self) -> None:
        """Snapshot and totals stay, decisions are kept by default."""
        left = prepared(decisions=(decided(),)).cancel(NEW, at=SEPTEMBER, by="principal")
        assert (left.snapshot, left.totals, left.decisions) == (NEW.snapshot, NEW.totals, (decided(),))
        assert [(one.outcome, one.by) for one in left.history] == [(AttemptOutcome.CANCELLED, "principal")]
        assert not left.initialised

    def test_decisions_may_be_dropped(self) -> None:
        """Where the caller says so."""
        left = prepared(decisions=(decided(),)).cancel(NEW, at=SEPTEMBER, keep_decisions=False)
        assert left.decisions == ()

    def test_rejected(self) -> None:
        """An import that could not be validated is remembered as rejected, with the codes of the reasons."""
        left = prepared(evolve(FILE, uai="0749998R"), Roster(UAI)).cancel(NEW, at=SEPTEMBER)
        (line,) = left.history
        assert (line.outcome, line.blockers) == (AttemptOutcome.REJECTED, ("STATE-501", "STATE-504"))

    def test_history_grows(self) -> None:
        """Refused, cancelled and applied imports all stay in the list, in order."""
        state = prepared(held=Roster(UAI)).cancel(NEW, at=SEPTEMBER)
        state = prepared(state=state).cancel(state, at=SEPTEMBER)
        state = prepared(state=state).validate(state, at=SEPTEMBER)
        assert [one.outcome.value for one in state.history] == ["rejected", "cancelled", "applied"]
        assert State.from_json(state.to_json()) == state


class TestBlockers:
    """What forbids an import."""

    def test_wrong_school(self) -> None:
        """A file of another establishment is refused, unless the policy lets it in."""
        other = evolve(FILE, uai="0749998R")
        assert slugs(prepared(other)) == ["wrong_school"]
        assert slugs(prepared(other, policy=Policy(accept_other_school=True))) == []
        assert "0749998R" in str(prepared(other).blockers[0])

    def test_roster_of_another_school(self) -> None:
        """That is the caller's mistake."""
        with pytest.raises(UsageError, match="two schools"):
            prepared(held=evolve(HELD, school="0749998R"))

    def test_wrong_year(self) -> None:
        """The file of last year is refused."""
        assert slugs(prepared(state=State.new(UAI, 2023))) == ["wrong_school_year"]

    @pytest.mark.parametrize("missing", ["year", "monday"])
    def test_no_year(self, missing: str) -> None:
        """A file that cannot be dated is refused, not misread."""
        bare = evolve(FILE, start=None, first_monday=None) if missing == "year" else evolve(FILE, first_monday=None)
        preview = prepared(bare)
        assert slugs(preview) == ["no_school_year"]
        assert preview.bilan.preliminary.lessons.delta == 0
        assert preview.bilan.weekly == rules.Counts().weekly

    def test_directory_first(self) -> None:
        """Without accounts there is nothing to import into."""
        assert slugs(prepared(held=Roster(UAI))) == ["directory_first"]

    def test_manual_import_first(self) -> None:
        """An automatic import waits for the first manual one of the year."""
        assert slugs(prepared(trigger=Trigger.AUTOMATIC)) == ["manual_import_first"]
        done = prepared().validate(NEW, at=SEPTEMBER)
        assert slugs(prepared(state=done, trigger=Trigger.AUTOMATIC)) == []
        assert (
            prepared(state=done, trigger=Trigger.AUTOMATIC).validate(done, at=SEPTEMBER).history[-1].trigger
            == "automatic"
        )

    def test_too_many_unmatched(self) -> None:
        """Above the share of the policy an automatic import is refused; a manual one never is."""
        done = prepared().validate(NEW, at=SEPTEMBER)
        counts = prepared(STRANGERS).matching.counts
        assert (counts.unrecognised, counts.total) == (8, 16)
        assert slugs(prepared(STRANGERS, state=done, trigger=Trigger.AUTOMATIC)) == ["too_many_unmatched"]
        assert slugs(prepared(STRANGERS)) == []
        exactly = Policy(refuse_unmatched=0.5)
        assert slugs(prepared(STRANGERS, state=done, trigger=Trigger.AUTOMATIC, policy=exactly)) == []

    def test_nobody_matched(self) -> None:
        """An automatic import that matches nobody is refused, whatever the policy; one of nobody is not."""
        somebody = Identity("account", Profile.STAFF, UAI, "Agathe", "BRIVAL")
        held = evolve(HELD, people=[somebody])
        done = prepared().validate(NEW, at=SEPTEMBER)
        everyone = Policy(refuse_unmatched=1)
        refused = prepared(held=held, state=done, trigger=Trigger.AUTOMATIC, policy=everyone)
        assert slugs(refused) == ["too_many_unmatched"]
        empty = evolve(FILE, teachers=FrozenMap(), pupils=FrozenMap(), weekly_lessons=())
        assert slugs(prepared(empty, state=done, trigger=Trigger.AUTOMATIC)) == []


class TestWarnings:
    """What deserves a look."""

    def test_many_unmatched(self) -> None:
        """More than three people of a profile and more than a tenth."""
        (found,) = prepared(STRANGERS).warnings
        assert found.slug == "many_unmatched"
        assert dict(found.params) == {"profile": "pupil", "unmatched": 7, "total": 12}

    def test_few_unmatched(self) -> None:
        """Three people are no warning, however few there are; nor is a small share."""
        assert prepared(evolve(BASE, homes=(0,) * 8)).warnings == ()
        assert prepared(STRANGERS, policy=Policy(warn_unmatched=0.6)).warnings == ()


class TestInstants:
    """Which day an import is of."""

    @staticmethod
    def moved() -> Timetable:
        """Write an export in which the only pupil changes class on 1 November."""
        known = timetable(evolve(BASE, homes=(0,)))
        (name,) = known.pupils
        windows = (Membership(home(0), end=date(2022, 10, 31)), Membership(home(1), start=date(2022, 11, 1)))
        return evolve(known, pupils=FrozenMap({name: evolve(known.pupils[name], memberships=windows)}))

    @pytest.mark.parametrize(
        ("at", "zone", "day"),
        [
            (datetime(2022, 10, 31, 22, 59, tzinfo=UTC), "Europe/Paris", date(2022, 10, 31)),
            (datetime(2022, 10, 31, 23, 0, tzinfo=UTC), "Europe/Paris", date(2022, 11, 1)),
            (datetime(2022, 10, 31, 23, 59, tzinfo=UTC), "UTC", date(2022, 10, 31)),
            (datetime(2022, 10, 31, 13, 0, tzinfo=UTC), "Pacific/Noumea", date(2022, 11, 1)),
            (datetime(2022, 11, 1, 2, 0, tzinfo=UTC), "America/Martinique", date(2022, 10, 31)),
            (datetime(2022, 10, 31, 23, 59), "Pacific/Noumea", date(2022, 10, 31)),  # noqa: DTZ001 - a wall time
            (datetime(2022, 11, 1), "Pacific/Noumea", date(2022, 11, 1)),  # noqa: DTZ001 - a wall time
        ],
    )
    def test_day_of_the_school(self, at: datetime, zone: str, day: date) -> None:
        """An instant is of the day that it is at the school; a naive one is a wall time there."""
        preview = prepared(self.moved(), at=at, policy=Policy(zone=zone))
        assert preview.grouping.on == day
        where = Key("class:6A") if day < date(2022, 11, 1) else Key("class:6B")
        assert {who for who in preview.bilan.group_management.pupils_to_add if who.startswith("class:")} == {where}

    def test_naive_instants_are_remembered_with_their_zone(self) -> None:
        """History never mixes instants with and without a zone."""
        wall = datetime(2022, 9, 10, 8)  # noqa: DTZ001 - a wall time
        preview = prepared(at=wall, policy=Policy(zone="Pacific/Noumea"))
        assert preview.at == datetime(2022, 9, 9, 21, tzinfo=UTC)
        (line,) = preview.validate(NEW, at=wall).history
        assert line.at.isoformat() == "2022-09-10T08:00:00+11:00"

    @pytest.mark.parametrize("zone", ["Mars", "", "Europe", "../etc"])
    def test_unknown_zone(self, zone: str) -> None:
        """That is the caller's mistake."""
        with pytest.raises(UsageError, match=re.escape(repr(zone))):
            prepared(policy=Policy(zone=zone))

    def test_same_instant_same_preview(self) -> None:
        """However the instant is written."""
        paris = SEPTEMBER.astimezone(ZoneInfo("Europe/Paris"))
        fixed = SEPTEMBER.astimezone(timezone(timedelta(hours=2)))
        assert {prepared(at=at).id for at in (SEPTEMBER, paris, fixed, paris.replace(tzinfo=None))} == {prepared().id}


class TestIdentifier:
    """One id for one set of inputs."""

    def test_every_input_counts(self) -> None:
        """Another file, roster, state, mode, decision, policy, trigger or instant: another id."""
        others = [
            prepared(evolve(BASE, classes=3)),
            prepared(evolve(BASE, homes=(0,) * 6)),
            prepared(evolve(FILE, uai="0749998R")),
            prepared(evolve(BASE, courses=(*BASE.courses, Course(1, 2, "SVT", ((STRANGER, "all"),), (home(0),))))),
            prepared(held=roster([(0, 0, Provenance.AAF)], [])),
            prepared(held=roster([], [Provenance.AAF])),
            prepared(held=evolve(HELD, people=HELD.people[1:])),
            prepared(held=evolve(HELD, classes=HELD.classes[1:])),
            prepared(state=State.new(UAI, 2023)),
            prepared(mode=GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS),
            prepared(decisions=(decided(),)),
            prepared(policy=Policy(since=date(2022, 9, 12))),
            prepared(policy=Policy(warn_unmatched=0.5)),
            prepared(policy=Policy(name_only=rules.NameOnly.ACCEPT_UNIQUE)),
            prepared(trigger=Trigger.AUTOMATIC),
            prepared(at=SEPTEMBER + timedelta(seconds=1)),
        ]
        ids = [prepared().id, *(one.id for one in others)]
        assert len(set(ids)) == len(ids)

    @settings(max_examples=40)
    @given(successions(imports=1), st.randoms(use_true_random=False))
    def test_order_is_nothing(self, story: Succession, dice: Random) -> None:
        """Decisions, rows and the file in another order: the same preview."""
        (exported,), (at,) = story.timetables, story.instants
        decisions = (decided(), decided(to=account("teacher:1")), evolve(decided(1), profile=Profile.STAFF))
        mixed = tuple(dice.sample(decisions, len(decisions)))
        one = prepared(exported, story.roster, decisions=decisions, at=at, mode=story.mode)
        other = prepared(shuffled(exported, dice), story.roster, decisions=mixed, at=at, mode=story.mode)
        assert (one.id, one.bilan, one.plan, one.decisions) == (other.id, other.bilan, other.plan, other.decisions)


def written(held: Roster, preview: Preview) -> Roster:
    """Write a plan as a backend does, table by table, key by key."""
    groups = {one.key: one for one in held.groups}
    rows = list(held.memberships)
    for key, (_, group_after) in preview.plan.groups.items():
        groups.pop(key, None)
        assert group_after is not None
        groups[group_after.key] = group_after
        rows = [evolve(row, audience=group_after.key) if row.audience == key else row for row in rows]
    rows += [row for _, row in preview.plan.memberships.values() if row is not None]
    return evolve(held, groups=groups.values(), memberships=rows)


class TestPlan:
    """What an import writes."""

    @settings(max_examples=60)
    @given(successions())
    def test_same_file_again_writes_nothing(self, story: Succession) -> None:
        """Once the plan is written, the same file gives an empty bilan and an empty plan; renamed groups included."""
        state, held = NEW, story.roster
        for exported, at in zip(story.timetables, story.instants, strict=True):
            first = prepared(exported, held, state=state, mode=story.mode, policy=story.policy, at=at)
            state, held = first.validate(state, at=at), written(held, first)
            again = prepared(exported, held, state=state, mode=story.mode, policy=story.policy, at=at)
            plan = again.plan
            assert [len(x) for x in (plan.subjects, plan.groups, plan.memberships, plan.lessons)] == [0, 0, 0, 0]
            assert again.bilan.preliminary == evolve(
                rules.Counts().preliminary,
                classes=first.bilan.preliminary.classes,
                option_groups=first.bilan.preliminary.option_groups,
                teachers=first.bilan.preliminary.teachers,
            )

    @settings(max_examples=60)
    @given(successions(imports=2))
    def test_nothing_is_removed(self, story: Succession) -> None:
        """Groups and memberships are only added or renamed; removals are proposals, of the timetable's own rows."""
        state, held = NEW, story.roster
        for exported, at in zip(story.timetables, story.instants, strict=True):
            preview = prepared(exported, held, state=state, mode=story.mode, policy=story.policy, at=at)
            plan = preview.plan
            assert not (plan.groups.removed | plan.memberships.removed | plan.memberships.modified)
            proposed = plan.proposed_removals
            assert all(old and old.provenance is Provenance.TIMETABLE for old, _ in proposed.memberships.values())
            assert all(old and old.provenance is Provenance.TIMETABLE for old, _ in proposed.groups.values())
            assert all(row and row.provenance is Provenance.TIMETABLE for _, row in plan.memberships.values())
            state, held = preview.validate(state, at=at), written(held, preview)

    def test_rows(self) -> None:
        """A group to create, a member of it, and a dated lesson with the accounts and the groups of the ENT."""
        plan = prepared().plan
        svt, pupil = Key("group:6A SVT G1"), account("pupil:1")
        assert plan.groups[svt] == (None, RosterGroup("6A SVT G1", Provenance.TIMETABLE))
        assert plan.memberships[MembershipKey(svt, pupil)] == (None, RosterMembership(svt, pupil, Provenance.TIMETABLE))
        planned = {lesson for _, lesson in plan.lessons.values() if lesson and lesson.date == date(2022, 9, 13)}
        assert {(lesson.subject, lesson.audience, lesson.accounts) for lesson in planned} == {
            ("subject:SVT", frozenset({svt}), frozenset({account("teacher:2")})),
            ("subject:MATHS", frozenset({Key("class:6B")}), frozenset()),
        }

    def test_renamed_group(self) -> None:
        """The old key of a renamed group leads to its new row."""
        state = prepared().validate(NEW, at=SEPTEMBER)
        held = rules.roster_after(HELD, state.snapshot)
        renamed = evolve(BASE, groups=(BASE.groups[0], ("6 ESPAGNOL", (1, 2))))
        plan = prepared(renamed, held, state=state).plan
        assert dict(plan.groups) == {
            Key("group:6 ESP"): (
                RosterGroup("6 ESP", Provenance.TIMETABLE),
                RosterGroup("6 ESPAGNOL", Provenance.TIMETABLE),
            )
        }
        assert not plan.memberships

    def test_audience_unknown_to_the_ent_is_left_out(self) -> None:
        """A lesson kept for a class that the ENT has is not written for one that it does not have."""
        course = Course(1, 0, "MATHS", ((1, "all"), (STRANGER, "all")), (home(0), home(2)), "3")
        (pair,) = prepared(evolve(BASE, classes=3, courses=(course,))).plan.lessons.values()
        assert pair[1] is not None
        assert pair[1].audience == {Key("class:6A")}
        assert pair[1].accounts == {account("teacher:1")}

    def test_account_that_changes_rewrites_the_lesson(self) -> None:
        """A person identified later changes no bilan, but the lessons are written again with the account."""
        course = Course(1, 0, "MATHS", ((1, "all"), (STRANGER, "all")), (home(0),), "3")
        draft = evolve(BASE, courses=(course,))
        state = prepared(draft).validate(NEW, at=SEPTEMBER)
        extra = Identity("late", Profile.TEACHER, UAI, "Agathe", "BRIVAL")
        held = evolve(HELD, people=[*HELD.people, extra])
        again = prepared(draft, held, state=state, decisions=(decided(to="late"),))
        assert not again.bilan.lessons
        assert len(again.plan.lessons.modified) == 1


class TestRecord:
    """What a snapshot puts down, where the file is odd."""

    def test_two_subjects_of_one_code(self) -> None:
        """They are one subject, the same whatever the order of the file."""
        draft = evolve(BASE, subjects=(*BASE.subjects, ("SVT ", "A")), courses=())
        one = timetable(draft)
        other = evolve(one, subjects=FrozenMap(reversed(list(one.subjects.items()))))
        found = [prepared(exported).snapshot.subjects for exported in (one, other)]
        assert found[0] == found[1]
        assert found[0][Key("subject:SVT")].label == "A"

    def test_declared_services(self) -> None:
        """Services that the program states are those of teachers and classes that the ENT has, or of nobody."""
        one, stranger = (FILE.keys[f"teacher:{number}"] for number in (1, STRANGER))
        math, a6, unknown = Key("subject:MATHS"), (Key("class:6A"),), (Key("class:ELSEWHERE"),)
        names = [
            ServiceKey(math, (one,), a6),
            ServiceKey(math, (stranger,), a6),
            ServiceKey(math, (one, stranger), a6),
            ServiceKey(math, (), a6),
            ServiceKey(math, (one,), ()),
            ServiceKey(math, (one,), unknown),
        ]
        stated = evolve(FILE, declared_services=FrozenMap((name, Service(name, ())) for name in names))
        assert prepared(stated).snapshot.services.keys() == {*names} - {names[1]}
        directory = prepared(stated, mode=GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS).snapshot
        assert directory.services.keys() == {*names} - {names[1], names[5]}
        assert directory.incomplete == {names[3], names[4]}

    def test_group_carries_its_classes(self) -> None:
        """A class taught only in its groups is imported."""
        course = Course(1, 0, "ESP", ((3, "all"),), (group(1),))
        assert prepared(evolve(BASE, courses=(course,))).bilan.classes.imported == {"class:6A", "class:6B"}


def test_first_import_adds_everything() -> None:
    """Against no import yet, every delta is the new count."""
    preview = prepared()
    counts = preview.bilan.preliminary
    assert counts.subjects.added == 3
    assert counts.teaching_services.added.count == len(preview.snapshot.services) == 4
    assert counts.lessons.delta == len(preview.snapshot.lesson_keys)
    assert preview.bilan.weekly.exceptional_lessons.delta == preview.bilan.weekly.exceptional_lessons.total == 1


def test_compare_without_management() -> None:
    """Without an ENT to look at, it is taken to hold what the previous import left."""
    renamed = evolve(
        BASE,
        groups=(BASE.groups[0], ("6 ESPAGNOL", (1, 2)), ("6 NEW", (0,))),
        homes=(*BASE.homes[:4], 0),
        courses=(*BASE.courses, Course(3, 1, "SVT", ((3, "all"), (STRANGER, "3")), (home(1),))),
    )
    one, other = prepared().snapshot, prepared(renamed).snapshot
    management = rules.bilan.compare(one, other).group_management
    assert management.to_rename == {Key("group:6 ESP"): Key("group:6 ESPAGNOL")}
    assert management.to_create == {Key("group:6 NEW")}
    assert management.teachers_to_add == {Key("class:6B"): {account("teacher:3")}}
    assert management.pupils_to_add == {
        Key("class:6A"): {account("pupil:5")},
        Key("group:6A SVT G1"): {account("pupil:5")},
        Key("group:6 NEW"): {account("pupil:1"), account("pupil:2"), account("pupil:5")},
    }


def shown(value: object, seen: set[int]) -> set[str]:
    """Give the `repr` of everything of ours that can be reached."""
    if id(value) in seen or isinstance(value, str | bytes):
        return set()
    seen.add(id(value))
    found: set[str] = set()
    if hasattr(value, "items"):
        inner = [one for pair in value.items() for one in pair]
        found.add(repr(value))
    elif isinstance(value, tuple | frozenset):
        inner = list(value)
    elif attrs.has(kind := type(value)):
        inner = [getattr(value, one.name) for one in attrs.fields(kind)]
        found.add(repr(value))
    else:
        return set()
    return found.union(*(shown(one, seen) for one in inner))


def test_no_repr_shows_a_person() -> None:
    """From the preview and the state down to the least of their values, nobody is named, not even by a source key."""
    course = Course(1, 1, "MATHS", ((2, "early"), (STRANGER, "late")), (home(0),))
    preview = prepared(evolve(BASE, courses=(*BASE.courses, course)), decisions=(decided(),))
    state = preview.validate(NEW, at=SEPTEMBER)
    derived = (preview.snapshot.services, preview.snapshot.lesson_keys, preview.snapshot.events)
    texts = shown((preview, state, derived, HELD), set())
    assert any("Event" in text for text in texts)
    assert any("<ServiceKey subject:MATHS class:6A, 1 teachers>" in text for text in texts)
    assert not [text for text in texts if re.search(r"NOM[0-9]|Prénom|-[0-9]{2}-03\b.*\$|1970|2011", text)]
    assert "NOM2" in state.to_json()
