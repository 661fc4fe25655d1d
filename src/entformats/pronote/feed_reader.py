"""Reading the feed of the home page: no order, namespace or page is required (pronote 7.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from entformats import _files
from entformats._files import Source
from entformats._xml import Element, XmlReader, XmlSpec
from entformats._xml.harvest import attributes, local_name
from entformats.errors import UnreadableInput, WrongFormat
from entformats.frozen import FrozenMap
from entformats.identity import Profile
from entformats.limits import Limits
from entformats.names import clean
from entformats.problems import Findings, Location, problem
from entformats.pronote.feed import (
    Absence,
    Counts,
    Event,
    Feed,
    Lateness,
    Level,
    Mark,
    MarkStatus,
    Notebook,
    PupilPages,
    Secret,
    Shortcut,
    Skill,
    Task,
)

__all__ = ["read_feed"]

T = TypeVar("T")
ROOTS = {"Eleve": Profile.PUPIL, "Parent": Profile.GUARDIAN, "Professeur": Profile.TEACHER}
ITEMS = {
    "PageReleveDeNotes": {"Devoir"},
    "PageCompetences": {"Evaluation", "Item", "Domaine"},
    "PageCahierDeTextes": {"CahierDeTextes"},
    "PageVieScolaire": {"Absence", "Retard", "PassageInfirmerie", "Punition", "Sanction", "Observation"},
    "PageMessagerie": {"Discussions", "Informations", "DocumentsCasier"},
}
"""Page -> its items; anything else is listed as unknown."""
SINGLE = {"Nom", "Prenom", "IdentifiantPronote", "ICal", "PagePronote"}
IN_PAGE = {"Titre", "Message"}
EVENTS = {"PassageInfirmerie", "Punition", "Sanction", "Observation"}
NUMBER = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,9})?", re.ASCII)
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
STATUSES = {status.value: status for status in MarkStatus}
LEVELS = {level.value: level for level in Level}
HTML = {"html_page", "not_xml", "wrong_root", "doctype_refused"}


def read_feed(source: Source, *, limits: Limits = Limits()) -> Feed:  # noqa: B008 - frozen
    """Lire le flux de la page d'accueil, d'un élève, d'un parent ou d'un professeur.

    Problems: `feed_unknown`, `feed_unreadable`. Raises `WrongFormat` (`not_a_feed`) for a page or document that is
    none, and what the XML door raises.

    >>> read_feed(b"<Eleve><PageReleveDeNotes><Devoir><Note>15,5</Note></Devoir></PageReleveDeNotes></Eleve>")
    <Feed pupil 1 pupils>
    """
    part = _files.one(source, limits=limits)
    findings = Findings(stored_per_code=limits.stored_per_code)
    try:
        xml = XmlReader(part.chunks(), XmlSpec(frozenset(ROOTS)), file=part.name, limits=limits, findings=findings)
    except UnreadableInput as error:
        if error.problem.slug in HTML:
            raise WrongFormat(problem("not_a_feed", error.problem.where)) from error
        raise
    return _Reader(xml, part.name, findings).feed()


class _Reader:
    """Lecture d'un flux."""

    __slots__ = ("_file", "_findings", "_xml")

    def __init__(self, xml: XmlReader, file: str, findings: Findings) -> None:
        self._xml = xml
        self._file = file
        self._findings = findings

    def feed(self) -> Feed:
        root = self._xml.root
        profile = ROOTS[root.name]
        pupils: list[PupilPages] = []
        own: list[Element] = []
        for element in self._xml.records():
            if profile is Profile.GUARDIAN and local_name(element) == "Eleve":
                pupils.append(self._pages(list(element)))
            else:
                own.append(element)
        mine = self._pages(own)
        if profile is Profile.PUPIL:
            pupils = [mine]
        counts = self._counts([one for one in own if local_name(one) == "PageMessagerie"])
        return Feed(
            profile,
            tuple(pupils),
            counts,
            mine.shortcuts,
            mine.calendar,
            Secret(root.attributes.get("sessionENT", "")),
            root.attributes.get("version", ""),
            self._findings.report(),
        )

    def _pages(self, elements: list[Element]) -> PupilPages:
        """Read the pages of one pupil, in any order."""
        items: dict[str, list[Element]] = {}
        single: dict[str, str] = {}
        notices: dict[str, str] = {}
        for element in elements:
            name = local_name(element)
            if name not in ITEMS:
                single.setdefault(name, (element.text or "").strip())
                if name == "PagePronote":
                    items.setdefault(name, []).append(element)
                elif name not in SINGLE:
                    self._unknown(element, name)
                continue
            for child in element:
                kind = local_name(child)
                if kind in ITEMS[name]:
                    items.setdefault(kind, []).append(child)
                elif kind not in IN_PAGE:
                    self._unknown(child, f"{name}/{kind}")
            notices[name] = _text(element, "Message")
        skills = (kind for kind in ("Evaluation", "Item", "Domaine"))
        return PupilPages(
            single.get("Nom", ""),
            single.get("Prenom", ""),
            single.get("IdentifiantPronote", ""),
            tuple(map(self._mark, items.get("Devoir", ()))),
            tuple(self._skill(kind, one) for kind in skills for one in items.get(kind, ())),
            tuple(map(self._notebook, items.get("CahierDeTextes", ()))),
            tuple(map(self._absence, items.get("Absence", ()))),
            tuple(map(self._lateness, items.get("Retard", ()))),
            tuple(self._event(kind, one) for kind in sorted(EVENTS) for one in items.get(kind, ())),
            tuple(Shortcut(attributes(one).get("nom", ""), _page(one)) for one in items.get("PagePronote", ())),
            Secret(single.get("ICal", "")),
            FrozenMap((name, text) for name, text in notices.items() if text),
        )

    def _mark(self, element: Element) -> Mark:
        raw = _text(element, "Note")
        return Mark(
            raw,
            _number(raw),
            STATUSES.get(raw.lower()),
            _number(_text(element, "Bareme")),
            _text(element, "Matiere"),
            self._day(element, "Date"),
            _page(element),
        )

    def _skill(self, kind: str, element: Element) -> Skill:
        found = next((one for one in element if local_name(one) == "NiveauDAcquisition"), None)
        raw = "" if found is None else _text(found, "Libelle")
        level = LEVELS.get(clean(raw).casefold())
        return Skill(
            kind,
            _text(element, "Competence"),
            _text(element, "Item"),
            _text(element, "Intitule"),
            _text(element, "Matiere"),
            level,
            raw,
            self._day(element, "Date"),
            _page(element),
        )

    def _notebook(self, element: Element) -> Notebook:
        done = tuple(self._task(one) for one in element if local_name(one) == "ContenuDeCours")
        tasks = tuple(self._task(one) for one in element if local_name(one) == "TravailAFaire")
        return Notebook(_text(element, "Matiere"), self._day(element, "Date"), done, tasks)

    def _task(self, element: Element) -> Task:
        sites = _texts(element, "SiteInternet")
        return Task(
            _text(element, "Titre"),
            _text(element, "Categorie"),
            _text(element, "Descriptif"),
            self._day(element, "PourLe"),
            tuple(map(Secret, _texts(element, "PieceJointe"))),
            tuple(site for site in sites if site.lower().startswith(("http://", "https://"))),
            _page(element),
        )

    def _absence(self, element: Element) -> Absence:
        return Absence(
            self._moment(element, "DateDebut"),
            self._moment(element, "DateFin"),
            _is_true(element, "EstOuverte"),
            _is_true(element, "Justifie"),
            _text(element, "Motif"),
            _page(element),
        )

    def _lateness(self, element: Element) -> Lateness:
        at = self._moment(element, "Date")
        return Lateness(at, _is_true(element, "Justifie"), _text(element, "Motif"), _page(element))

    def _event(self, kind: str, element: Element) -> Event:
        texts = {local_name(one): (one.text or "").strip() for one in element if local_name(one) != "Date"}
        return Event(kind, self._moment(element, "Date"), FrozenMap(texts), _page(element))

    def _counts(self, pages: list[Element]) -> Counts:
        held = {local_name(one): one for page in pages for one in page}

        def count(name: str, field: str) -> int | None:
            return self._read(held[name], field, int) if name in held else None

        return Counts(
            count("Discussions", "NombreMessagesNonLus"),
            count("Informations", "NombreInformationsNonLus"),
            count("DocumentsCasier", "NombreDocumentsCasierNonLus"),
        )

    def _day(self, element: Element, name: str) -> date | None:
        moment = self._moment(element, name)
        return moment.date() if moment else None

    def _moment(self, element: Element, name: str) -> datetime | None:
        return self._read(element, name, _moment)

    def _read(self, element: Element, name: str, read: Callable[[str], T]) -> T | None:
        """Read one value; None for an empty one, and, reported, for one that cannot be read."""
        text = _text(element, name)
        try:
            return read(text) if text else None
        except ValueError:
            where = Location(self._file, self._xml.line(element), kind=local_name(element), attribute=name)
            self._findings.found("feed_unreadable", where, attribute=name, value=text)
            return None

    def _unknown(self, element: Element, path: str) -> None:
        self._findings.found("feed_unknown", Location(self._file, self._xml.line(element)), path=path)


def _texts(element: Element, name: str) -> tuple[str, ...]:
    texts = ((one.text or "").strip() for one in element if local_name(one) == name)
    return tuple(filter(None, texts))


def _text(element: Element, name: str) -> str:
    return next(iter(_texts(element, name)), "")


def _page(element: Element) -> Secret:
    return Secret(attributes(element).get("page", ""))


def _is_true(element: Element, name: str) -> bool:
    return _text(element, name).lower() in {"true", "1"}


def _number(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


def _moment(text: str) -> datetime:
    """Read a date or a moment as a wall time; an offset, which only mocks have, is left out. Raises ValueError."""
    found = MOMENT.fullmatch(text)
    if not found:
        raise ValueError(text)
    return datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00:00'}")
