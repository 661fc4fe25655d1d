"""What reading a timetable export gives, whatever the program it came from."""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from entformats.problems import Report
from entformats.timetable import Timetable

__all__ = ["Export"]


@frozen(repr=False)
class Export:
    """Export d'emploi du temps: the timetable of one file, and what was found while reading it.

    `dialect` is the name of the reader: `edt` for Index Éducation. `software` is the program that wrote the file, as it
    names itself; empty where the file does not say (an EDT export in clear never does). Whoever imports looks at
    `report.worst` first: an error means that part of the timetable, or all of it, cannot be used (edt 7.1).

    >>> Export("edt", Timetable("0749999S"))
    <Export edt 0749999S>
    """

    dialect: str
    timetable: Timetable
    report: Report = field(factory=Report)
    software: str = ""
    produced_at: datetime | None = None
    """When it was made, where the file says: an EDT export on its encrypted envelope only, SIECLE and the name
    of an archive of UDT as a wall time."""

    def __repr__(self) -> str:
        """Show the dialect and the school."""
        return f"<Export {self.dialect} {self.timetable.uai}>"
