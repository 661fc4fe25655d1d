"""The exception family: what this library raises, and nothing else.

```text
EntFormatsError
├── UnreadableInput        the input cannot be read further; carries its catalogued Problem
│   ├── WrongFormat        readable, but not the format that was asked for
│   ├── Encrypted          an encrypted container, and no key was given
│   └── LimitExceeded      hostile or absurd size, depth or ratio
├── InvalidValue           a text that is no valid code (also a ValueError)
└── UsageError             the caller's own mistake
    ├── MissingExtra       an optional dependency is not installed
    └── StalePreview       another import was validated meanwhile
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entformats.problems import Problem

__all__ = [
    "Encrypted",
    "EntFormatsError",
    "InvalidValue",
    "LimitExceeded",
    "MissingExtra",
    "StalePreview",
    "UnreadableInput",
    "UsageError",
    "WrongFormat",
]


class EntFormatsError(Exception):
    """Base of every error raised here; never raised itself."""


class UnreadableInput(EntFormatsError):
    """Fichier illisible: reading stops here; what was yielded before stands.

    `problem` is the catalogued finding: code, place, parameters.
    """

    def __init__(self, problem: Problem) -> None:
        """Carry `problem`; the message is its English rendering, without personal data."""
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        """Give the place and the English message of the problem."""
        return str(self.problem)


class WrongFormat(UnreadableInput):
    """Mauvais format: the input is well-formed but is not what was asked for."""


class Encrypted(UnreadableInput):
    """Export chiffré: the input is an encrypted container and no key was given."""


class LimitExceeded(UnreadableInput):
    """Limite dépassée: the input is larger or deeper than `Limits` allows."""


class InvalidValue(EntFormatsError, ValueError):
    """Valeur invalide: a text is not a valid code, key or set."""


class UsageError(EntFormatsError):
    """Erreur d'emploi: the caller asked for something that cannot be."""


class MissingExtra(UsageError):
    """Extra absent: an optional dependency is needed; the message names the extra."""

    def __init__(self, extra: str) -> None:
        """Name the extra to install."""
        super().__init__(f"this needs an optional dependency: pip install 'entformats[{extra}]'")
        self.extra = extra

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str]]:
        """Pickle by the extra's name, not by the message."""
        return type(self), (self.extra,)


class StalePreview(UsageError):
    """Aperçu périmé: another import was validated since this preview was prepared; prepare again."""
