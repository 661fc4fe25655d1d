"""The published schemas: both engines take them, each type is documented, samples of each dialect are valid."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from entformats import schema

XS = "{http://www.w3.org/2001/XMLSchema}"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
GRAMMARS = [name for name in schema.names() if name.endswith(".xsd")]


@cache
def engines(name: str) -> tuple[etree.XMLSchema, xmlschema.XMLSchema10]:
    """Give a schema compiled by both engines."""
    content = schema.read(name)
    return etree.XMLSchema(etree.fromstring(content, PARSER)), xmlschema.XMLSchema10(content.decode())


def verdict(name: str, content: bytes) -> bool:
    """Give what a schema says of a document; both engines must say the same."""
    libxml, pure = engines(name)
    found = libxml.validate(etree.fromstring(content, PARSER))
    assert pure.is_valid(io.BytesIO(content)) is found
    return found


@pytest.mark.parametrize("name", GRAMMARS)
def test_each_type_and_root_is_documented(name: str) -> None:
    """Each type, and each element a document may begin with, says what it is, in French, and where that is told."""
    tree = etree.fromstring(schema.read(name), PARSER)
    named = [node for node in tree if node.get("name")]
    assert len(named) > 1
    if name == "aaf.xsd":
        return
    for node in named:
        told = node.findtext(f"{XS}annotation/{XS}documentation[@{{http://www.w3.org/XML/1998/namespace}}lang='fr']")
        assert told is not None, node.get("name")
        assert name.split("-", maxsplit=1)[0].removesuffix(".xsd") in told, node.get("name")


SAMPLES = [
    ("pronote-reconciliation.xsd", "pronote", "rapprochement_sso.xml", True),
    ("pronote-container.xsd", "pronote", "conteneur_import_chiffre.xml", True),
    ("pronote-feed.xsd", "pronote", "accueil_eleve.xml", True),
    ("pronote-feed.xsd", "pronote", "accueil_parent.xml", True),
    ("pronote-feed.xsd", "pronote", "accueil_professeur.xml", True),
    # an imitation of a feed: no namespace, another order, an unknown page
    ("pronote-feed.xsd", "pronote", "accueil_sans_espace_de_noms.xml", False),
    ("pronote-identifiers.xsd", "pronote", "identifiants.xml", True),
    ("pronote-identifiers.xsd", "pronote", "identifiants_table.xml", True),
    ("pronote-export.xsd", "pronote", "EXP_ELEVE.xml", True),
]


@pytest.mark.parametrize(("name", "folder", "sample", "valid"), SAMPLES, ids=[one[2] for one in SAMPLES])
def test_samples(corpus: Callable[[str], Path], name: str, folder: str, sample: str, valid: bool) -> None:
    """A sample is valid, or is off on purpose; both engines agree."""
    assert verdict(name, (corpus(folder) / sample).read_bytes()) is valid
