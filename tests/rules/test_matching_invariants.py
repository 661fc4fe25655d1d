"""The ten invariants of matching (rules 1.6): each holds for the matcher, and fails for a mutant that breaks it.

An invariant is a check: a function of a matcher and an encounter that asserts. `test_m…` runs it on the matcher;
`test_mutant_is_seen` proves that the check is no decoration.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from itertools import accumulate
from typing import Any, Protocol, assert_never

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, find, given, settings

from entformats import rules
from entformats.identity import Account, Decision, IdentifierKind, Identity
from entformats.names import clean, compact
from entformats.rules import Level, NameOnly, Policy
from entformats.rules.levels import TIMETABLE, LevelTable, Rung, Strength
from entformats.rules.matching import MatchCounts, candidates, engine, stages
from entformats.rules.matching.remembered import Remembered, age, settle
from entformats.testing.strategies.people import Encounter, encounters

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Matcher(Protocol):
    """What `rules.match` looks like."""

    def __call__(
        self,
        sources: Iterable[Identity],
        accounts: Iterable[Identity],
        *,
        decisions: Iterable[Decision] = ...,
        policy: Policy = ...,
    ) -> rules.Matching:
        """Match."""


Check = Callable[[Matcher, Encounter], None]


def run(match: Matcher, met: Encounter) -> rules.Matching:
    """Match one encounter."""
    return match(met.sources, met.accounts, decisions=met.decisions, policy=met.policy)


def bare(outcome: rules.Outcome) -> rules.Outcome:
    """Take suggestions and `taken_by` flags away."""
    match outcome:
        case rules.Unmatched():
            return evolve(outcome, suggestions=())
        case rules.Ambiguous(candidates=listed):
            return evolve(outcome, candidates=tuple(evolve(one, taken_by=None) for one in listed))
        case _:
            return outcome


def stripped(matching: Mapping[str, rules.Outcome]) -> dict[str, rules.Outcome]:
    """Take suggestions and flags away everywhere."""
    return {ref: bare(outcome) for ref, outcome in matching.items()}


def code(person: Identity) -> tuple[object, ...]:
    """Give what a decision is remembered under."""
    return (*person.scope, person.source_key.cleaned)


def alone(met: Encounter) -> Iterator[Identity]:
    """Give the sources whose source code no other source has: a decision about them is about nobody else."""
    codes = Counter(code(person) for person in met.sources)
    return (person for person in met.sources if codes[code(person)] == 1)


def mentioned(outcome: rules.Outcome) -> set[Account]:
    """Give every account that an outcome names."""
    match outcome:
        case rules.Matched(account=account):
            return {account}
        case rules.Ambiguous(candidates=listed):
            return {candidate.account for candidate in listed}
        case rules.Unmatched(suggestions=suggestions):
            return {suggestion.account for suggestion in suggestions}
        case rules.Conflict(accounts=accounts):
            return set(accounts)
        case rules.Dismissed():
            return set()
        case _:
            assert_never(outcome)


def check_m1(match: Matcher, met: Encounter) -> None:
    """M1 totality: every source has exactly one outcome."""
    matching = run(match, met)
    kinds = (rules.Matched, rules.Ambiguous, rules.Unmatched, rules.Conflict, rules.Dismissed)
    assert list(matching) == sorted(person.ref for person in met.sources)
    assert all(sum(isinstance(outcome, kind) for kind in kinds) == 1 for outcome in matching.values())


def check_m2(match: Matcher, met: Encounter) -> None:
    """M2 injectivity: no account is matched twice in one scope, and every clash names its claimants."""
    matching = run(match, met)
    claims = [(matching.source(ref).scope, outcome.account) for ref, outcome in matching.matched.items()]
    assert len(set(claims)) == len(claims)
    for ref, clash in matching.conflicts.items():
        shared = clash.reason in {rules.ConflictReason.ACCOUNT_TAKEN, rules.ConflictReason.DUPLICATE_SOURCE}
        assert ref in clash.sources
        assert (len(clash.sources) > 1) == shared


def check_m3(match: Matcher, met: Encounter) -> None:
    """M3 order: any permutation of sources, accounts and decisions gives the same result."""
    expected = run(match, met)
    for seed in range(3):
        dice = random.Random(seed)
        shuffled = Encounter(
            tuple(dice.sample(met.sources, len(met.sources))),
            tuple(dice.sample(met.accounts, len(met.accounts))),
            tuple(dice.sample(met.decisions, len(met.decisions))),
            met.policy,
        )
        assert list(run(match, shuffled).items()) == list(expected.items())


def check_m4(match: Matcher, met: Encounter) -> None:
    """M4 idempotence: once more is the same; a decision equal to an exact match changes nothing."""
    before = run(match, met)
    assert run(match, met) == before
    exact = [
        before.decide(person.ref, outcome.account, at=NOW)
        for person in alone(met)
        if isinstance(outcome := before[person.ref], rules.Matched)
        and outcome.level is Level.EXACT
        and not outcome.stale_decision
    ]
    assert run(match, evolve(met, decisions=(*met.decisions, *exact))) == before


def check_m5(match: Matcher, met: Encounter) -> None:
    """M5 symmetry: exchanging source and account keeps levels 0 to 2."""
    for source in met.sources[:3]:
        for account in met.accounts[:3]:
            if source.source_key.malformed or account.source_key.malformed:
                continue
            there = match([source], [account])[source.ref]
            back = match([account], [source])[account.ref]
            assert evidence(there) == evidence(back)


def evidence(outcome: rules.Outcome) -> tuple[object, ...] | None:
    """Give the level and the differences of a match at level 0 to 2, or the reason of a conflict."""
    match outcome:
        case rules.Matched(level=Level.IDENTIFIER | Level.EXACT | Level.NORMALISED as level):
            return level, outcome.differs, outcome.identifier
        case rules.Conflict(reason=reason):
            return (reason,)
        case _:
            return None


def check_m6(match: Matcher, met: Encounter) -> None:
    """M6 soundness: each level holds by its definition, and implies the next; dates are equal in levels 1 to 3."""
    accounts = {(account.scope, account.ref): account for account in met.accounts}
    matching = run(match, met)
    for ref, outcome in matching.matched.items():
        source = matching.source(ref)
        account = accounts[source.scope, outcome.account]
        match outcome.level:
            case Level.EXACT:
                assert is_exact(source, account)
                assert is_normalised(source, account) or not (compact(source.given) and compact(source.family))
            case Level.NORMALISED:
                assert is_normalised(source, account)
                assert is_variant(source, account)
                assert outcome.differs
            case Level.VARIANT:
                assert is_variant(source, account)
                assert not is_normalised(source, account)
            case Level.NAME:
                assert source.birth_date is None
                assert compact(source.family) == compact(account.family)
                assert compact(account.given).startswith(compact(source.given))
            case Level.IDENTIFIER:
                assert source.identifiers & account.identifiers
                assert None in {source.birth_date, account.birth_date} or source.birth_date == account.birth_date
                assert outcome.identifier is not IdentifierKind.SIECLE or source.birth_date == account.birth_date
            case Level.CLASS:
                pytest.fail("the table of timetables has no such level")
            case Level.REMEMBERED:
                assert outcome.account in {decision.account for decision in met.decisions}
            case _:
                assert_never(outcome.level)


def is_exact(one: Identity, other: Identity) -> bool:
    """Level 1, as the page says it."""
    return (
        one.birth_date is not None
        and one.birth_date == other.birth_date
        and (clean(one.given), clean(one.family)) == (clean(other.given), clean(other.family))
    )


def is_normalised(one: Identity, other: Identity) -> bool:
    """Level 2, as the page says it."""
    forms = [(compact(person.given), compact(person.family), person.birth_date) for person in (one, other)]
    return all(forms[0]) and forms[0] == forms[1]


def is_variant(one: Identity, other: Identity) -> bool:
    """Level 3, as the page says it."""
    return (
        one.birth_date is not None
        and one.birth_date == other.birth_date
        and bool(families(one) & families(other))
        and bool(givens(one) & givens(other))
    )


def families(person: Identity) -> set[str]:
    """Give the family names of level 3."""
    return {compact(person.family), compact(person.birth_family)} - {""}


def givens(person: Identity) -> set[str]:
    """Give the given names of level 3: the usual one and every prefix of the others."""
    return {compact(person.given), *map(compact, accumulate(person.other_given))} - {""}


def check_m7(match: Matcher, met: Encounter) -> None:
    """M7 kind and scope: an outcome only names accounts of its school and population, and depends on them only."""
    matching = run(match, met)
    scopes = {account.ref: account.scope for account in met.accounts}
    for ref, outcome in matching.items():
        scope = matching.source(ref).scope
        remembered = {decision.account for decision in met.decisions}
        assert all(
            scopes.get(account) == scope or account in remembered - set(scopes) for account in mentioned(outcome)
        )
    for scope in {person.scope for person in met.sources}:
        inside = Encounter(
            tuple(person for person in met.sources if person.scope == scope),
            tuple(person for person in met.accounts if person.scope == scope),
            met.decisions,
            met.policy,
        )
        assert dict(run(match, inside)) == {ref: matching[ref] for ref in run(match, inside)}


def check_m8(match: Matcher, met: Encounter) -> None:
    """M8 locality: a namesake with another birth date and no shared identifier changes nothing but suggestions.

    Where the caller accepts names without a date, uniqueness of names is evidence, so that the invariant is about the
    default policy.
    """
    policy = evolve(met.policy, name_only=NameOnly.PROPOSE)
    met = evolve(met, policy=policy)
    before = stripped(run(match, met))
    for source in met.sources[:3]:
        for born in (date(1900, 1, 1), None):
            stranger = evolve(source, ref="stranger", birth_date=born, identifiers=frozenset())
            assert stripped(run(match, evolve(met, accounts=(*met.accounts, stranger)))) == before


def check_m9(match: Matcher, met: Encounter) -> None:
    """M9 progress: a decision links an unmatched source to a free account, and touches nobody else."""
    matching = run(match, met)
    before = stripped(matching)
    for person in alone(met):
        outcome = matching[person.ref]
        if not isinstance(outcome, rules.Unmatched) or outcome.reason is rules.UnmatchedReason.MALFORMED:
            continue
        for account in free_accounts(matching, met, person)[:3]:
            decision = matching.decide(person.ref, account, by="u2", at=NOW)
            after = run(match, evolve(met, decisions=(*met.decisions, decision)))
            found = rules.Matched(account, Level.REMEMBERED, decided_at=NOW, decided_by="u2")
            assert stripped(after) == before | {person.ref: found}


def free_accounts(matching: rules.Matching, met: Encounter, person: Identity) -> list[Account]:
    """Give the accounts of a person's scope to which no source has a tentative link, and that nobody refused."""
    claimed = set(map(matching.account, matching)) | {one.account for one in met.decisions if one.refused}
    for clash in matching.conflicts.values():
        if len(clash.sources) > 1:
            claimed |= set(clash.accounts)
    return [one.ref for one in met.accounts if one.scope == person.scope and one.ref not in claimed]


