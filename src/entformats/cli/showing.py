"""`entformats show`: one paragraph a file."""

from __future__ import annotations

from pathlib import Path

from entformats import aaf, edt, identify, read
from entformats.aaf.table import Category
from entformats.cli import ExitCode
from entformats.cli.screen import Screen, counted, watched
from entformats.codes import school_year
from entformats.errors import UsageError
from entformats.identify import FileKind
from entformats.problems import Report, Severity
from entformats.timetable import Timetable

__all__ = ["show"]

_CATEGORIES = {
    Category.SCHOOLS: ("établissement", "établissements"),
    Category.SUBJECTS: ("matière", "matières"),
    Category.MEFS: ("MEF", "MEF"),
    Category.PUPILS: ("élève", "élèves"),
    Category.GUARDIANS: ("responsable", "responsables"),
    Category.STAFF: ("personnel", "personnels"),
}


def show(files: tuple[Path, ...]) -> int:
    """Describe each file: what it is, what it holds, what is wrong with it."""
    if not files:
        raise UsageError("give at least one file or folder")
    screen = Screen()
    reports = [_show(screen, path) for path in files]
    return ExitCode.PROBLEMS if any(report.count(Severity.ERROR) for report in reports) else ExitCode.OK


def _show(screen: Screen, path: Path) -> Report:
    kind = identify(path)
    screen.title(path.name)
    screen.line(_kind(kind))
    reading = read(watched(path))
    match reading:
        case aaf.Delivery():
            _show_delivery(screen, reading)
        case edt.Export():
            _show_timetable(screen, reading.timetable)
    if reading.report.counts:
        screen.line("À regarder :")
        screen.report(reading.report)
    else:
        screen.line("Aucune anomalie.", "green")
    return reading.report


def _kind(kind: FileKind) -> str:
    words = (kind.format.value.upper(), kind.dialect, kind.version and f"version {kind.version}")
    return "Format : " + " ".join(filter(None, words))


def _show_delivery(screen: Screen, delivery: aaf.Delivery) -> None:
    manifest = delivery.manifest
    nature = "complète" if delivery.complete else "de modifications"
    dates = ", ".join(f"{day:%d/%m/%Y}" for day in manifest.dates) or "date inconnue"
    versions = ", ".join(manifest.versions) or "version inconnue"
    screen.line(f"Livraison {nature} du {dates}, {versions}, {counted(len(manifest.parts), 'fichier')}.")
    if delivery.complete:
        tables = delivery.directory.tables
        screen.line(", ".join(counted(len(tables[one]), *words) for one, words in _CATEGORIES.items()) + ".")
    else:
        screen.line(f"{counted(len(delivery.changes), 'modification')}.")
    if manifest.incomplete:
        screen.line("Catégories incomplètes : " + ", ".join(sorted(c.value for c in manifest.incomplete)), "red")


def _show_timetable(screen: Screen, timetable: Timetable) -> None:
    year = timetable.school_year
    screen.line(
        f"Établissement {timetable.uai}, année scolaire "
        f"{'inconnue' if year is None else school_year.format(year)}, "
        f"{counted(len(timetable.weekly_lessons), 'cours', 'cours')}, "
        f"{counted(sum(not lesson.cancelled for lesson in timetable.lessons()), 'séance')}."
    )
    people = (
        (len(timetable.subjects), "matière"),
        (len(timetable.teachers), "enseignant"),
        (len(timetable.classes), "classe"),
        (len(timetable.option_groups), "groupe"),
        (len(timetable.pupils), "élève"),
        (len(timetable.rooms), "salle"),
    )
    screen.line(", ".join(counted(number, noun) for number, noun in people) + ".")
    rhythm = (
        f"{counted(len(timetable.closures), 'période')} de fermeture",
        counted(len(timetable.alternations), "alternance"),
        f"{counted(len(timetable.services), 'service')} d'enseignement",
    )
    screen.line(", ".join(rhythm) + ".")
