"""What a file is, by its content: every format of the pages, every sample, damaged and random bytes."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import entformats
from entformats import FileKind, Format
from entformats._files import Source
from entformats.errors import LimitExceeded, UnreadableInput, UsageError
from entformats.limits import Limits

INDEX = "http://www.index-education.com/"


def kind(source: Source) -> tuple[str, str, str]:
    """Give format, dialect and version of a plain file."""
    found = entformats.identify(source)
    return found.format.value, found.dialect, found.version


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    """Make a tar, with a folder entry first."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        folder = tarfile.TarInfo("complet")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<ficAlimMENESR>", ("aaf", "", "")),
        (
            (
                '<?xml version="1.0"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n<ficAlimMENESR>\n'
                '<!-- versionAF="AAF-VE2407" --><!-- degre="1D" --><addRequest>'
            ),
            ("aaf", "1d", "AAF-VE2407"),
        ),
        ('<ficAlimMENESR><addRequest><attr name="GPEIPersonNom">', ("aaf", "gpei", "")),
        ('<infos><param name="GPEIAnneeScolaire"><value>2025', ("aaf", "infos", "")),
        (f'<ExportEmploiDuTemps xmlns="{INDEX}exportemploidutemps" Version="1.1" UAI="x">', ("edt", "export", "1.1")),
        ("<x:ExportEmploiDuTemps ", ("edt", "export", "")),
        ("<EXPORT_INDEX_EDUCATION><VERSION>", ("edt", "envelope", "")),
        ('<TABLE nom="Cours"><Cours numero="24">', ("edt", "table", "")),
        ('<TABLE nom="Salles"><Salle numero="1">', ("unknown", "", "")),
        (
            f'<PARTENAIRE_INDEX xmlns="{INDEX}importpartenaireindexV4.6">',
            ("edt", "import", "4.6"),
        ),
        (f'<p:PARTENAIRE_INDEX xmlns:p="{INDEX}rapprochementssoV2.0">', ("pronote", "reconciliation", "2.0")),
        ("<PARTENAIRE_INDEX>", ("edt", "import", "")),
        ('<PARTENAIRE_INDEX xmlns="urn:other">', ("unknown", "", "")),
        ('<ImportChiffre Version="1.0">', ("pronote", "import_envelope", "1.0")),
        ("<sts_edt>", ("sts", "sts_emp", "")),
        ("<EDT_STS>", ("sts", "emp_sts", "")),
        ('<BEE_RESPONSABLES VERSION="2.1">', ("siecle", "responsables", "2.1")),
        ("<BEE_EPHC_ELEVES>", ("siecle", "eleves", "")),
        ("<IMPORT_ELEVES>", ("siecle", "import_eleves", "")),
        ('<m:GAR-ENT-Eleve xmlns:m="http://data.education.fr/ns/gar/1d" Version="1.0">', ("gar", "1d", "1.0")),
        ("<r><div code='5A'/>", ("udt", "classes", "")),
        ("<calendrier><annee>2022</annee><debut_eleve>", ("udt", "calendar", "")),
        (f'<Professeur xmlns="{INDEX}accueilENT" version="1.03">', ("pronote", "feed", "1.03")),
        ("<Parent><Eleve><Nom>A</Nom><IdentifiantPronote>", ("pronote", "feed", "")),
        ('<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">', ("pronote", "cas_response", "")),
        ("<x><Prof Nom='A' IDPN='B'/></x>", ("pronote", "identifiers_xml", "")),
        ("<x><Prof Nom='A'/></x>", ("unknown", "", "")),
        ('<TABLE nom="Elèves"><Eleves numero="1"><NOM>A</NOM></Eleves>', ("pronote", "people_table", "")),
        ("BEGIN:VCALENDAR\r\nPRODID:Index-Edu\r\n cation", ("pronote", "calendar", "")),
        ("BEGIN:VCALENDAR\r\nPRODID:other", ("ical", "", "")),
        ('{"CAS": {}, "espaces": []}', ("pronote", "settings", "")),
        ("{}", ("unknown", "", "")),
        ("Jour;Heure;Div;Matière;Professeur;Salle;Groupe;Regroup;Eff;Mo;Freq;Aire;", ("udt", "search", "")),
        ('"lundi","8h00","3A"' + ',""' * 9, ("udt", "search", "")),
        ("Titre\n\nNom;Prénom;N° national;Identifiant PRONOTE", ("pronote", "identifiers_csv", "")),
        ("Nom\tPrénom\tClasse", ("pronote", "people_csv", "")),
        ("Nom;Prénom;Identifiant;Mot de passe", ("pronote", "credentials", "")),
        ("<!doctype HTML>", ("html", "", "")),
        ("  <html lang='fr'>", ("html", "", "")),
        ("", ("unknown", "empty", "")),
        (" \n", ("unknown", "empty", "")),
        ("<", ("unknown", "", "")),
        ("<?xml version='1.0'?><!-- only -->", ("unknown", "", "")),
        ("<root/>", ("unknown", "", "")),
        ("hello, world", ("unknown", "", "")),
    ],
)
def test_each_format_by_its_beginning(text: str, expected: tuple[str, str, str]) -> None:
    """A few bytes are enough, in UTF-8, with a mark, and in UTF-16."""
    assert kind(text.encode()) == expected
    assert kind(text.encode("utf-8-sig")) == expected
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert kind(mark + text.encode(encoding)) == expected


