"""The table of what each dialect does not carry: true, and on its page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import pytest
from attrs import evolve
from hypothesis import given, settings

from entformats import edt, identity
from entformats import timetable as model
from entformats.edt.carried import NOT_CARRIED
from entformats.frozen import FrozenMap
from entformats.testing import school
from entformats.testing.strategies.timetables import timetables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW = settings(max_examples=settings().max_examples // 5)
DIALECTS = sorted({name for losses in NOT_CARRIED.values() for name in losses})
SAMPLES = {
    "edt": ["edt/college.xml"],
    "sts": [
        "sts/sts_emp_0740000Y_2022.xml",
        "sts/emp_sts_0740000Y_2022.xml",
        "sts/ElevesSansAdresses.xml",
        "sts/Nomenclature.xml",
        "sts/Structures.xml",
    ],
    "udt": ["udt/college"],
}


def walked(value: object) -> Iterator[object]:
    """Give a value and all that it holds."""
    yield value
    kind = type(value)
    if attrs.has(kind):
        for one in attrs.fields(kind):
            yield from walked(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from walked(inner)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for inner in value:
            yield from walked(inner)


def filled(read: model.Timetable, dialect: str) -> set[str]:
    """Give the fields that the table says are never filled by a dialect, and that are."""
    whole = {field for field, losses in NOT_CARRIED.items() if dialect in losses and losses[dialect].whole}
    found: set[str] = set()
    for value in walked(read):
        kind = type(value)
        if attrs.has(kind):
            names = {f"{kind.__name__}.{one.name}" for one in attrs.fields(kind)}
            found |= {name for name in names & whole if getattr(value, name.partition(".")[2])}
    return found


@pytest.mark.parametrize("field", NOT_CARRIED)
def test_the_fields_exist(field: str) -> None:
    """Each row names a field of the model, and each cell a dialect and a reason."""
    owner, _, name = field.partition(".")
    kind = getattr(model, owner, None) or getattr(identity, owner)
    assert name in {one.name for one in attrs.fields(kind)}
    assert NOT_CARRIED[field]
    assert set(NOT_CARRIED[field]) <= set(edt.DIALECTS)
    assert all(loss.reason for loss in NOT_CARRIED[field].values())


@pytest.mark.parametrize("dialect", sorted(SAMPLES))
def test_no_reader_fills_what_is_not_carried(corpus: Callable[[str], Path], dialect: str) -> None:
    """The samples of each program leave those fields empty."""
    paths = [corpus(name) for name in SAMPLES[dialect]]
    export = edt.read(paths if len(paths) > 1 else paths[0], uai=None)
    assert filled(export.timetable, dialect) == set()


@pytest.mark.parametrize("dialect", sorted(SAMPLES))
@FEW
@given(timetables(dated=True).filter(lambda one: one.first_monday is None or one.first_monday.isoweekday() == 1))
def test_nothing_of_it_comes_back(dialect: str, timetable: model.Timetable) -> None:
    """What is written of any timetable and read back leaves them empty too."""
    written = {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect=dialect)}
    assert filled(edt.read(written, uai=timetable.uai).timetable, dialect) == set()


def read_back(timetable: model.Timetable, dialect: str) -> model.Timetable:
    """Write a timetable in a dialect, then read it."""
    written = {name: b"".join(chunks) for name, chunks in edt.write(timetable, dialect=dialect)}
    return edt.read(written, uai=timetable.uai).timetable


@pytest.fixture(scope="module", params=[3, 8])
def original(request: pytest.FixtureRequest) -> model.Timetable:
    """Generate a school."""
    return school.generate(seed=request.param, pupils=24).first


@pytest.fixture(scope="module")
def written_in(original: model.Timetable) -> Mapping[str, model.Timetable]:
    """Write one school in the three dialects, and read it back."""
    return {dialect: read_back(original, dialect) for dialect in edt.DIALECTS}


def names_of(timetable: model.Timetable) -> Mapping[str, str]:
    """Give each reference a name that holds in all dialects: people by name and date, parts by class and groups."""
    named: dict[str, str] = {}
    for people in (timetable.teachers, timetable.staff, timetable.pupils, timetable.guardians):
        for name, one in people.items():
            named[name] = f"{model.kind_of(name)}:{one.identity.source_key}"
    for things in (timetable.subjects, timetable.classes, timetable.option_groups, timetable.rooms):
        named |= {name: str(thing.key) for name, thing in things.items()}
    for name, part in timetable.class_parts.items():
        groups = sorted(named[one.ref] for one in timetable.option_groups.values() if name in one.parts)
        named[name] = f"part:{named[part.school_class]}/{groups}"
    return named


class Comparison:
    """Compares two timetables field by field, but where a dialect of either carries a field in part or not at all."""

    def __init__(self, one: model.Timetable, other: model.Timetable, dialects: set[str]) -> None:
        """Begin with no difference."""
        losses = {field: [rows[name] for name in dialects & rows.keys()] for field, rows in NOT_CARRIED.items()}
        self._lost = {field for field, found in losses.items() if any(loss.whole for loss in found)}
        self._partly = {field for field, found in losses.items() if found} - self._lost
        self._names = names_of(one), names_of(other)
        self.compared: set[str] = set()
        self.different: set[str] = set()
        self._compare(one, other, "")

    def _compare(self, one: object, other: object, field: str) -> None:
        kind = type(one)
        if attrs.has(kind) and type(other) is kind:
            for inner in attrs.fields(kind):
                name = f"{kind.__name__}.{inner.name}"
                if inner.name != "ref" and name not in self._lost:
                    self._compare(getattr(one, inner.name), getattr(other, inner.name), name)
        elif isinstance(one, Mapping) and isinstance(other, Mapping):
            self._compare_entities(one, other, field)
        elif field not in self._partly:
            self.compared.add(field)
            if self._plain(one, 0) != self._plain(other, 1):
                self.different.add(field)

    def _compare_entities(self, one: Mapping[str, object], other: Mapping[str, object], field: str) -> None:
        mine, theirs = (
            {names.get(key, key): value for key, value in rows.items()}
            for names, rows in zip(self._names, (one, other), strict=True)
        )
        if field not in self._partly:
            self.compared.add(field)
            if mine.keys() != theirs.keys():
                self.different.add(field)
        for key in mine.keys() & theirs.keys():
            self._compare(mine[key], theirs[key], field)

    def _plain(self, value: object, side: int) -> object:
        """Give a value without references, and without what is lost inside it."""
        kind = type(value)
        if isinstance(value, str):
            return self._names[side].get(value, str(value))
        if attrs.has(kind):
            names = ((one.name, f"{kind.__name__}.{one.name}") for one in attrs.fields(kind))
            kept = (name for name, full in names if name != "ref" and full not in self._lost | self._partly)
            return [(name, self._plain(getattr(value, name), side)) for name in kept]
        if isinstance(value, Mapping):
            return sorted((key, self._plain(inner, side)) for key, inner in value.items())
        if isinstance(value, Iterable):
            return sorted((self._plain(inner, side) for inner in value), key=repr)
        return value


PAIRS = [("edt", "udt"), ("edt", "sts"), ("sts", "udt")]


@pytest.mark.parametrize("dialect", sorted(edt.DIALECTS))
def test_a_school_comes_back_as_it_was(
    original: model.Timetable, written_in: Mapping[str, model.Timetable], dialect: str
) -> None:
    """Every field of a generated school outside the table is what it was."""
    found = Comparison(original, written_in[dialect], {dialect})
    assert found.different == set()
    assert len(found.compared) > 15


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_school_is_the_same_in_all_dialects(written_in: Mapping[str, model.Timetable], one: str, other: str) -> None:
    """Written in two dialects and read, it is one school, field by field outside the table."""
    found = Comparison(written_in[one], written_in[other], {one, other})
    assert found.different == set()
    assert {"Timetable.rooms", "Timetable.teachers", "Timetable.classes", "Timetable.subjects"} <= found.compared


@pytest.mark.parametrize("dialect", sorted(edt.DIALECTS))
def test_what_is_carried_in_part_says_the_same(
    original: model.Timetable, written_in: Mapping[str, model.Timetable], dialect: str
) -> None:
    """Whoever teaches whom, what, when and where, is the same; services have the same keys; groups the same members."""
    read = written_in[dialect]
    assert taught(read) == taught(original)
    assert services_of(read) >= services_of(original)
    assert members_of(read) == members_of(original)


def taught(timetable: model.Timetable) -> set[tuple[object, ...]]:
    """Give the lessons of a teacher and a class or group, by quarters of an hour: the same however they are cut."""
    names = names_of(timetable)
    return {
        (one.date, minutes, names[one.subjects[0]], names[audience], names[who])
        for one in timetable.lessons()
        if not one.cancelled and one.start and one.end and one.subjects
        for minutes in range(one.start.hour * 60 + one.start.minute, one.end.hour * 60 + one.end.minute, 5)
        for audience in one.of(model.Kind.CLASS) | one.of(model.Kind.GROUP)
        for who in one.of(model.Kind.TEACHER)
    }


def services_of(timetable: model.Timetable) -> set[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Give the keys of services that have teachers, people by their names."""
    people = {timetable.keys[name]: str(one.identity.source_key) for name, one in timetable.teachers.items()}
    return {
        (one.subject, tuple(sorted(people[who] for who in one.teachers)), one.audience)
        for one in timetable.services
        if one.teachers
    }


