"""Teachers and other staff."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final

from attrs import define, field

from entformats.frozen import FrozenMap
from entformats.identity import Identifier, IdentifierKind, Identity, Profile, Ref
from entformats.testing.school.draft import Draft
from entformats.testing.school.people import TEACHER_SPELLINGS, Registry, Spelling, identity
from entformats.timetable import Kind, StaffMember, Teacher

__all__ = ["Staffroom"]

MAX_HOURS: Final = 18
_BIRTHS: Final = (date(1962, 1, 1), 365 * 34)
_HOMONYM: Final = 5
"""Rank of the teacher who bears the names of the first one."""


@define
class Staffroom:
    """Salle des professeurs: engages teachers as hours need them, none above 18 hours a week."""

    draft: Draft
    registry: Registry
    _teams: defaultdict[str, list[Ref]] = field(factory=lambda: defaultdict(list), init=False)
    _load: defaultdict[Ref, float] = field(factory=lambda: defaultdict(float), init=False)

    def engage(self, discipline: str, *, spelling: Spelling | None = None) -> Ref:
        """Add a teacher; `spelling` is dealt unless given."""
        draft, registry = self.draft, self.registry
        like = draft.civil[next(iter(draft.teachers))] if len(draft.teachers) == _HOMONYM else None
        name = draft.new_ref(Kind.TEACHER)
        civil = registry.civil(*_BIRTHS, like=like)
        spelling = spelling or registry.spelling(TEACHER_SPELLINGS)
        draft.civil[name] = civil = registry.renamed(civil) if spelling is Spelling.BIRTH_NAME else civil
        if spelling.by_hand:
            draft.by_hand.add(name)
        known = identity(civil, spelling, ref=name, profile=Profile.TEACHER, school=draft.uai, idpn=registry.idpn())
        draft.teachers[name] = Teacher(known, FrozenMap({"CodePostal": ("74999",)}))
        self._teams[discipline].append(name)
        return name

    def stranger(self) -> Ref:
        """Add a teacher whom no directory knows."""
        name = self.engage("", spelling=self.registry.rng.choice((Spelling.UNDATED, Spelling.NORMALISED)))
        self.draft.by_hand.discard(name)
        self.draft.strangers.add(name)
        return name

    def team(self, discipline: str, hours: float) -> list[Ref]:
        """Give the teachers of a discipline who may take these hours more, the least loaded last."""
        able = [name for name in self._teams[discipline] if self._load[name] + hours <= MAX_HOURS]
        return sorted(able, key=lambda name: -self._load[name])

    def charge(self, teacher: Ref, hours: float) -> None:
        """Add hours a week to a teacher."""
        self._load[teacher] += hours

    def hire_staff(self, count: int) -> None:
        """Add staff who are not teachers; the file gives them no birth date (edt 2.8)."""
        for _ in range(count):
            name = self.draft.new_ref(Kind.STAFF)
            self.draft.civil[name] = civil = self.registry.civil(*_BIRTHS)
            numbers = frozenset({Identifier(IdentifierKind.IDPN, self.registry.idpn())})
            known = Identity(name, Profile.STAFF, self.draft.uai, civil.given, civil.family, identifiers=numbers)
            self.draft.staff[name] = StaffMember(known)
            self.draft.by_hand.add(name)