def check_refusals(match: Matcher, met: Encounter) -> None:
    """An account that somebody said is not a person is in no outcome of that person (rules 1.6)."""
    answers = settle(sorted(met.decisions, key=age))
    for person in met.sources:
        refused = {one.account for one in answers if one.refused and one.scope == code(person)}
        assert not mentioned(run(match, met)[person.ref]) & refused


def check_m10(match: Matcher, met: Encounter) -> None:
    """M10 counts: the five counts add up to the number of sources, and each is that of its part."""
    matching = run(match, met)
    counts = matching.counts
    parts = (matching.matched, matching.ambiguous, matching.unmatched, matching.conflicts, matching.dismissed)
    numbers = (counts.matched, counts.ambiguous, counts.unmatched, counts.conflict, counts.dismissed)
    assert sum(numbers) == counts.total == len(matching) == len(met.sources)
    assert tuple(map(len, parts)) == numbers


some = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@some
@given(encounters())
def test_m1_totality(met: Encounter) -> None:
    """Every source has exactly one outcome."""
    check_m1(rules.match, met)


@some
@given(encounters())
def test_m2_injectivity(met: Encounter) -> None:
    """No account is matched twice; every clash is a conflict."""
    check_m2(rules.match, met)


@some
@given(encounters())
def test_m3_order(met: Encounter) -> None:
    """The order of the inputs does not matter."""
    check_m3(rules.match, met)


