"""What the stages of the XML door share: the file's name, the place reached, and where findings go."""

from __future__ import annotations

from entformats.errors import LimitExceeded, UnreadableInput, WrongFormat
from entformats.limits import Limits
from entformats.problems import Findings, Location, Param, problem

__all__ = ["Context"]


class Context:
    """Contexte de lecture d'un fichier XML. `line` is the line on which the next piece begins."""

    __slots__ = ("encoding", "file", "findings", "limits", "line")

    def __init__(self, file: str, limits: Limits, findings: Findings) -> None:
        self.file = file
        self.limits = limits
        self.findings = findings
        self.line = 1
        self.encoding = "us-ascii"

    def at(self, piece: bytes, position: int) -> Location:
        """Give the place of a position in the piece being handled."""
        start = piece.rfind(b"\n", 0, position) + 1
        column = len(piece[start:position].decode("utf-8", "replace")) + 1
        return Location(self.file, line=self.line + piece.count(b"\n", 0, position), column=column)

    def found(self, slug: str, where: Location, **params: Param) -> None:
        """Report a finding."""
        self.findings.found(slug, where, **params)

    def error(self, slug: str, where: Location, **params: Param) -> UnreadableInput:
        """Make the error that stops the reading."""
        return UnreadableInput(problem(slug, where, **params))

    def wrong(self, slug: str, where: Location, **params: Param) -> WrongFormat:
        """Make the error of a file that is not what was asked for."""
        return WrongFormat(problem(slug, where, **params))

    def exceeded(self, slug: str, line: int, limit: int) -> LimitExceeded:
        """Make the error of a limit passed."""
        return LimitExceeded(problem(slug, Location(self.file, line=line), limit=limit))
