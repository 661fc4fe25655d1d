"""The reconciliation file and its container: read, written, sealed."""
# ruff: noqa: DTZ001 - wall times of a school

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from attrs import evolve
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from entformats import edt, pronote
from entformats._envelope import seal
from entformats.errors import Encrypted, EntFormatsError, MissingExtra, UnreadableInput, UsageError, WrongFormat
from entformats.frozen import FrozenMap
from entformats.identity import Profile
from entformats.pronote import Account, Address, Reconciliation, School
from entformats.testing.envelopes import new_key

REPO = Path(__file__).parents[2]
CORPUS = REPO / ".." / "shared" / "corpus" / "pronote"
XSD = REPO / "schemas" / "pronote-reconciliation.xsd"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not there")
WHOLE = Reconciliation(
    "NEO",
    datetime(2022, 9, 5, 6),
    (School(0, "0749999S", 'Les "Vergers" & co', phone_office="01"), School(1, "0748888J", "Lycée")),
    (
        Account(Profile.STAFF, 0, "LE GOUÉZEC", "Yann", "  a 1 "),
        Account(Profile.TEACHER, 1, "D’ARC", "Ève\n", "b", birth_date=date(1979, 5, 21)),
        Account(Profile.TEACHER, 1, "D’ARC", "Ève\n", "b", birth_date=date(1979, 5, 21)),
        Account(Profile.GUARDIAN, 2, "A", "B", "c", title=1, address=Address(("1 rue", "", "bis"), "74000", "V", "F")),
        Account(Profile.PUPIL, 3, "A", "C", "d", date(2009, 2, 28), "Feminin", "123", guardians=(2,)),
    ),
    titles=FrozenMap({1: "Mme"}),
)


def _written(whole: Reconciliation) -> bytes:
    return b"".join(pronote.write_reconciliation(whole))


def test_what_is_written_is_read_back_and_valid() -> None:
    """Grouped schools, a person listed twice, blanks and quotes come back equal, and the schema accepts them."""
    content = _written(WHOLE)
    etree.XMLSchema(etree.parse(XSD)).assertValid(etree.fromstring(content))
    back = pronote.read_reconciliation(content)
    assert back == WHOLE
    assert back.report.problems == ()
    bare = evolve(WHOLE, accounts=(), titles=FrozenMap(), protocol="")
    assert pronote.read_reconciliation(_written(bare)) == bare


@needs_corpus
def test_the_corpus_is_read_whole_and_written_back() -> None:
    """Two grouped schools, five staff, seven teachers; the pupil without date is not there."""
    whole = pronote.read_reconciliation(CORPUS / "rapprochement_sso.xml")
    assert [school.uai for school in whole.schools] == ["0749999S", "0748888J"]
    assert whole.managed == (0, 1)
    assert [len(whole.of(profile)) for profile in (Profile.STAFF, Profile.TEACHER)] == [5, 7]
    assert all(pupil.birth_date for pupil in whole.of(Profile.PUPIL))
    assert whole.report.problems == ()
    etree.XMLSchema(etree.parse(XSD)).assertValid(etree.fromstring(_written(whole)))
    assert pronote.read_reconciliation(_written(whole)) == whole


@needs_corpus
def test_the_container_of_the_corpus_tells_its_school() -> None:
    """The envelope is read without key; without one it cannot be opened."""
    content = (CORPUS / "conteneur_import_chiffre.xml").read_bytes()
    assert pronote.read_container(content).uai == "0749999S"
    with pytest.raises(Encrypted):
        pronote.read_reconciliation(content)


def test_a_container_is_opened_with_the_key_it_was_made_for() -> None:
    """Round trip under a key made here; another key, and none, are refused; the container is valid."""
    key = new_key()
    public = load_pem_private_key(key, None).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    sealed = b"".join(
        pronote.seal(_written(WHOLE), pem, partner="NEO", uai="0749999S", at=datetime(2022, 9, 5), description="test")
    )
    schema = etree.XMLSchema(etree.parse(REPO / "schemas" / "pronote-container.xsd"))
    schema.assertValid(etree.fromstring(sealed))
    opened = pronote.read_reconciliation(sealed, decrypt=edt.with_key(key, partner="Index"))
    assert opened == WHOLE
    with pytest.raises(UnreadableInput):
        pronote.read_reconciliation(sealed, decrypt=edt.with_key(new_key(), partner="Index"))


