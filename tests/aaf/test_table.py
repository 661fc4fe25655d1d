"""The attribute table against the classes and the page of the format."""

from __future__ import annotations

import attrs
import pytest

from entformats.aaf import Category, Pupil
from entformats.aaf.convert import empty
from entformats.aaf.degrees import ATTRIBUTES, Degree, table_of
from entformats.aaf.table import CATEGORIES, TABLES, Table, Type, Values
from entformats.codes.jointure import Jointure

TYPES = {
    (Type.KEY, Values.ONE): "Jointure",
    (Type.TEXT, Values.ONE): "str",
    (Type.TEXT, Values.MANY): "tuple[str, ...]",
    (Type.TEXT, Values.LIST): "tuple[str, ...]",
    (Type.DATE, Values.ONE): "date | None",
    (Type.BOOL, Values.ONE): "bool | None",
    (Type.UAI, Values.ONE): "Uai | None",
    (Type.REF, Values.ONE): "Jointure | None",
    (Type.REF, Values.MANY): "tuple[Jointure, ...]",
    (Type.REF, Values.LIST): "tuple[Jointure, ...]",
    (Type.LINES, Values.ONE): "tuple[str, ...]",
    (Type.CLASS, Values.MANY): "tuple[ClassRef, ...]",
    (Type.PRIMARY_CLASS, Values.MANY): "tuple[ClassRef, ...]",
    (Type.AUTHORITY, Values.MANY): "tuple[Relation, ...]",
    (Type.CLASS_SUBJECT, Values.MANY): "tuple[ClassSubject, ...]",
    (Type.CLASS_DATE, Values.MANY): "tuple[ClassDate, ...]",
    (Type.MEF_TAUGHT, Values.MANY): "tuple[MefTaught, ...]",
    (Type.SUBJECT_TAUGHT, Values.MANY): "tuple[SubjectTaught, ...]",
    (Type.FUNCTION, Values.MANY): "tuple[Function, ...]",
    (Type.RELATION, Values.MANY): "tuple[Relation, ...]",
    (Type.CODED, Values.ONE): "Coded | None",
    (Type.CODED, Values.MANY): "tuple[Coded, ...]",
    (Type.LABEL_FIRST, Values.ONE): "LabelFirst | None",
    (Type.DECLARED_CLASS, Values.MANY): "tuple[DeclaredClass, ...]",
    (Type.DECLARED_GROUP, Values.MANY): "tuple[DeclaredGroup, ...]",
}
ROWS = [(category, degree) for category in Category for degree in Degree]
EVERY = pytest.mark.parametrize("table", [table_of(*row) for row in ROWS], ids=[" ".join(row) for row in ROWS])


@EVERY
def test_the_table_and_the_class_agree(table: Table) -> None:
    """Each attribute has one field of its own, of its type, with the empty value as default."""
    fields = {one.name: one for one in attrs.fields(table.record)}
    assert len({one.field for one in table.attributes}) == len(table.attributes)
    for one in table.attributes:
        kind = str(fields[one.field].type).replace("ClassRef | PrimaryClassRef", "ClassRef")
        assert kind == TYPES[one.type, one.values], one.name
        assert one.type is Type.KEY or fields[one.field].default == empty(one)


@pytest.mark.parametrize("category", list(Category))
def test_every_field_is_an_attribute(category: Category) -> None:
    """Each field has one attribute, in one degree or in both."""
    tables = [table_of(category, degree) for degree in Degree]
    names = {one.name for one in attrs.fields(tables[0].record)}
    assert {one.field for table in tables for one in table.attributes} == names - {"shape", "extra"}


@pytest.mark.parametrize("category", list(Category))
def test_both_degrees_demand_the_same(category: Category) -> None:
    """The fields that must be filled are the same in both degrees, whatever the names of their attributes."""
    first, second = ({one.field: one.mark for one in table_of(category, d).attributes if one.mandatory} for d in Degree)
    assert first == second


@EVERY
def test_the_key_comes_first_and_once(table: Table) -> None:
    """The jointure is the first attribute, mandatory, and the only one of its type."""
    assert [one.field for one in table.attributes if one.type is Type.KEY] == ["key"]
    assert table.attributes[0].mandatory
    assert [one.name for one in attrs.fields(table.record)][-2:] == ["shape", "extra"]


@pytest.mark.parametrize(("category", "degree"), ROWS)
def test_names_are_unique_whatever_their_case(category: Category, degree: Degree) -> None:
    """No two attributes of a category differ by their case only, both degrees together: one meaning a spelling."""
    known = ATTRIBUTES[category, degree]
    assert len({name.lower() for name in known}) == len(known)
    assert set(known) == {one.name for each in Degree for one in table_of(category, each).attributes}


def test_references_name_their_target() -> None:
    """A plain reference says which category it refers to, and nothing else does."""
    for table in (table_of(*row) for row in ROWS):
        assert all((one.type is Type.REF) == (one.target is not None) for one in table.attributes)


def test_every_category_has_a_table_and_an_operational_value() -> None:
    """The six categories, and the spellings met of their operational values."""
    assert set(TABLES) == set(Category)
    assert {value: category.name for value, category in CATEGORIES.items()} == {
        "EtabEducNat": "SCHOOLS",
        "Eleve": "PUPILS",
        "PersRelEleve": "GUARDIANS",
        "PersEducNat": "STAFF",
        "MatEducNat": "SUBJECTS",
        "MatiereEducNat": "SUBJECTS",
        "Matiere": "SUBJECTS",
        "MefEducNat": "MEFS",
        "Mef": "MEFS",
    }
    assert Category.of(Pupil(Jointure("1"))) is Category.PUPILS


def test_old_attributes_are_those_derived_from_the_relations() -> None:
    """The eight old attributes of pupils are marked, and no other."""
    old = [one.name for table in TABLES.values() for one in table.attributes if one.deprecated]
    assert len(old) == 8
    assert all(name.startswith("ENTEleve") for name in old)
