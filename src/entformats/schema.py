"""The schemas published with the library: the grammars of its formats, for other tools.

They are files of the folder `schemas/` of the sources, which an installed package holds as `entformats/schemas/`.
Reading does not need them: they serve to check what is written, and to describe the formats to others.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from entformats.errors import UsageError

__all__ = ["names", "read", "text", "title"]

SUFFIXES: Final = (".dtd", ".json", ".xsd")
_TOLD: Final = re.compile(r"<xs:documentation xml:lang=\"fr\">(.*?)</xs:documentation>|<!--(.*?)-->", re.DOTALL)
_FIRST: Final = re.compile(r"(.*?)(?: :|\.(?:\s|$)| \((?:aaf|edt|pronote|sts|udt) [0-9])", re.DOTALL)
"""What a schema says first of itself: up to a colon, a full stop or the sections that it cites."""


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


def text(name: str) -> str:
    """Lire un schéma comme un texte. Raises `UsageError` when no schema has this name.

    >>> text("edt.xsd").splitlines()[0]
    '<?xml version="1.0" encoding="UTF-8"?>'
    """
    return read(name).decode("utf-8")


def title(name: str) -> str:
    """Donner le titre d'un schéma, in French: what it is the grammar of. Raises `UsageError` as `read` does.

    >>> title("emp-sts.xsd")
    'Fichier emp_sts, qui monte vers STS-Web (racine EDT_STS)'
    """
    content = text(name)
    if name.endswith(".json"):
        return str(json.loads(content)["title"])
    told = _TOLD.search(content)
    words = " ".join((told[1] or told[2]).split()) if told else name
    first = _FIRST.match(words)
    return first[1] if first else words


def folder(package: Traversable) -> Traversable:
    """Give the folder of the schemas: inside an installed package, else beside its sources."""
    inside = package.joinpath("schemas")
    return inside if inside.is_dir() else Path(str(package)).parents[1] / "schemas"
