"""What a delivery says of itself, against what it holds: degree, version, academy, old attributes (aaf 1.2, 1.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from attrs import evolve

from entformats.aaf.degrees import Degree
from entformats.aaf.derived import disagreements
from entformats.aaf.directory import Directory
from entformats.aaf.manifest import Manifest, PartInfo, announced_degree
from entformats.aaf.relations import ParentalAuthority
from entformats.aaf.table import Category
from entformats.aaf.versions import two_digit_links
from entformats.codes.jointure import Jointure
from entformats.problems import Location, Problem, problem

__all__ = ["inconsistencies"]

Place: TypeAlias = Callable[[Category, Jointure], Location]


def inconsistencies(manifest: Manifest, directory: Directory, place: Place, *, joined: bool) -> Iterator[Problem]:
    """Give the contradictions of a delivery; `joined` when several academies were put together on purpose.

    Findings: `two_degrees`, `degree_mismatch` of a header, `several_versions`, `several_academies`, `archive_mismatch`,
    `link_coding_of_version`, `derived_attribute`.

    >>> list(inconsistencies(Manifest(), Directory(), lambda category, key: Location(), joined=False))
    []
    """
    if len(manifest.degrees) > 1:
        yield problem("two_degrees")
    if len(manifest.versions) > 1:
        yield problem("several_versions", versions=", ".join(manifest.versions))
    if len(manifest.academies) > 1 and not joined:
        yield problem("several_academies", academies=", ".join(manifest.academies))
    kinds = manifest.kinds
    if manifest.archive and kinds and manifest.archive.kind not in kinds:
        found = ", ".join(sorted(kind.value for kind in kinds))
        yield problem("archive_mismatch", announced=manifest.archive.kind.value, found=found)
    for part in manifest.parts:
        said = announced_degree("", part.headers)
        told = next(iter(part.degrees), None)
        if len(part.degrees) == 1 and said not in {None, told, part.announced}:
            yield _degree(part, str(said), str(told))
    yield from _link_coding(manifest, directory)
    yield from _old_attributes(directory, place)


def _degree(part: PartInfo, announced: str, found: str) -> Problem:
    """Say that the header of a file contradicts its records, which the name of the delivery does not."""
    where = Location(part.path.rpartition("/")[2])
    return problem("degree_mismatch", where, announced=announced, found=found, count=part.requests)


def _link_coding(manifest: Manifest, directory: Directory) -> Iterator[Problem]:
    """Count the links that do not follow the coding of the version (aaf 3.7.1)."""
    if len(manifest.versions) != 1 or manifest.degrees == {Degree.FIRST}:
        return
    version = manifest.versions[0]
    new = two_digit_links(version)
    links = (
        one.link
        for pupil in directory.pupils.values()
        for one in pupil.relations
        if one.link and not isinstance(one, ParentalAuthority)
    )
    count = 0 if new is None else sum((len(link) > 1) is not new for link in links)
    if count:
        yield problem("link_coding_of_version", version=version, count=count)


def _old_attributes(directory: Directory, place: Place) -> Iterator[Problem]:
    for key, pupil in directory.pupils.items():
        for name in disagreements(pupil):
            where = evolve(place(Category.PUPILS, key), attribute=name)
            yield problem("derived_attribute", where, attribute=name)
