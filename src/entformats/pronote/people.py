"""Pronote's textual exports of pupils and their guardians, CSV or XML; every column is optional (pronote 8)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date

from attrs import field, frozen

from entformats import _files
from entformats._files import Source
from entformats._sniff import fold
from entformats._xml import XmlReader, XmlSpec
from entformats._xml.harvest import local_name
from entformats.errors import WrongFormat
from entformats.limits import Limits
from entformats.problems import Findings, Location, Report, problem

__all__ = ["ListedGuardian", "ListedPupil", "PronoteList", "read_people"]

COLUMNS = {
    "nom": "family",
    "prenom": "given",
    "datenaiss": "birth_date",
    "datenaissance": "birth_date",
    "sexe": "sex",
    "nnational": "national_id",
    "numero": "number",
    "classe": "classes",
    "groupes": "groups",
    "cp": "postal_code",
    "ville": "city",
    "adres1": "address",
    "ident": "ident",
    "email": "email",
    "portablenum": "phone",
}
"""Titre de colonne, folded, without `R1_` -> what it holds. One real file corrects this table."""
PASSWORDS = frozenset(("motdepasse", "mdp", "password", "passe", "codeaccess", "codeacces"))
SEPARATORS = ";\t,|"
_GUARDIAN = re.compile(r"R([0-9])_(.*)", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
SHORT_PHONE = 9


@frozen(repr=False)
class ListedGuardian:
    """Responsable d'une liste. `ident` is the same for brothers and sisters; "" where the list does not give it.

    >>> ListedGuardian("VALMOND", "Odile", "200")
    <ListedGuardian 200>
    """

    family: str
    given: str
    ident: str = ""
    birth_date: date | None = None
    email: str = ""
    phone: str = ""
    """With the leading zero that the list may have lost."""
    address: str = ""
    postal_code: str = ""
    city: str = ""

    def __repr__(self) -> str:
        """Show the number only."""
        return f"<ListedGuardian {self.ident}>"


@frozen(repr=False)
class ListedPupil:
    """Élève d'une liste; without guardian where the pupil answers for him or herself.

    Guardians of one name are never taken for one person: only their `ident` says so.

    >>> ListedPupil("VALMOND", "Odile", line=2)
    <ListedPupil line 2>
    """

    family: str
    given: str
    birth_date: date | None = None
    sex: str = ""
    national_id: str = ""
    school_class: str = ""
    class_parts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    postal_code: str = ""
    guardians: tuple[ListedGuardian, ...] = ()
    line: int = 0

    def __repr__(self) -> str:
        """Show the line only."""
        return f"<ListedPupil line {self.line}>"


@frozen
class PronoteList:
    """Liste exportée: its people in file order. Classes not ticked in the export are missing: it may be partial.

    >>> PronoteList((ListedPupil("VALMOND", "Odile", line=2),)).pupils
    (<ListedPupil line 2>,)
    """

    pupils: tuple[ListedPupil, ...] = ()
    report: Report = field(factory=Report, eq=False)


def read_people(source: Source, *, limits: Limits = Limits()) -> PronoteList:  # noqa: B008 - frozen
    r"""Lire un export textuel d'élèves (`EXP_ELEVE`), CSV or XML, with the guardians that it gives.

    Problems: `people_date_unreadable`, `people_unnamed`. Raises `WrongFormat` (`not_a_people_list`,
    `credentials_file`, which is refused before any row is read), and what the XML door raises.

    >>> read_people(b"NOM;PRENOM;CLASSE\nVALMOND;Odile;3D, <3D> LAT").pupils[0].school_class
    '3D'
    """
    part = _files.one(source, limits=limits)
    content = b"".join(part.chunks())
    findings = Findings(stored_per_code=limits.stored_per_code)
    is_xml = content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    rows = _of_xml(content, part.name, limits, findings) if is_xml else _of_csv(_text(content), part.name)
    pupils: list[ListedPupil] = []
    for line, row in rows:
        own, guardians = _split(row)
        where = Location(part.name, line=line)
        if own.get("family") and own.get("given"):
            pupils.append(_pupil(own, guardians, line, where, findings))
        elif any(row.values()):
            findings.found("people_unnamed", where)
    return PronoteList(tuple(pupils), findings.report())


def _of_xml(content: bytes, file: str, limits: Limits, findings: Findings) -> Iterator[tuple[int, dict[str, str]]]:
    reader = XmlReader([content], XmlSpec(frozenset({"TABLE"})), file=file, limits=limits, findings=findings)
    for element in reader.records():
        row = {local_name(child): (child.text or "").strip() for child in element}
        _refuse_passwords(row, Location(file, reader.line(element)))
        yield reader.line(element), row


def _of_csv(text: str, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    first = re.sub(r'"[^"]*"?', "", text.partition("\n")[0])
    separator = max(SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        _refuse_passwords(dict.fromkeys(header, ""), Location(file, line=1))
        if not {"nom", "prenom"} <= set(map(fold, header)):
            raise WrongFormat(problem("not_a_people_list", Location(file, line=1)))
        for row in rows:
            yield rows.line_num, dict(zip(header, (cell.strip() for cell in row), strict=False))
    except csv.Error as error:
        raise WrongFormat(problem("not_a_people_list", Location(file, line=rows.line_num))) from error


def _refuse_passwords(row: Mapping[str, str], where: Location) -> None:
    if PASSWORDS & set(map(fold, row)):
        raise WrongFormat(problem("credentials_file", where))


def _text(content: bytes) -> str:
    """Decode: a byte order mark, else UTF-8, else windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _split(row: Mapping[str, str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Tell the columns of the pupil from those of each guardian."""
    own: dict[str, str] = {}
    guardians: dict[str, dict[str, str]] = {}
    for title, text in row.items():
        found = _GUARDIAN.fullmatch(title)
        held = guardians.setdefault(found[1], {}) if found else own
        column = COLUMNS.get(fold(found[2] if found else title))
        if column:
            held.setdefault(column, text)
    return own, guardians


def _pupil(
    own: dict[str, str], guardians: dict[str, dict[str, str]], line: int, where: Location, findings: Findings
) -> ListedPupil:
    classes = _items(own.get("classes", ""))
    whole = next((one for one in classes if not one.startswith("<")), "")
    return ListedPupil(
        own["family"],
        own["given"],
        _date(own, where, findings),
        own.get("sex", ""),
        "".join(own.get("national_id", "").split()).upper(),
        whole,
        tuple(one for one in classes if one != whole),
        _items(own.get("groups", "")),
        own.get("postal_code", ""),
        tuple(_guardian(guardians[key], where, findings) for key in sorted(guardians) if guardians[key].get("family")),
        line,
    )


def _guardian(held: dict[str, str], where: Location, findings: Findings) -> ListedGuardian:
    digits = "".join(filter(str.isdigit, held.get("phone", "")))
    return ListedGuardian(
        held["family"],
        held.get("given", ""),
        held.get("ident", ""),
        _date(held, where, findings),
        held.get("email", ""),
        f"0{digits}" if len(digits) == SHORT_PHONE else held.get("phone", ""),
        *(held.get(name, "") for name in ("address", "postal_code", "city")),
    )


def _items(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (item.strip() for item in text.split(", "))))


def _date(held: dict[str, str], where: Location, findings: Findings) -> date | None:
    text = held.get("birth_date", "")
    found = _DATE.fullmatch(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass  # a day that does not exist: reported as any other text
    if text:
        findings.found("people_date_unreadable", where, value=text)
    return None
