"""Write what comes from the code: the catalogue of findings, the pages of the API, the attributes in the schema of AAF.

`python docs/generate.py` writes them; `--check` only tells whether they are current. Run it after a change of the
catalogue or of the public modules, and commit what it wrote.
"""

from __future__ import annotations

import json
import posixpath
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints
from xml.sax.saxutils import quoteattr

import attrs

from entformats import schema
from entformats.aaf.degrees import PRIMARY, Degree
from entformats.aaf.table import TABLES, Table
from entformats.codes.weeks import WeekSet
from entformats.edt import DIALECTS
from entformats.edt.carried import NOT_CARRIED
from entformats.frozen import FrozenMap
from entformats.identity import SourceKey
from entformats.problems import CATALOGUE, Entry, Layer, Severity
from entformats.reports.bilan import to_json
from entformats.rules import Snapshot
from entformats.rules.bilan import compare
from entformats.rules.lifecycle import TRANSITIONS, Event, Step
from entformats.rules.migrations import VERSION
from entformats.rules.selection import DropReason
from entformats.rules.state import State
from entformats.validation import RULES, About

DOCS = Path(__file__).parent
ROOT = DOCS.parent
SEVERITIES = {Severity.ERROR: "erreur", Severity.WARNING: "avertissement", Severity.INFO: "information"}
LAYERS = {
    Layer.CONTAINER: "contenant et encodage",
    Layer.STRUCTURE: "structure",
    Layer.VALUES: "valeurs",
    Layer.REFERENCES: "références",
    Layer.CONSISTENCY: "cohérence",
    Layer.SOURCES: "entre plusieurs sources",
}
FAMILIES = {
    "XML": "XML, whatever the format",
    "IO": "Paths, folders and archives",
    "AAF": "AAF deliveries",
    "EDT": "EDT exports",
    "UDT": "UDT exports",
    "STS": "STS-Web and SIECLE exports",
    "PRO": "Pronote files",
    "MATCH": "Matching of people",
    "DIFF": "Classes, groups and comparison of imports",
    "ACC": "Accounts and access",
    "STATE": "State of the imports",
}


FORMATS = DOCS / "reference" / "formats"
NUMBER = r"[1-9]\d?(?:\.[1-9]\d?)*(?:bis)?"
"""Number of a section: `3`, `3.2`, `3.2bis`, `3.7.1`."""
CITATION = re.compile(
    rf"\b(?P<page>aaf|bilan|edt|gar|identify|nomenclatures|pronote|rules|sts|udt)(?P<suffix>\.md)?\s+"
    rf"(?P<sections>{NUMBER}\b(?:(?:,|\sand|\sto)\s+{NUMBER}\b)*)"
)
"""A citation: the name of a page of the formats, then its sections (`rules 1.4`, `edt 2.9 to 2.11`)."""
HEADING = re.compile(rf"^#{{2,4}} (?P<number>{NUMBER})\.? .+$", re.MULTILINE)
ROW = re.compile(rf"^\| (?P<page>\w+) (?P<number>{NUMBER}) \| .+ \| \[.+\]\((?P<target>.+)\) \|$", re.MULTILINE)


@cache
def sections() -> dict[tuple[str, str], str]:
    """Give every section that can be cited: page and number, and where it is, as seen from the formats.

    A section is a row of the table of sections, or a numbered heading of its page, which prevails.
    """
    rows = ROW.finditer(_read(FORMATS / "sections.md"))
    found = {(m["page"], m["number"]): re.sub("^#", "sections.md#", m["target"]) for m in rows}
    for page in sorted(FORMATS.glob("*.md")):
        for heading in HEADING.finditer(_read(page)):
            found[page.stem, heading["number"]] = f"{page.name}#{_anchor(heading[0].lstrip('# '))}"
    return found


