"""The block of the home page: last marks, unjustified absences and lateness, ready to display (pronote 7.4)."""

from __future__ import annotations

from datetime import date, datetime

from attrs import frozen

from entformats.pronote.feed import Absence, Lateness, Mark, PupilPages

__all__ = ["HomeBlock", "home_block"]

MARKS = 5


@frozen
class HomeBlock:
    """Bloc « dernières notes, retards et absences » d'un élève, the most recent first.

    >>> HomeBlock((), (), ()).lines()
    ()
    """

    marks: tuple[Mark, ...]
    absences: tuple[Absence, ...]
    latenesses: tuple[Lateness, ...]

    def lines(self) -> tuple[str, ...]:
        """Give the block as lines of French text, to be escaped as any text.

        >>> HomeBlock((), (Absence(datetime(2022, 11, 21, 8), None, is_open=True),), ()).lines()
        ('Absence non justifiée depuis le 21/11/2022 à 08:00',)
        """
        return (*map(_mark, self.marks), *map(_absence, self.absences), *map(_lateness, self.latenesses))


def home_block(pages: PupilPages, *, now: datetime) -> HomeBlock:
    """Choisir ce que montre le bloc: five marks at most, and the absences and lateness that nobody has justified.

    Sorted by date, the most recent first, whatever the order of the feed; what has no date comes last, what begins
    after `now`, a wall time of the school, is left out. Source: pronote 7.4.

    >>> home_block(PupilPages(marks=(Mark("15"),)), now=datetime(2022, 11, 22)).lines()
    ('15',)
    """
    marks = sorted((one for one in pages.marks if one.raw), key=lambda one: one.on or date.min, reverse=True)
    absences = (one for one in pages.absences if not one.is_justified and (one.start is None or one.start <= now))
    lates = (one for one in pages.latenesses if not one.is_justified and (one.at is None or one.at <= now))
    return HomeBlock(
        tuple(marks[:MARKS]),
        tuple(sorted(absences, key=lambda one: one.start or datetime.min, reverse=True)),  # noqa: DTZ901 - wall times
        tuple(sorted(lates, key=lambda one: one.at or datetime.min, reverse=True)),  # noqa: DTZ901 - wall times
    )


def _mark(mark: Mark) -> str:
    scale = f"/{mark.out_of.normalize():f}".replace(".", ",") if mark.value is not None and mark.out_of else ""
    day = f"{mark.on:%d/%m/%Y}" if mark.on else ""
    value = mark.raw.replace(".", ",") if mark.value is not None else mark.raw
    return " ".join(filter(None, (day, f"{mark.subject} :" if mark.subject else "", value + scale)))


def _absence(absence: Absence) -> str:
    told = "Absence non justifiée"
    if absence.start is None:
        return told
    if absence.is_open or absence.end is None:
        return f"{told} depuis le {_at(absence.start)}"
    return f"{told} du {_at(absence.start)} au {_at(absence.end)}"


def _lateness(lateness: Lateness) -> str:
    return "Retard non justifié" + (f" le {_at(lateness.at)}" if lateness.at else "")


def _at(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y à %H:%M}"
