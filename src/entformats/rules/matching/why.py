"""Why a source has its outcome: on which evidence, what differs, what to do; in plain French or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import assert_never

from entformats.identity import Account, Identity
from entformats.problems import Lang, Problem, entry, problem
from entformats.rules.levels import Level
from entformats.rules.matching.findings import finding
from entformats.rules.matching.outcomes import Ambiguous, Conflict, Dismissed, Matched, Outcome, Suggestion, Unmatched
from entformats.rules.matching.words import DIFFERENCES, HINTS, IDENTIFIERS, LEVELS, WORDS

__all__ = ["why"]


def why(
    person: Identity,
    outcome: Outcome,
    sources: Mapping[str, Identity],
    accounts: Mapping[Account, Identity],
    refused: Iterable[Account],
    lang: Lang,
) -> str:
    """Pourquoi: explain an outcome, one sentence a line. Names people: it is for someone who may see them."""
    told = [*lines(person, outcome, sources, accounts, lang)]
    told += [WORDS[lang]["refused"].format(account_shown(one, accounts, lang)) for one in sorted(refused)]
    return "\n".join(told)


def lines(
    person: Identity,
    outcome: Outcome,
    sources: Mapping[str, Identity],
    accounts: Mapping[Account, Identity],
    lang: Lang,
) -> Iterator[str]:
    """Give the lines of an explanation."""
    yield shown(person, lang)
    match outcome:
        case Matched():
            yield from matched(outcome, accounts, lang)
        case Dismissed(at=at, by=by):
            yield WORDS[lang]["dismissed"] + decided(at, by, lang)
        case Ambiguous(candidates=candidates):
            yield from advice(finding(person, outcome), lang)
            for candidate in candidates:
                yield listed(candidate.account, candidate.taken_by, sources, accounts, lang)
        case Unmatched(suggestions=suggestions):
            yield from advice(finding(person, outcome), lang)
            for suggestion in suggestions:
                yield suggested(suggestion, sources, accounts, lang)
        case Conflict(sources=claimants):
            yield from advice(finding(person, outcome), lang)
            yield from (listed(account, None, sources, accounts, lang) for account in outcome.accounts)
            others = [sources[ref] for ref in claimants if ref != person.ref]
            yield from (WORDS[lang]["claimant"].format(shown(other, lang)) for other in others)
        case _:
            assert_never(outcome)
    if isinstance(outcome, Matched | Ambiguous | Unmatched) and outcome.stale_decision:
        yield from advice(problem("stale_decision", person=""), lang)


def matched(outcome: Matched, accounts: Mapping[Account, Identity], lang: Lang) -> Iterator[str]:
    """Explain a match: its account, its level, what differs."""
    yield WORDS[lang]["matched"].format(account_shown(outcome.account, accounts, lang))
    kind = IDENTIFIERS[lang][outcome.identifier] if outcome.identifier else ""
    narrowed = outcome.narrowed_by
    unique = LEVELS[lang][outcome.level].format(kind)
    evidence = WORDS[lang]["same_names"] if narrowed and outcome.level in {Level.CLASS, Level.NAME} else unique
    yield evidence + decided(outcome.decided_at, outcome.decided_by, lang)
    if narrowed:
        yield WORDS[lang]["narrowed"].format(HINTS[lang][narrowed])
    if outcome.differs:
        yield WORDS[lang]["differs"].format(", ".join(DIFFERENCES[lang][one] for one in sorted(outcome.differs)))
        yield WORDS[lang]["correct"]


def advice(found: Problem | None, lang: Lang) -> Iterator[str]:
    """Give the title, the explanation and the repair of a finding."""
    assert found is not None
    text = entry(found.code).text(lang)
    yield f"{text.title} ({found.code})."
    yield text.explanation
    yield WORDS[lang]["repair"].format(text.repair)


def decided(at: datetime | None, by: str | None, lang: Lang) -> str:
    """Tell when and by whom, where known, and end the sentence."""
    when = WORDS[lang]["at"].format(day(at, lang)) if at else ""
    return when + (WORDS[lang]["by"].format(by) if by else "") + "."


def day(when: date, lang: Lang) -> str:
    """Show a day: `DD/MM/YYYY` in French, ISO in English."""
    iso = date(when.year, when.month, when.day).isoformat()
    return "/".join(reversed(iso.split("-"))) if lang == "fr" else iso


def shown(person: Identity, lang: Lang) -> str:
    """Show a person: family name, given name, birth date."""
    born = day(person.birth_date, lang) if person.birth_date else WORDS[lang]["undated"]
    birth_family = f" ({person.birth_family})" if person.birth_family else ""
    return f"{person.family}{birth_family} {person.given}, {born}"


def account_shown(account: Account, accounts: Mapping[Account, Identity], lang: Lang) -> str:
    """Show an account and, where it is known, its person."""
    return f"{account}, {shown(accounts[account], lang)}" if account in accounts else account


def listed(
    account: Account,
    taken_by: str | None,
    sources: Mapping[str, Identity],
    accounts: Mapping[Account, Identity],
    lang: Lang,
) -> str:
    """Show one account of a list, and who took it."""
    taken = WORDS[lang]["taken"].format(shown(sources[taken_by], lang)) if taken_by else ""
    return WORDS[lang]["account"].format(account_shown(account, accounts, lang)) + taken


def suggested(
    suggestion: Suggestion, sources: Mapping[str, Identity], accounts: Mapping[Account, Identity], lang: Lang
) -> str:
    """Show one suggestion with its points."""
    points = (suggestion.score, suggestion.family, suggestion.given, suggestion.date)
    row = listed(suggestion.account, suggestion.taken_by, sources, accounts, lang)
    return row + WORDS[lang]["points"].format(*points)
