"""Reading whole deliveries: parts, faults, references, what is missing."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import pytest

from entformats.aaf import Add, Category, Delete, Delivery, Kind, dangling, read, references
from entformats.codes.jointure import Jointure
from entformats.errors import LimitExceeded, UnreadableInput, WrongFormat
from entformats.limits import Limits
from entformats.problems import Location, Problem, problem

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]
DAY = "ENT_Complet_20240916"


def counts(delivery: Delivery) -> dict[str, int]:
    """Count the problems by slug."""
    return dict(Counter(one.slug for one in delivery.report.problems))


def found(delivery: Delivery, slug: str) -> tuple[Problem, ...]:
    """Give the problems of one slug."""
    return delivery.report.of_slug(slug)


def test_a_complete_delivery(document: Files, add: Texts) -> None:
    """Parts of all categories make one directory; the manifest keeps names, headers and numbers."""
    delivery = read(
        {
            f"{DAY}_Eleve_0001.xml": document(add(key="2", ENTElevePersRelEleve="34$10$1$1$1$0")),
            f"{DAY}_Eleve_0000.xml": document(add(key="1")),
            f"complet/{DAY}_PersRelEleve_0000.xml": document(add("PersRelEleve", "34")),
            f"{DAY}_EtabEducNat_0000.xml": document(add("EtabEducNat", "61001")),
            "ficAlimMENESR.dtd": b"<!ELEMENT value (#PCDATA)>",
            f"{DAY}.md5": b"0" * 32,
        }
    )
    assert delivery.complete
    assert delivery.changes == ()
    assert counts(delivery) == {}
    assert list(delivery.directory.pupils) == ["1", "2"]
    assert delivery.manifest.categories == {Category.PUPILS, Category.GUARDIANS, Category.SCHOOLS}
    assert delivery.manifest.incomplete == frozenset()
    assert delivery.manifest.versions == ("AAF-VE2407",)
    assert [(part.path.rpartition("/")[2], part.requests, part.read) for part in delivery.manifest.parts] == [
        (f"{DAY}_EtabEducNat_0000.xml", 1, True),
        (f"{DAY}_Eleve_0000.xml", 1, True),
        (f"{DAY}_Eleve_0001.xml", 1, True),
        (f"{DAY}_PersRelEleve_0000.xml", 1, True),
    ]
    where = delivery.where(Jointure("2"))
    assert (where.file, where.line, where.kind, where.key) == (f"{DAY}_Eleve_0001.xml", 5, "Eleve", "2")
    assert "3100" not in repr(delivery)


def test_where_of_an_identifier(document: Files, add: Texts) -> None:
    """An identifier of two categories has two places; one that is nowhere raises."""
    delivery = read(
        {
            f"{DAY}_Eleve_0000.xml": document(add(key="1")),
            f"{DAY}_PersEducNat_0000.xml": document(add("PersEducNat", "1")),
        }
    )
    assert delivery.where(Jointure("1")).kind == "Eleve"
    assert delivery.where(Jointure("1"), Category.STAFF).kind == "PersEducNat"
    with pytest.raises(KeyError):
        delivery.where(Jointure("1"), Category.GUARDIANS)
    assert counts(delivery) == {"identifier_in_two_categories": 1}


def test_a_delivery_is_a_value(document: Files, add: Texts) -> None:
    """Two readings are equal, and so is a pickled one."""
    source = {f"{DAY}_Eleve_0000.xml": document(add(key="1", ENTNouveau="x"))}
    delivery = read(source)
    again = pickle.loads(pickle.dumps(delivery))  # noqa: S301 - our own bytes
    assert delivery == read(source) == again
    assert again.where(Jointure("1")) == delivery.where(Jointure("1"))
    assert {delivery: 1}[read(source)] == 1


def test_lone_files(document: Files, add: Texts, tmp_path: Path) -> None:
    """Bytes, a file object and a path are one file, whatever its name."""
    content = document(add(key="1"))
    (tmp_path / "export.xml").write_bytes(content)
    for source in (content, BytesIO(content), tmp_path / "export.xml", tmp_path, [content[:70], content[70:]]):
        assert list(read(source).directory.pupils) == ["1"]


def test_an_empty_or_broken_part_blocks_its_category_only(document: Files, add: Texts) -> None:
    """The other parts are read, the records before the damage stand, references to it are not judged."""
    broken = document(add("PersRelEleve", "34"), add("PersRelEleve", "35"))[:-300]
    delivery = read(
        {
            f"{DAY}_Eleve_0000.xml": document(add(key="1", ENTElevePersRelEleve="99$10$1$1$1$0")),
            f"{DAY}_PersRelEleve_0000.xml": broken,
            f"{DAY}_PersEducNat_0000.xml": b"",
        }
    )
    assert list(delivery.directory.pupils) == ["1"]
    assert list(delivery.directory.guardians) == ["34"]
    assert delivery.manifest.incomplete == {Category.GUARDIANS, Category.STAFF}
    assert [part.read for part in delivery.manifest.parts] == [True, False, False]
    assert sorted(counts(delivery)) == ["xml_empty", "xml_truncated"]
    assert delivery.complete


def test_nothing_readable_raises(document: Files) -> None:
    """Where no part can be read the first error is raised; where nothing is AAF, it says so."""
    with pytest.raises(UnreadableInput) as caught:
        read({f"{DAY}_Eleve_0000.xml": b"", f"{DAY}_Eleve_0001.xml": document()[:-5]})
    assert caught.value.problem.slug == "xml_empty"
    for source in ({"notes.txt": b"bonjour", "b.xml": b"<autre/>"}, {}):
        with pytest.raises(WrongFormat) as wrong:
            read(source)
        assert wrong.value.problem.slug == "not_aaf_delivery"


def test_limits_on_the_whole_source_stop_everything(document: Files, add: Texts) -> None:
    """A bound on all files together raises, even after a part was read; one on a single file does not."""
    first = document(add(key="1"))
    source = {f"{DAY}_Eleve_0000.xml": first, f"{DAY}_Eleve_0001.xml": first, f"{DAY}_InfosEducNat_0000.xml": first}
    for total in (len(first) + 50, 2 * len(first) + 10):
        with pytest.raises(LimitExceeded):
            read(source, limits=Limits(total_bytes=total))
    with pytest.raises(LimitExceeded):
        read(source, limits=Limits(files=1))
    long = document(add(key="2", ENTEleveRegime="x" * 500))
    delivery = read({**source, f"{DAY}_Eleve_0001.xml": long}, limits=Limits(text_chars=400))
    assert delivery.manifest.incomplete == {Category.PUPILS}
    assert list(delivery.directory.pupils) == ["1"]


def test_missing_parts(document: Files, add: Texts) -> None:
    """A hole in the numbers is an error and blocks the category; a series may begin at 1."""
    delivery = read(
        {
            f"{DAY}_Eleve_0000.xml": document(add(key="1")),
            f"{DAY}_Eleve_0003.xml": document(add(key="2")),
            f"{DAY}_PersRelEleve_0001.xml": document(add("PersRelEleve", "34")),
            f"{DAY}_PersEducNat_0002.xml": document(add("PersEducNat", "27")),
        }
    )
    missing = [(one.params["category"], one.params["part"]) for one in found(delivery, "missing_part")]
    assert missing == [("Eleve", 1), ("Eleve", 2), ("PersEducNat", 1)]
    assert delivery.manifest.incomplete == {Category.PUPILS, Category.STAFF}


def test_refused_records_block_their_category(document: Files, add: Texts) -> None:
    """A record that is left out must not be taken for a departure."""
    refused = add(key="1").replace("<id>1</id>", "<id>2</id>")
    lost = add(key="3").replace(">Eleve<", ">Martien<")
    assert read({f"{DAY}_Eleve_0000.xml": document(refused)}).manifest.incomplete == {Category.PUPILS}
    assert read({f"{DAY}_Eleve_0000.xml": document(lost)}).manifest.incomplete == {Category.PUPILS}
    assert read(document(lost)).manifest.incomplete == set(Category)


def test_mixed_folders(document: Files, add: Texts) -> None:
    """Files of other kinds are ignored with a note; one of AAF under another name is read."""
    delivery = read(
        {
            f"{DAY}_Eleve_0000.xml": document(add(key="1")),
            "autre.xml": b"<DOCUMENT/>",
            "edt.txt": b"bonjour <ficAlimMENESR>",
            "PorteurENT.xml": document(add(key="2")),
            "Complet_20240916_PersAL_0000.xml": document(add(key="3")),
        }
    )
    assert list(delivery.directory.pupils) == ["1", "2"]
    ignored = {one.where.file for one in found(delivery, "ignored_file")}
    assert ignored == {"Complet_20240916_PersAL_0000.xml", "autre.xml", "edt.txt"}


def test_a_file_that_cannot_be_looked_into(document: Files, add: Texts) -> None:
    """A file without a name of AAF that cannot even be opened may have held anything: nothing is complete."""

    def broken(_: int) -> bytes:
        raise UnreadableInput(problem("io_missing", Location("x.bin")))

    unopened: Iterator[bytes] = map(broken, range(1))
    delivery = read({f"{DAY}_Eleve_0000.xml": [document(add(key="1"))], "x.bin": unopened})
    assert list(delivery.directory.pupils) == ["1"]
    assert delivery.manifest.incomplete == set(Category)
    assert counts(delivery) == {"io_missing": 1}


def test_a_delta_has_changes_and_no_directory(document: Files, add: Texts, request_text: Texts) -> None:
    """Requests of delta files come in the order of the files, whatever they are."""
    delta = "ENT_Delta_20240917"
    delivery = read(
        {
            f"{delta}_Eleve_0000.xml": document(add(key="1"), request_text("deleteRequest", "Eleve", "2")),
            f"{delta}_PersRelEleve_0000.xml": document(request_text("deleteRequest", "PersRelEleve", "34")),
            f"{delta}_EtabEducNat_0000.xml": document(),
        }
    )
    assert not delivery.complete
    assert [(type(one), one.key) for one in delivery.changes] == [(Add, "1"), (Delete, "2"), (Delete, "34")]
    assert len(delivery.directory.pupils) == 0
    assert delivery.manifest.kinds == {Kind.DELTA}
    assert counts(delivery) == {}
    assert "3 changes" in repr(delivery)


def test_a_file_without_name_is_a_delta_when_it_deletes(document: Files, add: Texts, request_text: Texts) -> None:
    """Without a name, the content tells: a deletion makes a delta of the whole file."""
    delivery = read(document(add(key="1"), request_text("deleteRequest", "Eleve", "2")))
    assert not delivery.complete
    assert [one.key for one in delivery.changes] == ["1", "2"]
    assert counts(delivery) == {}


def test_mixed_deliveries(document: Files, add: Texts, request_text: Texts) -> None:
    """Complete and delta files together are told apart, with a warning; so is a deletion in a complete file."""
    complete = document(add(key="1"))
    together = read({f"{DAY}_Eleve_0000.xml": complete, "ENT_Delta_20240917_Eleve_0000.xml": document(add(key="2"))})
    inside = read({f"{DAY}_Eleve_0000.xml": document(add(key="1"), request_text("deleteRequest", "Eleve", "2"))})
    for delivery in (together, inside):
        assert not delivery.complete
        assert list(delivery.directory.pupils) == ["1"]
        assert [one.key for one in delivery.changes] == ["2"]
        assert counts(delivery) == {"mixed_delivery": 1}


def test_duplicates_over_parts(document: Files, add: Texts) -> None:
    """Of two records with one identifier the first is kept, whatever the order of the source."""
    source = {
        f"{DAY}_Eleve_0001.xml": document(add(key="1", givenName="Second")),
        f"{DAY}_Eleve_0000.xml": document(add(key="1", givenName="Premier")),
    }
    delivery = read(source)
    assert delivery.directory.pupils[Jointure("1")].given == "Premier"
    (duplicate,) = found(delivery, "duplicate_identifier")
    assert (duplicate.where.file, duplicate.where.key) == (f"{DAY}_Eleve_0001.xml", "1")


def test_metadata_of_gpei(document: Files, add: Texts) -> None:
    """`InfosEducNat` has a grammar of its own: its parameters go to the manifest; broken, it does not matter."""
    infos = b"""<InfosEducNat><param name="GPEIAnneeScolaire"><value>2025</value></param><groupe>
    <param name="GPEIgeneration"><value>a</value><value/></param></groupe><param>seul</param></InfosEducNat>"""
    pupils = document(add(key="1"))
    delivery = read({f"{DAY}_Eleve_0000.xml": pupils, f"{DAY}_InfosEducNat_0000.xml": infos})
    assert dict(delivery.manifest.infos) == {"GPEIAnneeScolaire": ("2025",), "GPEIgeneration": ("a", ""), "": ("seul",)}
    broken = read({f"{DAY}_Eleve_0000.xml": pupils, f"{DAY}_InfosEducNat_0000.xml": infos[:-5]})
    assert counts(broken) == {"unreadable_infos": 1}
    with pytest.raises(WrongFormat):
        read({f"{DAY}_InfosEducNat_0000.xml": infos})


def test_scope(document: Files, add: Texts) -> None:
    """Files of categories out of scope are not even opened."""
    source = {f"{DAY}_Eleve_0000.xml": document(add(key="1")), f"{DAY}_PersRelEleve_0000.xml": b"broken"}
    delivery = read(source, scope=frozenset({Category.PUPILS}))
    assert delivery.manifest.categories == {Category.PUPILS}
    assert len(read(source, scope=frozenset({Category.MEFS})).directory.pupils) == 0


def test_references_of_pupils_are_resolved(document: Files, add: Texts) -> None:
    """Each reference of a pupil that leads nowhere is a warning at his place; what is not delivered is not judged."""
    pupil = add(
        key="1",
        ENTElevePersRelEleve=("34$10$1$1$1$0", "35$20$0$1$1$0"),
        ENTEleveMEF="10110001110",
        ENTEleveClasses="61009$5 C",
        ENTEleveEnseignements="ANGLAIS LV1",
        ENTEleveCodeEnseignements="030201",
    )
    source = {
        f"{DAY}_Eleve_0000.xml": document(pupil),
        f"{DAY}_PersRelEleve_0000.xml": document(add("PersRelEleve", "34", ENTAuxPersRelEleveEleve=("1", "9"))),
        f"{DAY}_EtabEducNat_0000.xml": document(add("EtabEducNat", "61001", ENTStructureClasses="5 D$5EME$777")),
        f"{DAY}_MefEducNat_0000.xml": document(add("MefEducNat", "10010012110")),
    }
    delivery = read(source)
    dangle = [
        (p.where.key, p.where.attribute, p.params["target"], p.params["category"])
        for p in found(delivery, "dangling_reference")
    ]
    assert dangle == [
        ("61001", "ENTStructureClasses", "777", "MefEducNat"),
        ("1", "ENTElevePersRelEleve", "35", "PersRelEleve"),
        ("1", "ENTEleveMEF", "10110001110", "MefEducNat"),
        ("1", "ENTEleveClasses", "61009", "EtabEducNat"),
        ("34", "ENTAuxPersRelEleveEleve", "9", "Eleve"),
    ]
    assert {one.target for one in dangling(delivery.directory)} == {"777", "35", "10110001110", "61009", "9"}
    assert all(p.where.line and p.where.file for p in found(delivery, "dangling_reference"))
    assert counts(delivery) == {"dangling_reference": 5}


def test_staff_may_point_outside(document: Files, add: Texts) -> None:
    """Structures outside the delivery are one note an attribute, with numbers; an unknown subject is a warning."""
    staff = add(
        "PersEducNat",
        "27",
        ENTAuxEnsClasses=("61001$A", "71001$B", "71001$B"),
        ENTAuxEnsClassesMatieres="61001$A$999999",
    )
    source = {
        f"{DAY}_PersEducNat_0000.xml": document(staff),
        f"{DAY}_EtabEducNat_0000.xml": document(add("EtabEducNat", "61001")),
        f"{DAY}_MatiereEducNat_0000.xml": document(add("MatEducNat", "030201")),
    }
    delivery = read(source)
    (outside,) = found(delivery, "external_structure")
    assert dict(outside.params) == {"attribute": "ENTAuxEnsClasses", "count": 2, "total": 3}
    (subject,) = found(delivery, "dangling_reference")
    assert (subject.where.attribute, subject.params["target"]) == ("ENTAuxEnsClassesMatieres", "999999")


def test_a_class_removed_from_its_structure(document: Files, add: Texts) -> None:
    """A pupil's class that the structure does not declare is kept and reported, when it declares any."""
    source = {
        f"{DAY}_Eleve_0000.xml": document(add(key="1", ENTEleveClasses=("61001$6A", "61002$6A"))),
        f"{DAY}_EtabEducNat_0000.xml": document(
            add("EtabEducNat", "61001", ENTStructureClasses="6B$6EME"),
            add("EtabEducNat", "61002", ENTStructureUAI="0741234W"),
        ),
    }
    delivery = read(source)
    (undeclared,) = found(delivery, "undeclared_class")
    assert (undeclared.where.key, undeclared.params["name"]) == ("1", "6A")


