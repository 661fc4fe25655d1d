"""Read the files that feed a French ENT and apply the rules an ENT applies to them."""

from entformats._files import Source
from entformats.identify import FileKind, Format, identify
from entformats.limits import Limits
from entformats.problems import Problem, Report, Severity
from entformats.reading import Reading, read
from entformats.validation import check

__all__ = [
    "FileKind",
    "Format",
    "Limits",
    "Problem",
    "Reading",
    "Report",
    "Severity",
    "Source",
    "check",
    "identify",
    "read",
]

__version__ = "0.1.0"
