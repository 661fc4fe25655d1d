"""Reading a delivery: all its files together, into a directory or a list of changes (aaf 1, 6.3)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from os import PathLike

from attrs import field, frozen

from entformats._files import Part, Source, parts
from entformats._xml import XmlReader
from entformats.aaf.consistency import inconsistencies
from entformats.aaf.degrees import Degree
from entformats.aaf.directory import Directory
from entformats.aaf.fast import memos
from entformats.aaf.folders import LIST, Folders, deliveries, folders_of
from entformats.aaf.manifest import (
    ArchiveName,
    FileName,
    Kind,
    Manifest,
    PartInfo,
    parse_archive,
    parse_comments,
    parse_name,
)
from entformats.aaf.models import Pupil, Record, Staff
from entformats.aaf.prefix import prefixed
from entformats.aaf.reader import FileReader
from entformats.aaf.reference import unresolved
from entformats.aaf.requests import Add, Request
from entformats.aaf.scope import ALL, Scope, Scoped, scope_of
from entformats.aaf.selection import Selection
from entformats.aaf.table import Category
from entformats.codes.jointure import Jointure
from entformats.errors import UnreadableInput, WrongFormat
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.problems import Findings, Location, Problem, Report, problem

__all__ = ["Delivery", "read"]

COMPANIONS = (".dtd", ".md5")
"""Files that go with a delivery and need no mention."""
SNIFFED = 4_096
LINE_BITS = 40
TOTALS = ("io_total_bytes", "io_files", "archive_ratio")
"""Limits on the whole source: passing one stops everything."""


@frozen(repr=False)
class _Places:
    """Endroits: file and line of each record, in one integer a record, in the order of the directory."""

    directory: Directory
    files: tuple[str, ...] = ()
    packed: FrozenMap[Category, array[int]] = FrozenMap()  # noqa: RUF009 - frozen

    def location(self, category: Category, key: Jointure) -> Location:
        """Give the place of a record; raises KeyError when there is none."""
        packed = self.packed[category][self._numbers[category][key]]
        return Location(self.files[packed >> LINE_BITS], packed & ((1 << LINE_BITS) - 1), 0, "", category.value, key)

    @cached_property
    def _numbers(self) -> FrozenMap[Category, dict[Jointure, int]]:
        return FrozenMap(
            (category, {key: number for number, key in enumerate(table)})
            for category, table in self.directory.tables.items()
        )


@frozen(repr=False)
class Delivery:
    """Livraison: what was read of one delivery.

    Of a complete one, `directory` holds the records and `changes` is empty. Of a delta, `changes` holds the requests,
    in the order of the files, and `directory` is empty: a delta says nothing without the directory it applies to.

    >>> delivery = read(b"<ficAlimMENESR/>")
    >>> delivery.complete, delivery.changes
    (True, ())
    """

    manifest: Manifest
    directory: Directory
    changes: tuple[Request, ...]
    complete: bool
    """Whether it describes everybody: no delta file, no modification and no deletion in it."""
    report: Report
    _places: _Places = field(eq=False)

    @property
    def degree(self) -> Degree | None:
        """Degré de la livraison, told by the names of the attributes, else announced; None when neither tells one."""
        found = self.manifest.degrees
        return next(iter(found)) if len(found) == 1 else None

    def where(self, key: Jointure, category: Category | None = None) -> Location:
        """Give the file and line of a record of the directory.

        An identifier may be in two categories: `category` says which; by default the first one that has it. Raises
        KeyError when the directory does not have it.
        """
        tables = self.directory.tables
        holders = [one for one in Category if category in (None, one) and key in tables[one]]
        if not holders:
            raise KeyError(key)
        return self._places.location(holders[0], key)

    def __repr__(self) -> str:
        """Show the numbers only."""
        kind = "complete" if self.complete else f"{len(self.changes)} changes"
        return f"<Delivery {kind} {self.directory!r}>"


def read(
    source: Source,
    *,
    scope: Scoped = ALL,
    prefix_keys: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Delivery:
    """Lire une livraison AAF: a file, a folder, a zip or tar.gz, or a delivery in memory (name -> content).

    A file that cannot be read is an error in the report, its category is in `manifest.incomplete`, and the others are
    read. Files that are no part of a delivery are ignored, with an `ignored_file`. References are resolved once
    everything is read.

    A folder may hold one sub-folder an academy, with or without the list `importDirectories.json`. With `prefix_keys`
    every identifier of a sub-folder begins with `<folder>-`, so that those of two academies never meet; without,
    several deliveries together are a finding (`several_deliveries`, `several_academies`).

    `scope` limits what is read to categories, schools, fields. With schools, references to people and structures that
    were left out are not judged, and the requests of a delta that do not tell their school are kept.

    Raises `UnreadableInput` when no file at all can be read, or a limit on the whole source is passed; `WrongFormat`
    (`not_aaf_delivery`) when there is nothing of AAF in it.

    >>> file = b'''<ficAlimMENESR><addRequest>
    ... <operationalAttributes><attr name="categorieMatiere"><value>MatEducNat</value></attr></operationalAttributes>
    ... <identifier><id>030201</id></identifier>
    ... <attributes><attr name="ENTMatJointure"><value>030201</value></attr>
    ... <attr name="ENTLibelleMatiere"><value>ANGLAIS LV1</value></attr></attributes>
    ... </addRequest></ficAlimMENESR>'''
    >>> delivery = read({"Complet_20240916_MatiereEducNat_0000.xml": file})
    >>> delivery.complete, len(delivery.directory.subjects), delivery.where("030201").line
    (True, 1, 1)
    """
    loader = _Loader(scope_of(scope), limits, _archive(source), prefix_keys=prefix_keys)
    found = sorted(parts(source, limits=limits), key=_order)
    for part in loader.arranged(found):
        loader.load(part, alone=len(found) == 1)
    return loader.delivery()


def _archive(source: Source) -> ArchiveName | None:
    """Read the name of the archive, where the source has a name."""
    name = source if isinstance(source, str | PathLike) else getattr(source, "name", "")
    text = str(name) if isinstance(name, str | PathLike) else ""
    return parse_archive(text.replace("\\", "/").rpartition("/")[2])


def _order(part: Part) -> tuple[int, str, int, str]:
    """Order files by category, series and number; the order of the source does not matter."""
    name = parse_name(part.name)
    if name is None:
        return len(Category), "", 0, part.path
    categories = [category.value for category in Category]
    rank = categories.index(name.announced) if name.announced in categories else len(Category)
    return rank, "".join(map(str, name.series)), name.part, part.path


class _Loader:
    """Chargement: gathers what the files of a delivery hold."""

    def __init__(self, scope: Scope, limits: Limits, archive: ArchiveName | None, *, prefix_keys: bool) -> None:
        self._archive = archive
        self._prefix_keys = prefix_keys
        self._folders = Folders()
        self._selection = Selection(scope.schools) if scope.schools else None
        self._ordered = self._settled = False
        self._scope = scope
        self._limits = limits
        self._memo = memos(keep=True)
        self._tables: dict[Category, dict[Jointure, Record]] = {category: {} for category in Category}
        self._packed = {category: array("Q") for category in Category}
        self._changes: list[Request] = []
        self._infos: list[PartInfo] = []
        self._metadata: dict[str, tuple[str, ...]] = {}
        self._findings = Findings(stored_per_code=limits.stored_per_code)
        self._delivered: set[Category] = set()
        self._incomplete: set[Category] = set()
        self._errors: list[UnreadableInput] = []
        self._seen = False
        self._delta = False
        self._full = False

    def arranged(self, found: Sequence[Part]) -> list[Part]:
        """Give the parts to read; a folder that is listed and absent leaves every category incomplete."""
        self._folders = folders_of(found, self._findings)
        if self._folders.listed is not None:
            held = {self._folders.of(part.path) for part in found}
            self._incomplete.update(Category if self._folders.listed - held else ())
        read = [part for part in found if part.name != LIST and self._folders.reads(part.path)]
        self._ordered = all(parse_name(part.name) or part.name.lower().endswith(COMPANIONS) for part in read)
        count = deliveries(self._folders, [part.path for part in read])
        if count > 1 and not self._prefix_keys:
            self._findings.found("several_deliveries", folders=count)
        return read

    def load(self, part: Part, *, alone: bool) -> None:
        """Read one file, or say why not."""
        name = parse_name(part.name)
        if name is not None and name.announced == "InfosEducNat":
            self._read_infos(part)
        elif name is not None and name.category is not None:
            self._seen = True
            if name.category in self._scope:
                self._read(part, name)
        elif alone:
            self._read(part, None)
        elif name is not None:
            self._findings.found("ignored_file", Location(part.name))
        elif not part.name.lower().endswith(COMPANIONS):
            self._sniff(part)

    def _sniff(self, part: Part) -> None:
        """Read a file under another name when its content is that of AAF; nobody knows what one not read holds."""
        chunks = part.chunks()
        try:
            head = next(chunks, b"")
        except UnreadableInput as error:
            self._failed(error)
            self._incomplete.update(Category)
            return
        if head[:SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<ficAlimMENESR" in head[:SNIFFED]:
            self._read(Part(part.name, part.path, lambda: chain([head], chunks)), None)
        else:
            self._findings.found("ignored_file", Location(part.name))

    def _read(self, part: Part, name: FileName | None) -> None:
        """Read one file of records; without a name it is a delta when it modifies or deletes, or its archive is one."""
        announced = self._archive.degree if self._archive else None
        reader = FileReader(part, scope=self._scope, limits=self._limits, memo=self._memo, announced=announced)
        prefix = self._folders.prefix(part.path) if self._prefix_keys else ""
        number = len(self._infos)
        failures = len(self._errors)
        requests: Iterable[Request] = self._requests(reader)
        if name is None:
            requests = list(requests)
        if name is None:
            named = self._archive is not None and self._archive.kind is Kind.DELTA
            delta = named or any(not isinstance(one, Add) for one in requests)
        else:
            delta = name.kind is Kind.DELTA
        self._delta |= delta
        self._full |= not delta
        count = 0
        for request in requests:
            count += 1
            self._take(prefixed(request, prefix) if prefix else request, number, delta=delta)
        whole = len(self._errors) == failures
        self._infos.append(
            PartInfo(part.path, name, parse_comments(reader.comments), count, whole, reader.degrees, reader.announced)
        )
        if name is not None and whole and not count and not delta and not reader.refused:
            self._findings.found("empty_part", Location(part.name), category=name.announced)
        category = name.category if name else None
        if category is not None:
            self._delivered.add(category)
        refused = set(reader.refused) if whole else {*reader.refused, category}
        self._incomplete.update(Category if None in refused else (one for one in refused if one is not None))

    def _requests(self, reader: FileReader) -> Iterator[Request]:
        try:
            for item in reader.items():
                if isinstance(item, Problem):
                    self._findings.add(item)
                else:
                    yield item
        except UnreadableInput as error:
            self._failed(error)

    def _failed(self, error: UnreadableInput) -> None:
        """Note that a file cannot be read; a limit on the whole source stops everything."""
        if error.problem.slug in TOTALS:
            raise error
        self._findings.add(error.problem)
        self._errors.append(error)

    def _take(self, request: Request, number: int, *, delta: bool) -> None:
        self._delivered.add(request.category)
        if delta or not isinstance(request, Add):
            self._delta = True
            self._changes.append(request)
        elif not self._wanted(request.record):
            pass
        elif request.key in self._tables[request.category]:
            self._findings.found("duplicate_identifier", request.where)
        else:
            self._tables[request.category][request.key] = request.record
            self._packed[request.category].append(number << LINE_BITS | request.where.line)

    def _wanted(self, record: Record) -> bool:
        """Tell whether a record may be of the schools asked for; people come after the structures, if files are named.

        The rest is decided once everything is read: whoever is surely not wanted takes no memory until then.
        """
        if self._selection is None or not self._ordered or not isinstance(record, Pupil | Staff):
            return True
        if not self._settled:
            self._selection.settle(self._tables[Category.SCHOOLS].values())
            self._settled = True
        return self._selection.keeps(record)

    def _read_infos(self, part: Part) -> None:
        """Keep the parameters of `InfosEducNat`, which has a grammar of its own (aaf 3bis)."""
        try:
            for record in XmlReader(part.chunks(), file=part.name, limits=self._limits).records():
                for one in record.iter("param"):
                    values = [value.text or "" for value in one.iter("value")] or [one.text or ""]
                    self._metadata[one.get("name") or ""] = tuple(values)
        except UnreadableInput as error:
            if error.problem.slug in TOTALS:
                raise
            self._findings.found("unreadable_infos", error.problem.where)

    def delivery(self) -> Delivery:
        """Put together what was read."""
        if self._errors and not any(info.read for info in self._infos):
            raise self._errors[0]
        if not self._infos and not self._seen:
            raise WrongFormat(problem("not_aaf_delivery"))
        self._missing_parts()
        if self._delta and self._full:
            self._findings.found("mixed_delivery")
        delivered, incomplete = frozenset(self._delivered), frozenset(self._incomplete)
        judged = delivered - incomplete - self._selected()
        directory = Directory.from_tables(self._tables)
        self._tables.clear()
        files = tuple(info.path.rpartition("/")[2] for info in self._infos)
        places = _Places(directory, files, FrozenMap(self._packed))
        manifest = Manifest(
            tuple(self._infos), delivered, incomplete, FrozenMap(self._metadata), self._archive, self._scope
        )
        for one in chain(
            unresolved(directory, places.location, judged),
            inconsistencies(manifest, directory, places.location, joined=self._prefix_keys),
        ):
            self._findings.add(one)
        report = self._findings.report()
        return Delivery(manifest, directory, tuple(self._changes), not self._delta, report, places)

    def _selected(self) -> frozenset[Category]:
        """Keep the schools asked for; give the categories of which references can no longer be judged."""
        selection = self._selection
        if selection is None:
            return frozenset()
        for category, kept in selection.kept(self._tables).items():
            pairs = zip(self._tables[category].items(), self._packed[category], strict=True)
            left = [(key, record, packed) for (key, record), packed in pairs if key in kept]
            self._tables[category] = {key: record for key, record, _ in left}
            self._packed[category] = array("Q", (packed for _, _, packed in left))
        self._changes = [one for one in self._changes if not isinstance(one, Add) or selection.keeps(one.record)]
        for school in selection.absent:
            self._findings.found("scope_school_absent", school=school)
        return frozenset({Category.SCHOOLS, Category.PUPILS})

    def _missing_parts(self) -> None:
        """Report the numbers missing in each series; it begins at 0, or at 1 (aaf 1.4)."""
        series: dict[tuple[str, ...], list[FileName]] = {}
        for info in self._infos:
            if info.name is not None:
                series.setdefault((self._folders.of(info.path), *info.name.series), []).append(info.name)
        for names in series.values():
            numbers = {name.part for name in names}
            for part in range(min(1, *numbers), max(numbers)):
                if part not in numbers:
                    self._findings.found("missing_part", category=names[0].announced, part=part)
                    self._incomplete.update(name.category for name in names[:1] if name.category)