def test_two_identifiers_of_one_school(document: Files, add: Texts) -> None:
    """Two structures of one UAI are aliases."""
    schools = document(add("EtabEducNat", "61002"), add("EtabEducNat", "61001"))
    delivery = read({f"{DAY}_EtabEducNat_0000.xml": schools})
    (alias,) = found(delivery, "school_alias")
    assert (alias.where.key, alias.params["other"]) == ("61002", "61001")


def test_the_corpus_as_its_page_says(corpus: Callable[[str], Path]) -> None:
    """Every reference of the sample delivery resolves or is reported, with the numbers of its page."""
    delivery = read(corpus("aaf"))
    outside = {
        p.params["attribute"]: (p.params["count"], p.params["total"]) for p in found(delivery, "external_structure")
    }
    assert outside == {
        "ENTAuxEnsMEF": (133, 366),
        "ENTAuxEnsMatiereEnseignEtab": (31, 124),
        "ENTAuxEnsClasses": (116, 326),
        "ENTAuxEnsClassesMatieres": (116, 326),
        "ENTAuxEnsGroupes": (66, 242),
        "ENTAuxEnsGroupesMatieres": (66, 242),
        "ENTAuxEnsClassesPrincipal": (4, 22),
        "ENTPersonFonctions": (187, 321),
        "ENTPersonStructRattach": (6, 164),
    }
    assert counts(delivery) == {"external_structure": 9, "repeated_value": 26, "ignored_file": 1}
    assert len(list(dangling(delivery.directory))) == sum(int(count) for count, _ in outside.values())
    held = Counter(one.attribute for one in references(delivery.directory) if one.category is Category.PUPILS)
    assert held["ENTElevePersRelEleve"] == 500
    assert held["ENTEleveCodeEnseignements"] == 3_598
    assert (held["ENTEleveClasses"], held["ENTEleveGroupes"], held["ENTEleveMEF"]) == (300, 48, 300)
    assert delivery.complete
    assert delivery.manifest.incomplete == frozenset()
    assert {part.name.prefix for part in delivery.manifest.parts if part.name} == {"FULL_ENTTSSERVICES_"}
