"""Pupils and guardians are written in the files of SIECLE, and read back the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given, settings

from entformats import edt
from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Identifier, IdentifierKind, Identity, Profile, Ref
from entformats.testing.strategies.timetables import timetables
from entformats.timetable import (
    ClassPart,
    Guardian,
    GuardianLink,
    Kind,
    Membership,
    OptionGroup,
    Pupil,
    SchoolClass,
    Timetable,
    kind_of,
    ref,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Variant = Callable[..., edt.Export]

FEW = settings(max_examples=settings().max_examples // 4)
STS = "sts_emp emp_sts eleves responsables"
UAI = "0749999S"
FIRST, LAST = date(2022, 9, 1), date(2023, 7, 7)
A, B, PART = ref(Kind.CLASS, "1"), ref(Kind.CLASS, "2"), ref(Kind.PART, "3")
OF_PART, OF_CLASS, LISTED, NAMELESS = (ref(Kind.GROUP, str(number)) for number in range(4, 8))
ZOE = ref(Kind.PUPIL, "31")


def written(timetable: Timetable) -> dict[str, bytes]:
    """Write the files."""
    return {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect="sts")}


def back(timetable: Timetable) -> Timetable:
    """Write, then read."""
    return edt.read(written(timetable)).timetable


def a_school(*memberships: Membership) -> Timetable:
    """Make a school of one pupil."""
    groups = (
        OptionGroup(OF_PART, "G PART", parts=(PART,)),
        OptionGroup(OF_CLASS, "G CLASS", classes=(A,)),
        OptionGroup(LISTED, "G LISTED", pupils=(ref(Kind.PUPIL, "0"),)),
        OptionGroup(NAMELESS, " "),
    )
    zoe = Identity(ZOE, Profile.PUPIL, UAI, "Zoé", "LAC", birth_date=date(2011, 2, 1))
    return Timetable(
        UAI,
        FIRST,
        LAST,
        date(2022, 8, 29),
        classes=FrozenMap({A: SchoolClass(A, "6A"), B: SchoolClass(B, "6B")}),
        class_parts=FrozenMap({PART: ClassPart(PART, A)}),
        option_groups=FrozenMap((one.ref, one) for one in groups),
        pupils=FrozenMap({ZOE: Pupil(zoe, "Feminin", memberships)}),
    )


def only(timetable: Timetable) -> Pupil:
    """Give the one pupil."""
    [pupil] = timetable.pupils.values()
    return pupil


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [("eleves", "31/12/9999", "07/07/2023"), ("eleves", "01/02/2011", "hier")],
        [("eleves", "01/09/2022", "demain"), ("eleves", "<CODE_SEXE>2", "<CODE_SEXE>X")],
        [("eleves", "<TYPE_STRUCTURE>G", "<TYPE_STRUCTURE>Z"), ("eleves", ' ELENOET="5200"', "")],
        [("eleves", "<PRENOM2>", "<PRENOM3>Lou</PRENOM3><PRENOM2>"), ("eleves", "<ELENOET>05200</ELENOET>", "")],
        [("eleves", "<ID_NATIONAL>090412137BB", "<INE_RNIE>1</INE_RNIE><INE_BEA>2</INE_BEA><ID_NATIONAL>3")],
        [("eleves", "<ID_NATIONAL>090412137BB</ID_NATIONAL>", "<ELENOET>361</ELENOET>")],
        [
            (
                "eleves",
                "<CODE_REGIME>0",
                "<SCOLARITE_AN_DERNIER><CODE_MEF>1</CODE_MEF></SCOLARITE_AN_DERNIER><CODE_REGIME>0",
            )
        ],
        [("eleves", "</DONNEES>", '<BOURSES><BOURSE ELEVE_ID="360"><NB_PART>1</NB_PART></BOURSE></BOURSES></DONNEES>')],
        [("eleves", "<ADRESSE_ID>7</ADRESSE_ID>", ""), ("responsables", "<ADRESSE_ID>7", "<ADRESSE_ID>8")],
        [("eleves", "<ANNEE_SCOLAIRE>2022</ANNEE_SCOLAIRE>", ""), ("responsables", "<RESP_LEGAL>2", "<RESP_LEGAL>1")],
        [("responsables", "<ELEVE_ID>360", "<ELEVE_ID>999"), ("eleves", "TERRIER-LAC", "TERRIER")],
    ],
)
def test_the_small_files_there_and_back(variant: Variant, changes: list[tuple[str, str, str]]) -> None:
    """Everything that they say, odd values too, is read again; and the bytes are the same each time."""
    timetable = variant(*changes, only=STS).timetable
    assert back(timetable) == timetable
    assert written(back(timetable)) == written(timetable)


def test_a_lone_file_of_guardians(variant: Variant) -> None:
    """Links with pupils of whom nothing is known are kept."""
    timetable = variant(only="responsables").timetable
    assert list(written(timetable))[1:] == ["ResponsablesAvecAdresses.xml"]
    assert back(timetable).guardians == timetable.guardians


def test_names_of_the_files(variant: Variant) -> None:
    """They tell whether there are addresses; without pupils and guardians there are no such files."""
    assert list(written(variant(only=STS).timetable))[2:] == ["ElevesAvecAdresses.xml", "ResponsablesAvecAdresses.xml"]
    assert list(written(a_school()))[2:] == ["ElevesSansAdresses.xml"]
    assert not [name for name in written(evolve(a_school(), pupils=FrozenMap())) if "Adresses" in name]
    nobody = ref(Kind.GUARDIAN, "8")
    guardians = FrozenMap({nobody: Guardian(Identity(nobody, Profile.GUARDIAN, UAI, "Ana", "LAC"))})
    assert list(written(evolve(a_school(), guardians=guardians)))[3:] == ["ResponsablesSansAdresses.xml"]


HALF = date(2023, 1, 15)
AFTER = HALF + timedelta(days=1)


@pytest.mark.parametrize(
    ("memberships", "homes", "entry", "leaves"),
    [
        ([], ["group:G LISTED"], None, None),
        ([Membership(A)], ["class:6A", "group:G CLASS"], None, None),
        ([Membership(B), Membership(PART)], ["class:6B", "group:G PART"], None, None),
        ([Membership(B), Membership(NAMELESS)], ["class:6B"], None, None),
        ([Membership(A, FIRST, HALF), Membership(B, AFTER, LAST)], ["class:6B"], FIRST, LAST),
        ([Membership(B, FIRST, LAST), Membership(OF_PART)], ["class:6B", "group:G PART"], None, None),
        ([Membership(B, FIRST, LAST), Membership(OF_PART, AFTER)], ["class:6B", "group:G PART"], FIRST, None),
        ([Membership(A, FIRST, HALF), Membership(B, AFTER, HALF)], ["class:6A", "group:G CLASS"], FIRST, HALF),
        ([Membership(B, AFTER, HALF)], ["class:6B"], AFTER, HALF),
        ([Membership(B, weeks=WeekSet.of([3, 4]))], ["class:6B"], date(2022, 9, 12), date(2022, 9, 25)),
        ([Membership(B, weeks=WeekSet.of(range(1, 60)))], ["class:6B"], FIRST, LAST),
        ([Membership(A, weeks=WeekSet()), Membership(B)], ["class:6B"], None, None),
    ],
)
def test_the_stay_of_a_pupil(
    memberships: list[Membership], homes: list[str], entry: date | None, leaves: date | None
) -> None:
    """The structures of the last day, in file order, between the first entry and the exit; lists and parts count."""
    school = a_school(*memberships)
    listed = evolve(school.option_groups[LISTED], pupils=(ZOE,) if not memberships else ())
    again = back(evolve(school, option_groups=FrozenMap({**school.option_groups, LISTED: listed})))
    assert only(again).memberships == tuple(Membership(Ref(home), entry, leaves) for home in homes)


def test_weeks_without_a_calendar() -> None:
    """They cannot be days: the pupil is there all the time."""
    again = back(evolve(a_school(Membership(B, weeks=WeekSet.of([3]))), first_monday=None))
    assert only(again).memberships == (Membership(Ref("class:6B")),)


def test_days_that_changed_since_they_were_read(variant: Variant) -> None:
    """What the pupil's fields say is written, not what the file said before; so for names, numbers and levels."""
    timetable = variant(only=STS).timetable
    name = ref(Kind.PUPIL, "360")
    pupil = timetable.pupils[name]
    moved = tuple(evolve(one, start=HALF, end=LAST) for one in pupil.memberships)
    person = evolve(
        pupil.identity,
        other_given=(),
        birth_date=FIRST,
        identifiers=frozenset({Identifier(IdentifierKind.SIECLE, "360"), Identifier(IdentifierKind.INE, "9")}),
    )
    links = tuple(evolve(link, rank=rank) for link, rank in zip(pupil.guardians, (2, 0, 1), strict=True))
    gone = (GuardianLink(ref(Kind.GUARDIAN, "404"), 1),)
    edited = evolve(pupil, identity=person, sex="", memberships=moved, guardians=(*links, *gone))
    again = back(evolve(timetable, pupils=FrozenMap({**timetable.pupils, name: edited}))).pupils[name]
    assert evolve(again, extra=pupil.extra) == evolve(edited, guardians=links)
    assert not {"DATE_NAISS", "PRENOM2", "CODE_SEXE", "ELENOET"} & again.extra.keys()
    open_ended = evolve(edited, memberships=tuple(evolve(one, start=None, end=None) for one in moved))
    again = back(evolve(timetable, pupils=FrozenMap({**timetable.pupils, name: open_ended}))).pupils[name]
    assert {(one.start, one.end) for one in again.memberships} == {(None, None)}