def test_only_a_public_rsa_key_seals() -> None:
    """A key on a curve is no RSA key; what is not compressed is sealed as it is."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415 - used here only

    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(UsageError):
        seal(b"", ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(*form))
    made = rsa.generate_private_key(65537, 2048).public_key().public_bytes(*form)
    assert len(seal(b"a" * 100, made).content) < len(seal(b"a" * 100, made, compressed=False).content)


@pytest.mark.parametrize(
    "wrong",
    [
        evolve(WHOLE, produced_at=None),
        evolve(WHOLE, schools=()),
        evolve(WHOLE, managed=()),
        evolve(WHOLE, protocol="SAML"),
        evolve(WHOLE, accounts=(Account(Profile.PUPIL, 0, "A", "B", "c"),)),
        evolve(WHOLE, accounts=(Account(Profile.STAFF, -1, "A", "B", "c"),)),
        evolve(WHOLE, accounts=(Account(Profile.STAFF, 1, "A", "B", "c", sex="F"),)),
        evolve(WHOLE, partner="a\x00"),
    ],
)
def test_what_the_schema_cannot_hold_is_the_callers_mistake(wrong: Reconciliation) -> None:
    """Each raises UsageError."""
    with pytest.raises(UsageError):
        _written(wrong)


def test_sealing_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package, the error names the extra."""
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    with pytest.raises(MissingExtra):
        seal(b"", b"")


def test_only_undated_pupils_are_left_out() -> None:
    """Everything else is written as it is."""
    kept, report = pronote.writable(WHOLE)
    assert (kept, report.problems) == (WHOLE, ())


def test_an_address_has_four_lines_at_most() -> None:
    """A fifth one is the caller's mistake."""
    with pytest.raises(UsageError):
        Address(("1", "2", "3", "4", "5"))


def test_every_defect_of_the_file_has_its_finding() -> None:
    """Missing, unreadable and dangling values; the person without identifier is left out, the rest is kept."""
    body = """<Nomenclatures><Civilites><Civilite Ident="x"/></Civilites></Nomenclatures>
    <Etablissements><Etablissement Ident="0" Numero="0749999S"/></Etablissements>
    <EtablissementsGeres><Etablissement Ident="4"/></EtablissementsGeres><Autres><Autre Ident="1"/></Autres><Vide/>
    <Personnels><Personnel Nom="A"/><Personnel Ident="1" Nom="A"/></Personnels>
    <Responsables><Responsable Ident="5" Nom="A" Prenom="B" ID_Partenaire="c"><Civilite Ident="3"/>
    </Responsable></Responsables>
    <Eleves><Eleve Ident="2" Prenom="B" ID_Partenaire="c" DateNaissance="2009-02-30"><Responsable Ident="9"/>
    <Responsable/></Eleve></Eleves>"""
    whole = pronote.read_reconciliation(f'<PARTENAIRE_INDEX Date="hier">{body}</PARTENAIRE_INDEX>'.encode())
    assert [(one.profile, one.birth_date) for one in whole.accounts] == [
        (Profile.GUARDIAN, None),
        (Profile.PUPIL, None),
    ]
    assert {found.slug for found in whole.report.problems} == {
        "reconciliation_missing",
        "reconciliation_unreadable",
        "reconciliation_dangling",
    }
    assert [found.params["ident"] for found in whole.report.of_slug("reconciliation_dangling")] == [4, 3, 9]


def test_the_other_file_of_that_root_is_refused() -> None:
    """A timetable file for EDT has the same root."""
    other = b'<PARTENAIRE_INDEX xmlns="http://www.index-education.com/importpartenaireindexV1"/>'
    with pytest.raises(WrongFormat):
        pronote.read_reconciliation(other)


@given(st.binary(max_size=40), st.integers(0, 600))
def test_damaged_bytes_never_raise_anything_else(noise: bytes, at: int) -> None:
    """Whatever replaces a part of the file, it is read or refused by name."""
    content = _written(WHOLE)
    try:
        pronote.read_reconciliation(content[:at] + noise + content[at + len(noise) :])
    except EntFormatsError as error:
        assert str(error)  # noqa: PT017 - either outcome is right


def test_nobody_is_shown() -> None:
    """Neither names nor identifiers are in `repr`."""
    assert "GOU" not in repr(WHOLE)
    assert "GOU" not in repr(WHOLE.accounts[0])
