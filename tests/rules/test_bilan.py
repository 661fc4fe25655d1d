"""The fourteen identities of the bilan (rules 3.4): each holds for the rules, and fails for a mutant that breaks it.

An identity is a check: a function of some rules and a succession of imports, that asserts. `test_b…` runs it on the
real rules, over successions of exports that are alike; others run it over exports that have nothing to do with each
other, and over a generated school. `test_mutant_is_seen` proves that the check is no decoration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from random import Random
from typing import Any, Protocol, TypeAlias, TypeVar

import pytest
from attrs import evolve, frozen
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from entformats import rules
from entformats.changes import Diff
from entformats.frozen import FrozenMap
from entformats.identity import Identity, Profile
from entformats.rules import (
    Bilan,
    Counts,
    DropReason,
    GroupMode,
    Policy,
    Preview,
    Roster,
    RosterClass,
    RosterGroup,
    Snapshot,
    State,
)
from entformats.rules.bilan import WeeklyChange
from entformats.testing.disguises import renumbered, shuffled
from entformats.testing.school import generate
from entformats.testing.strategies.imports import Succession, successions
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import Kind, Timetable

EMPTY = Snapshot()
HALF = settings(max_examples=settings().max_examples // 2)
"""An example is three whole imports: half as many are enough."""
K = TypeVar("K")
V = TypeVar("V")


class Prepare(Protocol):
    """What `rules.prepare` looks like."""

    def __call__(
        self,
        timetable: Timetable,
        roster: Roster,
        *,
        state: State,
        mode: GroupMode,
        policy: Policy = ...,
        at: datetime,
    ) -> Preview:
        """Prepare."""


@frozen
class System:
    """Everything that the identities speak of; a mutant is one of these with one piece broken."""

    prepare: Prepare = rules.prepare
    compare: Callable[[Snapshot, Snapshot], Bilan] = rules.bilan.compare
    compose: Callable[[Diff[Any, Any], Diff[Any, Any]], Diff[Any, Any]] = Diff.compose
    invert: Callable[[Diff[Any, Any]], Diff[Any, Any]] = Diff.invert
    apply: Callable[[Diff[Any, Any], Mapping[Any, Any]], Mapping[Any, Any]] = Diff.apply
    render: Callable[[Counts], str] = rules.bilan.render
    cancel: Callable[..., State] = Preview.cancel


REAL = System()
Check: TypeAlias = Callable[[System, Succession], None]


@frozen
class Step:
    """One import of a succession: what stood before, what was shown, what stood after."""

    timetable: Timetable
    roster: Roster
    before: State
    preview: Preview
    after: State


def prepared(system: System, story: Succession, at: int, roster: Roster, state: State) -> Preview:
    """Prepare the import of one timetable of a succession."""
    timetable, instant = story.timetables[at], story.instants[at]
    return system.prepare(timetable, roster, state=state, mode=story.mode, policy=story.policy, at=instant)


def start(story: Succession) -> State:
    """Give the state of the school at the start of its year."""
    year = story.timetables[0].school_year
    assert year is not None
    return State.new(story.roster.school, year)


def steps(system: System, story: Succession) -> Iterator[Step]:
    """Import every timetable, one after the other; what is validated is written in the ENT."""
    state, roster = start(story), story.roster
    for at, timetable in enumerate(story.timetables):
        preview = prepared(system, story, at, roster, state)
        after = preview.validate(state, at=story.instants[at])
        yield Step(timetable, roster, state, preview, after)
        state, roster = after, rules.roster_after(story.roster, preview.snapshot)


def snapshots(story: Succession) -> list[Snapshot]:
    """Give what each import said, after the empty one."""
    return [EMPTY, *(step.preview.snapshot for step in steps(REAL, story))]


def diffs(bilan: Bilan) -> dict[str, Diff[Any, Any]]:
    """Give the keyed differences of a bilan."""
    return {
        "subjects": bilan.subjects,
        "closures": bilan.closure_periods,
        "alternations": bilan.week_alternations,
        "services": bilan.teaching_services,
        "lessons": bilan.lessons,
    }


def entities(snapshot: Snapshot) -> dict[str, Mapping[Any, Any]]:
    """Give the keyed entities that a snapshot holds, with their content."""
    return {
        "subjects": snapshot.subjects,
        "closures": {closure: closure for closure in snapshot.closures},
        "alternations": snapshot.alternations,
        "services": snapshot.services,
        "lessons": {lesson: lesson for lesson in snapshot.lesson_keys},
    }


def deltas(bilan: Bilan) -> tuple[int, ...]:
    """Give the signed numbers of a bilan."""
    weekly = bilan.weekly
    return (
        bilan.preliminary.lessons.delta,
        weekly.substitutions.delta,
        weekly.cancellations.delta,
        weekly.exceptional_lessons.delta,
    )


def check_b1(system: System, story: Succession) -> None:
    """B1: a snapshot against itself changes nothing; nor does the file, once its import is validated and written."""
    for at, step in enumerate(steps(system, story)):
        same = system.compare(step.preview.snapshot, step.preview.snapshot)
        held = rules.roster_after(story.roster, step.preview.snapshot)
        again = prepared(system, story, at, held, step.after)
        for bilan in (same, again.bilan):
            assert not any(diffs(bilan).values())
            assert deltas(bilan) == (0, 0, 0, 0)
            assert bilan.preliminary.group_management == Counts().preliminary.group_management
        plan = again.plan
        assert [len(one) for one in (plan.subjects, plan.groups, plan.memberships, plan.lessons)] == [0, 0, 0, 0]


def check_b2(system: System, story: Succession) -> None:
    """B2: every running total is the previous one plus the delta, and starts the year at 0."""
    assert start(story).totals == Counts().weekly
    for step in steps(system, story):
        old, new = step.before.totals, step.preview.bilan.weekly
        assert new.substitutions.total == old.substitutions.total + new.substitutions.delta
        assert new.cancellations.total == old.cancellations.total + new.cancellations.delta
        assert new.exceptional_lessons.total == old.exceptional_lessons.total + new.exceptional_lessons.delta
        assert step.after.totals == new


def check_b3(system: System, story: Succession) -> None:
    """B3: imported and not imported are disjoint, and together all classes, groups and teachers of either side."""
    for step in steps(system, story):
        bilan, grouping, timetable = step.preview.bilan, step.preview.grouping, step.timetable
        renamed = bilan.group_management.to_rename
        classes = {one.key for one in timetable.classes.values()}
        groups = {one.key for one in timetable.option_groups.values()}
        everyone = {
            "classes": {grouping.homes.get(one, one) for one in classes} | {one.key for one in step.roster.classes},
            "option_groups": {grouping.homes.get(one, one) for one in groups}
            | {renamed.get(one.key, one.key) for one in step.roster.groups},
            "teachers": {who for lesson in timetable.keyed_lessons for who, _ in lesson.of(Kind.TEACHER)},
        }
        for name, expected in everyone.items():
            reach = getattr(bilan, name)
            assert not reach.imported & reach.not_imported
            assert reach.imported | reach.not_imported == expected


def check_b4(system: System, story: Succession) -> None:
    """B4: numbers of entities differ by added minus removed."""
    for old, new in pairwise(snapshots(story)):
        found = diffs(system.compare(old, new))
        before, after = entities(old), entities(new)
        for name, diff in found.items():
            assert len(after[name]) - len(before[name]) == len(diff.added) - len(diff.removed)


def check_b5(system: System, story: Succession) -> None:
    """B5: added, modified and removed are disjoint: new keys, keys of another content, keys that are gone."""
    for old, new in pairwise(snapshots(story)):
        before, after = entities(old), entities(new)
        for name, diff in diffs(system.compare(old, new)).items():
            both = before[name].keys() & after[name].keys()
            assert diff.added == after[name].keys() - before[name].keys()
            assert diff.removed == before[name].keys() - after[name].keys()
            assert diff.modified == {key for key in both if before[name][key] != after[name][key]}
            assert len(diff.added) + len(diff.modified) + len(diff.removed) == len(diff)


def check_b6(system: System, story: Succession) -> None:
    """B6: the other way round, added and removed, before and after change places, deltas change sign."""
    for old, new in pairwise(snapshots(story)):
        there, back = system.compare(old, new), system.compare(new, old)
        for name, diff in diffs(there).items():
            assert diffs(back)[name] == system.invert(diff)
            assert (diff.added, diff.removed) == (diffs(back)[name].removed, diffs(back)[name].added)
        assert deltas(back) == tuple(-delta for delta in deltas(there))


def check_b7(system: System, story: Succession) -> None:
    """B7: signed numbers add up."""
    known = snapshots(story)
    for a, b, c in zip(known, known[1:], known[2:], strict=False):
        two = zip(deltas(system.compare(a, b)), deltas(system.compare(b, c)), strict=True)
        assert deltas(system.compare(a, c)) == tuple(first + second for first, second in two)


def check_b8(system: System, story: Succession) -> None:
    """B8: differences compose, associatively; the empty one is neutral, the inverse brings back."""
    known = snapshots(story)
    for a, b, c in zip(known, known[1:], known[2:], strict=False):
        ab, bc, ac, ca = (diffs(system.compare(*pair)) for pair in ((a, b), (b, c), (a, c), (c, a)))
        for name in ab:
            one, two, three = ab[name], bc[name], ca[name]
            assert system.compose(one, two) == ac[name]
            assert system.compose(system.compose(one, two), three) == system.compose(one, system.compose(two, three))
            assert system.compose(one, Diff()) == system.compose(Diff(), one) == one
            assert system.compose(one, system.invert(one)) == Diff()


def check_b9(system: System, story: Succession) -> None:
    """B9: since counts do not compose, a difference carries what was and what is."""
    for old, new in pairwise(snapshots(story)):
        before, after = entities(old), entities(new)
        for name, diff in diffs(system.compare(old, new)).items():
            assert all(pair == (before[name].get(key), after[name].get(key)) for key, pair in diff.items())


def check_b10(system: System, story: Succession) -> None:
    """B10: applied to what was, a difference gives what is."""
    for old, new in pairwise(snapshots(story)):
        for name, diff in diffs(system.compare(old, new)).items():
            assert system.apply(diff, entities(old)[name]) == entities(new)[name]


def check_b11(system: System, story: Succession) -> None:
    """B11: no more incomplete services than services; one that names everything the ENT knows is not incomplete."""
    for step in steps(system, story):
        services, homes = step.preview.bilan.preliminary.teaching_services, step.preview.grouping.homes
        for one in (services.added, services.modified, services.removed):
            assert 0 <= one.incomplete <= one.count
        diff = step.preview.bilan.teaching_services
        for keys, counted in ((diff.added, services.added), (diff.modified, services.modified)):
            whole = {one for one in keys if one.subject and one.teachers and one.audience}
            complete = {one for one in whole if homes.keys() >= set(one.audience)}
            assert counted.incomplete == len(keys - complete)
        assert services.removed.incomplete == len(diff.removed & step.before.snapshot.incomplete)


def check_b12(system: System, story: Succession) -> None:
    """B12: the text of a bilan gives its numbers back."""
    for step in steps(system, story):
        counts = step.preview.bilan.counts
        assert rules.bilan.parse(system.render(counts)) == counts


def check_b13(system: System, story: Succession) -> None:
    """B13: an import that is cancelled leaves no trace in the next bilan."""
    for at, step in enumerate(steps(REAL, story)):
        instant = story.instants[at]
        left = system.cancel(step.preview, step.before, at=instant)
        assert (left.snapshot, left.totals) == (step.before.snapshot, step.before.totals)
        other = prepared(system, story, -1, step.roster, left)
        expected = prepared(system, story, -1, step.roster, step.before)
        assert (other.bilan, other.plan) == (expected.bilan, expected.plan)


def check_b14(system: System, story: Succession) -> None:
    """B14: the order of the file and of the ENT's rows, and the numbers of the file, are nothing."""
    dice = Random(len(story.timetables[0].weekly_lessons))
    disguised = evolve(
        story,
        roster=mixed(story.roster, dice),
        timetables=tuple(renumbered(shuffled(one, dice), dice) for one in story.timetables),
    )
    for one, other in zip(steps(system, story), steps(system, disguised), strict=True):
        assert one.preview.snapshot == other.preview.snapshot
        assert one.preview.bilan == other.preview.bilan
        assert one.preview.plan == other.preview.plan
        assert one.preview.grouping == other.preview.grouping
        assert one.preview.id == other.preview.id
        assert one.after == other.after
        assert one.after.id == other.after.id