def members_of(timetable: model.Timetable) -> set[tuple[str, str, str]]:
    """Give who is in which class and group, on some days."""
    groups = timetable.option_groups.values()
    audiences: list[model.SchoolClass | model.OptionGroup] = [*timetable.classes.values(), *groups]
    assert timetable.first_monday is not None
    days = [timetable.first_monday + timedelta(weeks=weeks) for weeks in (5, 20)]
    return {
        (str(day), one.key, str(pupil.identity.source_key))
        for day in days
        for one in audiences
        for pupil in timetable.members(one, on=day)
    }


def told(timetable: model.Timetable) -> Mapping[str, Counter[str]]:
    """Give the values of each field, wherever it is; of what is inside it, how many there are."""
    names, found = names_of(timetable), defaultdict[str, Counter[str]](Counter)
    for value in walked(timetable):
        kind = type(value)
        if attrs.has(kind):
            for one in attrs.fields(kind):
                found[f"{kind.__name__}.{one.name}"][shallow(getattr(value, one.name), names)] += 1
    return found


def shallow(value: object, names: Mapping[str, str]) -> str:
    """Show a value without what is inside the entities that it holds."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Mapping):
        return repr(sorted((names.get(key, str(key)), shallow(inner, names)) for key, inner in value.items()))
    if attrs.has(type(value)):
        return type(value).__name__
    if isinstance(value, Iterable):
        return repr(sorted(shallow(inner, names) for inner in value))
    return repr(value)


def odd_schools() -> list[model.Timetable]:
    """Give schools that say what no sample says: weeks that begin on a Tuesday, nobody to teach."""
    plain = school.generate(seed=3, pupils=24).second
    assert plain.first_monday is not None
    named = {
        name: evolve(one, identity=evolve(one.identity, other_given=("Ana", "Lou", "Zoé")))
        for name, one in plain.pupils.items()
    }
    born = {
        name: evolve(one, identity=evolve(one.identity, birth_date=plain.first_monday))
        for name, one in plain.guardians.items()
    }
    full = evolve(
        plain,
        pupils=FrozenMap(named),
        guardians=FrozenMap(born),
        subjects=FrozenMap((name, evolve(one, code="")) for name, one in plain.subjects.items()),
        rooms=FrozenMap(
            (name, evolve(one, extra=FrozenMap({"Couleur": ("bleu",)}))) for name, one in plain.rooms.items()
        ),
        option_groups=FrozenMap((name, evolve(one, code=f"C{name}")) for name, one in plain.option_groups.items()),
    )
    return [
        full,
        evolve(plain, first_monday=plain.first_monday + timedelta(days=1)),
        evolve(plain, pupils=FrozenMap(), guardians=FrozenMap()),
        evolve(plain, silent_on=frozenset({model.Domain.NAMES, model.Domain.SUBJECTS})),
    ]


@pytest.fixture(scope="module")
def lost_by_sts(corpus: Callable[[str], Path]) -> set[str]:
    """Give the fields that come back different from STS-Web and SIECLE, of samples of each program and odd schools."""
    schools = [edt.read(corpus(name), uai="0740000Y").timetable for name in ("edt/college.xml", "udt/college")]
    schools += [edt.read([corpus(name) for name in SAMPLES["sts"]]).timetable, *odd_schools()]
    found: set[str] = set()
    for one in schools:
        before, after = told(one), told(read_back(one, "sts"))
        found |= {field for field in NOT_CARRIED if before[field] != after[field]}
    return found


def test_what_the_table_says_of_sts_is_lost(lost_by_sts: set[str]) -> None:
    """Each field that it lists, wholly or in part, comes back different from one of them: none that is carried."""
    listed = {field for field, losses in NOT_CARRIED.items() if "sts" in losses}
    assert listed - lost_by_sts == set()
