"""Writing `BEE_ELEVES`: pupils, their options, structures and addresses (sts 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain, zip_longest

from entformats.edt.index.markup import element
from entformats.edt.sts.flat import lines
from entformats.edt.sts.grammar import Source
from entformats.edt.sts.homes import Stay, stay_of
from entformats.edt.sts.plan import Codes
from entformats.edt.sts.siecle import addresses, document, french, names_of, own, pupil_numbers, section
from entformats.errors import InvalidValue
from entformats.identity import IdentifierKind, Ref, read_date
from entformats.timetable import Kind, Pupil, Timetable, kind_of

__all__ = ["Eleves"]

VERSION = "3.0"
FOREVER = 9999
OPTIONS = ("OPTIONS_ELEVE", "OPTION_ELEVE")
ODD = ("STRUCTURE/", "/TYPE_STRUCTURE")
ELSEWHERE = ("ADRESSE/", ODD[0], *OPTIONS)
"""Beginnings of the paths of an `extra` that are those of other sections."""
INES = ("ID_NATIONAL", "INE_RNIE", "INE_BEA")
OTHER_GIVEN = ("PRENOM2", "PRENOM3")
NAMES = ("NOM_DE_FAMILLE", "NOM_USAGE", "PRENOM", *OTHER_GIVEN)
ORDER = (*INES, "ELENOET", *NAMES, "DATE_NAISS", "DATE_ENTREE", "DATE_SORTIE")
REQUIRED = frozenset({"@ELEVE_ID", "PRENOM"})
SEXES = {"1": "1", "2": "2", "masculin": "1", "feminin": "2", "féminin": "2"}
TYPES = {Kind.CLASS: "D", Kind.GROUP: "G"}


class Eleves:
    """Fichier `Eleves` of a timetable."""

    def __init__(self, timetable: Timetable, codes: Codes) -> None:
        """Number the pupils, and find where each of them is."""
        self._timetable = timetable
        self._codes = codes
        self._numbers = pupil_numbers(timetable)
        self._stays = {name: stay_of(timetable, name, pupil) for name, pupil in timetable.pupils.items()}
        self._addresses = list(addresses(pupil.extra for pupil in timetable.pupils.values()))

    @property
    def name(self) -> str:
        """Name of the file."""
        return f"Eleves{'Avec' if self._addresses else 'Sans'}Adresses.xml"

    def lines(self) -> Iterator[str]:
        """Write the file."""
        pupils = self._timetable.pupils.items()
        sections = (
            element("ELEVES", {}, chain.from_iterable(self._pupil(name, pupil) for name, pupil in pupils)),
            section("OPTIONS", chain.from_iterable(self._options(name, pupil) for name, pupil in pupils)),
            section("STRUCTURES", chain.from_iterable(self._structures(name, pupil) for name, pupil in pupils)),
            section("ADRESSES", self._addresses),
        )
        return document(self._timetable, Source.PUPILS, VERSION, chain.from_iterable(sections))

    def _pupil(self, name: Ref, pupil: Pupil) -> Iterator[str]:
        number, person, texts = self._numbers[name], pupil.identity, own(pupil.extra, ELSEWHERE)
        if person.birth_date is not None:
            texts["DATE_NAISS"] = french(person.birth_date)
        if texts.get("CODE_SEXE", "") != pupil.sex:
            texts["CODE_SEXE"] = SEXES.get(pupil.sex.casefold(), "")
        ines = sorted(one.value for one in person.identifiers if one.kind is IdentifierKind.INE)
        written = {
            "@ELEVE_ID": number,
            **texts,
            **_given(texts, INES, ines, ordered=False),
            **_given(texts, OTHER_GIVEN, list(person.other_given), ordered=True),
            **_numbers(pupil, number, texts.get("ELENOET", "")),
            **names_of(person),
            **_bounds(texts, self._stays[name], pupil),
        }
        kept = {path: text for path, text in written.items() if text or path in REQUIRED}
        return lines("ELEVE", kept, order=ORDER)

    def _options(self, name: Ref, pupil: Pupil) -> Iterator[str]:
        texts = {path: found[0] for path, found in pupil.extra.items() if path.startswith(OPTIONS)}
        return lines("OPTION", {"@ELEVE_ID": self._numbers[name], **texts}) if texts else iter(())

    def _structures(self, name: Ref, pupil: Pupil) -> Iterator[str]:
        codes = [(self._codes[home].strip(), TYPES[kind_of(home)]) for home in self._stays[name].homes]
        odd = [
            (path.removeprefix(ODD[0]).removesuffix(ODD[1]), texts[0])
            for path, texts in pupil.extra.items()
            if path.startswith(ODD[0])
        ]
        found = (
            lines("STRUCTURE", {"CODE_STRUCTURE": code, "TYPE_STRUCTURE": kind})
            for code, kind in dict.fromkeys((*codes, *odd))
            if code
        )
        inside = list(chain.from_iterable(found))
        return element("STRUCTURES_ELEVE", {"ELEVE_ID": self._numbers[name]}, inside) if inside else iter(())


def _given(texts: dict[str, str], tags: tuple[str, ...], values: list[str], *, ordered: bool) -> dict[str, str]:
    """Give values to elements, where those that the file had do not say them."""
    said = [texts[tag] for tag in tags if tag in texts]
    if said == values if ordered else set(said) == set(values):
        return {}
    return dict(zip_longest(tags, values[: len(tags)], fillvalue=""))


def _numbers(pupil: Pupil, number: str, child: str) -> dict[str, str]:
    """Give the numbers of the pupil in the school: an element, as it was, and an attribute."""
    found = {one.value for one in pupil.identity.identifiers if one.kind is IdentifierKind.SIECLE}
    kept = child if child in found else ""
    left = sorted(found - {number, kept})
    return {"ELENOET": kept or "".join(left[1:2]), "@ELENOET": "".join(left[:1])}


def _bounds(texts: dict[str, str], stay: Stay, pupil: Pupil) -> dict[str, str]:
    """Give the days of entry and exit, as the file wrote them where they still say the same."""
    if not pupil.memberships:
        return {}
    bounds = {"DATE_ENTREE": stay.entry, "DATE_SORTIE": stay.exit}
    return {tag: _bound(texts.get(tag, ""), day) for tag, day in bounds.items()}


def _bound(text: str, day: date | None) -> str:
    try:
        found = read_date(text)
    except InvalidValue:
        return text if day is None else french(day)
    if found == day or (day is None and found.year == FOREVER):
        return text
    return "" if day is None else french(day)