def mixed(roster: Roster, dice: Random) -> Roster:
    """Put the rows of a roster in another order."""
    return evolve(
        roster,
        people=dice.sample(roster.people, len(roster.people)),
        classes=dice.sample(roster.classes, len(roster.classes)),
        groups=dice.sample(roster.groups, len(roster.groups)),
        memberships=dice.sample(roster.memberships, len(roster.memberships)),
    )


def strangers(*exports: Timetable, whole: bool) -> Succession:
    """Put a succession together from exports that have nothing to do with each other."""
    first = exports[0]
    people = [one for one in first.identities() if whole or not one.identifiers]
    somebody = Identity("account-0", Profile.STAFF, first.uai, "Agathe", "BRIVAL")
    accounts = [somebody, *(evolve(one, ref=f"account-{one.ref}") for one in people)]
    return Succession(
        Roster(
            first.uai,
            people=accounts,
            classes=[RosterClass(one.name) for one in first.classes.values()],
            groups=[RosterGroup(one.name) for one in list(first.option_groups.values())[: 1 + whole]],
        ),
        exports,
    )


@HALF
@given(successions())
def test_b1_same_import_changes_nothing(story: Succession) -> None:
    """B1."""
    check_b1(REAL, story)


@HALF
@given(successions())
def test_b2_totals_add_up(story: Succession) -> None:
    """B2."""
    check_b2(REAL, story)


