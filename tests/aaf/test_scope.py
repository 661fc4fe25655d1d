"""What is read: some categories, some schools, some fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats._files import Part
from entformats.aaf import (
    ADDRESSES,
    ALL,
    MAILS,
    PHONES,
    Add,
    Category,
    Delivery,
    Guardian,
    Modify,
    Pupil,
    Scope,
    iter_records,
    read,
    write,
)
from entformats.aaf.degrees import ATTRIBUTES, Degree
from entformats.aaf.reader import FileReader
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.problems import Problem
from entformats.testing.school import generate, primary

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]


def slugs(delivery: Delivery) -> list[str]:
    """Give the slugs found."""
    return [one.slug for one in delivery.report.problems]


def test_categories_alone_are_a_scope(document: Files, add: Texts) -> None:
    """A set of categories is a scope; `ALL` reads everything."""
    source = document(add(), add("PersRelEleve", "34"))
    for scope in ({Category.GUARDIANS}, frozenset({Category.GUARDIANS}), Scope(categories=[Category.GUARDIANS])):
        assert [type(one.record) for one in iter_records(source, scope=scope) if isinstance(one, Add)] == [Guardian]
    assert len(list(iter_records(source, scope=ALL))) == 2
    assert Scope() == ALL


@pytest.mark.parametrize("without", [{"nom"}, {"key"}, {"shape"}, {"extra"}, {"ENTEleveINE"}, "ine"])
def test_only_fields_are_left_out(without: set[str]) -> None:
    """What is no field, or what no record can do without, is the caller's mistake."""
    with pytest.raises(UsageError):
        Scope(without=without)


def test_the_groups_of_fields_are_fields() -> None:
    """The ready-made sets name fields, and nothing twice."""
    assert Scope(without=ADDRESSES | PHONES | MAILS).without == ADDRESSES | PHONES | MAILS
    assert not ADDRESSES & PHONES
    assert not MAILS & PHONES


def test_fields_that_are_left_out_are_not_stored(document: Files, add: Texts) -> None:
    """Neither value, nor text, nor finding: the shape does not have the attribute, the rest is as without."""
    changes = {
        "ENTEleveINE": "120000001FH",
        "ENTPersonAdresse": ["1 RUE FICTIVE$", "2 RUE FICTIVE"],
        "enteleveine": "secret",
        "homePhone": "&amp;eacute;",
        "ENTPersonDateNaissance": "impossible",
        "ENTEleveGroupes": ["1$G", "1$G"],
    }
    source = document(add(**changes))
    scope = Scope(without=ADDRESSES | PHONES | {"ine", "birth_date", "groups", "family"})
    items = list(iter_records(source, scope=scope))
    assert [one.slug for one in items if isinstance(one, Problem)] == ["repeated_attribute", "misspelt_attribute"]
    (pupil,) = (one.record for one in items if isinstance(one, Add))
    assert isinstance(pupil, Pupil)
    assert (pupil.ine, pupil.address, pupil.birth_date, pupil.groups, pupil.family) == ("", (), None, (), "")
    assert (dict(pupil.extra), pupil.given) == ({}, "Maïwenn")
    assert pupil.shape == ("ENTPersonJointure", "givenName", "ENTPersonStructRattach")


def test_a_modification_loses_what_is_left_out(document: Files, request_text: Texts) -> None:
    """Fields left out of a delta are not changed."""
    content = "".join(
        f'<modification name="{name}" operation="replace"><value>x</value></modification>'
        for name in ("ENTEleveINE", "ENTEleveRegime")
    )
    source = document(request_text("modifyRequest", "Eleve", "310", f"<modifications>{content}</modifications>"))
    (modify,) = iter_records(source, scope=Scope(without={"ine"}))
    assert isinstance(modify, Modify)
    assert (dict(modify.changes), modify.shape) == ({"regime": "x"}, ("ENTEleveRegime",))


NAMES = [*ATTRIBUTES[Category.PUPILS, Degree.SECOND], "ENTNouveau"]
FIELDS = sorted({one.field for one in ATTRIBUTES[Category.PUPILS, Degree.SECOND].values()} - {"key"})


@settings(max_examples=100, deadline=None)
@given(
    names=st.lists(st.sampled_from(NAMES), max_size=12, unique=True),
    texts=st.lists(st.sampled_from(["", " ", "x", "O", "61001$6A", "1$1", "34$1$1$1$0$0"]), min_size=1, max_size=3),
    without=st.sets(st.sampled_from(FIELDS)),
)
def test_both_lanes_leave_out_the_same(
    names: list[str], texts: list[str], without: set[str], document: Files, add_exactly: Texts
) -> None:
    """Whatever is left out, the fast lane gives what the slow one gives, and neither keeps anything of it."""
    whole: dict[str, str | list[str]] = {"ENTPersonJointure": "310", "sn": "A", "givenName": "B"}
    whole |= dict.fromkeys((name for name in names if name not in whole), texts)
    source = document(*[add_exactly("Eleve", "310", whole)] * 2)
    readers = [FileReader(Part("", "", lambda: iter([source])), scope=Scope(without=without)) for _ in range(2)]
    readers[1].fast = False
    fast, slow = (list(reader.items()) for reader in readers)
    assert fast == slow
    known = ATTRIBUTES[Category.PUPILS, Degree.SECOND]
    for item in fast:
        if isinstance(item, Add):
            assert (
                not {known[name].field for name in (*item.record.shape, *item.record.extra) if name in known} & without
            )
            assert not any(getattr(item.record, name) for name in without)


SCHOOLS = ("61001", "61002")


