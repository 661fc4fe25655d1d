"""People on both sides of a match, and decisions about them, out of pools so small that they collide."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from attrs import evolve, frozen
from hypothesis import strategies as st

from entformats.identity import Decision, Identifier, IdentifierKind, Identity, Profile, SourceKey
from entformats.rules import NameOnly, Policy

__all__ = ["Encounter", "decisions", "encounters", "identities", "names", "views"]

SCHOOLS = ("0749999S", "0749998R")
GIVEN = ("Zoé", "Agathe", "Jean-Christophe", "Ана")
FAMILIES = ("LANDRIEU", "D'ARCY", "BRIVAL", "ИВАНОВА")
DATES = (date(2011, 2, 3), date(2011, 3, 2), date(1985, 12, 31))
INSTANTS = (datetime(2025, 9, 1, 8, tzinfo=UTC), datetime(2025, 10, 1, 8, tzinfo=UTC), None)
GONE = "gone"
"""Account that never exists."""

View = Callable[[Identity], Identity]


@frozen
class Encounter:
    """Rencontre: everything that one call of `rules.match` takes."""

    sources: tuple[Identity, ...]
    accounts: tuple[Identity, ...]
    decisions: tuple[Decision, ...] = ()
    policy: Policy = Policy()  # noqa: RUF009 - frozen


def as_known(person: Identity) -> Identity:
    """Tel quel."""
    return person


def capitals(person: Identity) -> Identity:
    """Majuscules: names in capitals without accents, no identifier."""
    return evolve(person, given=bare(person.given), family=bare(person.family), identifiers=frozenset())


def bare(name: str) -> str:
    """Write in capitals without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", name.upper()) if not unicodedata.combining(c))


def other_signs(person: Identity) -> Identity:
    """Autres signes: another apostrophe, a space for a hyphen, no identifier."""
    given = person.given.replace("-", " ")
    return evolve(person, given=given, family=person.family.replace("'", "\u2019"), identifiers=frozenset())


def unlinked(person: Identity) -> Identity:
    """Sans identifiant."""
    return evolve(person, identifiers=frozenset())


def birth_name(person: Identity) -> Identity:
    """Nom de naissance in place of the usual one, no identifier."""
    family = person.birth_family or person.family
    return evolve(person, family=family, birth_family="", identifiers=frozenset())


def all_given(person: Identity) -> Identity:
    """Tous les prénoms in place of the usual one, no identifier."""
    return evolve(person, given=" ".join(person.other_given) or person.given, identifiers=frozenset())


def undated(person: Identity) -> Identity:
    """Sans date."""
    return evolve(person, birth_date=None)


def cut(person: Identity) -> Identity:
    """Prénom coupé at ten characters, neither date nor identifier."""
    return evolve(person, given=person.given[:10], birth_date=None, identifiers=frozenset())


def misdated(person: Identity) -> Identity:
    """Date fausse."""
    return evolve(person, birth_date=date(2011, 2, 4))


def unusable(person: Identity) -> Identity:
    """Code source inutilisable."""
    return evolve(person, given="Jo$El")


IN_SOURCES: tuple[View, ...] = (
    as_known,
    as_known,
    unlinked,
    capitals,
    other_signs,
    birth_name,
    all_given,
    undated,
    cut,
    cut,
    misdated,
    unusable,
)
"""Views of a timetable."""
IN_ACCOUNTS: tuple[View, ...] = (as_known, as_known, as_known, unlinked, misdated)
"""Views of a directory."""


def names() -> st.SearchStrategy[str]:
    """Noms: any text, with more of the letters, signs and spaces that names are made of."""
    letters = "aàâäAÉeéîœŒæßøØłŁıİþðđ'\u2019\u02bc`-\u2010\u2011\u2013\u00a0\u202f \t.$0ÇŸ\u0301\u0308Ана"
    return st.text(st.sampled_from(letters), max_size=12) | st.text(max_size=12)


def identities(ref: str = "p") -> st.SearchStrategy[Identity]:
    """Identités: one person with a name, a date and an identifier of the pools, as the directory knows it."""
    return st.builds(
        Identity,
        ref=st.just(ref),
        profile=st.sampled_from((Profile.TEACHER, Profile.TEACHER, Profile.PUPIL)),
        school=st.sampled_from((SCHOOLS[0], *SCHOOLS)),
        given=st.sampled_from(GIVEN),
        family=st.sampled_from(FAMILIES),
        birth_family=st.sampled_from(("", "BRIVAL", "MARCHENOIR")),
        other_given=st.sampled_from((("Agathe", "Rose"), ())),
        birth_date=st.sampled_from(DATES),
        identifiers=st.builds(Identifier, st.sampled_from(IdentifierKind), st.sampled_from("12")).map(
            lambda known: frozenset({known})
        ),
    )


def views(
    known: Sequence[Identity], kinds: Sequence[View], prefix: str, *, more: int = 1
) -> st.SearchStrategy[tuple[Identity, ...]]:
    """Vues: how one system knows these people: each once, and up to `more` of them again, through one of `kinds`.

    Refs are `prefix` and a number.
    """
    once = st.tuples(*(st.tuples(st.just(person), st.sampled_from(kinds), st.booleans()) for person in known))
    again = st.lists(st.tuples(st.sampled_from(known), st.sampled_from(kinds), st.booleans()), max_size=more)
    return st.builds(lambda first, second: seen(prefix, (*first, *second)), once, again)


def seen(prefix: str, drawn: Sequence[tuple[Identity, View, bool]]) -> tuple[Identity, ...]:
    """Give each person its ref, its view and the profile that this system gives it."""
    return tuple(
        evolve(view(person), ref=f"{prefix}{i}", profile=colleague(person.profile) if aside else person.profile)
        for i, (person, view, aside) in enumerate(drawn)
    )


def colleague(profile: Profile) -> Profile:
    """Give the other profile of the same population, where there is one."""
    return Profile.STAFF if profile is Profile.TEACHER else profile


@st.composite
def decisions(
    draw: st.DrawFn, sources: Sequence[Identity], accounts: Sequence[Identity], *, max_size: int = 3
) -> tuple[Decision, ...]:
    """Décisions: answers about some of the sources; they may name accounts that are gone, or contradict each other."""
    made = []
    for _ in range(draw(st.integers(0, max_size if sources else 0))):
        source = draw(st.sampled_from(sources))
        near = tuple(account.ref for account in accounts if account.scope == source.scope)
        account = draw(st.sampled_from((*near, None, GONE)))
        key = SourceKey(f" {source.given} ", source.family, source.birth_date)
        made.append(Decision(source.profile, source.school, key, account, "u1", draw(st.sampled_from(INSTANTS))))
    return tuple(made)


@st.composite
def encounters(draw: st.DrawFn, *, name_only: Sequence[NameOnly] = tuple(NameOnly)) -> Encounter:
    """Rencontres: sources, accounts, decisions and a policy that give every outcome of `rules.match`."""
    known = draw(st.lists(identities(), min_size=1, max_size=3))
    sources, accounts = draw(views(known, IN_SOURCES, "s", more=2)), draw(views(known, IN_ACCOUNTS, "a"))
    return Encounter(
        sources, accounts, draw(decisions(sources, accounts)), Policy(name_only=draw(st.sampled_from(name_only)))
    )