def _read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _anchor(title: str) -> str:
    """Give the anchor that the site makes of a heading."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def cited(text: str) -> Iterator[tuple[str, str]]:
    """Give the page and the number of every section that a text cites."""
    for citation in CITATION.finditer(text):
        for number in re.findall(NUMBER, citation["sections"]):
            yield citation["page"], number


def sources(text: str) -> str:
    """Link the sections that a finding comes from."""
    links = ((one, posixpath.normpath(f"formats/{sections()[one]}")) for one in cited(text))
    return ", ".join(f"[{page} {number}]({target})" for (page, number), target in links)


def problems() -> Iterator[str]:
    """Write the page of the findings."""
    yield "# Findings\n"
    yield "Every finding has a stable code, a readable name, a severity, and texts in French and in English."
    yield "The hundreds digit is the layer: 0 container and encoding, 1 structure, 2 values, 3 references,"
    yield "4 consistency, 5 across sources. *Confidence* tells where the rule comes from: `data` seen in real files,"
    yield "`code` in programs that read them, `documented` in public pages, `inferred` by reasoning; the section of the"
    yield "[formats and rules](formats/rules.md) that says so follows."
    yield "A parameter marked *private* may identify someone: it is hidden unless names are asked for."
    for prefix, title in FAMILIES.items():
        entries = [known for code, known in sorted(CATALOGUE.items()) if code.startswith(f"{prefix}-")]
        if entries:
            yield f"\n## {title}"
        for known in entries:
            yield from section(known)


def section(known: Entry) -> Iterator[str]:
    """Write one finding."""
    yield f"\n### {known.code} `{known.slug}` {{ #{known.code.lower()} }}\n"
    kind = f"{SEVERITIES[known.severity]}, {LAYERS[known.layer]}; confidence: {known.confidence}, from"
    yield f"*{kind}* {sources(known.source)}"
    if known.params:
        yield "\nParameters: " + ", ".join(f"`{name}` ({kind})" for name, kind in known.params.items()) + "."
    for lang, text in (("fr", known.fr), ("en", known.en)):
        yield f"\n**{text.title}** ({lang}): `{text.message}`\n"
        yield f"{text.explanation} {text.repair}"


MODULES = {
    "entformats": "The façade",
    "entformats.aaf": "AAF deliveries",
    "entformats.edt": "Timetable exports",
    "entformats.rules.identifiers": "Import of Pronote identifiers",
    "entformats.pronote": "Pronote",
    "entformats.pronote.connector": "The Pronote connector",
    "entformats.pronote.addresses": "Addresses of Pronote",
    "entformats.pronote.cas": "CAS for Pronote",
    "entformats.timetable": "The timetable model",
    "entformats.timetable.ical": "Calendars",
    "entformats.rules": "The rules of an ENT",
    "entformats.rules.bilan": "The bilan of an import",
    "entformats.rules.access": "Access blocks",
    "entformats.rules.decisions": "Remembered answers about people",
    "entformats.rules.correspondences": "Correspondences of classes and groups",
    "entformats.rules.lifecycle": "Steps of an import",
    "entformats.rules.history": "History of imports",
    "entformats.rules.rollover": "Change of school year",
    "entformats.rules.departures": "Accounts of those who leave",
    "entformats.rules.accounts": "Identity providers",
    "entformats.rules.support": "Support contacts",
    "entformats.rules.connectors": "Connectors",
    "entformats.testing": "Help for tests",
    "entformats.testing.school": "Generated schools",
    "entformats.testing.envelopes": "Encrypted exports made for tests",
    "entformats.testing.identifiers": "Exports of identifiers made for tests",
    "entformats.testing.strategies": "Strategies of hypothesis",
    "entformats.identity": "People",
    "entformats.validation": "Checks",
    "entformats.reports.checks": "Reports of checks",
    "entformats.reports.bilan": "Reports of a bilan",
    "entformats.problems": "Findings",
    "entformats.errors": "Errors",
    "entformats.changes": "Differences",
    "entformats.limits": "Limits",
    "entformats.names": "Names",
    "entformats.frozen": "Read-only mapping",
    "entformats.schema": "Published schemas",
    "entformats.codes.academy": "Academies",
    "entformats.codes.department": "Departments",
    "entformats.codes.ine": "INE",
    "entformats.codes.jointure": "Identifiers of AAF",
    "entformats.codes.mef": "MEF",
    "entformats.codes.school_year": "School years",
    "entformats.codes.subject": "Subjects",
    "entformats.codes.subject_key": "Keys of subjects",
    "entformats.codes.uai": "UAI",
    "entformats.codes.weeks": "Week sets",
}
"""The public modules, in the order of the menu, and their titles."""


def checks() -> Iterator[str]:
    """Give the page of the checks that run once files are read."""
    yield "# Checks"
    yield ""
    yield "What `entformats.check` looks at once files are read, beside [what reading itself finds](problems.md). Each"
    yield "line is one function of the registry, `entformats.validation.RULES`."
    titles = {About.DELIVERY: "An AAF delivery", About.TIMETABLE: "A timetable", About.SOURCES: "Several sources"}
    for about, title in titles.items():
        yield from ("", f"## {title}", "", "| check | rule |", "| --- | --- |")
        yield from (f"| `{one.name}` | {one.sentence} |" for one in RULES if one.about is about)


def api(module: str, title: str) -> Iterator[str]:
    """Write the page of one public module; its content comes from the docstrings."""
    yield f"# {title}: `{module}`\n"
    yield f"::: {module}"


MALFORMED = DOCS / "malformed.toml"


def malformed() -> Iterator[str]:
    """Write the page of what each malformed input gives."""
    yield "# What malformed input gives\n"
    yield "Real files are often wrong. Each row says what is met, what the library does with it, and the finding that"
    yield "tells it, so that nothing is repaired in silence. Each row is also a test. The severities are those of the"
    yield "[findings](problems.md); where a row has several, each tells a part of it."
    for section, table in tomllib.loads(_read(MALFORMED)).items():
        yield f"\n## {table['title']}\n"
        yield f"Cited as `{section}`.\n"
        yield f"| {table['met']} | What is done | Findings |"
        yield "|---|---|---|"
        for row in table["rows"]:
            codes = "<br>".join(map(finding, row["codes"])) or row["none"]
            yield f"| {row['met']} | {row['does']} | {codes} |"


def finding(slug: str) -> str:
    """Name a finding in a cell: its code, its name and its severity."""
    known = CATALOGUE[slug]
    return f"[{known.code}](problems.md#{known.code.lower()}) `{slug}`, {known.severity}"


XSD = ROOT / "schemas" / "aaf.xsd"
FROM, TO = "    <!-- attributes: written by docs/generate.py -->", "    <!-- end of the attributes -->"


def aaf_xsd() -> Iterator[str]:
    """Write the attributes of each category into the schema of AAF, whose other lines stay."""
    lines = _read(XSD).splitlines()
    yield from lines[: lines.index(FROM) + 1]
    yield "    <xs:annotation>"
    yield '      <xs:documentation xml:lang="fr">Attribut : nom et valeurs, par catégorie.</xs:documentation>'
    yield '      <xs:documentation xml:lang="en">Attribute: a name and its values, by category.</xs:documentation>'
    for degree, tables in ((Degree.SECOND, TABLES), (Degree.FIRST, PRIMARY)):
        for table in tables.values():
            yield from category(table, degree)
    yield "    </xs:annotation>"
    yield from lines[lines.index(TO) :]


def category(table: Table, degree: Degree) -> Iterator[str]:
    """Write the attributes of one category of a degree for the schema; what is empty in the table is left out."""
    yield "      <xs:appinfo>"
    name, value = table.operational
    told = {"degree": degree.value, "file": table.category.value, "operational": name, "value": value}
    yield f"        <category {_attributes(told)}>"
    for one in table.attributes:
        row = {
            "name": one.name,
            "values": one.values.name.lower(),
            "type": one.type.name.lower(),
            "target": one.target.value if one.target else "",
            "since": one.since,
            "mark": one.mark,
            "sure": one.sure,
        }
        yield f"          <attribute {_attributes(row)}/>"
    yield "        </category>"
    yield "      </xs:appinfo>"


def _attributes(row: dict[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in row.items() if value)


STATE_JSON = ROOT / "schemas" / "state.schema.json"
DATES: dict[object, dict[str, object]] = {
    kind: {"type": "string", "format": name} for kind, name in ((datetime, "date-time"), (date, "date"), (time, "time"))
}
PLAIN = ((bool, "boolean"), (int, "integer"), (str, "string"), (NoneType, "null"))


def state_json() -> Iterator[str]:
    """Write the JSON schema of a state from the classes that it is made of."""
    defs: dict[str, dict[str, object]] = {
        "WeekSet": {
            "description": "Weeks of the school year, as `1..7,10`.",
            "type": "string",
            "pattern": r"^([0-9]+(\.\.[0-9]+)?(,[0-9]+(\.\.[0-9]+)?)*)?$",
        },
        "SourceKey": {
            "description": "`prenom$nom$date`, or the three of them where a name holds a `$` (rules 1.2).",
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": ["string", "null"]}, "minItems": 3, "maxItems": 3},
            ],
        },
    }
    root = json_schema(State, defs)
    state = defs["State"]
    assert isinstance(state["properties"], dict)
    state["properties"]["version"] = {"const": VERSION}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:entformats:state.schema.json",
        "title": "État d'une école entre deux imports, en JSON",
        "description": "What `State.to_json` writes. Mappings are arrays of pairs. It holds personal data.",
        **root,
        "$defs": dict(sorted(defs.items())),
    }
    yield from json.dumps(whole, ensure_ascii=False, indent=2).splitlines()


BILAN_JSON = ROOT / "schemas" / "bilan.schema.json"


def bilan_json() -> Iterator[str]:
    """Write the numbers of a bilan into its JSON schema, whose other lines stay."""
    whole = json.loads(_read(BILAN_JSON))
    shown = json.loads(to_json(compare(Snapshot(), Snapshot())))
    for block in ("preliminary", "weekly"):
        whole["properties"][block] = numbers(shown[block])
    whole["properties"]["version"]["const"] = shown["version"]
    whole["$defs"]["leftOut"]["properties"]["reason"]["enum"] = [reason.value for reason in DropReason]
    yield from json.dumps(whole, ensure_ascii=False, indent=2).splitlines()


def numbers(value: object) -> dict[str, object]:
    """Describe numbers as they are nested, all of them required."""
    if not isinstance(value, dict):
        return {"type": "integer"}
    inner = {name: numbers(one) for name, one in value.items()}
    return {"type": "object", "properties": inner, "required": list(inner), "additionalProperties": False}


def json_schema(kind: Any, defs: dict[str, dict[str, object]]) -> dict[str, object]:  # noqa: ANN401, PLR0911 - a type
    """Give the schema of a type, as `json_codec` writes its values; classes go to `defs`."""
    if isinstance(kind, NewType):
        return json_schema(kind.__supertype__, defs)
    if get_origin(kind) is not None:
        return of_several(get_origin(kind), get_args(kind), defs)
    if kind in {WeekSet, SourceKey}:
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if kind in DATES:
        return DATES[kind]
    if issubclass(kind, Enum):
        return {"enum": [one.value for one in kind]}
    if attrs.has(kind):
        return reference(kind, defs)
    return {"type": next(name for plain, name in PLAIN if issubclass(kind, plain))}


def of_several(origin: object, inside: tuple[object, ...], defs: dict[str, dict[str, object]]) -> dict[str, object]:
    """Give the schema of a union, of a mapping or of a collection."""
    if origin in {Union, UnionType}:
        return {"anyOf": [json_schema(one, defs) for one in inside]}
    if origin is FrozenMap:
        return {"type": "array", "items": pair(inside, defs)}
    if origin is tuple and inside[-1] is not Ellipsis:
        return pair(inside, defs)
    return {"type": "array", "items": json_schema(inside[0], defs)}


def pair(kinds: tuple[object, ...], defs: dict[str, dict[str, object]]) -> dict[str, object]:
    """Give the schema of an array of so many values, each of its type."""
    items = [json_schema(one, defs) for one in kinds]
    return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}


def reference(kind: type, defs: dict[str, dict[str, object]]) -> dict[str, object]:
    """Describe a class in `defs`, once, and refer to it."""
    name = kind.__name__
    if name not in defs:
        hints = get_type_hints(kind)
        fields = [one.name for one in attrs.fields(kind)]
        defs[name] = {"description": (kind.__doc__ or "").split("\n", 1)[0]}
        defs[name] |= {
            "type": "object",
            "properties": {one: json_schema(hints[one], defs) for one in fields},
            "required": fields,
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


POLICIES = """\
Grammars come from different hands, and say so in their first lines:

