"""AAF, Annuaire Académique Fédérateur: the deliveries that feed an ENT with schools, pupils, guardians and staff.

Format page: `docs/reference/formats/aaf.md`.
"""

from entformats.aaf.models import Guardian, Mef, Person, Pupil, Record, School, Staff, Subject
from entformats.aaf.table import Category
from entformats.aaf.values import (
    ClassDate,
    ClassRef,
    ClassSubject,
    Coded,
    DeclaredClass,
    DeclaredGroup,
    Function,
    LabelFirst,
    Link,
    MefTaught,
    Relation,
    Responsibility,
    SubjectTaught,
)

__all__ = [
    "Category",
    "ClassDate",
    "ClassRef",
    "ClassSubject",
    "Coded",
    "DeclaredClass",
    "DeclaredGroup",
    "Function",
    "Guardian",
    "LabelFirst",
    "Link",
    "Mef",
    "MefTaught",
    "Person",
    "Pupil",
    "Record",
    "Relation",
    "Responsibility",
    "School",
    "Staff",
    "Subject",
    "SubjectTaught",
]
