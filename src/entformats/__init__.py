"""Read the files that feed a French ENT and apply the rules an ENT applies to them."""

from typing import TYPE_CHECKING

from entformats._files import Source
from entformats.identify import FileKind, Format, identify
from entformats.limits import Limits
from entformats.problems import Problem, Report, Severity

if TYPE_CHECKING:
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


def __getattr__(name: str) -> object:
    """Load what reads every format, and what checks it, only when it is asked for: who needs one format loads one."""
    if name in {"Reading", "read"}:
        from entformats import reading  # noqa: PLC0415 - see above

        return getattr(reading, name)
    if name == "check":
        from entformats.validation import check  # noqa: PLC0415 - see above

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
