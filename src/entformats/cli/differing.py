"""`entformats diff`: two AAF deliveries compared, or a delta set against the delivery that it modifies."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from entformats import aaf
from entformats.aaf import AttributeChange, Directory, DirectoryDiff, Record
from entformats.aaf.export import JsonValue, as_value
from entformats.cli import ExitCode
from entformats.cli.screen import Screen, watched
from entformats.codes.jointure import Jointure
from entformats.identity import Profile
from entformats.problems import Report, Severity

__all__ = ["Form", "diff"]

Form = Literal["text", "jsonl"]
_PROFILES = {
    Profile.PUPIL: "élèves",
    Profile.GUARDIAN: "responsables",
    Profile.TEACHER: "enseignants",
    Profile.STAFF: "personnels",
}


def diff(old: Path, new: Path, to: Form, *, show_names: bool) -> int:
    """Compare; the code is 1 when a loss must be confirmed, or when an error was found in the files."""
    before, after = aaf.read(watched(old)), aaf.read(watched(new))
    found = before.report.merged(after.report)
    if after.complete:
        changes = aaf.compare(before.directory, after.directory)
    else:
        applied = aaf.apply(before.directory, after)
        changes, found = applied.changes, found.merged(applied.report)
    review = aaf.review(before.directory, changes)
    if to == "jsonl":
        for row in _rows(changes, show_names=show_names):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        Screen(errors=True).report(found.merged(review.report))
    else:
        _show(Screen(), before.directory, changes, review, found)
    return ExitCode.PROBLEMS if found.count(Severity.ERROR) or review.blockers else ExitCode.OK


def _rows(changes: DirectoryDiff, *, show_names: bool) -> Iterator[dict[str, JsonValue]]:
    for category, pairs in changes.tables.items():
        for key, (before, after) in sorted(pairs.items()):
            yield {"category": category.value, "key": key, **_change(before, after, show_names=show_names)}


def _change(before: Record | None, after: Record | None, *, show_names: bool) -> dict[str, JsonValue]:
    if before is None:
        return {"change": "created"}
    if after is None:
        return {"change": "vanished"}
    attributes = [_attribute(one, show_names=show_names) for one in aaf.attribute_changes(before, after)]
    return {"change": "updated", "attributes": attributes}


def _attribute(change: AttributeChange, *, show_names: bool) -> JsonValue:
    if not show_names:
        return change.attribute
    return {"attribute": change.attribute, "before": as_value(change.before), "after": as_value(change.after)}


def _show(screen: Screen, before: Directory, changes: DirectoryDiff, review: aaf.Review, found: Report) -> None:
    screen.title("Écarts par catégorie")
    heads = ("Catégorie", "Avant", "Créés", "Modifiés", "Disparus")
    screen.table(heads, _categories(before, changes))
    if review.populations:
        screen.title("Par établissement et par profil")
        screen.table(
            ("Établissement", "Profil", "Avant", "Créés", "Modifiés", "Disparus", "Revenus", "Arrivés", "Partis"),
            _populations(before, review),
        )
    if found.counts or review.report.counts:
        screen.title("À regarder")
        screen.report(found.merged(review.report))
    if review.blockers:
        screen.line("Des pertes sont à confirmer avant de marquer quiconque comme parti.", "red")


def _categories(before: Directory, changes: DirectoryDiff) -> Iterator[tuple[str, ...]]:
    for category, pairs in changes.tables.items():
        created = sum(old is None for old, _ in pairs.values())
        vanished = sum(new is None for _, new in pairs.values())
        numbers = (len(before.tables[category]), created, len(pairs) - created - vanished, vanished)
        yield category.value, *map(str, numbers)


def _populations(before: Directory, review: aaf.Review) -> Iterator[tuple[str, ...]]:
    for (place, profile), moved in review.populations.items():
        keys = (moved.created, moved.updated, moved.vanished, moved.returned, moved.arrived, moved.left)
        yield _uai(before, place), _PROFILES[profile], str(moved.before), *(str(len(one)) for one in keys)


def _uai(directory: Directory, place: Jointure | None) -> str:
    school = None if place is None else directory.schools.get(place)
    return (school.uai if school else None) or place or "-"
