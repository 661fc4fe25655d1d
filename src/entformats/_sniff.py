"""What the first bytes of one file say of its format. Pure functions of these bytes; nothing is parsed or trusted."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import evolve, frozen

__all__ = ["FileKind", "Format", "sniff"]


class Format(StrEnum):
    """Format de fichier: the family that a file belongs to."""

    AAF = "aaf"
    EDT = "edt"
    UDT = "udt"
    STS = "sts"
    SIECLE = "siecle"
    PRONOTE = "pronote"
    GAR = "gar"
    ICAL = "ical"
    HTML = "html"
    XLS = "xls"
    XLSX = "xlsx"
    UNKNOWN = "unknown"


@frozen
class FileKind:
    """Nature d'un fichier: what a source is, by its content.

    >>> FileKind(Format.STS, "sts_emp").format
    <Format.STS: 'sts'>
    """

    format: Format = Format.UNKNOWN
    dialect: str = ""
    """Kind of file within the format (`sts_emp`, `envelope`, `identifiers_csv`), "" where there is but one."""
    version: str = ""
    """Version that the file announces, as it stands."""
    encrypted: bool = False
    container: str = ""
    """`zip`, `gzip`, `tar`, `tar.gz` or `folder`; "" for a plain file."""


UNKNOWN = FileKind()
EMPTY = FileKind(dialect="empty")
OFFICE_97 = b"\xd0\xcf\x11\xe0"
INDEX = "http://www.index-education.com/"
GAR = "http://data.education.fr/ns/gar"

ROOT = re.compile(r"<(?:([^\s/<>!?:]+):)?([^\s/<>!?:]+)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)")
BEFORE_ROOT = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^<>\[]*>)*+", re.DOTALL)
ATTRIBUTE = re.compile(r"([^\s=<>\"'/]+)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
TAG = re.compile(r"<([^\s/<>!?]+)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>")
COMMENT_VALUE = re.compile(r"<!--\s*(\w+)=\"([^\"]*)\"\s*-->")
HTML = re.compile(r"\s*<(?:!doctype\s+)?html[\s>]", re.IGNORECASE)

ROOTS = {
    "exportemploidutemps": FileKind(Format.EDT, "export"),
    "export_index_education": FileKind(Format.EDT, "envelope", encrypted=True),
    "importchiffre": FileKind(Format.PRONOTE, "import_envelope", encrypted=True),
    "sts_edt": FileKind(Format.STS, "sts_emp"),
    "edt_sts": FileKind(Format.STS, "emp_sts"),
    "import_eleves": FileKind(Format.SIECLE, "import_eleves"),
    "serviceresponse": FileKind(Format.PRONOTE, "cas_response"),
}
"""Folded local name of the root to what it is, whatever the namespace."""
FEED_ROOTS = {"Eleve", "Parent", "Professeur"}
FEED_PAGE = re.compile(r"<(?:[^\s/<>!?:]+:)?(?:Page[A-Z]|ICal\b|IdentifiantPronote\b)")
UDT_ELEMENTS = {
    "init": "parameters",
    "semaine": "weeks",
    "salle": "rooms",
    "prof": "teachers",
    "mat": "subjects",
    "demi_seq": "slots",
    "div": "classes",
    "eleve": "pupils",
    "gpe": "groups",
    "rgpmt": "groupings",
    "ele_gpe": "memberships",
    "coens": "co_teaching",
    "fiche": "positions",
    "ligfiche": "lessons",
    "debut_eleve": "calendar",
    "fermeture": "calendar",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PEOPLE = _words(
    "eleve eleves elevesetleursresponsables etudiant apprenant responsable responsables parent parents "
    "responsablelegal professeur professeurs enseignant enseignants prof personnel personnels nonenseignant "
    "administratif"
)
IDENTIFIER = _words(
    "idpn identifiantpronote idpronote identpronote codepronote clepronote identifiantunique identifiant"
)
PASSWORD = _words("motdepasse mdp password passe codeaccess codeacces")
FAMILY = _words("nom nomdefamille nomeleve nomresponsable nomusage nomdusage lastname sn")
GIVEN = _words("prenom prenoms prenomeleve prenomresponsable prenomusage firstname givenname")
SEARCH = _words("jour heure div matiere professeur salle")
DAYS = _words("lundi mardi mercredi jeudi vendredi samedi dimanche")
HOUR = re.compile(r"\s*\d{1,2}[h:]\d\d")
SEARCH_COLUMNS = 12
SECTION = re.compile(
    r"(?:PROFESSEUR|CLASSE|GROUPE|PARTIE|MATIERE|ETABLISSEMENT|SEMAINE|CONGES|COURS)S?\s*[\t\r\n]\s*\d+\s*(?:[\t\r\n]|$)"
)
"""First words of the tab-separated export of EDT: the name of a section, and its number of rows."""
SEPARATORS = ";\t,|"


def sniff(head: bytes) -> FileKind:
    """Say what a file is from its first bytes, 64 KiB at most; never raises.

    Source: identify 1 to 3.

    >>> sniff(b'<?xml version="1.0"?><BEE_ELEVES VERSION="3.0"><PARAMETRES>')
    FileKind(format=<Format.SIECLE: 'siecle'>, dialect='eleves', version='3.0', encrypted=False, container='')
    """
    if head.startswith(OFFICE_97):
        return FileKind(Format.XLS)
    text = _text(head)
    start = text.lstrip()
    if not start:
        return EMPTY
    if start.startswith("<"):
        return _of_xml(start)
    if start.startswith("BEGIN:VCALENDAR"):
        return _of_calendar(start)
    if start.startswith("{"):
        return FileKind(Format.PRONOTE, "settings") if '"CAS"' in start and '"espaces"' in start else UNKNOWN
    return FileKind(Format.EDT, "text") if SECTION.match(start) else _of_table(start)


def fold(name: str) -> str:
    """Fold a column or element name: no case, accent, blank or sign. Source: identify 3.

    >>> fold("Né(e) le"), fold("N° national")
    ('neele', 'nnational')
    """
    spread = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in spread if c.isascii() and c.isalnum() and c != "°")


def _text(head: bytes) -> str:
    """Decode the head: a byte order mark, else UTF-8, else windows-1252; the cut at the end does not count."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "replace")
    plain = head.removeprefix(codecs.BOM_UTF8)
    try:
        return codecs.utf_8_decode(plain, "strict", False)[0]  # noqa: FBT003 - positional only
    except UnicodeDecodeError:
        return plain.decode("cp1252", "replace")


