"""Malformed exports of identifiers: every row of the tables of the format page, one after another (pronote 3)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from entformats import pronote
from entformats.errors import UnreadableInput
from entformats.problems import entry

ID, OTHER = "K7WQ2ZTB9XNHJ4CV", "9R7VASKJQNUC58XH"
TITLES = "Catégorie;Nom;Prénom;Né(e) le;N° national;IDPN\n"
ENVELOPE = """<EXPORT_INDEX_EDUCATION><VERSION>1.0</VERSION><LOGICIEL>EDT</LOGICIEL><CLES><PARTENAIRE NOM="ENT">AA==
</PARTENAIRE></CLES><CONTENU>AA==</CONTENU><VERIFICATION>AA==</VERIFICATION><DATEHEURE>2022-09-05T08:00:00</DATEHEURE>
</EXPORT_INDEX_EDUCATION>"""


def table(*rows: str) -> bytes:
    """Write a text table."""
    return (TITLES + "\n".join(rows)).encode()


TWICE = b'<a><Prof Nom="A" Prenom="B" IDPN="K7WQ2ZTB9XNHJ4CV"><Nom>D</Nom></Prof></a>'

ROWS: dict[str, bytes] = {
    "nothing, or only blanks": b" \n",
    "an archive or a workbook": b"PK\x03\x04",
    "a web page": b"<html><body/></html>",
    "an encrypted export": ENVELOPE.encode(),
    "a file that goes to Pronote, or its container": b'<ImportChiffre Version="1.0"/>',
    "a home-page feed, a calendar or an answer of the server": b'{"CAS": {}, "espaces": []}',
    "XML without anybody who has an identifier": b"<a/>",
    "an attribute and a child that say two things": TWICE,
    "bytes without meaning in the encoding": TITLES.encode("cp1252") + f"Prof;\x81;B;;;{ID}".encode("latin-1"),
    "no column of a name, or of the identifier": b"Nom;IDPN\nA;B",
    "two columns of one field": b"Nom;Prenom;Naissance;Date naissance;IDPN",
    "a column of passwords": b"Nom;Prenom;IDPN;MDP",
    "more cells than titles": table(f"Prof;A;B;;;{ID};x"),
    "unknown columns": f"Profil;Nom;Prénom;IDPN;Ville\nProf;A;B;{ID};C".encode(),
    "a table that cannot be cut into cells": TITLES.encode() + b"a" * 140_000,
    "no column of categories": f"Nom;Prénom;IDPN\nA;B;{ID}".encode(),
    "an identifier that is missing": table("Prof;A;B;;;"),
    "an identifier that a spreadsheet damaged": table("Prof;A;B;;;1,2E+15"),
    "an identifier of another shape": table("Prof;A;B;;;abc-123"),
    "a person without one of the two names": table(f"Prof;A;;;;{ID}"),
    "a birth date that does not exist": table(f"Prof;A;B;31/02/1990;;{ID}"),
    "a birth year of two digits": table(f"Prof;A;B;1/2/90;;{ID}"),
    "a birth date before 1900, or after the export": table(f"Prof;A;B;01/02/1890;;{ID}"),
    "a category that is not known": table(f"Inspecteur;A;B;;;{ID}"),
    "a national number that has not eleven characters": table(f"Prof;A;B;;123;{ID}"),
    "the same person and identifier twice": table(f"Prof;A;B;;;{ID}", f"Prof;a;b;;;{ID}"),
    "one identifier of several people": table(f"Prof;A;B;;;{ID}", f"Prof;C;D;;;{ID}"),
    "the same names and date, two identifiers": table(f"Prof;A;B;;;{ID}", f"Prof;A;B;;;{OTHER}"),
    "the same names, one without date": table(f"Prof;A;B;;;{ID}", f"Prof;A;B;01/02/1990;;{OTHER}"),
}


@pytest.mark.parametrize("met", ROWS)
def test_each_malformed_input_gives_its_finding(met: str) -> None:
    """The finding of the row, and no other."""
    try:
        found = {entry(code).slug for code in pronote.read(ROWS[met]).report.counts}
    except UnreadableInput as error:
        found = {error.problem.slug}
    assert list(found) == CODES.get(met, list(found))


PAGE = Path(__file__).parents[2] / "docs" / "malformed.toml"
TABLES = tomllib.loads(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
CODES = {
    row["met"]: row["codes"]
    for name, section in TABLES.items()
    if name.startswith("pronote 3")
    for row in section["rows"]
}


def test_every_row_is_tried() -> None:
    """The rows of the page and the inputs tried are the same."""
    if not CODES:
        pytest.skip("the documentation is not beside the tests")
    assert CODES.keys() == ROWS.keys()
