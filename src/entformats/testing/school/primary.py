"""A fictitious école as the academic directory describes it: AAF, 1er degré."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from entformats.aaf import models, values
from entformats.aaf.directory import Directory
from entformats.codes import uai
from entformats.codes.jointure import Jointure
from entformats.testing.school.names import plain
from entformats.testing.school.people import Civil, Registry

__all__ = ["primary"]

LEVELS: Final = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
CYCLES: Final = ("CYCLE I", "CYCLE II", "CYCLE III")
YOUNGEST: Final = 2022
"""Year of birth of the first level."""
IN_A_CLASS: Final = 24
YEAR: Final = 366


def primary(seed: int = 0, *, pupils: int = 60) -> Directory:
    """Tirer une école fictive: the same seed and size always give the same directory, all of it of the 1er degré.

    One teacher a class, of whom one is the head; siblings share their guardians. Written with the header `degre="1D"`,
    it is a delivery of the 1er degré, where classes have a stable identifier (aaf 3bis).

    >>> primary(7, pupils=30)
    <Directory EtabEducNat=1 Eleve=30 PersRelEleve=31 PersEducNat=2 MatiereEducNat=0 MefEducNat=0>
    """
    rng = Random(f"primary {seed}")  # text: the same stream on every version
    draft = _Draft(rng, Registry(Random(f"primary people {seed}")), 71_000 + rng.randrange(1_000))
    for number in range(pupils):
        draft.add_pupil(number, number * len(LEVELS) // pupils)
    return Directory.of([draft.school(), *draft.pupils, *draft.guardians, *draft.staff()])


class _Draft:
    """École en cours de tirage."""

    def __init__(self, rng: Random, registry: Registry, number: int) -> None:
        self._rng = rng
        self._registry = registry
        self._key = Jointure(str(number))
        self._digits = f"0749{number % 1_000:03}"
        self._families: list[tuple[str, tuple[models.Guardian, ...]]] = []
        self._classes: dict[int, values.PrimaryClassRef] = {}
        self.pupils: list[models.Pupil] = []

    @property
    def guardians(self) -> list[models.Guardian]:
        """Responsables, with their children."""
        children: dict[Jointure, list[Jointure]] = {}
        for pupil in self.pupils:
            for link in pupil.relations:
                children.setdefault(link.person, []).append(pupil.key)
        return [self._with(one, children[one.key]) for _, family in self._families for one in family]

    @staticmethod
    def _with(guardian: models.Guardian, children: Sequence[Jointure]) -> models.Guardian:
        return models.Guardian(
            key=guardian.key,
            birth_family=plain(guardian.family),
            family=guardian.family,
            given=guardian.given,
            title=guardian.title,
            home_phone="+33 4 50 00 00 00",
            mails=(f"{guardian.key}@exemple.invalid",),
            address=("1 RUE FICTIVE", "", "", ""),
            postal_code="74999",
            town="VALFICTIF",
            country="FRANCE",
            address_shared=True,
            children=tuple(children),
        )

    def school(self) -> models.School:
        """Give the structure: it declares no class, as none does in the 1er degré."""
        return models.School(
            key=self._key,
            uai=uai.parse(self._digits + uai.check_letter(self._digits)),
            name="EPPU$LES COLVERTS FICTIFS$VALFICTIF",
            type_label="ECOLE DE NIVEAU ELEMENTAIRE",
            ministry="MINISTERE DE L'EDUCATION NATIONALE",
            contract="PU",
            postal_code="74999",
            town="VALFICTIF",
            phone="+33 4 50 00 00 01",
            academy="GRENOBLE",
            contact_mail="ecole@exemple.invalid",
            sector="PUBLIC",
            district="CIRCONSCRIPTION DE VALFICTIF",
            commune="VALFICTIF",
        )

    def _class(self, level: int, number: int) -> values.PrimaryClassRef:
        rank = number // IN_A_CLASS
        name = f"{LEVELS[level]} {chr(ord('A') + rank % 26)}"
        made = values.PrimaryClassRef(self._key, name, str(90_000 + rank), "", "")
        return self._classes.setdefault(rank, made)

    def add_pupil(self, number: int, level: int) -> None:
        """Add one pupil, in a new family or in the one before."""
        sibling = bool(self._families) and self._rng.random() < 0.4  # noqa: PLR2004 - share of siblings
        civil = self._registry.civil(
            date(YOUNGEST - level, 1, 1), YEAR, family=self._families[-1][0] if sibling else ""
        )
        if not sibling:
            self._families.append((civil.family, tuple(self._family(civil))))
        own = self._class(level, number)
        flags = [self._rng.random() < 0.5 for _ in range(5)]  # noqa: PLR2004 - even chances
        family = self._families[-1][1]
        self.pupils.append(
            models.Pupil(
                key=Jointure(str(5_100_000 + number)),
                birth_date=civil.birth_date,
                birth_family=plain(civil.family),
                family=civil.family,
                given=civil.given,
                other_given=civil.other_given,
                title=civil.title,
                relations=tuple(
                    values.ParentalAuthority(one.key, "20" if one.title == "M." else "10") for one in family
                ),
                canteen=flags[0],
                transport=flags[1],
                morning_care=flags[2],
                evening_care=flags[3],
                supervised_study=flags[4],
                level=LEVELS[level] if number % 2 else f"{level + 1:02}${LEVELS[level]}",
                cycle=CYCLES[level // 3],
                school=self._key,
                class_entries=(values.ClassDate(self._key, date(2026, 9, 1), own.name),),
                classes=(own,),
                groups=(values.PrimaryClassRef(self._key, "CHORALE", "95000"),) if number % 6 == 0 else (),
            )
        )

    def _family(self, child: Civil) -> list[models.Guardian]:
        adults = [self._registry.civil(date(1980, 1, 1), YEAR * 15, family=child.family)]
        if self._rng.random() < 0.8:  # noqa: PLR2004 - share of two parents
            adults.append(self._registry.civil(date(1980, 1, 1), YEAR * 15))
        first = 5_400_000 + 10 * len(self._families)
        return [
            models.Guardian(Jointure(str(first + rank)), family=one.family, given=one.given, title=one.title)
            for rank, one in enumerate(adults)
        ]

    def staff(self) -> list[models.Staff]:
        """Give one teacher a class; the first is the head too."""
        return [self._teacher(rank) for rank in self._classes]

    def _teacher(self, rank: int) -> models.Staff:
        civil = self._registry.civil(date(1970, 1, 1), YEAR * 25)
        teaching = values.Function(self._key, "ENS", "ENSEIGNEMENT DEVANT ELEVES", "G0170", "ENSEIGNANT 1ER DEGRE")
        heading = values.Function(self._key, "DIR", "DIRECTION", "D0110", "DIRECTEUR D'ECOLE")
        return models.Staff(
            key=Jointure(str(5_700_000 + rank)),
            birth_date=civil.birth_date,
            birth_family=plain(civil.family),
            family=plain(civil.family),
            given=plain(civil.given),
            title=civil.title,
            mail=f"p{rank}@ac-exemple.invalid",
            school=self._key,
            functions=(teaching,) if rank else (heading, teaching),
            director_of=() if rank else (self._key,),
        )
