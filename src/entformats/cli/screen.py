"""What is shown on a terminal, as the screens of an ENT show it; French, and plain when it is not a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import frozen
from rich.cells import cell_len
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from entformats.identity import Identity
from entformats.problems import CATALOGUE, Report, Severity

__all__ = ["COLOURS", "Screen", "agreed", "counted", "hidden", "watched"]

CHUNK = 1 << 17
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_WORDS = {
    Severity.ERROR: ("erreur", "erreurs"),
    Severity.WARNING: ("alerte", "alertes"),
    Severity.INFO: ("note", "notes"),
}


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Accorder: the noun is singular for 0 and 1, as in French.

    >>> counted(1, "élève"), counted(2, "élève")
    ('1 élève', '2 élèves')
    """
    return f"{number} {singular if number < 2 else plural or singular + 's'}"  # noqa: PLR2004 - French plural


def agreed(number: int, noun: str, participle: str, *, plural: str | None = None) -> str:
    """Accorder un nom masculin et son participe.

    >>> agreed(1, "élève", "non reconnu"), agreed(3, "cours", "non importé", plural="cours")
    ('1 élève non reconnu', '3 cours non importés')
    """
    return f"{counted(number, noun, plural)} {participle}{'s' if number > 1 else ''}"


class Screen:
    """Écran: prints on standard output, or on standard error; lines are never folded."""

    def __init__(self, *, errors: bool = False) -> None:
        self._console = Console(highlight=False, soft_wrap=True, stderr=errors)

    def title(self, text: str) -> None:
        """Show the title of a step."""
        self._console.print()
        self._console.print(Text(f"━━ {text} ━━", style="bold cyan"))

    def line(self, text: str = "", style: str = "") -> None:
        """Show one line."""
        self._console.print(Text(text, style=style))

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Show a table as wide as its contents; columns of numbers are aligned to the right."""
        cells = [tuple(heads), *map(tuple, rows)]
        columns = list(zip(*cells, strict=True))
        widths = [max(map(cell_len, column)) for column in columns]
        numeric = [all(cell.isdigit() for cell in column[1:]) for column in columns]
        for number, row in enumerate(cells):
            spaced = (
                " " * (width - cell_len(cell)) + cell if right else cell + " " * (width - cell_len(cell))
                for cell, width, right in zip(row, widths, numeric, strict=True)
            )
            self.line("  " + "  ".join(spaced).rstrip(), "bold" if number == 0 else "")

    def report(self, report: Report) -> None:
        """Show the findings of a report, by code: exact counts and the first place."""
        for code in sorted(report.counts, key=lambda code: (list(Severity).index(CATALOGUE[code].severity), code)):
            known = CATALOGUE[code]
            number = report.counts[code]
            first = next((p for p in report.problems if p.code == code), None)
            place = f" (d'abord {first.where})" if first and str(first.where) else ""
            self.line(
                f"  {code} {counted(number, *_WORDS[known.severity])} : {known.fr.title}{place}",
                COLOURS[known.severity],
            )


def hidden(person: Identity, *, show_names: bool) -> tuple[str, str, str]:
    """Give name, source code and birth date of a person for a table; hidden unless asked."""
    if not show_names:
        return person.ref, "…", "…"
    born = "" if person.birth_date is None else f"{person.birth_date:%d/%m/%Y}"
    return f"{person.family} {person.given}", str(person.source_key), born


@frozen
class _Watched:
    """Fichier suivi: gives the chunks of a file each time it is iterated, and moves a bar along."""

    path: Path
    progress: Progress
    task: TaskID

    def __iter__(self) -> Iterator[bytes]:
        """Read the file."""
        with self.progress, self.path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
                self.progress.update(self.task, completed=stream.tell())


def watched(path: Path) -> Path | dict[str, Iterable[bytes]]:
    """Watch the reading of a path: where standard error is a terminal, a bar there says how far each file is."""
    console = Console(stderr=True)
    if not console.is_terminal or not path.exists():
        return path
    bar = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return {file.relative_to(path.parent).as_posix(): _watched(file, bar, console) for file in files}


def _watched(file: Path, bar: tuple[ProgressColumn, ...], console: Console) -> _Watched:
    progress = Progress(*bar, console=console, transient=True)
    return _Watched(file, progress, progress.add_task(file.name, total=file.stat().st_size))
