"""Samples of findings about bytes and XML that are too large, or that only a limit or an encoding shows."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from datetime import datetime

from entformats import Limits, Report, edt
from entformats.testing import envelopes

Sample = tuple[Callable[[], Report], Callable[[], Report]]
ORDINARY = Limits()
BLANK, DECLARED = b"\r\n ", b'<?xml version="1.0" encoding="UTF-8"?>'
HEADER = "Jour;Heure;Div;Matière;Professeur;Salle;Groupe;Regroup;Eff;Mo;Freq;Aire;\r\n"
ROW = "Lundi;8h00;6A;MATHS;DE LA TOUR Éloïse;12;;;20;CG;;;\r\n"


def export(inner: str = "", before: bytes = b"", limits: Limits = ORDINARY) -> Report:
    """Read an export of EDT with something in it."""
    text = f'<ExportEmploiDuTemps UAI="0749999S"><Matieres>{inner}</Matieres></ExportEmploiDuTemps>'
    return edt.read(before + text.encode(), limits=limits).report


def subject(label: str) -> str:
    """Write a subject."""
    return f'<Matiere Ident="1" Code="X" Libelle="{label}"/>'


def in_utf_16(end: bytes) -> Report:
    """Read an export in UTF-16 behind which some bytes stand."""
    text = codecs.BOM_UTF16_LE + '<ExportEmploiDuTemps UAI="0749999S"/>\n'.encode("utf-16-le")
    return edt.read(text + end).report


def search(text: str) -> Report:
    """Read a search export of UDT."""
    return edt.read(text.encode("cp1252"), uai="0749999S").report


def archive(name: str) -> Report:
    """Read an archive of UDT with this name."""
    member = b'<d><div code="6A" libelle="6EME A" code_gep="6A"/></d>'
    return edt.read({f"{name}/UDCal_08.xml": member}, uai="0749999S").report


def made_at(text: str) -> Report:
    """Open an envelope with this date."""
    key = envelopes.new_key()
    at = datetime.fromisoformat("2026-09-05T06:00:00+02:00")
    sealed = envelopes.sealed(b'<ExportEmploiDuTemps UAI="0749999S"/>', key, partner="NEO-Open", at=at)
    changed = sealed.replace(b"2026-09-05T06:00:00.000+02:00", text.encode())
    return edt.read(changed, decrypt=edt.with_key(key, partner="NEO-Open")).report


SAMPLES: dict[str, Sample] = {
    "blank_before_declaration": (lambda: export(before=BLANK + DECLARED), lambda: export(before=DECLARED)),
    "encoding_broken": (lambda: in_utf_16(b"\x00"), lambda: in_utf_16(b"")),
    "unknown_entity": (lambda: export(subject("a &foo; b")), lambda: export(subject("a &amp; b"))),
    "bare_ampersand": (lambda: export(subject("a &b")), lambda: export(subject("a &amp;b"))),
    "text_too_long": (
        lambda: export(subject("x" * 101), limits=Limits(text_chars=100)),
        lambda: export(subject("x" * 9), limits=Limits(text_chars=100)),
    ),
    "record_too_large": (
        lambda: export("<a>" + "<i/>" * 10 + "</a>", limits=Limits(record_elements=10)),
        lambda: export("<a>" + "<i/>" * 8 + "</a>", limits=Limits(record_elements=10)),
    ),
    "record_too_long": (
        lambda: export("<a>" + ("<i/>" + "x" * 900) * 900 + "</a>", limits=Limits(record_bytes=300_000)),
        lambda: export("<a>" + ("<i/>" + "x" * 900) * 9 + "</a>", limits=Limits(record_bytes=300_000)),
    ),
    "udt_search_unreadable": (
        lambda: search(HEADER + ROW + '"' + "x" * 200_000),
        lambda: search(HEADER + ROW),
    ),
    "udt_name_differs": (
        lambda: archive("0740000Y_20221107063000_UDT.zip"),
        lambda: archive("0749999S_20221107063000_UDT.zip"),
    ),
    "envelope_date_unreadable": (
        lambda: made_at("yesterday"),
        lambda: made_at("2026-09-05T06:00:00.000+02:00"),
    ),
}
