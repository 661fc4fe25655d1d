"""AAF, Annuaire Académique Fédérateur: the deliveries that feed an ENT with schools, pupils, guardians and staff."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from entformats.aaf.codelists import Link, Responsibility
from entformats.aaf.degrees import Degree
from entformats.aaf.manifest import ArchiveName, FileName, Kind, Manifest, PartInfo, parse_archive, parse_name
from entformats.aaf.models import Guardian, Mef, Person, Pupil, Record, School, Staff, Subject
from entformats.aaf.reader import iter_records
from entformats.aaf.requests import Add, Delete, Modify, Request
from entformats.aaf.scope import ADDRESSES, ALL, MAILS, PHONES, Scope
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

if TYPE_CHECKING:
    from entformats.aaf.applied import Applied, apply, replay
    from entformats.aaf.checks import check
    from entformats.aaf.delivery import Delivery, read
    from entformats.aaf.derived import Derived, derive, disagreements
    from entformats.aaf.diff import AttributeChange, DirectoryDiff, attribute_changes, compare
    from entformats.aaf.directory import Directory, SchoolClass, SchoolGroup, SchoolView
    from entformats.aaf.losses import Loss, Move, PopulationChanges, Rekey, Review, review
    from entformats.aaf.modification import modified
    from entformats.aaf.reference import Reference, dangling, references
    from entformats.aaf.successor import Index, Successor
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

_LATER: Final = {
    "applied": ("Applied", "apply", "replay"),
    "checks": ("check",),
    "delivery": ("Delivery", "read"),
    "derived": ("Derived", "derive", "disagreements"),
    "diff": ("AttributeChange", "DirectoryDiff", "attribute_changes", "compare"),
    "directory": ("Directory", "SchoolClass", "SchoolGroup", "SchoolView"),
    "losses": ("Loss", "Move", "PopulationChanges", "Rekey", "Review", "review"),
    "modification": ("modified",),
    "reference": ("Reference", "dangling", "references"),
    "successor": ("Index", "Successor"),
    "writer": ("write", "write_delta"),
}


def __getattr__(name: str) -> object:
    """Load what reading one file does not need only when it is asked for: starting takes half as long."""
    for module, names in _LATER.items():
        if name in names:
            found: object = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
