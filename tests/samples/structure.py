"""Samples of departures from the published schemas."""

from __future__ import annotations

from collections.abc import Callable

from entformats import Report
from entformats.validation.grammars import structure

Sample = tuple[Callable[[], Report], Callable[[], Report]]
CATEGORY = '<attr name="categoriePersonne"><value>Eleve</value></attr>'
FIRST = f"<operationalAttributes>{CATEGORY}</operationalAttributes><identifier><id>310</id></identifier>"
NAME = '<attr name="sn"><value>A</value></attr>'


def export(inner: str = "", root: str = "ExportEmploiDuTemps") -> Report:
    """Judge an export of EDT with something in it."""
    namespace = "http://www.index-education.com/exportemploidutemps"
    return structure([f'<{root} xmlns="{namespace}" Version="1.1">{inner}<Cours/></{root}>'.encode()], "edt.xsd")


def room(attributes: str, inner: str = "") -> Report:
    """Judge an export with one room."""
    return export(f"<Salles><Salle {attributes}>{inner}</Salle></Salles>")


def delivery(attributes: str, more: str = "") -> Report:
    """Judge a delivery of AAF of one pupil."""
    text = f"<addRequest>{FIRST}<attributes>{attributes}</attributes>{more}</addRequest>"
    return structure([f"<ficAlimMENESR>{text}</ficAlimMENESR>".encode()], "aaf.xsd")


SAMPLES: dict[str, Sample] = {
    "structure_root": (lambda: export(root="EmploiDuTemps"), export),
    "structure_element": (lambda: export("<Salles><Sale/></Salles>"), lambda: export("<Salles/>")),
    "structure_surplus": (lambda: delivery(NAME, "<attributes/>"), lambda: delivery(NAME)),
    "structure_incomplete": (lambda: delivery(""), lambda: delivery(NAME)),
    "structure_attribute": (lambda: room('Ident="1" Nom="A" Site="1"'), lambda: room('Ident="1" Nom="A"')),
    "structure_attribute_missing": (lambda: room('Ident="1"'), lambda: room('Ident="1" Nom=""')),
    "structure_text": (lambda: room('Ident="1" Nom="A"', "A"), lambda: room('Ident="1" Nom="A"', "<!-- A -->")),
    "structure_children": (lambda: room('Ident="1" Nom="A"', "<Nom/>"), lambda: room('Ident="1" Nom="A"')),
    "structure_value": (lambda: room('Ident="A1" Nom="A"'), lambda: room('Ident="1" Nom="A"')),
    "structure_repeated": (lambda: delivery(NAME + NAME), lambda: delivery(NAME)),
    "structure_stopped": (lambda: export("<Salles>" + "<Salle/>" * 600 + "</Salles>"), lambda: export("<Salles/>")),
}
