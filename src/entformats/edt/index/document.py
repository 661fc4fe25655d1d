"""The first pass: the file as records by path, nothing resolved; refusals by name (edt 1.1, 5, 7.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from attrs import frozen

from entformats._files import Part
from entformats._xml import Root, XmlReader, XmlSpec
from entformats.edt.index.node import Node
from entformats.edt.index.record import Reading
from entformats.errors import Encrypted, UnreadableInput, WrongFormat
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.problems import Findings, Location, problem
from entformats.timetable import Domain

__all__ = ["NAMESPACE", "ROOT", "Document", "iter_nodes", "open_document", "read_document"]

ROOT = "ExportEmploiDuTemps"
NAMESPACE = "http://www.index-education.com/exportemploidutemps"
HEADERS = ("AnneeScolaire", "GrilleHoraire")
"""Elements below the root that are read whole; the others are containers of records."""
RECORDS = frozenset(
    {
        "Etablissements/Etablissement",
        "Matieres/Matiere",
        "Professeurs/Professeur",
        "Personnels/Personnel",
        "Classes/Classe",
        "Groupes/Groupe",
        "Salles/Salle",
        "Materiels/Materiel",
        "Responsables/Responsable",
        "Eleves/Eleve",
        "Cours/Cours",
    }
)

SAID_BY = {
    Domain.SUBJECTS: "Matieres",
    Domain.NAMES: "Professeurs",
    Domain.GROUPS: "Groupes",
    Domain.LESSONS: "Cours",
    Domain.PUPILS: "Eleves",
}
"""Domain -> container without which a file does not speak of it; one that is empty says that there are none."""


@frozen
class Document:
    """Document lu: the root, the two headers, the records of each full path in file order, all containers met."""

    root: Node
    headers: FrozenMap[str, Node]
    records: FrozenMap[str, tuple[Node, ...]]
    containers: frozenset[str] = frozenset()


def open_document(part: Part, findings: Findings, limits: Limits) -> XmlReader:
    """Begin to read a file, up to its root.

    Raises `WrongFormat` (`not_edt_export`, `table_export`, `partner_index`) for another root, `Encrypted`
    (`encrypted_envelope`) for the envelope, and what `XmlReader` raises. Problem: `unexpected_namespace`.
    """
    reader = XmlReader(part.chunks(), XmlSpec(depth=2), file=part.name, limits=limits, findings=findings)
    if reader.root.name != ROOT:
        raise _refusal(reader.root, part.name)
    if reader.root.namespace != NAMESPACE:
        where = Location(part.name, reader.root.line)
        findings.found("unexpected_namespace", where, namespace=reader.root.namespace)
    return reader


def _refusal(root: Root, file: str) -> UnreadableInput:
    where = Location(file, root.line)
    match root.name:
        case "EXPORT_INDEX_EDUCATION":
            return Encrypted(problem("encrypted_envelope", where, partners="?"))
        case "TABLE":
            return WrongFormat(problem("table_export", where, name=root.attributes.get("nom", "")))
        case "PARTENAIRE_INDEX":
            return WrongFormat(problem("partner_index", where, namespace=root.namespace))
        case name:
            return WrongFormat(problem("not_edt_export", where, root=name))


def iter_nodes(reader: XmlReader) -> Iterator[tuple[str, Node]]:
    """Give the elements of the second level with their path, then each of the first level by itself (`AnneeScolaire`).

    An element of the first level comes before its children, without them.
    """
    for container, element in reader.contained():
        if element is None:
            yield container.name, Node.bare(container.name, container.attributes, container.line)
        else:
            node = Node.of(element, reader.line)
            yield f"{container.name}/{node.tag}", node


def read_document(reader: XmlReader, reading: Reading) -> Document:
    """Collect the whole file; raises what `XmlReader` raises, and then nothing is kept (edt 7.1).

    Problems: `edt_content_skipped`, told by path at the end.
    """
    headers: dict[str, Node] = {}
    inside: defaultdict[str, list[Node]] = defaultdict(list)
    records: defaultdict[str, list[Node]] = defaultdict(list)
    containers: set[str] = set()
    for path, node in iter_nodes(reader):
        above = path.partition("/")[0]
        containers.add(above)
        if path in HEADERS and path not in headers:
            headers[path] = node
        elif above in HEADERS and path != above:
            inside[above].append(node)
        elif path in RECORDS:
            records[path].append(node)
        elif path != above or above in HEADERS:
            reading.counted("edt_content_skipped", path, node.line)
        else:
            _count_attributes(path, node, reading)
    root = Node.bare(reader.root.name, reader.root.attributes, reader.root.line)
    whole = {name: _with(node, inside[name]) for name, node in headers.items()}
    found = FrozenMap((path, tuple(nodes)) for path, nodes in records.items())
    return Document(root, FrozenMap(whole), found, frozenset(containers))


def _with(node: Node, children: list[Node]) -> Node:
    return Node(node.tag, node.attributes, tuple(children), line=node.line)


def _count_attributes(path: str, node: Node, reading: Reading) -> None:
    for name in node.attributes:
        reading.counted("edt_content_skipped", f"{path}/@{name}", node.line)
