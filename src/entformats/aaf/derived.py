"""The old attributes of a pupil, which follow from the relations: father, mother, parental authority... (aaf 3.6.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from entformats.aaf.codelists import Link
from entformats.aaf.models import Pupil
from entformats.aaf.relations import ParentalAuthority, Relation
from entformats.codes.jointure import Jointure

__all__ = ["Derived", "derive", "disagreements"]

RELATIONS: Final = "ENTElevePersRelEleve"
QUALITIES: Final = {"": "", "CONTACT": "CONTACT", "FINANCIER": "FINANCIER", "PAIEMENT": "FINANCIER"}
"""Quality met -> the one it stands for."""
PARENTS: Final = (Link.FATHER, Link.MOTHER)
LEGAL: Final = (1, 2)
RELATED: Final = 2
"""Related people that the old attributes hold."""


@frozen
class Derived:
    """Anciens attributs, as the relations make them.

    >>> derive([Relation.parse("3400002$2$1$1$0$0"), Relation.parse("3400003$4$0$0$1$0")]).others
    (('3400003', 'CONTACT'),)
    """

    fathers: frozenset[Jointure]
    mothers: frozenset[Jointure]
    parental_authority: frozenset[Jointure]
    others: tuple[tuple[Jointure, str], ...]
    """People of any other link, with their quality: `CONTACT`, `FINANCIER` or nothing; the old attributes hold two."""


def derive(relations: Iterable[Relation]) -> Derived:
    """Déduire les anciens attributs: parents by link, parental authority by the legal code 1 or 2.

    >>> sorted(derive([Relation.parse("3400001$10$1$1$1$0")]).mothers)
    ['3400001']
    """
    links = tuple(relations)
    return Derived(
        frozenset(one.person for one in links if one.kind is Link.FATHER),
        frozenset(one.person for one in links if one.kind is Link.MOTHER),
        frozenset(one.person for one in links if one.legal in LEGAL),
        tuple((one.person, _quality(one)) for one in links if one.kind not in PARENTS),
    )


def _quality(relation: Relation) -> str:
    return "CONTACT" if relation.contact else "FINANCIER" if relation.financial else ""


def disagreements(pupil: Pupil) -> tuple[str, ...]:
    """Donner les anciens attributs that do not say what the relations say; none where one of the two is not there.

    Only attributes that the pupil has are judged. Order does not matter. Of more than two other people, the attributes
    hold any two.

    >>> shape = ("ENTElevePere", "ENTElevePersRelEleve")
    >>> links = (Relation.parse("3400001$1$1$1$0$0"),)
    >>> disagreements(Pupil(Jointure("310"), father=Jointure("3400002"), relations=links, shape=shape))
    ('ENTElevePere',)
    """
    shape = frozenset(pupil.shape)
    if RELATIONS not in shape or any(isinstance(one, ParentalAuthority) for one in pupil.relations):
        return ()
    return tuple(name for name, agrees in _judged(pupil, derive(pupil.relations)) if name in shape and not agrees)


def _judged(pupil: Pupil, derived: Derived) -> Iterator[tuple[str, bool]]:
    yield "ENTEleveParents", set(pupil.parents) == derived.fathers | derived.mothers
    yield "ENTElevePere", _one_of(pupil.father, derived.fathers)
    yield "ENTEleveMere", _one_of(pupil.mother, derived.mothers)
    yield "ENTEleveAutoriteParentale", set(pupil.parental_authority) == derived.parental_authority
    qualities = dict(derived.others)
    first, second = pupil.related_1, pupil.related_2
    yield "ENTElevePersRelEleve1", _one_of(first, frozenset(qualities))
    yield "ENTEleveQualitePersRelEleve1", _agrees(pupil.related_1_quality, first, qualities)
    if len(qualities) >= RELATED:
        yield "ENTElevePersRelEleve2", second != first and _one_of(second, frozenset(qualities))
    else:
        yield "ENTElevePersRelEleve2", second is None
    yield "ENTEleveQualitePersRelEleve2", _agrees(pupil.related_2_quality, second, qualities)


def _one_of(person: Jointure | None, people: frozenset[Jointure]) -> bool:
    return person in people if people else person is None


def _agrees(quality: str, person: Jointure | None, qualities: dict[Jointure, str]) -> bool:
    """Compare a quality with that of its person; one that is not known, or of nobody known, is not judged."""
    meant = QUALITIES.get(quality)
    return meant is None or person not in qualities or meant == qualities[person]
