"""The checks of a delivery that was read: each rule found where it is broken, and silent where it holds (aaf 6.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import TypeAlias, TypeVar

import pytest
from hypothesis import given, settings

import entformats
from entformats import aaf
from entformats.aaf import (
    Category,
    ClassDate,
    ClassRef,
    ClassSubject,
    DeclaredClass,
    DeclaredGroup,
    Directory,
    Function,
    Guardian,
    Pupil,
    Record,
    Relation,
    School,
    Scope,
    Staff,
    check,
    read,
)
from entformats.aaf.checks import CHECKS
from entformats.aaf.relations import ParentalAuthority
from entformats.codes import uai
from entformats.codes.jointure import Jointure
from entformats.codes.school_year import SchoolYear
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.problems import CATALOGUE, Report, Severity
from entformats.testing.strategies.directories import directories, directory_successions

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]

R = TypeVar("R", bound=Record)

DAY = date(2024, 9, 16)
HERE = Jointure("61001")
THERE = Jointure("61002")
K = Jointure


def build(make: Callable[..., R], fields: Mapping[str, object]) -> R:
    """Make a record of any fields."""
    return make(**fields)


def school(key: str = "61001", code: str = "0749999S", /, **more: object) -> School:
    """Make a structure."""
    return build(School, {"key": K(key), "uai": uai.parse(code), **more})


def pupil(key: str = "310", /, **more: object) -> Pupil:
    """Make a pupil of whom nothing is to say: an adult, with a civility."""
    return build(Pupil, {"key": K(key), "birth_date": date(2000, 1, 1), "title": "M.", "school": HERE, **more})


def staff(key: str = "27", /, **more: object) -> Staff:
    """Make a member of the staff of whom nothing is to say."""
    return build(Staff, {"key": K(key), "title": "Mme", **more})


def guardian(key: str = "34", /, **more: object) -> Guardian:
    """Make a guardian of whom nothing is to say."""
    return build(Guardian, {"key": K(key), "title": "Mme", **more})


def found(records: Iterable[Record]) -> list[tuple[str, str, dict[str, object]]]:
    """Give the findings of a directory: slug, key, parameters."""
    report = check(Directory.of(records), today=DAY)
    return [(one.slug, one.where.key, dict(one.params)) for one in report.problems]


def slugs(report: Report) -> list[str]:
    """Give the slugs of a report, in order."""
    return [one.slug for one in report.problems]


def counts(report: Report) -> dict[str, int]:
    """Count the findings by slug, exactly."""
    return {CATALOGUE[code].slug: count for code, count in report.counts.items()}


MINOR = date(2006, 9, 17)
ADULT = date(2006, 9, 16)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"birth_date": MINOR}, 1),
        ({"birth_date": ADULT}, 0),
        ({"birth_date": None}, 0),
        ({"birth_date": MINOR, "relations": (Relation.parse("34$10$1$1$1$0"),)}, 0),
        ({"birth_date": MINOR, "relations": (Relation.parse("34$2$1$2$0$0"),)}, 0),
        ({"birth_date": MINOR, "relations": (Relation.parse("34$10$1$2$0$0"),)}, 1),
        ({"birth_date": MINOR, "relations": (Relation.parse("34$10$1$0$1$0"),)}, 1),
        ({"birth_date": MINOR, "parental_authority": (K("34"),)}, 0),
        ({"birth_date": MINOR, "shape": ("ENTPersonJointure",)}, 0),
        ({"birth_date": MINOR, "shape": ("ENTPersonJointure", "ENTElevePersRelEleve")}, 1),
    ],
)
def test_minors(changes: dict[str, object], expected: int) -> None:
    """A minor has a legal guardian; adults need none, and what was not delivered is not judged (aaf 6.1, rule 10)."""
    named = [one for one in found([pupil(**changes)]) if one[0] == "minor_without_legal_guardian"]
    assert named == [("minor_without_legal_guardian", "310", {})] * expected


def test_ages_are_those_of_the_day_of_the_export(document: Files, add: Texts) -> None:
    """A pupil who came of age since is judged on the day of the export; without any date nobody is."""
    file = document(add("Eleve", ENTPersonDateNaissance="17/09/2006", ENTElevePersRelEleve="", personalTitle="M."))
    dated = read({"ENT_Complet_20240916_Eleve_0000.xml": file})
    [one] = check(dated).problems
    assert (one.slug, one.where.file, one.where.line) == (
        "minor_without_legal_guardian",
        "ENT_Complet_20240916_Eleve_0000.xml",
        5,
    )
    assert one.where.attribute == "ENTElevePersRelEleve"
    assert slugs(check(dated, today=date(2026, 9, 1))) == ["not_this_school_year", "minor_without_legal_guardian"]
    undated = read({"ENT_Complet_Eleve_0000.xml": file})
    assert slugs(check(undated)) == []
    assert slugs(check(undated, today=DAY)) == ["minor_without_legal_guardian"]
    assert slugs(check(undated, today=date(2024, 9, 17))) == []


def test_financial_guardians() -> None:
    """One financial guardian a pupil in the old coding; the new coding is not judged (aaf 6.1, rule 11)."""
    two = (Relation.parse("34$1$1$1$0$0"), Relation.parse("35$2$1$2$0$0"))
    pupils = [
        pupil("1", relations=two[:1]),
        pupil("2", relations=two),
        pupil("3"),
        pupil("4", shape=("sn", "personalTitle")),
    ]
    assert found(pupils) == [
        ("financial_guardian_count", "2", {"count": 2}),
        ("financial_guardian_count", "3", {"count": 0}),
    ]
    assert found([pupil("1", relations=(Relation.parse("34$10$0$1$0$0"),)), pupil("3")]) == []


def test_links_of_both_codings() -> None:
    """Links of one and of two digits in one delivery are counted and reported once."""
    old, new = Relation.parse("34$1$1$1$0$0"), Relation.parse("34$20$1$1$0$0")
    pupils = [pupil("1", relations=(old,)), pupil("2", relations=(new,)), pupil("3", relations=(new,))]
    assert found(pupils) == [("mixed_link_codings", "", {"old": 1, "new": 2})]


def test_numbers_of_pupils() -> None:
    """An INE has one pupil; a SIECLE number one in a school, whatever identifier the school has."""
    twins = [pupil("2", ine="120000001FH"), pupil("1", ine="120000001FH"), pupil("3", ine="")]
    assert found(twins) == [("shared_ine", "2", {"other": "1"})]
    numbers = [
        pupil("1", siecle_number="17"),
        pupil("2", siecle_number="17", school=K("61009")),
        pupil("3", siecle_number="17", school=THERE),
        pupil("4", siecle_number="17", school=None),
    ]
    places = [school(), school("61009"), school("61002", "0740000Y")]
    assert found([*numbers, *places]) == [("shared_siecle_number", "2", {"other": "1"})]


def test_one_name_for_a_class_and_a_group() -> None:
    """A name is that of a class or of a group, whoever says so, in one school (aaf 6.1, rule 12)."""
    said: list[list[Record]] = [
        [pupil("1", classes=(ClassRef(HERE, "5 C"),)), pupil("2", groups=(ClassRef(HERE, "5 C"),))],
        [staff("1", classes=(ClassRef(HERE, "5 C"),)), staff("2", groups=(ClassRef(HERE, "5 C"),))],
        [staff(class_subjects=(ClassSubject(HERE, "5 C"),), group_subjects=(ClassSubject(HERE, "5 C"),))],
        [school(classes=(DeclaredClass("5 C"),), groups=(DeclaredGroup("5 C"),))],
        [school(), school("61000", classes=(DeclaredClass("5 C"),)), pupil(groups=(ClassRef(HERE, "5 C"),))],
    ]
    for records in said:
        key = min([one.key for one in records if isinstance(one, School)], default=HERE)
        assert found(records) == [("class_and_group_name", key, {"name": "5 C"})]
    other = [pupil("1", classes=(ClassRef(HERE, "5 C"),)), pupil("2", groups=(ClassRef(THERE, "5 C"),))]
    assert found(other) == []


def test_classes_declared_in_two_ways() -> None:
    """Different lines for one name are reported, equal ones are not; the place names the attribute (aaf 6.4)."""
    lines = ("5 C$5EME$1", "5 C$5EME$2", "5 D$5EME$1", "5 D$5EME$1")
    one = school(
        extra=FrozenMap({"ENTStructureClasses": lines, "ENTStructureGroupes": ("G1$A$5 C", "G1$A$5 D", "G1$B")})
    )
    report = check(Directory.of([one]))
    assert [(p.slug, p.where.attribute, dict(p.params)) for p in report.problems] == [
        ("declared_twice", "ENTStructureClasses", {"name": "5 C"}),
        ("declared_twice", "ENTStructureGroupes", {"name": "G1"}),
    ]


def test_head_teachers() -> None:
    """A head teacher teaches the class, by either list (aaf 6.1, rule 13)."""
    here, there = ClassRef(HERE, "5 C"), ClassRef(THERE, "5 C")
    good = [
        staff("1", head_teacher_of=(here,), classes=(here,)),
        staff("2", head_teacher_of=(here,), class_subjects=(ClassSubject(HERE, "5 C", K("020700")),)),
        staff("3", head_teacher_of=(here,), shape=("personalTitle", "ENTAuxEnsClassesPrincipal")),
    ]
    assert found(good) == []
    bad = staff("4", head_teacher_of=(here,), classes=(there,), shape=("personalTitle", "ENTAuxEnsClasses"))
    assert found([*good, bad]) == [("head_teacher_not_teaching", "4", {"name": "5 C"})]


def test_mefs_that_a_class_does_not_have() -> None:
    """Pupils of a class who follow a MEF that it does not declare are counted, when it declares any (aaf 6.4)."""
    place = school(classes=(DeclaredClass("5 C", "5EME", (K("10110001110"),)), DeclaredClass("5 D")))
    pupils = [
        pupil("1", classes=(ClassRef(HERE, "5 C"),), mef=K("10110001110")),
        pupil("2", classes=(ClassRef(HERE, "5 C"),), mef=K("10210001110")),
        pupil("3", classes=(ClassRef(HERE, "5 C"),), mef=None),
        pupil("4", classes=(ClassRef(HERE, "5 D"),), mef=K("10210001110")),
        pupil("5", classes=(ClassRef(HERE, "5 C"),), mef=K("10210001110")),
        *(pupil(key, classes=(ClassRef(HERE, "5 C"),), mef=K("10110001110")) for key in ("6", "7")),
    ]
    assert found([place, *pupils]) == [("mef_outside_class", "61001", {"name": "5 C", "count": 2})]


def test_class_entries_of_two_years() -> None:
    """Entries into present classes of two school years are counted in each structure; past classes do not count."""
    now, old = ClassDate(HERE, date(2024, 9, 1), "5 C"), ClassDate(HERE, date(2023, 9, 1), "5 C")
    past = ClassDate(HERE, date(2022, 9, 1), "6 C")
    at = (ClassRef(HERE, "5 C"),)
    pupils = [
        pupil("1", classes=at, class_entries=(past, now)),
        pupil("2", classes=at, class_entries=(old,)),
        pupil("3", classes=at, class_entries=(now,)),
    ]
    assert found(pupils) == [("classes_of_two_years", "61001", {"count": 1, "total": 3, "last": 2024})]
    assert found([pupils[0], pupils[2]]) == []


def test_school_years_of_a_delivery(document: Files, add: Texts) -> None:
    """Dates of names, of headers and of metadata tell the years: against the caller's, and against each other."""
    subject = document(add("MatEducNat", "030201"))
    names = ["ENT_Complet_20240916_MatiereEducNat_0000.xml", "ENT_Complet_20230916_MefEducNat_0000.xml"]
    both = read({names[0]: subject, names[1]: document(add("MefEducNat", "10110001110"))})
    assert [(p.slug, dict(p.params)) for p in check(both, today=DAY).problems] == [
        ("not_this_school_year", {"found": 2023, "now": 2024}),
        ("two_school_years", {"first": 2023, "last": 2024}),
    ]
    assert [p.where.file for p in check(both, today=DAY).problems] == [names[1], names[1]]
    assert slugs(check(both)) == ["two_school_years"]
    told = subject.replace(b'<!-- versionAF="AAF-VE2407" -->', b'<!-- dateGenerationExport="16/09/2022" -->')
    assert slugs(check(read({names[0]: told}))) == ["two_school_years"]
    unclear = subject.replace(b'<!-- versionAF="AAF-VE2407" -->', b'<!-- dateGenerationExport="hier" -->')
    assert slugs(check(read({names[0]: unclear}), school_year=SchoolYear(2024))) == []
    param = b'<param name="GPEIAnneeScolaire"><value>2025</value><value>x</value></param>'
    infos = b"<InfosEducNat><i>" + param + b"</i></InfosEducNat>"
    gpei = read({names[0]: subject, "ENT_Complet_20240916_InfosEducNat_0000.xml": infos})
    assert slugs(check(gpei)) == ["two_school_years"]


