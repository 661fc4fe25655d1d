"""The attribute table against the classes and the page of the format."""

from __future__ import annotations

import attrs
import pytest

from entformats.aaf import Category, Pupil
from entformats.aaf.convert import empty
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
EVERY = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: str(table.category.value))


@EVERY
def test_the_table_and_the_class_agree(table: Table) -> None:
    """Each attribute has one field, of its type, with the empty value as default; each field has one attribute."""
    fields = {one.name: one for one in attrs.fields(table.record)}
    assert [one.field for one in table.attributes] == [
        name for name in fields if name not in {"shape", "extra"}
    ] or sorted(one.field for one in table.attributes) == sorted(
        name for name in fields if name not in {"shape", "extra"}
    )
    for one in table.attributes:
        assert fields[one.field].type == TYPES[one.type, one.values], one.name
        assert one.type is Type.KEY or fields[one.field].default == empty(one)


@EVERY
def test_the_key_comes_first_and_once(table: Table) -> None:
    """The jointure is the first attribute, mandatory, and the only one of its type."""
    assert [one.field for one in table.attributes if one.type is Type.KEY] == ["key"]
    assert table.attributes[0].mandatory
    assert [one.name for one in attrs.fields(table.record)][-2:] == ["shape", "extra"]


@EVERY
def test_names_are_unique_whatever_their_case(table: Table) -> None:
    """No two attributes of a category differ by their case only: a misspelt one has one meaning."""
    assert len({one.name.lower() for one in table.attributes}) == len(table.attributes)


def test_references_name_their_target() -> None:
    """A plain reference says which category it refers to, and nothing else does."""
    for table in TABLES.values():
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