@HALF
@given(successions())
def test_b3_imported_and_not_imported_are_all(story: Succession) -> None:
    """B3."""
    check_b3(REAL, story)


@HALF
@given(successions())
def test_b4_numbers_differ_by_added_minus_removed(story: Succession) -> None:
    """B4."""
    check_b4(REAL, story)


@HALF
@given(successions())
def test_b5_added_modified_removed_are_disjoint(story: Succession) -> None:
    """B5."""
    check_b5(REAL, story)


@HALF
@given(successions())
def test_b6_the_other_way_round_is_the_inverse(story: Succession) -> None:
    """B6."""
    check_b6(REAL, story)


@HALF
@given(successions())
def test_b7_deltas_add_up(story: Succession) -> None:
    """B7."""
    check_b7(REAL, story)


@HALF
@given(successions())
def test_b8_differences_compose(story: Succession) -> None:
    """B8."""
    check_b8(REAL, story)


@HALF
@given(successions())
def test_b9_differences_carry_before_and_after(story: Succession) -> None:
    """B9."""
    check_b9(REAL, story)


@HALF
@given(successions())
def test_b10_a_difference_applies(story: Succession) -> None:
    """B10."""
    check_b10(REAL, story)


@HALF
@given(successions())
def test_b11_incomplete_services_are_services(story: Succession) -> None:
    """B11."""
    check_b11(REAL, story)