def test_the_expected_school(document: Files, add: Texts) -> None:
    """A delivery without the school expected is an error: by structures, and by the names of the files."""
    name = "ENT_{}_20240916_EtabEducNat_0000.xml".format
    here = document(add("EtabEducNat", "61001"))
    delivery = read({name("Complet"): here})
    assert slugs(check(delivery, expected_school="0749999s")) == []
    [one] = check(delivery, expected_school="0740000Y").problems
    assert (one.slug, one.severity) == ("expected_school_absent", Severity.ERROR)
    assert dict(one.params) == {"expected": "0740000Y", "found": "0749999S", "count": 1}
    assert slugs(check(read({name("0740000Y_Complet"): here}), expected_school="0740000Y")) == []
    assert slugs(check(read({name("Delta"): here}), expected_school="0740000Y")) == []
    assert slugs(check(read({name("0749999S_Delta"): here}), expected_school="0740000Y")) == ["expected_school_absent"]
    assert slugs(check(Directory.of([school()]), expected_school="0740000Y")) == ["expected_school_absent"]
    assert (
        slugs(check(Directory.of([school(establishment_uai=uai.parse("0740000Y"))]), expected_school="0740000Y")) == []
    )
    assert slugs(check(Directory(), expected_school="0740000Y")) == []
    with pytest.raises(UsageError, match="a UAI"):
        check(delivery, expected_school="collège")


