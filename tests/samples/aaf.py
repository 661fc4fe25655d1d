"""Samples of findings that take more than the bytes of one delivery: a directory, a date, a scope, another delivery."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date

from attrs import evolve

from entformats import aaf
from entformats.aaf import (
    ClassDate,
    ClassRef,
    DeclaredClass,
    Delivery,
    Directory,
    Guardian,
    Mef,
    Pupil,
    Record,
    Relation,
    School,
    Scope,
    Staff,
    Subject,
)
from entformats.codes import ine, uai
from entformats.codes.jointure import Jointure as K
from entformats.problems import Report

Sample = tuple[Callable[[], Report], Callable[[], Report]]
MONDAY, TUESDAY, WEDNESDAY = (date(2024, 9, day) for day in (16, 17, 18))
PLACE = School(K("A"), uai.parse("0749999S"), name="X", type_label="X", academy="GRENOBLE", academy_code="008")
OTHER = School(K("B"), uai.parse("0749998R"), name="X", type_label="X", academy="GRENOBLE", academy_code="008")
PUPIL = Pupil(
    K("1"), family="X", given="X", birth_date=date(2012, 2, 29), school=K("A"), relations=(Relation(K("11"), "10"),)
)
FRIEND = evolve(PUPIL, key=K("2"), school=K("B"))
MOTHER = Guardian(K("11"), family="X", given="X")
TEACHER = Staff(K("21"), family="X", given="X", school=K("A"))
ENGLISH, FIFTH = Subject(K("030201"), label="X"), Mef(K("10110001110"), label="X")
WHOLE = Directory.of([PLACE, OTHER, PUPIL, FRIEND, MOTHER, TEACHER, ENGLISH, FIFTH])
DELTA = "ENT_Delta_{}Eleve_0000.xml"


def files(directory: Directory, day: date | None = None) -> dict[str, bytes]:
    """Write a complete delivery."""
    return {name: b"".join(chunks) for name, chunks in aaf.write(directory, exported=day)}


def complete(*records: Record, day: date | None = None, without: str = "nothing") -> Delivery:
    """Read a complete delivery, without the files of a category."""
    found = files(Directory.of(records or (one for table in WHOLE.tables.values() for one in table.values())), day)
    return aaf.read({name: data for name, data in found.items() if f"_{without}_" not in name})


def request(kind: str, category: str, key: str, inner: str = "") -> str:
    """Write a request."""
    operational = "categorieStructure" if category == "EtabEducNat" else "categoriePersonne"
    return (
        f'<{kind}><operationalAttributes><attr name="{operational}"><value>{category}</value></attr>'
        f"</operationalAttributes><identifier><id>{key}</id></identifier>{inner}</{kind}>"
    )


def added(key: str) -> str:
    """Write the addition of a pupil."""
    values: Mapping[str, str] = {
        "ENTPersonJointure": key,
        "sn": "X",
        "givenName": "X",
        "ENTPersonDateNaissance": "29/02/2012",
        "ENTPersonStructRattach": "A",
        "ENTElevePersRelEleve": "11$10$1$1$1$1",
    }
    inner = "".join(f'<attr name="{name}"><value>{value}</value></attr>' for name, value in values.items())
    return request("addRequest", "Eleve", key, f"<attributes>{inner}</attributes>")


def modified(key: str) -> str:
    """Write the modification of a pupil."""
    inner = '<modification name="ENTEleveRegime" operation="replace"><value>X</value></modification>'
    return request("modifyRequest", "Eleve", key, f"<modifications>{inner}</modifications>")


def deleted(key: str, category: str = "Eleve") -> str:
    """Write a deletion."""
    return request("deleteRequest", category, key)


def delta(*requests: str, day: str = "20240917_", name: str = DELTA, end: str = "</ficAlimMENESR>") -> Delivery:
    """Read a delta."""
    return aaf.read({name.format(day): ("<ficAlimMENESR>" + "".join(requests) + end).encode()})


def applied(delivery: Delivery, since: date | None = None) -> Report:
    """Apply a delivery to the whole directory."""
    return aaf.apply(WHOLE, delivery, since=since).report


def checked(*records: Record, **options: object) -> Report:
    """Check a directory."""
    return aaf.check(Directory.of(records), **options)  # type: ignore[arg-type]  # passed on


def foreign(academy: str) -> Delivery:
    """Read a delivery of an academy."""
    return complete(evolve(PLACE, academy=academy, academy_code=""))


def entered(year: int) -> Pupil:
    """Make a pupil who entered the class in September of a year."""
    at = (ClassRef(K("A"), "5 C"),)
    return evolve(PUPIL, key=K(str(year)), classes=at, class_entries=(ClassDate(K("A"), date(year, 9, 1), "5 C"),))


def following(mefs: list[str]) -> tuple[Record, ...]:
    """Make a class of the fifth form, and pupils who follow some curricula."""
    place = evolve(PLACE, classes=(DeclaredClass("5 C", "5EME", (K("10110001110"),)),))
    at = (ClassRef(K("A"), "5 C"),)
    return place, *(evolve(PUPIL, key=K(str(n)), classes=at, mef=K(mef)) for n, mef in enumerate(mefs))


def several(number: str, school: str) -> tuple[Record, ...]:
    """Make two pupils with a SIECLE number, in two schools or one."""
    return PLACE, OTHER, evolve(PUPIL, siecle_number="17"), evolve(FRIEND, siecle_number=number, school=K(school))


def part(end: str) -> dict[str, bytes]:
    """Write a delta in two parts, the second of which ends as told."""
    text = ("<ficAlimMENESR>" + deleted("1")).encode()
    return {"Delta_Eleve_0000.xml": text + b"</ficAlimMENESR>", "Delta_Eleve_0001.xml": text + end.encode()}


def cut(length: int) -> dict[str, bytes]:
    """Write a complete delivery, and cut the end of the file of pupils."""
    found = files(WHOLE)
    data = found["ENT_Complet_Eleve_0000.xml"]
    return found | {"ENT_Complet_Eleve_0000.xml": data[: len(data) - length]}


def archive(name: str) -> Report:
    """Read a complete delivery in an archive of this name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("ENT_Complet_Eleve_0000.xml", "<ficAlimMENESR/>")
    out.name = name
    out.seek(0)
    return aaf.read(out).report


