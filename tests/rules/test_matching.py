"""Matching as its user sees it: the mapping and its views, decisions, names without a date, explanations."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given

from entformats import rules
from entformats.errors import UsageError
from entformats.identity import Decision, Identifier, IdentifierKind, Identity, Population, Profile
from entformats.problems import Lang, entry
from entformats.rules import Level, NameOnly, Policy
from entformats.rules.matching import Difference, MatchCounts
from entformats.rules.matching.differences import spelling
from entformats.testing.strategies.people import Encounter, encounters

SCHOOL, ELSEWHERE = "0749999S", "0749998R"
AT = datetime(2025, 9, 1, 8, tzinfo=UTC)
BORN = date(1974, 10, 2)
ACCEPT = Policy(name_only=NameOnly.ACCEPT_UNIQUE)


def person(ref: str, given: str = "Odile", family: str = "VALMOND", born: date | None = BORN) -> Identity:
    """Make a teacher."""
    return Identity(ref, Profile.TEACHER, SCHOOL, given, family, birth_date=born)


def decision(about: Identity, account: str | None, at: datetime | None = AT, by: str = "u1") -> Decision:
    """Decide about a person."""
    return Decision(about.profile, about.school, about.source_key, account, by, at)


def identified(about: Identity, kind: IdentifierKind, value: str = "1") -> Identity:
    """Give a person an identifier."""
    return evolve(about, identifiers=about.identifiers | {Identifier(kind, value)})


def only(sources: list[Identity], accounts: list[Identity], policy: Policy = ACCEPT) -> rules.Outcome:
    """Match, and give the outcome of the first source."""
    return rules.match(sources, accounts, policy=policy)[sources[0].ref]


def test_mapping() -> None:
    """A matching is a read-only mapping sorted by ref, with an account for each matched source."""
    matching = rules.match([person("t2", "Ugo"), person("t1")], [person("a1")])
    assert list(matching) == ["t1", "t2"]
    assert len(matching) == 2
    assert matching["t1"] == rules.Matched("a1", Level.EXACT)
    assert matching.account("t1") == "a1"
    assert matching.account("t2") is None
    assert matching.account("nobody") is None
    assert matching.source("t2").given == "Ugo"
    assert "nobody" not in matching


def test_nobody_at_all() -> None:
    """Nothing in, nothing out, and no division by zero."""
    matching = rules.match([], [person("a1")])
    assert matching == {}
    assert matching.counts == MatchCounts()
    assert matching.unmatched_ratio == 0


def everybody() -> rules.Matching:
    """Match people so that each of the five outcomes is there, two of them unmatched, in two populations."""
    sources = [
        person("t1"),
        person("t2", "Ugo", "ZED"),
        person("t3", "Ana", "ABEL"),
        person("t4", "Max", "TWIN"),
        person("t5", "Leo", "GONE"),
        person("t6", "Eva", "DOUBLE"),
        person("t7", "Eva", "DOUBLE"),
        evolve(person("p1"), profile=Profile.PUPIL),
    ]
    accounts = [person("a1"), person("a4", "Max", "TWIN"), person("a5", "Max", "TWIN"), person("a6", "Eva", "DOUBLE")]
    return rules.match(sources, accounts, decisions=[decision(sources[4], None)])


def test_views_are_sorted_by_name() -> None:
    """Each outcome has its view, in the order in which a school reads names."""
    matching = everybody()
    assert list(matching.matched) == ["t1"]
    assert list(matching.ambiguous) == ["t4"]
    assert list(matching.unmatched) == ["t3", "p1", "t2"]
    assert list(matching.conflicts) == ["t6", "t7"]
    assert list(matching.dismissed) == ["t5"]
    assert matching.counts == MatchCounts(1, 1, 3, 2, 1)
    assert matching.counts.total == 8
    assert matching.unmatched_ratio == 6 / 7


def test_ratio_of_the_presentation() -> None:
    """Three people unmatched out of thirty-five are 8.6 % (rules 1.6, Thresholds)."""
    sources = [person(f"t{i:02}", family=f"NOM{i:02}X") for i in range(35)]
    matching = rules.match(sources, [evolve(one, ref=f"a{one.ref}") for one in sources[3:]])
    assert matching.counts.unrecognised == 3
    assert round(matching.unmatched_ratio, 3) == 0.086


def test_only_a_part() -> None:
    """A screen shows teachers, then pupils, or one school."""
    matching = everybody()
    assert list(matching.only(profile=Profile.PUPIL)) == ["p1"]
    assert list(matching.only(population=Population.STAFF)) == [f"t{i}" for i in range(1, 8)]
    assert matching.only(school=SCHOOL) == matching
    assert len(matching.only(school=ELSEWHERE)) == 0
    assert "a4" in matching.only(profile=Profile.TEACHER).why("t4")


def test_two_sources_with_one_ref() -> None:
    """A ref names one source person."""
    with pytest.raises(UsageError, match="same ref"):
        rules.match([person("t1"), person("t1", "Ugo")], [])


def test_accounts_given_twice() -> None:
    """The same account twice is one account; two different people under one ref are a mistake."""
    assert only([person("t1")], [person("a1"), person("a1")]) == rules.Matched("a1", Level.EXACT)
    with pytest.raises(UsageError, match="same ref"):
        rules.match([person("t1")], [person("a1"), person("a1", "Ugo")])


def test_one_person_in_two_schools() -> None:
    """Each school matches its own view of an account; one ref may stand in several schools."""
    here, there = person("t1"), evolve(person("t2"), school=ELSEWHERE)
    accounts = [person("a1"), evolve(person("a1", "ODILE"), school=ELSEWHERE)]
    matching = rules.match([here, there], accounts)
    assert [matching[ref] for ref in ("t1", "t2")] == [
        rules.Matched("a1", Level.EXACT),
        rules.Matched("a1", Level.NORMALISED, differs=frozenset({Difference.CASE})),
    ]


def test_teachers_and_staff_are_one_population() -> None:
    """A librarian entered as a teacher is found among the staff."""
    assert only([person("t1")], [evolve(person("a1"), profile=Profile.STAFF)]) == rules.Matched("a1", Level.EXACT)


@pytest.mark.parametrize("kind", IdentifierKind)
def test_identifiers(kind: IdentifierKind) -> None:
    """An identifier needs the same type and value, and no other date; a SIECLE number needs the same date."""
    source = identified(person("t1", born=None), kind)
    account = identified(person("a1", "Ugo"), kind)
    other = identified(person("a2", "Ugo"), next(one for one in IdentifierKind if one is not kind))
    found = only([source], [account, other])
    if kind is IdentifierKind.SIECLE:
        assert isinstance(found, rules.Unmatched)
        dated = evolve(source, birth_date=BORN)
        assert only([dated], [account, other]) == rules.Matched("a1", Level.IDENTIFIER, kind)
    else:
        assert found == rules.Matched("a1", Level.IDENTIFIER, kind)


def test_several_accounts_of_one_identifier() -> None:
    """An identifier on two accounts is a question, whatever the names say."""
    source = identified(person("t1"), IdentifierKind.INE)
    accounts = [identified(person("a1"), IdentifierKind.INE), identified(person("a2", "Ugo"), IdentifierKind.INE)]
    assert only([source], accounts) == rules.Ambiguous((rules.Candidate("a1"), rules.Candidate("a2")))


def test_decision_and_identifier() -> None:
    """A decision for another account than the identifier's is a conflict; for the same, or a gone one, it is not."""
    source = identified(person("t1"), IdentifierKind.IDPN)
    accounts = [identified(person("a1"), IdentifierKind.IDPN), person("a2", "Ugo")]
    found = [rules.match([source], accounts, decisions=[decision(source, to)])["t1"] for to in ("a1", "a2", "gone")]
    same = rules.Matched("a1", Level.IDENTIFIER, IdentifierKind.IDPN)
    reason = rules.ConflictReason.DECISION_CONTRADICTS_IDENTIFIER
    assert found == [same, rules.Conflict(reason, ("t1",), ("a1", "a2")), evolve(same, stale_decision=True)]