def test_categories_that_are_not_delivered(document: Files, add: Texts) -> None:
    """A delivery of people has the four categories that an ENT needs; lone files and broken ones are not judged."""
    name = "ENT_{}_20240916_{}_0000.xml".format
    pupils = document(add("Eleve", personalTitle="M."))
    schools, empty = document(add("EtabEducNat", "61001")), document()
    whole = read(
        {
            name("Complet", "Eleve"): pupils,
            name("Complet", "EtabEducNat"): schools,
            name("Complet", "PersEducNat"): empty,
        }
    )
    assert [(p.slug, p.where.kind) for p in check(whole).problems if p.slug == "nothing_delivered"] == [
        ("nothing_delivered", "PersRelEleve"),
        ("nothing_delivered", "PersEducNat"),
    ]
    broken = read({name("Complet", "Eleve"): pupils, name("Complet", "EtabEducNat"): b""})
    assert [p.where.kind for p in check(broken).problems if p.slug == "nothing_delivered"] == [
        "PersRelEleve",
        "PersEducNat",
    ]
    lone = read({name("Complet", "Eleve"): pupils})
    delta = read({name("Delta", "Eleve"): pupils, name("Delta", "EtabEducNat"): schools})
    assert "nothing_delivered" not in slugs(check(lone)) + slugs(check(delta))


