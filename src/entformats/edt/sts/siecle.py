"""What the files of SIECLE have in common when they are written: frame, names, addresses, numbers (sts 5, 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain

from entformats.edt.index.markup import element
from entformats.edt.sts.flat import OURS, below, lines
from entformats.edt.sts.grammar import Source
from entformats.identity import IdentifierKind, Identity, Ref
from entformats.timetable import Timetable
from entformats.timetable.models import Extra

__all__ = ["addresses", "document", "french", "names_of", "own", "pupil_numbers", "section"]

ADDRESS = "ADRESSE/"


def document(timetable: Timetable, source: Source, version: str, inside: Iterable[str]) -> Iterator[str]:
    """Write a file: its school, its year, what the file that was read said besides, and the sections of the data."""
    above = below(timetable.extra, f"{source.value}/")
    year = "" if timetable.school_year is None else str(timetable.school_year)
    header = {"UAJ": timetable.uai, "ANNEE_SCOLAIRE": year, **below(timetable.extra, f"{source.value}/PARAMETRES/")}
    data = lines("DONNEES", below(timetable.extra, f"{source.value}/DONNEES/"), inside)
    written = lines("PARAMETRES", {tag: text for tag, text in header.items() if text or tag == "UAJ"})
    attributes = {path: text for path, text in above.items() if path.startswith("@")}
    yield from lines(source.value, {"@VERSION": version, **attributes}, chain(written, data))


def section(tag: str, inside: Iterable[str]) -> Iterator[str]:
    """Write a section, where there is anything in it."""
    written = list(inside)
    if written:
        yield from element(tag, {}, written)


def own(extra: Extra, others: tuple[str, ...]) -> dict[str, str]:
    """Give the texts of the element of a person: not those of another program, nor those of `others` sections."""
    return {path: texts[0] for path, texts in extra.items() if OURS.match(path) and not path.startswith(others)}


def names_of(person: Identity) -> dict[str, str]:
    """Give the names: `NOM_USAGE` only where it is not the family name (sts 5.1)."""
    usage = person.family if person.family != person.birth_family else ""
    return {"NOM_DE_FAMILLE": person.birth_family, "NOM_USAGE": usage, "PRENOM": person.given}


def french(day: date) -> str:
    """Write a date.

    >>> french(date(2022, 9, 1))
    '01/09/2022'
    """
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def addresses(people: Iterable[Extra]) -> Iterator[str]:
    """Write the addresses that people refer to, each once."""
    found: dict[str, Mapping[str, str]] = {}
    for extra in people:
        texts, number = below(extra, ADDRESS), "".join(extra.get("ADRESSE_ID", ()))
        if texts and number:
            found.setdefault(number, texts)
    return chain.from_iterable(lines("ADRESSE", {"@ADRESSE_ID": number, **texts}) for number, texts in found.items())


def pupil_numbers(timetable: Timetable) -> Mapping[Ref, str]:
    """Give each pupil an `ELEVE_ID`: the number of SIECLE, else that of the file, else one that nobody has."""
    numbers: dict[Ref, str] = {}
    taken: set[str] = set()
    for known in (True, False):
        for name, pupil in timetable.pupils.items():
            found = {one.value for one in pupil.identity.identifiers if one.kind is IdentifierKind.SIECLE}
            if name not in numbers and (found or not known):
                number = _free(name.partition(":")[2].strip(), found if known else set(), taken)
                if number or not known:
                    numbers[name] = number or _made(taken)
                    taken.add(numbers[name])
    return numbers


def _free(ident: str, found: set[str], taken: set[str]) -> str:
    """Give a number that is not taken: of those found, the one by which the pupil is named, else the least."""
    if ident not in taken and (ident in found or not found):
        return ident
    return min(found - taken, default="")


def _made(taken: set[str]) -> str:
    number = 1
    while str(number) in taken:
        number += 1
    return str(number)