def test_windows_1252_is_read() -> None:
    """Accents of a Windows export do not hide its header."""
    assert kind("Nom;Prénom;Né(e) le".encode("cp1252")) == ("pronote", "people_csv", "")


def test_what_is_encrypted_is_said() -> None:
    """The two envelopes of Index Éducation are encrypted; a clear export is not."""
    assert entformats.identify(b"<EXPORT_INDEX_EDUCATION>").encrypted
    assert entformats.identify(b"<ImportChiffre>").encrypted
    assert not entformats.identify(b"<ExportEmploiDuTemps>").encrypted


def test_old_and_new_spreadsheets_are_named() -> None:
    """A spreadsheet is recognised, so that its owner can be told to save it as CSV."""
    assert kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")[0] == Format.XLS
    book = zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"})
    assert entformats.identify(book) == FileKind(Format.XLSX, container="zip")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_is_what_its_members_are(compression: int) -> None:
    """By content, or for UDT by the names of its members, in any case; folders are passed over."""
    edt = zipped({"d/": b"", "d/x.xml": b"<ExportEmploiDuTemps/>"}, compression)
    assert entformats.identify(edt) == FileKind(Format.EDT, "export", container="zip")
    for name in ("UDCal_24.xml", "udcal_12_45.xml", "semaines.xml"):
        assert entformats.identify(zipped({name: b"<r/>"}, compression)) == FileKind(
            Format.UDT, "archive", container="zip"
        )
    assert entformats.identify(zipped({"a.txt": b"x"})) == FileKind(container="zip")


