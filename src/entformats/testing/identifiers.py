"""Exports of Pronote identifiers made for tests, in each of the layouts that the library reads (pronote 3).

The real layout is not published: these files show what this library takes, not what Pronote writes.

>>> from entformats import pronote
>>> from entformats.testing import school
>>> one = school.generate(7, pupils=24)
>>> export = draw(one.directory, school=one.uai)
>>> len(pronote.read(write(export, dialect="csv")).identifiers) == len(export.identifiers)
True
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from random import Random
from typing import Literal, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from entformats.aaf import Directory
from entformats.identity import IdentifierKind, Identity, Profile
from entformats.pronote import Identifiers, PronoteIdentifier

__all__ = ["Layout", "draw", "write"]

Layout: TypeAlias = Literal["xml", "table", "csv"]
ALPHABET = "2345789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters of the identifiers that were seen (pronote 1)."""
LENGTH = 16
WORDS = {
    Profile.PUPIL: "Élève",
    Profile.GUARDIAN: "Responsable",
    Profile.TEACHER: "Professeur",
    Profile.STAFF: "Personnel",
}
ELEMENTS = {
    Profile.PUPIL: "Eleve",
    Profile.GUARDIAN: "Responsable",
    Profile.TEACHER: "Professeur",
    Profile.STAFF: "Personnel",
}
TITLES = (
    "Catégorie",
    "Nom",
    "Prénom",
    "Né(e) le",
    "Classe",
    "N° national",
    "Code postal",
    "Identifiant CAS",
    "Identifiant PRONOTE",
)
UNKNOWN = "Personne"


def draw(directory: Directory, *, school: str, seed: int = 0) -> Identifiers:
    """Tirer l'export d'un établissement: everybody whom the directory knows there, each with an identifier.

    The same directory, school and seed always give the same identifiers. Raises `UsageError` when no structure has
    this UAI.
    """
    people = sorted(directory.identities(school=school), key=lambda one: (list(Profile).index(one.profile), one.ref))
    random = Random(f"identifiers {seed}")  # text: the same stream on every version
    numbers = {(one.profile, one.ref): str(100 + place) for place, one in enumerate(people)}
    taken: set[str] = set()
    rows = tuple(_row(one, numbers, _number(random, taken), place) for place, one in enumerate(people, 2))
    return Identifiers("csv", rows, uai=school)


def _number(random: Random, taken: set[str]) -> str:
    """Draw an identifier that nobody has."""
    draws = ("".join(random.choices(ALPHABET, k=LENGTH)) for _ in count())
    found = next(one for one in draws if one not in taken)
    taken.add(found)
    return found


def _row(person: Identity, numbers: Mapping[tuple[Profile, str], str], number: str, position: int) -> PronoteIdentifier:
    children = sorted(numbers[Profile.PUPIL, child] for child in person.children if (Profile.PUPIL, child) in numbers)
    return PronoteIdentifier(
        number,
        person.family,
        person.given,
        person.profile,
        person.birth_date,
        tuple(sorted(person.classes)),
        national_id=person.identifier(IdentifierKind.INE),
        postal_code=person.postal_code or None,
        local_ref=numbers[person.profile, person.ref],
        child_refs=tuple(children),
        position=position,
    )


def write(
    export: Identifiers,
    *,
    dialect: Layout,
    encoding: str = "utf-8-sig",
    separator: str = ";",
    end: str = "\r\n",
) -> bytes:
    """Écrire un export dans l'une des trois formes: elements with attributes, `TABLE`, or a text table.

    `encoding`, `separator` and `end` are those of the text table; the other two are UTF-8. The text table has neither
    the numbers inside the file nor the children; `TABLE` has no children.
    """
    if dialect == "csv":
        return _csv(export.identifiers, separator, end).encode(encoding)
    lines = _table(export.identifiers) if dialect == "table" else _elements(export)
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', *lines, "")).encode()


def _csv(rows: Iterable[PronoteIdentifier], separator: str, end: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end)
    writer.writerow(TITLES)
    for row in rows:
        writer.writerow(
            (
                WORDS[row.profile] if row.profile else "",
                row.family,
                row.given,
                f"{row.birth_date:%d/%m/%Y}" if row.birth_date else "",
                ", ".join(row.classes),
                row.national_id or "",
                row.postal_code or "",
                row.cas_id or "",
                row.pronote_id,
            )
        )
    return text.getvalue()


def _table(rows: Iterable[PronoteIdentifier]) -> Iterator[str]:
    yield '<TABLE nom="Identifiants">'
    for place, row in enumerate(rows, 1):
        name = f"{ELEMENTS[row.profile]}s" if row.profile else UNKNOWN
        yield f'<{name} numero="{place}">'
        for title, text in (
            ("NUMERO", row.local_ref),
            ("NOM", row.family),
            ("PRENOM", row.given),
            ("DATE_NAISS", f"{row.birth_date:%d/%m/%Y}" if row.birth_date else ""),
            ("N_NATIONAL", row.national_id),
            ("CLASSE", ", ".join(row.classes)),
            ("CP", row.postal_code),
            ("IDENTIFIANT_CAS", row.cas_id),
            ("IDENTIFIANT_PRONOTE", row.pronote_id),
        ):
            yield f"<{title}>{escape(text)}</{title}>" if text else f"<{title}/>"
        yield f"</{name}>"
    yield "</TABLE>"


def _elements(export: Identifiers) -> Iterator[str]:
    """Write people of a known category: another has no element."""
    uai = f" UAI={quoteattr(export.uai)}" if export.uai else ""
    guardians: defaultdict[str, list[str]] = defaultdict(list)
    for row in export.identifiers:
        for child in row.child_refs if row.local_ref else ():
            guardians[child].append(row.local_ref or "")
    yield f'<IDENTIFIANTS_PRONOTE Logiciel="PRONOTE"{uai}>'
    for profile, name in ELEMENTS.items():
        yield f"<{name}s>"
        for row in (one for one in export.identifiers if one.profile is profile):
            yield from _element(name, row, guardians[row.local_ref or ""] if profile is Profile.PUPIL else ())
        yield f"</{name}s>"
    yield "</IDENTIFIANTS_PRONOTE>"


def _element(name: str, row: PronoteIdentifier, guardians: Iterable[str]) -> Iterator[str]:
    values = {
        "Ident": row.local_ref,
        "Nom": row.family,
        "Prenom": row.given,
        "DateNaissance": row.birth_date.isoformat() if row.birth_date else None,
        "NumeroNational": row.national_id,
        "CodePostal": row.postal_code,
        "IdentifiantCAS": row.cas_id,
        "IDPN": row.pronote_id,
    }
    written = "".join(f" {title}={quoteattr(text)}" for title, text in values.items() if text)
    yield f"<{name}{written}>"
    yield from (f"<Classe Nom={quoteattr(one)}/>" for one in row.classes)
    yield from (f"<Responsable Ident={quoteattr(one)}/>" for one in guardians)
    yield f"</{name}>"
