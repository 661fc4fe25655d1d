"""The schemas published with the library: the grammars of its formats, for other tools.

They are files of the folder `schemas/` of the sources, which an installed package holds as `entformats/schemas/`.
Reading does not need them: they serve to check what is written, and to describe the formats to others.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from entformats.errors import UsageError

__all__ = ["names", "read"]

SUFFIXES: Final = (".dtd", ".json", ".xsd")


def names() -> tuple[str, ...]:
    """Donner le nom de chaque schéma, in order.

    >>> names()[:2]
    ('aaf.dtd', 'aaf.xsd')
    """
    return tuple(sorted(one.name for one in folder(files("entformats")).iterdir() if one.name.endswith(SUFFIXES)))


def read(name: str) -> bytes:
    """Lire un schéma, as it was published. Raises `UsageError` when no schema has this name.

    >>> read("aaf.xsd").startswith(b"<?xml")
    True
    """
    if name not in names():
        message = f"no schema is called {name!r}: there are {', '.join(names())}"
        raise UsageError(message)
    return folder(files("entformats")).joinpath(name).read_bytes()


def folder(package: Traversable) -> Traversable:
    """Give the folder of the schemas: inside an installed package, else beside its sources."""
    inside = package.joinpath("schemas")
    return inside if inside.is_dir() else Path(str(package)).parents[1] / "schemas"
