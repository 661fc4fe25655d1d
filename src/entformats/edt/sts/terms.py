"""Nomenclatures of STS-Web and SIECLE, typed: what `Timetable.extra` keeps of them, by path (sts 2.2, 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from entformats.edt.sts import values
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.timetable import Timetable

__all__ = ["CompulsoryOption", "Nomenclatures", "Programme", "Term", "nomenclatures"]

Texts = Mapping[str, str]

_PATH = re.compile(r"(STS_EDT/NOMENCLATURES|BEE_NOMENCLATURES/DONNEES)/\w+/(\w+)(?:\[(\d+)\])?/([^/]+)", re.ASCII)
_CODE = re.compile(r"@(?:CODE(?:_[A-Z0-9_]+)?|TAUX)|CODE")
LABELS = ("LIBELLE_COURT", "LIBELLE_LONG", "LIBELLE_EDITION")


@frozen
class Term:
    """Terme d'une nomenclature: a code and its labels; `others` is what else the file says of it.

    >>> Term("CIVILITE", "1", "M.", "MONSIEUR").code
    '1'
    """

    kind: str
    """Name of its element: `CIVILITE`, `MEF`, `MOD_COURS`, `REGIME`..."""
    code: str
    short_label: str = ""
    label: str = ""
    printed_label: str = ""
    others: FrozenMap[str, str] = field(factory=FrozenMap)


@frozen
class Programme:
    """Programme: a subject of a MEF, with its weekly minutes; the modality is said by SIECLE only (sts 2.2, 7).

    >>> Programme("10110001110", "061300", "S", 270).minutes
    270
    """

    mef: str
    subject: str
    modality: str = ""
    minutes: int | None = None


@frozen
class CompulsoryOption:
    """Option obligatoire d'un MEF; `rank` 1 is the first modern language (sts 7).

    >>> CompulsoryOption("10110001110", "030201", 1).rank
    1
    """

    mef: str
    subject: str
    rank: int | None


@frozen(repr=False)
class Nomenclatures:
    """Nomenclatures: all terms, those of `sts_emp` before those of SIECLE, then programmes and compulsory options.

    >>> Nomenclatures(terms=(Term("CIVILITE", "1", "M."),)).of("CIVILITE")["1"].short_label
    'M.'
    """

    terms: tuple[Term, ...] = ()
    programmes: tuple[Programme, ...] = ()
    compulsory_options: tuple[CompulsoryOption, ...] = ()

    def of(self, kind: str) -> FrozenMap[str, Term]:
        """Give the terms of one kind by code; of two of one code, the first."""
        found: dict[str, Term] = {}
        for term in self.terms:
            if term.kind == kind:
                found.setdefault(term.code, term)
        return FrozenMap(found)

    def __repr__(self) -> str:
        """Show the sizes."""
        return f"<Nomenclatures {len(self.terms)} terms, {len(self.programmes)} programmes>"


def nomenclatures(timetable: Timetable) -> Nomenclatures:
    """Donner les nomenclatures d'un emploi du temps de STS-Web ou de SIECLE, but subjects, which it holds itself.

    Hours and ranks that are no numbers are None; their texts stay in `Timetable.extra`.

    >>> nomenclatures(Timetable("0749999S"))
    <Nomenclatures 0 terms, 0 programmes>
    """
    entries: dict[tuple[str, str, str], dict[str, str]] = {}
    for path, texts in timetable.extra.items():
        if found := _PATH.fullmatch(path):
            entries.setdefault((found[1], found[2], found[3] or "1"), {})[found[4]] = texts[0]
    told = sorted(entries, key=lambda one: one[0], reverse=True)
    rows = [(kind, entries[place, kind, number]) for place, kind, number in told]
    return Nomenclatures(
        tuple(_terms(rows)),
        tuple(_programme(texts) for kind, texts in rows if kind == "PROGRAMME"),
        tuple(_option(texts) for kind, texts in rows if kind == "OPTION_OBLIGATOIRE"),
    )


def _terms(rows: list[tuple[str, dict[str, str]]]) -> Iterator[Term]:
    for kind, texts in rows:
        code = next((name for name in texts if _CODE.fullmatch(name)), "")
        if code and kind not in {"PROGRAMME", "OPTION_OBLIGATOIRE"}:
            rest = FrozenMap((name, text) for name, text in texts.items() if name != code and name not in LABELS)
            short, label, printed = (texts.get(label, "") for label in LABELS)
            yield Term(kind, texts[code], short, label, printed, rest)


def _programme(texts: Texts) -> Programme:
    try:
        minutes = values.hours(texts.get("HORAIRE", ""))
    except InvalidValue:
        minutes = None
    modality = texts.get("CODE_MODALITE_ELECT", "")
    return Programme(texts.get("CODE_MEF", ""), texts.get("CODE_MATIERE", ""), modality, minutes)


def _option(texts: Texts) -> CompulsoryOption:
    rank = texts.get("RANG_OPTION", "")
    known = int(rank) if rank.isascii() and rank.isdecimal() else None
    return CompulsoryOption(texts.get("CODE_MEF", ""), texts.get("CODE_MATIERE", ""), known)