def test_what_the_caller_left_out_is_not_missing(document: Files, add: Texts) -> None:
    """Categories outside the scope are not judged; a delivery read with a scope is not compared with the one before."""
    name = "ENT_Complet_20240916_{}_0000.xml".format
    files = {name("Eleve"): document(add("Eleve")), name("EtabEducNat"): document(add("EtabEducNat", "61001"))}
    assert [p.where.kind for p in check(read(files)).problems if p.slug == "nothing_delivered"] == [
        "PersRelEleve",
        "PersEducNat",
    ]
    asked = {Category.PUPILS, Category.SCHOOLS}
    scoped = read(files, scope=asked)
    assert scoped.manifest.scope.categories == asked
    assert "nothing_delivered" not in slugs(check(scoped))
    with pytest.raises(UsageError, match="read it whole"):
        check(scoped, previous=Directory())


def test_volumes(document: Files, request_text: Texts) -> None:
    """Losses that look like a missing file are errors, for a complete delivery and for a delta; others are none."""
    before = Directory.of([school(), *(pupil(str(key)) for key in range(10))])
    after = Directory.of([school(), *(pupil(str(key)) for key in range(5))])
    assert slugs(check(after, previous=before)) == ["suspicious_loss"]
    assert slugs(check(before, previous=before)) == []
    assert slugs(check(after)) == []
    deletions = [request_text("deleteRequest", "Eleve", str(key)) for key in range(6)]
    delta = read({"ENT_Delta_20240916_Eleve_0000.xml": document(*deletions)})
    assert slugs(check(delta, previous=before)) == ["suspicious_loss"]
    empty = read({"ENT_Complet_20240916_Eleve_0000.xml": document()})
    assert "emptied_category" in slugs(check(empty, previous=before))
    assert slugs(check(delta)) == []