- **published** by the editor of the program, or a DTD that consumers published: AAF, `edt-1.1.xsd`, both
  containers, the reconciliation file, the feed, STS-Web. Nothing else is allowed.
- **gathered** from files and from the programs that read them: later versions of EDT, SIECLE, UDT, the tables. What
  is known to exist and is not understood is left open: subtrees of EDT, lists of `BEE_NOMENCLATURES`, attributes of
  UDT.
- **inferred**: `pronote-identifiers.xsd`, because no public source tells the true layout.

They are XSD 1.0, so that every engine gives the same verdict. Check letters, references between elements, and
whatever depends on another file are beyond it: these are [checks](checks.md). Reading is always more tolerant than
the grammar: a departure is a warning (`structure_*` among the [findings](problems.md)), never a refusal.

What `edt.write` writes is valid, but for what the format requires and the timetable lacks (a year, the times of a
place, the place of a lesson that is outside the grid), and for the words of another program that EDT does not know
(codes of the sex, attributes that it has no place for): they are written as they are, so that nothing is lost.

The root of a member of UDT is unknown, so `udt.xsd` declares records: validate each child of the root, not the root.

`validation.structure` compares a document of any size with libxml2, as it streams; `validation.explained`
compares a small one with xmlschema and adds the path of each departure and the words of the schema. Both give the
same verdict: every element and attribute of every grammar is dropped, renamed, repeated, misplaced and spoilt in the
tests, and the engines agree but on one case, where xmlschema lets text stand beside an open content. With another
tool:

