"""Reading one file: every kind of request, and every malformed input of the format page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats import aaf
from entformats._files import Part
from entformats.aaf import (
    Add,
    Category,
    ClassRef,
    ClassSubject,
    Coded,
    DeclaredClass,
    DeclaredGroup,
    Delete,
    Function,
    Guardian,
    LabelFirst,
    Modify,
    Pupil,
    Record,
    Relation,
    School,
    Staff,
    iter_records,
)
from entformats.aaf.reader import FileReader, Item
from entformats.codes.jointure import Jointure
from entformats.errors import UnreadableInput, UsageError, WrongFormat
from entformats.limits import Limits
from entformats.problems import Problem, Severity

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]
R = TypeVar("R", bound=Record)


def slugs(items: Sequence[Item]) -> list[str]:
    """Give the slugs of the problems, in order."""
    return [item.slug for item in items if isinstance(item, Problem)]


def only(items: Sequence[Item], kind: type[R]) -> R:
    """Give the one record of the items."""
    (record,) = (item.record for item in items if isinstance(item, Add))
    assert isinstance(record, kind)
    return record


def param(items: Sequence[Item], slug: str, name: str) -> str | int:
    """Give a parameter of the first problem of one slug."""
    return next(item.params[name] for item in items if isinstance(item, Problem) and item.slug == slug)


def test_a_pupil_of_today_is_read_whole(document: Files, add: Texts) -> None:
    """The example of the format page gives every field, and no finding."""
    text = add(
        key="3100456",
        ENTEleveINE="120000001FH",
        ENTEleveStructRattachId="1735",
        ENTPersonAutresPrenoms=("Maïwenn", "Zoé"),
        personalTitle="Mme",
        ENTElevePersRelEleve=("3400001$10$1$1$1$0", "3400003$38$0$0$1$0"),
        ENTEleveBoursier="N",
        ENTPersonAdresse="1 RUE FICTIVE$$$",
        ENTEleveMEF="10110001110",
        ENTEleveEnseignements="ANGLAIS LV1",
        ENTEleveCodeEnseignements="030201",
        ENTEleveDateEntreeClasses="61001$01/09/2024$5 C",
        ENTEleveDateSortieClasses="",
        ENTEleveClasses="61001$5 C",
        ENTEleveGroupes=("61001$5 C_GR1", "61001$5LATIN"),
    )
    items = list(iter_records(document(text)))
    pupil = only(items, Pupil)
    assert slugs(items) == []
    assert (pupil.key, pupil.ine, pupil.siecle_number, pupil.birth_date) == (
        "3100456",
        "120000001FH",
        "1735",
        date(2012, 2, 29),
    )
    assert (pupil.family, pupil.given, pupil.other_given) == ("D'AUBREPIN", "Maïwenn", ("Maïwenn", "Zoé"))
    assert pupil.relations[0] == Relation(Jointure("3400001"), "10", financial=True, legal=1, contact=True)
    assert pupil.grant_holder is False
    assert pupil.address == ("1 RUE FICTIVE", "", "", "")
    assert (pupil.subject_labels, pupil.subject_codes, pupil.mef) == (("ANGLAIS LV1",), ("030201",), "10110001110")
    assert pupil.class_entries[0].on == date(2024, 9, 1)
    assert pupil.class_exits == ()
    assert pupil.classes == (ClassRef(Jointure("61001"), "5 C"),)
    assert [group.name for group in pupil.groups] == ["5 C_GR1", "5LATIN"]
    assert "ENTEleveDateSortieClasses" in pupil.shape
    assert "mail" not in pupil.shape


def test_a_teacher_and_a_school_are_read_whole(document: Files, add: Texts) -> None:
    """Every composite of staff and structures becomes its value."""
    staff = add(
        "PersEducNat",
        "27",
        ENTAuxEnsCategoDiscipline="13$MATHEMATIQUES",
        ENTAuxEnsDisciplinesPoste="SANS OBJET$",
        ENTAuxEnsMEF="61001$10110001110$5EME",
        ENTAuxEnsMatiereEnseignEtab="61001$LATIN",
        ENTAuxEnsClassesMatieres="61001$5 C$020700",
        ENTPersonFonctions="61001$ENS$ENSEIGNEMENT$L1300$MATHEMATIQUES",
        ENTPersonCategorieEnseignant="O",
    )
    school = add(
        "EtabEducNat",
        "61001",
        ENTEtablissementBassin="13164$NORD FICTIF",
        ENTStructureClasses="5 C$5EME$10110001110",
        ENTStructureGroupes="5 C_GR1$GROUPE 1$5 C",
    )
    items = list(iter_records(document(staff, school)))
    teacher, place = (item.record for item in items if isinstance(item, Add))
    assert slugs(items) == []
    assert isinstance(teacher, Staff)
    assert isinstance(place, School)
    assert teacher.discipline_families == (Coded("13", "MATHEMATIQUES"),)
    assert teacher.post_discipline == LabelFirst("SANS OBJET", "")
    assert teacher.class_subjects == (ClassSubject(Jointure("61001"), "5 C", Jointure("020700")),)
    assert teacher.functions == (Function(Jointure("61001"), "ENS", "ENSEIGNEMENT", "L1300", "MATHEMATIQUES"),)
    assert teacher.teaches
    assert place.uai == "0749999S"
    assert place.classes == (DeclaredClass("5 C", "5EME", (Jointure("10110001110"),)),)
    assert place.groups == (DeclaredGroup("5 C_GR1", "GROUPE 1", ("5 C",)),)


def test_a_place_is_a_line_of_the_file(document: Files, add: Texts) -> None:
    """`where` gives file, line, kind and key of each record."""
    source = {"ENT_Complet_20240916_Eleve_0000.xml": document(add(key="1"), add(key="2"))}
    first, second = (item.where for item in iter_records(source) if isinstance(item, Add))
    assert (first.file, first.line, first.kind, first.key) == ("ENT_Complet_20240916_Eleve_0000.xml", 5, "Eleve", "1")
    assert second.line == 16


def test_delta_requests(document: Files, request_text: Texts) -> None:
    """A modification names what it replaces, an empty value erases; a deletion is a key."""
    content = (
        "<modifications>\n"
        '<modification name="ENTEleveClasses" operation="replace"><value>61001$4E12</value></modification>\n'
        '<modification name="ENTEleveGroupes" operation="replace"><value/></modification>\n'
        '<modification name="ENTNouveau" operation="replace"><value>x</value></modification>\n'
        "</modifications>\n"
    )
    source = document(
        request_text("modifyRequest", "Eleve", "310", content), request_text("deleteRequest", "PersRelEleve", "340")
    )
    items = list(iter_records(source))
    modify, delete = (item for item in items if not isinstance(item, Problem))
    assert isinstance(modify, Modify)
    assert isinstance(delete, Delete)
    assert (modify.key, modify.category) == ("310", Category.PUPILS)
    assert dict(modify.changes) == {"classes": (ClassRef(Jointure("61001"), "4E12"),), "groups": ()}
    assert dict(modify.extra) == {"ENTNouveau": ("x",)}
    assert modify.shape == ("ENTEleveClasses", "ENTEleveGroupes", "ENTNouveau")
    assert (delete.key, delete.category, delete.where.line) == ("340", Category.GUARDIANS, 14)
    assert slugs(items) == ["unknown_attribute"]


def test_unknown_operation_and_key_in_a_modification(document: Files, request_text: Texts) -> None:
    """Another operation is an error; the jointure may be repeated, not changed; a name may not be erased in silence."""
    content = (
        "<modifications>"
        '<modification name="sn" operation="add"><value>X</value></modification>'
        '<modification name="ENTPersonJointure" operation="replace"><value>310</value></modification>'
        '<modification name="givenName" operation="replace"><value/></modification>'
        "</modifications>"
    )
    other = (
        '<modifications><modification name="ENTPersonJointure" operation="replace"><value>9</value></modification>'
        "</modifications>"
    )
    items = list(
        iter_records(
            document(
                request_text("modifyRequest", "Eleve", "310", content),
                request_text("modifyRequest", "Eleve", "311", other),
            )
        )
    )
    (modify,) = (item for item in items if isinstance(item, Modify))
    assert dict(modify.changes) == {"given": ""}
    assert slugs(items) == ["unknown_operation", "missing_name", "key_mismatch"]


def test_scope_leaves_categories_out(document: Files, add: Texts, request_text: Texts) -> None:
    """Records out of scope are not read, whichever lane would read them."""
    source = document(add(), add("PersRelEleve", "340"), request_text("deleteRequest", "PersRelEleve", "341"))
    items = list(iter_records(source, scope=frozenset({Category.PUPILS})))
    assert [type(item).__name__ for item in items] == ["Add"]


@pytest.mark.parametrize(
    ("attribute", "values", "found", "field", "value", "kept"),
    [
        ("ENTPersonDateNaissance", "31/02/2012", ["unconvertible_value"], "birth_date", None, True),
        ("ENTPersonDateNaissance", "2012-02-29", ["unconvertible_value"], "birth_date", None, True),
        ("ENTPersonDateNaissance", "", ["missing_value"], "birth_date", None, False),
        ("sn", "", ["missing_name"], "family", "", False),
        ("ENTEleveBoursier", "o", ["unusual_spelling"], "grant_holder", True, True),
        ("ENTEleveBoursier", "X", ["unconvertible_value"], "grant_holder", None, True),
        ("ENTPersonStructRattach", " 61001 ", ["unusual_spelling"], "school", "61001", True),
        ("ENTPersonStructRattach", "61 001", ["unconvertible_value"], "school", None, True),
        ("ENTEleveRegime", ("EXTERNE", "INTERNE"), ["several_values"], "regime", "EXTERNE", True),
        ("ENTEleveRegime", ("", "INTERNE"), ["empty_among_values"], "regime", "INTERNE", True),
        ("ENTEleveRegime", ("", ""), [], "regime", "", True),
        ("ENTEleveRegime", "  ", [], "regime", "", False),
        ("ENTEleveRegime", " EXTERNE", [], "regime", " EXTERNE", False),
        ("ENTEleveRegime", "D&apos;ETE &eacute;t&#233;", ["escaped_twice"], "regime", "D'ETE été", False),
        ("ENTEleveRegime", "R&D; & &#1; &nbsp;", ["escaped_twice"], "regime", "R&D; & &#1; \u00a0", False),
        ("ENTEleveRegime", "R&D; A &quux;", [], "regime", "R&D; A &quux;", False),
        ("ENTEleveClasses", "61001", ["unconvertible_value"], "classes", (), True),
        ("ENTEleveClasses", "61001$", ["unconvertible_value"], "classes", (), True),
        (
            "ENTEleveClasses",
            "61001$A$B",
            ["composite_fields"],
            "classes",
            (ClassRef(Jointure("61001"), "A$B"),),
            True,
        ),
        ("ENTElevePersRelEleve", "34$1", ["composite_fields"], "relations", (Relation(Jointure("34"), "1"),), True),
        ("ENTElevePersRelEleve", "34$1$x$1$0$0", ["unconvertible_value"], "relations", (), True),
        ("ENTElevePersRelEleve", "34$1$1$A$0$0", ["unconvertible_value"], "relations", (), True),
        ("ENTElevePersRelEleve", "34$1$1$1$0$0$0", ["unconvertible_value"], "relations", (), True),
        (
            "ENTPersonAutresPrenoms",
            ("Enzo", "Charles", "Enzo"),
            ["repeated_value"],
            "other_given",
            ("Enzo", "Charles"),
            True,
        ),
        (
            "ENTEleveGroupes",
            ("61001$G", "", "bad"),
            ["empty_among_values", "unconvertible_value"],
            "groups",
            (ClassRef(Jointure("61001"), "G"),),
            True,
        ),
        (
            "ENTEleveClasses",
            ("61001$A", "61001$B"),
            ["two_classes_in_school"],
            "classes",
            (ClassRef(Jointure("61001"), "A"), ClassRef(Jointure("61001"), "B")),
            False,
        ),
        (
            "ENTEleveClasses",
            ("61001$A", "61002$A"),
            [],
            "classes",
            (ClassRef(Jointure("61001"), "A"), ClassRef(Jointure("61002"), "A")),
            False,
        ),
        ("ENTEleveEnseignements", ("ANGLAIS", "ANGLAIS"), [], "subject_labels", ("ANGLAIS", "ANGLAIS"), False),
        ("ENTEleveEnseignements", ("ANGLAIS", ""), ["empty_among_values"], "subject_labels", ("ANGLAIS", ""), False),
        ("ENTPersonVille", "19563 TOWN CEDEX 08", [], "town", "19563 TOWN CEDEX 08", False),
        ("givenName", "J.  3", [], "given", "J.  3", False),
    ],
)
def test_values_of_a_pupil(
    document: Files,
    add: Texts,
    attribute: str,
    values: str | tuple[str, ...],
    found: list[str],
    field: str,
    value: object,
    *,
    kept: bool,
) -> None:
    """Each malformed value gives what the format page says; what the field cannot hold is in `extra`."""
    items = list(iter_records(document(add(**{attribute: values}))))
    pupil = only(items, Pupil)
    assert slugs(items) == found
    assert getattr(pupil, field) == value
    assert (attribute in pupil.extra) is kept
    assert not kept or pupil.extra[attribute] == ((values,) if isinstance(values, str) else values)
    places = [item.where for item in items if isinstance(item, Problem)]
    assert all(where.line > 0 and where.xpath and where.key == "310" and where.kind == "Eleve" for where in places)


def test_named_entities_are_restored(document: Files, add: Texts) -> None:
    """A named HTML entity is read as its character, with a finding of the XML door."""
    items = list(iter_records(document(add()).replace("Maïwenn".encode(), b"Ma&iuml;wenn")))
    assert only(items, Pupil).given == "Maïwenn"
    assert len(slugs(items)) == 1


def test_lists_of_subjects_of_unequal_lengths(document: Files, add: Texts) -> None:
    """Labels and codes come in pairs; a list that is not delivered at all is not compared."""
    labels = ("ANGLAIS", "LATIN")
    unequal = add(ENTEleveEnseignements=labels, ENTEleveCodeEnseignements="030201")
    alone = add(key="311", ENTEleveEnseignements=labels)
    items = list(iter_records(document(unequal, alone)))
    assert slugs(items) == ["unequal_lists"]
    assert (param(items, "unequal_lists", "labels"), param(items, "unequal_lists", "codes")) == (2, 1)


@pytest.mark.parametrize(
    ("values", "found", "classes"),
    [
        ("5 C", ["composite_fields"], (DeclaredClass("5 C"),)),
        (("5 C$A$1", "5 C$B$2"), ["repeated_value"], (DeclaredClass("5 C", "A", (Jointure("1"),)),)),
        ("5 C$", [], (DeclaredClass("5 C"),)),
        ("$5EME", ["unconvertible_value"], ()),
    ],
)
def test_declared_classes(
    document: Files, add: Texts, values: str | tuple[str, ...], found: list[str], classes: tuple[DeclaredClass, ...]
) -> None:
    """A class without label is read; of two lines for one class the first wins."""
    items = list(iter_records(document(add("EtabEducNat", "61001", ENTStructureClasses=values))))
    assert slugs(items) == found
    assert only(items, School).classes == classes


def test_values_of_staff_and_schools(document: Files, add: Texts) -> None:
    """Cut functions, codes in place of labels and a UAI in small letters are read with a finding."""
    staff = add(
        "PersEducNat",
        "27",
        ENTPersonFonctions=("61001$ENS", "61002$-$SANS OBJET$-$SANS OBJET", "61003$ENS$A$L1300$X$Y"),
        ENTAuxEnsDisciplinesPoste="A$B$07",
        ENTAuxEnsClassesMatieres="61001$5 C",
    )
    school = add("EtabEducNat", "61001", ENTStructureUAI="0749999s")
    items = list(iter_records(document(staff, school)))
    teacher = next(item.record for item in items if isinstance(item, Add))
    assert isinstance(teacher, Staff)
    assert [function.is_none for function in teacher.functions] == [False, True, False]
    assert teacher.functions[2].position_label == "X$Y"
    assert teacher.post_discipline == LabelFirst("A$B", "07")
    assert teacher.class_subjects == (ClassSubject(Jointure("61001"), "5 C"),)
    assert Counter(slugs(items)) == {"composite_fields": 4, "unusual_spelling": 1}


def test_unknown_attributes_are_kept_and_counted_once(document: Files, add: Texts) -> None:
    """An unknown attribute stays in `extra`; one problem a file gives its number, at the first place."""
    new = {"ENTNouveau": ("a", "b"), "ENTVide": ""}
    items = list(iter_records(document(*(add(key=str(key), **new) for key in range(1, 6)))))
    records = [item.record for item in items if isinstance(item, Add)]
    assert all(dict(record.extra) == {"ENTNouveau": ("a", "b")} for record in records)
    assert all(record.shape[-2:] == ("ENTNouveau", "ENTVide") for record in records)
    assert slugs(items) == ["unknown_attribute"] * 2
    assert param(items, "unknown_attribute", "count") == 5
    assert [item.where.key for item in items if isinstance(item, Problem)] == ["1", "1"]


def test_names_are_remembered_within_a_bound(document: Files, add: Texts) -> None:
    """Past the limit on distinct unknown names, the others are counted together; no value is lost."""
    requests = [add(key=str(key), **{f"ENTNouveau{key}": "x"}) for key in range(6)]
    items = list(iter_records(document(*requests), limits=Limits(unknown_names=2)))
    found = [(item.params["attribute"], item.params["count"]) for item in items if isinstance(item, Problem)]
    assert found == [("ENTNouveau0", 1), ("ENTNouveau1", 1), ("…", 4)]
    assert all(item.record.extra for item in items if isinstance(item, Add))


def test_misspelt_names_are_recognised(document: Files, add: Texts) -> None:
    """A name of another case, or of a known mistake, is the attribute meant; the shape has the right name."""
    schools = [add("EtabEducNat", key, ENTServCodeAcAcademie="008", entstructuremailsi="a@b.fr") for key in ("1", "2")]
    items = list(iter_records(document(*schools)))
    records = [item.record for item in items if isinstance(item, Add)]
    assert [isinstance(record, School) and (record.academy_code, record.mail) for record in records] == [
        ("008", "a@b.fr")
    ] * 2
    assert all(record.shape[-2:] == ("ENTServAcCodeAcademie", "ENTStructureMailSI") for record in records)
    assert slugs(items) == ["misspelt_attribute"] * 2
    assert param(items, "misspelt_attribute", "count") == 2


def test_repeated_attributes_keep_all_values(document: Files, add: Texts) -> None:
    """An attribute given twice is read as one, in order; another spelling of it counts as the same."""
    text = add(ENTEleveGroupes="61001$A", mail="a@b.fr").replace(
        "</attributes>",
        '<attr name="ENTEleveGroupes"><value>61001$B</value></attr>'
        '<attr name="MAIL"><value>c@d.fr</value></attr></attributes>',
    )
    items = list(iter_records(document(text)))
    pupil = only(items, Pupil)
    assert [group.name for group in pupil.groups] == ["A", "B"]
    assert (pupil.mail, pupil.extra["mail"]) == ("a@b.fr", ("a@b.fr", "c@d.fr"))
    assert Counter(slugs(items)) == {"repeated_attribute": 2, "several_values": 1, "misspelt_attribute": 1}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("<id>310</id>", "<id>311</id>", "key_mismatch"),
        ("<id>310</id>", "<id/>", "invalid_identifier"),
        ("<id>310</id>", "<id>3 10</id>", "invalid_identifier"),
        ("<id>310</id>", "<id>310</id><id>310</id>", "invalid_identifier"),
        ("<id>310</id>", "", "invalid_identifier"),
        ("<id>310</id>", "<ident>310</ident>", "invalid_identifier"),
        ("<identifier><id>310</id></identifier>", "", "malformed_record"),
        (">Eleve<", ">Martien<", "unknown_category"),
        ("<value>Eleve</value>", "", "unknown_category"),
        ("addRequest>", "upsertRequest>", "unexpected_request"),
    ],
)
def test_refused_records(document: Files, add: Texts, old: str, new: str, found: str) -> None:
    """A record that cannot be told who it is of is an error, and is not given; the next one is."""
    source = document(add().replace(old, new), add(key="999"))
    items = list(iter_records(source))
    assert found in slugs(items)
    assert [item.record.key for item in items if isinstance(item, Add)] == ["999"]
    assert any(item.severity is Severity.ERROR for item in items if isinstance(item, Problem))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("<id>310</id>", "<id> 310 </id>", "unusual_spelling"),
        ("<attributes>", "<note/><attributes>", "unexpected_element"),
        ("<attributes>", "<attributes/><attributes>", "unexpected_element"),
        ("<attributes>", "<attributes><note/>", "unexpected_element"),
        ("<attributes>", "<attributes>bonjour", "stray_text"),
        ("</attributes>", "</attributes>bonjour", "stray_text"),
        ('<attr name="sn">', '<attr name="sn">bonjour', "stray_text"),
        ('</value></attr>\n<attr name="givenName">', '</value>bonjour</attr>\n<attr name="givenName">', "stray_text"),
        ("<attributes>", '<attributes><attr name="mail"></attr>', None),
        ("<attributes>", "<attributes><attr><value>x</value></attr>", "attribute_without_name"),
        ("<attributes>", '<attributes><attr name="sn"><value>D\'AUBREPIN</value></attr>', "repeated_attribute"),
        ("Maïwenn", "Maï<b>wenn</b>", "markup_in_value"),
        ("Maïwenn", "Maï<!-- c -->wenn", None),
        ("Maïwenn", "Maï<![CDATA[wenn]]>", None),
        ("Maïwenn", "Maï<?pi?>wenn", None),
        ('name="sn"', 'name="sn" other="1"', None),
        ("<value>Maïwenn</value>", "<valeur>x</valeur><value>Maïwenn</value>", "unexpected_element"),
    ],
)
def test_irregular_structure_never_shortens_a_value(
    document: Files, add: Texts, old: str, new: str, found: str | None
) -> None:
    """Whatever is inside or beside the values is reported, and the given name is whole."""
    items = list(iter_records(document(add().replace(old, new))))
    pupil = only(items, Pupil) if "<attributes/>" not in new else None
    assert set(slugs(items)) >= ({found} if found else set())
    assert found or not slugs(items)
    assert pupil is None or (pupil.given, pupil.family) == ("Maïwenn", "D'AUBREPIN")


def test_sections_in_another_order(document: Files, add: Texts) -> None:
    """The sections are found by name; their order is only noted."""
    head, tail = add().split("<identifier>")
    identifier, rest = tail.split("</identifier>")
    moved = (
        head.replace("<operationalAttributes>", f"<identifier>{identifier}</identifier><operationalAttributes>") + rest
    )
    items = list(iter_records(document(moved)))
    assert only(items, Pupil).key == "310"
    assert slugs(items) == ["unusual_order"]


def test_missing_key_attribute(document: Files, add: Texts) -> None:
    """Without its jointure attribute a record has the key of its identifier, and a finding."""
    items = list(iter_records(document(add().replace('<attr name="ENTPersonJointure"><value>310</value></attr>', ""))))
    assert only(items, Pupil).key == "310"
    assert slugs(items) == ["missing_value"]


def test_category_against_the_file_name(document: Files, add: Texts) -> None:
    """Records of another category than the name announces are read by their own, with one error a file."""
    source = {"ENT_Complet_20240916_PersRelEleve_0000.xml": document(add(key="1"), add(key="2"))}
    items = list(iter_records(source))
    assert slugs(items) == ["category_mismatch"]
    assert param(items, "category_mismatch", "count") == 2
    assert len(items) == 3


def test_both_spellings_of_the_subject_category(document: Files, add: Texts) -> None:
    """`MatEducNat` is the value of real files; that of the file name, and a shorter one, are accepted."""
    texts = [add("MatEducNat", key) for key in ("1", "2", "3")]
    texts[1] = texts[1].replace("MatEducNat", "MatiereEducNat")
    texts[2] = texts[2].replace("MatEducNat", "Matiere")
    assert [type(item).__name__ for item in iter_records(document(*texts))] == ["Add"] * 3


def test_latin_declaration_with_utf8_content(document: Files, add: Texts) -> None:
    """Bytes that are UTF-8 are read as UTF-8 whatever is declared, with a finding."""
    items = list(iter_records(document(add()).replace(b'"UTF-8"', b'"ISO-8859-15"')))
    assert only(items, Pupil).given == "Maïwenn"
    assert len(slugs(items)) == 1


def test_a_latin_file(document: Files, add: Texts) -> None:
    """A file that is what it declares is read so, without a finding."""
    latin = document(add()).replace(b'"UTF-8"', b'"ISO-8859-15"').decode().encode("iso-8859-15")
    items = list(iter_records(latin))
    assert (only(items, Pupil).given, slugs(items)) == ("Maïwenn", [])


def test_no_declaration_and_crlf(document: Files, add: Texts) -> None:
    """Neither the declaration nor the DOCTYPE is needed, and line ends do not matter."""
    text = document(add()).partition(b"<ficAlim")[2]
    bare = (b"<ficAlim" + text).replace(b"\n", b"\r\n")
    assert [item.record for item in iter_records(bare) if isinstance(item, Add)] == [
        item.record for item in iter_records(document(add())) if isinstance(item, Add)
    ]


@pytest.mark.parametrize("source", [b"", b"<html><body/></html>", b"<autre/>", b"PK\x03\x04"])
def test_not_an_aaf_file(source: bytes) -> None:
    """What is not AAF is refused with a catalogued problem."""
    with pytest.raises(UnreadableInput) as caught:
        list(iter_records(source))
    assert caught.value.problem.where.line >= 0


def test_wrong_root_is_wrong_format() -> None:
    """A well-formed file of another format is said to be so."""
    with pytest.raises(WrongFormat):
        list(iter_records(b"<DOCUMENT/>"))


def test_one_file_at_a_time(document: Files) -> None:
    """A delivery of several files is not one file; text is not bytes."""
    with pytest.raises(UnreadableInput):
        list(iter_records({"a.xml": document(), "b.xml": document()}))
    with pytest.raises(UsageError):
        list(iter_records(["<ficAlimMENESR/>"]))  # type: ignore[list-item]  # the mistake being tested


def test_what_was_given_before_damage_stands(document: Files, add: Texts) -> None:
    """Records and counted findings come before the error that stops the reading."""
    source = document(add(key="1", ENTNouveau="x"), add(key="2"))
    items: list[Item] = []
    with pytest.raises(UnreadableInput) as caught:
        items.extend(_collected(items, source[:-200]))
    assert [type(item).__name__ for item in items] == ["Add", "Problem"]
    assert caught.value.problem.where.line >= 1


def _collected(items: list[Item], source: bytes) -> list[Item]:
    for item in iter_records(source):
        items.append(item)  # noqa: PERF402 - what came before the error is wanted
    return []


def test_problems_hide_personal_data(document: Files, add: Texts) -> None:
    """Neither the message nor the repr of a finding shows a value."""
    items = list(iter_records(document(add(ENTPersonDateNaissance="31/02/2012", ENTEleveClasses="SECRET"))))
    shown = [str(item) + repr(item) + (item.message("fr") if isinstance(item, Problem) else "") for item in items]
    assert not any(secret in text for text in shown for secret in ("31/02", "SECRET", "AUBREPIN"))


def test_the_corpus_is_read_without_surprise(corpus: Callable[[str], Path]) -> None:
    """The sample delivery has the documented numbers of records and repeated values, and nothing else to say."""
    counts: Counter[str] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for path in sorted(corpus("aaf").glob("*.xml")):
        for item in iter_records(path):
            if isinstance(item, Problem):
                found[item.slug, item.where.attribute] += 1
            else:
                counts[item.category.value] += 1
    assert counts == {
        "Eleve": 300,
        "PersRelEleve": 523,
        "PersEducNat": 177,
        "EtabEducNat": 5,
        "MatiereEducNat": 718,
        "MefEducNat": 601,
    }
    assert found == {
        ("repeated_value", "ENTPersonAutresPrenoms"): 1,
        ("repeated_value", "ENTEleveGroupes"): 1,
        ("repeated_value", "ENTAuxEnsClasses"): 15,
        ("repeated_value", "ENTAuxEnsGroupes"): 5,
        ("repeated_value", "ENTAuxEnsClassesPrincipal"): 4,
    }


def test_out_of_scope_both_lanes_say_the_same(document: Files, add: Texts, request_text: Texts) -> None:
    """What is out of scope is passed over whatever is in it; a head that is not as expected is still explained."""
    texts = [
        add(sn=""),
        add().replace("<attributes>", "<attributes>x"),
        add().replace("<identifier>", "<x/><identifier>"),
    ]
    source = document(*texts, request_text("deleteRequest", "Eleve", "9"))
    found = []
    for fast in (True, False):
        reader = FileReader(Part("", "", lambda: iter([source])), scope=frozenset({Category.STAFF}))
        reader.fast = fast
        found.append(list(reader.items()))
    assert found[0] == found[1]
    assert slugs(found[0]) == ["unexpected_element"]


def both_lanes(source: bytes, name: str = "") -> tuple[list[Item | str], list[Item | str]]:
    """Read with both lanes, and with the slow one alone."""
    return _through(source, name, fast=True), _through(source, name, fast=False)


def _through(source: bytes, name: str, *, fast: bool) -> list[Item | str]:
    reader = FileReader(Part(name, name, lambda: iter([source])))
    reader.fast = fast
    items: list[Item | str] = []
    try:
        for item in reader.items():
            items.append(item)  # noqa: PERF402 - what came before an error is wanted
    except UnreadableInput as error:
        items.append(str(error))
    return [*items, str(sorted(map(str, reader.refused)))]


def shapes(items: list[Item | str]) -> list[tuple[str, ...]]:
    """Give the shapes, which equality leaves out."""
    return [item.record.shape for item in items if isinstance(item, Add)]


PIECES = (
    *("", " ", "x", "61001", "61001$5 C", "34$1$1$1$0$0", "01/02/2012", "O", "$", "&amp;eacute;", "&amp;", "é", "mail"),
    *("<b/>", "<value/>", "</value><value>", "</attr><attr name='sn'>", "<!-- c -->", "<![CDATA[y]]>", 'name="sn"'),
    "ENTNouveau",
)


@given(data=st.data())
def test_the_two_lanes_are_equal(data: st.DataObject, document: Files, add: Texts) -> None:
    """Records changed anywhere in their text give the same records, shapes, findings and errors through both lanes."""
    categories = ("Eleve", "PersRelEleve", "PersEducNat", "EtabEducNat", "MatEducNat")
    texts = []
    for key in range(data.draw(st.integers(1, 3))):
        text = add(
            data.draw(st.sampled_from(categories)),
            str(key),
            ENTPersonAutresPrenoms=("A", "B", "A"),
            ENTAuxEnsClasses=("1$A", "2$A", "1$A", "1$A"),
            ENTPersonFonctions="61$ENS$A$B$C",
            ENTEleveClasses=("1$A", "2$B"),
        )
        for _ in range(data.draw(st.integers(0, 3))):
            start = data.draw(st.integers(0, len(text)))
            cut = data.draw(st.sampled_from([0, 0, 1, 5]))
            text = text[:start] + data.draw(st.sampled_from(PIECES)) + text[start + cut :]
        texts.append(text)
    fast, slow = both_lanes(document(*texts), data.draw(st.sampled_from(["", "ENT_Complet_Eleve_0000.xml"])))
    assert fast == slow
    assert shapes(fast) == shapes(slow)


def test_the_two_lanes_are_equal_on_the_corpus(corpus: Callable[[str], Path]) -> None:
    """The sample delivery gives the same through both lanes."""
    for path in sorted(corpus("aaf").glob("*.xml")):
        fast, slow = both_lanes(path.read_bytes(), path.name)
        assert fast == slow
        assert shapes(fast) == shapes(slow)


def test_a_guardian_without_birth_date_is_no_finding(document: Files, add: Texts) -> None:
    """Relatives never have a birth date; an empty civility is as it should be."""
    items = list(iter_records(document(add("PersRelEleve", "34", ENTPersonDateNaissance="", personalTitle=""))))
    assert (only(items, Guardian).birth_date, slugs(items)) == (None, [])


def test_names_are_loaded_when_they_are_asked_for() -> None:
    """Each name offered is there, the same every time; no other is."""
    assert {name: getattr(aaf, name) for name in aaf.__all__} == {name: getattr(aaf, name) for name in aaf.__all__}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = aaf.nothing
