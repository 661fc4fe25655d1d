"""Writing `BEE_RESPONSABLES`: guardians, their links with pupils, their addresses (sts 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from entformats.edt.index.markup import element
from entformats.edt.sts.flat import below, lines
from entformats.edt.sts.grammar import Source
from entformats.edt.sts.pupils import LEGAL
from entformats.edt.sts.siecle import addresses, document, names_of, own, pupil_numbers, section
from entformats.identity import Ref
from entformats.timetable import Guardian, GuardianLink, Kind, Timetable, ref

__all__ = ["Responsables"]

VERSION = "2.1"
CHILD = "ELEVE/"
ELSEWHERE = ("ADRESSE/", CHILD)
ORDER = ("LC_CIVILITE", "LL_CIVILITE", "NOM_DE_FAMILLE", "NOM_USAGE", "PRENOM")
RANKS: Mapping[int, Mapping[str, str]] = {
    1: {"NIVEAU_RESPONSABILITE": "1"},
    2: {"NIVEAU_RESPONSABILITE": "1", "RESP_LEGAL": "2"},
}
"""Rank of a legal guardian -> what says it: only the older element tells the second from the first (sts 6)."""


class Responsables:
    """Fichier `Responsables` of a timetable."""

    def __init__(self, timetable: Timetable) -> None:
        """Number the pupils."""
        self._timetable = timetable
        self._numbers = pupil_numbers(timetable)
        self._addresses = list(addresses(one.extra for one in timetable.guardians.values()))

    @property
    def name(self) -> str:
        """Name of the file."""
        return f"Responsables{'Avec' if self._addresses else 'Sans'}Adresses.xml"

    def lines(self) -> Iterator[str]:
        """Write the file."""
        sections = (
            element("PERSONNES", {}, chain.from_iterable(self._persons())),
            element("RESPONSABLES", {}, chain(self._links(), self._others())),
            section("ADRESSES", self._addresses),
        )
        return document(self._timetable, Source.GUARDIANS, VERSION, chain.from_iterable(sections))

    def _persons(self) -> Iterator[Iterator[str]]:
        return (_person(name, guardian) for name, guardian in self._timetable.guardians.items())

    def _links(self) -> Iterator[str]:
        """Write the links of the pupils, in their order; one with a guardian who is nobody is left out."""
        for name, pupil in self._timetable.pupils.items():
            for link in pupil.guardians:
                guardian = self._timetable.guardians.get(link.guardian)
                if guardian is not None:
                    texts = _ranked(below(guardian.extra, f"{CHILD}{_ident(name)}/"), link)
                    yield from _link(self._numbers[name], link.guardian, texts)

    def _others(self) -> Iterator[str]:
        """Write the links with pupils whom the timetable does not have, as a lone file has them."""
        for name, guardian in self._timetable.guardians.items():
            children = dict.fromkeys(path.split("/")[1] for path in guardian.extra if path.startswith(CHILD))
            for child in children:
                if ref(Kind.PUPIL, child) not in self._timetable.pupils:
                    yield from _link(child, name, below(guardian.extra, f"{CHILD}{child}/"))


def _ident(name: Ref) -> str:
    return name.partition(":")[2]


def _person(name: Ref, guardian: Guardian) -> Iterator[str]:
    texts = {**own(guardian.extra, ELSEWHERE), **names_of(guardian.identity)}
    written = {path: text for path, text in texts.items() if text}
    return lines("PERSONNE", {"@PERSONNE_ID": _ident(name), **written}, order=ORDER)


def _ranked(texts: dict[str, str], link: GuardianLink) -> Mapping[str, str]:
    """Give the texts of a link, the level as the file wrote it where it still says the same rank."""
    said = max(ranks.get(texts.get(tag, ""), 0) for tag, ranks in LEGAL.items())
    if said == link.rank:
        return texts
    return {**{tag: text for tag, text in texts.items() if tag not in LEGAL}, **RANKS.get(link.rank, {})}


def _link(child: str, guardian: Ref, texts: Mapping[str, str]) -> Iterator[str]:
    return lines("RESPONSABLE_ELEVE", {"ELEVE_ID": child, "PERSONNE_ID": _ident(guardian), **texts})