def test_a_zip_written_to_a_pipe_is_read() -> None:
    """Its sizes come after its data: the first member is enough."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object, /) -> int:
            assert isinstance(data, bytes | bytearray | memoryview)
            self.data += bytes(data)
            return len(bytes(data))

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"<STS_EDT>" + b" " * 1_000)
        archive.writestr("b.xml", b"<STS_EDT/>")
    assert kind(pipe.data)[:2] == ("sts", "sts_emp")


def test_an_encrypted_member_is_not_looked_into() -> None:
    """A zip with a password says no more than that it is one."""
    data = bytearray(zipped({"a.xml": b"<STS_EDT/>"}, zipfile.ZIP_STORED))
    data[6] |= 1
    assert entformats.identify(bytes(data)) == FileKind(encrypted=True, container="zip")


def test_a_file_object_is_left_where_it_stood() -> None:
    """Whoever identifies an open file can then read it."""
    file = io.BytesIO(b"....<STS_EDT/>")
    file.seek(4)
    assert entformats.identify(file).format is Format.STS
    assert file.read() == b"<STS_EDT/>"


def test_gzip_and_tar() -> None:
    """Compressed or not, in an archive or not: the container is said, and the content."""
    xml, archive = b"<BEE_ELEVES/>", tarred({"complet/a.xml": b"<ficAlimMENESR/>", "b.xml": b"<ficAlimMENESR/>"})
    assert entformats.identify(gzip.compress(xml)) == FileKind(Format.SIECLE, "eleves", container="gzip")
    assert entformats.identify(archive) == FileKind(Format.AAF, container="tar")
    assert entformats.identify(gzip.compress(archive)) == FileKind(Format.AAF, container="tar.gz")
    assert entformats.identify(b"\x1f\x8b\x08damaged") == FileKind(dialect="empty", container="gzip")
    damaged = archive[:512] + archive[512:636] + b"not octal..." + archive[648:]
    assert entformats.identify(damaged).container == "tar"


def test_a_bomb_is_not_unpacked() -> None:
    """A gzip of a gigabyte of blanks is looked at over its first bytes."""
    bomb = gzip.compress(gzip.compress(bytes(50_000_000)))
    assert entformats.identify(bomb) == FileKind(container="gzip")


def test_a_folder_is_what_most_of_its_files_are(tmp_path: Path) -> None:
    """Files that say nothing do not count; STS and SIECLE come together; dialect and version when all agree."""
    sts, bee, edt = b"<STS_EDT/>", b'<BEE_ELEVES VERSION="3.0"/>', b'<ExportEmploiDuTemps Version="2.0"/>'
    for files, expected in (
        ({"a": b"x"}, FileKind(container="folder")),
        ({"a": bee, "b": bee, "c": sts}, FileKind(Format.STS, "sts_emp", container="folder")),
        ({"a": bee, "b": bee, "c": edt}, FileKind(Format.SIECLE, "eleves", "3.0", container="folder")),
        ({"a": edt, "b": sts}, FileKind(Format.EDT, "export", "2.0", container="folder")),
        ({"d/UDCal_00.xml": b"", "b": sts}, FileKind(Format.UDT, "archive", container="folder")),
        ({"a": sts, "b": b"<EDT_STS/>"}, FileKind(Format.STS, container="folder")),
    ):
        assert entformats.identify(files) == expected
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        assert entformats.identify(folder) == expected
    empty = tmp_path / "empty"
    empty.mkdir()
    assert entformats.identify(empty) == FileKind(container="folder")


def test_only_the_first_bytes_are_read() -> None:
    """A stream is not read on, and a limit on its size is no obstacle."""
    asked = 0

    def endless() -> bytes:
        nonlocal asked
        asked += 1
        return b"<STS_EDT>" + b" " * 40_000

    assert kind(iter(endless, b""))[0] == "sts"
    assert asked == 2
    long = b"<STS_EDT>" + b" " * 90_000
    for source in (long, {"a.xml": long}):
        assert entformats.identify(source, limits=Limits(total_bytes=20)).format is Format.STS


def test_only_the_source_itself_can_fail(tmp_path: Path) -> None:
    """A path that leads nowhere raises, as do too many files and what is no source; content never does."""
    with pytest.raises(UnreadableInput):
        entformats.identify(tmp_path / "missing")
    with pytest.raises(LimitExceeded):
        entformats.identify({"a": b"", "b": b""}, limits=Limits(files=1))
    with pytest.raises(UsageError):
        entformats.identify(3)  # type: ignore[arg-type]


BEGINNINGS = [
    *(b"PK\x03\x04", b"\x1f\x8b\x08", b"<", b"<?xml", b"<!DOCTYPE", b"<STS_EDT", b"{", b"BEGIN:VCALENDAR", b"\xff\xfe"),
    *(zipped({"a": b"<r/>"}), tarred({"a": b"<r/>"}), b"Nom;Prenom\n", b'"', b"\xd0\xcf\x11\xe0", b""),
]


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=200), st.integers(0, 700))
@example(b"", b'"\0', 0)
def test_no_content_raises(beginning: bytes, more: bytes, at: int) -> None:
    """Random, truncated and damaged bytes are something, if only unknown."""
    data = beginning[:at] + more + beginning[at:]
    assert isinstance(entformats.identify(data), FileKind)
    assert isinstance(entformats.identify([data[:at], data[at:]]), FileKind)


NUMBERS = ("00", "03", "04", "05", "07", "08", "10", "11", "12", "12_45", "12_46", "13", "19", "21", "23", "24")
DIALECTS = (
    *("parameters", "rooms", "teachers", "subjects", "slots", "classes", "pupils", "positions", "lessons", "lessons"),
    *("lessons", "groupings", "groups", "memberships", "co_teaching", "calendar"),
)
UDT = dict(zip(NUMBERS, DIALECTS, strict=True))
SAMPLES = {
    "aaf": "aaf//AAF-VE1301",
    "aaf/README.md": "unknown//",
    "aaf/ficAlimMENESR.dtd": "unknown//",
    "edt": "edt/export/2.0",
    **{f"edt/{name}.xml": "edt/export/2.0" for name in ("college", "college-s2", "example")},
    "udt/college": "udt/archive/",
    "udt/college.zip": "udt/archive/",
    "udt/variantes/0740000Y_20221107063000_UDT.zip": "udt/archive/",
    "udt/export_recherche.csv": "udt/search/",
    "udt/g_edt_2.csv": "udt/search/",
    **{f"udt/college/UDCal_{number}.xml": f"udt/{dialect}/" for number, dialect in UDT.items()},
    **{f"udt/college/UDCal_{number}.xml": "unknown//" for number in ("12_44", "23_45", "99")},
    "udt/college/semaines.xml": "udt/weeks/",
    "gar/1d": "gar/1d/1.0",
    "gar/2d": "gar/2d/1.0",
    "gar/rejets/xsd_no_namespace.xml": "gar/2d/1.0",
    "gar/rejets/xsd_missing_version.xml": "gar/2d/",
    "gar/ZZ9_GAR-ENT_Complet_20260901_210000_1D.tar.gz": "gar/1d/1.0",
    "gar/ZZ9_GAR-ENT_Complet_20260901_210000_2D.tar.gz": "gar/2d/1.0",
    "gar/ZZ9_GAR-ENT_Complet_20260901_210000_2D.md5": "unknown//",
    "gar/expected.json": "unknown//",
    "sts": "sts//",
    "sts/sts_emp_0740000Y_2022.xml": "sts/sts_emp/",
    "sts/emp_sts_0740000Y_2022.xml": "sts/emp_sts/",
    "sts/ElevesSansAdresses.xml": "siecle/eleves/3.0",
    "sts/Nomenclature.xml": "siecle/nomenclatures/3.1",
    "sts/Structures.xml": "siecle/structures/2.0",
    "sts/variantes/sts_emp_0740000X_2022_mauvaise_cle.xml": "sts/sts_emp/",
    "sts/variantes/sts_emp_0740000Y_2022_indente.xml": "sts/sts_emp/",
    "sts/variantes/sts_emp_0740000Y_2022_avant_remontee.xml": "sts/sts_emp/",
    "sts/variantes/emp_sts_0740000Y_2022_groupes_imbriques.xml": "sts/emp_sts/",
    "sts/variantes/ElevesSansAdresses_malforme.xml": "siecle/eleves/3.0",
    "pronote/identifiants.xml": "pronote/identifiers_xml/",
    "pronote/identifiants_table.xml": "pronote/identifiers_table/",
    "pronote/identifiants.csv": "pronote/identifiers_csv/",
    "pronote/identifiants_eleves.txt": "pronote/identifiers_csv/",
    "pronote/identifiants_erreurs.csv": "pronote/identifiers_csv/",
    "pronote/identifiants_import2.csv": "pronote/identifiers_csv/",
    "pronote/identifiants_sans_colonne_id.csv": "pronote/people_csv/",
    "pronote/identifiants_avec_mot_de_passe.csv": "pronote/credentials/",
    "pronote/EXP_ELEVE.csv": "pronote/people_csv/",
    "pronote/EXP_ELEVE.xml": "pronote/people_table/",
    "pronote/rapprochement_sso.xml": "pronote/reconciliation/2.0",
    "pronote/conteneur_import_chiffre.xml": "pronote/import_envelope/1.0",
    "pronote/conteneur_export_index.xml": "edt/envelope/",
    "pronote/accueil_eleve.xml": "pronote/feed/1.03",
    "pronote/accueil_parent.xml": "pronote/feed/1.03",
    "pronote/accueil_professeur.xml": "pronote/feed/1.03",
    "pronote/accueil_sans_espace_de_noms.xml": "pronote/feed/1.0",
    "pronote/accueil_refus.html": "html//",
    "pronote/edt_professeur.ics": "pronote/calendar/",
    "pronote/infoMobileApp.json": "pronote/settings/",
    "pronote/cas_reponse_pronote.xml": "pronote/cas_response/",
}


@pytest.mark.parametrize(("name", "expected"), SAMPLES.items(), ids=SAMPLES)
def test_the_samples(corpus: Callable[[str], Path], name: str, expected: str) -> None:
    """Each sample is what its README says; its name plays no part."""
    path = corpus(name)
    assert "/".join(kind(path)) == expected
    if path.is_file():
        assert "/".join(kind(path.read_bytes())) == expected


def test_every_sample_has_its_family(corpus: Callable[[str], Path]) -> None:
    """Each file below `aaf`, `gar` and the like is of that family, or is named in the table above."""
    root = corpus("aaf").parent
    for folder in ("aaf", "gar", "edt", "udt", "sts", "pronote"):
        for path in (p for p in sorted((root / folder).rglob("*")) if p.is_file() and p.suffix not in {".md", ".md5"}):
            name = path.relative_to(root).as_posix()
            assert name in SAMPLES or kind(path)[0] == folder, name
