"""What is compared: one case a process, on one file. `python -m benchmarks.cases CASE FILE` prints what it read."""

from __future__ import annotations

import pickle
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

CASES: Final[dict[str, Callable[[str], object]]] = {}


def case(read: Callable[[str], object]) -> Callable[[str], object]:
    """Register a case under its name."""
    CASES[read.__name__] = read
    return read


@case
def lxml_bare(path: str) -> int:
    """`lxml.etree.iterparse(tag=)` and `clear()`: every record is built and nothing is done with it."""
    from lxml import etree

    count = 0
    for _, record in etree.iterparse(path, tag="addRequest"):
        count += 1
        record.clear()
        while record.getprevious() is not None:
            del record.getparent()[0]
    return count


@case
def expat_bare(path: str) -> int:
    """The standard library's expat without any handler: the floor of what Python reaches."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    with Path(path).open("rb") as file:
        parser.ParseFile(file)
    return 0


@case
def stream(path: str) -> int:
    """`aaf.iter_records`: typed records, findings and places, one at a time."""
    from entformats import aaf

    return sum(isinstance(item, aaf.Add) for item in aaf.iter_records(Path(path)))


@case
def checked(path: str) -> int:
    """`entformats.check`: the whole delivery read, its references resolved, every check of it run."""
    from datetime import date

    import entformats

    return sum(entformats.check(Path(path), today=date(2026, 9, 1)).counts.values())


@case
def keep(path: str) -> int:
    """`aaf.read`: the whole delivery as a directory, references resolved."""
    from entformats import aaf

    return sum(map(len, aaf.read(Path(path)).directory.tables.values()))


@case
def lxml_dict(path: str) -> int:
    """A pull parser that takes and deletes finished records, and makes a dict of texts of each."""
    from lxml import etree

    def records() -> Iterator[etree._Element]:
        wanted = {"events": ("start",), "tag": "ficAlimMENESR"}
        parser = etree.XMLPullParser(**wanted, remove_blank_text=True, remove_comments=True)
        root = None
        with Path(path).open("rb") as file:
            while piece := file.read(1 << 17):
                parser.feed(piece)
                if root is None:
                    root = next(iter(parser.read_events()))[1]
                yield from root[:-1]
                del root[:-1]
        yield from root if root is not None else ()

    made = ({attr.get("name"): [value.text for value in attr] for attr in one[2]} for one in records())
    return sum(1 for _ in made)


@case
def stdlib_dict(path: str) -> int:
    """`xml.etree.ElementTree.iterparse`, and a dict of texts of each record."""
    from xml.etree import ElementTree as ET

    count = 0
    events = ET.iterparse(path, events=("start", "end"))
    _, root = next(events)
    for event, record in events:
        if event == "end" and record.tag == "addRequest":
            made = {attr.get("name"): [value.text for value in attr] for attr in record[2]}
            count += bool(made)
            root.clear()
    return count


@case
def xsdata(path: str) -> int:
    """`xsdata` with its lxml handler, on dataclasses that say what the DTD says."""
    from xsdata.formats.dataclass.parsers import XmlParser
    from xsdata.formats.dataclass.parsers.handlers import LxmlEventHandler

    from benchmarks.dataclass_models import File

    return len(XmlParser(handler=LxmlEventHandler).from_path(Path(path), File).requests)


@case
def xmlschema(path: str) -> int:
    """`xmlschema.iter_decode`, lazily, with the XSD of this project."""
    from xmlschema import XMLResource, XMLSchema

    schema = XMLSchema(Path(__file__).parents[1] / "schemas" / "aaf.xsd")
    resource_ = XMLResource(path, lazy=True)
    return sum(1 for _ in schema.iter_decode(resource_, path="/ficAlimMENESR/addRequest", validation="lax"))


@case
def pandas(path: str) -> int:
    """`pandas.read_xml(iterparse=)`: one row an attribute; it loses several values and whose they are."""
    import pandas as pd

    return len(pd.read_xml(path, iterparse={"attr": ["name", "value"]}, parser="lxml"))


@case
def index(path: str) -> int:
    """The first reading of the incremental lane; the index is pickled beside the file."""
    from entformats import aaf

    reading = aaf.Successor(Path(path))
    count = sum(1 for _ in reading)
    Path(path).with_suffix(".index").write_bytes(pickle.dumps(reading.index, pickle.HIGHEST_PROTOCOL))
    return count


@case
def successor(path: str) -> str:
    """The incremental lane and the full reader on the same successor: CPU seconds, and memory of the lane."""
    from entformats import aaf

    with Path(path).with_name("first.index").open("rb") as file:
        previous = pickle.load(file)  # noqa: S301 - made by the case `index`
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    reading = aaf.Successor(Path(path), previous)
    for _ in reading:
        pass
    lane = time.process_time() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    del previous
    start = time.process_time()
    for _ in aaf.iter_records(Path(path)):
        pass
    full = time.process_time() - start
    return f"{lane:.4f} {full:.4f} {(after - before) / 1024:.1f} {reading.reused} {reading.typed}"


if __name__ == "__main__":
    print(CASES[sys.argv[1]](sys.argv[2]))