@some
@given(encounters())
def test_m4_idempotence(met: Encounter) -> None:
    """Running again, or confirming an exact match, changes nothing."""
    check_m4(rules.match, met)


@some
@given(encounters())
def test_m5_symmetry(met: Encounter) -> None:
    """Both sides are normalised alike."""
    check_m5(rules.match, met)


@some
@given(encounters())
def test_m6_level_soundness(met: Encounter) -> None:
    """Each level means what the page says."""
    check_m6(rules.match, met)


@some
@given(encounters())
def test_m7_kind_and_scope(met: Encounter) -> None:
    """Nobody is matched across kinds or schools."""
    check_m7(rules.match, met)


@some
@given(encounters())
def test_m8_locality(met: Encounter) -> None:
    """A stranger changes nothing."""
    check_m8(rules.match, met)


@some
@given(encounters())
def test_m9_progress(met: Encounter) -> None:
    """A decision is followed, and touches nobody else."""
    check_m9(rules.match, met)


@some
@given(encounters())
def test_m10_counts(met: Encounter) -> None:
    """The counts add up."""
    check_m10(rules.match, met)


Patch = Callable[[pytest.MonkeyPatch], Matcher]


def one_per_source_code(patch: pytest.MonkeyPatch) -> Matcher:
    """Index the sources by source code, as programs without refs do: a double entry is lost."""
    indexed = engine.by_ref

    def lossy(sources: Iterable[Identity]) -> dict[str, Identity]:
        return indexed({str(person.source_key): person for person in sources}.values())

    patch.setattr(engine, "by_ref", lossy)
    return rules.match


