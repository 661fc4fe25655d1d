"""Read the files that feed a French ENT and apply the rules an ENT applies to them."""

from entformats.identify import FileKind, Format, identify
from entformats.limits import Limits
from entformats.problems import Problem, Report, Severity
from entformats.reading import Reading, read

__all__ = ["FileKind", "Format", "Limits", "Problem", "Reading", "Report", "Severity", "identify", "read"]

__version__ = "0.1.0"