def test_shapes() -> None:
    """UAI letters, telephones, mails and postcodes are noted where their shape is unusual (aaf 6.1)."""
    place = school(
        "61001", "0749999A", establishment_uai=uai.parse("1749999A"), phone="+33 4 99 12 34 56", postal_code="1399"
    )
    person = guardian(
        home_phone="0000000000",
        mobiles=("06 99 12 34 56", "le soir"),
        mails=("zoe@ac-exemple.fr", "zoe(at)ac-exemple.fr"),
        postal_code="B-1000",
        town="BRUXELLES",
        country="BELGIQUE",
    )
    report = check(Directory.of([place, person]))
    assert [(p.slug, p.where.kind, p.where.attribute) for p in report.problems] == [
        ("school_uai_letter", "EtabEducNat", "ENTStructureUAI"),
        ("school_uai_letter", "EtabEducNat", "ENTEtablissementUAI"),
        ("postal_code_shape", "EtabEducNat", "postalCode"),
        ("phone_shape", "PersRelEleve", "homePhone"),
        ("mail_shape", "PersRelEleve", "mail"),
        ("phone_shape", "PersRelEleve", "mobile"),
    ]
    assert report.worst is Severity.INFO
    assert "soir" not in f"{report.problems!r} {report.to_json()} {report.problems[5].message()}"