def everyone_wins(patch: pytest.MonkeyPatch) -> Matcher:
    """Skip stage D: whoever claims an account has it."""

    def share_out(_account: Account, links: Mapping[str, stages.Link], _sources: object) -> dict[str, rules.Outcome]:
        return {ref: link.matched for ref, link in links.items()}

    patch.setattr(stages, "share_out", share_out)
    return rules.match


def last_one_wins(patch: pytest.MonkeyPatch) -> Matcher:
    """Keep the last account read where several agree, as a plain dictionary does."""
    joined = candidates.join

    def join(
        rung: Rung, sources: Collection[Identity], accounts: Iterable[Identity], refused: candidates.Found
    ) -> candidates.Found:
        order = [account.ref for account in accounts]
        found = joined(rung, sources, accounts, refused)
        return {ref: frozenset({max(refs, key=order.index)}) for ref, refs in found.items()}

    patch.setattr(candidates, "join", join)
    return rules.match


def decisions_first(patch: pytest.MonkeyPatch) -> Matcher:
    """Follow a decision before the data."""
    nine_steps = stages.tentative

    def tentative(case: stages.Case) -> stages.Tentative:
        return case.link_remembered(case.remembered) if case.remembered else nine_steps(case)

    patch.setattr(stages, "tentative", tentative)
    return rules.match


def folds_one_side(_patch: pytest.MonkeyPatch) -> Matcher:
    """Compare the folded names of the source with the lower-case names of the account (rules 1.3, lesson 1)."""

    def lowered(person: Identity) -> Iterator[tuple[object, ...]]:
        if person.birth_date:
            yield (person.given.lower(), person.family.lower()), person.birth_date

    rungs = [evolve(rung, account_keys=lowered) if rung.level is Level.NORMALISED else rung for rung in TIMETABLE.rungs]
    return partial(rules.match, policy=Policy(table=LevelTable(tuple(rungs))))


def forgets_dates(_patch: pytest.MonkeyPatch) -> Matcher:
    """Match names, whatever the dates (rules 1.3, lesson 3)."""

    def undated(person: Identity) -> Iterator[tuple[str, str]]:
        yield compact(person.given), compact(person.family)

    blind = Rung(Level.NORMALISED, Strength.NORMALISED, undated, undated)
    return with_table(LevelTable((blind,)))


def with_table(table: LevelTable) -> Matcher:
    """Match by another table."""

    def match(
        sources: Iterable[Identity],
        accounts: Iterable[Identity],
        *,
        decisions: Iterable[Decision] = (),
        policy: Policy = Policy(),  # noqa: B008 - frozen
    ) -> rules.Matching:
        return rules.match(sources, accounts, decisions=decisions, policy=evolve(policy, table=table))

    return match


def forgets_kind(patch: pytest.MonkeyPatch) -> Matcher:
    """Look among all the accounts of the school, pupils and staff together."""

    def directory(accounts: Iterable[Identity], scopes: Iterable[engine.Scope]) -> dict[engine.Scope, Any]:
        found = list(accounts)
        return {scope: {one.ref: one for one in found if one.school == scope[0]} for scope in scopes}

    patch.setattr(engine, "directory", directory)
    return rules.match


def unique_names_match(_patch: pytest.MonkeyPatch) -> Matcher:
    """Accept unique names whatever the caller says: a namesake elsewhere undoes a match."""

    def match(
        sources: Iterable[Identity],
        accounts: Iterable[Identity],
        *,
        decisions: Iterable[Decision] = (),
        policy: Policy = Policy(),  # noqa: B008 - frozen
    ) -> rules.Matching:
        accepting = evolve(policy, name_only=NameOnly.ACCEPT_UNIQUE)
        return rules.match(sources, accounts, decisions=decisions, policy=accepting)

    return match


