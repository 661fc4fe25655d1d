"""Deliveries applied: what is missing removes nobody, what has no target is kept, what is too old is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

import attrs
import pytest
from hypothesis import given, settings

from entformats.aaf import (
    Applied,
    Category,
    ClassRef,
    Delivery,
    Directory,
    Guardian,
    Mef,
    Modify,
    Pupil,
    Record,
    Relation,
    School,
    Staff,
    Subject,
    apply,
    compare,
    modified,
    read,
    replay,
    write,
)
from entformats.codes import uai
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.testing.strategies.directories import directory_successions

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]
FEWER = settings(max_examples=settings().max_examples // 2)
MONDAY, TUESDAY, WEDNESDAY = (date(2024, 9, day) for day in (16, 17, 18))


def key(text: str) -> Jointure:
    """Name a record."""
    return Jointure(text)


A = School(key("A"), uai.parse("0749999S"), name="X", type_label="X", academy="GRENOBLE", academy_code="008")
B = School(key("B"), uai.parse("0749998R"), name="X", type_label="X", academy="GRENOBLE", academy_code="008")
IN_A = Pupil(key("1"), family="X", given="X", school=A.key, relations=(Relation(key("11"), "10"),))
IN_B = Pupil(key("2"), family="X", given="X", school=B.key, relations=(Relation(key("12"), "10"),))
MOTHER_A, MOTHER_B = Guardian(key("11"), family="X", given="X"), Guardian(key("12"), family="X", given="X")
STRANGER = Guardian(key("13"), family="X", given="X")
TEACHER_A = Staff(key("21"), family="X", given="X", school=A.key)
TEACHER_B = Staff(key("22"), family="X", given="X", school=A.key, classes=(ClassRef(B.key, "5 C"),))
OUTSIDE = Staff(key("23"), family="X", given="X", school=key("Z"))
ENGLISH, LATIN = Subject(key("030201"), label="X"), Subject(key("020300"), label="X")
FIFTH, FOURTH = Mef(key("10110001110"), label="X"), Mef(key("10210001110"), label="X")
IN_TOWN: tuple[Record, ...] = (A, IN_A, MOTHER_A, TEACHER_A, ENGLISH, FIFTH)
ALL: tuple[Record, ...] = (*IN_TOWN, B, IN_B, MOTHER_B, STRANGER, TEACHER_B, OUTSIDE, LATIN, FOURTH)
TOWN, WHOLE = Directory.of(IN_TOWN), Directory.of(ALL)


def complete(directory: Directory, exported: date | None = None, *, without: str = "") -> Delivery:
    """Write and read a complete delivery, without the files of a category."""
    files = {name: b"".join(content) for name, content in write(directory, exported=exported)}
    return read({name: content for name, content in files.items() if not (without and f"_{without}_" in name)})


def slugs(applied: Applied) -> dict[str, int]:
    """Count the findings by slug."""
    found: dict[str, int] = {}
    for one in applied.report.problems:
        found[one.slug] = found.get(one.slug, 0) + 1
    return found


def removed(applied: Applied) -> set[str]:
    """Give the keys of the records removed."""
    return {name for diff in applied.changes.tables.values() for name, (_, after) in diff.items() if after is None}


@FEWER
@given(directory_successions(2))
def test_a_complete_delivery_on_nothing_is_its_directory(pair: tuple[Directory, Directory]) -> None:
    """Applied to the empty directory, a complete delivery gives its own; applied again, nothing changes."""
    for one in pair:
        delivery = complete(one) if any(one.tables.values()) else read(b"<ficAlimMENESR/>")
        applied = apply(Directory(), delivery)
        assert applied.directory == delivery.directory == one
        assert applied.changes == compare(Directory(), one)
        again = apply(applied.directory, delivery)
        assert not again.changes
        assert slugs(again) == {}


def test_the_corpus(corpus: Callable[[str], Path]) -> None:
    """The sample delivery, applied to nothing."""
    delivery = read(corpus("aaf"))
    assert apply(Directory(), delivery).directory == delivery.directory


def test_absence_from_a_whole_delivery_is_departure() -> None:
    """Where every structure is there, those who are not are gone; what did not change is the same object."""
    left = Directory.of(one for one in ALL if one not in {IN_A, TEACHER_B, OUTSIDE, LATIN, STRANGER})
    applied = apply(WHOLE, complete(left, MONDAY))
    assert applied.directory == left
    assert removed(applied) == {one.key for one in (IN_A, TEACHER_B, OUTSIDE, LATIN, STRANGER)}
    assert applied.until == MONDAY
    first = apply(Directory(), complete(WHOLE)).directory
    again = apply(first, complete(left)).directory
    assert again.pupils[IN_B.key] is first.pupils[IN_B.key]


def test_a_new_shape_is_taken() -> None:
    """A record that says the same with other attributes present is the one of the delivery."""
    old = Directory.of([attrs.evolve(IN_A, shape=("ENTPersonJointure", "sn"))])
    after = apply(old, complete(TOWN)).directory
    assert "mail" in after.pupils[IN_A.key].shape


@pytest.mark.parametrize("category", list(Category))
def test_a_category_that_is_absent_removes_nobody(category: Category) -> None:
    """No file of a category: all of it stays, and a finding says how many."""
    applied = apply(WHOLE, complete(WHOLE, without=category.value))
    assert applied.directory == WHOLE
    (found,) = applied.report.problems
    assert (found.slug, found.params["category"]) == ("absent_category", category.value)
    assert found.params["count"] == len(WHOLE.tables[category])


def test_a_category_that_is_incomplete_removes_nobody() -> None:
    """A file of pupils cut short: pupils who are not read stay, and so do their guardians."""
    files = {name: b"".join(content) for name, content in write(Directory.of([A, B, IN_A, MOTHER_A, TEACHER_A]))}
    files["ENT_Complet_Eleve_0000.xml"] = files["ENT_Complet_Eleve_0000.xml"].partition(b"</ficAlimMENESR>")[0]
    applied = apply(WHOLE, read(files))
    assert removed(applied) == {TEACHER_B.key, OUTSIDE.key}
    assert slugs(applied) == {"incomplete_category": 1, "absent_category": 2, "unplaced_kept": 1}
    cut = apply(Directory.of([A, IN_A, MOTHER_A, IN_B, B]), complete(Directory.of([A, B, IN_A, MOTHER_A])))
    assert removed(cut) == {IN_B.key}


def test_a_structure_that_is_absent_removes_nobody() -> None:
    """Its people stay, and everything that nothing places elsewhere; the others may go."""
    keep = Pupil(key("3"), family="X", given="X", school=A.key)
    town = Directory.of([*ALL, keep])
    delivered = Directory.of([A, keep, STRANGER, TEACHER_A, ENGLISH, FIFTH])
    applied = apply(town, complete(delivered))
    assert removed(applied) == {IN_A.key, MOTHER_A.key}
    assert slugs(applied) == {"absent_structure": 1, "unplaced_kept": 4}
    (found,) = applied.report.of_slug("absent_structure")
    assert dict(found.params) == {"school": "0749998R", "count": 2}
    closed = apply(town, complete(delivered), closed={B.key})
    assert closed.directory == delivered
    assert slugs(closed) == {}


def test_without_the_file_of_structures_nobody_leaves() -> None:
    """When no structure is delivered, none is known to be covered."""
    delivered = Directory.of([IN_A, MOTHER_A, TEACHER_A])
    applied = apply(WHOLE, complete(delivered))
    assert applied.directory == WHOLE
    assert slugs(applied) == {"absent_category": 3, "unplaced_kept": 3}


def test_a_structure_under_another_identifier_is_not_absent() -> None:
    """Two identifiers with one UAI are one structure."""
    renamed = attrs.evolve(B, key=key("B2"))
    applied = apply(Directory.of([A, B, IN_A, IN_B]), complete(Directory.of([A, renamed, IN_A])))
    assert removed(applied) == {B.key, IN_B.key}
    assert slugs(applied) == {}


DELTA = "ENT_Delta_{}_Eleve_0000.xml"


def change(name: str, value: str) -> str:
    """Write the modification of one attribute."""
    return (
        f'<modifications><modification name="{name}" operation="replace"><value>{value}</value></modification>'
        "</modifications>"
    )


@pytest.fixture
def delta(document: Files) -> Callable[..., Delivery]:
    """Read a delta on pupils, of a day or of none, made of requests."""

    def make(*requests: str, day: date | None = None) -> Delivery:
        return read({DELTA.format(f"{day:%Y%m%d}" if day else "").replace("__", "_"): document(*requests)})

    return make


Delta: TypeAlias = Callable[..., Delivery]


def test_requests_without_a_target_change_nothing(delta: Delta, request_text: Texts) -> None:
    """A modification of nobody is an error and is kept; a deletion of nobody is a note."""
    modify = request_text("modifyRequest", "Eleve", "9", change("mail", "a@b.fr"))
    applied = apply(WHOLE, delta(modify, request_text("deleteRequest", "Eleve", "8")))
    assert applied.directory == WHOLE
    assert slugs(applied) == {"modify_unknown": 1, "delete_unknown": 1}
    assert [one.key for one in applied.pending] == ["9"]


def test_what_waits_is_replayed_at_its_date(delta: Delta, request_text: Texts, add: Texts) -> None:
    """A late addition gets the modification that waited for it; a later one, whole, makes it void."""
    modify = request_text("modifyRequest", "Eleve", "9", change("ENTEleveRegime", "INTERNE"))
    waiting = apply(WHOLE, delta(modify, day=TUESDAY)).pending
    late = apply(WHOLE, delta(add(key="9"), day=MONDAY), pending=waiting)
    assert late.directory.pupils[key("9")].regime == "INTERNE"
    assert late.pending == ()
    later = apply(WHOLE, delta(add(key="9"), day=WEDNESDAY), pending=waiting)
    assert later.directory.pupils[key("9")].regime == ""
    assert later.pending == ()
    deleted = apply(WHOLE, delta(request_text("deleteRequest", "Eleve", "9"), day=WEDNESDAY), pending=waiting)
    assert deleted.pending == ()
    still = apply(WHOLE, complete(WHOLE, WEDNESDAY), pending=waiting)
    assert still.pending == waiting
    known = Directory.of([*ALL, attrs.evolve(IN_A, key=key("9"))])
    void = apply(WHOLE, complete(known, WEDNESDAY), pending=waiting)
    assert (void.pending, void.directory.pupils[key("9")].regime) == ((), "")


def test_several_requests_for_one_record(delta: Delta, request_text: Texts, add: Texts) -> None:
    """They are done in the order of the file, and reported; an addition takes the place of what is there."""
    modify = request_text("modifyRequest", "Eleve", "9", change("ENTEleveRegime", "INTERNE"))
    delete = request_text("deleteRequest", "Eleve", "9")
    once = apply(WHOLE, delta(add(key="9"), modify))
    assert once.directory.pupils[key("9")].regime == "INTERNE"
    assert slugs(once) == {"several_requests": 1, "dangling_reference": 1}
    twice = apply(once.directory, delta(delete, add(key="9", ENTEleveRegime="EXTERNE")))
    assert twice.directory.pupils[key("9")].regime == "EXTERNE"
    assert "added_after_deletion" in slugs(twice)
    assert twice.changes.pupils.modified == {key("9")}
    thrice = apply(once.directory, delta(add(key="9", ENTPersonStructRattach="A"), delete))
    assert slugs(thrice) == {"add_known": 1, "several_requests": 1}
    assert thrice.directory == WHOLE


def test_nothing_goes_back_in_time(delta: Delta, add: Texts) -> None:
    """A delta must be later than the last delivery, a complete delivery not earlier; dates are told, not kept."""
    one = add(key="9", ENTPersonStructRattach="A")
    for day in (MONDAY, TUESDAY):
        old = apply(WHOLE, delta(one, day=day), since=TUESDAY)
        assert (old.directory, old.until, slugs(old)) == (WHOLE, TUESDAY, {"older_delivery": 1})
        assert [request.key for request in old.refused] == ["9"]
    new = apply(WHOLE, delta(one, day=WEDNESDAY), since=TUESDAY)
    assert (new.until, slugs(new), new.refused) == (WEDNESDAY, {}, ())
    undated = apply(WHOLE, delta(one), since=TUESDAY)
    assert (undated.until, slugs(undated)) == (TUESDAY, {"undated_delivery": 1})
    assert apply(WHOLE, complete(TOWN, MONDAY), since=TUESDAY).directory == WHOLE
    assert slugs(apply(WHOLE, complete(TOWN, MONDAY), since=TUESDAY)) == {"older_delivery": 1}
    assert slugs(apply(WHOLE, complete(WHOLE, TUESDAY), since=TUESDAY)) == {}
    assert slugs(apply(WHOLE, complete(WHOLE), since=TUESDAY)) == {"undated_delivery": 1}


def test_files_of_several_days_are_done_in_order(document: Files, request_text: Texts) -> None:
    """Whatever their prefixes, the requests of an earlier day come first; those of a void file are refused."""
    texts = {
        f"{prefix}_Delta_{day:%Y%m%d}_Eleve_0000.xml": document(
            request_text("modifyRequest", "Eleve", "1", change("ENTEleveRegime", f"{day:%d}"))
        )
        for prefix, day in (("Z", TUESDAY), ("A", WEDNESDAY), ("M", MONDAY))
    }
    applied = apply(WHOLE, read(texts), since=MONDAY)
    assert applied.directory.pupils[IN_A.key].regime == "18"
    assert slugs(applied) == {"older_delivery": 1}
    assert applied.until == WEDNESDAY


def test_complete_and_deltas_together(document: Files, request_text: Texts) -> None:
    """Complete files come first, then the deltas dated after them (aaf 1.8)."""
    files = {name: b"".join(content) for name, content in write(WHOLE, exported=TUESDAY)}
    for day in (TUESDAY, WEDNESDAY):
        text = request_text("modifyRequest", "Eleve", "1", change("ENTEleveRegime", f"{day:%d}"))
        files[DELTA.format(f"{day:%Y%m%d}")] = document(text)
    applied = apply(TOWN, read(files))
    assert applied.directory.pupils[IN_A.key].regime == "18"
    assert len(applied.directory.pupils) == 2
    assert [request.where.file for request in applied.refused] == [DELTA.format("20240917")]


def test_a_delivery_of_another_academy_is_refused(document: Files, add: Texts) -> None:
    """By the codes of headers and structures, else by the labels; some doubt lets it in, and so does the caller."""
    header = read({DELTA.format("20240917"): document(add(key="9")).replace(b"versionAF", b"codeAcademieExport")})
    header = attrs.evolve(
        header,
        manifest=attrs.evolve(
            header.manifest,
            parts=(attrs.evolve(header.manifest.parts[0], headers=FrozenMap({"codeAcademieExport": "13"})),),
        ),
    )
    applied = apply(WHOLE, header)
    assert (applied.directory, applied.refused, bool(applied.changes)) == (WHOLE, header.changes, False)
    assert applied.report.problems[0].params["academy"] == "13"
    assert "foreign_academy" not in slugs(apply(WHOLE, header, other_academy=True))
    home = attrs.evolve(
        header,
        manifest=attrs.evolve(
            header.manifest,
            parts=(attrs.evolve(header.manifest.parts[0], headers=FrozenMap({"codeAcademieExport": "8"})),),
        ),
    )
    assert "foreign_academy" not in slugs(apply(WHOLE, home))
    for academy, foreign in (("CORSE", True), ("Grenoble", False), ("", False)):
        delivery = complete(Directory.of([attrs.evolve(A, academy=academy, academy_code="")]))
        assert ("foreign_academy" in slugs(apply(WHOLE, delivery))) is foreign
    added = read({"Delta_EtabEducNat_0000.xml": document(add("EtabEducNat", "C", ENTServAcAcademie="CORSE"))})
    assert "foreign_academy" in slugs(apply(WHOLE, added))


def test_a_delta_needs_a_directory(delta: Delta, request_text: Texts) -> None:
    """Modifying or deleting in a directory that holds nothing is the caller's mistake."""
    with pytest.raises(UsageError):
        apply(Directory(), delta(request_text("deleteRequest", "Eleve", "9")))


