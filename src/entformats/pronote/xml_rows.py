"""Dialects A and B: elements with attributes, and `TABLE` of rows; namespaces do not matter (pronote 3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entformats._sniff import fold
from entformats._xml import Element, XmlReader
from entformats._xml.harvest import attributes, local_name
from entformats.errors import WrongFormat
from entformats.frozen import FrozenMap
from entformats.identity import Profile
from entformats.problems import Findings, Location, problem
from entformats.pronote.layout import category
from entformats.pronote.raw import Document, RawRow, credentials, mapped
from entformats.pronote.values import only_classes

__all__ = ["read_elements", "read_table"]

HEADER = {"logiciel": "software", "version": "version", "dateheure": "exported_at", "date": "exported_at"}
UAI_NAMES = frozenset({"uai", "numero", "rne"})


def read_elements(reader: XmlReader, findings: Findings, file: str) -> Document:
    """Read dialect A: every element of a known category with names and an identifier is a person.

    Problem: `conflicting_value`. Raises `WrongFormat` (`no_person_found`, `credentials_file`) and what `XmlReader`
    raises.
    """
    header = _header(reader.root.attributes)
    records = list(reader.records())
    for record in records:
        if isinstance(record.tag, str) and fold(local_name(record)) in UAI_NAMES:
            header = {"uai": record.text or ""} | header
    classes: dict[str, str] = {}
    for element in (one for record in records for one in record.iter()):
        name = fold(local_name(element)) if isinstance(element.tag, str) else ""
        if name == "etablissement":
            header = {"uai": attributes(element).get("Numero", "")} | header
        elif name == "classe":
            classes |= _declared(element)
    people = [
        _person(element, profile, classes, findings, file)
        for record in records
        for element in record.iter()
        if isinstance(element.tag, str) and (profile := category(local_name(element)))
    ]
    rows = tuple(row for row in people if row)
    if not rows:
        raise WrongFormat(problem("no_person_found", Location(file, reader.root.line)))
    return Document("xml", rows, "", FrozenMap(header))


def _header(named: Mapping[str, str]) -> dict[str, str]:
    folded = {fold(name): value for name, value in named.items()}
    found = {HEADER[name]: value for name, value in folded.items() if name in HEADER}
    written = [folded[name] for name in sorted(UAI_NAMES & folded.keys())]
    return found | ({"uai": written[-1]} if written else {})


def _declared(element: Element) -> dict[str, str]:
    named = attributes(element)
    return {named["Ident"]: named["Nom"]} if "Ident" in named and "Nom" in named else {}


def _texts(element: Element) -> Iterator[tuple[str, str]]:
    """Give the children that hold a text and nothing else."""
    for child in element:
        if isinstance(child.tag, str) and not len(child):
            yield local_name(child), (child.text or "").strip()


def _person(
    element: Element, profile: Profile, classes: Mapping[str, str], findings: Findings, file: str
) -> RawRow | None:
    """Give the row of a person; None for a reference, a container, or a person without names and identifier."""
    line = element.sourceline or 0
    named = attributes(element)
    inside = [(name, text) for name, text in _texts(element) if text and fold(name) != "classe"]
    fields = mapped(dict.fromkeys([*named, *(name for name, _ in inside)]))
    if not {"family", "given"} & fields.keys() or not {"pronote_id", "password"} & fields.keys():
        return None
    credentials(fields, file, line)
    values: dict[str, str] = {}
    for name, titles in fields.items():
        texts = [named[title].strip() for title in titles if title in named]
        texts += [text for title in titles for child, text in inside if child == title]
        values[name] = texts[0]
        if name and name != "classes" and len(set(texts)) > 1:
            findings.found("conflicting_value", Location(file, line, kind=local_name(element)), field=name)
    apart = tuple(name for child in element if (name := _class_of(child, classes)))
    guardians = tuple(_guardians(element)) if profile is Profile.PUPIL else ()
    return RawRow(FrozenMap(values), line, profile, apart, guardians)


def _class_of(child: Element, classes: Mapping[str, str]) -> str:
    if not isinstance(child.tag, str) or fold(local_name(child)) != "classe":
        return ""
    named = attributes(child)
    inside = dict(_texts(child))
    found = (named.get("Nom"), named.get("Libelle"), inside.get("Nom"), inside.get("Libelle"))
    return next(filter(None, found), "") or classes.get(named.get("Ident", ""), "") or (child.text or "").strip()


def _guardians(element: Element) -> Iterator[str]:
    for child in element:
        known = isinstance(child.tag, str) and category(local_name(child)) is Profile.GUARDIAN
        if known and (ident := attributes(child).get("Ident")):
            yield ident


def read_table(reader: XmlReader, file: str) -> Document:
    """Read dialect B: an element a row, a child a column.

    Raises `WrongFormat` (`missing_columns`, `credentials_file`) and what `XmlReader` raises.
    """
    about = category(reader.root.attributes.get("nom", ""))
    rows: list[RawRow] = []
    known: set[str] = set()
    for element in reader.records():
        line = element.sourceline or 0
        texts = dict(_texts(element)) | {"numero": attributes(element).get("numero", "")}
        fields = mapped(title for title in texts if title != "numero" or "NUMERO" not in texts)
        credentials(fields, file, line)
        known |= fields.keys()
        values = {name: texts[titles[0]] for name, titles in fields.items() if name not in {"", "classes"}}
        classes = tuple(one for title in fields.get("classes", ()) for one in only_classes(texts[title]))
        rows.append(RawRow(FrozenMap(values), line, category(local_name(element)) or about, classes))
    if not {"family", "given", "pronote_id"} <= known:
        lacking = [word for word in ("family", "given", "pronote_id") if word not in known]
        raise WrongFormat(problem("missing_columns", Location(file, reader.root.line), columns=", ".join(lacking)))
    return Document("table", tuple(rows), "", FrozenMap(), categorised=any(row.profile for row in rows))