```console
entformats schema edt.xsd > edt.xsd
xmllint --noout --schema edt.xsd Edt_To_ENT_0749999S.xml
```
"""


def schemas() -> Iterator[str]:
    """Write the page of the published schemas."""
    yield "# Schemas\n"
    yield "Published with the library, which finds them in a checkout, an editable install and a wheel. Programs ask"
    yield "`entformats.schema`; `entformats schema` lists them, and `entformats schema NAME` prints one.\n"
    yield "| File | What it describes |"
    yield "|---|---|"
    for name in schema.names():
        yield f"| `{name}` | {schema.title(name)} |"
    yield ""
    yield from POLICIES.splitlines()


def carried() -> Iterator[str]:
    """Write the page of what each program's timetables cannot say."""
    names = [name for name in DIALECTS if any(name in losses for losses in NOT_CARRIED.values())]
    yield "# What each program carries\n"
    yield "A timetable is written in a dialect with `edt.write(timetable, dialect=...)`; what follows is lost, wholly"
    yield "or, in italics, in part. Every other field of the model is read back as it was written.\n"
    yield "| Field | " + " | ".join(DIALECTS[name].title + f" (`{name}`)" for name in names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for field, losses in NOT_CARRIED.items():
        cells = (losses.get(name) for name in names)
        texts = ("" if one is None else one.reason if one.whole else f"*{one.reason}*" for one in cells)
        yield f"| `{field}` | " + " | ".join(texts) + " |"


def life_cycle() -> Iterator[str]:
    """Write the page of the steps of an import: the diagram, then the table."""
    yield "# Steps of an import\n"
    yield "What `rules.lifecycle.TRANSITIONS` says: where an import of a school may be, and what leads from there."
    yield "The steps come from the screens of an ENT, their order is inferred"
    yield "([rules 4.2](formats/rules.md#42-states))."
    yield "How to follow them: [the life of an import](../how-to/import-life-cycle.md).\n"
    yield "```text"
    yield from steps(Step.CONFIGURED)
    yield "```\n"
    yield "| Step | " + " | ".join(f"`{event}`" for event in Event) + " |"
    yield "|---" * (len(Event) + 1) + "|"
    for step, moves in TRANSITIONS.items():
        cells = (f"`{moves[event]}`" if event in moves else "" for event in Event)
        yield f"| `{step}`{'' if moves else ' (final)'} | " + " | ".join(cells) + " |"


def steps(step: Step, margin: str = "") -> Iterator[str]:
    """Draw what follows a step, as a tree."""
    if not margin:
        yield step.value
    moves = TRANSITIONS[step]
    for event, after in moves.items():
        last = event == list(moves)[-1]
        yield f"{margin}{'└─' if last else '├─'} {event} → {after}{'' if TRANSITIONS[after] else ' ■'}"
        yield from steps(after, margin + ("   " if last else "│  ")) if TRANSITIONS[after] else ()


def pages() -> dict[Path, str]:
    """Give every generated page and its text."""
    reference = DOCS / "reference"
    texts = {
        reference / "problems.md": problems(),
        reference / "malformed.md": malformed(),
        reference / "checks.md": checks(),
        XSD: aaf_xsd(),
    }
    texts[FORMATS / "carried.md"] = carried()
    texts[STATE_JSON] = state_json()
    texts[BILAN_JSON] = bilan_json()
    texts[reference / "schemas.md"] = schemas()
    texts[reference / "life-cycle.md"] = life_cycle()
    texts |= {reference / "api" / f"{module}.md": api(module, title) for module, title in MODULES.items()}
    return {path: "\n".join(lines) + "\n" for path, lines in texts.items()}


def stale() -> list[Path]:
    """Give the pages that are not what the code says."""
    return [path for path, text in pages().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]


if __name__ == "__main__":
    behind = stale()
    for page in behind:
        print(page.relative_to(ROOT))
        if "--check" not in sys.argv:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(pages()[page], encoding="utf-8")
    sys.exit("not current: run python docs/generate.py" if behind and "--check" in sys.argv else 0)