def test_latest_decision_counts() -> None:
    """Of several decisions the latest counts, with or without a time zone; an undated one is the oldest."""
    source = person("t1", "Ugo")
    accounts = [person("a1"), person("a2")]
    naive = datetime(2025, 9, 1, 9)  # noqa: DTZ001 - what a careless caller gives
    made = [decision(source, "a1", None), decision(source, "a2", naive), decision(source, "a1", AT)]
    assert rules.match([source], accounts, decisions=made).account("t1") == "a2"
    assert rules.match([source], accounts, decisions=made[:1]).account("t1") == "a1"
    dismissed = decision(source, None, datetime(2025, 9, 2, tzinfo=UTC))
    assert rules.match([source], accounts, decisions=[dismissed, *made])["t1"] == rules.Dismissed(dismissed.at, "u1")


def test_suggestion_becomes_a_decision() -> None:
    """An accepted suggestion, or an account picked by hand, matches at the next run; a dismissed person stays so."""
    source, account = person("t1", born=None), person("a1")
    matching = rules.match([source], [account])
    unmatched = matching.unmatched["t1"]
    assert [one.score for one in unmatched.suggestions] == [7]
    accepted = unmatched.suggestions[0].decide(by="u1", at=AT)
    assert accepted == matching.decide("t1", "a1", by="u1", at=AT)
    again = rules.match([source], [account], decisions=[accepted])
    assert again["t1"] == rules.Matched("a1", Level.REMEMBERED, decided_at=AT, decided_by="u1")
    dismissed = rules.match([source], [account], decisions=[matching.decide("t1", None, at=AT)])
    assert dismissed["t1"] == rules.Dismissed(AT, None)


