"""What the two lanes share while one file is read: places, tallies, refused records."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve
from lxml import etree

from entformats.problems import Findings, Location, Param, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from entformats._xml import XmlReader
    from entformats.aaf.degrees import Degree
    from entformats.aaf.table import Category
    from entformats.limits import Limits

__all__ = ["Element", "FileContext", "Queue"]

Element: TypeAlias = etree._Element  # noqa: SLF001 - the only public name of the type

OVERFLOW = "…"
LONGEST = 100


class Queue(Findings):
    """File d'attente: problems in the order in which they were found, to be passed on while reading."""

    __slots__ = ("waiting",)

    def __init__(self) -> None:
        super().__init__(stored_per_code=0)
        self.waiting: list[Problem] = []

    def add(self, found: Problem, *, times: int = 1) -> None:
        """Keep one problem until it is passed on."""
        super().add(found, times=times)
        self.waiting.append(found)

    def drain(self) -> Iterator[Problem]:
        """Pass on what waits."""
        waiting, self.waiting = self.waiting, []
        yield from waiting


class FileContext:
    """Contexte d'un fichier: what is known of it while its records are read."""

    __slots__ = (
        "_learnt",
        "_limits",
        "_tallies",
        "announced",
        "counted",
        "degrees",
        "expected",
        "file",
        "queue",
        "refused",
        "xml",
    )

    def __init__(self, file: str, expected: Category | None, limits: Limits) -> None:
        self.file = file
        self.expected = expected
        """Category that the name of the file announces."""
        self.announced: Degree | None = None
        """Degree that the file, or its delivery, announces."""
        self.counted = 0
        """How many findings were counted."""
        self.degrees: set[Degree] = set()
        """Degrees that the names of the attributes told."""
        self.queue = Queue()
        self.refused: set[Category | None] = set()
        """Categories of the records that could not be given; None where it is not even known."""
        self.xml: XmlReader | None = None
        self._limits = limits
        self._learnt: list[tuple[Category, str, str]] = []
        self._tallies: dict[tuple[str, tuple[tuple[str, Param], ...]], list[Location | int]] = {}

    def where(self, element: Element, kind: str = "", key: str = "", attribute: str = "") -> Location:
        """Give the place of an element, with its path."""
        assert self.xml is not None
        return Location(self.file, self.xml.line(element), 0, self.xml.xpath(element), kind, key, attribute)

    def place(self, record: Element, kind: str, key: str) -> Location:
        """Give the place of a record."""
        assert self.xml is not None
        return Location(self.file, self.xml.line(record), 0, "", kind, key)

    def relative(self, found: Sequence[Problem], record: Element, line: int) -> tuple[Problem, ...] | None:
        """Give problems of a record with places relative to its own, None where one has no certain place."""
        assert self.xml is not None
        path = self.xml.xpath(record)
        if any(one.where.line < line for one in found):
            return None
        return tuple(_moved(one, "", -line, path, ".") for one in found)

    def replace(self, own: Iterable[Problem], record: Element, line: int) -> None:
        """Report again problems with relative places, where their record now is."""
        assert self.xml is not None
        path = self.xml.xpath(record)
        for one in own:
            self.queue.add(_moved(one, self.file, line, ".", path))

    def tally(self, slug: str, where: Location, **params: str) -> bool:
        """Count a finding that is reported once a file, with its number; False where no more names are remembered."""
        short = {name: value[:LONGEST] for name, value in params.items()}
        known = (slug, tuple(short.items()))
        self.counted += 1
        if known not in self._tallies and len(self._tallies) >= self._limits.unknown_names:
            known = (slug, tuple((name, OVERFLOW) for name in short))
        counted = self._tallies.setdefault(known, [where, 0])
        assert isinstance(counted[1], int)
        counted[1] += 1
        return known[1] == tuple(short.items())

    def learn(self, category: Category, name: str, meant: str = "") -> None:
        """Note the name of an attribute that the table does not have, and the one that it stands for."""
        self._learnt.append((category, name, meant))

    def learnt(self) -> list[tuple[Category, str, str]]:
        """Give the names noted since the last call: category, name, the one meant or nothing."""
        learnt, self._learnt = self._learnt, []
        return learnt

    def tallied(self) -> Iterator[Problem]:
        """Give the findings that were counted, once."""
        tallies, self._tallies = self._tallies, {}
        for (slug, params), (where, count) in tallies.items():
            assert isinstance(where, Location)
            assert isinstance(count, int)
            yield problem(slug, where, **dict(params), count=count)


def _moved(found: Problem, file: str, lines: int, before: str, after: str) -> Problem:
    """Move a problem to another file, by some lines, from one path to another, or from below one to below the other."""
    where = found.where
    path = after + where.xpath.removeprefix(before) if where.xpath else ""
    return evolve(found, where=evolve(where, file=file, line=where.line + lines, xpath=path))
