"""Pupils and their guardians."""

from __future__ import annotations

from datetime import date
from typing import Final

from attrs import define, evolve, field

from entformats.frozen import FrozenMap
from entformats.identity import Identifier, IdentifierKind, Identity, Profile, Ref
from entformats.testing.school.draft import Draft
from entformats.testing.school.names import GIVEN
from entformats.testing.school.people import PUPIL_SPELLINGS, Civil, Registry, Spelling, identity
from entformats.timetable import Guardian, GuardianLink, Kind, Membership, Pupil

__all__ = ["Families"]

_SIBLINGS: Final = 0.1
_TOWNS: Final = (("74999", "VALFICTIF"), ("74998", "MONTFICTIF"), ("74997", "BOURG FICTIF"))


@define
class Families:
    """Familles: draws pupils with their guardians; some are brothers and sisters, two are homonyms."""

    draft: Draft
    registry: Registry
    _known: list[tuple[str, tuple[GuardianLink, ...]]] = field(factory=list, init=False)

    def pupil(self, age: int, homes: list[Ref], *, start: date | None = None) -> Ref:
        """Add a pupil who turns `age` in the year of the rentrée, member of `homes` from `start` to the end."""
        draft = self.draft
        name = draft.new_ref(Kind.PUPIL)
        family, links = self._family()
        spelling = self.registry.spelling(PUPIL_SPELLINGS)
        civil = evolve(self._civil(age, family), ine=self.registry.ine())
        draft.civil[name] = civil = self.registry.renamed(civil) if spelling is Spelling.BIRTH_NAME else civil
        if spelling.by_hand:
            draft.by_hand.add(name)
        known = identity(civil, spelling, ref=name, profile=Profile.PUPIL, school=draft.uai, idpn=self.registry.idpn())
        memberships = tuple(Membership(home, start or draft.calendar.start, draft.calendar.end) for home in homes)
        sex = "Masculin" if civil.title == "M." else "Feminin"
        draft.pupils[name] = Pupil(known, sex, memberships, links or self._guardians(civil.family))
        return name

    def _family(self) -> tuple[str, tuple[GuardianLink, ...]]:
        rng = self.registry.rng
        return rng.choice(self._known) if self._known and rng.random() < _SIBLINGS else ("", ())

    def _civil(self, age: int, family: str) -> Civil:
        like = next(iter(self.draft.civil.values()), None) if len(self.draft.pupils) == 1 else None
        first = date(self.draft.calendar.start.year - age, 1, 1)
        return self.registry.civil(first, 365, family=family, like=like)

    def _guardians(self, family: str) -> tuple[GuardianLink, ...]:
        rng = self.registry.rng
        titles = rng.choice((("Mme", "M."), ("Mme", "M."), ("Mme",), ("M.",)))
        postcode, town = rng.choice(_TOWNS)
        address = {"Adresse1": f"{rng.randrange(1, 90)} rue Imaginaire", "CodePostal": postcode, "Ville": town}
        links = tuple(
            GuardianLink(self._guardian(title, family, address), rank) for rank, title in enumerate(titles, start=1)
        )
        self._known.append((family, links))
        return links

    def _guardian(self, title: str, family: str, address: dict[str, str]) -> Ref:
        name = self.draft.new_ref(Kind.GUARDIAN)
        given = self.registry.rng.choice(GIVEN[title])
        numbers = frozenset({Identifier(IdentifierKind.IDPN, self.registry.idpn())})
        known = Identity(name, Profile.GUARDIAN, self.draft.uai, given, family, identifiers=numbers)
        extra = FrozenMap({key: (value,) for key, value in ({"Civilite": title} | address).items()})
        self.draft.guardians[name] = Guardian(known, extra)
        return name