FIVE, SIX = "10110001110", "10210001110"
INE = ine.parse("120000001FH")
SAMPLES: dict[str, Sample] = {
    "archive_mismatch": (lambda: archive("ENT2D.Delta.zip"), lambda: archive("ENT2D.Complet.zip")),
    "scope_school_absent": (
        lambda: aaf.read(files(WHOLE), scope=Scope(schools={"0700000X"})).report,
        lambda: aaf.read(files(WHOLE), scope=Scope(schools={"0749999S"})).report,
    ),
    "expected_school_absent": (
        lambda: checked(PLACE, expected_school="0749998R"),
        lambda: checked(PLACE, expected_school="0749999S"),
    ),
    "classes_of_two_years": (
        lambda: checked(PLACE, entered(2024), entered(2023)),
        lambda: checked(PLACE, entered(2024)),
    ),
    "shared_ine": (
        lambda: checked(evolve(PUPIL, ine=INE), evolve(FRIEND, ine=INE)),
        lambda: checked(evolve(PUPIL, ine=INE), FRIEND),
    ),
    "shared_siecle_number": (lambda: checked(*several("17", "A")), lambda: checked(*several("17", "B"))),
    "mef_outside_class": (
        lambda: checked(*following([FIVE, FIVE, FIVE, SIX])),
        lambda: checked(*following([FIVE, FIVE, FIVE, FIVE])),
    ),
    "modify_unknown": (lambda: applied(delta(modified("9"))), lambda: applied(delta(modified("1")))),
    "delete_unknown": (lambda: applied(delta(deleted("9"))), lambda: applied(delta(deleted("1")))),
    "add_known": (lambda: applied(delta(added("1"))), lambda: applied(delta(added("9")))),
    "several_requests": (
        lambda: applied(delta(added("9"), modified("9"))),
        lambda: applied(delta(added("9"), modified("1"))),
    ),
    "added_after_deletion": (
        lambda: applied(delta(deleted("1"), added("1"))),
        lambda: applied(delta(deleted("1"), added("9"))),
    ),
    "older_delivery": (lambda: applied(delta(added("9")), TUESDAY), lambda: applied(delta(added("9")), MONDAY)),
    "undated_delivery": (
        lambda: applied(delta(added("9"), day=""), MONDAY),
        lambda: applied(delta(added("9")), MONDAY),
    ),
    "foreign_academy": (lambda: applied(foreign("CORSE")), lambda: applied(foreign("GRENOBLE"))),
    "incomplete_delta": (
        lambda: applied(aaf.read(part("<"))),
        lambda: applied(aaf.read(part("</ficAlimMENESR>"))),
    ),
    "absent_category": (lambda: applied(complete(without="PersEducNat")), lambda: applied(complete())),
    "incomplete_category": (lambda: applied(aaf.read(cut(9))), lambda: applied(aaf.read(cut(0)))),
    "absent_structure": (lambda: applied(complete(PLACE, PUPIL)), lambda: applied(complete(PLACE, OTHER, PUPIL))),
    "unplaced_kept": (lambda: applied(complete(PUPIL, MOTHER)), lambda: applied(complete())),
    "deleted_structure": (
        lambda: applied(delta(deleted("A", "EtabEducNat"), name="Delta_{}EtabEducNat_0000.xml")),
        lambda: applied(delta(deleted("1"))),
    ),
    "void_delivery": (
        lambda: aaf.replay([complete(day=MONDAY), complete(day=TUESDAY)]).report,
        lambda: aaf.replay([complete(day=TUESDAY)]).report,
    ),
}
