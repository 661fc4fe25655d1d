"""Comptes: who gives which profile its identifiers, and who can get them without the school (rules 6.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from attrs import frozen

from entformats.aaf.codelists import Responsibility
from entformats.aaf.degrees import Degree
from entformats.aaf.directory import Directory
from entformats.aaf.models import Pupil
from entformats.aaf.table import Category
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Account, Profile
from entformats.problems import Findings, Location, Report

__all__ = ["Holder", "HolderAccount", "Provider", "ProviderKind", "check", "holder_of", "provider", "self_registration"]


class Holder(StrEnum):
    """Titulaire d'un compte: more kinds than the profiles of a directory."""

    PUPIL = "pupil"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    STAFF = "staff"
    """Direction, vie scolaire and other staff of the Éducation nationale."""
    LOCAL_AUTHORITY = "local_authority"
    """Agents de la collectivité."""
    GUEST = "guest"
    """Invités, associations."""


def holder_of(profile: Profile) -> Holder:
    """Titulaire d'un profil de l'annuaire.

    >>> holder_of(Profile.GUARDIAN)
    <Holder.GUARDIAN: 'guardian'>
    """
    return Holder(profile.value)


class ProviderKind(StrEnum):
    """Fournisseur d'identité."""

    EDUCONNECT = "educonnect"
    ACADEMIC = "academic"
    """Compte académique, managed in Arena."""
    OTHER = "other"
    """Another one, that a structure says: agricultural schools have theirs."""
    ENT = "ent"


@frozen
class Provider:
    """Fournisseur d'identité, and how its identifiers reach people, the preferred way first, in French.

    Raises `UsageError` for another provider without a name.

    >>> Provider(ProviderKind.OTHER, "Agricoll").generated_by_ent
    False
    """

    kind: ProviderKind
    name: str
    ways: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse a provider without a name."""
        if not self.name.strip():
            raise UsageError("a provider has a name")

    @property
    def generated_by_ent(self) -> bool:
        """Identifiants générés par l'ENT: only those of its own accounts."""
        return self.kind is ProviderKind.ENT


_EDUCONNECT: Final = Provider(
    ProviderKind.EDUCONNECT, "EduConnect", ("identifiants EduConnect remis par l'établissement",)
)
_SELF_REGISTERED: Final = Provider(
    ProviderKind.EDUCONNECT,
    "EduConnect",
    (
        "auto-inscription EduConnect, avec un téléphone mobile connu de l'établissement",
        "FranceConnect",
        "identifiants EduConnect remis par l'établissement",
    ),
)
_ACADEMIC: Final = Provider(ProviderKind.ACADEMIC, "compte académique", ("rien à remettre, géré dans Arena",))
_ENT: Final = Provider(ProviderKind.ENT, "compte ENT", ("identifiants générés par l'ENT",))
_PROVIDERS: Final = FrozenMap(
    {
        Holder.PUPIL: _EDUCONNECT,
        Holder.GUARDIAN: _SELF_REGISTERED,
        Holder.TEACHER: _ACADEMIC,
        Holder.STAFF: _ACADEMIC,
        Holder.LOCAL_AUTHORITY: _ENT,
        Holder.GUEST: _ENT,
    }
)


def provider(
    holder: Holder, *, degree: Degree = Degree.SECOND, exceptions: Mapping[Holder, Provider] = FrozenMap()
) -> Provider:
    """Donner le fournisseur d'identité d'un titulaire (rules 6.1).

    `exceptions` are those of the structure, which win: an agricultural school may have another provider. Pupils of the
    first degree have an account of the ENT: nothing says that they have EduConnect [inferred].

    >>> provider(Holder.PUPIL).name, provider(Holder.TEACHER).name, provider(Holder.GUEST).name
    ('EduConnect', 'compte académique', 'compte ENT')
    """
    if holder in exceptions:
        return exceptions[holder]
    if holder is Holder.PUPIL and degree is Degree.FIRST:
        return _ENT
    return _PROVIDERS[holder]


@frozen
class HolderAccount:
    """Compte d'un titulaire: whether the ENT generated an identifier for it.

    >>> HolderAccount("3100456", Holder.PUPIL, generated=True).holder
    <Holder.PUPIL: 'pupil'>
    """

    account: Account
    holder: Holder
    generated: bool


def check(
    accounts: Iterable[HolderAccount],
    *,
    degree: Degree = Degree.SECOND,
    exceptions: Mapping[Holder, Provider] = FrozenMap(),
) -> Report:
    """Contrôler les comptes d'un établissement: the ENT generates identifiers for its own accounts only (rules 6.1).

    Emits `ent_identifier_not_needed` for each account that has one although another provider gives it, and
    `ent_identifier_missing` for each that only the ENT can give one.

    >>> check([HolderAccount("3100456", Holder.PUPIL, generated=True)]).codes
    ('ACC-403',)
    """
    findings = Findings()
    for one in sorted(accounts, key=lambda row: (row.account, row.holder)):
        given_by = provider(one.holder, degree=degree, exceptions=exceptions)
        where = Location(key=one.account)
        if one.generated and not given_by.generated_by_ent:
            findings.found("ent_identifier_not_needed", where, holder=one.holder.value, provider=given_by.name)
        if not one.generated and given_by.generated_by_ent:
            findings.found("ent_identifier_missing", where, holder=one.holder.value)
    return findings.report()


def self_registration(directory: Directory, *, school: str) -> Report:
    """Prévoir les auto-inscriptions EduConnect: the guardians of a school who will not manage alone (rules 6.1).

    EduConnect asks for a mobile number known to the school and for the birth dates of the children. Emits
    `guardian_without_mobile` and `child_without_birth_date` for each guardian with legal responsibility; bodies are
    left out. It is a prediction: numbers may be known to the school and absent from AAF [inferred]. Raises `UsageError`
    where the directory does not hold the school.

    >>> from entformats.aaf import School
    >>> from entformats.codes import jointure, uai
    >>> directory = Directory.of([School(jointure.parse("61001"), uai=uai.parse("0749999S"))])
    >>> self_registration(directory, school="0749999S").codes
    ()
    """
    view = directory.school(school)
    children: dict[Jointure, list[Pupil]] = {}
    for pupil in view.pupils.values():
        for relation in pupil.relations:
            if relation.responsibility is Responsibility.LEGAL:
                children.setdefault(relation.person, []).append(pupil)
    findings = Findings()
    for key, guardian in sorted(view.guardians.items()):
        if key not in children or not guardian.given:
            continue
        where = Location(kind=Category.GUARDIANS.value, key=key)
        if not any(number.strip() for number in (*guardian.mobiles, guardian.sms_phone)):
            findings.found("guardian_without_mobile", where)
        undated = sum(child.birth_date is None for child in children[key])
        if undated:
            findings.found("child_without_birth_date", where, children=undated)
    return findings.report()