def _of_xml(text: str) -> FileKind:
    if HTML.match(text):
        return FileKind(Format.HTML)
    begin = BEFORE_ROOT.match(text)
    root = ROOT.match(text, begin.end() if begin else 0)
    if not root:
        return UNKNOWN
    prefix, name, rest = root.groups(default="")
    attributes = _attributes(rest)
    namespace = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", "")
    known = ROOTS.get(name.casefold())
    if known:
        return evolve(known, version=attributes.get("Version", attributes.get("VERSION", "")))
    return _of_root(name, namespace, attributes, text[root.start() :])


def _of_root(name: str, namespace: str, attributes: dict[str, str], text: str) -> FileKind:
    """Tell apart the roots that need more than their name."""
    if name == "ficAlimMENESR":
        kind = _of_aaf(text)
    elif name.casefold().startswith("bee_"):
        dialect = name.casefold().removeprefix("bee_").removeprefix("ephc_")
        kind = FileKind(Format.SIECLE, dialect, attributes.get("VERSION", ""))
    elif name.startswith("GAR-ENT-") or namespace.startswith(GAR):
        kind = FileKind(Format.GAR, "1d" if namespace.endswith("/1d") else "2d", attributes.get("Version", ""))
    elif name == "PARTENAIRE_INDEX":
        kind = _of_partner(namespace)
    elif name == "TABLE":
        kind = _of_xml_table(attributes.get("nom", ""), text)
    elif namespace == INDEX + "accueilENT" or (name in FEED_ROOTS and FEED_PAGE.search(text)):
        kind = FileKind(Format.PRONOTE, "feed", attributes.get("version", ""))
    else:
        kind = _of_elements(text)
    return kind


