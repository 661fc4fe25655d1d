"""The DTD of AAF as dataclasses, for `xsdata`."""

# No `from __future__ import annotations`: xsdata reads the annotations.
from dataclasses import dataclass, field


@dataclass
class Attr:
    """`<attr name="..."><value>...</value></attr>`."""

    name: str = field(default="", metadata={"type": "Attribute"})
    value: list[str] = field(default_factory=list, metadata={"type": "Element"})


@dataclass
class Attrs:
    """Attributes of a record, or its category."""

    attr: list[Attr] = field(default_factory=list, metadata={"type": "Element"})


@dataclass
class Identifier:
    """`<identifier><id>...</id></identifier>`."""

    id: str = field(default="", metadata={"type": "Element"})


@dataclass
class AddRequest:
    """One record."""

    operational: Attrs | None = field(default=None, metadata={"type": "Element", "name": "operationalAttributes"})
    identifier: Identifier | None = field(default=None, metadata={"type": "Element"})
    attributes: Attrs | None = field(default=None, metadata={"type": "Element"})


@dataclass
class File:
    """A whole file."""

    class Meta:
        """Name of the root."""

        name = "ficAlimMENESR"

    requests: list[AddRequest] = field(default_factory=list, metadata={"type": "Element", "name": "addRequest"})
