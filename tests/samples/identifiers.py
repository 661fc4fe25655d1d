"""Samples of findings about exports of Pronote identifiers."""

from __future__ import annotations

from collections.abc import Callable

from entformats import pronote
from entformats.problems import Report

Sample = tuple[Callable[[], Report], Callable[[], Report]]
ID, OTHER = "K7WQ2ZTB9XNHJ4CV", "9R7VASKJQNUC58XH"
TITLES = "Catégorie;Nom;Prénom;Né(e) le;N° national;IDPN\n"
GOOD = f"Prof;A;B;01/02/1990;;{ID}"
SEALED = b"""<EXPORT_INDEX_EDUCATION><VERSION>1.0</VERSION><LOGICIEL>EDT</LOGICIEL><CLES><PARTENAIRE NOM="ENT">AA==
</PARTENAIRE></CLES><CONTENU>AA==</CONTENU><VERIFICATION>AA==</VERIFICATION><DATEHEURE>2022-09-05T08:00:00</DATEHEURE>
</EXPORT_INDEX_EDUCATION>"""
PERSON = b'<a><Prof Nom="A" Prenom="B" IDPN="K7WQ2ZTB9XNHJ4CV">%s</Prof></a>'


def table(*rows: str, titles: str = TITLES) -> bytes:
    """Write a text table."""
    return (titles + "\n".join(rows)).encode()


def read(content: bytes, otherwise: bytes = table(GOOD)) -> Sample:
    """Read a file, and one that differs from it where the finding is."""
    return lambda: pronote.read(content).report, lambda: pronote.read(otherwise).report


def row(*rows: str) -> Sample:
    """Read a table of these rows, and a good one."""
    return read(table(*rows))


SAMPLES: dict[str, Sample] = {
    "empty_file": read(b" \n"),
    "unsupported_container": read(b"PK\x03\x04"),
    "not_an_export": read(b"<html><body/></html>", PERSON % b""),
    "encrypted_export": read(SEALED),
    "wrong_direction": read(b'<ImportChiffre Version="1.0"/>', PERSON % b""),
    "wrong_file": read(b'{"CAS": {}, "espaces": []}'),
    "no_person_found": read(b"<a/>", PERSON % b""),
    "conflicting_value": read(PERSON % b"<Nom>D</Nom>", PERSON % b"<Nom>A</Nom>"),
    "odd_encoding": read(TITLES.encode("cp1252") + f"Prof;\x81;B;;;{ID}".encode("latin-1")),
    "missing_columns": read(b"Nom;IDPN\nA;B"),
    "duplicate_column": read(b"Nom;Prenom;Naissance;Date naissance;IDPN", b"Nom;Prenom;Naissance;Ville;IDPN"),
    "credentials_file": read(b"Nom;Prenom;IDPN;MDP", b"Nom;Prenom;IDPN;Ville"),
    "extra_cells": row(GOOD + ";x"),
    "unknown_columns": read(f"Profil;Nom;Prénom;IDPN;Ville\nProf;A;B;{ID};C".encode()),
    "table_malformed": read(TITLES.encode() + b"a" * 140_000),
    "category_missing": read(f"Nom;Prénom;IDPN\nA;B;{ID}".encode()),
    "missing_identifier": row("Prof;A;B;;;"),
    "damaged_identifier": row("Prof;A;B;;;1,2E+15"),
    "unusual_identifier": row("Prof;A;B;;;abc-123"),
    "identifier_without_name": row(f"Prof;A;;;;{ID}"),
    "bad_date": row(f"Prof;A;B;31/02/1990;;{ID}"),
    "ambiguous_date": row(f"Prof;A;B;1/2/90;;{ID}"),
    "implausible_date": row(f"Prof;A;B;01/02/1890;;{ID}"),
    "unknown_person_category": row(f"Inspecteur;A;B;;;{ID}"),
    "unusual_national_id": row(f"Prof;A;B;;123;{ID}"),
    "duplicate_row": row(f"Prof;A;B;;;{ID}", f"Prof;a;b;;;{ID}"),
    "identifier_shared": row(f"Prof;A;B;;;{ID}", f"Prof;C;D;;;{ID}"),
    "homonym_in_file": row(f"Prof;A;B;;;{ID}", f"Prof;A;B;;;{OTHER}"),
    "near_homonym": row(f"Prof;A;B;;;{ID}", f"Prof;A;B;01/02/1990;;{OTHER}"),
}