@HALF
@given(successions())
def test_b12_the_text_gives_the_numbers_back(story: Succession) -> None:
    """B12."""
    check_b12(REAL, story)


@HALF
@given(successions())
def test_b13_cancelling_changes_nothing(story: Succession) -> None:
    """B13."""
    check_b13(REAL, story)


@HALF
@given(successions())
def test_b14_order_and_numbers_of_the_file_are_nothing(story: Succession) -> None:
    """B14."""
    check_b14(REAL, story)


CHECKS: tuple[Check, ...] = (
    check_b1,
    check_b2,
    check_b3,
    check_b4,
    check_b5,
    check_b6,
    check_b7,
    check_b8,
    check_b9,
    check_b10,
    check_b11,
    check_b12,
    check_b13,
    check_b14,
)


@pytest.fixture(scope="module")
def generated() -> Succession:
    """Draw a whole school: two exports, then the first one again."""
    school = generate(11, pupils=24)
    roster = rules.roster(school.directory, school=school.uai)
    return Succession(roster, (school.first, school.second, school.first))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_generated_school(check: Check, generated: Succession) -> None:
    """Every identity holds for the exports of a whole school."""
    check(REAL, generated)


WILD = timetables(dated=True)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_unrelated_exports(check: Check) -> None:
    """Every identity holds for exports that have nothing to do with each other, with all the oddities of real ones."""

    @settings(max_examples=10)
    @given(st.builds(strangers, WILD, WILD, whole=st.booleans()))
    def hold(story: Succession) -> None:
        check(REAL, story)

    hold()


