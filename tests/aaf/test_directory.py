"""The directory: tables, views of a school, identities."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from entformats.aaf import (
    Category,
    ClassRef,
    ClassSubject,
    DeclaredClass,
    DeclaredGroup,
    Directory,
    Function,
    Guardian,
    Pupil,
    Relation,
    School,
    Staff,
    Subject,
    read,
)
from entformats.aaf.directory import schools_of
from entformats.codes import uai
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.frozen import FrozenMap
from entformats.identity import Identifier, IdentifierKind, Profile

HOME = Jointure("61001")
ALIAS = Jointure("61002")
OTHER = Jointure("61009")
UAI = "0749999S"


def keys(*texts: str) -> frozenset[Jointure]:
    """Make a set of keys."""
    return frozenset(map(Jointure, texts))


@pytest.fixture(scope="module")
def directory() -> Directory:
    """A school with two identifiers, its people, and people of elsewhere."""
    return Directory.of(
        [
            School(ALIAS, uai.parse(UAI), name="CLG-BIS-ac-GRENOBLE", classes=(DeclaredClass("6A", "autre"),)),
            School(
                HOME,
                uai.parse(UAI),
                name="CLG$JULES FICTIF$VALFICTIF",
                classes=(DeclaredClass("6A", "SIXIEME A", (Jointure("10010012110"),)), DeclaredClass("6C")),
                groups=(DeclaredGroup("6A_G1", "GROUPE 1", ("6A",)),),
            ),
            School(OTHER, name="SEUL"),
            Pupil(
                Jointure("1"),
                ine="120000001FH",
                siecle_number="1735",
                birth_date=date(2012, 2, 29),
                birth_family="AUBREPIN",
                family="D'AUBREPIN",
                given="Maïwenn",
                other_given=("Maïwenn", "Zoé"),
                school=HOME,
                classes=(ClassRef(HOME, "6A"), ClassRef(OTHER, "3X")),
                groups=(ClassRef(HOME, "6A_G1"),),
                relations=(Relation(Jointure("34"), "10"), Relation(Jointure("404"), "20")),
            ),
            Pupil(Jointure("2"), school=ALIAS, classes=(ClassRef(ALIAS, "6B"),)),
            Pupil(Jointure("3"), school=OTHER, relations=(Relation(Jointure("36"), "10"),)),
            Guardian(Jointure("34"), family="D'AUBREPIN"),
            Guardian(Jointure("35"), children=(Jointure("2"),)),
            Guardian(Jointure("36")),
            Staff(Jointure("20"), school=HOME, sts_ids=("EPP:12",)),
            Staff(Jointure("21"), functions=(Function(ALIAS, "DOC"),)),
            Staff(Jointure("22"), functions=(Function(HOME, "-"),), school=OTHER),
            Staff(Jointure("23"), class_subjects=(ClassSubject(HOME, "6B", Jointure("020700")),), is_teacher=True),
            Staff(Jointure("24"), group_subjects=(ClassSubject(HOME, "6LATIN"),), faces_pupils=True),
            Staff(Jointure("25"), head_teacher_of=(ClassRef(HOME, "6A"),)),
            Staff(Jointure("26"), director_of=(HOME,), is_teacher=False, functions=(Function(HOME, "ENS"),)),
            Staff(Jointure("27"), classes=(ClassRef(HOME, "6A"),), groups=(ClassRef(HOME, "6A_G1"),)),
        ]
    )


def test_an_empty_directory() -> None:
    """The empty directory is a value, equal to any other empty one."""
    assert Directory() == Directory.of([])
    assert all(len(table) == 0 for table in Directory().tables.values())
    assert set(Directory().tables) == set(Category)


def test_a_school_and_its_people(directory: Directory) -> None:
    """Both identifiers of one UAI are one school; staff belong by attachment, function, class, group or direction."""
    view = directory.school(UAI)
    assert view.school.key == HOME
    assert view.keys == {HOME, ALIAS}
    assert list(view.pupils) == ["1", "2"]
    assert list(view.guardians) == ["34", "35"]
    assert list(view.staff) == ["20", "21", "23", "24", "25", "26", "27"]
    assert UAI in repr(view)
    assert "AUBREPIN" not in repr(view) + repr(directory)


def test_classes_and_groups_of_a_school(directory: Directory) -> None:
    """A class is what is declared, attended or taught; its members are those of the school."""
    view = directory.school(UAI)
    assert {one.name: (one.label, one.pupils, one.staff) for one in view.classes.values()} == {
        "6A": ("SIXIEME A", keys("1"), keys("25", "27")),
        "6B": ("", keys("2"), keys("23")),
        "6C": ("", keys(), keys()),
    }
    assert view.classes["6A"].mefs == ("10010012110",)
    assert {one.name: (one.label, one.classes, one.pupils, one.staff) for one in view.groups.values()} == {
        "6A_G1": ("GROUPE 1", ("6A",), keys("1"), keys("27")),
        "6LATIN": ("", (), keys(), keys("24")),
    }


def test_structures_of_a_person(directory: Directory) -> None:
    """A pupil belongs where he is attached and where he has a class; a function `-` gives nothing."""
    assert schools_of(directory.pupils[Jointure("1")]) == {HOME, OTHER}
    assert schools_of(directory.staff[Jointure("22")]) == {OTHER}


def test_an_unknown_school_is_the_caller_s_mistake(directory: Directory) -> None:
    """No structure with this UAI: `UsageError`, which names it."""
    with pytest.raises(UsageError, match="0000000A"):
        directory.school("0000000A")
    with pytest.raises(UsageError):
        directory.identities(school="0000000A")


def test_identities_of_a_school(directory: Directory) -> None:
    """People as the matcher wants them: profiles by the teacher test, names, identifiers."""
    found = directory.identities(school=UAI)
    assert [(one.profile.value, one.ref) for one in found] == [
        ("pupil", "1"),
        ("pupil", "2"),
        ("guardian", "34"),
        ("guardian", "35"),
        ("teacher", "21"),
        ("teacher", "23"),
        ("teacher", "24"),
        ("staff", "20"),
        ("staff", "25"),
        ("staff", "26"),
        ("staff", "27"),
    ]
    pupil = found[0]
    assert (pupil.given, pupil.family, pupil.birth_family) == ("Maïwenn", "D'AUBREPIN", "AUBREPIN")
    assert (pupil.other_given, pupil.birth_date, pupil.school) == (("Maïwenn", "Zoé"), date(2012, 2, 29), UAI)
    assert pupil.identifiers == {
        Identifier(IdentifierKind.JOINTURE, "1"),
        Identifier(IdentifierKind.INE, "120000001FH"),
        Identifier(IdentifierKind.SIECLE, "1735"),
    }
    (clerk,) = (one for one in found if one.ref == "20")
    assert Identifier(IdentifierKind.STS, "EPP:12") in clerk.identifiers


@pytest.mark.parametrize(
    ("profile", "count"), [(Profile.PUPIL, 2), (Profile.GUARDIAN, 2), (Profile.TEACHER, 3), (Profile.STAFF, 4)]
)
def test_identities_of_one_profile(directory: Directory, profile: Profile, count: int) -> None:
    """A profile may be asked for alone."""
    found = directory.identities(school=UAI, profile=profile)
    assert len(found) == count
    assert {one.profile for one in found} == {profile}


def test_a_directory_is_a_value(directory: Directory) -> None:
    """Asking questions changes nothing: still equal to its pickled self, hashable, and free of order."""
    directory.school(UAI)
    again = pickle.loads(pickle.dumps(directory))  # noqa: S301 - our own bytes
    assert (
        again
        == directory
        == Directory.of(record for table in [*directory.tables.values()][::-1] for record in table.values())
    )
    assert hash(again) == hash(directory)
    assert again.school(UAI) == directory.school(UAI)


def test_tables_hold_their_own_category() -> None:
    """A record in the table of another category is the caller's mistake."""
    subject = Subject(Jointure("030201"))
    with pytest.raises(UsageError):
        Directory.from_tables({Category.PUPILS: {subject.key: subject}})
    assert len(Directory.from_tables({Category.SUBJECTS: FrozenMap({subject.key: subject})}).subjects) == 1


def test_names_of_schools(directory: Directory) -> None:
    """The usual name is the second part, in both forms; a name of one part is itself."""
    assert [directory.schools[key].usual_name for key in (HOME, ALIAS, OTHER)] == ["JULES FICTIF", "BIS", "SEUL"]


def test_schools_of_the_corpus(corpus: Callable[[str], Path]) -> None:
    """Every pupil of the sample delivery is in exactly one school; every relation of his leads to a guardian of it."""
    directory = read(corpus("aaf")).directory
    views = [directory.school(str(school.uai)) for school in directory.schools.values()]
    assert sum(len(view.pupils) for view in views) == 300
    for view in views:
        assert {relation.person for pupil in view.pupils.values() for relation in pupil.relations} == set(
            view.guardians
        )
        assert {name for pupil in view.pupils.values() for name in [ref.name for ref in pupil.classes]} <= set(
            view.classes
        )