def test_a_delta_that_could_not_be_read_whole(document: Files, request_text: Texts) -> None:
    """The requests that were read are done, and a finding says that others are missing."""
    good = document(request_text("deleteRequest", "Eleve", "1"))
    parts = {"Delta_Eleve_0000.xml": good, "Delta_Eleve_0001.xml": good.partition(b"</ficAlim")[0] + b"<"}
    applied = apply(WHOLE, read(parts))
    assert IN_A.key not in applied.directory.pupils
    assert "incomplete_delta" in slugs(applied)


def test_a_structure_deleted_is_reported(document: Files, request_text: Texts) -> None:
    """With the people who are still attached to it."""
    text = document(request_text("deleteRequest", "EtabEducNat", "A"))
    applied = apply(WHOLE, read({"Delta_EtabEducNat_0000.xml": text}))
    (found,) = applied.report.problems
    assert (found.slug, found.where.key, found.params["count"]) == ("deleted_structure", "A", 3)


def test_deliveries_are_put_together(delta: Delta, request_text: Texts) -> None:
    """The most recent complete one, then the later deltas in order; what comes before is void."""
    days = [
        delta(request_text("modifyRequest", "Eleve", "1", change("ENTEleveRegime", f"{day:%d}")), day=day)
        for day in (WEDNESDAY, MONDAY)
    ]
    applied = replay([*days, complete(WHOLE, TUESDAY), complete(TOWN, MONDAY)])
    assert applied.directory.pupils[IN_A.key].regime == "18"
    assert len(applied.directory.pupils) == 2
    assert applied.changes == compare(Directory(), applied.directory)
    assert slugs(applied)["void_delivery"] == 2
    assert applied.until == WEDNESDAY
    onto = replay(days, directory=WHOLE, since=MONDAY)
    assert onto.directory.pupils[IN_A.key].regime == "18"
    assert len(onto.refused) == 1
    assert repr(onto) == "<Applied <DirectoryDiff Eleve +0 ~1 -0>>"
    assert replay([]).directory == Directory()


def test_a_modification_made_by_hand() -> None:
    """Fields name their attributes; a record without shape keeps none; nothing changed is the same object."""
    pupil = attrs.evolve(IN_A, extra=FrozenMap({"mail": ("a", "b"), "ENTNouveau": ("x",)}))
    after = modified(pupil, Modify(pupil.key, Category.PUPILS, FrozenMap({"mail": "c"})))
    assert isinstance(after, Pupil)
    assert (after.mail, dict(after.extra), after.shape) == ("c", {"ENTNouveau": ("x",)}, ())
    erased = modified(after, Modify(pupil.key, Category.PUPILS, shape=("ENTNouveau",)))
    assert dict(erased.extra) == {}
    assert modified(pupil, Modify(pupil.key, Category.PUPILS)) is pupil
    for wrong in (
        Modify(key("0"), Category.PUPILS),
        Modify(pupil.key, Category.STAFF),
        Modify(pupil.key, Category.PUPILS, FrozenMap({"nothing": "x"})),
    ):
        with pytest.raises(UsageError):
            modified(pupil, wrong)