def elimination(patch: pytest.MonkeyPatch) -> Matcher:
    """Give an ambiguous source the one candidate that is left."""
    flag = stages.flag_taken

    def flag_taken(outcomes: Mapping[str, rules.Outcome]) -> tuple[dict[str, rules.Outcome], dict[Account, str]]:
        flagged, taken = flag(outcomes)
        for ref, outcome in flagged.items():
            if isinstance(outcome, rules.Ambiguous):
                left = [candidate.account for candidate in outcome.candidates if candidate.taken_by is None]
                if len(left) == 1:
                    flagged[ref] = rules.Matched(left[0], Level.EXACT)
        return flagged, taken

    patch.setattr(stages, "flag_taken", flag_taken)
    return rules.match


def refusals_forgotten(patch: pytest.MonkeyPatch) -> Matcher:
    """Forget what people said a person is not."""
    patch.setattr(Remembered, "refusals", lambda *_: frozenset())
    return rules.match


def dismissed_counted_twice(patch: pytest.MonkeyPatch) -> Matcher:
    """Count dismissed people among the unmatched too."""

    def counts(matching: rules.Matching) -> MatchCounts:
        kinds = Counter(type(outcome).__name__.lower() for outcome in matching.values())
        return MatchCounts(**kinds | {"unmatched": kinds["unmatched"] + kinds["dismissed"]})

    patch.setattr(rules.Matching, "counts", property(counts))
    return rules.match


MUTANTS: tuple[tuple[Check, Patch], ...] = (
    (check_m1, one_per_source_code),
    (check_m2, everyone_wins),
    (check_m3, last_one_wins),
    (check_m4, decisions_first),
    (check_m5, folds_one_side),
    (check_m6, forgets_dates),
    (check_m7, forgets_kind),
    (check_m8, unique_names_match),
    (check_m9, elimination),
    (check_m10, dismissed_counted_twice),
    (check_refusals, refusals_forgotten),
)


@pytest.mark.parametrize(("check", "mutant"), MUTANTS, ids=lambda one: one.__name__)
def test_mutant_is_seen(check: Check, mutant: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each invariant fails for the matcher that breaks it, on an example for which the real matcher passes."""
    broken = mutant(monkeypatch)

    def seen(met: Encounter) -> bool:
        try:
            check(broken, met)
        except AssertionError:
            return True
        return False

    quick = settings(max_examples=2_000, phases=[Phase.generate], derandomize=True, database=None, deadline=None)
    red = find(encounters(), seen, settings=quick)
    monkeypatch.undo()
    check(rules.match, red)


def label(outcome: rules.Outcome) -> str:
    """Name an outcome and its level or reason."""
    match outcome:
        case rules.Matched(level=level):
            return f"matched {level}"
        case rules.Unmatched(reason=reason):
            return f"unmatched {reason}"
        case rules.Conflict(reason=clash):
            return f"conflict {clash}"
        case rules.Ambiguous() | rules.Dismissed():
            return type(outcome).__name__.lower()
        case _:
            assert_never(outcome)


PRONOTE_ONLY = {"matched class", "unmatched date_mismatch", "conflict identity_changed"}
LABELS = (
    frozenset(
        [f"matched {level}" for level in Level]
        + [f"unmatched {reason}" for reason in rules.UnmatchedReason]
        + [f"conflict {reason}" for reason in rules.ConflictReason]
        + ["ambiguous", "dismissed"]
    )
    - PRONOTE_ONLY
)


@pytest.mark.slow
def test_every_outcome_is_drawn() -> None:
    """The strategy draws each outcome and level of the page in one example of a hundred at least, of 2,000."""
    drawn: Counter[str] = Counter()
    examples: list[Encounter] = []

    @settings(max_examples=2_000, phases=[Phase.generate], derandomize=True, database=None, deadline=None)
    @given(encounters())
    def draw(met: Encounter) -> None:
        examples.append(met)
        drawn.update({label(outcome) for outcome in run(rules.match, met).values()})

    draw()
    assert len(examples) >= 2_000
    assert frozenset(drawn) == LABELS
    assert {name: count for name, count in drawn.items() if count * 100 < len(examples)} == {}