def numbered(*numbers: tuple[str, list[str]]) -> list[tuple[str, set[str]]]:
    """Write pupils who are named and numbered so; give their `ELEVE_ID` and their numbers, as read."""
    people = {
        ref(Kind.PUPIL, ident): Pupil(
            Identity(
                ref(Kind.PUPIL, ident),
                Profile.PUPIL,
                UAI,
                "Zoé",
                "LAC",
                identifiers=frozenset(Identifier(IdentifierKind.SIECLE, one) for one in known),
            )
        )
        for ident, known in numbers
    }
    read = back(evolve(a_school(), pupils=FrozenMap(people))).pupils
    return [(name.partition(":")[2], {one.value for one in pupil.identity.identifiers}) for name, pupil in read.items()]


def test_numbers_of_pupils() -> None:
    """The number of SIECLE, else that of the file, else the first that is free; never one number for two."""
    assert numbered(("31", []), ("32", ["7"])) == [("31", {"31"}), ("7", {"7"})]
    assert numbered(("7", []), ("32", ["7"])) == [("1", {"1"}), ("7", {"7"})]
    assert numbered(("1", ["1"]), ("2", ["1"])) == [("1", {"1"}), ("2", {"1", "2"})]
    assert numbered(("9", ["7", "8", "9"])) == [("9", {"7", "8", "9"})]
    assert numbered((" ", []), ("1", [])) == [("1", {"1"}), ("2", {"2"})]


