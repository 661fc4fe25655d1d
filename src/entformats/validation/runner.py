"""The run of a check: each input is read and checked, then all of them against each other, then the profile applies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import TypeAlias, assert_never

from attrs import evolve, frozen

from entformats import aaf, edt, pronote
from entformats._files import Source, contents, is_folder, peek
from entformats.codes import uai
from entformats.codes.uai import Uai
from entformats.errors import InvalidValue, UnreadableInput, UsageError
from entformats.identify import HEAD, FileKind, Format, identify
from entformats.limits import Limits
from entformats.problems import Findings, Input, Location, Problem, Ran, Report, problem
from entformats.reading import Reading, read
from entformats.validation import stages
from entformats.validation.compared import compared
from entformats.validation.crossing import Together, crossed
from entformats.validation.exports import EXPORT_CHECKS
from entformats.validation.profile import DEFAULT, CheckProfile

__all__ = ["check"]

_JOINED = frozenset({Format.STS, Format.SIECLE})
_DELIVERIES = frozenset({Format.AAF, Format.UDT, *_JOINED})
"""Formats of which a folder is one thing."""


def check(
    *sources: Source,
    today: date,
    profile: CheckProfile = DEFAULT,
    only: str | None = None,
    previous: aaf.Directory | None = None,
    decrypt: edt.Decryptor | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Report:
    """Contrôler des fichiers: everything that reading them finds, the checks of what was read, and sources together.

    `today` is the day of the check: it tells the school year that is expected. `profile` gives findings another level,
    or silences them. `only` is the UAI of one school: deliveries are read with this scope, and a timetable of another
    school is an error. `previous` is the directory known before: losses that look like a missing file are errors.
    `decrypt` opens encrypted exports. The files of STS-Web and SIECLE are read together, as one timetable. A folder
    that is no delivery is as many sources as it has files; those that nothing recognises are an `unrecognised_file`.

    It never raises on data: what cannot be read is a finding, with its place. `report.verdict` sums up, `report.stages`
    says what was looked at, and why something was not. Problems: those of each reader, those of `aaf.check` for a
    delivery, `not_this_school_year`, and those of `CROSSINGS` between sources, matching included. Raises `UsageError`
    when `only` is no UAI, or with a source of no known type.

    >>> report = check(b"<ExportEmploiDuTemps", today=date(2022, 9, 1))
    >>> report.verdict, [found.slug for found in report.problems]
    (<Verdict.UNUSABLE: 'unusable'>, ['xml_truncated'])
    """
    run = _Run(today, None if only is None else _uai(only), previous, decrypt, limits)
    checked = [run.unit(unit) for unit in _units(_seen(sources, limits))]
    found = Findings(stored_per_code=limits.stored_per_code)
    for one in checked:
        found.merge(one.report)
    readings = tuple(one.reading for one in checked if one.reading is not None)
    together = Report.of(crossed(Together.of(readings)), stored_per_code=limits.stored_per_code)
    found.merge(together)
    inputs = sorted((pair for one in checked for pair in one.inputs), key=lambda pair: pair[0])
    return evolve(
        profile.apply(found.report()),
        inputs=tuple(one for _, one in inputs),
        stages=(*(ran for one in checked for ran in one.stages), stages.between(readings, together)),
        today=today,
    )


def _uai(text: str) -> Uai:
    try:
        return uai.parse(text)
    except InvalidValue as error:
        message = f"only must be a UAI, not {text!r}"
        raise UsageError(message) from error


@frozen
class _Seen:
    """Source vue: what `identify` says of it, or why it cannot."""

    number: int
    source: Source
    input: Input
    format: Format | None
    error: UnreadableInput | None = None


_Unit: TypeAlias = Sequence[_Seen]
"""What is read in one go."""


@frozen
class _Checked:
    inputs: tuple[tuple[int, Input], ...]
    reading: Reading | None
    report: Report
    stages: tuple[Ran, ...]


def _seen(sources: Sequence[Source], limits: Limits) -> Iterator[_Seen]:
    """Look at each source, and number what will be read."""
    looked = (one for source in sources for one in _looked(source, limits))
    return (evolve(one, number=number) for number, one in enumerate(looked))


def _looked(source: Source, limits: Limits) -> Iterator[_Seen]:
    """Look at a source; a folder that is no delivery is as many sources as it has files."""
    name = _name(source)
    whole = _look(name, source, limits)
    if not is_folder(source) or whole.error is not None or whole.format in _DELIVERIES:
        yield whole
        return
    files = [_look(part.path, _inside(source, part.path), limits) for part in contents(source, limits=limits)]
    known = any(one.format not in {None, Format.UNKNOWN} for one in files)
    for one in files:
        yield evolve(one, format=None) if known and one.format is Format.UNKNOWN else one
    if not files:
        yield whole


def _inside(source: Source, path: str) -> Source:
    """Give one file of a folder, with its name."""
    if isinstance(source, Mapping):
        return {path: source[path]}
    assert isinstance(source, str | PathLike), "a folder in memory or on the disk"
    return Path(source) / path


def _look(name: str, source: Source, limits: Limits) -> _Seen:
    """Identify a source, and keep it whole: what can be read once only is put back together."""
    try:
        head, whole = (source, source) if is_folder(source) else peek(source, HEAD)
        kind = identify(head, limits=limits)
    except UnreadableInput as error:
        return _Seen(0, source, Input(name), None, error)
    container = "" if isinstance(source, Mapping) and len(source) == 1 else kind.container
    return _Seen(0, whole, evolve(_input(name, kind), container=container), kind.format)


def _name(source: Source) -> str:
    """Give the base name of a path or of a file that has one; of files in memory, the folder that they are all in."""
    if isinstance(source, Mapping):
        folders = {PurePosixPath(name).parts[0] for name in source if name}
        return folders.pop() if len(folders) == 1 else ""
    name = source if isinstance(source, str | PathLike) else getattr(source, "name", "")
    return Path(name).name if isinstance(name, str | PathLike) else ""


def _input(name: str, kind: FileKind) -> Input:
    return Input(name, kind.format.value, kind.dialect, kind.version, kind.container, kind.encrypted)


def _units(seen: Iterator[_Seen]) -> Iterator[_Unit]:
    """Put the files of STS-Web and SIECLE together; everything else is read by itself."""
    joined = []
    for one in seen:
        if one.format in _JOINED and not one.input.container:
            joined.append(one)
        else:
            yield [one]
    if joined:
        yield joined


@frozen
class _Run:
    """Contrôle en cours: what the caller asked, the same for every input."""

    today: date
    only: Uai | None
    previous: aaf.Directory | None
    decrypt: edt.Decryptor | None
    limits: Limits

    def unit(self, unit: _Unit) -> _Checked:
        """Read what goes together, and check it."""
        first, inputs = unit[0], tuple((one.number, one.input) for one in unit)
        if first.format is None and first.error is None:
            ignored = problem("unrecognised_file", Location(first.input.name))
            return _Checked(inputs, None, Report.of([ignored]), ())
        try:
            if first.error is not None:
                raise first.error
            reading = self._read(unit)
        except UnreadableInput as error:
            report = Report.of([self._named(error.problem, first)])
            return _Checked(inputs, None, report, tuple(stages.of_unreadable(first.number, error)))
        found = Findings(stored_per_code=self.limits.stored_per_code)
        found.merge(reading.report)
        found.merge(self._checked(reading))
        skipped = ""
        for one in unit:
            departures, skipped = compared(one.source, limits=self.limits)
            found.merge(departures)
        report = found.report()
        return _Checked(inputs, reading, report, tuple(stages.of_reading(first.number, reading, report, skipped)))

    def _read(self, unit: _Unit) -> Reading:
        first = unit[0]
        match first.format:
            case Format.AAF:
                schools = frozenset() if self.only is None else frozenset({self.only})
                return aaf.read(first.source, scope=aaf.Scope(schools=schools), limits=self.limits)
            case Format.EDT | Format.UDT | Format.STS | Format.SIECLE:
                source = first.source if len(unit) == 1 else [one.source for one in unit]
                return edt.read(source, uai=self.only, decrypt=self.decrypt, limits=self.limits)
            case _:
                return read(first.source, limits=self.limits)

    def _checked(self, reading: Reading) -> Report:
        """Run the checks of what was read."""
        match reading:
            case aaf.Delivery():
                return aaf.check(reading, today=self.today, previous=self.previous, limits=self.limits)
            case edt.Export():
                found = chain.from_iterable(one(reading, self.today) for one in EXPORT_CHECKS)
                return Report.of(found, stored_per_code=self.limits.stored_per_code)
            case pronote.Identifiers() | pronote.Reconciliation() | pronote.Feed():
                return Report()
            case pronote.PronoteList() | pronote.PronoteCalendar():
                return Report()
            case _:
                assert_never(reading)

    def _named(self, found: Problem, seen: _Seen) -> Problem:
        """Give the name of the source to a finding that has no file."""
        return found if found.where.file else evolve(found, where=evolve(found.where, file=seen.input.name))
