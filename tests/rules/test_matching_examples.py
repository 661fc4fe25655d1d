"""The forty worked examples of matching (rules 1.7), one row each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import assert_never

import pytest
from attrs import evolve, frozen

from entformats import rules
from entformats.errors import InvalidValue
from entformats.identity import Decision, Identifier, IdentifierKind, Identity, Profile, read_date

SCHOOL = "0749999S"
AT = datetime(2025, 9, 1, tzinfo=UTC)
INE = frozenset({Identifier(IdentifierKind.INE, "090412000FB")})


def born(text: str) -> date | None:
    """Read a date as a reader does: an invalid one is missing."""
    try:
        return read_date(text)
    except InvalidValue:
        return None


def source(ref: str, code: str, profile: Profile = Profile.TEACHER) -> Identity:
    """Make the source person of a code; the family name of `Jo$El$VANDAMME$…` is the field before the date."""
    names, _, day = code.rpartition("$")
    given, _, family = names.rpartition("$")
    return Identity(ref, profile, SCHOOL, given, family, birth_date=born(day))


def account(text: str, profile: Profile = Profile.TEACHER) -> Identity:
    """Make an account out of `id: givenName / sn / DD/MM/YYYY`, then `patro=` and `others=`."""
    head, *options = text.split(", ", 1)
    ref, _, rest = head.partition(": ")
    given, family, day = rest.split(" / ")
    made = Identity(ref, profile, SCHOOL, given, family, birth_date=read_date(day))
    for option in options:
        key, _, value = option.partition("=")
        birth = value if key == "patro" else ""
        others = tuple(value.split(", ")) if key == "others" else ()
        made = evolve(made, birth_family=birth, other_given=others)
    return made


def told(outcome: rules.Outcome) -> str:
    """Say an outcome in a few words."""
    match outcome:
        case rules.Matched(account=ref, level=level, differs=differs):
            return " ".join([level, ref, *sorted(differs)])
        case rules.Ambiguous(candidates=candidates):
            return " ".join(["ambiguous", *(candidate.account for candidate in candidates)])
        case rules.Unmatched(reason=reason, suggestions=suggestions, stale_decision=stale):
            scores = [f"{one.account}={one.score}" for one in suggestions]
            return " ".join([reason, *(["stale"] if stale else []), *scores])
        case rules.Conflict(reason=clash, sources=sources, accounts=accounts):
            return " ".join([clash, *sources, *accounts])
        case rules.Dismissed():
            return "dismissed"
        case _:
            assert_never(outcome)


@frozen
class Row:
    """One row of the table."""

    number: int
    codes: tuple[str, ...]
    accounts: tuple[str, ...]
    outcomes: tuple[str, ...]
    decided: tuple[str | None, ...] = ()
    """Account decided for each source, or None."""


def row(number: int, code: str, accounts: str, outcome: str, *, decided: str | None = None) -> Row:
    """Write a row of one source; accounts are separated by `; `."""
    return Row(number, (code,), tuple(accounts.split("; ")), (outcome,), (decided,))


NOLWENN = "a1: Nolwenn / KERVADEC / 14/03/1981"
JEAN_MARC = "a1: Jean-Marc / VAUQUELIN / 01/12/1968"
MAELLE = "a1: Maëlle / D'ARGENCOUR / 28/02/1990"
TRISTAN = "a1: Tristan / DE LA FOURNIÈRE / 19/07/1975"
SOLENE = "a1: Solène / MARCHENOIR / 22/04/1977, patro=BRIVAL"
AGATHE = "a1: Agathe / TILLEUL / 09/09/1986, others=Agathe, Rose, Inès"
YANIS = "a1: Yanis / OUMERZOUK / 05/11/1992"
CLARAS = "a1: Clara / ESTEVENIN / 17/01/2009; a2: Clara / ESTEVENIN / 17/01/2009"
ADELES = "a1: Adèle / PONTCALLEC / 02/08/2010; a2: Adele / PONTCALLEC / 02/08/2010"
FARID = "Farid$ZELLAMI$1970-01-01"
ZOE = "a1: Zoé / LANDRIEU / 03/02/2011"

ROWS = (
    row(1, "Nolwenn$KERVADEC$1981-03-14", NOLWENN, "exact a1"),
    row(2, "nolwenn$Kervadec$1981-03-14", NOLWENN, "normalised a1 case"),
    row(3, "Anais$LEBRETON$1979-06-30", "a1: Anaïs / LEBRETON / 30/06/1979", "normalised a1 accents"),
    row(4, "Jean Marc$VAUQUELIN$1968-12-01", JEAN_MARC, "normalised a1 separators"),
    row(5, "Jeanmarc$VAUQUELIN$1968-12-01", JEAN_MARC, "normalised a1 case separators"),
    row(6, "Maëlle$D\u2019ARGENCOUR$1990-02-28", MAELLE, "exact a1"),
    row(7, "Maëlle$DARGENCOUR$1990-02-28", MAELLE, "normalised a1 separators"),
    row(8, "Tristan$DE LA FOURNIERE$1975-07-19", TRISTAN, "normalised a1 accents"),
    row(9, "Tristan$LA FOURNIERE$1975-07-19", TRISTAN, "no_candidate a1=10"),
    row(10, "Côme$LEBŒUF$1983-10-05", "a1: Come / LEBOEUF / 05/10/1983", "normalised a1 accents"),
    row(11, "Solène$BRIVAL$1977-04-22", SOLENE, "variant a1 birth_family"),
    row(12, "Solène$BRIVAL-MARCHENOIR$1977-04-22", SOLENE, "no_candidate a1=11"),
    row(13, "Agathe Rose$TILLEUL$1986-09-09", AGATHE, "variant a1 given_names"),
    row(14, "Rose$TILLEUL$1986-09-09", AGATHE, "no_candidate a1=11"),
    row(15, "KERVADEC$Nolwenn$1981-03-14", NOLWENN, "no_candidate a1=10"),
    row(16, "Nolwenn$KERVADEC$1981-14-03", NOLWENN, "no_birth_date a1=7"),
    row(17, "Yanis$OUMERZOUK$1992-05-11", YANIS, "no_candidate a1=9"),
    row(18, "Yanis$OUMERZOUK$", YANIS, "no_birth_date a1=7"),
    row(19, "Clara$ESTEVENIN$2009-01-17", CLARAS, "ambiguous a1 a2"),
    row(20, "Clara$ESTEVENIN$2009-01-17", CLARAS, "remembered a2", decided="a2"),
    row(
        21,
        "Clara$ESTEVENIN$2009-01-17",
        CLARAS.replace("a2: Clara / ESTEVENIN / 17/01/2009", "a2: Clara / ESTEVENIN / 17/01/2010"),
        "exact a1",
    ),
    row(22, "Adèle$PONTCALLEC$2010-08-02", ADELES, "exact a1"),
    row(23, "ADELE$PONTCALLEC$2010-08-02", ADELES, "ambiguous a1 a2"),
    row(24, FARID, "a9: Farid / ZELLAMY / 01/01/1970", "remembered a9", decided="a9"),
    row(
        25,
        FARID,
        "a8: Farid / ZELLAMI / 01/01/1970; a9: Farid / ZELLAMY / 01/01/1970",
        "decision_contradicts_exact_key s1 a8 a9",
        decided="a9",
    ),
    row(26, FARID, "a8: Farid / ZELLAMY / 01/01/1970", "no_candidate stale a8=10", decided="a9"),
    row(28, "Jo$El$VANDAMME$1980-01-02", "a1: Jo$El / VANDAMME / 02/01/1980", "malformed"),
    row(29, "Ugo$NGUYÊN$1988-03-03", "a1: Ugo / NGUYEN / 03/03/1988", "normalised a1 accents"),
    row(30, "Łukasz$STRØM$1985-05-05", "a1: Lukasz / STROM / 05/05/1985", "normalised a1 accents"),
    row(31, "Paul$SAINT-AUBRAC$1969-09-29", "a1: Paul / ST AUBRAC / 29/09/1969", "no_candidate a1=10"),
    row(32, "Lou$\u00a0MERCANTOUR\u00a0$1999-12-31", "a1: Lou / MERCANTOUR / 31/12/1999", "exact a1"),
    row(33, "M. Paul$AUBRAC$1969-09-29", "a1: Paul / AUBRAC / 29/09/1969", "no_candidate a1=10"),
    Row(
        34,
        ("Zoé$LANDRIEU$2011-02-03", "ZOE$LANDRIEU$2011-02-03"),
        (ZOE,),
        ("exact a1", "account_taken s1 s2 a1"),
    ),
    Row(
        35,
        ("Zoë$LANDRIEU$2011-02-03", "ZOE$LANDRIEU$2011-02-03"),
        (ZOE,),
        ("account_taken s1 s2 a1", "account_taken s1 s2 a1"),
    ),
    Row(
        36,
        ("Zoé$LANDRIEU$2011-02-03", "Max$TIERS$2011-02-03"),
        (ZOE,),
        ("account_taken s1 s2 a1", "account_taken s1 s2 a1"),
        (None, "a1"),
    ),
    Row(
        37,
        ("Zoé$LANDRIEU$2011-02-03", "Théo$LANDRIEU$2011-02-03"),
        (ZOE, "a2: Théo / LANDRIEU / 03/02/2011"),
        ("exact a1", "exact a2"),
    ),
    Row(
        38,
        ("Zoé$LANDRIEU$2011-02-03", "Zoé$LANDRIEU$2011-02-03"),
        (ZOE,),
        ("duplicate_source s1 s2 a1", "duplicate_source s1 s2 a1"),
    ),
    row(40, "Ана$ИВАНОВА$2010-05-05", "a1: Ана / ИВАНОВА / 05/05/2010", "exact a1"),
)


@pytest.mark.parametrize("example", ROWS, ids=lambda example: str(example.number))
def test_worked_example(example: Row) -> None:
    """Each row gives the outcome of the page, its suggestions with their scores."""
    sources = [source(f"s{i}", code) for i, code in enumerate(example.codes, 1)]
    decisions = [
        Decision(person.profile, SCHOOL, person.source_key, decided, at=AT)
        for person, decided in zip(sources, example.decided, strict=False)
        if decided
    ]
    matching = rules.match(sources, map(account, example.accounts), decisions=decisions)
    assert tuple(told(matching[person.ref]) for person in sources) == example.outcomes


def test_worked_example_27() -> None:
    """Row 27: a teacher is never a pupil, and the pupil is not even suggested."""
    teacher = source("s1", "Inès$MAURANT$2008-11-23")
    pupil = account("p1: Inès / MAURANT / 23/11/2008", Profile.PUPIL)
    assert told(rules.match([teacher], [pupil])["s1"]) == "no_candidate"


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2011-02-03", "identifier a2"), ("", "identifier a2"), ("2011-02-04", "date_contradiction s1 a2")],
)
def test_worked_example_39(day: str, expected: str) -> None:
    """Row 39: the INE prevails over the names, unless both dates are known and differ."""
    pupil = evolve(source("s1", f"Zoé$LANDRIEU${day}", Profile.PUPIL), identifiers=INE)
    named = account(ZOE, Profile.PUPIL)
    numbered = evolve(account("a2: Zoé / LANDRIEUX / 03/02/2011", Profile.PUPIL), identifiers=INE)
    assert told(rules.match([pupil], [named, numbered])["s1"]) == expected


def test_every_row_is_there() -> None:
    """The forty rows of the page are tested, each once."""
    assert sorted([*(example.number for example in ROWS), 27, 39]) == list(range(1, 41))