def test_notes_on_what_is_kept() -> None:
    """Names, civilities, towns, mobile numbers and functions that are none are counted once a category (aaf 7)."""
    people: list[Record] = [
        pupil("1", family="D", given="Zoé"),
        pupil("2", given="A  B", title=""),
        pupil("3", birth_family="X2", title="", shape=("sn",)),
        pupil("4", family="DUBOIS", given="Éva"),
        guardian("5", given="J.", home_phone="+33 6 99 12 34 56"),
        guardian("6", town="VALFICTIF CEDEX 08", postal_code="13990"),
        guardian("7", town="19563 TOWN", postal_code=""),
        guardian("8", town="VALFICTIF", postal_code="13990", home_phone="+33 4 99 12 34 56"),
        staff(
            "9", functions=(Function.parse("61001$-$SANS OBJET$-$SANS OBJET"), Function.parse("61001$ENS$A$L1300$B"))
        ),
        pupil("10", town="VALFICTIF"),
    ]
    assert [(p.slug, p.where.kind, p.params["count"]) for p in check(Directory.of(people)).problems] == [
        ("unusual_name", "Eleve", 3),
        ("unusual_name", "PersRelEleve", 1),
        ("empty_title", "Eleve", 1),
        ("unusual_town", "Eleve", 1),
        ("unusual_town", "PersRelEleve", 2),
        ("mobile_in_home_phone", "PersRelEleve", 1),
        ("no_function", "PersEducNat", 1),
    ]


def test_schools_of_the_first_degree() -> None:
    """The checks hold in the 1er degré, and name its own attributes; who pays is not known there."""
    minor = {"birth_date": date(2016, 1, 1), "title": ""}
    people: list[Record] = [
        pupil("1", shape=("ENTPersonNom", "ENTEleveAutoriteParentale", "ENTPersonCivilite"), **minor),
        pupil("2", shape=("ENTPersonNom",), **minor),
        pupil("3", relations=(ParentalAuthority.parse("34"),), **{**minor, "title": "M."}),
        guardian("34", shape=("ENTPersonNom", "ENTPersonTelPerso"), home_phone="x", town="VALFICTIF"),
        pupil("4", relations=(Relation.parse("34$1$1$1$0$0"),), shape=("sn", "ENTElevePersRelEleve")),
        school(shape=("ENTStructureUAI", "ENTStructureVille"), contact_mail="x", mail="x"),
    ]
    report = check(Directory.of(people), today=DAY)
    assert [(p.slug, p.where.kind, p.where.attribute) for p in report.problems] == [
        ("minor_without_legal_guardian", "Eleve", "ENTEleveAutoriteParentale"),
        ("mail_shape", "EtabEducNat", "ENTStructureEmail"),
        ("mail_shape", "EtabEducNat", "ENTStructureMailSI"),
        ("phone_shape", "PersRelEleve", "ENTPersonTelPerso"),
        ("empty_title", "Eleve", ""),
    ]


def test_what_a_scope_leaves_out_is_not_judged(document: Files, add: Texts) -> None:
    """Relations, civilities and postcodes that were left out at parse time are not missing."""
    told = {
        "ENTPersonDateNaissance": "14/03/2012",
        "ENTElevePersRelEleve": "",
        "personalTitle": "",
        "ENTPersonVille": "VALFICTIF",
        "ENTPersonCodePostal": "",
    }
    files = {"ENT_Complet_20240916_Eleve_0000.xml": document(add(**told))}
    assert slugs(check(read(files))) == ["minor_without_legal_guardian", "empty_title", "unusual_town"]
    assert slugs(check(read(files, scope=Scope(without={"relations", "title", "postal_code", "town"})))) == []
    assert slugs(check(read(files, scope=Scope(without={"relations", "title", "postal_code"})))) == []


def test_what_a_delta_adds_is_checked(document: Files, add: Texts) -> None:
    """The additions of a delta are checked at their own places; of a mixed delivery, what is complete prevails."""
    minor = {"ENTPersonDateNaissance": "14/03/2012", "ENTElevePersRelEleve": "", "personalTitle": "M."}
    name = "ENT_{}_20240916_Eleve_{:04}.xml".format
    delta = read({name("Delta", 0): document(add(key="1", **minor), add(key="2", **minor))})
    assert [(p.slug, p.where.line) for p in check(delta).problems] == [
        ("minor_without_legal_guardian", 5),
        ("minor_without_legal_guardian", delta.changes[1].where.line),
    ]
    good = {**minor, "ENTElevePersRelEleve": "34$10$1$1$1$0"}
    mixed = read(
        {name("Complet", 0): document(add(key="1", **good)), name("Delta", 0): document(add(key="1", **minor))}
    )
    assert slugs(check(mixed)) == []
    both = read(
        {name("Complet", 0): document(add(key="2", **minor)), name("Delta", 0): document(add(key="1", **minor))}
    )
    assert {p.where.file for p in check(both).problems} == {name("Complet", 0), name("Delta", 0)}