@FEW
@given(timetables())
def test_any_pupils_and_guardians(timetable: Timetable) -> None:
    """Names, birth dates, links and classes of the last day are those of the timetable, in its order."""
    again = back(timetable)
    assert [people(one) for one in again.pupils.values()] == [people(one) for one in timetable.pupils.values()]
    names = [(one.identity.family, one.identity.given) for one in timetable.guardians.values()]
    assert [(one.identity.family, one.identity.given) for one in again.guardians.values()] == names
    assert [one.guardians for one in again.pupils.values()] == [one.guardians for one in timetable.pupils.values()]
    for one, other in zip(timetable.pupils.values(), again.pupils.values(), strict=True):
        said = {timetable.keys[home.of] for home in one.memberships if kind_of(home.of) is not Kind.PART}
        read = {again.keys[home.of] for home in other.memberships if kind_of(home.of) is Kind.CLASS}
        assert read <= said
        assert len({(home.start, home.end) for home in other.memberships}) <= 1


def people(pupil: Pupil) -> tuple[object, ...]:
    """Give what is known of a pupil."""
    known = pupil.identity
    sex = {"Feminin": "2", "Masculin": "1"}.get(pupil.sex, pupil.sex)
    return known.given, known.family, known.birth_family, known.birth_date, sex
