"""Who gives identifiers to whom, and who can get them alone (rules 6.1)."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entformats.aaf import Degree, Directory, Guardian, Pupil, Relation, School
from entformats.codes.jointure import Jointure
from entformats.codes.uai import Uai
from entformats.errors import UsageError
from entformats.identity import Profile
from entformats.rules.accounts import (
    Holder,
    HolderAccount,
    Provider,
    ProviderKind,
    check,
    holder_of,
    provider,
    self_registration,
)

AGRICULTURAL = {
    Holder.PUPIL: Provider(ProviderKind.OTHER, "codes d'activation du ministère de l'agriculture"),
    Holder.GUARDIAN: Provider(ProviderKind.OTHER, "codes d'activation du ministère de l'agriculture"),
}
SHEET = {
    Holder.PUPIL: ProviderKind.EDUCONNECT,
    Holder.GUARDIAN: ProviderKind.EDUCONNECT,
    Holder.TEACHER: ProviderKind.ACADEMIC,
    Holder.STAFF: ProviderKind.ACADEMIC,
    Holder.LOCAL_AUTHORITY: ProviderKind.ENT,
    Holder.GUEST: ProviderKind.ENT,
}


@pytest.mark.parametrize("holder", Holder)
def test_table(holder: Holder) -> None:
    """Each holder has the provider of section 6.1, and a way to get the identifiers."""
    assert provider(holder).kind is SHEET[holder]
    assert provider(holder).ways


def test_every_profile_is_a_holder() -> None:
    """What a directory delivers has a provider."""
    assert [holder_of(profile).value for profile in Profile] == [profile.value for profile in Profile]


def test_guardians_register_by_themselves_first() -> None:
    """Self-registration, then FranceConnect, then what the school hands out."""
    first, second, third = provider(Holder.GUARDIAN).ways
    assert ("auto-inscription" in first, second, "remis" in third) == (True, "FranceConnect", True)


def test_exceptions_of_a_structure_win() -> None:
    """An agricultural school has another provider for its families, and the same one for its staff."""
    assert provider(Holder.PUPIL, exceptions=AGRICULTURAL).kind is ProviderKind.OTHER
    assert provider(Holder.TEACHER, exceptions=AGRICULTURAL).kind is ProviderKind.ACADEMIC
    assert provider(Holder.PUPIL, degree=Degree.FIRST).kind is ProviderKind.ENT
    assert provider(Holder.PUPIL, degree=Degree.FIRST, exceptions=AGRICULTURAL).kind is ProviderKind.OTHER
    assert provider(Holder.GUARDIAN, degree=Degree.FIRST).kind is ProviderKind.EDUCONNECT


def test_a_provider_has_a_name() -> None:
    """It is the caller's mistake."""
    with pytest.raises(UsageError, match="name"):
        Provider(ProviderKind.OTHER, " ")


@given(
    st.dictionaries(st.integers(1, 9).map(str), st.tuples(st.sampled_from(Holder), st.booleans())),
    st.sampled_from(Degree),
    st.sampled_from([{}, AGRICULTURAL]),
)
def test_the_ent_generates_for_its_own_accounts_only(
    drawn: dict[str, tuple[Holder, bool]], degree: Degree, exceptions: dict[Holder, Provider]
) -> None:
    """Exactly: an identifier where another provider gives it is too much, none where only the ENT can is too little."""
    rows = [HolderAccount(account, holder, generated) for account, (holder, generated) in drawn.items()]
    report = check(rows, degree=degree, exceptions=exceptions)
    assert check(reversed(rows), degree=degree, exceptions=exceptions) == report
    ours = {
        account: provider(holder, degree=degree, exceptions=exceptions).kind is ProviderKind.ENT
        for account, (holder, _) in drawn.items()
    }
    found = {(one.slug, one.where.key) for one in report.problems}
    expected = {
        ("ent_identifier_missing" if ours[account] else "ent_identifier_not_needed", account)
        for account, (_, generated) in drawn.items()
        if generated != ours[account]
    }
    assert found == expected


class TestSelfRegistration:
    """Guardians who will not register alone."""

    SCHOOL = School(Jointure("61001"), uai=Uai("0749999S"))
    CHILD = Pupil(
        Jointure("310"),
        school=SCHOOL.key,
        birth_date=date(2011, 3, 4),
        relations=(Relation.parse("340$10$1$1$1$0"), Relation.parse("341$20$0$0$0$0")),
    )
    MOTHER = Guardian(Jointure("340"), given="Odile", mobiles=("+33 6 39 98 00 01",))
    FRIEND = Guardian(Jointure("341"), given="Lyes")

    def found(self, *records: Pupil | Guardian) -> list[tuple[str, str | None]]:
        """Predict, over a school and some people."""
        report = self_registration(Directory.of([self.SCHOOL, *records]), school="0749999S")
        return [(one.slug, one.where.key) for one in report.problems]

    def test_all_is_known(self) -> None:
        """A mobile or a number for short messages, and every birth date; others than legal guardians do not count."""
        assert self.found(self.CHILD, self.MOTHER, self.FRIEND) == []
        assert self.found(self.CHILD, evolve(self.MOTHER, mobiles=(), sms_phone="0639980001")) == []

    def test_no_mobile(self) -> None:
        """An empty number is none; a number at home is not asked for."""
        mother = evolve(self.MOTHER, mobiles=(" ",), home_phone="0639980001")
        assert self.found(self.CHILD, mother) == [("guardian_without_mobile", "340")]

    def test_no_birth_date(self) -> None:
        """One undated child is enough."""
        other = evolve(self.CHILD, key=Jointure("311"), birth_date=None)
        assert self.found(self.CHILD, other, self.MOTHER) == [("child_without_birth_date", "340")]

    def test_bodies_do_not_register(self) -> None:
        """A body has no given name, and no EduConnect account of this kind."""
        assert self.found(self.CHILD, evolve(self.MOTHER, given="", mobiles=())) == []

    def test_another_school(self) -> None:
        """A school that is not in the directory is the caller's mistake."""
        with pytest.raises(UsageError):
            self_registration(Directory(), school="0749999S")