def test_the_corpus_as_its_page_says(corpus: Callable[[str], Path]) -> None:
    """The sample delivery: 51 shared names, 10 pupils without guardian, 6 of them minors, nothing else but notes."""
    delivery = read(corpus("aaf"))
    report = check(
        delivery,
        school_year=SchoolYear(2012),
        expected_school=min(delivery.directory.schools.values(), key=lambda one: one.key).uai,
    )
    assert counts(report) == {
        "minor_without_legal_guardian": 6,
        "financial_guardian_count": 10,
        "class_and_group_name": 51,
        "empty_title": 2,
        "unusual_town": 1,
        "mobile_in_home_phone": 1,
        "no_function": 1,
    }
    alone = {key for key, one in delivery.directory.pupils.items() if not one.relations}
    assert {p.where.key for p in report.of_slug("financial_guardian_count")} == alone
    assert {p.where.key for p in report.of_slug("minor_without_legal_guardian")} < alone
    assert all(p.where.file and p.where.line for p in report.of_slug("class_and_group_name"))
    whole = entformats.check(corpus("aaf"), today=date(2013, 1, 17))
    assert whole.counts == delivery.report.merged(report).counts
    assert whole.count(Severity.ERROR) == 0


def test_order_never_matters(corpus: Callable[[str], Path]) -> None:
    """The same records in another order give the same findings, and so do the checks in another order."""
    directory = read(corpus("aaf")).directory
    records = [record for table in directory.tables.values() for record in table.values()]
    Random(13).shuffle(records)
    expected = check(directory, today=date(2013, 1, 17))
    assert len(expected.problems) > 60
    assert set(check(Directory.of(records), today=date(2013, 1, 17)).problems) == set(expected.problems)


@given(directory_successions(length=2))
@settings(max_examples=50)
def test_any_directory_can_be_checked(successive: tuple[Directory, ...]) -> None:
    """Whatever a directory holds, its checks give findings and nothing else, the same at each time."""
    old, new = successive
    report = check(new, today=DAY, previous=old, expected_school="0749999S")
    assert report == check(new, today=DAY, previous=old, expected_school="0749999S")
    assert {one.code.partition("-")[0] for one in report.problems} <= {"AAF", "IO", "DIFF"}


@given(directories())
@settings(max_examples=50)
def test_a_stranger_removes_no_finding_of_a_record(directory: Directory) -> None:
    """The findings on records stay where a school, with pupils of its own, is added."""
    stranger = school("71001", "0740000Y", type_label="COLLEGE")
    records = [one for table in directory.tables.values() for one in table.values()]
    before, after = (check(Directory.of(given), today=DAY) for given in (records, [*records, stranger]))
    assert {one for one in before.problems if one.where.key} <= set(after.problems)


def test_every_check_cites_its_section() -> None:
    """Each check is there once, and says which section of the format it comes from."""
    assert len(set(CHECKS)) == len(CHECKS)
    assert [one.__name__ for one in CHECKS if "(aaf " not in (one.__doc__ or "").partition("\n")[0]] == []


def test_counts_stay_exact() -> None:
    """Past the number of findings kept of one code, the counts stay exact."""
    records = [guardian(str(key), mails=("x",)) for key in range(5)]
    report = check(Directory.of(records), limits=entformats.Limits(stored_per_code=2))
    assert len(report.problems) == 2
    assert counts(report) == {"mail_shape": 5}


def test_the_check_is_public() -> None:
    """It is offered beside the reader."""
    assert aaf.check is check
