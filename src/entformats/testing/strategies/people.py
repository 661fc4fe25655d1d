"""People on both sides of a match, and decisions about them, out of pools so small that they collide."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from attrs import evolve, frozen
from hypothesis import strategies as st

from entformats.identity import Decision, Identifier, IdentifierKind, Identity, Profile, SourceKey
from entformats.rules import NameOnly, Policy

__all__ = ["Encounter", "encounters", "identities", "names"]

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


Glance = tuple[int, View, bool]
"""Number of the person looked at, how, and whether the other profile of the population is given."""
Answer = tuple[int, int, datetime | None]
"""Number of a source, number of a choice, instant."""
REFUSED = 50
"""Choice from which an answer is a refusal, of sixty."""
MANY = 3
"""People of one encounter, at most, each seen once or more."""


def glances(kinds: Sequence[View], *, more: int) -> st.SearchStrategy[list[Glance]]:
    """Regards: how one system sees each of `MANY` people, and up to `more` of them again."""
    once = [st.tuples(st.just(i), st.sampled_from(kinds), st.booleans()) for i in range(MANY)]
    again = st.lists(st.tuples(st.integers(0, MANY - 1), st.sampled_from(kinds), st.booleans()), max_size=more)
    return st.builds(lambda first, second: [*first, *second], st.tuples(*once), again)


def seen(prefix: str, known: Sequence[Identity], drawn: Sequence[Glance]) -> tuple[Identity, ...]:
    """Vus: the people that one system knows; refs are `prefix` and a number. A glance at nobody is dropped."""
    looked = [(known[who], view, aside) for who, view, aside in drawn if who < len(known)]
    return tuple(
        evolve(view(person), ref=f"{prefix}{i}", profile=colleague(person.profile) if aside else person.profile)
        for i, (person, view, aside) in enumerate(looked)
    )


def colleague(profile: Profile) -> Profile:
    """Give the other profile of the same population, where there is one."""
    return Profile.STAFF if profile is Profile.TEACHER else profile


def decided(sources: Sequence[Identity], accounts: Sequence[Identity], drawn: Sequence[Answer]) -> tuple[Decision, ...]:
    """Décidé: answers about the sources; they may dismiss, name an account that is gone, or contradict each other."""
    return tuple(answer(sources[who % len(sources)], accounts, choice, at) for who, choice, at in drawn if sources)


def answer(source: Identity, accounts: Sequence[Identity], choice: int, at: datetime | None) -> Decision:
    """Make one decision about a source; an account near it is chosen three times out of four, some are refused."""
    near = [account.ref for account in accounts if account.scope == source.scope]
    choices = (*near, *near, *near, None, GONE)
    key = SourceKey(f" {source.given} ", source.family, source.birth_date)
    account = choices[choice % len(choices)]
    return Decision(
        source.profile, source.school, key, account, "u1", at, refused=choice >= REFUSED and account is not None
    )


def encounters(*, name_only: Sequence[NameOnly] = tuple(NameOnly)) -> st.SearchStrategy[Encounter]:
    """Rencontres: sources, accounts, decisions and a policy that give every outcome of `rules.match`."""
    answers = st.tuples(st.integers(0, 9), st.integers(0, 59), st.sampled_from(INSTANTS))
    return st.builds(
        encounter,
        st.lists(identities(), min_size=1, max_size=MANY),
        glances(IN_SOURCES, more=2),
        glances(IN_ACCOUNTS, more=1),
        st.lists(answers, max_size=5),
        st.sampled_from(name_only),
    )


def encounter(
    known: Sequence[Identity],
    in_sources: Sequence[Glance],
    in_accounts: Sequence[Glance],
    answers: Sequence[Answer],
    name_only: NameOnly,
) -> Encounter:
    """Put an encounter together."""
    sources, accounts = seen("s", known, in_sources), seen("a", known, in_accounts)
    return Encounter(sources, accounts, decided(sources, accounts, answers), Policy(name_only=name_only))
