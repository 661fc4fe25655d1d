"""The wizard's questions and the mode they lead to (pilotage des classes et des groupes d'option; rules 2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from attrs import field, frozen

from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.rules.modes import GroupMode

__all__ = ["Answers", "GroupMode", "GroupSource", "MemberSource", "Question", "Refusal", "Software", "group_mode"]

E = TypeVar("E", bound=StrEnum)


class Software(StrEnum):
    """Logiciel utilisé: the program that the timetable file comes from."""

    EDT = "EDT"
    UDT = "UDT"
    STS = "STS"


class GroupSource(StrEnum):
    """Où les groupes sont créés."""

    TIMETABLE = "timetable"
    """In the timetable program."""
    DIRECTORY = "directory"
    """In STS-Web, hence in the directory (AAF)."""


class MemberSource(StrEnum):
    """Où groupes et classes sont peuplés."""

    TIMETABLE = "timetable"
    """In the timetable program."""
    ELSEWHERE = "elsewhere"


class Refusal(StrEnum):
    """Refus: why some answers lead to no mode; the value is what to tell the school."""

    AGRICULTURAL_GROUPS = (
        "Un établissement agricole n'est pas alimenté par STS-Web : ses groupes ne peuvent pas y être créés. "
        "Répondez que les groupes sont créés dans le logiciel d'emploi du temps."
    )
    AGRICULTURAL_STS = (
        "Un établissement agricole n'est pas alimenté par STS-Web : il n'en a pas de fichier d'emploi du temps. "
        "Choisissez le logiciel qui fait l'emploi du temps."
    )


def _chosen(kind: type[E], value: E | str, name: str) -> E:
    try:
        return kind(value)
    except ValueError:
        raise UsageError(f"{name} is one of {', '.join(repr(one.value) for one in kind)}, not {value!r}") from None


def _software(value: Software | str) -> Software:
    return _chosen(Software, value.upper(), "software")


def _created(value: GroupSource | str) -> GroupSource:
    return _chosen(GroupSource, value, "groups_created_in")


def _populated(value: MemberSource | str) -> MemberSource:
    return _chosen(MemberSource, value, "populated_in")


@frozen
class Answers:
    """Réponses à l'assistant. Raises `UsageError` for an answer that is none of the choices.

    Choices may be given by their values, as a form sends them. With STS the two questions on groups are moot.
    `version` is that of the program; it changes nothing but the name of the import.

    >>> group_mode(Answers("EDT", populated_in="elsewhere"))
    <GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS: 'timetable_groups_ent_members'>
    """

    software: Software = field(converter=_software)
    groups_created_in: GroupSource = field(default=GroupSource.TIMETABLE, converter=_created)
    populated_in: MemberSource = field(default=MemberSource.TIMETABLE, converter=_populated)
    agricultural: bool = False
    version: str = ""

    @property
    def import_type(self) -> str:
        """Type d'import, as the screen names it.

        >>> Answers("EDT", version="2022").import_type
        'EDT 2022'
        """
        return f"{self.software} {self.version}".rstrip()

    @property
    def outcome(self) -> GroupMode | Refusal:
        """Pilotage, ou refus expliqué: every combination of answers has one (rules 2.1).

        >>> Answers("EDT", "directory", agricultural=True).outcome.name
        'AGRICULTURAL_GROUPS'
        """
        if self.software is Software.STS:
            return Refusal.AGRICULTURAL_STS if self.agricultural else GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS
        if self.agricultural and self.groups_created_in is GroupSource.DIRECTORY:
            return Refusal.AGRICULTURAL_GROUPS
        return _MODES[self.groups_created_in, self.populated_in]


def group_mode(answers: Answers) -> GroupMode:
    """Mode d'après les réponses: the decision table of rules 2.1. Raises `UsageError` where no mode fits.

    `answers.outcome` gives the refusal as a value, to show it.

    >>> group_mode(Answers("EDT"))
    <GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS: 'timetable_groups_timetable_members'>
    """
    outcome = answers.outcome
    if isinstance(outcome, Refusal):
        raise UsageError(_REFUSED[outcome])
    return outcome


_MODES: Final[Mapping[tuple[GroupSource, MemberSource], GroupMode]] = FrozenMap(
    {
        (GroupSource.TIMETABLE, MemberSource.TIMETABLE): GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS,
        (GroupSource.TIMETABLE, MemberSource.ELSEWHERE): GroupMode.TIMETABLE_GROUPS_ENT_MEMBERS,
        (GroupSource.DIRECTORY, MemberSource.ELSEWHERE): GroupMode.DIRECTORY_GROUPS_DIRECTORY_MEMBERS,
        (GroupSource.DIRECTORY, MemberSource.TIMETABLE): GroupMode.DIRECTORY_GROUPS_TIMETABLE_MEMBERS,
    }
)
_REFUSED: Final = {
    Refusal.AGRICULTURAL_GROUPS: "an agricultural school has no groups created in STS",
    Refusal.AGRICULTURAL_STS: "an agricultural school has no file of STS",
}


@frozen
class Question:
    """Question de l'assistant: the field of `Answers` that it fills, its text, its choices as (value, label).

    Without choices the answer is free text.

    >>> [question.name for question in Question.asked()]
    ['software', 'version', 'agricultural', 'groups_created_in', 'populated_in']
    >>> Question.asked(Software.UDT)[-1].choices
    (('timetable', 'UDT'), ('elsewhere', 'Ailleurs'))
    """

    name: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()

    @classmethod
    def asked(cls, software: Software = Software.EDT, *, agricultural: bool = False) -> tuple[Question, ...]:
        """Questions à poser, dans l'ordre, once the first answers are known: those that are moot are left out.

        >>> [question.name for question in Question.asked(Software.STS)]
        ['software', 'version', 'agricultural']
        """
        first = (
            cls("software", "Logiciel utilisé", tuple((one.value, one.value) for one in Software)),
            cls("version", "Version"),
            cls("agricultural", "Établissement agricole", (("yes", "Oui"), ("no", "Non"))),
        )
        if software is Software.STS:
            return first
        created = (("timetable", software.value), ("directory", "STS"))
        return (
            *first,
            cls("groups_created_in", _CREATED_IN, created[:1] if agricultural else created),
            cls("populated_in", _POPULATED_IN, (("timetable", software.value), ("elsewhere", "Ailleurs"))),
        )


_CREATED_IN: Final = (
    "Les groupes (sous-groupes de classe, groupes d'option) utilisés dans le logiciel d'emploi du temps sont créés dans"
)
_POPULATED_IN: Final = "Les groupes et classes sont peuplés dans"
