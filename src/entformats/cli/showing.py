"""`entformats show`: one paragraph a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from entformats import Format, aaf, edt, identify, pronote, read
from entformats.aaf.manifest import parse_name
from entformats.aaf.table import Category
from entformats.cli import ExitCode
from entformats.cli.exchanges import exchange_line
from entformats.cli.screen import Screen, counted, watched
from entformats.cli.streams import requests
from entformats.cli.timetables import is_timetable, read_timetable
from entformats.codes import school_year
from entformats.errors import UsageError
from entformats.identify import FileKind
from entformats.identity import Profile
from entformats.problems import Findings, Problem, Report, Severity
from entformats.reading import Exchange
from entformats.timetable import Domain, Timetable

__all__ = ["show"]

_CATEGORIES = {
    Category.SCHOOLS: ("établissement", "établissements"),
    Category.SUBJECTS: ("matière", "matières"),
    Category.MEFS: ("MEF", "MEF"),
    Category.PUPILS: ("élève", "élèves"),
    Category.GUARDIANS: ("responsable", "responsables"),
    Category.STAFF: ("personnel", "personnels"),
}


_DOMAINS = {
    Domain.LESSONS: "les cours",
    Domain.SERVICES: "les services",
    Domain.GROUPS: "les groupes",
    Domain.PUPILS: "les élèves",
    Domain.NAMES: "les noms",
    Domain.SUBJECTS: "les matières",
}


def show(files: tuple[Path, ...], decrypt: edt.Decryptor | None = None) -> int:
    """Describe each file: what it is, what it holds, what is wrong with it."""
    if not files:
        raise UsageError("give at least one file or folder")
    screen = Screen()
    reports = [_show(screen, paths, decrypt) for paths in _together(files)]
    return ExitCode.PROBLEMS if any(report.count(Severity.ERROR) for report in reports) else ExitCode.OK


def _together(files: tuple[Path, ...]) -> Iterator[tuple[Path, ...]]:
    """Put the files of STS-Web and SIECLE together, which make one timetable; each other file is by itself."""
    joined = tuple(path for path in files if identify(path).format in {Format.STS, Format.SIECLE})
    yield from ((path,) for path in files if path not in joined)
    if joined:
        yield joined


def _show(screen: Screen, paths: tuple[Path, ...], decrypt: edt.Decryptor | None) -> Report:
    path, kind = paths[0], identify(paths[0])
    screen.title(", ".join(one.name for one in paths))
    for one in paths:
        screen.line(_kind(identify(one)))
    report = _show_delivery(screen, path) if kind.format is Format.AAF else _show_other(screen, paths, kind, decrypt)
    if report.counts:
        screen.line("À regarder :")
        screen.report(report)
    else:
        screen.line("Aucune anomalie.", "green")
    return report


def _show_other(screen: Screen, paths: tuple[Path, ...], kind: FileKind, decrypt: edt.Decryptor | None) -> Report:
    if kind.encrypted and kind.format is Format.EDT:
        _show_envelope(screen, edt.read_envelope(paths[0]))
    reading = (
        read_timetable(paths, decrypt=decrypt) if is_timetable(paths[0]) else read(watched(paths[0]), decrypt=decrypt)
    )
    if isinstance(reading, pronote.Identifiers):
        _show_identifiers(screen, reading)
        return reading.report
    if isinstance(reading, Exchange):
        screen.line(exchange_line(reading))
        return reading.report
    assert isinstance(reading, edt.Export), "an AAF delivery is shown as a stream"
    _show_timetable(screen, reading.timetable)
    return reading.report


def _show_identifiers(screen: Screen, found: pronote.Identifiers) -> None:
    """Count the people of an export of identifiers, by category; its layout is only presumed."""
    school = f"établissement {found.uai}" if found.uai else "établissement non précisé"
    screen.line(
        f"Identifiants Pronote ({school}) : {counted(found.rows, 'ligne')}, {counted(found.rejected, 'rejetée')}."
    )
    numbers = Counter(row.profile for row in found.identifiers)
    categories = (
        (Profile.PUPIL, "élève"),
        (Profile.GUARDIAN, "responsable"),
        (Profile.TEACHER, "enseignant"),
        (Profile.STAFF, "personnel"),
        (None, "personne sans catégorie connue"),
    )
    shown = [counted(numbers[one], noun) for one, noun in categories if numbers[one]]
    screen.line(", ".join(shown) + "." if shown else "Personne.")


def _show_envelope(screen: Screen, envelope: edt.Envelope) -> None:
    """Show what an encrypted export says in clear, which needs no key."""
    made = "" if envelope.produced_at is None else f" le {envelope.produced_at:%d/%m/%Y à %H:%M}"
    screen.line(
        f"Export chiffré de l'établissement {envelope.uai or '?'}, produit{made} par {envelope.software or '?'}."
    )
    screen.line(f"Destinataires : {', '.join(envelope.partners) or 'aucun'}.")


def _kind(kind: FileKind) -> str:
    words = (kind.format.value.upper(), kind.dialect, kind.version and f"version {kind.version}")
    return "Format : " + " ".join(filter(None, words))


def _show_delivery(screen: Screen, path: Path) -> Report:
    """Count the requests of a delivery of any size, in flat memory; references between records are not looked at."""
    found = Findings()
    numbers: Counter[tuple[type, Category]] = Counter()
    for item in requests(path):
        if isinstance(item, Problem):
            found.add(item)
        else:
            numbers[type(item), item.category] += 1
    for kind, title in ((aaf.Add, "Fiches"), (aaf.Modify, "Modifications"), (aaf.Delete, "Suppressions")):
        counts = [(numbers[kind, category], words) for category, words in _CATEGORIES.items()]
        if any(number for number, _ in counts):
            screen.line(f"{title} : " + ", ".join(counted(number, *words) for number, words in counts if number) + ".")
    dates = {name.date for file in _names(path) if (name := parse_name(file)) and name.date}
    if dates:
        screen.line("Date d'export : " + ", ".join(f"{day:%d/%m/%Y}" for day in sorted(dates)) + ".")
    return found.report()


def _names(path: Path) -> Iterator[str]:
    return (file.name for file in ([path] if path.is_file() else path.rglob("*")))


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
    if timetable.silent_on:
        silent = ", ".join(word for domain, word in _DOMAINS.items() if domain in timetable.silent_on)
        screen.line(f"Partiel, sans rien sur : {silent}.", "yellow")
