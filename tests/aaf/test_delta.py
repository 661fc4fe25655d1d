"""Deltas written, read and applied: the property of the format page, and what a delta looks like.

Drawn structures have academies at random, hence `other_academy`.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import attrs
import pytest
from hypothesis import given, settings

from entformats.aaf import (
    Add,
    Degree,
    Delete,
    Delivery,
    Directory,
    DirectoryDiff,
    Modify,
    Pupil,
    Record,
    School,
    Subject,
    apply,
    attribute_changes,
    compare,
    read,
    write,
    write_delta,
)
from entformats.aaf.rows import rows_of
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.testing import school
from entformats.testing.strategies.directories import directory_successions

FEWER = settings(max_examples=settings().max_examples // 2)
SUBJECT_ONLY = Directory.of([Subject(Jointure("9"), label="X")])
"""Something that no drawn directory changes, so that a delta always has a directory to apply to."""


def files(diff: DirectoryDiff, **options: object) -> dict[str, bytes]:
    """Write a delta into memory."""
    return {name: b"".join(content) for name, content in write_delta(diff, **options)}  # type: ignore[arg-type]  # options


def delta(old: Directory, new: Directory, **options: object) -> Delivery:
    """Write and read the delta between two directories."""
    return read(files(compare(old, new), **options))


def records(directory: Directory) -> list[Record]:
    """Give all the records of a directory."""
    return [record for table in directory.tables.values() for record in table.values()]


def with_subject(directory: Directory) -> Directory:
    """Add the subject that is never changed."""
    return Directory.of(
        [record for one in (directory, SUBJECT_ONLY) for table in one.tables.values() for record in table.values()]
    )


@given(directory_successions(2))
def test_a_delta_leads_from_one_directory_to_the_other(pair: tuple[Directory, Directory]) -> None:
    """The delta between two directories, written, read and applied to the first, gives the second, and its own diff."""
    old, new = map(with_subject, pair)
    delivery = delta(old, new, part_size=2)
    applied = apply(old, delivery, other_academy=True)
    assert not delivery.complete
    assert applied.directory == new
    assert applied.changes == compare(old, new)
    assert applied.pending == applied.refused == ()


@FEWER
@given(directory_successions(2, degree=Degree.FIRST))
def test_a_delta_of_the_first_degree(pair: tuple[Directory, Directory]) -> None:
    """The same in the 1er degré, where the header tells the degree of what does not tell its own; whole files too."""
    old, new = map(with_subject, pair)
    headers = {"degre": "1D"}
    assert apply(old, delta(old, new, headers=headers), other_academy=True).directory == new
    assert read({name: b"".join(content) for name, content in write(new, headers=headers)}).directory == new


def test_each_field_has_one_name() -> None:
    """A record keeps the names that it came with, and what only the other degree can say is written with its name."""
    primary = Pupil(Jointure("1"), family="X", shape=("ENTPersonJointure", "ENTPersonNom", "ENTPersonPrenom"))
    mixed = attrs.evolve(primary, shape=(*primary.shape, "sn"), mef=Jointure("10110001110"), cycle="3")
    other = attrs.evolve(primary, shape=("ENTPersonPrenom", "ENTPersonCivilite", "sn"))
    for record, family in ((primary, "ENTPersonNom"), (mixed, "ENTPersonNom"), (other, "sn")):
        names = [one.name for one in rows_of(record)]
        assert [one.name for one in rows_of(record) if one.field == "mef"] == ["ENTEleveMEF"]
        assert len(names) == len(set(names))
        assert family in names
    again = read({name: b"".join(content) for name, content in write(Directory.of([mixed]))}).directory
    pupil = again.pupils[mixed.key]
    assert (pupil.family, pupil.mef, pupil.cycle) == ("X", "10110001110", "3")


@FEWER
@given(directory_successions(2))
def test_the_second_directory_is_written_as_if_it_had_been_delivered_whole(pair: tuple[Directory, Directory]) -> None:
    """What a delta made of a record can be written as a complete delivery, and read back as the same."""
    old, new = map(with_subject, pair)
    applied = apply(old, delta(old, new), other_academy=True).directory
    assert read({name: b"".join(content) for name, content in write(applied)}).directory == new


@FEWER
@given(directory_successions(3))
def test_two_nights_are_one(nights: tuple[Directory, Directory, Directory]) -> None:
    """Two nightly deltas composed are the delta of the whole, which leads from the first directory to the last."""
    a, b, c = map(with_subject, nights)
    first = apply(a, delta(a, b), other_academy=True)
    second = apply(first.directory, delta(b, c), other_academy=True)
    whole = first.changes.compose(second.changes)
    assert whole == compare(a, c)
    assert apply(a, read(files(whole)), other_academy=True).directory == c


@given(directory_successions(2))
def test_the_order_of_the_directories_does_not_count(pair: tuple[Directory, Directory]) -> None:
    """The files of a delta are a function of what differs, not of the order in which records came."""
    old, new = pair
    turned = [Directory.of(reversed(records(one))) for one in pair]
    assert files(compare(old, new)) == files(compare(*turned))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_generated_school(seed: int) -> None:
    """From one school to another one, and back: additions, modifications and deletions in every category."""
    old, new = (school.generate(seed=one, pupils=24).directory for one in (seed, seed + 10))
    applied = apply(old, delta(old, new, exported=date(2024, 9, 17)))
    assert applied.directory == new
    assert applied.until == date(2024, 9, 17)
    back = apply(new, delta(new, old, encoding="utf-8", line_end="\r\n"))
    assert back.directory == old
    assert back.changes == applied.changes.invert()


def test_what_is_drawn_is_not_trivial() -> None:
    """The strategy gives every kind of change, odd values, unknown attributes and erasures."""
    seen: Counter[str] = Counter()

    @settings(max_examples=100)
    @given(directory_successions(2))
    def look(pair: tuple[Directory, Directory]) -> None:
        for diff in compare(*pair).tables.values():
            for before, after in diff.values():
                seen["added"] += before is None
                seen["removed"] += after is None
                for change in attribute_changes(before, after) if before and after else ():
                    seen["unknown"] += not change.field
                    seen["erased"] += change.after in ((), "", None)
                    seen["odd"] += bool(after and change.attribute in after.extra and change.field)
                    seen["by hand"] += bool(after and not after.shape)

    look()
    assert all(seen[kind] >= 5 for kind in ("added", "removed", "unknown", "erased", "odd", "by hand")), seen


PUPIL = Pupil(Jointure("2"), given="Zoé", regime="EXTERNE", mail="a@b.fr")
OLD = Directory.of([PUPIL, Pupil(Jointure("1"))])
NEW = Directory.of([attrs.evolve(PUPIL, regime="INTERNE", mail=""), Pupil(Jointure("3"))])


def test_only_what_changed_is_in_a_delta() -> None:
    """A modification has the changed attributes only, an empty value for the one erased; the rest are key by key."""
    content = files(compare(OLD, NEW), exported=date(2024, 9, 17), prefix="ENT2DVA_", headers={"degre": "2D"})
    assert list(content) == [
        f"ENT2DVA_Delta_20240917_{name}_0000.xml" for name in ("EtabEducNat", "Eleve", "PersRelEleve", "PersEducNat")
    ]
    delivery = read(content)
    assert [type(one) for one in delivery.changes] == [Add, Modify, Delete]
    assert [one.key for one in delivery.changes] == ["3", "2", "1"]
    change = delivery.changes[1]
    assert isinstance(change, Modify)
    assert dict(change.changes) == {"regime": "INTERNE", "mail": ""}
    assert b'<!-- degre="2D" -->' in content["ENT2DVA_Delta_20240917_Eleve_0000.xml"]


def test_the_nomenclatures_come_when_they_changed() -> None:
    """Subjects and MEF have no file in a delta that does not touch them; parts are numbered."""
    subjects = Directory.of([Subject(Jointure(str(number)), label="X") for number in range(3)])
    names = list(files(compare(Directory(), subjects), part_size=2))
    assert names[-2:] == ["ENT_Delta_MatiereEducNat_0000.xml", "ENT_Delta_MatiereEducNat_0001.xml"]
    assert len(files(DirectoryDiff())) == 4
    assert not apply(SUBJECT_ONLY, read(files(DirectoryDiff()))).changes


def test_a_field_changed_by_hand_wins_over_what_was_delivered() -> None:
    """The texts of `extra` that say something else are left behind; what has no name cannot be asked for."""
    odd = attrs.evolve(PUPIL, regime="", extra=FrozenMap({"ENTEleveRegime": ("A", "B"), "": ("lost",)}))
    corrected = attrs.evolve(odd, regime="INTERNE")
    after = apply(Directory.of([odd]), delta(Directory.of([odd]), Directory.of([corrected]))).directory
    assert after.pupils[PUPIL.key].regime == "INTERNE"
    assert dict(after.pupils[PUPIL.key].extra) == {"": ("lost",)}
    nameless = attrs.evolve(odd, extra=FrozenMap({"ENTEleveRegime": ("A", "B")}))
    assert delta(Directory.of([odd]), Directory.of([nameless])).changes == ()


@pytest.mark.parametrize(
    "record", [Subject(Jointure("1"), label="\x00"), School(Jointure("1"), extra=FrozenMap({"\x00": ("a",)}))]
)
def test_what_the_format_cannot_say_is_refused(record: Record) -> None:
    """In an addition as in a modification."""
    empty = type(record)(record.key)
    for old in (Directory(), Directory.of([empty])):
        with pytest.raises(UsageError):
            files(compare(old, Directory.of([record])))
    with pytest.raises(UsageError):
        files(DirectoryDiff(), part_size=0)
