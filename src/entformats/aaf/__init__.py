"""AAF, Annuaire Académique Fédérateur: the deliveries that feed an ENT with schools, pupils, guardians and staff."""

from entformats.aaf.codelists import Link, Responsibility
from entformats.aaf.delivery import Delivery, read
from entformats.aaf.directory import Directory, SchoolClass, SchoolGroup, SchoolView
from entformats.aaf.manifest import FileName, Kind, Manifest, PartInfo, parse_name
from entformats.aaf.models import Guardian, Mef, Person, Pupil, Record, School, Staff, Subject
from entformats.aaf.reader import ALL, Scope, iter_records
from entformats.aaf.references import Reference, dangling, references
from entformats.aaf.requests import Add, Delete, Modify, Request
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
    MefTaught,
    Relation,
    SubjectTaught,
)
from entformats.aaf.writer import write

__all__ = [
    "ALL",
    "Add",
    "Category",
    "ClassDate",
    "ClassRef",
    "ClassSubject",
    "Coded",
    "DeclaredClass",
    "DeclaredGroup",
    "Delete",
    "Delivery",
    "Directory",
    "FileName",
    "Function",
    "Guardian",
    "Kind",
    "LabelFirst",
    "Link",
    "Manifest",
    "Mef",
    "MefTaught",
    "Modify",
    "PartInfo",
    "Person",
    "Pupil",
    "Record",
    "Reference",
    "Relation",
    "Request",
    "Responsibility",
    "School",
    "SchoolClass",
    "SchoolGroup",
    "SchoolView",
    "Scope",
    "Staff",
    "Subject",
    "SubjectTaught",
    "dangling",
    "iter_records",
    "parse_name",
    "read",
    "references",
    "write",
]
