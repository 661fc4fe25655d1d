"""Small files of AAF, made by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TypeAlias

import pytest

Values: TypeAlias = str | Sequence[str]
Make: TypeAlias = Callable[..., bytes]

OPERATIONAL = {
    "Eleve": "categoriePersonne",
    "PersRelEleve": "categoriePersonne",
    "PersEducNat": "categoriePersonne",
    "EtabEducNat": "categorieStructure",
    "MatEducNat": "categorieMatiere",
    "MefEducNat": "categorieMef",
}
KEYS = {"EtabEducNat": "ENTStructureJointure", "MatEducNat": "ENTMatJointure", "MefEducNat": "ENTMefJointure"}
BASE: Mapping[str, Mapping[str, Values]] = {
    "Eleve": {
        "ENTPersonDateNaissance": "29/02/2012",
        "sn": "D'AUBREPIN",
        "givenName": "Maïwenn",
        "ENTPersonStructRattach": "61001",
    },
    "PersRelEleve": {"sn": "D'AUBREPIN", "givenName": "Zoé"},
    "PersEducNat": {"sn": "ROSSIGNOLET", "givenName": "TITOUAN", "ENTPersonDateNaissance": "08/06/1978"},
    "EtabEducNat": {
        "ENTStructureUAI": "0749999S",
        "ENTStructureNomCourant": "CLG$JULES FICTIF$VALFICTIF",
        "ENTStructureTypeStruct": "COLLEGE",
        "ENTServAcAcademie": "GRENOBLE",
    },
    "MatEducNat": {"ENTLibelleMatiere": "ANGLAIS LV1"},
    "MefEducNat": {"ENTLibelleMef": "5EME"},
}


def values_of(values: Values) -> str:
    """Write the values of an attribute; an empty one as an empty element."""
    texts = (values,) if isinstance(values, str) else values
    return "".join(f"<value>{escape(text)}</value>" if text else "<value/>" for text in texts)


def add_of(category: str, key: str, attributes: Mapping[str, Values]) -> str:
    """Write an `addRequest` that holds exactly these attributes."""
    attrs = "\n".join(f'<attr name="{name}">{values_of(values)}</attr>' for name, values in attributes.items())
    return request_of("addRequest", category, key, f"<attributes>\n{attrs}\n</attributes>\n")


def request_of(kind: str, category: str, key: str, content: str = "") -> str:
    """Write a request around its content."""
    name = OPERATIONAL.get(category, "categoriePersonne")
    return (
        f'<{kind}>\n<operationalAttributes><attr name="{name}"><value>{category}</value></attr>'
        f"</operationalAttributes>\n<identifier><id>{key}</id></identifier>\n{content}</{kind}>\n"
    )


def file_of(*requests: str) -> bytes:
    """Write a whole file."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n'
        f'<ficAlimMENESR>\n<!-- versionAF="AAF-VE2407" -->\n{"".join(requests)}</ficAlimMENESR>\n'
    ).encode()


@pytest.fixture(scope="session")
def add() -> Callable[..., str]:
    """Make the text of an `addRequest` without any fault: category, key, and the attributes that differ."""

    def make(category: str = "Eleve", key: str = "310", **changes: Values) -> str:
        given = {KEYS.get(category, "ENTPersonJointure"): key, **BASE[category], **changes}
        return add_of(category, key, given)

    return make


@pytest.fixture(scope="session")
def request_text() -> Callable[..., str]:
    """Make the text of any request: kind, category, key, content."""
    return request_of


@pytest.fixture(scope="session")
def document() -> Callable[..., bytes]:
    """Make a whole file of requests."""
    return file_of


@pytest.fixture(scope="session")
def add_exactly() -> Callable[..., str]:
    """Make the text of an `addRequest` that holds exactly the attributes given: category, key, attributes."""
    return add_of