def test_suggestions_tell_who_took_the_account() -> None:
    """Of two suggested accounts of the same score, the one that is taken comes last."""
    sources = [person("t1", "Odile", "VALMONT"), person("t2")]
    accounts = [person("a1"), person("a2", "Odile", "VALMONDT"), person("a3", "Odile", "VALMOND", None)]
    unmatched = rules.match(sources, accounts).unmatched["t1"]
    assert [(one.account, one.score, one.taken_by) for one in unmatched.suggestions] == [
        ("a2", 10, None),
        ("a1", 10, "t2"),
        ("a3", 6, None),
    ]


def test_no_deduction_by_elimination() -> None:
    """A candidate that another source took stays a candidate, flagged."""
    twin = identified(person("t2", "Eva", "OTHER"), IdentifierKind.STS)
    accounts = [person("a1"), identified(person("a2"), IdentifierKind.STS)]
    matching = rules.match([person("t1"), twin], accounts)
    assert matching["t2"] == rules.Matched("a2", Level.IDENTIFIER, IdentifierKind.STS)
    assert matching["t1"] == rules.Ambiguous((rules.Candidate("a1"), rules.Candidate("a2", "t2")))


UNDATED = rules.Unmatched(rules.UnmatchedReason.NO_BIRTH_DATE)


def test_names_without_a_date_only_propose() -> None:
    """By default equal names without a date are a suggestion."""
    found = only([person("t1", born=None)], [person("a1")], Policy())
    assert isinstance(found, rules.Unmatched)
    assert found.reason is rules.UnmatchedReason.NO_BIRTH_DATE
    assert [one.account for one in found.suggestions] == ["a1"]


