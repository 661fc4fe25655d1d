"""One finding: a code of the catalogue, a place and parameters; its text is made when it is shown."""

from __future__ import annotations

from typing import TypeAlias

from attrs import field, frozen

from entformats.frozen import FrozenMap
from entformats.problems.catalogue import Lang, Severity, entry

__all__ = ["Location", "Param", "Problem", "problem"]

Param: TypeAlias = str | int
HIDDEN = "…"


@frozen
class Location:
    """Endroit: where a finding is. Every field is optional; `line` and `column` count from 1, 0 is unknown.

    >>> str(Location("a.xml", line=3, column=7))
    'a.xml:3:7'
    """

    file: str = ""
    line: int = 0
    column: int = 0
    xpath: str = ""
    kind: str = ""
    """Kind of record (`Eleve`, `Cours`)."""
    key: str = ""
    """Identifier of the record in its file; never a name."""
    attribute: str = ""

    def __str__(self) -> str:
        """Give `file:line:column`, then the record.

        >>> str(Location("a.xml", line=3, kind="Eleve", key="310"))
        'a.xml:3 Eleve 310'
        """
        place = self.file + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")
        return " ".join(part for part in (place, self.kind, self.key, self.attribute) if part)


@frozen
class Problem:
    """Anomalie: one finding.

    `code` is stable and never reused; `params` are the values of the message. Equality is by value. `repr` and `str`
    hide the parameters that may identify someone.

    >>> p = problem("io_failed", Location("a.xml", line=7), reason="EIO")
    >>> p.severity, p.where.line
    (<Severity.ERROR: 'error'>, 7)
    >>> p.message("fr")
    "le système n'a pas pu lire ce fichier jusqu'au bout (EIO)"
    """

    code: str
    severity: Severity
    where: Location = Location()
    params: FrozenMap[str, Param] = field(factory=FrozenMap, repr=False)

    @property
    def slug(self) -> str:
        """Nom lisible: the readable alias of the code."""
        return entry(self.code).slug

    def message(self, lang: Lang = "fr", *, show_names: bool = False) -> str:
        """Render the one-line message; private parameters are hidden unless `show_names`."""
        return entry(self.code).text(lang).message.format_map(self.shown(show_names=show_names))

    def shown(self, *, show_names: bool = False) -> FrozenMap[str, Param]:
        """Give the parameters as they may be shown: those that may identify someone are hidden unless `show_names`."""
        known = entry(self.code)
        return FrozenMap(
            (name, HIDDEN if known.params.get(name) == "private" and not show_names else value)
            for name, value in self.params.items()
        )

    def __str__(self) -> str:
        """Give the place, the code and the English message."""
        return f"{self.where}: {self.code} {self.message('en')}".removeprefix(": ")


def problem(slug: str, where: Location = Location(), **params: Param) -> Problem:
    """Make a finding from its slug: the one way in which this library creates a `Problem`.

    The code and the severity come from the catalogue; `params` are exactly those its entry declares.

    >>> problem("io_failed", reason="EIO").code
    'IO-003'
    """
    known = entry(slug)
    assert params.keys() == known.params.keys(), f"{slug} takes {sorted(known.params)}, not {sorted(params)}"
    return Problem(known.code, known.severity, where, FrozenMap(params))
