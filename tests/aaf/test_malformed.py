"""Malformed deliveries: every row of the page `malformed` gives the findings that it names, no other (aaf 6.1, 7)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from entformats.aaf import Delivery, check, read

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]
Change: TypeAlias = Mapping[str, bytes]
"""Category of a file -> its content, in place of that of the delivery without any fault."""

TABLES = Path(__file__).parents[2] / "docs" / "malformed.toml"
if not TABLES.exists():
    pytest.skip("the documentation is not beside the tests", allow_module_level=True)
PAGE = tomllib.loads(TABLES.read_text(encoding="utf-8"))
ROWS = [
    pytest.param(section, number, id=f"{section}: {row['met']}")
    for section in ("aaf 6.1", "aaf 7")
    for number, row in enumerate(PAGE[section]["rows"])
]
FILE = {"MatEducNat": "MatiereEducNat"}
OPERATIONAL = ("EtabEducNat", "Eleve", "PersRelEleve", "PersEducNat", "MatEducNat", "MefEducNat")
KEYS = dict(zip(OPERATIONAL, ("61001", "310", "34", "27", "030201", "10110001110"), strict=True))
OTHER = b'encoding="ISO-8859-15"'


class Maker:
    """Makes the files of small deliveries that differ from one without any fault."""

    def __init__(self, document: Files, add: Texts) -> None:
        self._document = document
        self._add = add

    def one(self, category: str, **changes: str | tuple[str, ...]) -> dict[str, bytes]:
        """Change the attributes of the record of a category."""
        return {category: self._document(self._add(category, KEYS[category], **changes))}

    def edited(self, category: str, old: str, new: str) -> dict[str, bytes]:
        """Change the text of the file of a category."""
        content = self._document(self._add(category, KEYS[category]))
        assert old.encode() in content
        return {category: content.replace(old.encode(), new.encode())}

    def many(self, category: str, *records: tuple[str, Mapping[str, str]]) -> dict[str, bytes]:
        """Give a category several records."""
        return {category: self._document(*(self._add(category, key, **changes) for key, changes in records))}

    def of_2013(self, change: Change) -> dict[str, bytes]:
        """Make the whole delivery one of the version of 2013."""
        files = {**self.whole(), **change}
        return {name: text.replace(b"AAF-VE2407", b"AAF-VE1301") for name, text in files.items()}

    def whole(self) -> dict[str, bytes]:
        """Give the files of the delivery without any fault."""
        return {category: self._document(self._add(category, KEYS[category])) for category in OPERATIONAL}

    def mixed(self, category: str, other: str, key: str) -> dict[str, bytes]:
        """Put a record of another category into the file of a category."""
        return {category: self._document(self._add(category, KEYS[category]), self._add(other, key))}

    def delivery(self, change: Change) -> Delivery:
        """Read the delivery that holds a change."""
        contents = {**self.whole(), **change}
        return read({f"ENT_Complet_20240916_{FILE.get(name, name)}_0000.xml": text for name, text in contents.items()})

    def slugs(self, changes: Iterable[Change]) -> set[str]:
        """Give all that is found in the deliveries that hold each of the changes."""
        found = set()
        for change in changes:
            delivery = self.delivery(change)
            found |= {one.slug for one in (*delivery.report.problems, *check(delivery).problems)}
        return found


@pytest.fixture(scope="module")
def maker(document: Files, add: Texts) -> Maker:
    """Make small deliveries."""
    return Maker(document, add)


def of_invariants(m: Maker) -> list[list[Change]]:
    """Break each invariant in turn, in the order of the page (aaf 6.1)."""
    minor = {"ENTPersonDateNaissance": "14/03/2012"}
    adult = {"ENTPersonDateNaissance": "14/03/2000"}
    relation = "ENTElevePersRelEleve"
    return [
        [m.edited("Eleve", "<id>310</id>", "<id>311</id>")],
        [m.many("Eleve", ("310", {}), ("310", {}))],
        [m.many("PersEducNat", ("310", {}))],
        [m.mixed("Eleve", "PersRelEleve", "35")],
        [m.edited("Eleve", "</attributes>", TWICE.format("ZOE") + TWICE.format("ANNE") + "</attributes>")],
        [m.one("Eleve", sn=""), m.one("Eleve", ENTPersonStructRattach=""), m.one("Eleve", ENTEleveClasses=TWO)],
        [m.one("Eleve", **{**adult, relation: "35$10$1$1$1$0"}), m.one("Eleve", ENTEleveMEF="10210001110")],
        [m.one("PersEducNat", ENTPersonStructRattach="71001")],
        [m.one("Eleve", ENTEleveEnseignements="ANGLAIS LV1", ENTEleveCodeEnseignements=("030201", "030201"))],
        [m.one("Eleve", **{**minor, relation: ""})],
        [m.of_2013(m.many("Eleve", ("310", {**adult, relation: "34$1$1$1$1$0"}), ("311", {**adult, relation: ""})))],
        [m.one("Eleve", ENTEleveClasses=CLASS, ENTEleveGroupes=CLASS), m.one("EtabEducNat", ENTStructureClasses=LINES)],
        [m.one("PersEducNat", ENTAuxEnsClassesPrincipal=CLASS, ENTAuxEnsClasses="")],
        [{**m.one("EtabEducNat", ENTStructureClasses="5 D$5EME"), **m.one("Eleve", ENTEleveClasses=CLASS)}],
        [m.one("EtabEducNat", ENTStructureUAI="1749999S")],
        [m.one("PersRelEleve", homePhone="le soir", mail="zoe", ENTPersonCodePostal="1399")],
    ]


NO_POSTCODE = {"ENTPersonVille": "VALFICTIF", "ENTPersonCodePostal": ""}
TWICE = '<attr name="ENTPersonAutresPrenoms"><value>{}</value></attr>'
CLASS = "61001$5 C"
TWO = (CLASS, "61001$5 D")
LINES = ("5 C$5EME$10110001110", "5 C$5EME")


def of_malformed(m: Maker) -> list[list[Change]]:
    """Give what is met in deliveries, in the order of the page (aaf 7)."""
    guardian = m.one("PersRelEleve")["PersRelEleve"]
    pupil = m.one("Eleve")["Eleve"]
    adult = {"ENTPersonDateNaissance": "14/03/2000"}
    links = [
        ("310", {**adult, "ENTElevePersRelEleve": "34$2$1$2$0$0"}),
        ("311", {**adult, "ENTElevePersRelEleve": "34$10$1$1$0$0"}),
    ]
    return [
        [{"PersRelEleve": b""}],
        [{"PersRelEleve": guardian[:-30]}, {"PersRelEleve": guardian.replace(b"</value>", b"</valeur>", 1)}],
        [{"Eleve": pupil.partition(b"\n")[2]}],
        [{"Eleve": pupil.replace(b'encoding="UTF-8"', OTHER)}],
        [m.edited("Eleve", '<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">', "")],
        [m.edited("Eleve", "Maïwenn", "Ma&iuml;wenn"), m.edited("Eleve", "Maïwenn", "Ma&amp;#239;wenn")],
        [{"Eleve": pupil.replace(b"\n", b"\r\n")}],
        [m.edited("Eleve", "</attributes>", '<attr name="ENTEleveRegime"><value></value></attr></attributes>')],
        [m.one("Eleve", ENTEleveNouveau="x")],
        [m.one("Eleve", enteleveregime="EXTERNE"), m.one("EtabEducNat", ENTServCodeAcAcademie="013")],
        [m.one("Eleve", ENTEleveRegime=("EXTERNE", "INTERNE"))],
        [m.one("PersEducNat", ENTPersonFonctions="61001$ENS$ENSEIGNEMENT")],
        [m.one("EtabEducNat", ENTStructureClasses="5 C")],
        [m.one("EtabEducNat", ENTStructureClasses=LINES), m.one("EtabEducNat", ENTStructureGroupes=("G$A", "G$B"))],
        [m.one("Eleve", ENTPersonAutresPrenoms=("Enzo", "Charles", "Enzo"))],
        [m.one("PersEducNat", ENTAuxEnsClassesMatieres="61001$5 C$999999")],
        [m.one("EtabEducNat", ENTStructureClasses="5 C$5EME$10210001110")],
        [m.one("Eleve", **adult, ENTElevePersRelEleve="35$10$1$1$1$0")],
        [m.one("PersEducNat", ENTPersonFonctions="71001$ENS$ENSEIGNEMENT$L1300$MATHEMATIQUES")],
        [m.many("EtabEducNat", ("61001", {}), ("61009", {}))],
        [m.one("PersEducNat", ENTPersonFonctions="61001$-$SANS OBJET$-$SANS OBJET")],
        [m.one("PersRelEleve", ENTPersonVille="19563 TOWN"), m.one("PersRelEleve", **NO_POSTCODE)],
        [m.one("PersRelEleve", sn="D"), m.one("PersRelEleve", givenName="ZOE 2"), m.one("PersRelEleve", sn="A  B")],
        [m.one("PersRelEleve", personalTitle="")],
        [m.one("Eleve", ENTPersonDateNaissance=""), m.one("Eleve", ENTPersonDateNaissance="2012-02-29")],
        [m.one("PersRelEleve", homePhone="0000000000"), m.one("PersRelEleve", homePhone="+33 6 99 12 34 56")],
        [m.edited("Eleve", "<id>310</id>", "<id>311</id>")],
        [m.one("Eleve", ENTEleveClasses=TWO)],
        [{**m.one("EtabEducNat", ENTStructureClasses="5 D$5EME"), **m.one("Eleve", ENTEleveClasses=CLASS)}],
        [m.many("Eleve", *links)],
    ]


CASES = {"aaf 6.1": of_invariants, "aaf 7": of_malformed}


def test_nothing_is_said_of_a_delivery_without_fault(maker: Maker) -> None:
    """The delivery that the rows change gives no finding at all."""
    assert maker.slugs([{}]) == set()


@pytest.mark.parametrize(("section", "number"), ROWS)
def test_a_row_of_the_page(maker: Maker, section: str, number: int) -> None:
    """What a row describes gives the findings that it names, all of them and no other."""
    changes = CASES[section](maker)
    assert len(changes) == len(PAGE[section]["rows"])
    assert maker.slugs(changes[number]) == set(PAGE[section]["rows"][number]["codes"])
