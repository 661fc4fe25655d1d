"""The 1er degré: its own attributes and composites, and how the degree of a delivery is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats import rules
from entformats._files import Part
from entformats.aaf import (
    Add,
    Category,
    ClassRef,
    Degree,
    Delivery,
    Directory,
    Link,
    Modify,
    ParentalAuthority,
    PrimaryClassRef,
    Pupil,
    Responsibility,
    School,
    Staff,
    apply,
    compare,
    iter_records,
    read,
    references,
    write,
    write_delta,
)
from entformats.aaf.degrees import ATTRIBUTES, degree_of
from entformats.aaf.export import as_json, as_rows, columns
from entformats.aaf.reader import FileReader
from entformats.codes import uai
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.identity import Profile
from entformats.problems import Problem
from entformats.testing.school import generate, primary

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]
FIRST = {"degre": "1D"}

PUPIL: Mapping[str, str | list[str]] = {
    "ENTPersonJointure": "510",
    "ENTEleveINE": "",
    "ENTPersonDateNaissance": "29/02/2016",
    "ENTPersonNomPatro": "D'AUBREPIN",
    "ENTPersonNom": "D'AUBREPIN",
    "ENTPersonPrenom": "Maïwenn",
    "ENTPersonCivilite": "Mme",
    "ENTPersonMail": "",
    "ENTEleveAutoriteParentale": ["540$10", "541"],
    "ENTEleveRestaurantScolaire": "O",
    "ENTEleveTransport": "N",
    "ENTEleveGarderieMatin": "N",
    "ENTEleveGarderieSoir": "O",
    "ENTEleveEtudesSurveillees": "",
    "ENTEleveNiveau": "12$CM1",
    "ENTEleveCycle": "CYCLE III",
    "ENTEleveTypeClasse": "ORDINAIRE",
    "ENTPersonStructRattach": "71001",
    "ENTPersonClasses": "71001$x$y$90210$CM1 B",
    "ENTPersonGroupes": "71001$$$95000$CHORALE",
}
GUARDIAN: Mapping[str, str | list[str]] = {
    "ENTPersonJointure": "540",
    "ENTPersonNom": "D'AUBREPIN",
    "ENTPersonPrenom": "Zoé",
    "ENTPersonTelPerso": "+33 4 50 00 00 00",
    "ENTPersRelEleveTelPro": "+33 4 50 00 00 01",
    "ENTPersRelEleveTelMobile": ["+33 6 00 00 00 00", "+33 6 00 00 00 01"],
    "ENTPersonMail": "zoe@exemple.invalid",
    "ENTPersonAdresse": "1 RUE FICTIVE$$$",
    "ENTPersRelEleveEleve": "510",
}
STAFF: Mapping[str, str | list[str]] = {
    "ENTPersonJointure": "570",
    "ENTPersonDateNaissance": "08/06/1978",
    "ENTPersonNom": "ROSSIGNOLET",
    "ENTPersonPrenom": "TITOUAN",
    "ENTPersonMail": "t.r@ac-exemple.invalid",
    "ENTPersonStructRattach": "71001",
    "ENTPersonFonctions": ["71001$DIR$DIRECTION$D0110$DIRECTEUR", "71001$ENS$ENSEIGNEMENT$G0170$ENSEIGNANT"],
    "ENTEnsFonctionDir": "71001",
    "ENTEnsFonctionDirDate": "71001$01/09/2024",
    "ENTEnsSpecialites": ["ANGLAIS", "LSF"],
    "ENTPersonSTSId": "71001$9",
}
SCHOOL: Mapping[str, str | list[str]] = {
    "ENTStructureJointure": "71001",
    "ENTStructureUAI": "0749999S",
    "ENTStructureNomCourant": "EPPU$LES COLVERTS$VALFICTIF",
    "ENTStructureTypeStruct": "ECOLE DE NIVEAU ELEMENTAIRE",
    "ENTEcoleMinistereTutelle": "EDUCATION",
    "ENTEcoleCodeMinistereTutelle": "06",
    "ENTStructureBoitePostale": "12",
    "ENTStructureAdresse": "1 RUE",
    "ENTStructureCodePostal": "74999",
    "ENTStructureVille": "VALFICTIF",
    "ENTStructureTelephone": "1",
    "ENTStructureFax": "2",
    "ENTStructureEmail": "a@exemple.invalid",
    "ENTServAcAcademie": "GRENOBLE",
    "ENTEcoleSecteur": "PUBLIC",
    "ENTEcoleCirconscription": "CIRCO",
    "ENTEcoleCommune": "VALFICTIF",
    "ENTEcoleRPI": "RPI 1",
}


def delivery_of(document: Files, add_exactly: Texts, **changes: str | list[str]) -> Delivery:
    """Read a whole école, made by hand; `changes` are of the pupil."""
    records = {
        "EtabEducNat": ("71001", SCHOOL),
        "Eleve": ("510", {**PUPIL, **changes}),
        "PersRelEleve": ("540", GUARDIAN),
        "PersEducNat": ("570", STAFF),
    }
    files = {
        f"ENT_Complet_20260901_{category}_0000.xml": document(add_exactly(category, *record))
        for category, record in records.items()
    }
    return read(files)


def slugs(delivery: Delivery) -> list[str]:
    """Give the slugs found."""
    return [one.slug for one in delivery.report.problems]


def written(directory: Directory, **options: object) -> dict[str, bytes]:
    """Write a directory into memory."""
    return {name: b"".join(content) for name, content in write(directory, **options)}  # type: ignore[arg-type]  # options


def test_a_school_of_the_first_degree(document: Files, add_exactly: Texts) -> None:
    """Every attribute of the 1er degré has its field; nothing is unknown, and the degree is told by the names."""
    delivery = delivery_of(document, add_exactly)
    directory = delivery.directory
    assert delivery.degree is Degree.FIRST
    assert slugs(delivery) == ["dangling_reference"]  # 541 is not in the delivery
    pupil = directory.pupils[Jointure("510")]
    assert (pupil.family, pupil.given, pupil.title, pupil.level, pupil.level_label) == (
        "D'AUBREPIN",
        "Maïwenn",
        "Mme",
        "12$CM1",
        "CM1",
    )
    assert (pupil.canteen, pupil.transport, pupil.morning_care, pupil.evening_care) == (True, False, False, True)
    assert (pupil.supervised_study, pupil.cycle, pupil.class_type) == (None, "CYCLE III", "ORDINAIRE")
    assert pupil.classes == (PrimaryClassRef(Jointure("71001"), "CM1 B", "90210", "x", "y"),)
    assert [group.name for group in pupil.groups] == ["CHORALE"]
    guardian = directory.guardians[Jointure("540")]
    assert (guardian.home_phone, guardian.work_phone) == ("+33 4 50 00 00 00", "+33 4 50 00 00 01")
    assert guardian.mobiles == ("+33 6 00 00 00 00", "+33 6 00 00 00 01")
    assert (guardian.mails, guardian.children) == (("zoe@exemple.invalid",), ("510",))
    staff = directory.staff[Jointure("570")]
    assert (staff.specialities, staff.director_of) == (("ANGLAIS", "LSF"), ("71001",))
    assert staff.director_dates == ("71001$01/09/2024",)
    school = directory.schools[Jointure("71001")]
    assert (school.post_box, school.street, school.phone, school.fax) == ("12", "1 RUE", "1", "2")
    assert (school.contact_mail, school.sector, school.district) == ("a@exemple.invalid", "PUBLIC", "CIRCO")
    assert (school.commune, school.rpi, school.ministry, school.ministry_code) == (
        "VALFICTIF",
        "RPI 1",
        "EDUCATION",
        "06",
    )


def test_parental_authority_gives_rights(document: Files, add_exactly: Texts) -> None:
    """Whoever has parental authority is legal, contact and financial; the link is optional."""
    mother, other = delivery_of(document, add_exactly).directory.pupils[Jointure("510")].relations
    assert (mother.person, mother.kind, other.person, other.kind) == ("540", Link.MOTHER, "541", None)
    for one in (mother, other):
        assert (one.responsibility, one.contact, one.financial, one.payment) == (
            Responsibility.LEGAL,
            True,
            True,
            False,
        )


def test_a_label_alone_is_a_level() -> None:
    """`ENTEleveNiveau` is a label, or a code and a label."""
    levels = ("CM1", "12$CM1", "")
    assert [Pupil(Jointure("1"), level=level).level_label for level in levels] == ["CM1", "CM1", ""]


def test_references_and_views_of_a_school(document: Files, add_exactly: Texts) -> None:
    """The school view, the identities, the roster and the references work as in the 2nd degré."""
    directory = delivery_of(document, add_exactly).directory
    view = directory.school("0749999S")
    assert {key: (one.name, one.id, *one.pupils) for key, one in view.classes.items()} == {
        "90210": ("CM1 B", "90210", "510")
    }
    assert {key: one.name for key, one in view.groups.items()} == {"95000": "CHORALE"}
    assert (set(view.guardians), set(view.staff)) == ({"540"}, {"570"})
    profiles = [one.profile for one in directory.identities(school="0749999S")]
    assert profiles == [Profile.PUPIL, Profile.GUARDIAN, Profile.TEACHER]
    roster = rules.roster(directory, school="0749999S")
    assert [one.name for one in roster.classes] == ["CM1 B"]
    assert [one.name for one in roster.groups] == ["CHORALE"]
    named = {(one.attribute, one.target) for one in references(directory)}
    assert {
        ("ENTEleveAutoriteParentale", "541"),
        ("ENTPersonClasses", "71001"),
        ("ENTPersRelEleveEleve", "510"),
    } <= named


def test_a_renamed_class_is_the_same_class() -> None:
    """While some pupils have the new name and some the old one, it is one class, of the name that most of them have."""

    def pupil(key: str, name: str) -> Pupil:
        return Pupil(Jointure(key), classes=(PrimaryClassRef(Jointure("71001"), name, "90210"),))

    school = School(Jointure("71001"), uai=uai.parse("0749999S"))
    people = [pupil("1", "CM1 B"), pupil("2", "CM1 BLEU"), pupil("3", "CM1 BLEU")]
    directory = Directory.of([school, *people])
    (only,) = directory.school("0749999S").classes.values()
    assert (only.name, only.id, sorted(only.pupils)) == ("CM1 BLEU", "90210", ["1", "2", "3"])


@pytest.mark.parametrize(
    ("name", "text", "kept", "found"),
    [
        ("ENTPersonClasses", "71001$CM1 B", PrimaryClassRef(Jointure("71001"), "CM1 B"), "composite_fields"),
        (
            "ENTPersonClasses",
            "71001$x$y$$CM1",
            PrimaryClassRef(Jointure("71001"), "CM1", "", "x", "y"),
            "composite_fields",
        ),
        (
            "ENTPersonClasses",
            "71001$x$y$9$CM1$B",
            PrimaryClassRef(Jointure("71001"), "CM1$B", "9", "x", "y"),
            "composite_fields",
        ),
        ("ENTPersonClasses", "71001$x$y", None, "unconvertible_value"),
        ("ENTEleveAutoriteParentale", "540$", ParentalAuthority(Jointure("540")), "composite_fields"),
        ("ENTEleveAutoriteParentale", "$10", None, "unconvertible_value"),
    ],
)
def test_malformed_composites(
    document: Files, add_exactly: Texts, name: str, text: str, kept: object, found: str
) -> None:
    """What is clear is read, what is not is kept as text; either way it is written back as it was."""
    delivery = delivery_of(document, add_exactly, **{name: text})
    pupil = delivery.directory.pupils[Jointure("510")]
    value = pupil.classes if name == "ENTPersonClasses" else pupil.relations
    assert value == (() if kept is None else (kept,))
    assert pupil.extra[name] == (text,)
    assert found in slugs(delivery)
    again = read(written(delivery.directory, headers=FIRST))
    assert again.directory.pupils == delivery.directory.pupils


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_a_generated_school_is_written_and_read(seed: int, pupils: int) -> None:
    """Written in the 1er degré then read, a directory is itself, without any finding; written again, the same bytes."""
    directory = primary(seed, pupils=pupils)
    files = written(directory, headers=FIRST)
    delivery = read(files)
    assert delivery.directory == directory
    assert delivery.degree is Degree.FIRST
    assert slugs(delivery) == []
    assert written(delivery.directory, headers=FIRST) == files


def test_a_delta_of_the_first_degree() -> None:
    """The difference between two directories of the 1er degré is written, read and applied."""
    old = read(written(primary(5, pupils=12), headers=FIRST)).directory
    first, second, *_ = old.pupils.values()
    moved = attrs.evolve(
        first, classes=(PrimaryClassRef(Jointure("71005"), "CE2", "9"),), relations=first.relations[:1], canteen=None
    )
    gone = {key: one for key, one in old.pupils.items() if key not in {first.key, second.key}}
    tables = {**old.tables, Category.PUPILS: {**gone, moved.key: moved}}
    new = Directory.from_tables(tables)
    files = {name: b"".join(content) for name, content in write_delta(compare(old, new), headers=FIRST)}
    assert b"ENTPersonClasses" in b"".join(files.values())
    assert apply(old, read(files)).directory == new


def test_the_degrees_refuse_what_they_cannot_say() -> None:
    """A class without identifier is not of the 1er degré, one with an identifier is not of the 2nd."""
    (pupil, *_) = primary(5, pupils=3).pupils.values()
    (other, *_) = generate(5, pupils=20).directory.pupils.values()
    with pytest.raises(UsageError):
        written(Directory.of([pupil]))
    with pytest.raises(UsageError):
        written(Directory.of([other]), headers=FIRST)


def test_a_modification_with_one_attribute(document: Files, request_text: Texts) -> None:
    """The one name that both degrees read in their own way is told by the header, else by its value."""

    def changes(text: str, header: str = "") -> Mapping[str, object]:
        content = (
            '<modifications><modification name="ENTEleveAutoriteParentale" operation="replace">'
            f"<value>{text}</value></modification></modifications>"
        )
        source = document(header, request_text("modifyRequest", "Eleve", "510", content))
        (item,) = iter_records(source)
        assert isinstance(item, Modify)
        return item.changes

    first = '<!-- degre="1D" -->'
    assert changes("540") == {"parental_authority": ("540",)}
    assert changes("540$10") == {"relations": (ParentalAuthority(Jointure("540"), "10"),)}
    assert changes("540", first) == {"relations": (ParentalAuthority(Jointure("540")),)}


@pytest.mark.parametrize(
    ("source", "announced"), [("ENT2D_Complet_Eleve_0000.xml", "2D"), ("ENT_Complet_Eleve_0000.xml", "")]
)
def test_a_contradictory_degree(document: Files, add_exactly: Texts, source: str, announced: str) -> None:
    """The names of the attributes win over the name of the file, which is a finding."""
    delivery = read({source: document(add_exactly("Eleve", "510", PUPIL))})
    found = [dict(one.params) for one in delivery.report.problems if one.slug == "degree_mismatch"]
    assert found == ([{"announced": announced, "found": "1D", "count": 1}] if announced else [])
    assert delivery.degree is Degree.FIRST


def test_a_header_that_contradicts_the_name(document: Files, add_exactly: Texts) -> None:
    """The name of the file is right, its header is not: a finding of its own, with the number of records."""
    source = document('<!-- degre="2D" -->', add_exactly("Eleve", "510", PUPIL))
    delivery = read({"d/ENT1D_Complet_Eleve_0000.xml": source})
    (found,) = (one for one in delivery.report.problems if one.slug == "degree_mismatch")
    assert dict(found.params) == {"announced": "2D", "found": "1D", "count": 1}
    assert found.where.file == "ENT1D_Complet_Eleve_0000.xml"
    assert delivery.degree is Degree.FIRST


def test_a_degree_that_is_only_announced(document: Files) -> None:
    """Without any attribute that tells, the degree is the one announced; without announcement there is none."""
    assert read({"ENT1D_Complet_Eleve_0000.xml": document()}).degree is Degree.FIRST
    assert read({"ENT_Complet_Eleve_0000.xml": document('<!-- degre="2D" -->')}).degree is Degree.SECOND
    assert read({"ENT_Complet_Eleve_0000.xml": document()}).degree is None


def test_both_degrees_in_one_delivery(document: Files, add: Texts, add_exactly: Texts) -> None:
    """Each record is read in its own degree; the delivery has none, which is a finding."""
    delivery = read({"ENT_Complet_Eleve_0000.xml": document(add(key="1"), add_exactly("Eleve", "510", PUPIL))})
    assert delivery.degree is None
    assert "two_degrees" in slugs(delivery)
    families = [one.family for one in delivery.directory.pupils.values()]
    assert families == ["D'AUBREPIN", "D'AUBREPIN"]


@pytest.mark.parametrize(
    ("changes", "family", "extra"),
    [
        ({"sn": "AUTRE"}, "D'AUBREPIN", {"sn": ("AUTRE",)}),
        ({"sn": ""}, "D'AUBREPIN", {}),
        ({"ENTPersonNom": "", "sn": "AUTRE"}, "AUTRE", {}),
    ],
)
def test_a_record_of_both_degrees(
    document: Files, add_exactly: Texts, changes: Mapping[str, str], family: str, extra: Mapping[str, tuple[str, ...]]
) -> None:
    """Of two attributes that say one field the first that is filled counts, the other is kept; all is written back."""
    source = document(add_exactly("Eleve", "510", {**PUPIL, **changes}))
    delivery = read({"ENT_Complet_Eleve_0000.xml": source})
    pupil = delivery.directory.pupils[Jointure("510")]
    assert (pupil.family, dict(pupil.extra)) == (family, extra)
    assert "two_degrees_in_record" in slugs(delivery)
    again = read(written(delivery.directory, headers=FIRST))
    assert again.directory.pupils == delivery.directory.pupils


def test_attributes_of_the_other_degree_are_read(document: Files, add_exactly: Texts) -> None:
    """An attribute is known whatever the degree: one of the 2nd in a record of the 1er is a finding, once a file."""
    texts = [
        add_exactly("Eleve", key, {**PUPIL, "ENTPersonJointure": key, "ENTEleveRegime": "EXTERNE"}) for key in "12"
    ]
    items = list(iter_records(document(*texts)))
    assert [item.record.regime for item in items if isinstance(item, Add) and isinstance(item.record, Pupil)] == [
        "EXTERNE",
        "EXTERNE",
    ]
    problems = [item for item in items if isinstance(item, Problem)]
    assert [(one.slug, dict(one.params)) for one in problems] == [("two_degrees_in_record", {"count": 2})]


def test_two_classes_in_a_school_of_the_first_degree(document: Files, add_exactly: Texts) -> None:
    """One class a school, as in the 2nd degré; the finding names the attribute of the 1er degré."""
    delivery = delivery_of(document, add_exactly, ENTPersonClasses=["71001$$$1$A", "71001$$$2$B"])
    (found,) = (one for one in delivery.report.problems if one.slug == "two_classes_in_school")
    assert found.where.attribute == "ENTPersonClasses"


NAMES = sorted({name for degree in Degree for name in ATTRIBUTES[Category.PUPILS, degree]} | {"ENTNouveau"})
TEXTS = st.sampled_from(
    ["", "x", "O", "540", "540$10", "61001$6A", "71001$$$9$CM1", "29/02/2016", "61001$01/09/2024$6A"]
)


@settings(max_examples=150, deadline=None)
@given(
    attributes=st.dictionaries(st.sampled_from(NAMES), st.lists(TEXTS, min_size=1, max_size=3), max_size=12),
    announced=st.sampled_from([None, *Degree]),
    names=st.sampled_from([("sn", "givenName"), ("ENTPersonNom", "ENTPersonPrenom"), ()]),
)
def test_both_lanes_read_any_mixture_alike(
    attributes: dict[str, list[str]],
    announced: Degree | None,
    names: tuple[str, ...],
    document: Files,
    add_exactly: Texts,
) -> None:
    """Whatever the attributes, of one degree or of both, the fast lane gives what the slow one gives."""
    whole = {"ENTPersonJointure": "510", "ENTPersonDateNaissance": "29/02/2016", "ENTPersonStructRattach": "71001"}
    whole |= dict.fromkeys(names, "A")
    texts = [add_exactly("Eleve", "510", cast("Mapping[str, str]", {**whole, **attributes}))] * 2
    part = Part("", "", lambda: iter([document(*texts)]))
    readers = [FileReader(part, announced=announced) for _ in range(2)]
    readers[1].fast = False
    fast, slow = (list(reader.items()) for reader in readers)
    assert fast == slow
    shapes = [[item.record.shape for item in items if isinstance(item, Add)] for items in (fast, slow)]
    assert shapes[0] == shapes[1]
    assert readers[0].degrees == readers[1].degrees


def test_a_class_of_the_first_degree_is_exported_whole() -> None:
    """The stable identifier and the unknown fields are in the tables and in JSON; empty cells in the 2nd degré."""
    first = PrimaryClassRef(Jointure("71001"), "CM1 B", "90210", "x", "y")
    pupil = Pupil(Jointure("510"), classes=(first, ClassRef(Jointure("61001"), "5 C")))
    rows = [row for table, row in as_rows(pupil) if table == "Eleve_classes"]
    assert rows == [
        ("510", "0", "71001", "CM1 B", "90210", "x", "y"),
        ("510", "1", "61001", "5 C", "", "", ""),
    ]
    assert columns(Category.PUPILS)["Eleve_classes"] == ("key", "rank", "school", "name", "id", "second", "third")
    assert as_json(Add(pupil))["classes"] == [
        {"school": "71001", "name": "CM1 B", "id": "90210", "second": "x", "third": "y"},
        {"school": "61001", "name": "5 C"},
    ]


def test_names_that_tell_the_degree() -> None:
    """Most names win; names of neither, or as many of both, tell nothing."""
    assert degree_of(Category.PUPILS, ("sn", "givenName", "ENTPersonNom")) is Degree.SECOND
    assert degree_of(Category.PUPILS, ("sn", "ENTPersonNom")) is None
    assert degree_of(Category.PUPILS, ("ENTPersonJointure",)) is None
    assert degree_of(Category.SUBJECTS, ("ENTLibelleMatiere",)) is None


def test_teachers_of_the_first_degree() -> None:
    """Without a category, a function `ENS` or `DOC` makes a teacher."""
    head, *_ = primary(5, pupils=30).staff.values()
    assert head.is_teacher is None
    assert head.teaches
    assert not Staff(Jointure("1"), functions=head.functions[:1]).teaches