@pytest.mark.parametrize(
    ("sources", "accounts", "expected"),
    [
        ([person("t1", "ODILE", born=None)], [person("a1")], {Difference.CASE}),
        ([person("t1", "ODILE", born=None)], [person("a1", born=None)], {Difference.CASE}),
        ([person("t1", "Jean-Chris", born=None)], [person("a1", "Jean-Christophe")], {Difference.CUT_GIVEN}),
        ([person("t1", "Christophe", born=None)], [person("a1", "Christophe")], set()),
        (
            [person("t1", "Christophe", born=None)],
            [person("a1", "Christophe"), person("a2", "Christophe-Marie")],
            set(),
        ),
        ([person("t1", born=None)], [person("a1"), person("a2")], None),
        ([person("t1", born=None), person("t2", "ODILE", born=None)], [person("a1")], None),
        ([person("t1", born=None), person("t2", born=date(1980, 1, 1))], [person("a1")], None),
        ([person("t1", "Jean-Chri", born=None)], [person("a1", "Jean-Christophe")], None),
        ([person("t1", "Jean-Chris", "VALMON", None)], [person("a1", "Jean-Christophe")], None),
        (
            [person("t1", "Jean-Chris", born=None)],
            [person("a1", "Jean-Christophe"), person("a2", "Jean-Christian")],
            None,
        ),
        (
            [person("t1", "Jean-Chris", born=None), person("t2", "Jean-Christophe", born=None)],
            [person("a1", "Jean-Christophe")],
            None,
        ),
        ([person("t1", "Ана", "ИВАНОВА", None)], [person("a1", "Ана", "ИВАНОВА")], None),
        ([person("t1", "АнаАнаАнаА", "VALMOND", None)], [person("a1", "Ана", "VALMOND")], None),
        ([person("t1", "Jean-Chris", "ИВАНОВА", None)], [person("a1", "Jean-Christophe", "ИВАНОВА")], None),
        ([person("t1", born=date(1980, 1, 1))], [person("a1")], None),
        ([person("t1")], [person("a1", born=None)], None),
    ],
)
def test_names_without_a_date_accepted(
    sources: list[Identity], accounts: list[Identity], expected: set[Difference] | None
) -> None:
    """Where the caller allows it, names that are unique on both sides match a source without a date."""
    found = only(sources, accounts)
    if expected is None:
        assert isinstance(found, rules.Unmatched)
    else:
        assert found == rules.Matched("a1", Level.NAME, differs=frozenset(expected | {Difference.NO_BIRTH_DATE}))


def test_a_name_yields_to_everything() -> None:
    """An account claimed by a name and by a source code goes to the source code."""
    typo = identified(person("t2", "Eva", "OTHER"), IdentifierKind.STS)
    sources = [person("t1", born=None), typo]
    matching = rules.match(sources, [identified(person("a1"), IdentifierKind.STS)], policy=ACCEPT)
    assert matching["t1"] == rules.Conflict(rules.ConflictReason.ACCOUNT_TAKEN, ("t1", "t2"), ("a1",))
    assert matching.account("t2") == "a1"


def test_a_tie_with_a_double_entry() -> None:
    """In a tie, a source with the same code as another is a double entry, the third one finds the account taken."""
    other = person("t3", "Eva", "OTHER")
    sources = [person("t1"), person("t2"), other]
    matching = rules.match(sources, [person("a1")], decisions=[decision(other, "a1")])
    reasons = [clash.reason for clash in matching.conflicts.values()]
    assert sorted(reasons) == [
        rules.ConflictReason.ACCOUNT_TAKEN,
        rules.ConflictReason.DUPLICATE_SOURCE,
        rules.ConflictReason.DUPLICATE_SOURCE,
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Odile", "Odile", set()),
        ("Odile", "ODILE", {Difference.CASE}),
        ("Anaïs", "Anais", {Difference.ACCENTS}),
        ("Anaïs", "ANAIS", {Difference.ACCENTS, Difference.CASE}),
        ("Cœur", "COEUR", {Difference.ACCENTS, Difference.CASE}),
        ("Strauß", "STRAUSS", {Difference.CASE}),
        ("D'ARCY", "D ARCY", {Difference.SEPARATORS}),
        ("D'ARCY", "DARCY", {Difference.SEPARATORS}),
        ("D'ARCY", "D\u2019ARCY", set()),
    ],
)
def test_spelling(one: str, other: str, expected: set[Difference]) -> None:
    """Differences of spelling are told apart, and do not depend on the side."""
    assert spelling(one, other) == spelling(other, one) == expected


