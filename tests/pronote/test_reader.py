"""Exports of identifiers: the layouts that are read, what is told, what is refused by name."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import entformats
from entformats import edt, pronote
from entformats.errors import Encrypted, LimitExceeded, UnreadableInput, WrongFormat
from entformats.identity import Profile
from entformats.limits import Limits
from entformats.problems import entry
from entformats.testing import envelopes

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "pronote"
ID = "K7WQ2ZTB9XNHJ4CV"
HEAD = "Catégorie;Nom;Prénom;Né(e) le;Classe;N° national;IDPN\n"


def corpus(name: str) -> Path:
    """Give a file of the corpus, or skip."""
    if not CORPUS.exists():
        pytest.skip("the corpus is not beside the project")
    return CORPUS / name


def slugs(found: pronote.Identifiers) -> dict[str, int]:
    """Give the findings by slug, counted."""
    return {entry(code).slug: count for code, count in found.report.counts.items()}


@pytest.mark.parametrize("name", ["identifiants.xml", "identifiants.csv"])
def test_both_dialects_give_the_same_people(name: str) -> None:
    """The 43 people of the school, none rejected, with the marks of the homonyms."""
    found = pronote.read(corpus(name))
    assert found.rejected == 0
    assert Counter(row.profile for row in found.identifiers) == {
        Profile.PUPIL: 17,
        Profile.GUARDIAN: 14,
        Profile.TEACHER: 7,
        Profile.STAFF: 5,
    }
    undated = Counter(row.profile for row in found.identifiers if row.birth_date is None)
    assert undated == {Profile.PUPIL: 1, Profile.GUARDIAN: 13, Profile.TEACHER: 2, Profile.STAFF: 5}
    assert slugs(found) == {"homonym_in_file": 4, "near_homonym": 2}
    assert sum(row.national_id is not None for row in found.identifiers) == 16


def test_the_two_dialects_agree_person_by_person() -> None:
    """Names, dates, classes and identifiers are the same in XML and in CSV."""
    xml, csv = (pronote.read(corpus(name)).identifiers for name in ("identifiants.xml", "identifiants.csv"))
    assert {(one.pronote_id, one.family, one.given, one.birth_date, one.profile) for one in xml} == {
        (one.pronote_id, one.family, one.given, one.birth_date, one.profile) for one in csv
    }


def test_guardians_know_their_children() -> None:
    """References inside pupils are inverted: every guardian of the XML has children, siblings share theirs."""
    found = pronote.read(corpus("identifiants.xml"))
    children = {row.local_ref: row.child_refs for row in found.identifiers if row.profile is Profile.GUARDIAN}
    assert children["200"] == ("100", "101")
    assert all(children.values())
    assert found.uai == "0749999S"
    assert (found.software, found.version) == ("PRONOTE", "2022")


def test_a_list_of_pupils_needs_its_category() -> None:
    """Without a category column people are of unknown category, unless the caller says which one."""
    path = corpus("identifiants_eleves.txt")
    assert {row.profile for row in pronote.read(path).identifiers} == {None}
    found = pronote.read(path, default_profile=Profile.PUPIL)
    assert (found.encoding, len(found.identifiers), {row.profile for row in found.identifiers}) == (
        "windows-1252",
        17,
        {Profile.PUPIL},
    )


def test_the_table_gives_its_rows() -> None:
    """Dialect B: six pupils, by the name of their element."""
    found = pronote.read(corpus("identifiants_table.xml"))
    assert [(row.profile, row.local_ref) for row in found.identifiers] == [(Profile.PUPIL, str(n)) for n in range(1, 7)]


def test_each_error_of_the_corpus_is_told() -> None:
    """One finding a bad row, at its line; five rows stay."""
    found = pronote.read(corpus("identifiants_erreurs.csv"))
    assert [row.position for row in found.identifiers] == [7, 8, 9, 10, 11]
    assert found.rejected == 6
    assert sorted((one.where.line, one.slug) for one in found.report.problems) == [
        (2, "identifier_shared"),
        (3, "identifier_shared"),
        (4, "duplicate_row"),
        (5, "missing_identifier"),
        (6, "identifier_without_name"),
        (7, "bad_date"),
        (8, "ambiguous_date"),
        (9, "unknown_person_category"),
        (10, "unusual_identifier"),
        (11, "extra_cells"),
        (12, "missing_identifier"),
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("identifiants_sans_colonne_id.csv", "missing_columns"),
        ("identifiants_avec_mot_de_passe.csv", "credentials_file"),
        ("rapprochement_sso.xml", "wrong_direction"),
        ("conteneur_import_chiffre.xml", "wrong_direction"),
        ("accueil_eleve.xml", "wrong_file"),
        ("accueil_parent.xml", "wrong_file"),
        ("accueil_professeur.xml", "wrong_file"),
        ("accueil_sans_espace_de_noms.xml", "wrong_file"),
        ("accueil_refus.html", "not_an_export"),
        ("edt_professeur.ics", "wrong_file"),
        ("infoMobileApp.json", "wrong_file"),
    ],
)
def test_other_files_are_refused_by_name(name: str, slug: str) -> None:
    """What is not an export of identifiers is said to be what it is."""
    with pytest.raises(WrongFormat) as refused:
        pronote.read(corpus(name))
    assert refused.value.problem.slug == slug


def test_an_encrypted_export_names_its_partners() -> None:
    """The partners are in clear: they say who could open it."""
    with pytest.raises(Encrypted, match="PARTENAIRE-FICTIF-A, PARTENAIRE-FICTIF-B"):
        pronote.read(corpus("conteneur_export_index.xml"))


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", "empty_file"),
        ("\ufeff \n".encode(), "empty_file"),
        (b"PK\x03\x04rest", "unsupported_container"),
        (b"\xd0\xcf\x11\xe0rest", "unsupported_container"),
        (b"<!DOCTYPE HTML><p/>", "not_an_export"),
        (b"BEGIN:VCALENDAR", "wrong_file"),
        (b"<PARTENAIRE_INDEX/>", "wrong_direction"),
        (b"<a><Eleve Ident='1'/></a>", "no_person_found"),
        (b"<a><Eleve Nom='A' Prenom='B' Password='C'/></a>", "credentials_file"),
        (b"<TABLE nom='Eleves'><Eleves><NOM>A</NOM></Eleves></TABLE>", "missing_columns"),
        (b"Nom;Prenom;IDPN;Identifiant Pronote", "duplicate_column"),
        (b"Nom;Prenom;IDPN\n" + b"a" * 140_000, "table_malformed"),
    ],
)
def test_each_refusal_has_its_name(content: bytes, slug: str) -> None:
    """Refusals raise, and carry their finding."""
    with pytest.raises(UnreadableInput) as refused:
        pronote.read(content)
    assert refused.value.problem.slug == slug


def test_a_file_that_is_too_large_is_refused() -> None:
    """Nothing larger than a record of any other format is held in memory."""
    with pytest.raises(LimitExceeded):
        pronote.read(b"x" * 100, limits=Limits(record_bytes=10))


@pytest.mark.parametrize(
    ("written", "born", "slug"),
    [
        ("2009-03-14", date(2009, 3, 14), ""),
        ("2009-03-14T00:00:00+02:00", date(2009, 3, 14), ""),
        ("4/3/2009", date(2009, 3, 4), ""),
        ("14-03-2009", date(2009, 3, 14), ""),
        ("14.03.2009", date(2009, 3, 14), ""),
        ("20090314", date(2009, 3, 14), ""),
        ("14032009", date(2009, 3, 14), ""),
        ("1/9/10", None, "ambiguous_date"),
        ("29/02/2011", None, "bad_date"),
        ("mars", None, "bad_date"),
        ("14/03/1850", None, "implausible_date"),
        ("30/12/1899", None, ""),
    ],
)
def test_birth_dates(written: str, born: date | None, slug: str) -> None:
    """Eight shapes are read; a bad date never rejects the row."""
    found = pronote.read((HEAD + f"Élève;A;B;{written};6A;;{ID}").encode())
    assert found.identifiers[0].birth_date == born
    assert list(slugs(found)) == ([slug] if slug else [])


def test_a_birth_after_the_export_is_implausible() -> None:
    """The day of the export is the latest birth date."""
    content = f'<a Date="2022-09-05"><Eleve Nom="A" Prenom="B" DateNaissance="2022-09-06" IDPN="{ID}"/></a>'
    assert slugs(pronote.read(content.encode())) == {"implausible_date": 1}


@pytest.mark.parametrize("written", ["1,23E+15", "#N/A"])
def test_what_a_spreadsheet_damaged_is_rejected(written: str) -> None:
    """The value is lost, the row is left out."""
    found = pronote.read((HEAD + f'Élève;A;B;;6A;;"{written}"').encode())
    assert (found.rejected, slugs(found)) == (1, {"damaged_identifier": 1})


def test_attributes_children_and_classes() -> None:
    """The attribute wins over the child; classes are named, declared, or texts; comments do not matter."""
    content = f"""<x:a xmlns:x="urn:x"><UAI>0749999s</UAI><Classes><Classe Ident="7" Nom="5B"/></Classes><!-- c -->
    <Eleve Nom="A" IDPN="{ID}"><!-- c --><Nom>Z</Nom><Prenom>B</Prenom><Classe Ident="7"/><Classe>6A</Classe>
    <Classe Ident="8"/><Classe><Libelle>4C</Libelle></Classe></Eleve></x:a>"""
    found = pronote.read(content.encode())
    (row,) = found.identifiers
    assert (row.family, row.given, row.classes, found.uai) == ("A", "B", ("5B", "6A", "4C"), "0749999S")
    assert slugs(found) == {"conflicting_value": 1}


def test_the_school_may_stand_in_its_own_element() -> None:
    """`Etablissement/@Numero` is the UAI, unless the root says it."""
    content = f'<a><Etablissement Numero="0749999S"/><Parent Nom="A" Prenom="B" IDPN="{ID}"/></a>'
    assert pronote.read(content.encode()).uai == "0749999S"


def test_second_names_and_last_resort() -> None:
    """A usage name beside the family name is an alternate; `Identifiant` counts where nothing better is there."""
    found = pronote.read(f"Nom;Nom d'usage;Prénom;Identifiant;Ville\nA;U;B;{ID};X".encode())
    (row,) = found.identifiers
    assert (row.family, row.other_family, row.pronote_id) == ("A", "U", ID)
    assert slugs(found) == {"unknown_columns": 1, "category_missing": 1}
    assert len(found.identities(school="0749999S")) == 3
    assert repr(found) == "<Identifiers csv: 1 person>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(encoding: str, separator: str, end: str) -> None:
    """One table, however it is written, gives one reading; titles may stand below."""
    lines = ["Export", "", separator.join(["Profil", "Nom", "Prénom", "IDPN"]), separator.join(["Élève", "É", "ç", ID])]
    (row,) = pronote.read(end.join(lines).encode(encoding)).identifiers
    assert (row.profile, row.family, row.given, row.pronote_id, row.position) == (Profile.PUPIL, "É", "ç", ID, 4)


def test_an_undefined_byte_is_told() -> None:
    """A byte that windows-1252 does not define makes the file ISO-8859-1, and is told."""
    found = pronote.read(b"Profil;Nom;Prenom;IDPN\nProf;\x81;\xe9;" + ID.encode())
    assert (found.encoding, slugs(found)) == ("iso-8859-1", {"odd_encoding": 1})


def test_the_prefix_of_the_school_is_set_aside() -> None:
    """`<UAI>$<identifier>` is kept whole, and compared by its short form; another prefix stays."""
    found = pronote.read(f"UAI;Profil;Nom;Prénom;IDPN;INE\n0749999S;Prof;A;B;0749999s${ID};12 3".encode())
    (row,) = found.identifiers
    assert (row.pronote_id, row.short_id) == (f"0749999s${ID}", ID)
    assert slugs(found) == {"unusual_identifier": 1, "unusual_national_id": 1}


def test_read_takes_identifiers_as_any_file() -> None:
    """`entformats.read` gives them to this reader; nothing personal is in a `repr`."""
    found = entformats.read((HEAD + f"Élève;NOMRARE;B;;6A;;{ID}").encode())
    assert isinstance(found, pronote.Identifiers)
    assert not re.search(f"NOMRARE|{ID}", repr(found) + repr(found.identifiers))


PIECES = st.sampled_from(
    [
        "Nom",
        "Prénom",
        "IDPN",
        "Mot de passe",
        ";",
        "\t",
        '"',
        "\n",
        "\r",
        "<",
        ">",
        "<Eleve ",
        "Nom='A' ",
        "Prenom='B' ",
        "IDPN='C'",
        "/>",
        "<TABLE>",
        "</TABLE>",
        "\x00",
        "\ufeff",
        "É",
        "1/9/10",
        "$",
    ]
)


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=25).map(lambda some: "".join(some).encode())))
def test_any_bytes_give_an_error_of_ours_or_a_value(content: bytes) -> None:
    """Hostile bytes: one of our errors, or rows that were read and rejected rows that were told."""
    try:
        found = pronote.read(content)
    except UnreadableInput:
        return
    assert not found.rejected or found.report.counts


def test_blank_rows_and_folders() -> None:
    """A row of empty cells is no row; a lone file of a folder is read; two files are not one export."""
    content = (HEAD + f";;;;;;\nÉlève;A;B;;6A;;{ID}\n\n").encode()
    found = pronote.read({"d/a.csv": content})
    assert (found.rows, found.rejected, found.identifiers[0].position) == (1, 0, 3)
    with pytest.raises(UnreadableInput):
        pronote.read({"a.csv": content, "b.csv": content})


def test_the_school_of_a_row() -> None:
    """The UAI of the row, else of the file, else the one that is asked for."""
    row = pronote.PronoteIdentifier(ID, "A", "B", Profile.GUARDIAN)
    assert pronote.Identifiers("csv", (row,)).school_of(row) == ""
    assert pronote.Identifiers("csv", (row,)).school_of(row, "0740000Y") == "0740000Y"
    assert pronote.Identifiers("csv", (row,), uai="0749999S").identities()[0].school == "0749999S"
    assert repr(pronote.Identifiers("csv", (row, row))) == "<Identifiers csv: 2 people>"


def test_two_people_of_one_line_have_two_names() -> None:
    """Elements of one line are told apart by their rank."""
    two = "".join(f"<Prof Nom='{name}' Prenom='B' IDPN='{ID[:-1]}{name}'/>" for name in "AC")
    assert [row.ref for row in pronote.read(f"<a>{two}</a>".encode()).identifiers] == ["line:1", "line:1.2"]


def test_several_columns_of_classes() -> None:
    """Classes alone may stand in several columns, even of one title; parts of class are left out."""
    found = pronote.read(f'Profil;Nom;Prénom;Classe;Classe;Division;IDPN\nÉlève;A;B;"3D, <3D> LAT";;4A;{ID}'.encode())
    assert found.identifiers[0].classes == ("3D", "4A")


def test_unknown_columns_are_named_up_to_a_point() -> None:
    """However many titles a hostile file has, the finding stays short."""
    titles = ";".join(f"X{number:02}" for number in range(30))
    found = pronote.read(f"Profil;Nom;Prénom;IDPN;{titles}\nProf;A;B;{ID}".encode())
    (told,) = found.report.of_slug("unknown_columns")
    assert str(told.params["columns"]).endswith("X19, …")


def test_an_identifier_of_many_people_is_told_briefly() -> None:
    """Each of them has a finding, which names a few of the others."""
    rows = "\n".join(f"Prof;A{letter};B;{ID}" for letter in "abcdefgh")
    found = pronote.read(f"Profil;Nom;Prénom;IDPN\n{rows}".encode())
    told = found.report.of_slug("identifier_shared")
    assert [one.params["others"] for one in told][:2] == ["3, 4, 5, 6, 7", "2, 4, 5, 6, 7"]
    assert (len(told), found.rejected) == (8, 8)


def test_an_encrypted_export_is_opened_with_its_key() -> None:
    """With the key of the partner the document inside is read; a clear export does not need it."""
    key = envelopes.new_key()
    clear = f'<a UAI="0749999S"><Prof Nom="A" Prenom="B" IDPN="{ID}"/></a>'.encode()
    decrypt = edt.with_key(key, partner="ENT")
    content = envelopes.sealed(clear, key, partner="ENT", uai="0749999S")
    assert pronote.read(content, decrypt=decrypt).identifiers == pronote.read(clear, decrypt=decrypt).identifiers
    with pytest.raises(Encrypted):
        pronote.read(content)
