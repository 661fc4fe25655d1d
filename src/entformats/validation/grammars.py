"""Structure: a document against the published schema of its format, by libxml2, on the way.

libxml2 keeps what a schema wants unique until the end of the document: for AAF about five times its size, so a check
compares the beginning of long documents only.

For a small file and a person, `explained` says more of the same departures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from entformats._xml.grammar import departures
from entformats.frozen import FrozenMap
from entformats.identify import FileKind, Format
from entformats.limits import Limits
from entformats.problems import Report

__all__ = ["GRAMMARS", "grammar_of", "structure"]

_FILES: Final = {
    Format.AAF: {"": "aaf.xsd", "1d": "aaf.xsd", "2d": "aaf.xsd", "gpei": "aaf.xsd"},
    Format.EDT: {"export": "edt.xsd", "envelope": "edt-container.xsd", "table": "edt-table.xsd"},
    Format.UDT: dict.fromkeys(
        (
            *("parameters", "weeks", "rooms", "teachers", "subjects", "slots", "classes", "pupils", "groups"),
            *("groupings", "memberships", "co_teaching", "positions", "lessons", "calendar"),
        ),
        "udt.xsd",
    ),
    Format.STS: {"sts_emp": "sts-emp.xsd", "emp_sts": "emp-sts.xsd"},
    Format.SIECLE: {name: f"siecle-{name}.xsd" for name in ("eleves", "responsables", "nomenclatures", "structures")},
    Format.PRONOTE: {
        "reconciliation": "pronote-reconciliation.xsd",
        "import_envelope": "pronote-container.xsd",
        "feed": "pronote-feed.xsd",
        "identifiers_xml": "pronote-identifiers.xsd",
        "identifiers_table": "pronote-identifiers.xsd",
        "people_table": "pronote-export.xsd",
    },
}
GRAMMARS: Final[Mapping[tuple[Format, str], str]] = FrozenMap(
    ((known, dialect), name) for known, dialects in _FILES.items() for dialect, name in dialects.items()
)
"""Format and dialect, as `identify` gives them -> the schema of such a document."""


def grammar_of(kind: FileKind) -> str | None:
    """Nommer le schéma d'un document, by what `identify` says of it; None when there is none, as for a table in text.

    >>> from entformats import identify
    >>> grammar_of(identify(b"<STS_EDT/>"))
    'sts-emp.xsd'
    """
    return None if kind.container else GRAMMARS.get((kind.format, kind.dialect))


def structure(
    chunks: Iterable[bytes],
    grammar: str,
    *,
    file: str = "",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    keys: bool = True,
) -> Report:
    """Comparer un document à la grammaire de son format, as it streams, lines exact.

    Without `keys`, nothing is said of keys that should be unique, and memory does not grow with the file: with them it
    grows by about five kilobytes a record of AAF, the only schema that has any.

    Every departure is a warning: genuine exports depart from the grammar of their own publisher, and are read all the
    same (edt 2). Counts are exact up to a thousand departures, where validation stops.

    Problems: `structure_root`, `structure_element`, `structure_surplus`, `structure_incomplete`, `structure_attribute`,
    `structure_attribute_missing`, `structure_text`, `structure_children`, `structure_value`, `structure_repeated`,
    `structure_stopped`. Raises UnreadableInput for what is no XML or passes a limit, and UsageError when no schema is
    called `grammar`.

    >>> report = structure([b'<TABLE nom="Cours">', b"<Cours><JOUR>hier</JOUR></Cours></TABLE>"], "edt-table.xsd")
    >>> [str(found.where) for found in report.problems], report.problems[0].params["name"]
    ([':1'], 'JOUR')
    """
    return Report.of(departures(chunks, grammar, file=file, limits=limits, keys=keys))