def test_b9_counts_do_not_compose() -> None:
    """B9: added then removed is nothing, removed then added is modified, modified twice may be nothing."""
    one, other = {"s": 1}, {"s": 2}
    nothing: dict[str, int] = {}
    there_and_back = Diff.between(nothing, one).compose(Diff.between(one, nothing))
    through_nothing = Diff.between(one, nothing).compose(Diff.between(nothing, other))
    twice = Diff.between(one, other).compose(Diff.between(other, one))
    assert there_and_back == Diff()
    assert dict(through_nothing) == {"s": (1, 2)}
    assert twice == Diff()


def preparing(
    change: Callable[[Preview], Preview], *, seeing: Callable[[Timetable], Timetable] = lambda t: t
) -> System:
    """Break what is prepared, or what is read."""

    def prepare(
        timetable: Timetable,
        roster: Roster,
        *,
        state: State,
        mode: GroupMode,
        policy: Policy = Policy(),  # noqa: B008 - frozen
        at: datetime,
    ) -> Preview:
        return change(rules.prepare(seeing(timetable), roster, state=state, mode=mode, policy=policy, at=at))

    return System(prepare=prepare)


def comparing(change: Callable[[Bilan], Bilan]) -> System:
    """Break the comparison of two snapshots, wherever it is made."""
    system = preparing(lambda preview: evolve(preview, bilan=change(preview.bilan)))
    return evolve(system, compare=lambda old, new: change(rules.bilan.compare(old, new)))


def forgets_previous_events() -> System:
    """Count the cancellations of this import as new ones."""
    return comparing(lambda one: evolve(one, cancellations=evolve(one.cancellations, before=())))


def totals_pile_up() -> System:
    """Add the events of the previous import to those of this one."""

    def doubled(change: WeeklyChange) -> WeeklyChange:
        return evolve(change, after=(*change.before, *change.after))

    return comparing(lambda one: evolve(one, exceptional_lessons=doubled(one.exceptional_lessons)))


def unknown_classes_vanish() -> System:
    """Leave out the classes of the file that the ENT does not have."""

    def seen(preview: Preview) -> Preview:
        reach = preview.bilan.classes
        part = evolve(reach, not_imported=reach.not_imported - preview.grouping.unknown)
        return evolve(preview, bilan=evolve(preview.bilan, classes=part))

    return preparing(seen)


