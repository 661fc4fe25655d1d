"""AAF, Annuaire Académique Fédérateur: the deliveries that feed an ENT with schools, pupils, guardians and staff."""

from entformats.aaf.applied import Applied, apply, replay
from entformats.aaf.checks import check
from entformats.aaf.codelists import Link, Responsibility
from entformats.aaf.degrees import Degree
from entformats.aaf.delivery import Delivery, read
from entformats.aaf.derived import Derived, derive, disagreements
from entformats.aaf.diff import AttributeChange, DirectoryDiff, attribute_changes, compare
from entformats.aaf.directory import Directory, SchoolClass, SchoolGroup, SchoolView
from entformats.aaf.losses import Loss, Move, PopulationChanges, Rekey, Review, review
from entformats.aaf.manifest import ArchiveName, FileName, Kind, Manifest, PartInfo, parse_archive, parse_name
from entformats.aaf.models import Guardian, Mef, Person, Pupil, Record, School, Staff, Subject
from entformats.aaf.modification import modified
from entformats.aaf.reader import iter_records
from entformats.aaf.references import Reference, dangling, references
from entformats.aaf.requests import Add, Delete, Modify, Request
from entformats.aaf.scope import ADDRESSES, ALL, MAILS, PHONES, Scope
from entformats.aaf.successor import Index, Successor
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
    ParentalAuthority,
    PrimaryClassRef,
    Relation,
    SubjectTaught,
)
from entformats.aaf.writer import write, write_delta

__all__ = [
    "ADDRESSES",
    "ALL",
    "MAILS",
    "PHONES",
    "Add",
    "Applied",
    "ArchiveName",
    "AttributeChange",
    "Category",
    "ClassDate",
    "ClassRef",
    "ClassSubject",
    "Coded",
    "DeclaredClass",
    "DeclaredGroup",
    "Degree",
    "Delete",
    "Delivery",
    "Derived",
    "Directory",
    "DirectoryDiff",
    "FileName",
    "Function",
    "Guardian",
    "Index",
    "Kind",
    "LabelFirst",
    "Link",
    "Loss",
    "Manifest",
    "Mef",
    "MefTaught",
    "Modify",
    "Move",
    "ParentalAuthority",
    "PartInfo",
    "Person",
    "PopulationChanges",
    "PrimaryClassRef",
    "Pupil",
    "Record",
    "Reference",
    "Rekey",
    "Relation",
    "Request",
    "Responsibility",
    "Review",
    "School",
    "SchoolClass",
    "SchoolGroup",
    "SchoolView",
    "Scope",
    "Staff",
    "Subject",
    "SubjectTaught",
    "Successor",
    "apply",
    "attribute_changes",
    "check",
    "compare",
    "dangling",
    "derive",
    "disagreements",
    "iter_records",
    "modified",
    "parse_archive",
    "parse_name",
    "read",
    "references",
    "replay",
    "review",
    "write",
    "write_delta",
]
