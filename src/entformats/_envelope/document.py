"""The container as XML, read into an `Envelope`: no key is needed, nothing is decrypted (edt 1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from attrs import evolve

from entformats._envelope.models import Envelope
from entformats._xml import Element, XmlReader, XmlSpec
from entformats._xml.harvest import attributes, local_name
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.problems import Findings, Location

__all__ = ["ENVELOPE", "read_envelope"]

ENVELOPE = "EXPORT_INDEX_EDUCATION"
NAMESPACE = "http://www.index-education.com/conteneurexportchiffre"
NAMES = frozenset(
    {
        "VERSION",
        "LOGICIEL",
        "CLES",
        "CONTENU",
        "VERIFICATION",
        "DATEHEURE",
        "UAI",
        "NOMETABLISSEMENT",
        "CODEPOSTALVILLE",
    }
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_FALSE = {"false", "0"}


def read_envelope(
    chunks: Iterable[bytes],
    findings: Findings,
    *,
    file: str = "",
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Envelope:
    """Read an `EXPORT_INDEX_EDUCATION`; elements in any order, under any namespace, the first of each name counts.

    The content is one text: it may be as long as a record (`limits.record_bytes`).

    Problems: `edt_content_skipped`, `envelope_date_unreadable`, `unexpected_namespace`. Raises what `XmlReader` raises.
    """
    wide = evolve(limits, text_chars=max(limits.text_chars, limits.record_bytes))
    reader = XmlReader(chunks, XmlSpec(frozenset({ENVELOPE}), huge=True), file=file, limits=wide, findings=findings)
    if reader.root.namespace not in {NAMESPACE, ""}:
        findings.found("unexpected_namespace", Location(file, reader.root.line), namespace=reader.root.namespace)
    known: dict[str, Element] = {}
    for element in reader.records():
        name = local_name(element)
        if name in NAMES and name not in known:
            known[name] = element
        else:
            path = f"{ENVELOPE}/{name}"
            findings.found("edt_content_skipped", Location(file, reader.line(element), xpath=path), path=path, count=1)
    texts = {name: (element.text or "").strip() for name, element in known.items()}
    return Envelope(
        version=texts.get("VERSION", ""),
        software=texts.get("LOGICIEL", ""),
        keys=FrozenMap(_keys(known["CLES"]) if "CLES" in known else ()),
        content=_compact(texts.get("CONTENU", "")),
        compressed="CONTENU" not in known or _is_compressed(known["CONTENU"]),
        verification=_compact(texts.get("VERIFICATION", "")),
        produced_at=_moment(texts.get("DATEHEURE", ""), findings, file),
        uai=texts.get("UAI", ""),
        school_name=texts.get("NOMETABLISSEMENT", ""),
        postcode=texts.get("CODEPOSTALVILLE", ""),
    )


def _keys(element: Element) -> Iterator[tuple[str, str]]:
    """Give the key block of each partner; of two of one name the first counts."""
    blocks: dict[str, str] = {}
    for child in element:
        blocks.setdefault(attributes(child).get("NOM", ""), _compact(child.text or ""))
    return iter(blocks.items())


def _is_compressed(element: Element) -> bool:
    return attributes(element).get("CompresseAvantChiffrement", "").strip().lower() not in _FALSE


def _compact(text: str) -> str:
    """Drop the line ends that base64 is broken with."""
    return "".join(text.split())


def _moment(text: str, findings: Findings, file: str) -> datetime | None:
    """Read an instant of XML; None, reported, where it is none."""
    if not text:
        return None
    if _MOMENT.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # a day or an hour that does not exist: reported as any other text
    findings.found("envelope_date_unreadable", Location(file, attribute="DATEHEURE"), value=text)
    return None