def forgets_removed_services() -> System:
    """Compare by walking through the new import only."""

    def kept(diff: Diff[K, V]) -> Diff[K, V]:
        return Diff({key: pair for key, pair in diff.items() if pair[1] is not None})

    return comparing(lambda one: evolve(one, teaching_services=kept(one.teaching_services)))


class Overlapping(Diff[K, V]):
    """A difference whose modified keys are also added ones."""

    @property
    def added(self) -> frozenset[K]:
        """Give too many keys."""
        return super().added | self.modified


def modified_is_also_added() -> System:
    """Count what is modified among what is added."""
    return comparing(lambda one: evolve(one, teaching_services=Overlapping(dict(one.teaching_services))))


def deltas_never_fall() -> System:
    """Show a delta without its sign."""

    def risen(change: WeeklyChange) -> WeeklyChange:
        return WeeklyChange(*sorted((change.before, change.after), key=len))

    return comparing(lambda one: evolve(one, cancellations=risen(one.cancellations)))


def delta_is_a_set_difference() -> System:
    """Take the lessons that appear for the net number of lessons."""
    return comparing(lambda one: evolve(one, lessons=Diff({k: p for k, p in one.lessons.items() if p[1] is not None})))


def compose_forgets_removed() -> System:
    """Compose two differences without what the first one removed."""

    def compose(one: Diff[Any, Any], two: Diff[Any, Any]) -> Diff[Any, Any]:
        return Diff({key: pair for key, pair in one.items() if pair[1] is not None}).compose(two)

    return System(compose=compose)


def carries_keys_alone() -> System:
    """Forget the contents, as counts do."""

    def bare(diff: Diff[Any, Any]) -> Diff[Any, Any]:
        return Diff({key: (None if old is None else 0, None if new is None else 1) for key, (old, new) in diff.items()})

    return comparing(lambda one: evolve(one, teaching_services=bare(one.teaching_services)))


def apply_keeps_removed() -> System:
    """Apply a difference by adding alone."""

    def apply(diff: Diff[Any, Any], state: Mapping[Any, Any]) -> Mapping[Any, Any]:
        return {**state, **{key: after for key, (_, after) in diff.items() if after is not None}}

    return System(apply=apply)


def every_service_is_incomplete() -> System:
    """Take a service of which a teacher is unknown for an incomplete one, and go too far."""
    return comparing(lambda one: evolve(one, incomplete=one.incomplete | one.teaching_services.modified))


def sign_is_lost() -> System:
    """Write every delta as `en plus`."""
    return System(render=lambda counts: rules.bilan.render(counts).replace("en moins", "en plus"))


def cancel_validates() -> System:
    """Keep the snapshot of a cancelled import."""
    return System(cancel=lambda preview, state, *, at: preview.validate(state, at=at))


def ident_as_key() -> System:
    """Know a subject by its number in the file."""

    def numbered(timetable: Timetable) -> Timetable:
        subjects = ((name, evolve(one, code=name)) for name, one in timetable.subjects.items())
        return evolve(timetable, subjects=FrozenMap(subjects))

    return preparing(lambda preview: preview, seeing=numbered)


def keeps_file_order() -> System:
    """Put the lessons down in the order of the file."""

    def unsorted(preview: Preview) -> Preview:
        return evolve(preview, snapshot=evolve(preview.snapshot, lessons=preview.selection.kept))

    return preparing(unsorted)


MUTANTS: tuple[tuple[Check, Callable[[], System]], ...] = (
    (check_b1, forgets_previous_events),
    (check_b2, totals_pile_up),
    (check_b3, unknown_classes_vanish),
    (check_b4, forgets_removed_services),
    (check_b5, modified_is_also_added),
    (check_b6, deltas_never_fall),
    (check_b7, delta_is_a_set_difference),
    (check_b8, compose_forgets_removed),
    (check_b9, carries_keys_alone),
    (check_b10, apply_keeps_removed),
    (check_b11, every_service_is_incomplete),
    (check_b12, sign_is_lost),
    (check_b13, cancel_validates),
    (check_b14, ident_as_key),
    (check_b14, keeps_file_order),
)


