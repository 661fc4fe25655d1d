"""Which files are read together: one of each kind, of one school and one year (sts 1, 11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeVar

from attrs import evolve

from entformats._files import Part
from entformats.codes import uai as uais
from entformats.edt.sources import Files
from entformats.edt.sts.document import StsFile, read_file
from entformats.edt.sts.grammar import Source
from entformats.errors import LimitExceeded, UnreadableInput, WrongFormat
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.problems import Findings, Location

__all__ = ["join", "read_all"]

T = TypeVar("T")

FOREIGN = frozenset({"not_xml", "html_page"})
"""Findings of a file that is not even XML: beside others, it was not meant for this."""
ORDER = tuple(Source)
NAMED = {"sts_emp": Source.STS_EMP, "emp_sts": Source.EMP_STS}


def read_all(files: Files, findings: Findings, limits: Limits) -> tuple[StsFile, ...]:
    """Read the files of STS-Web and SIECLE, in an order that does not depend on how they were given.

    Beside others, a file of another kind is left out (`sts_file_left_out`), and one that cannot be read is reported
    as the error it is. Raises `UnreadableInput` for a lone file that cannot be read, where no file can be, and for
    several files none of which is of this kind (`io_not_one_file`).
    """
    read: list[StsFile] = []
    failures: list[UnreadableInput] = []
    for part in files.parts:
        try:
            read.append(_read(part, findings, limits))
        except LimitExceeded:
            raise
        except UnreadableInput as failure:
            failures.append(failure)
    damaged = [found for found in failures if not _is_foreign(found)]
    if not read:
        if len(files.parts) == 1 or damaged:
            raise (damaged or failures)[0]
        files.one()
    for found in failures:
        if _is_foreign(found):
            findings.found("sts_file_left_out", found.problem.where)
        else:
            findings.add(found.problem)
    return tuple(sorted(read, key=lambda file: (ORDER.index(file.source), file.name, file.digest)))


def _read(part: Part, findings: Findings, limits: Limits) -> StsFile:
    own = Findings(stored_per_code=limits.stored_per_code)
    file = read_file(part, own, limits)
    findings.merge(own.report())
    return evolve(file, root=evolve(file.root, findings=findings))


def _is_foreign(failure: UnreadableInput) -> bool:
    return isinstance(failure, WrongFormat) or failure.problem.slug in FOREIGN


def join(files: tuple[StsFile, ...], findings: Findings, wanted: str | None) -> FrozenMap[Source, StsFile]:
    """Keep one file of each kind, all of one school and one school year.

    They are those of the school `wanted`, else of the school and year of most files, else of the first kind of file. A
    file that does not say its school or year agrees with any.

    Problems: `sts_file_twice`, `sts_kind_twice`, `sts_other_school`, `sts_other_year` (errors: the file is left out),
    `sts_wrong_direction`.
    """
    kept = tuple(_each_once(files, findings))
    school, year = _main(kept, wanted)
    joined: dict[Source, StsFile] = {}
    for file in kept:
        _check_name(file, findings)
        if file.uai and file.uai != school:
            findings.found("sts_other_school", _at(file), expected=school, found=file.uai)
        elif file.year is not None and file.year != year:
            findings.found("sts_other_year", _at(file), expected=year or 0, found=file.year)
        elif file.source in joined:
            findings.found("sts_kind_twice", _at(file), root=file.source.value, other=joined[file.source].name)
        else:
            joined[file.source] = file
    return FrozenMap(joined)


def _each_once(files: tuple[StsFile, ...], findings: Findings) -> Iterator[StsFile]:
    seen: dict[bytes, StsFile] = {}
    for file in files:
        if file.digest in seen:
            other = seen[file.digest].name
            findings.found("sts_file_twice", _at(file), root=file.source.value, other=other)
        else:
            seen[file.digest] = file
            yield file


def _main(files: tuple[StsFile, ...], wanted: str | None) -> tuple[str, int | None]:
    """Choose the school and the year."""
    asked = uais.compact(wanted or "")
    own = [file for file in files if asked and file.uai == asked] or list(files)
    schools = Counter(file.uai for file in own if file.uai)
    school = next(iter(_most(schools)), "")
    years = Counter(file.year for file in own if file.uai in {school, ""} and file.year is not None)
    return school, next(iter(_most(years)), None)


def _most(counts: Mapping[T, int]) -> Iterator[T]:
    """Give what is met most often, the first met where there are several; `Counter` keeps the order of meeting."""
    most = max(counts.values(), default=0)
    return (one for one, count in counts.items() if count == most)


def _check_name(file: StsFile, findings: Findings) -> None:
    """Say so where the name of a file is that of the other direction; the root alone counts (sts 1)."""
    named = next((source for name, source in NAMED.items() if file.name.casefold().startswith(name)), None)
    if named is not None and file.source in NAMED.values() and named is not file.source:
        findings.found("sts_wrong_direction", _at(file), root=file.source.value, expected=named.value)


def _at(file: StsFile) -> Location:
    return Location(file.name, file.root.node.line)