def _of_aaf(text: str) -> FileKind:
    """Read the header comments; the GPEI extraction names its attributes after itself."""
    header = dict(COMMENT_VALUE.findall(text[: text.find("Request")]))
    dialect = "gpei" if "GPEI" in text else header.get("degre", "").lower()
    return FileKind(Format.AAF, dialect, header.get("versionAF", ""))


def _of_partner(namespace: str) -> FileKind:
    """One root, two directions (identify 1)."""
    for prefix, kind in (
        (INDEX + "rapprochementsso", FileKind(Format.PRONOTE, "reconciliation")),
        (INDEX + "importpartenaireindex", FileKind(Format.EDT, "import")),
    ):
        if namespace.startswith(prefix):
            return evolve(kind, version=namespace.removeprefix(prefix).removeprefix("V"))
    return FileKind(Format.EDT, "import") if not namespace else UNKNOWN


def _of_xml_table(title: str, text: str) -> FileKind:
    if fold(title) == "cours":
        return FileKind(Format.EDT, "table")
    columns = {fold(name) for name, _ in _tags(text)}
    if fold(title) not in PEOPLE and not columns & PEOPLE:
        return UNKNOWN
    return FileKind(Format.PRONOTE, "identifiers_table" if columns & IDENTIFIER else "people_table")


def _of_elements(text: str) -> FileKind:
    """Recognise by their elements the files whose root says nothing: UDT, Pronote identifiers, GPEI metadata."""
    named: set[str] = set()
    people = False
    for name, attributes in _tags(text):
        if name == "param" and attributes.get("name", "").startswith("GPEI"):
            return FileKind(Format.AAF, "infos")
        if name in UDT_ELEMENTS:
            return FileKind(Format.UDT, UDT_ELEMENTS[name])
        local = fold(name.rpartition(":")[2])
        people = people or local in PEOPLE
        named |= {local, *(map(fold, attributes) if local in PEOPLE else ())}
    if people and named & IDENTIFIER and named & FAMILY:
        return FileKind(Format.PRONOTE, "identifiers_xml")
    return UNKNOWN


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for found in TAG.finditer(text):
        yield found[1], _attributes(found[2])


def _attributes(text: str) -> dict[str, str]:
    return {name: double or single for name, double, single in ATTRIBUTE.findall(text)}


def _of_calendar(text: str) -> FileKind:
    unfolded = re.sub(r"\r?\n[ \t]", "", text[:4096])
    return FileKind(Format.PRONOTE, "calendar") if "Index-Education" in unfolded else FileKind(Format.ICAL)


def _of_table(text: str) -> FileKind:
    """Recognise a CSV by its header, within its first five lines, or UDT's search export by its first row."""
    for line in text[:65536].splitlines()[:6]:
        kind = _of_columns(_cells(line))
        if kind is not UNKNOWN:
            return kind
    return UNKNOWN


def _cells(line: str) -> tuple[str, ...]:
    """Split a line at the separator that it holds most of, outside quotes; the first of a tie wins."""
    bare = re.sub(r'"[^"]*"?', "", line)
    separator = max(SEPARATORS, key=bare.count)
    return tuple(next(csv.reader([line], delimiter=separator), ()))


def _of_columns(cells: Iterable[str]) -> FileKind:
    row = tuple(cells)
    names = {fold(cell) for cell in row}
    if names >= SEARCH or _is_search_row(row):
        return FileKind(Format.UDT, "search")
    if not (names & FAMILY and names & GIVEN):
        return UNKNOWN
    if names & PASSWORD:
        return FileKind(Format.PRONOTE, "credentials")
    return FileKind(Format.PRONOTE, "identifiers_csv" if names & IDENTIFIER else "people_csv")


def _is_search_row(row: tuple[str, ...]) -> bool:
    """Recognise a row of UDT's search export, which may come without header."""
    return len(row) >= SEARCH_COLUMNS and fold(row[0]) in DAYS and HOUR.fullmatch(row[1]) is not None