@pytest.mark.parametrize(("check", "mutant"), MUTANTS, ids=lambda one: one.__name__)
def test_mutant_is_seen(check: Check, mutant: Callable[[], System]) -> None:
    """Each identity fails for the rules that break it, on an example for which the real rules pass."""
    broken = mutant()

    def seen(story: Succession) -> bool:
        try:
            check(broken, story)
        except AssertionError:
            return True
        return False

    quick = settings(max_examples=2_000, phases=[Phase.generate], derandomize=True, database=None, deadline=None)
    check(REAL, find(successions(), seen, settings=quick))


def labels(preview: Preview) -> Iterator[str]:
    """Name the kinds of change that one comparison shows."""
    p, weekly, management = preview.bilan.preliminary, preview.bilan.weekly, preview.bilan.group_management
    services = p.teaching_services
    numbers = {
        "subject added": p.subjects.added,
        "subject modified": p.subjects.modified,
        "subject removed": len(preview.bilan.subjects.removed),
        "closure added": p.closure_periods.added,
        "closure removed": p.closure_periods.removed,
        "alternation added": p.week_alternations.added,
        "alternation modified": p.week_alternations.modified,
        "alternation removed": p.week_alternations.removed,
        "service added": services.added.count,
        "service added, incomplete": services.added.incomplete,
        "service modified": services.modified.count,
        "service modified, incomplete": services.modified.incomplete,
        "service removed": services.removed.count,
        "service removed, incomplete": services.removed.incomplete,
        "more lessons": p.lessons.delta > 0,
        "fewer lessons": p.lessons.delta < 0,
        "class imported": p.classes.imported,
        "class not imported": p.classes.not_imported,
        "group imported": p.option_groups.imported,
        "group not imported": p.option_groups.not_imported,
        "teacher imported": p.teachers.imported,
        "teacher not imported": p.teachers.not_imported,
        "group to create": len(management.to_create),
        "group to rename": len(management.to_rename),
        "teachers to add": len(management.teachers_to_add),
        "pupils to add": len(management.pupils_to_add),
        "more substitutions": weekly.substitutions.delta > 0,
        "fewer substitutions": weekly.substitutions.delta < 0,
        "more cancellations": weekly.cancellations.delta > 0,
        "fewer cancellations": weekly.cancellations.delta < 0,
        "more exceptional lessons": weekly.exceptional_lessons.delta > 0,
        "fewer exceptional lessons": weekly.exceptional_lessons.delta < 0,
        "member to take out": len(preview.grouping.stale_members),
        "group to take out": len(preview.grouping.stale_groups),
    }
    yield from (name for name, number in numbers.items() if number)
    yield from {one.reason.value for one in preview.selection.dropped}


@pytest.mark.slow
def test_every_change_is_drawn() -> None:
    """The strategy draws each kind of change, and each reason, in one comparison of a hundred at least, of 2,000."""
    drawn: Counter[str] = Counter()
    names: set[str] = set(DropReason)
    compared: list[Preview] = []

    @settings(max_examples=700, phases=[Phase.generate], derandomize=True, database=None, deadline=None)
    @given(successions())
    def draw(story: Succession) -> None:
        for step in steps(REAL, story):
            compared.append(step.preview)
            drawn.update(set(labels(step.preview)))

    draw()
    assert len(compared) >= 2_000
    assert set(drawn) >= names
    assert len(drawn) == 34 + len(names)
    rare = {name: count for name, count in drawn.items() if count * 100 < len(compared)}
    assert rare == {}
