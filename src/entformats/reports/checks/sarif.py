"""The report as SARIF 2.1.0, for forges and editors that show findings beside the files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from entformats.problems import Entry, Lang, Location, Problem, Report, Severity, entry

__all__ = ["sarif"]

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}


def sarif(report: Report, lang: Lang = "fr", *, show_names: bool = False, version: str = "") -> str:
    """Écrire le rapport en SARIF 2.1.0: a rule a code, a result a finding that was kept.

    >>> json.loads(sarif(Report()))["version"]
    '2.1.0'
    """
    places = {code: number for number, code in enumerate(report.codes)}
    driver: dict[str, object] = {
        "name": "entformats",
        "rules": [_rule(entry(code), report.severity(code), lang) for code in places],
    }
    if version:
        driver["version"] = version
    run = {
        "tool": {"driver": driver},
        "language": "fr-FR" if lang == "fr" else "en-US",
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, places[one.code], lang, show_names=show_names) for one in report.problems],
        "properties": {
            "verdict": report.verdict,
            "totals": {code: report.counts[code] for code in places},
            "profile": report.profile,
        },
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _rule(known: Entry, severity: Severity, lang: Lang) -> dict[str, object]:
    texts = known.text(lang)
    return {
        "id": known.code,
        "name": "".join(word.capitalize() for word in known.slug.split("_")),
        "shortDescription": {"text": texts.title},
        "fullDescription": {"text": texts.explanation},
        "help": {"text": texts.repair, "markdown": f"{texts.explanation}\n\n{texts.repair}"},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"tags": [known.code.partition("-")[0], known.layer.name.lower(), known.confidence]},
    }


def _result(found: Problem, rule: int, lang: Lang, *, show_names: bool) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _LEVELS[found.severity],
        "message": {"text": found.message(lang, show_names=show_names)},
        "partialFingerprints": {"finding/v1": _fingerprint(found)},
    }
    location = _location(found.where)
    if location:
        result["locations"] = [location]
    return result


def _fingerprint(found: Problem) -> str:
    """Make what stays the same when lines move: the code, the record and the visible parameters."""
    where = found.where
    words = (found.code, where.file, where.kind, where.key, where.attribute, *map(str, found.shown().values()))
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:32]


def _location(where: Location) -> dict[str, object]:
    location: dict[str, object] = {}
    if where.file:
        physical: dict[str, object] = {"artifactLocation": {"uri": quote(where.file)}}
        region = {"startLine": where.line} | ({"startColumn": where.column} if where.column else {})
        if where.line:
            physical["region"] = region
        location["physicalLocation"] = physical
    record = "/".join(filter(None, (where.kind, where.key, where.attribute)))
    if where.xpath or record:
        location["logicalLocations"] = [{"fullyQualifiedName": where.xpath or record, "kind": "element"}]
    return location