@pytest.fixture
def two_schools(document: Files, add: Texts) -> dict[str, bytes]:
    """Two schools, one with two identifiers, a guardian each, a teacher in both."""
    schools = [
        add("EtabEducNat", "61001"),
        add("EtabEducNat", "61009"),
        add("EtabEducNat", "61002", ENTStructureUAI="0061234J"),
    ]
    pupils = [
        add(key="1", ENTElevePersRelEleve="34$10$1$1$1$0"),
        add(key="2", ENTPersonStructRattach="61002", ENTElevePersRelEleve="35$10$1$1$1$0"),
        add(key="3", ENTPersonStructRattach="61009"),
    ]
    guardians = [add("PersRelEleve", key) for key in ("34", "35")]
    guardians.append(add("PersRelEleve", "36", ENTAuxPersRelEleveEleve="3"))
    staff = [
        add("PersEducNat", "27", ENTPersonStructRattach="61002", ENTPersonFonctions="61001$ENS$E$L1$M"),
        add("PersEducNat", "28", ENTPersonStructRattach="61002"),
    ]
    return {
        "ENT_Complet_EtabEducNat_0000.xml": document(*schools),
        "ENT_Complet_Eleve_0000.xml": document(*pupils),
        "ENT_Complet_PersRelEleve_0000.xml": document(*guardians),
        "ENT_Complet_PersEducNat_0000.xml": document(*staff),
        "ENT_Complet_MatiereEducNat_0000.xml": document(add("MatEducNat", "030201")),
    }


@pytest.mark.parametrize("asked", ["0749999S", "61001", "61009"])
def test_one_school_of_a_delivery(two_schools: dict[str, bytes], asked: str) -> None:
    """By UAI or by any of its identifiers: its people, the guardians of its pupils, the nomenclatures."""
    delivery = read(two_schools, scope=Scope(schools={asked}))
    directory = delivery.directory
    assert set(directory.schools) == {"61001", "61009"}
    assert set(directory.pupils) == {"1", "3"}
    assert set(directory.guardians) == {"34", "36"}
    assert set(directory.staff) == {"27"}
    assert set(directory.subjects) == {"030201"}
    assert "dangling_reference" not in slugs(delivery)
    assert delivery.where(Jointure("3")) == read(two_schools).where(Jointure("3"))
    with pytest.raises(KeyError):
        delivery.where(Jointure("2"))


@pytest.mark.parametrize("asked", [{"0749999S"}, {"61009"}, {"61002"}, {"61001", "0061234J"}, {"9"}])
def test_names_of_files_do_not_matter(two_schools: dict[str, bytes], asked: set[str]) -> None:
    """Files whose names do not tell what comes first give the same people of a school."""
    renamed = {f"{number}.xml": content for number, content in enumerate(reversed(two_schools.values()))}
    scope = Scope(schools=asked)
    assert read(renamed, scope=scope).directory == read(two_schools, scope=scope).directory


def test_a_school_that_is_not_there(two_schools: dict[str, bytes]) -> None:
    """A school asked for in vain is a finding, and nobody is read for it."""
    delivery = read(two_schools, scope=Scope(schools={"0749999S", "0700000X"}))
    assert [dict(one.params) for one in delivery.report.problems if one.slug == "scope_school_absent"] == [
        {"school": "0700000X"}
    ]
    assert len(read(two_schools, scope=Scope(schools={"0700000X"})).directory.pupils) == 0


def test_schools_of_a_delta(document: Files, add: Texts, request_text: Texts) -> None:
    """Additions say where they belong; modifications and deletions do not, and are kept."""
    texts = [add(key="1"), add(key="2", ENTPersonStructRattach="61002"), request_text("deleteRequest", "Eleve", "9")]
    delivery = read({"ENT_Delta_Eleve_0000.xml": document(*texts)}, scope=Scope(schools={"61001"}))
    assert [one.key for one in delivery.changes] == ["1", "9"]


def test_schools_in_a_stream(document: Files, add: Texts) -> None:
    """In one file a record is judged by what it says, and by the structures met before; the missing ones are told."""
    records = [
        add("EtabEducNat", "61001"),
        add("EtabEducNat", "61002", ENTStructureUAI="0061234J"),
        add(key="1"),
        add(key="2", ENTPersonStructRattach="61002"),
        add("PersRelEleve", "34"),
    ]
    items = list(iter_records(document(*records), scope=Scope(schools={"0749999S"})))
    assert [item.key for item in items if isinstance(item, Add)] == ["61001", "1", "34"]
    assert [item for item in items if isinstance(item, Problem)] == []
    items = list(iter_records(document(*records[2:]), scope=Scope(schools={"0749999S", "61002"})))
    assert [item.key for item in items if isinstance(item, Add)] == ["2", "34"]
    assert [dict(item.params) for item in items if isinstance(item, Problem)] == [{"school": "0749999S"}]


@pytest.mark.parametrize("directory", [generate(5, pupils=20).directory, primary(5, pupils=12)], ids=["2D", "1D"])
def test_what_is_written_after_leaving_out(directory: object) -> None:
    """A delivery read without addresses and written again does not have them, and is read as itself."""
    headers = {"degre": "2D" if directory.mefs else "1D"}  # type: ignore[attr-defined]  # a directory
    files = {name: b"".join(content) for name, content in write(directory, headers=headers)}  # type: ignore[arg-type]  # idem
    delivery = read(files, scope=Scope(without=ADDRESSES | PHONES | MAILS))
    again = {name: b"".join(content) for name, content in write(delivery.directory, headers=headers)}
    assert b"ENTPersonAdresse" not in b"".join(again.values())
    assert b"ENTPersonAdresse" in b"".join(files.values())
    assert read(again).directory == delivery.directory
