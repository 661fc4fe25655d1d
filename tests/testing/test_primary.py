"""The generated école: always the same, of any size, coherent, of the 1er degré only."""

from __future__ import annotations

import hashlib

import pytest

from entformats import aaf
from entformats.identity import Profile
from entformats.testing.school import primary

GOLDEN = "f0b20054061e7786298571e5c2cde2450fb24018bb66ce45ff343797e0826dc1"


def written(directory: aaf.Directory) -> bytes:
    """Write a directory as a delivery of the 1er degré."""
    return b"".join(b"".join(content) for _, content in aaf.write(directory, headers={"degre": "1D"}))


def test_same_seed_gives_the_same_school_on_every_version() -> None:
    """The digest of a small school does not change from one Python, one machine, one run to the next."""
    assert hashlib.sha256(written(primary(3, pupils=10))).hexdigest() == GOLDEN


def test_another_seed_gives_another_school() -> None:
    """The seed decides, and so does the size."""
    assert len({written(primary(seed, pupils=size)) for seed, size in ((3, 10), (4, 10), (3, 11))}) == 3


@pytest.mark.parametrize("pupils", [0, 1, 60, 700])
def test_a_school_of_any_size_is_coherent(pupils: int) -> None:
    """One school; every pupil in one class and with guardians that are there; a teacher a class, one the head."""
    directory = primary(7, pupils=pupils)
    assert len(directory.schools) == 1
    assert len(directory.pupils) == pupils
    assert list(aaf.dangling(directory)) == []
    assert all(len(pupil.classes) == 1 and pupil.relations for pupil in directory.pupils.values())
    assert all(guardian.children for guardian in directory.guardians.values())
    (school,) = directory.schools.values()
    view = directory.school(str(school.uai))
    assert sum(len(one.pupils) for one in view.classes.values()) == pupils
    assert len({one.name for one in view.classes.values()}) == len(view.classes) == len(view.staff)
    heads = [one for one in view.staff.values() if one.director_of]
    assert len(heads) == bool(pupils)
    teachers = directory.identities(school=str(school.uai), profile=Profile.TEACHER)
    assert len(teachers) == len(view.staff)


def test_families_have_several_children() -> None:
    """Siblings share their guardians, and there are children of one parent."""
    directory = primary(7, pupils=60)
    assert {1, 2} <= {len(guardian.children) for guardian in directory.guardians.values()}
    assert {len(pupil.relations) for pupil in directory.pupils.values()} == {1, 2}
    assert {pupil.level_label for pupil in directory.pupils.values()} == {
        *("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
    }
