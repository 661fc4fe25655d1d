"""A delivery applied to a directory: a complete one replaces, a delta adds, modifies and deletes (aaf 1.8, 2.3, 6.3).

No state is hidden: the date of the last delivery and the requests that wait are arguments, and come back in the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from attrs import frozen

from entformats.aaf.delivery import Delivery
from entformats.aaf.diff import DirectoryDiff, Pair, compare
from entformats.aaf.directory import Directory
from entformats.aaf.manifest import Kind, parse_name
from entformats.aaf.models import Record, School, Shape
from entformats.aaf.modification import modified
from entformats.aaf.perimeter import Perimeter
from entformats.aaf.reference import references
from entformats.aaf.requests import Add, Delete, Modify, Request
from entformats.aaf.table import Category
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.names import compact
from entformats.problems import Findings, Location, Report

__all__ = ["Applied", "apply", "replay"]

ACADEMY: Final = "codeAcademieExport"


@frozen(repr=False)
class Applied:
    """Livraison appliquée: the directory after, and what it took to get there.

    >>> from entformats.aaf.delivery import read
    >>> apply(Directory(), read(b"<ficAlimMENESR/>"))
    <Applied <DirectoryDiff>>
    """

    directory: Directory
    changes: DirectoryDiff
    """Difference between the directory before and the directory after."""
    report: Report
    until: date | None = None
    """Date of the latest delivery applied: `since` of the next call."""
    pending: tuple[Request, ...] = ()
    """Modifications of records that are not there, kept for replay: `pending` of the next call."""
    refused: tuple[Request, ...] = ()
    """Requests of files that are too old, or of another academy: not applied."""

    def __repr__(self) -> str:
        """Show the numbers only."""
        return f"<Applied {self.changes!r}>"


def apply(
    directory: Directory,
    delivery: Delivery,
    *,
    since: date | None = None,
    pending: Iterable[Request] = (),
    closed: Collection[Jointure] = (),
    other_academy: bool = False,
) -> Applied:
    """Appliquer une livraison à un annuaire.

    A complete delivery replaces what it covers. Nobody leaves because of what it lacks: the records of a category that
    is absent, empty or incomplete stay, so do the people of a structure that is not in it, unless the structure is
    `closed`. Findings: `absent_category`, `incomplete_category`, `absent_structure`, `unplaced_kept`.

    A delta does what its requests say, in the order of the files, then of each file: an addition takes the place of a
    record already there (`add_known`), a modification replaces the attributes that it names, a deletion removes. What
    has no target changes nothing: `modify_unknown`, kept in `pending`, and `delete_unknown`. Other findings:
    `several_requests`, `added_after_deletion`, `incomplete_delta`, `deleted_structure`, `dangling_reference`. Of a
    delivery that mixes both, the complete files come first, then the deltas dated after them.

    `since` is the date of the last delivery applied: a complete file before it, a delta that is not after it, is void
    (`older_delivery`, `undated_delivery`). A delivery whose academies are all strangers to those of the directory is
    refused (`foreign_academy`), unless `other_academy`. `pending` are the requests that waited; they are replayed at
    their date.

    Raises `UsageError` for a delta that modifies or deletes, applied to a directory that holds nothing.

    >>> from entformats.aaf.delivery import read
    >>> file = b'''<ficAlimMENESR><addRequest>
    ... <operationalAttributes><attr name="categorieMatiere"><value>MatEducNat</value></attr></operationalAttributes>
    ... <identifier><id>030201</id></identifier>
    ... <attributes><attr name="ENTMatJointure"><value>030201</value></attr>
    ... <attr name="ENTLibelleMatiere"><value>ANGLAIS LV1</value></attr></attributes>
    ... </addRequest></ficAlimMENESR>'''
    >>> applied = apply(Directory(), read({"Delta_20240917_MatiereEducNat_0000.xml": file}))
    >>> applied.changes, applied.until
    (<DirectoryDiff MatiereEducNat +1 ~0 -0>, datetime.date(2024, 9, 17))
    """
    full = delivery.complete or _holds(delivery.directory)
    if not full and not _holds(directory) and any(not isinstance(one, Add) for one in delivery.changes):
        raise UsageError("a delta says nothing without the directory that it applies to")
    run = _Run(directory, since)
    if not other_academy and _foreign(directory, delivery):
        run.findings.found("foreign_academy", academy=" ".join(sorted(_codes_of(delivery))))
        return Applied(directory, DirectoryDiff(), run.findings.report(), since, tuple(pending), delivery.changes)
    waiting = list(pending)
    if full and run.accepts(_date_of(delivery, Kind.COMPLETE)):
        run.replace(delivery, closed)
        waiting = [one for one in waiting if one.key not in delivery.directory.tables[one.category]]
    elif delivery.manifest.incomplete:
        run.incomplete(delivery.manifest.incomplete)
    run.perform(waiting, delivery.changes)
    return run.applied()


def replay(deliveries: Iterable[Delivery], *, directory: Directory | None = None, since: date | None = None) -> Applied:
    """Assembler des livraisons: the most recent complete one, then the deltas dated after it, in order (aaf 1.8).

    The others are void, which is reported (`void_delivery`). Without a complete one, the deltas are applied to
    `directory`. The report puts together those of the calls of `apply`.

    >>> from entformats.aaf.delivery import read
    >>> replay([read(b"<ficAlimMENESR/>")]).changes
    <DirectoryDiff>
    """
    start = directory if directory is not None else Directory()
    given = sorted(deliveries, key=lambda one: (_latest(one) or date.min, not one.complete))
    base = max((number for number, one in enumerate(given) if one.complete), default=0)
    findings = Findings()
    for one in given[:base]:
        findings.found("void_delivery", date=str(_latest(one) or "?"))
    applied = Applied(start, DirectoryDiff(), findings.report(), since)
    for one in given[base:]:
        step = apply(applied.directory, one, since=applied.until, pending=applied.pending)
        changes, report = applied.changes.compose(step.changes), applied.report.merged(step.report)
        refused = (*applied.refused, *step.refused)
        applied = Applied(step.directory, changes, report, step.until, step.pending, refused)
    return applied


def _holds(directory: Directory) -> bool:
    return any(directory.tables.values())


def _latest(delivery: Delivery) -> date | None:
    return max(delivery.manifest.dates, default=None)


def _date_of(delivery: Delivery, kind: Kind) -> date | None:
    names = (part.name for part in delivery.manifest.parts)
    return max((name.date for name in names if name and name.kind is kind and name.date), default=None)


def _day(request: Request) -> date | None:
    """Give the date of the file that a request comes from."""
    name = parse_name(request.where.file)
    return name.date if name else None


def _foreign(directory: Directory, delivery: Delivery) -> bool:
    """Tell whether no academy of a delivery is one of the directory, by codes, else labels; unknown is not foreign."""
    known, found = {_code(one.academy_code) for one in directory.schools.values()} - {""}, _codes_of(delivery)
    if not known or not found:
        known = {compact(one.academy) for one in directory.schools.values()} - {""}
        found = {compact(one.academy) for one in _schools(delivery)} - {""}
    return bool(known) and bool(found) and known.isdisjoint(found)


def _codes_of(delivery: Delivery) -> set[str]:
    headers = {_code(part.headers.get(ACADEMY, "")) for part in delivery.manifest.parts}
    return (headers | {_code(one.academy_code) for one in _schools(delivery)}) - {""}


def _schools(delivery: Delivery) -> list[School]:
    added = [one.record for one in delivery.changes if isinstance(one, Add)]
    return [*delivery.directory.schools.values(), *(one for one in added if isinstance(one, School))]


def _code(text: str) -> str:
    """Write an academy code without its zeros: `013` in the records is `13` in the headers (aaf 1.6)."""
    return text.strip().lstrip("0")


class _Run:
    """Application d'une livraison: the tables on their way, and what was found."""

    def __init__(self, directory: Directory, since: date | None) -> None:
        self.findings = Findings()
        self._start = directory
        self._tables: dict[Category, dict[Jointure, Record]] = {}
        self._touched: dict[Category, dict[Jointure, Record | None]] = {category: {} for category in Category}
        self._replaced = False
        self._since = self._floor = self._until = since
        self._seen: dict[tuple[date | None, Category, Jointure], type[Request]] = {}
        self._pending: dict[tuple[Category, Jointure], list[Modify]] = {}
        self._refused: list[Request] = []
        self._shapes: dict[Shape, Shape] = {}

    def accepts(self, day: date | None) -> bool:
        """Tell whether a complete delivery of that day is not void."""
        if self._since is not None and day is None:
            self.findings.found("undated_delivery")
        elif self._since is not None and day is not None and day < self._since:
            self.findings.found("older_delivery", date=str(day), since=str(self._since))
            return False
        self._reach(day)
        self._floor = day if day is not None else self._floor
        return True

    def _reach(self, day: date | None) -> None:
        if day is not None:
            self._until = day if self._until is None else max(day, self._until)

    def incomplete(self, categories: Collection[Category]) -> None:
        """Say that a delta could not be read whole."""
        for category in sorted(categories):
            self.findings.found("incomplete_delta", Location(kind=category.value), category=category.value)

    def replace(self, delivery: Delivery, closed: Collection[Jointure]) -> None:
        """Take the records of a complete delivery; those that say the same stay the same objects."""
        perimeter = Perimeter(self._start, delivery.directory, delivery.manifest.incomplete, closed)
        for category, old in self._start.tables.items():
            table = self._tables[category] = dict(delivery.directory.tables[category])
            for key, after in table.items():
                before = old.get(key)
                if before is not None and before == after and before.shape == after.shape:
                    table[key] = before
            table.update(perimeter.kept(category))
        perimeter.report(self.findings)
        self._replaced = True

    def perform(self, waiting: Collection[Request], requests: Collection[Request]) -> None:
        """Do what is asked, in the order of the dates of the files; a request without a date comes first."""
        order = [(_day(one), False, one) for one in waiting] + [(_day(one), True, one) for one in requests]
        void: Counter[tuple[str, date]] = Counter()
        undated = False
        for day, new, request in sorted(order, key=lambda one: one[0] or date.min):
            if new and day is not None and self._floor is not None and day <= self._floor:
                self._refused.append(request)
                void[request.where.file, day] += 1
                continue
            if new:
                self._reach(day)
                undated |= day is None
                self._repeated(day, request)
            self._do(request)
        for file, day in void:
            self.findings.found("older_delivery", Location(file), date=str(day), since=str(self._floor))
        if undated and self._floor is not None:
            self.findings.found("undated_delivery")

    def _repeated(self, day: date | None, request: Request) -> None:
        """Report a second request for one record in one delta (aaf 2.3)."""
        at = (day, request.category, request.key)
        before, self._seen[at] = self._seen.get(at), type(request)
        if before is Delete and isinstance(request, Add):
            self.findings.found("added_after_deletion", request.where)
        elif before is not None:
            self.findings.found("several_requests", request.where)

    def _do(self, request: Request) -> None:
        """Do one request; what has no target changes nothing. A record given whole makes what waited for it void."""
        at = (request.category, request.key)
        table = self._table(request.category)
        before = table.get(request.key)
        if before is None and not isinstance(request, Add):
            if isinstance(request, Modify):
                self._pending.setdefault(at, []).append(request)
            else:
                self._pending.pop(at, None)
                self.findings.found("delete_unknown", request.where)
            return
        self._touched[request.category].setdefault(request.key, before)
        if isinstance(request, Add):
            self._pending.pop(at, None)
            if before is not None:
                self.findings.found("add_known", request.where)
            table[request.key] = request.record
        elif isinstance(request, Delete):
            del table[request.key]
        else:
            assert before is not None
            table[request.key] = modified(before, request, shapes=self._shapes)

    def _table(self, category: Category) -> dict[Jointure, Record]:
        if category not in self._tables:
            self._tables[category] = dict(self._start.tables[category])
        return self._tables[category]

    def applied(self) -> Applied:
        """Put the result together."""
        pending = tuple(one for waiting in self._pending.values() for one in waiting)
        for one in pending:
            self.findings.found("modify_unknown", one.where)
        directory = Directory.from_tables({**self._start.tables, **self._tables})
        self._deleted_structures(directory)
        self._dangling(directory)
        changes = compare(self._start, directory) if self._replaced else self._changes()
        report = self.findings.report()
        return Applied(directory, changes, report, self._until, pending, tuple(self._refused))

    def _changes(self) -> DirectoryDiff:
        tables: dict[Category, dict[Jointure, Pair]] = {}
        for category, touched in self._touched.items():
            now = self._table(category) if touched else {}
            tables[category] = {key: (before, now.get(key)) for key, before in touched.items()}
        return DirectoryDiff.from_tables(tables)

    def _deleted_structures(self, directory: Directory) -> None:
        """Report the structures deleted, with the people still attached to them: no consumer deletes one (aaf 2.3)."""
        deleted = [key for key, old in self._touched[Category.SCHOOLS].items() if old and key not in directory.schools]
        if deleted:
            people = Counter(one.school for one in directory.pupils.values())
            people.update(one.school for one in directory.staff.values())
            for key in sorted(deleted):
                where = Location(kind=Category.SCHOOLS.value, key=key)
                self.findings.found("deleted_structure", where, count=people[key])

    def _dangling(self, directory: Directory) -> None:
        """Report the references of the records touched that lead nowhere in the directory after (aaf 6.1, 7)."""
        tables = directory.tables
        touched = Directory.of(
            tables[name][key] for name, keys in self._touched.items() for key in keys if key in tables[name]
        )
        for one in references(touched):
            outside = one.category is Category.STAFF and one.target_category is Category.SCHOOLS
            if not outside and tables[one.target_category] and one.target not in tables[one.target_category]:
                where = Location(kind=one.category.value, key=one.key, attribute=one.attribute)
                self.findings.found("dangling_reference", where, target=one.target, category=one.target_category.value)