def cases() -> list[tuple[str, rules.Matching]]:
    """Give one matching for each outcome, level and reason; the source is `t1`."""
    odile, same, ugo = person("t1"), person("a1"), person("a2", "Ugo", "ZED")
    idpn = IdentifierKind.IDPN
    numbered, linked = identified(odile, idpn), identified(evolve(same, birth_family="BRIVAL"), idpn)
    accounts = [same, ugo]

    def of(
        source: Identity, *known: Identity, to: str | None = "none", more: tuple[Identity, ...] = ()
    ) -> rules.Matching:
        made = [] if to == "none" else [decision(source, to)]
        return rules.match([source, *more], known, decisions=made, policy=ACCEPT)

    return [
        ("identifier", of(numbered, linked)),
        ("exact", of(odile, *accounts)),
        ("normalised", of(person("t1", "ODILE"), *accounts)),
        ("variant", of(person("t1", family="BRIVAL"), evolve(same, birth_family="BRIVAL"))),
        ("remembered", of(person("t1", "Eva"), *accounts, to="a2")),
        ("name", of(person("t1", born=None), *accounts)),
        ("dismissed", of(odile, *accounts, to=None)),
        ("person_ambiguous", of(odile, same, person("a3"), to="gone")),
        ("malformed_source_key", of(person("t1", ""), *accounts)),
        ("person_without_birth_date", of(person("t1", "Odette", born=None), same, person("a3", "Odile", "VALMONDE"))),
        ("person_without_account", of(person("t1", "Odil", "VALMONT"), same, more=(person("t2"),))),
        ("date_contradiction", of(evolve(numbered, birth_date=date(1980, 1, 1)), linked)),
        ("decision_contradicts_identifier", of(numbered, linked, ugo, to="a2")),
        ("decision_contradicts_exact_key", of(odile, *accounts, to="a2")),
        ("account_taken", of(person("t1", "ODILE"), same, more=(person("t2"),))),
        ("duplicate_source", of(odile, same, more=(person("t2"),))),
    ]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(("name", "matching"), cases(), ids=[name for name, _ in cases()])
def test_why(name: str, matching: rules.Matching, lang: Lang) -> None:
    """Every outcome is explained in both languages: who, why, and what to do where something is wrong."""
    outcome = matching["t1"]
    text = matching.why("t1", lang)
    source = matching.source("t1")
    assert text.startswith(f"{source.family} {source.given}, ")
    assert "{" not in text
    if isinstance(outcome, rules.Matched | rules.Dismissed):
        assert matching.report.of_slug("person_without_account") == ()
        assert len(text.splitlines()) <= 5
    else:
        found = next(one for one in matching.report.problems if one.where.key == "t1")
        assert found.slug == name
        assert entry(name).text(lang).repair in text
        assert source.family not in found.message(lang)
        assert source.family in found.message(lang, show_names=True)


def test_why_word_for_word() -> None:
    """What somebody reads in French of a match, a suggestion, a conflict and a dismissed person."""
    found = dict(cases())
    assert found["identifier"].why("t1") == (
        "VALMOND Odile, 02/10/1974\n"
        "Personne reconnue : compte a1, VALMOND (BRIVAL) Odile, 02/10/1974.\n"
        "Identifiant commun : identifiant Pronote (IDPN)."
    )
    assert found["name"].why("t1", "en") == (
        "VALMOND Odile, no birth date\n"
        "Person recognised: account a1, VALMOND Odile, 1974-10-02.\n"
        "Names unique in the file and in the school; birth date not checked.\n"
        "What differs: no birth date in the file.\n"
        "Where to correct it: in the timetable program, enter the person as the account has them; if the account"
        " is wrong, at the source of the directory (SIECLE for a pupil, the management of staff otherwise)."
    )
    assert found["dismissed"].why("t1") == (
        "VALMOND Odile, 02/10/1974\n"
        "Personne écartée : elle a été déclarée absente de l'ENT et n'est plus demandée, le 01/09/2025, par u1."
    )
    assert found["person_without_account"].why("t1").splitlines()[-1] == (
        "- compte a1, VALMOND Odile, 02/10/1974 ; déjà attribué à VALMOND Odile, 02/10/1974"
        " ; 9 points sur 11 (nom 3, prénom 2, date 4)"
    )
    assert found["account_taken"].why("t1").splitlines()[-2:] == [
        "- compte a1, VALMOND Odile, 02/10/1974",
        "- réclamé aussi par VALMOND Odile, 02/10/1974",
    ]
    assert found["person_ambiguous"].why("t1").splitlines()[-3] == "Rapprochement mémorisé périmé (MATCH-530)."


