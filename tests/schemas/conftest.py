"""What the tests of the schemas share: both engines, compiled once."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import pytest
import xmlschema
from lxml import etree

from entformats import schema

PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


@cache
def compiled(name: str) -> tuple[etree.XMLSchema, xmlschema.XMLSchema10]:
    """Give a schema compiled by both engines."""
    content = schema.read(name)
    return etree.XMLSchema(etree.fromstring(content, PARSER)), xmlschema.XMLSchema10(content.decode())


def verdict_of(name: str, content: bytes) -> bool:
    """Give what a schema says of a document; both engines must say the same."""
    libxml, pure = compiled(name)
    found = libxml.validate(etree.fromstring(content, PARSER))
    assert pure.is_valid(io.BytesIO(content)) is found
    return found


@pytest.fixture(scope="session")
def engines() -> Callable[[str], tuple[etree.XMLSchema, xmlschema.XMLSchema10]]:
    """Give a schema compiled by lxml and by xmlschema."""
    return compiled


@pytest.fixture(scope="session")
def verdict() -> Callable[[str, bytes], bool]:
    """Give the one verdict of both engines on a document."""
    return verdict_of