def test_why_of_an_account_that_is_not_known() -> None:
    """An explanation survives an account whose person the matching does not hold."""
    matching = rules.Matching(
        rules.match([person("t1")], [person("a1")])._outcomes, rules.match([person("t1")], [person("a1")])._sources
    )
    assert matching.why("t1", "en").splitlines()[1] == "Person recognised: account a1."


def test_policy_refuses_negative_numbers() -> None:
    """A negative number of suggestions or of points is the caller's mistake."""
    with pytest.raises(UsageError, match="max_suggestions"):
        Policy(max_suggestions=-1)
    with pytest.raises(UsageError, match="suggestion_threshold"):
        Policy(suggestion_threshold=-1)


def test_report_counts() -> None:
    """The report holds one finding for each source that is not matched, and one for each stale decision."""
    source = person("t1", "Eva")
    report = rules.match([source], [person("a1")], decisions=[decision(source, "gone")]).report
    assert [one.slug for one in report.problems] == ["person_without_account", "stale_decision"]
    assert report.problems[0].where.kind == "teacher"


@given(encounters())
def test_nothing_personal_in_repr(met: Encounter) -> None:
    """The repr of a matching and of its outcomes names nobody; both survive pickling."""
    matching = rules.match(met.sources, met.accounts, decisions=met.decisions, policy=met.policy)
    text = repr(matching) + "".join(map(repr, matching.values())) + str(matching.report.problems)
    for one in (*met.sources, *met.accounts):
        assert one.family not in text
        assert "201" not in text
    assert pickle.loads(pickle.dumps(matching)) == matching  # noqa: S301 - our own bytes


class TestRefusals:
    """Answers that say who a person is not."""

    SOURCE, TWIN = person("t1"), person("a2", given="odile")

    def test_next_candidates(self) -> None:
        """A refused account leaves the levels: the next one is looked at, then nobody."""
        accounts = [person("a1"), self.TWIN]
        before = rules.match([self.SOURCE], accounts)
        no = before.refuse("t1", "a1", by="u1", at=AT)
        assert (no.refused, no.known_as, no.account) == (True, person("a1").source_key, "a1")
        assert rules.match([self.SOURCE], accounts, decisions=[no]).account("t1") == "a2"
        both = [no, before.refuse("t1", "a2", at=AT)]
        nobody = rules.match([self.SOURCE], accounts, decisions=both)
        assert nobody["t1"] == rules.Unmatched(rules.UnmatchedReason.NO_CANDIDATE)
        assert nobody.why("t1").endswith(
            "Déclaré comme une autre personne : compte a1, VALMOND Odile, 02/10/1974.\n"
            "Déclaré comme une autre personne : compte a2, VALMOND odile, 02/10/1974."
        )

    def test_a_suggestion_is_refused(self) -> None:
        """Nor is it suggested again."""
        source, account = person("t1", born=None), person("a1")
        suggestion = rules.match([source], [account]).unmatched["t1"].suggestions[0]
        no = suggestion.refuse(by="u1", at=AT)
        assert no == evolve(suggestion.decide(by="u1", at=AT), refused=True)
        assert rules.match([source], [account], decisions=[no]).unmatched["t1"].suggestions == ()
        assert rules.match([source], [account], decisions=[no], policy=ACCEPT).account("t1") is None

    def test_a_homonym_is_refused(self) -> None:
        """Of two homonyms, the refusal of one leaves the other; the decision about a stranger is nothing."""
        accounts = [person("a1"), person("a2")]
        no = evolve(decision(self.SOURCE, "a1"), refused=True)
        assert rules.match([self.SOURCE], accounts, decisions=[no]).account("t1") == "a2"
        other = evolve(no, source_key=evolve(no.source_key, given="Max"))
        assert isinstance(rules.match([self.SOURCE], accounts, decisions=[other])["t1"], rules.Ambiguous)
